"""The youngest age on each platform, with its source and its days (C33; practice 4.10).

    ages = load_platform_ages(None)                  # the table that is shipped
    ages.line("facebook", date(2026, 11, 28))        # AgeLine(minimum=13, ...), None without one
    ages.planned("facebook")                         # what is announced: shown, never applied
    ages.require("facebook", Audience.CHILDREN, 11, today)   # raises Refused, with the reason

The organisation's own file stands over the shipped one: a platform that it names has its rows only.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from models.errors import MendSettings, Refused
from models.vocabulary import Audience

ADULT = 18
"""Anybody who has not reached their 18th birthday is a child (C34)."""

ALIASES = {"facebook_groups": "facebook"}
"""Connectors whose platform has another name here."""

IN_FORCE, PLANNED = "in_force", "planned"
_SHIPPED = Path(__file__).parent / "platform_ages.toml"
_OLDEST = 120


@dataclass(frozen=True, slots=True)
class AgeLine:
    """One row of the table.

    minimum: full years. from_day, until_day: both included, None without. status: IN_FORCE or
    PLANNED (not law: it counts for nothing); when: roughly, for a plan without a day.
    checked_on: when somebody looked, like "2026-08".
    """

    platform: str
    label: str
    minimum: int
    source: str
    checked_on: str
    status: str = IN_FORCE
    from_day: date | None = None
    until_day: date | None = None
    when: str = ""
    note: str = ""

    def holds(self, on: date) -> bool:
        """Whether it counts on that day."""
        begun = self.from_day is None or self.from_day <= on
        over = self.until_day is not None and self.until_day < on
        return self.status == IN_FORCE and begun and not over


class PlatformAges:
    """The whole table. Built by `load_platform_ages`; never changes."""

    def __init__(self, rows: Sequence[AgeLine]) -> None:
        self.rows = tuple(rows)

    def line(self, platform: str, on: date) -> AgeLine | None:
        """The strictest row that counts on that day, None where the platform has no line."""
        key = ALIASES.get(platform, platform)
        counting = (row for row in self.rows if row.platform == key and row.holds(on))
        return max(counting, key=lambda row: row.minimum, default=None)

    def planned(self, platform: str, on: date) -> tuple[AgeLine, ...]:
        """What is announced, and what is law from a later day on: not applied yet."""
        key = ALIASES.get(platform, platform)
        mine = (row for row in self.rows if row.platform == key)
        return tuple(
            row
            for row in mine
            if row.status == PLANNED or (row.from_day is not None and row.from_day > on)
        )

    def names(self) -> dict[str, str]:
        """Every platform of the table, key to label, by label."""
        found = {row.platform: row.label for row in self.rows}
        return dict(sorted(found.items(), key=lambda pair: pair[1].casefold()))

    def require(self, platform: str, audience: Audience, minimum_age: int | None, on: date) -> None:
        """Raises Refused, with its reason, for a group that the table does not allow (C31, C33)."""
        why = self.problem(platform, audience, minimum_age, on)
        if why:
            raise Refused(
                why,
                subject="the group",
                cure="Raise the youngest age, or use a place that is fit for their age.",
            )

    def problem(self, platform: str, audience: Audience, minimum_age: int | None, on: date) -> str:
        """Why such a group may not be, in one or two sentences; "" where it may.

        minimum_age: the youngest that the organisation admits; None: it has said none. A place
        that is open to everyone has no members to admit, so it needs no youngest age.
        """
        if audience is Audience.ADULT_ONLY:
            young = minimum_age is not None and minimum_age < ADULT
            return "A group for adults admits nobody under 18 (C31)." if young else ""
        line = self.line(platform, on)
        if line is None:
            return ""
        said = f"{line.label} is for people of {line.minimum} and over"
        checked = f"({line.source}, checked {line.checked_on}; C33)."
        if minimum_age is None:
            if audience is Audience.PUBLIC:
                return ""
            return f"{said}, and this group says no youngest age {checked}"
        if minimum_age < line.minimum:
            return f"{said}, and this group would admit from {minimum_age} {checked}"
        return ""

    def youngest(self, platform: str, audience: Audience, minimum_age: int | None, on: date) -> int:
        """The age that a member must have reached there: 0 where there is no line at all."""
        if audience is Audience.ADULT_ONLY:
            return ADULT
        line = self.line(platform, on)
        return max(minimum_age or 0, line.minimum if line else 0)


def load_platform_ages(path: Path | None = None) -> PlatformAges:
    """The shipped table, with the organisation's own rows over it where there are some.

    Raises MendSettings for a row that is not understood.
    """
    rows = _read(_SHIPPED)
    if path is not None:
        own = _read(path)
        named = {row.platform for row in own}
        rows = [row for row in rows if row.platform not in named] + own
    return PlatformAges(rows)


def _read(path: Path) -> list[AgeLine]:
    try:
        with path.open("rb") as file:
            written = tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise MendSettings(
            f"It cannot be read ({type(error).__name__}).",
            subject=path.name,
            cure="Write it like the shipped platform_ages.toml.",
        ) from error
    rows = written.get("age", [])
    if set(written) - {"age"} or not isinstance(rows, list):
        raise _wrong(path, 0, "The file holds something other than [[age]] rows.")
    return [_row(path, number, row) for number, row in enumerate(rows, 1)]


def _row(path: Path, number: int, written: Any) -> AgeLine:
    if not isinstance(written, Mapping):
        raise _wrong(path, number, "It is no table.")
    row = {**written}
    from_day, until_day = row.pop("from", None), row.pop("until", None)
    try:
        line = AgeLine(**row, from_day=from_day, until_day=until_day)
    except TypeError as error:
        raise _wrong(path, number, "It has a key that is unknown, or lacks one.") from error
    texts = (line.platform, line.label, line.source, line.checked_on, line.when, line.note)
    days = (line.from_day, line.until_day)
    if not all(isinstance(text, str) for text in texts) or not all(texts[:4]):
        raise _wrong(path, number, "platform, label, source and checked_on are texts.")
    if type(line.minimum) is not int or not 0 <= line.minimum <= _OLDEST:
        raise _wrong(path, number, "minimum is a number of years.")
    if line.status not in (IN_FORCE, PLANNED):
        raise _wrong(path, number, 'status is "in_force" or "planned".')
    if not all(day is None or type(day) is date for day in days):
        raise _wrong(path, number, "from and until are days, like 2027-04-01.")
    return line


def _wrong(path: Path, number: int, what: str) -> MendSettings:
    return MendSettings(
        what,
        subject=f"{path.name}, row {number}",
        cure="Each row needs platform, label, minimum, source and checked_on; it may have status, "
        "from, until, when and note.",
    )
