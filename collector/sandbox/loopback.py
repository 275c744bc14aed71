"""A small HTTP server on the loopback that asks one function for every answer."""

import json
import logging
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseServer
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from models.errors import NeedsOperator

_MAX_BODY = 1_000_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Call:
    """One request. path: with the leading slash. headers: names in lower case."""

    method: str
    path: str
    query: str
    body: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; its length is counted for it."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = field(default_factory=tuple)


def as_json(content: object, status: int = 200, **headers: str) -> Reply:
    """A JSON answer. headers: with underscores for hyphens."""
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    kind = ("Content-Type", "application/json; charset=UTF-8")
    return Reply(status, json.dumps(content).encode(), (kind, *named))


class Serving:
    """A server of the loopback that serves in threads of this process until it is closed."""

    def __init__(self, server: BaseServer) -> None:
        self._serving = server
        self._thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop answering and give the port back."""
        self._serving.shutdown()
        self._serving.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()


class LoopbackServer(Serving):
    """Answers over HTTP. url: without a slash at its end."""

    def __init__(self, answer: Callable[[Call], Reply], port: int = 0) -> None:
        """port 0: any that is free. Raises NeedsOperator where the port is taken."""
        try:
            server = _Server(("127.0.0.1", port), _Handler)
        except OSError as error:
            raise NeedsOperator(
                f"Port {port} cannot be used ({type(error).__name__}).",
                subject="the sandbox",
                cure="Stop what is using it, or give another port.",
            ) from error
        server.answer = answer
        self.url = f"http://127.0.0.1:{server.server_port}"
        super().__init__(server)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a client may keep its connection open longer than we live
    answer: Callable[[Call], Reply]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away in the middle is no error of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    timeout = 30
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:
        """Method and path only: headers and bodies hold tokens and words."""
        path = re.sub(r"^/bot[^/]*", "/bot", urlsplit(self.path).path)  # Telegram's token
        _log.debug("%s %s", self.command, path)

    def _serve(self) -> None:
        reply = self._reply()
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        if self.close_connection:
            self.send_header("Connection", "close")  # or the client would use it once more
        self.end_headers()
        try:
            self.wfile.write(reply.body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client had enough of a long answer

    def _reply(self) -> Reply:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > _MAX_BODY:
            self.close_connection = True
            return Reply(413)
        body = self.rfile.read(int(length)).decode("utf-8", "replace")
        url = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        return self.server.answer(Call(self.command, url.path, url.query, body, headers))
