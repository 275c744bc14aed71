"""Whether we see: for each place, when it was last read, how much comes, and what to mend."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.sessions import Clock
from casework.visibility import absent, items_seen_by, posts_not_kept_from
from models.tables import Item, Post, Source
from models.vocabulary import Audience, ItemState, Role, Viewer, now

DAYS = 7


@dataclass(frozen=True, slots=True)
class SourceView:
    """One place. Times aware UTC.

    posts_per_day: the mean over seven days; days: the count of each 24 hours, oldest first.
    blind_since: since when reading fails, None when it works; problem and cure say why and what
    to do; needs_operator: it will not pass by itself. notes: facts about what was read.
    waiting: undecided items there (for an administrator: those that a monitor sees).
    """

    id: int
    name: str
    label: str
    connector: str
    audience: Audience
    enabled: bool
    last_success_at: datetime | None
    blind_since: datetime | None
    problem: str
    cure: str
    needs_operator: bool
    next_attempt_at: datetime | None
    posts_per_day: float
    days: tuple[int, ...]
    waiting: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What trustees see of it: how many places, and how many are not seen now."""

    watched: int
    blind: int


def sources(session: Session, viewer: Viewer, clock: Clock = now) -> tuple[SourceView, ...]:
    """Every place: blind ones first, then by label, those no longer watched last.

    Raises NotYours unless the viewer is a monitor, a lead or an administrator.
    """
    if not viewer.roles & {Role.MONITOR, Role.LEAD, Role.ADMIN}:
        raise absent("the sources")
    days = _days(session, viewer, clock())
    waiting = _waiting(session, viewer)
    found = session.scalars(select(Source)).all()
    views = (_view(one, days.get(one.id, (0,) * DAYS), waiting.get(one.id, 0)) for one in found)
    return tuple(sorted(views, key=_order))


def coverage(session: Session, viewer: Viewer) -> Coverage:
    """The numbers alone, for trustees too. Raises NotYours for a person without any role."""
    if not viewer.roles:
        raise absent("the sources")
    blind = session.scalars(select(Source.blind_since).where(Source.enabled)).all()
    return Coverage(len(blind), sum(since is not None for since in blind))


def _order(view: SourceView) -> tuple[bool, bool, str, int]:
    return not view.enabled, view.blind_since is None, view.label.casefold(), view.id


def _view(source: Source, days: tuple[int, ...], waiting: int) -> SourceView:
    return SourceView(
        id=source.id,
        name=source.name,
        label=source.label,
        connector=source.connector,
        audience=source.audience,
        enabled=source.enabled,
        last_success_at=source.last_success_at,
        blind_since=source.blind_since,
        problem=source.problem,
        cure=source.cure,
        needs_operator=source.needs_operator,
        next_attempt_at=source.next_attempt_at,
        posts_per_day=round(sum(days) / DAYS, 1),
        days=days,
        waiting=waiting,
        notes=tuple(source.notes),
    )


def _days(session: Session, viewer: Viewer, at: datetime) -> dict[int, tuple[int, ...]]:
    """Posts first seen in each of the last seven 24 hours, by source, oldest first."""
    found: dict[int, list[int]] = {}
    for day in range(DAYS):
        starts = at - timedelta(days=DAYS - day)
        inside = (Post.first_seen_at > starts) & (Post.first_seen_at <= starts + timedelta(days=1))
        rows = session.execute(
            select(Post.source_id, func.count())
            .where(inside, posts_not_kept_from(viewer))
            .group_by(Post.source_id)
        )
        for source_id, count in rows:
            found.setdefault(source_id, [0] * DAYS)[day] = count
    return {source_id: tuple(days) for source_id, days in found.items()}


def _waiting(session: Session, viewer: Viewer) -> dict[int, int]:
    reads = viewer.roles & {Role.MONITOR, Role.LEAD}
    as_monitor = Viewer(viewer.user_id, viewer.name, frozenset({Role.MONITOR}))
    seen = items_seen_by(viewer if reads else as_monitor)
    rows = session.execute(
        select(Item.source_id, func.count())
        .where(Item.state != ItemState.DECIDED, seen)
        .group_by(Item.source_id)
    )
    return {row[0]: row[1] for row in rows}
