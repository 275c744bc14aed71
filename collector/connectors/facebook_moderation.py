"""What a moderator does on a Page: hide, show again, delete, and write to the author first.

The platform gives no reason with a deletion and tells its author nothing. Where a person decided
that the author is told, the Page writes a private reply before it deletes, because afterwards
there is nothing left to reply to. A reply that does not go through never holds up the deletion:
the receipt says so, and a person tells them.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from collector.connector import PlatformAction, Receipt
from collector.connectors.facebook_beside_read import REVIEW, TAG, is_message
from collector.connectors.facebook_client import GraphClient
from collector.connectors.facebook_errors import Missing, lacks_permission
from collector.connectors.facebook_look import Look, may_be_asked
from models.errors import ChaperoneError, Refused, RetryLater
from models.vocabulary import Presence, Verb

_log = logging.getLogger(__name__)
_BACK = "Come back and say that it is done. The next look at the Page confirms it."

BY_HAND: Mapping[Verb, tuple[str, ...]] = {
    Verb.REMOVE: (
        "Open the link to the post or comment, signed in as the Page.",
        "Press the three dots beside it and choose Delete.",
        "For a review, or a post elsewhere that tags the Page: choose Report, or Remove tag.",
        "For a private message: open the inbox, and move it to Spam or block its sender.",
        _BACK,
    ),
    Verb.HIDE: (
        "Open the link to the comment, signed in as the Page.",
        "Press the three dots beside it and choose Hide comment.",
        _BACK,
    ),
    Verb.UNHIDE: (
        "Open the link to the comment, signed in as the Page.",
        "Press the three dots beside it and choose Unhide.",
        _BACK,
    ),
    Verb.RESTORE: (
        "Facebook cannot bring back what was deleted.",
        "If it should stand again, ask its author to write it again.",
    ),
}


class Moderation:
    """Acts on one Page. Raises RetryLater, NeedsOperator or Refused."""

    def __init__(
        self, client: GraphClient, page_id: str, subject: str, clock: Callable[[], datetime]
    ) -> None:
        self._client, self._page_id = client, page_id
        self._subject, self._clock = subject, clock

    def act(self, action: PlatformAction) -> Receipt:
        """Do it. Idempotent: what stands so already is a success that says so."""
        if not may_be_asked(action.native_id):
            raise self._cannot(_why_not(action.native_id), action.verb)
        if action.verb is Verb.REMOVE:
            return self._remove(action)
        if action.verb is Verb.HIDE:
            receipt = self._hide(action.native_id, Verb.HIDE)
            # It still stands, so it can be answered afterwards.
            return replace(receipt, told=self._tell(action) if action.reason_message else False)
        if action.verb is Verb.UNHIDE:
            return replace(self._hide(action.native_id, Verb.UNHIDE), told=False)
        raise self._cannot("Facebook has no means for it.", action.verb)

    def _remove(self, action: PlatformAction) -> Receipt:
        told = self._tell(action) if action.reason_message else False
        try:
            answer = self._client.delete(action.native_id)
        except Missing:
            # The same words for "gone" and "you may not": only looking tells which.
            self._gone_or_raise(action.native_id)
            detail = "It was already gone from Facebook."
            return Receipt(self._clock(), True, detail, told=told)
        self._succeeded(answer, Verb.REMOVE)
        detail = "Facebook says that it is deleted."
        if told:
            detail = f"{detail} The author was told in a private reply."
        return Receipt(self._clock(), detail=detail, told=told)

    def _tell(self, action: PlatformAction) -> bool | None:
        """Write to the author, once. None: it may have reached them, or somebody wrote before."""
        is_post = self._is_post(action.native_id)
        try:
            if not is_post:
                asked = "can_reply_privately,private_reply_conversation"
                seen = self._client.get(action.native_id, fields=asked)
                if seen.get("private_reply_conversation"):
                    return None
                if seen.get("can_reply_privately") is not True:
                    return False
            self._client.send(
                f"{self._page_id}/messages",
                recipient=_json("post_id" if is_post else "comment_id", action.native_id),
                message=_json("text", action.reason_message),
            )
        except RetryLater as error:
            _log.warning("it is not certain that an author was told: %s", type(error).__name__)
            return None
        except ChaperoneError as error:
            _log.warning("an author could not be told: %s", type(error).__name__)
            return False
        return True

    def _hide(self, native_id: str, verb: Verb) -> Receipt:
        wish = verb is Verb.HIDE
        fields = "id,is_hidden" + ("" if self._is_post(native_id) else ",can_hide")
        try:
            now_so = self._client.get(native_id, fields=fields)
        except Missing:
            self._gone_or_raise(native_id)
            if wish:
                return Receipt(self._clock(), True, "It was already gone from Facebook.")
            raise self._cannot("It is gone from Facebook.", verb) from None
        if now_so.get("is_hidden") is wish:
            how = "hidden" if wish else "in plain sight"
            return Receipt(self._clock(), True, f"It was already {how} on Facebook.")
        if wish and now_so.get("can_hide") is False:
            said = "Facebook does not let a Page hide its own comments: remove it instead."
            raise self._cannot(said, verb)
        try:
            answer = self._client.post(native_id, is_hidden="true" if wish else "false")
        except Missing:
            self._gone_or_raise(native_id)
            return Receipt(self._clock(), True, "It was already gone from Facebook.")
        self._succeeded(answer, verb)
        detail = "Facebook says that it is hidden." if wish else "Facebook says that it is shown."
        return Receipt(self._clock(), detail=detail)

    def _is_post(self, native_id: str) -> bool:
        return native_id.startswith(f"{self._page_id}_")

    def _gone_or_raise(self, native_id: str) -> None:
        """Return if it is gone. Raises NeedsOperator if it stands and may not be touched."""
        look = Look(self._client, self._page_id, self._subject)
        if look.look_up([native_id])[native_id].presence is not Presence.GONE:
            raise lacks_permission(self._subject)

    def _succeeded(self, answer: Mapping[str, object], verb: Verb) -> None:
        if answer.get("success") is not True:
            raise self._cannot("Facebook did not say that it was done.", verb)

    def _cannot(self, said: str, verb: Verb) -> Refused:
        return Refused(said, subject=self._subject, cure=" ".join(BY_HAND[verb]))


def _why_not(native_id: str) -> str:
    if native_id.startswith(REVIEW):
        return "Facebook lets no Page remove a review."
    if native_id.startswith(TAG):
        return "It stands elsewhere on Facebook, and only tags the Page."
    if is_message(native_id):
        return "Facebook lets no program take away a private message."
    return "Facebook gave no number for it."


def _json(name: str, value: str) -> str:
    return json.dumps({name: value}, ensure_ascii=False)
