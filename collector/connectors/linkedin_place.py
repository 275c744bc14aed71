"""A Page of LinkedIn as the walk reads it: its posts, their comments, and the replies to those."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from collector.connector import IncomingPost, Sighting
from collector.connectors.linkedin_client import LinkedInClient, Missing
from collector.connectors.linkedin_read import Reader, answers, comment_parts, is_post
from collector.connectors.walk import Listing, Progress, Top
from models.vocabulary import Presence

_PAGE = 100
LEFT_OUT = "LinkedIn sent something that is neither a post nor a comment; it was left out."


class LinkedInPlace:
    """See walk.Place. oldest: comments of posts before that are not read again."""

    platform = "LinkedIn"

    def __init__(
        self,
        client: LinkedInClient,
        organisation: str,
        subject: str,
        seen_at: datetime,
        oldest: datetime | None = None,
    ) -> None:
        self.subject = subject
        self._client, self._organisation, self._oldest = client, organisation, oldest
        self._reader = Reader(organisation, seen_at)
        self._notes: list[str] = []

    def tops(self, onward: str) -> Listing:
        """A page of the Page's posts. onward: where it starts."""
        start = _number(onward)
        raws = self._client.page(
            "posts",
            start=start,
            count=_PAGE,
            q="author",
            author=self._organisation,
            sortBy="CREATED",
        )
        found = [self._reader.post(raw) for raw in raws]
        posts = [post for post in found if post is not None]
        notes, self._notes = self._notes, []
        if len(posts) < len(raws):
            notes.append(LEFT_OUT)
        tops = [self._top(post) for post in posts]
        return Listing(tops, _following(start, raws), notes=tuple(dict.fromkeys(notes)))

    def _top(self, post: IncomingPost) -> Top:
        if self._oldest is not None and post.posted_at < self._oldest:
            return Top(post, ask=False, count=0)
        return Top(post)  # how many comments there are would cost as much as to read them

    def under(self, top: Top, onward: str) -> tuple[list[IncomingPost], str] | None:
        """A page of comments, each with all its replies."""
        post_id, start = top.post.native_id, _number(onward)
        try:
            raws = self._comments(post_id, start)
        except Missing:
            # A post without any comment can be answered so too.
            gone = self.look_up([post_id])[post_id].presence is Presence.GONE
            return None if gone else ([], "")
        return list(self._read(raws, post_id)), _following(start, raws)

    def _comments(self, urn: str, start: int) -> list[Any]:
        return self._client.page("socialActions", urn, "comments", start=start, count=_PAGE)

    def _read(self, raws: list[Any], post_id: str) -> Iterator[IncomingPost]:
        for raw in raws:
            comment = self._reader.comment(raw, post_id)
            if comment is None:
                self._notes.append(LEFT_OUT)
                continue
            yield comment
            if answers(raw):
                yield from self._replies(comment, post_id)

    def _replies(self, comment: IncomingPost, post_id: str) -> Iterator[IncomingPost]:
        onward, progress = "0", Progress(self)
        while onward:
            try:
                raws = self._comments(comment.native_id, _number(onward))
            except Missing:
                return  # deleted since the page was read: the next pass misses it
            read = [self._reader.comment(raw, post_id, comment.native_id) for raw in raws]
            replies = [one for one in read if one is not None]
            yield from replies
            onward = _following(_number(onward), raws)
            if onward:
                progress.check([one.native_id for one in replies], onward)

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """See walk.Place. Each costs one call; UNKNOWN for what is not the platform's own."""
        return {one: self._sighting(one) for one in native_ids}

    def _sighting(self, native_id: str) -> Sighting:
        parts = comment_parts(native_id)
        try:
            if is_post(native_id):
                text = self._client.get("posts", native_id).get("commentary")
            elif parts is not None:
                raw = self._client.get("socialActions", parts[0], "comments", parts[1])
                message = raw.get("message")
                text = message.get("text") if isinstance(message, dict) else None
            else:
                return Sighting(Presence.UNKNOWN)
        except Missing:
            return Sighting(Presence.GONE)
        return Sighting(Presence.PRESENT, text if isinstance(text, str) else None)


def _number(onward: str) -> int:
    return int(onward) if onward.isascii() and onward.isdigit() else 0


def _following(start: int, raws: Sequence[object]) -> str:
    """Where the next page starts: there is one only after a full page."""
    return str(start + len(raws)) if len(raws) >= _PAGE else ""
