"""One signed-in line to Reddit: PRAW's session, and its errors turned into ours by their remedy.

PRAW signs in, refreshes tokens and keeps to the rate limit. What is read is taken as plain JSON:
PRAW's objects fetch a missing attribute over the network by themselves, which a poll must never
do. Every answer passes `_Line`, the one place that looks at status codes, so nothing of PRAW's
exceptions (which hold request headers and so tokens) leaves this file.
"""

import configparser
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.resources import files
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from collector.connectors.reddit_errors import (
    not_json,
    refused_by_answer,
    token_trouble,
    trouble,
    unreachable,
)
from models.errors import ChaperoneError, Refused, RetryLater

_TOKEN_PATH = "/api/v1/access_token"  # noqa: S105 - an address, not a token
_LONGEST_WAIT = timedelta(seconds=10)
"""Longer waits go back to the caller, so that one account's limit does not hold a worker."""

_LIMIT_HEADERS = ("x-ratelimit-remaining", "x-ratelimit-used", "x-ratelimit-reset")


@dataclass(frozen=True, slots=True)
class Account:
    """What signs in: a script app with a password, or any app with a refresh token.

    user_agent: Reddit throttles the default ones, so it names the program and the account.
    oauth_url, reddit_url: Reddit's, or a stand-in's on the loopback.
    """

    client_id: str
    client_secret: str = field(repr=False)
    username: str = ""
    password: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    user_agent: str = "linux:org.example.chaperone:0.1 (by /u/unknown)"
    oauth_url: str = "https://oauth.reddit.com"
    reddit_url: str = "https://www.reddit.com"


class RedditClient:
    """Signs in at the first call. Every method raises RetryLater, NeedsOperator or Refused."""

    def __init__(self, account: Account, subject: str) -> None:
        """subject: what errors are about, "r/name"."""
        self._account = account
        self._subject = subject
        self._line = _Line(account, subject)
        self._reddit: Any = None

    def get(self, path: str, **params: str | int) -> Any:
        """The answer as plain JSON. Path relative to the API's address, without a slash first."""
        return self._call("GET", path, params=params)

    def post(self, path: str, data: Mapping[str, Any]) -> Any:
        """Send a form. Errors that come with HTTP 200 in `json.errors` are raised too."""
        answer = self._call("POST", path, data=dict(data))
        error = refused_by_answer(answer, self._subject)
        if error is not None:
            raise error
        return answer

    def _call(self, method: str, path: str, **what: Any) -> Any:
        self._line.hold_back()
        if self._reddit is None:
            self._reddit = _sign_in(self._account, self._line)
        import prawcore

        try:
            return self._reddit.request(method=method, path=path, **what)
        except prawcore.exceptions.RequestException as error:
            cause = error.original_exception
            if isinstance(cause, ChaperoneError):
                raise cause from None
            raise unreachable(self._subject) from None
        except (prawcore.PrawcoreException, RecursionError):  # the second: JSON nested without end
            raise not_json(self._subject) from None

    def close(self) -> None:
        """Give the connections back."""
        self._line.close()


def _sign_in(account: Account, line: "_Line") -> Any:
    """A praw.Reddit that no praw.ini and no `praw_...` variable of the machine can change."""
    import praw

    for name in ("praw", "prawcore", "urllib3"):
        # At DEBUG they print forms and addresses: words of posts, and what is said to authors.
        logging.getLogger(name).setLevel(logging.WARNING)
    own = configparser.ConfigParser(interpolation=None)
    own.read_string(files("praw").joinpath("praw.ini").read_text(encoding="utf-8"))
    with praw.config.Config.LOCK:
        # Otherwise PRAW would read praw.ini of the current folder, which may redirect passwords.
        praw.config.Config.CONFIG = own
    return praw.Reddit(
        "DEFAULT",
        requestor_kwargs={"session": line},
        check_for_updates=False,
        check_for_async=False,
        client_id=account.client_id,
        client_secret=account.client_secret,
        username=account.username or None,
        password=account.password or None,
        refresh_token=account.refresh_token or None,
        redirect_uri=None,
        user_agent=account.user_agent,
        oauth_url=account.oauth_url,
        reddit_url=account.reddit_url,
    )


class _Line(requests.Session):
    """The HTTP session under PRAW. Raises our own errors, which PRAW's requestor hands through."""

    def __init__(self, account: Account, subject: str) -> None:
        super().__init__()
        self._bases = {
            urlsplit(base)[:2] for base in (account.oauth_url, account.reddit_url) if base
        }
        self._subject = subject
        self._resume_at = 0.0
        self._unauthorised = 0
        loopback = all(is_loopback(base) for base in (account.oauth_url, account.reddit_url))
        # .netrc would replace the token; a proxy of the machine must not see the loopback.
        self.trust_env = not loopback
        again = Retry(total=1, status=0, allowed_methods={"GET"}, respect_retry_after_header=False)
        for scheme in ("http://", "https://"):
            # Once, for a kept connection that the other side closed meanwhile.
            self.mount(scheme, HTTPAdapter(max_retries=again))

    def hold_back(self) -> None:
        """Raise RetryLater where the account's allowance is used up for longer than a moment."""
        left = timedelta(seconds=self._resume_at - monotonic())
        if left > _LONGEST_WAIT:
            raise RetryLater(
                "Reddit's allowance of requests for this account is used up.",
                subject=self._subject,
                after=left,
            )

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """Send it, never following a redirection and never leaving Reddit's own addresses."""
        parts = urlsplit(str(url))
        if parts[:2] not in self._bases:
            raise Refused(
                "An address outside Reddit was about to be asked.",
                subject=self._subject,
                cure="Set oauth_url and reddit_url to Reddit's own, or leave them out.",
            )
        kwargs["allow_redirects"] = False
        try:
            response = super().request(method, url, *args, **kwargs)
        except requests.RequestException:
            raise unreachable(self._subject) from None
        self._mind_limits(response)
        if parts.path == _TOKEN_PATH:
            return self._token(response)
        return self._answer(response)

    def _token(self, response: requests.Response) -> requests.Response:
        error = token_trouble(response, self._subject)
        if error is not None:
            raise error
        return response

    def _answer(self, response: requests.Response) -> requests.Response:
        if response.status_code == 401 and self._unauthorised == 0:
            # Once: PRAW fetches a new token and asks again. It needs this header to say why.
            self._unauthorised += 1
            response.headers["www-authenticate"] = 'Bearer realm="reddit", error="invalid_token"'
            return response
        error = trouble(response, self._subject)
        self._unauthorised = 0
        if error is not None:
            raise error
        if not response.content:
            response.headers["content-length"] = "0"  # so PRAW does not look for JSON in it
        return response

    def _mind_limits(self, response: requests.Response) -> None:
        """Note when the allowance is used up; drop rate headers that are not numbers."""
        numbers = [_number(response.headers.get(name)) for name in _LIMIT_HEADERS]
        remaining, used, reset = numbers
        if remaining is None or used is None or reset is None:
            for name in _LIMIT_HEADERS:
                response.headers.pop(name, None)
            return
        for name, number in zip(_LIMIT_HEADERS, (remaining, used, reset), strict=True):
            response.headers[name] = str(int(number))
        if remaining < 1:
            self._resume_at = monotonic() + reset


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if 0 <= number < 1e9 else None


def is_loopback(address: str) -> bool:
    """Whether the address is this machine itself."""
    return urlsplit(address).hostname in {"127.0.0.1", "localhost", "::1"}
