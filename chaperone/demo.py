"""The demonstration: an invented dance school, put together anew at every start.

Everything lies in one folder, demo-data: its settings, its database, the stand-in for Facebook
and the accounts. All of it is invented, so the sign-ins may be shown; the settings refuse to
show them anywhere but on this machine.
"""

import fcntl
import json
import os
import secrets
import socket
import sys
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

import pyotp
from sqlalchemy import select

from casework.invites import accept_invite, invite, open_invite
from casework.people import create_person
from casework.sessions import sign_in
from chaperone.demo_register import furnish
from chaperone.settings import Settings, load
from chaperone.wiring import House
from collector.sandbox.dance_school import CHAT_LABEL, PAGE_ID, SCHOOL, TOKEN, adult_tap_chat_file
from models.errors import MendInput, NeedsOperator, Refused
from models.tables import Person
from models.vocabulary import Role, Viewer, now

FOLDER = Path("demo-data")
SIGN_INS = "sign-ins.json"

_MADE_HERE = ("chaperone*.sqlite*", "page.json*", "page.new", SIGN_INS, "config.toml", "token")
"""What a new start takes away: only what an earlier one made."""

_PEOPLE = (
    ("monitor", "Mo Nettleship", (Role.MONITOR,), "watches the pages"),
    ("lead", "Lena Daggerwing", (Role.LEAD,), "the safeguarding lead"),
    ("trustee", "Tobias Marchbank", (Role.TRUSTEE,), "sees numbers only"),
    ("admin", "Ada Inkpen", (Role.ADMIN,), "accounts and settings"),
)
_WORDS = """
    amber anchor apple barley beacon birch bramble breeze cedar clover copper coral cotton
    daisy ember fern ginger harbour hazel heather ivory juniper kettle lantern linen lupin
    maple meadow nettle nutmeg ocean olive orchard otter paper pebble pepper plum quartz
    quill raven ribbon river saffron sorrel sparrow spruce teal thistle thyme timber tulip
    velvet walnut willow
""".split()  # noqa: SIM905  a list of words is read as one


@dataclass(frozen=True, slots=True)
class SignIn:
    """A demonstration account. setup_key: for an authenticator app, as it would be typed in."""

    username: str
    name: str
    password: str
    setup_key: str
    what: str

    def code(self) -> str:
        """The six digits of this moment."""
        return str(pyotp.TOTP(self.setup_key).now())


def sign_ins(folder: Path = FOLDER) -> tuple[SignIn, ...]:
    """The accounts of the demonstration in that folder. Raises MendInput where none runs."""
    try:
        found = json.loads((folder / SIGN_INS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise MendInput(
            "There is no demonstration in it.",
            subject=str(folder),
            cure="Start one with `chaperone up` in a folder without config.toml.",
        ) from error
    return tuple(SignIn(**account) for account in found)


def sign_in_of(folder: Path, username: str) -> SignIn:
    """One account of it. Raises MendInput where there is none of that name."""
    known = {account.username: account for account in sign_ins(folder)}
    if username not in known:
        cure = f"There are: {', '.join(known)}."
        raise MendInput("There is no such account.", subject=username, cure=cure)
    return known[username]


def enter(house: House, username: str) -> str:
    """The token of a new session of a demonstration account.

    A code is good once, so the next one is tried where this moment's was used already. Raises
    MendInput for an account that is not the demonstration's, Refused where both were used.
    """
    account = sign_in_of(house.settings.data, username)
    totp, at = pyotp.TOTP(account.setup_key), now()
    try:
        return sign_in(house.store, username, account.password, str(totp.at(at)))
    except Refused:
        coming = at + timedelta(seconds=totp.interval)
        return sign_in(house.store, username, account.password, str(totp.at(coming)))


class Demonstration:
    """One demonstration in one folder, held so that no other can start in it."""

    def __init__(self, folder: Path = FOLDER, port: int | None = None) -> None:
        """Clear the folder and put everything in place.

        Raises NeedsOperator where one runs there already or the folder cannot be written.
        """
        self.folder = folder.absolute()
        self._hold()
        self._clear()
        self.platform_port = _free_port()
        self.settings = self._write(port or 8765)
        self.accounts = self._people()

    def _hold(self) -> None:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(self.folder / "demo.lock", os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise NeedsOperator(
                f"It cannot be written ({error.strerror}).",
                subject=str(self.folder),
                cure="Start from a folder that you may write in.",
            ) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise NeedsOperator(
                "A demonstration runs in it already.",
                subject=str(self.folder),
                cure="Use that one, or stop it first.",
            ) from error

    def _clear(self) -> None:
        for pattern in _MADE_HERE:
            for path in self.folder.glob(pattern):
                path.unlink()

    def _write(self, port: int) -> Settings:
        exports = self.folder / "exports"
        exports.mkdir(exist_ok=True)
        adult_tap_chat_file(exports)
        self._private("token", TOKEN)
        path = self.folder / "config.toml"
        path.write_text(written_settings(port, self.platform_port), encoding="utf-8")
        return load(path)

    def _private(self, name: str, text: str) -> None:
        (self.folder / name).unlink(missing_ok=True)
        descriptor = os.open(self.folder / name, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)

    def _people(self) -> tuple[SignIn, ...]:
        house = House(self.settings)
        try:
            house.prepare()
            made = tuple(_account(house, *person) for person in _PEOPLE)
            furnish(house.store, _lead(house))
        finally:
            house.close()
        self._private(SIGN_INS, json.dumps([asdict(account) for account in made]))
        return made

    def platform_command(self) -> list[str]:
        """The process that stands in for Facebook."""
        kept = str(self.folder / "page.json")
        port = str(self.platform_port)
        return [sys.executable, "-m", "collector.sandbox", "--port", port, "--keep", kept]

    def said(self) -> str:
        """What the terminal tells below the address."""
        lines = [
            "This is a demonstration: the school, its people and their posts are invented. Posts",
            "go on arriving while you watch. It begins anew at every start. Your own begins with:",
            f"{called()} init",
            "",
            "Open the address and choose who to be, or sign in as they would:",
        ]
        for account in self.accounts:
            who = f"{account.username:8}  password {account.password:28}"
            lines.append(f"  {who}  setup key {account.setup_key}  ({account.what})")
        lines += [
            "",
            "The six digits come from an authenticator app with the setup key, or from:",
            f"{called()} demo-code {self.accounts[0].username}",
        ]
        return "\n".join(lines) + "\n"


def written_settings(port: int, platform_port: int) -> str:
    """The demonstration's config.toml. port: of its pages; platform_port: of its Facebook."""
    return f"""# Written anew at every start of the demonstration: nothing written here stays.
demonstration = true

[organisation]
name = "{SCHOOL}"
nation = "england"
lead_name = "Lena Daggerwing"
lead_phone = "01632 960199"
outside_contact = "the council's children's services, 01632 960200"
contact_email = "hello@brackwaterdance.example.org"
allowed_phones = ["01632 960118"]
allowed_emails = ["hello@brackwaterdance.example.org"]

[database]
url = "sqlite:///chaperone.sqlite"

[web]
port = {port}

[sources.page]
connector = "facebook"
label = "{SCHOOL} on Facebook"
audience = "mixed"
poll_every = "5 seconds"
page_id = "{PAGE_ID}"
base_url = "http://127.0.0.1:{platform_port}/"
token_file = "token"

[sources.adult-tap]
connector = "whatsapp"
label = "{CHAT_LABEL} (WhatsApp)"
audience = "adult_only"
poll_every = "1 minute"
path = "exports"

[sources.elsewhere]
connector = "paste"
label = "Seen elsewhere"
audience = "mixed"
"""


def called() -> str:
    """How this program was called, as a person would type it again in the same folder."""
    path = Path(sys.argv[0])
    if path.name != "chaperone" or not path.is_absolute():
        return str(path) if path.name == "chaperone" else "chaperone"
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _account(house: House, username: str, name: str, roles: tuple[Role, ...], what: str) -> SignIn:
    """An account made as people make theirs: by its one-time link."""
    mailbox = f"{username}@brackwaterdance.example.org"
    person = create_person(
        house.store, None, username=username, name=name, email=mailbox, roles=roles
    )
    token = invite(house.store, person)
    key = open_invite(house.store, token).secret
    password = f"{'-'.join(secrets.choice(_WORDS) for _ in range(3))}-{secrets.randbelow(90) + 10}"
    # A code works once. The one of half a minute ago leaves the present one for the first sign-in.
    earlier = pyotp.TOTP(key).at(now() - timedelta(seconds=30))
    accept_invite(house.store, token, password, earlier)
    return SignIn(username, name, password, key, what)


def _lead(house: House) -> Viewer:
    with house.store.read() as session:
        row = session.scalars(select(Person).where(Person.username == "lead")).one()
        return Viewer(row.id, row.name, frozenset({Role.LEAD}))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
