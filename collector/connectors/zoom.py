"""Zoom: an audit of its settings; who is registered, and who was in past sessions.

A running session cannot be watched, and nobody can be removed from one by a program. The audit's
results are notes on the Sources screen. Who took part is kept among the members; a person who is
not on the expected list is a post too.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from requests.auth import HTTPBasicAuth

from collector.connector import (
    Batch,
    Cursor,
    PlatformAction,
    Receipt,
    Sighting,
)
from collector.connectors.kind import ConnectorKind, Option, Options, Secrets
from collector.connectors.member_list import read_members
from collector.connectors.web import Answer, Bearer, Node, WebClient, moment, safe_base, text_id
from collector.connectors.zoom_checks import (
    ACCOUNT_CHECKS,
    MEETING_CHECKS,
    failing,
    told,
    unclear,
)
from collector.connectors.zoom_people import LacksScope, OnlyPaid, listed, people_of
from models.errors import (
    ChaperoneError,
    MendInput,
    MendSettings,
    NeedsOperator,
    Refused,
    RetryLater,
)
from models.vocabulary import Capability, Presence, Verb, now

API_URL = "https://api.zoom.us/v2/"
TOKEN_URL = "https://zoom.us/"  # noqa: S105 - an address
CAPABILITIES = frozenset({Capability.POSTS, Capability.MEMBER_CHANGES})
_SUBJECT = "Zoom account"
_MOST_MEETINGS = 200
_REMEMBERED = 2_000
_VERSION = 2
_AGAIN_AFTER = timedelta(hours=20)
"""Zoom's free accounts have 2,000 such calls a day, shared by all apps."""

_STEPS = (
    "Nobody can be removed from a session by a program: the host does it in Zoom.",
    "During the session: Participants, More beside the name, Remove. Then Security, Lock meeting.",
    "After the session: write down who it was, and give the next session a new link and passcode.",
    "Then tick it off here.",
)
_OUT = (
    "If they registered: on zoom.us open Meetings, the meeting, Registration, and press Deny.",
    "Give the next session a new link and passcode, and send them only to those who belong there.",
    "Keep the waiting room on, and let in only whom you know.",
    "Come back here and press Done.",
)


class ZoomConnector:
    """One Zoom account, through a server-to-server app of its owner."""

    name: ClassVar[str] = "zoom"
    capabilities: ClassVar[frozenset[Capability]] = CAPABILITIES

    def __init__(
        self,
        account: tuple[str, str],
        secrets: Secrets,
        urls: tuple[str, str],
        expected: Path | None,
    ) -> None:
        """account: its id and the app's client id. urls: of the interface and of the tokens."""
        self._account, self._secrets, self._urls = account, secrets, urls
        self._expected = expected

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """One audit a day, who is registered, and who was in sessions not looked at before."""
        done, said, at = _state(after)
        if at is not None and timedelta(0) <= now() - at < _AGAIN_AFTER:
            yield Batch((), _cursor(done, said, at), notes=tuple(said))
            return
        web = self._signed_in()
        try:
            users = list(listed(web, "users", "users", status="active", page_size=300))
            meetings, notes = self._audit(web, users)
            yield Batch((), _cursor(done, notes, None), notes=tuple(notes))
            expected = None if self._expected is None else _names(self._expected)
            for meeting in meetings:
                posts, people, said = people_of(web, meeting, expected, done)
                notes += [one for one in said if one not in notes]
                cursor = _cursor(done, notes, None)
                yield Batch(tuple(posts), cursor, notes=tuple(notes), people=tuple(people))
            yield Batch((), _cursor(done, notes, now()), notes=tuple(notes))
        finally:
            web.close()

    def _audit(self, web: WebClient, users: list[Node]) -> tuple[list[Node], list[str]]:
        """The scheduled meetings, and what is wrong with accounts and meetings."""
        found: dict[str, list[str]] = {}
        wrong: dict[str, list[str]] = {}
        meetings: list[Node] = []
        silent = 0
        for user in users:
            key = quote(text_id(user.get("id")), safe="")
            settings = web.object("GET", f"users/{key}/settings")
            silent += unclear(settings)
            for sentence in failing(ACCOUNT_CHECKS, settings):
                found.setdefault(sentence, []).append(str(user.get("email") or "an account")[:100])
            here = listed(web, f"users/{key}/meetings", "meetings", type="scheduled", page_size=300)
            for row in here:
                if len(meetings) >= _MOST_MEETINGS:
                    break
                number = quote(text_id(row.get("id")), safe="")
                meeting = web.object("GET", f"meetings/{number}")
                meetings.append(meeting)
                for sentence in failing(MEETING_CHECKS, meeting):
                    wrong.setdefault(sentence, []).append(
                        str(meeting.get("topic") or "no name")[:60]
                    )
        notes = [*told(found, len(users), "accounts"), *told(wrong, len(meetings), "meetings")]
        head = f"{len(users)} accounts and {len(meetings)} scheduled meetings were looked at."
        if len(meetings) >= _MOST_MEETINGS:
            head += " There are more meetings than that."
        if silent:
            notes.append(f"Zoom did not tell all settings of {silent} accounts.")
        return meetings, [head, *(notes or ["Nothing was found that the policies forbid."])]

    def _signed_in(self) -> WebClient:
        account, client = self._account
        basic = HTTPBasicAuth(client, self._secrets("client_secret"))
        tokens = WebClient("Zoom", _SUBJECT, self._urls[1], _check, basic)
        try:
            form = {"grant_type": "account_credentials", "account_id": account}
            token = tokens.object("POST", "oauth/token", data=form).get("access_token")
        finally:
            tokens.close()
        if not isinstance(token, str) or not token or not token.isascii():
            raise tokens.unreadable("no token")
        return WebClient("Zoom", _SUBJECT, self._urls[0], _check, Bearer(token))

    def act(self, action: PlatformAction) -> Receipt:
        """Always Refused: the host acts, in Zoom."""
        raise Refused(
            "Zoom lets no program remove anybody.", subject=_SUBJECT, cure=" ".join(_STEPS)
        )

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """Always UNKNOWN: that somebody was there does not change."""
        return {name: Sighting(Presence.UNKNOWN) for name in native_ids}

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """See the contract."""
        return _STEPS

    def member_by_hand(self) -> tuple[str, ...]:
        """See GuidesMembers. Zoom's sessions have no list that somebody could be taken from."""
        return _OUT


def _names(path: Path) -> frozenset[str]:
    try:
        return frozenset(one.display_name.casefold() for one in read_members(path))
    except MendInput as error:
        raise NeedsOperator(error.what, subject=error.subject, cure=error.cure) from error


def _state(cursor: Cursor | None) -> tuple[list[str], list[str], datetime | None]:
    """The sessions that were looked at, what was said last, and when that was finished."""
    try:
        said = json.loads(cursor or "{}")
        if said["v"] != _VERSION:
            return [], [], None  # members were not kept then: all sessions once more
        lists = [[one for one in said[name] if isinstance(one, str)] for name in ("done", "notes")]
        return lists[0], lists[1], moment(said["at"])
    except (ValueError, TypeError, KeyError):
        return [], [], None  # looked at anew; the same ids are stored once


def _cursor(done: list[str], notes: list[str], at: datetime | None) -> Cursor:
    when = at.isoformat() if at else ""
    return json.dumps({"v": _VERSION, "done": done[-_REMEMBERED:], "notes": notes, "at": when})


def _check(answer: Answer) -> ChaperoneError | None:
    """Zoom's errors by their remedy; its own sentences are not repeated."""
    if answer.status < 400:
        return None
    said = answer.content if isinstance(answer.content, dict) else {}
    code, message = said.get("code"), said.get("message")
    words = message if isinstance(message, str) else ""
    if answer.status == 429:
        until = moment(answer.headers.get("Retry-After", ""))
        if until is not None:  # the limit of a day comes with a date
            wait = min(max(until - datetime.now(UTC), timedelta(minutes=1)), timedelta(days=1))
            return RetryLater("Zoom's limit is used up.", subject=_SUBJECT, after=wait)
        return None
    if code == 4711 or "does not contain scopes" in words:
        missing = re.search(r"scopes:\s*\[([a-z0-9_:, ]{1,400})\]", words)
        return LacksScope(
            "The app in Zoom has not all the rights it needs.",
            subject=_SUBJECT,
            cure="On marketplace.zoom.us, in the app, under Scopes, add "
            + (f"{missing[1]}." if missing else "those that docs/connectors/zoom.md lists."),
        )
    if answer.status == 401 or "error" in said or code == 124:
        return NeedsOperator(
            "Zoom does not accept the app's credentials.",
            subject=_SUBJECT,
            cure="On marketplace.zoom.us see that the app is activated. Copy account id, client id "
            "and client secret anew.",
        )
    if code == 200:
        return OnlyPaid("Only for paid accounts.", subject=_SUBJECT, cure="Do it by hand.")
    if answer.status < 500:
        return NeedsOperator(
            f"Zoom refused (HTTP {answer.status}).",
            subject=_SUBJECT,
            cure="See that the account still has the users and meetings, and the app its rights.",
        )
    return None


def connect(options: Options, secrets: Secrets) -> ZoomConnector:
    """A connector for one account. Raises MendSettings for values that cannot work."""
    account, client = str(options["account_id"]).strip(), str(options["client_id"]).strip()
    if not account or not client:
        raise MendSettings("It is empty.", subject="account_id", cure="Copy it from the app.")
    urls = (
        safe_base(str(options.get("base_url", API_URL)), API_URL),
        safe_base(str(options.get("token_url", TOKEN_URL)), TOKEN_URL),
    )
    expected = str(options.get("expected_file", "")).strip()
    return ZoomConnector(
        (account, client), secrets, urls, Path(expected).expanduser() if expected else None
    )


KINDS = (
    ConnectorKind(
        name="zoom",
        summary="Zoom's settings against the policies, and who was in past sessions.",
        options={
            "account_id": Option("text", "The app's account id.", True, example='"AbCd"'),
            "client_id": Option("text", "The app's client id.", True, example='"EfGh"'),
            "client_secret": Option("text", "The app's client secret.", True, secret=True),
            "expected_file": Option(
                "text",
                "A CSV of people who may be there: handle, name, role, since.",
                example='"expected.csv"',
            ),
            "base_url": Option("text", "Only for tests: the address of a stand-in for Zoom."),
            "token_url": Option("text", "Only for tests: the address of a stand-in for Zoom."),
        },
        capabilities=CAPABILITIES,
        connect=connect,
    ),
)
"""For the registry."""
