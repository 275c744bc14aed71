"""A stand-in for Bluesky's AppView: the reads that a PDS passes on and does not answer itself.

It keeps nothing. Each answer is put together while it is asked, from the records that the real
PDS hands out over HTTP: com.atproto.sync.listRepos, com.atproto.repo.describeRepo, listRecords
and getRecord. It reads who asks from the PDS's own service token, without checking its signature.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests

from live.standin import Asked, Reply

DID = "did:web:appview.example.org"
POST = "app.bsky.feed.post"
GATE = "app.bsky.feed.threadgate"
FOLLOW = "app.bsky.graph.follow"
PROFILE = "app.bsky.actor.profile"
_DEEPEST = 1000


class _Wrong(Exception):
    """What is answered instead: an error's name."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a repository, as the PDS gave it. did: whose repository."""

    uri: str
    cid: str
    did: str
    value: dict[str, Any]

    def reference(self, name: str) -> str:
        """The address of reply.root or reply.parent, "" where it is no answer."""
        return str(((self.value.get("reply") or {}).get(name) or {}).get("uri") or "")

    @property
    def created(self) -> str:
        """When its author says it was written."""
        return str(self.value["createdAt"])


class AppView:
    """Its `answer` is the service. pds_url: without a slash at the end."""

    def __init__(self, pds_url: str) -> None:
        self._pds_url = pds_url

    def answer(self, asked: Asked) -> Reply:
        """A query by its name; errors as XRPC has them."""
        name = asked.path.removeprefix("xrpc/")
        queries = {
            "app.bsky.feed.getAuthorFeed": self._author_feed,
            "app.bsky.feed.getPostThread": self._thread,
            "app.bsky.feed.getPosts": self._posts,
            "app.bsky.notification.listNotifications": self._notifications,
            "app.bsky.graph.getFollowers": self._followers,
        }
        if name not in queries:
            return 501, {"error": "MethodNotImplemented", "message": "Not in this stand-in"}
        try:
            return 200, queries[name](asked)
        except _Wrong as error:
            return 400, {"error": str(error), "message": str(error)}

    def _author_feed(self, asked: Asked) -> dict[str, Any]:
        if asked.one("filter") != "posts_with_replies":
            raise _Wrong("InvalidRequest")
        posts = self._every(POST)
        mine = _newest([one for one in posts if one.did == asked.one("actor")])
        page, onward = _page(asked, mine)
        return {"feed": [{"post": self._view(one, posts)} for one in page], **onward}

    def _thread(self, asked: Asked) -> dict[str, Any]:
        posts = self._every(POST)
        top = next((one for one in posts if one.uri == asked.one("uri")), None)
        if top is None:
            raise _Wrong("NotFound")
        said: dict[str, Any] = {"thread": self._node(top, posts, int(asked.one("depth", "6")))}
        gate = self._record(top.did, GATE, top.uri.rpartition("/")[2])
        if gate is not None:
            said["threadgate"] = {"uri": gate.uri, "cid": gate.cid, "record": gate.value}
        return said

    def _node(self, post: Record, posts: list[Record], deep: int) -> dict[str, Any]:
        below = [one for one in posts if one.reference("parent") == post.uri]
        node: dict[str, Any] = {
            "$type": "app.bsky.feed.defs#threadViewPost",
            "post": self._view(post, posts),
        }
        if deep > 0:
            deep = min(deep, _DEEPEST) - 1
            node["replies"] = [self._node(one, posts, deep) for one in _newest(below)]
        return node

    def _posts(self, asked: Asked) -> dict[str, Any]:
        wanted = asked.query.get("uris", [])
        if len(wanted) > 25:
            raise _Wrong("InvalidRequest")
        posts = self._every(POST)
        return {"posts": [self._view(one, posts) for one in posts if one.uri in wanted]}

    def _notifications(self, asked: Asked) -> dict[str, Any]:
        me, reasons = _asker(asked), asked.query.get("reasons", [])
        told = []
        for one in _newest(self._every(POST)):
            reason = "" if one.did == me else _reason(one, me)
            if reason and (not reasons or reason in reasons):
                told.append((one, reason))
        page, onward = _page(asked, told)
        notes = [
            {
                "uri": one.uri,
                "cid": one.cid,
                "author": self._author(one.did),
                "reason": reason,
                "record": one.value,
                "isRead": False,
                "indexedAt": one.created,
            }
            for one, reason in page
        ]
        return {"notifications": notes, **onward}

    def _followers(self, asked: Asked) -> dict[str, Any]:
        actor = asked.one("actor")
        follows = [one for one in self._every(FOLLOW) if one.value.get("subject") == actor]
        page, onward = _page(asked, _newest(follows))
        people = [self._author(one.did) for one in page]
        return {"subject": self._author(actor), "followers": people, **onward}

    def _view(self, post: Record, posts: list[Record]) -> dict[str, Any]:
        return {
            "uri": post.uri,
            "cid": post.cid,
            "author": self._author(post.did),
            "record": post.value,
            "replyCount": sum(one.reference("parent") == post.uri for one in posts),
            "indexedAt": post.created,
        }

    def _author(self, did: str) -> dict[str, Any]:
        said = self._get("com.atproto.repo.describeRepo", repo=did)
        author = {"did": did, "handle": said["handle"]}
        profile = self._record(did, PROFILE, "self")
        if profile is not None and profile.value.get("displayName"):
            author["displayName"] = profile.value["displayName"]
        return author

    def _every(self, collection: str) -> list[Record]:
        """All records of a kind, in every repository of the PDS."""
        dids = [one["did"] for one in self._listed("com.atproto.sync.listRepos", "repos")]
        return [
            Record(one["uri"], one["cid"], did, one["value"])
            for did in dids
            for one in self._listed(
                "com.atproto.repo.listRecords", "records", repo=did, collection=collection
            )
        ]

    def _listed(self, name: str, what: str, **params: str) -> Iterator[dict[str, Any]]:
        cursor = ""
        while True:
            more = {"cursor": cursor} if cursor else {}
            said = self._get(name, limit="100", **params, **more)
            yield from said[what]
            cursor = str(said.get("cursor") or "")
            if not cursor:
                return

    def _record(self, did: str, collection: str, rkey: str) -> Record | None:
        where = {"repo": did, "collection": collection, "rkey": rkey}
        said = self._get("com.atproto.repo.getRecord", missing="RecordNotFound", **where)
        return Record(said["uri"], said["cid"], did, said["value"]) if said else None

    def _get(self, name: str, missing: str = "", **params: str) -> dict[str, Any]:
        """The PDS's answer; {} where it answers with the error `missing`."""
        answer = requests.get(f"{self._pds_url}/xrpc/{name}", params=params, timeout=30)
        said: dict[str, Any] = answer.json()
        if answer.status_code == 400 and missing and said.get("error") == missing:
            return {}
        answer.raise_for_status()
        return said


def _reason(post: Record, me: str) -> str:
    """Why an account is told of somebody's post, "" where it is not."""
    mine = f"at://{me}/"
    if any(post.reference(name).startswith(mine) for name in ("parent", "root")):
        return "reply"
    facets = post.value.get("facets") or []
    if any(feature.get("did") == me for facet in facets for feature in facet["features"]):
        return "mention"
    quoted = ((post.value.get("embed") or {}).get("record") or {}).get("uri") or ""
    return "quote" if str(quoted).startswith(mine) else ""


def _asker(asked: Asked) -> str:
    """The account for which the PDS asks. Raises _Wrong where its token is for somebody else."""
    parts = asked.authorization.removeprefix("Bearer ").split(".")
    if len(parts) != 3:
        raise _Wrong("AuthMissing")
    claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    if claims.get("aud") != DID:
        raise _Wrong("BadJwtAudience")
    return str(claims["iss"])


def _newest(records: list[Record]) -> list[Record]:
    return sorted(records, key=lambda one: one.created, reverse=True)


def _page(asked: Asked, found: list[Any]) -> tuple[list[Any], dict[str, str]]:
    """(some of them, {"cursor": how to go on} or {} at the end)."""
    start, count = int(asked.one("cursor", "0")), int(asked.one("limit", "50"))
    end = start + count
    return found[start:end], ({"cursor": str(end)} if end < len(found) else {})
