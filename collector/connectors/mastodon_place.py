"""A Mastodon account as the walk reads it: its own posts with all answers, then its mentions."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from collector.connector import IncomingPost, Sighting
from collector.connectors.markup import plain
from collector.connectors.mastodon_client import MastodonClient, Missing
from collector.connectors.walk import Listing, Top
from collector.connectors.web import moment, part_of, text_of
from models.vocabulary import PostKind, Presence

NATIVE = re.compile(r"[0-9A-Za-z]{1,64}")
"""Ids are digits on Mastodon, and letters too on its relatives."""

LEFT_OUT = "Mastodon sent something that is no post; it was left out."
_MENTIONS = {
    "types[]": ["mention", "quote"],
    "limit": "80",
    # Else what the account's own filter hides would be hidden from us too.
    "include_filtered": "true",
}


class MastodonPlace:
    """See walk.Place. Raises as MastodonClient. seen_at: stands for times that are none."""

    platform = "Mastodon"

    def __init__(self, client: MastodonClient, subject: str, seen_at: datetime) -> None:
        self.subject = subject
        self._client, self._seen_at = client, seen_at
        self._account = ""
        self._roots: dict[str, str] = {}  # answers that were met in a thread already, to its top

    def account(self) -> str:
        """The account's own id, asked once."""
        if not self._account:
            own = self._client.one("accounts/verify_credentials").get("id")
            if not isinstance(own, str) or not NATIVE.fullmatch(own):
                raise self._client.unreadable("no account")
            self._account = own
        return self._account

    def tops(self, onward: str) -> Listing:
        """A page of own posts, then of mentions. onward: "section:id"."""
        section, _, after = onward.partition(":")
        own = section != "mentions"
        if own:
            path, asked = f"accounts/{self.account()}/statuses", {"limit": "40"}
            raws, after = self._client.page(path, after, {**asked, "exclude_reblogs": "true"})
        else:
            raws, after = self._client.page("notifications", after, _MENTIONS)
        tops = []
        for raw in raws:
            status = raw if own else part_of(raw, "status")
            post = self._post(status)
            if post is not None:
                tops.append(Top(post, ask=own, count=_count(status) if own else 0))
        notes = (LEFT_OUT,) if len(tops) < len(raws) else ()
        following = "mentions:" if own else ""
        name = "own" if own else "mentions"
        return Listing(tops, f"{name}:{after}" if after else following, following, notes)

    def under(self, top: Top, onward: str) -> tuple[list[IncomingPost], str] | None:
        """Everything that hangs from an own post, in one answer."""
        try:
            below = self._client.one(f"statuses/{top.post.native_id}/context").get("descendants")
        except Missing:
            return None
        if not isinstance(below, list):
            raise self._client.unreadable("no list of answers")
        read = [self._post(raw, top.post.native_id) for raw in below]
        posts = [one for one in read if one is not None]
        self._roots.update((one.native_id, top.post.native_id) for one in posts)
        return posts, ""

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """See walk.Place; UNKNOWN for what is no id."""
        found = {}
        for one in native_ids:
            found[one] = Sighting(Presence.UNKNOWN)
            if NATIVE.fullmatch(one):
                try:
                    status = self._client.one(f"statuses/{one}")
                    found[one] = Sighting(Presence.PRESENT, words(status))
                except Missing:
                    found[one] = Sighting(Presence.GONE)
        return found

    def _post(self, raw: Any, thread: str = "") -> IncomingPost | None:
        native_id = text_of(raw, "id")
        if not NATIVE.fullmatch(native_id):
            return None
        account, above = part_of(raw, "account"), text_of(raw, "in_reply_to_id") or None
        posted = moment(raw.get("created_at"))
        media, link = raw.get("media_attachments"), text_of(raw, "url")
        return IncomingPost(
            native_id=native_id,
            kind=PostKind.COMMENT if above or thread else PostKind.POST,
            text=words(raw),
            posted_at=posted or self._seen_at,
            author_id=text_of(account, "acct") or None,
            author_name=text_of(account, "display_name") or text_of(account, "username") or None,
            parent_id=above,
            thread_id=thread or self._roots.get(native_id) or above or native_id,
            permalink=link if link.startswith("https://") else None,
            edited_at=moment(raw.get("edited_at")),
            media_count=len(media) if isinstance(media, list) else 0,
            note="" if posted else "Mastodon gave no time; it is when it was first seen.",
        )


def words(status: Mapping[str, Any]) -> str:
    """What a reader sees: the warning, the text, a poll's answers, the words for pictures."""
    poll = part_of(status, "poll").get("options")
    media = status.get("media_attachments")
    said = [text_of(status, "spoiler_text"), plain(text_of(status, "content"))]
    said += [text_of(one, "title") for one in (poll if isinstance(poll, list) else [])]
    said += [text_of(one, "description") for one in (media if isinstance(media, list) else [])]
    return "\n".join(one for one in said if one)


def _count(status: object) -> int | None:
    count = status.get("replies_count") if isinstance(status, dict) else None
    return count if isinstance(count, int) and not isinstance(count, bool) else None
