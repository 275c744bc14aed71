"""The people of a subreddit: who belongs to it, who asks to, and taking somebody out.

In a private subreddit the approved users are the members, and asking to join is a message to the
moderators. A public one has no list of members; there somebody can only be banned. A ban does not
take an approval away, so both are undone.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from collector.connector import Member, MemberAction, Receipt
from collector.connectors import reddit_things as read
from collector.connectors.reddit_client import RedditClient
from collector.connectors.reddit_errors import NotAllowed, not_json
from models.errors import Refused, RetryLater
from models.vocabulary import now

MODERATOR, APPROVED, ASKS = "moderator", "approved user", "asks to join"
BY_HAND = (
    "Open the subreddit on Reddit with an account that moderates it, then Mod tools, Users.",
    "Under Approved users find the person and press Remove.",
    "If they are to stay out, add them under Banned, and choose Permanent.",
    "Come back here and press Done.",
)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,30}")
_PAGE, _PAGES = 100, 11
_REASON = 100
"""Longest reason of a ban that moderators may leave."""


class People:
    """The people of one subreddit. Raises RetryLater, NeedsOperator or Refused."""

    def __init__(self, client: RedditClient, subreddit: str) -> None:
        self._client, self._name = client, subreddit
        self._subject = f"r/{subreddit}"

    def listed(self) -> Iterator[Member]:
        """Moderators, approved users, and those who ask to join."""
        yield from _people(self._client.get(f"r/{self._name}/about/moderators/"), MODERATOR)
        mark: str | None = None
        for _ in range(_PAGES):
            params: dict[str, str | int] = {"limit": _PAGE}
            if mark is not None:
                params["after"] = mark
            listing = self._client.get(f"r/{self._name}/about/contributors/", **params)
            yield from _people(listing, APPROVED)
            mark = read.after(listing)
            if mark is None:
                break
        yield from self._asking()

    def _asking(self) -> Iterator[Member]:
        """Who asked to join, by the messages that they sent. Nobody, where the account may not
        read the moderators' messages."""
        asked: dict[str, str | int] = {
            "entity": self._name,
            "state": "join_requests",
            "limit": _PAGE,
        }
        for _ in range(_PAGES):
            try:
                answer = self._client.get("api/mod/conversations/", **asked)
            except NotAllowed:
                return
            talks, ids = _conversations(answer, self._subject)
            for one in ids:
                member = _asks(talks.get(one))
                if member is not None:
                    yield member
            if len(ids) < _PAGE or asked.get("after") == ids[-1]:
                return
            asked["after"] = ids[-1]

    def take_out(self, action: MemberAction) -> Receipt:
        """Approval away, and a ban where they are to stay out. Idempotent."""
        self._check(action.handle)
        if self._is_on("moderators", action.handle):
            raise self._cannot("They moderate the subreddit: no program may take that away.")
        approved = self._is_on("contributors", action.handle)
        to_ban = action.keep_out and not self._is_on("banned", action.handle)
        if to_ban:
            self._ban(action)
        if approved:
            self._client.post(
                f"r/{self._name}/api/unfriend/", {"type": "contributor", "name": action.handle}
            )
        if not (to_ban or approved):
            return Receipt(now(), True, "They were not in the subreddit any more.")
        done = ["No longer an approved user."] if approved else []
        if to_ban:
            done.append("Banned until a moderator lifts it.")
        return Receipt(now(), detail=" ".join(done))

    def is_member(self, handle: str) -> bool:
        """Whether they are an approved user or a moderator."""
        self._check(handle)
        return self._is_on("contributors", handle) or self._is_on("moderators", handle)

    def _ban(self, action: MemberAction) -> None:
        """Ban, and see that it stands."""
        self._client.post(
            f"r/{self._name}/api/friend/",
            {
                "api_type": "json",
                "type": "banned",
                "name": action.handle,
                "ban_reason": action.reason[:_REASON],
                "note": action.key[:_REASON],
                "ban_message": action.reason,
            },
        )
        if not self._is_on("banned", action.handle):
            raise RetryLater(
                "Reddit took the ban and does not show it yet.",
                subject=self._subject,
                after=timedelta(seconds=30),
            )

    def _is_on(self, listing: str, handle: str) -> bool:
        answer = self._client.get(f"r/{self._name}/about/{listing}/", user=handle, limit=_PAGE)
        names = {member.handle.casefold() for member in _people(answer, "")}
        return handle.casefold() in names

    def _check(self, handle: str) -> None:
        if not _NAME.fullmatch(handle):
            raise self._cannot("It is not an account's name on Reddit.")

    def _cannot(self, said: str) -> Refused:
        return Refused(said, subject=self._subject, cure=" ".join(BY_HAND))


def _people(listing: Any, role: str) -> Iterator[Member]:
    """Raises RetryLater for what is no listing: an empty one would take everybody away."""
    data = listing.get("data") if isinstance(listing, dict) else None
    rows = data.get("children") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise not_json("Reddit")
    for row in rows:
        name = row.get("name") if isinstance(row, dict) else None
        if isinstance(name, str) and name:
            yield Member(name, name, role, _since(row.get("date")))


def _since(seconds: object) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _conversations(answer: Any, subject: str) -> tuple[dict[str, Any], list[str]]:
    """(conversations by id, their ids in order)."""
    talks = answer.get("conversations") if isinstance(answer, dict) else None
    ids = answer.get("conversationIds") if isinstance(answer, dict) else None
    if not isinstance(talks, dict) or not isinstance(ids, list):
        raise not_json(subject)
    return talks, [one for one in ids if isinstance(one, str)]


def _asks(talk: object) -> Member | None:
    """The person who wrote: neither a moderator, nor Reddit itself, nor somebody approved since."""
    who = talk.get("participant") if isinstance(talk, dict) else None
    if not isinstance(talk, dict) or not isinstance(who, dict):
        return None
    name = who.get("name")
    known = any(who.get(mark) is True for mark in ("isMod", "isAdmin", "isDeleted", "isApproved"))
    if not isinstance(name, str) or not name or known:
        return None
    try:
        since = datetime.fromisoformat(str(talk.get("lastUserUpdate")))
    except ValueError:
        return Member(name, name, ASKS)
    return Member(name, name, ASKS, since if since.tzinfo else None)
