"""Weeks, as digests name them: ISO weeks ("2026-W47"), Monday to Sunday, in the people's zone."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.errors import MendInput
from models.vocabulary import aware, now

LONDON = "Europe/London"
MONDAY = 0
LEAVES = time(7, 30)


def week_of(moment: datetime, timezone: str = LONDON) -> str:
    """The week that a digest leaving at `moment` (aware) is about: the last whole one before."""
    local = aware(moment).astimezone(ZoneInfo(timezone)).date()
    return _name(local - timedelta(days=7))


def due_week(
    moment: datetime | None = None,
    *,
    weekday: int = MONDAY,
    leaves: time = LEAVES,
    timezone: str = LONDON,
) -> str:
    """The newest week whose digest should have left by `moment` (aware; now if not given).

    A machine that was off on Monday finds the same week on Tuesday: what was missed is sent then.
    """
    zone = ZoneInfo(timezone)
    local = aware(moment or now()).astimezone(zone)
    day = local.date() - timedelta(days=(local.weekday() - weekday) % 7)
    if datetime.combine(day, leaves, zone) > local:
        day -= timedelta(days=7)
    return _name(day - timedelta(days=7))


def bounds(week: str, timezone: str = LONDON) -> tuple[datetime, datetime]:
    """The week's first moment and the first one after it, aware UTC. Raises MendInput."""
    first = monday(week)
    zone = ZoneInfo(timezone)
    starts = datetime.combine(first, time(), zone)
    ends = datetime.combine(first + timedelta(days=7), time(), zone)
    return starts.astimezone(UTC), ends.astimezone(UTC)


def monday(week: str) -> date:
    """The week's Monday. Raises MendInput for what is not a week."""
    match = re.fullmatch(r"(\d{4})-W(\d{2})", week)
    try:
        if match is None:
            raise ValueError(week)
        return date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError as error:
        raise MendInput(
            "It is not a week.", subject="the week", cure='Write for example "2026-W47".'
        ) from error


def _name(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"
