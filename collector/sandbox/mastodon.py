"""A stand-in for a Mastodon server on the loopback: one account, its posts and notifications.

Shapes, headers and errors as recorded from Mastodon 4.5: paging by the Link header alone, the
allowance's reset as a date, and errors whose words are in any language.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from collector.sandbox.loopback import Call, Reply, as_json
from collector.sandbox.threads import Entry, Threads, Weather, page_of

STORMS: Mapping[str, Callable[[], Reply]] = {
    "limit": lambda: as_json({"error": "Zu viele Anfragen"}, 429, Retry_After="80"),
    "server_error": lambda: Reply(503, b"<html>We're sorry</html>"),
    "expired": lambda: as_json({"error": "The access token was revoked"}, 401),
}
"""Weather by name. The limit asks for 80 seconds."""


def _number(number: int, _: str) -> str:
    return f"11702057{number}"


@dataclass(slots=True)
class MastodonSite:
    """One account's view of its server. handle: its own name. followers: handle to "follower"
    or "asks"."""

    token: str
    handle: str = "brackwater"
    url: str = ""
    followers: dict[str, str] = field(default_factory=dict)
    threads: Threads = field(default_factory=lambda: Threads(_number))
    weather: Weather = field(default_factory=lambda: Weather(STORMS))

    def answer(self, call: Call) -> Reply:
        """What the server says to a call."""
        given = self.weather.over(call)
        if given is not None:
            return given
        if call.headers.get("authorization") != f"Bearer {self.token}":
            return as_json({"error": "The access token is invalid"}, 401)
        path = call.path.removeprefix("/api/v1/")
        query = parse_qs(call.query)
        if path == "accounts/verify_credentials":
            return as_json({"id": "1", "username": self.handle, "acct": self.handle})
        if path == "accounts/1/statuses":
            own = [one for one in self._all() if one.author == self.handle and not one.parent]
            return self._page(path, own, query, self._status)
        if path == "notifications":
            others = [one for one in self._all() if one.author != self.handle]
            return self._page(path, others, query, self._notification)
        if path in ("accounts/1/followers", "follow_requests"):
            role = "asks" if path == "follow_requests" else "follower"
            people = [name for name, kind in self.followers.items() if kind == role]
            return as_json([_account(name) for name in people])
        found = re.fullmatch(r"statuses/(\d+)(/context)?", path)
        entry = self.threads.find(found[1]) if found else None
        if found is None or entry is None:
            return as_json({"error": "Record not found"}, 404)
        if found[2]:
            below = [self._status(one) for one in self._beneath(entry.id)]
            return as_json({"ancestors": [], "descendants": below})
        return as_json(self._status(entry))

    def _all(self) -> list[Entry]:
        found = [self.threads.find(one) for one in self.threads.entries]
        standing = [one for one in found if one is not None]
        return sorted(standing, key=lambda one: (one.created, one.id), reverse=True)

    def _beneath(self, entry_id: str) -> list[Entry]:
        found = []
        for one in self.threads.below(entry_id, newest_first=False):
            found += [one, *self._beneath(one.id)]
        return found

    def _page(
        self,
        path: str,
        entries: list[Entry],
        query: Mapping[str, list[str]],
        shown: Callable[[Entry], dict[str, Any]],
    ) -> Reply:
        asked, most = query.get("max_id", [""])[0], 80 if path == "notifications" else 40
        after = self.threads.entries.get(asked)
        limit = min(int(query.get("limit", ["20"])[0]), most)
        some, onward = page_of(entries, after, limit)
        rows = [shown(one) for one in some]
        if not onward:
            return as_json(rows)
        link = f'<{self.url}/api/v1/{path}?limit={limit}&max_id={onward}>; rel="next"'
        return as_json(rows, Link=f'{link}, <{self.url}/api/v1/{path}?min_id=9>; rel="prev"')

    def _notification(self, entry: Entry) -> dict[str, Any]:
        about = {"type": "mention", "created_at": _time(entry.created)}
        return {"id": entry.id, **about, "status": self._status(entry)}

    def _status(self, entry: Entry) -> dict[str, Any]:
        return {
            "id": entry.id,
            "created_at": _time(entry.created),
            "edited_at": _time(entry.edited) if entry.edited else None,
            "in_reply_to_id": entry.parent or None,
            "spoiler_text": "",
            "visibility": "public",
            "url": f"https://mastodon.example.org/@{entry.author}/{entry.id}",
            "replies_count": len(self.threads.below(entry.id)),
            "content": f"<p>{entry.text}</p>",
            "account": _account(entry.author),
            "media_attachments": [],
            "poll": None,
        }


def _account(handle: str) -> dict[str, Any]:
    name = handle.partition("@")[0]
    return {"id": f"9{len(handle)}", "username": name, "acct": handle, "display_name": name.title()}


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"
