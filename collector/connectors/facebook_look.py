"""Looking things up by id: whether they stand, are hidden or gone."""

import re
from collections.abc import Mapping, Sequence

from collector.connector import Sighting
from collector.connectors.facebook_beside_read import (
    MESSAGE_FIELDS,
    TAG,
    TAG_FIELDS,
    is_message,
)
from collector.connectors.facebook_client import GraphClient
from collector.connectors.facebook_errors import Missing, lacks_permission
from collector.connectors.facebook_posts import (
    COMMENT_FIELDS,
    POST_FIELDS,
    read_comment,
    read_post,
)
from models.vocabulary import Presence, now

_AT_ONCE = 50
_ID = re.compile(r"[0-9]+(_[0-9]+)*")


def may_be_asked(native_id: str) -> bool:
    """Whether it is an id of the platform's: nothing else is ever put into an address."""
    return len(native_id) <= 200 and _ID.fullmatch(native_id) is not None


class Look:
    """Looks things up for one Page. Raises as GraphClient.

    "Gone" is believed only where the token can read the Page: the platform answers the same for
    what is gone and for what the token may not see.
    """

    def __init__(self, client: GraphClient, page_id: str, subject: str) -> None:
        self._client, self._page_id, self._subject = client, page_id, subject

    def look_up(self, native_ids: Sequence[str]) -> dict[str, Sighting]:
        """How each stands. UNKNOWN for an id that is not the platform's own."""
        asked = [one for one in dict.fromkeys(native_ids) if may_be_asked(one)]
        found = self._beside(native_ids)
        for is_post in (True, False):  # their fields differ: one call cannot ask for both
            alike = [one for one in asked if self._is_post(one) is is_post]
            for start in range(0, len(alike), _AT_ONCE):
                found.update(self._several(alike[start : start + _AT_ONCE], is_post))
        missing = [one for one in asked if one not in found]
        if missing:
            self.make_sure_gone(missing)
            found.update({one: Sighting(Presence.GONE) for one in missing})
        return {one: found.get(one, Sighting(Presence.UNKNOWN)) for one in native_ids}

    def _beside(self, native_ids: Sequence[str]) -> dict[str, Sighting]:
        """Tags and messages, one by one. A review cannot be asked for by its id."""
        found: dict[str, Sighting] = {}
        for one in dict.fromkeys(native_ids):
            inner = one.removeprefix(TAG)
            if inner != one and may_be_asked(inner):
                found[one] = self._single(inner, TAG_FIELDS, "tagged")
            elif is_message(one):
                found[one] = self._single(one, MESSAGE_FIELDS, "conversations")
        return found

    def _single(self, native_id: str, fields: str, edge: str) -> Sighting:
        """GONE only where the token reads the edge that it was found on."""
        try:
            raw = self._client.get(native_id, fields=fields)
        except Missing:
            try:
                self._client.get(f"{self._page_id}/{edge}", fields="id", limit="1")
            except Missing:
                raise lacks_permission(self._subject) from None
            return Sighting(Presence.GONE)
        text = raw.get("message")
        return Sighting(Presence.PRESENT, text if isinstance(text, str) else "")

    def make_sure_gone(self, missing: Sequence[str]) -> None:
        """Return where the token reads the Page and what these hang from, so that "missing"
        means gone. Raises NeedsOperator where it does not, as GraphClient otherwise."""
        try:
            self._client.get(f"{self._page_id}/feed", fields="id", limit="1")
        except Missing:
            raise lacks_permission(self._subject) from None
        posts = {
            one if self._is_post(one) else f"{self._page_id}_{one.partition('_')[0]}"
            for one in missing
        }
        for post in sorted(posts)[:_AT_ONCE]:
            self._edge_agrees(post)

    def _edge_agrees(self, post_id: str) -> None:
        """A post that stands and whose comments cannot be read: that is a permission."""
        try:
            self._client.get(f"{post_id}/comments", fields="id", limit="1")
        except Missing:
            if self._several([post_id], True):
                raise lacks_permission(self._subject) from None

    def _is_post(self, native_id: str) -> bool:
        return native_id.startswith(f"{self._page_id}_")

    def _several(self, native_ids: Sequence[str], is_post: bool) -> Mapping[str, Sighting]:
        """Those that can be read. One that cannot fails the whole call: then halves are asked."""
        if not native_ids:
            return {}
        fields = POST_FIELDS if is_post else COMMENT_FIELDS
        try:
            answer = self._client.get("", ids=",".join(native_ids), fields=fields)
        except Missing:
            if len(native_ids) == 1:
                return {}
            half = len(native_ids) // 2
            first = self._several(native_ids[:half], is_post)
            return {**first, **self._several(native_ids[half:], is_post)}
        return {
            one: self._sighting(answer[one], is_post)
            for one in native_ids
            if isinstance(answer.get(one), dict)
        }

    def _sighting(self, raw: object, is_post: bool) -> Sighting:
        read = (
            read_post(raw, self._page_id, now())
            if is_post
            else read_comment(raw, self._page_id, "", now())
        )
        if read is None:
            return Sighting(Presence.UNKNOWN)
        return Sighting(Presence.HIDDEN if read.hidden else Presence.PRESENT, read.text)
