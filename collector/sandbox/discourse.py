"""A stand-in for a Discourse forum's interface on the loopback.

    with LoopbackServer(site.answer) as server: ...     # forum_url of the connector: server.url

Paths, field names and error bodies are those of Discourse's own description of its interface.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from typing import Any
from urllib.parse import parse_qsl, unquote

from collector.sandbox.loopback import Call, Reply, as_json
from collector.sandbox.threads import Weather
from models.vocabulary import now

_PAGE = 50
_DENIED = "You are not permitted to view the requested resource."


def _error(status: int, kind: str, words: str) -> Reply:
    return as_json({"errors": [words], "error_type": kind}, status)


STORMS: Mapping[str, Callable[[], Reply]] = {
    "limit": lambda: as_json(
        {"errors": ["x"], "error_type": "rate_limit", "extras": {"wait_seconds": 37}}, 429
    ),
    "server_error": lambda: Reply(502, b"<html>bad gateway</html>"),
}
"""Weather by name. The limit asks for 37 seconds."""


@dataclass(slots=True)
class Written:
    """One post. number: its place in the topic; answers: the place it replies to, 0 for none."""

    id: int
    topic: int
    number: int
    answers: int
    text: str
    username: str
    at: str
    version: int = 1
    hidden: bool = False
    deleted_at: str | None = None
    user_deleted: bool = False


@dataclass(slots=True)
class DiscourseSite:
    """One forum. keys: api key to (its user, whether that is a moderator).

    members, requests: usernames of the group. owners: those of them who lead it. automatic:
    whether the forum itself fills the group. suspended: username to the reason.
    """

    keys: dict[str, tuple[str, bool]]
    posts: dict[int, Written] = field(default_factory=dict)
    members: list[str] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    suspended: dict[str, str] = field(default_factory=dict)
    pending: int = 0
    automatic: bool = False
    weather: Weather = field(default_factory=lambda: Weather(STORMS))
    _numbers: dict[str, int] = field(default_factory=dict)
    _lock: RLock = field(default_factory=RLock)

    def write(
        self, text: str, *, topic: int = 0, answers: int = 0, at: datetime | None = None
    ) -> Written:
        """A new post in a topic, or a new topic where `topic` is 0."""
        with self._lock:
            opened = topic or 1 + max((one.topic for one in self.posts.values()), default=0)
            number = 1 + sum(one.topic == opened for one in self.posts.values())
            stamp = (at or now()).strftime("%Y-%m-%dT%H:%M:%S.000Z")
            made = Written(len(self.posts) + 1, opened, number, answers, text, "jo", stamp)
            self.posts[made.id] = made
            return made

    def at(self, topic: int, number: int) -> Written | None:
        """The post at that place."""
        found = [one for one in self.posts.values() if (one.topic, one.number) == (topic, number)]
        return found[0] if found else None

    def answer(self, call: Call) -> Reply:
        """The reply to one request."""
        with self._lock:
            weather = self.weather.over(call)
            if weather is not None:
                return weather
            user, moderator = self.keys.get(call.headers.get("api-key", ""), ("", False))
            if not user or call.headers.get("api-username") != user:
                words = f"{_DENIED} The API username or key is invalid."
                return _error(403, "invalid_access", words)
            said = dict(parse_qsl(call.query or call.body, keep_blank_values=True))
            path = call.path.strip("/").removesuffix(".json").split("/")
            if call.method == "GET":
                return self._get(path, said, (user, moderator))
            if not moderator:
                return _error(403, "invalid_access", _DENIED)
            return self._change(call.method, path, said, call.body)

    def _get(self, path: list[str], said: Mapping[str, str], who: tuple[str, bool]) -> Reply:
        if path == ["session", "current"]:
            return as_json({"current_user": {"username": who[0], "moderator": who[1]}})
        if path == ["posts"]:
            before = int(said.get("before", "0")) or len(self.posts)
            rows = [one for one in reversed(self.posts.values()) if one.id <= before]
            shown = [_shown(one) for one in rows if one.deleted_at is None]
            return as_json({"latest_posts": shown[:_PAGE]})
        if path[:2] == ["posts", "by_number"] and len(path) == 4:
            found = self.at(int(path[2]), int(path[3]))
            if found is None or (found.deleted_at and not who[1]):
                return _error(404, "not_found", "The requested resource could not be found.")
            return as_json(_shown(found))
        if path == ["review"]:
            return as_json({"reviewables": [], "meta": {"total_rows_reviewables": self.pending}})
        if path[0] == "groups":
            return self._group(said)
        if path[0] == "u" and unquote(path[1]) in self._accounts():
            return as_json({"user": self._account(unquote(path[1]))})
        return _error(404, "not_found", "The requested resource could not be found.")

    def _accounts(self) -> list[str]:
        return [*self.members, *self.suspended, *self.requests, "moved-away"]

    def _account(self, name: str) -> dict[str, Any]:
        group = {"id": 41, "name": "dancers", "automatic": self.automatic}
        until = {"suspended_till": "2126-01-02T03:04:05.000Z"} if name in self.suspended else {}
        number = self._numbers.setdefault(name, 100 + len(self._numbers))
        groups = [group] if name in self.members else []
        return {"id": number, "username": name, "groups": groups, **until}

    def _group(self, said: Mapping[str, str]) -> Reply:
        asking = said.get("requesters") == "true"
        names = self.requests if asking else self.members
        start, limit = int(said["offset"]), int(said["limit"])
        at = "requested_at" if asking else "added_at"
        rows = [{"username": one, "name": one.title(), at: "2026-01-02T03:04:05Z"} for one in names]
        owners = [{"username": one} for one in self.owners]
        return as_json({"members": rows[start : start + limit], "owners": owners})

    def _change(self, method: str, path: list[str], said: Mapping[str, str], body: str) -> Reply:
        if path[0] == "groups":
            gone = json.loads(body)["usernames"]
            kept = [one for one in self.members if one != gone]
            skipped = [gone] if kept == self.members else []
            self.members = kept
            return as_json({"success": "OK", "usernames": [gone], "skipped_usernames": skipped})
        if path[:2] == ["admin", "users"]:
            names = {number: one for one, number in self._numbers.items()}
            self.suspended[names[int(path[2])]] = json.loads(body)["reason"]
            return as_json({"suspension": {}})
        if path == ["post_actions"]:
            self.posts[int(said["id"])].hidden = said.get("take_action") == "true"
            return as_json({"id": int(said["id"])})
        topic = path[0] == "t"
        one = self.at(int(path[1]), 1) if topic else self.posts.get(int(path[1]))
        if one is None:
            return _error(404, "not_found", "The requested resource could not be found.")
        if method == "DELETE":
            if one.deleted_at or (one.number == 1 and not topic):
                return _error(403, "invalid_access", _DENIED)
            one.deleted_at = "2026-01-02T03:04:05.000Z"
        elif path[2:] == ["recover"]:
            one.deleted_at = None
        elif path[2:] == ["unhide"]:
            one.hidden = False
        return as_json(None)


def _shown(one: Written) -> dict[str, Any]:
    return {
        "id": one.id,
        "topic_id": one.topic,
        "post_number": one.number,
        "reply_to_post_number": one.answers or None,
        "raw": "(post deleted by author)" if one.user_deleted else one.text,
        "cooked": f"<p>{one.text}</p>",
        "username": one.username,
        "name": one.username.title(),
        "created_at": one.at,
        "updated_at": one.at,
        "post_type": 1,
        "version": one.version,
        "hidden": one.hidden,
        "deleted_at": one.deleted_at,
        "user_deleted": one.user_deleted,
    }
