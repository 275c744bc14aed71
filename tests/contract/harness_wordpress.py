"""WordPress's harness: see conftest.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import ClassVar

from collector.connector import Connector
from collector.connectors.registry import get
from collector.sandbox.loopback import Call, LoopbackServer, Reply, as_json
from collector.sandbox.wordpress import WordPressSite, Written, refusal
from models.vocabulary import now

PASSWORD = "Qqjj z7o1 t6f0 vG0Z ewNX cU11"
_JSON = (("Content-Type", "application/json"),)


class WordPressHarness:
    """The stand-in without an article."""

    secrets: ClassVar[tuple[str, ...]] = (PASSWORD, PASSWORD.replace(" ", ""))
    delay: ClassVar[timedelta] = timedelta(seconds=75)

    def __init__(self) -> None:
        self.site = WordPressSite({"safeguarding": (PASSWORD.replace(" ", ""), "editor")})
        self.moment = now() - timedelta(days=3)

    def connector(self) -> Connector:
        return self._at(self.site.url)

    def unreachable(self) -> Connector:
        return self._at("http://127.0.0.1:9")

    def _at(self, url: str) -> Connector:
        options = {"site_url": url, "username": "safeguarding"}
        return get("wordpress").connect(options, {"password": PASSWORD}.__getitem__)

    def write(self, text: str, under: str = "") -> str:
        self.moment += timedelta(seconds=1)
        if not under:
            return f"p{self.site.write(text, at=self.moment)}"
        parent = int(under[1:]) if under.startswith("c") else 0
        post = self.site.comments[parent].post if parent else int(under[1:])
        return f"c{self.site.write(text, post=post, parent=parent, at=self.moment)}"

    def many(self, count: int) -> None:
        for start in range(0, count, 50):
            post = self.write(f"post {start}")
            for number in range(min(49, count - start - 1)):
                self.write(f"comment {start + number}", post)

    def _row(self, native_id: str) -> Written:
        table = self.site.comments if native_id.startswith("c") else self.site.articles
        return table[int(native_id[1:])]

    def edit(self, native_id: str, text: str) -> None:
        self._row(native_id).text = text

    def delete(self, native_id: str) -> None:
        table = self.site.comments if native_id.startswith("c") else self.site.articles
        del table[int(native_id[1:])]

    def stands(self, native_id: str) -> bool:
        return self._row(native_id).status in {"approved", "publish"}

    def limit(self) -> None:
        self.site.weather.storm("limit")

    def break_down(self) -> None:
        self.site.weather.storm("server_error")

    def expire(self) -> None:
        self.site.weather.storm("expired")

    def may_not_moderate(self) -> None:
        self.site.accounts["safeguarding"] = (PASSWORD.replace(" ", ""), "subscriber")

    def may_not_read(self) -> None:
        self.site.weather.interject(lambda _: refusal(403, "rest_forbidden"))

    def hostile(self) -> dict[str, Callable[[], None]]:
        return {name: self._serving(reply) for name, reply in _HOSTILE.items()}

    def _serving(self, reply: Reply) -> Callable[[], None]:
        def serve(call: Call) -> Reply | None:
            asks_who = "users" in call.query
            return reply if call.method == "GET" and not asks_who else None

        return lambda: self.site.weather.interject(serve)

    def mend(self) -> None:
        self.site.weather.calm()
        self.site.accounts["safeguarding"] = (PASSWORD.replace(" ", ""), "editor")


_ROW = {"id": 1, "date": "2026-01-02T03:04:05", "status": "approved"}
_WHOLE = {**_ROW, "id": 999, "content": {"raw": "x", "rendered": "x"}}
_HOSTILE = {
    "not json": Reply(200, b"<html>proxy login</html>"),
    "bad utf-8": Reply(200, b'[{"id":1,"content":"caf\xe9"}]', _JSON),
    "ten megabytes": Reply(200, b'["' + b"x" * 10_000_000 + b'"]', _JSON),
    "an object": as_json({"data": []}),
    "a list of numbers": as_json([1, 2, 3]),
    "no id": as_json([{**_ROW, "id": None}]),
    "half a row": as_json([_ROW]),
    "null": as_json(None),
    "deep": Reply(200, b"[" * 200_000 + b"]" * 200_000, _JSON),
    "endless": as_json([_WHOLE], X_WP_TotalPages="9999999"),
    "endless without a count": as_json([_WHOLE] * 100),
    "a code of another kind": as_json({"code": [PASSWORD]}, 400),
    "a telling code": refusal(400, f"rest_{PASSWORD}"),
    "a page for everything": Reply(404, b"<html>not found</html>"),
    "a guard": Reply(403, b"<html>blocked</html>"),
    "a redirect": Reply(302, b"", (("Location", "http://127.0.0.1:9/steal"),)),
}


@contextmanager
def _harness() -> Iterator[WordPressHarness]:
    made = WordPressHarness()
    with LoopbackServer(made.site.answer) as server:
        made.site.url = server.url
        yield made


HARNESSES = {"wordpress": _harness}
