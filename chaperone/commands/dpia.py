"""chaperone dpia: the data protection impact assessment, filled from the live settings."""

import argparse

from chaperone.commands.shared import opened, with_config


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "dpia", help="print the data protection impact assessment, filled from the settings"
    )
    with_config(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from chaperone.dpia import page

    with opened(arguments) as house:
        print(page(house), end="")
    return 0
