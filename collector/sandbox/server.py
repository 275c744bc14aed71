"""The Graph API stand-in on a port of the loopback.

    with GraphServer(graph) as server:
        ...                              # server.url is the base address, "http://127.0.0.1:PORT"

Where `control` is on, POST /_control/storm?name=limit&times=3, /_control/calm and
/_control/change?id=...&message=... steer it from outside; off, those paths do not exist.
"""

from urllib.parse import parse_qsl

from collector.sandbox.graph import Graph, Request
from collector.sandbox.graph_storms import STORMS
from collector.sandbox.loopback import Call, LoopbackServer, Reply, as_json

_CONTROL = "/_control/"


class GraphServer(LoopbackServer):
    """Serves one Graph in threads of this process until it is closed."""

    def __init__(self, graph: Graph, port: int = 0, *, control: bool = False) -> None:
        """port 0: any that is free. Raises NeedsOperator where the port is taken."""
        self.graph, self._control = graph, control
        super().__init__(self._answer, port)
        graph.base = f"{self.url}/"

    def _answer(self, call: Call) -> Reply:
        fields = dict(parse_qsl(call.query, keep_blank_values=True))
        fields.update(parse_qsl(call.body, keep_blank_values=True))
        if self._control and call.method == "POST" and call.path.startswith(_CONTROL):
            return _steer(self.graph, call.path.removeprefix(_CONTROL), fields)
        token = fields.pop("access_token", "")
        scheme, _, given = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() in ("bearer", "oauth"):
            token = given.strip()
        method = call.method
        if method == "POST" and "method" in fields:  # for what must not stand in an address
            method = fields.pop("method").upper()
        return self.graph.answer(Request(method, call.path.lstrip("/"), fields, token))


def _steer(graph: Graph, command: str, fields: dict[str, str]) -> Reply:
    """Carry out one control command; 404 for one that does not exist."""
    if command == "calm":
        graph.calm()
    elif command == "storm" and fields.get("name") in STORMS:
        times = fields.get("times", "")
        graph.storm(fields["name"], int(times) if times.isdigit() else None)
    elif command == "change" and graph.page.find(fields.get("id", "")) is not None:
        graph.page.change(fields["id"], message=fields.get("message", ""))
    else:
        return as_json({"success": False}, 404)
    return as_json({"success": True})
