"""Teach the heads on texts that the encoder has not seen, and write heads.npz and heads.json:

    python -m classifier.training.heads --data FOLDER [--weights FOLDER]

FOLDER: the public sets. Minutes on one core, no torch. A head starts from the encoder's answer, the
rules' best score, the place and the author. Beside them it may move each of the 384 numbers of the
text a little (NUDGE): on texts that the encoder never saw that found more than its answer alone.
Answer and moves are one row of 384 weights, as which the head is written. The curve of a logistic
regression is its calibration; the error of it is measured on sentences left out in turn.
"""

import argparse
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import GroupKFold

from classifier.detector import Text
from classifier.detectors.meaning import BECAUSE, RULES, rule_scores
from classifier.encoder import FORMAT as ENCODER_FORMAT
from classifier.encoder import WEIGHTS, card, load_encoder
from classifier.heads import CONTEXT, Heads, context, write_heads
from classifier.normalise import normalise
from classifier.training.corpora.read import corpora
from classifier.training.encoder_data import (
    CORPORA,
    IDENTIFIERS,
    TOXIC,
    Answers,
    known_of,
    public,
    read_as,
)
from models.vocabulary import Category

SEED = 20261121
FOLDS = 5
CATEGORIES = tuple(category for category in Category if category in BECAUSE)
GENERAL = {Category.BULLYING: TOXIC}
"""Heads that weigh a general answer too, and learn from the held part of the public sets."""

FOREIGN_WEIGHT = 0.4
"""What a text of the public sets weighs beside one that was written for this project."""

NUDGE = 0.1
"""How freely a head moves the numbers of the text, beside the encoder's answer. Of 0, 0.03 and 0.1
it had the best average precision on sentences left out (five heads: 0.867, 0.872, 0.873)."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Lesson:
    """What is known of n texts. vectors (n, 384), rules (n, categories), places (n, 8); truth
    (n, categories), nan where it is not known; groups: texts of one sentence share a number;
    foreign (n, 1): 1 for a text of the public sets, whose place is not known and whose abuse is far
    more frequent than a club's. A head learns that apart and forgets it."""

    vectors: Array
    rules: Array
    places: Array
    truth: Array
    groups: npt.NDArray[np.int64]
    foreign: Array


def held_out(
    folder: Path = CORPORA, choose: Callable[[Sequence[str]], Container[str]] | None = None
) -> tuple[list[Text], list[Answers], list[str]]:
    """The written rows of split "dev": texts, answers, and the sentence each was made from.

    choose: given the sentence of every row, those whose rows are wanted; None: all."""
    rules = tuple(rule() for rule in IDENTIFIERS)
    rows = [row for row in corpora(folder) if row["split"] == "dev"]
    if choose:
        wanted = choose([row["template"] for row in rows])
        rows = [row for row in rows if row["template"] in wanted]
    texts = [read_as(row) for row in rows]
    answers = [known_of(row, text, rules)[0] for row, text in zip(rows, texts, strict=True)]
    return texts, answers, [row["template"] for row in rows]


def lesson(data: Path, encoder: Any) -> Lesson:
    """The written held-out rows, and those of the public sets for the heads of GENERAL."""
    texts, answers, templates = held_out()
    groups = {name: number for number, name in enumerate(dict.fromkeys(templates))}
    truth = [[some.get(str(name), np.nan) for name in CATEGORIES] for some in answers]
    numbers = [groups[name] for name in templates]
    for row in public(data):
        if not row.held or not (row.source.startswith("train/") or row.answers.get(TOXIC) == 0):
            continue
        known = [
            row.answers.get(GENERAL[name], 0.5) if name in GENERAL else 0.5 for name in CATEGORIES
        ]
        if any(value <= 0.2 or value >= 0.8 for value in known):
            texts.append(Text("", normalise(row.text)))
            truth.append([round(v) if v <= 0.2 or v >= 0.8 else np.nan for v in known])
            numbers.append(len(groups) + len(numbers))
    rules = tuple(rule() for rule in RULES)
    foreign = np.array([[float(not text.id)] for text in texts])
    places = np.stack([context(text.audience, text.author_role) for text in texts])
    return Lesson(
        np.stack([one.vector for one in encoder.read([text.normal.words for text in texts])]),
        rule_scores(texts, CATEGORIES, rules).astype(np.float64),
        places * (1.0 - foreign),
        np.array(truth),
        np.array(numbers),
        foreign,
    )


class Fit:
    """One head while it is learnt: the encoder's answers it starts from, a few numbers, and what
    it moves of the text's own numbers."""

    def __init__(self, category: Category, answers: dict[str, Any], vectors: Array) -> None:
        names = [str(category), *([GENERAL[category]] if category in GENERAL else [])]
        self.at = CATEGORIES.index(category)
        self.weights = np.array([answers[name]["weights"] for name in names])
        self.bias = np.array([answers[name]["bias"] for name in names])
        self.middle, self.scale = vectors.mean(axis=0), NUDGE / vectors.std(axis=0)
        self.model = LogisticRegression(C=0.5, max_iter=2000, random_state=SEED)

    def features(self, from_: Lesson) -> Array:
        """(n, answers + 1 + 8 + 1 + 384)."""
        answers = from_.vectors @ self.weights.T + self.bias
        rules = from_.rules[:, self.at : self.at + 1]
        moved = (from_.vectors - self.middle) * self.scale
        return np.hstack([answers, rules, from_.places, from_.foreign, moved])

    def learn(self, from_: Lesson) -> tuple[Array, Array, npt.NDArray[np.bool_]]:
        """Fit it on all; returns truth, the probabilities of folds that were left out, and which
        of them are texts of the public sets."""
        known = ~np.isnan(from_.truth[:, self.at])
        rows, truth = self.features(from_)[known], from_.truth[known, self.at]
        weights = np.where(from_.foreign[known, 0] > 0, FOREIGN_WEIGHT, 1.0)
        self.model.fit(rows, truth, weights)
        if self.model.coef_[0][len(self.weights)] < 0:  # a rule must never speak against itself
            rows[:, len(self.weights)] = 0.0
        out = np.zeros(len(truth))
        for taught, left in GroupKFold(FOLDS).split(rows, truth, from_.groups[known]):
            self.model.fit(rows[taught], truth[taught], weights[taught])
            out[left] = self.model.predict_proba(rows[left])[:, 1]
        self.model.fit(rows, truth, weights)
        return truth, out, from_.foreign[known, 0] > 0

    def numbers(self) -> tuple[Array, float, Array, float]:
        """As a head holds them: text (384,), rule, place (8,), bias."""
        learnt = self.model.coef_[0]
        count = len(self.weights)
        moved = learnt[-len(self.scale) :] * self.scale
        text = learnt[:count] @ self.weights + moved
        bias = float(self.model.intercept_[0] + learnt[:count] @ self.bias - moved @ self.middle)
        return text, float(learnt[count]), learnt[count + 1 : count + 1 + CONTEXT], bias


def calibration_error(truth: Array, scores: Array, bins: int = 10) -> float:
    """Expected calibration error: |share that is true - mean score| in bins of equal width,
    weighed by how many fall into each."""
    places = np.minimum((scores * bins).astype(int), bins - 1)
    gaps = [
        abs(truth[places == place].mean() - scores[places == place].mean())
        * (places == place).sum()
        for place in range(bins)
        if (places == place).any()
    ]
    return float(sum(gaps) / len(truth))


def measured(truth: Array, scores: Array) -> dict[str, float]:
    """What heads.json says of one head."""
    return {
        "texts": len(truth),
        "flagged": int(truth.sum()),
        "auc": round(float(roc_auc_score(truth, scores)), 4),
        "average_precision": round(float(average_precision_score(truth, scores)), 4),
        "calibration_error": round(calibration_error(truth, scores), 4),
    }


def learn(data: Path, folder: Path) -> None:
    """Learn every head, print what was measured, write the files."""
    encoder = load_encoder(folder)
    answers = card(folder / "encoder.json", ENCODER_FORMAT)["answers"]
    given = lesson(data, encoder)
    fits, figures = [], {}
    for category in CATEGORIES:
        fit = Fit(category, answers, given.vectors)
        truth, scores, foreign = fit.learn(given)
        told = measured(truth[~foreign], scores[~foreign])
        if foreign.any():
            told["public_texts"] = int(foreign.sum())
            told["public_auc"] = round(float(roc_auc_score(truth[foreign], scores[foreign])), 4)
        print(f"{category:28}", *(f"{name} {value:<7}" for name, value in told.items()))
        fits.append(fit.numbers())
        figures[str(category)] = told
    text, rule, place, bias = (np.array(some, dtype=np.float32) for some in zip(*fits, strict=True))
    heads = Heads(CATEGORIES, text, rule, place, bias, version="")
    write_heads(heads, encoder.version, folder, seed=SEED, left_out_in_turn=figures)


def main(given: Sequence[str] | None = None) -> None:
    """The command line."""
    reads = argparse.ArgumentParser(description=__doc__)
    reads.add_argument("--data", type=Path, required=True)
    reads.add_argument("--weights", type=Path, default=WEIGHTS)
    wanted = reads.parse_args(given)
    learn(wanted.data, wanted.weights)


if __name__ == "__main__":
    main()
