"""A WhatsApp group, by the chats that a member exports: WhatsApp lets no program read along.

The option `path` names an exported file, or a folder that is looked into at every poll. Removing
is done by hand in the app; the next export shows the message as deleted, and so confirms it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from collector.connector import (
    Batch,
    Cursor,
    Gone,
    IncomingPost,
    PlatformAction,
    Receipt,
    Sighting,
)
from collector.connectors.files import files_at
from collector.connectors.kind import ConnectorKind, Option, Options, Secrets
from collector.connectors.whatsapp_file import read_export
from collector.connectors.whatsapp_ids import Seen, groups, is_id, words_of
from collector.connectors.whatsapp_lines import Parsed, Row, RowKind, parse
from collector.connectors.whatsapp_members import people_of
from collector.connectors.whatsapp_state import State, notes_on, read_state
from models.errors import MendInput, MendSettings, NeedsOperator, Refused, RetryLater
from models.vocabulary import Capability, PostKind, Presence, Verb

_BATCH = 500
_MOST_FILES = 500
_KEPT = 3
"""Exports held in memory at once; where more are new, each is read a second time."""

_SETTLES = timedelta(seconds=20)
"""A file that is younger and cannot be read may still be being copied."""

_BY_HAND: Mapping[Verb, tuple[str, ...]] = {
    Verb.REMOVE: (
        "Ask an admin of the WhatsApp group, or do it yourself if you are one.",
        "Open the group in WhatsApp and find the message by its time and sender.",
        "Press and hold the message, choose Delete, then Delete for everyone. "
        "This works for about two days after it was sent.",
        "If Delete for everyone is not offered, ask the sender to delete it.",
        "Then tick it off here. The next export shows the message as deleted and confirms it.",
    ),
    Verb.HIDE: (
        "WhatsApp cannot hide a message.",
        "An admin of the group can delete it for everyone: choose Remove instead.",
    ),
    Verb.RESTORE: ("WhatsApp cannot bring back a deleted message. The sender can send it again.",),
    Verb.UNHIDE: ("WhatsApp cannot hide messages, so there is nothing to show again.",),
}

_MEMBER_BY_HAND = (
    "Ask an admin of the WhatsApp group, or do it yourself if you are one.",
    "Open the group's info, press the person, and choose Remove from group.",
    "If the group has an invite link, reset it: with the old link they could come back.",
    "Then tick it off here. The next export shows that they were removed and confirms it.",
)


class WhatsAppConnector:
    """The exports of one chat. zone: of the phone that exports; WhatsApp writes local times."""

    name: ClassVar[str] = "whatsapp"
    capabilities: ClassVar[frozenset[Capability]] = frozenset(
        {Capability.POSTS, Capability.MEMBER_CHANGES}
    )

    def __init__(self, path: Path, zone: ZoneInfo) -> None:
        self._path = path
        self._zone = zone

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """Every export that was not read yet, oldest first. See the contract.

        A bad file does not keep the others from being read; it is complained of at the end.
        """
        state = read_state(after)
        here = {path.name: path for path in self._exports()}
        state.files = {name: mark for name, mark in state.files.items() if name in here}
        waiting = [path for name, path in here.items() if state.files.get(name) != _mark(path)]
        bad: list[tuple[Path, MendInput]] = []
        for path, parsed in _oldest_first(waiting, bad):
            yield from self._read(path, parsed, state)
        notes = state.notes or (["No export is in the folder yet."] if not here else [])
        yield Batch((), state.cursor(), notes=tuple(notes))
        if bad:
            raise _complaint(*bad[0])

    def _read(self, path: Path, parsed: Parsed, state: State) -> Iterator[Batch]:
        """One export in batches. Deletions and the new cursor come with the last of them."""
        mark, before = _mark(path), state.frozen()
        outcome = state.memory.take(parsed.rows)
        posts = [self._post(seen) for seen in outcome.posts]
        gone = tuple(Gone(seen.id, seen.gone_by) for seen in outcome.gone)
        at = state.part[1] if state.part[0] == mark else 0
        while len(posts) - at > _BATCH:
            at += _BATCH
            yield Batch(tuple(posts[at - _BATCH : at]), before.cursor(mark, at))
        state.files[path.name], state.part = mark, ("", 0)
        state.notes = notes_on(parsed, outcome, state)
        people = people_of(parsed.rows, lambda stamp: utc(stamp, self._zone)[0])
        yield Batch(tuple(posts[at:]), state.cursor(), gone, tuple(state.notes), people)

    def _post(self, seen: Seen) -> IncomingPost:
        row = seen.row
        moment, doubt = utc(row.stamp, self._zone)
        notes = [doubt] if doubt else []
        if row.jumped:
            notes.append("It stands out of order in time: it may be a pasted chat.")
        if row.kind is RowKind.NAMED:
            notes.append("This is a notice of WhatsApp's that quotes a person.")
        return IncomingPost(
            native_id=seen.id,
            kind=PostKind.MESSAGE,
            text=row.text,
            posted_at=moment,
            author_id=row.sender or None,
            author_name=row.sender or None,
            thread_id=f"wa.{row.stamp:%Y-%m-%d}",
            media_count=row.media,
            note=" ".join(notes),
        )

    def act(self, action: PlatformAction) -> Receipt:
        """Always Refused: only people can act in WhatsApp."""
        raise Refused(
            "WhatsApp lets no program change a chat.",
            subject=self.name,
            cure="Follow the steps by hand, then tick it off.",
        )

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """How each stands in the newest export. UNKNOWN where that says nothing of it."""
        found = {name: Sighting(Presence.UNKNOWN) for name in native_ids}
        exports = self._exports()
        if not exports:
            return found
        newest = max(exports, key=lambda path: path.stat().st_mtime_ns)
        try:
            here = groups(parse(read_export(newest), newest.name).rows)
        except MendInput as error:
            raise _complaint(newest, error) from error
        asked: dict[str, list[str]] = {}
        for name in native_ids:
            if is_id(name):
                asked.setdefault(".".join(name.split(".")[1:3]), []).append(name)
        for place, names in asked.items():
            found.update(_sightings(names, here.get(place, [])))
        return found

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """Steps in the app."""
        return _BY_HAND[verb]

    def member_by_hand(self) -> tuple[str, ...]:
        """See GuidesMembers."""
        return _MEMBER_BY_HAND

    def _exports(self) -> list[Path]:
        """The files to read, by name. Raises NeedsOperator where the path is not there."""
        return files_at(self._path, (".txt", ".zip"), _MOST_FILES)


def utc(stamp: datetime, zone: ZoneInfo) -> tuple[datetime, str]:
    """A phone's local time as aware UTC, and a note where the clock showed it twice or never."""
    early, late = stamp.replace(tzinfo=zone), stamp.replace(tzinfo=zone, fold=1)
    doubt = ""
    if early.utcoffset() != late.utcoffset():
        # fold=0 is summer time in October's repeated hour; in March the hour does not exist.
        doubt = "The clocks changed in this hour: its time may be an hour out."
    return early.astimezone(UTC), doubt


def _sightings(names: Sequence[str], rows: Sequence[Row]) -> dict[str, Sighting]:
    """How messages of one place stand, by what an export holds there."""
    standing: dict[str, list[Row]] = {}
    for row in rows:
        if row.kind is not RowKind.DELETED:
            standing.setdefault(words_of(row), []).append(row)
    found, missing = {}, []
    for name in names:
        same = standing.get(name.split(".")[3])
        if same:
            found[name] = Sighting(Presence.PRESENT, same.pop(0).text)
        else:
            missing.append(name)
    deleted = sum(row.kind is RowKind.DELETED for row in rows)
    edited = any(row.edited for row in rows)
    how = Presence.GONE if len(missing) <= deleted and not edited else Presence.UNKNOWN
    return found | {name: Sighting(how) for name in missing}


def _oldest_first(
    paths: Sequence[Path], bad: list[tuple[Path, MendInput]]
) -> Iterator[tuple[Path, Parsed]]:
    """The readable ones by their newest message; the others go to `bad`."""
    found: list[tuple[datetime, str, Path, Parsed | None]] = []
    for path in paths:
        try:
            parsed = parse(read_export(path), path.name)
        except MendInput as error:
            bad.append((path, error))
            continue
        found.append((parsed.newest, path.name, path, parsed if len(paths) <= _KEPT else None))
    for _, _, path, kept in sorted(found, key=lambda one: one[:2]):
        yield path, kept or parse(read_export(path), path.name)


def _mark(path: Path) -> str:
    """Tells one version of a file from another without reading it. Raises RetryLater."""
    try:
        stat = path.stat()
    except OSError as error:
        raise RetryLater(
            "An export was taken away while it was looked at.", subject=path.name, after=_SETTLES
        ) from error
    return sha256(f"{stat.st_size} {stat.st_mtime_ns}".encode()).hexdigest()[:16]


def _complaint(path: Path, error: MendInput) -> RetryLater | NeedsOperator:
    """A file that cannot be read, as an error of a poll."""
    try:
        age = datetime.now(UTC).timestamp() - path.stat().st_mtime
    except OSError:
        age = 0.0
    if 0 <= age < _SETTLES.total_seconds():
        return RetryLater(
            f"{error.what} It is new, and may still be being copied.",
            subject=error.subject,
            cure=error.cure,
            after=_SETTLES,
        )
    return NeedsOperator(error.what, subject=error.subject, cure=error.cure)


def connect(options: Options, _secrets: Secrets) -> WhatsAppConnector:
    """A connector for one source. Raises MendSettings for values that cannot work."""
    path = str(options.get("path", "")).strip()
    if not path:
        raise MendSettings(
            "No path is set.", subject="whatsapp, path", cure="Name the folder of exports."
        )
    name = str(options.get("timezone", "Europe/London"))
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise MendSettings(
            "There is no such time zone.",
            subject="whatsapp, timezone",
            cure='Write it like "Europe/London", or leave it out.',
        ) from error
    return WhatsAppConnector(Path(path).expanduser(), zone)


OPTIONS: Mapping[str, Option] = {
    "path": Option(
        "text",
        "An exported chat (.txt or .zip), or a folder where exports of one chat are put.",
        required=True,
        example='"exports/tap-parents"',
    ),
    "timezone": Option(
        "text", "The time zone of the phone that exports.", example='"Europe/London"'
    ),
}

KINDS: tuple[ConnectorKind, ...] = (
    ConnectorKind(
        name=WhatsAppConnector.name,
        summary="A WhatsApp group, by the chats that a member exports.",
        options=OPTIONS,
        capabilities=WhatsAppConnector.capabilities,
        connect=connect,
    ),
)
