"""Chats that Zoom saved: the text files that a host keeps, and those beside a cloud recording.

A chat gives times of day only. The day is taken from the name of the file where it holds one, or
else from when the file was saved, and then said. The same chat saved twice is stored once.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from hashlib import sha256
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

from collector.connector import IncomingPost
from collector.connectors.files import PATH, FileSource, Said, path_of
from collector.connectors.kind import ConnectorKind, Options, Secrets
from collector.connectors.table_file import read_text
from models.errors import MendInput
from models.vocabulary import PostKind, Verb

_ZONE = ZoneInfo("Europe/London")
_LOCAL = re.compile(
    r"(?:(?P<day>\d{4}-\d\d-\d\d) )?(?P<time>\d\d:\d\d:\d\d)\s+From\s+(?P<who>.{1,200}?)\s+to\s+"
    r"(?P<to>[^:]{1,200}):[ \t]?(?P<text>.*)",
    re.IGNORECASE,
)
_CLOUD = re.compile(r"(?P<time>\d\d:\d\d:\d\d)\t\s*(?P<who>[^\t]{1,200}?)\s*:\t(?P<text>.*)")
_DAY = re.compile(r"(?<!\d)(20\d\d)-?(\d\d)-?(\d\d)(?!\d)")
_SAVE = "Save the chat in Zoom again (Chat, three dots, Save chat) and put the file in unopened."


class ZoomChat(FileSource):
    """A folder of saved chats."""

    name: ClassVar[str] = "zoom_chat"
    suffixes: ClassVar[frozenset[str]] = frozenset({".txt"})
    steps: ClassVar[Mapping[Verb, tuple[str, ...]]] = dict.fromkeys(
        Verb,
        (
            "A chat of a session that has ended cannot be changed.",
            "Where it lies beside a cloud recording, the host can delete the recording in Zoom.",
            "Everybody who saved the chat still has it. Then tick it off here.",
        ),
    )

    def read(self, path: Path, said: Said) -> Iterator[IncomingPost]:
        """See FileSource. Lines that begin no message belong to the one before."""
        text, notes = read_text(path)
        said.extend(notes)
        messages, before = _messages(text)
        if not messages or before > 5:
            raise MendInput("It is no chat that Zoom saved.", subject=path.name, cure=_SAVE)
        day, sure = _day_of(path)
        if not sure:
            said.append("The file's name holds no day: the day when it was saved is taken.")
        seen: Counter[str] = Counter()
        for given, clock, who, to, words in messages:
            moment = datetime.combine(given or day, clock, _ZONE).astimezone(UTC)
            yield _post((moment, who, to, words), sure or given is not None, seen)


Message = tuple[date | None, time, str, str, str]
"""Day where the line gives one, time of day, sender, receiver or "", words."""


def _messages(text: str) -> tuple[list[Message], int]:
    """The messages, and how many lines stood before the first."""
    found: list[Message] = []
    before = 0
    for line in text.replace("\r\n", "\n").split("\n"):
        begun = _LOCAL.fullmatch(line) or _CLOUD.fullmatch(line)
        made = _begin(begun.groupdict()) if begun else None
        if made is not None:
            found.append(made)
        elif found:
            given, clock, who, to, words = found[-1]
            found[-1] = (given, clock, who, to, f"{words}\n{line.strip()}".strip())
        else:
            before += bool(line.strip())
    return found, before


def _begin(said: Mapping[str, str | None]) -> Message | None:
    try:
        day = said.get("day")
        given = date.fromisoformat(day) if day else None
        clock = time.fromisoformat(said["time"] or "")
    except (ValueError, TypeError):
        return None
    to = " ".join((said.get("to") or "").split())
    return given, clock, " ".join((said["who"] or "").split()), to, said["text"] or ""


def _day_of(path: Path) -> tuple[date, bool]:
    """The day of the session, and whether the name gave it."""
    for name in (path.name, path.parent.name):
        if found := _DAY.search(name):
            try:
                return date(int(found[1]), int(found[2]), int(found[3])), True
            except ValueError:
                continue
    return datetime.fromtimestamp(path.stat().st_mtime, _ZONE).date(), False


def _post(what: tuple[datetime, str, str, str], sure: bool, seen: Counter[str]) -> IncomingPost:
    moment, who, to, words = what
    whole = "\n".join((moment.isoformat() if sure else f"{moment:%H:%M:%S}", who, to, words))
    digest = sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    seen[digest] += 1
    again = f".{seen[digest]}" if seen[digest] > 1 else ""
    notes = [] if sure else ["The day is when the file was saved."]
    if to and not to.lower().startswith(("everyone", "all")):
        notes.append(f"Written to {to} alone.")
    return IncomingPost(
        native_id=f"zc.{digest}{again}",
        kind=PostKind.MESSAGE,
        text=words,
        posted_at=moment,
        author_id=who or None,
        author_name=who or None,
        note=" ".join(notes),
    )


def connect(options: Options, _secrets: Secrets) -> ZoomChat:
    """A connector for one folder. Raises MendSettings for values that cannot work."""
    return ZoomChat(path_of(options, "zoom_chat"))


KINDS = (
    ConnectorKind(
        name="zoom_chat",
        summary="Chats that were saved in Zoom (.txt).",
        options=PATH,
        capabilities=ZoomChat.capabilities,
        connect=connect,
    ),
)
"""For the registry."""
