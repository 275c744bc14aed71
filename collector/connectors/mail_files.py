"""Saved mails: .eml files with one mail each, and .mbox files with many.

The same rules and the same ids as of the mailbox connector, so that a mail which was saved and one
that was read from the mailbox look alike. Attachments are counted, never opened.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from collector.connector import IncomingPost
from collector.connectors.files import PATH, FileSource, Said, path_of, unreadable
from collector.connectors.kind import ConnectorKind, Options, Secrets
from collector.connectors.mail_letter import Letter, letter_of_bytes
from collector.connectors.mail_rules import RULE_OPTIONS, MailRules, post, rules_of
from models.errors import MendInput
from models.vocabulary import Verb

LONGEST_MAIL = 32 * 1024 * 1024
"""Bytes of one mail. What is longer is left out and said."""

_SAVE_AGAIN = "Save the mail again in the mail program, as .eml or .mbox."

_STEPS: Mapping[Verb, tuple[str, ...]] = {
    Verb.REMOVE: (
        "Open the mailbox in a mail program and find the mail by its date and sender.",
        "Move it to a folder that only you look into. Do not delete it while a case may need it.",
        "Everybody else whom it was sent to still has it: ask them to delete it if that matters.",
        "Then tick it off here. A file cannot confirm it.",
    ),
    Verb.RESTORE: ("Open the mailbox in a mail program and move the mail back to its folder.",),
    Verb.HIDE: (
        "A mail cannot be hidden.",
        "Remove it instead: it is moved to another folder by hand.",
    ),
    Verb.UNHIDE: ("A mail cannot be hidden, so there is nothing to show again.",),
}


class MailFiles(FileSource):
    """A folder of saved mails."""

    name: ClassVar[str] = "mail_files"
    suffixes: ClassVar[frozenset[str]] = frozenset({".eml", ".mbox", ".mbx"})
    steps: ClassVar[Mapping[Verb, tuple[str, ...]]] = _STEPS

    def __init__(self, path: Path, rules: MailRules) -> None:
        super().__init__(path)
        self._rules = rules

    def read(self, path: Path, said: Said) -> Iterator[IncomingPost]:
        """See FileSource."""
        for mail, saved in letters(path, said):
            yield post(mail, self._rules, saved)


def letters(path: Path, said: Said) -> Iterator[tuple[Letter, datetime]]:
    """The mails of a file, each with the time when the file was saved. Raises MendInput.

    Two different mails that carry one Message-ID keep the id of the first; the later ones are
    named by what they say, so that none stands in the place of another.
    """
    first: dict[str, str] = {}
    too_long = 0
    for raw, saved in _mails(path):
        if raw is None:
            too_long += 1
            continue
        mail = letter_of_bytes(raw)
        if not (mail.sender.address or mail.sent or mail.mail_id):
            if not first:
                raise _mend(path, "It is no mail: it has no sender and no date.")
            continue
        if mail.mail_id and first.setdefault(mail.mail_id, mail.digest) != mail.digest:
            mail = _without_id(mail)
        else:
            first.setdefault(mail.native_id, mail.digest)
        yield mail, saved
    if too_long:
        said.append(f"{too_long:,} mails are longer than 32 MB and were left out.")


def _without_id(mail: Letter) -> Letter:
    return replace(mail, mail_id="")


def _mails(path: Path) -> Iterator[tuple[bytes | None, datetime]]:
    try:
        saved = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        with path.open("rb") as file:
            start = file.read(5)
            if start != b"From " and path.suffix.lower() != ".eml":
                raise _mend(path, 'It is no mbox: it does not begin with "From ".')
            file.seek(0)
            if start == b"From ":
                for raw in _split(file):
                    yield raw, saved
                return
            raw = file.read(LONGEST_MAIL + 1)
            if b"\x00" in raw[:2000] or not raw.strip():
                raise _mend(path, "It is no mail.")
            yield (raw if len(raw) <= LONGEST_MAIL else None), saved
    except OSError as error:
        raise unreadable(path, error) from error


def _split(lines: Iterator[bytes]) -> Iterator[bytes | None]:
    """The mails of an mbox; None for one that is too long."""
    gathered: list[bytes] = []
    size, blank = -1, True
    for line in lines:
        if blank and line.startswith(b"From "):
            if size >= 0:
                yield b"".join(gathered) if size <= LONGEST_MAIL else None
            gathered, size, blank = [], 0, False
            continue
        blank = not line.strip()
        size += len(line)
        if size <= LONGEST_MAIL:
            gathered.append(re.sub(rb"^>(>*From )", rb"\1", line))
        else:
            gathered.clear()
    if size >= 0:
        yield b"".join(gathered) if size <= LONGEST_MAIL else None


def _mend(path: Path, what: str) -> MendInput:
    return MendInput(what, subject=path.name, cure=_SAVE_AGAIN)


def connect(options: Options, _secrets: Secrets) -> MailFiles:
    """A connector for one folder. Raises MendSettings for values that cannot work."""
    return MailFiles(path_of(options, "mail_files"), rules_of(options))


KINDS = (
    ConnectorKind(
        name="mail_files",
        summary="Saved mails (.eml, .mbox).",
        options={**PATH, **RULE_OPTIONS},
        capabilities=MailFiles.capabilities,
        connect=connect,
    ),
)
"""For the registry."""
