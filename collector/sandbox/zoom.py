"""A stand-in for Zoom's interface: users, settings, meetings, and who was in past sessions."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

from collector.sandbox.loopback import Call, Reply, as_json

TOKEN = "zoom-token-of-one-hour"  # noqa: S105 - of a stand-in

_LACKING = "Invalid access token, does not contain scopes:[meeting:read:list_registrants:admin]."


@dataclass
class ZoomAccount:
    """What the account holds. broken: what every call is answered by instead.

    settings: by user id. meetings: by number; sessions: uuids by number; people: rows by uuid.
    registrants: rows by number, each with its status. scoped: whether the app may read them.
    page: how many rows are on a page.
    """

    users: list[dict[str, Any]] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    meetings: dict[str, dict[str, Any]] = field(default_factory=dict)
    sessions: dict[str, list[str]] = field(default_factory=dict)
    people: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    registrants: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    page: int = 2
    paid: bool = True
    scoped: bool = True
    token_refusal: Reply | None = None
    broken: Reply | None = None

    def answer(self, call: Call) -> Reply:
        """One call. Without the token it is refused, as by Zoom."""
        if call.path == "/oauth/token":
            signed = call.headers.get("authorization", "").startswith("Basic ")
            if self.token_refusal is not None or not signed:
                return self.token_refusal or as_json({"error": "invalid_client"}, 401)
            return as_json({"access_token": TOKEN, "token_type": "bearer", "expires_in": 3600})
        if call.headers.get("authorization") != f"Bearer {TOKEN}":
            return as_json({"code": 124, "message": "Invalid access token."}, 401)
        return self.broken or self._found(call)

    def _found(self, call: Call) -> Reply:
        parts = call.path.strip("/").split("/")
        match parts:
            case ["users"]:
                return self._listed(call, "users", self.users)
            case ["users", user, "settings"]:
                return as_json(self.settings[user])
            case ["users", user, "meetings"]:
                own = [one for one in self.meetings.values() if one["host_id"] == user]
                return self._listed(call, "meetings", own)
            case ["meetings", number]:
                return as_json(self.meetings[number])
            case ["meetings", number, "registrants"]:
                if not self.scoped:
                    return as_json({"code": 4711, "message": _LACKING}, 400)
                asked = parse_qs(call.query).get("status", ["approved"])[0]
                found = [one for one in self.registrants.get(number, []) if one["status"] == asked]
                return self._listed(call, "registrants", found)
            case ["past_meetings", number, "instances"]:
                if not self.paid:
                    return as_json({"code": 200, "message": "Only available for Paid account"}, 400)
                return as_json({"meetings": [{"uuid": u} for u in self.sessions.get(number, [])]})
            case ["past_meetings", uuid, "participants"]:
                # Encoded twice, or Zoom does not find it.
                rows = self.people.get(unquote(unquote(uuid)))
                if rows is not None and "%25" in uuid:
                    return self._listed(call, "participants", rows)
        return as_json({"code": 3001, "message": "Meeting does not exist"}, 404)

    def _listed(self, call: Call, name: str, rows: list[dict[str, Any]]) -> Reply:
        start = int(parse_qs(call.query).get("next_page_token", ["0"])[0] or 0)
        onward = str(start + self.page) if start + self.page < len(rows) else ""
        return as_json({name: rows[start : start + self.page], "next_page_token": onward})
