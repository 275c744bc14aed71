"""Matrix events as posts. Nothing in an event is trusted; times are the sender's server's."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from collector.connector import IncomingPost
from collector.connectors.markup import plain
from collector.connectors.web import part_of, text_of
from models.vocabulary import PostKind

EVENT_ID = re.compile(r"\$[A-Za-z0-9._~=+/:-]{1,254}")
ENCRYPTED = "It is encrypted. Chaperone cannot read it."
_MESSAGES = frozenset(
    {
        "m.room.message",
        "m.sticker",
        "m.room.encrypted",
        "m.poll.start",
        "org.matrix.msc3381.poll.start",
    }
)
_STATES = {"m.room.name": "name", "m.room.topic": "topic"}
_MEDIA = frozenset({"m.image", "m.video", "m.audio", "m.file"})


def event_id(event: object) -> str:
    """Its id, "" where it is none that may be asked for."""
    found = text_of(event, "event_id")
    return found if EVENT_ID.fullmatch(found) else ""


def edited_id(event: object) -> str:
    """The message that this event edits, "" where it is no edit."""
    relation = part_of(part_of(event, "content"), "m.relates_to")
    return text_of(relation, "event_id") if relation.get("rel_type") == "m.replace" else ""


def redacted_id(event: object) -> str:
    """What a redaction takes away: room version 11 moved the field into the content."""
    return text_of(event, "redacts") or text_of(part_of(event, "content"), "redacts")


def is_redacted(event: object) -> bool:
    """Whether its words were taken away."""
    unsigned = part_of(event, "unsigned")
    return "redacted_because" in unsigned or not part_of(event, "content")


def words(event: object) -> str:
    """What a reader sees: the newest edit, else the message itself."""
    content = part_of(event, "content")
    edit = part_of(part_of(part_of(event, "unsigned"), "m.relations"), "m.replace")
    edited = part_of(part_of(edit, "content"), "m.new_content")
    kind = text_of(event, "type")
    if kind in _STATES:
        return text_of(content, _STATES[kind])
    if "poll.start" in kind:
        return _poll(content)
    return _message(edited or part_of(content, "m.new_content") or content)


def _message(content: Mapping[str, Any]) -> str:
    body = _without_quote(text_of(content, "body"))
    html = text_of(content, "formatted_body")
    if content.get("format") != "org.matrix.custom.html" or not html:
        return body
    shown = plain(re.sub(r"(?s)<mx-reply>.*?</mx-reply>", "", html))
    if _bare(shown) == _bare(body):
        return body
    # Some programs show one, some the other: both are read.
    return f"{shown}\n{body}" if _bare(body) not in _bare(shown) else shown


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text)


def _without_quote(body: str) -> str:
    """Without the quotation that older programs put before an answer."""
    if not body.startswith("> <@"):
        return body
    lines = body.split("\n")
    while lines and lines[0].startswith(">"):
        lines.pop(0)
    return "\n".join(lines).lstrip("\n")


def _poll(content: Mapping[str, Any]) -> str:
    poll = part_of(content, "m.poll") or part_of(content, "org.matrix.msc3381.poll.start")
    answers = poll.get("answers")
    found = [poll.get("question"), *(answers if isinstance(answers, list) else [])]
    return "\n".join(filter(None, map(_text, found)))


def _text(node: object) -> str:
    texts = node.get("m.text") if isinstance(node, Mapping) else None
    if isinstance(texts, list) and texts:
        return text_of(texts[0], "body")
    return (
        text_of(node, "m.text") or text_of(node, "org.matrix.msc1767.text") or text_of(node, "body")
    )


def is_post(event: object) -> bool:
    """Whether somebody wrote something with it; an edit stands for the message it edits."""
    kind = text_of(event, "type")
    return (kind in _MESSAGES or kind in _STATES) and not edited_id(event) and bool(event_id(event))


def post(event: Any, room_id: str, seen_at: datetime) -> IncomingPost:
    """A message, or the room's name or topic. Only for what is_post."""
    content, native_id = part_of(event, "content"), event_id(event)
    relation = part_of(content, "m.relates_to")
    parent = text_of(part_of(relation, "m.in_reply_to"), "event_id") or None
    thread = text_of(relation, "event_id") if relation.get("rel_type") == "m.thread" else parent
    kind, moment = text_of(event, "type"), moment_of(event, seen_at)
    edit = part_of(part_of(part_of(event, "unsigned"), "m.relations"), "m.replace")
    sender = text_of(event, "sender")
    return IncomingPost(
        native_id=native_id,
        kind=PostKind.POST if kind in _STATES else PostKind.MESSAGE,
        text=words(event),
        posted_at=moment,
        author_id=sender or None,
        author_name=sender.partition(":")[0].removeprefix("@") or None,
        parent_id=parent or thread or None,
        thread_id=thread or native_id,
        permalink=f"https://matrix.to/#/{quote(room_id, safe='')}/{quote(native_id, safe='')}",
        edited_at=moment_of(edit, seen_at) if edit else None,
        media_count=int(text_of(content, "msgtype") in _MEDIA or kind == "m.sticker"),
        note=_note(kind),
    )


def _note(kind: str) -> str:
    if kind == "m.room.encrypted":
        return ENCRYPTED
    return f"It is the room's {_STATES[kind]}." if kind in _STATES else ""


def moment_of(event: object, seen_at: datetime) -> datetime:
    """When it was sent; when we saw it where that lies ahead or cannot be read."""
    millis = event.get("origin_server_ts") if isinstance(event, Mapping) else None
    if not isinstance(millis, int) or isinstance(millis, bool) or not 0 < millis < 10**14:
        return seen_at
    found = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=millis)
    return seen_at if found > seen_at + timedelta(days=1) else found
