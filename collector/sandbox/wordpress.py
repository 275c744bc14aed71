"""A stand-in for WordPress's REST interface on the loopback: comments, articles, users.

    with LoopbackServer(site.answer) as server: ...      # site_url of the connector: server.url

Statuses, codes and headers are those of WordPress 6.1, as a real one answered them.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from collector.sandbox.loopback import Call, Reply, as_json
from collector.sandbox.threads import Weather
from models.vocabulary import now

_LONDON = ZoneInfo("Europe/London")
_FORMAT = "%Y-%m-%dT%H:%M:%S"
_TIMES = {"after": "date", "modified_after": "modified"}


def refusal(status: int, code: str) -> Reply:
    """An error as WordPress writes it."""
    said = {"code": code, "message": "Sorry, you are not allowed.", "data": {"status": status}}
    return as_json(said, status)


STORMS: Mapping[str, Callable[[], Reply]] = {
    "limit": lambda: Reply(429, b"<html>slow down</html>", (("Retry-After", "75"),)),
    "server_error": lambda: Reply(500, b"<html>There has been a critical error</html>"),
    "expired": lambda: refusal(401, "incorrect_password"),
}
"""Weather by name. The limit asks for 75 seconds."""


@dataclass(slots=True)
class Written:
    """A comment or an article. Times are on the site's own clock, London."""

    id: int
    text: str
    author: str
    date: str
    date_gmt: str
    modified: str
    status: str
    post: int = 0
    parent: int = 0
    before: str = ""
    ip: str = "203.0.113.9"


@dataclass(slots=True)
class WordPressSite:
    """One site. accounts: login to (application password, role "editor" or "subscriber")."""

    accounts: dict[str, tuple[str, str]]
    comments: dict[int, Written] = field(default_factory=dict)
    articles: dict[int, Written] = field(default_factory=dict)
    weather: Weather = field(default_factory=lambda: Weather(STORMS))
    keeps_trash: bool = True
    url: str = ""
    _lock: RLock = field(default_factory=RLock)

    def write(
        self, text: str, *, post: int = 0, parent: int = 0, at: datetime | None = None
    ) -> int:
        """A new comment under an article, or a new article where `post` is 0. Returns its id."""
        with self._lock:
            table = self.comments if post else self.articles
            number, moment = len(table) + 1, at or now()
            local = moment.astimezone(_LONDON).strftime(_FORMAT)
            status = "approved" if post else "publish"
            table[number] = Written(
                number, text, "Jo", local, moment.strftime(_FORMAT), local, status, post, parent
            )
            return number

    def answer(self, call: Call) -> Reply:
        """The reply to one request."""
        with self._lock:
            weather = self.weather.over(call)
            if weather is not None:
                return weather
            query = dict(parse_qsl(call.query, keep_blank_values=True))
            role = self._role(call)
            if role == "":
                return refusal(401, "rest_not_logged_in")
            route = query.get("rest_route", "").removeprefix("/wp/v2/").split("/")
            if route[0] == "users":
                return self._users(route, role)
            tables = {"comments": self.comments, "posts": self.articles}
            if route[0] not in tables:
                return refusal(404, "rest_no_route")
            if role != "editor":
                return refusal(403, "rest_forbidden_context")
            table = tables[route[0]]
            if len(route) == 1:
                return self._listing(table, query)
            return self._one(table, route[1], call)

    def _role(self, call: Call) -> str:
        basic = call.headers.get("authorization", "").removeprefix("Basic ")
        name, _, password = base64.b64decode(basic.encode()).decode("utf-8").partition(":")
        good, role = self.accounts.get(name, ("", ""))
        return role if good and password == good else ""

    def _users(self, route: list[str], role: str) -> Reply:
        if route[1:] == ["me"]:
            powers = {"read": True, "moderate_comments": role == "editor"}
            powers = {name: True for name, given in powers.items() if given}
            return as_json({"id": 2, "name": "safeguarding", "capabilities": powers})
        if role != "administrator":
            return refusal(403, "rest_forbidden_context")
        rows = [
            {
                "id": number,
                "name": name,
                "roles": [kind],
                "registered_date": "2026-01-02T03:04:05+00:00",
            }
            for number, (name, (_, kind)) in enumerate(self.accounts.items(), 1)
        ]
        return as_json(rows, X_WP_Total=str(len(rows)), X_WP_TotalPages="1")

    def _listing(self, table: dict[int, Written], query: Mapping[str, str]) -> Reply:
        rows = [row for row in table.values() if _asked_for(row, query)]
        for name, attribute in _TIMES.items():
            if name in query:
                rows = [row for row in rows if getattr(row, attribute) > query[name]]
        by = query.get("orderby", "date")
        rows.sort(key=lambda row: (getattr(row, by), row.id), reverse=query.get("order") != "asc")
        size, page = int(query.get("per_page", "10")), int(query.get("page", "1"))
        if size > 100:
            return refusal(400, "rest_invalid_param")
        pages = -(-len(rows) // size)
        some = rows[(page - 1) * size : page * size]
        found = [self._shown(row) for row in some]
        return as_json(found, X_WP_Total=str(len(rows)), X_WP_TotalPages=str(pages))

    def _one(self, table: dict[int, Written], number: str, call: Call) -> Reply:
        row = table.get(int(number))
        if row is None:
            kind = "comment" if table is self.comments else "post"
            return refusal(404, f"rest_{kind}_invalid_id")
        if call.method == "DELETE":
            if not self.keeps_trash:
                return refusal(501, "rest_trash_not_supported")
            if row.status == "trash":
                return refusal(410, "rest_already_trashed")
            row.before, row.status = row.status, "trash"
        elif call.method == "POST":
            said = json.loads(call.body)
            row.status = _status(row, str(said["status"]))
            row.ip = str(said.get("author_ip", "127.0.0.1"))
        return as_json(self._shown(row))

    def _shown(self, row: Written) -> dict[str, Any]:
        content = {"raw": row.text, "rendered": f"<p>{row.text}</p>\n"}
        shown: dict[str, Any] = {
            "id": row.id,
            "date": row.date,
            "date_gmt": row.date_gmt,
            "status": row.status,
            "content": content,
        }
        if row.post:
            link = f"{self.url}/?p={row.post}#comment-{row.id}"
            address = f"{row.author.lower()}@example.org"
            comment = {"post": row.post, "parent": row.parent, "author": 0, "link": link}
            by = {"author_name": row.author, "author_email": address, "author_ip": row.ip}
            return {**shown, **comment, **by, "type": "comment"}
        title = {"raw": "", "rendered": ""}
        article = {"modified": row.modified, "title": title, "author": 1, "type": "post"}
        return {**shown, **article, "link": f"{self.url}/?p={row.id}"}


def _asked_for(row: Written, query: Mapping[str, str]) -> bool:
    if "include" in query and str(row.id) not in query["include"].split(","):
        return False
    asked = set(query.get("status", "approved").split(","))
    if "any" in asked:  # of articles, `any` leaves the trash out
        return bool(row.post) or row.status != "trash" or "trash" in asked
    return row.status in asked


def _status(row: Written, asked: str) -> str:
    if asked in {"untrash", "unspam"}:
        lies_there = row.status == asked.removeprefix("un")
        return row.before if lies_there else "hold"  # WordPress demotes without a word
    row.before = row.status
    return {"approve": "approved"}.get(asked, asked)
