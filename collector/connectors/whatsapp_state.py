"""WhatsApp's cursor, and what the Sources screen is told of an export."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from collector.connector import Cursor
from collector.connectors.whatsapp_file import chat_name
from collector.connectors.whatsapp_ids import Memory, Outcome, unpack
from collector.connectors.whatsapp_lines import Parsed, RowKind


@dataclass(slots=True)
class State:
    """What the cursor says.

    files: what was read, by name, with a mark of its version. notes: on the last export.
    part: while a long export is being stored, its mark and how many of its posts are stored; the
    memory is then still the one from before it, so that reading it again gives the same posts.
    """

    files: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    memory: Memory = field(default_factory=Memory)
    part: tuple[str, int] = ("", 0)

    def cursor(self) -> Cursor:
        """As text."""
        return _text(self.files, self.notes, self.memory.pack(), self.part)

    def frozen(self) -> "Frozen":
        """As it is now, for cursors inside an export."""
        return Frozen(dict(self.files), list(self.notes), self.memory.pack())


@dataclass(frozen=True, slots=True)
class Frozen:
    """The state from before an export."""

    files: Mapping[str, str]
    notes: list[str]
    packed: str

    def cursor(self, mark: str, stored: int) -> Cursor:
        """Where to resume inside the export of that mark, after so many of its posts."""
        return _text(self.files, self.notes, self.packed, (mark, stored))


def _text(files: Mapping[str, str], notes: list[str], memory: str, part: tuple[str, int]) -> Cursor:
    said = {"v": 1, "files": files, "notes": notes, "memory": memory, "part": part}
    return json.dumps(said, separators=(",", ":"))


def read_state(cursor: Cursor | None) -> State:
    """The state in a cursor; an empty one for None or for what is no cursor of ours."""
    if cursor is None:
        return State()
    try:
        said = json.loads(cursor)
        mark, stored = said["part"]
        part = (str(mark), int(stored))
        return State(dict(said["files"]), list(said["notes"]), unpack(said["memory"]), part)
    except (ValueError, KeyError, TypeError):
        return State()  # everything is read anew; the same ids are stored once


def notes_on(parsed: Parsed, outcome: Outcome, state: State) -> list[str]:
    """What the Sources screen says of the last export."""
    messages = parsed.count(RowKind.MESSAGE) + parsed.count(RowKind.NAMED)
    deleted, notices = parsed.count(RowKind.DELETED), parsed.count(RowKind.SYSTEM)
    more = parsed.lines - parsed.leading - len(parsed.rows)
    ends = datetime.fromisoformat(state.memory.latest)
    notes = [
        f"Of {parsed.lines:,} lines: {messages:,} messages, {more:,} further lines of those, "
        f"{deleted:,} deleted, {notices:,} notices of WhatsApp's, {parsed.leading:,} before them.",
        f"The exports end on {ends.day} {ends:%B %Y at %H:%M}: what came later is not seen.",
    ]
    media = sum(row.media for row in parsed.rows)
    jumps = sum(row.jumped for row in parsed.rows)
    if media:
        notes.append(f"Pictures, videos or files that were not checked: {media:,}.")
    if parsed.guessed_order:
        notes.append(
            "The dates fit day before month and month before day alike: they were read day first."
        )
    if jumps:
        notes.append(f"{jumps:,} messages stand out of order in time: they may be pasted chats.")
    if outcome.unclear:
        notes.append(f"{outcome.unclear:,} deletions fit more than one message: look in the app.")
    if outcome.older_words:
        notes.append(f"{outcome.older_words:,} messages stand in a newer export with other words.")
    if len({chat_name(Path(name)) for name in state.files}) > 1:
        notes.append("The exports are of more than one chat: give each a folder and a source.")
    return notes
