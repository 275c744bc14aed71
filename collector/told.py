"""Mentions that a platform told of by a webhook: their ids are kept until they were read.

Instagram lists mentions nowhere and gives one only to who names its id. So a call's ids go into the
tables before the call is answered, and every poll of the source reads what is due:

    told -> read: stored like any post, looked at again each day for WATCHED, then let go
         -> gone: marked gone, let go
         -> later (429, 5xx, a permission): tried again, ever more seldom, for GIVEN_UP_AFTER

What cannot be read takes nothing from the rest of the source: it stands in its notes.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from collector.connector import Connector, Gone, IncomingPost, Mention, ReadsMentions
from collector.storing import Clock, Polled, store_posts
from models.errors import ChaperoneError, NeedsOperator, Refused, RetryLater
from models.tables import Source, ToldMention
from models.unit_of_work import Store

AGAIN_EVERY = timedelta(days=1)
WATCHED = timedelta(days=14)
"""How long one that was read is looked at again, to notice edits and deletions."""

GIVEN_UP_AFTER = timedelta(days=30)
"""How long one that could not be read stands in the source's notes, and is tried again."""

_MOST = 50
"""Read in one poll; each is a call of its own."""

_TIME_LIMIT = timedelta(seconds=30)
_FIRST_WAIT = timedelta(minutes=15)
_AT_ONCE = 500
_GONE_BEFORE = "A mention that we were told of was gone before it could be read."
_BEHIND = (
    "Mentions that we were told of and could not read yet: {0}. {1} Until then look at the "
    "notifications in the app."
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """One mention that a webhook told of, for the source of that name."""

    source: str
    mention: Mention


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading them. wait: how long the platform asked us to stay away, if it did."""

    polled: Polled
    wait: timedelta | None = None


def keep_told(
    session: Session, sources: Mapping[str, int], told: Iterable[Told], moment: datetime
) -> None:
    """Keep their ids, each once. sources: names to ids, locked by the caller, who commits.

    One that is told of again is read again, but never before a time that it waits for.
    """
    wanted = {
        (sources[one.source], one.mention.media_id, one.mention.comment_id)
        for one in told
        if one.source in sources
    }
    media = sorted({media_id for _, media_id, _ in wanted})
    known: set[tuple[int, str, str]] = set()
    for start in range(0, len(media), _AT_ONCE):
        some = ToldMention.media_id.in_(media[start : start + _AT_ONCE])
        for row in session.scalars(select(ToldMention).where(some)):
            key = (row.source_id, row.media_id, row.comment_id)
            known.add(key)
            if key in wanted:
                row.told_at = moment
                row.next_at = row.next_at if row.tries else moment
    for source_id, media_id, comment_id in sorted(wanted - known):
        session.add(
            ToldMention(
                source_id=source_id,
                media_id=media_id,
                comment_id=comment_id,
                told_at=moment,
                next_at=moment,
            )
        )


def read_told(store: Store, source_id: int, connector: Connector, clock: Clock) -> Reading:
    """Read the mentions that are due, each stored in a commit of its own.

    A platform's failure is kept with the mention and never raised. Raises what the store raises.
    """
    if not isinstance(connector, ReadsMentions):
        return Reading(Polled())
    polled, wait = Polled(), None
    stop_at = monotonic() + _TIME_LIMIT.total_seconds()
    for row in _due(store, source_id, clock()):
        if monotonic() >= stop_at:
            break
        try:
            seen = connector.mention(Mention(row.media_id, row.comment_id))
        except Refused as error:
            _put_off(store, row.id, error, clock())
            continue
        except (RetryLater, NeedsOperator) as error:  # every other one would end like it
            _put_off(store, row.id, error, clock())
            _all_wait(store, source_id, error, clock())
            wait = error.after if isinstance(error, RetryLater) else None
            break
        polled = polled.plus(_keep(store, source_id, row, seen, clock))
    finished = not _due(store, source_id, clock())
    notes = (*polled.notes, *_behind(store, source_id))
    return Reading(Polled(polled.new, polled.edited, polled.gone, notes, finished), wait)


def _due(store: Store, source_id: int, at: datetime) -> list[ToldMention]:
    """Those to be read now, the one that waits longest first; no more than a poll reads."""
    query = select(ToldMention).where(ToldMention.source_id == source_id, ToldMention.next_at <= at)
    with store.read() as session:
        return list(
            session.scalars(query.order_by(ToldMention.next_at, ToldMention.id).limit(_MOST))
        )


def _keep(
    store: Store, source_id: int, row: ToldMention, seen: IncomingPost | Gone, clock: Clock
) -> Polled:
    """Store what was seen, and when to look again, in one commit."""
    posts = (seen,) if isinstance(seen, IncomingPost) else ()
    gone = (seen,) if isinstance(seen, Gone) else ()
    with store.write() as session:
        polled = store_posts(session, session.get_one(Source, source_id), posts, gone, clock)
        kept, at = session.get(ToldMention, row.id, with_for_update=True), clock()
        if kept is not None and (gone or at >= kept.told_at + WATCHED):
            session.delete(kept)
        elif kept is not None:
            kept.found, kept.tries, kept.problem = True, 0, ""
            kept.next_at = at + AGAIN_EVERY
        session.commit()
    notes = (_GONE_BEFORE,) if gone and not row.found else ()
    return Polled(polled.new, polled.edited, polled.gone, notes)


def _put_off(store: Store, row_id: int, error: ChaperoneError, at: datetime) -> None:
    """This one could not be read: when to try again, or never more."""
    with store.write() as session:
        row = session.get(ToldMention, row_id, with_for_update=True)
        if row is None:
            return
        row.tries += 1
        row.problem = f"{error.what} {error.cure}".strip()
        row.next_at = at + _wait(error, row.tries)
        if at >= row.told_at + GIVEN_UP_AFTER:
            _log.warning("source %d: a mention could not be read and is given up", row.source_id)
            session.delete(row)
        session.commit()


def _all_wait(
    store: Store, source_id: int, error: RetryLater | NeedsOperator, at: datetime
) -> None:
    """The others that are due wait as long as the platform says, for the same reason."""
    waiting = update(ToldMention).where(
        ToldMention.source_id == source_id, ToldMention.next_at <= at
    )
    with store.write() as session:
        session.execute(
            waiting.values(
                next_at=at + _wait(error, 1), problem=f"{error.what} {error.cure}".strip()
            )
        )
        session.commit()


def _wait(error: ChaperoneError, tries: int) -> timedelta:
    """The platform's own delay at first; then ever longer, up to a day."""
    said = error.after if isinstance(error, RetryLater) else _FIRST_WAIT
    if tries == 1:
        return said
    grown: timedelta = _FIRST_WAIT * 2 ** min(tries, 10)
    return max(said, min(grown, AGAIN_EVERY))


def _behind(store: Store, source_id: int) -> tuple[str, ...]:
    """What the Sources screen says while some of them could not be read."""
    unread = select(func.count(), func.max(ToldMention.problem)).where(
        ToldMention.source_id == source_id,
        ToldMention.problem != "",
        ToldMention.found.is_(False),
    )
    with store.read() as session:
        count, problem = session.execute(unread).one()
    return (_BEHIND.format(count, problem),) if count else ()
