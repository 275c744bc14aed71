"""Working time: office hours without weekends and the nation's bank holidays (practice 4.3, 4.4).

Hours are counted 9:00 to 17:00, Monday to Friday, as clocks stand in Europe/London; a day of
work is eight of them. Bank holidays differ between England and Wales, Scotland and Northern
Ireland.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from models.errors import MendSettings
from models.vocabulary import aware

LONDON = ZoneInfo("Europe/London")
OPENS = time(9)
CLOSES = time(17)
WORKING_DAY_HOURS = CLOSES.hour - OPENS.hour

_CALENDARS = {"england": "ENG", "wales": "WLS", "scotland": "SCT", "northern_ireland": "NIR"}


def working_hours_after(start: datetime, hours: float, nation: str = "england") -> datetime:
    """The moment (aware UTC) when `hours` office hours have passed since `start` (aware).

    Time outside office hours does not count: four hours from Friday 16:00 end on Monday 12:00.
    Raises MendSettings for a nation that is not one of the four.
    """
    left = timedelta(hours=hours)
    moment = aware(start).astimezone(LONDON)
    day = moment.date()
    while True:
        if is_working_day(day, nation):
            opens = datetime.combine(day, OPENS, LONDON)
            closes = datetime.combine(day, CLOSES, LONDON)
            begins = max(moment, opens)
            if begins + left <= closes:
                return (begins + left).astimezone(UTC)
            left -= max(closes - begins, timedelta(0))
        day += timedelta(days=1)


def is_working_day(day: date, nation: str = "england") -> bool:
    """Whether offices are open on that day. Raises MendSettings as working_hours_after."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year, nation)


@lru_cache
def _bank_holidays(year: int, nation: str) -> frozenset[date]:
    if nation not in _CALENDARS:
        raise MendSettings(
            f'"{nation}" is not a nation this product knows.',
            subject="organisation.nation",
            cure=f"Write one of: {', '.join(_CALENDARS)}.",
        )
    return frozenset(holidays.country_holidays("GB", subdiv=_CALENDARS[nation], years=year))
