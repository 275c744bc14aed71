"""A small JSON service on the loopback, for the parts around a real server that are ours."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A request. path: unquoted, without the leading slash. query: every value of a name."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    authorization: str
    body: bytes

    def one(self, name: str, usual: str = "") -> str:
        """The first value of a name in the query."""
        return self.query.get(name, [usual])[0]


Reply = tuple[int, Any]
"""(the HTTP status, what goes out as JSON)"""


@contextmanager
def answering(answer: Callable[[Asked], Reply]) -> Iterator[str]:
    """Serve on a free port of the loopback until the block ends; its address, without a slash.

    answer is called in several threads at once. An error in it closes the connection.
    """

    class Handler(BaseHTTPRequestHandler):
        """Hands each request to `answer`."""

        def do_GET(self) -> None:
            """A query."""
            self._answer()

        def do_POST(self) -> None:
            """A procedure."""
            self._answer()

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            size = min(int(self.headers.get("Content-Length") or 0), _LARGEST)
            asked = Asked(
                self.command,
                unquote(parts.path).lstrip("/"),
                parse_qs(parts.query),
                self.headers.get("Authorization", ""),
                self.rfile.read(size),
            )
            status, said = answer(asked)
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: addresses hold names of accounts."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
