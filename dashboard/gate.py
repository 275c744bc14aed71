"""The gate: nobody reaches a page, a file, an upload or the websocket without a session.

It stands before everything else (pure ASGI), so that a route added later is behind it too.
Open without a session: the sign-in page, invitations, the health check, the webhooks (each call
proves itself by its signature) and our own style sheet; each is named in `_OPEN`, nothing is open
by default.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, urlsplit

from anyio import to_thread
from google.protobuf.message import DecodeError
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from dashboard import plain_pages
from dashboard.addresses import (
    ASSETS,
    HEALTH,
    HOOKS_META,
    INVITE,
    SESSION,
    SIGN_IN,
    is_screen,
)
from models.errors import ChaperoneError
from models.vocabulary import Viewer

log = logging.getLogger(__name__)
COOKIE = "chaperone_session"
SIGNED_OUT = 4401
"""The websocket's close code when the session has ended."""
FOREIGN = 4403
"""The websocket's close code when another site's page tried to open it."""
TRY_LATER = 1013
"""The websocket's close code (RFC 6455) while the database cannot say who somebody is."""
CHECK_EVERY = timedelta(seconds=5)
"""How often an open websocket's session is looked at again while nothing is sent over it."""

WhoIs = Callable[[str, bool], Viewer | None]
"""token, whether this counts as use of the session -> the signed-in person, None when ended."""

_OPEN = (SIGN_IN, HEALTH, HOOKS_META)
_OPEN_BELOW = (INVITE, ASSETS)
_CLOSED_FOR_ALL = ("/_stcore/agent", "/_stcore/metrics", "/auth/", "/oauth2callback")
"""Doors of Streamlit's own that this product does not use."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "media-src 'self'; manifest-src 'self'; worker-src 'self' blob:; frame-src 'none'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Inline styles stay allowed: Streamlit's screens are styled by script. Scripts are only ours."""

SECURITY_HEADERS: Mapping[str, str] = {
    "content-security-policy": _POLICY,
    "referrer-policy": "same-origin",  # no-referrer would make a form's Origin header "null"
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "x-robots-tag": "noindex, nofollow",
}


def token_of(headers: Headers) -> str:
    """The session cookie's value, "" where there is none or the cookie header is broken."""
    try:
        jar = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    return jar[COOKIE].value if COOKIE in jar else ""


def from_our_own_page(headers: Headers) -> bool:
    """Whether a request that changes something came from a page of ours (Origin against Host).

    Every browser sends Origin with a POST and with a websocket; without one it is refused.
    """
    origin, host = headers.get("origin", ""), headers.get("host", "")
    try:
        return bool(host) and urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:  # "http://[": no address at all
        return False


def is_open(path: str) -> bool:
    """Whether anybody may ask for it: one name below an open place, and nothing deeper."""
    place, _, name = path.rpartition("/")
    return path in _OPEN or (f"{place}/" in _OPEN_BELOW and bool(name))


def by_a_person(message: bytes) -> bool:
    """Whether a browser's message came of something a person did.

    A screen that draws itself anew on a timer must not keep a session alive for ever. Bytes
    that are no message of Streamlit's count as use: Streamlit itself closes on them.
    """
    heard = BackMsg()
    try:
        heard.ParseFromString(message)
    except DecodeError:
        return True
    kind = heard.WhichOneof("type")
    return kind not in {"app_heartbeat", "rerun_script"} or (
        kind == "rerun_script" and not heard.rerun_script.is_auto_rerun
    )


class Gate:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, who_is: WhoIs) -> None:
        self.app = app
        self.who_is = who_is

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, turn away, or watch an open websocket."""
        if scope["type"] == "http":
            await self._http(scope, receive, _with_headers(scope, send))
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def viewer(self, token: str, *, uses: bool) -> Viewer | None:
        """The person behind a token; looked up in a thread because the database blocks."""
        if not token:
            return None
        return await to_thread.run_sync(self.who_is, token, uses)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if is_open(path):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            answer = await self._refusal(scope, headers)
        except ChaperoneError as error:  # nobody can be known now, so nobody passes
            log.error("nobody can be let in: %s", error)
            answer = HTMLResponse(plain_pages.went_wrong(), status_code=503)
        if answer is not None:
            await answer(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        """The answer to whoever may not pass; None lets the request through."""
        path = scope["path"]
        viewer = await self.viewer(token_of(headers), uses=is_screen(path))
        if path == SESSION:
            return Response(status_code=204 if viewer else 401)
        if viewer is None:
            return _turned_away(scope, headers)
        if path.startswith(_CLOSED_FOR_ALL):
            return HTMLResponse(plain_pages.not_here(), status_code=404)
        changes = scope["method"] not in {"GET", "HEAD", "OPTIONS"}
        if changes and not from_our_own_page(headers):
            return PlainTextResponse("This must be sent from a page of Chaperone.", 403)
        if scope["method"] == "GET" and _is_page(headers) and "." not in path:
            return None if is_screen(path) or _is_ours(path) else _nothing_here()
        return None

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if not from_our_own_page(headers):
            await _close_before_opening(receive, send, FOREIGN)
            return
        token = token_of(headers)
        code = await self.refused(token, uses=False)
        if code is not None:
            await _close_before_opening(receive, send, code)
            return
        await _Watched(self, token).run(scope, receive, send)

    async def refused(self, token: str, *, uses: bool) -> int | None:
        """The code with which a websocket is closed to this token; None where it may stay."""
        try:
            return None if await self.viewer(token, uses=uses) else SIGNED_OUT
        except ChaperoneError as error:
            log.error("nobody can be let in: %s", error)
            return TRY_LATER


class _Watched:
    """One open websocket: its session is looked at again with every message and on a timer."""

    def __init__(self, gate: Gate, token: str) -> None:
        self.gate = gate
        self.token = token
        self.ended = asyncio.Event()
        self.code = SIGNED_OUT

    async def run(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve until either side closes or the session ends."""
        watch = asyncio.create_task(self._watch())
        try:
            await self.gate.app(
                scope,
                lambda: self._receive(receive, send),
                lambda message: self._send(send, message),
            )
        finally:
            watch.cancel()

    async def _watch(self) -> None:
        while (code := await self.gate.refused(self.token, uses=False)) is None:
            await asyncio.sleep(CHECK_EVERY.total_seconds())
        self.end(code)

    def end(self, code: int) -> None:
        """From now on nothing passes; the first reason is the one that is told."""
        if not self.ended.is_set():
            self.code = code
            self.ended.set()

    async def _receive(self, receive: Receive, send: Send) -> Message:
        """The browser's next message, or a disconnection once the session has ended."""
        incoming = asyncio.ensure_future(receive())
        ended = asyncio.ensure_future(self.ended.wait())
        await asyncio.wait({incoming, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if incoming.done() and not self.ended.is_set():
            message = incoming.result()
            if message["type"] != "websocket.receive":
                return message
            uses = by_a_person(message.get("bytes") or b"")
            code = await self.gate.refused(self.token, uses=uses)
            if code is None:
                return message
            self.end(code)
        incoming.cancel()
        reason = "signed out" if self.code == SIGNED_OUT else "try again later"
        await send({"type": "websocket.close", "code": self.code, "reason": reason})
        return {"type": "websocket.disconnect", "code": self.code}

    async def _send(self, send: Send, message: Message) -> None:
        """Nothing leaves once the session has ended, not even what was being drawn."""
        if not self.ended.is_set():
            await send(message)


def _with_headers(scope: Scope, send: Send) -> Send:
    """Every answer carries the security headers; only files that never change may be kept."""
    kept = scope["path"].startswith("/static/")

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers[name] = value
            headers["cache-control"] = (
                "private, immutable, max-age=86400"
                if kept and message["status"] == 200
                else "no-store"
            )
            if scope.get("scheme") == "https":
                headers["strict-transport-security"] = "max-age=31536000"
        await send(message)

    return sending


def _is_page(headers: Headers) -> bool:
    return "text/html" in headers.get("accept", "")


def _is_ours(path: str) -> bool:
    return path.startswith(("/_stcore/", "/static/", "/media/", "/component/", "/sign-out"))


def _turned_away(scope: Scope, headers: Headers) -> Response:
    path = scope["path"]
    if scope["method"] != "GET" or not (_is_page(headers) or is_screen(path)):
        return PlainTextResponse("Sign in first.", status_code=401)
    asked = path + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
    if headers.get("sec-fetch-site") == "cross-site" and is_screen(path):
        # A link in an e-mail: the Strict cookie comes only with a request of our own page.
        return HTMLResponse(plain_pages.once_more(asked))
    onward = f"?next={quote(asked, safe='')}" if is_screen(path) and path != "/" else ""
    return RedirectResponse(f"{SIGN_IN}{onward}", status_code=303)


def _nothing_here() -> Response:
    return HTMLResponse(plain_pages.not_here(), status_code=404)


async def _close_before_opening(
    receive: Receive, send: Callable[[Message], Awaitable[None]], code: int
) -> None:
    """Refuse the handshake; the server answers 403 to it, as the protocol has it."""
    await receive()
    await send({"type": "websocket.close", "code": code, "reason": "refused"})
