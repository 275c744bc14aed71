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
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from classifier.detector import Detector, Text
from classifier.jsonl import read_line
from classifier.policy import Policy
from classifier.service import Reading, classify
from models.errors import MendInput
from models.vocabulary import Category

CASES = Path(__file__).with_name("cases")
_BATCH = 256
_KEYS = ("id", "text", "audience", "author_role", "expect", "forbid", "functionality", "posted_at")


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
    """What was measured. wrong: case id to what was missed ("-x") or falsely flagged ("+x").

    clean_by_functionality: of the posts where nothing is expected, those that were flagged for
    anything. unchecked: cases that a detector could not read; cases: all of them.
    """

    recall: dict[Category, Share] = field(default_factory=dict)
    false_alarms: dict[Category, Share] = field(default_factory=dict)
    clean_flagged: Share = Share(0, 0)
    functionalities: dict[str, Share] = field(default_factory=dict)
    wrong: dict[str, tuple[str, ...]] = field(default_factory=dict)
    clean_by_functionality: dict[str, Share] = field(default_factory=dict)
    cases: int = 0
    unchecked: int = 0

    @property
    def macro_recall(self) -> float:
        """The mean over the categories that were tried."""
        tried = [share.rate for share in self.recall.values() if share.total]
        return sum(tried) / len(tried) if tried else 0.0

    def worst(self, most: int = 15) -> list[tuple[str, Share]]:
        """The functionalities with the fewest right cases, the worst first; none without a miss."""
        missed = [pair for pair in self.functionalities.items() if pair[1].hits < pair[1].total]
        return sorted(missed, key=lambda pair: (pair[1].rate, -pair[1].total, pair[0]))[:most]

    def lines(self, worst: int = 15) -> Iterator[str]:
        """The report as plain text."""
        yield f"{'category':28} {'recall':^26} {'false alarms on look-alikes':^28}"
        for category in Category:
            recall, alarms = self.recall[category], self.false_alarms[category]
            yield f"{category:28} {_told(recall):26} {_told(alarms):26}".rstrip()
        yield f"{'macro recall':28} {self.macro_recall:6.3f}"
        yield f"{'clean posts flagged':28} {_told(self.clean_flagged)}"
        yield "worst functionalities (share of their cases that are right)"
        for name, share in self.worst(worst):
            yield f"  {name:44} {share}"
        if self.unchecked:
            yield f"{self.unchecked} of {self.cases} cases could not be read by every detector."


def evaluate(lines: Iterable[str], detectors: Sequence[Detector], policy: Policy) -> Report:
    """Read cases, classify and judge them. Raises MendInput at a line that is not a case."""
    return judge(read_with(list(read_cases(lines)), detectors), policy)


def read_with(
    cases: Sequence[Case], detectors: Sequence[Detector]
) -> Iterator[tuple[Case, Reading]]:
    """What the detectors find in each case, before any policy."""
    for start in range(0, len(cases), _BATCH):
        batch = cases[start : start + _BATCH]
        yield from zip(batch, classify([case.text for case in batch], detectors), strict=True)


def judge(read: Iterable[tuple[Case, Reading]], policy: Policy) -> Report:
    """What the policy makes of readings, beside what was expected.

    A case is right where all that it expects reaches a person and nothing that it forbids does.
    """
    counts: dict[tuple[str, object], list[int]] = defaultdict(lambda: [0, 0])
    wrong: dict[str, tuple[str, ...]] = {}
    cases = unchecked = 0
    for case, reading in read:
        text = case.text
        verdict = policy.assess(reading.findings, text.audience, text.author_role, text.posted_at)
        marks = _judge_one(counts, case, frozenset(verdict.categories))
        cases, unchecked = cases + 1, unchecked + bool(reading.unchecked)
        if marks:
            wrong[text.id] = marks
    shares = {key: Share(*numbers) for key, numbers in counts.items()}
    named: dict[str, dict[str, Share]] = {"functionality": {}, "clean by": {}}
    for (kind, name), share in shares.items():
        if kind in named:
            named[kind][str(name)] = share
    return Report(
        recall={name: shares.get(("recall", name), Share(0, 0)) for name in Category},
        false_alarms={name: shares.get(("false", name), Share(0, 0)) for name in Category},
        clean_flagged=shares.get(("clean", ""), Share(0, 0)),
        functionalities=named["functionality"],
        wrong=wrong,
        clean_by_functionality=named["clean by"],
        cases=cases,
        unchecked=unchecked,
    )


def _judge_one(
    counts: dict[tuple[str, object], list[int]], case: Case, flagged: frozenset[Category]
) -> tuple[str, ...]:
    """Count one case; returns what is wrong with it, nothing where it is right."""
    forbidden = case.forbid - case.expect
    missed, false = case.expect - flagged, forbidden & flagged
    for category in case.expect:
        _count(counts, ("recall", category), category not in missed)
    for category in forbidden:
        _count(counts, ("false", category), category in false)
    if not case.expect:
        _count(counts, ("clean", ""), bool(flagged))
        _count(counts, ("clean by", case.functionality), bool(flagged))
    _count(counts, ("functionality", case.functionality), not missed and not false)
    marks = [f"-{name}" for name in sorted(missed)] + [f"+{name}" for name in sorted(false)]
    return tuple(marks)


def read_cases(lines: Iterable[str]) -> Iterator[Case]:
    """The cases of a file. Raises MendInput naming the line and the cure."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        _, text = read_line(line, number)
        given = json.loads(line)
        forbid = _names(given, "forbid", number)
        named = list(Category) if "*" in forbid else forbid
        functionality = given.get("functionality") or "not named"
        if not isinstance(functionality, str):
            raise _mend("functionality is not words.", number, "Write its name in quotes.")
        yield Case(
            text,
            _categories(_names(given, "expect", number), number),
            _categories(named, number),
            functionality,
        )


def case_lines(folder: Path = CASES) -> Iterator[str]:
    """Every line of the project's own functional suite."""
    for path in sorted(folder.glob("*.jsonl")):
        yield from path.read_text(encoding="utf-8").splitlines()


def _count(counts: dict[tuple[str, object], list[int]], key: tuple[str, object], hit: bool) -> None:
    counts[key][0] += hit
    counts[key][1] += 1


def _names(given: dict[str, Any], key: str, number: int) -> list[str]:
    """The list under a key; a key that is not there is an empty list."""
    if key not in given:
        close = get_close_matches(key, [name for name in given if name not in _KEYS], n=1)
        if close:
            raise _mend(f'"{close[0]}" is not known.', number, f'Did you mean "{key}"?')
        return []
    names = given[key] if given[key] is not None else []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise _mend(f"{key} is not a list of names.", number, f'Write "{key}": ["pii_phone"].')
    return names


def _categories(names: Iterable[str], number: int) -> frozenset[Category]:
    found = set()
    for name in names:
        try:
            found.add(Category(name))
        except ValueError as error:
            close = get_close_matches(name, [str(known) for known in Category], n=1)
            cure = f'Did you mean "{close[0]}"?' if close else "docs/categories.md has the twenty."
            what = f"It names a category that does not exist: {name[:40]!r}."
            raise _mend(what, number, cure) from error
    return frozenset(found)


def _mend(what: str, number: int, cure: str) -> MendInput:
    return MendInput(what, subject=f"line {number}", cure=cure)


def _told(share: Share) -> str:
    return str(share) if share.total else "not tried"
