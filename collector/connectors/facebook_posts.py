"""What the Graph API gives as posts and comments, as IncomingPost.

Nothing in it is trusted: fields may be missing, null or of another type. What cannot be read is
said in the post's note, so that a person looks on Facebook; nothing is dropped without a word.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

from collector.connector import IncomingPost
from models.vocabulary import AuthorRole, PostKind, aware

POST_FIELDS = (
    "id,message,story,from,created_time,updated_time,permalink_url,is_hidden,status_type,"
    "attachments{media_type,type,title,description,unshimmed_url},comments.filter(stream).limit(0).summary(true)"
)
COMMENT_FIELDS = (
    "id,parent{id},message,from,created_time,is_hidden,permalink_url,"
    "attachment{media_type,type,title,description,unshimmed_url}"
)

_HOSTS = frozenset({"facebook.com", "www.facebook.com", "m.facebook.com", "web.facebook.com"})
_LONGEST_LINK = 2000
_LINK_ONLY = frozenset({"link", "share", "unavailable", "event", "note"})
_POST_NUMBER = re.compile(r"/posts/(?:[^/]*/)?(\w+)/?$")


def read_post(raw: object, page_id: str, seen_at: datetime) -> IncomingPost | None:
    """A Page post or a visitor's post; None where it is not even an object.

    seen_at: stands in, with a note, where the platform gave no time it was written.
    """
    if not isinstance(raw, dict):
        return None
    return _Reader(raw, page_id, seen_at).post()


def read_comment(raw: object, page_id: str, post_id: str, seen_at: datetime) -> IncomingPost | None:
    """A comment or reply under post_id; None where it is not even an object."""
    if not isinstance(raw, dict):
        return None
    return _Reader(raw, page_id, seen_at).comment(post_id)


def comment_count(raw: object) -> int | None:
    """How many comments and replies a post has, None where it does not say."""
    count: object = raw
    for name in ("comments", "summary", "total_count"):
        count = count.get(name) if isinstance(count, dict) else None
    return count if isinstance(count, int) and not isinstance(count, bool) else None


def touched_at(raw: object) -> datetime | None:
    """When a post or anything under it last changed, aware UTC; None where it does not say."""
    if not isinstance(raw, dict):
        return None
    return graph_time(raw.get("updated_time")) or graph_time(raw.get("created_time"))


def safe_link(link: object) -> str | None:
    """The link where it leads to Facebook itself over https, else None."""
    if not isinstance(link, str) or len(link) > _LONGEST_LINK:
        return None
    if not link.isascii() or not link.isprintable() or " " in link:
        return None
    try:
        parts = urlsplit(link)
        plain = parts.netloc == parts.hostname  # neither a user, nor a port, nor odd letters
    except ValueError:
        return None
    return link if parts.scheme == "https" and plain and parts.hostname in _HOSTS else None


class _Reader:
    """Reads one object; collects what could not be read as notes."""

    def __init__(self, raw: dict[str, Any], page_id: str, seen_at: datetime) -> None:
        self.raw, self.page_id, self.seen_at = raw, page_id, seen_at
        self.notes: list[str] = []

    def post(self) -> IncomingPost:
        link = safe_link(self.raw.get("permalink_url"))
        native_id = self._id() or _from_link(link, "", self.page_id) or self._invented()
        return self._finish(native_id, PostKind.POST, link, None, native_id)

    def comment(self, post_id: str) -> IncomingPost:
        link = safe_link(self.raw.get("permalink_url"))
        # Some apps are given comments without ids (fact sheet, gotcha 5): the link still has them.
        native_id = self._id() or _from_link(link, post_id, self.page_id) or self._invented()
        above = self.raw.get("parent")
        parent = text_id(above.get("id")) if isinstance(above, dict) else ""
        parent = parent or _parent_from_link(link, post_id) or post_id
        return self._finish(native_id, PostKind.COMMENT, link, parent, post_id)

    def _finish(
        self, native_id: str, kind: PostKind, link: str | None, parent: str | None, thread: str
    ) -> IncomingPost:
        author_id, author_name = self._author()
        media, words = self._attachments()
        return IncomingPost(
            native_id=native_id,
            kind=kind,
            text=self._words(words),
            posted_at=self._posted_at(),
            author_id=author_id,
            author_name=author_name,
            author_role=AuthorRole.STAFF if author_id == self.page_id else None,
            parent_id=parent,
            thread_id=thread,
            permalink=link,
            media_count=media,
            hidden=self.raw.get("is_hidden") is True,
            note=" ".join(dict.fromkeys(self.notes)),
        )

    def _id(self) -> str:
        return text_id(self.raw.get("id"))

    def _invented(self) -> str:
        """A stable id for what came without one: it can be read here, but not acted on."""
        self.notes.append("Facebook gave no number for it: to remove it, open the Page itself.")
        told = repr([self.raw.get(name) for name in ("created_time", "from", "message")])
        return f"nameless-{sha256(told.encode('utf-8', 'replace')).hexdigest()[:32]}"

    def _author(self) -> tuple[str | None, str | None]:
        """(id, name); both None where `from` is absent, as it is without the right permission."""
        told = self.raw.get("from")
        if not isinstance(told, dict):
            return None, None
        name = told.get("name")
        return text_id(told.get("id")) or None, name if isinstance(name, str) and name else None

    def _posted_at(self) -> datetime:
        found = graph_time(self.raw.get("created_time"))
        if found is None:
            self.notes.append("Facebook gave no time for it: the time it was first seen is shown.")
        return found or self.seen_at

    def _words(self, more: list[str]) -> str:
        """The message, or the story that stands in its place, then the words of what it shares."""
        words = [self._string("message") or self._string("story")]
        for piece in more:
            if piece not in "\n".join(words):
                words.append(piece)
        return "\n".join(word for word in words if word)

    def _string(self, name: str) -> str:
        value = self.raw.get(name)
        if value is None or isinstance(value, str):
            return value or ""
        self.notes.append("Its words came in a form that cannot be read: look at it on Facebook.")
        return ""

    def _attachments(self) -> tuple[int, list[str]]:
        """(how many pictures and videos, links, titles and descriptions). Nothing is fetched."""
        media, words = 0, []
        for one in _listed(self.raw.get("attachments"), self.raw.get("attachment")):
            if not _LINK_ONLY & {one.get("media_type"), one.get("type")}:
                media += 1
            elif _leads_away(one.get("unshimmed_url")):
                words.append(one["unshimmed_url"])
            for name in ("title", "description"):
                if isinstance(one.get(name), str) and one[name]:
                    words.append(one[name])
        return media, words


def _leads_away(link: object) -> bool:
    """Whether a shared link leads off Facebook: where to is part of what was said."""
    if not isinstance(link, str) or not 0 < len(link) <= _LONGEST_LINK:
        return False
    try:
        host = urlsplit(link).hostname or ""
    except ValueError:
        return True
    return host != "facebook.com" and not host.endswith(".facebook.com")


def _listed(several: object, single: object) -> Iterator[dict[str, Any]]:
    data = several.get("data") if isinstance(several, dict) else None
    for one in [*(data if isinstance(data, list) else []), single]:
        if isinstance(one, dict):
            yield one


def text_id(value: object) -> str:
    """An id as text, "" where it is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def graph_time(value: object) -> datetime | None:
    """Aware UTC, or None. Graph times look like 2021-07-21T21:05:14+0000."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return aware(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def _from_link(link: str | None, post_id: str, page_id: str) -> str:
    """The id that a permalink speaks of, "" where it speaks of none."""
    number = _POST_NUMBER.search(urlsplit(link).path) if link else None
    if link is None or number is None:
        return ""
    if not post_id:
        return f"{page_id}_{number[1]}"
    asked = parse_qs(urlsplit(link).query)
    for name in ("reply_comment_id", "comment_id"):
        if name in asked:
            return f"{number[1]}_{asked[name][0]}"
    return ""


def _parent_from_link(link: str | None, post_id: str) -> str:
    """The comment that a reply's permalink hangs from, "" where it is no reply's."""
    asked = parse_qs(urlsplit(link or "").query)
    if "reply_comment_id" not in asked or "comment_id" not in asked:
        return ""
    return f"{post_id.rpartition('_')[2]}_{asked['comment_id'][0]}"
