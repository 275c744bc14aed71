"""One e-mail as its words and the facts around them; the posts made of it.

The text parts are read, nothing else: an attachment is counted by its heading and never opened.
Everything in a mail was written by its sender, the sender's own address included.
"""

import binascii
import codecs
import quopri
import re
from base64 import b64decode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256

from collector.connectors.mail_html import plain

LONGEST_PART = 400_000
"""Bytes of one text part that are read."""

MOST_PARTS = 40
_MOST_PEOPLE = 500
_LONGEST_HEADER = 32_000
_MAIL_ID = re.compile(r"[!#-;=?-\[\]-~]{1,250}")
"""A Message-ID without its angle brackets: printable, no space, no quotation mark, no backslash."""

_TELLING = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
"""Codecs that Python calls text and that no mail is written in."""

_FORMATTED = "[The mail also has a formatted version. Its words differ:]"


@dataclass(frozen=True, slots=True)
class Correspondent:
    """Somebody in a heading. address: in lower case."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Part:
    """A text part as it was sent. kind: "plain" or "html"."""

    kind: str
    body: bytes
    encoding: str = ""
    charset: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail. sent: by its Date heading, aware UTC, None where that says nothing.

    mail_id, answers, references: Message-IDs without angle brackets, "" where there is none.
    automatic: a program says that it sent it. attachments: how many, none of them opened.
    """

    sender: Correspondent
    to: tuple[Correspondent, ...] = ()
    cc: tuple[Correspondent, ...] = ()
    subject: str = ""
    text: str = ""
    sent: datetime | None = None
    mail_id: str = ""
    answers: str = ""
    references: tuple[str, ...] = ()
    attachments: int = 0
    automatic: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    """What else is looked at, as it stood: date, list-id."""

    @property
    def digest(self) -> str:
        """Forty hex digits for who wrote what when: the mail's identity where it names none."""
        whole = "\n".join((self.sender.address, self.headers.get("date", ""), self.said))
        return sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:40]

    @property
    def native_id(self) -> str:
        """The id in our tables: the same in every copy, folder and mailbox."""
        return f"mid:{self.mail_id}" if self.mail_id else f"raw:{self.digest}"

    @property
    def said(self) -> str:
        """Subject and text, as they are judged."""
        return "\n\n".join(one for one in (self.subject, self.text) if one)


def letter(head: bytes, parts: Sequence[Part], attachments: int) -> Letter:
    """A mail from its headings and its text parts. Never raises."""
    said = _Headings(head)
    return Letter(
        sender=next(iter(said.people("from")), Correspondent("", "")),
        to=said.people("to"),
        cc=said.people("cc"),
        subject=said.words("subject"),
        text=_text(parts),
        sent=_moment(said.first("date")),
        mail_id=next(iter(_ids(said.first("message-id"))), ""),
        answers=next(iter(_ids(said.first("in-reply-to"))), ""),
        references=_ids(said.first("references")),
        attachments=attachments,
        automatic=said.first("auto-submitted").lower() not in ("", "no"),
        headers={
            name: said.first(name)[:2000] for name in ("date", "list-id", "x-facebook-notify")
        },
    )


def letter_of_bytes(raw: bytes) -> Letter:
    """A whole mail, as an .eml file holds it. Never raises."""
    message = BytesParser().parsebytes(raw)
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    parts: list[Part] = []
    attachments = 0
    for one in _leaves(message):
        kind = one.get_content_type()
        named = one.get_filename() is not None or one.get_content_disposition() == "attachment"
        if kind not in ("text/plain", "text/html") or named or len(parts) >= MOST_PARTS:
            attachments += 1
            continue
        body = one.get_payload(decode=True)
        content = body[:LONGEST_PART] if isinstance(body, bytes) else b""
        parts.append(Part(kind[5:], content, "", _charset(one)))
    return letter(head, parts, attachments)


def _leaves(message: Message) -> Iterable[Message]:
    """The parts that hold content; a mail that is attached to a mail is one leaf."""
    waiting = [message]
    while waiting:
        one = waiting.pop(0)
        if one.get_content_maintype() == "multipart" and one.is_multipart():
            waiting[:0] = [part for part in one.get_payload() if isinstance(part, Message)]
        else:
            yield one


def _charset(message: Message) -> str:
    found = message.get_param("charset", "")
    return found if isinstance(found, str) else str(found[2])


def _text(parts: Sequence[Part]) -> str:
    """The plain words, and the formatted ones too where they say more.

    A mail program shows the formatted version: words that stand only there are not to be missed.
    """
    plains = [decoded(one).strip() for one in parts if one.kind == "plain"]
    formatted = [plain(decoded(one)) for one in parts if one.kind == "html"]
    words = "\n\n".join(one for one in plains if one)
    shown = "\n\n".join(one for one in formatted if one)
    if not words or not shown:
        return words or shown
    if set(re.findall(r"\w+", shown.casefold())) <= set(re.findall(r"\w+", words.casefold())):
        return words
    return f"{words}\n\n{_FORMATTED}\n{shown}"


def decoded(part: Part) -> str:
    """A part's text. What cannot be read stands as U+FFFD. Never raises."""
    encoding, raw = part.encoding.strip().strip('"').lower(), part.body
    if encoding == "base64":
        clean = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        clean = clean[: len(clean) - (len(clean) % 4 == 1)]
        try:
            raw = b64decode(clean + b"=" * (-len(clean) % 4))
        except binascii.Error:
            raw = b""
    elif encoding == "quoted-printable":
        raw = quopri.decodestring(raw)
    return _in_charset(raw, part.charset).replace("\r\n", "\n").replace("\r", "\n")


def _in_charset(raw: bytes, charset: str) -> str:
    name = charset.strip().strip("\"'").lower() or "utf-8"
    name = "utf-8" if name in ("us-ascii", "ascii", "unknown-8bit") else name
    try:
        known = codecs.lookup(name)
        if known.name in _TELLING:
            raise LookupError(name)
        return raw.decode(name, "replace")
    except (LookupError, ValueError):
        return raw.decode("utf-8", "replace")


class _Headings:
    """A mail's headings by their names in lower case, decoded but not trusted."""

    def __init__(self, head: bytes) -> None:
        message = BytesHeaderParser().parsebytes(head[: 8 * _LONGEST_HEADER].strip() + b"\r\n\r\n")
        self._all: dict[str, list[str]] = {}
        for name, value in message.raw_items():
            raw = str(value)[:_LONGEST_HEADER].encode("utf-8", "surrogateescape")
            text = re.sub(r"\r?\n[ \t]*", " ", raw.decode("utf-8", "replace"))
            self._all.setdefault(name.lower(), []).append(text.strip())

    def first(self, name: str) -> str:
        return next(iter(self._all.get(name, [])), "")

    def words(self, name: str) -> str:
        return _words(self.first(name))

    def people(self, name: str) -> tuple[Correspondent, ...]:
        found = getaddresses(self._all.get(name, []))[:_MOST_PEOPLE]
        return tuple(
            Correspondent(" ".join(_words(said).split())[:200], address.strip().lower()[:254])
            for said, address in found
            if "@" in address
        )


def _words(value: str) -> str:
    """A heading with its encoded words read."""
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    return "".join(
        one if isinstance(one, str) else _in_charset(one, charset or "") for one, charset in pieces
    ).strip()


def _ids(value: str) -> tuple[str, ...]:
    found = re.findall(r"<([^<>\s]+)>", value) or value.split()[:1]
    return tuple(one for one in found if _MAIL_ID.fullmatch(one))[:100]


def is_mail_id(text: str) -> bool:
    """Whether it can be a Message-ID, so that it may stand in a question to a mail server."""
    return _MAIL_ID.fullmatch(text) is not None


def _moment(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def posted_at(mail: Letter, received: datetime) -> tuple[datetime, str]:
    """When it was sent, and a note where the sender's clock cannot be believed."""
    if mail.sent is None:
        return received, "The mail gives no date: the time is that of its arrival."
    if not timedelta(days=-1) < received - mail.sent < timedelta(days=36500):
        return received, "The mail's own date cannot be right: the time is that of its arrival."
    return mail.sent, ""
