"""One account's way to one Discourse forum, and its errors by their remedy.

A 404 hides what the account may not see as well as what is gone, so `require_staff` comes first
wherever a 404 is taken for gone.
"""

from datetime import timedelta

import requests

from collector.connectors.web import Answer, Node, WebClient, asked_delay
from models.errors import ChaperoneError, NeedsOperator, Refused, RetryLater

_PAUSE = timedelta(minutes=1)
_LONGEST = timedelta(hours=1)
_KEY = (
    "In the forum, under Admin, API, make a key for one user: a moderator. Put it where the "
    "settings say, with that user's name as username."
)


class Missing(Refused):
    """The forum shows no such thing to this account."""


class _Key(requests.auth.AuthBase):
    """The key and its user in their headers. Prints as nothing."""

    def __init__(self, key: str, username: str) -> None:
        self._key, self._username = key, username

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Api-Key"] = self._key.strip().encode("utf-8").decode("latin-1")
        request.headers["Api-Username"] = self._username.encode("utf-8").decode("latin-1")
        return request

    def __repr__(self) -> str:
        return "Key(...)"


class Forum:
    """Every call raises RetryLater, NeedsOperator or Refused. subject: what errors are about."""

    def __init__(self, base_url: str, username: str, key: str, subject: str) -> None:
        self._subject = subject
        self.web = WebClient("The forum", subject, base_url, self._check, _Key(key, username))

    def require_staff(self) -> None:
        """Raises NeedsOperator where the account is no moderator: it would not see what is gone."""
        user = self.web.object("GET", "session/current.json").get("current_user")
        if not isinstance(user, dict):
            raise self.web.unreadable("no current user")
        if not (user.get("moderator") is True or user.get("admin") is True):
            raise NeedsOperator(
                "This account is no moderator of the forum.", subject=self._subject, cure=_KEY
            )

    def post(self, topic: str, number: str) -> Node:
        """One post by its place. Raises Missing."""
        found = self.web.object("GET", f"posts/by_number/{topic}/{number}.json")
        if not isinstance(found.get("id"), int):
            raise self.web.unreadable("a post without a number")
        return found

    def _check(self, answer: Answer) -> ChaperoneError | None:
        status, said = answer.status, answer.content
        kind = said.get("error_type") if isinstance(said, dict) else None
        if 200 <= status < 300:
            return None
        if status == 429:
            return RetryLater(
                "The forum asks us to wait.", subject=self._subject, after=_wait(answer)
            )
        if status == 409:
            return RetryLater("Somebody is at it too.", subject=self._subject, after=_PAUSE)
        if status in {401, 403}:
            wrong = b"API username or key is invalid" in answer.body
            what = (
                "The forum did not accept the key and its username."
                if wrong
                else f"This account may not do that on the forum (HTTP {status})."
            )
            return NeedsOperator(what, subject=self._subject, cure=_KEY)
        if status == 404 and kind == "not_found":
            return Missing("The forum shows no such thing.", subject=self._subject, cure=_KEY)
        if status in {301, 302, 303, 307, 308, 404}:
            return NeedsOperator(
                f"No forum answers there (HTTP {status}).",
                subject=self._subject,
                cure="Open the forum in a browser and write its address in forum_url as shown.",
            )
        if 400 <= status < 500:
            return Refused(
                f"The forum did not accept that (HTTP {status}).",
                subject=self._subject,
                cure="Do it by hand on the forum.",
            )
        return None


def _wait(answer: Answer) -> timedelta:
    """The forum's own delay: in the answer, or in its header."""
    extras = answer.content.get("extras") if isinstance(answer.content, dict) else None
    seconds = extras.get("wait_seconds") if isinstance(extras, dict) else None
    if isinstance(seconds, int) and 0 < seconds < 86400:
        return min(timedelta(seconds=seconds), _LONGEST)
    return asked_delay(answer) or _PAUSE
