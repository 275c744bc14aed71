"""A Bluesky PDS from npm: an answer under a post is collected, and hidden behind the thread.

Real: the PDS (accounts, sign-in, records, the threadgate, deletions). Stand-ins of ours: the
directory of ids (plc.py) and the AppView (appview.py), which answers from the PDS's records.
The connector talks to the PDS alone; that passes on what is the AppView's.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from collector.connector import Connector, ListsMembers, PlatformAction
from collector.connectors import registry
from live import tools
from live.appview import DID, FOLLOW, GATE, POST, PROFILE, AppView
from live.journey import KIND, UNKIND, journey
from live.plc import Directory
from live.result import CannotStart, LiveResult
from live.standin import answering
from models.vocabulary import Presence, Verb

_VERSION = "0.4.217"
"""The last line that runs on the Node of Debian; from 0.5 on it needs Node 22."""

_BUILDING = 1800.0
"""Seconds that npm may take: its database is compiled where no built one can be fetched."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody on the PDS. token: of a session with the account's own password."""

    did: str
    token: str


@dataclass(frozen=True, slots=True)
class Pds:
    """A running PDS with the school's account and a visitor's."""

    url: str
    school: Account
    perry: Account

    def write(self, who: Account, collection: str, **value: Any) -> dict[str, str]:
        """A new record in somebody's repository: its uri and cid."""
        stamp = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        record = {"$type": collection, "createdAt": stamp, **value}
        what = {"repo": who.did, "collection": collection, "record": record}
        if collection == PROFILE:
            what["rkey"] = "self"
        said = self.call("com.atproto.repo.createRecord", who, **what)
        return {"uri": str(said["uri"]), "cid": str(said["cid"])}

    def call(self, method: str, who: Account, **said: Any) -> dict[str, Any]:
        """One procedure by its name. Raises CannotStart where it is not answered well."""
        return _call("POST", self.url, method, who.token, json=said)


def run() -> LiveResult:
    """Start it, post and answer, and go the product's way; then show it again, and delete it."""
    result = LiveResult("Bluesky PDS")
    with pds() as here:
        result.server = f"Bluesky PDS {_VERSION} (PLC and AppView: stand-ins)"
        top = here.write(here.school, POST, text=KIND)
        unkind = here.write(here.perry, POST, text=UNKIND, reply={"root": top, "parent": top})
        here.write(here.perry, FOLLOW, subject=here.school.did)
        password = here.call("com.atproto.server.createAppPassword", here.school, name="Chaperone")[
            "password"
        ]
        connector = registry.get("bluesky").connect(
            {"base_url": here.url, "handle": "brackwater.test"}, lambda _: password
        )
        journey(result, connector, unkind["uri"])
        if not result.failed:
            result.failed = _afterwards(here, connector, top["uri"], unkind["uri"])
        if not result.failed:
            result.done["confirm"] += "; shown again; gone once deleted"
    return result


def _afterwards(here: Pds, connector: Connector, top: str, unkind: str) -> str:
    """What the PDS itself holds, the members, showing again, a deletion: "" where all holds."""
    key = {"repo": here.school.did, "collection": GATE, "rkey": top.rpartition("/")[2]}
    gate = _call("GET", here.url, "com.atproto.repo.getRecord", params=key)["value"]
    if gate.get("hiddenReplies") != [unkind]:
        return "confirm: the PDS's record of the thread does not hide the answer."
    if not isinstance(connector, ListsMembers):
        return "collect: the connector lists no followers."
    members = [(one.handle, one.display_name) for one in connector.members()]
    if members != [(here.perry.did, "Perry Example")]:
        return f"collect: {len(members)} followers came, and not the one who follows."
    connector.act(PlatformAction("live-unhide", Verb.UNHIDE, unkind))
    if (seen := connector.look_up([unkind])[unkind].presence) is not Presence.PRESENT:
        return f"confirm: shown again, it is seen as {seen}."
    where = {"collection": POST, "rkey": unkind.rpartition("/")[2]}
    here.call("com.atproto.repo.deleteRecord", here.perry, repo=here.perry.did, **where)
    if (seen := connector.look_up([unkind])[unkind].presence) is not Presence.GONE:
        return f"confirm: deleted by its author, it is seen as {seen}."
    return ""


@contextmanager
def pds() -> Iterator[Pds]:
    """A fresh PDS with two accounts, between the two stand-ins, until the block ends."""
    installed = _installed()
    port = tools.free_port()
    url = f"http://127.0.0.1:{port}"
    with (
        tempfile.TemporaryDirectory() as name,
        answering(Directory().answer) as plc_url,
        answering(AppView(url).answer) as view_url,
    ):
        folder = Path(name)
        settings = _settings(folder, port, plc_url, view_url)
        script = str(Path(__file__).with_suffix(".js"))
        with tools.serving(
            ["node", script, str(installed)],
            lambda: tools.listens(port),
            log=folder / "pds.log",
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": name, **settings},
        ):
            school, perry = (_register(url, one) for one in ("brackwater", "perry"))
            here = Pds(url, school, perry)
            here.write(school, PROFILE, displayName="Brackwater School of Dance")
            here.write(perry, PROFILE, displayName="Perry Example")
            yield here


def _installed() -> Path:
    """The folder in which npm put it, kept for the next time."""
    home = Path.home() / ".cache" / "chaperone-live" / f"atproto-pds-{_VERSION}"
    if (home / "installed").exists():
        return home
    tools.debian(("nodejs", "npm", "libnode-dev"), ("node", "npm"))
    tools.debian(("g++", "make", "python3"), ("g++", "make", "python3"))
    home.mkdir(parents=True, exist_ok=True)
    quick = {**os.environ, "CFLAGS": "-O0", "CXXFLAGS": "-O0"}
    if Path("/usr/include/node").is_dir():
        quick["npm_config_nodedir"] = "/usr"  # otherwise the headers are fetched
    nice = ["nice"] if shutil.which("nice") else []
    command = ["npm", "install", "--no-save", "--no-audit", "--no-fund", f"@atproto/pds@{_VERSION}"]
    tools.run([*nice, *command, "--prefix", str(home)], cwd=home, env=quick, timeout=_BUILDING)
    (home / "installed").touch()
    return home


def _settings(folder: Path, port: int, plc_url: str, view_url: str) -> dict[str, str]:
    return {
        "PDS_PORT": str(port),
        "PDS_HOSTNAME": "localhost",
        "PDS_DEV_MODE": "true",
        "PDS_INVITE_REQUIRED": "false",
        "PDS_JWT_SECRET": secrets.token_hex(16),
        "PDS_ADMIN_PASSWORD": secrets.token_hex(16),
        "PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX": f"01{secrets.token_hex(31)}",
        "PDS_DATA_DIRECTORY": str(folder),
        "PDS_BLOBSTORE_DISK_LOCATION": str(folder / "blobs"),
        "PDS_DID_PLC_URL": plc_url,
        "PDS_BSKY_APP_VIEW_URL": view_url,
        "PDS_BSKY_APP_VIEW_DID": DID,
        "PDS_CRAWLERS": "",
    }


def _register(url: str, name: str) -> Account:
    """A new account with the handle `<name>.test`."""
    given = {"handle": f"{name}.test", "email": f"{name}@example.org"}
    given["password"] = secrets.token_urlsafe(16)
    said = _call("POST", url, "com.atproto.server.createAccount", json=given)
    return Account(str(said["did"]), str(said["accessJwt"]))


def _call(method: str, url: str, name: str, token: str = "", **what: Any) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        answer = requests.request(method, f"{url}/xrpc/{name}", headers=headers, timeout=60, **what)
        found: dict[str, Any] = answer.json() if answer.content else {}
    except (requests.RequestException, ValueError) as error:
        raise CannotStart(f"It gave no good answer to {name} ({type(error).__name__}).") from error
    if answer.status_code != 200:
        code = found.get("error")
        raise CannotStart(f"It answered {name} with HTTP {answer.status_code}, {code}.")
    return found
