"""Finding the names of many people in a text at once, whatever their letters or case.

index = NameIndex(named_people)
for mention in index.mentions(post.normal): mention.start, mention.end, mention.people

A text is cut into words once; each word that begins a name leads into a trie of words. Five
thousand names cost less than a millisecond a post, because only words that are there are walked.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from classifier.detectors.names import EVERYDAY, EVERYDAY_SURNAMES, ORDINARY_WORDS
from classifier.normalise import Normalised, normalise
from models.named_people import NamedPeople, NamedPerson

_PLAIN_WORDS = EVERYDAY | EVERYDAY_SURNAMES | ORDINARY_WORDS
"""Names that are words as well, and words that posts write small."""

_MARKS = "".join(c for c in map(chr, range(0x0300, 0x1C00)) if unicodedata.category(c)[0] == "M")
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{re.escape(_MARKS)}])*")
"""Letters with the vowel signs on them: to a regular expression those are no letters."""

_ACCENTS = re.compile("[\u0300-\u036f]")
_BETWEEN = re.compile(r"[ \t\u00a0'\-]{1,4}\Z")
"""What may stand between the words of one name."""

_AFTER_AN_INITIAL = re.compile(r"\. ?\Z")
"""What may stand between "J" or "St" and the next word."""

_TURNED = re.compile(r", ?\Z")
"""What stands between them where the surname comes first."""

_NO_MIDDLE = frozenset(
    (
        *("and", "or", "with", "to", "the", "is", "was", "at", "in", "on", "for", "my", "our"),
        *("her", "his", "x", "s", "n"),
    )
)
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text. start, end: in the original, end exclusive. people: all who bear it.

    tag: whether it is a handle. form: whether only a short form of a first name leads to them.
    """

    start: int
    end: int
    people: tuple[NamedPerson, ...]
    tag: bool = False
    form: bool = False


@dataclass(slots=True)
class _Node:
    """A place in the trie: the words that go on from here, and who ends here."""

    next: dict[str, "_Node"] = field(default_factory=dict)
    people: list[NamedPerson] = field(default_factory=list)
    forms: list[NamedPerson] = field(default_factory=list)


class NameIndex:
    """The names of these people. Build it once for each state of the register."""

    def __init__(self, named: NamedPeople) -> None:
        self._root = _Node()
        self._turned = _Node()
        self._tags: dict[str, list[NamedPerson]] = {}
        for person in named.people:
            for name in person.names:
                self._add(name, person)
            for tag in person.tags:
                self._tags.setdefault(_tag_key(tag), []).append(person)
        for person in named.people:
            for form in person.forms:
                self._end(self._root, name_tokens(form)).forms.append(person)
        self._firsts = frozenset(self._root.next.keys() | self._turned.next.keys())

    def _add(self, name: str, person: NamedPerson) -> None:
        for tokens in spellings(name):
            if len(tokens) < 2 and not person.do_not_publish:
                continue  # a first name alone names nobody (C21 is about full names)
            self._end(self._root, tokens).people.append(person)
            if len(tokens) > 1:
                # "Hartnell, Ella": the first word of the name is put last
                self._end(self._turned, (*tokens[1:], tokens[0])).people.append(person)

    @staticmethod
    def _end(root: _Node, tokens: Sequence[str]) -> _Node:
        node = root
        for token in tokens[:_MOST_WORDS]:
            node = node.next.setdefault(token, _Node())
        return node

    def mentions(self, normal: Normalised) -> Iterator[Mention]:
        """The names that stand in a text, from its beginning, the longest first; no overlaps."""
        tagged = bool(self._tags) and "@" in normal.words
        if not tagged and self._firsts.isdisjoint(map(_bare, _WORD.findall(normal.words))):
            return  # most posts name nobody; to know it takes no places of words
        words = [(_bare(m.group()), m.start(), m.end()) for m in _WORD.finditer(normal.words)]
        at = 0
        while at < len(words):
            # Nearly every word begins no name: what looks further is not even called for it.
            word = words[at][0]
            if not tagged and word not in self._root.next and word not in self._turned.next:
                at += 1
                continue
            found = self._tag_at(normal, words, at) or self._name_at(normal, words, at)
            if found is None:
                at += 1
                continue
            mention, length = found
            yield mention
            at += length

    def _tag_at(
        self, normal: Normalised, words: list[tuple[str, int, int]], at: int
    ) -> tuple[Mention, int] | None:
        start = words[at][1]
        if not self._tags or start == 0 or normal.words[start - 1] != "@":
            return None
        shown = re.match(r"[\w.\-]+", normal.words[start:])
        people = self._tags.get(shown.group().rstrip(".-"), []) if shown else []
        if not shown or not people:
            return None
        end = start + len(shown.group().rstrip(".-"))
        span = normal.words_to_original(start - 1, end)
        length = sum(1 for _, first, _ in words[at:] if first < end)
        return Mention(*span, tuple(people), tag=True), length

    def _name_at(
        self, normal: Normalised, words: list[tuple[str, int, int]], at: int
    ) -> tuple[Mention, int] | None:
        if words[at][0] in self._root.next:
            best = _walk(self._root, normal.words, words, at)
            if best is not None:
                return self._mention(normal, words, at, best)
        if words[at][0] in self._turned.next:
            best = _walk_turned(self._turned, normal.words, words, at)
            if best is not None:
                return self._mention(normal, words, at, best)
        return None

    def _mention(
        self,
        normal: Normalised,
        words: list[tuple[str, int, int]],
        at: int,
        best: tuple[_Node, int],
    ) -> tuple[Mention, int] | None:
        node, last = best
        span = normal.words_to_original(words[at][1], words[last][2])
        written = normal.original[span[0] : span[1]]
        plain = all(word in _PLAIN_WORDS for word, _, _ in words[at : last + 1])
        if plain and written == written.lower():
            return None  # "will power", "grace hope": a name only with a capital letter
        people = tuple(dict.fromkeys(node.people or node.forms))
        return Mention(*span, people, form=not node.people), last - at + 1


def _walk(
    root: _Node, text: str, words: list[tuple[str, int, int]], at: int
) -> tuple[_Node, int] | None:
    """The longest name that begins at this word: where it ends, and at which word.

    One word more between the first and the last is a middle name, unless it is "and" or such.
    """
    node, best, place = root.next[words[at][0]], None, at
    if node.people or node.forms:
        best = (node, at)
    while place + 1 < len(words) and _joined(text, words, place):
        step = node.next.get(words[place + 1][0])
        if step is None:
            break
        node, place = step, place + 1
        if node.people or node.forms:
            best = (node, place)
    if best is None and place == at:
        return _over_a_middle_name(node, text, words, at)
    return best


def _joined(text: str, words: list[tuple[str, int, int]], place: int) -> bool:
    """Whether this word and the next can be words of one name."""
    word, _, end = words[place]
    between = text[end : words[place + 1][1]]
    if len(word) <= 2 and _AFTER_AN_INITIAL.match(between):
        return True
    return _BETWEEN.match(between) is not None


def _over_a_middle_name(
    node: _Node, text: str, words: list[tuple[str, int, int]], at: int
) -> tuple[_Node, int] | None:
    if at + 2 >= len(words) or words[at + 1][0] in _NO_MIDDLE:
        return None
    joined = _joined(text, words, at) and _joined(text, words, at + 1)
    step = node.next.get(words[at + 2][0]) if joined else None
    return (step, at + 2) if step is not None and step.people else None


def _walk_turned(
    root: _Node, text: str, words: list[tuple[str, int, int]], at: int
) -> tuple[_Node, int] | None:
    """ "Hartnell, Ella": a comma before the last word."""
    node, place = root.next[words[at][0]], at
    while place + 1 < len(words):
        between = text[words[place][2] : words[place + 1][1]]
        step = node.next.get(words[place + 1][0])
        if step is None:
            return None
        if step.people and _TURNED.match(between):
            return step, place + 1
        if not _BETWEEN.match(between):
            return None
        node, place = step, place + 1
    return None


@lru_cache(maxsize=50_000)
def name_tokens(name: str) -> tuple[str, ...]:
    """The words of a name as a text's words are cut."""
    return tuple(_bare(word) for word in _WORD.findall(normalise(name).words))


def _bare(word: str) -> str:
    """Without accents that stand beside a Latin letter because no single sign has both."""
    return word if word.isascii() else _ACCENTS.sub("", word)


def spellings(name: str) -> tuple[tuple[str, ...], ...]:
    """The ways in which one name is cut into words: "O'Hara" is also written "OHara"."""
    closed = re.sub("['\u2019\u2018\u02bc`]", "", name)
    joined = re.sub(r"(?<=\w)-(?=\w)", "", closed)
    return tuple(
        dict.fromkeys(tokens for n in (name, closed, joined) if (tokens := name_tokens(n)))
    )


def _tag_key(tag: str) -> str:
    return normalise(tag.removeprefix("@")).words.strip()
