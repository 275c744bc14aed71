"""Telegram's updates as posts and as news of members. Nothing in an update is trusted."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from collector.connector import IncomingPost, MemberSeen
from collector.connectors.web import part_of, text_of
from models.vocabulary import PostKind

NATIVE = re.compile(r"(-?\d{1,19})_(\d{1,19})")
_MESSAGES = ("message", "edited_message", "channel_post", "edited_channel_post")
_MEDIA = (
    "photo",
    "video",
    "voice",
    "audio",
    "document",
    "animation",
    "sticker",
    "video_note",
    "story",
)
_THERE = frozenset({"member", "administrator", "creator", "restricted"})
_LEADS = frozenset({"administrator", "creator"})

Node = Mapping[str, Any]


def message_of(update: Node) -> Node:
    """The message that an update brings, new or edited; {} where it brings none."""
    return next((part_of(update, name) for name in _MESSAGES if part_of(update, name)), {})


def chat_of(update: Node) -> str:
    """The id of the chat that an update is of, "" where it has none."""
    for name in (*_MESSAGES, "chat_member", "my_chat_member", "chat_join_request"):
        own = part_of(part_of(update, name), "chat").get("id")
        if _is_number(own):
            return str(own)
    return ""


def moved_to(update: Node) -> str:
    """The new id of a group that became a supergroup, "" where it did not."""
    new = message_of(update).get("migrate_to_chat_id")
    return str(new) if _is_number(new) else ""


def post(message: Node, seen_at: datetime) -> IncomingPost | None:
    """A message as a post; None for Telegram's own notices and for what has no id."""
    chat, own = part_of(message, "chat").get("id"), message.get("message_id")
    if not (_is_number(chat) and _is_number(own)):
        return None
    text, media = words(message), sum(bool(message.get(name)) for name in _MEDIA)
    if not text and not media:
        return None
    native_id, posted = f"{chat}_{own}", _time(message.get("date"))
    parent = _id_in(chat, part_of(message, "reply_to_message").get("message_id"))
    thread = _id_in(chat, message.get("message_thread_id"))
    author = part_of(message, "sender_chat") or part_of(message, "from")
    told = ["It was passed on from elsewhere."] if message.get("forward_origin") else []
    if posted is None:
        told.append("Telegram gave no time; it is when it was first seen.")
    return IncomingPost(
        native_id=native_id,
        kind=PostKind.MESSAGE,
        text=text,
        posted_at=posted or seen_at,
        author_id=str(author["id"]) if _is_number(author.get("id")) else None,
        author_name=_name(author) or None,
        parent_id=parent or None,
        thread_id=thread or parent or native_id,
        permalink=_link(part_of(message, "chat"), own),
        edited_at=_time(message.get("edit_date")),
        media_count=media,
        note=" ".join(told),
    )


def words(message: Node) -> str:
    """Everything that a reader sees as words: text, caption, links, polls, contacts, places."""
    said = [
        text_of(message, "text"),
        text_of(message, "caption"),
        text_of(message, "new_chat_title"),
    ]
    for kind in ("entities", "caption_entities"):
        said += [text_of(one, "url") for one in _rows(message.get(kind))]
    poll = part_of(message, "poll")
    said += [
        text_of(poll, "question"),
        *(text_of(one, "text") for one in _rows(poll.get("options"))),
    ]
    contact = part_of(message, "contact")
    names = [text_of(contact, name) for name in ("first_name", "last_name", "phone_number")]
    said.append(" ".join(name for name in names if name))
    venue = part_of(message, "venue")
    said += [text_of(venue, "title"), text_of(venue, "address")]
    place = part_of(message, "location") or part_of(venue, "location")
    if _is_real(place.get("latitude")) and _is_real(place.get("longitude")):
        said.append(f"Location: {place['latitude']}, {place['longitude']}")
    said += [
        text_of(part_of(message, kind), "file_name") for kind in ("document", "audio", "video")
    ]
    said.append(text_of(part_of(message, "sticker"), "set_name"))
    return "\n".join(dict.fromkeys(one for one in said if one))


def people(update: Node, seen_at: datetime) -> Iterator[MemberSeen]:
    """Who came, went, asks to join or wrote, by one update."""
    change = part_of(update, "chat_member")
    if change:
        new = part_of(change, "new_chat_member")
        status = text_of(new, "status")
        there = status in _THERE and not (status == "restricted" and new.get("is_member") is False)
        role = "administrator" if status in _LEADS else ""
        at = _time(change.get("date")) or seen_at
        yield from _person(part_of(new, "user"), at, there=there, role=role)
    request = part_of(update, "chat_join_request")
    if request:
        at = _time(request.get("date")) or seen_at
        yield from _person(part_of(request, "from"), at, role="asks to join")
    message = message_of(update)
    at = _time(message.get("edit_date")) or _time(message.get("date")) or seen_at
    left = part_of(message, "left_chat_member")
    if part_of(message, "from") and not message.get("sender_chat") and not left:
        yield from _person(part_of(message, "from"), at)
    for one in _rows(message.get("new_chat_members")):
        yield from _person(one, at, role="bot" if one.get("is_bot") is True else "")
    if left:
        yield from _person(left, at, there=False)


def _person(
    user: Node, at: datetime, *, there: bool = True, role: str = ""
) -> Iterator[MemberSeen]:
    if _is_number(user.get("id")):
        yield MemberSeen(str(user["id"]), _name(user), at, there, role)


def _name(node: Node) -> str:
    """As people see it: a group's title, or first and last name, or the user name."""
    whole = " ".join(filter(None, (text_of(node, "first_name"), text_of(node, "last_name"))))
    return text_of(node, "title") or whole or text_of(node, "username")


def _link(chat: Node, own: object) -> str | None:
    """Where a member can open it: only groups of the large kind and channels have addresses."""
    public, number = text_of(chat, "username"), str(chat.get("id"))
    if re.fullmatch(r"\w{3,40}", public, re.ASCII):
        return f"https://t.me/{public}/{own}"
    return f"https://t.me/c/{number[4:]}/{own}" if number.startswith("-100") else None


def _id_in(chat: object, own: object) -> str:
    return f"{chat}_{own}" if _is_number(own) else ""


def _time(value: object) -> datetime | None:
    if not _is_number(value) or not isinstance(value, int) or not 0 < value < 2**40:
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**62


def _is_real(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _rows(value: object) -> list[Node]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
