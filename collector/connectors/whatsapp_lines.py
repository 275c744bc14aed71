"""An exported chat as rows: every line of the file is in exactly one of them, or leads them.

Messages are told from WhatsApp's own lines so that no message can pass for one: what has a name
and a colon is a message, except for a few texts that leave a writer no freedom.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from collector.connectors.whatsapp_dates import MARKS, Header, headers, stamps
from models.errors import MendInput

_STRAY = 0.01
"""Share of the lines that may come before the first message; more is an unknown layout."""

_ONLY_NOTICES = 5
"""A new group can hold a few notices and nothing else."""

_JUMP = timedelta(days=1)
_SENDER = re.compile(r"(?P<name>.{1,200}?):(?: (?P<text>.*))?", re.DOTALL)
_MARK = re.compile(f"[{MARKS}]+")
_EDITED = re.compile(rf"[{MARKS}\s]*<This message was edited>[{MARKS}\s]*\Z")
_DELETED = re.compile(
    r"(?:This message was deleted|You deleted this message|Diese Nachricht wurde gelöscht|"
    r"Se eliminó este mensaje)\.?"
)
_BY_ADMIN = re.compile(r"This message was deleted by admin (?P<name>.{1,200}?)\.?")
_KINDS = "image|video|video note|audio|sticker|GIF|document|Contact card|media"
_OMITTED = re.compile(
    rf"[{MARKS}]*(?:<(?:Media omitted|Medien ausgeschlossen|Multimedia omitido)>|"
    rf"(?P<before>.{{0,300}}?)[{MARKS}]*\b(?:{_KINDS}) omitted)[{MARKS}]*"
)
_ATTACHED = re.compile(
    rf"[{MARKS}]*(?:(?P<before>.{{0,300}}?)[{MARKS}]*<(?:attached|adjunto): (?P<in>[^>]{{1,300}})>|"
    rf"(?P<name>.{{1,300}}?) (?:\((?:file attached|Datei angehängt)\)|<attached>))[{MARKS}]*"
)
_AUTOMATIC = re.compile(
    r"(?:(?:IMG|VID|AUD|PTT|STK|DOC)-\d{8}-WA\d+|\d{8,}-(?:PHOTO|VIDEO|AUDIO|STICKER|GIF|IMG)[\d-]*|"
    r"\d{4}-\d\d-\d\d-(?:PHOTO|VIDEO|AUDIO)-\d+)\.\w{2,5}"
)
_FIXED = re.compile(
    r"Messages and calls are end-to-end encrypted\. (?:No one outside of this chat, not even "
    r"WhatsApp, can read or listen to them|Only people in this chat can read, listen to, or share "
    r"them)\.(?: (?:Tap to learn|Learn) more\.?)?"
)
_NOTICE = re.compile(
    r".{1,80}\b(?:created this group|added|removed|left|joined using|was added|joined|"
    r"changed (?:this|the|their)|turned o(?:n|ff)|pinned a message|now an admin|security code)\b"
)
_OPENS = re.compile(r"\b(?:changed the \w+|created).*[\"“]")
_MEDIA_WORDS = re.compile(r"omitted|attached|angehängt|ausgeschlossen|omitido|adjunto")
_INVISIBLE = "\u200e\u200f\ufeff"
_QUOTED = re.compile(
    r"(?P<who>.{1,200}?) (?:changed the (?:subject|group name|community name)|"
    r"created (?:the )?(?:group|community))\b[^:]*?[\"“].*[\"”]\Z",
    re.DOTALL,
)


class RowKind(Enum):
    """What a row is. NAMED: WhatsApp's own line that quotes words of a person."""

    MESSAGE = "message"
    NAMED = "named"
    SYSTEM = "system"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Row:
    """One message or notice. stamp: naive, the phone's local time. lines: how many it took.

    by: who deleted it, "author" or "moderator". jumped: it stands out of order in time.
    """

    stamp: datetime
    kind: RowKind
    sender: str
    text: str
    line: int
    lines: int = 1
    media: int = 0
    edited: bool = False
    by: str = ""
    jumped: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """A whole export. lines == leading + the sum of every row's `lines`."""

    rows: tuple[Row, ...]
    lines: int
    leading: int
    guessed_order: bool

    @property
    def newest(self) -> datetime:
        """The time of the newest row that stands in order."""
        return newest_of(self.rows)

    def count(self, kind: RowKind) -> int:
        """How many rows are of that kind."""
        return sum(row.kind is kind for row in self.rows)


def newest_of(rows: Sequence[Row]) -> datetime:
    """The newest time among rows that stand in order. Raises ValueError where there is none."""
    return max(row.stamp for row in rows if not row.jumped)


def parse(text: str, subject: str) -> Parsed:
    """Read an export's text (line ends `\\n`). Raises MendInput where it is no export."""
    lines = text.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    found, moments, guessed = _dated(lines)
    if not found:
        raise _no_export(subject, "Not one line begins like a message.")
    leading = found[0].line
    stray = sum(bool(_MARK.sub("", line).strip()) for line in lines[:leading])
    if stray > _STRAY * len(lines):
        raise _no_export(subject, f"Its first {stray} lines do not look like messages.")
    rows = tuple(_marked(list(_rows(lines, found, moments))))
    if len(rows) > _ONLY_NOTICES and all(row.kind is RowKind.SYSTEM for row in rows):
        raise _no_export(subject, "It holds no message.")
    return Parsed(rows, len(lines), leading, guessed)


def _no_export(subject: str, what: str) -> MendInput:
    return MendInput(
        f"{what} The layout may be new, or this is not an exported chat.",
        subject=subject,
        cure="Export the chat again with the phone's language set to English, and do not open it.",
    )


def _dated(lines: Sequence[str]) -> tuple[list[Header], list[datetime], bool]:
    """Headers whose dates exist, their times, and whether day and month are a guess."""
    found = headers(lines)
    read, guessed = stamps(found)
    # A stamp of the future can only be typed: it would make every later export look old.
    limit = datetime.now() + _JUMP  # noqa: DTZ005 - stamps are the phone's local time
    pairs = [
        (one, moment)
        for one, moment in zip(found, read, strict=True)
        if moment is not None and moment <= limit
    ]
    return [one for one, _ in pairs], [moment for _, moment in pairs], guessed


def _rows(
    lines: Sequence[str], found: Sequence[Header], moments: Sequence[datetime]
) -> Iterator[Row]:
    split = [_split(header.rest) for header in found]
    names = {name for name, _ in split if name}
    # An iPhone signs WhatsApp's notices with the group's own name; the first one is always there.
    subject = split[0][0] if _FIXED.fullmatch(_bare(split[0][1])) else ""
    for index, header in enumerate(found):
        end = found[index + 1].line if index + 1 < len(found) else len(lines)
        name, first = split[index]
        body = "\n".join([first, *lines[header.line + 1 : end]])
        row = _row(moments[index], name, body, names, subject)
        yield replace(row, line=header.line + 1, lines=end - header.line)


def _split(rest: str) -> tuple[str, str]:
    """Sender and text; sender "" where there is none."""
    found = _SENDER.fullmatch(rest)
    if found is None:
        return "", rest
    bare = _bare(rest)
    if _FIXED.fullmatch(bare) or (_QUOTED.fullmatch(bare) and _OPENS.search(found["name"])):
        return "", rest
    return shown_name(found["name"]), found["text"] or ""


def _row(stamp: datetime, name: str, body: str, names: set[str], subject: str) -> Row:
    text = body.rstrip()
    bare = _bare(text).strip()
    own = not name or (
        body.startswith("\u200e")
        and bool(_FIXED.fullmatch(bare) or (name == subject and _NOTICE.match(bare)))
    )
    if not own:
        return _message(stamp, name, text, names)
    quoted = _QUOTED.fullmatch(bare)
    if quoted is not None:
        return Row(stamp, RowKind.NAMED, shown_name(quoted["who"]), bare, 0)
    # A notice has one line. More may be somebody's words in a layout that we do not know.
    kind = RowKind.NAMED if "\n" in bare else RowKind.SYSTEM
    return Row(stamp, kind, "", bare, 0)


def _message(stamp: datetime, name: str, text: str, names: set[str]) -> Row:
    kept = _EDITED.sub("", text)
    edited = kept != text
    bare = _bare(kept).strip()
    admin = _BY_ADMIN.fullmatch(bare)
    if _DELETED.fullmatch(bare):
        return Row(stamp, RowKind.DELETED, name, "", 0, by="author")
    if admin is not None and shown_name(admin["name"]) in names:
        return Row(stamp, RowKind.DELETED, name, "", 0, by="moderator")
    words, media = _without_media(kept)
    return Row(stamp, RowKind.MESSAGE, name, words, 0, media=media, edited=edited)


def _without_media(text: str) -> tuple[str, int]:
    """The words beside pictures and files, and how many of those there are."""
    if not _MEDIA_WORDS.search(text):
        return text.strip(_INVISIBLE).strip(), 0
    kept, media = [], 0
    for line in text.split("\n"):
        found = _OMITTED.fullmatch(line) or _ATTACHED.fullmatch(line)
        if found is None:
            kept.append(line)
            continue
        media += 1
        parts = [part for part in found.groups() if part and not _AUTOMATIC.fullmatch(part)]
        kept.extend(part.strip() for part in parts)
    return "\n".join(kept).strip(_INVISIBLE).strip(), media


def _marked(rows: Sequence[Row]) -> Iterator[Row]:
    """Mark what stands out of order in time: pasted chats look like messages.

    In order is the longest run of rows whose time never goes back; late delivery is allowed for.
    """
    run = _longest_run([row.stamp for row in rows])
    before = rows[run[0]].stamp
    steady = set(run)
    for index, row in enumerate(rows):
        if index in steady:
            before = row.stamp
            yield row
        else:
            yield replace(row, jumped=abs(row.stamp - before) > _JUMP)


def _longest_run(times: Sequence[datetime]) -> list[int]:
    """Indices of the longest subsequence that never decreases. Raises ValueError on none."""
    ends: list[datetime] = []
    last: list[int] = []
    before: list[int] = []
    for index, moment in enumerate(times):
        at = bisect_right(ends, moment)
        before.append(last[at - 1] if at else -1)
        ends[at : at + 1] = [moment]
        last[at : at + 1] = [index]
    run, index = [], last[-1]
    while index >= 0:
        run.append(index)
        index = before[index]
    return run[::-1]


def shown_name(text: str) -> str:
    """A name without direction marks and without the `~` before names that are no contacts."""
    return _MARK.sub("", text).strip().removeprefix("~").strip("\u202f\u00a0 ")


def _bare(text: str) -> str:
    return _MARK.sub("", text)
