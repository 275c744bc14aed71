"""What Instagram gives as media and comments, as IncomingPost.

Nothing in it is trusted. The id of a comment is written "MEDIA_COMMENT": the API takes only the
second part, and tells from no id whether it is a comment's. A post that tags or mentions the
account and is not its own is "tag-MEDIA", a comment on such media "tag-MEDIA_COMMENT": they can be
read, and not acted on.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from collector.connector import IncomingPost
from collector.connectors.web import moment, text_id
from models.vocabulary import AuthorRole, PostKind

MEDIA_FIELDS = (
    "id,caption,media_type,permalink,timestamp,username,comments_count,owner,"
    "children{id,media_type}"
)
TAG_FIELDS = "id,caption,media_type,permalink,timestamp,username"
_COMMENT = "id,text,timestamp,username,from{id,username},hidden,parent_id"
COMMENT_FIELDS = f"{_COMMENT},replies.limit(50){{{_COMMENT}}}"
REPLY_FIELDS = _COMMENT
TAG = "tag-"

_ID = re.compile(r"[0-9]{1,40}(_[0-9]{1,40})?")
_HOSTS = frozenset({"instagram.com", "www.instagram.com"})


def may_be_asked(native_id: str) -> bool:
    """Whether it is an id of the platform's: nothing else is ever put into an address."""
    return _ID.fullmatch(native_id) is not None


def media_of(native_id: str) -> str:
    """The media that a comment hangs from; the id itself where it is one of media."""
    return native_id.partition("_")[0]


def platform_id(native_id: str) -> str:
    """What the API calls it."""
    return native_id.rpartition("_")[2]


class Reader:
    """Reads the things of one account. seen_at stands in, with a note, where no time is given."""

    def __init__(self, account_id: str, seen_at: datetime) -> None:
        self._account_id, self.seen_at = account_id, seen_at

    def media(self, raw: object, *, tagged: bool = False) -> IncomingPost | None:
        """A post of the account, or one that tags it; None where it has no id."""
        if not isinstance(raw, dict) or not may_be_asked(text_id(raw.get("id"))):
            return None
        native_id = (TAG if tagged else "") + text_id(raw["id"])
        text, posted_at, note = self._words(raw, "caption")
        name = _text(raw.get("username"))
        return IncomingPost(
            native_id=native_id,
            kind=PostKind.POST,
            text=text,
            posted_at=posted_at,
            author_id=name if tagged else self._account_id,
            author_name=name,
            author_role=None if tagged else AuthorRole.STAFF,
            thread_id=native_id,
            permalink=safe_link(raw.get("permalink")),
            media_count=max(1, len(list(_listed(raw.get("children"))))),
            note=note,
        )

    def comment(self, raw: object, media: IncomingPost, parent: str = "") -> IncomingPost | None:
        """A comment under `media`, or a reply to the comment `parent` (a native id)."""
        if not isinstance(raw, dict) or not may_be_asked(text_id(raw.get("id"))):
            return None
        text, posted_at, note = self._words(raw, "text")
        author_id, name = _author(raw)
        own = name is not None and name == media.author_name
        above = text_id(raw.get("parent_id"))
        if not parent and may_be_asked(above) and above != media.native_id:
            parent = f"{media.native_id}_{above}"
        return IncomingPost(
            native_id=f"{media.native_id}_{text_id(raw['id'])}",
            kind=PostKind.COMMENT,
            text=text,
            posted_at=posted_at,
            author_id=author_id,
            author_name=name,
            author_role=AuthorRole.STAFF if own or author_id == self._account_id else None,
            parent_id=parent or media.native_id,
            thread_id=media.native_id,
            permalink=media.permalink,
            hidden=raw.get("hidden") is True,
            note=note,
        )

    def _words(self, raw: dict[str, Any], name: str) -> tuple[str, datetime, str]:
        """(text, when it was written, a note for the reader)."""
        notes = []
        text, posted_at = raw.get(name), moment(raw.get("timestamp"))
        if text is not None and not isinstance(text, str):
            notes.append("Its words came in a form that cannot be read: look at it on Instagram.")
        if posted_at is None:
            notes.append("Instagram gave no time for it: the time it was first seen is shown.")
        words = text if isinstance(text, str) else ""
        return words, posted_at or self.seen_at, " ".join(notes)


def replies_of(raw: object) -> tuple[list[Any], object]:
    """(replies that came along with a comment, their paging)."""
    found = raw.get("replies") if isinstance(raw, dict) else None
    if not isinstance(found, dict):
        return [], None
    return list(_listed(found)), found.get("paging")


def comments_count(raw: object) -> int | None:
    """How many comments and replies a media has; advertisements' are not counted."""
    count = raw.get("comments_count") if isinstance(raw, dict) else None
    return count if isinstance(count, int) and not isinstance(count, bool) else None


def safe_link(link: object) -> str | None:
    """The link where it leads to Instagram itself over https, else None."""
    if not isinstance(link, str) or len(link) > 2000 or not link.isascii():
        return None
    if not link.isprintable() or " " in link:
        return None
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    return link if parts.scheme == "https" and parts.netloc in _HOSTS else None


def _author(raw: dict[str, Any]) -> tuple[str | None, str | None]:
    """(id, name). `from` is missing without the permission to manage comments."""
    told = raw.get("from")
    name = _text(raw.get("username"))
    if not isinstance(told, dict):
        return name, name
    name = name or _text(told.get("username"))
    return text_id(told.get("id")) or name, name


def _listed(several: object) -> Iterator[Any]:
    data = several.get("data") if isinstance(several, dict) else None
    yield from data if isinstance(data, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
