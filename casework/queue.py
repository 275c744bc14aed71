"""The queue: what waits for a person, most urgent first, and how much of it there is.

Filling it is `filing.py`; its functions are offered from here as well, as the desk's front.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session

from casework.filing import file_posts, redecide, report_post
from casework.queue_cards import Card, build
from casework.visibility import (
    absent,
    items_not_kept_from,
    items_seen_by,
    may_see,
    require_content,
)
from models.tables import Decision, Item, Source
from models.vocabulary import Category, DecisionKind, ItemState, Level, Role, Viewer, now

__all__ = [
    "Card",
    "Counts",
    "Filters",
    "Page",
    "counts",
    "file_posts",
    "next_item",
    "page",
    "places",
    "redecide",
    "report_post",
]

CARDS_A_PAGE = 15
"""About three screens of a phone; every card costs the browser some ten milliseconds."""

_UNDECIDED = (ItemState.WAITING, ItemState.ESCALATED)


@dataclass(frozen=True, slots=True)
class Filters:
    """What to show of the queue; everything by default. `overdue` and `mine` are as of now."""

    category: Category | None = None
    source_id: int | None = None
    level: Level | None = None
    mine: bool = False
    overdue: bool = False
    help_wanted: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of cards, most urgent first. total: over all pages."""

    cards: tuple[Card, ...]
    number: int
    total: int
    pages: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is for this person.

    escalated: for the lead and trustees, all that the lead has still to decide; for a monitor,
    what this monitor escalated and is not yet decided. oldest_at: aware UTC, None when all is done.
    """

    waiting: int
    overdue: int
    mine: int
    help_wanted: int
    escalated: int
    oldest_at: datetime | None


def page(session: Session, viewer: Viewer, filters: Filters, number: int = 1) -> Page:
    """A page of the queue as this person may see it. Raises NotYours for a role without content."""
    require_content(viewer, "the queue")
    at = now()
    wanted = _wanted(viewer, filters, at)
    total = session.scalar(select(func.count()).select_from(Item).where(wanted)) or 0
    pages = max(-(-total // CARDS_A_PAGE), 1)
    number = min(max(number, 1), pages)
    ids = session.scalars(
        select(Item.id)
        .where(wanted)
        .order_by(Item.priority.desc(), Item.id)
        .limit(CARDS_A_PAGE)
        .offset((number - 1) * CARDS_A_PAGE)
    ).all()
    return Page(build(session, viewer, ids, at), number, total, pages)


def next_item(
    session: Session, viewer: Viewer, filters: Filters | None = None, after: int | None = None
) -> int | None:
    """The most urgent item that nobody else is looking at, or None.

    after: an item's id; then the one that follows it in the order, whether or not it still waits.
    """
    require_content(viewer, "the queue")
    at = now()
    free = or_(
        Item.claimed_by.is_(None), Item.claimed_by == viewer.user_id, Item.claimed_until <= at
    )
    query = select(Item.id).where(_wanted(viewer, filters or Filters(), at), free)
    here = None if after is None else session.get(Item, after)
    # nor may a place in the order tell of a hidden one
    if here is not None and may_see(session, viewer, here):
        lower = and_(Item.priority == here.priority, Item.id > here.id)
        query = query.where(or_(Item.priority < here.priority, lower))
    return session.scalar(query.order_by(Item.priority.desc(), Item.id).limit(1))


def counts(session: Session, viewer: Viewer) -> Counts:
    """Numbers for the head of the page. A trustee gets numbers over everything, and only these.

    Raises NotYours for somebody who is neither monitor, lead nor trustee.
    """
    if not viewer.roles & {Role.MONITOR, Role.LEAD, Role.TRUSTEE}:
        raise absent("the queue")
    at = now()
    whole = viewer.has(Role.LEAD) or viewer.has(Role.TRUSTEE)
    theirs = items_not_kept_from(viewer) if whole else items_seen_by(viewer)
    seen = and_(Item.state.in_(_UNDECIDED), theirs)
    mine = and_(Item.claimed_by == viewer.user_id, Item.claimed_until > at)
    row = session.execute(
        select(
            func.count(),
            _sum(Item.due_at < at),
            _sum(mine),
            _sum(Item.help_wanted.is_(True)),
            _sum(Item.state == ItemState.ESCALATED),
            func.min(Item.opened_at),
        ).where(seen)
    ).one()
    escalated = int(row[4] or 0) if whole else _escalated_by(session, viewer)
    content = viewer.has(Role.LEAD) or viewer.has(Role.MONITOR)
    return Counts(
        waiting=row[0],
        overdue=int(row[1] or 0),
        mine=int(row[2] or 0) if content else 0,
        help_wanted=int(row[3] or 0) if content else 0,
        escalated=escalated,
        oldest_at=row[5],
    )


def places(session: Session, viewer: Viewer) -> tuple[tuple[int, str], ...]:
    """Every watched place: its id and label, by label. Raises NotYours without content."""
    require_content(viewer, "the queue")
    rows = session.execute(select(Source.id, Source.label).order_by(Source.label, Source.id))
    return tuple((source_id, label) for source_id, label in rows)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _escalated_by(session: Session, viewer: Viewer) -> int:
    theirs = select(Decision.item_id).where(
        Decision.by == viewer.user_id, Decision.kind == DecisionKind.ESCALATE
    )
    query = select(func.count()).select_from(Item).where(items_not_kept_from(viewer))
    return session.scalar(query.where(Item.state == ItemState.ESCALATED, Item.id.in_(theirs))) or 0


def _wanted(viewer: Viewer, filters: Filters, at: datetime) -> ColumnElement[bool]:
    states = _UNDECIDED if viewer.has(Role.LEAD) else (ItemState.WAITING,)
    wanted = [Item.state.in_(states), items_seen_by(viewer)]
    if filters.category is not None:
        wanted.append(cast(Item.categories, String).contains(f'"{filters.category.value}"'))
    if filters.source_id is not None:
        wanted.append(Item.source_id == filters.source_id)
    if filters.level is not None:
        wanted.append(Item.level == filters.level)
    if filters.mine:
        wanted.append(and_(Item.claimed_by == viewer.user_id, Item.claimed_until > at))
    if filters.overdue:
        wanted.append(Item.due_at < at)
    if filters.help_wanted:
        wanted.append(Item.help_wanted.is_(True))
    return and_(*wanted)
