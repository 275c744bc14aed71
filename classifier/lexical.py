"""The first abuse model: hashed words and pieces of words, one weight each, in one byte.

    model = load_lexical()                 # refuses a file that is not the one described
    model.scores(["..."])["abuse"]         # calibrated probabilities, one per text

Learnt by classifier/training/abuse.py. Two files in classifier/weights: `abuse.npz` (numbers
only, never pickle) and `abuse.json` (format, checksum, calibration, where it was learnt).
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.errors import MendSettings

FORMAT = 2
WEIGHTS = Path(__file__).with_name("weights")
WORD_SLOTS, PIECE_SLOTS = 2**19, 2**19
"""How many places the words and pairs of words, and the pieces of words, are hashed into."""

Floats = npt.NDArray[np.float64]


def features(texts: Sequence[str]) -> Any:
    """Sparse rows, one per text (Normalised.words): words and pairs, then pieces of 2 to 5.

    Each half is scaled to length 1, so that long posts do not outshout short ones.
    """
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import HashingVectorizer

    shared = {"alternate_sign": False, "norm": "l2", "lowercase": False, "dtype": np.float32}
    word = {"token_pattern": r"[^\W_]+(?:'[^\W_]+)?"}
    words = HashingVectorizer(n_features=WORD_SLOTS, ngram_range=(1, 2), **word, **shared)
    pieces = HashingVectorizer(
        n_features=PIECE_SLOTS, analyzer="char_wb", ngram_range=(2, 5), **shared
    )
    return hstack([words.transform(texts), pieces.transform(texts)], format="csr")


@dataclass(frozen=True)
class Head:
    """One question: whole numbers q that mean scale * q * |q| (squared, so that the many small
    weights stay apart), then a calibrated curve."""

    weights: npt.NDArray[np.int8]
    scale: float
    bias: float
    slope: float
    offset: float

    def probability(self, raw: Floats) -> Floats:
        """Calibrated, 0 to 1, from raw sums."""
        curve: Floats = 1.0 / (1.0 + np.exp(-(self.slope * raw + self.offset)))
        return curve


@dataclass(frozen=True)
class Lexical:
    """The model. version: the first letters of the checksum."""

    heads: Mapping[str, Head]
    version: str

    def scores(self, texts: Sequence[str]) -> dict[str, Floats]:
        """For each head one probability per text (Normalised.words, or a part of it)."""
        rows = features(texts)
        return {name: head.probability(self._raw(head, rows)) for name, head in self.heads.items()}

    def _raw(self, head: Head, rows: Any) -> Floats:
        """Row by row over the few slots that are filled: the weights stay in one byte each."""
        whole = head.weights[rows.indices].astype(np.float32)
        found = rows.data * whole * np.abs(whole)
        sums = np.add.reduceat(np.append(found, 0.0), rows.indptr[:-1].clip(max=len(found)))
        sums[np.diff(rows.indptr) == 0] = 0.0  # reduceat gives a stray value for an empty row
        raw: Floats = sums.astype(np.float64) * head.scale + head.bias
        return raw


def load_lexical(folder: Path = WEIGHTS) -> Lexical:
    """Read the weights. Raises MendSettings where a file is missing, changed or of another kind."""
    card = folder / "abuse.json"
    numbers = folder / "abuse.npz"
    try:
        told = json.loads(card.read_text(encoding="utf-8"))
        content = numbers.read_bytes()
    except (OSError, ValueError) as error:
        raise _broken(f"It cannot be read ({type(error).__name__}).") from error
    if told.get("format") != FORMAT:
        raise _broken(f"It is of another format than {FORMAT}.")
    if hashlib.sha256(content).hexdigest() != told.get("sha256"):
        raise _broken("Its checksum differs from the one in abuse.json.")
    try:
        heads = _heads(numbers, told)
    except (KeyError, TypeError, ValueError) as error:
        raise _broken(f"It does not hold what it should ({type(error).__name__}).") from error
    for head in heads.values():
        if head.weights.shape != (WORD_SLOTS + PIECE_SLOTS,) or not math.isfinite(head.scale):
            raise _broken("Its shape is not what this program expects.")
    return Lexical(heads, told["sha256"][:12])


def _heads(numbers: Path, told: Mapping[str, Any]) -> dict[str, Head]:
    """Numbers only: with allow_pickle off NumPy refuses anything that could run."""
    with np.load(numbers, allow_pickle=False) as stored:
        return {
            name: Head(
                stored[name],
                *(float(values[key]) for key in ("scale", "bias", "slope", "offset")),
            )
            for name, values in told["heads"].items()
        }


def _broken(what: str) -> MendSettings:
    return MendSettings(
        what,
        subject="classifier/weights/abuse.npz",
        cure="Install Chaperone again, or learn the weights again with classifier.training.abuse.",
    )
