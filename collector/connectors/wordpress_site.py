"""One account's way to one WordPress: its REST interface, and its errors by their remedy.

`?rest_route=` is used throughout: it works on every WordPress, whatever its permalinks. Only
codes ("rest_cannot_edit") are repeated, never the site's own sentences.
"""

import re
from typing import Any

from requests.auth import HTTPBasicAuth

from collector.connectors.web import Answer, Node, WebClient
from models.errors import ChaperoneError, NeedsOperator, Refused

AT_ONCE = 100
"""The most that the interface lists on a page."""

_SIGN_IN = (
    "In WordPress, under Users, open the account's profile, make a new application password, and "
    "put it where the settings say. The username is the account's login. If the password is good, "
    "the web server drops the Authorization header: ask the host to pass it on."
)
_ROLE = "In WordPress, under Users, give this account the role Editor or Administrator."
_SIGN_IN_CODES = frozenset(
    {"rest_not_logged_in", "incorrect_password", "invalid_username", "invalid_email"}
)
_GONE_CODES = frozenset({"rest_comment_invalid_id", "rest_post_invalid_id"})


class Missing(Refused):
    """The site has no such comment or article."""


class Trashed(Refused):
    """It lies in the trash already."""


class NotAllowed(NeedsOperator):
    """The account is known, and may not do that."""


class WordPressSite:
    """Every call raises RetryLater, NeedsOperator or Refused."""

    def __init__(self, base_url: str, username: str, password: str, subject: str) -> None:
        """base_url: the site's address, ending in a slash. subject: what errors are about."""
        self._subject = subject
        # Spaces in an application password are only for the eye.
        auth = HTTPBasicAuth(username.encode(), password.replace(" ", "").encode())
        self.web = WebClient("WordPress", subject, base_url, self._check, auth)

    def listed(self, route: str, **params: Any) -> tuple[list[Node], int]:
        """One page of a listing, and how many pages there are; 0 where the site does not say."""
        answer = self._get(route, params)
        rows = answer.content
        if not isinstance(rows, list) or not all(_is_row(row) for row in rows):
            raise self.web.unreadable("not a list")
        pages = answer.headers.get("X-WP-TotalPages", "")
        return rows, int(pages) if pages.isascii() and pages.isdigit() and len(pages) < 8 else 0

    def one(self, route: str) -> Node:
        """One thing as its moderators see it. Raises Missing where there is none."""
        row = self._get(route, {"context": "edit"}).content
        if not isinstance(row, dict) or not _is_row(row):
            raise self.web.unreadable("not an object with an id")
        return row

    def change(self, route: str, **fields: str) -> Node:
        """Change a thing; it as it stands then."""
        return self.web.object("POST", "", params={"rest_route": route}, json=fields)

    def trash(self, route: str) -> None:
        """Put it into the trash. Raises Trashed where it lies there."""
        self.web.ask("DELETE", "", params={"rest_route": route})

    def _get(self, route: str, params: dict[str, Any]) -> Answer:
        # A cache before the site would show comments as they were.
        fresh = {"Cache-Control": "no-cache"}
        return self.web.ask("GET", "", params={"rest_route": route, **params}, headers=fresh)

    def _check(self, answer: Answer) -> ChaperoneError | None:
        status, code = answer.status, _code(answer.content)
        if 200 <= status < 300:
            return None
        if code in _GONE_CODES:
            return Missing("The site has no such comment.", subject=self._subject, cure="")
        if code == "rest_already_trashed":
            return Trashed("It lies in the trash.", subject=self._subject, cure="")
        if status == 401 or code in _SIGN_IN_CODES:
            return self._operator("WordPress did not accept the username and password.", _SIGN_IN)
        if status == 403 and code:
            said = f"This WordPress account may not do that ({code})."
            return NotAllowed(said, subject=self._subject, cure=_ROLE)
        if status == 501:
            return Refused(
                "This site keeps no trash: what is deleted there is gone for ever.",
                subject=self._subject,
                cure='Do it by hand, or set removed_go_to = "spam" for this source.',
            )
        return self._elsewhere(status, code)

    def _elsewhere(self, status: int, code: str) -> ChaperoneError | None:
        if status in {301, 302, 303, 307, 308}:
            cure = "Open the site in a browser and write its address in site_url as shown there."
            return self._operator("The site sends its visitors to another address.", cure)
        if status == 403:
            cure = "Ask the host, or look into the site's security plugin, to let this machine in."
            return self._operator("A guard before the site does not let us in.", cure)
        if status in {404, 405}:
            cure = "Check site_url, and that no plugin has switched the REST interface off."
            return self._operator("No WordPress interface answers there.", cure)
        if 400 <= status < 500 and status not in {408, 425, 429}:
            return Refused(
                f"WordPress did not accept the request (HTTP {status}{code and ', ' + code}).",
                subject=self._subject,
                cure="Do it by hand in WordPress, under Comments.",
            )
        return None

    def _operator(self, what: str, cure: str) -> NeedsOperator:
        return NeedsOperator(what, subject=self._subject, cure=cure)


def _is_row(row: object) -> bool:
    return isinstance(row, dict) and isinstance(row.get("id"), int) and row["id"] is not True


def _code(content: object) -> str:
    said = content.get("code") if isinstance(content, dict) else None
    return said if isinstance(said, str) and re.fullmatch(r"[a-z_]{3,60}", said) else ""
