"""A long text as pieces of a few sentences, so that one telling line in a long post is read.

    for start, end in pieces(post.normal.words): ...

Spans are places in the words they were cut from. Raises nothing.
"""

import re

from classifier.detectors.base import sentences, trimmed

LONGEST = 280
"""Characters of a piece; the public sets hold posts of about that length."""

MOST_PIECES = 64
"""Of a very long text these many pieces are cut, spread evenly over it."""

_LETTER = re.compile(r"[^\W\d_]")


def pieces(words: str) -> list[tuple[int, int]]:
    """Spans of whole sentences, at most LONGEST characters each; none for a text of no letters."""
    spans: list[tuple[int, int]] = []
    for start, end in sentences(words, LONGEST):
        if spans and end - spans[-1][0] <= LONGEST:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    spans = [trimmed(words, span) for span in spans if _LETTER.search(words, *span)]
    if len(spans) > MOST_PIECES:
        step = len(spans) / MOST_PIECES
        spans = [spans[int(n * step)] for n in range(MOST_PIECES)]
    return spans
