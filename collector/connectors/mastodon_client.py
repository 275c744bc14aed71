"""Talking to a Mastodon server (API v1), and its complaints by their remedy.

Errors are told by their status alone: their words are in the language of the account.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from collector.connectors.web import LONGEST_DELAY, Answer, Bearer, Node, WebClient, asked_delay
from collector.connectors.web import moment as read_moment
from models.errors import ChaperoneError, NeedsOperator, Refused

_SHORT_DELAY = timedelta(minutes=2)
_NEXT = re.compile(r'<([^<>]{1,2000})>\s*;\s*rel="next"')
_RENEW = (
    "In Mastodon, under Preferences, Development, open the application, make a new access token, "
    "and put it where the settings say the token is."
)


class Missing(Refused):
    """The server has no such thing, or does not show it to this account."""


class MastodonClient:
    """One account's access. Every call raises RetryLater, NeedsOperator or Refused."""

    def __init__(self, base_url: str, token: str, subject: str) -> None:
        """base_url: the server's address, ending in a slash."""
        self._subject = subject
        self._web = WebClient("Mastodon", subject, base_url, self._check, Bearer(token))

    def one(self, path: str) -> Node:
        """One thing, as JSON. Raises Missing."""
        return self._web.object("GET", f"api/v1/{path}")

    def page(self, path: str, onward: str, asked: Mapping[str, object]) -> tuple[list[object], str]:
        """(one page, what to ask on with: "" at the end). The way onward is in the Link header:
        of it only the id is taken, as it may lead anywhere."""
        params = {**asked, **({"max_id": onward} if onward else {})}
        answer = self._web.ask("GET", f"api/v1/{path}", params=params)
        if not isinstance(answer.content, list):
            raise self._web.unreadable("not a list")
        found = _NEXT.search(answer.headers.get("Link", ""))
        if found is None:
            return answer.content, ""
        ids = parse_qs(urlsplit(found[1]).query).get("max_id", [""])
        return answer.content, ids[0]

    def unreadable(self, why: str) -> ChaperoneError:
        """The answer was not what Mastodon answers."""
        return self._web.unreadable(why)

    def close(self) -> None:
        """Give the connections back."""
        self._web.close()

    def _check(self, answer: Answer) -> ChaperoneError | None:
        status = answer.status
        if 200 <= status < 300 or status >= 500:
            return None
        ours = isinstance(answer.content, dict) and isinstance(answer.content.get("error"), str)
        if status == 429:
            return self._web.later("asks us to wait (HTTP 429)", _delay(answer))
        if status == 401:
            return self._operator("Mastodon did not accept the access token.", _RENEW)
        if status == 403 and ours:
            cure = "Give the application the scope read, as docs/connectors/mastodon.md says."
            return self._operator("The access token may not do that.", cure)
        if status in {404, 410} and ours:
            return Missing("Mastodon shows no such post.", subject=self._subject, cure="")
        if 300 <= status < 400 or status in {403, 404, 405, 410}:
            cure = "Check base_url: the address at which the account signs in."
            return self._operator("No Mastodon server answers there.", cure)
        return Refused(
            f"Mastodon did not accept the request (HTTP {status}).",
            subject=self._subject,
            cure="Look at it in Mastodon itself.",
        )

    def _operator(self, what: str, cure: str) -> NeedsOperator:
        return NeedsOperator(what, subject=self._subject, cure=cure)


def _delay(answer: Answer) -> timedelta:
    """Retry-After, or the moment at which the allowance begins anew (a date, not a number)."""
    reset = read_moment(answer.headers.get("X-RateLimit-Reset"))
    if reset is None:
        return asked_delay(answer) or _SHORT_DELAY
    until = reset - datetime.now(UTC)
    return asked_delay(answer) or min(max(until, timedelta(seconds=1)), LONGEST_DELAY)
