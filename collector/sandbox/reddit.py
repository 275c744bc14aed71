"""A stand-in that speaks Reddit's HTTP API on the loopback: tokens, listings, moderation.

    with RedditServer(site := RedditSite(board)) as server:
        ...        # oauth_url and reddit_url of the connector are both server.url

Shapes and error answers are those of the fact sheet and the recordings. `storm()` makes weather.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from collector.sandbox.loopback import Call, LoopbackServer, Reply, as_json
from collector.sandbox.reddit_board import Board, Entry, Message, Subreddit, shown
from collector.sandbox.reddit_people import BoardPeople

_CAP = 1000
"""Things that a listing goes back at most."""

_LIMITS = {"x_ratelimit_used": "3", "x_ratelimit_remaining": "597.0", "x_ratelimit_reset": "300"}

STORMS: Mapping[str, Callable[[], Reply]] = {
    "server_error": lambda: Reply(500, b"<html>all of our servers are busy</html>"),
    "unavailable": lambda: Reply(503),
    "too_many_html": lambda: Reply(429, b"<html>whoa there</html>", (("retry-after", "4"),)),
    "too_many_json": lambda: as_json(
        {"message": "Too Many Requests", "error": 429},
        429,
        x_ratelimit_used="600",
        x_ratelimit_remaining="0.0",
        x_ratelimit_reset="240",
    ),
    "used_up": lambda: as_json(
        {"kind": "Listing", "data": {"children": [], "after": None}},
        x_ratelimit_used="600",
        x_ratelimit_remaining="0.0",
        x_ratelimit_reset="240",
    ),
    "expired": lambda: as_json(
        {"message": "Unauthorized", "error": 401},
        401,
        www_authenticate='Bearer realm="reddit", error="invalid_token"',
    ),
    "scope": lambda: as_json(
        {"error": 403}, 403, www_authenticate='Bearer realm="reddit", error="insufficient_scope"'
    ),
    "forbidden": lambda: as_json({"message": "Forbidden", "error": 403}, 403),
    "null": lambda: as_json(None),
    "errors_in_200": lambda: as_json({"json": {"errors": [["USER_REQUIRED", "sign in", None]]}}),
    "break_in_200": lambda: as_json(
        {"json": {"errors": [["RATELIMIT", "Take a break for 5 minutes.", "ratelimit"]]}}
    ),
    "not_json": lambda: Reply(200, b"<html>hello</html>", (("Content-Type", "text/html"),)),
    "legal": lambda: Reply(451),
    "moved": lambda: Reply(302, headers=(("location", "/subreddits/search"),)),
    "bad_request": lambda: as_json(
        {"fields": ["title"], "explanation": "x", "message": "Bad Request", "reason": "TOO_LONG"},
        400,
    ),
}
"""Weather by name. Delays: 4 s, 240 s, 5 minutes."""


@dataclass(slots=True)
class _Storm:
    name: str
    left: int | None
    only: str


@dataclass(slots=True)
class RedditSite:
    """The API over one board. served: every call as "METHOD path", in order.

    passwords: username to password. apps: client id to secret. refresh: token to username.
    """

    board: Board
    apps: dict[str, str] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    refresh: dict[str, str] = field(default_factory=dict)
    served: list[str] = field(default_factory=list)
    _tokens: dict[str, str] = field(default_factory=dict)
    _storm: _Storm | None = None

    def storm(self, name: str, times: int | None = None, only: str = "") -> None:
        """Answer as STORMS[name] says, `times` times (None: until calm()), where the call's
        "METHOD path" holds `only`. Raises KeyError for a name that is no storm."""
        STORMS[name]
        self._storm = _Storm(name, times, only)

    def calm(self) -> None:
        """End the storm."""
        self._storm = None

    def withdraw_tokens(self) -> None:
        """Every access token given out so far is worth nothing from now on."""
        self._tokens.clear()

    def answer(self, call: Call) -> Reply:
        """The reply to one request."""
        with self.board.lock:
            path = call.path.rstrip("/")
            line = f"{call.method} {path}"
            self.served.append(line)
            weather = self._weather(line)
            if weather is not None:
                return weather
            form = dict(parse_qsl(call.body, keep_blank_values=True))
            if path == "/api/v1/access_token":
                return self._sign_in(call, form)
            token = call.headers.get("authorization", "").removeprefix("bearer ")
            who = self._tokens.get(token)
            if who is None:
                return STORMS["expired"]()
            query = dict(parse_qsl(call.query, keep_blank_values=True))
            return self._route(call.method, path.strip("/").split("/"), query, form, who)

    def _weather(self, line: str) -> Reply | None:
        storm = self._storm
        if storm is None or storm.only not in line or storm.left == 0:
            return None
        if storm.left is not None:
            storm.left -= 1
        return STORMS[storm.name]()

    def _sign_in(self, call: Call, form: Mapping[str, str]) -> Reply:
        basic = call.headers.get("authorization", "").removeprefix("Basic ")
        app, _, secret = base64.b64decode(basic.encode()).decode("utf-8", "replace").partition(":")
        if not app or self.apps.get(app) != secret:
            return as_json({"message": "Unauthorized", "error": 401}, 401)
        if form.get("grant_type") == "refresh_token":
            who = self.refresh.get(form.get("refresh_token", ""))
            if who is None:
                return as_json({"error": 400}, 400)
        else:
            who = form.get("username", "")
            if not who or self.passwords.get(who) != form.get("password"):
                return as_json({"error": "invalid_grant"})
        token = f"token-{len(self.served)}-{who}"
        self._tokens[token] = who
        given = {"access_token": token, "token_type": "bearer", "expires_in": 86400, "scope": "*"}
        return as_json(given)

    def _route(
        self,
        method: str,
        path: list[str],
        query: Mapping[str, str],
        form: Mapping[str, str],
        who: str,
    ) -> Reply:
        if method == "GET" and path[0] == "r" and len(path) >= 3:
            return self._subreddit(path[1], "/".join(path[2:]), query, who)
        if path == ["api", "mod", "conversations"] and method == "GET":
            return BoardPeople(self.board).conversations(query, who)
        if path == ["api", "mod", "notes"]:
            return BoardPeople(self.board).notes(method, {**query, **form}, who)
        if method == "POST" and path[0] == "r" and path[2:3] == ["api"] and len(path) == 4:
            place = self.board.subreddits.get(path[1].lower())
            if place is None or who not in place.moderators:
                return as_json({"message": "Forbidden", "error": 403}, 403)
            return BoardPeople(self.board).change(place, path[3], form)
        if method == "GET" and path == ["api", "info"]:
            return self._info(query, who)
        if method == "GET" and path[:2] == ["api", "v1"] and path[3:] == ["removal_reasons"]:
            return self._reasons(path[2])
        if method == "POST" and path in (["api", "remove"], ["api", "approve"]):
            return self._judge(path[1], form, who)
        if method == "POST" and path[:3] == ["api", "v1", "modactions"]:
            return self._explain(path[3], form, who)
        return as_json({"message": "Not Found", "error": 404}, 404)

    def _subreddit(self, name: str, what: str, query: Mapping[str, str], who: str) -> Reply:
        place = self.board.subreddits.get(name.lower())
        if place is None:
            return Reply(302, headers=(("location", f"/subreddits/search?q={name}"),))
        if place.closed:
            said = {"reason": "banned", "message": "Not Found", "error": 404}
            return as_json(said, 404)
        moderator = who in place.moderators
        if place.private and not moderator and who not in place.members:
            return as_json({"reason": "private", "message": "Forbidden", "error": 403}, 403)
        if what.startswith("about/") and not moderator and what != "about/moderators":
            return as_json({"message": "Forbidden", "error": 403}, 403)
        people = BoardPeople(self.board).listing(place, what, query)
        if people is not None:
            return people
        entries = self._listed(place, what, moderator)
        if entries is None:
            return as_json({"message": "Not Found", "error": 404}, 404)
        return _listing(entries, query, moderator)

    def _listed(self, place: Subreddit, what: str, moderator: bool) -> list[Entry] | None:
        posts = self.board.newest(place.name, "t3")
        comments = self.board.newest(place.name, "t1")
        both = sorted(posts + comments, key=lambda entry: entry.created, reverse=True)
        listed = {
            "new": [entry for entry in posts if moderator or not entry.state],
            "comments": [entry for entry in comments if moderator or not entry.state],
            "about/edited": [entry for entry in both if entry.edited and not entry.state],
            "about/modqueue": [
                entry
                for entry in both
                if entry.state == "held" or (entry.reports and not entry.state)
            ],
            "about/reports": [entry for entry in both if entry.reports and not entry.state],
        }
        found = listed.get(what)
        if found is None or what.startswith("about/"):
            return found
        return [entry for entry in found if entry.state not in {"deleted", "held"}]

    def _info(self, query: Mapping[str, str], who: str) -> Reply:
        asked = query.get("id", "").split(",")
        if len(asked) > 100:
            return Reply(414)
        found = [self.board.entries[name] for name in asked if name in self.board.entries]
        children = [_child(entry, self._moderates(entry, who)) for entry in found]
        return as_json(
            {"kind": "Listing", "data": {"children": children, "after": None}}, 200, **_LIMITS
        )

    def _reasons(self, name: str) -> Reply:
        place = self.board.subreddits.get(name.lower())
        reasons = place.reasons if place else {}
        data = {key: {"id": key, "title": value, "message": ""} for key, value in reasons.items()}
        return as_json({"data": data, "order": list(reasons)})

    def _moderates(self, entry: Entry, who: str) -> bool:
        return who in self.board.subreddits[entry.subreddit.lower()].moderators

    def _judge(self, verb: str, form: Mapping[str, str], who: str) -> Reply:
        entry = self.board.entries.get(form.get("id", ""))
        if entry is None:
            return as_json({"message": "Bad Request", "error": 400, "reason": "INVALID_ID"}, 400)
        if not self._moderates(entry, who):
            return as_json({"message": "Forbidden", "error": 403}, 403)
        act = self.board.remove if verb == "remove" else self.board.approve
        act(entry.name, who)
        return as_json({}, 200, **_LIMITS)

    def _explain(self, what: str, form: Mapping[str, str], who: str) -> Reply:
        said: dict[str, Any] = json.loads(form.get("json", "{}"))
        names = said.get("item_ids") or said.get("item_id") or [""]
        entry = self.board.entries.get(names[0])
        if entry is None or entry.state != "removed":
            return as_json({"json": {"errors": [["INVALID_ID", "that id is invalid", "id"]]}})
        if not self._moderates(entry, who):
            return as_json({"message": "Forbidden", "error": 403}, 403)
        if what == "removal_reasons":
            reasons = self.board.subreddits[entry.subreddit.lower()].reasons
            entry.mod_note = str(said.get("mod_note") or "") or None
            entry.reason_title = reasons.get(said.get("reason_id") or "", entry.reason_title)
            return Reply(200, b"null", (("Content-Type", "application/json"),))
        if len(str(said.get("title", ""))) > 50:
            return STORMS["bad_request"]()
        told = Message(entry.name, said["title"], said["message"], said["type"])
        self.board.messages.append(told)
        return as_json({})


class RedditServer(LoopbackServer):
    """A site on a port of the loopback."""

    def __init__(self, site: RedditSite, port: int = 0) -> None:
        super().__init__(site.answer, port)


def _child(entry: Entry, moderator: bool) -> dict[str, Any]:
    return {"kind": entry.name[:2], "data": shown(entry, moderator)}


def _listing(entries: list[Entry], query: Mapping[str, str], moderator: bool) -> Reply:
    """One page, with `after` as Reddit gives it. An unknown `after` or `before` gives nothing."""
    entries = entries[:_CAP]
    names = [entry.name for entry in entries]
    limit = min(int(query.get("limit", "25")), 100)
    if "after" in query:
        mark = query["after"]
        entries = entries[names.index(mark) + 1 :] if mark in names else []
    if "before" in query:
        mark = query["before"]
        entries = entries[: names.index(mark)] if mark in names else []
    page = entries[:limit]
    mark_after = page[-1].name if len(entries) > limit else None
    children = [_child(entry, moderator) for entry in page]
    data = {"children": children, "after": mark_after, "before": None, "dist": len(page)}
    return as_json({"kind": "Listing", "data": data}, 200, **_LIMITS)
