"""A Discord server for grown-ups on the stand-in, watched by the real processes."""

import socket
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from collector.sandbox.discord import GENERAL, DiscordServer
from collector.sandbox.loopback import LoopbackServer
from models.register_words import RegisterRole, Standing
from models.tables import RegisterPerson
from models.vocabulary import now

PARENT = "My daughter Maya is 12 and starts next week. She is in year 7 and so excited!"
CHILD = "hi everyone, I'm 15 and I just joined, see you on Friday"


def _says(server: DiscordServer, number: str, name: str, text: str) -> None:
    own = server.write(text)
    server.messages[GENERAL][own]["author"] = {"id": number, "username": name}


@pytest.fixture(scope="module")
def server() -> DiscordServer:
    """The server: one child by the register, one by what she writes, a mother, a colleague."""
    made = DiscordServer("tok")
    for number, name in (
        ("11", "✨ Wren Hallett-Quigley ✨"),
        ("12", "pip.taps"),
        ("13", "bea.f"),
        ("14", "Ash Brightwell"),
    ):
        made.join(number, name)
    _says(made, "12", "pip.taps", CHILD)
    _says(made, "13", "bea.f", PARENT)
    _says(made, "14", "Ash Brightwell", "Doors open at six, bring water.")
    return made


@pytest.fixture(scope="module")
def town(
    tmp_path_factory: pytest.TempPathFactory, settle: Callable[..., Any], server: DiscordServer
) -> Iterator[Any]:
    """An organisation that watches that server."""
    folder = tmp_path_factory.mktemp("grown-ups")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    (folder / "token").write_text("tok")
    (folder / "token").chmod(0o600)
    with LoopbackServer(server.answer) as platform:
        (folder / "config.toml").write_text(
            f"""
            [organisation]
            name = "Larkspur Dance School"
            lead_name = "Morgan Vale"
            [web]
            port = {port}
            [sources.adults]
            connector = "discord"
            label = "Adult tap"
            audience = "adult_only"
            poll_every = "5 seconds"
            server_id = "{server.server_id}"
            base_url = "{platform.url}"
            token_file = "token"
            """,
            encoding="utf-8",
        )
        with settle(folder / "config.toml", port, platform.url) as here:
            yield here


@pytest.fixture(scope="module")
def register(town: Any) -> dict[str, int]:
    """The organisation's people."""
    today = now().date()
    born = {
        "Wren Hallett-Quigley": date(today.year - 15, 1, 1),
        "Maya Fielding": date(today.year - 12, 1, 1),
    }
    grown = ("Morgan Vale", "Ash Brightwell")
    with town.house.store.write() as session:
        made = {}
        for name in (*born, *grown):
            first, _, surname = name.partition(" ")
            row = RegisterPerson(
                first_name=first,
                surname=surname,
                standing=Standing.ADULT if name in grown else Standing.CHILD,
                roles=[(RegisterRole.STAFF if name in grown else RegisterRole.MEMBER).value],
                date_of_birth=born.get(name),
                created_at=now(),
                updated_at=now(),
            )
            session.add(row)
            session.flush()
            made[name] = row.id
        session.commit()
    return made


@pytest.fixture
def leaves(town: Any) -> Callable[[int], None]:
    """Yesterday was that person's last day."""

    def left(person_id: int) -> None:
        with town.house.store.write() as session:
            row = session.get_one(RegisterPerson, person_id)
            row.left_on = now().date() - timedelta(days=1)
            row.updated_at, row.version = now(), row.version + 1
            session.commit()

    return left
