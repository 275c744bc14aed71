"""A stand-in for YouTube's Data API v3 and Google's token address: one channel of an owner.

Shapes and error bodies as the fact sheet and recorded answers have them: at most five replies
come with a thread, what is held is listed only when asked for, and a 403 whose reason reads
SERVICE_UNAVAILABLE means that the caller may not.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import parse_qsl

from collector.sandbox.loopback import Call, Reply, as_json
from collector.sandbox.threads import Entry, Threads, Weather, page_of

_EMBEDDED = 5


def error(status: int, reason: str, message: str = "Refused.", **headers: str) -> Reply:
    """The one shape that every error of the platform has."""
    several = [{"message": message, "domain": "youtube", "reason": reason}]
    body = {"error": {"code": status, "message": message, "errors": several}}
    return as_json(body, status, **headers)


STORMS: Mapping[str, Callable[[], Reply]] = {
    "rate": lambda: error(429, "rateLimitExceeded", Retry_After="240"),
    "quota": lambda: error(403, "quotaExceeded"),
    "server_error": lambda: Reply(500, b"<html>Sorry, something went wrong.</html>"),
    "expired": lambda: as_json(
        {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, 400
    ),
}


def make_id(number: int, under: str) -> str:
    """A video's id, a comment's, or a reply's, as long as the platform's."""
    if not under:
        return f"vid{number:08d}"
    return f"{under}.9i{number}" if under.startswith("Ug") else f"Ugx{number:015d}4AaABAg"


class YouTubeSite:
    """The API of one channel. owner: whether who signs in owns it."""

    def __init__(self, channel_id: str, refresh_token: str) -> None:
        self.channel_id, self._refresh_token = channel_id, refresh_token
        self.threads = Threads(make_id)
        self.weather = Weather(STORMS)
        self.owner = True

    def answer(self, call: Call) -> Reply:
        """What the platform says to a call."""
        given = self.weather.over(call)
        if given is not None:
            return given
        query = dict(parse_qsl(call.query, keep_blank_values=True))
        if call.path == "/token":
            form = dict(parse_qsl(call.body))
            if form.get("refresh_token") != self._refresh_token:
                return STORMS["expired"]()
            return as_json({"access_token": "ya29.now", "expires_in": 3599, "token_type": "Bearer"})
        if call.headers.get("authorization") != "Bearer ya29.now":
            return error(401, "authError", "Request had invalid authentication credentials.")
        name = call.path.removeprefix("/youtube/v3/")
        if query.get("pageToken", "") not in {"", *self.threads.entries}:
            return error(400, "invalidPageToken")
        found = getattr(self, f"_{call.method}_{name}".replace("/", "_").lower(), None)
        return error(404, "notFound") if found is None else found(query, call.body)

    def _get_channels(self, query: Mapping[str, str], _: str) -> Reply:
        own = self.owner if "mine" in query else query.get("id") == self.channel_id
        lists = {"relatedPlaylists": {"uploads": f"UU{self.channel_id[2:]}"}}
        found: list[dict[str, object]] = [
            {"kind": "youtube#channel", "id": self.channel_id, "contentDetails": lists}
        ]
        return _list(found if own else [], "")

    def _get_playlistitems(self, query: Mapping[str, str], _: str) -> Reply:
        some, onward = self._page(self.threads.below(), query, 50)
        return _list([self._upload(one) for one in some], onward)

    def _get_commentthreads(self, query: Mapping[str, str], _: str) -> Reply:
        standing = query.get("moderationStatus", "published")
        if standing != "published" and not self.owner:
            return _forbidden()
        found = [one for video in self.threads.below() for one in self.threads.below(video.id)]
        found = [one for one in found if (one.status or "published") == standing]
        found.sort(key=lambda one: (one.created, one.id), reverse=True)
        some, onward = self._page(found, query, 100)
        return _list([self._thread(one) for one in some], onward)

    def _get_comments(self, query: Mapping[str, str], _: str) -> Reply:
        if "parentId" in query:
            if self.threads.find(query["parentId"]) is None:
                return error(404, "commentNotFound")
            some, onward = self._page(self.threads.below(query["parentId"]), query, 100)
            return _list([self._comment(one) for one in some], onward)
        found = [self.threads.find(one) for one in query.get("id", "").split(",")]
        return _list([self._comment(one) for one in found if one is not None], "")

    def _get_videos(self, query: Mapping[str, str], _: str) -> Reply:
        found = [self.threads.find(one) for one in query.get("id", "").split(",")]
        return _list([self._upload(one) | {"id": one.id} for one in found if one is not None], "")

    def _delete_videos(self, query: Mapping[str, str], _: str) -> Reply:
        return self._change(query.get("id", ""), deleted=True)

    def _put_videos(self, _: Mapping[str, str], body: str) -> Reply:
        asked = json.loads(body)
        self._change(asked["id"], hidden=asked["status"]["privacyStatus"] == "private")
        return as_json({"kind": "youtube#video", "id": asked["id"], "status": asked["status"]})

    def _post_comments_setmoderationstatus(self, query: Mapping[str, str], _: str) -> Reply:
        status = query.get("moderationStatus", "")
        known = {"published": "", "heldForReview": "heldForReview", "rejected": "rejected"}
        if status not in known:
            return error(400, "invalidModerationStatus")
        return self._change(query.get("id", ""), status=known[status], deleted=status == "rejected")

    def _change(self, entry_id: str, **marks: str | bool) -> Reply:
        entry = self.threads.find(entry_id)
        if entry is None or not self.owner:
            return _forbidden()
        for mark, value in marks.items():
            setattr(entry, mark, value)
        return Reply(204)

    def _page(
        self, entries: list[Entry], query: Mapping[str, str], most: int
    ) -> tuple[list[Entry], str]:
        after = self.threads.entries.get(query.get("pageToken", ""))
        return page_of(entries, after, min(int(query.get("maxResults", "20")), most))

    def _upload(self, entry: Entry) -> dict[str, object]:
        snippet = {"title": entry.text, "description": "", "channelTitle": entry.author}
        details = {"videoId": entry.id, "videoPublishedAt": _time(entry.created)}
        status = {"privacyStatus": "private" if entry.hidden else "public", "embeddable": True}
        return {"snippet": snippet, "contentDetails": details, "status": status}

    def _thread(self, entry: Entry) -> dict[str, object]:
        replies = self.threads.below(entry.id)
        snippet = {
            "channelId": self.channel_id,
            "videoId": entry.top,
            "topLevelComment": self._comment(entry),
            "totalReplyCount": len(replies),
        }
        found: dict[str, object] = {"id": entry.id, "snippet": snippet}
        if replies:
            found["replies"] = {"comments": [self._comment(one) for one in replies[:_EMBEDDED]]}
        return found

    def _comment(self, entry: Entry) -> dict[str, object]:
        snippet: dict[str, object] = {
            "authorDisplayName": f"@{entry.author}",
            "authorChannelId": {"value": f"UC{entry.author}"},
            "textDisplay": entry.text,
            "publishedAt": _time(entry.created),
            "updatedAt": _time(entry.edited or entry.created),
        }
        if entry.parent != entry.top:
            snippet["parentId"] = entry.parent
        if self.owner:
            snippet["moderationStatus"] = entry.status or "published"
        return {"kind": "youtube#comment", "id": entry.id, "snippet": snippet}


def _list(items: list[dict[str, object]], onward: str) -> Reply:
    paging = {"nextPageToken": onward} if onward else {}
    return as_json({"kind": "youtube#listResponse", "items": items, **paging})


def _forbidden() -> Reply:
    return error(403, "SERVICE_UNAVAILABLE", "The caller does not have permission")


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
