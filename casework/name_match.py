"""Who on the register a member of a group is: the handle first, then the name (C31, C32).

book = NameBook(everybody(session))            # once for a whole list of members
match = book.match("facebook", handle="ella.h", display_name="✨ Ella Hartnell ✨")
match.verdict     AUTOMATIC: match.person_id is this person
                  OFFERED: a close call, which goes to a person with match.candidates
                  NONE: nobody on the register comes near

A name alone links by itself only where it is the whole name of one single person, word for word,
and no name that many people bear. All else is offered: a nickname, an initial, a married name, a
slip of the pen. Scores run from 0 to 100 and say how near the words are, not how probable it is.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from casework import name_shapes as shapes
from casework.register import RegisteredPerson
from casework.register_names import handle_key, short_forms

MOST_OFFERED = 5
"""Candidates shown to a person. More would be no help."""

OFFERED_FROM = 80.0
_SLIP = 0.90
"""How near two words must be (Jaro-Winkler) to be one word with a slip of the pen."""


class Verdict(StrEnum):
    """What follows from a match."""

    AUTOMATIC = "automatic"
    OFFERED = "offered"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person who may be meant. score: 0 to 100. why: plain words, without any name."""

    person_id: int
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Match:
    """candidates: the best first; exactly one where the verdict is AUTOMATIC."""

    verdict: Verdict
    candidates: tuple[Candidate, ...] = ()

    @property
    def person_id(self) -> int | None:
        """Who it is, where that needs no person to decide; else None."""
        return self.candidates[0].person_id if self.verdict is Verdict.AUTOMATIC else None


NOBODY = Match(Verdict.NONE)


@dataclass(frozen=True, slots=True)
class _Known:
    """One name of one person. first, last: words of the name, either may be empty."""

    person_id: int
    first: tuple[str, ...]
    last: tuple[str, ...]
    alias: bool

    @property
    def words(self) -> tuple[str, ...]:
        return self.first + self.last


class NameBook:
    """The names and handles of the register, ready to be asked 50,000 times in half a minute."""

    def __init__(self, people: Iterable[RegisteredPerson]) -> None:
        self._handles: dict[tuple[str, str], int] = {}
        self._whole: dict[tuple[str, ...], set[int]] = defaultdict(set)
        self._by_word: dict[str, set[int]] = defaultdict(set)
        self._joined: dict[str, set[int]] = defaultdict(set)
        self._names: list[_Known] = []
        for person in people:
            for handle in person.handles:
                self._handles[handle.connector, handle.key] = person.id
            self._add(person.id, shapes.split(person.first_name, person.surname), alias=False)
            for alias in person.aliases:
                self._add(person.id, shapes.parted(alias), alias=True)
        self._vocabulary = list(self._by_word)
        self._near_words = lru_cache(maxsize=100_000)(self._find_near_words)

    def _add(self, person_id: int, parts: shapes.Parts, *, alias: bool) -> None:
        known = _Known(person_id, *parts, alias)
        if not known.words:
            return
        place = len(self._names)
        self._names.append(known)
        self._whole[known.words].add(person_id)
        self._joined["".join(known.words)].add(person_id)
        for word in known.words:
            self._by_word[word].add(place)

    def match(self, connector: str, handle: str, display_name: str) -> Match:
        """Who that is. handle, display_name: as the platform shows them, "" where it does not."""
        key = handle_key(handle)
        for where in (connector, "") if key else ():
            person_id = self._handles.get((where, key))
            if person_id is not None:
                why = "The handle is on the register."
                return Match(Verdict.AUTOMATIC, (Candidate(person_id, 100.0, why),))
        shown = shapes.read(display_name)
        sure = self._surely(shown)
        if sure is not None:
            why = "The whole name is the same, and one person on the register has it."
            return Match(Verdict.AUTOMATIC, (Candidate(sure, 100.0, why),))
        offered = self._offered(shown)
        if not offered and key:
            offered = self._offered_by_handle(key)
        ranked = sorted(offered.values(), key=lambda one: (-one.score, one.person_id))
        if not ranked:
            return NOBODY
        return Match(Verdict.OFFERED, tuple(ranked[:MOST_OFFERED]))

    def _surely(self, shown: shapes.Shown) -> int | None:
        """The one person whose whole name this is; None where it is anybody's guess."""
        if len(shown.words) < 2 or shown.doubtful or shapes.is_common(shown.words):
            return None
        found = self._whole.get(shown.words, set())
        return next(iter(found)) if len(found) == 1 else None

    def _offered(self, shown: shapes.Shown) -> dict[int, Candidate]:
        found: dict[int, Candidate] = {}
        for words in (shown.words, *shown.also):
            places = {place for word in words for place in self._places_near(word)}
            for place in places:
                known = self._names[place]
                score, why = _nearness(words, known)
                before = found.get(known.person_id)
                if score >= OFFERED_FROM and (before is None or score > before.score):
                    found[known.person_id] = Candidate(known.person_id, score, why)
        return found

    def _places_near(self, word: str) -> set[int]:
        """Names that hold the word, a form of it, or nearly it. Initials look for nothing."""
        if len(word) < 2:
            return set()
        near: set[int] = set()
        for each in self._near_words(word):
            near |= self._by_word.get(each, set())
        return near

    def _find_near_words(self, word: str) -> frozenset[str]:
        forms = {each for each in short_forms(word) if each in self._by_word}
        if word in self._by_word:
            return frozenset(forms | {word})
        near = process.extract(
            word,
            self._vocabulary,
            scorer=JaroWinkler.similarity,
            score_cutoff=_SLIP,
            limit=8,
        )
        return frozenset(forms | {each for each, _, _ in near})

    def _offered_by_handle(self, key: str) -> dict[int, Candidate]:
        """ "ella.hartnell_13" reads like a name; that is a reason to ask, never to decide."""
        words = shapes.words_of_handle(key)
        people = self._whole.get(words, set()) if len(words) > 1 else set()
        people = people or self._joined.get("".join(words), set())
        why = "The handle reads like this person's name."
        return {each: Candidate(each, 85.0, why) for each in people}


def _nearness(words: tuple[str, ...], known: _Known) -> tuple[float, str]:
    """How near a shown name is to one on the register, and why in plain words; 0 where not."""
    if words == known.words or sorted(words) == sorted(known.words):
        if len(words) < 2:
            return (90.0, "The other name on the register is the same.") if known.alias else _NOT
        same = words == known.words
        return (96.0, "The same words.") if same else (88.0, "The same words in another order.")
    if not known.first or not known.last or len(words) < 2:
        return _NOT
    first, last = words[0], words[-len(known.last) :]
    given = _same_first(first, known.first)
    family = _same_last(words[1:], last, known.last)
    if not given or not family:
        return _NOT
    score = min(given[0], family[0])
    reasons = [why for _, why in (given, family) if why]
    if len(words) > len(known.words) and family[1] == "":
        score, reasons = min(score, 90.0), [*reasons, "There is a middle name more."]
    return score, " ".join(reasons) or "First and last words are the same."


_NOT = (0.0, "")


def _same_first(shown: str, known: tuple[str, ...]) -> tuple[float, str] | None:
    whole = known[0]
    if shown == whole:
        return 95.0, ""
    if len(shown) == 1 and whole.startswith(shown):
        return 82.0, "Only an initial of the first name is shown."
    if shown in short_forms(whole):
        return 92.0, "The first name is another form of the same name."
    if len(known) > 1 and shown in known[1:]:
        return 84.0, "A middle name is used as the first."
    if JaroWinkler.similarity(shown, whole) >= _SLIP and shown[:1] == whole[:1]:
        return 84.0, "The first name differs by a letter or two."
    return None


def _same_last(
    rest: tuple[str, ...], shown: tuple[str, ...], known: tuple[str, ...]
) -> tuple[float, str] | None:
    if shown == known:
        return 95.0, ""
    if len(rest) == 1 and len(rest[0]) == 1 and known[0].startswith(rest[0]):
        return 82.0, "Only an initial of the last name is shown."
    if set(known) & set(rest):
        return 86.0, "One part of a double or changed last name is the same."
    together, whole = " ".join(shown), " ".join(known)
    if together[:1] == whole[:1] and JaroWinkler.similarity(together, whole) >= _SLIP:
        return 84.0, "The last name differs by a letter or two."
    return None
