"""YouTube's harness: see conftest.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import ClassVar

from collector.connector import Connector
from collector.connectors.registry import get
from collector.sandbox.loopback import Call, LoopbackServer, Reply, as_json
from collector.sandbox.youtube import YouTubeSite
from models.vocabulary import now

REFRESH = "1//refreshtokenthatmustnotbeseen"
SECRET = "GOCSPXsecretthatmustnotbeseen"
_JSON = (("Content-Type", "application/json"),)


class YouTubeHarness:
    """The stand-in with a channel that has no video. A post is a video, a comment a thread."""

    secrets: ClassVar[tuple[str, ...]] = (REFRESH, SECRET)
    delay: ClassVar[timedelta] = timedelta(seconds=240)

    def __init__(self) -> None:
        self.site = YouTubeSite("UCbrackwaterschoolofdanc", REFRESH)
        self.threads = self.site.threads
        self.url = ""
        self.moment = now() - timedelta(days=3)

    def connector(self) -> Connector:
        return self._at(self.url)

    def unreachable(self) -> Connector:
        return self._at("http://127.0.0.1:9")

    def _at(self, url: str) -> Connector:
        options = {"channel_id": self.site.channel_id, "client_id": "c"}
        options |= {"base_url": url, "token_url": url}
        secrets = {"refresh_token": REFRESH, "client_secret": SECRET}
        return get("youtube").connect(options, secrets.__getitem__)

    def write(self, text: str, under: str = "") -> str:
        self.moment += timedelta(seconds=1)
        return self.threads.add(text, "ottoline", under, self.moment).id

    def many(self, count: int) -> None:
        for start in range(0, count, 50):
            post = self.write(f"post {start}")
            for number in range(min(49, count - start - 1)):
                self.write(f"comment {start + number}", post)

    def edit(self, native_id: str, text: str) -> None:
        entry = self.threads.entries[native_id]
        entry.text, entry.edited = text, now()

    def delete(self, native_id: str) -> None:
        self.threads.entries[native_id].deleted = True

    def stands(self, native_id: str) -> bool:
        return self.threads.find(native_id) is not None

    def limit(self) -> None:
        self.site.weather.storm("rate")

    def break_down(self) -> None:
        self.site.weather.storm("server_error")

    def expire(self) -> None:
        self.site.weather.storm("expired")

    def may_not_moderate(self) -> None:
        self.site.owner = False

    def hostile(self) -> dict[str, Callable[[], None]]:
        return {name: self._serving(reply) for name, reply in _HOSTILE.items()}

    def _serving(self, reply: Reply) -> Callable[[], None]:
        def serve(call: Call) -> Reply | None:
            return reply if call.method == "GET" else None

        return lambda: self.site.weather.interject(serve)

    def mend(self) -> None:
        self.site.weather.calm()
        self.site.owner = True


_HOSTILE = {
    "not json": Reply(200, b"<html>proxy login</html>"),
    "nothing": Reply(200, b""),
    "bad utf-8": Reply(200, b'{"kind":"x","items":[{"id":"caf\xe9"}]}', _JSON),
    "a list": as_json([1, 2, 3]),
    "deep": Reply(200, b'{"items":' + b"[" * 200_000 + b"]" * 200_000 + b"}", _JSON),
    "ten megabytes": Reply(200, b'{"items":["' + b"x" * 10_000_000 + b'"]}', _JSON),
    "items are null": as_json({"kind": "x", "items": None}),
    "items are text": as_json({"kind": "x", "items": "comments"}),
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
    "error with a telling message": as_json({"error": {"message": REFRESH}}, 403),
    "a redirect": Reply(302, b"", (("Location", "http://127.0.0.1:9/steal"),)),
}


@contextmanager
def _harness() -> Iterator[YouTubeHarness]:
    made = YouTubeHarness()
    with LoopbackServer(made.site.answer) as server:
        made.url = server.url
        yield made


HARNESSES = {"youtube": _harness}
