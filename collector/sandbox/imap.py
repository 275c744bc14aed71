"""A small IMAP server on the loopback: folders of mails, the commands that the connector uses.

It speaks IMAP4rev1, with MOVE for who has signed in, over a real socket. Tests steer it from
outside through `Mailbox`.
"""

import logging
import re
import socketserver
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from threading import Lock

from collector.sandbox.loopback import Serving

_log = logging.getLogger(__name__)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ")  # noqa: SIM905
_ARGUMENT = re.compile(rb'"((?:[^"\\]|\\.)*)"|([^\s"]+)')


@dataclass
class Standing:
    """A mail in a folder. received: aware UTC."""

    uid: int
    raw: bytes
    received: datetime


@dataclass
class MailFolder:
    """A folder. validity: what UIDVALIDITY says. frozen: nobody may move mails out of it."""

    validity: int = 1
    next: int = 1
    mails: list[Standing] = field(default_factory=list)
    frozen: bool = False

    def add(self, raw: bytes, received: datetime | None = None) -> int:
        """Put a mail in; returns its uid."""
        mail = Standing(self.next, raw, received or datetime.now(UTC))
        self.mails.append(mail)
        self.next += 1
        return mail.uid

    def renumber(self) -> None:
        """As after a restored backup: every mail has another number."""
        self.validity += 1
        for number, mail in enumerate(self.mails, 1):
            mail.uid = number
        self.next = len(self.mails) + 1


Answer = Callable[[str, bytes], bytes | None]
"""Given the command's name and its line; what is sent before the tagged OK, None for the usual."""


@dataclass
class Mailbox:
    """One account and its folders. refusal: what every sign-in is told instead of OK."""

    username: str
    password: str
    folders: dict[str, MailFolder] = field(default_factory=lambda: {"INBOX": MailFolder()})
    refusal: str = ""
    goodbye: bool = False
    interject: Answer | None = None
    lock: Lock = field(default_factory=Lock)


class ImapServer(Serving):
    """Serves one mailbox in threads of this process until it is closed. port: the free one."""

    def __init__(self, mailbox: Mailbox) -> None:
        server = _Server(("127.0.0.1", 0), _Session)
        server.mailbox = mailbox
        self.port = int(server.server_address[1])
        super().__init__(server)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    mailbox: Mailbox


class _Refusal(Exception):
    """The command is answered by NO and this text."""


class _Session(socketserver.StreamRequestHandler):
    """One connection."""

    server: _Server
    timeout = 30

    def handle(self) -> None:
        box = self.server.mailbox
        self._folder: MailFolder | None = None
        self._open = False
        try:
            if box.goodbye:
                self.wfile.write(b"* BYE out of order\r\n")
                return
            self.wfile.write(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
            while line := self.rfile.readline(65536):
                if not self._answer(line.rstrip(b"\r\n")):
                    return
        except (ConnectionError, TimeoutError):
            _log.debug("a client went away")

    def _answer(self, line: bytes) -> bool:
        tag, _, rest = line.partition(b" ")
        name, _, what = rest.partition(b" ")
        command = name.decode("ascii", "replace").upper()
        if command == "UID":
            name, _, what = what.partition(b" ")
            command = f"UID {name.decode('ascii', 'replace').upper()}"
        _log.debug("%s", command)
        try:
            with self.server.mailbox.lock:
                said = self._said(command, what)
        except _Refusal as refusal:
            self.wfile.write(tag + f" NO {refusal}\r\n".encode())
            return True
        self.wfile.write(said + tag + b" OK done\r\n")
        return command != "LOGOUT"

    def _said(self, command: str, what: bytes) -> bytes:
        box = self.server.mailbox
        if box.interject is not None and (said := box.interject(command, what)) is not None:
            return said
        if command in ("CAPABILITY", "NOOP", "LOGOUT"):
            return {
                "CAPABILITY": b"* CAPABILITY IMAP4rev1" + b" UIDPLUS MOVE" * self._open + b"\r\n",
                "LOGOUT": b"* BYE\r\n",
            }.get(command, b"")
        if command == "LOGIN":
            return self._login(_arguments(what))
        if not self._open:
            raise _Refusal("sign in first")
        steps: dict[str, Callable[[bytes], bytes]] = {
            "SELECT": self._select,
            "EXAMINE": self._select,
            "LIST": self._list,
            "CREATE": self._create,
            "UID SEARCH": self._search,
            "UID FETCH": self._fetch,
            "UID MOVE": self._move,
        }
        if command not in steps:
            raise _Refusal("no such command")
        return steps[command](what)

    def _login(self, who: list[bytes]) -> bytes:
        box = self.server.mailbox
        if box.refusal:
            raise _Refusal(box.refusal)
        if who != [box.username.encode(), box.password.encode()]:
            raise _Refusal("[AUTHENTICATIONFAILED] Authentication failed.")
        self._open = True
        return b""

    def _select(self, what: bytes) -> bytes:
        self._folder = self._named(what)
        return (
            f"* {len(self._folder.mails)} EXISTS\r\n* 0 RECENT\r\n"
            f"* OK [UIDVALIDITY {self._folder.validity}] ok\r\n"
            f"* OK [UIDNEXT {self._folder.next}] ok\r\n"
        ).encode()

    def _named(self, what: bytes) -> MailFolder:
        folder = self.server.mailbox.folders.get(_arguments(what)[0].decode())
        if folder is None:
            raise _Refusal("[NONEXISTENT] no such folder")
        return folder

    def _list(self, what: bytes) -> bytes:
        wanted = _arguments(what)[1].decode()
        names = [one for one in self.server.mailbox.folders if wanted in ("*", one)]
        return "".join(f'* LIST (\\HasNoChildren) "/" "{one}"\r\n' for one in names).encode()

    def _create(self, what: bytes) -> bytes:
        self.server.mailbox.folders[_arguments(what)[0].decode()] = MailFolder()
        return b""

    def _mails(self) -> MailFolder:
        if self._folder is None:
            raise _Refusal("open a folder first")
        return self._folder

    def _search(self, what: bytes) -> bytes:
        words = [one.decode() for one in _arguments(what)]
        found = [mail.uid for mail in self._mails().mails if _matches(mail, words)]
        return ("* SEARCH" + "".join(f" {uid}" for uid in found) + "\r\n").encode()

    def _fetch(self, what: bytes) -> bytes:
        wanted, _, items = what.partition(b" ")
        uids, said = _set(wanted.decode()), b""
        for number, mail in enumerate(self._mails().mails, 1):
            if mail.uid in uids:
                said += f"* {number} FETCH (".encode() + _fetched(mail, items.decode()) + b")\r\n"
        return said

    def _move(self, what: bytes) -> bytes:
        wanted, _, name = what.partition(b" ")
        here, there = self._mails(), self._named(name)
        if here.frozen:
            raise _Refusal("[NOPERM] Permission denied")
        uids, said = _set(wanted.decode()), b""
        for number in range(len(here.mails), 0, -1):
            if here.mails[number - 1].uid in uids:
                mail = here.mails.pop(number - 1)
                there.add(mail.raw, mail.received)
                said += f"* {number} EXPUNGE\r\n".encode()
        return said


def _arguments(what: bytes) -> list[bytes]:
    found = _ARGUMENT.findall(what)
    return [atom if atom else re.sub(rb"\\(.)", rb"\1", quoted) for quoted, atom in found]


def _set(said: str) -> "_Uids":
    return _Uids([tuple(map(int, (one + ":" + one).split(":")[:2])) for one in said.split(",")])


class _Uids:
    """A set of uids such as 1:5,9."""

    def __init__(self, ranges: list[tuple[int, ...]]) -> None:
        self._ranges = ranges

    def __contains__(self, uid: int) -> bool:
        return any(one[0] <= uid <= one[1] for one in self._ranges)


def _matches(mail: Standing, words: list[str]) -> bool:
    """Of the search keys: UID with a set, HEADER with a name and a piece of text, NOT."""
    if words[0].upper() == "NOT":
        return not _matches(mail, words[1:])
    if words[0].upper() == "UID":
        return mail.uid in _set(words[1])
    value = message_from_bytes(mail.raw).get(words[1])
    return value is not None and words[2].lower() in str(value).lower()


def _fetched(mail: Standing, items: str) -> bytes:
    message = message_from_bytes(mail.raw)
    said = f"UID {mail.uid}".encode()
    if "INTERNALDATE" in items:
        when = mail.received
        said += f' INTERNALDATE "{when.day:02}-{_MONTHS[when.month - 1]}-'.encode()
        said += f'{when:%Y %H:%M:%S} +0000"'.encode()
    if "BODYSTRUCTURE" in items:
        said += b" BODYSTRUCTURE " + _structure(message)
    if fields := re.search(r"BODY\.PEEK\[HEADER\.FIELDS \(([^)]*)\)\]<0\.(\d+)>", items):
        head = re.split(rb"\r?\n\r?\n", mail.raw, maxsplit=1)[0] + b"\r\n"
        wanted = "|".join(map(re.escape, fields[1].split()))
        lines = re.findall(rb"(?im)^(?:%b):.*(?:\r?\n[ \t].*)*\r?\n" % wanted.encode(), head)
        said += _literal(f"BODY[HEADER.FIELDS ({fields[1]})]<0>", b"".join(lines) + b"\r\n")
    if part := re.search(r"BODY\.PEEK\[([\d.]+)\]<0\.(\d+)>", items):
        body = _section(message, part[1])[: int(part[2])]
        said += _literal(f"BODY[{part[1]}]<0>", body)
    return said


def _literal(name: str, body: bytes) -> bytes:
    return f" {name} {{{len(body)}}}\r\n".encode() + body


def _section(message: Message, number: str) -> bytes:
    for step in number.split("."):
        inner = message.get_payload()
        if isinstance(inner, list) and isinstance(found := inner[int(step) - 1], Message):
            message = found
    body = message.get_payload()
    return body.encode("utf-8", "surrogateescape") if isinstance(body, str) else b""


def _structure(message: Message) -> bytes:
    """BODYSTRUCTURE as RFC 3501 has it."""
    inner = message.get_payload()
    kind, _, sub = message.get_content_type().upper().partition("/")
    if isinstance(inner, list) and kind == "MULTIPART":
        parts = b"".join(_structure(one) for one in inner if isinstance(one, Message))
        return b"(" + parts + f' "{sub}" NIL NIL NIL)'.encode()
    body = inner.encode("utf-8", "surrogateescape") if isinstance(inner, str) else b""
    encoding = str(message.get("Content-Transfer-Encoding", "7BIT"))
    params = _params(dict(message.get_params(failobj=[])[1:]))
    said = f'("{kind}" "{sub}" {params} NIL NIL "{encoding}" {len(body)}'
    lines = f" {body.count(10)}" if kind == "TEXT" else ""
    disposition = message.get_content_disposition()
    if disposition is None:
        shown = "NIL"
    else:
        name = message.get_filename()
        shown = f'("{disposition}" {_params({"filename": name} if name else {})})'
    return f"{said}{lines} NIL {shown} NIL NIL)".encode("utf-8", "surrogateescape")


def _params(given: dict[str, str]) -> str:
    words = " ".join(f'"{name}" "{value}"' for name, value in given.items())
    return f"({words})" if words else "NIL"
