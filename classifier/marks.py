"""Which words of a text are an identifier: one question per kind, asked of each token's numbers.

    marks = load_marks()
    marks.spans(Category.PII_SCHOOL, encoded)      # [(start, end)], places in the text as given

Learnt with the encoder by classifier/training/encoder.py and kept in its card, encoder.json. The
sentence's head says whether there is one at all; the marks say where.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from classifier.encoder import FORMAT, WEIGHTS, WIDTH, Encoded, Floats, broken, card
from models.vocabulary import Category

Span = tuple[int, int]

MOST = 20
"""Of one text no more identifiers of a kind than this are pointed at."""

_GAP = 2
"""Characters between two marked tokens of one identifier, at most: a blank, a comma and a blank."""


class Marks:
    """See the module. weights: (384,) for each category; bias: one number."""

    def __init__(self, weights: Mapping[Category, Floats], bias: Mapping[Category, float]) -> None:
        self._weights = weights
        self._bias = bias

    def spans(self, category: Category, one: Encoded) -> list[Span]:
        """Runs of marked tokens, at most MOST; where none is marked the token that comes nearest.

        None for a text without tokens.
        """
        raw = one.tokens @ self._weights[category] + self._bias[category]
        places = [(float(score), span) for score, span in zip(raw, one.spans, strict=True)]
        placed = [(score, span) for score, span in places if span[1] > span[0]]
        if not placed:
            return []
        found: list[Span] = []
        for score, (start, end) in placed:
            if score <= 0.0:
                continue
            if found and start - found[-1][1] <= _GAP:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
        return found[:MOST] or [max(placed)[1]]


def load_marks(folder: Path = WEIGHTS) -> Marks:
    """Read the marks of the encoder. Raises MendSettings where they are missing or misshapen."""
    path = folder / "encoder.json"
    try:
        told = {Category(name): one for name, one in card(path, FORMAT)["marks"].items()}
        weights = {name: np.array(one["weights"], np.float32) for name, one in told.items()}
        bias = {name: float(one["bias"]) for name, one in told.items()}
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise broken(path, "Its marks are not what this program expects.") from error
    if any(one.shape != (WIDTH,) for one in weights.values()):
        raise broken(path, "Its marks are not what this program expects.")
    return Marks(weights, bias)
