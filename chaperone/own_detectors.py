"""The detectors of an installation: with its learnt heads, and with its register as it stands."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chaperone.settings import Settings
from classifier.detector import Detector
from models.errors import MendSettings
from models.unit_of_work import Store

if TYPE_CHECKING:
    from classifier.heads import Heads
    from classifier.learnt import LearntHeads

FOLDER = "models"
"""Where learnt heads are kept: in the data folder, beside the database."""


def heads_folder(settings: Settings) -> Path:
    """Where this installation keeps its learnt heads; it need not exist."""
    return settings.data / FOLDER


class OwnDetectors:
    """Loads them when they are first asked for, and anew when other heads are put in force.

    store: where the register is; without one nobody is on it. The three detectors that read the
    register are built anew when it changes; the others, with their weights, stay.
    """

    def __init__(self, settings: Settings, store: Store | None = None) -> None:
        self._settings = settings
        self._store = store
        self._loaded: tuple[int, tuple[Detector, ...]] | None = None
        self._register = ""

    def detectors(self) -> tuple[Detector, ...]:
        """Every detector. Learnt heads that cannot be used are said on standard error, with the
        cure, and the shipped ones are used: a post is never left unread for them."""
        from classifier.learnt import LearntHeads
        from classifier.registry import detectors

        learnt = LearntHeads(heads_folder(self._settings))
        number, problem = _number(learnt)
        if self._loaded is None or self._loaded[0] != number:
            heads, wrong = (None, problem) if number <= 0 else _heads(learnt)
            if wrong:
                _say(wrong)
            self._loaded = (number, detectors(self._settings.organisation, heads))
            self._register = ""
        if self._store is not None:
            self._with_register(self._store)
        return self._loaded[1]

    def _with_register(self, store: Store) -> None:
        """Build what reads the register anew, where the register is not as it was."""
        from casework.naming import named_people, stamp
        from classifier.registry import with_register

        organisation = self._settings.organisation
        with store.read() as session:
            if self._loaded is None or stamp(session) == self._register:
                return
            named = named_people(session, organisation.timezone)
        number, built = self._loaded
        self._loaded = (number, with_register(built, organisation, named))
        self._register = named.stamp


def _number(learnt: "LearntHeads") -> tuple[int, str]:
    """The number in force and "", or -1 and what is wrong."""
    try:
        return learnt.active, ""
    except MendSettings as error:
        return -1, str(error)


def _heads(learnt: "LearntHeads") -> "tuple[Heads | None, str]":
    """The heads in force and "", or None and what is wrong with them."""
    from classifier.learnt import shipped_encoder

    try:
        return learnt.load(shipped_encoder()), ""
    except MendSettings as error:
        return None, str(error)


def _say(problem: str) -> None:
    told = "Until then the heads that came with the program are used."
    print(f"chaperone: Please mend: {problem} {told}", file=sys.stderr, flush=True)
