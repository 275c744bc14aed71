"""A stand-in for LinkedIn's versioned interface: the posts and comments of one Page.

Shapes and error bodies as the fact sheet has them: milliseconds, paging by place, URNs encoded in
the path, a version that has ended answered with 426, comments that hang from an activity and not
from the post's own URN.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import parse_qsl, unquote

from collector.sandbox.loopback import Call, Reply, as_json
from collector.sandbox.threads import Entry, Threads, Weather


def error(status: int, number: int, code: str, **headers: str) -> Reply:
    """The one shape that every error of the platform has."""
    body = {"status": status, "serviceErrorCode": number, "code": code, "message": code.title()}
    return as_json(body, status, **headers)


STORMS: Mapping[str, Callable[[], Reply]] = {
    "too_many": lambda: error(429, 101, "TOO_MANY_REQUESTS"),
    "retry_after": lambda: error(429, 101, "TOO_MANY_REQUESTS", Retry_After="240"),
    "server_error": lambda: Reply(500, b"<html>Sorry</html>"),
    "revoked": lambda: error(401, 65601, "REVOKED_ACCESS_TOKEN"),
}


def make_id(number: int, under: str) -> str:
    """The URN of a post, or of a comment."""
    if not under:
        return f"urn:li:share:{number}"
    return f"urn:li:comment:(urn:li:activity:{_post_number(under)},{number})"


def _post_number(urn: str) -> str:
    return urn.rpartition(":")[2].partition(",")[0]


class LinkedInSite:
    """The interface as one Page sees it. may_delete: whether it may delete comments."""

    def __init__(self, organisation: str, token: str) -> None:
        self.organisation, self._token = organisation, token
        self.threads = Threads(make_id)
        self.weather = Weather(STORMS)
        self.may_delete = True
        self.versions = {"202606"}

    def answer(self, call: Call) -> Reply:
        """What the platform says to a call."""
        given = self.weather.over(call)
        if given is not None:
            return given
        if call.headers.get("authorization") != f"Bearer {self._token}":
            return error(401, 65600, "INVALID_ACCESS_TOKEN")
        if call.headers.get("linkedin-version") not in self.versions:
            return error(426, 0, "NONEXISTENT_VERSION")
        query = dict(parse_qsl(call.query, keep_blank_values=True))
        path = [unquote(part) for part in call.path.strip("/").split("/")]
        if path[0] == "posts":
            return self._posts(call, path[1:], query)
        if path[0] == "socialActions" and len(path) > 2 and path[2] == "comments":
            return self._comments(call.method, path[1], path[3:], query)
        return error(404, 0, "RESOURCE_NOT_FOUND")

    def _posts(self, call: Call, rest: list[str], query: Mapping[str, str]) -> Reply:
        if not rest:
            if call.headers.get("x-restli-method") != "FINDER":
                return error(400, 0, "ILLEGAL_ARGUMENT")
            if query.get("author") != self.organisation:
                return error(403, 100, "ACCESS_DENIED")
            return self._list(self.threads.below(), query, self._post)
        entry = self.threads.find(rest[0])
        if call.method == "DELETE":
            return self._delete(entry)
        return error(404, 0, "NOT_FOUND") if entry is None else as_json(self._post(entry))

    def _comments(self, method: str, urn: str, rest: list[str], query: Mapping[str, str]) -> Reply:
        above = self.threads.find(self._own_urn(urn))
        if above is None:
            return error(404, 0, "NOT_FOUND")
        if not rest:
            return self._list(self.threads.below(above.id), query, self._comment)
        entry = self.threads.find(f"urn:li:comment:(urn:li:activity:{_post_number(urn)},{rest[0]})")
        if method == "DELETE":
            return self._delete(entry)
        return error(404, 0, "NOT_FOUND") if entry is None else as_json(self._comment(entry))

    def _delete(self, entry: Entry | None) -> Reply:
        if not self.may_delete:
            return error(403, 100, "ACCESS_DENIED")
        if entry is None:
            return error(404, 0, "NOT_FOUND")
        entry.deleted = True
        return Reply(204)

    def _own_urn(self, urn: str) -> str:
        """An activity stands for the share that it tells of."""
        if urn.startswith("urn:li:activity:"):
            return f"urn:li:share:{_post_number(urn)}"
        return urn

    def _list(
        self,
        entries: list[Entry],
        query: Mapping[str, str],
        shown: Callable[[Entry], dict[str, object]],
    ) -> Reply:
        start, count = int(query.get("start", "0")), int(query.get("count", "10"))
        some = [shown(one) for one in entries[start : start + count]]
        paging = {"start": start, "count": count, "total": len(entries), "links": []}
        return as_json({"paging": paging, "elements": some})

    def _post(self, entry: Entry) -> dict[str, object]:
        changed = {"lastModifiedAt": _time(entry.edited or entry.created)}
        return {
            "id": entry.id,
            "author": self.organisation,
            "commentary": entry.text,
            "createdAt": _time(entry.created),
            "publishedAt": _time(entry.created),
            "lifecycleState": "PUBLISHED",
            **changed,
        }

    def _comment(self, entry: Entry) -> dict[str, object]:
        actor = self.organisation if entry.author == "own" else f"urn:li:person:{entry.author}"
        above = {} if entry.parent == entry.top else {"parentComment": entry.parent}
        return {
            "actor": actor,
            "commentUrn": entry.id,
            "id": entry.id.rpartition(",")[2].rstrip(")"),
            "object": f"urn:li:activity:{_post_number(entry.id)}",
            "created": {"actor": actor, "time": _time(entry.created)},
            "lastModified": {"actor": actor, "time": _time(entry.edited or entry.created)},
            "message": {"attributes": [], "text": entry.text},
            "commentsSummary": {"aggregatedTotalComments": len(self.threads.below(entry.id))},
            **above,
        }


def _time(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
