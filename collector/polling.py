"""Polling one source: fetch batch by batch, store posts and cursor in one commit.

A crash resumes after the last stored batch, and polling twice stores once. A failure is written
on the source in plain words, with the time since when it is blind, and raised again: the caller
decides when to come back, and the other sources go on. What a webhook told of since comes last.
"""

import logging
from dataclasses import replace
from datetime import timedelta
from time import monotonic

from sqlalchemy.exc import OperationalError, StatementError
from sqlalchemy.orm import Session

from collector.connector import Batch, Connector, Cursor
from collector.members_seen import store_people
from collector.storing import Clock, Polled, register_source, store_posts
from collector.told import read_told
from models.errors import ChaperoneError, NeedsOperator, Refused, RetryLater
from models.tables import Source
from models.unit_of_work import Store
from models.vocabulary import now

__all__ = ["Polled", "poll", "register_source", "store_posts"]

TIME_LIMIT = timedelta(seconds=60)
"""How long one poll goes on before it lets the next source have its turn."""

LOOK_AGAIN_AFTER = timedelta(minutes=15)
"""When a source that waits for a person is tried again, so that a mended one is noticed."""

_log = logging.getLogger(__name__)


class _Overtaken(Exception):
    """Somebody else stored a batch of this source since we read its cursor."""


def poll(
    store: Store,
    source_id: int,
    connector: Connector,
    *,
    time_limit: timedelta = TIME_LIMIT,
    clock: Clock = now,
) -> Polled:
    """Fetch what is new and store it; stops at a batch's end once `time_limit` has passed.

    `finished` is False where time ran out or somebody else polls the same source.
    Raises RetryLater, NeedsOperator or Refused, after the source was marked blind.
    """
    try:
        return _poll(store, source_id, connector, time_limit, clock)
    except _Overtaken:
        return Polled(notes=("Another worker is reading this source.",), finished=False)
    except (RetryLater, NeedsOperator, Refused) as error:
        _record_failure(store, source_id, error, clock)
        raise


def _poll(
    store: Store, source_id: int, connector: Connector, time_limit: timedelta, clock: Clock
) -> Polled:
    stop_at = monotonic() + time_limit.total_seconds()
    cursor = _begin(store, source_id, clock)
    total = Polled()
    for batch in connector.fetch(cursor):
        total = total.plus(_store_batch(store, source_id, cursor, batch, clock))
        cursor = batch.cursor
        if monotonic() >= stop_at:
            total = total.plus(Polled(finished=False))
            break
    told = read_told(store, source_id, connector, clock)
    total = told.polled.plus(total)
    if told.wait:  # who asks us to stay away is not asked again at once
        total = replace(total, finished=True)
    _record_success(store, source_id, total.notes, told.wait, clock)
    return total


def _begin(store: Store, source_id: int, clock: Clock) -> Cursor | None:
    """Note the attempt; returns where to resume."""
    with store.write() as session:
        source = _locked(session, source_id)
        source.last_attempt_at = clock()
        session.commit()
        return source.cursor


def _store_batch(
    store: Store, source_id: int, before: Cursor | None, batch: Batch, clock: Clock
) -> Polled:
    with store.write() as session:
        source = _locked(session, source_id)
        if source.cursor != before:
            raise _Overtaken
        try:
            polled = store_posts(session, source, batch.posts, batch.gone, clock)
            store_people(session, source.id, batch.people, clock())
        except OperationalError:
            raise  # the database itself: the store says what to do
        except StatementError as error:
            raise _unstorable(source, error) from error
        source.cursor = batch.cursor
        source.last_success_at = clock()
        session.commit()
    return Polled(polled.new, polled.edited, polled.gone, batch.notes)


def _unstorable(source: Source, error: StatementError) -> NeedsOperator:
    """What the connector gave is not what the tables take (a number too big, a naive time)."""
    return NeedsOperator(
        f"Something that was read there cannot be stored ({type(error.orig).__name__}).",
        subject=f"source {source.name}",
        cure="This is a mistake in the program: please report it. What was stored before is safe.",
    )


def _locked(session: Session, source_id: int) -> Source:
    source = session.get(Source, source_id, with_for_update={"key_share": True})
    if source is None:
        raise Refused(
            "It is not among the sources.",
            subject=f"source number {source_id}",
            cure="Start the program again: sources are registered from the settings.",
        )
    return source


def _record_success(
    store: Store, source_id: int, notes: tuple[str, ...], wait: timedelta | None, clock: Clock
) -> None:
    """wait: how long the platform asks us to stay away all the same, None where it does not."""
    with store.write() as session:
        source = _locked(session, source_id)
        source.last_success_at = clock()
        source.blind_since = None
        source.next_attempt_at = clock() + wait if wait else None
        source.problem = source.cure = ""
        source.needs_operator = False
        source.notes = list(notes)
        session.commit()


def _record_failure(
    store: Store, source_id: int, error: RetryLater | NeedsOperator | Refused, clock: Clock
) -> None:
    """Write on the source what is wrong. Where the database is what is wrong, only log it."""
    waits = isinstance(error, RetryLater)
    try:
        with store.write() as session:
            source = session.get(Source, source_id, with_for_update={"key_share": True})
            if source is None:
                return
            source.blind_since = source.blind_since or clock()
            source.problem, source.cure = error.what, error.cure
            source.needs_operator = not waits
            delay = error.after if isinstance(error, RetryLater) else LOOK_AGAIN_AFTER
            source.next_attempt_at = clock() + delay
            session.commit()
    except ChaperoneError as second:
        _log.warning("source %d: its failure could not be written down: %s", source_id, second)
