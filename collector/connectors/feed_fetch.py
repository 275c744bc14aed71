"""Fetching a feed over HTTP: conditional, size-limited, never to another site.

Addresses may hold a secret, so none is ever in a log or an error. What is at a link of a feed is
asked for only on the feed's own site, and only its status is looked at.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from urllib.parse import urljoin, urlsplit

import requests

from collector.connectors.web import TIMEOUT, Answer, asked_delay
from models.errors import ChaperoneError, NeedsOperator, RetryLater

LONGEST = 5 * 1024 * 1024
"""Bytes of one feed. Reading that much takes ten seconds; a few hundred episodes are less."""

_DEADLINE = 60.0
_PAUSE = timedelta(minutes=10)
_HOPS = 5
_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8"
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
_CHECK = "Open the address in a browser, and set it anew if it is not the feed any more."


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer. body: None where nothing changed since the validators were given.

    etag, modified: validators exactly as received, "" where there are none.
    """

    body: bytes | None
    url: str
    content_type: str = ""
    etag: str = ""
    modified: str = ""


class AskedToWait(RetryLater):
    """The site asks for a pause: nothing more of it is read now."""


class Fetcher:
    """Reads one site. subject: what errors are about."""

    def __init__(self, base: str, subject: str) -> None:
        self._base, self._subject = urlsplit(base), subject
        self._session = requests.Session()
        self._session.headers["User-Agent"] = "Chaperone/0.1 (safeguarding; feed reader)"
        self._session.trust_env = self._base.hostname not in _HERE
        # At DEBUG it prints addresses, and an address may hold a secret.
        logging.getLogger("urllib3").setLevel(logging.WARNING)

    def ours(self, url: str) -> bool:
        """Whether an address is on the feed's own site. Only http grown into https may differ."""
        parts = urlsplit(url)
        same = parts.hostname == self._base.hostname and parts.username is None
        if parts.scheme == self._base.scheme:
            return same and parts.port == self._base.port
        return same and (self._base.scheme, parts.scheme) == ("http", "https")

    def get(self, url: str, etag: str = "", modified: str = "") -> Fetched:
        """A feed. Raises RetryLater or NeedsOperator; 404 and 410 are NeedsOperator."""
        headers = {"Accept": _ACCEPT}
        if etag:
            headers["If-None-Match"] = etag
        if modified:
            headers["If-Modified-Since"] = modified
        for _ in range(_HOPS):
            answer = self._once(url, headers, with_body=True)
            if answer.status == 304 and (etag or modified):
                return Fetched(None, url, etag=etag, modified=modified)
            if answer.status not in {301, 302, 303, 307, 308}:
                break
            url = self._further(url, answer)
        error = self._trouble(answer)
        if error is not None:
            raise error
        stamp = answer.headers.get("Last-Modified", "")
        kind = answer.headers.get("Content-Type", "")
        tag = answer.headers.get("ETag", "")
        return Fetched(answer.body, url, kind, tag, "" if _ahead(stamp) else stamp)

    def stands(self, url: str) -> bool | None:
        """Whether a page of the site is there; None where it does not say. Reads no word of it."""
        if not self.ours(url) or urlsplit(url).fragment:
            return None
        status = self._once(url, {}, with_body=False).status
        if status in {404, 410}:
            return False
        if status == 429 or status >= 500:
            return None
        return True if status < 400 else None

    def not_a_feed(self) -> NeedsOperator:
        """What came back is something else: mostly a page to sign in."""
        said = "What is at the address is no feed, or not any more."
        return NeedsOperator(said, subject=self._subject, cure=_CHECK)

    def unreadable(self, why: str) -> RetryLater:
        """The feed is broken, mostly for a short time."""
        return RetryLater(
            f"The feed could not be read ({why}).",
            subject=self._subject,
            cure="It will be tried again. If it stays so, tell whoever looks after the site.",
            after=_PAUSE,
        )

    def _once(self, url: str, headers: Mapping[str, str], *, with_body: bool) -> Answer:
        try:
            response = self._session.get(
                url,
                headers=dict(headers),
                stream=True,
                allow_redirects=False,
                timeout=TIMEOUT,
                auth=lambda request: request,  # or requests would look for a .netrc
            )
            with response:
                body = self._read(response) if with_body else b""
        except (requests.RequestException, UnicodeError) as error:
            # `from None`: what these print holds the address.
            said = f"The site could not be reached ({type(error).__name__})."
            raise RetryLater(said, subject=self._subject, after=_PAUSE) from None
        return Answer(response.status_code, response.headers, body, None)

    def _read(self, response: requests.Response) -> bytes:
        body, stop_at = bytearray(), monotonic() + _DEADLINE
        for piece in response.iter_content(65536):
            body += piece
            if len(body) > LONGEST or monotonic() > stop_at:
                raise self.unreadable("it is too long")
        return bytes(body)

    def _further(self, url: str, answer: Answer) -> str:
        further = urljoin(url, answer.headers.get("Location", ""))
        if not self.ours(further):
            raise NeedsOperator(
                "The feed has moved to another site.", subject=self._subject, cure=_CHECK
            )
        return further

    def _trouble(self, answer: Answer) -> ChaperoneError | None:
        status = answer.status
        if 200 <= status < 300:
            return None
        if status == 429 or status >= 500 or status in {408, 425}:
            said = "The site asks us to wait" if status == 429 else "The site is out of order"
            after = asked_delay(answer) or _PAUSE
            kind = AskedToWait if status == 429 else RetryLater
            return kind(f"{said} (HTTP {status}).", subject=self._subject, after=after)
        why = {
            401: "The site asks for a password, or the feed's secret address has ended",
            403: "The site does not let us read the feed",
            404: "There is no feed at the address any more",
            410: "The feed was taken down for good",
        }
        said = f"{why.get(status, 'The site does not give the feed')} (HTTP {status})."
        return NeedsOperator(said, subject=self._subject, cure=_CHECK)


def _ahead(stamp: str) -> bool:
    """Whether a Last-Modified lies in the future: sent back, it would freeze the feed."""
    try:
        found = parsedate_to_datetime(stamp)
    except (ValueError, TypeError):
        return False
    return found.replace(tzinfo=found.tzinfo or UTC) > datetime.now(UTC) + timedelta(hours=1)
