"""chaperone import: an exported file into one of the sources, at once and all or nothing."""

import argparse
from pathlib import Path

from chaperone.commands.shared import opened, with_config


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    importing = commands.add_parser(
        "import",
        help="store the posts of an exported file",
        description="Stores the posts of a file (WhatsApp export, CSV or JSON lines) under a "
        "source of the settings. What is stored already is not stored twice. The worker reads "
        "them when it runs.",
    )
    with_config(importing)
    importing.add_argument("source", metavar="SOURCE", help="its name in the settings")
    importing.add_argument("file", metavar="FILE", type=Path)
    importing.set_defaults(run=_import)


def _import(arguments: argparse.Namespace) -> int:
    from chaperone.importing import import_file

    with opened(arguments) as house:
        polled = import_file(house, arguments.source, arguments.file)
    print(f"{polled.new} new, {polled.edited} changed, {polled.gone} gone.")
    for note in polled.notes:
        print(note)
    return 0
