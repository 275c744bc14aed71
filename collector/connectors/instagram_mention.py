"""@mentions of an Instagram account elsewhere: what a webhook tells of them, and reading one.

Instagram lists them nowhere. A webhook gives their ids, and the account's own node gives the one
whose id is named: mentioned_comment for a comment, mentioned_media for a caption (Meta's reference
of the IG User node). The account is a guest there: it can read them, and neither hide nor delete.
Instagram leaves out the @ of what it gives.
"""

import re
from collections.abc import Iterator
from typing import Any

from collector.connector import Gone, IncomingPost, Mention, Sighting
from collector.connectors.instagram_client import InstagramClient, Missing, lacks_permission
from collector.connectors.instagram_read import (
    MEDIA_FIELDS,
    REPLY_FIELDS,
    TAG,
    TAG_FIELDS,
    Reader,
    safe_link,
)
from collector.connectors.web import text_id
from models.errors import Refused
from models.vocabulary import PostKind, Presence

FIELD = "mentions"
"""What a webhook calls them."""

_COMMENT_FIELDS = (
    "id,text,timestamp,username,media{id,permalink,owner}",
    "id,text,timestamp,media",
)
_MEDIA_FIELDS = (f"{TAG_FIELDS},owner", "caption,media_type,timestamp,username")
"""All that is wanted, then what the reference promises: a field that is unknown there refuses the
whole call."""

_ID = re.compile(r"[0-9]{1,40}")
_MARKED = re.compile(f"{TAG}([0-9]{{1,40}})_([0-9]{{1,40}})")
_NOT_SHOWN = (
    "Instagram does not show this token a mention that it told of. Where the account was signed in "
    'with Instagram, a token of its Facebook Page (sign_in = "facebook") may see it.'
)


def mentions_in(entry: object) -> Iterator[Mention]:
    """The mentions that one entry of a webhook's call tells of. Ids alone are taken from it.

    Meta writes a change into a list, or (sign-in with Instagram) into the entry itself.
    """
    if not isinstance(entry, dict):
        return
    changes = entry.get("changes")
    for change in (entry, *(changes if isinstance(changes, list) else ())):
        value = change.get("value") if isinstance(change, dict) else None
        if not isinstance(value, dict) or change.get("field") != FIELD:
            continue
        media_id, comment_id = text_id(value.get("media_id")), text_id(value.get("comment_id"))
        if _ID.fullmatch(media_id) and (not comment_id or _ID.fullmatch(comment_id)):
            yield Mention(media_id, comment_id)


def marked(mention: Mention) -> str:
    """The native id of what stands on somebody else's media: that of a tag, for it may be both."""
    own = f"{mention.media_id}_{mention.comment_id}" if mention.comment_id else mention.media_id
    return f"{TAG}{own}"


def of_marked(native_id: str) -> Mention | None:
    """The mention in a comment whose native id this is, None for every other post."""
    found = _MARKED.fullmatch(native_id)
    return Mention(found[1], found[2]) if found else None


class Mentions:
    """Reads mentions of one account, one at a time. Raises as InstagramClient."""

    def __init__(
        self, client: InstagramClient, account_id: str, subject: str, reader: Reader
    ) -> None:
        self._client, self._account_id, self._subject = client, account_id, subject
        self._reader = reader

    def read(self, mention: Mention) -> IncomingPost | Gone:
        """The post as it stands; Gone where the account itself is shown and this is not.

        Raises Refused where Instagram does not give such things to the token.
        """
        if not _ID.fullmatch(mention.media_id) or not _ID.fullmatch(mention.comment_id or "0"):
            raise self._refused("That is no id of Instagram's.")
        try:
            return self._comment(mention) if mention.comment_id else self._caption(mention)
        except Missing:
            self._make_sure_shown()
            return Gone(marked(mention))

    def sighting(self, native_id: str) -> Sighting | None:
        """How a comment that mentions the account stands; None for every other id."""
        mention = of_marked(native_id)
        if mention is None:
            return None
        try:
            seen = self.read(mention)
        except Refused:
            return Sighting(Presence.UNKNOWN)
        if isinstance(seen, Gone):
            return Sighting(Presence.GONE)
        return Sighting(Presence.PRESENT, seen.text)

    def _comment(self, mention: Mention) -> IncomingPost:
        raw = self._asked("mentioned_comment.comment_id", mention.comment_id, _COMMENT_FIELDS)
        media = raw.get("media")
        media = media if isinstance(media, dict) else {}
        if self._owns(media):
            return self._own_comment(mention)
        above = IncomingPost(
            native_id=marked(Mention(mention.media_id)),
            kind=PostKind.POST,
            text="",
            posted_at=self._reader.seen_at,
            permalink=safe_link(media.get("permalink")),
        )
        return self._sure(self._reader.comment({**raw, "id": mention.comment_id}, above))

    def _caption(self, mention: Mention) -> IncomingPost:
        raw = self._asked("mentioned_media.media_id", mention.media_id, _MEDIA_FIELDS)
        if self._owns(raw):
            return self._own_media(mention.media_id)
        return self._sure(self._reader.media({**raw, "id": mention.media_id}, tagged=True))

    def _own_comment(self, mention: Mention) -> IncomingPost:
        """Below the account's own media: as the usual look at it reads it, and stored once."""
        media = self._own_media(mention.media_id)
        raw = self._client.get(mention.comment_id, fields=REPLY_FIELDS)
        return self._sure(self._reader.comment(raw, media))

    def _own_media(self, media_id: str) -> IncomingPost:
        return self._sure(self._reader.media(self._client.get(media_id, fields=MEDIA_FIELDS)))

    def _owns(self, media: dict[str, Any]) -> bool:
        owner = media.get("owner")
        return text_id(owner.get("id") if isinstance(owner, dict) else owner) == self._account_id

    def _asked(self, name: str, one: str, wishes: tuple[str, ...]) -> dict[str, Any]:
        """One field of the account's node; with fewer fields of its own where that is refused."""
        full, least = (f"{name}({one}){{{fields}}}" for fields in wishes)
        try:
            answer = self._client.get(self._account_id, fields=full)
        except Missing:
            raise
        except Refused:
            answer = self._client.get(self._account_id, fields=least)
        found = answer.get(name.partition(".")[0])
        if not isinstance(found, dict) or text_id(found.get("id", one)) != one:
            raise self._refused(_NOT_SHOWN)
        return found

    def _make_sure_shown(self) -> None:
        try:
            self._client.get(self._account_id, fields="id")
        except Missing:
            raise lacks_permission(self._subject) from None

    def _sure(self, read: IncomingPost | None) -> IncomingPost:
        if read is None:
            raise self._refused("What Instagram gave for a mention cannot be read.")
        return read

    def _refused(self, said: str) -> Refused:
        return Refused(said, subject=self._subject, cure="")
