"""Reading an exported chat from disk: the text alone, or the text member of a zip.

Of a zip only the one text member is ever opened, never a picture, and nothing is unpacked to
disk. Sizes are checked before anything is read and again while reading, because a zip may lie.
"""

import re
import zipfile
import zlib
from pathlib import Path

from collector.connectors.archive_zip import NO_ZIP, check_list, leaves_its_folder
from models.errors import MendInput

LONGEST_TEXT = 64 * 1024 * 1024
"""Bytes of text. 40,000 messages, WhatsApp's own limit, are about 5 MB."""

_MOST_ENTRIES = 50_000
_LONGEST_LIST = 16 * 1024 * 1024
_RATIO = 200
"""No text shrinks further in a zip; a bomb does."""

_TEXT_NAME = re.compile(
    r"(?:[^/]{1,200}/)?(?:_chat|WhatsApp[ _]Chat[^/]{0,200})\.txt", re.IGNORECASE
)
_CHAT_NAME = re.compile(r"WhatsApp[ _]Chat(?: with|[ _]-)[ _](.+?)(?: \(\d+\))?", re.IGNORECASE)
_EXPORT_AGAIN = (
    "Export the chat again in WhatsApp (without media) and put in the new file, unopened."
)


def read_export(path: Path) -> str:
    """The text of an export, its line ends made `\\n`. Raises MendInput with the cure."""
    try:
        raw = _from_zip(path) if path.suffix.lower() == ".zip" else _from_text(path)
    except OSError as error:
        raise MendInput(
            f"It cannot be read ({type(error).__name__}).",
            subject=path.name,
            cure="Check that the file is there and that this program may read it.",
        ) from error
    return _decode(raw, path.name)


def chat_name(path: Path) -> str:
    """The chat's name as WhatsApp put it into the file's name, or ""."""
    found = _CHAT_NAME.fullmatch(path.stem)
    return found[1] if found else ""


def _from_text(path: Path) -> bytes:
    if path.stat().st_size > LONGEST_TEXT:
        raise _too_long(path.name)
    with path.open("rb") as file:
        raw = file.read(LONGEST_TEXT + 1)
    if raw.startswith(b"PK\x03\x04"):
        raise _mend(path.name, "It is a zip with the name of a text.", "Name it .zip.")
    if len(raw) > LONGEST_TEXT:
        raise _too_long(path.name)
    return raw


def _from_zip(path: Path) -> bytes:
    too_many = "The zip holds too many files to be an export."
    check_list(path, _MOST_ENTRIES, _LONGEST_LIST, NO_ZIP, too_many, _EXPORT_AGAIN)
    try:
        with zipfile.ZipFile(path) as archive:
            return _read_member(archive, _text_member(archive, path.name), path.name)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
        raise _mend(
            path.name, f"The zip is damaged or locked ({type(error).__name__}).", _EXPORT_AGAIN
        ) from error


def _text_member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    members = archive.infolist()
    for member in members:
        if leaves_its_folder(member.filename):
            raise _mend(
                name,
                "The zip holds a file that would leave its folder.",
                "It was not made by WhatsApp: do not use it, and ask who sent it.",
            )
    texts = [member for member in members if _TEXT_NAME.fullmatch(member.filename)]
    if len(texts) != 1:
        found = "no chat text" if not texts else f"{len(texts)} chat texts"
        raise _mend(name, f"The zip holds {found}; an export holds one.", _EXPORT_AGAIN)
    return texts[0]


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
    if member.flag_bits & 1:
        raise _mend(name, "The zip is locked with a password.", _EXPORT_AGAIN)
    if member.file_size > LONGEST_TEXT:
        raise _too_long(name)
    if member.file_size > 1_000_000 and member.file_size > _RATIO * max(member.compress_size, 1):
        raise _mend(name, "The zip swells beyond anything that people write.", _EXPORT_AGAIN)
    with archive.open(member) as file:
        raw = file.read(LONGEST_TEXT + 1)
    if len(raw) > LONGEST_TEXT:
        raise _too_long(name)
    return raw


def _decode(raw: bytes, name: str) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or raw[:200].count(0) > len(raw[:200]) // 4:
        raise _mend(name, "The text is in UTF-16, so it was opened and saved anew.", _EXPORT_AGAIN)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _mend(
            name,
            f"The text is not in UTF-8 (byte {error.start + 1}): another program saved it.",
            _EXPORT_AGAIN,
        ) from None
    return text.replace("\r\n", "\n").replace("\x00", "\ufffd")


def _too_long(name: str) -> MendInput:
    return _mend(
        name,
        f"The text is longer than {LONGEST_TEXT // 1024 // 1024} MB; an export never is.",
        _EXPORT_AGAIN,
    )


def _mend(name: str, what: str, cure: str) -> MendInput:
    return MendInput(what, subject=name, cure=cure)
