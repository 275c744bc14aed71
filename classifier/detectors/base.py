"""What most detectors share: one text at a time, a finding from a span, the sentence around it."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import ClassVar

from classifier.detector import Example, Text
from models.vocabulary import Category, Finding, Organisation

NOBODY = Organisation(name="")
"""For detectors that are used without an organisation, such as in the contract suite."""

_SENTENCE_END = re.compile(r"[.!?\n]+(?=\s|$)|\n")


class PerText(ABC):
    """A detector that looks at each text by itself. A subclass says `find`."""

    name: ClassVar[str]
    version: ClassVar[str]
    categories: ClassVar[frozenset[Category]]
    EXAMPLES: ClassVar[tuple[Example, ...]]
    rules: ClassVar[int] = 1
    """How many expressions it runs over a whole text: each may take 50 ms on 100 kB."""

    def __init__(self, organisation: Organisation = NOBODY) -> None:
        self.organisation = organisation
        self._latest: tuple[Sequence[Text], Sequence[Sequence[Finding]]] = ((), ())

    def detect(self, posts: Sequence[Text]) -> Sequence[Sequence[Finding]]:
        """One sequence of findings for each text, in the same order.

        Asked about the same tuple again, as MeaningDetector asks, it answers what it has found: a
        tuple cannot have changed.
        """
        before, found = self._latest
        if before is not posts or not isinstance(posts, tuple):
            found = tuple(tuple(self.find(post)) for post in posts)
            if isinstance(posts, tuple):
                self._latest = (posts, found)
        return found

    def forget(self) -> None:
        """Keep nothing of the texts that were read last: their words may be dropped."""
        self._latest = ((), ())

    @abstractmethod
    def find(self, post: Text) -> Iterable[Finding]:
        """The findings in one text, with offsets into the original."""

    def seen(
        self, category: Category, score: float, span: tuple[int, int], because: str
    ) -> Finding:
        """A finding at a span of the original."""
        return Finding(category, score, *span, because, self.name, self.version)


def window(text: str, start: int, end: int, reach: int = 60) -> tuple[str, str]:
    """What stands before and after a span, at most `reach` characters each way."""
    return text[max(0, start - reach) : start], text[end : end + reach]


def sentence(text: str, start: int, end: int, reach: int = 300) -> tuple[int, int]:
    """The span of the sentence around `start` to `end`, at most `reach` characters each way."""
    floor = max(0, start - reach)
    before = [match.end() for match in _SENTENCE_END.finditer(text, floor, start)]
    after = _SENTENCE_END.search(text, max(end - 1, start), min(len(text), end + reach))
    first = before[-1] if before else floor
    last = after.end() if after else min(len(text), end + reach)
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last


def sentences(text: str, longest: int = 400) -> list[tuple[int, int]]:
    """The whole text cut at the ends of sentences, and anywhere where one is too long."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    spans: list[tuple[int, int]] = []
    at = 0
    for end in [*ends, len(text)]:
        while end - at > longest:
            space = text.rfind(" ", at + longest // 2, at + longest) + 1
            spans.append((at, space or at + longest))
            at = spans[-1][1]
        if end > at:
            spans.append((at, end))
            at = end
    return spans


def trimmed(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """The span without the white space at its ends."""
    piece = text[span[0] : span[1]]
    left = len(piece) - len(piece.lstrip())
    return span[0] + left, span[0] + max(left, len(piece.rstrip()))
