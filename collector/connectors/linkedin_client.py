"""Talking to LinkedIn's versioned interface, and its complaints as errors named by their remedy.

Each version of it lives about a year: the version is a setting, and its end is said plainly. Only
numbers are repeated, never the platform's own words.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import quote

from collector.connectors.web import Answer, Bearer, Node, WebClient, asked_delay
from models.errors import ChaperoneError, NeedsOperator, Refused, RetryLater
from models.vocabulary import now

API_URL = "https://api.linkedin.com/rest/"
_RENEW = (
    "Make a new access token as docs/connectors/linkedin.md says, and put it where the settings "
    "say the token is. LinkedIn's tokens live 60 days."
)
_RIGHTS = (
    "The token needs the organisation's social feed permissions, of a person who is an "
    "administrator of the Page. LinkedIn may refuse to let a Page delete other people's comments: "
    "then open the comment on LinkedIn, press the three dots and choose Delete or Report."
)


class Missing(Refused):
    """LinkedIn knows no such thing, or no longer."""

    def __init__(self, subject: str) -> None:
        super().__init__(
            "LinkedIn knows no such thing.", subject=subject, cure="Open it on LinkedIn to see."
        )


class LinkedInClient:
    """One Page's access. Every call raises RetryLater, NeedsOperator or Refused.

    Parts of a path are ids and URNs: each is written so that it stays one part.
    """

    def __init__(self, base_url: str, token: str, version: str, subject: str) -> None:
        self._subject, self._version = subject, version
        self._web = WebClient("LinkedIn", subject, base_url, self._check, Bearer(token))

    def get(self, *path: str, **asked: str) -> Node:
        """One thing."""
        return self._web.object("GET", _joined(path), params=asked, headers=self._headers())

    def page(self, *path: str, start: int, count: int, **asked: str) -> list[Any]:
        """The elements of one page of a listing."""
        asked |= {"start": str(start), "count": str(count)}
        headers = self._headers() | ({"X-RestLi-Method": "FINDER"} if "q" in asked else {})
        answer = self._web.object("GET", _joined(path), params=asked, headers=headers)
        found = answer.get("elements")
        if not isinstance(found, list):
            raise self._web.unreadable("no list")
        return found

    def delete(self, *path: str, **asked: str) -> None:
        """Take it away, for good. LinkedIn answers with nothing."""
        self._web.ask("DELETE", _joined(path), self._headers(), params=asked)

    def close(self) -> None:
        """Give the connections back."""
        self._web.close()

    def _headers(self) -> dict[str, str]:
        return {"LinkedIn-Version": self._version, "X-Restli-Protocol-Version": "2.0.0"}

    def _check(self, answer: Answer) -> ChaperoneError | None:
        if 200 <= answer.status < 300:
            return None
        subject = self._subject
        if answer.status == 426:
            return NeedsOperator(
                f"LinkedIn no longer answers in its version {self._version}.",
                subject=subject,
                cure="Write a newer one in the settings, as year and month: the newest is named "
                'on learn.microsoft.com under "LinkedIn API versioning".',
            )
        if answer.status == 401:
            said = f"The access token has ended or was taken back{_number(answer.content)}."
            return NeedsOperator(said, subject=subject, cure=_RENEW)
        if answer.status == 403:
            said = f"LinkedIn does not let this token do it{_number(answer.content)}."
            return NeedsOperator(said, subject=subject, cure=_RIGHTS)
        if answer.status == 404:
            return Missing(subject)
        if answer.status == 429:
            delay = asked_delay(answer) or _until_midnight(now())
            said = "What LinkedIn allows in a day is used up."
            return RetryLater(said, subject=subject, after=delay)
        if answer.status == 400 and isinstance(answer.content, dict):
            cure = "Check organisation_id and version in the settings."
            return Refused("LinkedIn refused what was asked.", subject=subject, cure=cure)
        return None


def _joined(path: tuple[str, ...]) -> str:
    return "/".join(quote(part, safe="") for part in path)


def _number(content: object) -> str:
    code = content.get("serviceErrorCode") if isinstance(content, Mapping) else None
    return f" (error {code})" if isinstance(code, int) and not isinstance(code, bool) else ""


def _until_midnight(moment: datetime) -> timedelta:
    """LinkedIn counts by days of UTC."""
    tomorrow = moment.astimezone(UTC).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(0, 5), UTC) - moment
