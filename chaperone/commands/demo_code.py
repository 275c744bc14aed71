"""chaperone demo-code: the second factor of a demonstration account, now."""

import argparse
from pathlib import Path


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    code = commands.add_parser(
        "demo-code", help="print a demonstration account's sign-in code of this moment"
    )
    code.add_argument("username", help="monitor, lead, trustee or admin")
    code.add_argument("--folder", type=Path, default=None, help="without it: demo-data")
    code.set_defaults(run=_code)


def _code(arguments: argparse.Namespace) -> int:
    from chaperone.demo import FOLDER, sign_in_of

    print(sign_in_of(arguments.folder or FOLDER, arguments.username).code())
    return 0
