"""A booking system's CSV file as headings and rows. Nothing of it is stored here.

UTF-8, UTF-16 and Windows-1252 are read, with commas, semicolons or tabs. What is no CSV file is
refused with what to do about it; the words of the file never stand in an error.
"""

import codecs
import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from models.errors import MendInput

MOST_MB = 20
MOST_BYTES = MOST_MB * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 200
LONGEST_CELL = 2_000


@dataclass(frozen=True, slots=True)
class SheetRow:
    """number: the row of the file as a spreadsheet shows it; the headings are row 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The file. notes: what a person should know of how it was read."""

    headings: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    notes: tuple[str, ...] = ()


def read_sheet(content: bytes) -> Sheet:
    """The rows of a file. Raises MendInput for what is no CSV file, too big, or has no rows."""
    if len(content) > MOST_BYTES:
        raise _wrong(
            f"It is larger than {MOST_MB} MB.",
            "Take out the columns that are not needed, or import it in parts.",
        )
    text, notes = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), _dialect(text))
    try:
        rows = _rows(reader)
    except csv.Error as error:
        raise _wrong("It is no CSV file.", "Save it as CSV UTF-8 and try again.") from error
    if not rows:
        raise _wrong("It is empty.", "Look whether it is the right file.")
    headings = tuple(" ".join(cell.split()) for cell in rows[0].cells)
    while headings and not headings[-1]:
        headings = headings[:-1]
    _check_headings(headings)
    if len(rows) == 1:
        raise _wrong("It holds headings and no rows.", "Look whether it is the right file.")
    return Sheet(headings, tuple(rows[1:]), notes)


def _decoded(content: bytes) -> tuple[str, tuple[str, ...]]:
    if content[:4] == b"PK\x03\x04" or content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise _wrong(
            "It is a spreadsheet and not a CSV file.",
            'Open it and save it as "CSV UTF-8", then choose that file.',
        )
    if content[:5] == b"%PDF-":
        raise _wrong("It is a PDF.", "Ask the booking system for a CSV file.")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif b"\x00" in content:
        raise _wrong("It holds bytes that are no text.", 'Save it as "CSV UTF-8".')
    else:
        encoding = "utf-8-sig"
    try:
        return content.decode(encoding), ()
    except UnicodeDecodeError:
        return _as_windows(content)


def _as_windows(content: bytes) -> tuple[str, tuple[str, ...]]:
    """What older spreadsheets write, with a word to whoever imports it."""
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise _wrong(
            "Its letters cannot be read: it is neither UTF-8 nor Windows-1252.",
            'Save it as "CSV UTF-8" and try again.',
        ) from error
    note = "The file is not UTF-8 and was read as Windows-1252. Look at names with accents."
    return text, (note,)


def _dialect(text: str) -> type[csv.Dialect]:
    """Of comma, semicolon and tab the one that cuts the headings most often."""
    first = text.lstrip("\r\n").partition("\n")[0]

    class Found(csv.excel):
        delimiter = max(",;\t", key=first.count)
        strict = True

    return Found


def _rows(reader: Iterable[list[str]]) -> list[SheetRow]:
    """Rows that hold anything; a blank one between others keeps its number."""
    rows: list[SheetRow] = []
    for number, cells in enumerate(reader, start=1):
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) > MOST_ROWS:
            raise _wrong(f"It has more than {MOST_ROWS:,} rows.", "Import it in parts.")
        rows.append(SheetRow(number, tuple(cell.strip() for cell in cells)))
    return rows


def _check_headings(headings: tuple[str, ...]) -> None:
    if len(headings) > MOST_COLUMNS:
        raise _wrong(f"It has more than {MOST_COLUMNS} columns.", "Take out what is not needed.")
    if "" in headings:
        place = headings.index("") + 1
        raise _wrong(f"Column {place} has no heading.", "Give every column a heading.")
    twice = sorted({heading for heading in headings if headings.count(heading) > 1})
    if twice:
        raise _wrong("Two columns have the same heading.", "Give every column its own heading.")


def _wrong(what: str, cure: str) -> MendInput:
    return MendInput(what, subject="the file", cure=cure)
