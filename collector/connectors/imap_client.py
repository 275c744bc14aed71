"""One connection to a mail server over IMAP, built on imap-tools; its refusals in plain words.

Nothing that the server says is repeated in an error: it may hold words of a mail. What the
server sends is bounded in size and time.
"""

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from imap_tools.errors import (
    ImapToolsError,
    MailboxFolderSelectError,
    MailboxLoginError,
    UnexpectedCommandStatusError,
)
from imap_tools.mailbox import BaseMailBox

from collector.connectors.kind import Secrets
from collector.connectors.mail_letter import LONGEST_PART, Letter, Part, is_mail_id, letter
from collector.connectors.mail_structure import Section, Unreadable, responses, sections
from models.errors import ChaperoneError, NeedsOperator, Refused, RetryLater

TIMEOUT = 60.0
"""Seconds to wait for the next bytes."""

LIFETIME = 600.0
"""Seconds that one connection is used, however the server drips."""

LIMITED = timedelta(minutes=15)
BUSY = timedelta(minutes=2)

_MOST_WINDOWS = 2_000
_WINDOW = 50_000
_AT_ONCE = 20
_HEAD = (
    "BODY.PEEK[HEADER.FIELDS (FROM TO CC DATE SUBJECT MESSAGE-ID IN-REPLY-TO REFERENCES "
    "LIST-ID AUTO-SUBMITTED)]<0.200000>"
)
_LONGEST_LITERAL = 2 * LONGEST_PART


@dataclass(frozen=True, slots=True)
class Way:
    """How to reach a mailbox. security: "tls", "starttls", or "none" (this machine only)."""

    host: str
    port: int
    security: str
    username: str
    secrets: Secrets
    subject: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail as it stands in the folder. received: when the server took it in, aware UTC."""

    uid: int
    letter: Letter
    received: datetime


class _Bounded:
    """Mixed into imaplib's clients: no literal is longer, and no server drips longer, than this."""

    stop_at = 0.0

    def read(self, size: int) -> bytes:
        """As imaplib reads a literal."""
        if size > _LONGEST_LITERAL or (self.stop_at and monotonic() > self.stop_at):
            raise Unreadable("more than was asked for")
        return super().read(size)  # type: ignore[misc, no-any-return]

    def readline(self) -> bytes:
        """As imaplib reads a line."""
        if self.stop_at and monotonic() > self.stop_at:
            raise Unreadable("it takes too long")
        return super().readline()  # type: ignore[misc, no-any-return]


class _Plain(_Bounded, imaplib.IMAP4):
    pass


class _Tls(_Bounded, imaplib.IMAP4_SSL):
    pass


class _Box(BaseMailBox):
    """imap-tools' mailbox over a bounded client."""

    def __init__(self, way: Way) -> None:
        self._way = way
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        way, context = self._way, ssl.create_default_context()
        client: imaplib.IMAP4
        if way.security == "tls":
            client = _Tls(way.host, way.port, ssl_context=context, timeout=TIMEOUT)
        else:
            client = _Plain(way.host, way.port, timeout=TIMEOUT)
            if way.security == "starttls":
                client.starttls(context)
        client.stop_at = monotonic() + LIFETIME
        return client


class Folder:
    """An opened folder. validity: the server's number for its numbering of mails."""

    def __init__(self, box: _Box, name: str, subject: str, write: bool) -> None:
        box.folder.set(name, readonly=not write)
        self._box, self._subject = box, subject
        self.validity, self.next = self._told("UIDVALIDITY"), self._told("UIDNEXT")

    def _told(self, name: str) -> int:
        """What the server said of the folder as it was opened."""
        data = self._box.client.response(name)[1]
        first = data[0] if data else None
        if not isinstance(first, bytes) or not first.isdigit() or len(first) > 10:
            raise Unreadable("a folder without its numbers")
        return int(first)

    def numbers(self, first: int, last: int) -> list[int]:
        """The mails that stand there with numbers from first to last, in order."""
        found: list[int] = []
        for start in range(max(first, 1), last + 1, _WINDOW):
            found += self._search(f"UID {start}:{min(start + _WINDOW - 1, last)}")
            if start > first + _WINDOW * _MOST_WINDOWS:
                raise Unreadable("numbers without end")
        return sorted({one for one in found if first <= one <= last})

    def with_mail_id(self, mail_id: str) -> list[int]:
        """Those that may carry this Message-ID ("" for those that carry none)."""
        if not mail_id:
            return self._search('NOT HEADER MESSAGE-ID ""')
        if not is_mail_id(mail_id):
            return []
        return self._search(f'HEADER MESSAGE-ID "{mail_id}"')

    def _search(self, criteria: str) -> list[int]:
        data = self._command("SEARCH", criteria)
        words = b" ".join(one for one in data if isinstance(one, bytes)).split()
        if not all(word.isdigit() and len(word) <= 10 for word in words):
            raise Unreadable("a number that is none")
        return [int(word) for word in words]

    def mails(self, uids: Sequence[int]) -> list[Fetched]:
        """These mails without their attachments; one that went meanwhile is left out."""
        heads = self._fetch(uids, f"(UID INTERNALDATE BODYSTRUCTURE {_HEAD})")
        missing = [uid for uid in uids if uid not in heads]
        if missing and set(self.numbers(min(missing), max(missing))) & set(missing):
            raise Unreadable("a mail that is there and is not given")
        parts, others = {}, {}
        for uid, items in heads.items():
            parts[uid], others[uid] = sections(items.get("BODYSTRUCTURE"))
        bodies = self._bodies(parts)
        found = []
        for uid in sorted(heads):
            texts = [
                Part(one.kind, bodies.get((uid, one.number), b""), one.encoding, one.charset)
                for one in parts[uid]
            ]
            mail = letter(_content(heads[uid], "BODY[HEADER"), texts, others[uid])
            found.append(Fetched(uid, mail, _arrival(heads[uid].get("INTERNALDATE"))))
        return found

    def _bodies(self, parts: dict[int, tuple[Section, ...]]) -> dict[tuple[int, str], bytes]:
        wanted: dict[str, list[int]] = {}
        for uid, some in parts.items():
            for one in some:
                wanted.setdefault(one.number, []).append(uid)
        found = {}
        for number, uids in wanted.items():
            for start in range(0, len(uids), _AT_ONCE):
                here = uids[start : start + _AT_ONCE]
                what = f"(UID BODY.PEEK[{number}]<0.{LONGEST_PART}>)"
                for uid, items in self._fetch(here, what).items():
                    found[uid, number] = _content(items, f"BODY[{number}]")
        return found

    def _fetch(self, uids: Sequence[int], what: str) -> dict[int, dict[str, Any]]:
        if not uids:
            return {}
        data = self._command("FETCH", ",".join(map(str, uids)), what)
        found, asked = {}, set(uids)
        for items in responses([one for one in data if one is not None]):
            uid = items.get("UID")
            if isinstance(uid, bytes) and uid.isdigit() and any("BODY[" in name for name in items):
                if int(uid) not in asked:
                    raise Unreadable("a mail that was not asked for")
                found[int(uid)] = items
        return found

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move them. The folder is made where it is not there yet."""
        if "MOVE" not in self._box.client.capabilities:
            raise Refused(
                "The mail server cannot move mails in one step.",
                subject=self._subject,
                cure="Move the mail by hand, then tick it off.",
            )
        if not self._box.folder.exists(folder):
            self._box.folder.create(folder)
        self._box.move([str(uid) for uid in uids], folder)

    def _command(self, name: str, *what: str) -> list[Any]:
        kind, data = self._box.client.uid(name, *what)
        if kind != "OK":
            raise UnexpectedCommandStatusError((kind, data), "OK")
        return list(data)


@contextmanager
def opened(way: Way, folder: str, *, write: bool = False) -> Iterator[Folder]:
    """Sign in and open the folder; whatever goes wrong inside leaves as an error of ours."""
    password = way.secrets("password")
    box: _Box | None = None
    try:
        box = _Box(way)
        _sign_in(box, way.username, password)
        yield Folder(box, folder, way.subject, write)
    except ChaperoneError:
        raise
    # `from None`: what these print may hold the server's words, which may hold a mail's.
    except ssl.SSLCertVerificationError:
        raise NeedsOperator(
            "The mail server's certificate cannot be trusted.",
            subject=way.subject,
            cure="Check host and port. Ask whoever runs the server to mend its certificate.",
        ) from None
    except (ImapToolsError, imaplib.IMAP4.error, Unreadable, KeyError, ValueError) as error:
        raise _told(error, way.subject) from None
    except OSError as error:
        raise _later(f"It could not be reached ({type(error).__name__}).", way.subject) from None
    finally:
        if box is not None:
            box.client.shutdown()


def _sign_in(box: _Box, username: str, password: str) -> None:
    plain = f"{username}{password}".isascii() and not re.search(r"[\r\n\0]", username + password)
    sign_in = box.login if plain else box.login_utf8
    try:
        sign_in(username, password, initial_folder=None)
        # Servers offer more to who has signed in; imaplib asks only before.
        said = box.client.capability()[1][0] or b""
        box.client.capabilities = tuple(said.decode("ascii", "replace").upper().split())
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        raise MailboxLoginError(("NO", [b""]), "OK") from None


def _told(error: Exception, subject: str) -> ChaperoneError:
    """The remedy for what the server refused."""
    code = _code(error)
    if code in ("LIMIT", "UNAVAILABLE", "INUSE", "SERVERBUG"):
        said = "The mail server asks us to wait." if code == "LIMIT" else "It is not available now."
        return _later(said, subject, LIMITED if code == "LIMIT" else BUSY)
    if isinstance(error, MailboxLoginError):
        return NeedsOperator(
            "The mail server does not accept the user name and password.",
            subject=subject,
            cure="Set a new app password and put it where password_env or password_file says. "
            "Check that IMAP is allowed for this mailbox.",
        )
    if code in ("NOPERM", "AUTHORIZATIONFAILED", "CANNOT", "OVERQUOTA"):
        return NeedsOperator(
            "The mail server does not let this account do that.",
            subject=subject,
            cure="Let the account open the folder and move mails out of it, and check that the "
            "mailbox is not full.",
        )
    if isinstance(error, MailboxFolderSelectError) or code in ("NONEXISTENT", "TRYCREATE"):
        return NeedsOperator(
            "The folder cannot be opened.",
            subject=subject,
            cure="Check folder in the settings: its name as the mail program shows it.",
        )
    if isinstance(error, imaplib.IMAP4.abort):
        return _later("The mail server ended the connection.", subject)
    if isinstance(error, UnexpectedCommandStatusError):
        return _later("The mail server refused and gave no reason.", subject)
    return _later("What came back is not an answer of a mail server.", subject)


def _code(error: Exception) -> str:
    """The response code such as NOPERM, "" where none was given."""
    if not isinstance(error, UnexpectedCommandStatusError):
        return ""
    data = error.command_result[1]
    first = data[0] if isinstance(data, list) and data else b""
    found = re.match(rb"\[([A-Z]+)", first) if isinstance(first, bytes) else None
    return found[1].decode() if found else ""


def _later(said: str, subject: str, after: timedelta = BUSY) -> RetryLater:
    return RetryLater(
        said,
        subject=subject,
        cure="It will be tried again. If it stays so, check host, port and this machine's network.",
        after=after,
    )


def _content(items: dict[str, Any], name: str) -> bytes:
    for key, value in items.items():
        if key.startswith(name):
            if value is None:
                return b""
            if isinstance(value, bytes):
                return value
    raise Unreadable("a part that is not given")


def _arrival(value: object) -> datetime:
    try:
        said = value.decode("ascii").strip() if isinstance(value, bytes) else ""
        return datetime.strptime(said, "%d-%b-%Y %H:%M:%S %z").astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable("a time that is none") from None
