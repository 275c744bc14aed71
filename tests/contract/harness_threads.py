"""LinkedIn's, YouTube's and X's harness: a stand-in whose entries are `Threads`. See conftest.py.

Each platform gives its site, its names for weather and its wrong payloads; how a thing is written,
changed, deleted and counted is one and the same.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from collector.connector import Connector
from collector.connectors.registry import get
from collector.sandbox import linkedin, x, youtube
from collector.sandbox.linkedin import LinkedInSite
from collector.sandbox.loopback import Call, LoopbackServer, Reply, as_json
from collector.sandbox.x import XSite
from collector.sandbox.youtube import YouTubeSite
from models.vocabulary import now

JSON = (("Content-Type", "application/json"),)


@dataclass(frozen=True)
class Kind:
    """What is one platform's own.

    site: a new stand-in. at: a connector for a site at an address. storms: its names for "limit",
    "break_down" and "expire". right: the attribute of the site that says whether it may act.
    unread: what it answers to a token that may not read.
    author: who writes a post, "" for the visitor who writes the answers.
    """

    secrets: tuple[str, ...]
    delay: timedelta
    site: Callable[[], Any]
    at: Callable[[Any, str], Connector]
    storms: Mapping[str, str]
    right: str
    unread: Reply
    hostile: Mapping[str, Reply]
    author: str = ""


class ThreadsHarness:
    """See Harness in conftest.py."""

    def __init__(self, kind: Kind) -> None:
        self.how, self.site, self.url = kind, kind.site(), ""
        self.secrets, self.delay = kind.secrets, kind.delay
        self.threads = self.site.threads
        self.moment = now() - timedelta(days=3)

    def connector(self) -> Connector:
        return self.how.at(self.site, self.url)

    def unreachable(self) -> Connector:
        return self.how.at(self.site, "http://127.0.0.1:9")

    def write(self, text: str, under: str = "") -> str:
        self.moment += timedelta(seconds=1)
        author = "ottoline" if under or not self.how.author else self.how.author
        entry = self.threads.add(text, author, under, self.moment)
        return str(entry.id)

    def many(self, count: int) -> None:
        for start in range(0, count, 50):
            post = self.write(f"post {start}")
            for number in range(min(49, count - start - 1)):
                self.write(f"comment {start + number}", post)

    def edit(self, native_id: str, text: str) -> None:
        if hasattr(self.site, "edit"):
            self.site.edit(native_id, text)
            return
        entry = self.threads.entries[native_id]
        entry.text, entry.edited = text, now()

    def delete(self, native_id: str) -> None:
        self.threads.entries[native_id].deleted = True

    def stands(self, native_id: str) -> bool:
        return self.threads.find(native_id) is not None

    def limit(self) -> None:
        self.site.weather.storm(self.how.storms["limit"])

    def break_down(self) -> None:
        self.site.weather.storm(self.how.storms["break_down"])

    def expire(self) -> None:
        self.site.weather.storm(self.how.storms["expire"])

    def may_not_moderate(self) -> None:
        setattr(self.site, self.how.right, False)

    def may_not_read(self) -> None:
        self.site.weather.interject(lambda call: self.how.unread if call.method == "GET" else None)

    def hostile(self) -> dict[str, Callable[[], None]]:
        every = {**self.how.hostile, **_EVERYWHERE}
        return {name: self._serving(reply) for name, reply in every.items()}

    def _serving(self, reply: Reply) -> Callable[[], None]:
        def serve(call: Call) -> Reply | None:
            return reply if call.method == "GET" else None

        return lambda: self.site.weather.interject(serve)

    def mend(self) -> None:
        self.site.weather.calm()
        setattr(self.site, self.how.right, True)


_EVERYWHERE = {
    "not json": Reply(200, b"<html>proxy login</html>"),
    "nothing": Reply(200, b""),
    "a list": as_json([1, 2, 3]),
    "a redirect": Reply(302, b"", (("Location", "http://127.0.0.1:9/steal"),)),
}


def of_lists(name: str) -> dict[str, Reply]:
    """Payloads that are wrong wherever a platform answers with a list under that name."""
    key = name.encode()
    return {
        "deep": Reply(200, b'{"%s":' % key + b"[" * 200_000 + b"]" * 200_000 + b"}", JSON),
        "ten megabytes": Reply(200, b'{"%s":["' % key + b"x" * 10_000_000 + b'"]}', JSON),
        "bad utf-8": Reply(200, b'{"kind":"x","%s":[{"id":"caf\xe9"}]}' % key, JSON),
        "the list is null": as_json({"kind": "x", name: None}),
        "the list is text": as_json({"kind": "x", name: "posts"}),
    }


@contextmanager
def threads_harness(kind: Kind) -> Iterator[ThreadsHarness]:
    """The stand-in with nothing written on it, served."""
    made = ThreadsHarness(kind)
    with LoopbackServer(made.site.answer) as server:
        made.url = server.url
        yield made


def _linkedin(_site: Any, url: str) -> Connector:
    options = {"organisation_id": "5515715", "base_url": url}
    return get("linkedin").connect(options, {"token": LINKEDIN}.__getitem__)


def _youtube(site: Any, url: str) -> Connector:
    options = {"channel_id": site.channel_id, "client_id": "c", "base_url": url, "token_url": url}
    return get("youtube").connect(options, YOUTUBE.__getitem__)


def _x(site: Any, url: str) -> Connector:
    options = {"user_id": site.user_id, "base_url": url, "recheck_hours": 0, "recheck": 1000}
    return get("x").connect(options, X.__getitem__)


LINKEDIN = "AQVtokenthatmustnotbeseen"
YOUTUBE = {
    "refresh_token": "1//refreshtokenthatmustnotbeseen",
    "client_secret": "GOCSPXsecretthatmustnotbeseen",
}
X = {
    "api_key": "apikeythatmustnotbeseen",
    "api_secret": "apisecretthatmustnotbeseen",
    "access_token": "99-accesstokenthatmustnotbeseen",
    "access_secret": "accesssecretthatmustnotbeseen",
}
KINDS = {
    "linkedin": Kind(
        secrets=(LINKEDIN,),
        delay=timedelta(seconds=240),
        site=lambda: LinkedInSite("urn:li:organization:5515715", LINKEDIN),
        at=_linkedin,
        storms={"limit": "retry_after", "break_down": "server_error", "expire": "revoked"},
        right="may_delete",
        unread=linkedin.error(403, 100, "ACCESS_DENIED"),
        author="own",
        hostile={
            **of_lists("elements"),
            "nothing in it": as_json({}),
            "endless": as_json({"elements": [7] * 100}),
            "error of another kind": as_json("no", 400),
            "error with a telling message": as_json({"message": LINKEDIN, "code": LINKEDIN}, 403),
        },
    ),
    "youtube": Kind(
        secrets=tuple(YOUTUBE.values()),
        delay=timedelta(seconds=240),
        site=lambda: YouTubeSite("UCbrackwaterschoolofdanc", YOUTUBE["refresh_token"]),
        at=_youtube,
        storms={"limit": "rate", "break_down": "server_error", "expire": "expired"},
        right="owner",
        unread=youtube.error(403, "insufficientPermissions"),
        hostile={
            **of_lists("items"),
            "items of another kind": as_json({"kind": "x", "items": [7, None, {"id": []}]}),
            "a token of another kind": as_json({"kind": "x", "items": [], "nextPageToken": 7}),
            "endless": as_json(
                {
                    "kind": "x",
                    "nextPageToken": "same",
                    "items": [{"contentDetails": {"relatedPlaylists": {"uploads": "UU1"}}}],
                }
            ),
            "error of another kind": as_json({"error": "no"}, 400),
            "error with a telling message": as_json(
                {"error": {"message": YOUTUBE["refresh_token"]}}, 403
            ),
        },
    ),
    "x": Kind(
        secrets=tuple(X.values()),
        delay=timedelta(seconds=240),
        site=lambda: XSite("2244994945", X["access_token"]),
        at=_x,
        storms={"limit": "retry_after", "break_down": "server_error", "expire": "unauthorized"},
        right="may_hide",
        unread=x.problem(403, "Client Forbidden", reason="client-not-enrolled"),
        author="own",
        hostile={
            **of_lists("data"),
            "nothing in it": as_json({}),
            "endless": as_json({"meta": {"next_token": "same"}}),
            "a token of another kind": as_json({"meta": {"next_token": 7}}),
            "error of another kind": as_json({"error": "no"}, 400),
            "error with a telling message": as_json({"title": X["access_token"]}, 403),
        },
    ),
}
HARNESSES = {name: partial(threads_harness, kind) for name, kind in KINDS.items()}
