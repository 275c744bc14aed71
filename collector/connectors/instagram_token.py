"""Keeping an Instagram token alive: it lives sixty days, and each renewal gives sixty more.

The renewed token is kept in a file that only its owner may read, where the settings name one;
else the Sources screen says when a person has to make a new one. A token that nobody renews in
time has to be made anew by signing in.
"""

import json
import os
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from collector.connectors.instagram_client import InstagramClient
from models.errors import ChaperoneError, MendSettings, NeedsOperator
from models.vocabulary import aware

LIFE = timedelta(days=60)
_RENEW_EVERY = timedelta(days=7)
_WARN_BEFORE = timedelta(days=10)
_STOP_BEFORE = timedelta(days=3)
_UK = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Token:
    """The token to use. until: when it ends, aware UTC, None where nobody knows."""

    value: str
    until: datetime | None = None
    renewed_at: datetime | None = None

    def __repr__(self) -> str:
        return f"Token(until={self.until})"


@dataclass(frozen=True, slots=True)
class Renewal:
    """How a token is kept alive. made_on: the day the configured one was made. page: which page
    of docs/connectors says how to make one: other platforms' tokens live sixty days too."""

    kept_in: Path | None = None
    made_on: date | None = None
    page: str = "instagram"

    def newest(self, configured: str, subject: str) -> Token:
        """The kept token where it comes from the configured one, else that one.

        Raises NeedsOperator where the file cannot be read.
        """
        made = datetime.combine(self.made_on, time(), _UK) if self.made_on else None
        own = Token(configured, aware(made) + LIFE if made else None)
        if self.kept_in is None or not self.kept_in.exists():
            return own
        try:
            said = json.loads(self.kept_in.read_text(encoding="utf-8"))
            if said["from"] != _mark(configured):
                return own  # a person has put a new one in the settings
            until, renewed_at = (datetime.fromisoformat(said[name]) for name in ("until", "at"))
            return Token(str(said["token"]), aware(until), aware(renewed_at))
        except OSError as error:
            raise _file_trouble(self.kept_in, error, subject) from None
        except (ValueError, KeyError, TypeError):
            return own

    def due(self, token: Token, moment: datetime) -> bool:
        """Whether it is time to renew it: weekly, from the first look on."""
        if self.kept_in is None:
            return False
        return token.renewed_at is None or moment - token.renewed_at >= _RENEW_EVERY

    def renew(
        self, client: InstagramClient, configured: str, moment: datetime, subject: str
    ) -> Token | None:
        """Ask for a new one and keep it. None where the platform would not now: a token younger
        than a day is not renewed. Raises NeedsOperator where the file cannot be written."""
        try:
            answer = client.renew()
        except ChaperoneError:
            return None  # the token still works, or the next call says that it does not
        value, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(value, str) or not value or self.kept_in is None:
            return None
        life = _span(seconds)
        token = Token(value, moment + life, moment)
        self._keep(token, configured, subject)
        return token

    def _keep(self, token: Token, configured: str, subject: str) -> None:
        if self.kept_in is None or token.until is None or token.renewed_at is None:
            return
        text = json.dumps(
            {
                "from": _mark(configured),
                "token": token.value,
                "until": token.until.isoformat(),
                "at": token.renewed_at.isoformat(),
            }
        )
        beside = self.kept_in.with_suffix(".new")
        try:
            beside.unlink(missing_ok=True)
            with os.fdopen(
                os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w"
            ) as out:
                out.write(text)
            beside.replace(self.kept_in)
        except OSError as error:
            raise _file_trouble(self.kept_in, error, subject) from None

    def warning(self, token: Token, moment: datetime, subject: str) -> str:
        """What the Sources screen says of its end, "" while that is far. Raises NeedsOperator
        three days before it, while a new one can still be made without a gap."""
        if token.until is None or token.until - moment > _WARN_BEFORE:
            return ""
        day = token.until.astimezone(_UK).strftime("%-d %B %Y")
        cure = (
            f"Make a new access token as docs/connectors/{self.page}.md says, put it where the "
            "settings say the token is, and change token_made_on."
        )
        if token.until - moment <= _STOP_BEFORE:
            raise NeedsOperator(f"The access token ends on {day}.", subject=subject, cure=cure)
        return f"The access token ends on {day}. {cure}"


def renewal(kept_in: str, made_on: str, page: str = "instagram") -> Renewal:
    """From the options. Raises MendSettings for a day that is none."""
    try:
        day = date.fromisoformat(made_on) if made_on else None
    except ValueError:
        raise MendSettings(
            "It is not a day.", subject="token_made_on", cure='Write it like "2026-11-21".'
        ) from None
    return Renewal(Path(kept_in) if kept_in else None, day, page)


def _mark(configured: str) -> str:
    """Tells whether the configured token was changed, without keeping it."""
    return sha256(configured.encode()).hexdigest()[:16]


def _span(seconds: object) -> timedelta:
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 < seconds < 10**8:
        return LIFE
    return timedelta(seconds=seconds)


def _file_trouble(path: Path, error: OSError, subject: str) -> NeedsOperator:
    return NeedsOperator(
        f"The file of the renewed token cannot be used ({type(error).__name__}).",
        subject=subject,
        cure=f"See that this program may read and write {path.name} and its folder.",
    )
