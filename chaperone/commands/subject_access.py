"""chaperone subject-access: what is held about a registered person, for that person."""

import argparse
import json
import sys
from pathlib import Path

from chaperone.commands.shared import opened, with_config


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "subject-access", help="write down what is held about somebody on the register"
    )
    with_config(parser)
    parser.add_argument("person", type=int, help="the person's number on the register")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="where to write it (without it: printed)"
    )
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from casework.subject_access import WITHHELD, export

    with opened(arguments) as house:
        held = export(house.store, None, arguments.person)
    text = json.dumps(held.for_the_person(), indent=2, ensure_ascii=False) + "\n"
    if arguments.out is None:
        print(text, end="")
    else:
        arguments.out.write_text(text, encoding="utf-8")
        arguments.out.chmod(0o600)
    if held.left_out:
        cases = ", ".join(held.left_out)
        print(f"For the lead only, and not in the export: cases {cases}.", file=sys.stderr)
        print(
            "Decide for each whether it can be given. It may be withheld because:", file=sys.stderr
        )
        for code, why in WITHHELD.items():
            print(f"  {code}: {why}", file=sys.stderr)
    return 0
