"""What the worker does, as durable workflows: poll, read, carry out, write.

A workflow is a list of steps, each a plain idempotent chore; the engine remembers which were
done. Only ids and states pass through it. A step never raises: what went wrong comes back as a
word named by its remedy, and the workflow decides what follows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from dbos import DBOS

from chaperone.chores import Chores
from chaperone.guarded import Guard
from models.errors import ChaperoneError, NeedsOperator, RetryLater
from models.vocabulary import now

DONE, LATER, OPERATOR, REFUSED = "done", "later", "operator", "refused"
"""How a step ended, by what has to happen next."""

POLL, READ, CARRY_OUT, TAKE_OUT, ALERTS, REDECIDE, GROUPS, DIGEST = (
    "poll",
    "read",
    "carry_out",
    "take_out",
    "alerts",
    "redecide",
    "groups",
    "digest",
)

MOST_ROUNDS = 10
"""One poll stops after a minute; a source with much to fetch goes on this often in a row."""

MOST_BATCHES = 100
REMOVAL_TRIES = 8
WRITING_TRIES = 48
LATEST_DIGEST = timedelta(days=7)
"""A digest later than this would say nothing new: the next one is due."""

SHORTEST_WAIT, LONGEST_WAIT = 5, 3600
"""Seconds between tries that the engine sleeps, durably."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a step ended. value: what it counted, or the seconds to wait where word is LATER."""

    word: str
    value: int = 0

    @property
    def well(self) -> bool:
        """Whether it did what it was asked."""
        return self.word == DONE


class Workflows:
    """The workflows of one house, registered with the engine. Build once, before it is launched."""

    def __init__(self, chores: Chores, guard: Guard) -> None:
        self._chores = chores
        self._guard = guard

        # The engine wants functions of its own, with annotations: it cannot keep bound methods.
        @DBOS.workflow(name=POLL)
        def poll(source_id: int) -> str:
            return self._poll(source_id)

        @DBOS.workflow(name=READ)
        def read() -> str:
            return self._read()

        @DBOS.workflow(name=CARRY_OUT)
        def carry_out(action_id: int) -> str:
            return self._carry_out(action_id)

        @DBOS.workflow(name=TAKE_OUT)
        def take_out(removal_id: int) -> str:
            return self._take_out(removal_id)

        @DBOS.workflow(name=ALERTS)
        def alerts() -> str:
            return self._step("alert", "alerts", self._chores.send_alerts).word

        @DBOS.workflow(name=REDECIDE)
        def redecide() -> str:
            return self._until_done("redecide", "the policy", self._chores.redecide, 3).word

        @DBOS.workflow(name=GROUPS)
        def groups() -> str:
            return self._step("groups", "the groups", self._chores.check_groups).word

        @DBOS.workflow(name=DIGEST)
        def digest(scheduled_at: datetime, _context: Any) -> None:
            self._digest(scheduled_at)

        self.digest = digest

    def _step(self, name: str, about: str, call: Callable[[], int]) -> Ended:
        """Run a step, or recall how it ended when it was run before."""

        def run() -> list[Any]:
            try:
                found = self._guard(about, call)
            except RetryLater as error:
                return [LATER, max(1, int(error.after.total_seconds()))]
            except NeedsOperator:
                return [OPERATOR, 0]
            except ChaperoneError:
                return [REFUSED, 0]
            return [DONE, int(found)]

        word, value = DBOS.run_step({"name": name}, run)
        return Ended(word, value)

    def _until_done(self, name: str, about: str, call: Callable[[], int], tries: int) -> Ended:
        """The step again and again, with durable sleeps that grow, until it is done."""
        ended = self._step(name, about, call)
        for number in range(1, tries):
            if ended.well:
                break
            wait = max(ended.value, SHORTEST_WAIT * 2 ** min(number, 10))
            DBOS.sleep(min(wait, LONGEST_WAIT))
            ended = self._step(name, about, call)
        return ended

    def _poll(self, source_id: int) -> str:
        """Fetch what is new at one source, then confirm what was taken away there."""
        about = f"source {source_id}"
        for number in range(MOST_ROUNDS):
            fetch = partial(self._chores.fetch, source_id, if_due=number == 0)
            ended = self._step("fetch", about, fetch)
            if not ended.well or not ended.value:
                break
        self._step("confirm", about, partial(self._chores.confirm_seen, source_id))
        return ended.word

    def _read(self) -> str:
        """Classify what nobody has read yet and put it before people, until nothing is left.

        What comes to nothing here is still due in the tables, and the sweep asks for it again.
        """
        for _ in range(MOST_BATCHES):
            read = self._step("classify", "new posts", self._chores.classify)
            filed = self._step("file", "the queue", self._chores.file)
            if not (read.well and filed.well):
                return filed.word if read.well else read.word
            if not (read.value or filed.value):
                break
        return DONE

    def _carry_out(self, action_id: int) -> str:
        """Freeze the evidence, act, look again, hand over what is to be said.

        What the platform puts off stands in the action with its time, and the sweep asks anew.
        """
        about, chores = f"removal {action_id}", self._chores
        ended = self._until_done("freeze", about, partial(chores.freeze, action_id), REMOVAL_TRIES)
        for name, chore in (
            ("act", chores.act),
            ("confirm", chores.confirm),
            ("tell", chores.tell),
        ):
            if not ended.well or not ended.value:
                break
            ended = self._until_done(name, about, partial(chore, action_id), REMOVAL_TRIES)
        if not ended.well:
            self._until_done("give_up", about, partial(chores.give_up, action_id), REMOVAL_TRIES)
        return ended.word

    def _take_out(self, removal_id: int) -> str:
        """Take somebody out of a place, and look whether they are gone."""
        about, chores = f"member removal {removal_id}", self._chores
        ended = Ended(DONE)
        for name, chore in (("take_out", chores.take_out), ("confirm_out", chores.confirm_out)):
            ended = self._until_done(name, about, partial(chore, removal_id), REMOVAL_TRIES)
            if not ended.well or not ended.value:
                break
        if not ended.well:
            give_up = partial(chores.give_up_out, removal_id)
            self._until_done("give_up", about, give_up, REMOVAL_TRIES)
        return ended.word

    def _digest(self, scheduled_at: datetime) -> str:
        """The summaries of the week that ended then, once per person and role."""
        if now() - scheduled_at > LATEST_DIGEST:
            return REFUSED
        send = partial(self._chores.send_digest, scheduled_at)
        return self._until_done("send", "the digest", send, WRITING_TRIES).word
