"""A Bluesky account as the walk reads it: its own posts with all answers, then its mentions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from collector.connector import IncomingPost, Sighting
from collector.connectors.bluesky_client import BlueskyClient, Missing
from collector.connectors.walk import Listing, Top
from collector.connectors.web import moment, part_of, text_of
from models.vocabulary import AuthorRole, PostKind, Presence

NATIVE = re.compile(
    r"at://(did:[a-z]{1,20}:[A-Za-z0-9._:%-]{1,200})/app\.bsky\.feed\.post/([A-Za-z0-9._~:-]{1,64})"
)
GATE = "app.bsky.feed.threadgate"
LEFT_OUT = "Bluesky sent something that is no post; it was left out."
_AT_ONCE = 25
_REASONS = ["mention", "reply", "quote"]


class BlueskyPlace:
    """See walk.Place. Raises as BlueskyClient. seen_at: stands for times that are none."""

    platform = "Bluesky"

    def __init__(self, client: BlueskyClient, subject: str, seen_at: datetime) -> None:
        self.subject = subject
        self._client, self._seen_at = client, seen_at
        self._hidden: dict[str, frozenset[str]] = {}

    def tops(self, onward: str) -> Listing:
        """A page of own posts, then of what mentions, answers or quotes them."""
        section, _, cursor = onward.partition(":")
        own = section != "mentions"
        asked: dict[str, Any] = {"limit": 100, **({"cursor": cursor} if cursor else {})}
        if own:
            asked |= {"actor": self._client.did, "filter": "posts_with_replies"}
            answer = self._client.get("app.bsky.feed.getAuthorFeed", **asked)
            raws, cursor = self._client.listed(answer, "feed")
            # With a reason it is somebody's post that was passed on, or a pinned one again.
            views = [part_of(one, "post") for one in raws if not part_of(one, "reason")]
        else:
            answer = self._client.get(
                "app.bsky.notification.listNotifications", **asked, reasons=_REASONS
            )
            views, cursor = self._client.listed(answer, "notifications")
        found = [(view, self._post(view)) for view in views]
        tops = [
            Top(post, ask=own, count=_count(view) if own else 0)
            for view, post in found
            if post is not None
        ]
        notes = (LEFT_OUT,) if len(tops) < len(views) else ()
        following = "mentions:" if own else ""
        name = "own" if own else "mentions"
        return Listing(tops, f"{name}:{cursor}" if cursor else following, following, notes)

    def under(self, top: Top, onward: str) -> tuple[list[IncomingPost], str] | None:
        """Everything that hangs from an own post, in one answer."""
        try:
            answer = self._client.get(
                "app.bsky.feed.getPostThread",
                uri=top.post.native_id,
                depth=1000,
                parentHeight=0,
            )
        except Missing:
            return None
        thread = answer.get("thread")
        if not isinstance(thread, dict):
            raise self._client.unreadable("no thread")
        gate = part_of(part_of(answer, "threadgate"), "record")
        self._hidden.setdefault(top.post.native_id, _hidden_in(gate))
        read = [self._post(view) for view in _views(thread)]
        return [one for one in read if one is not None], ""

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """See walk.Place; UNKNOWN for what is no post's address."""
        found = {one: Sighting(Presence.UNKNOWN) for one in native_ids}
        ids = [one for one in found if NATIVE.fullmatch(one)]
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            found.update(dict.fromkeys(some, Sighting(Presence.GONE)))
            for view in self.views(some):
                uri, record = text_of(view, "uri"), part_of(view, "record")
                if uri in found:
                    hidden = uri in self.hidden_below(root_of(record))
                    presence = Presence.HIDDEN if hidden else Presence.PRESENT
                    found[uri] = Sighting(presence, words(record))
        return found

    def views(self, uris: Sequence[str]) -> list[Any]:
        """Posts as they stand; those that are gone are left out. At most 25."""
        answer = self._client.get("app.bsky.feed.getPosts", uris=list(uris))
        return self._client.listed(answer, "posts")[0]

    def hidden_below(self, root: str) -> frozenset[str]:
        """What is hidden in a thread of ours, asked once; nothing in one of somebody else."""
        if not self.is_ours(root):
            return frozenset()
        if root not in self._hidden:
            self._hidden[root] = _hidden_in(self.gate(root)[0])
        return self._hidden[root]

    def is_ours(self, root: str) -> bool:
        """Whether the thread hangs from a post of the account."""
        found = NATIVE.fullmatch(root)
        return found is not None and found[1] == self._client.did

    def gate(self, root: str) -> tuple[dict[str, Any], str | None]:
        """(the record that says who may answer and what is hidden, its version). Raises as get.

        ({}, None) where the thread has none yet."""
        try:
            answer = self._client.get(
                "com.atproto.repo.getRecord",
                repo=self._client.did,
                collection=GATE,
                rkey=root.rpartition("/")[2],
            )
        except Missing:
            return {}, None
        value, cid = answer.get("value"), answer.get("cid")
        if not isinstance(value, dict) or not isinstance(cid, str):
            raise self._client.unreadable("no record")
        return value, cid

    def _post(self, view: Any) -> IncomingPost | None:
        uri, record, author = text_of(view, "uri"), part_of(view, "record"), part_of(view, "author")
        found = NATIVE.fullmatch(uri)
        if found is None or not record:
            return None
        parent = text_of(part_of(part_of(record, "reply"), "parent"), "uri") or None
        root = root_of(record)
        posted = moment(view.get("indexedAt")) or moment(record.get("createdAt"))
        return IncomingPost(
            native_id=uri,
            kind=PostKind.COMMENT if parent else PostKind.POST,
            text=words(record),
            posted_at=posted or self._seen_at,
            author_id=text_of(author, "did") or None,
            author_role=AuthorRole.STAFF if found[1] == self._client.did else None,
            author_name=text_of(author, "displayName") or text_of(author, "handle") or None,
            parent_id=parent,
            thread_id=root or uri,
            permalink=f"https://bsky.app/profile/{found[1]}/post/{found[2]}",
            media_count=sum(1 for _ in _media(record)),
            hidden=bool(parent) and uri in self.hidden_below(root),
            note="" if posted else "Bluesky gave no time; it is when it was first seen.",
        )


def words(record: Mapping[str, Any]) -> str:
    """What a reader sees: the text, links behind it, the words for pictures and cards."""
    text = text_of(record, "text")
    said = [text, *(link for link in _links(record) if link not in text)]
    said += [text_of(one, "alt") for one in _media(record)]
    card = part_of(_embed(record), "external")
    said += [text_of(card, name) for name in ("title", "description", "uri")]
    return "\n".join(one for one in said if one)


def root_of(record: Mapping[str, Any]) -> str:
    """The post that the thread hangs from, "" where it is none's answer."""
    return text_of(part_of(part_of(record, "reply"), "root"), "uri")


def _embed(record: Mapping[str, Any]) -> Mapping[str, Any]:
    embed = part_of(record, "embed")
    return part_of(embed, "media") or embed


def _media(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    embed = _embed(record)
    images = embed.get("images")
    if isinstance(images, list):
        yield from (one for one in images if isinstance(one, dict))
    if "video" in embed:
        yield embed


def _links(record: Mapping[str, Any]) -> Iterator[str]:
    facets = record.get("facets")
    for facet in facets if isinstance(facets, list) else []:
        features = facet.get("features") if isinstance(facet, dict) else None
        for feature in features if isinstance(features, list) else []:
            link = text_of(feature, "uri")
            if link:
                yield link


def _views(thread: Mapping[str, Any]) -> Iterator[Any]:
    """The posts below a thread's top, parents first. What is gone or blocked has none."""
    waiting: list[Any] = [thread]
    while waiting:
        replies = waiting.pop().get("replies")
        for node in replies if isinstance(replies, list) else []:
            if isinstance(node, dict):
                if "post" in node:
                    yield node["post"]
                waiting.append(node)


def _hidden_in(gate: Mapping[str, Any]) -> frozenset[str]:
    hidden = gate.get("hiddenReplies")
    return frozenset(str(one) for one in hidden) if isinstance(hidden, list) else frozenset()


def _count(view: Mapping[str, Any]) -> int | None:
    count = view.get("replyCount")
    return count if isinstance(count, int) and not isinstance(count, bool) else None
