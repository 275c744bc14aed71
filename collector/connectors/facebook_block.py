"""Keeping a person off a Page: blocking, which is all that a Page has (it has no members).

Who is blocked can read the Page and no longer write on it. Only a person's decision leads here.
"""

import re
from collections.abc import Callable
from datetime import datetime

from collector.connector import MemberAction, Receipt
from collector.connectors.facebook_client import GraphClient
from collector.connectors.facebook_errors import Missing
from models.errors import Refused

BY_HAND = (
    "Open the Page, signed in as somebody who may manage it.",
    "Open something that the person wrote there, or Settings, Followers.",
    "Press the three dots beside their name and choose Block from Page.",
    "Come back here and press Done.",
)
_PERSON = re.compile(r"[0-9]{1,40}")


class Blocking:
    """Blocks on one Page. Raises RetryLater, NeedsOperator or Refused."""

    def __init__(
        self, client: GraphClient, page_id: str, subject: str, clock: Callable[[], datetime]
    ) -> None:
        self._client, self._page_id = client, page_id
        self._subject, self._clock = subject, clock

    def block(self, action: MemberAction) -> Receipt:
        """Block the author of that number. Idempotent."""
        self._may_be_blocked(action.handle)
        if self.is_blocked(action.handle):
            return Receipt(self._clock(), True, "The Page had blocked them already.")
        try:
            answer = self._client.post(f"{self._page_id}/blocked", user=action.handle)
        except Missing:
            raise self._cannot("Facebook knows no such person, or they are gone.") from None
        if True not in (answer.get("success"), answer.get(action.handle)):
            raise self._cannot("Facebook did not say that it was done.")
        return Receipt(self._clock(), detail="Blocked: they can no longer write on the Page.")

    def is_blocked(self, handle: str) -> bool:
        """Whether the Page blocks them now."""
        self._may_be_blocked(handle)
        answer = self._client.get(f"{self._page_id}/blocked", user=handle)
        data = answer.get("data")
        listed = data if isinstance(data, list) else []
        return any(isinstance(one, dict) and str(one.get("id")) == handle for one in listed)

    def _may_be_blocked(self, handle: str) -> None:
        if handle == self._page_id or not _PERSON.fullmatch(handle):
            raise self._cannot("It is not a person's number on Facebook.")

    def _cannot(self, said: str) -> Refused:
        return Refused(said, subject=self._subject, cure=" ".join(BY_HAND))
