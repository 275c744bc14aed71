"""The first learnt model: wording like that of posts which people judged abusive or hateful.

A long text is read in pieces of a few sentences, so that one line in a long post is seen. What
it is sure of is in the model card; where it must be surer than a rule is in the policy.
"""

import re
from collections.abc import Sequence
from typing import ClassVar

from classifier.detector import Example, Text
from classifier.detectors.base import NOBODY, sentences, trimmed
from classifier.lexical import load_lexical
from models.vocabulary import Category, Finding, Organisation

LONGEST = 280
"""Characters of a piece; the sets it was learnt from hold posts of about that length."""

MOST_PIECES = 64
"""Of a very long text these many pieces are read, spread evenly over it."""

LEAST = 0.5
"""Below this there is nothing to keep as evidence."""

_LETTER = re.compile(r"[^\W\d_]")
_HEADS = {"abuse": Category.BULLYING, "hate": Category.HATE}
_BECAUSE = {
    Category.BULLYING: "The wording is like that of posts that people judged abusive.",
    Category.HATE: "The wording is like that of posts that people judged hateful.",
}


class AbuseModelDetector:
    """See the module. Raises MendSettings where its weights are missing or changed."""

    name: ClassVar[str] = "abuse_model"
    version: ClassVar[str] = "1"
    categories: ClassVar[frozenset[Category]] = frozenset(_HEADS.values())
    rules: ClassVar[int] = 6
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "you are a stupid pathetic idiot, shut up you moron",
            Category.BULLYING,
            "you are a stupid pathetic idiot, shut up you moron",
        ),
        Example("thank you all for a lovely evening", Category.BULLYING),
        Example(
            "all muslims are scum and vermin", Category.HATE, "all muslims are scum and vermin"
        ),
        Example("Eid Mubarak to all our families", Category.HATE),
    )

    def __init__(self, organisation: Organisation = NOBODY) -> None:
        self._model = load_lexical()

    def detect(self, posts: Sequence[Text]) -> Sequence[Sequence[Finding]]:
        """For each head at most one finding per text: its worst piece."""
        spans = [pieces(post.normal.words) for post in posts]
        flat = [
            post.normal.words[start:end]
            for post, some in zip(posts, spans, strict=True)
            for start, end in some
        ]
        found: list[list[Finding]] = [[] for _ in posts]
        if not flat:
            return found
        for head, scores in self._model.scores(flat).items():
            at = 0
            for post, some, findings in zip(posts, spans, found, strict=True):
                here = scores[at : at + len(some)]
                at += len(some)
                if len(some) and here.max() >= LEAST:
                    worst = int(here.argmax())
                    findings.append(
                        self._finding(post, _HEADS[head], float(here[worst]), some[worst])
                    )
        return found

    def _finding(
        self, post: Text, category: Category, score: float, span: tuple[int, int]
    ) -> Finding:
        start, end = post.normal.words_to_original(*span)
        because = _BECAUSE[category]
        return Finding(category, round(score, 4), start, end, because, self.name, self.version)


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
