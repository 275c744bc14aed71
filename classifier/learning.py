"""`chaperone learn`: the heads, fitted again on what an organisation's people found right or wrong.

    learnt = learn(store, policy, organisation, active, seed=SEED)
    learnt.heads        # None where nothing became better: then nothing is to be changed

Each category is learnt by itself and has to pass twice: on the project's own labelled texts (those
of templates that were not learnt from) and on the organisation's decisions that were kept apart.
One that fails keeps the head that is in force. Nothing is stored here but numbers.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from classifier.detector import Text
from classifier.detectors.meaning import RULES, MeaningDetector
from classifier.encoder import Encoder
from classifier.evaluation.measure import Share
from classifier.heads import Heads
from classifier.learning_fit import Floats, Sample, probabilities, read_sample, refit
from classifier.learning_rows import OwnRow, is_held, own_rows
from classifier.policy import Policy
from models.unit_of_work import Store
from models.vocabulary import Category, Finding, Organisation

Bools = npt.NDArray[np.bool_]

SEED = 20261121
LEAST_ROWS, LEAST_HELD = 12, 3
"""Fewer decided texts of a category, or fewer of them kept apart, say too little."""

MOST_TEXTS = 6_000
"""Texts of the project that stand beside the organisation's: more take minutes and say no more."""

RECALL_MAY_FALL, ALARMS_MAY_RISE = 0.02, 0.01
"""On the project's own texts: what chance moves. More than that is worse."""

BETTER = 0.99
"""The log loss on the decisions kept apart has to come down to this share at least."""


@dataclass(frozen=True, slots=True)
class Side:
    """How one head does. recall, alarms: on the project's texts that were kept apart; right: calls
    that agree with the organisation's decisions that were kept apart; loss: the log loss there."""

    recall: Share
    alarms: Share
    right: Share
    loss: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one category. confirmed, rejected: decided texts, those kept apart included;
    why_not: "" where the new head is better, else why it was left as it is, in words."""

    category: Category
    confirmed: int
    rejected: int
    before: Side | None = None
    after: Side | None = None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What came of it. heads: to be kept and used; None where no category became better."""

    outcomes: tuple[Outcome, ...]
    heads: Heads | None
    texts: int


@dataclass(frozen=True, slots=True)
class _Samples:
    """What is learnt from (anchors, own) and what is only measured on (project, decided)."""

    anchors: Sample
    project: Sample
    own: Sample
    decided: Sample


@dataclass(frozen=True, slots=True)
class Ground:
    """What learning starts from: the encoder, the heads that came with it, those in force."""

    encoder: Encoder
    shipped: Heads
    active: Heads


def learn(
    store: Store, policy: Policy, organisation: Organisation, ground: Ground, seed: int = SEED
) -> Learnt:
    """Learn from every decision that stands in the database. Changes nothing by itself."""
    rows = own_rows(store, seed)
    told = {name: [row for row in rows if name in row.truth] for name in ground.shipped.categories}
    enough = {
        name
        for name, some in told.items()
        if len(some) >= LEAST_ROWS and sum(row.held for row in some) >= LEAST_HELD
    }
    samples = _read(rows, organisation, ground, seed) if enough else None
    heads, outcomes = ground.active, []
    for which, name in enumerate(ground.shipped.categories):
        confirmed = sum(row.truth[name] for row in told[name])
        counts = (confirmed, len(told[name]) - confirmed)
        if samples is None or name not in enough:
            if told[name]:
                outcomes.append(Outcome(name, *counts, why_not=_TOO_FEW))
            continue
        new = refit(ground.shipped, which, samples.anchors, samples.own)
        before, after = (_side(some, which, samples, policy) for some in (ground.active, new))
        why_not = _why_not(before, after)
        outcomes.append(Outcome(name, *counts, before, after, why_not))
        if not why_not:
            heads = _with_head(heads, new, which)
    better = any(not one.why_not for one in outcomes)
    return Learnt(tuple(outcomes), heads if better else None, len(rows))


_TOO_FEW = f"too few decided texts: {LEAST_ROWS} are needed"


def _read(
    rows: Sequence[OwnRow], organisation: Organisation, ground: Ground, seed: int
) -> _Samples:
    """The texts as numbers. Of the project's texts one template in three is only measured on."""
    from classifier.training.heads import held_out

    categories = ground.shipped.categories
    rules = [rule(organisation) for rule in RULES]
    taught: list[tuple[Text, Mapping[Category, bool]]] = []
    apart: list[tuple[Text, Mapping[Category, bool]]] = []
    for text, told, template in zip(*held_out(choose=partial(_some, seed=seed)), strict=True):
        known = {name: told[str(name)] > 0.5 for name in categories if str(name) in told}
        (apart if is_held(template, seed) else taught).append((text, known))
    own = [(row.text, row.truth) for row in rows if not row.held]
    decided = [(row.text, row.truth) for row in rows if row.held]
    return _Samples(
        *(
            read_sample(some, ground.encoder, rules, categories)
            for some in (taught, apart, own, decided)
        )
    )


def _some(templates: Sequence[str], seed: int) -> set[str]:
    """Ideas with about MOST_TEXTS texts in all, drawn with the seed."""
    many = Counter(templates)
    names = list(many)
    kept, count = set(), 0
    for at in np.random.default_rng(seed).permutation(len(names)):
        name = names[at]
        if count >= MOST_TEXTS:
            break
        kept.add(name)
        count += many[name]
    return kept


def _side(heads: Heads, which: int, samples: _Samples, policy: Policy) -> Side:
    """How a head does on what was kept apart, at the thresholds of the policy."""
    flagged, truth, _ = _calls(heads, which, samples.project, policy)
    agreed, decided, scores = _calls(heads, which, samples.decided, policy)
    likely = np.clip(np.where(decided, scores, 1.0 - scores), 1e-6, 1.0)
    return Side(
        recall=Share(int((flagged & truth).sum()), int(truth.sum())),
        alarms=Share(int((flagged & ~truth).sum()), int((~truth).sum())),
        right=Share(int((agreed == decided).sum()), len(decided)),
        loss=float(-np.log(likely).mean()) if len(decided) else 0.0,
    )


def _calls(heads: Heads, which: int, sample: Sample, policy: Policy) -> tuple[Bools, Bools, Floats]:
    """What would reach a person, what is true, and the scores, of the texts where it is known."""
    category = heads.categories[which]
    known = ~np.isnan(sample.truth[:, which])
    scores = probabilities(heads, sample, which)
    flagged = [
        policy.strength(
            Finding(category, float(score), 0, 0, "", MeaningDetector.name, ""),
            post.audience,
            post.author_role,
        )
        >= policy.rule(category, post.audience, post.author_role).threshold
        for post, score in zip(sample.posts, scores, strict=True)
    ]
    return np.array(flagged, dtype=np.bool_)[known], sample.truth[known, which] > 0, scores[known]


def _why_not(before: Side, after: Side) -> str:
    """Why the new head is not taken, by how much; "" where it is better."""
    fallen = before.recall.rate - after.recall.rate
    risen = after.alarms.rate - before.alarms.rate
    lost = before.right.rate - after.right.rate
    if fallen > RECALL_MAY_FALL:
        return f"it would get worse: recall on the project's texts falls by {fallen:.3f}"
    if risen > ALARMS_MAY_RISE:
        return f"it would get worse: false alarms on the project's texts rise by {risen:.3f}"
    if lost > 0:
        return f"it would get worse: {lost:.3f} fewer of your decisions are met"
    if after.loss > BETTER * before.loss:
        return f"it would be no better on your decisions ({before.loss:.3f} to {after.loss:.3f})"
    return ""


def _with_head(heads: Heads, new: Heads, which: int) -> Heads:
    """`heads` with one head of `new` in place of its own."""
    numbers = {}
    for name in ("text", "rule", "place", "bias"):
        numbers[name] = getattr(heads, name).copy()
        numbers[name][which] = getattr(new, name)[which]
    return Heads(heads.categories, **numbers, version="")
