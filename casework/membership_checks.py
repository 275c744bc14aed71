"""The checks of a place's members against its audience: what they find is a question to a person.

    a known child in a group for adults (C31)
    somebody of the register who is younger than the platform allows (C33)
    a child in a group without a consent on record (C32)

What people write is membership_words.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.check_tasks import ask, keep_only
from casework.member_matching import links, member_of
from casework.membership_consents import with_consent
from casework.membership_opening import Person, open_review
from casework.name_match import NameBook
from casework.register import RegisteredPerson
from models.group_words import MatchState, ReviewWhy
from models.register_words import AgeBand, TaskKind
from models.tables import MemberCheck, MemberRow, Post, Source
from models.vocabulary import Audience

CONSENT_DUE = timedelta(days=7)

ASKING = frozenset(
    ("asks", "asks to join", "asked to join", "request", "requested", "pending", "knock")
)
"""Roles of somebody who is not in the place yet, as connectors and hand-made lists write them."""

_OLDEST = {AgeBand.UNDER_13: 12, AgeBand.FROM_13_TO_15: 15, AgeBand.FROM_16_TO_17: 17}


@dataclass(frozen=True, slots=True)
class Place:
    """A watched place as the checks see it. youngest: the age that everybody must have reached."""

    source: Source
    audience: Audience
    youngest: int
    today: date
    at: datetime
    timezone: str = "Europe/London"


def by_register(session: Session, place: Place, people: Mapping[int, RegisteredPerson]) -> int:
    """Check everybody who belongs to the place or asks to; how many reviews were opened.

    Members must have been matched before. The caller commits.
    """
    members = current_members(session, place.source.id)
    linked = links(session, place.source.id)
    consented = with_consent(
        session, people.values(), place.source.name, place.today, place.timezone
    )
    opened = 0
    for member in members:
        person = people.get(linked.get(member.id, 0))
        why = None if person is None else too_young(person, place)
        if person is not None and why is not None:
            who = Person(member.handle, member.display_name, member.id, person.id)
            holds = person.id in consented
            opened += open_review(session, place.source.id, who, why, place.at, consent_holds=holds)
    _consents(session, place, members, linked, people, consented)
    return opened


def authors_by_register(
    session: Session, place: Place, people: Mapping[int, RegisteredPerson], book: NameBook
) -> int:
    """The same for who writes in a group for adults and is on no list of members (an exported
    chat has none); how many reviews were opened. The caller commits."""
    if place.audience is not Audience.ADULT_ONLY:
        return 0
    members = current_members(session, place.source.id)
    rows = session.execute(
        select(Post.author_id, Post.author_name).where(Post.source_id == place.source.id).distinct()
    )
    opened = 0
    for author_id, author_name in rows:
        if member_of(members, author_id, author_name) is not None:
            continue
        match = book.match(place.source.connector, author_id or "", author_name or "")
        person = people.get(match.person_id or 0)
        who = author_id or author_name
        if person is not None and who and too_young(person, place) is not None:
            shown = Person(who, author_name or who, None, person.id)
            opened += open_review(session, place.source.id, shown, ReviewWhy.KNOWN_CHILD, place.at)
    return opened


def too_young(person: RegisteredPerson, place: Place) -> ReviewWhy | None:
    """Why somebody of the register should not be there, None where they may (C31, C33, C34)."""
    if place.audience is Audience.ADULT_ONLY:
        return ReviewWhy.KNOWN_CHILD if person.is_child_on(place.today) else None
    if not person.is_child_on(place.today) or place.audience is Audience.PUBLIC:
        return None
    age = person.age_on(place.today)
    oldest = _OLDEST.get(person.age_band) if age is None else age
    below = oldest is not None and oldest < place.youngest
    return ReviewWhy.BELOW_PLATFORM_AGE if below else None


def is_asking(member: MemberRow) -> bool:
    """Whether somebody only asks to join, and is not in the place yet."""
    return any(role.strip().casefold() in ASKING for role in member.role.split(","))


def current_members(session: Session, source_id: int) -> list[MemberRow]:
    """Everybody on the list now, those who ask to join included."""
    query = select(MemberRow).where(MemberRow.source_id == source_id, MemberRow.left_at.is_(None))
    return list(session.scalars(query.order_by(MemberRow.id)))


def lacks_consent(
    person: RegisteredPerson | None, audience: Audience, consented: frozenset[int], today: date
) -> bool:
    """Whether somebody in such a place needs a consent and has none (C32).

    In a children's place whoever is not on the register counts as a child (C34); where adults are
    too, only a known child.
    """
    if audience not in (Audience.CHILDREN, Audience.MIXED):
        return False
    if person is None:
        return audience is Audience.CHILDREN
    return person.is_child_on(today) and person.id not in consented


def _consents(
    session: Session,
    place: Place,
    members: Iterable[MemberRow],
    linked: Mapping[int, int],
    people: Mapping[int, RegisteredPerson],
    consented: frozenset[int],
) -> None:
    """A task for each child without a consent, and one for all who are not on the register."""
    prefix = f"source:{place.source.id}/"
    undecided = _undecided(session, place.source.id)
    wanted: dict[str, tuple[int | None, dict[str, object]]] = {}
    strangers = 0
    for member in members:
        person = people.get(linked.get(member.id, 0))
        if not lacks_consent(person, place.audience, consented, place.today):
            continue
        if person is None:
            strangers += member.id not in undecided and not is_asking(member)
            continue
        details: dict[str, object] = {"source": place.source.id, "member": member.id}
        wanted[f"{prefix}member:{member.id}"] = (person.id, {**details, "asks": is_asking(member)})
    if strangers:
        wanted[f"{prefix}strangers"] = (None, {"source": place.source.id, "members": strangers})
    for matter, (about_id, details) in wanted.items():
        ask(
            session,
            TaskKind.MEMBER_WITHOUT_CONSENT,
            matter,
            at=place.at,
            due_after=CONSENT_DUE,
            about_id=about_id,
            details=details,
        )
    keep_only(session, TaskKind.MEMBER_WITHOUT_CONSENT, prefix, wanted.keys(), at=place.at)


def _undecided(session: Session, source_id: int) -> frozenset[int]:
    """Members about whom a close call is open: who they are is asked first."""
    rows = session.scalars(
        select(MemberCheck.member_id)
        .join(MemberRow, MemberRow.id == MemberCheck.member_id)
        .where(MemberRow.source_id == source_id, MemberCheck.state == MatchState.OFFERED)
    )
    return frozenset(rows)
