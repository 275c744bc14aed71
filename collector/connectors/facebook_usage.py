"""How much of the platform's allowance is used, from the headers of its answers."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta

SLOW_DOWN_AT = 75
"""Percent of the allowance at which polling pauses (fact sheet: "slow down above 75")."""

_HEADERS = ("X-App-Usage", "X-Page-Usage", "X-Business-Use-Case-Usage")
_COUNTS = ("call_count", "total_time", "total_cputime")
_LONGEST = 24 * 60
_WITHOUT_HINT = timedelta(minutes=10)


class Usage:
    """The newest figures. percent: the highest of them. regain: as the newest answer told."""

    def __init__(self) -> None:
        self.percent: float = 0
        self.regain: timedelta | None = None

    def note(self, headers: Mapping[str, str]) -> None:
        """Take the figures of one answer; headers that cannot be read say nothing."""
        percent: list[float] = []
        minutes: list[float] = []
        for name in _HEADERS:
            for figures in _figures(headers.get(name, "")):
                percent.extend(_numbers(figures, _COUNTS))
                minutes.extend(_numbers(figures, ("estimated_time_to_regain_access",)))
        if percent:
            self.percent = max(percent)
        regain = min(max(minutes, default=0), _LONGEST)
        self.regain = timedelta(minutes=regain) if regain > 0 else None

    @property
    def pause(self) -> timedelta | None:
        """How long polling should rest, or None where there is room."""
        if self.percent <= SLOW_DOWN_AT:
            return None
        return self.regain or _WITHOUT_HINT


def _figures(header: str) -> Iterator[Mapping[str, object]]:
    """The objects with figures in one header: flat, or lists of them by account."""
    try:
        found = json.loads(header) if header else {}
    except (ValueError, RecursionError):
        return
    if not isinstance(found, dict):
        return
    yield found
    for accounts in found.values():
        if isinstance(accounts, list):
            yield from (account for account in accounts if isinstance(account, dict))


def _numbers(figures: Mapping[str, object], names: tuple[str, ...]) -> Iterator[float]:
    for name in names:
        value = figures.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e6:
            yield float(value)
