"""Matrix's harness: see conftest.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, ClassVar

from collector.connector import Connector
from collector.connectors.registry import get
from collector.sandbox.loopback import Call, LoopbackServer, Reply, as_json
from collector.sandbox.matrix import MatrixRoom, refusal
from models.vocabulary import now

TOKEN = "syt_tokenthatmustnotbeseen"
_JSON = (("Content-Type", "application/json"),)


class MatrixHarness:
    """The stand-in with an empty room and an account that moderates it."""

    secrets: ClassVar[tuple[str, ...]] = (TOKEN,)
    delay: ClassVar[timedelta] = timedelta(seconds=45)

    def __init__(self) -> None:
        self.room = MatrixRoom("!room:example.org", {TOKEN: "@watch:example.org"})
        self.room.levels["@watch:example.org"] = 50
        self.roots: dict[str, str] = {}
        self.url = ""
        self.moment = now() - timedelta(days=3)

    def connector(self) -> Connector:
        return self._at(self.url)

    def unreachable(self) -> Connector:
        return self._at("http://127.0.0.1:9")

    def _at(self, url: str) -> Connector:
        options = {"room_id": self.room.room_id, "base_url": url}
        return get("matrix").connect(options, {"token": TOKEN}.__getitem__)

    def write(self, text: str, under: str = "") -> str:
        self.moment += timedelta(seconds=1)
        content: dict[str, Any] = {"msgtype": "m.text", "body": text}
        if under:
            content["m.relates_to"] = {
                "rel_type": "m.thread",
                "event_id": self.roots[under],
                "m.in_reply_to": {"event_id": under},
            }
        own = self.room.send(content, "@perry:example.org", at=self.moment)
        self.roots[own] = self.roots.get(under, own)
        return own

    def many(self, count: int) -> None:
        for number in range(count):
            self.write(f"message {number}")

    def edit(self, native_id: str, text: str) -> None:
        self.room.edit(native_id, text)

    def delete(self, native_id: str) -> None:
        self.room.redact(native_id, "@perry:example.org")

    def stands(self, native_id: str) -> bool:
        return bool(self.room.find(native_id)["content"])

    def admit(self, name: str) -> str:
        handle = f"@{name.lower()}:example.org"
        self.room.join(handle, name)
        return handle

    def limit(self) -> None:
        self.room.weather.storm("limit")

    def break_down(self) -> None:
        self.room.weather.storm("server_error")

    def expire(self) -> None:
        self.room.weather.storm("expired")

    def may_not_moderate(self) -> None:
        self.room.levels["@watch:example.org"] = 0

    def may_not_read(self) -> None:
        self.room.weather.interject(lambda _: refusal(403, "M_FORBIDDEN"))

    def hostile(self) -> dict[str, Callable[[], None]]:
        return {name: self._serving(reply) for name, reply in _HOSTILE.items()}

    def _serving(self, reply: Reply) -> Callable[[], None]:
        def serve(call: Call) -> Reply | None:
            asks_where = call.path.endswith("/joined_rooms")
            return reply if call.method == "GET" and not asks_where else None

        return lambda: self.room.weather.interject(serve)

    def mend(self) -> None:
        self.room.weather.calm()
        self.room.levels["@watch:example.org"] = 50


def _sync(timeline: object) -> Reply:
    rooms = {"join": {"!room:example.org": {"timeline": timeline}}}
    return as_json({"next_batch": "s0", "rooms": rooms, "chunk": [{"event_id": "$a"}], "end": "x"})


_HOSTILE = {
    "not json": Reply(200, b"<html>proxy login</html>"),
    "bad utf-8": Reply(200, b'{"next_batch":"caf\xe9"}', _JSON),
    "a list": as_json([1, 2, 3]),
    "deep": Reply(200, b'{"rooms":' + b"[" * 200_000 + b"]" * 200_000 + b"}", _JSON),
    "ten megabytes": Reply(200, b'{"next_batch":"' + b"x" * 10_000_000 + b'"}', _JSON),
    "null": as_json(None),
    "no next_batch": as_json({"rooms": {}}),
    "next_batch is a number": as_json({"next_batch": 7}),
    "rooms are a list": as_json({"next_batch": "s0", "rooms": ["join"]}),
    "a timeline of text": _sync("events"),
    "events are text": _sync({"events": "many"}),
    "endless gap": _sync({"events": [], "limited": True, "prev_batch": "s9"}),
    "an error of another kind": as_json({"errcode": [TOKEN]}, 400),
    "a telling code": refusal(400, f"M_{TOKEN}"),
    "a page for everything": Reply(404, b"<html>not found</html>"),
    "a guard": Reply(403, b"<html>blocked</html>"),
    "a redirect": Reply(302, b"", (("Location", "http://127.0.0.1:9/steal"),)),
}


@contextmanager
def _harness() -> Iterator[MatrixHarness]:
    made = MatrixHarness()
    with LoopbackServer(made.room.answer) as server:
        made.url = server.url
        yield made


HARNESSES = {"matrix": _harness}
