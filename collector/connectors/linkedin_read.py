"""What LinkedIn gives as posts and comments, as IncomingPost.

Nothing in it is trusted. Times are milliseconds. LinkedIn names no authors: only their URNs.
"""

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from collector.connector import IncomingPost
from models.vocabulary import AuthorRole, PostKind

_POST = re.compile(r"urn:li:(?:share|ugcPost|activity):[0-9]{1,25}")
_COMMENT = re.compile(
    r"urn:li:comment:\((urn:li:(?:share|ugcPost|activity):[0-9]{1,25}),([0-9]{1,25})\)"
)


def is_post(native_id: object) -> bool:
    """Whether it is the URN of a post."""
    return isinstance(native_id, str) and _POST.fullmatch(native_id) is not None


def comment_parts(native_id: object) -> tuple[str, str] | None:
    """(what a comment hangs from, its number) out of its URN; None where it is none."""
    found = _COMMENT.fullmatch(native_id) if isinstance(native_id, str) else None
    return None if found is None else (found[1], found[2])


class Reader:
    """Reads the things of one organisation. seen_at stands in where no time is given."""

    def __init__(self, organisation: str, seen_at: datetime) -> None:
        """organisation: its URN."""
        self._organisation, self._seen_at = organisation, seen_at

    def post(self, raw: object) -> IncomingPost | None:
        """A post of the Page; None where it has no URN."""
        if not isinstance(raw, dict) or not is_post(raw.get("id")):
            return None
        posted_at = _time(raw.get("publishedAt")) or _time(raw.get("createdAt"))
        text = raw.get("commentary")
        return IncomingPost(
            native_id=raw["id"],
            kind=PostKind.POST,
            text=text if isinstance(text, str) else "",
            posted_at=posted_at or self._seen_at,
            author_id=self._organisation,
            author_role=AuthorRole.STAFF,
            thread_id=raw["id"],
            permalink=f"https://www.linkedin.com/feed/update/{raw['id']}/",
            edited_at=_later(posted_at, _time(raw.get("lastModifiedAt"))),
            media_count=1 if raw.get("content") else 0,
            note=_note(posted_at, text is None or isinstance(text, str)),
        )

    def comment(self, raw: object, post_id: str, parent: str = "") -> IncomingPost | None:
        """A comment on a post, or a reply to the comment `parent`; None where it has no URN."""
        native_id = _urn_of(raw)
        if not isinstance(raw, dict) or not native_id:
            return None
        created, changed = _part(raw, "created"), _part(raw, "lastModified")
        posted_at, text = _time(created.get("time")), _part(raw, "message").get("text")
        actor, content = raw.get("actor"), raw.get("content")
        link = (
            f"https://www.linkedin.com/feed/update/{post_id}?commentUrn={quote(native_id, safe='')}"
        )
        return IncomingPost(
            native_id=native_id,
            kind=PostKind.COMMENT,
            text=text if isinstance(text, str) else "",
            posted_at=posted_at or self._seen_at,
            author_id=actor if isinstance(actor, str) and actor else None,
            author_role=AuthorRole.STAFF if actor == self._organisation else None,
            parent_id=parent or post_id,
            thread_id=post_id,
            permalink=link,
            edited_at=_later(posted_at, _time(changed.get("time"))),
            media_count=len(content) if isinstance(content, list) else 0,
            note=_note(posted_at, isinstance(text, str)),
        )


def answers(raw: object) -> bool:
    """Whether a comment has, or may have, replies."""
    count = _part(raw, "commentsSummary").get("aggregatedTotalComments")
    return not isinstance(count, int) or count > 0


def _urn_of(raw: object) -> str:
    """Its URN, or the one that its number and what it hangs from make."""
    if not isinstance(raw, dict):
        return ""
    made = f"urn:li:comment:({raw.get('object')},{raw.get('id')})"
    for urn in (raw.get("commentUrn"), made):
        if comment_parts(urn) is not None:
            return str(urn)
    return ""


def _part(raw: object, name: str) -> dict[str, Any]:
    found = raw.get(name) if isinstance(raw, dict) else None
    return found if isinstance(found, dict) else {}


def _time(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 10**14:
        return None
    return datetime.fromtimestamp(value / 1000, UTC)


def _later(posted_at: datetime | None, changed_at: datetime | None) -> datetime | None:
    if posted_at is None or changed_at is None or changed_at <= posted_at:
        return None
    return changed_at


def _note(posted_at: datetime | None, has_words: bool) -> str:
    notes = []
    if posted_at is None:
        notes.append("LinkedIn gave no time for it: the time it was first seen is shown.")
    if not has_words:
        notes.append("Its words came in a form that cannot be read: look at it on LinkedIn.")
    return " ".join(notes)
