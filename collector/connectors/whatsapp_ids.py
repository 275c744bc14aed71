"""Ids for messages that have none, and what is remembered so that exports can overlap.

An id is made of a message's time, sender and words, so an export that is cut anywhere gives the
same ids. Edited and deleted messages keep their first id: what an earlier export held at the same
time from the same sender is matched, in order, with what the newer one holds there.
"""

import base64
import json
import re
import unicodedata
import zlib
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from collector.connectors.whatsapp_lines import Row, RowKind, newest_of

_REMEMBERED = 5_000
"""Newest messages in the memory. WhatsApp lets nobody edit after 15 minutes or delete for
everyone after about two days, so older ones no longer change."""

_EDITED_REMEMBERED = 2_000
_ID = re.compile(r"wa\.[0-9a-z]+\.[0-9a-f]{8}\.[0-9a-f]{12}(?:\.\d+)?")
_BEGINNING = datetime(2000, 1, 1)  # noqa: DTZ001 - stamps are the phone's local time
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

Place = str
"""Where a message stands: its time and sender, "<time>.<sender>" as in its id."""


@dataclass(slots=True)
class Entry:
    """A remembered message. words: what it says now, as in ids. tomb: it was seen only deleted."""

    id: str
    words: str
    gone: bool = False
    tomb: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that an export says: a message under its id, or (by) that it was deleted."""

    id: str
    row: Row
    gone_by: str = ""


@dataclass(slots=True)
class Outcome:
    """What an export says beyond what was known. unclear: deletions that fit several messages."""

    posts: list[Seen] = field(default_factory=list)
    gone: list[Seen] = field(default_factory=list)
    unclear: int = 0
    older_words: int = 0


def place_of(row: Row) -> Place:
    """Time and sender as in ids. Seconds since 2000 in base 36, then eight hex digits."""
    seconds = int((row.stamp - _BEGINNING).total_seconds())
    return f"{_base36(seconds)}.{_hash(row.sender)[:8]}"


def words_of(row: Row) -> str:
    """Twelve hex digits for what a row says, blind to spacing and invisible marks."""
    plain = unicodedata.normalize("NFC", row.text)
    plain = " ".join(re.sub("[\u200e\u200f\ufeff]", "", plain).split())
    return _hash(f"{plain}\n{row.media}")[:12]


def groups(rows: Iterable[Row]) -> dict[Place, list[Row]]:
    """Messages and deletions by place, in the file's order; notices have no place."""
    found: dict[Place, list[Row]] = defaultdict(list)
    for row in rows:
        if row.kind is not RowKind.SYSTEM:
            found[place_of(row)].append(row)
    return found


@dataclass(slots=True)
class Memory:
    """The newest messages of all exports so far, by place; latest: the newest stamp of any."""

    places: dict[Place, list[Entry]] = field(default_factory=dict)
    latest: str = ""

    def take(self, rows: Sequence[Row]) -> Outcome:
        """Match one export, remember it, and say what is new, changed or gone.

        An export that ends before the latest one only adds: it knows of no later edit.
        """
        outcome = Outcome()
        if not rows:
            return outcome
        newest = newest_of(rows).isoformat()
        older = newest < self.latest
        for place, here in groups(rows).items():
            known = self.places.get(place, [])
            self.places[place] = _match(place, known, here, older, outcome)
        self.latest = max(self.latest, newest)
        self._forget()
        return outcome

    def _forget(self) -> None:
        """Keep the newest, and what was edited (its id no longer follows from its words)."""
        by_time = sorted(self.places, key=lambda place: (len(place), place), reverse=True)
        kept: dict[Place, list[Entry]] = {}
        count = edited = 0
        for place in by_time:
            entries = self.places[place]
            if count < _REMEMBERED:
                count += len(entries)
                kept[place] = entries
                continue
            changed = [e for e in entries if not e.tomb and e.words != e.id.split(".")[3]]
            if changed and edited < _EDITED_REMEMBERED:
                edited += len(changed)
                kept[place] = changed
        self.places = kept

    def pack(self) -> str:
        """As text for the cursor."""
        rows = [
            [entry.id, entry.words, int(entry.gone), int(entry.tomb)]
            for entries in self.places.values()
            for entry in entries
        ]
        raw = json.dumps([self.latest, rows], separators=(",", ":")).encode()
        return base64.b85encode(zlib.compress(raw, 6)).decode()


def unpack(packed: str) -> Memory:
    """The memory in a cursor. Raises ValueError where it is none."""
    memory = Memory()
    try:
        raw = zlib.decompress(base64.b85decode(packed))
        memory.latest, rows = json.loads(raw)
        for key, words, gone, tomb in rows:
            place = ".".join(key.split(".")[1:3])
            memory.places.setdefault(place, []).append(Entry(key, words, bool(gone), bool(tomb)))
    except (zlib.error, TypeError, KeyError) as error:
        raise ValueError("not a memory") from error
    return memory


def is_id(native_id: str) -> bool:
    """Whether the id is one of ours."""
    return _ID.fullmatch(native_id) is not None


def _match(
    place: Place, known: list[Entry], rows: list[Row], older: bool, outcome: Outcome
) -> list[Entry]:
    """Match one place's rows with its known entries; returns the entries to remember."""
    settled = _Settled(place, list(known), older, outcome, {entry.id for entry in known})
    digests = [_DELETED if row.kind is RowKind.DELETED else words_of(row) for row in rows]
    pairs = _pairs(known, digests)
    left = [index for index in range(len(rows)) if index not in pairs]
    matched = {id(entry) for entry in pairs.values()}
    free = [entry for entry in known if id(entry) not in matched]
    for index, entry in pairs.items():
        settled.same(rows[index], digests[index], entry)
    if len(left) == len(free):
        for index, entry in zip(left, free, strict=True):
            settled.changed(rows[index], digests[index], entry)
    else:
        for index in left:
            settled.unknown(rows[index], digests[index], doubtful=bool(free))
    return settled.entries


def _pairs(known: Sequence[Entry], digests: Sequence[str]) -> dict[int, Entry]:
    """Rows that are surely a known message: by its words now, as its deletion, by its first words.

    In this order over all rows, each entry once, earlier before later.
    """
    pairs: dict[int, Entry] = {}
    if not known:
        return pairs
    standing = [entry for entry in known if not entry.gone and not entry.tomb]
    deleted = [entry for entry in known if entry.gone or entry.tomb]
    first = [entry for entry in known if not entry.tomb]
    for keyed in (
        [(entry.words, entry) for entry in standing],
        [(_DELETED, entry) for entry in deleted],
        [(_first_words(entry), entry) for entry in first],
    ):
        matched = {id(entry) for entry in pairs.values()}
        waiting: dict[str, deque[Entry]] = defaultdict(deque)
        for words, entry in keyed:
            if id(entry) not in matched:
                waiting[words].append(entry)
        for index, words in enumerate(digests):
            if index not in pairs and waiting.get(words):
                pairs[index] = waiting[words].popleft()
    return pairs


_DELETED = "deleted"


@dataclass(slots=True)
class _Settled:
    """Writes down what each row of one place turned out to be."""

    place: Place
    entries: list[Entry]
    older: bool
    outcome: Outcome
    used: set[str]
    repeats: dict[str, int] = field(default_factory=dict)

    def same(self, row: Row, words: str, entry: Entry) -> None:
        """The row is this known message, or its known deletion."""
        if words == _DELETED:
            return
        if self.older and (entry.gone or entry.words != words):
            self.outcome.older_words += 1
            return
        entry.gone, entry.words = False, words
        self.outcome.posts.append(Seen(entry.id, row))

    def changed(self, row: Row, words: str, entry: Entry) -> None:
        """The row stands where this known message stood, with other words."""
        if words == _DELETED:
            if not self.older:
                entry.gone = True
                self.outcome.gone.append(Seen(entry.id, row, row.by))
        elif entry.tomb:
            self.entries.remove(entry)
            made = self._add(row, words)
            made.gone = True
            self.outcome.gone.append(Seen(made.id, row, "unknown"))
        elif self.older:
            self.outcome.older_words += 1
        elif row.edited and not entry.gone:
            entry.words = words
            self.outcome.posts.append(Seen(entry.id, row))
        else:
            self._add(row, words)

    def unknown(self, row: Row, words: str, doubtful: bool) -> None:
        """The row matches nothing known. doubtful: some known message is missing, which?"""
        if words != _DELETED:
            self._add(row, words)
            return
        self.outcome.unclear += doubtful
        self.entries.append(Entry(f"wa.{self.place}.x", _DELETED, tomb=True))

    def _add(self, row: Row, words: str) -> Entry:
        base = f"wa.{self.place}.{words}"
        number = self.repeats.get(base, 0)
        while _numbered(base, number) in self.used:
            number += 1
        self.repeats[base] = number
        made = Entry(_numbered(base, number), words)
        self.used.add(made.id)
        self.entries.append(made)
        self.outcome.posts.append(Seen(made.id, row))
        return made


def _numbered(base: str, number: int) -> str:
    return f"{base}.{number}" if number else base


def _first_words(entry: Entry) -> str:
    return entry.id.split(".")[3]


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _base36(number: int) -> str:
    digits, rest = "", abs(number)
    while rest:
        rest, digit = divmod(rest, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
