"""The settings: config.toml, read once at start into frozen, typed values.

Anything unknown or wrong is MendSettings, which says the file, the key, what was expected and
what was perhaps meant. Secrets are only named here (see secret_places.py). Paths in the file
are relative to the folder of the file. Every key is explained in config.example.toml.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from casework.keeping import Periods, shipped
from casework.mail import Security
from chaperone.keeping_settings import read_keeping
from chaperone.names import CONFIG, NATIONS
from chaperone.secret_places import SecretPlace, secret_place, warnings
from chaperone.source_settings import SourceSettings, read_source
from chaperone.toml_table import TomlTable, read_toml
from models.vocabulary import Organisation

LOOPBACK = ("127.0.0.1", "::1", "localhost")
_SECURITY: dict[str, tuple[Security, int]] = {
    "starttls": ("starttls", 587),
    "tls": ("tls", 465),
    "none": ("none", 25),
}
"""How a mail server is spoken to, and its usual port."""

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Where the dashboard listens, and the address that links in messages begin with."""

    host: str
    port: int
    public_address: str


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The SMTP server that messages leave by. security: "starttls", "tls" or "none"."""

    host: str
    port: int
    security: Security
    sender: str
    username: str = ""
    password: SecretPlace | None = None


@dataclass(frozen=True, slots=True)
class DigestTime:
    """When the weekly digest leaves, in the organisation's time zone. weekday: 0 is Monday."""

    weekday: int
    hour: int
    minute: int

    @property
    def cron(self) -> str:
        """As cron writes it, where Sunday is 0."""
        return f"{self.minute} {self.hour} * * {(self.weekday + 1) % 7}"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an installation decides.

    folder: what the file's paths are relative to. data: where the program may write.
    database_url holds a password where there is one, so it is never shown.
    policy: None for the one that is shipped. keeping: how long words are kept.
    demonstration: everything in it is invented. warnings: sentences to print at start.
    """

    file: Path
    folder: Path
    data: Path
    organisation: Organisation
    database_url: str = field(repr=False)
    web: WebSettings
    digest: DigestTime
    mail: MailSettings | None = None
    policy: Path | None = None
    keeping: Periods = field(default_factory=shipped)
    sources: tuple[SourceSettings, ...] = ()
    demonstration: bool = False
    warnings: tuple[str, ...] = ()

    def source(self, name: str) -> SourceSettings | None:
        """The source of that name, None where there is none."""
        return next((source for source in self.sources if source.name == name), None)


def load(path: Path | None = None) -> Settings:
    """The settings in that file, or in ./config.toml.

    Raises MendSettings, and NeedsOperator where the database's password cannot be found.
    """
    file = (path or Path(CONFIG)).absolute()
    folder = file.parent
    top = TomlTable(file.name, "", read_toml(file))
    organisation = _organisation(top.table("organisation"))
    database_url, data, places = _database(top.table("database"), folder)
    web = _web(top.table("web"))
    mail = _mail(top.table("mail"), folder) if top.has("mail") else None
    sources = tuple(
        read_source(name, table, folder) for name, table in top.table("sources").tables()
    )
    policy = _policy(top.table("policy"), folder)
    digest = _digest(top.table("digest"))
    keeping = read_keeping(top.table("keeping"))
    demonstration = top.yes_no("demonstration", default=False)
    if demonstration and web.host not in LOOPBACK:
        cure = "Set it to false, or take web.host away."
        what = "The demonstration shows its sign-in codes, so it stays on this machine."
        raise top.wrong("demonstration", what, cure)
    top.finish()
    if mail and mail.password:
        places = [*places, mail.password]
    for source in sources:
        places = [*places, *source.secrets.values()]
    return Settings(
        file=file,
        folder=folder,
        data=data,
        organisation=organisation,
        database_url=database_url,
        web=web,
        digest=digest,
        mail=mail,
        policy=policy,
        keeping=keeping,
        sources=sources,
        demonstration=demonstration,
        warnings=(*warnings(places), *_about_the_web(web)),
    )


def _organisation(table: TomlTable) -> Organisation:
    zone = table.text("timezone", "Europe/London")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        cure = 'Write one like "Europe/London".'
        raise table.wrong("timezone", "There is no such time zone.", cure) from error
    found = Organisation(
        name=table.text("name", None, "Riverside Dance School"),
        nation=table.choice("nation", NATIONS, "england"),
        timezone=zone,
        lead_name=table.text("lead_name", ""),
        lead_phone=table.text("lead_phone", ""),
        outside_contact=table.text("outside_contact", ""),
        alternate_lead=table.text("alternate_lead", ""),
        contact_email=table.text("contact_email", ""),
        allowed_phones=table.texts("allowed_phones"),
        allowed_emails=table.texts("allowed_emails"),
        allowed_postcodes=table.texts("allowed_postcodes"),
        allowed_venues=table.texts("allowed_venues"),
        staff_handles=frozenset(table.texts("staff_handles")),
    )
    table.finish()
    return found


def _database(table: TomlTable, folder: Path) -> tuple[str, Path, list[SecretPlace]]:
    """The address, the folder to write in, and where its password is."""
    written = table.text("url", "sqlite:///data/chaperone.sqlite")
    place = secret_place(table, "password", folder)
    table.finish()
    example = 'Write for example "sqlite:///data/chaperone.sqlite".'
    try:
        url = make_url(written)
    except ArgumentError as error:
        raise table.wrong("url", "It is not a database address.", example) from error
    if url.password is not None:
        cure = 'Take it out, and write password_env = "NAME_OF_A_VARIABLE" below.'
        raise table.wrong("url", "A password must not stand in the configuration.", cure)
    if place is not None:
        url = url.set(password=place.read())
    data = folder / "data"
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:":
            raise table.wrong("url", "It names no file.", example)
        file = folder / url.database
        url, data = URL.create("sqlite", database=str(file)), file.parent
    return url.render_as_string(hide_password=False), data, [place] if place else []


def _web(table: TomlTable) -> WebSettings:
    host = table.text("host", "127.0.0.1")
    port = table.number("port", 8765, 1, 65535)
    address = table.text(
        "public_address", f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    ).rstrip("/")
    if not re.fullmatch(r"https?://[^/\s?#]+", address):
        cure = 'Write for example "https://chaperone.example.org", without a path.'
        raise table.wrong("public_address", "It is not an address.", cure)
    table.finish()
    return WebSettings(host, port, address)


def _about_the_web(web: WebSettings) -> tuple[str, ...]:
    if web.host in LOOPBACK or web.public_address.startswith("https://"):
        return ()
    return (
        "web.public_address: People sign in over plain http, which others on the network can "
        "read. Put a proxy with a certificate before it and write its https address.",
    )


def _mail(table: TomlTable, folder: Path) -> MailSettings:
    security, usual = _SECURITY[table.choice("security", _SECURITY, "starttls")]
    found = MailSettings(
        host=table.text("host", None, "smtp.example.org"),
        port=table.number("port", usual, 1, 65535),
        security=security,
        sender=table.text("sender", None, "chaperone@example.org"),
        username=table.text("username", ""),
        password=secret_place(table, "password", folder),
    )
    if security == "none" and found.host not in LOOPBACK:
        cure = 'Write "starttls" or "tls": messages must not be readable on their way.'
        raise table.wrong("security", "Only a mail server on this machine may go without.", cure)
    if found.username and found.password is None:
        cure = 'Add password_env = "NAME_OF_A_VARIABLE" or password_file = "path/of/a/file".'
        raise table.wrong("username", "It has no password.", cure)
    table.finish()
    return found


def _policy(table: TomlTable, folder: Path) -> Path | None:
    written = table.text("path", "")
    table.finish()
    if not written:
        return None
    path = folder / written
    if not path.is_file():
        cure = "Correct the path, or take the line away to use the policy that is shipped."
        raise table.wrong("path", f"There is no file {path}.", cure)
    return path


def _digest(table: TomlTable) -> DigestTime:
    day = table.choice("day", DAYS, "monday")
    time = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", table.text("time", "07:30"))
    if time is None:
        raise table.wrong("time", "It is not a time of day.", 'Write for example "07:30".')
    table.finish()
    return DigestTime(DAYS.index(day), int(time[1]), int(time[2]))
