"""X's harness: see conftest.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import ClassVar

from collector.connector import Connector
from collector.connectors.registry import get
from collector.sandbox.loopback import Call, LoopbackServer, Reply, as_json
from collector.sandbox.x import XSite
from models.vocabulary import now

SECRETS = {
    "api_key": "apikeythatmustnotbeseen",
    "api_secret": "apisecretthatmustnotbeseen",
    "access_token": "99-accesstokenthatmustnotbeseen",
    "access_secret": "accesssecretthatmustnotbeseen",
}
_JSON = (("Content-Type", "application/json"),)


class XHarness:
    """The stand-in with an account that has posted nothing. A post is the account's own."""

    secrets: ClassVar[tuple[str, ...]] = tuple(SECRETS.values())
    delay: ClassVar[timedelta] = timedelta(seconds=240)

    def __init__(self) -> None:
        self.site = XSite("2244994945", SECRETS["access_token"])
        self.threads = self.site.threads
        self.url = ""
        self.moment = now() - timedelta(days=3)

    def connector(self) -> Connector:
        return self._at(self.url)

    def unreachable(self) -> Connector:
        return self._at("http://127.0.0.1:9")

    def _at(self, url: str) -> Connector:
        options = {"user_id": self.site.user_id, "base_url": url, "recheck_hours": 0}
        return get("x").connect({**options, "recheck": 1000}, SECRETS.__getitem__)

    def write(self, text: str, under: str = "") -> str:
        self.moment += timedelta(seconds=1)
        return self.threads.add(text, "ottoline" if under else "own", under, self.moment).id

    def many(self, count: int) -> None:
        for start in range(0, count, 50):
            post = self.write(f"post {start}")
            for number in range(min(49, count - start - 1)):
                self.write(f"comment {start + number}", post)

    def edit(self, native_id: str, text: str) -> None:
        self.site.edit(native_id, text)

    def delete(self, native_id: str) -> None:
        self.threads.entries[native_id].deleted = True

    def stands(self, native_id: str) -> bool:
        return self.threads.find(native_id) is not None

    def limit(self) -> None:
        self.site.weather.storm("retry_after")

    def break_down(self) -> None:
        self.site.weather.storm("server_error")

    def expire(self) -> None:
        self.site.weather.storm("unauthorized")

    def may_not_moderate(self) -> None:
        self.site.may_hide = False

    def hostile(self) -> dict[str, Callable[[], None]]:
        return {name: self._serving(reply) for name, reply in _HOSTILE.items()}

    def _serving(self, reply: Reply) -> Callable[[], None]:
        def serve(call: Call) -> Reply | None:
            return reply if call.method == "GET" else None

        return lambda: self.site.weather.interject(serve)

    def mend(self) -> None:
        self.site.weather.calm()
        self.site.may_hide = True


_HOSTILE = {
    "not json": Reply(200, b"<html>proxy login</html>"),
    "nothing": Reply(200, b""),
    "nothing in it": as_json({}),
    "bad utf-8": Reply(200, b'{"data":[{"id":"1","text":"caf\xe9"}]}', _JSON),
    "a list": as_json([1, 2, 3]),
    "deep": Reply(200, b'{"data":' + b"[" * 200_000 + b"]" * 200_000 + b"}", _JSON),
    "ten megabytes": Reply(200, b'{"data":["' + b"x" * 10_000_000 + b'"]}', _JSON),
    "data is null": as_json({"data": None}),
    "data is text": as_json({"data": "posts"}),
    "endless": as_json({"meta": {"next_token": "same"}}),
    "a token of another kind": as_json({"meta": {"next_token": 7}}),
    "error of another kind": as_json({"error": "no"}, 400),
    "error with a telling message": as_json({"title": SECRETS["access_token"]}, 403),
    "a redirect": Reply(302, b"", (("Location", "http://127.0.0.1:9/steal"),)),
}


@contextmanager
def _harness() -> Iterator[XHarness]:
    made = XHarness()
    with LoopbackServer(made.site.answer) as server:
        made.url = server.url
        yield made


HARNESSES = {"x": _harness}
