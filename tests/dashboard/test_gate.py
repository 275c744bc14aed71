"""The gate: every path and the websocket, without a session, with an ended one, with another
role's. A real server answers."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
import websockets
from sqlalchemy import update

from dashboard.addresses import SCREENS
from dashboard.gate import COOKIE, FOREIGN, SIGNED_OUT, by_a_person
from models.tables import Session
from models.vocabulary import Role, now

Browse = Callable[..., httpx.Client]
PAGES = ["/", *(f"/{address}" for address in SCREENS), "/item?item=1", "/case?case=1"]
FILES = [
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/upload_file/abc/def",
    "/_stcore/metrics",
    "/_stcore/agent/openapi.json",
    "/media/abc.png",
    "/component/x/y.js",
    "/static/js/index.js",
    "/favicon.png",
    "/no-such-page",
    "/%2e%2e/etc/passwd",
    "/Sign-In",
    "/sign-in/",
    "/healthz/x",
]


@pytest.fixture(params=["none", "unknown", "ended", "idle", "over", "switched off"])
def refused(request: pytest.FixtureRequest, desk, browse: Browse) -> str:
    """A cookie that no longer opens anything, one of each kind."""
    if request.param == "none":
        return ""
    if request.param == "unknown":
        return "x" * 43
    member = desk.member("Leaf Reed", Role.LEAD, Role.MONITOR, Role.ADMIN)
    token = desk.session(member)
    assert browse(token).get("/session").status_code == 204
    values = {
        "ended": {"ended_at": now()},
        "idle": {"last_seen_at": now() - timedelta(minutes=31)},
        "over": {"expires_at": now() - timedelta(seconds=1)},
    }
    with desk.house.store.write() as session:
        if request.param == "switched off":
            from models.tables import Person

            session.execute(update(Person).where(Person.id == member.id).values(active=False))
        else:
            mine = update(Session).where(Session.person_id == member.id)
            session.execute(mine.values(**values[request.param]))
        session.commit()
    return token


def test_every_page_leads_to_sign_in(refused: str, browse: Browse) -> None:
    client = browse(refused)
    for path in PAGES:
        answer = client.get(path)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/sign-in"), path
        assert "Larkspur" not in answer.text


def test_every_file_upload_and_endpoint_is_refused(refused: str, browse: Browse) -> None:
    client = browse(refused)
    client.headers["accept"] = "*/*"
    for path in FILES:
        for method in ("GET", "POST", "PUT", "DELETE"):
            answer = client.request(method, path)
            assert answer.status_code == 401, (method, path)
            assert answer.text == "Sign in first."
    assert client.get("/session").status_code == 401


def _socket(site: str, token: str, origin: str | None = None) -> tuple[int | None, str]:
    """Open the websocket; the HTTP status of a refusal, or None where it opened."""

    async def attempt() -> tuple[int | None, str]:
        address = site.replace("http://", "ws://") + "/_stcore/stream"
        headers = {"Cookie": f"{COOKIE}={token}"} if token else {}
        try:
            async with websockets.connect(
                address,
                additional_headers=headers,
                origin=origin or site,
                subprotocols=["streamlit"],
            ):
                return None, ""
        except websockets.InvalidStatus as error:
            return error.response.status_code, error.response.body.decode()

    return asyncio.run(attempt())


def test_the_websocket_is_refused(refused: str, site: str) -> None:
    status, body = _socket(site, refused)
    assert status == 403
    assert "Larkspur" not in body


def test_the_websocket_opens_for_a_session(site: str, tokens: dict[str, str]) -> None:
    assert _socket(site, tokens["monitor"]) == (None, "")


def test_the_websocket_is_refused_to_another_site(site: str, tokens: dict[str, str]) -> None:
    assert _socket(site, tokens["monitor"], origin="https://evil.example.org")[0] == 403
    assert _socket(site, tokens["monitor"], origin="null")[0] == 403


def test_an_open_websocket_is_cut_when_the_session_ends(site: str, desk) -> None:
    """Both ways: by the timer while nothing is sent, and at the next message."""
    token = desk.session(desk.member("Fern Hill", Role.MONITOR))

    async def until_cut() -> int:
        address = site.replace("http://", "ws://") + "/_stcore/stream"
        async with websockets.connect(
            address,
            additional_headers={"Cookie": f"{COOKIE}={token}"},
            origin=site,
            subprotocols=["streamlit"],
        ) as socket:
            from casework import sessions

            await asyncio.to_thread(sessions.sign_out, desk.house.store, token)
            await socket.send(b"")
            try:
                while True:
                    await asyncio.wait_for(socket.recv(), timeout=20)
            except websockets.ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 0

    assert asyncio.run(until_cut()) == SIGNED_OUT


def test_an_idle_websocket_is_cut_by_the_timer(site: str, desk, monkeypatch) -> None:
    from dashboard import gate

    monkeypatch.setattr(gate, "CHECK_EVERY", timedelta(seconds=0.3))
    token = desk.session(desk.member("Glen Moss", Role.MONITOR))

    async def until_cut() -> int:
        address = site.replace("http://", "ws://") + "/_stcore/stream"
        async with websockets.connect(
            address,
            additional_headers={"Cookie": f"{COOKIE}={token}"},
            origin=site,
            subprotocols=["streamlit"],
        ) as socket:
            from casework import sessions

            await asyncio.to_thread(sessions.sign_out, desk.house.store, token)
            try:
                while True:
                    await asyncio.wait_for(socket.recv(), timeout=20)
            except websockets.ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 0

    assert asyncio.run(until_cut()) == SIGNED_OUT


def test_closing_codes_tell_the_two_refusals_apart() -> None:
    assert SIGNED_OUT != FOREIGN


def test_a_timer_of_the_browser_is_no_use_of_the_session() -> None:
    from streamlit.proto.BackMsg_pb2 import BackMsg

    by_timer, by_hand, beat = BackMsg(), BackMsg(), BackMsg()
    by_timer.rerun_script.is_auto_rerun = True
    by_hand.rerun_script.query_string = "item=1"
    beat.app_heartbeat = True
    assert not by_a_person(by_timer.SerializeToString())
    assert by_a_person(by_hand.SerializeToString())
    assert not by_a_person(beat.SerializeToString())
    assert by_a_person(b"\xff\xff\xff")


def test_every_answer_has_the_security_headers(browse: Browse, tokens: dict[str, str]) -> None:
    for client in (browse(), browse(tokens["monitor"])):
        for path in ("/sign-in", "/queue", "/healthz", "/no-such", "/invite/x", "/assets/icon.svg"):
            headers = client.get(path).headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy, path
            assert "frame-ancestors 'none'" in policy, path
            assert "script-src 'self';" in policy, path
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
            assert headers["cache-control"] == "no-store"
            assert "server" not in headers


def test_a_stranger_address_reads_like_a_missing_one(
    browse: Browse, tokens: dict[str, str]
) -> None:
    answer = browse(tokens["monitor"]).get("/no-such-page")
    assert answer.status_code == 404
    assert "There is nothing here for you" in answer.text


def test_streamlits_other_doors_stay_shut(browse: Browse, tokens: dict[str, str]) -> None:
    client = browse(tokens["monitor"])
    for path in ("/_stcore/agent/openapi.json", "/_stcore/metrics", "/auth/login"):
        assert client.get(path).status_code == 404, path


def test_a_change_from_another_site_is_refused(browse: Browse, tokens: dict[str, str]) -> None:
    client = browse(tokens["monitor"])
    for origin in ("https://evil.example.org", "null", ""):
        headers = {"origin": origin} if origin else {}
        answer = client.put("/_stcore/upload_file/a/b", headers=headers, content=b"x")
        assert answer.status_code == 403


def test_a_link_from_another_site_asks_once_more_from_here(browse: Browse) -> None:
    """The Strict cookie does not come with it; the second request, from our own page, has it."""
    answer = browse().get("/item?item=5", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 200
    assert 'content="0;url=/item?item=5"' in answer.text
    hostile = browse().get('/item?item="><script>', headers={"sec-fetch-site": "cross-site"})
    assert "<script>" not in hostile.text


def test_the_frame_has_no_inline_script_and_asks_nobody_else(
    browse: Browse, tokens: dict[str, str]
) -> None:
    page = browse(tokens["monitor"]).get("/queue").text
    assert "<title>Chaperone</title>" in page
    assert "http://" not in page and "https://" not in page
    import re

    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    for address in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert browse(tokens["monitor"]).get(address).status_code == 200, address


def test_the_start_page_leads_to_the_roles_own_screen(
    browse: Browse, tokens: dict[str, str]
) -> None:
    first = {"monitor": "/queue", "lead": "/cases", "trustee": "/numbers", "admin": "/people"}
    for role, address in first.items():
        assert browse(tokens[role]).get("/").headers["location"] == address
