"""Who is at a Zoom meeting: those who registered, and those who were in its past sessions.

Zoom gives no list of a meeting's members, only what happened: so each is a `MemberSeen`. Guests
have no address there, and choose their names themselves.
"""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from collector.connector import IncomingPost, MemberSeen
from collector.connectors.web import Node, WebClient, moment, part_of, text_id
from models.errors import NeedsOperator, Refused
from models.vocabulary import PostKind, now

_PAGES = 20
_ASKS, _REGISTERED, _TOOK_PART = "asks", "registered", "took part"
_BY_REGISTRATION = (0, 1)
"""Zoom's approval_type of meetings that ask people to register; 2 is none."""

_PAID = "Zoom tells who was there only to paid accounts: keep a list by hand."


class OnlyPaid(Refused):
    """The account's plan does not have it."""


class LacksScope(NeedsOperator):
    """The app was not given a right that the call needs."""


def listed(web: WebClient, path: str, name: str, **params: Any) -> Iterator[Node]:
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


def people_of(
    web: WebClient, meeting: Node, expected: frozenset[str] | None, done: list[str]
) -> tuple[list[IncomingPost], list[MemberSeen], list[str]]:
    """(posts about people on no list, members seen, notes) of one meeting.

    expected: names as `str.casefold` has them, None where no list is kept. `done` gains the
    sessions that were read to their end.
    """
    registered, notes = _registrants(web, meeting)
    posts: list[IncomingPost] = []
    people: list[MemberSeen] = []
    number = quote(text_id(meeting.get("id")), safe="")
    try:
        sessions = web.object("GET", f"past_meetings/{number}/instances").get("meetings")
    except OnlyPaid:
        return [], registered, [*notes, _PAID]
    for session in sessions if isinstance(sessions, list) else []:
        uuid = text_id(session.get("uuid")) if isinstance(session, dict) else ""
        mark = _mark(uuid, expected is not None)
        if not uuid or mark in done:
            continue
        here = _session(web, uuid, moment(session.get("start_time")))
        people += here
        if expected is not None:
            topic = str(meeting.get("topic") or "a session")[:100]
            posts += _strangers(uuid, here, expected, topic)
        done.append(mark)
    return posts, sorted([*people, *registered], key=lambda one: one.at), notes


def _mark(uuid: str, compared: bool) -> str:
    """A list that is kept only later is compared with earlier sessions too."""
    words = uuid if compared else f"members\n{uuid}"
    return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _session(web: WebClient, uuid: str, began: datetime | None) -> list[MemberSeen]:
    """Everybody who was let in, once, when they were first there. Who only waited was not."""
    # Twice: Zoom takes a number with "/" in it only so.
    key = quote(quote(uuid, safe=""), safe="")
    met: dict[str, MemberSeen] = {}
    for row in listed(web, f"past_meetings/{key}/participants", "participants", page_size=300):
        at = moment(row.get("join_time")) or began
        if row.get("status") == "in_waiting_room" or at is None:
            continue
        name = " ".join(str(row.get("name") or "").split())[:200] or "no name"
        handle = _address(row.get("user_email")) or name.casefold()
        met.setdefault(handle, MemberSeen(handle, name, at, role=_TOOK_PART))
    return list(met.values())


def _registrants(web: WebClient, meeting: Node) -> tuple[list[MemberSeen], list[str]]:
    """Who asks to come and who may, as the lists stand now; who was refused is there no more."""
    settings = part_of(meeting, "settings")
    if settings.get("approval_type") not in _BY_REGISTRATION:
        return [], []
    path = f"meetings/{quote(text_id(meeting.get('id')), safe='')}/registrants"
    people: list[MemberSeen] = []
    at = now()
    try:
        for status, role in (("denied", ""), ("pending", _ASKS), ("approved", _REGISTERED)):
            for row in listed(web, path, "registrants", status=status, page_size=300):
                name = " ".join(
                    f"{row.get('first_name') or ''} {row.get('last_name') or ''}".split()
                )
                handle = _address(row.get("email")) or name.casefold()
                if not handle:
                    continue
                since = moment(row.get("create_time"))
                if role and since is not None and since < at:
                    people.append(MemberSeen(handle, name[:200], since, role=role))
                people.append(MemberSeen(handle, name[:200], at, bool(role), role))
    except OnlyPaid:
        return [], ["Zoom tells who registered only to paid accounts."]
    except LacksScope as error:
        return [], [f"Who registered could not be read: {error.what} {error.cure}"]
    return people, []


def _address(value: object) -> str:
    return value.strip().lower()[:200] if isinstance(value, str) and "@" in value else ""


def _strangers(
    uuid: str, here: list[MemberSeen], expected: frozenset[str], topic: str
) -> Iterator[IncomingPost]:
    """One post for each name that is on no list."""
    for name, joined in {one.display_name: one.at for one in reversed(here)}.items():
        if name.casefold() not in expected:
            yield _post(uuid, name, joined, topic)


def _post(uuid: str, name: str, joined: datetime, topic: str) -> IncomingPost:
    digest = sha256(f"{uuid}\n{name}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return IncomingPost(
        native_id=f"zoom.{digest}",
        kind=PostKind.MESSAGE,
        text=f'"{name}" was in the session "{topic}" and is not on the expected list.',
        posted_at=joined,
        author_name=name,
        thread_id=f"zoom.{sha256(uuid.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}",
        note="Names in Zoom are chosen by each person: it may be somebody who is expected.",
    )
