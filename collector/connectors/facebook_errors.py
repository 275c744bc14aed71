"""The platform's complaints as errors that are named by their remedy.

Only codes are repeated, never the platform's own message: it can hold the token or a post's id
and words. Codes: Graph API error handling, v25.
"""

from collections.abc import Mapping
from datetime import timedelta

from collector.connectors.facebook_usage import Usage
from models.errors import ChaperoneError, NeedsOperator, Refused, RetryLater

_RENEW = (
    "Sign in to Facebook as somebody who may moderate the Page, make a new Page access token, put "
    "it where the settings say the token is, and wait for the next try."
)
_PERMISSIONS = (
    "In the Meta app, give the token pages_read_engagement, pages_read_user_content and "
    "pages_manage_engagement, check that its person may moderate the Page, then make a new token."
)
_WHY_TOKEN = {
    458: "The app was removed by the person whose token it is",
    459: "Facebook wants the person whose token it is to sign in and confirm",
    460: "The person whose token it is changed the password",
    463: "The access token has expired",
    464: "Facebook wants the person whose token it is to sign in and confirm",
    467: "The access token is no longer valid",
    492: "The person whose token it is no longer has a role on the Page",
}
_TOKEN = frozenset({102, 104, 190})
_PERMISSION = frozenset({3, 10, *range(200, 300)})
_LIMIT = frozenset({4, 17, 32, 341, 613, *range(80000, 80015)})
_TRANSIENT = frozenset({1, 2})
_LIMIT_DELAY = timedelta(minutes=30)
_SHORT_DELAY = timedelta(minutes=2)
_LONGEST = timedelta(days=1)


class Missing(Refused):
    """Code 100 for an object: it is gone, or the token may not touch it. They look alike."""

    def __init__(self, subject: str) -> None:
        super().__init__(
            "Facebook shows no such thing, or does not let this token touch it.",
            subject=subject,
            cure="Open it on Facebook to see which.",
        )


class LacksPermission(NeedsOperator):
    """The token is good, and may not do this. The rest goes on without it."""


class TooMuch(RetryLater):
    """The answer is longer than it may be: ask for less at once."""

    def __init__(self, subject: str) -> None:
        super().__init__(
            "Facebook's answer was too long to be read.", subject=subject, after=_SHORT_DELAY
        )


def check_error(
    status: int, headers: Mapping[str, str], content: object, usage: Usage, subject: str
) -> None:
    """Raise what the answer asks for, if it is an error; return where it is none."""
    body = content.get("error") if isinstance(content, dict) else None
    if isinstance(body, dict):
        raise _coded(body, headers, usage, subject)
    if status == 429 or status >= 500:
        said = "Facebook asks us to wait" if status == 429 else "Facebook is out of order"
        delay = _asked_delay(headers, usage) or _SHORT_DELAY
        raise RetryLater(f"{said} (HTTP {status}).", subject=subject, after=delay)
    if body or not 200 <= status < 300:
        raise unreadable(f"HTTP {status}", subject)


def lacks_permission(subject: str, shown: str = "it can read, but not change") -> LacksPermission:
    """The token is good, and may not do this."""
    said = f"The access token lacks a permission ({shown})."
    return LacksPermission(said, subject=subject, cure=_PERMISSIONS)


def unreadable(why: str, subject: str) -> RetryLater:
    """The answer was not what the Graph API answers: a proxy, or a fault on their side."""
    return RetryLater(
        f"What came back is not an answer of Facebook's ({why}).",
        subject=subject,
        cure="It will be tried again. If it stays so, check the network and base_url.",
        after=_SHORT_DELAY,
    )


def network_problem(error: Exception, subject: str) -> ChaperoneError:
    """The network, or the SDK, gave up. Only the kind of error is told."""
    return RetryLater(
        f"Facebook could not be reached ({type(error).__name__}).",
        subject=subject,
        cure="It will be tried again. If it stays so, check this machine's network.",
        after=_SHORT_DELAY,
    )


def _coded(
    body: Mapping[str, object], headers: Mapping[str, str], usage: Usage, subject: str
) -> ChaperoneError:
    code, subcode = _number(body, "code"), _number(body, "error_subcode")
    shown = f"Facebook error {code}" + (f"/{subcode}" if subcode else "")
    if "appsecret_proof" in str(body.get("message", "")):
        return NeedsOperator(
            f"The Meta app wants proof of its secret, and did not get a good one ({shown}).",
            subject=subject,
            cure="Set app_secret of this source to the secret of the app that made the token.",
        )
    if code in _TOKEN:
        why = _WHY_TOKEN.get(subcode, "Facebook does not accept the access token")
        return NeedsOperator(f"{why} ({shown}).", subject=subject, cure=_RENEW)
    if code in _PERMISSION:
        return lacks_permission(subject, shown)
    if code == 368:
        return NeedsOperator(
            f"Facebook has blocked this for breaking its policies ({shown}).",
            subject=subject,
            cure="Open the Page's support inbox on Facebook and clear what it asks.",
        )
    if code == 1 and "reduce the amount of data" in str(body.get("message", "")).lower():
        return TooMuch(subject)
    if code in _TRANSIENT or code in _LIMIT:
        said = "Too many calls in a short time" if code in _LIMIT else "Facebook is out of order"
        default = _LIMIT_DELAY if code in _LIMIT else _SHORT_DELAY
        delay = _asked_delay(headers, usage) or default
        return RetryLater(f"{said} ({shown}).", subject=subject, after=delay)
    if code == 100 and (subcode == 33 or _speaks_of_absence(body)):
        return Missing(subject)
    return Refused(
        f"Facebook refused ({shown}).",
        subject=subject,
        cure="Check the Page's number in the settings, or do it by hand on Facebook.",
    )


def _speaks_of_absence(body: Mapping[str, object]) -> bool:
    return "does not exist" in str(body.get("message", ""))


def _number(body: Mapping[str, object], name: str) -> int:
    value = body.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _asked_delay(headers: Mapping[str, str], usage: Usage) -> timedelta | None:
    """The platform's own delay: Retry-After in seconds, or minutes in the usage headers."""
    seconds = headers.get("Retry-After", "").strip()
    if seconds.isascii() and seconds.isdigit() and len(seconds) < 8:
        return min(timedelta(seconds=int(seconds)), _LONGEST)
    return usage.regain
