"""Who is in a Discourse group or asks to join it, and taking somebody out.

From a group of the organisation's own people are taken out of the group. The forum's automatic
groups ("trust_level_0": everybody) cannot be left: there, and where somebody is to stay away, the
account is suspended.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

from collector.connector import Member, MemberAction, Receipt
from collector.connectors.discourse_client import Forum, Missing
from collector.connectors.web import Node, moment
from models.errors import NeedsOperator, Refused
from models.vocabulary import now

BY_HAND = (
    "Open the group on the forum, Members, with an account that owns it.",
    "Press the menu beside the person and choose Remove from group.",
    "To keep somebody off the forum: open their profile, Admin, and press Suspend.",
)
_NAME = re.compile(r"\w[\w.-]{0,99}")
_WINDOW = 50
_FOR_GOOD = timedelta(days=365 * 100)
_OWNER = (
    "Make the account an owner of the group, or do it by hand: see docs/connectors/discourse.md."
)


def listed(forum: Forum, group: str) -> Iterator[Member]:
    """The group's owners and members, then who asks to join it."""
    owners: set[str] = set()
    for asking in (False, True):
        for start in range(0, 100_000, _WINDOW):
            params = {"limit": str(_WINDOW), "offset": str(start), "order": "added_at"}
            if asking:
                params["requesters"] = "true"
            path = f"groups/{quote(group, safe='')}/members.json"
            answer = forum.web.object("GET", path, params=params)
            owners |= {str(one.get("username")) for one in _people(answer, "owners")}
            rows = _people(answer, "members")
            for row in rows:
                yield _member(row, owners, asking)
            if len(rows) < _WINDOW:
                break


def is_there(forum: Forum, group: str, handle: str) -> bool:
    """Whether the account is in the group, and not suspended."""
    forum.require_staff()
    user = _user(forum, handle)
    return user is not None and not _suspended(user) and _group(user, group) is not None


def take_out(forum: Forum, group: str, action: MemberAction, subject: str) -> Receipt:
    """Out of the group, and off the forum where that is wanted or the only way."""
    forum.require_staff()
    user = _user(forum, action.handle)
    if user is None:
        return Receipt(now(), True, "The forum has no such account any more.")
    belongs, suspended, said = _group(user, group), _suspended(user), list[str]()
    automatic = belongs is not None and belongs.get("automatic") is True
    try:
        if belongs is not None and not automatic:
            path = f"groups/{_number(forum, belongs)}/members.json"
            forum.web.object("DELETE", path, json={"usernames": action.handle})
            said.append("taken out of the group")
        if (action.keep_out or automatic) and not suspended:
            until = (now() + _FOR_GOOD).date().isoformat()
            told = {"suspend_until": until, "reason": action.reason, "message": ""}
            path = f"admin/users/{_number(forum, user)}/suspend.json"
            forum.web.ask("PUT", path, json=told)
            said.append("suspended")
    except NeedsOperator as error:
        raise NeedsOperator(error.what, subject=subject, cure=_OWNER) from None
    if not said:
        return Receipt(now(), True, "The person was no longer in the group.")
    return Receipt(now(), detail=f"The account is {' and '.join(said)}.")


def _user(forum: Forum, handle: str) -> Node | None:
    """The account; None where the forum has none of that name."""
    if not _NAME.fullmatch(handle):
        raise Refused(
            "It is not the name of an account.", subject="the forum", cure=" ".join(BY_HAND)
        )
    try:
        found = forum.web.object("GET", f"u/{quote(handle, safe='')}.json").get("user")
    except Missing:
        return None
    if not isinstance(found, dict) or str(found.get("username", "")).lower() != handle.lower():
        raise forum.web.unreadable("it is another account")
    return found


def _group(user: Node, name: str) -> Node | None:
    groups = user.get("groups")
    rows = [one for one in groups if isinstance(one, dict)] if isinstance(groups, list) else []
    return next((one for one in rows if one.get("name") == name), None)


def _suspended(user: Node) -> bool:
    until = moment(user.get("suspended_till"))
    return until is not None and until > now()


def _number(forum: Forum, row: Node) -> int:
    found = row.get("id")
    if isinstance(found, bool) or not isinstance(found, int):
        raise forum.web.unreadable("a row without a number")
    return found


def _people(answer: Node, name: str) -> list[Node]:
    rows = answer.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _member(row: Node, owners: set[str], asking: bool) -> Member:
    handle = str(row.get("username") or "")
    role = "asks to join" if asking else "owner" if handle in owners else "member"
    since = moment(row.get("requested_at" if asking else "added_at"))
    return Member(handle, str(row.get("name") or handle), role, since)
