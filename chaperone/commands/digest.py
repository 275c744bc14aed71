"""chaperone digest: look at the weekly summary, or send it now."""

import argparse
from typing import TYPE_CHECKING

from chaperone.commands.shared import opened, with_config
from models.errors import MendSettings
from models.vocabulary import Role, now

if TYPE_CHECKING:
    from chaperone.wiring import House

DIGEST_ROLES = (Role.MONITOR, Role.LEAD, Role.TRUSTEE)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    digesting = commands.add_parser("digest", help="preview the weekly summary, or send it now")
    with_config(digesting)
    what = digesting.add_mutually_exclusive_group(required=True)
    what.add_argument("--preview", action="store_true", help="print it; nothing is sent")
    what.add_argument("--send", action="store_true", help="send it to those who have not had it")
    digesting.add_argument("--role", choices=[role.value for role in DIGEST_ROLES])
    digesting.add_argument("--week", help="like 2026-W47 (without it: the newest that is due)")
    digesting.set_defaults(run=_digest)


def _digest(arguments: argparse.Namespace) -> int:
    with opened(arguments) as house:
        return _preview(house, arguments) if arguments.preview else _send(house, arguments)


def _preview(house: "House", arguments: argparse.Namespace) -> int:
    from casework.digest import preview

    roles = [Role(arguments.role)] if arguments.role else DIGEST_ROLES
    for role in roles:
        message = preview(
            house.store, None, role, house.organisation, _sign_in(house), week=arguments.week or ""
        )
        print(f"--- for the {role.value} ---\nSubject: {message.subject}\n\n{message.text}")
    return 0


def _send(house: "House", arguments: argparse.Namespace) -> int:
    from casework.digest import send_week
    from chaperone.chores import week_due

    if arguments.role:
        raise MendSettings(
            "A digest is sent to everybody who is to have it.",
            subject="--role",
            cure="Leave it out, or use it with --preview.",
        )
    if house.mailer is None:
        raise MendSettings(
            "There is no mail server in the settings.",
            subject=f"{house.settings.file.name}, mail",
            cure="Add the table [mail]; config.example.toml explains it.",
        )
    week = arguments.week or week_due(house, now())
    sent = send_week(house.store, week, house.mailer, house.organisation, _sign_in(house))
    print(
        f"{week}: {sent.sent} sent, {sent.waiting} waiting, {sent.blocked} stopped by the guard, "
        f"{sent.failed} failed, {sent.unknown} in doubt."
    )
    return 0 if not (sent.waiting or sent.blocked or sent.failed or sent.unknown) else 1


def _sign_in(house: "House") -> str:
    return f"{house.settings.web.public_address}/sign-in"
