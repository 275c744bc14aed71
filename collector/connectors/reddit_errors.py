"""Reddit's error answers, in their three shapes, as our errors named by their remedy.

4xx with `reason`/`explanation`; 200 with `json.errors`; and pages that are not JSON at all. Of
what Reddit writes only its upper-case codes are kept: its sentences may quote a post.
"""

import re
from datetime import timedelta
from typing import Any

import requests

from models.errors import ChaperoneError, NeedsOperator, Refused, RetryLater

_SCOPES = "read history modposts modcontributors modnote modmail privatemessages identity"
_PAUSE = timedelta(minutes=1)
_LONGEST = timedelta(hours=1)
_PASSING = {408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524}


class NotAllowed(NeedsOperator):
    """403: the account may not. Where only moderators may, a connector can do without."""


def unreachable(subject: str) -> RetryLater:
    """No answer at all."""
    return RetryLater("Reddit could not be reached.", subject=subject, after=_PAUSE)


def not_json(subject: str) -> RetryLater:
    """An answer that is no answer: mostly a page of the machinery before Reddit."""
    return RetryLater("Reddit's answer could not be read.", subject=subject, after=_PAUSE)


def token_trouble(response: requests.Response, subject: str) -> ChaperoneError | None:
    """What is wrong with the answer to signing in, or None. Bad passwords come with HTTP 200."""
    if response.status_code in _PASSING or response.status_code == 429:
        return trouble(response, subject)
    said = _json(response)
    error = said.get("error") if isinstance(said, dict) else None
    if response.status_code == 401:
        return NeedsOperator(
            "Reddit does not know this app: its id or secret is wrong, or its key was withdrawn.",
            subject=subject,
            cure="Look at reddit.com/prefs/apps and set client_id and the client secret anew.",
        )
    if error == "unauthorized_client":
        return NeedsOperator(
            "This Reddit app may not sign in with a password.",
            subject=subject,
            cure='Make an app of the type "script", or use a refresh token.',
        )
    if error is not None or response.status_code != 200:
        return NeedsOperator(
            "Reddit refused the account's password or refresh token.",
            subject=subject,
            cure="Check that the account can sign in, then set the password or refresh token anew.",
        )
    if not isinstance(said, dict) or not _is_token(said):
        return not_json(subject)
    return None


def _is_token(said: dict[str, Any]) -> bool:
    return (
        isinstance(said.get("access_token"), str)
        and isinstance(said.get("expires_in"), int | float)
        and isinstance(said.get("scope"), str)
    )


def trouble(response: requests.Response, subject: str) -> ChaperoneError | None:
    """What is wrong with an answer of the API, by its status, or None."""
    status = response.status_code
    if status in {200, 201, 202, 204}:
        return None
    if status == 429:
        return RetryLater("Reddit asks for a pause.", subject=subject, after=_delay(response))
    if status in _PASSING or status > 499:
        return RetryLater(
            f"Reddit has a fault of its own (HTTP {status}).", subject=subject, after=_PAUSE
        )
    if status == 401:
        return NeedsOperator(
            "Reddit no longer accepts the account's token.",
            subject=subject,
            cure="Set the password or the refresh token of this source anew.",
        )
    if status == 403:
        return _forbidden(response, subject)
    return _final(response, subject)


def _forbidden(response: requests.Response, subject: str) -> ChaperoneError:
    if "insufficient_scope" in response.headers.get("www-authenticate", ""):
        return NeedsOperator(
            "The refresh token lacks a permission that is needed.",
            subject=subject,
            cure=f"Make a new one with the scopes: {_SCOPES}.",
        )
    reason = _reason(response)
    if reason == "PRIVATE":
        return NeedsOperator(
            "The subreddit is private and this account is not in it.",
            subject=subject,
            cure="Ask a moderator of the subreddit to approve the account, or make it a moderator.",
        )
    if reason in {"QUARANTINED", "GATED"}:
        return NeedsOperator(
            "The subreddit is restricted by Reddit and the account has not opted in.",
            subject=subject,
            cure="Open it once in a browser with this account and accept the notice.",
        )
    return NotAllowed(
        "This account may not do that there.",
        subject=subject,
        cure="Make the account a moderator of the subreddit, with permission for posts.",
    )


def _final(response: requests.Response, subject: str) -> ChaperoneError:
    status, reason = response.status_code, _reason(response)
    if status == 404 and reason == "BANNED":
        return Refused("Reddit has closed this subreddit.", subject=subject, cure="Stop watching.")
    if status in {301, 302, 303, 307, 308, 404}:
        return Refused(
            "Reddit has no such subreddit or post.",
            subject=subject,
            cure="Check the name in the settings: without r/, as in the subreddit's address.",
        )
    if status == 451:
        return Refused(
            "Reddit withholds it for legal reasons.",
            subject=subject,
            cure="Look at it in a browser; it cannot be read from here.",
        )
    code = f", {reason}" if reason else ""
    return Refused(
        f"Reddit did not accept the request (HTTP {status}{code}).",
        subject=subject,
        cure="Do it by hand on Reddit, and tell whoever looks after this program.",
    )


def refused_by_answer(answer: Any, subject: str) -> ChaperoneError | None:
    """The error in an answer that came with HTTP 200 (`json.errors`), or None."""
    inner = answer.get("json") if isinstance(answer, dict) else None
    errors = inner.get("errors") if isinstance(inner, dict) else None
    if not errors or not isinstance(errors, list):
        return None
    first = errors[0] if isinstance(errors[0], list) else [errors[0]]
    code = _code(first[0] if first else "")
    if code == "RATELIMIT":
        words = str(first[1]) if len(first) > 1 else ""
        return RetryLater("Reddit asks for a pause.", subject=subject, after=_spoken(words))
    return Refused(
        f"Reddit did not accept the request ({code or 'no reason given'}).",
        subject=subject,
        cure="Do it by hand on Reddit, and tell whoever looks after this program.",
    )


def _spoken(words: str) -> timedelta:
    """The delay in "Take a break for 5 minutes before trying again."."""
    found = re.search(r"(\d{1,4}) (millisecond|second|minute|hour)", words)
    if found is None:
        return _PAUSE
    units = {"millisecond": 0.001, "second": 1, "minute": 60, "hour": 3600}
    return min(timedelta(seconds=int(found[1]) * units[found[2]] + 1), _LONGEST)


def _delay(response: requests.Response) -> timedelta:
    for name in ("retry-after", "x-ratelimit-reset"):
        try:
            seconds = float(response.headers.get(name, ""))
        except ValueError:
            continue
        if 0 <= seconds < 1e6:
            return min(max(timedelta(seconds=seconds), timedelta(seconds=1)), _LONGEST)
    return _PAUSE


def _reason(response: requests.Response) -> str:
    said = _json(response)
    return _code(said.get("reason", "")) if isinstance(said, dict) else ""


def _code(said: Any) -> str:
    """A code of Reddit's ("TOO_LONG", "private") in upper case, or nothing."""
    code = str(said).upper()
    return code if re.fullmatch(r"[A-Z_]{2,40}", code) else ""


def _json(response: requests.Response) -> Any:
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None
