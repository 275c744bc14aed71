"""A stand-in for Discord's REST interface on the loopback: one server, a channel, its threads.

Codes and statuses as Discord documents them. With `after` the hundred next to it come, newest
first; without the right to read words they come empty.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, unquote

from collector.sandbox.loopback import Call, Reply, as_json
from collector.sandbox.threads import Weather
from models.vocabulary import now


def refusal(status: int, code: int, **more: Any) -> Reply:
    """An error as Discord writes it."""
    return as_json({"message": "No.", "code": code, **more}, status)


STORMS: Mapping[str, Callable[[], Reply]] = {
    "limit": lambda: refusal(429, 0, retry_after=64.5, **{"global": False}),
    "server_error": lambda: Reply(502, b"<html>Bad gateway</html>"),
    "expired": lambda: refusal(401, 0),
}
"""Weather by name. The limit asks for 64.5 seconds."""

GENERAL = "500"


@dataclass(slots=True)
class DiscordServer:
    """One server. messages: by channel and id. threads: open ones, by id. may: whether the bot
    may delete. reads: whether it is shown words. reasons: what the audit log says."""

    token: str
    server_id: str = "400"
    may: bool = True
    reads: bool = True
    messages: dict[str, dict[str, dict[str, Any]]] = field(default_factory=lambda: {GENERAL: {}})
    threads: dict[str, dict[str, Any]] = field(default_factory=dict)
    members: list[dict[str, Any]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    banned: set[str] = field(default_factory=set)
    weather: Weather = field(default_factory=lambda: Weather(STORMS))
    _number: int = 10_000

    def write(
        self, text: str, channel: str = GENERAL, answers: str = "", at: datetime | None = None
    ) -> str:
        """A new message; its id."""
        self._number += 1
        own = str(self._number)
        reference = {"message_reference": {"message_id": answers}} if answers else {}
        self.messages[channel][own] = {
            "id": own,
            "type": 19 if answers else 0,
            "channel_id": channel,
            "content": text,
            "timestamp": (at or now()).isoformat(),
            "edited_timestamp": None,
            "embeds": [],
            "attachments": [],
            "author": {"id": "7", "username": "perry"},
            **reference,
        }
        return own

    def open_thread(self, message: str) -> str:
        """The thread that hangs from a message of the channel; its id is the message's."""
        if message not in self.threads:
            about = {"id": message, "type": 11, "parent_id": GENERAL, "last_message_id": None}
            self.threads[message] = about
            self.messages[message] = {}
        return message

    def answer(self, call: Call) -> Reply:
        """What Discord says to a call."""
        given = self.weather.over(call)
        if given is not None:
            return given
        if call.headers.get("authorization") != f"Bot {self.token}":
            return refusal(401, 0)
        query = parse_qs(call.query)
        found = re.fullmatch(r"/(guilds|channels)/(\d+)/([a-z/]+?)(?:/(\d+))?", call.path)
        if found is None:
            return refusal(404, 0)
        if found[1] == "guilds" and found[4]:
            return self._person(call, found[3], found[4])
        if found[1] == "guilds":
            return self._server(found[3], query)
        if found[2] not in self.messages:
            return refusal(404, 10003)
        if found[3] == "threads/archived/public":
            return as_json({"threads": [], "has_more": False})
        messages = self.messages[found[2]]
        if found[4] is None:
            return self._page(messages, query)
        if found[4] not in messages:
            return refusal(404, 10008)
        if call.method == "DELETE":
            if not self.may:
                return refusal(403, 50013)
            self.reasons.append(unquote(call.headers.get("x-audit-log-reason", "")))
            del messages[found[4]]
            return Reply(204)
        return as_json(self._shown(messages[found[4]]))

    def join(self, number: str, name: str) -> None:
        """Somebody comes onto the server."""
        self.members.append({"user": {"id": number, "username": name}, "roles": []})

    def _person(self, call: Call, what: str, number: str) -> Reply:
        """One member, or one ban: to look at, to end, to set."""
        there = any(one["user"]["id"] == number for one in self.members)
        if call.method == "GET" and what == "bans":
            return as_json({}) if number in self.banned else refusal(404, 10026)
        if call.method == "GET":
            return as_json({"user": {"id": number}}) if there else refusal(404, 10007)
        if not self.may:
            return refusal(403, 50013)
        if call.method == "DELETE" and not there:
            return refusal(404, 10007)
        self.reasons.append(unquote(call.headers.get("x-audit-log-reason", "")))
        self.members = [one for one in self.members if one["user"]["id"] != number]
        if call.method == "PUT":
            self.banned.add(number)
        return Reply(204)

    def _server(self, what: str, query: Mapping[str, list[str]]) -> Reply:
        if what == "channels":
            return as_json([{"id": GENERAL, "type": 0}, {"id": "501", "type": 4}])
        if what == "threads/active":
            return as_json({"threads": list(self.threads.values()), "members": []})
        if what == "roles":
            return as_json([{"id": "31", "name": "Coach"}])
        after = int(query["after"][0])
        found = [one for one in self.members if int(one["user"]["id"]) > after]
        return as_json(found[: int(query.get("limit", ["1"])[0])])

    def _page(
        self, messages: Mapping[str, dict[str, Any]], query: Mapping[str, list[str]]
    ) -> Reply:
        limit = min(int(query.get("limit", ["50"])[0]), 100)
        ids = list(messages)  # in the order in which they were written
        if "after" in query:
            start = bisect_right(ids, int(query["after"][0]), key=int)
            ids = ids[start : start + limit]
        rows = [self._shown(messages[one]) for one in reversed(ids[-limit:])]
        return as_json(rows, X_RateLimit_Remaining="4", X_RateLimit_Reset_After="0.5")

    def _shown(self, message: dict[str, Any]) -> dict[str, Any]:
        return message if self.reads else {**message, "content": ""}
