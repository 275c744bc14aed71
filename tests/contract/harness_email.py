"""The contract on a mailbox: the IMAP stand-in with one empty folder."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import ClassVar

from collector.connector import Connector
from collector.connectors.registry import get
from collector.sandbox.imap import ImapServer, Mailbox


class EmailHarness:
    """A mailbox that nobody has written to. ids are "mid:" and the Message-ID."""

    secrets: ClassVar[tuple[str, ...]] = ("apppasswordthatmustnotbeseen",)
    delay: ClassVar[timedelta] = timedelta(minutes=15)

    def __init__(self, mailbox: Mailbox, port: int) -> None:
        self.mailbox, self.port = mailbox, port
        self.folder = mailbox.folders["INBOX"]
        self.count = 0

    def connector(self) -> Connector:
        return self._at(self.port)

    def unreachable(self) -> Connector:
        return self._at(9)

    def _at(self, port: int) -> Connector:
        return get("email").connect(
            {"host": "127.0.0.1", "port": port, "username": "watch", "security": "none"},
            lambda _: self.secrets[0],
        )

    def write(self, text: str, under: str = "") -> str:
        self.count += 1
        name = f"{self.count}@mail.example.org"
        self.folder.add(_mail(name, text, under and self._thread(under)))
        return f"mid:{name}"

    def _thread(self, under: str) -> list[str]:
        """The Message-IDs from the first of the thread to the one that is answered."""
        answered = under.removeprefix("mid:")
        for mail in self.folder.mails:
            lines = mail.raw.decode().split("\n\n")[0].split("\n")
            if f"Message-ID: <{answered}>" in lines:
                above = [line[12:].split() for line in lines if line.startswith("References: ")]
                return [*(one.strip("<>") for one in (above or [[]])[0]), answered]
        return [answered]

    def many(self, count: int) -> None:
        for number in range(count):
            self.write(f"mail {number}")

    def edit(self, native_id: str, text: str) -> None:
        mail = self._find(native_id)
        head = mail.raw.split(b"\n\n")[0]
        self.folder.mails.remove(mail)
        self.folder.add(head + b"\n\n" + text.encode(), mail.received)

    def delete(self, native_id: str) -> None:
        self.folder.mails.remove(self._find(native_id))

    def _find(self, native_id: str):
        return next(one for one in self.folder.mails if _id(one.raw) == native_id)

    def stands(self, native_id: str) -> bool:
        return any(_id(one.raw) == native_id for one in self.folder.mails)

    def limit(self) -> None:
        self.mailbox.refusal = "[LIMIT] Too many connections."

    def break_down(self) -> None:
        self.mailbox.goodbye = True

    def expire(self) -> None:
        self.mailbox.password = "changed"

    def may_not_moderate(self) -> None:
        self.folder.frozen = True

    def may_not_read(self) -> None:
        self.mailbox.refusal = "[NOPERM] Not for you."

    def hostile(self) -> dict[str, Callable[[], None]]:
        return {name: self._serving(*answer) for name, answer in _HOSTILE.items()}

    def _serving(self, command: str, answer: bytes) -> Callable[[], None]:
        def serve(name: str, _: bytes) -> bytes | None:
            return answer if name == command else None

        def begin() -> None:
            self.write("one more, so that there is something to fetch")
            self.mailbox.interject = serve

        return begin

    def mend(self) -> None:
        self.mailbox.refusal, self.mailbox.goodbye, self.mailbox.interject = "", False, None
        self.mailbox.password = self.secrets[0]
        self.folder.frozen = False


def _mail(name: str, text: str, thread: list[str] | str) -> bytes:
    lines = ["From: Ottoline Vane <ottoline@example.org>", "To: watch@example.org"]
    lines += ["Date: Fri, 20 Nov 2026 10:00:00 +0000", f"Message-ID: <{name}>"]
    if thread:
        lines.append("References: " + " ".join(f"<{one}>" for one in thread))
        lines.append(f"In-Reply-To: <{thread[-1]}>")
    return ("\n".join(lines) + f"\n\n{text}\n").encode()


def _id(raw: bytes) -> str:
    line = next(one for one in raw.decode().split("\n") if one.startswith("Message-ID: "))
    return "mid:" + line[13:-1]


_HEAD = b'* 1 FETCH (UID 2 INTERNALDATE "20-Nov-2026 10:00:00 +0000" '
_HOSTILE = {
    "no list": ("UID FETCH", b"* 1 FETCH hello\r\n"),
    "nothing": ("UID FETCH", b""),
    "another mail": ("UID FETCH", _HEAD.replace(b"2", b"77") + b"BODY[HEADER] {2}\r\n\r\n)\r\n"),
    "no structure": ("UID FETCH", _HEAD + b"BODY[HEADER]<0> {2}\r\n\r\n)\r\n"),
    "deep": (
        "UID FETCH",
        _HEAD + b"BODYSTRUCTURE " + b"(" * 5000 + b")" * 5000 + b" BODY[HEADER]<0> NIL)\r\n",
    ),
    "ten megabytes": ("UID FETCH", _HEAD + b"BODY[HEADER]<0> {10000000}\r\n" + b"x" * 10_000_000),
    "a parenthesis": ("UID FETCH", _HEAD + b")))\r\n"),
    "a quotation mark": ("UID FETCH", _HEAD + b'BODY[HEADER]<0> ")\r\n'),
    "numbers that are none": ("UID SEARCH", b"* SEARCH one two\r\n"),
    "a number too big": ("UID SEARCH", b"* SEARCH 99999999999999999999\r\n"),
    "numbers without end": (
        "EXAMINE",
        b"* OK [UIDVALIDITY 1] ok\r\n* OK [UIDNEXT 4294967295] ok\r\n",
    ),
    "no numbering": ("EXAMINE", b"* 3 EXISTS\r\n"),
    "noise": ("EXAMINE", b"\xff\xfe\x00 not a mail server\r\n"),
}


@contextmanager
def _email() -> Iterator[EmailHarness]:
    mailbox = Mailbox("watch", EmailHarness.secrets[0])
    with ImapServer(mailbox) as server:
        yield EmailHarness(mailbox, server.port)


HARNESSES = {"email": _email}
