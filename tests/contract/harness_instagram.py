"""Instagram's harness: see conftest.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import ClassVar

from collector.connector import Connector
from collector.connectors.registry import get
from collector.sandbox.graph_storms import error
from collector.sandbox.instagram import InstagramSite
from collector.sandbox.loopback import Call, LoopbackServer, Reply, as_json
from models.vocabulary import now

TOKEN = "IGAAtokenthatmustnotbeseen"
_JSON = (("Content-Type", "application/json"),)


class InstagramHarness:
    """The stand-in with an account that has posted nothing."""

    secrets: ClassVar[tuple[str, ...]] = (TOKEN,)
    delay: ClassVar[timedelta] = timedelta(minutes=19)

    def __init__(self) -> None:
        self.site = InstagramSite("17841400000000001", "brackwaterdance")
        self.site.tokens[TOKEN] = True
        self.threads = self.site.threads
        self.url = ""
        self.moment = now() - timedelta(days=3)

    def connector(self) -> Connector:
        return self._at(self.url)

    def unreachable(self) -> Connector:
        return self._at("http://127.0.0.1:9")

    def _at(self, url: str) -> Connector:
        options = {"account_id": self.site.account_id, "base_url": url}
        return get("instagram").connect(options, {"token": TOKEN}.__getitem__)

    def write(self, text: str, under: str = "") -> str:
        self.moment += timedelta(seconds=1)
        author = "ottoline.vane" if under else self.site.username
        entry = self.threads.add(text, author, under.rpartition("_")[2], self.moment)
        return f"{entry.top}_{entry.id}" if under else entry.id

    def many(self, count: int) -> None:
        for start in range(0, count, 50):
            post = self.write(f"post {start}")
            for number in range(min(49, count - start - 1)):
                self.write(f"comment {start + number}", post)

    def _entry(self, native_id: str) -> str:
        return native_id.rpartition("_")[2]

    def edit(self, native_id: str, text: str) -> None:
        self.threads.entries[self._entry(native_id)].text = text

    def delete(self, native_id: str) -> None:
        self.threads.entries[self._entry(native_id)].deleted = True

    def stands(self, native_id: str) -> bool:
        return self.threads.find(self._entry(native_id)) is not None

    def limit(self) -> None:
        self.site.weather.storm("limit")

    def break_down(self) -> None:
        self.site.weather.storm("server_error")

    def expire(self) -> None:
        self.site.weather.storm("expired")

    def may_not_moderate(self) -> None:
        self.site.tokens[TOKEN] = False

    def may_not_read(self) -> None:
        self.site.weather.storm("permission")

    def hostile(self) -> dict[str, Callable[[], None]]:
        return {name: self._serving(reply) for name, reply in _HOSTILE.items()}

    def _serving(self, reply: Reply) -> Callable[[], None]:
        def serve(call: Call) -> Reply | None:
            return reply if call.method == "GET" else None

        return lambda: self.site.weather.interject(serve)

    def mend(self) -> None:
        self.site.weather.calm()
        self.site.tokens[TOKEN] = True


_HOSTILE = {
    "not json": Reply(200, b"<html>proxy login</html>"),
    "bad utf-8": Reply(200, b'{"data":[{"id":"1","caption":"caf\xe9"}]}', _JSON),
    "a list": as_json([1, 2, 3]),
    "deep": Reply(200, b'{"data":' + b"[" * 200_000 + b"]" * 200_000 + b"}", _JSON),
    "ten megabytes": Reply(200, b'{"data":["' + b"x" * 10_000_000 + b'"]}', _JSON),
    "data is null": as_json({"data": None}),
    "data is text": as_json({"data": "posts"}),
    "endless": as_json(
        {"data": [], "paging": {"next": "https://x.example.org", "cursors": {"after": "same"}}}
    ),
    "next without a way": as_json({"data": [], "paging": {"next": "https://x.example.org/"}}),
    "error of another kind": as_json({"error": "no"}, 400),
    "error without a code": as_json({"error": {"message": TOKEN}}, 400),
    "error with a telling message": error(190, f"Malformed access token {TOKEN}", status=401),
    "a redirect": Reply(302, b"", (("Location", "http://127.0.0.1:9/steal"),)),
}


@contextmanager
def _harness() -> Iterator[InstagramHarness]:
    made = InstagramHarness()
    with LoopbackServer(made.site.answer) as server:
        made.url = server.url
        yield made


HARNESSES = {"instagram": _harness}
