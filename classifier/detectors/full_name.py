"""First name and surname of a private person (C21): by lists, by shape, and by what is said.

Left alone: staff who state their own role, public figures, characters, streets, halls, cups and
other things named after people, first names alone, and whoever the register speaks about. A spaCy
entity model trained for this was measured and left out (docs/model-card.md): it found less, flagged
more and took 4.4 s to load on a shared core.
"""

import itertools
import re
from collections.abc import Iterable
from typing import ClassVar, NamedTuple

from classifier.detector import Example, Text
from classifier.detectors.base import NOBODY, PerText, window
from classifier.detectors.full_name_words import (
    PERSON_AFTER,
    PERSON_BEFORE,
    ROLE_AFTER,
    SAYS_OWN_NAME,
    SIGNS,
    THING,
    THING_AFTER,
    TITLE_BEFORE,
    WORK_BEFORE,
)
from classifier.detectors.names import (
    EVERYDAY,
    EVERYDAY_SURNAMES,
    FIRST_NAMES,
    KNOWN_PEOPLE,
    ORDINARY_WORDS,
    is_first_name,
    is_rare,
    is_surname,
    looks_like_a_surname,
)
from classifier.detectors.registered_name import Register
from models.vocabulary import AuthorRole, Category, Finding, Organisation

_WORD = re.compile(r"(?<![\w@#./'-])[^\W\d_]+(?:['-][^\W\d_]+)*(?![\w@/])")
_CAPITALS = re.compile(r"[^\W\d_]+ [^\W\d_]")
_JOIN = re.compile(r" (?:[A-Z]\.? |[\"'(][A-Z][a-z]+[\"')] )?")
_PARTICLES = frozenset(
    [
        "van",
        "de",
        "der",
        "den",
        "von",
        "da",
        "dos",
        "di",
        "al",
        "el",
        "bin",
        "ap",
        "ab",
        "le",
        "la",
        "st",
        "mc",
        "mac",
        "ni",
        "ó",
        "nic",
    ]
)

_LINKS = frozenset(["van", "der", "von", "ap", "ab", "bin", "ó", "nic"])
"""Particles that hardly stand between anything but the parts of a person's name."""
_SEPT = re.compile(r"(?:Nic|Mac|Mc|O'|al-|Al-|el-|El-)[A-Z][\w'-]+")

_OWNER_AFTER = re.compile(
    r"(?: has (?:left|lost|forgotten) (?:his|her|their)|,? (?:b\.|born|aged) ?\d)\b", re.I
)
_KIT_AFTER = re.compile(r" (?:coat|shoes|bag|lunch\w*|inhaler|jumper|glasses|water bottle)\b")


_SURNAME_FIRST = re.compile(
    r"(?P<last>[A-Z][\w'-]{2,})(?P<comma>,?) (?P<first>[A-Z][a-z]+)(?=\s?(?:[;,.\n(]|$))"
)
_OPENS = (":", ";", "\n", "•")
_LISTS = re.compile(
    r"\b(?:absent|absences|late|present|attendance|register|team|squad|entries|names?|list|cast"
    r"|reds|blues|greens|yellows|year \d+|first aid|apologies)\b[^.\n]{0,30}$",
    re.I,
)


class _Word(NamedTuple):
    """One word of the text and where it stands."""

    text: str
    low: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        """Whether it is written as a name is."""
        return self.text[0].isupper()


class FullNameDetector(PerText):
    """See the module."""

    name = "full_name"
    version = "4"
    categories = frozenset({Category.PII_FULL_NAME})
    rules = 4
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("Well done to Ella Hartnell for her solo", Category.PII_FULL_NAME, "Ella Hartnell"),
        Example("my son is Kofi Mensah", Category.PII_FULL_NAME, "Kofi Mensah"),
        Example(
            "Has anyone seen Priya McAllister-Jones?",
            Category.PII_FULL_NAME,
            "Priya McAllister-Jones",
        ),
        Example("congrats amara okafor!!", Category.PII_FULL_NAME, "amara okafor"),
        Example("ISLA WETHERBY won", Category.PII_FULL_NAME, "ISLA WETHERBY"),
        Example("tagging Zebedee Quill", Category.PII_FULL_NAME, "Zebedee Quill"),
        Example("I'm Sarah Holt, your welfare officer", Category.PII_FULL_NAME),
        Example("Music by Andrew Lloyd Webber", Category.PII_FULL_NAME),
        Example("Auditions for Peter Pan and Oliver Twist", Category.PII_FULL_NAME),
        Example("Ella and Mia were lovely", Category.PII_FULL_NAME),
        Example("The George Hall Memorial Trophy, Victoria Park", Category.PII_FULL_NAME),
        Example("See you on Saturday June 4th", Category.PII_FULL_NAME),
        Example("chloe smashed it, isla fell over", Category.PII_FULL_NAME),
    )

    def __init__(
        self, organisation: Organisation = NOBODY, register: Register | None = None
    ) -> None:
        super().__init__(organisation)
        self._register = register or Register()
        own = (organisation.name, organisation.lead_name, organisation.outside_contact)
        self._own = tuple(name.lower() for name in (*own, *organisation.allowed_venues) if name)

    def find(self, post: Text) -> Iterable[Finding]:
        """Neighbouring words that are a name of a person together, and of no thing."""
        text, judged = post.normal.text, None
        words = [
            _Word(match.group(), match.group().lower(), *match.span())
            for match in _WORD.finditer(text)
        ]
        at = 0
        while at + 1 < len(words):
            first = words[at]
            if first.low not in FIRST_NAMES and not first.capital and "-" not in first.low:
                at += 1
                continue
            last = self._name(text, words, at)
            if last:
                final = words[last]
                if self._private(post, words, at, last):
                    close = final.end - 2 * final.low.endswith("'s")
                    span = post.normal.to_original(first.start, close)
                    judged = self._register.judged(post) if judged is None else judged
                    if any(start <= span[0] and span[1] <= end for start, end in judged):
                        at = last + 1
                        continue  # the register knows this person and has the last word
                    because = "A first name and a surname, most likely of a private person."
                    yield self.seen(Category.PII_FULL_NAME, 0.75, span, because)
                at = last
            at += 1
        yield from self._turned_round(post)

    def _turned_round(self, post: Text) -> Iterable[Finding]:
        """The surname first, as registers write it: "Absent: Hartnell, Mia", "Team: HARTNELL Mia".
        One such pair alone counts beside a word of a list only."""
        text = post.normal.text
        pairs = [one for one in _SURNAME_FIRST.finditer(text) if self._listed(text, one)]
        if not pairs or (len(pairs) == 1 and not _LISTS.search(text[: pairs[0].start()].rstrip())):
            return
        judged = self._register.judged(post)
        for one in pairs:
            span = post.normal.to_original(*one.span())
            if not any(first <= span[0] and span[1] <= last for first, last in judged):
                because = "A surname and a first name, as in a list of people."
                yield self.seen(Category.PII_FULL_NAME, 0.75, span, because)

    def _listed(self, text: str, pair: re.Match[str]) -> bool:
        """Whether a surname and a first name of a private person stand there, as a line of a list:
        with a comma between them, or the surname in capitals."""
        surname, first = pair["last"].lower(), pair["first"]
        before = text[max(0, pair.start() - 2) : pair.start()]
        if before[-1:].isspace() and before[-1:] != "\n":
            before = before[:-1] or "?"
        opens = not before or before[-1] in _OPENS
        if pair["comma"]:
            fits = opens and not text[pair.end() : pair.end() + 2].lstrip().startswith(",")
        else:
            fits = opens or before[-1] == ","
            fits = fits and pair["last"].isupper() and len(surname) > 3
        if not fits or not is_first_name(first) or not looks_like_a_surname(surname):
            return False
        if surname in EVERYDAY_SURNAMES or surname in ORDINARY_WORDS or surname in FIRST_NAMES:
            return False
        name = f"{first.lower()} {surname}"
        return name not in KNOWN_PEOPLE and not any(name in own for own in self._own)

    def _name(self, text: str, words: list[_Word], at: int) -> int:
        """The place of the last word of a name that begins at `at`; 0 where none does."""
        first = words[at]
        known = first.low in FIRST_NAMES or ("-" in first.low and is_first_name(first.low))
        if not known and (not first.capital or "'" in first.low or len(first.low) < 3):
            return 0
        last = at + 1
        if not _beside(text, first, words[last]):
            return 0
        while last + 1 < len(words) and _continues(text, words, at, last):
            last += 1
        second = words[last]
        if second.low in _PARTICLES or THING.fullmatch(second.low.removesuffix("'s")):
            return 0
        low = second.low.removesuffix("'s")
        if _linked(words[at : last + 1]) and _plain(first):
            fits = True
        elif first.capital and second.capital:
            fits = _capitals(text, first, second, low, known)
        else:
            fits = known and not second.capital and _small(text, first, second)
        return last if fits else 0

    def _private(self, post: Text, words: list[_Word], at: int, last: int) -> bool:
        text, start, end = post.normal.text, words[at].start, words[last].end
        lows = [word.low.removesuffix("'s") for word in words[at : last + 1]]
        if any(f"{one} {two}" in KNOWN_PEOPLE for one, two in itertools.pairwise(lows)):
            return False
        if f"{lows[0]} {lows[-1]}" in KNOWN_PEOPLE or any(" ".join(lows) in o for o in self._own):
            return False
        before, after = window(text, start, end, 50)
        if words[last].low.endswith("'s"):
            after = f"'s{after}"
        if THING_AFTER.match(after) or ROLE_AFTER.match(after):
            return False
        if TITLE_BEFORE.search(before) or WORK_BEFORE.search(before):
            return False
        signs = SIGNS.search(before) and len(after.strip()) < 3
        own = bool(SAYS_OWN_NAME.search(before) or signs)
        return not (own and post.author_role == AuthorRole.STAFF)


def _plain(first: _Word) -> bool:
    """Whether the first word can be a first name: no ordinary word, no thing, not loud."""
    return (
        first.capital
        and not first.text.isupper()
        and first.low not in ORDINARY_WORDS
        and not THING.fullmatch(first.low)
    )


def _linked(words: list[_Word]) -> bool:
    """Whether a particle binds the words: "Jan van Dyk", "Omar al-Nasser", "Una NicLeod"."""
    second = words[-1].text
    if _SEPT.fullmatch(second) and len(words) == 2:
        return words[0].low in FIRST_NAMES or second[:2] == "Ni"
    return second[0].isupper() and any(word.low in _LINKS for word in words[1:-1])


def _beside(text: str, one: _Word, two: _Word) -> bool:
    """Whether only a space, an initial or a nickname stands between them."""
    gap = text[one.end : two.start]
    return gap == " " or (len(gap) < 20 and bool(_JOIN.fullmatch(gap)))


def _continues(text: str, words: list[_Word], at: int, last: int) -> bool:
    """Whether the next word belongs to the name too: "Ella Rose Hartnell", "Jan van Dyk"."""
    here, following = words[last], words[last + 1]
    if last - at > 3 or not _beside(text, here, following):
        return False
    if here.low not in _PARTICLES and here.capital != words[at].capital:
        return False
    if here.low in _PARTICLES:
        return following.low in _PARTICLES or following.capital == words[at].capital
    low = following.low.removesuffix("'s")
    if following.capital != words[at].capital or THING.fullmatch(low):
        return False
    if following.text.isupper() and low in ORDINARY_WORDS:
        return False  # the sentence goes on in capitals
    if not looks_like_a_surname(low) or (not following.capital and low in EVERYDAY_SURNAMES):
        return False
    if here.low in FIRST_NAMES:
        return True
    return following.capital and here.low not in ORDINARY_WORDS and low not in EVERYDAY_SURNAMES


def _capitals(text: str, first: _Word, second: _Word, low: str, known: bool) -> bool:
    """Two capital words: a listed first name with any surname, or strangers with context."""
    loud = first.text.isupper() or second.text.isupper()
    if loud and not (first.text.isupper() and second.text.isupper() and len(low) > 2):
        return False
    surname = looks_like_a_surname(low)
    if loud and not (known and surname and first.low not in EVERYDAY):
        return False
    if known and first.low not in EVERYDAY:
        return (surname or low not in ORDINARY_WORDS) and (surname or low not in FIRST_NAMES)
    personal = _personal(text, first, second)
    if known:
        return (
            personal > 1 or (surname and personal > 0) or (surname and low not in EVERYDAY_SURNAMES)
        )
    if first.low in ORDINARY_WORDS or THING.fullmatch(first.low) or is_surname(first.low):
        return False
    if low in ORDINARY_WORDS or personal < 1 or first.text.isupper():
        return False
    return personal > 1 or (is_surname(low) and low not in EVERYDAY_SURNAMES)


def _small(text: str, first: _Word, second: _Word) -> bool:
    """Small letters: a listed surname that is no word, or a rare word where a person is meant."""
    low = second.low
    listed = is_surname(low) and low not in EVERYDAY_SURNAMES and low not in FIRST_NAMES
    if low.endswith("'s") or (first.capital and not listed):
        return False
    plain = first.low not in EVERYDAY and len(first.low) > 2
    if listed and plain:
        return True
    if listed or (plain and (is_surname(low) or is_rare(low))):
        return _personal(text, first, second) > 0
    return False


def _personal(text: str, first: _Word, second: _Word) -> int:
    """How plainly the words before (2 at most) and after (1) say that it is a person."""
    before, after = window(text, first.start, second.end, 40)
    owns = second.low.endswith("'s") and _KIT_AFTER.match(after)
    if owns or _OWNER_AFTER.match(after):
        return 2
    leads = PERSON_BEFORE.search(before)
    if leads:
        return 2 if leads.lastgroup == "plain" else 1
    starts = not before.strip() or before.rstrip()[-1] in ":;,.!?"
    return int(bool(starts and PERSON_AFTER.match(after)))
