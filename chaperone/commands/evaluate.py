"""chaperone evaluate: labelled posts in, and how often the detectors are right about them."""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chaperone.commands.shared import settled, with_config
from models.errors import MendInput

if TYPE_CHECKING:
    from classifier.evaluation.measure import Report, Share


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    evaluating = commands.add_parser(
        "evaluate",
        help="how often the detectors are right about labelled posts",
        description="Reads JSON lines with id, text, audience, author_role, expect (categories "
        'that must be flagged) and forbid (that must not; "*" is all), perhaps functionality and '
        "posted_at. Prints, per category, recall and false alarms, the harmless posts that were "
        "flagged, each with its 95% interval, the worst functionalities and how fair it is. "
        "Without FILE: the project's own cases. Nothing is stored.",
    )
    with_config(evaluating)
    evaluating.add_argument("file", metavar="FILE", nargs="?", help="JSON lines; - reads the input")
    evaluating.add_argument("--json", action="store_true", help="the same as JSON")
    evaluating.add_argument(
        "--worst", type=int, default=15, metavar="N", help="functionalities to show (15)"
    )
    evaluating.set_defaults(run=_evaluate)


def _evaluate(arguments: argparse.Namespace) -> int:
    from classifier.evaluation.fairness import fairness, fairness_lines
    from classifier.evaluation.measure import evaluate

    ready, policy = settled(arguments)
    report = evaluate(labelled(arguments.file), ready, policy)
    if not report.cases:
        raise MendInput(
            "It holds no line.",
            subject=arguments.file or "the suite",
            cure="Write one JSON object on each line: id, text, expect, forbid.",
        )
    if arguments.json:
        print(json.dumps(as_json(report), ensure_ascii=False, indent=2))
        return 0
    print(f"{report.cases} cases, policy {policy.version}")
    for line in (*report.lines(max(0, arguments.worst)), *fairness_lines(fairness(report))):
        print(line)
    return 0


def labelled(file: str | None) -> Iterable[str]:
    """The lines of a file, of the standard input for "-", or of the project's own suite.

    Raises MendInput where the file cannot be read.
    """
    from classifier.evaluation.measure import case_lines

    if file is None:
        return case_lines()
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return content.decode("utf-8-sig").split("\n")
    except OSError as error:
        what = f"It cannot be read ({error.strerror})."
        raise MendInput(what, subject=file, cure="Check the name of the file.") from error
    except UnicodeDecodeError as error:
        raise MendInput(
            "It is not UTF-8.", subject=file, cure="Save it as UTF-8, one JSON object a line."
        ) from error


def as_json(report: "Report") -> dict[str, Any]:
    """The whole report: every share as hits, of, rate, low and high (95% Wilson)."""
    from classifier.evaluation.fairness import fairness

    return {
        "cases": report.cases,
        "unchecked": report.unchecked,
        "macro_recall": round(report.macro_recall, 4),
        "recall": {str(name): _share(share) for name, share in report.recall.items()},
        "false_alarms": {str(name): _share(share) for name, share in report.false_alarms.items()},
        "clean_flagged": _share(report.clean_flagged),
        "functionalities": {
            name: _share(share) for name, share in sorted(report.functionalities.items())
        },
        "fairness": {
            group.name: {**_share(group.flagged), "times_overall": round(group.times, 2)}
            for group in fairness(report)
        },
        "wrong": {name: list(marks) for name, marks in report.wrong.items()},
    }


def _share(share: "Share") -> dict[str, float]:
    low, high = share.interval
    return {
        "hits": share.hits,
        "of": share.total,
        "rate": round(share.rate, 4),
        "low": round(low, 4),
        "high": round(high, 4),
    }
