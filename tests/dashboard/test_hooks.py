"""/hooks/meta over a real socket: only a good signature wakes a source, and nothing starves."""

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn
from sqlalchemy import select
from starlette.applications import Starlette

from chaperone.settings import load
from chaperone.wiring import House
from collector.sandbox.meta_hooks import mentioned, signature, something_new, tell
from dashboard import hooks, server
from dashboard.gate import Gate
from models.errors import MendSettings, RetryLater
from models.tables import Hook, Post, Source, ToldMention, Woken

SECRET, VERIFY, OTHER = "app-secret-of-ours", "words-of-ours", "instagram-secret"
PAGE, ACCOUNT = "900100200300400", "17841400000000001"
SETTINGS = f"""
[database]
url = "sqlite:///data/chaperone.sqlite"
[organisation]
name = "Larkspur Dance School"
[sources.page]
connector = "facebook"
audience = "public"
page_id = "{PAGE}"
token_file = "token"
[sources.pictures]
connector = "instagram"
audience = "public"
account_id = "{ACCOUNT}"
token_file = "token"
"""
HOOKS = """
[hooks.meta]
verify_token_file = "verify"
app_secret_file = "secret"
instagram_app_secret_file = "other"
"""


@dataclass
class Door:
    """A house behind its gate, with the webhook's address."""

    house: House
    url: str
    folder: Path

    def post(self, body: bytes, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.post(self.url, content=body, headers=named)

    def counts(self) -> tuple[int, int]:
        with self.house.store.read() as session:
            row = session.scalars(select(Hook)).one()
            return row.accepted, row.refused

    def woken(self) -> set[str]:
        with self.house.store.read() as session:
            query = select(Source.name).join(Woken, Woken.source_id == Source.id)
            return set(session.scalars(query))

    def told(self) -> list[tuple[str, str, str]]:
        with self.house.store.read() as session:
            query = select(Source.name, ToldMention.media_id, ToldMention.comment_id)
            query = query.join(Source, Source.id == ToldMention.source_id)
            return [tuple(row) for row in session.execute(query.order_by(ToldMention.id))]

    def soon(self, accepted: int, refused: int) -> None:
        """Until that is what is written down."""
        for _ in range(200):
            if self.counts() == (accepted, refused):
                return
            time.sleep(0.05)
        assert self.counts() == (accepted, refused)


def _house(folder: Path, more: str = HOOKS) -> House:
    for name, text in (("token", "t"), ("verify", VERIFY), ("secret", SECRET), ("other", OTHER)):
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)
    (folder / "config.toml").write_text(SETTINGS + more)
    house = House(load(folder / "config.toml"))
    house.prepare()
    return house


@pytest.fixture
def entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    monkeypatch.setattr(hooks, "WRITE_EVERY", 0.3)
    house = _house(tmp_path)
    app = Gate(Starlette(routes=hooks.routes(house)), lambda _token, _uses: None)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    running = uvicorn.Server(server.uvicorn_config(app, "127.0.0.1", port))
    thread = threading.Thread(target=lambda: asyncio.run(running.serve()), daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.02)
    yield Door(house, f"http://127.0.0.1:{port}/hooks/meta", tmp_path)
    running.should_exit = True
    thread.join(timeout=10)
    house.close()


def test_the_handshake_wants_our_own_words(entry: Door) -> None:
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY}
    answer = httpx.get(entry.url, params=asked)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")
    for wrong in (
        {"hub.verify_token": "words"},
        {"hub.verify_token": ""},
        {"hub.mode": "unsubscribe"},
        {"hub.challenge": "<script>alert(1)</script>"},
        {"hub.challenge": ""},
    ):
        refused = httpx.get(entry.url, params=asked | wrong)
        assert (refused.status_code, refused.text) == (403, "no"), wrong
    assert httpx.get(entry.url).status_code == 403
    entry.soon(0, 6)


def test_a_good_signature_wakes_the_source_that_it_names(entry: Door) -> None:
    assert tell(entry.url, something_new("page", PAGE), SECRET) == 200
    entry.soon(1, 0)
    assert entry.woken() == {"page"}
    assert tell(entry.url, something_new("instagram", ACCOUNT), OTHER) == 200
    entry.soon(2, 0)
    assert entry.woken() == {"page", "pictures"}
    with entry.house.store.read() as session:
        assert session.scalars(select(Post.id)).all() == [], "its words are never believed"


@pytest.mark.parametrize(
    ("kind", "number"), [("page", "1"), ("page", ACCOUNT), ("user", PAGE), ("page", "../1")]
)
def test_what_is_not_ours_wakes_nobody(entry: Door, kind: str, number: str) -> None:
    assert tell(entry.url, something_new(kind, number), SECRET) == 200
    entry.soon(1, 0)
    assert entry.woken() == set()


def test_a_bad_or_missing_signature_is_refused_and_counted(entry: Door) -> None:
    body = something_new("page", PAGE)
    good = signature(body, SECRET)
    bad = (
        {},
        {"x_hub_signature": good},
        {"x_hub_signature_256": ""},
        {"x_hub_signature_256": good.removeprefix("sha256=")},
        {"x_hub_signature_256": signature(body, "another")},
        {"x_hub_signature_256": signature(body, "")},
        {"x_hub_signature_256": signature(body + b" ", SECRET)},
        {"x_hub_signature_256": f"sha256={'0' * 64}"},
        {"x_hub_signature_256": "sha256=" + "a" * 5000},
    )
    for headers in bad:
        answer = entry.post(body, **headers)
        assert (answer.status_code, answer.text) == (403, "no"), headers
    entry.soon(0, len(bad))
    assert entry.woken() == set()


def test_a_body_that_is_too_big_is_refused(entry: Door) -> None:
    body = b" " * (hooks.LARGEST + 1)
    signed = {"x_hub_signature_256": signature(body, SECRET)}
    assert entry.post(body, **signed).status_code == 413

    def drip() -> Iterator[bytes]:
        for _ in range(40):
            yield b" " * 64 * 1024

    sent = {"X-Hub-Signature-256": signature(body, SECRET)}
    assert httpx.post(entry.url, content=drip(), headers=sent).status_code == 413
    entry.soon(0, 2)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"7",
        b"[" * 100_000 + b"]" * 100_000,
        b'{"object": 7, "entry": 8}',
        b'{"object": "page", "entry": [null, 7, {"id": null}, {"id": {}}, {"id": true}]}',
        b'{"object": "page", "entry": [{"id": "caf\xe9"}]}',
    ],
)
def test_signed_nonsense_wakes_nobody_and_breaks_nothing(entry: Door, body: bytes) -> None:
    assert tell(entry.url, body, SECRET) == 200
    entry.soon(1, 0)
    assert entry.woken() == set()
    assert tell(entry.url, something_new("page", PAGE), SECRET) == 200
    entry.soon(2, 0)
    assert entry.woken() == {"page"}


def test_a_call_that_is_played_again_wakes_once(entry: Door) -> None:
    body = something_new("page", PAGE, at=1)
    for _ in range(30):
        assert tell(entry.url, body, SECRET) == 200
    entry.soon(1, 0)
    with entry.house.store.read() as session:
        first = session.scalars(select(Woken.at)).one()
    time.sleep(0.5)
    assert tell(entry.url, body, SECRET) == 200
    time.sleep(0.5)
    with entry.house.store.read() as session:
        assert session.scalars(select(Woken.at)).one() == first
    assert tell(entry.url, something_new("page", PAGE, at=2), SECRET) == 200
    entry.soon(2, 0)


def test_a_flood_is_written_down_a_few_times_only(
    entry: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[object] = []
    real = hooks.write_down

    def watched(store, name, heard):
        written.append(heard)
        real(store, name, heard)

    monkeypatch.setattr(hooks, "write_down", watched)
    began = time.monotonic()
    with httpx.Client() as client:
        for number in range(300):
            client.post(entry.url, content=b"x", headers={"X-Hub-Signature-256": f"no {number}"})
    took = time.monotonic() - began
    assert tell(entry.url, something_new("page", PAGE), SECRET) == 200
    entry.soon(1, 300)
    assert entry.woken() == {"page"}
    assert len(written) <= took / hooks.WRITE_EVERY + 3


def test_slow_bodies_never_hold_up_the_rest(entry: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "SLOWEST", 1.0)
    host, port = entry.url.split("/")[2].split(":")
    head = (
        f"POST /hooks/meta HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\n"
        f"X-Hub-Signature-256: sha256={'0' * 64}\r\n\r\nabc"
    )
    slow = [socket.create_connection((host, int(port))) for _ in range(hooks.AT_ONCE)]
    for each in slow:
        each.sendall(head.encode())
    time.sleep(0.3)
    busy = entry.post(b"{}", x_hub_signature_256=signature(b"{}", SECRET))
    assert busy.status_code == 503 and busy.headers["retry-after"] == "5"
    assert entry.post(b"{}").status_code == 403, "without a signature nothing is read"
    for each in slow:
        assert b"413" in each.recv(100)
        each.close()
    assert tell(entry.url, something_new("page", PAGE), SECRET) == 200


def test_a_mention_is_in_the_tables_before_the_call_is_answered(entry: Door) -> None:
    for number in range(3):  # another call each time, of the same mention
        assert tell(entry.url, mentioned(ACCOUNT, "5001", "6001", at=number), OTHER) == 200
        assert entry.told() == [("pictures", "5001", "6001")]
    assert tell(entry.url, mentioned(ACCOUNT, "5001"), OTHER) == 200
    assert entry.told()[1:] == [("pictures", "5001", "")]
    assert entry.woken() == {"pictures"}
    with entry.house.store.read() as session:
        assert session.scalars(select(Post.id)).all() == []


def test_a_mention_that_was_not_written_down_is_asked_for_again(
    entry: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = mentioned(ACCOUNT, "5001", "6001")

    def broken(*_: object) -> None:
        raise RetryLater("The database is busy.", subject="the database", after=timedelta(1))

    with monkeypatch.context() as patch:
        patch.setattr(hooks, "write_down", broken)
        assert tell(entry.url, body, OTHER) == 503
        patch.setattr(hooks, "KEPT_WITHIN", 0.1)
        patch.setattr(hooks, "write_down", lambda *_: time.sleep(0.5))
        assert tell(entry.url, body, OTHER) == 503
    assert entry.told() == []
    time.sleep(0.5)
    assert tell(entry.url, body, OTHER) == 200, "Meta calls again, and is heard"
    assert entry.told() == [("pictures", "5001", "6001")]


def test_a_mention_without_a_good_signature_is_not_kept(entry: Door) -> None:
    body = mentioned(ACCOUNT, "5001", "6001")
    assert tell(entry.url, body, "another") == 403
    assert entry.post(body).status_code == 403
    signed = {"x_hub_signature_256": signature(body, OTHER)}
    assert entry.post(body.replace(b"6001", b"6002"), **signed).status_code == 403
    entry.soon(0, 3)
    assert entry.told() == []


@pytest.mark.parametrize(
    ("media", "comment"),
    [("5001/media", "1"), ("5001", "1){id}"), ("", "1"), ("1" * 41, "1"), (True, "1"), ({}, [])],
)
def test_hostile_ids_of_a_mention_are_thrown_away(
    entry: Door, media: object, comment: object
) -> None:
    assert tell(entry.url, mentioned(ACCOUNT, media, comment), OTHER) == 200
    assert tell(entry.url, mentioned(PAGE, "5001"), OTHER) == 200, "not an account of ours"
    entry.soon(2, 0)
    assert entry.told() == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_no_other_method(entry: Door, method: str) -> None:
    assert httpx.request(method, entry.url).status_code == 405


@pytest.mark.parametrize("below", ["/x", "/", "/../queue", "%2f"])
def test_nothing_below_or_beside_it_is_open(entry: Door, below: str) -> None:
    answer = httpx.post(f"{entry.url}{below}", content=b"{}")
    assert answer.status_code == 401
    assert httpx.get(f"{entry.url}{below}").status_code in (303, 401)


def test_a_secret_that_cannot_be_found_lets_nothing_through(entry: Door) -> None:
    (entry.folder / "secret").unlink()
    assert tell(entry.url, something_new("page", PAGE), SECRET) == 503
    assert entry.woken() == set()


def test_no_words_and_no_secret_in_a_log(entry: Door, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for secret in (SECRET, "another"):
        tell(entry.url, something_new("page", PAGE) + b" marzipan", secret)
    httpx.get(entry.url, params={"hub.verify_token": "marzipan"})
    own = [record.getMessage() for record in caplog.records if record.name != "httpx"]
    assert not any(word in line for line in own for word in ("marzipan", SECRET, VERIFY))


def test_without_settings_the_address_answers_nothing(site: str) -> None:
    for answer in (
        httpx.get(f"{site}/hooks/meta"),
        httpx.get(f"{site}/hooks/meta", headers={"accept": "text/html"}),
        httpx.post(f"{site}/hooks/meta", content=b"{}"),
    ):
        assert (answer.status_code, answer.text) == (404, "not here")


@pytest.mark.parametrize(
    "table", ["[hooks.meta]", "[hooks.meta]\nverify_token_file = 'verify'", "[hooks]\nmeto = 1"]
)
def test_settings_that_cannot_work(tmp_path: Path, table: str) -> None:
    with pytest.raises(MendSettings):
        _house(tmp_path, f"\n{table}\n")
