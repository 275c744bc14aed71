"""The stamp that begins each message of an exported chat, and the order of its numbers.

WhatsApp writes dates as the phone's language has it and never says which. The order is decided
over the whole file: the one in which every date exists and time runs forward; the UK's where
both do. Stamps are naive, in the phone's local time.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MARKS = "\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
"""Invisible direction marks that WhatsApp puts around names and special texts."""

_GAP = f"[ \u00a0\u2009\u202f{MARKS}]"
_DATE = r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})"
_TIME = rf"(\d{{1,2}})[:.](\d{{2}})(?:[:.](\d{{2}}))?(?:{_GAP}*([AaPp])\.?{_GAP}?[Mm]\.?)?"
_ANDROID = re.compile(rf"[{MARKS}]*{_DATE},?{_GAP}+{_TIME}{_GAP}+-{_GAP}(.*)", re.ASCII | re.DOTALL)
_IPHONE = re.compile(rf"[{MARKS}]*\[{_DATE},?{_GAP}+{_TIME}\]{_GAP}?(.*)", re.ASCII | re.DOTALL)
_FIRST_YEAR, _LAST_YEAR = 2009, 2100
"""WhatsApp began in 2009."""

_BACKWARDS = timedelta(days=1)
"""Late delivery puts messages out of order by less than this."""


@dataclass(frozen=True, slots=True)
class Header:
    """The numbers of one stamp, as written, and what follows it. line: from 0."""

    line: int
    numbers: tuple[int, int, int]
    year_first: bool
    hour: int
    minute: int
    second: int
    half: str
    rest: str


Order = Callable[[tuple[int, int, int]], tuple[int, int, int]]
"""Written numbers to (year, month, day)."""

_DAY_FIRST: Order = lambda n: (n[2], n[1], n[0])  # noqa: E731
_MONTH_FIRST: Order = lambda n: (n[2], n[0], n[1])  # noqa: E731
_YEAR_FIRST: Order = lambda n: (n[0], n[1], n[2])  # noqa: E731


def headers(lines: Sequence[str]) -> list[Header]:
    """Every line that begins like a message, in the one layout that most of them have."""
    android: list[Header] = []
    iphone: list[Header] = []
    for number, line in enumerate(lines):
        first = line.lstrip("\u200e\u200f\ufeff\u202a\u202c")[:1]
        if first.isdigit():
            found, into = _ANDROID.match(line), android
        elif first == "[":
            found, into = _IPHONE.match(line), iphone
        else:
            continue
        if found is not None:
            into.append(_header(number, found))
    return iphone if len(iphone) > len(android) else android


def _header(line: int, found: re.Match[str]) -> Header:
    one, _, two, three, hour, minute, second, half, rest = found.groups()
    numbers = (int(one), int(two), int(three))
    return Header(
        line,
        numbers,
        len(one) == 4,
        int(hour),
        int(minute),
        int(second or 0),
        (half or "").lower(),
        rest,
    )


def stamps(found: Sequence[Header]) -> tuple[list[datetime | None], bool]:
    """Each header's time, None where its date does not exist, and whether the order is a guess."""
    if sum(header.year_first for header in found) * 2 > len(found):
        return _read(found, _YEAR_FIRST), False
    orders = (_DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST)
    readings = [_read(found, order) for order in orders]
    faults = [_faults(reading) for reading in readings]
    best = faults.index(min(faults))
    guessed = best == 0 and faults[0] == faults[1] and readings[0] != readings[1]
    return readings[best], guessed


def _read(found: Sequence[Header], order: Order) -> list[datetime | None]:
    return [_moment(header, order) for header in found]


def _moment(header: Header, order: Order) -> datetime | None:
    year, month, day = order(header.numbers)
    hour = header.hour
    if header.half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if header.half == "p" else 0)
    year = year + 2000 if year < 100 else year
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        # Naive on purpose: the phone's local time.
        return datetime(year, month, day, hour, header.minute, header.second)  # noqa: DTZ001
    except ValueError:
        return None


def _faults(reading: Sequence[datetime | None]) -> tuple[int, int]:
    """Dates that do not exist, and jumps back in time."""
    missing = back = 0
    before: datetime | None = None
    for moment in reading:
        if moment is None:
            missing += 1
            continue
        if before is not None and before - moment > _BACKWARDS:
            back += 1
        before = moment
    return missing, back
