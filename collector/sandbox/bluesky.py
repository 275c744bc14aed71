"""A stand-in for Bluesky's XRPC on the loopback: one account, its posts, threads and records.

Error names and statuses as the fact sheet has them: an ended session is HTTP 400, and the
allowance's reset is in seconds since 1970.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from collector.sandbox.loopback import Call, Reply, as_json
from collector.sandbox.threads import Entry, Threads, Weather, page_of


def refusal(name: str, status: int = 400) -> Reply:
    """An error as Bluesky writes it."""
    return as_json({"error": name, "message": "No."}, status)


STORMS: Mapping[str, Callable[[], Reply]] = {
    "limit": lambda: as_json({"error": "RateLimitExceeded"}, 429, Retry_After="110"),
    "server_error": lambda: Reply(502, b"<html>Bad gateway</html>"),
    "expired": lambda: refusal("AuthenticationRequired", 401),
}
"""Weather by name. The limit asks for 110 seconds."""

DID = "did:plc:brackwater"


def did(author: str) -> str:
    """An author's lasting id."""
    return f"did:plc:{author.partition('.')[0]}"


@dataclass(slots=True)
class BlueskySite:
    """One account. records: what it keeps, by collection and key, with a version. sessions:
    how many tokens were given out; only the newest is good."""

    password: str
    handle: str = "brackwater.example.org"
    followers: list[str] = field(default_factory=list)
    records: dict[tuple[str, str], tuple[dict[str, Any], int]] = field(default_factory=dict)
    weather: Weather = field(default_factory=lambda: Weather(STORMS))
    sessions: int = 0
    refused_swaps: int = 0
    threads: Threads = field(default_factory=lambda: Threads(lambda number, _: f"3k{number}"))

    def answer(self, call: Call) -> Reply:
        """What the server says to a call."""
        given = self.weather.over(call)
        if given is not None:
            return given
        name, token = call.path.removeprefix("/xrpc/"), call.headers.get("authorization", "")
        if name == "com.atproto.server.createSession":
            said = json.loads(call.body)
            good = said == {"identifier": self.handle, "password": self.password}
            return self._session() if good else refusal("AuthenticationRequired", 401)
        if name == "com.atproto.server.refreshSession":
            good = token == f"Bearer refresh-{self.sessions}"
            return self._session() if good else refusal("ExpiredToken")
        if token != f"Bearer access-{self.sessions}":
            return refusal("ExpiredToken")
        return self._asked(name, parse_qs(call.query), call.body)

    def _session(self) -> Reply:
        self.sessions += 1
        tokens = {"accessJwt": f"access-{self.sessions}", "refreshJwt": f"refresh-{self.sessions}"}
        return as_json({"did": DID, "handle": self.handle, **tokens})

    def _asked(self, name: str, query: Mapping[str, list[str]], body: str) -> Reply:
        short = name.rpartition(".")[2]
        if short == "getAuthorFeed":
            own = [one for one in self._all() if one.author == self.handle]
            return self._page("feed", own, query, lambda one: {"post": self._view(one)})
        if short == "listNotifications":
            others = [one for one in self._all() if one.author != self.handle]
            return self._page("notifications", others, query, self._view)
        if short == "getPosts":
            found = [self.find(uri) for uri in query["uris"]]
            return as_json({"posts": [self._view(one) for one in found if one is not None]})
        if short == "getPostThread":
            top = self.find(query["uri"][0])
            return refusal("NotFound") if top is None else self._thread(top)
        if short == "getFollowers":
            people = [{"did": did(one), "handle": one} for one in self.followers]
            return as_json({"followers": people})
        if short == "getRecord":
            return self._record(query["collection"][0], query["rkey"][0])
        if short == "putRecord":
            return self._put(json.loads(body))
        return refusal("MethodNotImplemented", 501)

    def uri(self, entry: Entry) -> str:
        """Its address."""
        return f"at://{self._did(entry.author)}/app.bsky.feed.post/{entry.id}"

    def find(self, uri: str) -> Entry | None:
        """What stands at an address. Answers to what is gone stand on Bluesky."""
        entry = self.threads.entries.get(uri.rpartition("/")[2])
        return entry if entry is not None and not entry.deleted else None

    def _did(self, author: str) -> str:
        return DID if author == self.handle else did(author)

    def _all(self) -> list[Entry]:
        standing = [one for one in self.threads.entries.values() if not one.deleted]
        return sorted(standing, key=lambda one: (one.created, one.id), reverse=True)

    def _page(
        self,
        name: str,
        entries: list[Entry],
        query: Mapping[str, list[str]],
        shown: Callable[[Entry], dict[str, Any]],
    ) -> Reply:
        after = self.threads.entries.get(query.get("cursor", [""])[0])
        some, onward = page_of(entries, after, min(int(query["limit"][0]), 100))
        more = {"cursor": onward} if onward else {}
        return as_json({name: [shown(one) for one in some], **more})

    def _thread(self, top: Entry) -> Reply:
        gate = self.records.get(("app.bsky.feed.threadgate", top.id))
        more = {"threadgate": {"record": gate[0]}} if gate else {}
        return as_json({"thread": self._node(top), **more})

    def _node(self, entry: Entry) -> dict[str, Any]:
        below = self.threads.below(entry.id, newest_first=False)
        node = {"post": self._view(entry), "replies": [self._node(one) for one in below]}
        return {"$type": "app.bsky.feed.defs#threadViewPost", **node}

    def _view(self, entry: Entry) -> dict[str, Any]:
        record: dict[str, Any] = {
            "$type": "app.bsky.feed.post",
            "text": entry.text,
            "createdAt": _time(entry.created),
        }
        if entry.parent:
            entries = self.threads.entries
            above = {"root": entries[entry.top], "parent": entries[entry.parent]}
            record["reply"] = {name: {"uri": self.uri(one)} for name, one in above.items()}
        return {
            "uri": self.uri(entry),
            "cid": f"bafy{sum(entry.text.encode())}",
            "author": {"did": self._did(entry.author), "handle": entry.author},
            "record": record,
            "replyCount": len(self.threads.below(entry.id)),
            "indexedAt": _time(entry.created),
        }

    def _record(self, collection: str, key: str) -> Reply:
        found = self.records.get((collection, key))
        if found is None:
            return refusal("RecordNotFound")
        return as_json({"value": found[0], "cid": f"v{found[1]}"})

    def _put(self, said: Mapping[str, Any]) -> Reply:
        key = (str(said["collection"]), str(said["rkey"]))
        value, version = self.records.get(key, ({}, 0))
        stands = f"v{version}" if value else None
        if self.refused_swaps or said.get("swapRecord") != stands:
            self.refused_swaps = max(self.refused_swaps - 1, 0)
            return refusal("InvalidSwap")
        self.records[key] = (dict(said["record"]), version + 1)
        return as_json({"uri": "at://x", "cid": f"v{version + 1}"})


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"
