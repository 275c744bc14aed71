"""The gate on its own: strange addresses, strange origins, and a database that cannot answer."""

import asyncio
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from casework import sessions
from casework.sessions import viewer_for
from dashboard import theme
from dashboard.gate import COOKIE, SIGNED_OUT, TRY_LATER, Gate, from_our_own_page
from models.errors import RetryLater
from models.tables import Person, Session
from models.unit_of_work import Store
from models.vocabulary import Role, Viewer

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
MONA = Viewer(1, "Mona", frozenset({Role.MONITOR}))


async def _behind(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("behind the gate")(scope, receive, send)


def _ask(app: ASGIApp, path: str, token: str = "") -> httpx.Response:
    async def asking() -> httpx.Response:
        headers = {"cookie": f"{COOKIE}={token}"} if token else {}
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(asking())


def _busy(_token: str, _uses: bool) -> Viewer | None:
    raise RetryLater("Busy.", subject="the database", after=timedelta(seconds=1))


@pytest.mark.parametrize(
    "path", ["/assets/a/b", "/assets//b", "/invite/a/b", "/assets/", "/invite/", "/healthz/a"]
)
def test_only_one_name_below_an_open_place_is_open(path: str) -> None:
    answer = _ask(Gate(_behind, lambda token, uses: None), path)
    assert answer.status_code == 401
    assert "behind" not in answer.text


@pytest.mark.parametrize("path", ["/assets/chaperone.css", "/invite/abc", "/healthz", "/sign-in"])
def test_what_is_open_needs_nobody(path: str) -> None:
    assert _ask(Gate(_behind, _busy), path).text == "behind the gate"


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "//["])
def test_an_origin_that_is_no_address_is_not_ours(origin: str) -> None:
    assert not from_our_own_page(Headers({"origin": origin, "host": "here"}))


def test_while_nobody_can_be_known_nobody_passes_and_it_is_said() -> None:
    answer = _ask(Gate(_behind, _busy), "/queue", "a-token")
    assert answer.status_code == 503
    assert "Nothing was changed" in answer.text
    assert answer.headers["x-frame-options"] == "DENY"


class _Talk:
    """A websocket as the gate sees it: what the browser sends, and what it was sent."""

    def __init__(self, *messages: Message) -> None:
        self.coming: Iterator[Message] = iter(messages)
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        return next(self.coming)

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    def run(self, gate: Gate) -> int:
        """The code with which it was closed."""
        headers = [(b"host", b"here"), (b"origin", b"http://here")]
        headers.append((b"cookie", f"{COOKIE}=a-token".encode()))
        scope = {"type": "websocket", "path": "/_stcore/stream", "headers": headers}
        asyncio.run(gate(scope, self.receive, self.send))
        return int(self.sent[-1]["code"])


async def _until_closed(_scope: Scope, receive: Receive, _send: Send) -> None:
    while (await receive())["type"] != "websocket.disconnect":
        pass


def test_a_websocket_is_closed_until_later_while_nobody_can_be_known() -> None:
    assert _Talk({"type": "websocket.connect"}).run(Gate(_until_closed, _busy)) == TRY_LATER
    answers = iter([MONA, MONA])

    def falls_ill(token: str, uses: bool) -> Viewer | None:
        return next(answers, None) or _busy(token, uses)

    said = {"type": "websocket.receive", "bytes": b""}
    talk = _Talk({"type": "websocket.connect"}, said, said, said)
    assert talk.run(Gate(_until_closed, falls_ill)) == TRY_LATER
    ended = _Talk({"type": "websocket.connect"}).run(Gate(_until_closed, lambda _t, _u: None))
    assert ended == SIGNED_OUT


def test_the_servers_own_log_of_faults_holds_no_words(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme.apply()
    log = logging.getLogger("uvicorn.error")
    monkeypatch.setattr(logging.getLogger("uvicorn"), "propagate", True)
    monkeypatch.setattr(log, "propagate", True)
    with caplog.at_level(logging.ERROR, logger="uvicorn.error"):
        try:
            raise ValueError("Lilac umbrellas everywhere")
        except ValueError as error:
            log.error("Exception in ASGI application\n", exc_info=error)
    assert "ValueError at test_gate_trouble.py" in caplog.text
    assert "Lilac" not in caplog.text


def test_a_full_disk_does_not_shut_people_out(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with sqlite_store.write() as session:
        session.add(Person(username="mona", name="Mona", roles=["monitor"], created_at=AT))
        session.flush()
        living = Session(
            token_hash=sessions.token_hash("a-token"),
            person_id=1,
            created_at=AT,
            last_seen_at=AT,
            expires_at=AT + timedelta(hours=12),
        )
        session.add(living)
        session.commit()
    sqlite_store.engine.dispose()
    with sqlite_store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")  # every write fails from here on
    found = viewer_for(sqlite_store, "a-token", lambda: AT + timedelta(minutes=5))
    assert found == MONA
    assert "was not written down" in caplog.text
