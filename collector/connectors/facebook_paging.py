"""Reading one page of an edge, and noticing when pages lead nowhere."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from collector.connectors.facebook_client import GraphClient
from collector.connectors.facebook_cursor import Onward
from collector.connectors.facebook_errors import TooMuch, unreadable
from models.errors import RetryLater

_SIZES = (100, 25, 5, 1)
"""How many to ask for; fewer each time that the answer is too long."""

_ONWARD = ("after", "until", "__paging_token")
_LONGEST = 2000
_BARREN_PAGES = 20


def read_page(
    client: GraphClient, edge: str, onward: Onward, subject: str, **asked: str
) -> tuple[list[Any], Onward]:
    """(what is on the page, how to ask for the next one: {} at the end).

    An empty page with a next one is possible. Raises as GraphClient.
    """
    for size in _SIZES:
        try:
            answer = client.get(edge, **asked, **onward, limit=str(size))
            break
        except TooMuch:
            if size == _SIZES[-1]:
                raise
    data = answer.get("data")
    if not isinstance(data, list):
        raise unreadable("no list of posts", subject)
    return data, onward_of(answer.get("paging"), subject)


def onward_of(paging: object, subject: str) -> Onward:
    """The way to the next page out of `paging`. `next` itself is never kept: it has the token.

    Raises RetryLater where there is a next page and no way to it.
    """
    if not isinstance(paging, dict) or not paging.get("next"):
        return {}
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, dict) else None
    found = {"after": after} if isinstance(after, str) and after else _from_next(paging["next"])
    if not found or any(len(value) > _LONGEST for value in found.values()):
        raise unreadable("a next page without a way to it", subject)
    return found


def _from_next(link: object) -> Onward:
    """Old edges page by time: only the names that page are taken over."""
    if not isinstance(link, str):
        return {}
    try:
        asked = parse_qs(urlsplit(link).query)
    except ValueError:
        return {}
    return {name: asked[name][0] for name in _ONWARD if name in asked}


class Progress:
    """Watches one edge being paged, and ends what would never end."""

    def __init__(self, subject: str) -> None:
        self._subject = subject
        self._places: set[tuple[tuple[str, str], ...]] = set()
        self._ids: set[str] = set()
        self._barren = 0

    def check(self, ids: Iterable[str], onward: Onward) -> None:
        """Note one page. Raises RetryLater where the same place comes again, or where page
        after page holds nothing new."""
        place = tuple(sorted(onward.items()))
        fresh = set(ids) - self._ids
        self._ids |= fresh
        self._barren = 0 if fresh else self._barren + 1
        if (place and place in self._places) or self._barren > _BARREN_PAGES:
            raise RetryLater(
                "Facebook's pages go round in a circle; what came before is stored.",
                subject=self._subject,
                after=timedelta(hours=1),
            )
        self._places.add(place)
