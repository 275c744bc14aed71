"""What a stand-in for Reddit holds: subreddits, people, posts, comments, removals, messages.

Times are aware UTC. Everything here is invented; nothing is ever fetched.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any

_START = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(slots=True)
class Entry:
    """One post or comment as it is kept. state: "", "deleted", "removed" or "held"."""

    name: str
    subreddit: str
    author: str
    text: str
    created: datetime
    title: str | None = None
    parent: str = ""
    link: str = ""
    url: str = ""
    edited: datetime | None = None
    state: str = ""
    by: str = ""
    mod_note: str | None = None
    reason_title: str | None = None
    approved_by: str | None = None
    gallery: int = 0
    reports: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Message:
    """What an author was told after a removal."""

    item: str
    title: str
    text: str
    kind: str


@dataclass(slots=True)
class Subreddit:
    """One subreddit. members: may read it where it is private. reasons: id to title.

    banned: name to what they were told. asks: who asks to join. notes: about accounts.
    """

    name: str
    private: bool = False
    closed: bool = False
    moderators: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    reasons: dict[str, str] = field(default_factory=dict)
    banned: dict[str, str] = field(default_factory=dict)
    asks: list[str] = field(default_factory=list)
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


@dataclass(slots=True)
class Board:
    """Everything on the stand-in. Safe to use from several threads."""

    subreddits: dict[str, Subreddit] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    lock: RLock = field(default_factory=RLock)
    _count: int = 36**5

    def open(self, name: str, *moderators: str, private: bool = False) -> Subreddit:
        """Make a subreddit."""
        made = Subreddit(name, private, moderators=set(moderators))
        self.subreddits[name.lower()] = made
        return made

    def submit(self, subreddit: str, author: str, title: str, text: str = "", **more: Any) -> str:
        """A post; returns its fullname. more: url, gallery, created, state, by."""
        return self._add("t3", subreddit, author, text, title=title, **more)

    def reply(self, to: str, author: str, text: str, **more: Any) -> str:
        """A comment under a post or comment; returns its fullname."""
        above = self.entries[to]
        link = above.link or above.name
        return self._add("t1", above.subreddit, author, text, parent=to, link=link, **more)

    def edit(self, name: str, text: str) -> None:
        """The author changes the words."""
        entry = self.entries[name]
        entry.text, entry.edited = text, entry.created + timedelta(minutes=5)

    def delete(self, name: str) -> None:
        """The author deletes it: a husk without author or words remains."""
        self.entries[name].state = "deleted"

    def report(self, name: str, reason: str, count: int = 1) -> None:
        """People report it."""
        self.entries[name].reports.append((reason, count))

    def vanish(self, name: str) -> None:
        """It is gone as if it had never been."""
        del self.entries[name]

    def remove(self, name: str, by: str) -> None:
        """A moderator removes it (twice is once)."""
        entry = self.entries[name]
        if entry.state != "deleted":
            entry.state, entry.by, entry.approved_by = "removed", by, None

    def approve(self, name: str, by: str) -> None:
        """A moderator lets it stand."""
        entry = self.entries[name]
        if entry.state != "deleted":
            entry.state, entry.by, entry.approved_by = "", "", by

    def newest(self, subreddit: str, kind: str) -> list[Entry]:
        """Posts ("t3") or comments ("t1") of a subreddit, newest first."""
        mine = [
            entry
            for entry in self.entries.values()
            if entry.subreddit.lower() == subreddit.lower() and entry.name.startswith(kind)
        ]
        return sorted(mine, key=lambda entry: (entry.created, entry.name), reverse=True)

    def _add(self, kind: str, subreddit: str, author: str, text: str, **more: Any) -> str:
        with self.lock:
            self._count += 1
            name = f"{kind}_{_base36(self._count)}"
            created = more.pop("created", _START + timedelta(minutes=self._count - 36**5))
            self.entries[name] = Entry(name, subreddit, author, text, created, **more)
            return name


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def shown(entry: Entry, moderator: bool) -> dict[str, Any]:
    """The entry as Reddit's JSON, as a moderator or as anybody else sees it."""
    deleted, removed = entry.state == "deleted", entry.state == "removed"
    husk = "[deleted]" if deleted else "[removed]"
    words = husk if deleted or (entry.state and not moderator) else entry.text
    comment = entry.title is None
    thing: dict[str, Any] = {
        "name": entry.name,
        "id": entry.name[3:],
        "subreddit": entry.subreddit,
        "author": "[deleted]" if deleted else entry.author,
        "body" if comment else "selftext": words,
        "created_utc": entry.created.timestamp(),
        "created": entry.created.timestamp() + 28800,
        "edited": entry.edited.timestamp() if entry.edited else False,
        "removed": removed,  # stays false for what a filter holds, as on Reddit
        "removal_reason": None,
        "banned_by": None,
        "approved_by": entry.approved_by if moderator else None,
        "removed_by_category": _category(entry),
        "can_mod_post": moderator,
    }
    if not deleted:
        thing["author_fullname"] = f"t2_{entry.author.lower()}"
    if moderator and entry.state in {"removed", "held"}:
        thing["banned_by"] = entry.by or True
    if moderator:
        thing |= {"mod_note": entry.mod_note, "mod_reason_title": entry.reason_title}
        thing["user_reports"] = [[reason, count, False, False] for reason, count in entry.reports]
        thing |= {"mod_reports": [], "num_reports": len(entry.reports)}
    thread = (entry.link or entry.name)[3:]
    thing["permalink"] = f"/r/{entry.subreddit}/comments/{thread}/x/"
    if comment:
        thing["permalink"] += f"{thing['id']}/"
        return thing | {"parent_id": entry.parent, "link_id": entry.link, "replies": ""}
    return thing | {
        "title": entry.title,
        "is_self": not entry.url,
        "url": entry.url or f"https://www.reddit.com{thing['permalink']}",
        "is_gallery": bool(entry.gallery),
        "media_metadata": {f"m{n}": {"status": "valid"} for n in range(entry.gallery)},
    }


def _category(entry: Entry) -> str | None:
    named = {"deleted": "deleted", "removed": "moderator", "held": "automod_filtered"}
    return named.get(entry.state)
