"""Google's own client for YouTube, over a session that keeps our promises; errors by remedy.

The library builds and checks every call from the description of the interface that it carries
with it; nothing is downloaded. What it sends goes through WebClient. Only reasons from the list
below are repeated, never the platform's own message.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httplib2
from googleapiclient.discovery import build

from collector.connectors.web import Answer, Bearer, Node, WebClient, asked_delay
from models.errors import ChaperoneError, NeedsOperator, Refused, RetryLater
from models.vocabulary import now

API_URL = "https://youtube.googleapis.com/"
TOKEN_URL = "https://oauth2.googleapis.com/"  # noqa: S105 - an address, not a token
_RENEW = (
    "Sign in again as the channel's owner, as docs/connectors/youtube.md says, and put the new "
    "refresh token where the settings say. If this comes every week, publish the app in the "
    "Google console: tokens of an app in testing end after seven days."
)
_OWNER = (
    "The token must be of the account that owns the channel, with the permission "
    "youtube.force-ssl. Sign in again as docs/connectors/youtube.md says."
)
_DAY_IS_USED = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_TOO_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
_ABSENT = frozenset({"commentNotFound", "videoNotFound", "processingFailure", "playlistNotFound"})
_PACIFIC = ZoneInfo("America/Los_Angeles")
_SHORT_DELAY = timedelta(minutes=2)


class Missing(Refused):
    """The platform knows no such thing, or no longer."""

    def __init__(self, subject: str) -> None:
        super().__init__(
            "YouTube knows no such thing.", subject=subject, cure="Open it on YouTube to see."
        )


class NotAllowed(NeedsOperator):
    """The token may not, or the thing is gone: YouTube says the same for both."""

    def __init__(self, subject: str) -> None:
        super().__init__("The access token may not do this.", subject=subject, cure=_OWNER)


class YouTubeClient:
    """Signed in as the owner of one channel. Not shared between threads.

    api: Google's client (commentThreads(), comments(), ...); its requests go to `run`.
    Every call raises RetryLater, NeedsOperator or Refused.
    """

    def __init__(self, secrets: Mapping[str, str], api_url: str, token_url: str, subject: str):
        """secrets: client_id, client_secret and refresh_token, as the token address takes them."""
        self._subject = subject
        token = self._signed_in(secrets, token_url)
        self._web = WebClient("YouTube", subject, api_url, self._check, Bearer(token))
        self._http = _Http(self._web, api_url)
        self.api: Any = build(
            "youtube",
            "v3",
            http=self._http,
            static_discovery=True,
            cache_discovery=False,
            client_options={"api_endpoint": api_url},
        )

    def run(self, request: Any) -> Node:
        """The answer to one request of `api`: an object, empty where there is nothing to say."""
        found = request.execute(num_retries=0)
        if not found:
            return {}
        if not isinstance(found, dict):
            raise self._web.unreadable("not an object")
        return found

    def page(self, request: Any) -> tuple[list[Any], str]:
        """(the items of one page, the token of the next one: "" at the end)."""
        answer = self.run(request)
        items, onward = answer.get("items", []), answer.get("nextPageToken", "")
        if not isinstance(items, list) or not isinstance(onward, str) or "kind" not in answer:
            raise self._web.unreadable("no list")
        return items, onward

    def close(self) -> None:
        """Give the connections back."""
        self._web.close()

    def _signed_in(self, secrets: Mapping[str, str], token_url: str) -> str:
        web = WebClient("Google", self._subject, token_url, self._check_sign_in)
        try:
            data = {**secrets, "grant_type": "refresh_token"}
            token = web.object("POST", "token", data=data).get("access_token")
        finally:
            web.close()
        if not isinstance(token, str) or not token:
            raise web.unreadable("no access token")
        return token

    def _check_sign_in(self, answer: Answer) -> ChaperoneError | None:
        if answer.status not in (400, 401, 403):
            return None
        said = answer.content.get("error") if isinstance(answer.content, dict) else None
        why = "The refresh token has ended or was taken back"
        if said != "invalid_grant":
            why = "Google does not accept client_id and client_secret"
        return NeedsOperator(f"{why}.", subject=self._subject, cure=_RENEW)

    def _check(self, answer: Answer) -> ChaperoneError | None:
        if 200 <= answer.status < 300 and not _error_of(answer):
            return None
        reason, subject = _reason(answer), self._subject
        if reason in _DAY_IS_USED:
            said = "What Google allows in a day is used up."
            cure = "It goes on by itself when Google's day begins, about 8 in the morning here."
            return RetryLater(said, subject=subject, cure=cure, after=_until_their_midnight(now()))
        if reason in _TOO_FAST or answer.status == 429:
            delay = asked_delay(answer) or _SHORT_DELAY
            return RetryLater("Too many calls in a short time.", subject=subject, after=delay)
        if answer.status == 401:
            return NeedsOperator("The access token is not accepted.", subject=subject, cure=_RENEW)
        if reason in _ABSENT or answer.status == 404:
            return Missing(subject)
        if answer.status == 403:
            return NotAllowed(subject)
        if answer.status == 400 and _error_of(answer):
            cure = "Check channel_id in the settings, or do it by hand on YouTube."
            return Refused("YouTube refused what was asked.", subject=subject, cure=cure)
        return None


class _Http:
    """What Google's client sends by: our session, whatever it asks for."""

    def __init__(self, web: WebClient, api_url: str) -> None:
        self._web, self._api_url = web, api_url

    def close(self) -> None:
        """As Google's client asks; the session is closed by its owner."""

    def request(
        self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **_: Any
    ) -> tuple[httplib2.Response, bytes]:
        """One call. Raises the errors of WebClient."""
        path = uri.removeprefix(self._api_url)
        wanted = {
            name: value
            for name, value in (headers or {}).items()
            if name.lower() in ("accept", "content-type", "x-http-method-override")
        }
        answer = self._web.ask(method, path, wanted, data=body)
        return httplib2.Response({"status": str(answer.status)}), answer.body


def _error_of(answer: Answer) -> Mapping[str, Any]:
    found = answer.content.get("error") if isinstance(answer.content, dict) else None
    return found if isinstance(found, dict) else {}


def _reason(answer: Answer) -> str:
    several = _error_of(answer).get("errors")
    first = several[0] if isinstance(several, list) and several else None
    found = first.get("reason") if isinstance(first, dict) else None
    return found if isinstance(found, str) else ""


def _until_their_midnight(moment: datetime) -> timedelta:
    """Google's day ends at midnight in California."""
    there = moment.astimezone(_PACIFIC)
    tomorrow = datetime.combine(there.date() + timedelta(days=1), time(0, 1), _PACIFIC)
    return tomorrow - moment
