"""Matrix Synapse from PyPI, with SQLite: a message in a room is collected, and redacted.

Synapse is under the AGPL: it is run beside us as a program of its own, and never imported.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from collector.connectors import registry
from live import tools
from live.journey import KIND, UNKIND, journey
from live.result import CannotStart, LiveResult

_PACKAGE = "matrix-synapse==1.163.2"
_NAME = "live.example.org"


@dataclass(frozen=True, slots=True)
class Homeserver:
    """A running homeserver. tokens: by the user's name. room: "!..." """

    url: str
    tokens: dict[str, str]
    room: str
    version: str

    def call(self, who: str, method: str, path: str, **said: Any) -> dict[str, Any]:
        """One request as somebody. Raises CannotStart where it is not answered well."""
        return _call(self.url, method, path, self.tokens[who], said)


def run() -> LiveResult:
    """Start it, write into a room, and go the product's way."""
    result = LiveResult("Matrix Synapse")
    with homeserver() as here:
        result.server = f"Matrix Synapse {here.version}"
        say(here, "perry", KIND)
        unkind = say(here, "perry", UNKIND)
        options = {"base_url": here.url, "room_id": here.room}
        connector = registry.get("matrix").connect(options, lambda _: here.tokens["watch"])
        journey(result, connector, unkind)
    return result


def say(here: Homeserver, who: str, words: str) -> str:
    """Write a message into the room; its event's id."""
    key = quote(words[:20], safe="")
    path = f"v3/rooms/{quote(here.room, safe='')}/send/m.room.message/{key}"
    return str(here.call(who, "PUT", path, msgtype="m.text", body=words)["event_id"])


@contextmanager
def homeserver() -> Iterator[Homeserver]:
    """A fresh homeserver with a moderator `watch` and a member `perry` in one room."""
    programs = _installed()
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), tools.free_port()
        url, settings = f"http://127.0.0.1:{port}", folder / "homeserver.yaml"
        settings.write_text(json.dumps(_settings(folder, port)))  # JSON is YAML too
        command = [str(programs / "python"), "-m", "synapse.app.homeserver", "-c", str(settings)]
        quiet = {**os.environ, "HOME": name}
        tools.run([*command, "--generate-keys"], cwd=folder, env=quiet)
        log = folder / "synapse.log"
        with tools.serving(
            command, lambda: tools.listens(port), log=log, cwd=folder, env=quiet, within=120
        ):
            tokens = {one: _register(url, one) for one in ("watch", "perry")}
            room = _call(url, "POST", "v3/createRoom", tokens["watch"], {"preset": "public_chat"})
            room_id = str(room["room_id"])
            _call(url, "POST", f"v3/join/{quote(room_id, safe='')}", tokens["perry"], {})
            yield Homeserver(url, tokens, room_id, _PACKAGE.partition("==")[2])


def _installed() -> Path:
    """The folder of its programs: an environment of its own, kept for the next time."""
    home = Path.home() / ".cache" / "chaperone-live" / _PACKAGE.replace("==", "-")
    programs = home / "bin"
    if not (programs / "synapse_homeserver").exists():
        tools.run([sys.executable, "-m", "venv", str(home)])
        tools.run(
            [str(programs / "python"), "-m", "pip", "install", "-q", _PACKAGE],
            timeout=tools.INSTALLING,
        )
    return programs


def _settings(folder: Path, port: int) -> dict[str, Any]:
    loopback = {
        "port": port,
        "type": "http",
        "bind_addresses": ["127.0.0.1"],
        "resources": [{"names": ["client"]}],
    }
    return {
        "server_name": _NAME,
        "listeners": [loopback],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "synapse.sqlite")}},
        "media_store_path": str(folder / "media"),
        "signing_key_path": str(folder / "signing.key"),
        "pid_file": str(folder / "synapse.pid"),
        "macaroon_secret_key": "only for this run",
        "form_secret": "only for this run",
        "report_stats": False,
        "enable_registration": True,
        "enable_registration_without_verification": True,
        "trusted_key_servers": [],
        "federation_domain_whitelist": [],
    }


def _register(url: str, name: str) -> str:
    """A new account; its access token."""
    said = {"username": name, "password": f"pass of {name}", "auth": {"type": "m.login.dummy"}}
    return str(_call(url, "POST", "v3/register", "", said)["access_token"])


def _call(url: str, method: str, path: str, token: str, said: dict[str, Any]) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    where = f"{url}/_matrix/client/{path}"
    try:
        answer = requests.request(method, where, json=said, headers=headers, timeout=60)
        found: dict[str, Any] = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise CannotStart(f"It gave no good answer to {path} ({type(error).__name__}).") from error
    if answer.status_code != 200:
        code = found.get("errcode")
        raise CannotStart(f"It answered {path} with HTTP {answer.status_code}, {code}.")
    return found
