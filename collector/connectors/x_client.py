"""Talking to X: requests signed with keys that do not end, and its complaints named by remedy.

Signed by OAuth 1.0a (RFC 5849, HMAC-SHA1): the keys of OAuth 2.0 live two hours and change at
each renewal. Signed here, since the usual library writes keys into its log. Only titles from the
list below are acted on; the platform's own words are never repeated.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from secrets import token_hex
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import requests

from collector.connectors.web import Answer, Node, WebClient, asked_delay
from models.errors import ChaperoneError, NeedsOperator, Refused, RetryLater

API_URL = "https://api.x.com/"
FIELDS: Mapping[str, str] = {
    "tweet.fields": "created_at,author_id,conversation_id,referenced_tweets,attachments,entities,"
    "edit_history_tweet_ids,note_tweet,public_metrics",
    "expansions": "author_id",
    "user.fields": "username,name",
}
_WINDOW = timedelta(minutes=15)
_LONGEST = timedelta(days=1)
_KEYS = (
    "Make new keys in the X developer console, under Keys and tokens, with permission to read and "
    "write, and put all four where the settings say."
)
_PLAN = (
    "Open the X developer console: buy credits, or raise the spending limit. Until then nothing "
    "of X is seen here: look at X itself."
)
_PROJECT = (
    "In the X developer console, put the app into a project whose plan includes reading mentions "
    "and hiding replies, with permission to read and write; then make new keys."
)


@dataclass(frozen=True, slots=True)
class Keys:
    """The app's key and the account's, each with its secret. Print as nothing."""

    api_key: str = field(repr=False)
    api_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    access_secret: str = field(repr=False)


class Missing(Refused):
    """X knows no such post, or no longer."""

    def __init__(self, subject: str) -> None:
        super().__init__("X knows no such post.", subject=subject, cure="Open it on X to see.")


class NotAllowed(NeedsOperator):
    """The keys are good, and may not do this."""

    def __init__(self, subject: str) -> None:
        super().__init__("X does not let these keys do this.", subject=subject, cure=_PROJECT)


class XClient:
    """One account's access. Every call raises RetryLater, NeedsOperator or Refused."""

    def __init__(self, base_url: str, keys: Keys, subject: str) -> None:
        self._subject = subject
        self._web = WebClient("X", subject, base_url, self._check, Signed(keys))

    def page(self, path: str, **asked: str) -> Node:
        """One page. `data` is a list, absent where nothing is found; `meta` may hold next_token."""
        answer = self._web.object("GET", path, params={**FIELDS, **asked})
        for name, kind in (("data", list), ("meta", dict), ("includes", dict), ("errors", list)):
            if not isinstance(answer.get(name, kind()), kind):
                raise self._web.unreadable("no list")
        if not {"data", "meta", "errors"} & set(answer):
            raise self._web.unreadable("no list")
        return answer

    def put(self, path: str, content: Mapping[str, Any]) -> Node:
        """Send a change."""
        return self._web.object("PUT", path, json=dict(content))

    def close(self) -> None:
        """Give the connections back."""
        self._web.close()

    def _check(self, answer: Answer) -> ChaperoneError | None:
        if 200 <= answer.status < 300:
            return None
        body = answer.content if isinstance(answer.content, dict) else {}
        subject = self._subject
        capped = body.get("title") == "UsageCapExceeded" or "usage-capped" in str(body.get("type"))
        if answer.status == 402 or capped:
            # The same number as "too fast", and no waiting of minutes helps.
            said = "The paid allowance of X is used up."
            return NeedsOperator(said, subject=subject, cure=_PLAN)
        if answer.status == 401:
            return NeedsOperator("X does not accept the keys.", subject=subject, cure=_KEYS)
        if answer.status == 403:
            return NotAllowed(subject)
        if answer.status == 404:
            return Missing(subject)
        if answer.status == 429:
            said = "Too many calls in a short time."
            return RetryLater(said, subject=subject, after=_until_reset(answer))
        if answer.status == 400:
            cure = "It is asked anew from the beginning. If it stays so, check user_id."
            return Refused("X refused what was asked.", subject=subject, cure=cure)
        return None


class Signed(requests.auth.AuthBase):
    """Signs each request. Prints as nothing; no .netrc puts others in its place."""

    def __init__(self, keys: Keys, nonce: str = "", at: str = "") -> None:
        """nonce, at: fixed only to compare with a known signature."""
        self._keys, self._nonce, self._at = keys, nonce, at

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the signature into the Authorization header."""
        said = {
            "oauth_consumer_key": self._keys.api_key,
            "oauth_nonce": self._nonce or token_hex(16),
            "oauth_signature_method": "HMAC-SHA1",
            "oauth_timestamp": self._at or str(int(time.time())),
            "oauth_token": self._keys.access_token,
            "oauth_version": "1.0",
        }
        said["oauth_signature"] = self._signature(str(request.method), str(request.url), said)
        pairs = ", ".join(f'{name}="{_quoted(value)}"' for name, value in said.items())
        request.headers["Authorization"] = f"OAuth {pairs}"
        return request

    def _signature(self, method: str, url: str, said: Mapping[str, str]) -> str:
        parts = urlsplit(url)
        asked = [*parse_qsl(parts.query, keep_blank_values=True), *said.items()]
        base = (method, f"{parts.scheme}://{parts.netloc}{parts.path}", _sorted(asked))
        key = f"{_quoted(self._keys.api_secret)}&{_quoted(self._keys.access_secret)}"
        text = "&".join(_quoted(piece) for piece in base)
        found = hmac.new(key.encode(), text.encode(), hashlib.sha1).digest()
        return base64.b64encode(found).decode()

    def __repr__(self) -> str:
        return "Signed(...)"


def _sorted(pairs: Iterable[tuple[str, str]]) -> str:
    return "&".join(f"{name}={value}" for name, value in sorted(map(_both_quoted, pairs)))


def _both_quoted(pair: tuple[str, str]) -> tuple[str, str]:
    return _quoted(pair[0]), _quoted(pair[1])


def _quoted(text: str) -> str:
    return quote(text, safe="-._~")


def _until_reset(answer: Answer) -> timedelta:
    """Until the window of fifteen minutes is over, as its header says."""
    said = answer.headers.get("x-rate-limit-reset", "")
    if said.isascii() and said.isdigit() and len(said) < 12:
        seconds = int(said) - int(time.time())
        return min(max(timedelta(seconds=seconds), timedelta(seconds=1)), _LONGEST)
    return asked_delay(answer) or _WINDOW
