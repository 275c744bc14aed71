"""chaperone people: accounts, from the machine itself (the dashboard does the same, signed in)."""

import argparse
from typing import TYPE_CHECKING

from chaperone.commands.shared import opened, with_config
from models.errors import Refused
from models.vocabulary import Role

if TYPE_CHECKING:
    from chaperone.wiring import House


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    group = commands.add_parser("people", help="list, add or invite the people who may sign in")
    what = group.add_subparsers(metavar="WHAT", required=True)

    listing = what.add_parser("list", help="every account")
    with_config(listing)
    listing.set_defaults(run=_list)

    adding = what.add_parser("add", help="make an account and print its one-time link")
    with_config(adding)
    adding.add_argument("username", help="what the person signs in with")
    adding.add_argument("--name", required=True, help='the person\'s name, like "Ann Other"')
    adding.add_argument("--email", default="", help="where digests and alerts are sent")
    adding.add_argument(
        "--role",
        action="append",
        required=True,
        choices=[role.value for role in Role],
        help="may be given several times",
    )
    adding.set_defaults(run=_add)

    inviting = what.add_parser("invite", help="print a new one-time link for an account")
    with_config(inviting)
    inviting.add_argument("username")
    inviting.set_defaults(run=_invite)


def _list(arguments: argparse.Namespace) -> int:
    from sqlalchemy import select

    from models.tables import Person

    with opened(arguments) as house, house.store.read() as session:
        for person in session.scalars(select(Person).order_by(Person.username)):
            state = "" if person.active else "  (switched off)"
            if person.active and not person.password_hash:
                state = "  (link not used yet)"
            print(f"{person.username:20} {person.name:30} {', '.join(person.roles)}{state}")
    return 0


def _add(arguments: argparse.Namespace) -> int:
    from casework.people import create_person

    with opened(arguments) as house:
        person = create_person(
            house.store,
            None,
            username=arguments.username,
            name=arguments.name,
            email=arguments.email,
            roles=[Role(role) for role in arguments.role],
        )
        print_link(house.settings.web.public_address, _token(house, person))
    return 0


def _invite(arguments: argparse.Namespace) -> int:
    from sqlalchemy import select

    from models.tables import Person

    with opened(arguments) as house:
        with house.store.read() as session:
            name = arguments.username.strip().lower()
            person = session.scalar(select(Person.id).where(Person.username == name))
        if person is None:
            raise Refused(
                "There is no such account.",
                subject=f'user name "{arguments.username}"',
                cure="See `chaperone people list`, or make it with `chaperone people add`.",
            )
        print_link(house.settings.web.public_address, _token(house, person))
    return 0


def _token(house: "House", person: int) -> str:
    from casework.invites import invite

    return invite(house.store, person)


def print_link(address: str, token: str) -> None:
    """Print a one-time link, alone on its line so that it can be copied."""
    print("This link works once, for seven days. Give it to this person only:")
    print(f"{address}/invite/{token}", flush=True)
