"""The floor: what each category must reach on the project's own suite. A fall below it is a fault.

    python -m classifier.evaluation.floor            # measure, and compare with floors.toml
    python -m classifier.evaluation.floor --write    # write floors.toml from what is measured now

A floor is what was measured less a small margin: half a case more than `MARGIN` of all cases, so
that a single case may change. It is written anew only where the change is meant and looked at.
"""

import argparse
import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifier.evaluation.measure import Report, Share, case_lines, evaluate
from classifier.policy import load_policy
from classifier.registry import detectors
from models.vocabulary import Category, Organisation

FILE = Path(__file__).with_name("floors.toml")
MARGIN = 0.02
"""How far a share may stray; about one case of 50."""


@dataclass(frozen=True, slots=True)
class Floors:
    """recall: no less; false_alarms: no more, by category; clean: of the posts where nothing is
    expected no more are flagged; macro: the mean of the recalls is no less."""

    recall: Mapping[Category, float]
    false_alarms: Mapping[Category, float]
    clean: float
    macro: float


def measured() -> Report:
    """The project's whole suite, with the shipped policy and no organisation."""
    return evaluate(case_lines(), detectors(Organisation(name="")), load_policy())


def read_floors(path: Path = FILE) -> Floors:
    """The floors as written. Raises KeyError where a category has none."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return Floors(
        {name: float(told[name]["recall"]) for name in Category},
        {name: float(told[name]["false_alarms"]) for name in Category},
        float(told["all"]["clean_flagged"]),
        float(told["all"]["macro_recall"]),
    )


def fallen(report: Report, floors: Floors) -> Iterator[str]:
    """What is worse than its floor, in words; nothing where all is well."""
    for name in Category:
        recall, alarms = report.recall[name], report.false_alarms[name]
        if recall.rate < floors.recall[name]:
            yield f"{name}: recall {recall} is below {floors.recall[name]:.3f}"
        if alarms.rate > floors.false_alarms[name]:
            yield f"{name}: false alarms {alarms} are above {floors.false_alarms[name]:.3f}"
    if report.clean_flagged.rate > floors.clean:
        yield f"clean posts flagged {report.clean_flagged} are above {floors.clean:.3f}"
    if report.macro_recall < floors.macro:
        yield f"macro recall {report.macro_recall:.3f} is below {floors.macro:.3f}"


def written(report: Report) -> str:
    """floors.toml for what was measured."""
    lines = [
        "# Floors of the functional suite: what was measured less a small margin. Written by",
        "# python -m classifier.evaluation.floor --write",
        "",
        "[all]",
        f"macro_recall = {math.floor((report.macro_recall - MARGIN / 2) * 1000) / 1000}",
        f"clean_flagged = {_above(report.clean_flagged, MARGIN / 4)}",
    ]
    for name in Category:
        recall, alarms = report.recall[name], report.false_alarms[name]
        lines += [
            "",
            f"[{name}]  # measured {recall.rate:.3f} ({recall.total}), {alarms.rate:.3f}",
            f"recall = {_below(recall)}",
            f"false_alarms = {_above(alarms, MARGIN / 4)}",
        ]
    return "\n".join(lines) + "\n"


def _below(share: Share) -> float:
    slack = MARGIN + 0.5 / max(share.total, 1)
    return max(0.0, math.floor((share.rate - slack) * 1000) / 1000)


def _above(share: Share, margin: float) -> float:
    slack = margin + 0.5 / max(share.total, 1)
    return min(1.0, math.ceil((share.rate + slack) * 1000) / 1000)


def main(given: Sequence[str] | None = None) -> int:
    """The command line. Returns 1 where something is below its floor."""
    reads = argparse.ArgumentParser(description=__doc__)
    reads.add_argument("--write", action="store_true", help="write floors.toml anew")
    wanted = reads.parse_args(given)
    report = measured()
    print("\n".join(report.lines()))
    if wanted.write:
        FILE.write_text(written(report), encoding="utf-8")
        print(f"{FILE.name} was written.")
        return 0
    worse = list(fallen(report, read_floors()))
    print("\n".join(worse) or "Nothing is below its floor.")
    return 1 if worse else 0


if __name__ == "__main__":
    raise SystemExit(main())
