"""Talking to Instagram's Graph API, and its complaints as errors named by their remedy.

Only codes are repeated, never the platform's own message: it can hold the token, ids and words.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from collector.connectors.facebook_usage import Usage
from collector.connectors.web import Answer, Bearer, Node, WebClient, asked_delay
from models.errors import ChaperoneError, NeedsOperator, Refused, RetryLater

VERSION = "v25.0"
_RENEW = (
    "Make a new access token as docs/connectors/instagram.md says, put it where the settings say "
    "the token is, and wait for the next try."
)
_PERMISSIONS = (
    "Give the token the permission to manage comments (instagram_business_manage_comments or "
    "instagram_manage_comments), check that its account owns the posts, then make a new token."
)
_TOKEN = frozenset({102, 104, 190})
_PERMISSION = frozenset({3, 10, *range(200, 300)})
_LIMIT = frozenset({4, 17, 32, 341, 613, *range(80000, 80015)})
_LIMIT_DELAY = timedelta(minutes=30)
_SHORT_DELAY = timedelta(minutes=2)


class Missing(Refused):
    """Code 100 for an object: it is gone, or the token may not touch it. They look alike."""

    def __init__(self, subject: str) -> None:
        super().__init__(
            "Instagram shows no such thing, or does not let this token touch it.",
            subject=subject,
            cure="Open it on Instagram to see which.",
        )


class InstagramClient:
    """One account's access. usage: how much of the allowance is used, as of the newest answer.

    Every call raises RetryLater, NeedsOperator or Refused; Missing (a Refused) for an object
    that is gone or not to be touched.
    """

    def __init__(self, base_url: str, token: str, subject: str) -> None:
        self.usage = Usage()
        self._subject = subject
        self._web = WebClient("Instagram", subject, base_url, self._check, Bearer(token))

    def get(self, path: str, **fields: str) -> Node:
        """GET one node ("ID"), an edge ("ID/comments") or several ("" with ids=)."""
        return self._web.object("GET", f"{VERSION}/{path}", params=fields)

    def post(self, path: str, **fields: str) -> Node:
        """POST fields to a node."""
        return self._web.object("POST", f"{VERSION}/{path}", params=fields)

    def delete(self, path: str) -> Node:
        """DELETE a node, for good."""
        return self._web.object("DELETE", f"{VERSION}/{path}")

    def renew(self) -> Node:
        """Ask for sixty more days. The answer holds a token."""
        asked = {"grant_type": "ig_refresh_token"}
        return self._web.object("GET", "refresh_access_token", params=asked)

    def page(self, edge: str, after: str, **fields: str) -> tuple[list[Any], str]:
        """(one page of an edge, what to ask for the next one: "" at the end)."""
        asked = {**fields, "after": after} if after else fields
        answer = self.get(edge, **asked)
        data = answer.get("data")
        if not isinstance(data, list):
            raise self._web.unreadable("no list")
        return data, self.onward(answer.get("paging"))

    def onward(self, paging: object) -> str:
        """The cursor of the next page. `next` itself is never kept: it has the token."""
        if not isinstance(paging, dict) or not paging.get("next"):
            return ""
        cursors = paging.get("cursors")
        after = cursors.get("after") if isinstance(cursors, dict) else None
        if not isinstance(after, str) or not after:
            raise self._web.unreadable("a next page without a way to it")
        return after

    def close(self) -> None:
        """Give the connections back."""
        self._web.close()

    def _check(self, answer: Answer) -> ChaperoneError | None:
        self.usage.note(answer.headers)
        body = answer.content.get("error") if isinstance(answer.content, dict) else None
        return self._coded(body, answer) if isinstance(body, dict) else None

    def _coded(self, body: Mapping[str, object], answer: Answer) -> ChaperoneError:
        code, subcode = _number(body, "code"), _number(body, "error_subcode")
        shown = f"Instagram error {code}" + (f"/{subcode}" if subcode else "")
        subject = self._subject
        if code in _TOKEN:
            said = "The access token has expired" if subcode == 463 else "The token is not accepted"
            return NeedsOperator(f"{said} ({shown}).", subject=subject, cure=_RENEW)
        if code in _PERMISSION:
            return lacks_permission(subject, shown)
        if code in _LIMIT:
            delay = asked_delay(answer) or self.usage.regain or _LIMIT_DELAY
            said = f"Too many calls in a short time ({shown})."
            return RetryLater(said, subject=subject, after=delay)
        if code in (1, 2) or answer.status == 429 or answer.status >= 500:
            delay = asked_delay(answer) or _SHORT_DELAY
            return RetryLater(f"Instagram is out of order ({shown}).", subject=subject, after=delay)
        if code == 100 and (subcode == 33 or "does not exist" in str(body.get("message", ""))):
            return Missing(subject)
        cure = "Check the account's number in the settings, or do it by hand in the app."
        return Refused(f"Instagram refused ({shown}).", subject=subject, cure=cure)


def lacks_permission(subject: str, shown: str = "it can read, but not change") -> NeedsOperator:
    """The token is good, and may not do this."""
    said = f"The access token lacks a permission ({shown})."
    return NeedsOperator(said, subject=subject, cure=_PERMISSIONS)


def _number(body: Mapping[str, object], name: str) -> int:
    value = body.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
