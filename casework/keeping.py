"""How long words are kept: the classes, the reasons, and the periods of keeping.toml. Pure.

Source: practice 4.8 (retention), 4.9 (minimisation) and the platforms' own terms; what stands in
docs/data-protection.md. An organisation's settings come first, and a legal hold before everything.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import cache
from math import ceil
from pathlib import Path


class Keeping(StrEnum):
    """The class whose period it was. Stored in tombstones."""

    DELETED = "deleted_on_platform"
    CLEARED = "cleared"
    DISMISSED = "dismissed"
    REMOVED = "removed"
    CASE = "case"
    REGISTER = "register"
    CONTACT = "contact"
    MEMBER = "member"


class Reason(StrEnum):
    """Why words are no longer kept. Stored; the triggers of the database know the second."""

    AUTHOR_DELETED = "author_deleted"
    KEPT_LONG_ENOUGH = "kept_long_enough"
    NOT_READ_AGAIN = "not_read_again"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Periods:
    """The periods of one installation. author_deleted, suppressed, not_read_again: by a connector's
    name.

    case, case_about_staff, case_sexual_abuse: from the closing of a case; the longest that applies.
    contact: from a contact with a child; contact_to_age: or until the child is so old in years,
    whichever is later. left: from when somebody left a place.
    legal_hold: nothing is dropped at all while it is set.
    """

    author_deleted: Mapping[str, timedelta] = field(default_factory=dict)
    not_read_again: Mapping[str, timedelta] = field(default_factory=dict)
    suppressed: Mapping[str, timedelta] = field(default_factory=dict)
    cleared: timedelta = timedelta(days=30)
    dismissed: timedelta = timedelta(days=365)
    removed: timedelta = timedelta(days=1095)
    case: timedelta = timedelta(days=9132)
    case_about_staff: timedelta = timedelta(days=18993)
    case_sexual_abuse: timedelta = timedelta(days=27394)
    contact: timedelta = timedelta(days=1096)
    contact_to_age: int = 21
    left: timedelta = timedelta(days=365)
    legal_hold: bool = False


@cache
def shipped() -> Periods:
    """The periods of casework/keeping.toml."""
    with (Path(__file__).parent / "keeping.toml").open("rb") as file:
        rows = tomllib.load(file)
    return Periods(
        author_deleted=_hours(rows["author_deleted"]),
        not_read_again=_hours(rows["not_read_again"]),
        suppressed=_hours(rows["suppressed"]),
        cleared=timedelta(days=rows["keep"]["cleared"]),
        dismissed=timedelta(days=rows["keep"]["dismissed"]),
        removed=timedelta(days=rows["keep"]["removed"]),
        left=timedelta(days=rows["keep"]["left"]),
        contact=years(rows["contacts"]["years"]),
        contact_to_age=rows["contacts"]["to_age"],
        case=years(rows["cases"]["concern"]),
        case_about_staff=years(rows["cases"]["about_staff"]),
        case_sexual_abuse=years(rows["cases"]["sexual_abuse"]),
    )


def years(number: int) -> timedelta:
    """So many years, rounded up to whole days: never a day too short."""
    return timedelta(days=ceil(number * 365.25))


def _hours(rows: Mapping[str, int]) -> dict[str, timedelta]:
    return {connector: timedelta(hours=number) for connector, number in rows.items()}
