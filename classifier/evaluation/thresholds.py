"""Thresholds, stated as "most recall at precision of at least X", for each category and place.

    scores = labelled_scores(read_with(cases, detectors), policy)
    for advice in advise(scores, policy, own=own_scores(store, policy)):
        advice.now, advice.best, advice.share_of_own(...)

Nothing is changed here: what is advised is written into a policy by a person. Precision is that of
the labelled posts, half of which are harmful or made to look so; in an ordinary place harm is far
rarer. So beside it stands the share of posts that will be flagged.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from classifier.evaluation.measure import Case, Share
from classifier.policy import Policy
from classifier.service import Reading
from models.vocabulary import Audience, AuthorRole, Category

RECALL_FIRST = frozenset(
    {
        Category.DISCLOSURE,
        Category.GROOMING,
        Category.SELF_HARM,
        Category.INAPPROPRIATE_STAFF_CONTACT,
    }
)
"""Where missing one is so much worse than a look too many that precision may be lower."""

PRECISION = 0.90
PRECISION_RECALL_FIRST = 0.70
CHOICES = (0.80, 0.90, 0.95, 0.98)
CHOICES_RECALL_FIRST = (0.50, 0.70, 0.80, 0.90)
"""The X that are advised unless others are asked for, and those that are shown side by side."""

ENOUGH = 20
"""A place with fewer posts of a category, or fewer without it, is measured with all places."""

GRID = np.round(np.arange(0.02, 1.0, 0.01), 2)
"""The thresholds that are tried."""

Floats = npt.NDArray[np.float64]
Key = tuple[Category, Audience]


@dataclass(slots=True)
class Scores:
    """For a category in one place: the strength of each labelled post that has the category
    (`true`), of each that must not (`false`), and of each where nothing at all is expected."""

    true: list[float] = field(default_factory=list)
    false: list[float] = field(default_factory=list)
    clean: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OwnScores:
    """An organisation's stored posts: how many in each place, and the strength of each that has a
    finding, by category and place."""

    posts: Mapping[Audience, int]
    found: Mapping[Key, Sequence[float]]

    def flagged(self, category: Category, audience: Audience, threshold: float) -> Share:
        """How many of the posts of that place a threshold would flag for the category."""
        found = self.found.get((category, audience), ())
        hits = sum(strength >= threshold for strength in found)
        return Share(hits, self.posts.get(audience, 0))


@dataclass(frozen=True, slots=True)
class Choice:
    """What one threshold gives. clean: of the labelled posts of this place where nothing is
    expected, those that are flagged for the category; own: of the organisation's stored posts."""

    threshold: float
    precision: Share
    recall: Share
    clean: Share
    own: Share | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """For one category in one place. best: for each X the choice with the most recall; None where
    no threshold is precise enough. everywhere: measured over all places, this one has too few."""

    category: Category
    audience: Audience
    wanted: float
    now: Choice
    best: Mapping[float, Choice | None]
    everywhere: bool

    @property
    def advised(self) -> Choice | None:
        """The choice at the precision that is wanted."""
        return self.best[self.wanted]

    @property
    def change(self) -> float | None:
        """The threshold to write, None where the one in force is as good."""
        best = self.advised
        return best.threshold if best and best.threshold != self.now.threshold else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """How precise it shall be: X for most categories, and for those that favour recall."""

    precision: float = PRECISION
    recall_first: float = PRECISION_RECALL_FIRST

    def of(self, category: Category) -> float:
        """X of a category."""
        return self.recall_first if category in RECALL_FIRST else self.precision


def strengths(
    reading: Reading, policy: Policy, audience: Audience, author_role: AuthorRole
) -> dict[Category, float]:
    """The strength of each category in one text, those without a finding left out."""
    best: dict[Category, float] = {}
    for finding in reading.findings:
        strength = policy.strength(finding, audience, author_role)
        best[finding.category] = max(best.get(finding.category, 0.0), strength)
    return best


def labelled_scores(read: Iterable[tuple[Case, Reading]], policy: Policy) -> dict[Key, Scores]:
    """The strengths of every labelled case. What a case does not speak of is not counted; where
    it expects nothing at all, every category counts as absent."""
    scores: dict[Key, Scores] = defaultdict(Scores)
    for case, reading in read:
        text = case.text
        found = strengths(reading, policy, text.audience, text.author_role)
        for category in Category:
            here, strength = scores[category, text.audience], found.get(category, 0.0)
            if category in case.expect:
                here.true.append(strength)
            elif category in case.forbid or not case.expect:
                here.false.append(strength)
            if not case.expect:
                here.clean.append(strength)
    return dict(scores)


def advise(
    scores: Mapping[Key, Scores],
    policy: Policy,
    wanted: Wanted | None = None,
    own: OwnScores | None = None,
) -> Iterator[Advice]:
    """For every category that the labelled posts speak of, in every place."""
    wanted = wanted or Wanted()
    for category in Category:
        places = {place: scores.get((category, place), Scores()) for place in Audience}
        whole = _together(places.values())
        if not whole.true or not whole.false:
            continue
        for place, here in places.items():
            enough = min(len(here.true), len(here.false)) >= ENOUGH
            scale = _Scale(category, place, here if enough else whole, here, own)
            now = policy.rule(category, place, AuthorRole.UNKNOWN).threshold
            asked = wanted.of(category)
            known = CHOICES_RECALL_FIRST if category in RECALL_FIRST else CHOICES
            best = {x: scale.best(x, now) for x in sorted({asked, *known})}
            yield Advice(category, place, asked, scale.choice(now), best, not enough)


def toml_lines(advices: Iterable[Advice]) -> Iterator[str]:
    """What to write into the organisation's own policy file; nothing where nothing changes."""
    by_category: dict[Category, dict[Audience, float | None]] = defaultdict(dict)
    for advice in advices:
        by_category[advice.category][advice.audience] = advice.change
    for category, changes in by_category.items():
        values = set(changes.values())
        if len(values) == 1 and len(changes) == len(Audience) and None not in values:
            yield f"[categories.{category}]"
            yield f"threshold = {values.pop():.2f}"
            yield ""
            continue
        for place, threshold in changes.items():
            if threshold is not None:
                yield f"[categories.{category}.audience.{place}]"
                yield f"threshold = {threshold:.2f}"
                yield ""


class _Scale:
    """The labelled strengths of one category in one place, as every threshold sees them."""

    def __init__(
        self,
        category: Category,
        audience: Audience,
        measured: Scores,
        here: Scores,
        own: OwnScores | None,
    ) -> None:
        self._category, self._audience, self._own = category, audience, own
        self._true, self._false = (np.array(some) for some in (measured.true, measured.false))
        self._clean = np.array(here.clean)
        self._hits, self._alarms = self._counts(self._true), self._counts(self._false)

    def choice(self, threshold: float) -> Choice:
        """What it gives."""
        hits, alarms, clean = (
            int((some >= threshold).sum()) for some in (self._true, self._false, self._clean)
        )
        own = self._own
        return Choice(
            threshold,
            Share(hits, hits + alarms),
            Share(hits, len(self._true)),
            Share(clean, len(self._clean)),
            own.flagged(self._category, self._audience, threshold) if own else None,
        )

    def best(self, precision: float, now: float) -> Choice | None:
        """The most recall at a precision of at least so much; of equal ones the fewest alarms.

        The one in force where it gives the same; else the middle of those that give the same.
        """
        flagged = self._hits + self._alarms
        fits = (self._hits > 0) & (self._hits >= precision * flagged - 1e-9)
        if not fits.any():
            return None
        most = self._hits[fits].max()
        fewest = self._alarms[fits & (self._hits == most)].min()
        if self._gives(now) == (most, fewest):
            return self.choice(now)
        same = GRID[(self._hits == most) & (self._alarms == fewest)]
        return self.choice(float(same[len(same) // 2]))

    def _gives(self, threshold: float) -> tuple[int, int]:
        return int((self._true >= threshold).sum()), int((self._false >= threshold).sum())

    @staticmethod
    def _counts(some: Floats) -> npt.NDArray[np.int64]:
        counts: npt.NDArray[np.int64] = (some[None, :] >= GRID[:, None]).sum(axis=1)
        return counts


def _together(places: Iterable[Scores]) -> Scores:
    whole = Scores()
    for place in places:
        whole.true += place.true
        whole.false += place.false
        whole.clean += place.clean
    return whole
