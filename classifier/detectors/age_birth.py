"""Births that authors give as their own: with the day of the post they say an age."""

import re
from collections.abc import Iterator
from datetime import date

from classifier.detectors.age_more import IM
from classifier.detectors.base import sentence
from classifier.detectors.dates import Found, whole_dates, years_between

_YOUNGEST, _ADULT = 3, 18
"""Whole years between which somebody who writes is taken to be a child."""

_GATE = re.compile(r"\b(?:my|i'?m|i am|i was|born|dob)\b")
_OWN = re.compile(
    r"\bmy (?:d\.?o\.?b\.?|date of birth|birth ?date|b(?:irth|')?day)(?: is|'s|:| =)?(?: on)?"
    rf"(?: the)? ?$|\b(?:i was|{IM}) born (?:on )?(?:the )?$"
)
_ONLY_IM = re.compile(rf"\b{IM} (?:the )?$")
_BORN = re.compile(r"^\W*(?:born|dob:?)(?: on)?(?: the)? ?$")
_MYSELF = re.compile(r"^,? ?(?:so |and )?(?:i'?m|i am|that'?s me)\b")
_IN_FIGURES = re.compile(r"[\d/.\- ]+")
_YEAR = re.compile(
    r"(?:\b(?:i was|i were|i'?m|we were|i wis) |(?:^|[.!?\n] ?))born in (?P<year>20\d\d)\b"
)


def own_births(words: str, today: date) -> Iterator[tuple[int, int, str]]:
    """Start, end and what the author says there: "my dob is 7/8/12", "I was born in 2012".

    words: Normalised.words. Only births that make a child of them on `today`, the post's day.
    """
    if not _GATE.search(words):
        return
    for found in whole_dates(words, today):
        start = _said_from(words, found)
        if start is not None and _YOUNGEST <= years_between(found.day, today) < _ADULT:
            yield start, found.end, "gives their own date of birth"
    for match in _YEAR.finditer(words):
        if _YOUNGEST <= today.year - int(match.group("year")) < _ADULT:
            yield *match.span(), "gives a year of birth"


def _said_from(words: str, found: Found) -> int | None:
    """Where the words begin that say that this day is the author's own birth, if they do.

    A year of two figures beside a month in words may be an hour: "my bday 5 jan 12 till 3".
    """
    if not found.four and not _IN_FIGURES.fullmatch(words[found.start : found.end]):
        return None
    line = words[max(0, found.start - 40) : found.start].rsplit("\n", 1)[-1]
    own = _OWN.search(line) or (_ONLY_IM.search(line) if found.four else None)
    if own:
        return found.start - len(line) + own.start()
    first, last = sentence(words, found.start, found.end, 150)
    born = _BORN.search(words[first : found.start])
    return first + born.start() if born and _MYSELF.search(words[found.end : last]) else None
