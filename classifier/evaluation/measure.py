"""`evaluate`: how often a policy's verdicts on labelled cases are right, with Wilson intervals.

A case is one JSON line: id, text, audience, author_role, posted_at (optional), expect (categories
that must reach a person), forbid (categories that must not; "*" is all), functionality (which
skill it tries). Cases only measure: nothing is ever learnt from them.
"""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from classifier.detector import Detector, Text
from classifier.jsonl import read_line
from classifier.policy import Policy
from classifier.service import classify
from models.errors import MendInput
from models.vocabulary import Category

CASES = Path(__file__).with_name("cases")
_BATCH = 256


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled text."""

    text: Text
    expect: frozenset[Category]
    forbid: frozenset[Category]
    functionality: str


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `total`, with the 95% Wilson interval; both bounds 0 to 1."""

    hits: int
    total: int

    @property
    def rate(self) -> float:
        """0 where there is nothing to count."""
        return self.hits / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true rate lies, 19 times of 20."""
        if not self.total:
            return 0.0, 1.0
        z, n, p = 1.96, self.total, self.rate
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        spread = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, middle - spread), min(1.0, middle + spread)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.rate:6.3f} [{low:.2f}-{high:.2f}] {self.hits}/{self.total}"


@dataclass(slots=True)
class Report:
    """What was measured. wrong: case id to what was missed ("-x") or falsely flagged ("+x")."""

    recall: dict[Category, Share] = field(default_factory=dict)
    false_alarms: dict[Category, Share] = field(default_factory=dict)
    clean_flagged: Share = Share(0, 0)
    functionalities: dict[str, Share] = field(default_factory=dict)
    wrong: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def macro_recall(self) -> float:
        """The mean over the categories that were tried."""
        tried = [share.rate for share in self.recall.values() if share.total]
        return sum(tried) / len(tried) if tried else 0.0

    def lines(self, worst: int = 15) -> Iterator[str]:
        """The report as plain text."""
        yield f"{'category':28} {'recall':>24} {'false alarms on look-alikes':>30}"
        for category in Category:
            recall, alarms = self.recall[category], self.false_alarms[category]
            yield f"{category:28} {recall!s:>26} {alarms!s:>28}"
        yield f"macro recall                  {self.macro_recall:.3f}"
        yield f"clean posts flagged          {self.clean_flagged}"
        yield "worst functionalities"
        ranked = sorted(self.functionalities.items(), key=lambda pair: (pair[1].rate, pair[0]))
        for name, share in ranked[:worst]:
            yield f"  {name:44} {share}"


def evaluate(lines: Iterable[str], detectors: Sequence[Detector], policy: Policy) -> Report:
    """Read cases, classify and judge them. Raises MendInput at a line that is not a case.

    A case is right where all that it expects reaches a person and nothing that it forbids does.
    """
    counts: dict[tuple[str, object], list[int]] = defaultdict(lambda: [0, 0])
    wrong: dict[str, tuple[str, ...]] = {}
    for case, flagged in _judged(read_cases(lines), detectors, policy):
        missed, false = case.expect - flagged, (case.forbid - case.expect) & flagged
        for kind, group, bad in (
            ("recall", case.expect, missed),
            ("false", case.forbid - case.expect, false),
        ):
            for category in group:
                hit = (category in bad) == (kind == "false")
                _count(counts, (kind, category), hit)
        if not case.expect:
            _count(counts, ("clean", ""), bool(flagged))
        _count(counts, ("functionality", case.functionality), not missed and not false)
        if missed or false:
            marks = [f"-{name}" for name in sorted(missed)] + [f"+{name}" for name in sorted(false)]
            wrong[case.text.id] = tuple(marks)
    shares = {key: Share(*numbers) for key, numbers in counts.items()}
    return Report(
        {name: shares.get(("recall", name), Share(0, 0)) for name in Category},
        {name: shares.get(("false", name), Share(0, 0)) for name in Category},
        shares.get(("clean", ""), Share(0, 0)),
        {str(name): share for (kind, name), share in shares.items() if kind == "functionality"},
        wrong,
    )


def read_cases(lines: Iterable[str]) -> Iterator[Case]:
    """The cases of a file. Raises MendInput naming the line."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        _, text = read_line(line, number)
        given = json.loads(line)
        forbid = given.get("forbid") or []
        named = [str(name) for name in Category] if "*" in forbid else forbid
        yield Case(
            text,
            _categories(given.get("expect") or [], number),
            _categories(named, number),
            str(given.get("functionality") or "not named"),
        )


def case_lines(folder: Path = CASES) -> Iterator[str]:
    """Every line of the project's own functional suite."""
    for path in sorted(folder.glob("*.jsonl")):
        yield from path.read_text(encoding="utf-8").splitlines()


def _count(counts: dict[tuple[str, object], list[int]], key: tuple[str, object], hit: bool) -> None:
    counts[key][0] += hit
    counts[key][1] += 1


def _categories(names: Iterable[str], number: int) -> frozenset[Category]:
    try:
        return frozenset(Category(name) for name in names)
    except ValueError as error:
        raise MendInput(
            "It names a category that does not exist.",
            subject=f"line {number}",
            cure="Use the twenty names of docs/categories.md.",
        ) from error


def _judged(
    cases: Iterable[Case], detectors: Sequence[Detector], policy: Policy
) -> Iterator[tuple[Case, frozenset[Category]]]:
    held = list(cases)
    for start in range(0, len(held), _BATCH):
        batch = held[start : start + _BATCH]
        readings = classify([case.text for case in batch], detectors)
        for case, reading in zip(batch, readings, strict=True):
            text = case.text
            verdict = policy.assess(
                reading.findings, text.audience, text.author_role, text.posted_at
            )
            yield case, frozenset(verdict.categories)
