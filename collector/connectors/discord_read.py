"""Discord's messages as posts. Nothing in a message is trusted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collector.connector import IncomingPost
from collector.connectors.web import moment, part_of, text_of
from models.vocabulary import PostKind

NATIVE = re.compile(r"(\d{1,20})_(\d{1,20})")
_NUMBER = re.compile(r"\d{1,20}")
_SPOKEN = (0, 19, 20, 21)
"""Kinds of message that somebody wrote; the others tell of joins, boosts and pins."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel or a thread. starter: the message that a thread hangs from, "" for a channel."""

    id: str
    starter: str = ""
    has_messages: bool = False


def channel(row: Mapping[str, Any], forums: frozenset[str]) -> Channel | None:
    """A channel that holds messages, or a thread. forums: channels whose threads hold their
    first message themselves."""
    own, above = number(row.get("id")), number(row.get("parent_id"))
    kind, last = row.get("type"), number(row.get("last_message_id"))
    if not own or kind not in (0, 2, 5, 10, 11, 12, 13):
        return None
    starter = ""
    if kind in (10, 11, 12):
        starter = f"{own if above in forums else above}_{own}"
    return Channel(own, starter, bool(last))


def number(value: object) -> str:
    """An id, "" where it is none."""
    return value if isinstance(value, str) and _NUMBER.fullmatch(value) else ""


def is_spoken(row: Mapping[str, Any]) -> bool:
    """Whether somebody wrote it."""
    return row.get("type") in _SPOKEN and bool(number(row.get("id")))


def is_blank(row: Mapping[str, Any]) -> bool:
    """Whether nothing of it can be read: so it looks where the bot may not read words."""
    held = ("content", "embeds", "attachments", "components", "poll", "sticker_items")
    return not any(row.get(name) for name in (*held, "message_snapshots"))


def words(row: Mapping[str, Any]) -> str:
    """What a reader sees: the text, cards, a poll, file names, stickers, what was passed on."""
    said = [text_of(row, "content")]
    for embed in rows_of(row.get("embeds")):
        said += [text_of(embed, name) for name in ("title", "description", "url")]
    for file in rows_of(row.get("attachments")):
        said += [text_of(file, "description") or text_of(file, "filename")]
    said += [text_of(one, "name") for one in rows_of(row.get("sticker_items"))]
    poll = part_of(row, "poll")
    asked = [
        part_of(poll, "question"),
        *(part_of(one, "poll_media") for one in rows_of(poll.get("answers"))),
    ]
    said += [text_of(one, "text") for one in asked]
    said += [words(part_of(one, "message")) for one in rows_of(row.get("message_snapshots"))[:5]]
    return "\n".join(dict.fromkeys(one for one in said if one))


def post(row: Mapping[str, Any], where: Channel, server_id: str, seen_at: datetime) -> IncomingPost:
    """A message. Only for what is_spoken."""
    own = f"{where.id}_{row['id']}"
    answered = number(part_of(row, "message_reference").get("message_id"))
    parent = f"{where.id}_{answered}" if answered and row.get("type") == 19 else ""
    starter = where.starter if where.starter != own else ""
    author = part_of(row, "author")
    posted = moment(row.get("timestamp"))
    return IncomingPost(
        native_id=own,
        kind=PostKind.MESSAGE,
        text=words(row),
        posted_at=posted or seen_at,
        author_id=number(author.get("id")) or None,
        author_name=text_of(author, "global_name") or text_of(author, "username") or None,
        parent_id=parent or starter or None,
        thread_id=starter or parent or own,
        permalink=f"https://discord.com/channels/{server_id}/{where.id}/{row['id']}",
        edited_at=moment(row.get("edited_timestamp")),
        media_count=len(rows_of(row.get("attachments"))),
        note="" if posted else "Discord gave no time; it is when it was first seen.",
    )


def rows_of(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list; what is neither is left out."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
