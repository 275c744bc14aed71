"""Waking a source: what a platform tells of its own accord asks for a poll, and for little more.

Kept are the ids of mentions, which are listed nowhere: see collector/told.py.

A webhook that is missed loses nothing, because the source is polled anyway. One that comes too
often costs nothing: a source is polled at most every WOKEN_GAP for it, never before the time
that its platform asked us to wait, and other sources have their own turns.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from collector.storing import Clock
from collector.told import Told, keep_told
from models.tables import Hook, Source, Woken
from models.unit_of_work import Store
from models.vocabulary import now

WOKEN_GAP = timedelta(seconds=10)
"""The shortest time between two polls of one source, however often it is woken."""

MOST_COUNTED = 2_000_000_000
"""Where the counts stop: a flood must not break what counts it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came since the last time. sources: names of those to be woken. told: mentions."""

    sources: frozenset[str] = frozenset()
    accepted: int = 0
    refused: int = 0
    told: frozenset[Told] = frozenset()

    def __add__(self, other: "Heard") -> "Heard":
        return Heard(
            self.sources | other.sources,
            self.accepted + other.accepted,
            self.refused + other.refused,
            self.told | other.told,
        )


def write_down(store: Store, hook: str, heard: Heard, *, clock: Clock = now) -> None:
    """Wake the sources, keep what they were told of and add to the counts, in one commit.

    Raises what the store raises.
    """
    moment = clock()
    with store.write() as session:
        names = sorted(heard.sources | {one.source for one in heard.told})
        if names:
            found = select(Source.name, Source.id).where(Source.name.in_(names), Source.enabled)
            # Locked, so that two web processes do not both insert the first waking.
            found = found.order_by(Source.id).with_for_update(key_share=True)
            ids = dict(session.execute(found).all())
            wake(session, ids.values(), moment)
            keep_told(session, ids, heard.told, moment)
        row = session.scalar(select(Hook).where(Hook.name == hook).with_for_update())
        if row is None:
            row = Hook(name=hook, accepted=0, refused=0)
            session.add(row)
        row.accepted = min(row.accepted + heard.accepted, MOST_COUNTED)
        row.refused = min(row.refused + heard.refused, MOST_COUNTED)
        row.last_accepted_at = moment if heard.accepted else row.last_accepted_at
        row.last_refused_at = moment if heard.refused else row.last_refused_at
        session.commit()


def wake(session: Session, source_ids: Iterable[int], moment: datetime) -> None:
    """These are to be polled at once. The caller commits."""
    for source_id in source_ids:
        session.merge(Woken(source_id=source_id, at=moment))


def woken_sources(session: Session, at: datetime) -> list[tuple[int, str]]:
    """(id, name) of the sources to be polled at once: woken since they were last looked at, and
    not told by their platform to wait."""
    rows = session.execute(
        select(Source.id, Source.name, Source.last_attempt_at, Woken.at)
        .join(Woken, Woken.source_id == Source.id)
        .where(
            Source.enabled,
            or_(Source.next_attempt_at.is_(None), Source.next_attempt_at <= at),
        )
    )
    return [(row[0], row[1]) for row in rows if is_woken(row[2], row[3], at)]


def is_woken(last_attempt: datetime | None, woken: datetime | None, at: datetime) -> bool:
    """Whether it was woken since it was last looked at, and that is long enough ago."""
    if woken is None:
        return False
    if last_attempt is None:
        return True
    return woken >= last_attempt and abs(at - last_attempt) >= WOKEN_GAP
