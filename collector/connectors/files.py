"""A source that is a file, or a folder looked into at every poll; each file is read once.

A file that changes is read again. One that cannot be read is complained of after the others. The
place where the posts stand is elsewhere, so a person acts there by the steps that the kind gives.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import ClassVar

from collector.connector import (
    Batch,
    Cursor,
    IncomingPost,
    PlatformAction,
    Receipt,
    Sighting,
)
from collector.connectors.kind import Option, Options
from models.errors import MendInput, MendSettings, NeedsOperator, Refused
from models.vocabulary import Capability, Presence, Verb

_BATCH = 500
_MOST_FILES = 20_000
_SHOWN = 20

Said = list[str]
"""Plain sentences about a file, for the Sources screen."""

Read = Callable[[Path, Said], Iterator[IncomingPost]]
"""The posts of a file, always in the same order. Raises MendInput, before the first of them."""

PATH = {"path": Option("text", "A file, or a folder where files are put.", True, example='"files"')}


@dataclass(slots=True)
class _State:
    """The cursor. files: what was read, by name, with a mark of its version. notes: the last.

    part: while a long file is being stored, its name with its mark, and how many are stored.
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


class FileSource:
    """What connectors of files share. Each gives its name, its suffixes, its steps, its `read`."""

    name: ClassVar[str]
    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.POSTS})
    suffixes: ClassVar[frozenset[str]]
    steps: ClassVar[Mapping[Verb, tuple[str, ...]]]

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, path: Path, said: Said) -> Iterator[IncomingPost]:
        """The posts of one file. Raises MendInput before the first."""
        raise Refused("It reads no files.", subject=self.name, cure="Use another connector.")

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """Every file that is new or changed, by name. See the contract."""
        state = _state(after)
        here = {
            path.relative_to(self._root()).as_posix(): path
            for path in files_at(self._path, self.suffixes)
        }
        state.files = {name: mark for name, mark in state.files.items() if name in here}
        bad: MendInput | None = None
        for name, path in here.items():
            try:
                mark = _mark(path)
                if state.files.get(name) != mark:
                    yield from self._stored(name, path, mark, state)
            except MendInput as error:
                bad = bad or error
        yield Batch((), state.cursor(), notes=tuple(state.notes))
        if bad is not None:
            raise NeedsOperator(bad.what, subject=bad.subject, cure=bad.cure)

    def _stored(self, name: str, path: Path, mark: str, state: _State) -> Iterator[Batch]:
        said: Said = []
        what = f"{name} {mark}"
        at = state.part[1] if state.part[0] == what else 0
        posts = islice(self.read(path, said), at, None)
        while len(some := tuple(islice(posts, _BATCH))) == _BATCH:
            at += _BATCH
            state.part = (what, at)
            yield Batch(some, state.cursor())
        state.files[name], state.part = mark, ("", 0)
        told = [f"{name}: {at + len(some):,} posts were read.", *said]
        state.notes = told[:_SHOWN]
        yield Batch(some, state.cursor(), notes=tuple(state.notes))

    def _root(self) -> Path:
        return self._path.parent if self._path.is_file() else self._path

    def act(self, action: PlatformAction) -> Receipt:
        """Always Refused: a file is not the place where the post stands."""
        raise Refused(
            "What was read from a file can only be changed where it stands.",
            subject=self.name,
            cure="Follow the steps by hand, then tick it off.",
        )

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """Always UNKNOWN: a file tells nothing of how a post stands now."""
        return {name: Sighting(Presence.UNKNOWN) for name in native_ids}

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """See the contract."""
        return self.steps[verb]


def files_at(path: Path, suffixes: Collection[str], most: int = _MOST_FILES) -> list[Path]:
    """The file itself, or those of a folder with such an ending, by name. Raises NeedsOperator."""
    try:
        if path.is_file():
            return [path]
        found = [
            one
            for one in sorted(path.iterdir())
            if one.suffix.lower() in suffixes and not one.name.startswith(".") and one.is_file()
        ]
    except OSError as error:
        raise NeedsOperator(
            f"The folder of files cannot be read ({type(error).__name__}).",
            subject=path.name,
            cure="Make the folder, or set path to the one where files are put.",
        ) from error
    if len(found) > most:
        raise NeedsOperator(
            f"The folder holds more than {most:,} files.",
            subject=path.name,
            cure="Take out the old ones: what was read once is kept.",
        )
    return found


def path_of(options: Options, name: str) -> Path:
    """The option `path`. name: the connector's. Raises MendSettings where it is empty."""
    path = str(options.get("path", "")).strip()
    if not path:
        raise MendSettings(
            "No path is set.", subject=f"{name}, path", cure="Name a file or a folder."
        )
    return Path(path).expanduser()


def unreadable(path: Path, error: OSError) -> MendInput:
    """A file that the machine does not give."""
    return MendInput(
        f"It cannot be read ({type(error).__name__}).",
        subject=path.name,
        cure="Check that the file is there and that this program may read it.",
    )


def _mark(path: Path) -> str:
    try:
        stat = path.stat()
    except OSError as error:
        raise unreadable(path, error) from error
    return f"{stat.st_size}-{stat.st_mtime_ns}"
