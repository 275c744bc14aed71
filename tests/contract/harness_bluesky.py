"""Bluesky's harness: see conftest.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import ClassVar

from collector.connector import Connector
from collector.connectors.registry import get
from collector.sandbox.bluesky import BlueskySite
from collector.sandbox.loopback import Call, LoopbackServer, Reply, as_json
from collector.sandbox.threads import Entry
from models.vocabulary import now

PASSWORD = "abcd-password-notseen"
_JSON = (("Content-Type", "application/json"),)


class BlueskyHarness:
    """The stand-in with an account that has posted nothing."""

    secrets: ClassVar[tuple[str, ...]] = (PASSWORD,)
    delay: ClassVar[timedelta] = timedelta(seconds=110)

    def __init__(self) -> None:
        self.site = BlueskySite(PASSWORD)
        self.url = ""
        self.threads = self.site.threads
        self.moment = now() - timedelta(days=3)

    def connector(self) -> Connector:
        return self._at(self.url)

    def unreachable(self) -> Connector:
        return self._at("http://127.0.0.1:9")

    def _at(self, url: str) -> Connector:
        return get("bluesky").connect(
            {"base_url": url, "handle": self.site.handle}, {"password": PASSWORD}.__getitem__
        )

    def write(self, text: str, under: str = "") -> str:
        self.moment += timedelta(seconds=1)
        author = "perry.example.org" if under else self.site.handle
        key = under.rpartition("/")[2]
        return self.site.uri(self.threads.add(text, author, key, self.moment))

    def _entry(self, native_id: str) -> Entry:
        return self.threads.entries[native_id.rpartition("/")[2]]

    def many(self, count: int) -> None:
        for start in range(0, count, 50):
            post = self.write(f"post {start}")
            for number in range(min(49, count - start - 1)):
                self.write(f"comment {start + number}", post)

    def edit(self, native_id: str, text: str) -> None:
        self._entry(native_id).text = text

    def delete(self, native_id: str) -> None:
        self._entry(native_id).deleted = True

    def stands(self, native_id: str) -> bool:
        return not self._entry(native_id).deleted

    def limit(self) -> None:
        self.site.weather.storm("limit")

    def break_down(self) -> None:
        self.site.weather.storm("server_error")

    def expire(self) -> None:
        self.site.weather.storm("expired")

    def may_not_moderate(self) -> None:
        """Nobody may, through Bluesky's interface."""

    def hostile(self) -> dict[str, Callable[[], None]]:
        return {name: self._serving(reply) for name, reply in _HOSTILE.items()}

    def _serving(self, reply: Reply) -> Callable[[], None]:
        def serve(call: Call) -> Reply | None:
            return None if "Session" in call.path else reply

        return lambda: self.site.weather.interject(serve)

    def mend(self) -> None:
        self.site.weather.calm()


_HOSTILE = {
    "not json": Reply(200, b"<html>proxy login</html>"),
    "bad utf-8": Reply(200, b'{"feed":["caf\xe9"]}', _JSON),
    "a list": as_json([1, 2, 3]),
    "null": as_json(None),
    "no lists": as_json({"feed": None, "notifications": "many", "posts": 7}),
    "a cursor of another kind": as_json({"feed": [], "notifications": [], "cursor": 7}),
    "deep": Reply(200, b'{"feed":' + b"[" * 200_000 + b"]" * 200_000 + b"}", _JSON),
    "ten megabytes": Reply(200, b'{"feed":["' + b"x" * 10_000_000 + b'"]}', _JSON),
    "endless": as_json({"feed": [], "notifications": [], "posts": [], "cursor": "same"}),
    "an error of another kind": as_json({"error": {"message": PASSWORD}}, 422),
    "a telling name": as_json({"error": PASSWORD}, 400),
    "a page for everything": Reply(404, b"<html>not found</html>"),
    "a guard": Reply(403, b"<html>blocked</html>"),
    "a redirect": Reply(302, b"", (("Location", "http://127.0.0.1:9/steal"),)),
}


@contextmanager
def _harness() -> Iterator[BlueskyHarness]:
    made = BlueskyHarness()
    with LoopbackServer(made.site.answer) as server:
        made.url = server.url
        yield made


HARNESSES = {"bluesky": _harness}
