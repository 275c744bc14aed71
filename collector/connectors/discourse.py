"""The organisation's Discourse forum: topics and replies, the members of a group.

A post goes by its topic and its number there ("77.2"). A poll reads from the newest post down to
what is known, then looks a few known ones up again: the forum lists edits of new posts only, and
leaves deleted ones out without a word.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar
from urllib.parse import urlsplit

from collector.connector import (
    Batch,
    Cursor,
    Gone,
    IncomingPost,
    Member,
    MemberAction,
    PlatformAction,
    Receipt,
    Sighting,
)
from collector.connectors import discourse_members as people
from collector.connectors.discourse_client import Forum, Missing
from collector.connectors.kind import ConnectorKind, Option, Options, Secrets
from collector.connectors.markup import media_in
from collector.connectors.rota import Rota, read_rota
from collector.connectors.web import Node, moment, safe_base
from models.errors import MendSettings, Refused
from models.vocabulary import Capability, PostKind, Presence, Verb, now

_NATIVE = re.compile(r"([1-9][0-9]{0,18})\.([1-9][0-9]{0,8})")
_KEPT = 1000
_RECHECKED = 20
"""Known posts looked up one by one in a poll: a third of what the forum allows in a minute."""

_WINDOW = 50
"""Posts on a page of the listing; older forums go back by that many numbers instead."""

_EMPTY = 40
_REGULAR = 1
_INAPPROPRIATE = 4

_BY_HAND: Mapping[Verb, tuple[str, ...]] = {
    Verb.REMOVE: (
        "Open the post on the forum with a moderator's account.",
        "Press the three dots below it, then the bin.",
    ),
    Verb.RESTORE: (
        "Open the topic on the forum with a moderator's account.",
        "Find the deleted post, press the three dots below it, then the arrow that brings it back.",
    ),
    Verb.HIDE: (
        "Open the post on the forum with a moderator's account.",
        "Press the flag below it, choose Inappropriate, and Take action.",
    ),
    Verb.UNHIDE: (
        "Open the post on the forum with a moderator's account.",
        "Press the spanner below it, then Unhide post.",
    ),
}


class Discourse:
    """One forum. group: whose members and requests are listed."""

    name: ClassVar[str] = "discourse"
    capabilities: ClassVar[frozenset[Capability]] = frozenset(
        {
            Capability.POSTS,
            Capability.MEMBERS,
            Capability.HIDE,
            Capability.UNHIDE,
            Capability.REMOVE,
            Capability.RESTORE,
            Capability.REMOVE_MEMBER,
        }
    )

    def __init__(self, forum: Forum, site: str, group: str) -> None:
        self._forum, self._site, self._group = forum, site, group
        self._subject = urlsplit(site).hostname or "the forum"

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """What an earlier poll left unread, then what is new, then a recheck. See the contract."""
        self._forum.require_staff()
        state, seen = read_rota(after, _KEPT), set[str]()
        if state.marks.get("below"):
            yield from self._sweep(state, seen, _number(state.marks["below"]))
        yield from self._sweep(state, seen, 0)
        yield from self._recheck(state, seen)

    def _sweep(self, state: Rota, seen: set[str], below: int) -> Iterator[Batch]:
        """From a number (0: the newest) down to what is known; the marks say how far it came."""
        floor, empty = _number(state.marks.get("done", "")), 0
        top = _number(state.marks.get("top", "")) if below else 0
        while True:
            rows = self._page(below)
            numbers = [int(row["id"]) for row in rows]
            if below and any(number > below for number in numbers):
                raise self._forum.web.unreadable("its pages repeat themselves")
            top = max([top, *numbers])
            below = min(numbers) - 1 if numbers else below - _WINDOW
            empty = 0 if numbers else empty + 1
            ended = below <= floor or below <= 0 or empty > _EMPTY
            state.marks |= {"top": str(top), "below": "" if ended else str(below)}
            if ended:
                state.marks["done"] = str(max(floor, top))
            yield self._batch(rows, state, seen)
            if ended:
                return

    def _page(self, below: int) -> list[Node]:
        params = {"before": str(below)} if below else {}
        rows = self._forum.web.object("GET", "posts.json", params=params).get("latest_posts")
        if not isinstance(rows, list) or not all(_whole(row) for row in rows):
            raise self._forum.web.unreadable("no list of whole posts")
        return rows

    def _batch(self, rows: Sequence[Node], state: Rota, seen: set[str]) -> Batch:
        posts, gone = [], []
        for row in rows:
            native_id = _native(row)
            seen.add(native_id)
            if _presence(row) is Presence.GONE:
                gone.append(Gone(native_id, "author" if row.get("user_deleted") else "moderator"))
            elif row.get("post_type") == _REGULAR:
                posts.append(self._post(row))
        state.learn(post.native_id for post in reversed(posts))
        return Batch(tuple(posts), state.cursor(), tuple(gone))

    def _recheck(self, state: Rota, seen: set[str]) -> Iterator[Batch]:
        """A few known posts, one by one; a moderator sees what was deleted."""
        rows, lost = [], []
        for native_id in state.next_turn(seen, _RECHECKED):
            row = self._one(native_id)
            if row is None:
                lost.append(Gone(native_id))
            else:
                rows.append(row)
        state.forget(one.native_id for one in lost)
        found = self._batch(rows, state, set())
        waiting = self._waiting()
        notes = (f"{waiting} things wait in the forum's own review queue.",) if waiting else ()
        yield Batch(found.posts, state.cursor(), (*found.gone, *lost), notes)

    def _waiting(self) -> int:
        """Flags and held posts that the forum's own moderators have not looked at."""
        answer = self._forum.web.object("GET", "review.json", params={"status": "pending"})
        meta = answer.get("meta")
        count = meta.get("total_rows_reviewables") if isinstance(meta, dict) else None
        return count if isinstance(count, int) else 0

    def _one(self, native_id: str) -> Node | None:
        """A post as it is now; None where there is none. Call require_staff before."""
        topic, number = native_id.split(".")
        try:
            row = self._forum.post(topic, number)
        except Missing:
            return None
        if not _whole(row) or _native(row) != native_id:
            raise self._forum.web.unreadable("it is another post")
        return row

    def _post(self, row: Node) -> IncomingPost:
        topic, number = row["topic_id"], int(row["post_number"])
        first, answers = f"{topic}.1", row.get("reply_to_post_number")
        edited = int(str(row.get("version") or 1)) > 1
        return IncomingPost(
            native_id=_native(row),
            kind=PostKind.POST if number == 1 else PostKind.COMMENT,
            text=_words(row),
            posted_at=moment(row.get("created_at")) or now(),
            author_id=str(row.get("username") or "") or None,
            author_name=str(row.get("name") or row.get("username") or "") or None,
            parent_id=None if number == 1 else f"{topic}.{answers or 1}",
            thread_id=first,
            permalink=f"{self._site}t/{topic}/{number}",
            edited_at=moment(row.get("updated_at")) if edited else None,
            media_count=media_in(str(row.get("cooked") or "")),
            hidden=row.get("hidden") is True,
        )

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """How each stands now. See the contract."""
        found = {one: Sighting(Presence.GONE) for one in native_ids}
        self._forum.require_staff()
        for one in found:
            row = self._one(one) if _NATIVE.fullmatch(one) else None
            if row is not None:
                found[one] = Sighting(_presence(row), _words(row))
        return found

    def act(self, action: PlatformAction) -> Receipt:
        """Delete, hide, or bring back. Idempotent. See the contract."""
        if not _NATIVE.fullmatch(action.native_id):
            raise Refused(
                "It is not an id of a post.", subject=self._subject, cure="Look on the forum."
            )
        self._forum.require_staff()
        row = self._one(action.native_id)
        stands = Presence.GONE if row is None else _presence(row)
        if action.verb in (Verb.REMOVE, Verb.HIDE) and stands is Presence.GONE:
            return _already("It was deleted before we asked.")
        if row is None or (stands is Presence.GONE and row.get("user_deleted")):
            raise Refused(
                "Its author deleted it, or it is no longer on the forum.",
                subject=self._subject,
                cure="It cannot be brought back; the record keeps what it said.",
            )
        if action.verb is Verb.HIDE:
            return self._hide(row, stands)
        if action.verb is Verb.REMOVE:
            self._forum.web.ask("DELETE", f"{_place(row)}.json")
            return Receipt(now(), detail="Deleted on the forum.")
        return self._show(row, stands)

    def _hide(self, row: Node, stands: Presence) -> Receipt:
        if stands is Presence.HIDDEN:
            return _already("It is hidden on the forum.")
        flag = {"id": row["id"], "post_action_type_id": _INAPPROPRIATE, "take_action": "true"}
        self._forum.web.ask("POST", "post_actions.json", data=flag)
        return Receipt(now(), detail="Hidden on the forum by a moderator's flag.")

    def _show(self, row: Node, stands: Presence) -> Receipt:
        if stands is Presence.PRESENT:
            return _already("It stands on the forum.")
        if stands is Presence.GONE:
            self._forum.web.ask("PUT", f"{_place(row)}/recover.json")
        if row.get("hidden") is True:
            self._forum.web.ask("PUT", f"posts/{row['id']}/unhide.json")
        return Receipt(now(), detail="Shown on the forum again.")

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """Steps on the forum's own pages."""
        return _BY_HAND[verb]

    def members(self) -> Iterator[Member]:
        """The group's owners and members, then who asks to join it."""
        return people.listed(self._forum, self._group)

    def is_member(self, handle: str) -> bool:
        """See RemovesMembers."""
        return people.is_there(self._forum, self._group, handle)

    def remove_member(self, action: MemberAction) -> Receipt:
        """See RemovesMembers. Out of the group; suspended where that is wanted or the only way."""
        return people.take_out(self._forum, self._group, action, self._subject)

    def member_by_hand(self) -> tuple[str, ...]:
        """See GuidesMembers."""
        return people.BY_HAND


def _whole(row: object) -> bool:
    """Whether it is a post with its numbers, its time and its words."""
    if not isinstance(row, dict) or not isinstance(row.get("raw"), str):
        return False
    numbers = [row.get(name) for name in ("id", "topic_id", "post_number")]
    counted = all(isinstance(one, int) and one is not True and one > 0 for one in numbers)
    return counted and moment(row.get("created_at")) is not None


def _native(row: Node) -> str:
    return f"{row['topic_id']}.{row['post_number']}"


def _words(row: Node) -> str:
    """What was written; the title too where it opens the topic."""
    title = str(row.get("topic_title") or "") if row.get("post_number") == 1 else ""
    return "\n\n".join(part for part in (title, str(row["raw"])) if part)


def _presence(row: Node) -> Presence:
    if row.get("deleted_at") or row.get("user_deleted") is True:
        return Presence.GONE
    return Presence.HIDDEN if row.get("hidden") is True else Presence.PRESENT


def _place(row: Node) -> str:
    """Where it is deleted and brought back: an opening post goes with its whole topic."""
    return f"t/{row['topic_id']}" if row["post_number"] == 1 else f"posts/{row['id']}"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _already(detail: str) -> Receipt:
    return Receipt(now(), already=True, detail=detail)


def connect(options: Options, secrets: Secrets) -> Discourse:
    """A connector for one forum. Raises MendSettings for values that cannot work."""
    base = safe_base(str(options["forum_url"]), "https://forum.example.org")
    username, group = str(options["username"]), str(options.get("group", "trust_level_0"))
    if not re.fullmatch(r"[\w.-]{1,60}", username) or username == "system":
        raise MendSettings(
            "That is not the name of a moderator's account.",
            subject="discourse, username",
            cure='Write it as the forum shows it, without the @. "system" would hide who acted.',
        )
    subject = urlsplit(base).hostname or "the forum"
    return Discourse(Forum(base, username, secrets("api_key"), subject), base, group)


OPTIONS: Mapping[str, Option] = {
    "forum_url": Option(
        "text", "The forum's address.", True, example='"https://forum.example.org"'
    ),
    "username": Option(
        "text", "The moderator that the key belongs to.", True, example='"safeguarding"'
    ),
    "api_key": Option("text", "The key, from Admin, API.", required=True, secret=True),
    "group": Option("text", "The group whose members and requests are listed."),
}

KINDS: tuple[ConnectorKind, ...] = (
    ConnectorKind(
        name=Discourse.name,
        summary="The organisation's Discourse forum.",
        options=OPTIONS,
        capabilities=Discourse.capabilities,
        connect=connect,
    ),
)
