"""Invented things with comments and replies below them, and the weather of a platform.

What the stand-ins of several platforms share; each puts its own words around it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock

from collector.sandbox.loopback import Call, Reply
from models.vocabulary import now


@dataclass(slots=True)
class Entry:
    """A post (`top` is its own id), a comment or a reply. Times are aware UTC.

    status: a word of the platform's own, where it knows more than hidden and deleted.
    """

    id: str
    top: str
    parent: str
    author: str
    text: str
    created: datetime
    edited: datetime | None = None
    hidden: bool = False
    deleted: bool = False
    status: str = ""


class Threads:
    """The things of one place. Safe to use from several threads.

    make_id: an id by its number and the id of its parent ("" for a post).
    """

    def __init__(self, make_id: Callable[[int, str], str]) -> None:
        self._make_id = make_id
        self._lock = RLock()
        self.entries: dict[str, Entry] = {}
        self._below: dict[str, list[Entry]] = {}

    def add(
        self, text: str, author: str, under: str = "", created: datetime | None = None
    ) -> Entry:
        """A new post, or something under the entry of that id. Raises KeyError if unknown."""
        with self._lock:
            made = self._make_id(1_000_001 + len(self.entries), under)
            top = self.entries[under].top if under else made
            entry = Entry(made, top, under, author, text, created or now())
            self.entries[made] = entry
            self._below.setdefault(under, []).append(entry)
            return entry

    def find(self, entry_id: str) -> Entry | None:
        """It, where it and all that it hangs from stand."""
        with self._lock:
            entry = self.entries.get(entry_id)
            return entry if entry is not None and self._stands(entry) else None

    def below(self, entry_id: str = "", *, newest_first: bool = True) -> list[Entry]:
        """What hangs directly from an entry and stands; posts for ""."""
        with self._lock:
            found = [one for one in self._below.get(entry_id, ()) if self._stands(one)]
            return sorted(found, key=order, reverse=newest_first)

    def count(self, entry_id: str) -> int:
        """How many hang from an entry, directly and through others."""
        with self._lock:
            direct = self.below(entry_id)
            return len(direct) + sum(self.count(one.id) for one in direct)

    def _stands(self, entry: Entry) -> bool:
        if entry.deleted:
            return False
        return not entry.parent or self._stands(self.entries[entry.parent])


@dataclass(slots=True)
class Weather:
    """What a platform answers instead, while it is out of order.

    storms: answers by name. served: every call so far, as "METHOD path".
    """

    storms: Mapping[str, Callable[[], Reply]]
    served: list[str] = field(default_factory=list)
    _blowing: str = ""
    _interjected: list[Callable[[Call], Reply | None]] = field(default_factory=list)

    def storm(self, name: str) -> None:
        """From now on answer as storms[name] says, until calm(). Raises KeyError."""
        if name not in self.storms:
            raise KeyError(name)
        self._blowing = name

    def calm(self) -> None:
        """End the storm and every interjection."""
        self._blowing = ""
        self._interjected.clear()

    def interject(self, answer: Callable[[Call], Reply | None]) -> None:
        """Ask `answer` first, for payloads that the real platform would not send."""
        self._interjected.append(answer)

    def over(self, call: Call) -> Reply | None:
        """The answer of the weather, None where the sky is clear."""
        self.served.append(f"{call.method} {call.path}")
        for interjected in list(self._interjected):
            given = interjected(call)
            if given is not None:
                return given
        return self.storms[self._blowing]() if self._blowing else None


def page_of(entries: Iterable[Entry], after: Entry | None, limit: int) -> tuple[list[Entry], str]:
    """(some entries, the id to ask on with: "" at the end). entries: newest first.

    By order, not by place: what the id stands for may be deleted meanwhile.
    """
    found = [one for one in entries if after is None or order(one) < order(after)]
    some = found[:limit]
    return some, some[-1].id if len(found) > limit else ""


def order(entry: Entry) -> tuple[datetime, str]:
    """What entries are sorted by."""
    return entry.created, entry.id
