"""A stand-in for Instagram's Graph API: one account, its media, comments and replies.

Shapes and error bodies as the fact sheet and recorded answers have them: comments newest first
and at most fifty, replies only where asked for, code 100 subcode 33 for what is gone and for what
the token may not touch alike, `hidden` read and `hide` written. What stands on somebody else's
media is given by its id alone, as a field of the account's own node, and its @ is left out.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl

from collector.sandbox.graph_storms import STORMS, error
from collector.sandbox.loopback import Call, Reply, as_json
from collector.sandbox.threads import Entry, Threads, Weather, page_of

_MOST = 50
_EMBEDDED = 3
"""Replies that come along with a comment; the rest has a page of its own."""


_MENTION = re.compile(r"mentioned_(comment\.comment_id|media\.media_id)\(([^()]*)\)\{(.*)\}")
_PROMISED = frozenset({"id", "text", "caption", "timestamp", "username", "media", "media_type"})
"""Fields of a mention that Meta's reference names."""


class InstagramSite:
    """The API of one account. tokens: to whether they may moderate. tagged: media that tag it.

    elsewhere: other people's media and the comments there that mention the account. sparing: of
    those it gives the promised fields alone, and refuses a call that asks for another one.
    mentions_shown: False, as for a token that may not see them.
    """

    def __init__(self, account_id: str, username: str) -> None:
        self.account_id, self.username = account_id, username
        self.threads = Threads(lambda number, _: f"1790000{number}")
        self.tagged = Threads(lambda number, _: f"1880000{number}")
        self.elsewhere = Threads(lambda number, _: f"1770000{number}")
        self.sparing, self.mentions_shown = False, True
        self.weather = Weather(STORMS)
        self.tokens: dict[str, bool] = {}
        self.renewals = 0

    def answer(self, call: Call) -> Reply:
        """What the platform says to a call."""
        given = self.weather.over(call)
        if given is not None:
            return given
        query = dict(parse_qsl(f"{call.query}&{call.body}", keep_blank_values=True))
        token = call.headers.get("authorization", "").removeprefix("Bearer ")
        token = token or query.get("access_token", "")
        if token not in self.tokens:
            return STORMS["expired"]()
        if call.path == "/refresh_access_token":
            return self._renew(token)
        found = re.fullmatch(r"/v\d+\.0/(\d*)/?(\w*)", call.path)
        if found is None:
            return error(2500, "Unknown path components")
        return self._route(call.method, found[1], found[2], query, may=self.tokens[token])

    def _renew(self, token: str) -> Reply:
        self.renewals += 1
        fresh = f"{token.partition('-')[0]}-{self.renewals}"
        self.tokens[fresh] = self.tokens[token]
        return as_json({"access_token": fresh, "token_type": "bearer", "expires_in": 5183944})

    def _route(
        self, method: str, node: str, edge: str, query: Mapping[str, str], *, may: bool
    ) -> Reply:
        if not node and "ids" in query:
            return self._several(query["ids"].split(","))
        if node == self.account_id and edge in ("media", "tags"):
            board = self.threads if edge == "media" else self.tagged
            return self._list(board.below(), query, edge)
        if node == self.account_id and not edge and method == "GET":
            return self._account(query.get("fields", "id"))
        entry = self.threads.find(node)
        if entry is None or (method != "GET" and not may):
            return missing(method.lower(), node)
        if method == "DELETE":
            entry.deleted = True
            return as_json({"success": True})
        if method == "POST":
            return self._hide(entry, query.get("hide", ""))
        if edge in ("comments", "replies"):
            return self._list(self.threads.below(entry.id), query, edge)
        return as_json(self._shown(entry))

    def _account(self, fields: str) -> Reply:
        """The account's own node, where a mention is one of its fields."""
        asked = _MENTION.fullmatch(fields)
        if asked is None:
            return as_json({"id": self.account_id})
        name, wanted = asked[1].partition(".")[0], asked[3]
        if not self.mentions_shown:
            return error(100, f"(#100) Tried accessing nonexisting field (mentioned_{name})")
        if self.sparing and not set(re.split(r"[,{}]", wanted)) <= _PROMISED:
            return error(100, "(#100) Tried accessing nonexisting field (permalink)")
        entry = self.elsewhere.find(asked[2])
        own = self.threads.find(asked[2]) if entry is None else None
        found = entry or own
        if found is None or bool(found.parent) is not (name == "comment"):
            return missing("get", asked[2])
        given = self._mentioned(found, own is not None)
        return as_json({f"mentioned_{name}": given, "id": self.account_id})

    def _mentioned(self, entry: Entry, own: bool) -> dict[str, object]:
        shown = {**self._shown(entry), "caption": entry.text.replace("@", "")}
        owner = {} if self.sparing or not own else {"owner": {"id": self.account_id}}
        if not entry.parent:
            return {
                name: shown[name] for name in ("id", "caption", "timestamp", "username")
            } | owner
        link = {} if self.sparing else {"permalink": f"https://www.instagram.com/p/C{entry.top}/"}
        media = {"id": entry.top, **link, **owner}
        who = {} if self.sparing else {"username": entry.author}
        text = entry.text.replace("@", "")
        return {
            "id": entry.id,
            "text": text,
            "timestamp": shown["timestamp"],
            **who,
            "media": media,
        }

    def _hide(self, entry: Entry, wish: str) -> Reply:
        if wish not in ("true", "false") or not entry.parent:
            return error(100, "(#100) Invalid parameter")
        entry.hidden = wish == "true"
        return as_json({"success": True})

    def _several(self, ids: list[str]) -> Reply:
        """One id that cannot be read fails them all."""
        found = {}
        for one in ids:
            entry = self.threads.find(one)
            if entry is None:
                return missing("get", one)
            found[one] = self._shown(entry)
        return as_json(found)

    def _list(self, entries: list[Entry], query: Mapping[str, str], edge: str) -> Reply:
        limit = min(int(query.get("limit", "25")), _MOST)
        asked = query.get("after", "")
        after = self.threads.entries.get(asked) or self.tagged.entries.get(asked)
        if asked and after is None:
            return error(100, "(#100) Invalid cursor")
        some, onward = page_of(entries, after, limit)
        whole = edge == "comments" and "replies" in query.get("fields", "")
        data = [self._with_replies(one) if whole else self._shown(one) for one in some]
        return as_json({"data": data, **self._paging(onward)})

    def _paging(self, onward: str) -> dict[str, object]:
        if not onward:
            return {}
        link = f"https://graph.instagram.com/next?access_token=withheld&after={onward}"
        return {"paging": {"cursors": {"after": onward}, "next": link}}

    def _with_replies(self, entry: Entry) -> dict[str, object]:
        replies = self.threads.below(entry.id)
        if not replies:
            return self._shown(entry)
        some, onward = page_of(replies, None, _EMBEDDED)
        embedded = {"data": [self._shown(one) for one in some], **self._paging(onward)}
        return {**self._shown(entry), "replies": embedded}

    def _shown(self, entry: Entry) -> dict[str, object]:
        common = {"id": entry.id, "timestamp": _time(entry.created), "username": entry.author}
        if not entry.parent:
            return {
                **common,
                "caption": entry.text,
                "media_type": "IMAGE",
                "permalink": f"https://www.instagram.com/p/C{entry.id}/",
                "comments_count": self.threads.count(entry.id),
            }
        above = {"parent_id": entry.parent} if entry.parent != entry.top else {}
        own = (
            self.account_id if entry.author == self.username else f"99{sum(entry.author.encode())}"
        )
        who = {"id": own, "username": entry.author}
        return {**common, "text": entry.text, "hidden": entry.hidden, "from": who, **above}


def missing(verb: str, node: str) -> Reply:
    """What is gone, and what the token may not touch: the same words."""
    said = (
        f"Unsupported {verb} request. Object with ID '{node}' does not exist, cannot be loaded "
        "due to missing permissions, or does not support this operation."
    )
    return error(100, said, subcode=33, kind="GraphMethodException")


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S+0000")
