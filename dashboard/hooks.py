"""/hooks/meta: where Facebook and Instagram say that something is new.

Anybody may call it, so nothing in a call is believed but its signature: HMAC-SHA256 of the body
with the app's secret, compared in constant time. A good one wakes the poll of the Page or account
that it names, and its words are thrown away. Of a mention, which nothing lists, the ids are kept:
such a call is answered once they are in the tables, and where they are not, Meta calls again. A bad
one is refused and counted. Calls that come too fast, twice, too big or too slowly cost no more than
the answer: writing down happens at most every few seconds, whatever comes.
"""

import asyncio
import hmac
import json
import logging
import re
from collections import OrderedDict
from hashlib import sha256
from time import monotonic
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from collector.connectors.instagram_mention import mentions_in
from collector.told import Told
from collector.waking import Heard, write_down
from dashboard.addresses import HOOKS_META
from models.errors import ChaperoneError, NeedsOperator

if TYPE_CHECKING:
    from chaperone.hook_settings import MetaHooks
    from chaperone.wiring import House

NAME = "meta"
LARGEST = 1024 * 1024
"""Bytes. Meta bundles up to a thousand changes in one call."""

SLOWEST = 10.0
"""Seconds for a whole body."""

AT_ONCE = 8
"""Bodies that are read at the same time; more are asked to come again."""

WRITE_EVERY = 2.0
"""Seconds between two writings into the tables."""

REMEMBERED = 4096
"""Signatures kept to know a call that is played again."""

KEPT_WITHIN = 15.0
"""Seconds that a call with mentions waits until their ids are written down."""

_MOST_ENTRIES = 1000
_SIGNATURE = re.compile(r"sha256=([0-9a-fA-F]{64})")
_CHALLENGE = re.compile(r"[A-Za-z0-9_.-]{1,200}")
_KINDS = {"page": ("facebook", "page_id"), "instagram": ("instagram", "account_id")}
"""The object of a call, to the connector and the option that holds its number."""

log = logging.getLogger(__name__)


def routes(house: "House") -> list[Route]:
    """The route. It is there without [hooks.meta] too, and answers that nothing is: the gate lets
    anybody reach this path, and nothing else may answer there."""
    settings = house.settings.hooks
    answer = _nothing if settings is None else MetaHook(house, settings).answer
    return [Route(HOOKS_META, answer, methods=["GET", "POST"])]


async def _nothing(_request: Request) -> Response:
    return PlainTextResponse("not here", status_code=404)


class MetaHook:
    """Answers the calls of one house, and remembers them until they are written down."""

    def __init__(self, house: "House", settings: "MetaHooks") -> None:
        self._house, self._settings = house, settings
        self._heard = Heard()
        self._written_at = -WRITE_EVERY
        self._writing: asyncio.Task[None] | None = None
        self._waiting: list[asyncio.Future[bool]] = []
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._reading = asyncio.Semaphore(AT_ONCE)
        self._sources = _by_number(house)

    async def answer(self, request: Request) -> Response:
        """GET: the handshake. POST: something is new. Never says why it refuses."""
        try:
            if request.method == "GET":
                return self._handshake(request)
            return await self._told(request)
        except NeedsOperator as error:  # the secret cannot be found
            log.error("the webhook cannot be checked: %s", error)
            return PlainTextResponse("not now", status_code=503)

    def _handshake(self, request: Request) -> Response:
        """Meta asks once, with the words that were entered there, and wants its number back."""
        asked = request.query_params
        challenge = asked.get("hub.challenge", "")
        token = self._settings.verify_token.read()
        given = asked.get("hub.verify_token", "")
        good = hmac.compare_digest(_digest(given), _digest(token))
        if not good or asked.get("hub.mode") != "subscribe" or not _CHALLENGE.fullmatch(challenge):
            return self._refused()
        return PlainTextResponse(challenge)

    async def _told(self, request: Request) -> Response:
        signature = _SIGNATURE.fullmatch(request.headers.get("x-hub-signature-256", ""))
        if signature is None:
            return self._refused()
        if self._reading.locked():
            busy = {"retry-after": "5"}
            return PlainTextResponse("not now", status_code=503, headers=busy)
        async with self._reading:
            body = await _body(request)
        if body is None:
            return self._refused(413)
        if not self._signed(body, signature[1].lower()):
            return self._refused()
        return await self._heard_out(body, signature[1].lower())

    async def _heard_out(self, body: bytes, signature: str) -> Response:
        """Remember what a good call says. One that came before was heard then."""
        if signature in self._seen:
            return PlainTextResponse("ok")
        entries = self._entries(body)
        heard = Heard(_names(entries), accepted=1, told=_told(entries))
        if heard.told and not await self._kept(heard):
            return PlainTextResponse("not now", status_code=503)  # Meta calls again
        if not heard.told:
            self._note(heard)
        self._seen[signature] = None
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return PlainTextResponse("ok")

    def _signed(self, body: bytes, given: str) -> bool:
        """Whether one of the app's secrets made this signature. Every one is compared."""
        good = False
        for place in self._settings.app_secrets:
            made = hmac.new(place.read().encode(), body, sha256).hexdigest()
            good |= hmac.compare_digest(made, given)
        return good

    def _entries(self, body: bytes) -> list[tuple[str, Any]]:
        """(name of one of our sources, an entry of the call that speaks of it)."""
        try:
            said = json.loads(body.decode("utf-8"))
        except (ValueError, RecursionError):
            return []
        kind = said.get("object") if isinstance(said, dict) else None
        entries = said.get("entry") if isinstance(said, dict) else None
        if not isinstance(kind, str) or not isinstance(entries, list):
            return []
        return [
            (name, entry)
            for entry in entries[:_MOST_ENTRIES]
            for name in self._sources.get((kind, _number(entry)), ())
        ]

    def _refused(self, status: int = 403) -> Response:
        self._note(Heard(refused=1))
        return PlainTextResponse("no", status_code=status)

    def _note(self, heard: Heard) -> None:
        """Remember it, and see that it is written down soon, once for all that comes till then."""
        self._heard += heard
        if self._writing is None or self._writing.done():
            self._writing = asyncio.get_running_loop().create_task(self._write())

    async def _kept(self, heard: Heard) -> bool:
        """Remember it, and return once it is written down; False where that did not go well."""
        written: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append(written)
        self._note(heard)
        try:
            return await asyncio.wait_for(written, KEPT_WITHIN)
        except TimeoutError:
            return False

    async def _write(self) -> None:
        while self._heard != Heard():
            await asyncio.sleep(max(0.0, self._written_at + WRITE_EVERY - monotonic()))
            heard, self._heard = self._heard, Heard()
            waiting, self._waiting = self._waiting, []
            self._written_at = monotonic()
            done = False
            try:
                await run_in_threadpool(write_down, self._house.store, NAME, heard)
                done = True
            except ChaperoneError as error:  # the sources are polled all the same
                log.error("what a webhook told was not written down: %s", error)
            finally:
                for written in waiting:
                    if not written.done():  # else its caller has gone
                        written.set_result(done)


async def _body(request: Request) -> bytes | None:
    """The whole body; None where it is too big, comes too slowly, or is broken off."""
    said = request.headers.get("content-length", "")
    if said and (not said.isdigit() or int(said) > LARGEST):
        return None
    read = bytearray()
    try:
        async with asyncio.timeout(SLOWEST):
            async for piece in request.stream():
                read += piece
                if len(read) > LARGEST:
                    return None
    except (TimeoutError, ClientDisconnect):
        return None
    return bytes(read)


def _number(entry: Any) -> str:
    told = entry.get("id") if isinstance(entry, dict) else None
    return str(told) if isinstance(told, str | int) and not isinstance(told, bool) else ""


def _names(entries: list[tuple[str, Any]]) -> frozenset[str]:
    return frozenset(name for name, _ in entries)


def _told(entries: list[tuple[str, Any]]) -> frozenset[Told]:
    """The mentions that they speak of: ids alone, of the platform's own form."""
    return frozenset(
        Told(name, mention) for name, entry in entries for mention in mentions_in(entry)
    )


def _digest(text: str) -> bytes:
    """Of equal length for texts of any length, so that comparing tells nothing."""
    return sha256(text.encode()).digest()


def _by_number(house: "House") -> dict[tuple[str, str], tuple[str, ...]]:
    """(object, number on the platform) to the names of the sources that watch it."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for kind, (connector, option) in _KINDS.items():
        for source in house.settings.sources:
            number = str(source.options.get(option, ""))
            if source.connector == connector and number:
                found[kind, number] = (*found.get((kind, number), ()), source.name)
    return found
