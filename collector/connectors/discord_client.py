"""Talking to Discord (REST v10) as a bot, and its complaints by their remedy.

Discord tells with each answer how much of a call's allowance is left: where none is, we wait.
Only codes are repeated, never its sentences.
"""

import re
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from collector.connectors.web import LONGEST_DELAY, Answer, Bearer, Node, WebClient, asked_delay
from models.errors import ChaperoneError, NeedsOperator, Refused

_PATIENCE = 5.0
"""Seconds to wait on the spot; longer rests are left to the next poll."""

_MOST_REASON = 512
_SHORT_DELAY = timedelta(minutes=2)
_GONE = frozenset({10003, 10007, 10008, 10013, 10026})
"""No such channel, member, message, user or ban."""
_RENEW = (
    "In the Discord developer portal, open the application, Bot, and press Reset Token. Put the "
    "new token where the settings say it is."
)
_PERMISSIONS = (
    "In the server's settings, under Roles, give the bot's role View Channels, Read Message "
    "History and Manage Messages, and in the developer portal switch on its Server Members Intent."
)


class Missing(Refused):
    """There is no such message or channel any more."""


class NotAllowed(NeedsOperator):
    """The bot is known, and may not do that."""


class DiscordClient:
    """One bot. Raises RetryLater, NeedsOperator or Refused."""

    def __init__(self, base_url: str, token: str, subject: str) -> None:
        """base_url: up to the version, ending in a slash."""
        self._subject = subject
        self._web = WebClient("Discord", subject, base_url, self._check, Bearer(token, "Bot"))

    def rows(self, path: str, **asked: str) -> list[Mapping[str, Any]]:
        """A list of objects. What is none is an answer that cannot be read."""
        found = self._ask("GET", path, params=asked).content
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise self._web.unreadable("not a list")
        return found

    def one(self, path: str, **asked: str) -> Node:
        """An object. Raises Missing."""
        found = self._ask("GET", path, params=asked).content
        if not isinstance(found, dict):
            raise self._web.unreadable("not an object")
        return found

    def delete(self, path: str, reason: str) -> None:
        """Delete a thing; the reason stands in the server's audit log. Raises Missing."""
        self._ask("DELETE", path, headers=_told(reason))

    def put(self, path: str, reason: str) -> None:
        """Set a thing; the reason stands in the server's audit log."""
        self._ask("PUT", path, json={}, headers=_told(reason))

    def unreadable(self, why: str) -> ChaperoneError:
        """The answer was not what Discord answers."""
        return self._web.unreadable(why)

    def close(self) -> None:
        """Give the connections back."""
        self._web.close()

    def _ask(self, method: str, path: str, **what: Any) -> Answer:
        answer = self._web.ask(method, path, **what)
        if answer.headers.get("X-RateLimit-Remaining") == "0":
            rest = _seconds(answer.headers.get("X-RateLimit-Reset-After")) or 0.0
            time.sleep(min(rest, _PATIENCE))
        return answer

    def _check(self, answer: Answer) -> ChaperoneError | None:
        status, code = answer.status, _code(answer.content)
        if 200 <= status < 300 or status >= 500:
            return None
        if status == 429:
            said = answer.content if isinstance(answer.content, dict) else {}
            wait = _seconds(said.get("retry_after"))
            after = timedelta(seconds=wait) if wait else asked_delay(answer) or _SHORT_DELAY
            return self._web.later("asks us to wait (HTTP 429)", after)
        if status == 401:
            return NeedsOperator(
                "Discord did not accept the bot's token.", subject=self._subject, cure=_RENEW
            )
        if status == 403 and code:
            what = f"The bot may not do that on this Discord server ({code})."
            return NotAllowed(what, subject=self._subject, cure=_PERMISSIONS)
        if code in _GONE:
            return Missing("Discord has no such thing.", subject=self._subject, cure="")
        if 300 <= status < 400 or status in {403, 404, 405}:
            return NeedsOperator(
                f"Discord does not answer for this server (HTTP {status}, {code}).",
                subject=self._subject,
                cure="Check server_id, and that the bot is on the server.",
            )
        return Refused(
            f"Discord did not accept the request (HTTP {status}, {code}).",
            subject=self._subject,
            cure="Do it by hand in Discord.",
        )


def _told(reason: str) -> dict[str, str]:
    said = quote(reason, safe=" ")[:_MOST_REASON]
    return {"X-Audit-Log-Reason": re.sub(r"%[0-9A-F]?$", "", said)} if reason else {}


def _code(content: object) -> int:
    said = content.get("code") if isinstance(content, dict) else None
    return said if isinstance(said, int) and 0 < said < 10**7 else 0


def _seconds(said: object) -> float | None:
    try:
        found = float(str(said))
    except ValueError:
        return None
    return found if 0 < found <= LONGEST_DELAY.total_seconds() else None
