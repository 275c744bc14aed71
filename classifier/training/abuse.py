"""Learn the first abuse model from the public sets. One command repeats it, with one seed:

    python -m classifier.training.abuse --data FOLDER [--out classifier/weights]

FOLDER holds train/ and benign/ as described in its README (never part of this product). Two
heads: `abuse` (insults, humiliation, threats, whoever they are aimed at) and `hate` (hostility
on grounds of a protected characteristic). A fixed tenth of every set measures and another tenth
calibrates; neither is learnt from. A few minutes on two cores; only numbers are kept.
"""

import argparse
import gzip
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from classifier.lexical import FORMAT, PIECE_SLOTS, WEIGHTS, WORD_SLOTS, features
from classifier.normalise import normalise

SEED = 20261121
LONGEST = 600
"""Characters of a text that are learnt from: posts are short."""

CALM = {
    "neutral", "admiration", "approval", "gratitude", "joy", "love", "optimism", "curiosity",
    "caring", "excitement", "relief", "pride", "sadness", "amusement", "grief", "remorse",
    "realization", "surprise", "confusion", "fear", "nervousness", "desire", "embarrassment",
}  # fmt: skip

Votes = tuple[float | None, float | None, float]
"""Whether it is abuse, whether it is hate (None: not known), and its weight."""


@dataclass(frozen=True)
class Row:
    """One text to learn from, as `words` of the normaliser. part: "learn", "tune" or "test"."""

    text: str
    votes: Votes
    source: str
    part: str


def _davidson(label: Any) -> Votes | None:
    return {"hate": (1, 1, 1.0), "offensive": (1, 0, 0.25), "neither": (0, 0, 1.0)}[label]


def _edos(label: Any) -> Votes | None:
    return (None, 1, 0.7) if label["sexist"] == "sexist" else (0, 0, 0.4)


def _hatexplain(label: Any) -> Votes | None:
    said = label["label"]
    return {"0": (0, 0, 0.7), "1": (1, None, 0.7), "2": (1, 1, 1.0)}[said]


def _convabuse(label: Any) -> Votes | None:
    return {"abusive": (1, None, 1.0), "not_abusive": (0, 0, 1.0)}.get(label["majority"])


def _toxic_spans(label: Any) -> Votes | None:
    share = label["not_toxic_votes"] / max(label["annotators"], 1)
    if share <= 0.34:
        return (1, None, 1.0)
    return (0, None, 1.0) if share >= 0.9 else None


def _wiki(label: Any) -> Votes | None:
    return (1, None, 2.0) if label == "1" else (0, 0, 0.7)


def _implicit(label: Any) -> Votes | None:
    return {"explicit_hate": (1, 1, 1.0), "implicit_hate": (None, 1, 0.5)}.get(label, (0, 0, 0.5))


def _emoji(label: Any) -> Votes | None:
    return (1, 1, 1.0) if label == "hateful" else (0, 0, 1.0)


def _extremism(label: Any) -> Votes | None:
    return (None, 1, 0.7) if label == "EXTREMIST" else (0, 0, 0.7)


def _emotions(label: Any) -> Votes | None:
    return (0, 0, 0.6) if set(label) <= CALM else None


def _benign(_label: Any) -> Votes | None:
    return (0, 0, 1.5)


SETS: dict[str, Callable[[Any], Votes | None]] = {
    "train/davidson": _davidson,
    "train/edos": _edos,
    "train/hatexplain": _hatexplain,
    "train/convabuse": _convabuse,
    "train/toxic_spans": _toxic_spans,
    "train/wiki_context_toxicity": _wiki,
    "train/implicit_hate": _implicit,
    "train/hatemojibuild": _emoji,
    "train/digital_extremism": _extremism,
    "train/goemotions": _emotions,
    "benign/ukcat_charities": _benign,
    "benign/parenting_reddit": _benign,
}
_NOISE = re.compile(r"https?://\S+|\[url\]|<user>|\[user\]|\brt\b|&\w+;|@\w+", re.I)


def rows(data: Path) -> Iterator[Row]:
    """Every labelled text of the sets, each once, its part fixed by a hash of its words."""
    known: set[str] = set()
    for name, read in SETS.items():
        with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                given = json.loads(line)
                text = normalise(_NOISE.sub(" ", given["text"])[:LONGEST]).words
                votes = read(given["label"])
                if votes is None or text in known:
                    continue
                known.add(text)
                tenth = hashlib.sha256(text.encode("utf-8", "replace")).digest()[0] % 10
                yield Row(text, votes, name, {0: "test", 1: "tune"}.get(tenth, "learn"))


def _fit(matrix: Any, answers: Any, weights: Any) -> LogisticRegression:
    """Both answers weigh the same in sum. C: best of 1, 4 and 20."""
    share = (answers * weights).sum() / weights.sum()
    even = weights * np.where(answers, 0.5 / share, 0.5 / (1 - share))
    model = LogisticRegression(solver="liblinear", C=4.0, max_iter=100, random_state=SEED)
    return model.fit(matrix, answers, sample_weight=even)


def _head(texts: Sequence[Row], matrix: Any, which: int) -> tuple[Any, dict[str, float]]:
    """Learn one head, round it to whole numbers, calibrate it on what it has not seen."""
    votes = [row.votes[which] for row in texts]
    known = np.array([vote is not None for vote in votes])
    answers = np.array([vote or 0 for vote in votes])
    weights = np.array([row.votes[2] for row in texts])
    parts = np.array([row.part for row in texts])
    learn, tune = known & (parts == "learn"), known & (parts == "tune")
    model = _fit(matrix[learn], answers[learn], weights[learn])
    exact = model.coef_[0]
    scale = float(np.abs(exact).max()) / 127**2
    rounded = np.round(np.sign(exact) * np.sqrt(np.abs(exact) / scale)).astype(np.int8)
    meant = scale * rounded.astype(np.float64) * np.abs(rounded.astype(np.float64))
    raw = matrix @ meant + float(model.intercept_[0])
    lost = roc_auc_score(answers[tune], matrix[tune] @ exact[:, None]) - roc_auc_score(
        answers[tune], raw[tune]
    )
    print(f"  AUC lost by rounding: {lost:.5f}")
    curve = LogisticRegression(C=1e6).fit(raw[tune, None], answers[tune], weights[tune])
    print(f"  {'set':30} {'texts':>6} {'AUC':>6}")
    for source in sorted({row.source for row in texts}):
        here = known & (parts == "test") & np.array([row.source == source for row in texts])
        kinds = set(answers[here])
        told = f"{roc_auc_score(answers[here], raw[here]):.3f}" if len(kinds) == 2 else "-"
        print(f"  {source:30} {here.sum():6} {told:>6}")
    held = known & (parts == "test")
    auc = float(roc_auc_score(answers[held], raw[held]))
    print(f"  all held out: {auc:.4f}", flush=True)
    figures = {
        "scale": scale,
        "bias": float(model.intercept_[0]),
        "slope": float(curve.coef_[0][0]),
        "offset": float(curve.intercept_[0]),
        "held_out_auc": round(auc, 4),
        "held_out_texts": int(held.sum()),
    }
    return rounded, figures


def learn(data: Path, out: Path) -> None:
    """Learn both heads and write abuse.npz and abuse.json."""
    texts = list(rows(data))
    print(f"{len(texts)} texts", flush=True)
    matrix = features([row.text for row in texts])
    numbers, told = {}, {}
    for which, name in enumerate(("abuse", "hate")):
        print(name, flush=True)
        numbers[name], told[name] = _head(texts, matrix, which)
    packed = io.BytesIO()
    np.savez_compressed(packed, **numbers)
    out.mkdir(parents=True, exist_ok=True)
    (out / "abuse.npz").write_bytes(packed.getvalue())
    card = {
        "format": FORMAT,
        "sha256": hashlib.sha256(packed.getvalue()).hexdigest(),
        "seed": SEED,
        "slots": WORD_SLOTS + PIECE_SLOTS,
        "sets": sorted(SETS),
        "heads": told,
    }
    (out / "abuse.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    print(f"{len(packed.getvalue()) / 1e6:.2f} MB")


def main() -> None:
    """The command line."""
    reads = argparse.ArgumentParser(description=__doc__)
    reads.add_argument("--data", type=Path, required=True)
    reads.add_argument("--out", type=Path, default=WEIGHTS)
    given = reads.parse_args()
    learn(given.data, given.out)


if __name__ == "__main__":
    main()
