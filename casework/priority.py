"""What comes first: a sum that can be printed, every part of it in plain English.

    points of the policy (level, categories, place) + reports + what could not be checked
    + one point for each hour waited

The waiting part grows by itself, and for every item at the same pace, so the order among items
does not depend on the time of asking. That is why `item.priority` is stored without it, as
points - hours(opened): the database walks an index in the right order, and what is shown,
stored + hours(now), is the true sum.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from models.vocabulary import Level

Parts = tuple[tuple[str, int], ...]
"""Plain English and its points, in the order in which they are printed."""

REPORT_POINTS = 30
MOST_REPORTS = 3
"""Further reports add nothing: a crowd must not push everything else aside."""
UNCHECKED_POINTS = 20
DANGER_POINTS = 10_000
"""More than a year of waiting: nothing ever comes before immediate danger."""

_BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)


def hours(moment: datetime) -> int:
    """Whole hours from the beginning of 2020, UTC, to an aware moment."""
    return int((moment - _BEGINNING).total_seconds() // 3600)


def parts(
    policy_points: Iterable[tuple[str, int]], level: Level, reports: int, unchecked: bool
) -> Parts:
    """Everything but the waiting. reports: how many since it was last decided."""
    found = [("Somebody may be in danger now", DANGER_POINTS)] if level is Level.L4 else []
    found += [(str(label), int(points)) for label, points in policy_points]
    if reports:
        many = "A person reported it" if reports == 1 else f"{reports} people reported it"
        found.append((many, REPORT_POINTS * min(reports, MOST_REPORTS)))
    if unchecked:
        found.append(("It could not be checked fully", UNCHECKED_POINTS))
    return tuple(found)


def stored(found: Parts, opened_at: datetime) -> int:
    """What `item.priority` holds: the points, less the hour at which it was opened."""
    return sum(points for _, points in found) - hours(opened_at)


def printed(
    found: Iterable[Iterable[object]], opened_at: datetime, at: datetime
) -> tuple[int, Parts]:
    """The sum at a moment, and its parts with the waiting, as a person reads them."""
    plain = tuple((str(label), int(str(points))) for label, points in found)
    waited = max(hours(at) - hours(opened_at), 0)
    if waited:
        plain += ((f"Waiting for {waited} hour{'s' if waited > 1 else ''}", waited),)
    return sum(points for _, points in plain), plain
