"""The Graph API stand-in on a port of the loopback.

    with GraphServer(graph) as server:
        ...                              # server.url is the base address, "http://127.0.0.1:PORT/"

Where `control` is on, POST /_control/storm?name=limit&times=3, /_control/calm and
/_control/change?id=...&message=... steer it from outside; off, those paths do not exist.
"""

import logging
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from collector.sandbox.graph import Graph, Request
from collector.sandbox.graph_storms import STORMS, Answer
from models.errors import NeedsOperator

_MAX_BODY = 1_000_000
_log = logging.getLogger(__name__)


class GraphServer:
    """Serves one Graph in threads of this process until it is closed. Loopback only."""

    def __init__(self, graph: Graph, port: int = 0, *, control: bool = False) -> None:
        """port 0: any that is free. Raises NeedsOperator where the port is taken."""
        self.graph = graph
        try:
            self._server = _Server(("127.0.0.1", port), _Handler)
        except OSError as error:
            raise NeedsOperator(
                f"Port {port} cannot be used ({type(error).__name__}).",
                subject="the sandbox",
                cure="Stop what is using it, or give another port.",
            ) from error
        self._server.graph, self._server.control = graph, control
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        graph.base = self.url
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop answering and give the port back."""
        self._server.shutdown()
        self._server.server_close()
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


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a client may keep its connection open longer than we live
    graph: Graph
    control: bool


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    timeout = 30
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:
        """Method, path and status only: a query may hold a token."""
        _log.debug("%s %s", self.command, urlsplit(self.path).path)

    def _serve(self) -> None:
        answer = self._answer()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if "Content-Type" not in answer.headers:
            self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        try:
            self.wfile.write(answer.body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client had enough of a long answer

    def _answer(self) -> Answer:
        url = urlsplit(self.path)
        fields = dict(parse_qsl(url.query, keep_blank_values=True))
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > _MAX_BODY:
            return Answer(413, b"")
        body = self.rfile.read(int(length)).decode("utf-8", "replace")
        fields.update(parse_qsl(body, keep_blank_values=True))
        path = url.path.lstrip("/")
        if self.server.control and path.startswith("_control/"):
            return _steer(self.server.graph, path.removeprefix("_control/"), fields)
        token = fields.pop("access_token", "")
        scheme, _, given = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() in ("bearer", "oauth"):
            token = given.strip()
        return self.server.graph.answer(Request(self.command, path, fields, token))


def _steer(graph: Graph, command: str, fields: dict[str, str]) -> Answer:
    """Carry out one control command; 404 for one that does not exist."""
    if command == "calm":
        graph.calm()
    elif command == "storm" and fields.get("name") in STORMS:
        times = fields.get("times", "")
        graph.storm(fields["name"], int(times) if times.isdigit() else None)
    elif command == "change" and graph.page.find(fields.get("id", "")) is not None:
        graph.page.change(fields["id"], message=fields.get("message", ""))
    else:
        return Answer.json({"success": False}, 404)
    return Answer.json({"success": True})
