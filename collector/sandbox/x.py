"""A stand-in for the X API v2: one account, its posts, replies and mentions.

Shapes and error bodies as the fact sheet has them: an edit makes a new id, no `data` where
nothing is found, what is gone stands in `errors` of an answer that is good, hiding twice is fine.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from collector.sandbox.loopback import Call, Reply, as_json
from collector.sandbox.threads import Entry, Threads, Weather, page_of
from models.vocabulary import now


def problem(status: int, title: str, **more: str) -> Reply:
    """The one shape that errors of the platform have."""
    return as_json({"title": title, "detail": title, "type": "about:blank", **more}, status)


def _too_many(seconds: int = 600) -> Reply:
    body = {"title": "Too Many Requests", "detail": "Too Many Requests", "status": 429}
    return as_json(body, 429, x_rate_limit_reset=str(int(time.time()) + seconds))


STORMS: Mapping[str, Callable[[], Reply]] = {
    "too_many": _too_many,
    "retry_after": lambda: as_json({"title": "Too Many Requests"}, 429, Retry_After="240"),
    "cap": lambda: problem(
        429, "UsageCapExceeded", type="https://api.twitter.com/2/problems/usage-capped"
    ),
    "no_credit": lambda: problem(402, "CreditsDepleted"),
    "unauthorized": lambda: problem(401, "Unauthorized"),
    "not_enrolled": lambda: problem(403, "Client Forbidden", reason="client-not-enrolled"),
    "server_error": lambda: Reply(503, b"<html>Something went wrong</html>"),
}


class XSite:
    """The API as one account sees it. may_hide: whether its keys may moderate.

    The author "own" is the account. Whoever else writes mentions it, unless in `silent`.
    """

    def __init__(self, user_id: str, access_token: str) -> None:
        self.user_id, self._token = user_id, access_token
        self.threads = Threads(lambda number, _: str(10**18 + number))
        self.weather = Weather(STORMS)
        self.may_hide = True
        self.silent: set[str] = set()
        self.history: dict[str, list[str]] = {}
        """First id to all its ids, of edited posts."""
        self._edits = 0

    def edit(self, entry_id: str, text: str) -> None:
        """Reword a post: it gets a new id."""
        self._edits += 1
        entry = self.threads.entries[entry_id]
        entry.text, entry.edited = text, now()
        self.history.setdefault(entry_id, [entry_id]).append(str(2 * 10**18 + self._edits))

    def answer(self, call: Call) -> Reply:
        """What the platform says to a call."""
        given = self.weather.over(call)
        if given is not None:
            return given
        said = call.headers.get("authorization", "")
        if f'oauth_token="{self._token}"' not in said or "oauth_signature=" not in said:
            return STORMS["unauthorized"]()
        query = dict(parse_qsl(call.query, keep_blank_values=True))
        if query.get("pagination_token", "") not in {"", *self.threads.entries}:
            return problem(400, "Invalid Request")
        hiding = re.fullmatch(r"/2/tweets/(\d+)/hidden", call.path)
        if hiding is not None and call.method == "PUT":
            return self._hide(hiding[1], json.loads(call.body)["hidden"])
        if call.path == "/2/tweets":
            return self._several(query.get("ids", "").split(","))
        return self._listed(call.path, query)

    def _listed(self, path: str, query: Mapping[str, str]) -> Reply:
        whole = [one for one in self.threads.entries.values() if self.threads.find(one.id)]
        if path == f"/2/users/{self.user_id}/tweets":
            found = [one for one in whole if one.author == "own"]
        elif path == f"/2/users/{self.user_id}/mentions":
            others = [one for one in whole if one.author != "own" and one.id not in self.silent]
            found = others[-800:]
        elif path == "/2/tweets/search/recent":
            tops = set(re.findall(r"conversation_id:(\d+)", query.get("query", "")))
            week = now() - timedelta(days=7)
            found = [one for one in whole if one.top in tops and _newest(one) >= week]
        else:
            return problem(404, "Not Found Error")
        return self._page(found, query)

    def _page(self, found: list[Entry], query: Mapping[str, str]) -> Reply:
        since = int(query.get("since_id", "0"))
        start = query.get("start_time", "1970-01-01T00:00:00Z")
        found = [one for one in found if int(self._ids(one)[-1]) > since]
        found = [one for one in found if _newest(one) >= datetime.fromisoformat(start)]
        found.sort(key=lambda one: (one.created, one.id), reverse=True)
        after = self.threads.entries.get(query.get("pagination_token", ""))
        some, onward = page_of(found, after, min(int(query.get("max_results", "10")), 100))
        meta = {"result_count": len(some), **({"next_token": onward} if onward else {})}
        data = {"data": [self._shown(one) for one in some]} if some else {}
        return as_json({**data, **self._users(some), "meta": meta})

    def _several(self, ids: list[str]) -> Reply:
        first = {one: key for key, several in self.history.items() for one in several}
        found, errors = [], []
        for asked in ids:
            entry = self.threads.find(first.get(asked, asked))
            if entry is None:
                error = {"resource_id": asked, "value": asked, "title": "Not Found Error"}
                errors.append({**error, "resource_type": "tweet", "parameter": "ids"})
            else:
                found.append((entry, asked))
        data = {"data": [self._shown(entry, asked) for entry, asked in found]} if found else {}
        body = {**data, **self._users([entry for entry, _ in found])}
        return as_json({**body, "errors": errors} if errors else body)

    def _hide(self, asked: str, wish: bool) -> Reply:
        first = {one: key for key, several in self.history.items() for one in several}
        entry = self.threads.find(first.get(asked, asked))
        if entry is None:
            return problem(404, "Not Found Error")
        if not self.may_hide or self.threads.entries[entry.top].author != "own":
            return problem(403, "Forbidden", detail="You are not allowed to hide this reply")
        entry.hidden = wish
        return as_json({"data": {"hidden": wish}})

    def _ids(self, entry: Entry) -> list[str]:
        return self.history.get(entry.id, [entry.id])

    def _users(self, some: list[Entry]) -> dict[str, object]:
        names = sorted({one.author for one in some})
        users = [{"id": self._author(name), "username": name, "name": name} for name in names]
        return {"includes": {"users": users}} if users else {}

    def _author(self, name: str) -> str:
        return self.user_id if name == "own" else str(7 * 10**6 + sum(name.encode()))

    def _shown(self, entry: Entry, asked: str = "") -> dict[str, object]:
        ids = self._ids(entry)
        old = asked == ids[0] and len(ids) > 1
        shown: dict[str, object] = {
            "id": asked or ids[-1],
            "edit_history_tweet_ids": ids,
            "text": "as it was before" if old else entry.text,
            "author_id": self._author(entry.author),
            "conversation_id": entry.top,
            "created_at": _newest(entry).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "public_metrics": {"reply_count": self.threads.count(entry.id)},
        }
        if entry.parent:
            shown["referenced_tweets"] = [{"type": "replied_to", "id": entry.parent}]
        return shown


def _newest(entry: Entry) -> datetime:
    return entry.edited or entry.created
