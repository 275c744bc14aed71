"""How old somebody is, on a day, by the law's own calendar; pure, no input, no output.

A day is a day in the organisation's time zone (`day_of`). An age is reached at the beginning of
the birthday; somebody born on 29 February has it on 1 March in other years (Family Law Reform Act
1969 s.9, Age of Legal Capacity (Scotland) Act 1991 s.6). Unknown counts as a child (C34).

School years are practice 5.8: windows of birth, per nation, in the year that starts in autumn.
Where there is doubt (nation not told, summer holidays) the younger age is taken.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from models.register_words import AgeBand, Standing
from models.vocabulary import aware

ADULT_AT = 18
"""C34: a child is anyone who has not yet reached their 18th birthday."""

NATIONS = ("england", "wales", "scotland", "northern_ireland")

_BANDS = ((13, AgeBand.UNDER_13), (16, AgeBand.FROM_13_TO_15), (18, AgeBand.FROM_16_TO_17))
_CHILD_BANDS = frozenset(band for _, band in _BANDS)

_LABEL = re.compile(
    r"\s*(?:(?P<reception>reception|yr ?r|year ?r)|(?P<primary>p|primary) ?(?P<p>[1-7])"
    r"|(?P<secondary>s|secondary) ?(?P<s>[1-6])|(?:year|yr|y) ?(?P<y>1[0-4]|[1-9]))\s*\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ages:
    """The youngest and the oldest age in years that something allows, both included."""

    youngest: int
    oldest: int

    @property
    def surely_child(self) -> bool:
        """Whether even the oldest is under 18."""
        return self.oldest < ADULT_AT

    @property
    def band(self) -> AgeBand:
        """The younger band where the ages straddle two."""
        return band_of(self.youngest)


def day_of(moment: datetime, timezone: str = "Europe/London") -> date:
    """The day it is at that moment where people live. Raises ValueError on a naive moment."""
    return aware(moment).astimezone(ZoneInfo(timezone)).date()


def birthday_in(born: date, year: int) -> date:
    """The day in that year at whose beginning the new age is reached."""
    try:
        return born.replace(year=year)
    except ValueError:  # 29 February in a year without one
        return date(year, 3, 1)


def age_on(born: date, day: date) -> int:
    """Whole years on that day. Raises ValueError for a day before the birth."""
    if day < born:
        raise ValueError("an age was asked for on a day before the birth")
    return day.year - born.year - (day < birthday_in(born, day.year))


def adulthood_day(born: date) -> date:
    """The first day on which this person is an adult."""
    return birthday_in(born, born.year + ADULT_AT)


def band_of(age: int) -> AgeBand:
    """The band of an age in whole years."""
    return next((band for limit, band in _BANDS if age < limit), AgeBand.ADULT)


def counts_as_child(
    day: date,
    *,
    standing: Standing,
    date_of_birth: date | None = None,
    age_band: AgeBand = AgeBand.UNKNOWN,
    adult_confirmed: bool = False,
) -> bool:
    """Whether somebody counts as a child on that day (C34).

    A date of birth decides alone: the birthday rolls over by itself. Without one a person's
    confirmation of adulthood decides, then anything that says child, then anything that says
    adult; with nothing known it is a child.
    """
    if date_of_birth is not None:
        return day < adulthood_day(date_of_birth)
    if adult_confirmed:
        return False
    if standing is Standing.CHILD or age_band in _CHILD_BANDS:
        return True
    grown_up = standing in (Standing.ADULT, Standing.ADULT_AT_RISK) or age_band is AgeBand.ADULT
    return not grown_up


def school_year_starts(nation: str, day: date) -> int:
    """The calendar year in which the school year of that day began."""
    month = 8 if nation == "scotland" else 9
    return day.year if day >= date(day.year, month, 1) else day.year - 1


def birth_window(nation: str, label: str, starts: int) -> tuple[date, date] | None:
    """First and last day of birth of the pupils of a school year that begins in autumn `starts`.

    label: "Year 7", "Y7", "Reception", "P4", "S2". None where that nation has no such year.
    Raises ValueError for an unknown nation.
    """
    if nation not in NATIONS:
        raise ValueError(f"{nation} is not one of {', '.join(NATIONS)}")
    number = _number(nation, label)
    if number is None:
        return None
    if nation == "scotland":
        first = date(starts - number - 4, 3, 1)
        return first, date(first.year + 1, 3, 1) - timedelta(days=1)
    if nation == "northern_ireland":
        return date(starts - number - 4, 7, 2), date(starts - number - 3, 7, 1)
    return date(starts - number - 5, 9, 1), date(starts - number - 4, 8, 31)


def ages_in_school_year(label: str, day: date, nation: str | None = None) -> Ages | None:
    """How old somebody in that school year can be on that day; None where it is no school year.

    nation None: any of the four. In the summer holidays the year named may be the one just ended
    or the one to come, and both count. In Scotland and Northern Ireland a start may have been
    put off by a year, so the oldest is a year older there.
    """
    ages: list[int] = []
    for each in NATIONS if nation is None else (nation,):
        for year in _years_meant(each, day):
            window = birth_window(each, label, year)
            if window is not None:
                put_off = each in ("scotland", "northern_ireland")
                ages += [age_on(window[1], day), age_on(window[0], day) + put_off]
    return Ages(min(ages), max(ages)) if ages else None


def _years_meant(nation: str, day: date) -> tuple[int, ...]:
    """The school years, by their autumn, that somebody may mean by "Year 7" on that day."""
    starts = school_year_starts(nation, day)
    if nation == "scotland":  # schools are back in the middle of August
        if day.month == 7:
            return starts, starts + 1
        return (
            (starts - 1, starts)
            if date(day.year, 8, 1) <= day <= date(day.year, 8, 20)
            else (starts,)
        )
    first = 1 if nation == "northern_ireland" else 20
    holidays = date(day.year, 7, first) <= day <= date(day.year, 8, 31)
    return (starts, starts + 1) if holidays else (starts,)


def _number(nation: str, label: str) -> int | None:
    """The number of the year as that nation counts; Scotland's S1 is 8, Reception is 0."""
    found = _LABEL.match(label)
    if found is None:
        return None
    if nation == "scotland":
        if found["p"]:
            return int(found["p"])
        return 7 + int(found["s"]) if found["s"] else None
    if nation == "northern_ireland":
        return int(found["p"] or found["y"] or 0) or None
    if found["reception"]:
        return 0
    year = int(found["y"] or 0)
    return year if 1 <= year <= 13 else None
