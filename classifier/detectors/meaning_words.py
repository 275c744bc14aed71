"""Why a text was found: the sentence that weighed most, and the words it would miss.

Sentences are read each by itself where it matters; where it does not, a sentence's share in a
head's sum is enough (a piece's numbers are the mean of its tokens'). Words are told apart by hiding
them in their sentence: what the head's sum loses is what the word adds.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifier.detectors.base import sentences, trimmed
from classifier.encoder import WIDTH, Encoded, Encoder, Floats

MOST_WORDS = 3
"""Words that are named."""

MOST_TRIED = 3
"""Words that are hidden in turn: each costs as much as reading the sentence once more."""

MOST_AGAIN = 40
"""Tokens that are read again for it. Of a long sentence fewer words are hidden, two at least."""

MOST_READ = 2
"""Sentences that are read by themselves for each head."""

Span = tuple[int, int]

_WORD = re.compile(r"[^\W_][\w']*|[^\w\s]")
_SMALL_WORDS = """
    a an the and or but so if as of to in on at by for with from up out off it its it's is are was
    were be been am im i'm i me my you u ur your he she we they them us his her our their this that
    these those do does did have has had will would can could not no just very too then than there
    here what when where who how all . , ! ? ' " : ; - ( ) /
"""
_SMALL = frozenset(_SMALL_WORDS.split())


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a post as it was read. start: where it begins in Normalised.words."""

    start: int
    words: str
    encoded: Encoded

    def sentence(self, weights: Floats) -> Span:
        """The sentence that adds most to a head's sum: a span of `words`. weights: (384,)."""
        return self.ranked(weights)[0]

    def ranked(self, weights: Floats) -> list[Span]:
        """Its sentences, those that add most to a head's sum first."""
        spans = self.sentences()
        if len(spans) == 1:
            return spans
        shares = self.encoded.tokens @ weights
        parts = [0.0] * len(spans)
        at = 0
        for (start, end), share in zip(self.encoded.spans, shares, strict=True):
            if end > start:
                while at < len(spans) - 1 and start >= spans[at][1]:
                    at += 1
                parts[at] += float(share)
        return [spans[at] for at in sorted(range(len(spans)), key=lambda at: -parts[at])]

    def sentences(self) -> list[Span]:
        """Spans without the blanks around them, at least one."""
        spans = [trimmed(self.words, span) for span in sentences(self.words)]
        told = [span for span in spans if any(map(str.isalnum, self.words[slice(*span)]))]
        return told or [trimmed(self.words, (0, len(self.words)))]

    def tokens_of_words(self) -> dict[Span, list[int]]:
        """Words that can be told as a reason, and the tokens that each is made of. Small words are
        none: by themselves they say nothing to a reader."""
        spans = [match.span() for match in _WORD.finditer(self.words)]
        kept = [span for span in spans if self.words[slice(*span)] not in _SMALL]
        groups: dict[Span, list[int]] = {}
        at = 0
        for number, (start, end) in enumerate(self.encoded.spans):
            while at < len(kept) and kept[at][1] <= start:
                at += 1
            if end > start and at < len(kept) and kept[at][0] <= start:
                groups.setdefault(kept[at], []).append(number)
        return groups


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of a piece, as it is read by itself. span: where it stands in the words of the
    piece; alone: the sentence as a piece of its own, or the whole piece where it has but one; words
    and adds: words of it that were hidden in turn, and what each adds to its numbers, (n, 384)."""

    span: Span
    alone: Piece
    words: tuple[Span, ...]
    adds: Floats

    def heaviest(self, weights: Floats) -> tuple[str, ...]:
        """The words that add most to a head's sum, in the order of the text."""
        gains = zip((self.adds @ weights).tolist(), self.words, strict=True)
        heavy = sorted(((gain, span) for gain, span in gains if gain > 0), reverse=True)
        named = sorted(span for _, span in heavy[:MOST_WORDS])
        return tuple(dict.fromkeys(self.alone.words[start:end] for start, end in named))


def told_by(encoder: Encoder, piece: Piece, weights: Sequence[Floats]) -> list[Told]:
    """For each of these heads the sentence that says it most, with the words it would miss.

    A head's likeliest sentences are read by themselves; in the best of them words are hidden. Heads
    that chose the same sentence share what was hidden.
    """
    if not weights:
        return []
    likely = [piece.ranked(one)[:MOST_READ] for one in weights]
    spans = list(dict.fromkeys(span for some in likely for span in some))
    alone = dict(zip(spans, _alone(encoder, piece, spans), strict=True))
    chosen = [
        max(some, key=lambda span: float(alone[span].encoded.vector @ one))
        for some, one in zip(likely, weights, strict=True)
    ]
    told = {}
    for span in dict.fromkeys(chosen):
        heads = [one for one, other in zip(weights, chosen, strict=True) if other == span]
        told[span] = _hidden_in_turn(encoder, span, alone[span], heads)
    return [told[span] for span in chosen]


def _alone(encoder: Encoder, piece: Piece, spans: Sequence[Span]) -> list[Piece]:
    if len(piece.sentences()) == 1:
        return [piece] * len(spans)
    parts = [piece.words[start:end] for start, end in spans]
    return [
        Piece(piece.start + start, part, read)
        for (start, _), part, read in zip(spans, parts, encoder.read(parts), strict=True)
    ]


def _hidden_in_turn(encoder: Encoder, span: Span, alone: Piece, heads: Sequence[Floats]) -> Told:
    """Hide the words whose tokens have the greatest shares in the sums of these heads."""
    groups = alone.tokens_of_words()
    if not groups:
        return Told(span, alone, (), np.zeros((0, WIDTH), dtype=np.float32))
    shares = (alone.encoded.tokens @ np.stack(heads).T).max(axis=1)
    tried = min(MOST_TRIED, max(2, MOST_AGAIN // len(shares)))
    ranked = sorted(groups, key=lambda word: -float(shares[groups[word]].sum()))[:tried]
    without = encoder.without(alone.encoded, [groups[word] for word in ranked])
    return Told(span, alone, tuple(ranked), alone.encoded.vector - without)


def whole_words(words: str, span: Span) -> Span:
    """The span with the words at its ends whole, and without the small words it begins with."""
    start, end = span
    while start and words[start].isalnum() and words[start - 1].isalnum():
        start -= 1
    while end < len(words) and words[end - 1].isalnum() and words[end].isalnum():
        end += 1
    for match in _WORD.finditer(words, start, end):
        if match.group() not in _SMALL:
            return match.start(), end
    return start, end
