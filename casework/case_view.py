"""Reading cases: the list and one case. For the lead alone, and every view is recorded."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from casework import audit
from casework.case_keeping import is_erased
from casework.mail_contacts import addresses_of
from casework.sessions import Clock
from casework.visibility import case_for, cases_not_kept_from, require_lead
from classifier.due import Due
from models.tables import CaseEntry, Item, Person, Post, Referral, SafeguardingCase, Source
from models.unit_of_work import Store
from models.vocabulary import (
    CaseState,
    EntryKind,
    Level,
    Organisation,
    Presence,
    ReferralBody,
    Viewer,
    now,
)

TELL_LADO_WITHIN = Due("1 working day", "working day", 1)
"""From when a concern about staff is known (practice 4.4); eight office hours."""

_NO_ORGANISATION = Organisation(name="")


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in the list. Times aware UTC. tell_lado_by: None unless it is about staff and the
    designated officer has not been told."""

    id: int
    reference: str
    state: CaseState
    level: Level
    categories: tuple[str, ...]
    immediate_danger: bool
    about_staff: bool
    opened_at: datetime
    due_at: datetime
    overdue: bool
    tell_lado_by: datetime | None
    threshold: str
    acknowledged_by_name: str
    deleted: bool = False
    """Its words were deleted by two people (casework/case_deletion.py)."""


@dataclass(frozen=True, slots=True)
class PostFacts:
    """Where the words come from. The link is never a page to open by itself. Times aware UTC."""

    source_label: str
    connector: str
    author_name: str
    permalink: str
    posted_at: datetime
    seen_at: datetime
    presence: Presence
    media_count: int
    note: str
    sent_to: tuple[str, ...] = ()
    """The addresses that a mail went to, while they are kept."""


@dataclass(frozen=True, slots=True)
class EntryView:
    """One line. by_name: "" for the program. about_time: when it happened, where that differs."""

    id: int
    kind: EntryKind
    text: str
    about_time: datetime | None
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReferralView:
    """Who outside was told, when, how, with what reference and advice."""

    id: int
    body: ReferralBody
    contact: str
    how: str
    referred_at: datetime
    reference: str
    advice: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case, whole. version: give it back when deciding."""

    line: CaseLine
    version: int
    item_id: int | None
    why_opened: str
    opened_by_name: str
    acknowledged_at: datetime | None
    threshold_reasons: str
    closed_at: datetime | None
    closed_by_name: str
    close_reason: str
    post: PostFacts | None
    entries: tuple[EntryView, ...]
    referrals: tuple[ReferralView, ...]


def cases(
    store: Store,
    viewer: Viewer,
    *,
    closed: bool = False,
    organisation: Organisation = _NO_ORGANISATION,
    clock: Clock = now,
) -> tuple[CaseLine, ...]:
    """Cases that are open (or, with `closed`, those that are not): the worst and soonest first.

    Raises NotYours unless the viewer is a lead. The view is recorded.
    """
    require_lead(viewer, "cases")
    with store.write() as session:
        shut = SafeguardingCase.state == CaseState.CLOSED
        wanted = (shut if closed else ~shut), cases_not_kept_from(viewer)
        found = session.scalars(select(SafeguardingCase).where(*wanted)).all()
        names = _names(session)
        lines = [_case_line(session, case, names, organisation, clock()) for case in found]
        if audit.is_new_look(session, viewer, "case.listed", "case:all", clock()):
            audit.record(session, viewer.user_id, "case.listed", "case:all")
        session.commit()
    return tuple(sorted(lines, key=_urgency))


def open_case(
    store: Store,
    viewer: Viewer,
    case_id: int,
    *,
    organisation: Organisation = _NO_ORGANISATION,
    clock: Clock = now,
) -> CaseView:
    """One case. Raises NotYours where it is missing or the viewer is no lead. It is recorded."""
    with store.write() as session:
        case = case_for(session, viewer, case_id)
        view = _view(session, case, organisation, clock())
        if audit.is_new_look(session, viewer, "case.viewed", f"case:{case_id}", clock()):
            audit.record(session, viewer.user_id, "case.viewed", f"case:{case_id}")
        session.commit()
    return view


def _urgency(line: CaseLine) -> tuple[bool, bool, int, datetime]:
    acknowledged = line.state is not CaseState.OPEN
    return not line.immediate_danger, acknowledged, -int(line.level[1:]), line.due_at


def _names(session: Session) -> dict[int | None, str]:
    return {row.id: row.name for row in session.execute(select(Person.id, Person.name))}


def _case_line(
    session: Session,
    case: SafeguardingCase,
    names: dict[int | None, str],
    organisation: Organisation,
    at: datetime,
) -> CaseLine:
    return CaseLine(
        id=case.id,
        reference=case.reference,
        state=case.state,
        level=case.level,
        categories=tuple(case.categories),
        immediate_danger=case.immediate_danger,
        about_staff=case.about_staff,
        opened_at=case.opened_at,
        due_at=case.due_at,
        overdue=case.state is CaseState.OPEN and case.due_at < at,
        tell_lado_by=lado_due(session, case, organisation),
        threshold=case.threshold,
        acknowledged_by_name=names.get(case.acknowledged_by, ""),
        deleted=case.state is CaseState.CLOSED and is_erased(session, case),
    )


def lado_due(
    session: Session, case: SafeguardingCase, organisation: Organisation
) -> datetime | None:
    """Until when the designated officer is to be told, None when not about staff, or told."""
    if not case.about_staff or case.state is CaseState.CLOSED:
        return None
    told = exists().where(Referral.case_id == case.id, Referral.body == ReferralBody.LADO)
    if session.scalar(select(told)):
        return None
    return TELL_LADO_WITHIN.at(case.opened_at, organisation)


def _view(
    session: Session, case: SafeguardingCase, organisation: Organisation, at: datetime
) -> CaseView:
    names = _names(session)
    return CaseView(
        line=_case_line(session, case, names, organisation, at),
        version=case.version,
        item_id=case.item_id,
        why_opened=case.why_opened,
        opened_by_name=names.get(case.opened_by, ""),
        acknowledged_at=case.acknowledged_at,
        threshold_reasons=case.threshold_reasons,
        closed_at=case.closed_at,
        closed_by_name=names.get(case.closed_by, ""),
        close_reason=case.close_reason,
        post=_post_facts(session, case),
        entries=_entries(session, case.id, names),
        referrals=_referrals(session, case.id, names),
    )


def _post_facts(session: Session, case: SafeguardingCase) -> PostFacts | None:
    query = select(Post, Source).join(Item, Item.post_id == Post.id)
    found = session.execute(
        query.join(Source, Source.id == Post.source_id).where(Item.id == case.item_id)
    ).one_or_none()
    if found is None:
        return None
    post, source = found
    return PostFacts(
        source_label=source.label,
        connector=source.connector,
        author_name=post.author_name or "",
        permalink=post.permalink or "",
        posted_at=post.posted_at,
        seen_at=post.first_seen_at,
        presence=post.presence,
        media_count=post.media_count,
        note=post.note,
        sent_to=addresses_of(session, post.id),
    )


def _entries(session: Session, case_id: int, names: dict[int | None, str]) -> tuple[EntryView, ...]:
    query = select(CaseEntry).where(CaseEntry.case_id == case_id).order_by(CaseEntry.id)
    return tuple(
        EntryView(row.id, row.kind, row.text, row.about_time, names.get(row.by, ""), row.at)
        for row in session.scalars(query)
    )


def _referrals(
    session: Session, case_id: int, names: dict[int | None, str]
) -> tuple[ReferralView, ...]:
    query = select(Referral).where(Referral.case_id == case_id).order_by(Referral.id)
    return tuple(
        ReferralView(
            id=row.id,
            body=row.body,
            contact=row.contact,
            how=row.how,
            referred_at=row.referred_at,
            reference=row.reference,
            advice=row.advice,
            by_name=names.get(row.by, ""),
            at=row.at,
        )
        for row in session.scalars(query)
    )
