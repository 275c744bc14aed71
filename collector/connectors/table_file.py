"""Reading a CSV or JSON lines file as numbered rows of text, whatever program wrote it.

A row is a mapping of column to text. What cannot be read as a row is said with its number and
why: nothing is dropped in silence. Row numbers count records, the first under the heading is 1.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from io import StringIO
from pathlib import Path

from models.errors import MendInput

COLUMNS = (
    "id",
    "text",
    "posted_at",
    "author",
    "author_role",
    "thread",
    "parent",
    "link",
    "kind",
)
"""What a file may hold. Only `text` is needed."""

LONGEST_FILE = 64 * 1024 * 1024
LONGEST_CELL = 2_000_000
"""Characters. The longest post of any platform is far shorter; a megabyte is still read."""


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that was not taken. why: a plain sentence without a word of the row."""

    row: int
    why: str


Row = Mapping[str, str]
Record = tuple[int, Row | Reject]
"""A row's number, and its cells by column, or why it was not taken."""


def read_text(path: Path) -> tuple[str, tuple[str, ...]]:
    """The file's text and notes on how it was read. Raises MendInput with the cure."""
    try:
        if path.stat().st_size > LONGEST_FILE:
            raise _mend(path, "It is longer than 64 MB.", "Split it into several files.")
        raw = path.read_bytes()
    except OSError as error:
        raise _mend(
            path,
            f"It cannot be read ({type(error).__name__}).",
            "Check that the file is there and that this program may read it.",
        ) from error
    return _decode(raw, path)


def _decode(raw: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    cure = 'Save it again as "CSV UTF-8".'
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _mend(path, "It is in UTF-16.", cure)
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise _mend(path, "It is a spreadsheet or a zip, not a text.", cure)
    try:
        return raw.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        guess = "It is not in UTF-8; it was read as Windows-1252. Check one line with an accent."
    try:
        return raw.decode("cp1252"), (guess,)
    except UnicodeDecodeError as error:
        what = f"It is neither in UTF-8 nor in Windows-1252 (byte {error.start + 1})."
        raise _mend(path, what, cure) from None


def csv_records(text: str, path: Path) -> Iterator[Record]:
    """The rows of a CSV with a heading. Raises MendInput where it cannot be read to its end."""
    limit = csv.field_size_limit(LONGEST_CELL)
    try:
        reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        heading = [cell.strip().lower() for cell in _cells(reader, 0, path) or ()]
        if not heading:
            raise _mend(path, "It is empty.", f"The first line names the columns: {_listed()}.")
        _check(heading, path)
        number = 1
        while (cells := _cells(reader, number, path)) is not None:
            if not cells:
                continue  # a blank line between rows
            if len(cells) == len(heading):
                yield number, dict(zip(heading, cells, strict=True))
            else:
                why = f"It has {len(cells)} cells; the heading has {len(heading)}."
                yield number, Reject(number, why)
            number += 1
    finally:
        csv.field_size_limit(limit)


def _cells(reader: Iterator[list[str]], number: int, path: Path) -> list[str] | None:
    """The next record, None at the end. A broken one may swallow all that follow it."""
    try:
        return next(reader, None)
    except csv.Error as error:
        where = f"Row {number:,}" if number else "The heading"
        if "field larger" in str(error):
            what = f"{where} has a cell longer than {LONGEST_CELL:,} characters."
        else:
            what = f"{where} has a quotation mark that is opened or closed in the wrong place."
        cure = "Mend that row and import the file again; nothing of it was stored."
        raise _mend(path, what, cure) from None


def _delimiter(text: str) -> str:
    """Comma, semicolon (Excel on the continent) or tab: the one the heading has most of."""
    heading = text.partition("\n")[0]
    return max(",;\t", key=heading.count)


def jsonl_records(text: str, path: Path) -> Iterator[Record]:
    """The objects of a JSON lines file. Raises MendInput for keys that are no columns."""
    number = 0
    for line in text.split("\n"):
        if not line.strip():
            continue
        number += 1
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            yield number, Reject(number, "It is not JSON.")
            continue
        if not isinstance(said, dict):
            yield number, Reject(number, "It is JSON, but not an object in braces.")
            continue
        _check_known([str(key) for key in said], path)
        yield number, _as_text(said, number)


def _as_text(said: Mapping[str, object], number: int) -> Row | Reject:
    row = {}
    for key, value in said.items():
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return Reject(number, f'"{key}" is neither text nor a number.')
        if isinstance(value, str) and len(value) > LONGEST_CELL:
            return Reject(number, f'"{key}" is longer than {LONGEST_CELL:,} characters.')
        row[key] = value if isinstance(value, str) else str(value)
    return row


def _check(heading: Sequence[str], path: Path) -> None:
    _check_known(heading, path)
    twice = sorted({name for name in heading if heading.count(name) > 1})
    if twice:
        raise _mend(path, f'The column "{twice[0]}" is there twice.', "Take one of them out.")
    if "text" not in heading:
        raise _mend(path, "It has no column named text.", f"The columns are: {_listed()}.")


def _check_known(names: Sequence[str], path: Path) -> None:
    for number, name in enumerate(names, 1):
        if name in COLUMNS:
            continue
        close = get_close_matches(name, COLUMNS, n=1, cutoff=0.6)
        if close:
            what = f'It has a column "{name}", which is not known.'
            asked = f'Did you mean "{close[0]}"? '
        else:
            # Without a heading this is a post: its words are not for an error message.
            what, asked = (
                f"The name of column {number} is not known, or the heading is missing.",
                "",
            )
        raise _mend(path, what, f"{asked}The columns are: {_listed()}.")


def _listed() -> str:
    return ", ".join(COLUMNS)


def _mend(path: Path, what: str, cure: str) -> MendInput:
    return MendInput(what, subject=path.name, cure=cure)
