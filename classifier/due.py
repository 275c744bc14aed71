"""How soon something is due: the words of the policy and the clock behind them (practice 4.3)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from models.vocabulary import Organisation, aware

OPENS, CLOSES = time(9), time(17)
"""Working hours, local time, Monday to Friday but for the nation's bank holidays."""

LEAST_SAME_DAY = timedelta(hours=4)
"""What comes in late in the evening still leaves this long."""

SUBDIVISIONS = {"england": "ENG", "wales": "WLS", "scotland": "SCT", "northern_ireland": "NIR"}
_WORDS = re.compile(r"(\d{1,3}) (hours?|working hours?|working days?)")


@dataclass(frozen=True, slots=True)
class Due:
    """A due time as the policy words it. unit: "now", "hour", "day end", "working hour" or
    "working day"; count: how many of them. Shorter ones sort first by `rank`."""

    words: str
    unit: str
    count: int = 0

    @property
    def rank(self) -> int:
        """Hours of the clock, roughly, to tell which of two is sooner."""
        return {"now": 0, "hour": 1, "day end": 8, "working hour": 1, "working day": 24}[
            self.unit
        ] * max(self.count, 1)

    def at(self, moment: datetime, organisation: Organisation) -> datetime:
        """When it is due, aware UTC, for something that came in at `moment` (aware)."""
        start = aware(moment)
        if self.unit == "now":
            return start
        if self.unit == "hour":
            return start + timedelta(hours=self.count)
        local = start.astimezone(ZoneInfo(organisation.timezone))
        if self.unit == "day end":
            midnight = datetime.combine(local.date(), time(23, 59), local.tzinfo)
            return max(midnight.astimezone(UTC), start + LEAST_SAME_DAY)
        minutes = self.count * (60 if self.unit == "working hour" else 8 * 60)
        return _working(local, minutes, organisation.nation).astimezone(UTC)


def parse_due(words: str) -> Due | None:
    """The policy's words as a Due; None where they are not understood."""
    said = " ".join(words.split())
    if said == "now":
        return Due(said, "now")
    if said == "same day":
        return Due(said, "day end")
    match = _WORDS.fullmatch(said)
    if match is None or not int(match.group(1)):
        return None
    return Due(said, match.group(2).removesuffix("s"), int(match.group(1)))


@lru_cache(maxsize=64)
def _bank_holidays(nation: str, year: int) -> frozenset[str]:
    days = holidays.country_holidays("GB", subdiv=SUBDIVISIONS.get(nation, "ENG"), years=year)
    return frozenset(day.isoformat() for day in days)


def is_working_day(moment: datetime, nation: str) -> bool:
    """Whether that local moment lies on a working day: neither weekend nor bank holiday there."""
    return moment.weekday() < 5 and moment.date().isoformat() not in _bank_holidays(
        nation, moment.year
    )


def _working(local: datetime, minutes: int, nation: str) -> datetime:
    """Spend working minutes from `local` on; ends inside working hours."""
    at = local
    while True:
        opens = datetime.combine(at.date(), OPENS, at.tzinfo)
        closes = datetime.combine(at.date(), CLOSES, at.tzinfo)
        if is_working_day(at, nation) and at < closes:
            at = max(at, opens)
            left = int((closes - at).total_seconds() // 60)
            if minutes <= left:
                return at + timedelta(minutes=minutes)
            minutes -= left
        at = opens + timedelta(days=1)
