"""The JSON members of an archive that a platform gave: a zip, or one of its files by itself.

Nothing is unpacked to disk, and only members whose names are asked for are opened: no picture, no
contact list. Sizes are checked before anything is read and again while reading.
"""

import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from struct import unpack_from

from models.errors import MendInput

LONGEST_MEMBER = 64 * 1024 * 1024
LONGEST_ALL = 256 * 1024 * 1024
"""Bytes of JSON, unpacked: of one member, and of all that are opened."""

_MOST_ENTRIES = 60_000
_LONGEST_LIST = 32 * 1024 * 1024
_RATIO = 200
NO_ZIP = "It is not a zip, or only part of one."
_AGAIN = "Ask the platform for the download again, in the format JSON, and put it in unopened."


def documents(path: Path, wanted: re.Pattern[str]) -> Iterator[tuple[str, object]]:
    """Each wanted member's name and its JSON. wanted: searched for in the members' names.

    Raises MendInput with the cure.
    """
    try:
        if path.suffix.lower() == ".zip":
            yield from _of_zip(path, wanted)
        else:
            if path.stat().st_size > LONGEST_MEMBER:
                raise _mend(path, "It is longer than 64 MB.")
            yield path.name, _decoded(path, path.read_bytes())
    except OSError as error:
        raise MendInput(
            f"It cannot be read ({type(error).__name__}).",
            subject=path.name,
            cure="Check that the file is there and that this program may read it.",
        ) from error


def _of_zip(path: Path, wanted: re.Pattern[str]) -> Iterator[tuple[str, object]]:
    too_many = "The zip holds too many files. Ask for it in smaller parts, without media."
    check_list(path, _MOST_ENTRIES, _LONGEST_LIST, NO_ZIP, too_many, _AGAIN)
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                _check_name(path, member.filename)
            for member in archive.infolist():
                if wanted.search(member.filename) is None:
                    continue
                total += member.file_size
                yield member.filename, _decoded(path, _content(path, archive, member, total))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
        raise _mend(path, f"The zip is damaged or locked ({type(error).__name__}).") from error


def check_list(path: Path, most: int, longest: int, bad: str, too_many: str, cure: str) -> None:
    """Refuse a zip whose list of contents alone would fill the memory, before it is opened.

    most: entries. longest: bytes of the list. bad, too_many, cure: what MendInput then says.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 65_557))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise MendInput(bad, subject=path.name, cure=cure)
    entries, list_size = unpack_from("<HI", tail, at + 10)
    if entries > most or list_size > longest:
        raise MendInput(too_many, subject=path.name, cure=cure)


def leaves_its_folder(name: str) -> bool:
    """Whether a member's name points out of the folder that it would be unpacked into."""
    parts = re.split(r"[/\\]", name)
    return ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0]


def _check_name(path: Path, name: str) -> None:
    if leaves_its_folder(name):
        raise MendInput(
            "The zip holds a file that would leave its folder.",
            subject=path.name,
            cure="No platform made it: do not use it, and ask who sent it.",
        )


def _content(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, total: int) -> bytes:
    if member.flag_bits & 1:
        raise _mend(path, "The zip is locked with a password.")
    swells = member.file_size > 1_000_000 and member.file_size > _RATIO * max(
        member.compress_size, 1
    )
    if member.file_size > LONGEST_MEMBER or total > LONGEST_ALL or swells:
        raise _mend(path, "It unpacks to more than people write.")
    with archive.open(member) as file:
        raw = file.read(member.file_size + 1)
    if len(raw) > member.file_size:
        raise _mend(path, "It unpacks to more than it says.")
    return raw


def _decoded(path: Path, raw: bytes) -> object:
    try:
        found: object = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise _mend(path, "What it holds is not JSON.") from None
    return found


def _mend(path: Path, what: str) -> MendInput:
    return MendInput(what, subject=path.name, cure=_AGAIN)
