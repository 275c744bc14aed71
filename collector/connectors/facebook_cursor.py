"""Where a walk over a Page stands: what the Facebook connector's cursor says.

A pass reads the feed from the newest post down, and each post's comments. The cursor holds the
place in the pass, and the ids that this pass and the one before it saw: what was seen before and
is missing now may have been deleted. Ids and times only: no words, no `next`, no token.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.vocabulary import aware

Onward = dict[str, str]
"""What has to be asked to get the next page ("after", or "until" on old edges); {} at the start."""

MAX_WATCHED = 20_000
"""Ids kept to notice deletions, about half a megabyte. Newest first; the rest is not watched."""


@dataclass(slots=True)
class Pass:
    """One walk. Times are aware UTC.

    previous: when the last whole pass began, None on the first.
    page: which page of the feed is being read. listed: whether its posts were given. done: posts
    on it that are read with their comments. comments: how far into those of the post `reading`.
    seen, known: post id to ids of its comments, of this pass and the previous one. A post that
    was not read for comments maps to None in `seen`.
    """

    started: datetime
    previous: datetime | None = None
    page: Onward = field(default_factory=dict)
    listed: bool = False
    done: list[str] = field(default_factory=list)
    reading: str = ""
    comments: Onward = field(default_factory=dict)
    seen: dict[str, list[str] | None] = field(default_factory=dict)
    known: dict[str, list[str]] = field(default_factory=dict)

    def watch(self, post_id: str, comment_ids: list[str]) -> bool:
        """Remember that these comments of a watched post were seen; False where it is full."""
        watched = self.seen.get(post_id)
        if watched is None:
            return True
        if self.watched + len(comment_ids) > MAX_WATCHED:
            return False
        watched.extend(comment_ids)
        return True

    @property
    def watched(self) -> int:
        """How many comments are remembered so far."""
        return sum(len(ids) for ids in self.seen.values() if ids is not None)

    def restart(self) -> None:
        """Back to the top of the feed, within the same pass."""
        self.page, self.listed, self.done, self.reading, self.comments = {}, False, [], "", {}

    def to_cursor(self) -> str:
        """As JSON text."""
        return json.dumps(
            {
                "v": 1,
                "started": self.started.isoformat(),
                "previous": self.previous.isoformat() if self.previous else None,
                "page": self.page,
                "listed": self.listed,
                "done": self.done,
                "reading": self.reading,
                "comments": self.comments,
                "seen": self.seen,
                "known": self.known,
            },
            separators=(",", ":"),
        )


def finished(walk: Pass, known: dict[str, list[str]]) -> str:
    """The cursor after a whole pass: the next fetch begins a new one."""
    return json.dumps(
        {"v": 1, "previous": walk.started.isoformat(), "known": known}, separators=(",", ":")
    )


def resume(cursor: str | None, moment: datetime) -> Pass:
    """The pass to go on with, or a new one. A cursor that cannot be read begins again: what is
    stored already is then only compared."""
    if cursor is None:
        return Pass(moment)
    try:
        return _parsed(json.loads(cursor), moment)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Pass(moment)


def _parsed(said: dict[str, Any], moment: datetime) -> Pass:
    previous = aware(datetime.fromisoformat(said["previous"])) if said["previous"] else None
    known = {str(post): [str(one) for one in ids] for post, ids in said["known"].items()}
    if "started" not in said:
        return Pass(moment, previous, known=known)
    return Pass(
        started=aware(datetime.fromisoformat(said["started"])),
        previous=previous,
        page=dict(said["page"]),
        listed=said["listed"] is True,
        done=list(said["done"]),
        reading=str(said["reading"]),
        comments=dict(said["comments"]),
        seen={str(post): ids for post, ids in said["seen"].items()},
        known=known,
    )
