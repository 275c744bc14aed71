"""What Facebook's and Instagram's "download your information" holds, as posts.

Their JSON writes every byte of a UTF-8 text as a character of its own ("cafÃ©"); that is repaired.
Entries have no ids: an id is made of place, time, author and words, so downloads may overlap.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from collector.connector import IncomingPost
from models.vocabulary import PostKind

WANTED = re.compile(
    r"(?:^|/)(?:posts|comments[^/]*|groups|content|media|reviews"
    r"|messages/(?:inbox|message_requests|archived_threads|filtered_threads)/[^/]+)"
    r"/[^/]+\.json$"
)
_MESSAGES = re.compile(r"(?:^|/)messages/")
_MEDIA = ("photos", "videos", "audio_files", "files", "gifs")
_DOUBLE = re.compile("[\xc2-\xf4][\x80-\xbf]{1,3}")
_MOST_PARTS = 200


def repaired(text: str) -> str:
    """A text whose UTF-8 bytes were each written as a character, made whole.

    A text with any character that is no byte was not written so, and is left as it is; a piece
    that makes no UTF-8 stays too.
    """
    if not text or text.isascii() or any(ord(sign) > 0xFF for sign in text):
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return _DOUBLE.sub(_mended, text)


def _mended(found: re.Match[str]) -> str:
    try:
        return found[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


@dataclass(slots=True)
class MetaArchive:
    """One archive while it is read. owner: whose it is, as the settings say, or "".

    unknown: files whose layout is not known. unread: entries without a time or without words.
    """

    prefix: str
    owner: str
    messages: bool
    unknown: int = 0
    unread: int = 0
    seen: Counter[str] = field(default_factory=Counter)

    def posts(self, name: str, document: object) -> Iterator[IncomingPost]:
        """The posts of one member."""
        if isinstance(document, Mapping) and isinstance(document.get("messages"), list):
            if self.messages:
                yield from self._thread(document)
            return
        if _MESSAGES.search(name):
            return
        entries = _entries(document)
        if entries is None:
            self.unknown += 1
            return
        for entry in entries:
            made = self._entry(entry)
            if made is None:
                self.unread += 1
            else:
                yield made

    def _thread(self, said: Mapping[str, Any]) -> Iterator[IncomingPost]:
        place = repaired(_text(said.get("thread_path")) or _text(said.get("title")))
        for one in reversed(said["messages"]):
            if not isinstance(one, Mapping):
                self.unread += 1
                continue
            moment = _time(one.get("timestamp_ms"), 1000)
            media = sum(len(one[key]) for key in _MEDIA if isinstance(one.get(key), list))
            text = repaired(_text(one.get("content")))
            if moment is None or not (text or media) or one.get("is_unsent") is True:
                self.unread += 1
                continue
            author = repaired(_text(one.get("sender_name")))
            yield self._made((PostKind.MESSAGE, place, moment, author, text, media))

    def _entry(self, entry: object) -> IncomingPost | None:
        """A post or comment in any of the layouts that are known."""
        if not isinstance(entry, Mapping):
            return None
        title = repaired(_text(entry.get("title")))
        if isinstance(fields := entry.get("string_map_data"), Mapping):
            return self._instagram_comment(fields)
        moment = _time(entry.get("timestamp", entry.get("creation_timestamp")), 1)
        if isinstance(media := entry.get("media"), list) and "data" not in entry:
            return self._instagram_post(media, title, moment)
        texts, author, kind = [], self.owner, PostKind.POST
        for part in _list(entry.get("data")):
            if not isinstance(part, Mapping):
                continue
            texts.append(repaired(_text(part.get("post"))))
            if isinstance(comment := part.get("comment"), Mapping):
                kind = PostKind.COMMENT
                author = repaired(_text(comment.get("author"))) or author
                texts.append(repaired(_text(comment.get("comment"))))
                title = repaired(_text(comment.get("group"))) or title
                moment = moment or _time(comment.get("timestamp"), 1)
        media_count = _media_of(entry.get("attachments"), texts)
        text = "\n\n".join(dict.fromkeys(one for one in texts if one))
        if moment is None or not (text or media_count):
            return None
        return self._made((kind, title, moment, author, text, media_count))

    def _instagram_post(
        self, media: Sequence[Any], title: str, moment: datetime | None
    ) -> IncomingPost | None:
        parts = [one for one in media[:_MOST_PARTS] if isinstance(one, Mapping)]
        words = [title, *(repaired(_text(one.get("title"))) for one in parts)]
        times = [moment, *(_time(one.get("creation_timestamp"), 1) for one in parts)]
        known = [one for one in times if one is not None]
        if not known:
            return None
        text = "\n\n".join(dict.fromkeys(one for one in words if one))
        return self._made((PostKind.POST, "", known[0], self.owner, text, len(parts)))

    def _instagram_comment(self, fields: Mapping[str, Any]) -> IncomingPost | None:
        said = {key.lower(): value for key, value in fields.items() if isinstance(value, Mapping)}
        text = repaired(_text(said.get("comment", {}).get("value")))
        moment = _time(said.get("time", {}).get("timestamp"), 1)
        if moment is None or not text:
            return None
        place = repaired(_text(said.get("media owner", {}).get("value")))
        return self._made((PostKind.COMMENT, place, moment, self.owner, text, 0))

    def _made(self, what: tuple[PostKind, str, datetime, str, str, int]) -> IncomingPost:
        kind, place, moment, author, text, media = what
        whole = "\n".join((kind, place, moment.isoformat(), author, text, str(media)))
        digest = sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        self.seen[digest] += 1
        again = f".{self.seen[digest]}" if self.seen[digest] > 1 else ""
        thread = sha256(place.encode("utf-8", "surrogatepass")).hexdigest()[:32] if place else None
        return IncomingPost(
            native_id=f"{self.prefix}.{digest}{again}",
            kind=kind,
            text=text,
            posted_at=moment,
            author_id=author or None,
            author_name=author or None,
            thread_id=f"{self.prefix}.t.{thread}" if thread else None,
            media_count=media,
            note=f"In: {place}." if place and kind is not PostKind.MESSAGE else "",
        )


def _entries(document: object) -> list[Any] | None:
    """The list of entries: the document itself, or the one list that it holds under a name."""
    if isinstance(document, list):
        return document
    if isinstance(document, Mapping):
        if {"data", "string_map_data", "media"} & set(document):
            return [document]
        lists = [value for value in document.values() if isinstance(value, list)]
        return [entry for some in lists for entry in some] if lists else None
    return None


def _media_of(attachments: object, texts: list[str]) -> int:
    """How many pictures and videos hang on it; the words beside them are added to `texts`."""
    count = 0
    for one in _list(attachments)[:_MOST_PARTS]:
        for part in _list(one.get("data") if isinstance(one, Mapping) else None)[:_MOST_PARTS]:
            if not isinstance(part, Mapping):
                continue
            texts.append(repaired(_text(part.get("text"))))
            if isinstance(media := part.get("media"), Mapping):
                count += 1
                texts.append(repaired(_text(media.get("description"))))
    return count


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _time(value: object, per_second: int) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    seconds = value / per_second
    if not 946_684_800 <= seconds <= 4_102_444_800:  # the years 2000 to 2100
        return None
    return datetime.fromtimestamp(seconds, UTC)
