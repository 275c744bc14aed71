"""Discord's harness: see conftest.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import ClassVar

from collector.connector import Connector
from collector.connectors.registry import get
from collector.sandbox.discord import GENERAL, DiscordServer, refusal
from collector.sandbox.loopback import Call, LoopbackServer, Reply, as_json
from models.vocabulary import now

TOKEN = "discordtokenthatmustnotbeseen"
_JSON = (("Content-Type", "application/json"),)


class DiscordHarness:
    """The stand-in with one empty channel. An answer stands in the thread below its message."""

    secrets: ClassVar[tuple[str, ...]] = (TOKEN,)
    delay: ClassVar[timedelta] = timedelta(seconds=64.5)

    def __init__(self) -> None:
        self.server = DiscordServer(TOKEN)
        self.url = ""
        self.moment = now() - timedelta(days=3)

    def connector(self) -> Connector:
        return self._at(self.url)

    def unreachable(self) -> Connector:
        return self._at("http://127.0.0.1:9")

    def _at(self, url: str) -> Connector:
        options = {"server_id": self.server.server_id, "base_url": url}
        return get("discord").connect(options, {"token": TOKEN}.__getitem__)

    def write(self, text: str, under: str = "") -> str:
        self.moment += timedelta(seconds=1)
        if not under:
            return f"{GENERAL}_{self.server.write(text, at=self.moment)}"
        channel, _, message = under.partition("_")
        thread = self.server.open_thread(message) if channel == GENERAL else channel
        answers = "" if channel == GENERAL else message
        return f"{thread}_{self.server.write(text, thread, answers, self.moment)}"

    def many(self, count: int) -> None:
        for number in range(count):
            self.write(f"message {number}")

    def edit(self, native_id: str, text: str) -> None:
        channel, _, message = native_id.partition("_")
        self.server.messages[channel][message]["content"] = text

    def delete(self, native_id: str) -> None:
        channel, _, message = native_id.partition("_")
        del self.server.messages[channel][message]

    def stands(self, native_id: str) -> bool:
        channel, _, message = native_id.partition("_")
        return message in self.server.messages[channel]

    def admit(self, name: str) -> str:
        number = str(900 + len(self.server.members))
        self.server.join(number, name)
        return number

    def limit(self) -> None:
        self.server.weather.storm("limit")

    def break_down(self) -> None:
        self.server.weather.storm("server_error")

    def expire(self) -> None:
        self.server.weather.storm("expired")

    def may_not_moderate(self) -> None:
        self.server.may = False

    def may_not_read(self) -> None:
        self.server.weather.interject(lambda _: refusal(403, 50001))

    def hostile(self) -> dict[str, Callable[[], None]]:
        return {name: self._serving(reply) for name, reply in _HOSTILE.items()}

    def _serving(self, reply: Reply) -> Callable[[], None]:
        def serve(call: Call) -> Reply | None:
            return reply if call.path.endswith("/messages") else None

        return lambda: self.server.weather.interject(serve)

    def mend(self) -> None:
        self.server.weather.calm()
        self.server.may = True


_SAID = {"id": "7", "type": 0, "content": "x", "timestamp": "2026-01-02T03:04:05+00:00"}
_HOSTILE = {
    "not json": Reply(200, b"<html>proxy login</html>"),
    "bad utf-8": Reply(200, b'[{"id":"1","content":"caf\xe9"}]', _JSON),
    "an object": as_json({"data": []}),
    "null": as_json(None),
    "a list of numbers": as_json([1, 2, 3]),
    "no id": as_json([{**_SAID, "id": None}]),
    "without words": as_json([{**_SAID, "id": "99999", "content": ""}]),
    "deep": Reply(200, b"[" * 200_000 + b"]" * 200_000, _JSON),
    "ten megabytes": Reply(200, b'["' + b"x" * 10_000_000 + b'"]', _JSON),
    "endless": as_json([_SAID] * 100),
    "an error of another kind": as_json({"code": TOKEN}, 400),
    "a page for everything": Reply(404, b"<html>not found</html>"),
    "a guard": Reply(403, b"<html>blocked</html>"),
    "no right to read": refusal(403, 50001),
    "a redirect": Reply(302, b"", (("Location", "http://127.0.0.1:9/steal"),)),
}


@contextmanager
def _harness() -> Iterator[DiscordHarness]:
    made = DiscordHarness()
    with LoopbackServer(made.server.answer) as server:
        made.url = server.url
        yield made


HARNESSES = {"discord": _harness}
