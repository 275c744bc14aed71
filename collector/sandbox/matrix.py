"""A stand-in for a Matrix homeserver on the loopback: one room and its timeline.

Shapes, error codes and the way a redaction looks as the specification and recorded answers have
them. Places in the timeline are "s" and a number.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from typing import Any
from urllib.parse import parse_qsl, unquote

from collector.sandbox.loopback import Call, Reply, as_json
from collector.sandbox.threads import Weather
from models.vocabulary import now


def refusal(status: int, code: str, **more: Any) -> Reply:
    """An error as a homeserver writes it."""
    return as_json({"errcode": code, "error": "No.", **more}, status)


STORMS: Mapping[str, Callable[[], Reply]] = {
    "limit": lambda: refusal(429, "M_LIMIT_EXCEEDED", retry_after_ms=45_000),
    "server_error": lambda: Reply(502, b"<html>Bad gateway</html>"),
    "expired": lambda: refusal(401, "M_UNKNOWN_TOKEN", soft_logout=False),
}
"""Weather by name. The limit asks for 45 seconds, in the older way."""

_ROOM = re.compile(r"/_matrix/client/v[13]/rooms/([^/]+)/(.+)")


@dataclass(slots=True)
class MatrixRoom:
    """One room. tokens: to the user they belong to. levels: users' power. limit: of an answer."""

    room_id: str
    tokens: dict[str, str]
    levels: dict[str, int] = field(default_factory=dict)
    joined: bool = True
    limit: int = 100
    events: list[dict[str, Any]] = field(default_factory=list)
    weather: Weather = field(default_factory=lambda: Weather(STORMS))
    _done: dict[str, str] = field(default_factory=dict)
    _lock: RLock = field(default_factory=RLock)

    def send(
        self,
        content: dict[str, Any],
        sender: str,
        kind: str = "m.room.message",
        at: datetime | None = None,
        **more: Any,
    ) -> str:
        """A new event; its id."""
        with self._lock:
            own = f"$event{len(self.events):06}"
            moment = int((at or now()).timestamp() * 1000)
            self.events.append(
                {
                    "type": kind,
                    "event_id": own,
                    "room_id": self.room_id,
                    "sender": sender,
                    "origin_server_ts": moment,
                    "content": content,
                    "unsigned": {"age": 5},
                    **more,
                }
            )
            return own

    def edit(self, event_id: str, text: str) -> str:
        """Its author writes it anew."""
        new = {"msgtype": "m.text", "body": text}
        relation = {"rel_type": "m.replace", "event_id": event_id}
        whole = {**new, "body": f"* {text}", "m.new_content": new, "m.relates_to": relation}
        return self.send(whole, self.find(event_id)["sender"])

    def redact(self, event_id: str, sender: str, reason: str = "") -> str:
        """Its words go; a redaction event comes."""
        with self._lock:
            event = self.find(event_id)
            said = {"redacts": event_id, **({"reason": reason} if reason else {})}
            own = self.send(said, sender, "m.room.redaction", redacts=event_id)
            event["content"] = {}
            event["unsigned"] = {"redacted_because": self.events[-1]}
            return own

    def find(self, event_id: str) -> dict[str, Any]:
        """The event of that id. Raises KeyError."""
        for event in self.events:
            if event["event_id"] == event_id:
                return event
        raise KeyError(event_id)

    def answer(self, call: Call) -> Reply:
        """What the homeserver says to a call."""
        with self._lock:
            weather = self.weather.over(call)
            if weather is not None:
                return weather
            user = self.tokens.get(call.headers.get("authorization", "").removeprefix("Bearer "))
            if user is None:
                return STORMS["expired"]()
            query = dict(parse_qsl(call.query))
            places = [query[name] for name in ("since", "from", "to") if name in query]
            if not all(re.fullmatch(r"s\d+", one) for one in places):
                return refusal(400, "M_INVALID_PARAM")
            if call.path.endswith("/joined_rooms"):
                return as_json({"joined_rooms": [self.room_id] if self.joined else []})
            if call.path.endswith("/sync"):
                return self._sync(query.get("since", ""))
            found = _ROOM.fullmatch(call.path)
            if found is None or unquote(found[1]) != self.room_id or not self.joined:
                return refusal(403, "M_FORBIDDEN")
            return self._in_room([unquote(one) for one in found[2].split("/")], query, call, user)

    def _in_room(self, path: list[str], query: Mapping[str, str], call: Call, user: str) -> Reply:
        if path[0] == "messages":
            return self._messages(query)
        if path[0] == "members":
            people = [one for one in self.events if one["type"] == "m.room.member"]
            newest = {one["state_key"]: one for one in people}
            return as_json({"chunk": list(newest.values())})
        if path[:2] == ["state", "m.room.member"]:
            stands = self._membership(path[2])
            return as_json({"membership": stands}) if stands else refusal(404, "M_NOT_FOUND")
        if path[0] in ("kick", "ban"):
            return self._put_out(path[0], json.loads(call.body), user)
        if path[0] == "state":
            return as_json({"users": self.levels, "users_default": 0, "redact": 50})
        try:
            event = self.find(path[1])
        except KeyError:
            return refusal(404, "M_NOT_FOUND")
        if path[0] == "redact":
            return self._take_away(event, path[2], json.loads(call.body), user)
        if path[0] == "relations":
            return as_json({"chunk": [self._shown(one) for one in self._edits(event)]})
        return as_json(self._shown(event))

    def join(self, user: str, name: str = "") -> None:
        """Somebody comes into the room."""
        content = {"membership": "join", "displayname": name or user}
        self.send(content, user, "m.room.member", state_key=user)

    def _membership(self, user: str) -> str:
        said = [
            str(one["content"].get("membership"))
            for one in self.events
            if one["type"] == "m.room.member" and one.get("state_key") == user
        ]
        return said[-1] if said else ""

    def _put_out(self, how: str, said: Mapping[str, str], user: str) -> Reply:
        whom = said["user_id"]
        gone = how == "kick" and self._membership(whom) not in ("join", "invite", "knock")
        mine = self.levels.get(user, 0)
        if mine < 50 or mine <= self.levels.get(whom, 0) or gone:
            return refusal(403, "M_FORBIDDEN")
        stands = {"membership": "ban" if how == "ban" else "leave", "reason": said.get("reason")}
        self.send(stands, user, "m.room.member", state_key=whom)
        return as_json({})

    def _take_away(
        self, event: dict[str, Any], key: str, said: Mapping[str, str], user: str
    ) -> Reply:
        if event["sender"] != user and self.levels.get(user, 0) < 50:
            return refusal(403, "M_FORBIDDEN")
        if key not in self._done:
            self._done[key] = self.redact(event["event_id"], user, said.get("reason", ""))
        return as_json({"event_id": self._done[key]})

    def _sync(self, since: str) -> Reply:
        end = len(self.events)
        start = int(since[1:]) if since else 0
        first = max(start, end - self.limit)
        if first == end:
            return as_json({"next_batch": f"s{end}", "rooms": {}})
        timeline = {
            "events": [self._shown(one) for one in self.events[first:end]],
            "limited": first > start,
            "prev_batch": f"s{first}",
        }
        rooms = {"join": {self.room_id: {"timeline": timeline, "state": {"events": []}}}}
        return as_json({"next_batch": f"s{end}", "rooms": rooms})

    def _messages(self, query: Mapping[str, str]) -> Reply:
        end = int(query["from"][1:])
        last = int(query["to"][1:]) if "to" in query else 0
        start = max(end - min(int(query["limit"]), self.limit), last)
        chunk = [self._shown(one) for one in reversed(self.events[start:end])]
        onward = {"end": f"s{start}"} if start > last else {}
        return as_json({"chunk": chunk, "start": query["from"], **onward})

    def _edits(self, event: Mapping[str, Any]) -> list[dict[str, Any]]:
        def edits(one: Mapping[str, Any]) -> bool:
            relation = one["content"].get("m.relates_to", {})
            return bool(
                relation.get("rel_type") == "m.replace"
                and relation["event_id"] == event["event_id"]
            )

        return [one for one in self.events if edits(one)]

    def _shown(self, event: dict[str, Any]) -> dict[str, Any]:
        edits = self._edits(event)
        if not edits or not event["content"]:
            return event
        bundled = {"m.relations": {"m.replace": edits[-1]}}
        return {**event, "unsigned": {**event["unsigned"], **bundled}}
