"""Talking to the Graph API: facebook-sdk over a session that keeps our promises.

The SDK (3.1.0) knows neither current versions, nor other addresses, nor time-outs per call, nor
bodies that are not what they should be. Its requests go through `_Session`, which sends them to
the base address of this one client, puts the token in a header (so no address, log or exception
ever holds it), follows no redirect, and reads no more than MAX_BODY.
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Mapping
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import facebook
import requests

from collector.connectors.facebook_errors import (
    TooMuch,
    check_error,
    network_problem,
    unreadable,
)
from collector.connectors.facebook_usage import Usage

GRAPH_VERSION = "v25.0"
"""v19 ended on 21 May 2026. The SDK refuses this in its constructor: it is set afterwards."""

GRAPH_URL = "https://graph.facebook.com/"
TIMEOUT = (10.0, 60.0)
"""Seconds to connect, and to wait for the next piece of an answer."""

DEADLINE = 120.0
"""Seconds for a whole answer, however it drips."""

MAX_BODY = 8 * 1024 * 1024
"""Bytes. A hundred posts of the longest kind are less."""

Node = Mapping[str, Any]
"""A JSON object as the platform gave it: nothing in it is trusted."""


class GraphClient:
    """One Page's access to the Graph API. Not shared between threads; cheap to build.

    usage: how much of the platform's allowance was used, as of the newest answer.
    Every call raises RetryLater, NeedsOperator or Refused; Missing (a Refused) for an object
    that is gone or not to be touched; TooMuch (a RetryLater) for an answer beyond its size.
    """

    def __init__(self, base_url: str, token: str, app_secret: str, subject: str) -> None:
        self.usage = Usage()
        self._subject = subject
        self._session = _Session(base_url, token, app_secret, self.usage, subject)
        # No token for the SDK: it would put it into every address.
        self._graph = facebook.GraphAPI(session=self._session, timeout=TIMEOUT)
        self._graph.version = GRAPH_VERSION

    def get(self, path: str, **fields: str) -> Node:
        """GET one node ("ID"), an edge ("ID/comments") or several ("" with ids=)."""
        return self._ask("GET", path, fields)

    def post(self, path: str, **fields: str) -> Node:
        """POST fields to a node."""
        return self._ask("POST", path, fields)

    def send(self, path: str, **fields: str) -> Node:
        """POST fields in the body, where they are words or a token: an address never holds them.

        `method="get"` among the fields asks the platform to take it for a GET.
        """
        return self._ask("POST", path, {}, fields)

    def delete(self, path: str, **fields: str) -> Node:
        """DELETE a node, or what the fields name on an edge, for good."""
        return self._ask("DELETE", path, fields)

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    def _ask(
        self,
        method: str,
        path: str,
        fields: Mapping[str, str],
        body: Mapping[str, str] | None = None,
    ) -> Node:
        sent = None if body is None else dict(body)
        address = f"{GRAPH_VERSION}/{path}"
        try:
            found = self._graph.request(address, dict(fields), sent, method=method)
        except (requests.RequestException, facebook.GraphAPIError) as error:
            # `from None`: what these print may hold the address or the platform's own words.
            raise network_problem(error, self._subject) from None
        if not isinstance(found, dict):
            raise unreadable("not an object", self._subject)
        return found


class _Session(requests.Session):
    """The one way out. See the module's docstring for what it promises."""

    def __init__(
        self, base_url: str, token: str, app_secret: str, usage: Usage, subject: str
    ) -> None:
        super().__init__()
        self._base_url, self._usage, self._subject = base_url, usage, subject
        # A callable, so that no .netrc of the machine puts other credentials in its place.
        self.auth = _Bearer(token)
        self._proof = _proof(token, app_secret) if app_secret else ""
        # At DEBUG it prints addresses with everything that was asked.
        logging.getLogger("urllib3").setLevel(logging.WARNING)
        if urlsplit(base_url).hostname in ("127.0.0.1", "::1", "localhost"):
            self.trust_env = False  # no proxy stands between us and our own machine

    def request(self, method: Any, url: Any, *rest: Any, **named: Any) -> requests.Response:
        """As the SDK asks it, under the promises; raises the errors of GraphClient."""
        path = str(url).removeprefix(facebook.FACEBOOK_GRAPH_URL)
        if self._proof:
            named["params"] = {**(named.get("params") or {}), "appsecret_proof": self._proof}
        named.update(stream=True, allow_redirects=False)
        response = super().request(method, self._base_url + path, *rest, **named)
        with response:
            body = _read(response, self._subject)
        self._usage.note(response.headers)
        content = _decoded(body)
        check_error(response.status_code, response.headers, content, self._usage, self._subject)
        if content is None:
            raise unreadable("no JSON", self._subject)
        # What the SDK reads next is what was just checked.
        response._content = body
        response.headers["content-type"] = "application/json"
        return response


class _Bearer(requests.auth.AuthBase):
    """The token in its header. Prints as nothing."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def __repr__(self) -> str:
        return "_Bearer(...)"


def _proof(token: str, app_secret: str) -> str:
    """Shows that the app's own server asks: HMAC-SHA256, hex."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def _read(response: requests.Response, subject: str) -> bytes:
    body, stop_at = bytearray(), monotonic() + DEADLINE
    for piece in response.iter_content(65536):
        body += piece
        if len(body) > MAX_BODY or monotonic() > stop_at:
            raise TooMuch(subject)
    return bytes(body)


def _decoded(body: bytes) -> object:
    """The JSON in it, or None. Strict: half-read words would be stored as if they were said."""
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
