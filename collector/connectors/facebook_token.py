"""What Facebook itself says of the access token: whether it is good, until when, and for what.

Asked at the first look, weekly, and whenever the token was changed (fact sheet: "test this at
start and weekly"). A token that has ended stops its source at once. One that lacks a permission
stops it once everything that may still be read was read. One that ends soon is a note.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from collector.connectors.facebook_client import GraphClient
from models.errors import ChaperoneError, NeedsOperator, RetryLater

READ = "pages_read_engagement"
READ_PEOPLE = "pages_read_user_content"
MODERATE = "pages_manage_engagement"
MESSAGES = "pages_messaging"
BLOCK = "pages_manage_metadata"

NEEDED = (READ, READ_PEOPLE, MODERATE)
"""Without one of them the Page is not watched as it should be."""

_FOR = {
    READ: "the Page's posts and comments cannot be read",
    READ_PEOPLE: "it does not say who wrote a comment, and visitors' posts are not seen",
    MODERATE: "comments cannot be hidden or deleted",
    MESSAGES: "the Page's inbox cannot be read, and authors cannot be written to",
    BLOCK: "nobody can be blocked from the Page",
}
_EVERY = timedelta(days=7)
_AFTER_REFUSAL = timedelta(days=1)
_SOON = timedelta(days=10)
_UK = ZoneInfo("Europe/London")
_RENEW = (
    "Make a new Page access token as docs/connectors/facebook.md says, put it where the settings "
    "say the token is, and wait for the next try."
)
UNKNOWN_END = (
    "Facebook does not say how long the access token lasts. Set app_id and app_secret of this "
    "source, and it does."
)


@dataclass(frozen=True, slots=True)
class Said:
    """What the platform said. until: aware UTC, None: it does not end. scopes: None: not told."""

    valid: bool
    until: datetime | None
    scopes: frozenset[str] | None


@dataclass(slots=True)
class TokenWatch:
    """One source's. It remembers what was said, until it is time to ask again."""

    _asked_of: str = ""
    _ask_again: datetime | None = None
    _said: Said | None = None

    def look(self, token: str, client: Callable[[], GraphClient], moment: datetime) -> None:
        """Ask, where it is time to. client: signed in as the app, or with the token itself.

        Raises nothing: what is wrong with the token says `refuse` or `notes`, and what is wrong
        with the platform the calls that follow.
        """
        mark = sha256(token.encode()).hexdigest()
        if mark == self._asked_of and self._ask_again is not None and moment < self._ask_again:
            return
        asking = client()
        try:
            answer = asking.send("debug_token", input_token=token, method="get")
        except RetryLater:
            return
        except ChaperoneError:
            self._asked_of, self._said = mark, None
            self._ask_again = moment + _AFTER_REFUSAL
            return
        finally:
            asking.close()
        self._asked_of, self._said, self._ask_again = mark, read_said(answer), moment + _EVERY

    def refuse(self, moment: datetime, subject: str, wanted: Sequence[str]) -> None:
        """Raises NeedsOperator where nothing can be read with it."""
        said = self._said
        if said is None:
            return
        if not said.valid or (said.until is not None and said.until <= moment):
            raise NeedsOperator(
                "Facebook says that the access token has ended.", subject=subject, cure=_RENEW
            )
        if said.scopes is not None and READ not in said.scopes:
            raise self._lacking(subject, wanted)

    def refuse_after_reading(self, subject: str, wanted: Sequence[str]) -> None:
        """Raises NeedsOperator where a permission that is wanted is missing."""
        if self._missing(wanted):
            raise self._lacking(subject, wanted)

    def notes(self, moment: datetime) -> tuple[str, ...]:
        """What the Sources screen says of it."""
        if self._said is None:
            return (UNKNOWN_END,) if self._ask_again is not None else ()
        until = self._said.until
        if until is None or until - moment > _SOON:
            return ()
        day = until.astimezone(_UK).strftime("%-d %B %Y")
        return (f"The access token ends on {day}. {_RENEW}",)

    def _missing(self, wanted: Sequence[str]) -> list[str]:
        scopes = self._said.scopes if self._said else None
        return [] if scopes is None else [name for name in wanted if name not in scopes]

    def _lacking(self, subject: str, wanted: Sequence[str]) -> NeedsOperator:
        names = self._missing(wanted)
        lost = "; ".join(_FOR[name] for name in names)
        return NeedsOperator(
            f"The access token lacks {', '.join(names)}: {lost}.",
            subject=subject,
            cure="In the Meta app give it these permissions, check that its person may moderate "
            "the Page, then make a new token as docs/connectors/facebook.md says.",
        )


def read_said(answer: Any) -> Said | None:
    """The answer of debug_token; None where it does not say.

    Times in it are seconds since 1970, 0 for never.
    """
    data = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(data, dict) or not isinstance(data.get("is_valid"), bool):
        return None
    ends = (_time(data.get("expires_at")), _time(data.get("data_access_expires_at")))
    told = data.get("scopes")
    scopes = told if isinstance(told, list) else []
    return Said(
        valid=data["is_valid"],
        until=min((one for one in ends if one is not None), default=None),
        scopes=frozenset(str(one) for one in scopes) or None,
    )


def _time(seconds: object) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds <= 0:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
