"""Talking to Telegram (Bot API) as a bot, and its complaints by their remedy.

Telegram wants the token in the address, so whatever would log an address is silenced, and no error
repeats one. Of its sentences only which of the known ones it was is kept.
"""

import logging
import re
from collections.abc import Mapping
from datetime import timedelta

from collector.connectors.web import LONGEST_DELAY, Answer, Node, WebClient
from models.errors import ChaperoneError, NeedsOperator, Refused

ASKED = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "chat_member",
    "my_chat_member",
    "chat_join_request",
)
"""Kinds of update that are asked for: Telegram sends some of them only where they are named."""

PAGE = 100
_TOKEN = re.compile(r"\d{3,20}:[\w-]{10,100}")
_SHORT_DELAY = timedelta(minutes=1)
_RENEW = (
    "In Telegram write /token to @BotFather, choose the bot, and put the token that it gives "
    "where the settings say it is."
)
_RIGHTS = (
    "In the group's settings, under Administrators, make the bot an administrator who may delete "
    "messages and ban people."
)
_MISSING = re.compile(
    r"message to (?:delete|react) not found|MESSAGE_ID_INVALID|(?:user|member) not found|"
    r"PARTICIPANT_ID_INVALID|USER_ID_INVALID|USER_NOT_PARTICIPANT",
    re.IGNORECASE,
)
_NO_RIGHT = re.compile(r"not enough rights|CHAT_ADMIN_REQUIRED|need administrator rights", re.I)


class Missing(Refused):
    """There is no such message or member any more."""


class NotAllowed(NeedsOperator):
    """The bot is known, and may not do that."""


class TelegramClient:
    """One bot. Raises RetryLater, NeedsOperator or Refused."""

    def __init__(self, base_url: str, token: str, subject: str) -> None:
        """base_url: Telegram's, ending in a slash. Raises NeedsOperator for what is no token."""
        self._subject = subject
        if not _TOKEN.fullmatch(token):
            raise NeedsOperator("That is not a bot's token.", subject=subject, cure=_RENEW)
        # Below its warnings this logs every address, and with it the token.
        logging.getLogger("urllib3").setLevel(logging.WARNING)
        self._token = token
        self._web = WebClient("Telegram", subject, base_url, self._check)

    def ask(self, method: str, **what: object) -> object:
        """The result of a method. Raises Missing, NotAllowed."""
        answer = self._web.object("POST", f"bot{self._token}/{method}", json=what)
        if answer.get("ok") is not True or "result" not in answer:
            raise self._web.unreadable("it is not ok")
        return answer["result"]

    def one(self, method: str, **what: object) -> Node:
        """A result that is an object."""
        found = self.ask(method, **what)
        if not isinstance(found, dict):
            raise self._web.unreadable("not an object")
        return found

    def updates(self, offset: int) -> list[Node]:
        """What happened, oldest first, PAGE at most. What is before the offset is forgotten."""
        asked: dict[str, object] = {"limit": PAGE, "timeout": 0, "allowed_updates": list(ASKED)}
        if offset:
            asked["offset"] = offset
        found = self.ask("getUpdates", **asked)
        if not isinstance(found, list) or not all(_numbered(one) for one in found):
            raise self._web.unreadable("no list of updates")
        return found

    def unreadable(self, why: str) -> ChaperoneError:
        """The answer was not what Telegram answers."""
        return self._web.unreadable(why)

    def close(self) -> None:
        """Give the connections back."""
        self._web.close()

    def _check(self, answer: Answer) -> ChaperoneError | None:
        status, said = answer.status, answer.content
        if 200 <= status < 300 or status >= 500:
            return None
        told = said if isinstance(said, dict) else {}
        parameters = told.get("parameters")
        more: Mapping[str, object] = parameters if isinstance(parameters, dict) else {}
        words = told.get("description")
        if status == 429:
            return self._web.later("asks us to wait (HTTP 429)", _delay(more))
        if status in (401, 404) and isinstance(words, str):
            return self._operator("Telegram did not accept the bot's token.", _RENEW)
        if status == 403 and isinstance(words, str):
            return self._operator("The bot is not in the group any more.", "Add it again.")
        if status == 409:
            return self._operator(
                "Another program reads this bot's messages.",
                "Stop it, or make a bot of its own for Chaperone. If a webhook was set for the "
                "bot, delete it.",
            )
        if status == 400 and isinstance(words, str):
            return self._bad_request(words, more)
        return self._operator(
            f"Telegram does not answer there (HTTP {status}).",
            "Leave base_url out, and check this machine's network.",
        )

    def _bad_request(self, words: str, more: Mapping[str, object]) -> ChaperoneError:
        moved = more.get("migrate_to_chat_id")
        if isinstance(moved, int):
            return self._operator(
                "The group became a supergroup and has a new id.", f'Put "{moved}" into chat_ids.'
            )
        if _MISSING.search(words):
            return Missing("Telegram has no such thing.", subject=self._subject, cure="")
        if _NO_RIGHT.search(words):
            what = "The bot may not do that in this group."
            return NotAllowed(what, subject=self._subject, cure=_RIGHTS)
        if "chat not found" in words:
            return self._operator(
                "The bot knows no such group.", "Check chat_ids, and that the bot is in the group."
            )
        return Refused(
            "Telegram did not accept the request.",
            subject=self._subject,
            cure="Do it by hand in Telegram.",
        )

    def _operator(self, what: str, cure: str) -> NeedsOperator:
        return NeedsOperator(what, subject=self._subject, cure=cure)


def _numbered(update: object) -> bool:
    if not isinstance(update, dict):
        return False
    number = update.get("update_id")
    return isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**62


def _delay(more: Mapping[str, object]) -> timedelta:
    seconds = more.get("retry_after")
    if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds <= 0:
        return _SHORT_DELAY
    return min(timedelta(seconds=min(seconds, 10**6)), LONGEST_DELAY)
