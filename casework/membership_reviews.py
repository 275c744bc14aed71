"""The reviews "may be under 18" as monitor and lead see them, with the words behind each (C31).

What somebody may not see of a post is not shown here either: words that stand under an item of
the lead's are the lead's, and a review that rests on nothing else is the lead's too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, exists, false, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from casework import audit, register
from casework.ages import day_of
from casework.member_matching import links
from casework.membership_checks import current_members, is_asking, lacks_consent
from casework.membership_consents import with_consent
from casework.register import RegisteredPerson
from casework.sessions import Clock
from casework.visibility import (
    absent,
    posts_not_kept_from,
    posts_seen_by,
    require_content,
    reviews_not_kept_from,
)
from collector.connectors import registry
from models.group_words import EvidenceStrength, ReviewOutcome, ReviewWhy
from models.tables import (
    GroupProfile,
    MemberRemoval,
    MemberRow,
    MembershipEvidence,
    MembershipReview,
    Post,
    Revision,
    Source,
)
from models.unit_of_work import Store
from models.vocabulary import ActionState, Audience, Capability, Role, Viewer, now

SHOWN = 100
"""Reviews, and members of a list, that are drawn at once."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words that suggest an age. text: of the whole post as it stood; start, end: into it."""

    post_id: int
    posted_at: datetime
    text: str
    start: int
    end: int
    strength: EvidenceStrength


@dataclass(frozen=True, slots=True)
class RemovalView:
    """How far a removal has come. steps: for a person, where the platform cannot be asked."""

    removal_id: int
    state: ActionState
    problem: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewView:
    """One review. Times aware UTC.

    registered: the masked name on the register, "" where nobody is known. words: those this person
    may see; hidden_words: how many more there are, which are the lead's. asks: only asks to join.
    listed: whether the platform still lists them; None where it lists nobody. can_remove: the
    platform can be asked to. version goes back with the answer.
    """

    id: int
    place: str
    audience: Audience
    shown_name: str
    handle: str
    registered: str
    why: ReviewWhy
    words: tuple[Words, ...]
    hidden_words: int
    asks: bool
    listed: bool | None
    can_remove: bool
    opened_at: datetime
    due_at: datetime
    outcome: ReviewOutcome | None
    answered_by: int | None
    answered_at: datetime | None
    said: str
    decided_at: datetime | None
    removal: RemovalView | None
    version: int


@dataclass(frozen=True, slots=True)
class NotAdmitted:
    """Somebody without a consent on record (C32). asks: do not admit; else: is in there already.

    registered: the masked name on the register, "" for somebody who is not on it.
    """

    place: str
    shown_name: str
    handle: str
    registered: str
    asks: bool


def reviews(
    store: Store, viewer: Viewer, *, answered: bool = False, clock: Clock = now
) -> tuple[ReviewView, ...]:
    """The open reviews by due time, or those answered, the newest first. At most 100.

    A line of record is written for the look. Raises NotYours unless monitor or lead.
    """
    require_content(viewer, "the members")
    at = clock()
    state = MembershipReview.decided_at.is_not(None) if answered else _open()
    order = MembershipReview.decided_at.desc() if answered else MembershipReview.due_at
    with store.read() as session:
        rows = session.scalars(
            select(MembershipReview)
            .where(state, seen_by(viewer))
            .order_by(order, MembershipReview.id)
            .limit(SHOWN)
        ).all()
        people = {one.id: one for one in register.everybody(session)} if rows else {}
        found = tuple(_view(session, viewer, row, people) for row in rows)
    with store.write() as session:
        for one in found:
            about = f"membership:{one.id}"
            if audit.is_new_look(session, viewer, "membership.viewed", about, at):
                audit.record(session, viewer.user_id, "membership.viewed", about)
        session.commit()
    return found


def waiting(session: Session, viewer: Viewer) -> int:
    """How many reviews wait for an answer, as this person may see them."""
    query = select(func.count()).select_from(MembershipReview).where(_open(), seen_by(viewer))
    return session.scalar(query) or 0


def not_admitted(
    store: Store, viewer: Viewer, *, timezone: str = "Europe/London", clock: Clock = now
) -> tuple[NotAdmitted, ...]:
    """Who is not to be admitted, and who is in a place without a consent: those who ask first.

    Raises NotYours unless the viewer is a monitor or a lead.
    """
    require_content(viewer, "the members")
    at = clock()
    found: list[NotAdmitted] = []
    with store.read() as session:
        places = session.execute(
            select(Source, GroupProfile.audience)
            .join(GroupProfile, GroupProfile.source_id == Source.id)
            .where(GroupProfile.closed_on.is_(None))
            .where(GroupProfile.audience.in_((Audience.CHILDREN, Audience.MIXED)))
            .order_by(Source.label)
        ).all()
        people = {one.id: one for one in register.everybody(session)} if places else {}
        today = day_of(at, timezone)
        for source, audience in places:
            found += _without_consent(session, source, audience, people, today)
    shown = tuple(sorted(found, key=lambda one: not one.asks))[:SHOWN]
    with store.write() as session:
        if audit.is_new_look(session, viewer, "consents.viewed", "member:0", at):
            audit.record(session, viewer.user_id, "consents.viewed", "member:0", members=len(shown))
            session.commit()
    return shown


def review_for(
    session: Session, viewer: Viewer, review_id: int, *, lock: bool = False
) -> MembershipReview:
    """The review, if this person may see it. Raises NotYours."""
    require_content(viewer, f"membership {review_id}")
    mine = select(MembershipReview).where(MembershipReview.id == review_id, seen_by(viewer))
    if lock:
        mine = mine.with_for_update(key_share=True)
    row = session.scalar(mine.execution_options(populate_existing=True))
    if row is None:
        raise absent(f"membership {review_id}")
    return row


def seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """A condition on `membership_review`: those that the register opened, and those with words
    that this person may see. Nobody sees one about themselves or a declared relative, or one that
    would not stand without words that are kept from them (practice 4.14)."""
    if not (viewer.has(Role.MONITOR) or viewer.has(Role.LEAD)):
        return false()
    theirs = (
        select(MembershipEvidence.id)
        .join(Post, Post.id == MembershipEvidence.post_id)
        .where(MembershipEvidence.review_id == MembershipReview.id, posts_seen_by(viewer))
    )
    open_to_role = or_(MembershipReview.why != ReviewWhy.WRITES_SO, exists(theirs))
    return and_(open_to_role, reviews_not_kept_from(viewer))


def _open() -> ColumnElement[bool]:
    return MembershipReview.decided_at.is_(None)


def _view(
    session: Session,
    viewer: Viewer,
    row: MembershipReview,
    people: Mapping[int, RegisteredPerson],
) -> ReviewView:
    source = session.get_one(Source, row.source_id)
    member = None if row.member_id is None else session.get(MemberRow, row.member_id)
    person = people.get(row.person_id or 0)
    words = _words(session, viewer, row.id)
    total = (
        select(func.count())
        .select_from(MembershipEvidence)
        .join(Post, Post.id == MembershipEvidence.post_id)
        .where(MembershipEvidence.review_id == row.id, posts_not_kept_from(viewer))
    )
    capabilities = registry.get(source.connector).capabilities
    return ReviewView(
        id=row.id,
        place=source.label,
        audience=source.audience,
        shown_name=row.shown_name,
        handle=row.who,
        registered="" if person is None else person.masked,
        why=row.why,
        words=words,
        hidden_words=(session.scalar(total) or 0) - len(words),
        asks=member is not None and is_asking(member),
        listed=None if member is None else member.left_at is None,
        can_remove=Capability.REMOVE_MEMBER in capabilities,
        opened_at=row.opened_at,
        due_at=row.due_at,
        outcome=row.outcome,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        said=row.words,
        decided_at=row.decided_at,
        removal=_removal(session, row),
        version=row.version,
    )


def _words(session: Session, viewer: Viewer, review_id: int) -> tuple[Words, ...]:
    rows = session.execute(
        select(MembershipEvidence, Post.posted_at, Revision.text)
        .join(Post, Post.id == MembershipEvidence.post_id)
        .join(Revision, Revision.id == MembershipEvidence.revision_id)
        .where(MembershipEvidence.review_id == review_id, posts_seen_by(viewer))
        .order_by(Post.posted_at, MembershipEvidence.id)
    )
    return tuple(
        Words(row.post_id, posted_at, text, row.start, row.end, row.strength)
        for row, posted_at, text in rows
    )


def _removal(session: Session, row: MembershipReview) -> RemovalView | None:
    newest = session.scalar(
        select(MemberRemoval)
        .where(MemberRemoval.source_id == row.source_id, MemberRemoval.handle == row.who)
        .order_by(MemberRemoval.id.desc())
        .limit(1)
    )
    if newest is None or row.outcome is not ReviewOutcome.REMOVED:
        return None
    by_hand = newest.state is ActionState.BY_HAND
    steps = tuple(newest.cure.splitlines()) if by_hand else ()
    problem = newest.problem if by_hand else f"{newest.problem} {newest.cure}".strip()
    return RemovalView(newest.id, newest.state, problem, steps)


def _without_consent(
    session: Session,
    source: Source,
    audience: Audience,
    people: Mapping[int, RegisteredPerson],
    today: date,
) -> Sequence[NotAdmitted]:
    linked = links(session, source.id)
    consented = with_consent(session, people.values(), source.name, today)
    found = []
    for member in current_members(session, source.id):
        person = people.get(linked.get(member.id, 0))
        if lacks_consent(person, audience, consented, today):
            known = "" if person is None else person.masked
            found.append(
                NotAdmitted(
                    source.label, member.display_name, member.handle, known, is_asking(member)
                )
            )
    return found
