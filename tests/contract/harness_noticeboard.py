"""The toy's stand-in and harness, as docs/connectors/adding.md explains them. See conftest.py."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, ClassVar

from collector.connector import Connector
from collector.connectors.kind import ConnectorKind
from collector.sandbox.loopback import Call, LoopbackServer, Reply, as_json
from collector.sandbox.noticeboard import KIND
from models.vocabulary import now

TOKEN = "boardtokenthatmustnotbeseen"


class Board:
    """The platform: notes, and every change to them by its number."""

    def __init__(self) -> None:
        self.notes: dict[str, dict[str, Any]] = {}
        self.changes: list[dict[str, Any]] = []
        self.instead: Callable[[Call], Reply | None] = lambda call: None
        self.may = True

    def change(self, note: dict[str, Any]) -> None:
        self.changes.append({"number": len(self.changes) + 1, "note": note})

    def answer(self, call: Call) -> Reply:
        given = self.instead(call)
        if given is not None:
            return given
        if call.headers.get("authorization") != f"Bearer {TOKEN}":
            return as_json({"error": "who are you"}, 401)
        if call.path == "/changes":
            after = int(call.query.partition("=")[2])
            return as_json({"changes": self.changes[after : after + 100]})
        found = re.fullmatch(r"/notes/(\d+)", call.path)
        note = self.notes.get(found[1]) if found else None
        if found is None or note is None:
            return as_json({"error": "no such note"}, 404)
        if call.method != "DELETE":
            return as_json(note)
        if not self.may:
            return as_json({"error": "not yours"}, 403)
        self.take_down(found[1])
        return as_json({})

    def take_down(self, number: str) -> None:
        self.change({**self.notes.pop(number), "gone": True})


class BoardHarness:
    """See Harness in conftest.py: what the suite asks of every platform's stand-in."""

    secrets: ClassVar[tuple[str, ...]] = (TOKEN,)
    delay: ClassVar[timedelta] = timedelta(seconds=17)
    kind: ClassVar[ConnectorKind] = KIND

    def __init__(self) -> None:
        self.board, self.url = Board(), ""

    def connector(self) -> Connector:
        return KIND.connect({"base_url": self.url}, lambda _: TOKEN)

    def unreachable(self) -> Connector:
        return KIND.connect({"base_url": "http://127.0.0.1:9"}, lambda _: TOKEN)

    def write(self, text: str, under: str = "") -> str:
        own = str(len(self.board.changes) + 1)
        above = self.board.notes.get(under, {})
        note = {"id": own, "text": text, "at": now().isoformat(), "answers": under}
        self.board.notes[own] = {**note, "thread": above.get("thread", own)}
        self.board.change(self.board.notes[own])
        return own

    def many(self, count: int) -> None:
        for number in range(count):
            self.write(f"note {number}")

    def edit(self, native_id: str, text: str) -> None:
        self.board.notes[native_id] = {**self.board.notes[native_id], "text": text}
        self.board.change(self.board.notes[native_id])

    def delete(self, native_id: str) -> None:
        self.board.take_down(native_id)

    def stands(self, native_id: str) -> bool:
        return native_id in self.board.notes

    def limit(self) -> None:
        self._always(as_json({}, 429, Retry_After="17"))

    def break_down(self) -> None:
        self._always(Reply(503, b"<html>out of order</html>"))

    def expire(self) -> None:
        self._always(as_json({"error": "who are you"}, 401))

    def may_not_moderate(self) -> None:
        self.board.may = False

    def hostile(self) -> dict[str, Callable[[], None]]:
        return {name: lambda reply=reply: self._always(reply) for name, reply in _HOSTILE.items()}

    def _always(self, reply: Reply) -> None:
        self.board.instead = lambda call: reply

    def mend(self) -> None:
        self.board.may, self.board.instead = True, lambda call: None


_NOTE = {"id": "1", "text": "x"}
_HOSTILE = {
    "not json": Reply(200, b"<html>proxy login</html>"),
    "bad utf-8": Reply(200, b'{"changes":[{"number":9,"note":{"text":"caf\xe9"}}]}'),
    "a list": as_json([1, 2, 3]),
    "changes are null": as_json({"changes": None}),
    "a change of text": as_json({"changes": ["note"]}),
    "a note without an id": as_json({"changes": [{"number": 999, "note": {"text": "x"}}]}),
    "a number of text": as_json({"changes": [{"number": "999", "note": _NOTE}]}),
    "the same page again": as_json({"changes": [{"number": 1, "note": _NOTE}]}),
    "deep": Reply(200, b'{"changes":' + b"[" * 200_000 + b"]" * 200_000 + b"}"),
    "ten megabytes": Reply(200, b'{"changes":["' + b"x" * 10_000_000 + b'"]}'),
    "a redirect": Reply(302, b"", (("Location", "http://127.0.0.1:9/steal"),)),
}


@contextmanager
def _harness() -> Iterator[BoardHarness]:
    made = BoardHarness()
    with LoopbackServer(made.board.answer) as server:
        made.url = server.url
        yield made


HARNESSES = {"noticeboard": _harness}
