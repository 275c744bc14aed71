"""What stands beside a Page's feed, as IncomingPost: reviews, posts that tag it, its inbox.

Nothing in it is trusted. Their ids are marked, because a Page can read these things and mostly
may not remove them: "tag-ID" for a post that tags the Page, "review-ID" for a review; the ids of
messages begin with "m_" as the platform has them.
"""

import re
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from collector.connector import IncomingPost
from collector.connectors.facebook_posts import graph_time, read_post, text_id
from models.vocabulary import AuthorRole, PostKind

TAG, REVIEW = "tag-", "review-"
TAG_FIELDS = "id,message,story,from,created_time,updated_time,permalink_url"
REVIEW_FIELDS = (
    "created_time,has_review,rating,recommendation_type,review_text,reviewer{id,name},"
    "open_graph_story{id}"
)
CONVERSATION_FIELDS = "id,updated_time,message_count"
MESSAGE_FIELDS = (
    "id,created_time,from,message,sticker,attachments{id,mime_type,name},"
    "shares{link,name,description}"
)

_MESSAGE = re.compile(r"m_[A-Za-z0-9_-]{1,290}")
_CONVERSATION = re.compile(r"t_[A-Za-z0-9_-]{1,200}")
_NO_WORDS = "Its words came in a form that cannot be read: look at it on Facebook."
_NO_TIME = "Facebook gave no time for it: the time it was first seen is shown."


def is_message(native_id: str) -> bool:
    """Whether it is the id of a message in the inbox."""
    return _MESSAGE.fullmatch(native_id) is not None


def stands_on_the_page(native_id: str) -> bool:
    """Whether it is one of the Page's own posts and comments: the rest can only be read."""
    return not native_id.startswith((TAG, REVIEW)) and not is_message(native_id)


def is_conversation(native_id: object) -> bool:
    """Whether it is the id of a conversation in the inbox."""
    return isinstance(native_id, str) and _CONVERSATION.fullmatch(native_id) is not None


def read_tagged(raw: object, page_id: str, seen_at: datetime) -> IncomingPost | None:
    """A post elsewhere that tags the Page; None where it is not even an object."""
    read = read_post(raw, page_id, seen_at)
    if read is None:
        return None
    own = f"{TAG}{read.native_id}"
    return replace(read, native_id=own, thread_id=own)


def read_review(raw: object, page_id: str, seen_at: datetime) -> IncomingPost | None:
    """A review with words; None for one without any, and for what is not even an object."""
    if not isinstance(raw, dict) or not raw.get("review_text"):
        return None
    notes: list[str] = []
    text = _words(raw, "review_text", notes)
    reviewer, story = raw.get("reviewer"), raw.get("open_graph_story")
    author = reviewer if isinstance(reviewer, dict) else {}
    own = text_id(story.get("id")) if isinstance(story, dict) else ""
    made = repr([author.get("id"), raw.get("created_time")])
    own = own or sha256(made.encode("utf-8", "replace")).hexdigest()[:32]
    if raw.get("recommendation_type") == "negative":
        notes.append("A review that does not recommend the Page.")
    else:
        notes.append("A review of the Page.")
    native_id = f"{REVIEW}{own}"
    return IncomingPost(
        native_id=native_id,
        kind=PostKind.POST,
        text=text,
        posted_at=_when(raw, notes, seen_at),
        author_id=text_id(author.get("id")) or None,
        author_name=_name(author),
        thread_id=native_id,
        permalink=f"https://www.facebook.com/{page_id}/reviews",
        note=" ".join(notes),
    )


def read_message(
    raw: object, conversation: str, page_id: str, seen_at: datetime
) -> IncomingPost | None:
    """A message of the inbox; None where it has no id of a message's."""
    if not isinstance(raw, dict) or not is_message(text_id(raw.get("id"))):
        return None
    notes = ["A private message to the Page."]
    words = [_words(raw, "message", notes), *_shared(raw.get("shares"))]
    sender = raw.get("from")
    author: dict[str, Any] = sender if isinstance(sender, dict) else {}
    author_id = text_id(author.get("id")) or None
    return IncomingPost(
        native_id=text_id(raw["id"]),
        kind=PostKind.MESSAGE,
        text="\n".join(word for word in words if word),
        posted_at=_when(raw, notes, seen_at),
        author_id=author_id,
        author_name=_name(author),
        author_role=AuthorRole.STAFF if author_id == page_id else None,
        thread_id=conversation,
        permalink=f"https://www.facebook.com/{page_id}/inbox",
        media_count=len(_listed(raw.get("attachments"))) + bool(raw.get("sticker")),
        note=" ".join(notes),
    )


def _words(raw: dict[str, Any], name: str, notes: list[str]) -> str:
    value = raw.get(name)
    if value is None or isinstance(value, str):
        return value or ""
    notes.append(_NO_WORDS)
    return ""


def _when(raw: dict[str, Any], notes: list[str], seen_at: datetime) -> datetime:
    found = graph_time(raw.get("created_time"))
    if found is None:
        notes.append(_NO_TIME)
    return found or seen_at


def _name(author: dict[str, Any]) -> str | None:
    name = author.get("name")
    return name if isinstance(name, str) and name else None


def _shared(shares: object) -> list[str]:
    """Names, descriptions and links of what a message shares. Nothing is fetched."""
    found: list[str] = []
    for one in _listed(shares):
        parts = (one.get(name) for name in ("name", "description", "link"))
        found += [part for part in parts if isinstance(part, str) and part]
    return found


def _listed(several: object) -> list[dict[str, Any]]:
    data = several.get("data") if isinstance(several, dict) else None
    return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []
