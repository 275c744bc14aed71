"""Import of CSV and JSON lines, as a source: a file, or a folder looked into at every poll.

A file is read whole before anything of it is stored; the rows that were not taken are named.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from collector.connector import IncomingPost
from collector.connectors.files import FileSource, Said, path_of
from collector.connectors.kind import ConnectorKind, Option, Options, Secrets
from collector.connectors.table_file import Reject
from collector.connectors.table_rows import Table, read_table
from models.errors import MendSettings
from models.vocabulary import Verb

__all__ = ["CsvConnector", "JsonlConnector", "Reject", "Table", "read_table"]

_SHOWN = 3

_STEPS = (
    "Open the place where the post stands; its link is shown with the post if the file gave one.",
    "Remove or hide it there, or ask somebody who can.",
    "Then tick it off here. A file cannot confirm it, so look once more yourself.",
)


class _TableConnector(FileSource):
    """The files of one folder, each read once, and again when it changes."""

    steps: ClassVar[Mapping[Verb, tuple[str, ...]]] = dict.fromkeys(Verb, _STEPS)

    def __init__(self, path: Path, zone: str) -> None:
        super().__init__(path)
        self._zone = zone

    def read(self, path: Path, said: Said) -> Iterator[IncomingPost]:
        """The rows of one file. Raises MendInput before the first."""
        table = read_table(path, zone=self._zone)
        said += _said_of(table)
        yield from table.posts


class CsvConnector(_TableConnector):
    """CSV files with a heading."""

    name: ClassVar[str] = "csv"
    suffixes: ClassVar[frozenset[str]] = frozenset({".csv", ".tsv"})


class JsonlConnector(_TableConnector):
    """Files with one JSON object a line."""

    name: ClassVar[str] = "jsonl"
    suffixes: ClassVar[frozenset[str]] = frozenset({".jsonl", ".ndjson"})


def _said_of(table: Table) -> list[str]:
    """What the Sources screen says of a file."""
    notes = [
        f"Of {table.rows:,} rows {len(table.posts):,} were taken, "
        f"{table.repeats:,} were repeats, {len(table.rejects):,} were not taken.",
        *table.notes,
    ]
    notes += [f"Row {reject.row:,}: {reject.why}" for reject in table.rejects[:_SHOWN]]
    if len(table.rejects) > _SHOWN:
        notes.append(f"And {len(table.rejects) - _SHOWN:,} more rows were not taken.")
    return notes


def _connector(
    kind: type[CsvConnector] | type[JsonlConnector], options: Options
) -> CsvConnector | JsonlConnector:
    path, zone = path_of(options, kind.name), str(options.get("timezone", "Europe/London"))
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise MendSettings(
            "There is no such time zone.",
            subject=f"{kind.name}, timezone",
            cure='Write it like "Europe/London", or leave it out.',
        ) from error
    return kind(path, zone)


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
