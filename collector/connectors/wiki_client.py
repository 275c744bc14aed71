"""One way to one MediaWiki, by mwclient: guarded, and its errors by their remedy.

MediaWiki answers errors with HTTP 200, so `_Line` reads every answer before mwclient does: no
retry, no sleep and no exception of mwclient's (which hold the request) is ever reached. Only
codes are repeated; a wiki's sentences may quote a page.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import requests

from collector.connectors.web import TIMEOUT, Answer, Node, asked_delay, decoded
from models.errors import ChaperoneError, NeedsOperator, Refused, RetryLater

_LONGEST = 8 * 1024 * 1024
_DEADLINE = 120.0
_PAUSE = timedelta(minutes=2)
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
_LATER = frozenset({"ratelimited", "maxlag", "readonly", "editconflict", "actionthrottledtext"})
_NOT_ALLOWED = frozenset(
    {"permissiondenied", "blocked", "autoblocked", "readapidenied", "protectedpage"}
    | {"cascadeprotected", "noedit", "cantedit", "badaccess-groups", "systemblocked"}
)
_SIGN_IN = frozenset({"assertuserfailed", "assertbotfailed", "badtoken", "notoken"})
_ABSENT = frozenset({"nosuchrevid", "missingtitle", "nosuchpageid", "badid_rvstartid"})


_KNOWN = frozenset(
    _LATER
    | _NOT_ALLOWED
    | {"undofailure", "abusefilter-disallowed", "abusefilter-warning"}
    | {"spamblacklist", "spamdetected", "titleblacklist-forbidden", "contenttoobig"}
)
"""Codes that may be repeated: any other text could be anything."""


class Absent(Refused):
    """The wiki has no such page or version."""


class Entangled(Refused):
    """Later edits stand in the way of undoing this one."""


class SignedOut(NeedsOperator):
    """The session ended, or was never there. One new sign-in is tried first."""


@dataclass(frozen=True, slots=True)
class Wiki:
    """Where it is and who signs in; without a username nothing can be changed.

    base: the address of the folder that api.php is in, ending in a slash.
    """

    base: str
    username: str = ""
    password: str = field(default="", repr=False)


class WikiClient:
    """Every call raises RetryLater, NeedsOperator or Refused. subject: what errors are about."""

    def __init__(self, wiki: Wiki, subject: str) -> None:
        self._wiki, self._subject = wiki, subject
        self._signed_in = False
        self._site: Any = None
        # At DEBUG it prints addresses with the pages' titles; mwclient's warnings quote answers.
        for name in ("urllib3", "mwclient"):
            logging.getLogger(name).setLevel(logging.ERROR)

    def query(self, **params: str | int) -> tuple[Node, Mapping[str, str]]:
        """(the answer's `query`, what to add to ask for the next page: empty at the end)."""
        answer = self._asked(params)
        found, further = answer.get("query"), answer.get("continue", {})
        if not isinstance(found, dict) or not isinstance(further, dict):
            raise self.unreadable("no query in it")
        if not all(isinstance(one, str) for one in further.values()):
            raise self.unreadable("nowhere to go on")
        return found, further

    def change(self, action: str, **params: str | int) -> Node:
        """Change something as the account; a session that ended is renewed once."""
        for last in (False, True):
            self._sign_in()
            try:
                tokens = self._call("query", "GET", {"meta": "tokens", "type": "csrf"})
                token = _inner(tokens, "query", "tokens").get("csrftoken")
                return self._call(action, "POST", {**params, "assert": "user", "token": str(token)})
            except SignedOut:
                self._signed_in = False
                if last:
                    raise
        raise self.unreadable("no session")

    def _asked(self, params: Mapping[str, str | int]) -> Node:
        """A question, as the account where there is one: nobody in particular sees less."""
        if not self._wiki.username:
            return self._call("query", "GET", params)
        self._sign_in()
        try:
            return self._call("query", "GET", {**params, "assert": "user"})
        except SignedOut:
            self._signed_in = False
            self._sign_in()
            return self._call("query", "GET", {**params, "assert": "user"})

    def unreadable(self, why: str) -> RetryLater:
        """The answer was not what a wiki answers: a proxy, or a fault on their side."""
        return RetryLater(
            f"What came back is not an answer of the wiki ({why}).",
            subject=self._subject,
            cure="It will be tried again. If it stays so, check wiki_url.",
            after=_PAUSE,
        )

    def _sign_in(self) -> None:
        if self._signed_in:
            return
        tokens = self._call("query", "GET", {"meta": "tokens", "type": "login"})
        said = {
            "lgname": self._wiki.username,
            "lgpassword": self._wiki.password,
            "lgtoken": str(_inner(tokens, "query", "tokens").get("logintoken")),
        }
        answer = _inner(self._call("login", "POST", said), "login")
        if answer.get("result") != "Success":
            wait = answer.get("wait")
            if answer.get("result") == "Throttled":
                seconds = wait if isinstance(wait, int) and 0 < wait < 86400 else 300
                said_ = "The wiki asks us to wait before signing in again."
                raise RetryLater(said_, subject=self._subject, after=timedelta(seconds=seconds))
            raise NeedsOperator(
                "The wiki did not accept the username and password.",
                subject=self._subject,
                cure="Make a new bot password on the wiki's page Special:BotPasswords, and set "
                "username (as shown there, with the @) and the password anew.",
            )
        self._signed_in = True

    def _call(self, action: str, method: str, params: Mapping[str, str | int]) -> Node:
        if self._site is None:
            self._site = _site(self._wiki, _Line(self._wiki.base, self._subject))
        answer = self._site.raw_api(
            action, method, retry_on_error=False, formatversion=2, **dict(params)
        )
        if not isinstance(answer, dict):
            raise self.unreadable("not an object")
        return answer


def _site(wiki: Wiki, line: "_Line") -> Any:
    import mwclient

    parts = urlsplit(wiki.base)
    return mwclient.Site(
        parts.netloc, path=parts.path, scheme=parts.scheme, pool=line, do_init=False, max_retries=0
    )


class _Line(requests.Session):
    """The HTTP session under mwclient. Every answer that it lets through is a good one."""

    def __init__(self, base: str, subject: str) -> None:
        super().__init__()
        self._subject = subject
        # Wikimedia refuses the names that libraries give themselves.
        self.headers["User-Agent"] = (
            "Chaperone/0.1 (safeguarding watch; https://example.org/chaperone) mwclient"
        )
        self.trust_env = urlsplit(base).hostname not in _HERE

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """Send it, never following a redirection; the answer is read, checked and whole."""
        kwargs |= {"allow_redirects": False, "stream": True, "timeout": TIMEOUT}
        kwargs["auth"] = lambda request: request  # or requests would look for a .netrc
        kwargs.pop("files", None)
        try:
            response = super().request(method, url, *args, **kwargs)
            with response:
                body = self._read(response)
        except requests.RequestException as error:
            said = f"The wiki could not be reached ({type(error).__name__})."
            raise RetryLater(said, subject=self._subject, after=_PAUSE) from None
        answer = Answer(response.status_code, response.headers, body, decoded(body))
        trouble = self._trouble(answer)
        if trouble is not None:
            raise trouble
        response._content = body
        response.encoding = "utf-8"
        response.headers.pop("x-database-lag", None)  # or mwclient would sleep
        return response

    def _read(self, response: requests.Response) -> bytes:
        body, stop_at = bytearray(), monotonic() + _DEADLINE
        for piece in response.iter_content(65536):
            body += piece
            if len(body) > _LONGEST or monotonic() > stop_at:
                raise self._unreadable("it is too long")
        return bytes(body)

    def _trouble(self, answer: Answer) -> ChaperoneError | None:
        status, content = answer.status, answer.content
        if status == 429 or status >= 500:
            said = "asks us to wait" if status == 429 else "is out of order"
            return self._later(f"The wiki {said} (HTTP {status}).", answer)
        if not 200 <= status < 300:
            return NeedsOperator(
                f"The wiki does not let us in (HTTP {status}).",
                subject=self._subject,
                cure="Open wiki_url with api.php behind it in a browser: a page about the "
                "interface must show. On Wikipedia, wait a day: addresses are blocked for a time.",
            )
        if not isinstance(content, dict):
            return self._unreadable("no JSON object")
        error = content.get("error")
        if error is None:
            return None
        code = error.get("code") if isinstance(error, dict) else None
        return self._coded(code if isinstance(code, str) else "", answer)

    def _coded(self, code: str, answer: Answer) -> ChaperoneError:
        shown = code if code in _KNOWN else "a code that is not known here"
        if code in _LATER or code.startswith("internal_api_error"):
            return self._later(f"The wiki asks us to wait ({shown}).", answer)
        if code in _NOT_ALLOWED:
            return NeedsOperator(
                f"The wiki does not allow that to this account ({shown}).",
                subject=self._subject,
                cure="Ask an administrator of the wiki for the right, and give the bot password "
                "the grants Edit existing pages and Delete pages.",
            )
        if code in _SIGN_IN:
            return SignedOut(
                "The wiki does not take us for signed in.",
                subject=self._subject,
                cure="Make a new bot password on the wiki's page Special:BotPasswords.",
            )
        if code in _ABSENT:
            return Absent(
                "The wiki has no such version.", subject=self._subject, cure="Look there."
            )
        kind = Entangled if code == "undofailure" else Refused
        return kind(
            f"The wiki did not accept that ({shown}).",
            subject=self._subject,
            cure="Do it by hand: open the page's history on the wiki.",
        )

    def _later(self, said: str, answer: Answer) -> RetryLater:
        return RetryLater(said, subject=self._subject, after=asked_delay(answer) or _PAUSE)

    def _unreadable(self, why: str) -> RetryLater:
        return RetryLater(
            f"What came back is not an answer of the wiki ({why}).",
            subject=self._subject,
            after=_PAUSE,
        )


def _inner(node: Node, *names: str) -> Node:
    """The object within, an empty one where it is missing."""
    for name in names:
        found = node.get(name)
        node = found if isinstance(found, dict) else {}
    return node
