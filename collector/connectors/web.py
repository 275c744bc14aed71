"""Talking JSON to a platform, over a requests session that keeps our promises.

Credentials travel in headers only (no address, log or exception ever holds one), redirects are
never followed, an answer is read to MAX_BODY bytes and for DEADLINE seconds, and decoded
strictly. What the platform's own errors mean, each connector says in its `check`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import requests

from models.errors import ChaperoneError, MendSettings, RetryLater

TIMEOUT = (10.0, 60.0)
"""Seconds to connect, and to wait for the next piece of an answer."""

DEADLINE = 120.0
"""Seconds for a whole answer, however it drips."""

MAX_BODY = 8 * 1024 * 1024
"""Bytes. A hundred posts of the longest kind are less."""

SHORT_DELAY = timedelta(minutes=2)
LONGEST_DELAY = timedelta(days=1)

Node = Mapping[str, Any]
"""A JSON object as the platform gave it: nothing in it is trusted."""

_HERE = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. content: its JSON, None where the body is empty or no JSON."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    content: object


Check = Callable[[Answer], ChaperoneError | None]
"""The error that an answer of the platform stands for, None where it is a good one."""


class Bearer(requests.auth.AuthBase):
    """A token in its header. Prints as nothing; no .netrc puts others in its place."""

    def __init__(self, token: str, scheme: str = "Bearer") -> None:
        self._value = f"{scheme} {token}"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign one request. A token that no header can hold is the platform's to refuse."""
        request.headers["Authorization"] = self._value.encode("utf-8").decode("latin-1").strip()
        return request

    def __repr__(self) -> str:
        return "Bearer(...)"


class WebClient:
    """One account's way to one platform. Not shared between threads; cheap to build.

    platform: its name in messages. Every call raises what `check` found, or RetryLater.
    """

    def __init__(
        self,
        platform: str,
        subject: str,
        base_url: str,
        check: Check,
        auth: requests.auth.AuthBase | None = None,
    ) -> None:
        self._platform, self._subject, self._base_url = platform, subject, base_url
        self._check = check
        self._session = requests.Session()
        self._session.auth = auth
        if urlsplit(base_url).hostname in _HERE:
            self._session.trust_env = False  # no proxy stands between us and our own machine

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **what: Any
    ) -> Answer:
        """One call. path: below the base address. what: params, json or data, as requests has."""
        if self._session.auth is None:
            what.setdefault("auth", _nobody)  # or requests would look for a .netrc
        try:
            response = self._session.request(
                method,
                self._base_url + path,
                headers=dict(headers or {}),
                stream=True,
                allow_redirects=False,
                timeout=TIMEOUT,
                **what,
            )
            with response:
                body = self._read(response)
        except requests.RequestException as error:
            # `from None`: what these print may hold the address or the platform's own words.
            raise self.later(f"could not be reached ({type(error).__name__})") from None
        answer = Answer(response.status_code, response.headers, body, decoded(body))
        self._raise(answer)
        return answer

    def object(self, method: str, path: str, **what: Any) -> Node:
        """As `ask`, where the answer has to be a JSON object. Raises RetryLater if it is none."""
        content = self.ask(method, path, **what).content
        if not isinstance(content, dict):
            raise self.unreadable("not an object")
        return content

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    def later(self, said: str, after: timedelta = SHORT_DELAY) -> RetryLater:
        """It passes by itself. said: what the platform did ("is out of order")."""
        return RetryLater(
            f"{self._platform} {said}.",
            subject=self._subject,
            cure="It will be tried again. If it stays so, check this machine's network.",
            after=after,
        )

    def unreadable(self, why: str) -> RetryLater:
        """The answer was not what the platform answers: a proxy, or a fault on their side."""
        return RetryLater(
            f"What came back is not an answer of {self._platform} ({why}).",
            subject=self._subject,
            cure="It will be tried again. If it stays so, check this machine's network.",
            after=SHORT_DELAY,
        )

    def _raise(self, answer: Answer) -> None:
        error = self._check(answer)
        if error is not None:
            raise error
        status = answer.status
        if status == 429 or status >= 500:
            said = "asks us to wait" if status == 429 else "is out of order"
            raise self.later(f"{said} (HTTP {status})", asked_delay(answer) or SHORT_DELAY)
        if not 200 <= status < 300:
            raise self.unreadable(f"HTTP {status}")
        if answer.content is None and answer.body.strip() not in (b"", b"null"):
            raise self.unreadable("no JSON")

    def _read(self, response: requests.Response) -> bytes:
        body, stop_at = bytearray(), monotonic() + DEADLINE
        for piece in response.iter_content(65536):
            body += piece
            if len(body) > MAX_BODY or monotonic() > stop_at:
                raise self.unreadable("it is too long to be read")
        return bytes(body)


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def decoded(body: bytes) -> object:
    """The JSON in it, or None. Strict: half-read words would be stored as if they were said."""
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return None


def asked_delay(answer: Answer) -> timedelta | None:
    """Retry-After, in seconds or as a date; None where it says nothing that can be read."""
    said = answer.headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit() and len(said) < 8:
        return min(timedelta(seconds=int(said)), LONGEST_DELAY)
    try:
        until = parsedate_to_datetime(said) - datetime.now(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(until, timedelta(seconds=1)), LONGEST_DELAY)


def safe_base(address: str, usual: str) -> str:
    """The address, ending in a slash. Only https, or this machine itself: tokens are sent there.

    Raises MendSettings.
    """
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
        raise MendSettings(
            "The access token would be sent unprotected.",
            subject="base_url",
            cure=f'Leave it out, or begin it with "https://". The usual one is "{usual}".',
        )
    return address if address.endswith("/") else f"{address}/"


def days(options: Mapping[str, object], name: str, default: int) -> timedelta:
    """An option that counts days. Raises MendSettings where it does not."""
    value = options.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 3650:
        raise MendSettings("It is not a number of days.", subject=name, cure="Write 1 to 3650.")
    return timedelta(days=value)


def part_of(node: object, name: str) -> Mapping[str, Any]:
    """An object within an object, {} where there is none."""
    found = node.get(name) if isinstance(node, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def text_of(node: object, name: str) -> str:
    """A text within an object, "" where there is none."""
    found = node.get(name) if isinstance(node, Mapping) else None
    return found if isinstance(found, str) else ""


def text_id(value: object) -> str:
    """An id as text, "" where it is none."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**40:
        return str(value)
    return value if isinstance(value, str) else ""


def moment(value: object) -> datetime | None:
    """A time such as 2020-06-01T10:56:52+0000 or 2022-11-14T10:23:02.000Z, aware UTC."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
