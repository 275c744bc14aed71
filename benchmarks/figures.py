"""One measured figure beside its promise."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """value and promise in `unit`; the promise is a ceiling."""

    what: str
    value: float
    promise: float
    unit: str

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return self.value <= self.promise

    def line(self) -> str:
        """For a terminal."""
        mark = "ok " if self.holds else "NOT"
        return f"{mark} {self.what:<58} {self.value:>10.2f} {self.unit}  (promise {self.promise:g})"
