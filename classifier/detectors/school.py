"""A named school, nursery or college tied to a child (C20; practice 5.7).

A name alone is not enough: something must say that a child goes there. Left alone: a school as
a venue or partner, dance and stage schools, titles, fictional schools, staff training.
"""

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from classifier.detector import Example, Text
from classifier.detectors.base import NOBODY, PerText, sentence
from classifier.detectors.names import EVERYDAY, ORDINARY_WORDS, is_first_name
from classifier.detectors.school_words import (
    ARTS_AFTER,
    AT,
    CHILD,
    NAMED,
    NOT_A_SCHOOL,
    NOT_IN_A_NAME,
    ONLY_KINDS,
    SELF,
    STRONG,
    THERE,
    TIE_AFTER,
    TIE_BEFORE,
    VENUE,
    VENUE_AFTER,
)
from models.vocabulary import AuthorRole, Category, Finding, Organisation

_MIDDLE = (
    r"(?:C of E|CofE|CE|C\.E\.|Church of England|RC|R\.C\.|Catholic|VA|VC|Community|Foundation"
    r"|Free|Primary|Infants?|Infants'|Juniors?|First|Middle|Upper|Lower|Prep|Preparatory|Nursery"
    r"|Academy|High|Grammar|Comprehensive|Secondary|Girls'?|Boys'?|Special|Integrated|Day"
    r"|Controlled|Maintained|Gaelic|Technology|Technical|Sixth Form|Pre)"
)
_KIND = (
    r"(?:School(?: for (?:Girls|Boys))?|Academy|College|Nursery|Primary|High|Grammar|Infants"
    r"|Juniors|Middle|Comp|Comprehensive|Prep|Sixth Form|Pre-?[Ss]chool|Playgroup|Kindergarten"
    r"|UTC|Secondary|HS|GS|PS|NS|GPS|Girls|Boys|[Pp]re-[Pp]rep)"
)
_CAPITAL_NAME = re.compile(
    rf"\b(?:St\.?|[A-Z][\w'\-]+)(?: (?:St\.|[A-Z][\w'\-]*|of|the|and|&|upon|on|in|y|yr)){{0,4}}? "
    rf"(?:{_MIDDLE} ){{0,4}}{_KIND}\b"
    r"|\b(?:Ysgol|Cylch|Meithrinfa|Coleg|Ngholeg|Goleg|Gaelscoil|Gaelcholáiste|Bunscoil|Naíscoil"
    r"|Scoil|Coláiste) (?:(?:[A-Z][\w'\-]*|y|yr|o|ar|na|an) ){0,4}[A-Z][\w'\-]+"
    r"|\bSt\.? [A-Z][a-z]+'?s\b(?! (?:Church|Hall|Chapel|Road|Street|Lane|Day|Hospital|Hospice))"
)
_SMALL_KIND = (
    r"(?:c of e|cofe|rc|catholic|community|primary|infants?|juniors?|first|middle|upper|lower"
    r"|prep|nursery|academy|high|grammar|comprehensive|comp|secondary|girls'?|boys'?|special"
    r"|college|sixth form|utc|integrated|school|skl|pre-?school|playgroup|kindergarten)"
)
_SMALL_NAME = re.compile(
    r"\b(?:at|to|from|of|go|goes|attends?|attending|start(?:s|ing|ed)?|leav(?:es?|ing)|left|into"
    r"|joins?|joining|in) (?:the )?(?P<name>(?:[a-z][\w'.&\-]* ){1,4}?"
    rf"{_SMALL_KIND}(?: {_SMALL_KIND}){{0,3}}|ysgol(?: [a-z][\w'\-]+){{1,3}}?"
    r"(?= (?:in|and|with|so|but|year|yr|now|this|next|for|on|then)\b|[,.!?]|$))\b"
)
_SMALL_GATE = re.compile(rf"\b(?:{_SMALL_KIND}|ysgol)\b")
_BARE = re.compile(
    r"\b(?:[A-Z][a-z]+'s school is|my school is(?: called)?|(?:her|his|their) school is(?: called)?"
    r"|(?:in|into) (?:(?:[Yy]ear|[Yy]r) ?\w{1,6}|[YyPpSs] ?\d{1,2}) at|[Rr]eception at"
    r"|[Ss]chool: ?|(?:goes|go) to school (?:at|in)|starts at|pupil at|attends"
    r"|[Hh]ead (?:boy|girl) (?:at|of)|[Bb]oarder at|[Hh]omework (?:at|from)"
    r"|(?:start\w*|moving up to|going into) (?:secondary|primary|reception|nursery|sixth form) at"
    r"|in (?:Mrs?|Ms)\.? [A-Z][\w'\-]*'s? class at) "
    r"(?P<name>(?:the )?[A-Z][\w'\-]+(?: [A-Z][\w'\-]+){0,3})"
)
_BARE_CUED = re.compile(
    r"\b(?:[Hh]er|[Hh]is|[Tt]heir|[Mm]y) school \((?P<told>[A-Z][\w'\-]+(?: [A-Z][\w'\-]+){0,3})\)"
    r"|\b(?:[Ss]he|[Hh]e)(?:'?s| is) (?:still |now )?at (?P<short>[A-Z]{1,3}(?:GS|HS|PS))\b"
    r"|\bgoes to (?P<cued>[A-Z][\w'\-]+(?: [A-Z][\w'\-]+){0,3})"
    r"(?=[^.!?\n]{0,60}\b(?:they finish (?:early|at (?:12|half|1|2|3))\b"
    r"|breaks? up|inset|half[ -]term|uniform|homework|teachers?|home ?time|school run"
    r"|(?:[Yy]ear|[Yy]r) ?\d))"
)
"""A name alone, where the words around it speak of a school."""

_GATE = re.compile(
    r"School|Academy|College|Nursery|Primary|High|Grammar|Infants|Juniors|Middle|Comp|Prep|Sixth"
    r"|Pre-?[Ss]chool|Playgroup|Kindergarten|UTC|Secondary|HS|GS|PS|NS|Girls|Boys|Ysgol|Cylch"
    r"|Meithrin|oleg|St\.? [A-Z]|[Ss]coil|Col[aá]iste|cholái|[Pp]re-[Pp]rep"
)


MOST_NAMES = 80
"""Names of schools in one post that are weighed by what stands around them, each for 0.2 ms."""

TOO_MANY = 0.5
"""The score of the next one: nobody has so many schools to name, so a person looks."""


class SchoolDetector(PerText):
    """See the module."""

    name = "school"
    version = "4"
    categories = frozenset({Category.PII_SCHOOL})
    rules = 3
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "Ella goes to Larkfield Primary School", Category.PII_SCHOOL, "Larkfield Primary School"
        ),
        Example(
            "my son is in year 4 at St Bede's C of E Primary",
            Category.PII_SCHOOL,
            "St Bede's C of E Primary",
        ),
        Example("im at oakmere high, anyone else?", Category.PII_SCHOOL, "oakmere high"),
        Example("she attends Ysgol Bro Derw", Category.PII_SCHOOL, "Ysgol Bro Derw"),
        Example("Nell got into Oakmere Grammar", Category.PII_SCHOOL, "Oakmere Grammar"),
        Example("her school is Little Quarry", Category.PII_SCHOOL, "Little Quarry"),
        Example("Rehearsal is in the hall at Larkfield Primary School", Category.PII_SCHOOL),
        Example("Mia goes to the Sunrise School of Dance", Category.PII_SCHOOL),
        Example("We're doing High School Musical", Category.PII_SCHOOL),
        Example("my daughter loves Summer School", Category.PII_SCHOOL),
        Example("Thank you Larkfield High School for hosting our workshop", Category.PII_SCHOOL),
        Example("He walks to the high school, she is at primary school", Category.PII_SCHOOL),
    )

    def __init__(self, organisation: Organisation = NOBODY) -> None:
        super().__init__(organisation)
        own = (organisation.name, *organisation.allowed_venues)
        self._own = tuple(name.lower() for name in own if name)

    def find(self, post: Text) -> Iterable[Finding]:
        """Names with capitals, names in small letters, names that only their place gives away."""
        normal = post.normal
        found = list(self._capitals(post))
        if _SMALL_GATE.search(normal.words):
            found += self._smalls(post)
        taken: list[tuple[int, int]] = []
        for score, span in found:
            if not any(span[0] < last and first < span[1] for first, last in taken):
                taken.append(span)
                because = "A named school, and words that say a child goes there."
                yield self.seen(Category.PII_SCHOOL, score, span, because)

    def _capitals(self, post: Text) -> Iterator[tuple[float, tuple[int, int]]]:
        text = post.normal.text
        if _GATE.search(text):
            for tried, match in enumerate(_CAPITAL_NAME.finditer(text)):
                start = match.start() + _lead(match.group())
                if tried == MOST_NAMES:
                    yield TOO_MANY, post.normal.to_original(start, match.end())
                    break
                if score := self._score(post, text, start, match.end()):
                    yield score, post.normal.to_original(start, match.end())
        for pattern in (_BARE, _BARE_CUED):
            for match in pattern.finditer(text):
                kind = match.lastgroup or "name"
                name = match.group(kind)
                if not NOT_A_SCHOOL.search(name) and not self._is_own(name):
                    yield 0.75, post.normal.to_original(*match.span(kind))

    def _smalls(self, post: Text) -> Iterator[tuple[float, tuple[int, int]]]:
        words = post.normal.words
        for tried, match in enumerate(_SMALL_NAME.finditer(words)):
            name = match.group("name")
            if tried == MOST_NAMES:
                yield TOO_MANY, post.normal.words_to_original(*match.span("name"))
                return
            if NOT_IN_A_NAME.search(name) or not _says_which(name):
                continue
            if score := self._score(post, words, *match.span("name")):
                yield score, post.normal.words_to_original(*match.span("name"))

    def _is_own(self, name: str) -> bool:
        return any(own in name.lower() or name.lower() in own for own in self._own)

    def _score(self, post: Text, text: str, start: int, end: int) -> float:
        """How surely a child goes there; 0 for no school, our own place or a bare mention."""
        name = text[start:end]
        if ONLY_KINDS.fullmatch(name) or NOT_A_SCHOOL.search(name) or self._is_own(name):
            return 0.0
        after = text[end : end + 40]
        if ARTS_AFTER.match(after) or VENUE_AFTER.match(after):
            return 0.0
        first, last = sentence(text, start, end, 200)
        before, behind = text[first:start], text[end:last]
        around = f"{before} | {behind}"
        venue = bool(VENUE.search(around))
        if venue and post.author_role == AuthorRole.STAFF:
            return 0.0
        tied = bool(TIE_BEFORE.search(before) or STRONG.search(before) or TIE_AFTER.match(behind))
        child = bool(
            CHILD.search(around)
            or NAMED.search(around)
            or _first_name(before)
            or THERE.match(text[end : end + 60])
        )
        own = post.author_role == AuthorRole.MEMBER or (
            post.author_role != AuthorRole.STAFF and bool(SELF.search(around))
        )
        if name.startswith("St") and " " in name and not re.search(_KIND, name):
            return 0.8 if STRONG.search(before) and child and not venue else 0.0
        if venue:
            return 0.6 if STRONG.search(before) and child and _close(before) else 0.2
        if child and (tied or AT.search(before)):
            return 0.92 if tied else 0.7
        return 0.8 if tied and own else 0.3 if tied or child else 0.0


def _lead(name: str) -> int:
    """How many characters at its start are a word that only stands before it."""
    words = name.split(" ")
    skip = 0
    while len(words) > 2 and words[0] in _NOT_FIRST and words[1] != "Lady":
        skip += len(words.pop(0)) + 1
    return skip


_NOT_FIRST = frozenset(
    [
        "The",
        "And",
        "At",
        "To",
        "From",
        "In",
        "Of",
        "Our",
        "My",
        "Her",
        "His",
        "Their",
        "Is",
        "Are",
        "She",
        "He",
        "We",
        "They",
        "Thank",
        "Thanks",
        "Dear",
        "Hi",
        "Hello",
        "Congratulations",
        "Well",
        "When",
        "Only",
        "Supports",
        "Both",
        "All",
        "Year",
        "Yr",
        "Reception",
        "Now",
        "If",
        "From",
        "Leavers",
    ]
)


def _says_which(name: str) -> bool:
    """Whether a name in small letters has a word that is no ordinary one, or a plain kind."""
    words = name.split()
    if words[0] == "ysgol" or any(word not in ORDINARY_WORDS for word in words[:-1]):
        return not words[-1].endswith(("girls", "boys")) and words[-1] not in _NO_KIND
    return words[-1] in ("primary", "academy", "grammar", "juniors", "infants", "comp")


_NO_KIND = frozenset(
    ["first", "special", "catholic", "community", "middle", "upper", "lower", "prep", "rc"]
)


def _first_name(before: str) -> bool:
    """Whether a first name stands in the words before the school."""
    words = re.findall(r"[^\W\d_]+", before)[-6:]
    return any(
        is_first_name(word) and (word.lower() not in EVERYDAY or word[0].isupper())
        for word in words
    )


def _close(before: str) -> bool:
    """Whether nothing of a venue stands between the child and the school."""
    return not VENUE.search(before[-45:])
