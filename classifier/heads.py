"""The heads: one question per category, asked of the encoder's numbers.

A head weighs the 384 numbers of a text, the best score of the rules for its category, and the
place and author; the sum goes through a curve and is a calibrated probability. Learnt by
classifier/training/heads.py. Two files beside the encoder: `heads.npz` (numbers only, never
pickle) and `heads.json` (format, checksum, and the encoder that they belong to).
"""

import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from classifier.encoder import WEIGHTS, WIDTH, Floats, broken, card, checked
from models.vocabulary import Audience, AuthorRole, Category

FORMAT = 1
CONTEXT = len(Audience) + len(AuthorRole)
"""Numbers that say where a text stands and who wrote it: one for each place, one for each role."""


def context(audience: Audience, author_role: AuthorRole) -> Floats:
    """(8,): a one for the place and a one for the role, zeros elsewhere."""
    told = np.zeros(CONTEXT, dtype=np.float32)
    told[list(Audience).index(audience)] = 1.0
    told[len(Audience) + list(AuthorRole).index(author_role)] = 1.0
    return told


@dataclass(frozen=True, slots=True)
class Heads:
    """For n categories: text (n, 384), rule (n,), place (n, 8), bias (n,). version: the first
    letters of the checksum."""

    categories: tuple[Category, ...]
    text: Floats
    rule: Floats
    place: Floats
    bias: Floats
    version: str

    def probabilities(self, vectors: Floats, rules: Floats, places: Floats) -> Floats:
        """(texts, n), 0 to 1. vectors: (texts, 384); rules: (texts, n), the best score of the
        rules for each category, 0 to 1; places: (texts, 8), see `context`."""
        raw = vectors @ self.text.T + rules * self.rule + places @ self.place.T + self.bias
        curve: Floats = 1.0 / (1.0 + np.exp(-np.clip(raw, -40.0, 40.0)))
        return curve


def packed(heads: Heads) -> bytes:
    """The numbers as they are written to heads.npz."""
    numbers = io.BytesIO()
    np.savez(numbers, text=heads.text, rule=heads.rule, place=heads.place, bias=heads.bias)
    return numbers.getvalue()


def load_heads(encoder_version: str, folder: Path = WEIGHTS) -> Heads:
    """Read the heads of this encoder.

    Raises MendSettings where a file is missing, changed, of another kind, or of another encoder.
    """
    told = card(folder / "heads.json", FORMAT)
    content = checked(folder / "heads.npz", told)
    if told.get("encoder") != encoder_version:
        raise broken(folder / "heads.json", "It belongs to another encoder.")
    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        numbers = {name: stored[name] for name in ("text", "rule", "place", "bias")}
    try:
        categories = tuple(Category(name) for name in told["categories"])
    except (KeyError, ValueError) as error:
        raise broken(folder / "heads.json", "It names a category that does not exist.") from error
    count = len(categories)
    shapes = {"text": (count, WIDTH), "rule": (count,), "place": (count, CONTEXT), "bias": (count,)}
    if any(numbers[name].shape != shape for name, shape in shapes.items()):
        raise broken(folder / "heads.npz", "Its shape is not what this program expects.")
    version = str(told["files"]["heads.npz"])[:12]
    return Heads(categories, **numbers, version=version)


def write_heads(heads: Heads, encoder_version: str, folder: Path, **told: object) -> None:
    """Write heads.npz and heads.json; `told` is kept in the latter (seed, figures, sets)."""
    content = packed(heads)
    (folder / "heads.npz").write_bytes(content)
    says = {
        "format": FORMAT,
        "files": {"heads.npz": hashlib.sha256(content).hexdigest()},
        "encoder": encoder_version,
        "categories": [str(category) for category in heads.categories],
        **told,
    }
    (folder / "heads.json").write_text(json.dumps(says, indent=2) + "\n", encoding="utf-8")
