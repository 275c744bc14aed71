"""Zoom: an audit of its settings, and who was in past sessions against the expected list.

A running session cannot be watched, and nobody can be removed from one by a program. The audit's
results are notes on the Sources screen; a person who was not expected is a post.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from requests.auth import HTTPBasicAuth

from collector.connector import (
    Batch,
    Cursor,
    IncomingPost,
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
from models.errors import (
    ChaperoneError,
    MendInput,
    MendSettings,
    NeedsOperator,
    Refused,
    RetryLater,
)
from models.vocabulary import Capability, PostKind, Presence, Verb, now

API_URL = "https://api.zoom.us/v2/"
TOKEN_URL = "https://zoom.us/"  # noqa: S105 - an address
CAPABILITIES = frozenset({Capability.POSTS})
_SUBJECT = "Zoom account"
_PAGES = 20
_MOST_MEETINGS = 200
_REMEMBERED = 2_000
_AGAIN_AFTER = timedelta(hours=20)
"""Zoom's free accounts have 2,000 such calls a day, shared by all apps."""

_STEPS = (
    "Nobody can be removed from a session by a program: the host does it in Zoom.",
    "During the session: Participants, More beside the name, Remove. Then Security, Lock meeting.",
    "After the session: write down who it was, and give the next session a new link and passcode.",
    "Then tick it off here.",
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
        """One audit a day, and the people of sessions that were not looked at before."""
        done, said, at = _state(after)
        if at is not None and timedelta(0) <= now() - at < _AGAIN_AFTER:
            yield Batch((), _cursor(done, said, at), notes=tuple(said))
            return
        web = self._signed_in()
        try:
            users = list(_listed(web, "users", "users", status="active", page_size=300))
            meetings, notes = self._audit(web, users)
            yield Batch((), _cursor(done, notes, None), notes=tuple(notes))
            if self._expected is not None:
                expected = _names(self._expected)
                for meeting in meetings:
                    posts, said = _strangers(web, meeting, expected, done)
                    notes += [one for one in said if one not in notes]
                    yield Batch(tuple(posts), _cursor(done, notes, None), notes=tuple(notes))
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
            here = _listed(
                web, f"users/{key}/meetings", "meetings", type="scheduled", page_size=300
            )
            for listed in here:
                if len(meetings) >= _MOST_MEETINGS:
                    break
                number = quote(text_id(listed.get("id")), safe="")
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


def _listed(web: WebClient, path: str, name: str, **params: Any) -> Iterator[Node]:
    """All rows of a listing. Raises RetryLater where its pages never end."""
    token = ""
    for _ in range(_PAGES):
        page = web.object("GET", path, params={**params, "next_page_token": token})
        rows = page.get(name)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise web.unreadable("not a list")
        yield from rows
        token = text_id(page.get("next_page_token"))
        if not token:
            return
    raise web.unreadable("pages without end")


def _strangers(
    web: WebClient, meeting: Node, expected: frozenset[str], done: list[str]
) -> tuple[list[IncomingPost], list[str]]:
    """Who was in past sessions of a meeting and is on no list; `done` gains the sessions."""
    posts: list[IncomingPost] = []
    number = quote(text_id(meeting.get("id")), safe="")
    try:
        sessions = web.object("GET", f"past_meetings/{number}/instances").get("meetings")
    except _OnlyPaid:
        return [], ["Zoom tells who was there only to paid accounts: keep a list by hand."]
    for session in sessions if isinstance(sessions, list) else []:
        uuid = text_id(session.get("uuid")) if isinstance(session, dict) else ""
        mark = sha256(uuid.encode()).hexdigest()[:16]
        if not uuid or mark in done:
            continue
        # Twice: Zoom takes a number with "/" in it only so.
        key = quote(quote(uuid, safe=""), safe="")
        rows = _listed(web, f"past_meetings/{key}/participants", "participants", page_size=300)
        met: dict[str, datetime] = {}
        for row in rows:
            name = " ".join(str(row.get("name") or "").split())[:200]
            if row.get("status") != "in_waiting_room" and name.casefold() not in expected:
                joined = moment(row.get("join_time")) or moment(session.get("start_time"))
                if joined is not None:
                    met.setdefault(name or "no name", joined)
        topic = str(meeting.get("topic") or "a session")[:100]
        posts += [_post(uuid, name, joined, topic) for name, joined in met.items()]
        done.append(mark)
    return posts, []


def _post(uuid: str, name: str, joined: datetime, topic: str) -> IncomingPost:
    digest = sha256(f"{uuid}\n{name}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return IncomingPost(
        native_id=f"zoom.{digest}",
        kind=PostKind.MESSAGE,
        text=f'"{name}" was in the session "{topic}" and is not on the expected list.',
        posted_at=joined,
        author_name=name,
        thread_id=f"zoom.{sha256(uuid.encode()).hexdigest()[:32]}",
        note="Names in Zoom are chosen by each person: it may be somebody who is expected.",
    )


def _names(path: Path) -> frozenset[str]:
    try:
        return frozenset(one.display_name.casefold() for one in read_members(path))
    except MendInput as error:
        raise NeedsOperator(error.what, subject=error.subject, cure=error.cure) from error


def _state(cursor: Cursor | None) -> tuple[list[str], list[str], datetime | None]:
    """The sessions that were looked at, what was said last, and when that was finished."""
    try:
        said = json.loads(cursor or "{}")
        lists = [[one for one in said[name] if isinstance(one, str)] for name in ("done", "notes")]
        return lists[0], lists[1], moment(said["at"])
    except (ValueError, TypeError, KeyError):
        return [], [], None  # looked at anew; the same ids are stored once


def _cursor(done: list[str], notes: list[str], at: datetime | None) -> Cursor:
    when = at.isoformat() if at else ""
    return json.dumps({"v": 1, "done": done[-_REMEMBERED:], "notes": notes, "at": when})


class _OnlyPaid(Refused):
    """The account's plan does not have it."""


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
        return NeedsOperator(
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
        return _OnlyPaid("Only for paid accounts.", subject=_SUBJECT, cure="Do it by hand.")
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
