"""Dates as British people write them, day first; shared by detectors. Pure, no time zones."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_NUMERAL = r"(?:x?(?:i{1,3}|i?[vx]|vi{1,3}))"
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_ORDINAL_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_ORDINALS = _ORDINAL_WORDS.split()
_ORDINAL = rf"(?:twenty[- ])?(?:{'|'.join(_ORDINALS)})|thirtieth|thirty[- ]first"
DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?!\d)|(?:{_ORDINAL}))"
_YEAR = r"(?:(?:19|20)\d\d|'?\d\d(?![\d:]))"
_FORMS = re.compile(
    rf"""(?<![\d/.\-£])(?:
      (?P<y1>(?:19|20)\d\d)[-/.](?P<m1>\d{{1,2}})[-/.](?P<d1>\d{{1,2}})(?![\d/])
    | (?P<d2>\d{{1,2}})\s?(?P<s>[/.\-])\s?(?P<m2>\d{{1,2}}|{_NUMERAL})\s?(?P=s)\s?
      (?P<y2>(?:19|20)\d\d|\d\d)(?![\d/:]|[.\-]\d)
    | (?P<d3>\d\d)\s(?P<m3>\d\d)\s(?P<y3>(?:19|20)\d\d)(?!\d)
    | (?P<d6>\d{{1,2}}(?:st|nd|rd|th))\sof\sthe\s(?P<m6>\d{{1,2}})(?:st|nd|rd|th),?\s(?P<y6>{_YEAR})
    | (?P<d4>{DAY})(?:\s(?:of|day\sof))?[\s\-]{{0,2}}(?P<m4>{MONTH}),?[\s\-]{{0,2}}(?P<y4>{_YEAR})
    | (?P<m5>{MONTH})\s(?:the\s)?(?P<d5>{DAY}),?\s(?P<y5>{_YEAR})
    )""",
    re.I | re.X,
)
_SIX = re.compile(r"(?<!\d)(\d\d)(\d\d)(\d\d)(?!\d)")
_FIGURES = re.compile(r"\d{1,4}([/.\-])\d{1,2}\1\d{2,4}")


_SMALL = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    "|sixteen|seventeen"
)
_OF_A_BIRTH = re.compile(
    r"\b(?:born|birth\w*|b[-' ]?days?|dob|d\.o\.b|turn(?:s|ed|ing)?|aged?|years? old|yrs? old|yo"
    r"|teenager|arrived|welcome to the world|new-?born|weigh\w*|cr[eè]che|\d{1,2} ?lbs?"
    r"|candles|pen-?blwydd|ganwyd|oed|baby|double (?:digits|figures)"
    r"|(?:i'?m|i am|is|are|be|she'?s|he'?s|they'?re) (?:only |just |now |finally |gonna be )?"
    rf"(?:1[0-7]|[1-9]|{_SMALL}))\b",
    re.I,
)


_SAID_OR_SPACED = re.compile(
    rf"\b(?:two thousand|twenty (?:{_SMALL})|(?:{MONTH}|the \w+) (?:{_SMALL})"
    r"|[0-3]?\d [01]?\d \d\d)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A whole date at a span of the text. four: the year was written with four figures."""

    day: date
    start: int
    end: int
    four: bool


def whole_dates(text: str, today: date, six_figures: bool = False) -> Iterator[Found]:
    """Valid dates with a year. Two figures mean the latest year that is not after `today`.
    six_figures: "120312" counts too."""
    for match in _FORMS.finditer(text):
        found = next(n for n in "123456" if match.group(f"d{n}"))
        year = match.group(f"y{found}").lstrip("'")
        day, month = match.group(f"d{found}"), match.group(f"m{found}")
        real = _real(_day(day), _month(month), year, today)
        if not real and found == "2" and len(year) == 4 and month.isdigit():
            real = _real(int(month), int(day), year, today)  # month first, as Americans write
        if real:
            yield Found(real, match.start(), match.end(), len(year) == 4)
    if six_figures:
        for match in _SIX.finditer(text):
            if real := _real(int(match[1]), int(match[2]), match[3], today):
                yield Found(real, match.start(), match.end(), False)


def impossible(text: str, today: date) -> bool:
    """Whether dates stand there that are nobody's birth: in figures, and none of them a day that
    exists (31/02/2016), or all of them still to come."""
    days = [found.day for found in whole_dates(text, today)]
    return all(day > today for day in days) if days else bool(_FIGURES.search(text))


def may_be_a_birth(said: str, around: str, today: date) -> bool:
    """Whether `said`, in the sentences `around` it, can be a day of birth: words of a birth or of
    an age stand there, or a date of somebody who is 1 to 115 years old, or one that is spaced out
    or said in words. Dates of the last year without such words are of forms, orders and shows."""
    if _OF_A_BIRTH.search(around):
        return not impossible(said, today)
    ages = [years_between(found.day, today) for found in whole_dates(said, today)]
    if not ages and not impossible(said, today):
        return bool(_SAID_OR_SPACED.search(said))
    return any(1 <= age <= 115 for age in ages)


def local_day(moment: datetime | None, fallback: datetime) -> date:
    """The day in Britain at that moment (aware), or at `fallback`."""
    return (moment or fallback).astimezone(ZoneInfo("Europe/London")).date()


def years_between(born: date, today: date) -> int:
    """The age in whole years; negative before birth."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _day(words: str) -> int:
    digits = re.sub(r"\D", "", words)
    if digits:
        return int(digits)
    said = words.lower().replace("-", " ")
    if said == "thirtieth":
        return 30
    if said == "thirty first":
        return 31
    tens = 20 if said.startswith("twenty ") else 0
    last = said.removeprefix("twenty ")
    return tens + _ORDINALS.index(last) + 1 if last in _ORDINALS else 0


def _month(words: str) -> int:
    said = words.lower()
    if said in _ROMAN:
        return _ROMAN.index(said) + 1
    return int(words) if words.isdigit() else _MONTHS.index(said[:3]) + 1


def _real(day: int, month: int, year: str, today: date) -> date | None:
    whole = int(year)
    if len(year) == 2:
        whole += 2000 if whole <= today.year % 100 else 1900
    try:
        return date(whole, month, day)
    except ValueError:
        return None
