"""X's cursor: how far each listing was read, and which posts are looked at again.

Every object read costs money, so each listing goes on where it ended. Ids, counts and times only.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.vocabulary import aware

_COUNTS = 500


@dataclass(slots=True)
class State:
    """What the cursor says.

    since: listing to the newest id that was read. done: listings read in the pass under way.
    counts: own post to its replies when they were read. known: id of a post to the id of its
    newest version, the newest posts last. searched_at, checked_at: when the last search began and
    when `known` was last looked at again.
    """

    since: dict[str, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    searched_at: datetime | None = None
    checked_at: datetime | None = None

    def learn(self, found: Mapping[str, str], keep: int) -> None:
        """These are stored: the newest `keep` are looked at again later."""
        self.known.update(found)
        newest = sorted(self.known, key=int)[-keep:] if keep else []
        self.known = {one: self.known[one] for one in newest}

    def cursor(self) -> str:
        """As text."""
        newest = sorted(self.counts, key=int)[-_COUNTS:]
        content = {
            "v": 1,
            "since": self.since,
            "done": self.done,
            "counts": {one: self.counts[one] for one in newest},
            "known": self.known,
            "searched_at": _told(self.searched_at),
            "checked_at": _told(self.checked_at),
        }
        return json.dumps(content, separators=(",", ":"))


def read_state(cursor: str | None) -> State:
    """The state in a cursor; an empty one for None or for what is no cursor of ours."""
    try:
        said: dict[str, Any] = json.loads(cursor or "{}")
        return State(
            since={str(name): str(int(one)) for name, one in said["since"].items()},
            done=[str(name) for name in said["done"]],
            counts={str(int(one)): int(count) for one, count in said["counts"].items()},
            known={str(int(one)): str(int(now)) for one, now in said["known"].items()},
            searched_at=_time(said["searched_at"]),
            checked_at=_time(said["checked_at"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return State()


def _told(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _time(said: str | None) -> datetime | None:
    return aware(datetime.fromisoformat(said)) if said else None
