"""What trying one real server came to, and the errors that mean "it could not be started"."""

from dataclasses import dataclass, field

STEPS = ("collect", "flag", "remove", "confirm")
"""What is tried against each server, in this order."""


class CannotStart(Exception):
    """The server cannot be started here. Its text says why, and what to install."""


@dataclass(slots=True)
class LiveResult:
    """One line of the table.

    server: its name and version ("WordPress 6.1.9"). done: a step of STEPS, and what was seen.
    cannot: why it could not be started; then nothing was tried. failed: the step that went
    wrong, and how. seconds: from installing to stopping.
    """

    server: str
    done: dict[str, str] = field(default_factory=dict)
    cannot: str = ""
    failed: str = ""
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether every step was done."""
        return not self.cannot and not self.failed and all(step in self.done for step in STEPS)
