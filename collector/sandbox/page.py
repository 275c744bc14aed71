"""An invented Facebook Page: its posts and comments, as they stand at this moment.

Things may be dated ahead: they appear when the clock reaches them, so a demonstration has posts
arriving while you watch. Where a file is given, what was changed (hidden, deleted, reworded)
outlives a restart.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import RLock
from typing import Any

from models.vocabulary import now

_MARKS = ("message", "hidden", "deleted")


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote it. id: digits, as the platform's."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of a script. at: from the start of the play, negative is before it.

    under: key of the post that a comment hangs from; reply_to: key of the comment it answers.
    author None: the Page itself. photos: pictures beside the text (there are none to fetch).
    """

    key: str
    at: timedelta
    text: str
    author: Author | None = None
    under: str = ""
    reply_to: str = ""
    photos: int = 0


@dataclass(slots=True)
class Entry:
    """A post (`post_id` is its own id) or a comment. Times are aware UTC."""

    id: str
    post_id: str
    author: Author
    message: str
    created: datetime
    updated: datetime
    parent_id: str = ""
    photos: int = 0
    hidden: bool = False
    deleted: bool = False

    @property
    def is_post(self) -> bool:
        """Whether it stands on the Page itself."""
        return self.id == self.post_id


@dataclass(slots=True)
class _Thread:
    post: Entry
    comments: list[Entry] = field(default_factory=list)


class Page:
    """The Page's things. Safe to use from several threads; every answer is of this moment.

    kept: a JSON file for what outlives a restart, made when first needed.
    """

    def __init__(
        self,
        page_id: str,
        name: str,
        *,
        clock: Callable[[], datetime] = now,
        kept: Path | None = None,
    ) -> None:
        self.author = Author(page_id, name)
        self.clock = clock
        self.lock = RLock()
        self._kept = kept
        self._entries: dict[str, Entry] = {}
        self._threads: dict[str, _Thread] = {}
        self._saved: dict[str, Any] = {"started": clock().isoformat(), "marks": {}}
        if kept is not None and kept.exists():
            self._saved = json.loads(kept.read_text(encoding="utf-8"))

    @property
    def id(self) -> str:
        """The Page's own id."""
        return self.author.id

    @property
    def started(self) -> datetime:
        """When the play began, the first time if it was restarted since."""
        return datetime.fromisoformat(self._saved["started"])

    def play(self, script: Iterable[Line]) -> None:
        """Put every line of a script on the Page, each at its time."""
        ids: dict[str, str] = {}
        with self.lock:
            for line in script:
                ids[line.key] = self.add(
                    line.text,
                    line.author,
                    under=ids.get(line.under, ""),
                    reply_to=ids.get(line.reply_to, ""),
                    created=self.started + line.at,
                    photos=line.photos,
                )
            self._save()

    def add(
        self,
        text: str,
        author: Author | None = None,
        *,
        under: str = "",
        reply_to: str = "",
        created: datetime | None = None,
        photos: int = 0,
    ) -> str:
        """A new post, or a comment where `under` names a post. Returns its id."""
        with self.lock:
            number = 7_000_001 + len(self._entries)
            at = created or self.clock()
            own = f"{under.partition('_')[2]}_{number}" if under else f"{self.id}_{number}"
            entry = Entry(own, under or own, author or self.author, text, at, at, reply_to, photos)
            for mark, value in self._saved["marks"].get(own, {}).items():
                setattr(entry, mark, value)
            self._entries[own] = entry
            if under:
                thread = self._threads[under]
                thread.comments.append(entry)
                thread.comments.sort(key=_order)
                # The platform bumps a post's time for each new comment: not a sign of an edit.
                thread.post.updated = max(thread.post.updated, at)
            else:
                self._threads[own] = _Thread(entry)
            return own

    def find(self, entry_id: str) -> Entry | None:
        """It as it stands, or None where it is gone, not there yet, or never was."""
        with self.lock:
            entry = self._entries.get(entry_id)
            return entry if entry is not None and self._stands(entry) else None

    def feed(self) -> list[Entry]:
        """Posts that stand, the newest first."""
        with self.lock:
            posts = [thread.post for thread in self._threads.values() if self._stands(thread.post)]
            moment = self.clock()
            seen = [replace(post, updated=self._touched(post, moment)) for post in posts]
            return sorted(seen, key=_order, reverse=True)

    def comments(self, post_id: str, parent_id: str = "") -> list[Entry]:
        """Comments and replies that stand under a post (or one comment), the oldest first."""
        with self.lock:
            thread = self._threads.get(post_id)
            found = [] if thread is None else [c for c in thread.comments if self._stands(c)]
            return [c for c in found if c.parent_id == parent_id] if parent_id else found

    def change(self, entry_id: str, **marks: str | bool) -> None:
        """Hide, delete or reword (message=, hidden=, deleted=). Raises KeyError if unknown."""
        with self.lock:
            entry = self._entries[entry_id]
            for mark, value in marks.items():
                if mark not in _MARKS:
                    raise KeyError(mark)
                setattr(entry, mark, value)
            entry.updated = max(entry.updated, self.clock())
            self._saved["marks"].setdefault(entry_id, {}).update(marks)
            self._save()

    def _touched(self, post: Entry, moment: datetime) -> datetime:
        comments = self._threads[post.id].comments
        came = max((c.created for c in comments if c.created <= moment), default=post.created)
        return max(came, min(post.updated, moment), post.created)

    def _stands(self, entry: Entry) -> bool:
        if entry.deleted or entry.created > self.clock():
            return False
        above = entry.parent_id or ("" if entry.is_post else entry.post_id)
        return not above or (above in self._entries and self._stands(self._entries[above]))

    def _save(self) -> None:
        if self._kept is None:
            return
        self._kept.parent.mkdir(parents=True, exist_ok=True)
        beside = self._kept.with_suffix(".new")
        beside.write_text(json.dumps(self._saved, ensure_ascii=False), encoding="utf-8")
        beside.replace(self._kept)


def _order(entry: Entry) -> tuple[datetime, str]:
    return entry.created, entry.id
