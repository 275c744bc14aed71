"""A CSV or JSON lines file as posts, one a row; nothing is stored.

table = read_table(Path("posts.csv"))
table.rows == len(table.posts) + len(table.rejects) + table.repeats
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from collector.connector import IncomingPost
from collector.connectors.table_file import (
    Reject,
    Row,
    csv_records,
    jsonl_records,
    read_text,
)
from models.vocabulary import AuthorRole, PostKind, now

_SPAN = (datetime(1990, 1, 1, tzinfo=UTC), timedelta(days=2))
"""Times before the first, or so far ahead of now, are mistakes of the file."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file's posts, and every row that was not taken, with why.

    repeats: rows that are the same as one above. rows: all of them.
    """

    posts: tuple[IncomingPost, ...]
    rejects: tuple[Reject, ...]
    rows: int
    repeats: int
    notes: tuple[str, ...]


class _Bad(Exception):
    """Why one row is not taken."""


def read_table(path: Path, *, zone: str = "Europe/London") -> Table:
    """Read a .csv, .tsv, .jsonl or .ndjson file. zone: of times that name none.

    Raises MendInput where the file as a whole cannot be used; single rows go to `rejects`.
    """
    text, notes = read_text(path)
    lines = path.suffix.lower() in {".jsonl", ".ndjson"}
    records = jsonl_records(text, path) if lines else csv_records(text, path)
    posts: dict[str, IncomingPost] = {}
    rejects: list[Reject] = []
    rows = repeats = 0
    moment, place = now(), ZoneInfo(zone)
    for number, record in records:
        rows += 1
        if isinstance(record, Reject):
            rejects.append(record)
            continue
        try:
            post = _post(record, place, moment)
        except _Bad as why:
            rejects.append(Reject(number, str(why)))
            continue
        known = posts.setdefault(post.native_id, post)
        if known is not post and known == post:
            repeats += 1
        elif known is not post:
            rejects.append(Reject(number, "Its id stands in a row above with other content."))
    return Table(tuple(posts.values()), tuple(rejects), rows, repeats, _notes(notes, text))


def _notes(notes: tuple[str, ...], text: str) -> tuple[str, ...]:
    if "\x00" in text:
        return (*notes, "It holds NUL characters; each is shown as \ufffd.")
    return notes


def _post(row: Row, zone: ZoneInfo, moment: datetime) -> IncomingPost:
    said = {key: value.replace("\x00", "\ufffd") for key, value in row.items()}
    text = said.get("text", "")
    if not text.strip():
        raise _Bad("It has no text.")
    posted_at, note = _time(said.get("posted_at", "").strip(), zone, moment)
    author = said.get("author", "").strip() or None
    parent = said.get("parent", "").strip() or None
    native_id = said.get("id", "").strip() or _made_id(said)
    return IncomingPost(
        native_id=native_id,
        kind=_kind(said.get("kind", "").strip().lower(), parent),
        text=text,
        posted_at=posted_at,
        author_id=author,
        author_name=author,
        author_role=_role(said.get("author_role", "").strip().lower()),
        parent_id=parent,
        thread_id=said.get("thread", "").strip() or parent or native_id,
        permalink=_link(said.get("link", "").strip()),
        note=note,
    )


def _made_id(said: Row) -> str:
    """A stable id for a row without one: the same words of the same author at the same time."""
    parts = [said.get(key, "").strip() for key in ("posted_at", "author", "thread", "text")]
    return f"row.{sha256(json.dumps(parts).encode()).hexdigest()[:24]}"


def _time(written: str, zone: ZoneInfo, moment: datetime) -> tuple[datetime, str]:
    if not written:
        return moment, "The file gives no time: this is when it was read."
    try:
        posted = datetime.fromisoformat(written)
    except ValueError:
        raise _Bad("posted_at is not a time like 2026-03-01T18:30.") from None
    note = ""
    if posted.tzinfo is None:
        early = posted.replace(tzinfo=zone)
        if early.utcoffset() != posted.replace(tzinfo=zone, fold=1).utcoffset():
            note = "The clocks changed in this hour: its time may be an hour out."
        posted = early
    try:
        posted = posted.astimezone(UTC)
    except OverflowError:
        raise _Bad("posted_at is not a time of our days.") from None
    if not _SPAN[0] <= posted <= moment + _SPAN[1]:
        raise _Bad("posted_at lies before 1990 or in the future.")
    return posted, note


def _kind(written: str, parent: str | None) -> PostKind:
    if not written:
        return PostKind.COMMENT if parent else PostKind.POST
    try:
        return PostKind(written)
    except ValueError:
        raise _Bad(f"kind is none of {', '.join(PostKind)}.") from None


def _role(written: str) -> AuthorRole | None:
    if not written:
        return None
    try:
        return AuthorRole(written)
    except ValueError:
        raise _Bad(f"author_role is none of {', '.join(AuthorRole)}.") from None


def _link(written: str) -> str | None:
    if not written:
        return None
    if not is_web_link(written):
        raise _Bad("link is not an address that begins with http:// or https://.")
    return written


def is_web_link(written: str) -> bool:
    """Whether it is an http or https address of a host, without a sign-in and without spaces."""
    try:
        parts = urlsplit(written)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and parts.username is None
        and (port is None or port > 0)
        and written.isprintable()
        and " " not in written
        and len(written) <= 2000
    )
