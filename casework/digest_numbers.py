"""The numbers behind the weekly digests: counts and ages, per role (practice 7, C73).

The monitor's numbers are of what a monitor may see; the lead's are of everything; the trustees'
are few, and small ones are blurred where they are written (casework/digest_text.py). What is kept
from whoever reads them is in no number (practice 4.14): every function is told whose they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from casework import alerts
from casework.case_view import lado_due
from casework.visibility import (
    cases_not_kept_from,
    items_not_kept_from,
    items_seen_by,
    posts_not_kept_from,
)
from models.tables import (
    Action,
    Alert,
    Audit,
    Decision,
    Item,
    Person,
    Post,
    Referral,
    Revision,
    SafeguardingCase,
    Source,
)
from models.vocabulary import (
    ActionState,
    CaseState,
    DecisionKind,
    ItemState,
    Level,
    Organisation,
    Role,
    Viewer,
)

REPEATED_WITHIN = timedelta(days=28)
_TAKEN_DOWN = (DecisionKind.REMOVE, DecisionKind.HIDE)
Moment = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]
NOBODY = 0
"""Whose numbers: no account, from whom nothing is kept. Ids begin at 1."""


@dataclass(frozen=True, slots=True)
class Span:
    """The week that is told of, [starts, ends), and the moment of telling; aware UTC."""

    starts: datetime
    ends: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class SourceNumbers:
    """One place: posts in the week, and for how long it has not been seen (None: it is seen)."""

    label: str
    posts: int
    blind_for: timedelta | None


@dataclass(frozen=True, slots=True)
class Desk:
    """The queue, as somebody in this role may see it. Counts are of now or of the week."""

    waiting: int
    oldest: timedelta | None
    past_time: int
    help_wanted: int
    by_hand: int
    failed: int
    unread: int
    decided: dict[DecisionKind, int]
    taken_down_for: dict[str, int]
    median_time: timedelta | None
    repeated: int


@dataclass(frozen=True, slots=True)
class Cases:
    """Cases now, and what was done about cases in the week."""

    open_by_level: dict[Level, int]
    unacknowledged: int
    past_time: int
    undecided: int
    about_staff: int
    lado_to_tell: int
    lado_past: int
    opened: int
    closed: int
    referred: int
    alerts_failed: int
    given_access: int

    @property
    def open(self) -> int:
        """How many cases are open, at whatever level."""
        return sum(self.open_by_level.values())


def sources(session: Session, span: Span, reader: int = NOBODY) -> tuple[SourceNumbers, ...]:
    """Every watched place, by label. reader: the account whose numbers they are."""
    came = (Post.first_seen_at >= span.starts) & (Post.first_seen_at < span.ends)
    rows = session.execute(
        select(Post.source_id, func.count())
        .where(came, posts_not_kept_from(_as(reader, Role.TRUSTEE)))
        .group_by(Post.source_id)
    )
    posts = {row[0]: row[1] for row in rows}
    found = session.scalars(select(Source).where(Source.enabled).order_by(Source.label, Source.id))
    return tuple(
        SourceNumbers(
            one.label,
            posts.get(one.id, 0),
            None if one.blind_since is None else span.at - one.blind_since,
        )
        for one in found
    )


def desk(session: Session, span: Span, *, everything: bool, reader: int = NOBODY) -> Desk:
    """The queue's numbers. everything: the lead's items too, not only what a monitor may see."""
    viewer = _as(reader, Role.LEAD if everything else Role.MONITOR)
    seen = items_seen_by(viewer)
    waiting = (Item.state != ItemState.DECIDED) & seen
    oldest = session.scalar(select(func.min(Item.opened_at)).where(waiting))
    by_state = session.execute(
        select(Action.state, func.count())
        .join(Decision, Decision.id == Action.decision_id)
        .join(Item, Item.id == Decision.item_id)
        .where(seen)
        .group_by(Action.state)
    )
    states = {row[0]: row[1] for row in by_state}
    decided, reasons, times = _decisions(session, span, seen, items_not_kept_from(viewer))
    unread = select(func.count()).select_from(Revision).where(Revision.classified_at.is_(None))
    return Desk(
        waiting=_count(session, waiting),
        oldest=None if oldest is None else span.at - oldest,
        past_time=_count(session, waiting & (Item.due_at < span.at)),
        help_wanted=_count(session, waiting & Item.help_wanted.is_(True)),
        by_hand=states.get(ActionState.BY_HAND, 0),
        failed=states.get(ActionState.FAILED, 0),
        unread=session.scalar(unread) or 0,
        decided=decided,
        taken_down_for=reasons,
        median_time=timedelta(seconds=median(times)) if times else None,
        repeated=_repeated(session, span, seen),
    )


def cases(session: Session, span: Span, organisation: Organisation, reader: int = NOBODY) -> Cases:
    """The lead's numbers."""
    seen = cases_not_kept_from(_as(reader, Role.LEAD))
    theirs = select(SafeguardingCase.id).where(seen)
    rows = session.scalars(
        select(SafeguardingCase).where(SafeguardingCase.state != CaseState.CLOSED, seen)
    ).all()
    lado = [due for case in rows if (due := lado_due(session, case, organisation)) is not None]
    new = [case for case in rows if case.state is CaseState.OPEN]
    levels = {level: sum(case.level is level for case in rows) for level in Level}
    return Cases(
        open_by_level={level: count for level, count in levels.items() if count},
        unacknowledged=len(new),
        past_time=sum(case.due_at < span.at for case in new),
        undecided=sum(not case.threshold for case in rows),
        about_staff=sum(case.about_staff for case in rows),
        lado_to_tell=len(lado),
        lado_past=sum(due < span.at for due in lado),
        opened=_within(session, SafeguardingCase.opened_at, span, seen),
        closed=_within(session, SafeguardingCase.closed_at, span, seen),
        referred=_within(session, Referral.at, span, Referral.case_id.in_(theirs)),
        alerts_failed=_rows(session, (Alert.state == alerts.FAILED) & Alert.case_id.in_(theirs)),
        given_access=_given_access(session, span),
    )


def has_lead(session: Session) -> bool:
    """Whether anybody is an active safeguarding lead."""
    return bool(alerts.active(session, Role.LEAD))


def _decisions(
    session: Session, span: Span, seen: ColumnElement[bool], theirs: ColumnElement[bool]
) -> tuple[dict[DecisionKind, int], dict[str, int], list[float]]:
    """Decisions of the week by kind, takings-down by reason, and the seconds that each took."""
    decided: dict[DecisionKind, int] = {}
    reasons: dict[str, int] = {}
    times: list[float] = []
    # an escalated item is out of a monitor's sight; that it was escalated is not (no type, C57)
    counted = seen | ((Decision.kind == DecisionKind.ESCALATE) & theirs)
    rows = session.execute(
        select(Decision.kind, Decision.reason_title, Decision.at, Item.opened_at)
        .join(Item, Item.id == Decision.item_id)
        .where(Decision.at >= span.starts, Decision.at < span.ends, counted)
    )
    for kind, title, at, opened_at in rows:
        decided[kind] = decided.get(kind, 0) + 1
        if kind in _TAKEN_DOWN:
            reasons[title] = reasons.get(title, 0) + 1
        if at >= opened_at:
            times.append((at - opened_at).total_seconds())
    return decided, reasons, times


def _repeated(session: Session, span: Span, seen: ColumnElement[bool]) -> int:
    """How many authors had two or more posts taken down in the four weeks before the week ended."""
    authors = (
        select(Post.source_id, Post.author_id)
        .join(Item, Item.post_id == Post.id)
        .join(Decision, Decision.item_id == Item.id)
        .where(
            Decision.kind.in_(_TAKEN_DOWN),
            Decision.at >= span.ends - REPEATED_WITHIN,
            Decision.at < span.ends,
            Post.author_id.is_not(None),
            seen,
        )
        .group_by(Post.source_id, Post.author_id)
        .having(func.count(Post.id.distinct()) >= 2)
    )
    return session.scalar(select(func.count()).select_from(authors.subquery())) or 0


def _given_access(session: Session, span: Span) -> int:
    """Accounts that came to read posts in the week: no such thing in silence.

    A new link for an account that was in use counts too: whoever opens it can sign in as it.
    """
    changes = session.scalars(
        select(Audit).where(
            Audit.at >= span.starts,
            Audit.at < span.ends,
            Audit.what.in_(("person.created", "person.roles_changed", "person.reactivated")),
        )
    )
    reading = {Role.MONITOR.value, Role.LEAD.value}
    gained = {
        line.subject
        for line in changes
        if reading & (set(_words(line, "roles")) - set(_words(line, "before")))
    }
    renewed = select(Audit).where(
        Audit.at >= span.starts, Audit.at < span.ends, Audit.what == "person.invited"
    )
    again = {line.subject for line in session.scalars(renewed) if line.details.get("again")}
    for person in session.scalars(select(Person)):
        if f"person:{person.id}" in again and reading & set(person.roles):
            gained.add(f"person:{person.id}")
    return len(gained)


def _words(line: Audit, key: str) -> Sequence[str]:
    return [str(word) for word in line.details.get(key, ())]


def _count(session: Session, condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Item).where(condition)) or 0


def _rows(session: Session, condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(condition)) or 0


def _within(session: Session, moment: Moment, span: Span, seen: ColumnElement[bool]) -> int:
    return _rows(session, (moment >= span.starts) & (moment < span.ends) & seen)


def _as(reader: int, role: Role) -> Viewer:
    """The reader in that role, as the conditions of what may be seen want it."""
    return Viewer(reader, "", frozenset({role}))
