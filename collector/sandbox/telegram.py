"""A stand-in for Telegram's Bot API on the loopback: one bot, one group, its waiting updates.

Methods, error codes and sentences as the Bot API has them. An update is forgotten once somebody
asks on from behind it.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from typing import Any

from collector.sandbox.loopback import Call, Reply, as_json
from collector.sandbox.threads import Weather
from models.vocabulary import now


def refusal(status: int, words: str, **parameters: Any) -> Reply:
    """An error as Telegram writes it."""
    more = {"parameters": parameters} if parameters else {}
    return as_json({"ok": False, "error_code": status, "description": words, **more}, status)


STORMS: Mapping[str, Callable[[], Reply]] = {
    "limit": lambda: refusal(429, "Too Many Requests: retry after 35", retry_after=35),
    "server_error": lambda: Reply(502, b"<html>Bad gateway</html>"),
    "expired": lambda: refusal(401, "Unauthorized"),
    "conflict": lambda: refusal(
        409, "Conflict: terminated by other getUpdates request; make sure that only one bot runs"
    ),
}
"""Weather by name. The limit asks for 35 seconds."""

_BOT = 4242


@dataclass(slots=True)
class TelegramBot:
    """One bot and its group. status: the bot's own there. rights: what it may do.

    updates: what it was not asked beyond yet. messages: those that stand. people: user id to
    status. old: ids of messages that are too old to be deleted.
    """

    token: str
    chat_id: int = -1001234567890
    status: str = "administrator"
    rights: set[str] = field(default_factory=lambda: {"can_delete_messages", "can_restrict"})
    updates: list[dict[str, Any]] = field(default_factory=list)
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    people: dict[int, str] = field(default_factory=dict)
    old: set[int] = field(default_factory=set)
    weather: Weather = field(default_factory=lambda: Weather(STORMS))
    _number: int = 871_000
    _lock: RLock = field(default_factory=RLock)

    @property
    def chat(self) -> dict[str, Any]:
        """The group as it stands in messages."""
        return {"id": self.chat_id, "title": "Parents", "type": "supergroup"}

    def send(
        self, text: str, answers: int = 0, at: datetime | None = None, **more: Any
    ) -> dict[str, Any]:
        """A new message, and its update."""
        message: dict[str, Any] = {
            "message_id": len(self.messages) + len(self.old) + self._number - 870_000,
            "from": {"id": 5551234567, "is_bot": False, "first_name": "Jo", "last_name": "B"},
            "chat": self.chat,
            "date": int((at or now()).timestamp()),
            **({"text": text} if text else {}),
            **more,
        }
        if answers:
            above = self.messages[answers]
            message["reply_to_message"] = {"message_id": answers}
            message["message_thread_id"] = above.get("message_thread_id", answers)
        with self._lock:
            self.messages[message["message_id"]] = message
            self.happen(message=message)
        return message

    def edit(self, number: int, text: str) -> None:
        """Its author writes it anew."""
        changed = {**self.messages[number], "text": text, "edit_date": int(now().timestamp())}
        self.messages[number] = changed
        self.happen(edited_message=changed)

    def join(self, user: int, name: str) -> None:
        """Somebody comes into the group."""
        self.people[user] = "member"
        person = {"id": user, "is_bot": False, "first_name": name}
        more: dict[str, Any] = {"new_chat_members": [person], "from": person}
        self.send("", **more)

    def happen(self, **what: Any) -> None:
        """One update more."""
        with self._lock:
            self._number += 1
            self.updates.append({"update_id": self._number, **what})

    def answer(self, call: Call) -> Reply:
        """What Telegram says to a call."""
        given = self.weather.over(_without_token(call))
        if given is not None:
            return given
        found = re.fullmatch(r"/bot([^/]+)/(\w+)", call.path)
        if found is None or found[1] != self.token:
            return refusal(401, "Unauthorized")
        said = json.loads(call.body or "{}")
        with self._lock:
            if found[2] == "getUpdates":
                return self._updates(said)
            if found[2] == "getMe":
                return _ok({"id": _BOT, "is_bot": True, "can_read_all_group_messages": False})
            if said.get("chat_id") != self.chat_id:
                return refusal(400, "Bad Request: chat not found")
            if found[2] in ("deleteMessage", "setMessageReaction"):
                return self._message(found[2], said["message_id"])
            return self._person(found[2], said["user_id"])

    def _updates(self, said: Mapping[str, Any]) -> Reply:
        offset = said.get("offset", 0)
        if offset > self._number + 10:  # the Bot API starts from its oldest update then
            offset = 0
        self.updates = [one for one in self.updates if one["update_id"] >= offset]
        asked = {"update_id", *said.get("allowed_updates", ())}
        shown = [one for one in self.updates if set(one) <= asked]
        return _ok(shown[: said["limit"]])

    def _message(self, method: str, number: int) -> Reply:
        verb = "delete" if method == "deleteMessage" else "react"
        if number not in self.messages:
            return refusal(400, f"Bad Request: message to {verb} not found")
        if verb == "react":
            return _ok(True)
        if "can_delete_messages" not in self.rights or number in self.old:
            return refusal(400, "Bad Request: message can't be deleted")
        del self.messages[number]
        return _ok(True)

    def _person(self, method: str, user: int) -> Reply:
        if user == _BOT:
            rights = dict.fromkeys(self.rights, True)
            return _ok({"status": self.status, "user": {"id": _BOT}, **rights})
        status = self.people.get(user)
        if method == "getChatMember" and status is None:
            return refusal(400, "Bad Request: user not found")
        if method == "getChatMember":
            return _ok({"status": status, "user": {"id": user}})
        if "can_restrict" not in self.rights:
            return refusal(400, "Bad Request: not enough rights to restrict/unrestrict chat member")
        self.people[user] = "kicked" if method == "banChatMember" else "left"
        return _ok(True)


def _ok(result: Any) -> Reply:
    return as_json({"ok": True, "result": result})


def _without_token(call: Call) -> Call:
    """For the list of what was served."""
    path = re.sub(r"^/bot[^/]+/", "/", call.path)
    return Call(call.method, path, call.query, call.body, call.headers)
