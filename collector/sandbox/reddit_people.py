"""The people of the stand-in for Reddit: bans, approvals, requests to join, notes on accounts."""

from collections.abc import Mapping
from typing import Any

from collector.sandbox.loopback import Reply, as_json
from collector.sandbox.reddit_board import Board, Subreddit


class BoardPeople:
    """Answers for one board. Each call is a moderator's."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def listing(self, place: Subreddit, what: str, query: Mapping[str, str]) -> Reply | None:
        """A list of people; None where it is a list of something else."""
        lists = {
            "about/moderators": place.moderators,
            "about/contributors": place.members,
            "about/banned": set(place.banned),
        }
        names = lists.get(what)
        if names is None:
            return None
        one = query.get("user", "").lower()
        rows = [
            {"name": name, "id": f"t2_{name.lower()}", "date": 1756717200.0}
            for name in sorted(names)
            if one in ("", name.lower())
        ]
        return as_json({"kind": "UserList", "data": {"children": rows, "after": None}})

    def change(self, place: Subreddit, what: str, form: Mapping[str, str]) -> Reply:
        """/api/friend (ban) and /api/unfriend (no longer approved, or banned)."""
        name, kind = form.get("name", ""), form.get("type", "")
        if what == "friend" and kind == "banned":
            if name.lower() in {one.lower() for one in place.moderators}:
                refused = ["CANT_RESTRICT_MODERATOR", "moderators cannot be banned", "name"]
                return as_json({"json": {"errors": [refused]}})
            place.banned[name] = form.get("ban_message", "")
            return as_json({"json": {"errors": []}})
        if what == "unfriend" and kind == "contributor":
            place.members = {one for one in place.members if one.lower() != name.lower()}
            return as_json({})
        return as_json({"json": {"errors": [["INVALID_OPTION", "that option is not valid", ""]]}})

    def conversations(self, query: Mapping[str, str], who: str) -> Reply:
        """Moderators' messages: here only requests to join."""
        place = self._board.subreddits.get(query.get("entity", "").lower())
        if place is None or who not in place.moderators:
            return as_json({"message": "Forbidden", "error": 403}, 403)
        asks = list(place.asks) if query.get("state") == "join_requests" else []
        names = [f"c{number}" for number in range(len(asks))]
        after = query.get("after", "")
        start = names.index(after) + 1 if after in names else 0
        some = names[start : start + int(query.get("limit", "25"))]
        talks = {one: _talk(asks[int(one[1:])], place) for one in some}
        said = {"conversations": talks, "messages": {}, "viewerId": "t2_mod"}
        return as_json({**said, "conversationIds": some})

    def notes(self, method: str, fields: Mapping[str, str], who: str) -> Reply:
        """/api/mod/notes: what moderators keep about an account."""
        place = self._board.subreddits.get(fields.get("subreddit", "").lower())
        user = fields.get("user", "")
        if place is None or who not in place.moderators:
            return as_json({"message": "Forbidden", "error": 403}, 403)
        if method == "GET":
            kept = [one for name, one in place.notes if name == user]
            return as_json({"mod_notes": kept, "end_cursor": None, "has_next_page": False})
        data = {"note": fields.get("note"), "reddit_id": fields.get("reddit_id"), "label": None}
        made = {"id": f"ModNote_{len(place.notes)}", "type": "NOTE", "user_note_data": data}
        place.notes.append((user, made))
        return as_json({"created": made})


def _talk(name: str, place: Subreddit) -> dict[str, Any]:
    who = {"name": name, "isMod": False, "isAdmin": False, "isDeleted": False}
    return {
        "participant": {**who, "isApproved": name in place.members},
        "lastUserUpdate": "2026-11-20T19:57:27.982064+00:00",
        "isInternal": False,
    }
