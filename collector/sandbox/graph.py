"""A stand-in for the Graph API: requests in, the real platform's answers out.

Shapes and error bodies are those of Graph v25: paging by cursors with a `next`
that holds the token, `from` silently absent without the right permission, code 100 subcode 33
for what is gone and for what the token may not touch alike, usage headers, storms on demand.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import RLock
from urllib.parse import urlencode

from collector.sandbox.graph_beside import MESSAGES, METADATA, READ_PEOPLE, GraphBeside, missing
from collector.sandbox.graph_fields import UnknownField, page_body, shown
from collector.sandbox.graph_storms import STORMS, error
from collector.sandbox.loopback import Reply, as_json
from collector.sandbox.page import Entry, Page

READ = "pages_read_engagement"
MANAGE = "pages_manage_engagement"
ALL = frozenset({READ, READ_PEOPLE, MANAGE, MESSAGES, METADATA})
"""What a Page token can hold here."""

_VERSION = re.compile(r"v(2\d|30)\.0")


@dataclass(frozen=True, slots=True)
class Request:
    """One call. path: without the leading slash. token: from the header or the query."""

    method: str
    path: str
    query: Mapping[str, str]
    token: str = ""


@dataclass(slots=True)
class _Storm:
    name: str
    left: int | None
    only: str


@dataclass(slots=True)
class Graph:
    """The Graph API of one Page. Safe to use from several threads.

    base: how links to itself begin, set by the server. served: every call so far, as
    "METHOD path", without query. usage: percent, and minutes until access is regained.
    app: number and secret of the Meta app; proof: whether every call must prove the secret.
    expires_at, data_ends_at: what debug_token says, seconds since 1970, 0 for never.
    """

    page: Page
    base: str = "http://127.0.0.1/"
    tokens: dict[str, frozenset[str]] = field(default_factory=dict)
    usage: tuple[int, int] = (1, 0)
    served: list[str] = field(default_factory=list)
    app: tuple[str, str] = ("", "")
    proof: bool = False
    expires_at: int = 0
    data_ends_at: int = 0
    more: GraphBeside = field(init=False)
    _storm: _Storm | None = None
    _interjected: list[Callable[[Request], Reply | None]] = field(default_factory=list)
    _lock: RLock = field(default_factory=RLock)

    def __post_init__(self) -> None:
        self.more = GraphBeside(self.page)

    def grant(self, token: str, permissions: frozenset[str] = ALL) -> None:
        """Let a token in, with these permissions. A token that is unknown is expired."""
        self.tokens[token] = permissions

    def storm(self, name: str, times: int | None = None, only: str = "") -> None:
        """From now on answer as STORMS[name] says, `times` times (None: until calm()).

        only: a piece of "METHOD path"; other calls are answered as ever. Raises KeyError.
        """
        if name not in STORMS:
            raise KeyError(name)
        self._storm = _Storm(name, times, only)

    def calm(self) -> None:
        """End the storm and every interjection."""
        self._storm = None
        self._interjected.clear()

    def interject(self, answer: Callable[[Request], Reply | None]) -> None:
        """Ask `answer` first, for payloads that the real platform would not send."""
        self._interjected.append(answer)

    def answer(self, request: Request) -> Reply:
        """What the platform says to a call."""
        with self._lock:
            called = f"{request.method} {request.path}"
            self.served.append(called)
            for interjected in self._interjected:
                given = interjected(request)
                if given is not None:
                    return given
            if self._storm is not None and self._storm.only in called:
                storm, self._storm = self._storm, _passing(self._storm)
                return STORMS[storm.name]()
            given = self._route(request)
        return Reply(given.status, given.body, (*self._usage_headers(), *given.headers))

    def _usage_headers(self) -> tuple[tuple[str, str], ...]:
        percent, minutes = self.usage
        counts = {"call_count": percent, "total_time": 1, "total_cputime": 1}
        regain = {"type": "pages", **counts, "estimated_time_to_regain_access": minutes}
        return (
            ("X-App-Usage", json.dumps(counts)),
            ("X-Business-Use-Case-Usage", json.dumps({self.page.id: [regain]})),
        )

    def _route(self, request: Request) -> Reply:
        version, _, rest = request.path.partition("/")
        if not _VERSION.fullmatch(version):
            return error(2500, f"Unknown path components: /{version}")
        if not request.token:
            return error(104, "An access token is required to request this resource.")
        if self.proof and request.query.get("appsecret_proof") != self._proof(request.token):
            wants = "API calls from the server require an appsecret_proof argument"
            return error(100, wants, kind="GraphMethodException")
        if rest == "debug_token":
            return self._debug_token(request)
        if request.token not in self.tokens:
            return STORMS["expired"]()
        node, _, edge = rest.strip("/").partition("/")
        node = self.page.id if node == "me" else node
        try:
            return self._ask(request, node, edge)
        except UnknownField as unknown:
            return error(100, f"(#100) {unknown}")

    def _proof(self, token: str) -> str:
        return hmac.new(self.app[1].encode(), token.encode(), hashlib.sha256).hexdigest()

    def _ask(self, request: Request, node: str, edge: str) -> Reply:
        beside = self.more.answer(
            request.method, node, edge, request.query, lambda name: self._may(request, name)
        )
        if beside is not None:
            return beside
        if request.method == "DELETE" and node and not edge:
            return self._delete(request, node)
        if request.method == "POST" and node and not edge:
            return self._hide(request, node)
        if request.method != "GET":
            return error(100, "Unsupported request")
        if not self._may(request, READ):
            wants = f"(#10) This endpoint requires the '{READ}' permission"
            return error(10, wants, status=403)
        if not node and request.query.get("ids"):
            return self._several(request)
        if edge == "feed" and node == self.page.id:
            return self._list(request, self.page.feed(), newest_first=True)
        if edge == "comments":
            return self._comments(request, node)
        return self._one(request, node) if not edge else error(2500, "Unknown path components")

    def _may(self, request: Request, permission: str) -> bool:
        return permission in self.tokens[request.token]

    def _shown(self, request: Request, entry: Entry) -> dict[str, object]:
        people = self._may(request, READ_PEOPLE)
        whole = shown(self.page, entry, request.query.get("fields", ""), people=people)
        if entry.id in self.more.beside.replies:
            whole["private_reply_conversation"] = {"id": "t_1"}
        return whole

    def _one(self, request: Request, node: str) -> Reply:
        if node == self.page.id:
            return as_json(page_body(self.page, request.query.get("fields", "")))
        entry = self.page.find(node)
        return missing("get", node) if entry is None else as_json(self._shown(request, entry))

    def _several(self, request: Request) -> Reply:
        """One id that cannot be read fails them all."""
        found: dict[str, object] = {}
        for node in request.query["ids"].split(","):
            entry = self.page.find(node)
            if entry is None:
                return missing("get", node)
            found[node] = self._shown(request, entry)
        return as_json(found)

    def _comments(self, request: Request, node: str) -> Reply:
        entry = self.page.find(node)
        if entry is None:
            return missing("get", node)
        found = self.page.comments(entry.post_id, "" if entry.is_post else entry.id)
        if entry.is_post and request.query.get("filter", "toplevel") != "stream":
            found = [comment for comment in found if not comment.parent_id]
        newest_first = request.query.get("order") == "reverse_chronological"
        if newest_first:
            found.reverse()
        return self._list(request, found, newest_first=newest_first)

    def _list(self, request: Request, entries: Sequence[Entry], *, newest_first: bool) -> Reply:
        limit = min(int(request.query.get("limit", "25") or 25), 100)
        start = 0
        if after := request.query.get("after"):
            last = _place(after)
            if last is None:
                return error(100, "(#100) Invalid cursor")
            # By order, not by place: what the cursor points at may be deleted meanwhile.
            beyond = (n for n, e in enumerate(entries) if (_key(e) < last) == newest_first)
            start = next((n for n in beyond if _key(entries[n]) != last), len(entries))
        some = entries[start : start + limit]
        body: dict[str, object] = {"data": [self._shown(request, entry) for entry in some]}
        if some:
            cursors = {"before": _cursor(some[0]), "after": _cursor(some[-1])}
            paging: dict[str, object] = {"cursors": cursors}
            if start + limit < len(entries):
                onward = {**request.query, "access_token": request.token, "after": cursors["after"]}
                paging["next"] = f"{self.base}{request.path}?{urlencode(onward)}"
            body["paging"] = paging
        return as_json(body)

    def _delete(self, request: Request, node: str) -> Reply:
        if self.page.find(node) is None or not self._may(request, MANAGE):
            return missing("delete", node)
        self.page.change(node, deleted=True)
        return as_json({"success": True})

    def _hide(self, request: Request, node: str) -> Reply:
        entry = self.page.find(node)
        wish = request.query.get("is_hidden", "").lower()
        if entry is None or not self._may(request, MANAGE):
            return missing("post", node)
        if wish not in ("true", "false"):
            return error(100, "(#100) Invalid parameter")
        if entry.author.id == self.page.id:
            return error(200, "(#200) Permissions error", status=403)
        self.page.change(node, hidden=wish == "true")
        return as_json({"success": True})

    def _debug_token(self, request: Request) -> Reply:
        asked = request.query.get("input_token", "")
        if request.token not in self.tokens and request.token != "|".join(self.app):
            return error(190, "Invalid OAuth access token - Cannot parse access token")
        valid = asked in self.tokens
        scopes = sorted(self.tokens.get(asked, ()))
        times = {"expires_at": self.expires_at, "data_access_expires_at": self.data_ends_at}
        data = {"type": "PAGE", "is_valid": valid, "scopes": scopes, **times}
        return as_json({"data": data})


def _passing(storm: _Storm) -> _Storm | None:
    """The storm after one more answer."""
    if storm.left is None:
        return storm
    return _Storm(storm.name, storm.left - 1, storm.only) if storm.left > 1 else None


def _key(entry: Entry) -> tuple[str, str]:
    return entry.created.isoformat(), entry.id


def _cursor(entry: Entry) -> str:
    return base64.urlsafe_b64encode("|".join(_key(entry)).encode()).decode()


def _place(cursor: str) -> tuple[str, str] | None:
    try:
        created, _, entry_id = base64.urlsafe_b64decode(cursor.encode()).decode().partition("|")
    except ValueError:
        return None
    return (created, entry_id) if entry_id else None
