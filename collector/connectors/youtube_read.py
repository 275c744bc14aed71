"""What YouTube gives as videos, comment threads and replies, as IncomingPost.

Nothing in it is trusted: fields may be missing, null or of another type.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from collector.connector import IncomingPost
from collector.connectors.web import moment, part_of
from models.vocabulary import AuthorRole, PostKind, Presence

_VIDEO = re.compile(r"[A-Za-z0-9_-]{11}")
_COMMENT = re.compile(r"[A-Za-z0-9_=-]{12,100}(\.[A-Za-z0-9_=-]{1,100})?")
_HELD = frozenset({"heldForReview", "likelySpam"})


def is_video(native_id: str) -> bool:
    """Whether it is the id of a video."""
    return _VIDEO.fullmatch(native_id) is not None


def is_comment(native_id: str) -> bool:
    """Whether it is the id of a comment or a reply."""
    return _COMMENT.fullmatch(native_id) is not None


class Reader:
    """Reads the things of one channel. seen_at stands in, with a note, where no time is given."""

    def __init__(self, channel_id: str, seen_at: datetime) -> None:
        self._channel_id, self._seen_at = channel_id, seen_at

    def video(self, raw: object) -> IncomingPost | None:
        """An item of the list of uploads; None where it has no id."""
        snippet, details = part_of(raw, "snippet"), part_of(raw, "contentDetails")
        native_id = details.get("videoId")
        if not isinstance(native_id, str) or not is_video(native_id):
            return None
        words = [_text(snippet, "title"), _text(snippet, "description")]
        posted_at = moment(details.get("videoPublishedAt")) or moment(snippet.get("publishedAt"))
        return IncomingPost(
            native_id=native_id,
            kind=PostKind.POST,
            text="\n".join(word for word in words if word),
            posted_at=posted_at or self._seen_at,
            author_id=self._channel_id,
            author_name=_text(snippet, "channelTitle") or None,
            author_role=AuthorRole.STAFF,
            thread_id=native_id,
            permalink=f"https://www.youtube.com/watch?v={native_id}",
            media_count=1,
            hidden=part_of(raw, "status").get("privacyStatus") == "private",
            note=_note(posted_at, True),
        )

    def comment(self, raw: object, video_id: str = "") -> IncomingPost | None:
        """A comment or a reply under a video; None where it has no id.

        video_id "": it stands on the channel itself.
        """
        snippet = part_of(raw, "snippet")
        native_id = raw.get("id") if isinstance(raw, dict) else None
        if not isinstance(native_id, str) or not is_comment(native_id):
            return None
        said = snippet.get("videoId")
        video_id = video_id or (said if isinstance(said, str) and is_video(said) else "")
        above = native_id.partition(".")[0]
        posted_at, edited_at = moment(snippet.get("publishedAt")), moment(snippet.get("updatedAt"))
        channel = snippet.get("authorChannelId")
        author_id = channel.get("value") if isinstance(channel, dict) else None
        name = _text(snippet, "authorDisplayName")
        return IncomingPost(
            native_id=native_id,
            kind=PostKind.COMMENT,
            text=words_of(snippet) or "",
            posted_at=posted_at or self._seen_at,
            author_id=author_id if isinstance(author_id, str) and author_id else name or None,
            author_name=name or None,
            author_role=AuthorRole.STAFF if author_id == self._channel_id else None,
            parent_id=above if above != native_id else video_id or None,
            thread_id=video_id or above,
            permalink=self._link(video_id, native_id),
            edited_at=edited_at if edited_at != posted_at else None,
            hidden=presence_of(snippet) is Presence.HIDDEN,
            note=_note(posted_at, words_of(snippet) is not None),
        )

    def _link(self, video_id: str, native_id: str) -> str:
        if video_id:
            return f"https://www.youtube.com/watch?v={video_id}&lc={native_id}"
        return f"https://www.youtube.com/channel/{self._channel_id}/community?lc={native_id}"


def thread_parts(raw: object) -> tuple[object, list[Any], int, str]:
    """(its first comment, the replies that came along, how many there are, its video)."""
    snippet = part_of(raw, "snippet")
    replies = part_of(raw, "replies").get("comments")
    count, video = snippet.get("totalReplyCount"), snippet.get("videoId")
    listed = replies if isinstance(replies, list) else []
    whole = isinstance(count, int) and not isinstance(count, bool) and count >= 0
    video_id = video if isinstance(video, str) and is_video(video) else ""
    number = int(str(count)) if whole else len(listed)
    return snippet.get("topLevelComment"), listed, number, video_id


def words_of(snippet: Mapping[str, Any]) -> str | None:
    """As written where the platform gives it so, else as it asks to show it; None for neither."""
    for name in ("textOriginal", "textDisplay"):
        if isinstance(snippet.get(name), str):
            return str(snippet[name])
    return None


def presence_of(snippet: Mapping[str, Any]) -> Presence:
    """How a comment stands. The platform says so to the owner only."""
    status = snippet.get("moderationStatus")
    if status == "rejected":
        return Presence.GONE
    return Presence.HIDDEN if status in _HELD else Presence.PRESENT


def _text(snippet: Mapping[str, Any], name: str) -> str:
    value = snippet.get(name)
    return value if isinstance(value, str) else ""


def _note(posted_at: datetime | None, has_words: bool) -> str:
    notes = []
    if posted_at is None:
        notes.append("YouTube gave no time for it: the time it was first seen is shown.")
    if not has_words:
        notes.append("Its words came in a form that cannot be read: look at it on YouTube.")
    return " ".join(notes)
