"""Finding what there is to do: twice a second, by looking into the application's tables.

A decision made in the dashboard is a row with a wanted action; nothing else tells the worker.
So nothing is lost when the worker is down while somebody decides: it looks when it comes back.
Each thing found is asked for under an id that follows from the thing, so that two workers that
find the same thing ask for one workflow.
"""

from collections.abc import Set
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from casework import member_removals, removals
from casework.alerts import WANTED
from casework.filing import unfiled
from chaperone import engine
from chaperone.wiring import House
from chaperone.workflows import ALERTS, CARRY_OUT, GROUPS, POLL, READ, TAKE_OUT
from collector.waking import WOKEN_GAP, woken_sources
from models.tables import Action, Alert, MemberRemoval, Revision, Source
from models.vocabulary import now

ASKED_AGAIN_AFTER = 15.0
"""Seconds after which a thing that still waits is asked for again."""

ALERTS_EVERY = timedelta(seconds=15)
ALERTS_LOOKED_AT_EVERY = timedelta(minutes=5)
"""Without an alert waiting: reminders fall due by themselves."""

LONG = timedelta(seconds=20)
"""A look at a source that took this long is followed by one in the lane of the slow."""

GROUPS_EVERY = timedelta(seconds=30)
"""Members, groups and accounts: a look at the marks, and at what has changed since."""


class Sweep:
    """One worker's look into the tables. It remembers what it asked for lately, to ask less."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._asked: dict[str, float] = {}
        self._polls: dict[int, str] = {}  # by source, what was asked for last

    def __call__(self) -> None:
        """Ask for everything that is due. Raises what the store raises."""
        at = now()
        with self._house.store.read() as session:
            wanted = list(removals.wanted_actions(session))
            actions = session.execute(
                select(Action.id, Action.attempts, Action.next_attempt_at, Source.name)
                .join(Source, Source.id == Action.source_id)
                .where(Action.id.in_(wanted))
            ).all()
            out = session.execute(
                select(
                    MemberRemoval.id,
                    MemberRemoval.attempts,
                    MemberRemoval.next_attempt_at,
                    Source.name,
                )
                .join(Source, Source.id == MemberRemoval.source_id)
                .where(MemberRemoval.id.in_(member_removals.wanted(session)))
            ).all()
            unread = session.scalar(
                select(Revision.id).where(Revision.classified_at.is_(None)).limit(1)
            )
            to_do = unread is not None or bool(unfiled(session, 1))
            sources = session.execute(
                select(Source.id, Source.name, Source.last_attempt_at).where(
                    Source.enabled,
                    or_(Source.next_attempt_at.is_(None), Source.next_attempt_at <= at),
                )
            ).all()
            alerts = session.scalar(select(exists().where(Alert.state == WANTED)))
            woken = woken_sources(session, at)
            slow = {self._account(name) for name in _slow_sources(session)}
        for workflow, rows in ((CARRY_OUT, actions), (TAKE_OUT, out)):
            for id_, attempts, at_earliest, name in rows:
                tried = f"{attempts}-{int(at_earliest.timestamp()) if at_earliest else 0}"
                self._carry_out(workflow, id_, tried, name)
        for source_id, name, last in sources:
            self._poll_if_due(source_id, name, last, at, slow)
        for source_id, name in woken:
            self._poll_woken(source_id, name, at, slow)
        if to_do:
            self._alone(engine.READING, READ, _slot(READ, at, timedelta(seconds=1)))
        often = alerts and self._house.settings.mail is not None
        pace = ALERTS_EVERY if often else ALERTS_LOOKED_AT_EVERY
        self._alone(engine.ALERTING, ALERTS, _slot(ALERTS, at, pace))
        self._alone(engine.CHECKING, GROUPS, _slot(GROUPS, at, GROUPS_EVERY))
        self._forget()

    def _carry_out(self, workflow: str, action_id: int, tried: str, source: str) -> None:
        """Ask for a removal. Every further try is a new workflow, and so is one after another
        that came to its end without ending the matter."""
        base = f"{workflow}-{action_id}-{tried}"
        if base in self._asked:
            return
        self._asked[base] = monotonic()
        engine.enqueue(
            engine.REMOVALS,
            workflow,
            engine.first_not_over(base),
            action_id,
            account=self._account(source),
        )

    def _poll_if_due(
        self, source_id: int, name: str, last: datetime | None, at: datetime, slow: Set[str]
    ) -> None:
        source = self._house.settings.source(name)
        if source is None or not source.polled or not source.is_due(last, at):
            return
        slot = _slot(f"{POLL}-{source_id}", at, source.poll_every)
        self._ask_poll(_lane(source.account in slow), slot, source_id, source.account)

    def _poll_woken(self, source_id: int, name: str, at: datetime, slow: Set[str]) -> None:
        """The platform said that there is something new: its turn does not wait for the clock."""
        source = self._house.settings.source(name)
        if source is not None and source.polled:
            slot = _slot(f"{POLL}-{source_id}-woken", at, WOKEN_GAP)
            self._ask_poll(_lane(source.account in slow), slot, source_id, source.account)

    def _account(self, name: str) -> str:
        source = self._house.settings.source(name)
        return source.account if source else name

    def _ask_poll(self, queue: str, id_: str, source_id: int, account: str) -> None:
        """Ask for a look at a source, unless one waits for its turn already: a source that comes
        late must not take a turn of others for each time that it came late."""
        if id_ in self._asked:
            return
        before = self._polls.get(source_id, id_)
        if before == id_ or not engine.is_under_way(before):
            engine.enqueue(queue, POLL, id_, source_id, account=account)
            self._asked[id_], self._polls[source_id] = monotonic(), id_

    def _alone(self, queue: str, workflow: str, id_: str) -> None:
        if id_ not in self._asked:
            engine.enqueue(queue, workflow, id_, alone=True)
            self._asked[id_] = monotonic()

    def _forget(self) -> None:
        before = monotonic() - ASKED_AGAIN_AFTER
        self._asked = {id_: asked for id_, asked in self._asked.items() if asked > before}


def _slow_sources(session: Session) -> frozenset[str]:
    """Names of those whose last look failed, or took long. They come back with the first quick
    look. Their whole account goes with them: what shares a token shares one queue and its pace."""
    rows = session.execute(
        select(
            Source.name, Source.blind_since, Source.last_attempt_at, Source.last_success_at
        ).where(Source.enabled)
    )
    return frozenset(
        name
        for name, blind, tried, done in rows
        if blind is not None or (tried is not None and done is not None and done - tried >= LONG)
    )


def _lane(slow: bool) -> str:
    return engine.SLOW_POLLS if slow else engine.POLLS


def _slot(name: str, at: datetime, length: timedelta) -> str:
    """The same id for everybody who asks within the same stretch of time."""
    return f"{name}-{int(at.timestamp() // length.total_seconds())}"
