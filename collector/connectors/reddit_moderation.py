"""What a moderator does on Reddit: remove with a reason and a message, and approve.

Removing takes up to three calls. Each is made only if its effect is not there yet, so a removal
whose second or third call failed is taken up where it stopped by asking again.
"""

import json
import logging
import re
from collections.abc import Sequence
from datetime import timedelta

from collector.connector import PlatformAction, Receipt
from collector.connectors import reddit_things as read
from collector.connectors.reddit_client import RedditClient
from collector.connectors.reddit_errors import not_json
from collector.connectors.reddit_things import Standing, Thing
from models.errors import ChaperoneError, NeedsOperator, Refused, RetryLater
from models.vocabulary import Verb, now

FULLNAME = re.compile(r"t[13]_[a-z0-9]{1,16}")
"""Reddit's ids: t3_ for posts, t1_ for comments."""

_TITLE = 50
"""Longest title of a removal message (recorded answer TOO_LONG, max: 50)."""

_NOTE = 100
"""Longest note that moderators may leave beside a removal."""

_ABOUT_AUTHOR = 250
"""Longest note about an account (fact sheet, unverified)."""

_log = logging.getLogger(__name__)


def look_up_things(
    client: RedditClient, names: Sequence[str], unreadable: set[str] | None = None
) -> dict[str, Thing]:
    """At most a hundred things by fullname, as they are now; unknown ones are missing.

    What came and cannot be read is added to `unreadable`: it is not gone. Raises RetryLater for
    such a thing where no set was given, or where it has no name.
    """
    answer = client.get("api/info/", id=",".join(names))
    asked, odd = set(names), read.unreadable(answer)
    if odd and (unreadable is None or "" in odd):
        raise not_json("Reddit")
    if unreadable is not None:
        unreadable |= odd
    return {str(thing["name"]): thing for thing in read.things(answer) if thing["name"] in asked}


class Moderation:
    """Acts in one subreddit. Raises RetryLater, NeedsOperator or Refused."""

    def __init__(self, client: RedditClient, subreddit: str) -> None:
        self._client = client
        self._name = subreddit
        self._subject = f"r/{subreddit}"

    def act(self, action: PlatformAction) -> Receipt:
        """Remove or approve. Idempotent: what stands so already is a success that says so."""
        if not FULLNAME.fullmatch(action.native_id):
            raise Refused(
                "It is not an id of a Reddit post or comment.",
                subject=self._subject,
                cure="Do it by hand on Reddit.",
            )
        thing = look_up_things(self._client, [action.native_id]).get(action.native_id)
        if action.verb is Verb.REMOVE:
            return self._remove(action, thing)
        if action.verb is Verb.RESTORE:
            return self._restore(action, thing)
        raise Refused(
            "Reddit cannot hide a post.",
            subject=self._subject,
            cure="Remove it instead; it can be approved again later.",
        )

    def _remove(self, action: PlatformAction, thing: Thing | None) -> Receipt:
        how = Standing.DELETED if thing is None else read.standing(thing)
        if thing is None or how is Standing.DELETED:
            detail = "It was deleted before we asked."
            return Receipt(now(), already=True, detail=detail, told=False)
        already = how is Standing.REMOVED
        if not already:
            self._client.post("api/remove/", {"id": action.native_id, "spam": False})
        if action.reason_title:
            self._explain(action, thing if already else {})
            self._remember(action, thing)
        told = action.reason_message and self._tell(action, thing if already else {})
        detail = "Removed on Reddit." if not already else "A moderator had removed it already."
        said = f"{detail} The author was told." if told else detail
        return Receipt(now(), already, said, told=bool(told))

    def _explain(self, action: PlatformAction, thing: Thing) -> None:
        """Put the reason beside the removal, and see that it is there: a call of its own."""
        if thing.get("mod_reason_title") or thing.get("mod_note"):
            return
        reason_id = self._reason_id(action.reason_title)
        note = "" if reason_id else action.reason_title[:_NOTE]
        for _ in range(2):
            self._note(action.native_id, note, reason_id)
            seen = look_up_things(self._client, [action.native_id]).get(action.native_id, {})
            shown = [seen[key] for key in ("mod_reason_title", "mod_note") if key in seen]
            if not shown or any(shown):
                return
        raise RetryLater(
            "Reddit removed it but does not show the reason yet.",
            subject=self._subject,
            after=timedelta(seconds=30),
        )

    def _remember(self, action: PlatformAction, thing: Thing) -> None:
        """Leave the moderators' note about the author, once: it says why and by which decision.

        It comes beside the reason, so an account that may not leave notes removes all the same.
        Raises RetryLater alone.
        """
        author = thing.get("author")
        if not isinstance(author, str) or author in {"", "[deleted]"}:
            return
        mark = f"({action.key[-50:]})"
        note = f"Removed: {action.reason_title}"[: _ABOUT_AUTHOR - len(mark) - 1] + f" {mark}"
        whom = {"subreddit": self._name, "user": author}
        try:
            if mark not in notes_left(self._client.get("api/mod/notes/", **whom, filter="NOTE")):
                what = {**whom, "note": note, "reddit_id": action.native_id}
                self._client.post("api/mod/notes/", what)
        except (NeedsOperator, Refused) as error:
            _log.warning("the moderators' note was not taken: %s", type(error).__name__)

    def _reason_id(self, title: str) -> str | None:
        """The subreddit's own removal reason of that title, None where it has none."""
        answer = self._client.get(f"api/v1/{self._name}/removal_reasons")
        reasons = answer.get("data") if isinstance(answer, dict) else None
        for key, reason in (reasons if isinstance(reasons, dict) else {}).items():
            named = reason.get("title") if isinstance(reason, dict) else None
            if isinstance(named, str) and named.strip().casefold() == title.strip().casefold():
                return str(key)
        return None

    def _note(self, name: str, note: str, reason_id: str | None) -> None:
        what = {"item_ids": [name], "mod_note": note, "reason_id": reason_id}
        self._client.post("api/v1/modactions/removal_reasons", {"json": json.dumps(what)})

    def _tell(self, action: PlatformAction, thing: Thing) -> bool:
        """Send the author the message, once: the moderators' note says when it was sent."""
        noted = str(thing.get("mod_note") or "")
        if noted.endswith(_told(action)):
            return True
        link = "link" if action.native_id.startswith("t3_") else "comment"
        what = {
            "item_id": [action.native_id],
            "message": action.reason_message,
            "title": _short(action.reason_title or "Your post was removed"),
            "type": "private",
        }
        data = {"json": json.dumps(what)}
        self._client.post(f"api/v1/modactions/removal_{link}_message", data)
        if noted in {"", action.reason_title[:_NOTE]}:  # never over another moderator's note
            self._mark(action)
        return True

    def _mark(self, action: PlatformAction) -> None:
        """Note that the author was told. The message is out: a failure here must not repeat it."""
        mark = _told(action)
        try:
            reason_id = self._reason_id(action.reason_title) if action.reason_title else None
            reason = "" if reason_id else action.reason_title[: _NOTE - len(mark) - 1]
            self._note(action.native_id, f"{reason} {mark}".strip(), reason_id)
        except ChaperoneError as error:
            _log.warning("the note that an author was told was not taken: %s", error.what)

    def _restore(self, action: PlatformAction, thing: Thing | None) -> Receipt:
        how = Standing.DELETED if thing is None else read.standing(thing)
        if how is Standing.DELETED:
            raise Refused(
                "The author deleted it, or it is no longer on Reddit.",
                subject=self._subject,
                cure="It cannot be brought back; the record keeps what it said.",
            )
        if how is Standing.STANDS:
            return Receipt(now(), already=True, detail="It stands on Reddit.", told=False)
        self._client.post("api/approve/", {"id": action.native_id})
        return Receipt(now(), detail="Approved on Reddit.", told=False)


def notes_left(answer: object) -> str:
    """The words of the notes about somebody, run together."""
    rows = answer.get("mod_notes") if isinstance(answer, dict) else None
    found = []
    for row in rows if isinstance(rows, list) else ():
        data = row.get("user_note_data") if isinstance(row, dict) else None
        found.append(str(data.get("note")) if isinstance(data, dict) else "")
    return "\n".join(found)


def _short(title: str) -> str:
    return title if len(title) <= _TITLE else title[: _TITLE - 1].rstrip() + "…"


def _told(action: PlatformAction) -> str:
    """What the moderators' note ends with once the author was told."""
    return f"(author told, {action.key[-50:]})"
