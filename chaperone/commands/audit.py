"""chaperone audit: checking that nobody changed the record."""

import argparse

from chaperone.commands.shared import opened, with_config


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    group = commands.add_parser("audit", help="check the record of everything that was done")
    what = group.add_subparsers(metavar="WHAT", required=True)
    verifying = what.add_parser("verify", help="check the chain from its first line to its last")
    with_config(verifying)
    verifying.set_defaults(run=_verify)


def _verify(arguments: argparse.Namespace) -> int:
    from casework.audit import verify

    with opened(arguments) as house, house.store.read() as session:
        found = verify(session)
    if found.broken_at is None:
        print(f"The record is whole: {found.lines} lines, each bound to the one before it.")
        return 0
    print(f"The record is broken at line {found.broken_at}: {found.why}")
    print("Keep the database as it is, take a copy, and find out who could write to it.")
    return 1
