"""Talking to a Matrix homeserver (client-server API v3), and its complaints by their remedy.

Only `errcode` is repeated, never the server's own message: it can hold ids and words.
"""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import quote

from collector.connectors.web import Answer, Bearer, Node, WebClient, asked_delay
from models.errors import ChaperoneError, NeedsOperator, Refused

V3 = "_matrix/client/v3"
_V1 = "_matrix/client/v1"
_SHORT_DELAY = timedelta(minutes=2)
_LONGEST_DELAY = timedelta(days=1)
_RENEW = (
    "Make a new access token as docs/connectors/matrix.md says, put it where the settings say "
    "the token is, and wait for the next try."
)


class Missing(Refused):
    """The server has no such event, or does not show it to this account."""


class NotAllowed(NeedsOperator):
    """The account is known, and may not do that."""


class MatrixClient:
    """One account's access to one room. Raises RetryLater, NeedsOperator or Refused."""

    def __init__(self, base_url: str, token: str, room_id: str, subject: str) -> None:
        """base_url: the homeserver's address, ending in a slash."""
        self._subject, self._room_id = subject, room_id
        self._room = f"{V3}/rooms/{quote(room_id, safe='')}"
        self._web = WebClient("Matrix", subject, base_url, self._check, Bearer(token))

    def make_sure_joined(self) -> None:
        """Raises NeedsOperator where the account is not in the room: it would look empty."""
        joined = self._web.object("GET", f"{V3}/joined_rooms").get("joined_rooms")
        if not isinstance(joined, list):
            raise self._web.unreadable("no list of rooms")
        if self._room_id not in joined:
            raise NeedsOperator(
                "The account is not in this room.",
                subject=self._subject,
                cure="Invite it, accept the invitation with it, and check room_id.",
            )

    def sync(self, since: str) -> tuple[Node, str]:
        """(the room's timeline: {} where nothing happened, where to go on)."""
        nothing: dict[str, list[str]] = {"types": []}
        room = {
            "rooms": [self._room_id],
            "timeline": {"limit": 100},
            "state": nothing,
            "ephemeral": nothing,
            "account_data": nothing,
        }
        asked = {
            "filter": json.dumps({"room": room, "presence": nothing, "account_data": nothing}),
            "set_presence": "offline",
            "timeout": "0",
            **({"since": since} if since else {}),
        }
        answer = self._web.object("GET", f"{V3}/sync", params=asked)
        onward = answer.get("next_batch")
        if not isinstance(onward, str) or not onward:
            raise self._web.unreadable("no next_batch")
        timeline: object = answer
        for name in ("rooms", "join", self._room_id, "timeline"):
            timeline = timeline.get(name, {}) if isinstance(timeline, dict) else None
        if not isinstance(timeline, dict):
            raise self._web.unreadable("no timeline")
        return timeline, onward

    def before(self, token: str, until: str) -> tuple[list[object], str]:
        """(events before a place, newest first; what to ask on with: "" at the end)."""
        asked = {"dir": "b", "from": token, "limit": "100", **({"to": until} if until else {})}
        answer = self._web.object("GET", f"{self._room}/messages", params=asked)
        events, onward = self.events(answer.get("chunk")), answer.get("end")
        if onward is not None and not isinstance(onward, str):
            raise self._web.unreadable("end is no text")
        return events, onward if onward and events else ""

    def events(self, said: object) -> list[object]:
        """A list of events as it came."""
        if not isinstance(said, list):
            raise self._web.unreadable("no list of events")
        return said

    def event(self, event_id: str) -> Node:
        """One event as it stands. Raises Missing."""
        return self._web.object("GET", f"{self._room}/event/{quote(event_id, safe='')}")

    def edits_of(self, event_id: str) -> list[object]:
        """The newest hundred edits of a message."""
        room, event = quote(self._room_id, safe=""), quote(event_id, safe="")
        path = f"{_V1}/rooms/{room}/relations/{event}/m.replace"
        return self.events(self._web.object("GET", path, params={"limit": "100"}).get("chunk"))

    def redact(self, event_id: str, key: str, reason: str) -> None:
        """Take the words of an event away. key: the same on every try; it is done once."""
        # With the event's id in it: a server answers a known key with what it did before.
        path = f"{self._room}/redact/{quote(event_id, safe='')}/{quote(key + event_id, safe='')}"
        self._web.object("PUT", path, json={"reason": reason} if reason else {})

    def members(self) -> list[object]:
        """The events that say who joined, was invited or knocked."""
        return self.events(self._web.object("GET", f"{self._room}/members").get("chunk"))

    def membership(self, user_id: str) -> str:
        """ "join", "invite", "knock", "leave" or "ban"; "" for who never was in the room."""
        path = f"{self._room}/state/m.room.member/{quote(user_id, safe='')}"
        try:
            found = self._web.object("GET", path).get("membership")
        except Missing:
            return ""
        if not isinstance(found, str):
            raise self._web.unreadable("no membership")
        return found

    def put_out(self, user_id: str, reason: str, *, ban: bool) -> None:
        """Kick or ban. The reason is shown to everybody in the room."""
        said = {"user_id": user_id, **({"reason": reason} if reason else {})}
        self._web.object("POST", f"{self._room}/{'ban' if ban else 'kick'}", json=said)

    def power_levels(self) -> Node:
        """Who may do what. {} where the room does not say."""
        try:
            return self._web.object("GET", f"{self._room}/state/m.room.power_levels/")
        except Missing:
            return {}

    def close(self) -> None:
        """Give the connections back."""
        self._web.close()

    def _check(self, answer: Answer) -> ChaperoneError | None:
        status, code = answer.status, _code(answer.content)
        if 200 <= status < 300 or status >= 500:
            return None
        if status == 429:
            return self._web.later("asks us to wait (HTTP 429)", _delay(answer))
        if status == 401 or code in {"M_USER_LOCKED", "M_USER_SUSPENDED", "M_USER_DEACTIVATED"}:
            return self._operator(f"Matrix did not accept the access token ({code}).", _RENEW)
        if status == 403 and code:
            return NotAllowed(
                f"This Matrix account may not do that ({code}).",
                subject=self._subject,
                cure="In the room's settings, under Roles, make the account a Moderator.",
            )
        if code == "M_NOT_FOUND":
            return Missing("The room has no such message.", subject=self._subject, cure="")
        return self._elsewhere(status, code)

    def _elsewhere(self, status: int, code: str) -> ChaperoneError | None:
        if 300 <= status < 400 or status in {403, 404, 405}:
            cure = "Check base_url: the homeserver's own address, as its administrator gives it."
            return self._operator("No Matrix homeserver answers there.", cure)
        return Refused(
            f"Matrix did not accept the request (HTTP {status}{code and ', ' + code}).",
            subject=self._subject,
            cure="Do it by hand in the room.",
        )

    def _operator(self, what: str, cure: str) -> NeedsOperator:
        return NeedsOperator(what, subject=self._subject, cure=cure)


def _code(content: object) -> str:
    said = content.get("errcode") if isinstance(content, dict) else None
    return said if isinstance(said, str) and re.fullmatch(r"M_[A-Z_]{2,40}", said) else ""


def _delay(answer: Answer) -> timedelta:
    """Retry-After, or the older field of the body."""
    said = answer.content if isinstance(answer.content, Mapping) else {}
    millis = said.get("retry_after_ms")
    if isinstance(millis, int) and not isinstance(millis, bool) and 0 < millis < 10**9:
        older = min(timedelta(milliseconds=millis), _LONGEST_DELAY)
    else:
        older = _SHORT_DELAY
    return asked_delay(answer) or older
