"""Where a walk over a place stands: what the cursor of a walking connector says.

Ids, counts and times only: no words, no address, no token.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.vocabulary import aware

MAX_WATCHED = 20_000
"""Ids below the tops kept to notice deletions, about half a megabyte. The rest is not watched."""


@dataclass(slots=True)
class Pass:
    """One walk. Times are aware UTC.

    previous: when the last pass began, None on the first. whole: when the last one began that
    read the listing to its end. page: which page of the listing is read, "" the first. listed:
    whether its tops were given. done: tops on it that are read with what hangs from them.
    inner: how far into those of the top `reading`. counts: how many hung from a top when it was
    read. seen, known: top to ids below it, of this pass and the one before; a top that was listed
    and not read maps to None in `seen`.
    """

    started: datetime
    previous: datetime | None = None
    whole: datetime | None = None
    entire: bool = True
    page: str = ""
    listed: bool = False
    done: list[str] = field(default_factory=list)
    reading: str = ""
    inner: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    seen: dict[str, list[str] | None] = field(default_factory=dict)
    known: dict[str, list[str]] = field(default_factory=dict)

    def watch(self, top: str, ids: list[str]) -> bool:
        """Remember that these below a watched top were seen; False where it is full."""
        watched = self.seen.get(top)
        if watched is None:
            return True
        if sum(len(one) for one in self.seen.values() if one is not None) + len(ids) > MAX_WATCHED:
            return False
        watched.extend(ids)
        return True

    def restart(self) -> None:
        """Back to the top of the listing, within the same pass."""
        self.page, self.listed, self.done, self.reading, self.inner = "", False, [], "", ""

    def to_cursor(self) -> str:
        """As JSON text."""
        return _text(
            {
                "started": self.started.isoformat(),
                "previous": self.previous.isoformat() if self.previous else None,
                "whole": self.whole.isoformat() if self.whole else None,
                "entire": self.entire,
                "page": self.page,
                "listed": self.listed,
                "done": self.done,
                "reading": self.reading,
                "inner": self.inner,
                "counts": self.counts,
                "seen": self.seen,
                "known": self.known,
            }
        )

    def finished(self, known: dict[str, list[str]]) -> str:
        """The cursor after this pass: the next fetch begins a new one."""
        whole = self.started if self.entire else self.whole
        return _text(
            {
                "previous": self.started.isoformat(),
                "whole": whole.isoformat() if whole else None,
                "counts": dict(list(self.counts.items())[-MAX_WATCHED:]),
                "known": known,
            }
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
    found = Pass(
        moment,
        _time(said["previous"]),
        _time(said["whole"]),
        counts={str(top): int(count) for top, count in said["counts"].items()},
        known={str(top): [str(one) for one in ids] for top, ids in said["known"].items()},
    )
    if "started" in said:
        found.started = aware(datetime.fromisoformat(said["started"]))
        found.entire, found.listed = said["entire"] is True, said["listed"] is True
        found.page, found.inner = str(said["page"]), str(said["inner"])
        found.done, found.reading = list(said["done"]), str(said["reading"])
        found.seen = {str(top): ids for top, ids in said["seen"].items()}
    return found


def _time(said: str | None) -> datetime | None:
    return aware(datetime.fromisoformat(said)) if said else None


def _text(content: dict[str, object]) -> str:
    return json.dumps({"v": 1, **content}, separators=(",", ":"))
