"""Telegram's harness: see conftest.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import ClassVar

from collector.connector import Connector
from collector.connectors.registry import get
from collector.sandbox.loopback import Call, LoopbackServer, Reply, as_json
from collector.sandbox.telegram import TelegramBot, refusal
from models.vocabulary import now

TOKEN = "123456:ABCtokenthatmustnotbeseen"
_JSON = (("Content-Type", "application/json"),)


class TelegramHarness:
    """The stand-in with an empty group that the bot administers."""

    secrets: ClassVar[tuple[str, ...]] = (TOKEN,)
    delay: ClassVar[timedelta] = timedelta(seconds=35)
    shows_no_words: ClassVar[bool] = True

    def __init__(self) -> None:
        self.bot = TelegramBot(TOKEN)
        self.url = ""
        self.moment = now() - timedelta(hours=3)

    def connector(self) -> Connector:
        return self._at(self.url)

    def unreachable(self) -> Connector:
        return self._at("http://127.0.0.1:9")

    def _at(self, url: str) -> Connector:
        options = {"chat_ids": [str(self.bot.chat_id)], "base_url": url}
        return get("telegram").connect(options, {"token": TOKEN}.__getitem__)

    def write(self, text: str, under: str = "") -> str:
        self.moment += timedelta(seconds=1)
        message = self.bot.send(text, _number(under) if under else 0, self.moment)
        return f"{self.bot.chat_id}_{message['message_id']}"

    def many(self, count: int) -> None:
        for number in range(count):
            self.write(f"message {number}")

    def edit(self, native_id: str, text: str) -> None:
        self.bot.edit(_number(native_id), text)

    def delete(self, native_id: str) -> None:
        del self.bot.messages[_number(native_id)]

    def stands(self, native_id: str) -> bool:
        return _number(native_id) in self.bot.messages

    def admit(self, name: str) -> str:
        user = 7000 + len(self.bot.people)
        self.bot.join(user, name)
        return str(user)

    def limit(self) -> None:
        self.bot.weather.storm("limit")

    def break_down(self) -> None:
        self.bot.weather.storm("server_error")

    def expire(self) -> None:
        self.bot.weather.storm("expired")

    def may_not_moderate(self) -> None:
        self.bot.rights.clear()

    def may_not_read(self) -> None:
        self.bot.weather.interject(
            lambda _: refusal(403, "Forbidden: bot was kicked from the group chat")
        )

    def hostile(self) -> dict[str, Callable[[], None]]:
        return {name: self._serving(reply) for name, reply in _HOSTILE.items()}

    def _serving(self, reply: Reply) -> Callable[[], None]:
        def serve(call: Call) -> Reply | None:
            return reply if call.path == "/getUpdates" else None

        return lambda: self.bot.weather.interject(serve)

    def mend(self) -> None:
        self.bot.weather.calm()
        self.bot.rights |= {"can_delete_messages", "can_restrict"}


def _number(native_id: str) -> int:
    return int(native_id.rpartition("_")[2])


def _of(result: object) -> Reply:
    return as_json({"ok": True, "result": result})


_HOSTILE = {
    "not json": Reply(200, b"<html>proxy login</html>"),
    "bad utf-8": Reply(200, b'{"ok":true,"result":[{"update_id":1,"x":"caf\xe9"}]}', _JSON),
    "a list": as_json([1, 2, 3]),
    "null": as_json(None),
    "not ok": as_json({"ok": False, "result": []}),
    "no result": as_json({"ok": True}),
    "a result of text": _of("updates"),
    "numbers as updates": _of([1, 2, 3]),
    "no number": _of([{"message": {}}]),
    "a number that is none": _of([{"update_id": True}]),
    "deep": Reply(200, b'{"result":' + b"[" * 200_000 + b"]" * 200_000 + b"}", _JSON),
    "ten megabytes": Reply(200, b'{"result":["' + b"x" * 10_000_000 + b'"]}', _JSON),
    "endless": _of([{"update_id": 990_000 + number} for number in range(100)]),
    "another program": refusal(409, "Conflict: terminated by other getUpdates request"),
    "an error of another kind": as_json({"ok": False, "description": {"x": TOKEN}}, 400),
    "a page for everything": Reply(404, b"<html>not found</html>"),
    "a guard": Reply(403, b"<html>blocked</html>"),
    "a redirect": Reply(302, b"", (("Location", "http://127.0.0.1:9/steal"),)),
}


@contextmanager
def _harness() -> Iterator[TelegramHarness]:
    made = TelegramHarness()
    with LoopbackServer(made.bot.answer) as server:
        made.url = server.url
        yield made


HARNESSES = {"telegram": _harness}
