"""The worker: fetches, reads, carries out and sends, until it is told to stop.

worker = Worker(house, "main")
worker.run(stop)            # stop: a threading.Event

One loop looks for what is due and enqueues it; the engine runs it in threads. What goes wrong is
said once, written where people see it, and tried again; nothing here ends the loop but `stop`.
"""

import signal
import sys
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy.exc import OperationalError

from chaperone import engine, signs_of_life
from chaperone.chores import Chores
from chaperone.keeping_out import KeepingOut
from chaperone.settings import load
from chaperone.sweep import Sweep
from chaperone.wiring import House
from chaperone.workflows import REDECIDE, Workflows
from models.errors import ChaperoneError, NeedsOperator
from models.unit_of_work import remedy
from models.vocabulary import now

T = TypeVar("T")

SWEEP_EVERY = 0.5
"""Seconds. A removal that was just decided is under way after half of this on average."""

TAKE_OVER_EVERY = 10.0
FORGET_EVERY = 3600.0
LAPSE_EVERY = 3600.0
"""Consents end at 18 on a day; looking every hour finds it on the day, whenever we were started."""

DROP_EVERY = 600.0
"""Seconds between two looks for words that are no longer kept: some platforms want them gone at
once when their deletion is seen."""
MATCH_EVERY = 5.0
"""Seconds. So long after the register changed, what is open is matched with it anew."""
SAID_AGAIN_AFTER = 60.0
"""Seconds before the same complaint is printed again."""

WEEKLY = "weekly-digest"


def work(config: Path, name: str = "main") -> None:
    """Run a worker with the settings in that file until SIGTERM or Ctrl-C.

    Raises MendSettings, NeedsOperator where it cannot start.
    """
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    house = House(load(config))
    try:
        house.prepare()
        Worker(house, name).run(stop)
    finally:
        house.close()


class Worker:
    """One worker. name: the same at every start; another worker on the machine has another."""

    def __init__(self, house: House, name: str = "main") -> None:
        self.house = house
        self.name = name
        self.chores = Chores(house, self.guard)
        self._said: dict[str, float] = {}
        self._problem: ChaperoneError | None = None

    def guard(self, about: str, call: Callable[..., T], *arguments: Any) -> T:
        """call(*arguments), from which nothing comes but a ChaperoneError, said aloud.

        The one place where any exception is caught: a mistake in one source's connector or in
        one step must not stop the work on all the others. Its words may hold a post's, so only
        its kind and place are said.
        """
        try:
            return call(*arguments)
        except ChaperoneError as error:
            self._say(str(error))
            raise
        except OperationalError as error:
            trouble = remedy(error)
            self._say(str(trouble))
            raise trouble from error
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}"
            trouble = NeedsOperator(
                f"This is a mistake in the program ({place}).",
                subject=about,
                cure="Please report it. The rest goes on, and this is tried again.",
            )
            self._say(str(trouble))
            raise trouble from error

    def _say(self, what: str) -> None:
        """On standard error, the same words once a minute."""
        if monotonic() - self._said.get(what, -SAID_AGAIN_AFTER) < SAID_AGAIN_AFTER:
            return
        self._said[what] = monotonic()
        print(f"worker: {what}", file=sys.stderr, flush=True)

    def run(self, stop: Event) -> None:
        """Work until `stop` is set; then finish the steps in hand.

        Raises NeedsOperator where another worker has this name, or the engine cannot start.
        """
        only_one = signs_of_life.OnlyOne(self.house.settings.data, self.name)
        try:
            self._start()
            self._loop(stop)
        finally:
            engine.stop()
            only_one.release()

    def _start(self) -> None:
        store, settings = self.house.store, self.house.settings
        alive = signs_of_life.last_sign(store)
        signs_of_life.beat(store, self.name, None, starting=True)
        workflows = Workflows(self.chores, self.guard)
        engine.launch(settings.database_url, self.name)
        zone = settings.organisation.timezone
        engine.schedule_weekly(WEEKLY, workflows.digest, settings.digest.cron, zone)
        engine.enqueue(engine.READING, REDECIDE, f"{REDECIDE}-{now().isoformat()}")
        if alive is not None:
            # The schedule itself remembers only from its first tick on.
            engine.catch_up(WEEKLY, max(alive, now() - timedelta(days=7)))

    def _loop(self, stop: Event) -> None:
        sweep = Sweep(self.house)
        chores: tuple[tuple[float, Callable[[], Any]], ...] = (
            (MATCH_EVERY, KeepingOut(self.house.store)),
            (SWEEP_EVERY, sweep),
            (signs_of_life.BEAT_EVERY.total_seconds(), self._beat),
            (TAKE_OVER_EVERY, self._take_over),
            (FORGET_EVERY, engine.forget_old),
            (LAPSE_EVERY, self.chores.lapse_consents),
            (DROP_EVERY, self.chores.drop_words),
        )
        due = [0.0] * len(chores)
        while not stop.is_set():
            for place, (every, chore) in enumerate(chores):
                if monotonic() >= due[place]:
                    self._try(chore)
                    due[place] = monotonic() + every
            stop.wait(SWEEP_EVERY / 2)

    def _try(self, chore: Callable[[], Any]) -> None:
        """A chore of the loop: what fails is said, and comes round again."""
        try:
            self.guard("the worker", chore)
            self._problem = None
        except ChaperoneError as error:
            self._problem = error

    def _beat(self) -> None:
        signs_of_life.beat(self.house.store, self.name, self._problem, starting=False)

    def _take_over(self) -> None:
        for name in signs_of_life.silent(self.house.store, self.name):
            taken = engine.take_over(name)
            if taken:
                self._say(f'took over {taken} from the worker "{name}", which is silent')
