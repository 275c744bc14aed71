"""An Instagram account as the walk reads it: its media, what tags it, comments and replies."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from collector.connector import IncomingPost, Sighting
from collector.connectors.instagram_client import InstagramClient, Missing, lacks_permission
from collector.connectors.instagram_mention import Mentions
from collector.connectors.instagram_read import (
    COMMENT_FIELDS,
    MEDIA_FIELDS,
    REPLY_FIELDS,
    TAG_FIELDS,
    Reader,
    comments_count,
    may_be_asked,
    media_of,
    platform_id,
    replies_of,
)
from collector.connectors.walk import Listing, Progress, Top
from models.errors import NeedsOperator, Refused
from models.vocabulary import Presence

_TAGS = "tags:"
_MEDIA = "media:"
_AT_ONCE = 50
NAMELESS = (
    "Instagram does not say who wrote some of these. Give the token the permission to manage "
    "comments, and the names appear."
)
NO_TAGS = "Instagram does not show this token the posts that tag the account: look in the app."
UNSEEN = (
    "Instagram counts comments on a post and shows none of them. While its app is in development "
    "mode it shows only those of people with a role in the app: publish the app."
)
LEFT_OUT = "Instagram sent something that is neither a post nor a comment; it was left out."


class InstagramPlace:
    """See walk.Place. Raises as InstagramClient."""

    platform = "Instagram"

    def __init__(
        self, client: InstagramClient, account_id: str, subject: str, seen_at: datetime
    ) -> None:
        self.subject = subject
        self._client, self._account_id = client, account_id
        self._reader = Reader(account_id, seen_at)
        self.mentions = Mentions(client, account_id, subject, self._reader)
        self._notes: list[str] = []

    def tops(self, onward: str) -> Listing:
        """The account's own media first, then the media that tag it."""
        if onward.startswith(_TAGS):
            return self._tags(onward.removeprefix(_TAGS))
        after = onward.removeprefix(_MEDIA)
        try:
            raws, after = self._page(f"{self._account_id}/media", after, fields=MEDIA_FIELDS)
        except Missing:
            raise NeedsOperator(
                "Instagram does not show this account to the access token.",
                subject=self.subject,
                cure="Check account_id and sign_in, and that the token is one of this account.",
            ) from None
        read = [(raw, self._reader.media(raw)) for raw in raws]
        tops = [
            Top(post, ask=True, count=comments_count(raw)) for raw, post in read if post is not None
        ]
        notes = self._said(LEFT_OUT if len(tops) < len(raws) else "")
        return Listing(tops, f"{_MEDIA}{after}" if after else _TAGS, _TAGS, notes)

    def _tags(self, after: str) -> Listing:
        try:
            raws, after = self._page(f"{self._account_id}/tags", after, fields=TAG_FIELDS)
        except (Refused, NeedsOperator):
            if after:
                raise
            return Listing((), "", notes=self._said(NO_TAGS))
        read = [self._reader.media(raw, tagged=True) for raw in raws]
        tops = [Top(post, ask=False, count=0) for post in read if post is not None]
        return Listing(tops, f"{_TAGS}{after}" if after else "", notes=self._said(""))

    def _page(self, edge: str, after: str, **fields: str) -> tuple[list[Any], str]:
        return self._client.page(edge, after, **fields, limit=str(_AT_ONCE))

    def _said(self, note: str) -> tuple[str, ...]:
        """This note and those that waited for a listing to carry them."""
        notes, self._notes = [*self._notes, note], []
        return tuple(dict.fromkeys(one for one in notes if one))

    def under(self, top: Top, onward: str) -> tuple[list[IncomingPost], str] | None:
        """A page of comments, each with all its replies."""
        media = top.post
        try:
            raws, after = self._page(f"{media.native_id}/comments", onward, fields=COMMENT_FIELDS)
        except Missing:
            self.make_sure_gone([media.native_id])
            return None
        if not raws and not after and not onward and top.count:
            self._notes.append(UNSEEN)
        return list(self._comments(raws, media)), after

    def _comments(self, raws: list[Any], media: IncomingPost) -> Iterator[IncomingPost]:
        for raw in raws:
            comment = self._reader.comment(raw, media)
            if comment is None:
                self._notes.append(LEFT_OUT)
                continue
            if comment.author_id is None:
                self._notes.append(NAMELESS)
            yield comment
            replies, paging = replies_of(raw)
            more = self._client.onward(paging)
            for one in [*replies, *(self._more(comment, more) if more else ())]:
                reply = self._reader.comment(one, media, comment.native_id)
                if reply is not None:
                    yield reply

    def _more(self, comment: IncomingPost, after: str) -> Iterator[Any]:
        """The replies beyond those that came along."""
        edge, progress = f"{platform_id(comment.native_id)}/replies", Progress(self)
        while after:
            raws, after = self._page(edge, after, fields=REPLY_FIELDS)
            yield from raws
            if after:
                progress.check((str(raw.get("id")) for raw in raws if isinstance(raw, dict)), after)

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """See walk.Place; UNKNOWN for what is not the platform's own, or not the account's."""
        asked = [one for one in dict.fromkeys(native_ids) if may_be_asked(one)]
        found: dict[str, Sighting] = {}
        for comments in (False, True):  # their fields differ: one call cannot ask for both
            alike = [one for one in asked if ("_" in one) is comments]
            for start in range(0, len(alike), _AT_ONCE):
                found.update(self._several(alike[start : start + _AT_ONCE], comments=comments))
        found |= {
            one: seen
            for one in dict.fromkeys(native_ids)
            if (seen := self.mentions.sighting(one)) is not None
        }
        missing = [one for one in asked if one not in found]
        if missing:
            self.make_sure_gone(missing)
            found.update({one: Sighting(Presence.GONE) for one in missing})
        return {one: found.get(one, Sighting(Presence.UNKNOWN)) for one in native_ids}

    def make_sure_gone(self, missing: Sequence[str]) -> None:
        """Return where the token reads the account and what these hang from, so that "missing"
        means gone. Raises NeedsOperator where it does not."""
        try:
            self._client.get(f"{self._account_id}/media", fields="id", limit="1")
        except Missing:
            raise lacks_permission(self.subject) from None
        for media in sorted({media_of(one) for one in missing})[:_AT_ONCE]:
            try:
                self._client.get(f"{media}/comments", fields="id", limit="1")
            except Missing:
                if self._several([media], comments=False):
                    raise lacks_permission(self.subject) from None

    def _several(self, native_ids: Sequence[str], *, comments: bool) -> dict[str, Sighting]:
        """Those that can be read. One that cannot fails the whole call: then halves are asked."""
        if not native_ids:
            return {}
        fields = REPLY_FIELDS if comments else MEDIA_FIELDS
        asked = ",".join(platform_id(one) for one in native_ids)
        try:
            answer = self._client.get("", ids=asked, fields=fields)
        except Missing:
            if len(native_ids) == 1:
                return {}
            half = len(native_ids) // 2
            first = self._several(native_ids[:half], comments=comments)
            return {**first, **self._several(native_ids[half:], comments=comments)}
        return {
            one: _sighting(answer[platform_id(one)], "text" if comments else "caption")
            for one in native_ids
            if isinstance(answer.get(platform_id(one)), dict)
        }


def _sighting(raw: dict[str, Any], words: str) -> Sighting:
    text = raw.get(words)
    presence = Presence.HIDDEN if raw.get("hidden") is True else Presence.PRESENT
    return Sighting(presence, text if isinstance(text, str) else "")
