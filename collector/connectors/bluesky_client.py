"""Talking to Bluesky (XRPC on the account's own server), and its complaints by their remedy.

A session is kept in this process and renewed: Bluesky allows few sign-ins a day. Only error
names are repeated, never the server's own sentences.
"""

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import Any

from collector.connectors.web import LONGEST_DELAY, Answer, Bearer, Node, WebClient, asked_delay
from models.errors import ChaperoneError, NeedsOperator, Refused

_SHORT_DELAY = timedelta(minutes=2)
_RENEW = (
    "In Bluesky, under Settings, Privacy and security, App passwords, make a new one, and put it "
    "where the settings say the password is."
)
_GONE = frozenset({"NotFound", "RecordNotFound"})
_SIGN_IN = frozenset(
    {"AuthenticationRequired", "AuthMissing", "AccountTakedown", "AuthFactorTokenRequired"}
)


class Missing(Refused):
    """Bluesky has no such post or record."""


class Changed(Refused):
    """Somebody else changed the record meanwhile: read it again."""


class Expired(NeedsOperator):
    """The session has ended. Ours to renew; a person's where that fails too."""


class Sessions:
    """Sessions of this process, by account. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[str, dict[str, str]] = {}

    def get(self, key: str) -> dict[str, str]:
        """did, accessJwt and refreshJwt; {} where there is no session."""
        with self._lock:
            return dict(self._kept.get(key, {}))

    def put(self, key: str, session: dict[str, str]) -> None:
        """Keep it for the next poll."""
        with self._lock:
            self._kept[key] = session

    def __repr__(self) -> str:
        return "Sessions(...)"


_SESSIONS = Sessions()


class BlueskyClient:
    """One account's access. Raises RetryLater, NeedsOperator or Refused."""

    def __init__(self, base_url: str, handle: str, password: str, subject: str) -> None:
        """base_url: the server's address, ending in a slash."""
        self._base_url, self._handle, self._subject = base_url, handle, subject
        self._password = password
        secret = f"{base_url}\n{handle}\n{password}".encode("utf-8", "replace")
        self._key = sha256(secret).hexdigest()

    @property
    def did(self) -> str:
        """The account's lasting id. Signs in where nobody has yet."""
        return (_SESSIONS.get(self._key) or self._sign_in())["did"]

    def get(self, name: str, **params: Any) -> Node:
        """A query by its name ("app.bsky.feed.getPosts")."""
        return self._signed("GET", name, params=params)

    def post(self, name: str, said: object) -> Node:
        """A procedure by its name."""
        return self._signed("POST", name, json=said)

    def listed(self, answer: Node, name: str) -> tuple[list[Any], str]:
        """(a list of an answer, what to ask on with: "" at the end)."""
        found, onward = answer.get(name), answer.get("cursor")
        if not isinstance(found, list) or not isinstance(onward, str | None):
            raise self.unreadable("no list")
        return found, onward or ""

    def unreadable(self, why: str) -> ChaperoneError:
        """The answer was not what Bluesky answers."""
        return self._web("").unreadable(why)

    def later(self, said: str) -> ChaperoneError:
        """It passes by itself."""
        return self._web("").later(said)

    def _signed(self, method: str, name: str, **what: Any) -> Node:
        session = _SESSIONS.get(self._key) or self._sign_in()
        try:
            return self._call(session["accessJwt"], method, name, **what)
        except Expired:
            renewed = self._renew(session)
            return self._call(renewed["accessJwt"], method, name, **what)

    def _renew(self, session: dict[str, str]) -> dict[str, str]:
        """With the kept session; by signing in anew where that has ended as well."""
        newest = _SESSIONS.get(self._key)
        if newest and newest["accessJwt"] != session["accessJwt"]:
            return newest  # another thread was quicker; a refresh token is good only once
        try:
            said = self._call(session["refreshJwt"], "POST", "com.atproto.server.refreshSession")
        except NeedsOperator:
            return self._sign_in()
        return self._kept(said)

    def _sign_in(self) -> dict[str, str]:
        given = {"identifier": self._handle, "password": self._password}
        return self._kept(self._call("", "POST", "com.atproto.server.createSession", json=given))

    def _kept(self, said: Node) -> dict[str, str]:
        session = {name: said.get(name) for name in ("did", "accessJwt", "refreshJwt")}
        if not all(isinstance(one, str) and one for one in session.values()):
            raise self.unreadable("no session")
        found = {name: str(one) for name, one in session.items()}
        _SESSIONS.put(self._key, found)
        return found

    def _call(self, token: str, method: str, name: str, **what: Any) -> Node:
        web = self._web(token)
        try:
            return web.object(method, f"xrpc/{name}", **what)
        finally:
            web.close()

    def _web(self, token: str) -> WebClient:
        auth = Bearer(token) if token else None
        return WebClient("Bluesky", self._subject, self._base_url, self._check, auth)

    def _check(self, answer: Answer) -> ChaperoneError | None:
        status, name = answer.status, _name(answer.content)
        if 200 <= status < 300 or status >= 500:
            return None
        if status == 429:
            return self._web("").later("asks us to wait (HTTP 429)", _delay(answer))
        if name in {"ExpiredToken", "InvalidToken"}:  # with 400, not 401
            said = f"Bluesky ended the session ({name})."
            return Expired(said, subject=self._subject, cure=_RENEW)
        if status == 401 or name in _SIGN_IN:
            return self._operator(f"Bluesky did not accept the app password ({name}).", _RENEW)
        if name in _GONE:
            return Missing("Bluesky has no such post.", subject=self._subject, cure="")
        if name == "InvalidSwap":
            return Changed("It was changed meanwhile.", subject=self._subject, cure="")
        if 300 <= status < 400 or status in {403, 404, 405}:
            cure = "Check base_url: the account's own server, usually https://bsky.social."
            return self._operator("No Bluesky server answers there.", cure)
        return Refused(
            f"Bluesky did not accept the request (HTTP {status}{name and ', ' + name}).",
            subject=self._subject,
            cure="Do it by hand in Bluesky.",
        )

    def _operator(self, what: str, cure: str) -> NeedsOperator:
        return NeedsOperator(what, subject=self._subject, cure=cure)


def _name(content: object) -> str:
    said = content.get("error") if isinstance(content, dict) else None
    return said if isinstance(said, str) and re.fullmatch(r"[A-Z][A-Za-z]{2,40}", said) else ""


def _delay(answer: Answer) -> timedelta:
    """Retry-After, or the moment (in seconds since 1970) at which the allowance begins anew."""
    reset = answer.headers.get("RateLimit-Reset", "")
    if reset.isascii() and reset.isdigit() and len(reset) < 12:
        until = datetime.fromtimestamp(int(reset), UTC) - datetime.now(UTC)
        return asked_delay(answer) or min(max(until, timedelta(seconds=1)), LONGEST_DELAY)
    return asked_delay(answer) or _SHORT_DELAY
