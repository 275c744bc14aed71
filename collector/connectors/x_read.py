"""What X gives as posts, replies and mentions, as IncomingPost.

Nothing in it is trusted. An edit makes a new id: the first one stands for the post here.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from collector.connector import IncomingPost
from collector.connectors.web import moment
from models.vocabulary import AuthorRole, PostKind

_ID = re.compile(r"[0-9]{1,25}")


def is_id(value: object) -> bool:
    """Whether it is an id of the platform's: nothing else is ever put into an address."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def versions(raw: Mapping[str, Any]) -> list[str]:
    """The ids of a post, the first one first, the one that stands now last."""
    history = raw.get("edit_history_tweet_ids")
    ids = [one for one in history if is_id(one)] if isinstance(history, list) else []
    return ids or [str(raw["id"])]


def tweets(answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The posts on a page that have an id."""
    for raw in answer.get("data", []):
        if isinstance(raw, dict) and is_id(raw.get("id")):
            yield raw


def names(answer: Mapping[str, Any]) -> dict[str, str]:
    """Who the ids of authors on a page are: "@handle"."""
    users = answer.get("includes", {}).get("users")
    return {
        str(user["id"]): f"@{user['username']}"
        for user in (users if isinstance(users, list) else [])
        if isinstance(user, dict) and "id" in user and isinstance(user.get("username"), str)
    }


def reply_count(raw: Mapping[str, Any]) -> int | None:
    """How many replies a post has, None where it does not say."""
    metrics = raw.get("public_metrics")
    count = metrics.get("reply_count") if isinstance(metrics, dict) else None
    return count if isinstance(count, int) and not isinstance(count, bool) else None


def words(raw: Mapping[str, Any]) -> str | None:
    """The whole text, with links as they lead and not as X shortens them; None where unreadable."""
    note = raw.get("note_tweet")
    text = note.get("text") if isinstance(note, dict) else raw.get("text")
    text = text if isinstance(text, str) else raw.get("text")
    if not isinstance(text, str):
        return None
    for short, whole in [*_links(raw.get("entities")), *_links(_part(note, "entities"))]:
        text = text.replace(short, whole)
    return text


def read(
    raw: dict[str, Any], who: Mapping[str, str], own_id: str, seen_at: datetime
) -> IncomingPost:
    """One post. raw: with an id. who: names(). seen_at stands in where no time is given."""
    ids, text, posted_at = versions(raw), words(raw), moment(raw.get("created_at"))
    author = raw["author_id"] if is_id(raw.get("author_id")) else None
    above, thread = _answered(raw), raw.get("conversation_id")
    notes = []
    if text is None:
        notes.append("Its words came in a form that cannot be read: look at it on X.")
    if posted_at is None:
        notes.append("X gave no time for it: the time it was first seen is shown.")
    media = _part(raw.get("attachments"), "media_keys")
    return IncomingPost(
        native_id=ids[0],
        kind=PostKind.COMMENT if above else PostKind.POST,
        text=text or "",
        posted_at=posted_at or seen_at,
        author_id=author,
        author_name=who.get(author or ""),
        author_role=AuthorRole.STAFF if author == own_id else None,
        parent_id=above or None,
        thread_id=str(thread) if is_id(thread) and above else ids[0],
        permalink=f"https://x.com/i/web/status/{ids[-1]}",
        edited_at=posted_at if len(ids) > 1 else None,
        media_count=len(media) if isinstance(media, list) else 0,
        note=" ".join(notes),
    )


def _answered(raw: Mapping[str, Any]) -> str:
    """The post that this one answers, "" where it answers none."""
    several = raw.get("referenced_tweets")
    for one in several if isinstance(several, list) else []:
        if isinstance(one, dict) and one.get("type") == "replied_to" and is_id(one.get("id")):
            return str(one["id"])
    return ""


def _links(entities: object) -> Iterator[tuple[str, str]]:
    urls = _part(entities, "urls")
    for one in urls if isinstance(urls, list) else []:
        short, whole = _part(one, "url"), _part(one, "expanded_url")
        if isinstance(short, str) and isinstance(whole, str) and short.startswith("https://t.co/"):
            yield short, whole


def _part(raw: object, name: str) -> Any:
    return raw.get(name) if isinstance(raw, dict) else None
