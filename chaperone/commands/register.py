"""chaperone register import: the people of a booking system's CSV file, from the machine itself."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from chaperone.commands.shared import opened, with_config

if TYPE_CHECKING:
    from casework.register_import import Imported


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    group = commands.add_parser("register", help="the organisation's own people")
    what = group.add_subparsers(metavar="WHAT", required=True)
    importing = what.add_parser(
        "import",
        help="take in the people of a CSV file",
        description="Takes the people, parents and consents of a booking system's CSV file into "
        "the register. Rows are found again by their booking number, else by name and date of "
        "birth, so the same file may be imported again. Exit status 1: some rows were rejected.",
    )
    with_config(importing)
    importing.add_argument("file", metavar="FILE", type=Path)
    importing.add_argument(
        "--mapping",
        type=Path,
        metavar="FILE",
        help='which column holds what: lines such as "DOB" = "date_of_birth" (without it: guessed)',
    )
    importing.add_argument(
        "--dry-run", action="store_true", help="say what would happen and change nothing"
    )
    importing.add_argument(
        "--rejects", type=Path, metavar="FILE", help="write the rejected rows and why as CSV"
    )
    importing.set_defaults(run=_import)


def _import(arguments: argparse.Namespace) -> int:
    from casework.register_columns import guess, read_mapping
    from casework.register_file import read_sheet
    from casework.register_import import import_sheet, rejects_file

    sheet = read_sheet(_content(arguments.file))
    if arguments.mapping is not None:
        mapping = read_mapping(arguments.mapping, sheet.headings)
    else:
        mapping = guess(sheet.headings)
    for heading, field in mapping.items():
        print(f"{heading} -> {field or 'not taken in'}")
    with opened(arguments) as house:
        told = import_sheet(
            house.store,
            None,
            sheet,
            mapping,
            dry_run=arguments.dry_run,
            timezone=house.organisation.timezone,
        )
    _print(told)
    if arguments.rejects is not None:
        arguments.rejects.write_text(rejects_file(told.rejects), encoding="utf-8", newline="")
    return 1 if told.rejects else 0


def _content(path: Path) -> bytes:
    """The file's bytes, no more than are read anyway. Raises MendInput where it cannot be read."""
    from casework.register_file import MOST_BYTES
    from models.errors import MendInput

    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise MendInput(
            f"It cannot be read ({error.strerror}).",
            subject=str(path),
            cure="Look at the name of the file.",
        ) from error


def _print(told: "Imported") -> None:
    would = "would be " if told.dry_run else ""
    print(
        f"{told.added} people {would}added, {told.changed} changed, {told.unchanged} unchanged; "
        f"{told.parents} parents and {told.consents} answers {would}added; "
        f"{len(told.rejects)} rows rejected."
    )
    if told.withdrawn:
        print(f"{told.withdrawn} answers left out: they were withdrawn here since.")
    for note in told.notes:
        print(note)
    for reject in told.rejects:
        column = f", {reject.column}" if reject.column else ""
        print(f"row {reject.row}{column}: {reject.why} {reject.cure}")
