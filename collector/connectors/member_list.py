"""A list of members that somebody keeps by hand, as a CSV: handle, name, role, since.

For places whose members no program may list. Only `name` is needed.
"""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, time
from io import StringIO
from pathlib import Path

from collector.connector import Member
from collector.connectors.table_file import read_text
from models.errors import MendInput

COLUMNS = ("handle", "name", "role", "since")
_MOST = 100_000


def read_members(path: Path) -> Iterator[Member]:
    """Everyone in the list, in its order. Raises MendInput, with the row's number and the cure."""
    text, _ = read_text(path)
    heading, *rows = list(csv.reader(StringIO(text, newline=""))) or [[]]
    names = [cell.strip().lower() for cell in heading]
    if "name" not in names or not set(names) <= set(COLUMNS) or len(set(names)) != len(names):
        raise MendInput(
            "Its first line does not name the columns.",
            subject=path.name,
            cure=f"The first line is: {','.join(COLUMNS)}. Only name is needed.",
        )
    if len(rows) > _MOST:
        raise MendInput("It is too long.", subject=path.name, cure="Check that it is the list.")
    found = []
    for number, cells in enumerate(rows, 1):
        if any(cell.strip() for cell in cells):
            found.append(_member(dict(zip(names, cells, strict=False)), number, path))
    yield from found


def _member(row: dict[str, str], number: int, path: Path) -> Member:
    name = " ".join(row.get("name", "").split())[:300]
    if not name:
        raise MendInput(
            f"Row {number:,} has no name.", subject=path.name, cure="Write it, or delete the row."
        )
    handle = row.get("handle", "").strip()[:300] or name.casefold()
    since = row.get("since", "").strip()
    try:
        day = datetime.combine(datetime.fromisoformat(since), time(), UTC) if since else None
    except ValueError:
        raise MendInput(
            f"Row {number:,} has a date that is none.",
            subject=path.name,
            cure="Write dates like 2026-09-01.",
        ) from None
    return Member(handle, name, row.get("role", "").strip()[:100], day)
