"""chaperone classify: reads JSON lines on standard input and writes one line for each."""

import argparse
import sys

from chaperone.commands.shared import settled, with_config


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    reading = commands.add_parser(
        "classify",
        help="read JSON lines and say what each would be flagged for",
        description="Reads JSON lines with id, text, audience, author_role and perhaps "
        "posted_at on standard input. Writes one line each: id, categories (those that would "
        "reach a person), findings, level and route. Stores nothing.",
    )
    with_config(reading)
    reading.set_defaults(run=_classify)


def _classify(arguments: argparse.Namespace) -> int:
    from classifier.jsonl import classify_lines

    ready, policy = settled(arguments)
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for line in classify_lines(sys.stdin, ready, policy):
        print(line, flush=True)
    return 0
