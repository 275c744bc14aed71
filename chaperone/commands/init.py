"""chaperone init: writes config.toml, makes the tables, and prints the first account's link."""

import argparse
from pathlib import Path

from chaperone.commands.people import print_link
from chaperone.names import CONFIG, NATIONS
from models.errors import Refused
from models.vocabulary import Role

FIRST_ROLES = (Role.ADMIN, Role.LEAD)
"""Whoever sets it up is often the lead too; other accounts are made from there."""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    init = commands.add_parser(
        "init",
        help="write config.toml, explained, and make the first account",
        description="Writes config.toml, explained line by line, makes the database, and prints "
        "a one-time link for the first account. Asks nothing; what is not given here can be "
        "written into the file afterwards.",
    )
    init.add_argument("--config", type=Path, default=Path(CONFIG), metavar="FILE")
    init.add_argument("--organisation", default="", metavar="NAME", help="what you are called")
    init.add_argument("--nation", choices=NATIONS, default="england")
    init.add_argument("--lead-name", default="")
    init.add_argument("--lead-phone", default="", help="the duty number for urgent messages")
    init.add_argument("--outside-contact", default="")
    init.add_argument("--contact-email", default="")
    init.add_argument("--username", default="admin", help="of the first account")
    init.add_argument("--name", default="Administrator", help="of the person behind it")
    init.add_argument("--email", default="", help="where that person's messages go")
    init.add_argument(
        "--role",
        action="append",
        choices=[role.value for role in Role],
        help="may be given several times (without it: admin and lead)",
    )
    init.set_defaults(run=_init)


def _init(arguments: argparse.Namespace) -> int:
    from casework.invites import invite
    from casework.people import create_person
    from chaperone.settings import load
    from chaperone.wiring import House

    path: Path = arguments.config
    _write(path, _answers(arguments))
    house = House(load(path))
    try:
        house.prepare()
        person = create_person(
            house.store,
            None,
            username=arguments.username,
            name=arguments.name,
            email=arguments.email,
            roles=[Role(role) for role in arguments.role or FIRST_ROLES],
        )
        token = invite(house.store, person)
    finally:
        house.close()
    print(f"{path} is written; every line in it is explained.")
    print(f"The database is {house.settings.data}.\n")
    print_link(house.settings.web.public_address, token)
    print("\nNext: add what is to be watched to the file, then start with: chaperone up")
    return 0


def _answers(arguments: argparse.Namespace) -> dict[str, str]:
    given = {
        "name": arguments.organisation,
        "nation": arguments.nation,
        "lead_name": arguments.lead_name,
        "lead_phone": arguments.lead_phone,
        "outside_contact": arguments.outside_contact,
        "contact_email": arguments.contact_email,
    }
    return {key: value for key, value in given.items() if value}


def _write(path: Path, answers: dict[str, str]) -> None:
    """Raises Refused where there is a configuration already."""
    from chaperone.example import example

    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(example(answers))
    except FileExistsError as error:
        raise Refused(
            "It is there already and is left as it is.",
            subject=str(path),
            cure="Edit it, or name another file with --config.",
        ) from error
    except OSError as error:
        raise Refused(
            f"It cannot be written ({error.strerror}).",
            subject=str(path),
            cure="Choose a folder that you may write in.",
        ) from error
