"""LinkedIn's harness: see conftest.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import ClassVar

from collector.connector import Connector
from collector.connectors.registry import get
from collector.sandbox.linkedin import LinkedInSite
from collector.sandbox.loopback import Call, LoopbackServer, Reply, as_json
from models.vocabulary import now

TOKEN = "AQVtokenthatmustnotbeseen"
_JSON = (("Content-Type", "application/json"),)


class LinkedInHarness:
    """The stand-in with a Page that has posted nothing."""

    secrets: ClassVar[tuple[str, ...]] = (TOKEN,)
    delay: ClassVar[timedelta] = timedelta(seconds=240)

    def __init__(self) -> None:
        self.site = LinkedInSite("urn:li:organization:5515715", TOKEN)
        self.threads = self.site.threads
        self.url = ""
        self.moment = now() - timedelta(days=3)

    def connector(self) -> Connector:
        return self._at(self.url)

    def unreachable(self) -> Connector:
        return self._at("http://127.0.0.1:9")

    def _at(self, url: str) -> Connector:
        options = {"organisation_id": "5515715", "base_url": url}
        return get("linkedin").connect(options, {"token": TOKEN}.__getitem__)

    def write(self, text: str, under: str = "") -> str:
        self.moment += timedelta(seconds=1)
        return self.threads.add(text, "ottoline" if under else "own", under, self.moment).id

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
        self.site.weather.storm("retry_after")

    def break_down(self) -> None:
        self.site.weather.storm("server_error")

    def expire(self) -> None:
        self.site.weather.storm("revoked")

    def may_not_moderate(self) -> None:
        self.site.may_delete = False

    def hostile(self) -> dict[str, Callable[[], None]]:
        return {name: self._serving(reply) for name, reply in _HOSTILE.items()}

    def _serving(self, reply: Reply) -> Callable[[], None]:
        def serve(call: Call) -> Reply | None:
            return reply if call.method == "GET" else None

        return lambda: self.site.weather.interject(serve)

    def mend(self) -> None:
        self.site.weather.calm()
        self.site.may_delete = True


_HOSTILE = {
    "not json": Reply(200, b"<html>proxy login</html>"),
    "nothing": Reply(200, b""),
    "nothing in it": as_json({}),
    "bad utf-8": Reply(200, b'{"elements":[{"id":"caf\xe9"}]}', _JSON),
    "a list": as_json([1, 2, 3]),
    "deep": Reply(200, b'{"elements":' + b"[" * 200_000 + b"]" * 200_000 + b"}", _JSON),
    "ten megabytes": Reply(200, b'{"elements":["' + b"x" * 10_000_000 + b'"]}', _JSON),
    "elements are null": as_json({"elements": None}),
    "elements are text": as_json({"elements": "posts"}),
    "endless": as_json({"elements": [7] * 100}),
    "error of another kind": as_json("no", 400),
    "error with a telling message": as_json({"message": TOKEN, "code": TOKEN}, 403),
    "a redirect": Reply(302, b"", (("Location", "http://127.0.0.1:9/steal"),)),
}


@contextmanager
def _harness() -> Iterator[LinkedInHarness]:
    made = LinkedInHarness()
    with LoopbackServer(made.site.answer) as server:
        made.url = server.url
        yield made


HARNESSES = {"linkedin": _harness}
