"""A feed source's cursor: validators and listed items of the feed and its comment feeds.

Holds no address of the feed itself, which may be a secret.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

MAIN = ""
"""The feed itself; comment feeds go by the id of the item that they belong to."""

_KEPT = 500
"""Items of one feed that are remembered: the newest."""


@dataclass(slots=True)
class Known:
    """One feed as it was last read. items: id to time (seconds since 1970; 0: no date) and link.

    comments: where the comment feed is, for a comment feed whose address is no secret.
    """

    etag: str = ""
    modified: str = ""
    items: dict[str, tuple[int, str]] = field(default_factory=dict)
    comments: str = ""

    def remember(self, items: dict[str, tuple[int, str]]) -> None:
        """These are listed now; the oldest known make room."""
        self.items |= items
        newest = sorted(self.items, key=lambda one: self.items[one][0], reverse=True)[:_KEPT]
        self.items = {one: self.items[one] for one in newest}

    def vanished(self, listed: Iterable[str]) -> list[str]:
        """Known items that were there and should be still: newer than the oldest listed.

        Older ones have only rolled off. Of an empty feed all are missing.
        """
        here = set(listed)
        times = [self.items[one][0] for one in here if one in self.items]
        oldest = min(times, default=-1)
        return [one for one, (at, _) in self.items.items() if one not in here and at >= oldest]


@dataclass(slots=True)
class State:
    """What the cursor says. addresses: of comment feeds, as known in this poll; never written."""

    feeds: dict[str, Known] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    def of(self, key: str) -> Known:
        """What is known of a feed; nothing at first."""
        return self.feeds.setdefault(key, Known())

    def only(self, keys: Iterable[str]) -> None:
        """Forget the comment feeds of items that are watched no longer."""
        kept = {MAIN, *keys}
        self.feeds = {key: known for key, known in self.feeds.items() if key in kept}

    def cursor(self) -> str:
        """As text."""
        feeds = {key: asdict(known) for key, known in self.feeds.items()}
        return json.dumps({"v": 1, "feeds": feeds}, separators=(",", ":"))


def read_state(cursor: str | None) -> State:
    """The state in a cursor; an empty one for None or for what is no cursor of ours."""
    try:
        feeds = json.loads(cursor or "{}")["feeds"]
        read = {str(key): _known(one) for key, one in feeds.items()}
        return State(read, {key: one.comments for key, one in read.items() if one.comments})
    except (ValueError, KeyError, TypeError, AttributeError):
        return State()


def _known(said: dict[str, object]) -> Known:
    items = said["items"]
    if not isinstance(items, dict):
        raise TypeError("items")
    read = {str(key): (int(at), str(link)) for key, (at, link) in items.items()}
    return Known(str(said["etag"]), str(said["modified"]), read, str(said["comments"]))
