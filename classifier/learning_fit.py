"""Moving a head towards an organisation's own decisions, no further than they carry it.

A head that is learnt anew starts from the shipped one; what it changes is held small (a ridge). The
project's own texts stand beside the organisation's with the answers of the shipped head: there it
shall stay as it is, so that it forgets nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from classifier.detector import Text
from classifier.detectors.base import PerText
from classifier.detectors.meaning import MOST_PIECES, rule_scores
from classifier.encoder import Encoder
from classifier.heads import CONTEXT, Heads, context
from classifier.pieces import pieces
from models.vocabulary import Category

OWN_WEIGHT = 3.0
"""What an own decision weighs beside a text of the project; all together never more than those."""

RIDGE_TEXT, RIDGE_PLACE = 4.0, 20.0
"""How strongly the change of the 384 numbers, and of place and rule, is held to zero. The numbers
are scaled so that a text has length 1."""

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sample:
    """n texts in m pieces, for c categories. vectors (m, 384); first (n,): the first piece of each
    text; rules (n, c); places (n, 8); truth (n, c): 1, 0, or nan where unknown; posts (n,)."""

    vectors: Floats
    first: Whole
    rules: Floats
    places: Floats
    truth: Floats
    posts: tuple[Text, ...]

    @property
    def owner(self) -> Whole:
        """(m,): the text of each piece."""
        lengths = np.diff(np.append(self.first, len(self.vectors)))
        return np.repeat(np.arange(len(self.first)), lengths)


def read_sample(
    texts: Sequence[tuple[Text, Mapping[Category, bool]]],
    encoder: Encoder,
    rules: Sequence[PerText],
    categories: Sequence[Category],
) -> Sample:
    """The numbers of the texts, read as the product reads them; those without words left out."""
    vectors: list[npt.NDArray[np.float32]] = []
    first: list[int] = []
    kept: list[tuple[Text, Mapping[Category, bool]]] = []
    for text, truth in texts:
        words = text.normal.words
        spans = pieces(words)
        if not spans:
            continue
        if len(spans) > MOST_PIECES:
            step = len(spans) / MOST_PIECES
            spans = [spans[int(at * step)] for at in range(MOST_PIECES)]
        first.append(len(vectors))
        vectors.extend(one.vector for one in encoder.read([words[a:b] for a, b in spans]))
        kept.append((text, truth))
    told = [[float(truth.get(name, np.nan)) for name in categories] for _, truth in kept]
    posts = [text for text, _ in kept]
    return Sample(
        np.array(vectors, dtype=np.float64).reshape(len(vectors), -1),
        np.array(first, dtype=np.int64),
        rule_scores(posts, categories, rules).astype(np.float64),
        np.array(
            [context(post.audience, post.author_role) for post in posts], dtype=np.float64
        ).reshape(len(posts), CONTEXT),
        np.array(told, dtype=np.float64).reshape(len(posts), len(categories)),
        tuple(posts),
    )


def probabilities(heads: Heads, sample: Sample, which: int) -> Floats:
    """(n,): what a head says of each text, that of its worst piece."""
    if not len(sample.first):
        return np.zeros(0)
    raw = np.maximum.reduceat(_raw(heads, sample, which), sample.first)
    curve: Floats = 1.0 / (1.0 + np.exp(-np.clip(raw, -40.0, 40.0)))
    return curve


def refit(shipped: Heads, which: int, anchors: Sample, own: Sample) -> Heads:
    """The shipped heads with the one of `which` moved towards the own decisions.

    anchors: texts of the project; own: those of the organisation. The same samples give the same
    numbers.
    """
    base = np.concatenate([_worst(shipped, some, which) for some in (anchors, own)])
    rows = np.concatenate([_rows(shipped, some, which) for some in (anchors, own)])
    stay = probabilities(shipped, anchors, which)
    truth = np.concatenate([stay, own.truth[:, which]])
    known = ~np.isnan(truth)
    weights = _weights(anchors, own, which)
    width = shipped.text.shape[1]
    scale = float(np.sqrt((rows[known, :width] ** 2).sum(axis=1).mean())) or 1.0
    rows[:, :width] /= scale
    ridge = np.full(rows.shape[1], RIDGE_PLACE)
    ridge[:width] = RIDGE_TEXT
    ridge[-1] = 1.0
    bounds: list[tuple[float | None, float | None]] = [(None, None)] * rows.shape[1]
    bounds[width] = (-float(shipped.rule[which]), None)  # a rule must never speak against itself
    found = minimize(
        _loss,
        np.zeros(rows.shape[1]),
        args=(rows[known], base[known], truth[known], weights[known], ridge),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": 300},
    )
    return _moved(shipped, which, found.x, scale)


def _loss(
    change: Floats, rows: Floats, base: Floats, truth: Floats, weights: Floats, ridge: Floats
) -> tuple[float, Floats]:
    """Weighted log loss and what the change costs; and its slope."""
    raw = base + rows @ change
    loss = weights * (np.logaddexp(0.0, raw) - truth * raw)
    slope = rows.T @ (weights * (1.0 / (1.0 + np.exp(-np.clip(raw, -40, 40))) - truth))
    return float(loss.sum() + 0.5 * (ridge * change**2).sum()), slope + ridge * change


def _weights(anchors: Sample, own: Sample, which: int) -> Floats:
    many = int((~np.isnan(own.truth[:, which])).sum())
    most = int((~np.isnan(anchors.truth[:, which])).sum())
    each = min(OWN_WEIGHT, max(most, 1) / max(many, 1)) if most else OWN_WEIGHT
    return np.concatenate([np.ones(len(anchors.first)), np.full(len(own.first), each)])


def _moved(shipped: Heads, which: int, change: Floats, scale: float) -> Heads:
    text, rule, place, bias = (
        some.copy() for some in (shipped.text, shipped.rule, shipped.place, shipped.bias)
    )
    width = text.shape[1]
    text[which] += (change[:width] / scale).astype(np.float32)
    rule[which] += np.float32(change[width])
    place[which] += change[width + 1 : width + 1 + CONTEXT].astype(np.float32)
    bias[which] += np.float32(change[-1])
    return Heads(shipped.categories, text, rule, place, bias, "")


def _raw(heads: Heads, sample: Sample, which: int) -> Floats:
    """(m,): the sum of each piece."""
    whole = (
        sample.rules[:, which] * heads.rule[which]
        + sample.places @ heads.place[which].astype(np.float64)
        + heads.bias[which]
    )
    raw: Floats = sample.vectors @ heads.text[which].astype(np.float64) + whole[sample.owner]
    return raw


def _worst(heads: Heads, sample: Sample, which: int) -> Floats:
    if not len(sample.first):
        return np.zeros(0)
    worst: Floats = np.maximum.reduceat(_raw(heads, sample, which), sample.first)
    return worst


def _rows(heads: Heads, sample: Sample, which: int) -> Floats:
    """(n, 384 + 1 + 8 + 1): the worst piece of each text, its rule's score, its place, a one."""
    raw, owner = _raw(heads, sample, which), sample.owner
    order = np.lexsort((-raw, owner))
    _, at = np.unique(owner[order], return_index=True)
    chosen = sample.vectors[order[at]].reshape(len(sample.first), heads.text.shape[1])
    ones = np.ones((len(sample.first), 1))
    return np.hstack([chosen, sample.rules[:, which : which + 1], sample.places, ones])
