"""A YouTube channel as the walk reads it: its videos, then its comment threads by their standing.

Threads are listed for the whole channel, a hundred for one unit of the day's ten thousand: video
by video would cost one each. Comments that YouTube holds back are listed too, hidden.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from collector.connector import IncomingPost, Sighting
from collector.connectors.walk import Listing, Top
from collector.connectors.web import part_of
from collector.connectors.youtube_client import Missing, NotAllowed, YouTubeClient
from collector.connectors.youtube_read import (
    Reader,
    is_comment,
    is_video,
    presence_of,
    thread_parts,
    words_of,
)
from models.errors import NeedsOperator
from models.vocabulary import Presence

_SECTIONS = ("videos", "published", "heldForReview", "likelySpam")
_AT_ONCE = 25
"""Ids in one call: more would make its address too long."""

NOT_HELD = (
    "YouTube does not show this account the comments that it holds back. Sign in as the owner of "
    "the channel."
)
LEFT_OUT = "YouTube sent something that is neither a video nor a comment; it was left out."


class YouTubePlace:
    """See walk.Place. Raises as YouTubeClient."""

    platform = "YouTube"

    def __init__(
        self, client: YouTubeClient, channel_id: str, subject: str, seen_at: datetime
    ) -> None:
        self.subject = subject
        self._client, self._channel_id = client, channel_id
        self._reader = Reader(channel_id, seen_at)

    def tops(self, onward: str) -> Listing:
        """A page of one section. onward: "section:token"."""
        section, _, token = onward.partition(":")
        number = _SECTIONS.index(section) if section in _SECTIONS else 0
        following = f"{_SECTIONS[number + 1]}:" if number + 1 < len(_SECTIONS) else ""
        notes: tuple[str, ...] = ()
        try:
            raws, token = self._videos(token) if number == 0 else self._threads(section, token)
        except NotAllowed:
            if number < 2 or token:
                raise
            raws, token, notes = [], "", (NOT_HELD,)
        found = [self._video(raw) if number == 0 else self._thread(raw) for raw in raws]
        tops = [top for top in found if top is not None]
        if len(tops) < len(found):
            notes = (*notes, LEFT_OUT)
        return Listing(
            tops, f"{_SECTIONS[number]}:{token}" if token else following, following, notes
        )

    def _videos(self, token: str) -> tuple[list[Any], str]:
        items, _ = self._client.page(
            self._client.api.channels().list(part="contentDetails", id=self._channel_id)
        )
        if not items:
            raise NeedsOperator(
                "YouTube knows no such channel.",
                subject=self.subject,
                cure="Check channel_id: it begins with UC, under Settings, Advanced settings.",
            )
        playlists = part_of(part_of(items[0], "contentDetails"), "relatedPlaylists")
        uploads = playlists.get("uploads")
        if not isinstance(uploads, str) or not uploads:
            return [], ""
        asked = {"part": "snippet,contentDetails,status", "maxResults": 50}
        try:
            return self._client.page(
                self._client.api.playlistItems().list(
                    playlistId=uploads, pageToken=token or None, **asked
                )
            )
        except Missing:
            return [], ""  # a channel without a video has no list of them

    def _threads(self, standing: str, token: str) -> tuple[list[Any], str]:
        return self._client.page(
            self._client.api.commentThreads().list(
                part="snippet,replies",
                allThreadsRelatedToChannelId=self._channel_id,
                order="time",
                maxResults=100,
                textFormat="plainText",
                moderationStatus=standing,
                pageToken=token or None,
            )
        )

    def _video(self, raw: Any) -> Top | None:
        post = self._reader.video(raw)
        return None if post is None else Top(post, ask=False, count=0)

    def _thread(self, raw: Any) -> Top | None:
        first, replies, count, video_id = thread_parts(raw)
        comment = self._reader.comment(first, video_id)
        if comment is None:
            return None
        read = [self._reader.comment(one, comment.thread_id or "") for one in replies]
        below = tuple(one for one in read if one is not None)
        # At most five replies come along.
        return Top(comment, below, ask=count > len(below), count=count)

    def under(self, top: Top, onward: str) -> tuple[list[IncomingPost], str] | None:
        """A page of the replies to one comment."""
        request = self._client.api.comments().list(
            part="snippet",
            parentId=top.post.native_id,
            maxResults=100,
            textFormat="plainText",
            pageToken=onward or None,
        )
        try:
            raws, token = self._client.page(request)
        except Missing:
            return None
        video = top.post.thread_id if top.post.thread_id != top.post.native_id else ""
        read = [self._reader.comment(raw, video or "") for raw in raws]
        return [one for one in read if one is not None], token

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """See walk.Place; UNKNOWN for what is not the platform's own."""
        videos = [one for one in dict.fromkeys(native_ids) if is_video(one)]
        comments = [one for one in dict.fromkeys(native_ids) if is_comment(one)]
        found: dict[str, Sighting] = {}
        for start in range(0, len(videos), _AT_ONCE):
            found.update(self._see_videos(videos[start : start + _AT_ONCE]))
        for start in range(0, len(comments), _AT_ONCE):
            found.update(self._see_comments(comments[start : start + _AT_ONCE]))
        missing = [one for one in (*videos, *comments) if one not in found]
        if missing:
            self._make_sure_owner()
            found.update({one: Sighting(Presence.GONE) for one in missing})
        return {one: found.get(one, Sighting(Presence.UNKNOWN)) for one in native_ids}

    def _make_sure_owner(self) -> None:
        """What is held or private is missing too for all but the owner. Raises NotAllowed."""
        items, _ = self._client.page(self._client.api.channels().list(part="id", mine=True))
        if self._channel_id not in [item.get("id") for item in items if isinstance(item, dict)]:
            raise NotAllowed(self.subject)

    def _see_videos(self, ids: Sequence[str]) -> dict[str, Sighting]:
        request = self._client.api.videos().list(part="snippet,status", id=",".join(ids))
        items, _ = self._client.page(request)
        seen = {}
        for item in items:
            snippet = part_of(item, "snippet")
            private = part_of(item, "status").get("privacyStatus") == "private"
            words = [snippet.get("title"), snippet.get("description")]
            text = "\n".join(word for word in words if isinstance(word, str) and word)
            seen[_id(item)] = Sighting(Presence.HIDDEN if private else Presence.PRESENT, text)
        return {one: seen[one] for one in ids if one in seen}

    def _see_comments(self, ids: Sequence[str]) -> dict[str, Sighting]:
        request = self._client.api.comments().list(
            part="snippet", id=",".join(ids), textFormat="plainText"
        )
        try:
            items, _ = self._client.page(request)
        except Missing:
            if len(ids) == 1:
                return {}
            half = len(ids) // 2
            return {**self._see_comments(ids[:half]), **self._see_comments(ids[half:])}
        seen = {
            _id(item): Sighting(
                presence_of(part_of(item, "snippet")), words_of(part_of(item, "snippet"))
            )
            for item in items
        }
        return {one: seen[one] for one in ids if one in seen}


def _id(item: object) -> str:
    found = item.get("id") if isinstance(item, dict) else None
    return found if isinstance(found, str) else ""
