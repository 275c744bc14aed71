"""Import of CSV and JSON lines, as a source: a file, or a folder looked into at every poll.

A file is read whole before anything of it is stored; the rows that were not taken are named.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from collector.connector import Batch, Cursor, PlatformAction, Receipt, Sighting
from collector.connectors.kind import ConnectorKind, Option, Options, Secrets
from collector.connectors.table_file import Reject
from collector.connectors.table_rows import Table, read_table
from models.errors import MendInput, MendSettings, NeedsOperator, Refused
from models.vocabulary import Capability, Presence, Verb

__all__ = ["CsvConnector", "JsonlConnector", "Reject", "Table", "read_table"]

_BATCH = 500
_SHOWN = 3

_STEPS = (
    "Open the place where the post stands; its link is shown with the post if the file gave one.",
    "Remove or hide it there, or ask somebody who can.",
    "Then tick it off here. A file cannot confirm it, so look once more yourself.",
)


@dataclass(slots=True)
class _State:
    """The cursor. files: what was read, by name, with a mark of its version. notes: the last ones.

    part: while a long file is being stored, its name with its mark, and how many posts are stored.
    """

    files: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    part: tuple[str, int] = ("", 0)

    def cursor(self) -> Cursor:
        said = {"files": self.files, "notes": self.notes, "part": self.part}
        return json.dumps(said, separators=(",", ":"))


def _state(cursor: Cursor | None) -> _State:
    if cursor is None:
        return _State()
    try:
        said = json.loads(cursor)
        what, stored = said["part"]
        return _State(dict(said["files"]), list(said["notes"]), (str(what), int(stored)))
    except (ValueError, TypeError, KeyError):
        return _State()  # everything is read anew; the same ids are stored once


class _TableConnector:
    """The files of one folder, each read once, and again when it changes."""

    name: ClassVar[str]
    suffixes: ClassVar[frozenset[str]]
    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.POSTS})

    def __init__(self, path: Path, zone: str) -> None:
        self._path = path
        self._zone = zone

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """Every file that is new or changed. A bad one is complained of after the others."""
        state = _state(after)
        files = {path.name: path for path in self._files()}
        state.files = {name: mark for name, mark in state.files.items() if name in files}
        bad: MendInput | None = None
        for name, path in files.items():
            try:
                mark = _mark(path)
                if state.files.get(name) == mark:
                    continue
                table = read_table(path, zone=self._zone)
            except MendInput as error:
                bad = bad or error
                continue
            yield from _stored(path, mark, table, state)
        yield Batch((), state.cursor(), notes=tuple(state.notes))
        if bad is not None:
            raise NeedsOperator(bad.what, subject=bad.subject, cure=bad.cure)

    def _files(self) -> list[Path]:
        try:
            if self._path.is_file():
                return [self._path]
            return sorted(
                path
                for path in self._path.iterdir()
                if path.suffix.lower() in self.suffixes and path.is_file()
            )
        except OSError as error:
            raise NeedsOperator(
                f"The folder of imports cannot be read ({type(error).__name__}).",
                subject=self._path.name,
                cure="Make the folder, or set path to the one where files are put.",
            ) from error

    def act(self, action: PlatformAction) -> Receipt:
        """Always Refused: a file is not the place where the post stands."""
        raise Refused(
            "An imported post can only be changed where it stands.",
            subject=self.name,
            cure="Follow the steps by hand, then tick it off.",
        )

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """Always UNKNOWN: a file tells nothing of how a post stands now."""
        return {name: Sighting(Presence.UNKNOWN) for name in native_ids}

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """Steps for a person."""
        return _STEPS


class CsvConnector(_TableConnector):
    """CSV files with a heading."""

    name: ClassVar[str] = "csv"
    suffixes: ClassVar[frozenset[str]] = frozenset({".csv", ".tsv"})


class JsonlConnector(_TableConnector):
    """Files with one JSON object a line."""

    name: ClassVar[str] = "jsonl"
    suffixes: ClassVar[frozenset[str]] = frozenset({".jsonl", ".ndjson"})


def _stored(path: Path, mark: str, table: Table, state: _State) -> Iterator[Batch]:
    """One file in batches; the cursor says how far, so that a long one is never begun anew."""
    what = f"{path.name} {mark}"
    at = state.part[1] if state.part[0] == what else 0
    while len(table.posts) - at > _BATCH:
        at += _BATCH
        state.part = (what, at)
        yield Batch(table.posts[at - _BATCH : at], state.cursor())
    state.files[path.name], state.part = mark, ("", 0)
    state.notes = _said_of(path, table)
    yield Batch(table.posts[at:], state.cursor(), notes=tuple(state.notes))


def _said_of(path: Path, table: Table) -> list[str]:
    """What the Sources screen says of the last file."""
    notes = [
        f"{path.name}: of {table.rows:,} rows {len(table.posts):,} were taken, "
        f"{table.repeats:,} were repeats, {len(table.rejects):,} were not taken.",
        *table.notes,
    ]
    notes += [f"Row {reject.row:,}: {reject.why}" for reject in table.rejects[:_SHOWN]]
    if len(table.rejects) > _SHOWN:
        notes.append(f"And {len(table.rejects) - _SHOWN:,} more rows were not taken.")
    return notes


def _mark(path: Path) -> str:
    try:
        stat = path.stat()
    except OSError as error:
        raise MendInput(
            "It was taken away while it was looked at.", subject=path.name, cure="Put it back."
        ) from error
    return f"{stat.st_size}-{stat.st_mtime_ns}"


def _connector(
    kind: type[CsvConnector] | type[JsonlConnector], options: Options
) -> CsvConnector | JsonlConnector:
    path, zone = str(options.get("path", "")).strip(), str(options.get("timezone", "Europe/London"))
    if not path:
        raise MendSettings(
            "No path is set.", subject=f"{kind.name}, path", cure="Name a file or a folder."
        )
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise MendSettings(
            "There is no such time zone.",
            subject=f"{kind.name}, timezone",
            cure='Write it like "Europe/London", or leave it out.',
        ) from error
    return kind(Path(path).expanduser(), zone)


def connect_csv(options: Options, _secrets: Secrets) -> CsvConnector | JsonlConnector:
    """A CSV source. Raises MendSettings for values that cannot work."""
    return _connector(CsvConnector, options)


def connect_jsonl(options: Options, _secrets: Secrets) -> CsvConnector | JsonlConnector:
    """A JSON lines source. Raises MendSettings for values that cannot work."""
    return _connector(JsonlConnector, options)


OPTIONS: Mapping[str, Option] = {
    "path": Option("text", "A file, or a folder where files are put.", True, example='"imports"'),
    "timezone": Option("text", "The zone of times that name none.", example='"Europe/London"'),
}

KINDS: tuple[ConnectorKind, ...] = (
    ConnectorKind("csv", "Posts in CSV files.", OPTIONS, CsvConnector.capabilities, connect_csv),
    ConnectorKind(
        "jsonl", "Posts in JSON lines files.", OPTIONS, JsonlConnector.capabilities, connect_jsonl
    ),
)
