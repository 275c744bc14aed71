"""Signing in and out, and setting up an account from an invitation: plain pages, no script.

Forms are safe from other sites twice over: the cookie is SameSite=Strict, and Origin must be
this very address.
"""

import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import qrcode
import qrcode.image.svg
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from casework import invites, sessions
from chaperone import demo
from dashboard import plain_pages
from dashboard.addresses import INVITE, SIGN_IN, SIGN_OUT, is_screen
from dashboard.gate import COOKIE, from_our_own_page, token_of
from models.errors import ChaperoneError, Refused

if TYPE_CHECKING:
    from chaperone.wiring import House

_log = logging.getLogger(__name__)

OTHER_SITE = "This form was sent from another page. Open this page anew and try again."
ENDED = "You were signed out because nothing was done for a while. Sign in to go on."
LARGEST_FORM = 16_384
"""Bytes. No form here needs more; a larger one is refused before it is read."""


def routes(house: "House") -> list[Route]:
    """The routes of sign-in, sign-out and invitations, bound to this house."""
    pages = _Pages(house)
    return [
        Route(SIGN_IN, pages.sign_in, methods=["GET", "POST"]),
        Route(SIGN_OUT, pages.sign_out, methods=["GET", "POST"]),
        Route(INVITE + "{token}", pages.invitation, methods=["GET", "POST"]),
    ]


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form as text; {} where it is too large or not a plain form."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > LARGEST_FORM:
        return {}
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {}
    async with request.form(max_fields=10) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


def _safe_onward(asked: str) -> str:
    """Where to go after sign-in: only one of our own screens, else the start page."""
    try:
        parts = urlsplit(asked)
    except ValueError:  # "//[": no address at all
        return "/"
    if parts.scheme or parts.netloc or not asked.startswith("/") or not is_screen(parts.path):
        return "/"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _qr(address: str) -> str:
    """The authenticator's address as an inline SVG picture, black on white."""
    picture = qrcode.make(address, image_factory=qrcode.image.svg.SvgPathFillImage, border=2)
    return str(picture.to_string(encoding="unicode"))


class _Pages:
    """The handlers; they keep the house and nothing else."""

    def __init__(self, house: "House") -> None:
        self.house = house

    def _sign_in_page(self, status: int = 200, **words: str) -> Response:
        invented: tuple[tuple[str, str, str], ...] = ()
        if self.house.settings.demonstration:
            accounts = demo.sign_ins(self.house.settings.data)
            invented = tuple((one.username, one.name, one.what) for one in accounts)
        body = plain_pages.sign_in(self.house.organisation.name, invented=invented, **words)
        return HTMLResponse(body, status_code=status)

    async def sign_in(self, request: Request) -> Response:
        """The form, and what becomes of it."""
        if request.method == "GET":
            told = ENDED if "ended" in request.query_params else ""
            return self._sign_in_page(onward=request.query_params.get("next", ""), told=told)
        form = await _form(request)
        onward = form.get("next", "")
        if not from_our_own_page(request.headers):
            return self._sign_in_page(403, problem=OTHER_SITE)
        try:
            token = await run_in_threadpool(self._try, form)
        except ChaperoneError as error:
            problem = f"{error.what} {error.cure}".strip()
            return self._sign_in_page(401, problem=problem, onward=onward)
        answer = RedirectResponse(_safe_onward(onward), status_code=303)
        self._set_cookie(request, answer, token)
        await run_in_threadpool(self._end_earlier, token_of(request.headers))
        return answer

    def _end_earlier(self, earlier: str) -> None:
        """The same browser's session before this one: nobody can use it or end it any more.

        Ended after the new one stands, so that a full disk shuts nobody out; it idles away then.
        """
        try:
            sessions.sign_out(self.house.store, earlier)
        except ChaperoneError as error:
            _log.warning("an earlier session was not ended: %s", error.cure)

    def _try(self, form: dict[str, str]) -> str:
        """The new session's token. In the demonstration a name is enough: all of it is invented."""
        invented = form.get("demonstration", "")
        if invented and self.house.settings.demonstration:
            return demo.enter(self.house, invented)
        username, password = form.get("username", ""), form.get("password", "")
        return sessions.sign_in(self.house.store, username, password, form.get("code", ""))

    def _set_cookie(self, request: Request, answer: Response, token: str) -> None:
        answer.set_cookie(
            COOKIE,
            token,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
            path="/",
        )

    async def sign_out(self, request: Request) -> Response:
        """Ends the session. By GET too: the Strict cookie never comes with another site's link."""
        token = token_of(request.headers)
        await run_in_threadpool(sessions.sign_out, self.house.store, token)
        answer = RedirectResponse(SIGN_IN, status_code=303)
        answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
        return answer

    async def invitation(self, request: Request) -> Response:
        """A one-time link: choose a password, add an authenticator, prove it with a code."""
        token = request.path_params["token"]
        if request.method == "GET":
            return await self._invitation_page(token, 200)
        form = await _form(request)
        if not from_our_own_page(request.headers):
            return await self._invitation_page(token, 403, OTHER_SITE)
        if form.get("password", "") != form.get("again", ""):
            return await self._invitation_page(token, 422, "The two passwords are not the same.")
        try:
            await run_in_threadpool(
                invites.accept_invite,
                self.house.store,
                token,
                form.get("password", ""),
                form.get("code", ""),
            )
        except ChaperoneError as error:
            return await self._invitation_page(token, 422, f"{error.what} {error.cure}".strip())
        done = "Your account is ready. Sign in with it; wait for the next code in your app."
        return self._sign_in_page(told=done)

    async def _invitation_page(self, token: str, status: int, problem: str = "") -> Response:
        try:
            setup = await run_in_threadpool(
                invites.open_invite, self.house.store, token, self.house.organisation.name
            )
        except Refused:
            return HTMLResponse(plain_pages.invitation_over(), status_code=404)
        except ChaperoneError:  # the database: the link goes on working
            return HTMLResponse(plain_pages.went_wrong(), status_code=503)
        body = plain_pages.invitation(
            name=setup.name,
            username=setup.username,
            qr=_qr(setup.uri),
            key=setup.secret,
            problem=problem,
        )
        return HTMLResponse(body, status_code=status)
