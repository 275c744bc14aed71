"""Replays recorded traffic (VCR JSON, or vcrpy YAML) over real HTTP on the loopback.

Rules: a request's key is its method, path, sorted query and normalised body; equal keys are
answered in recorded order and the last is repeated; absolute addresses of the recorded hosts
become the local server's; Transfer-Encoding, Content-Encoding, Content-Length and Set-Cookie are
dropped; what was never recorded is answered 599 with the request in the body and in `unmatched`,
so that nothing passes by accident.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from collector.sandbox.loopback import Call, LoopbackServer, Reply
from models.errors import MendInput

Interaction = Mapping[str, Any]
"""One recorded pair: {"request": {...}, "response": {...}, "recorded_at": "..."}."""

Key = tuple[str, str, str, str]
"""Method, path without a slash at its end, sorted query, normalised body."""

_DROPPED = {
    "transfer-encoding",
    "content-encoding",
    "content-length",
    "set-cookie",
    "connection",
    "date",
    "server",
}


def load(path: Path) -> tuple[Interaction, ...]:
    """The pairs of one recording. Raises MendInput where the file is none."""
    try:
        text = path.read_text(encoding="utf-8")
        recorded = (_yaml(text) if path.suffix == ".yaml" else json.loads(text))["interactions"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MendInput(
            f"It is not a recording ({type(error).__name__}).",
            subject=path.name,
            cure="Give a VCR file in JSON or YAML, with a list named interactions.",
        ) from error
    return tuple(recorded)


def _yaml(text: str) -> Any:
    """Raises ValueError where it is none, or asks for more than plain values."""
    import yaml  # only recordings of vcrpy need it

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError("no YAML") from error


class Replay(LoopbackServer):
    """Serves recorded pairs. served: every key that was asked, in order."""

    def __init__(
        self,
        interactions: Iterable[Interaction],
        placeholders: Mapping[str, str] | None = None,
    ) -> None:
        """placeholders: what stands for the recording's own ("<TEST_SUBREDDIT>": "tapschool")."""
        self._swap = dict(placeholders or {})
        self._hosts: set[str] = set()
        self._lock = Lock()
        self._recorded: dict[Key, list[Interaction]] = defaultdict(list)
        self._used: dict[Key, int] = defaultdict(int)
        self.unmatched: list[str] = []
        self.served: list[Key] = []
        for pair in interactions:
            request = pair["request"]
            parts = urlsplit(self._filled(unquote(request["uri"])))
            self._hosts.add(f"{parts.scheme}://{parts.netloc}")
            body = self._filled(_text(request.get("body")))
            asked = key(request["method"], parts.path, parts.query, body)
            self._recorded[asked].append(pair)
        super().__init__(self._answer)

    def _answer(self, call: Call) -> Reply:
        asked = key(call.method, unquote(call.path), call.query, call.body)
        with self._lock:
            pairs: Sequence[Interaction] = self._recorded.get(asked, ())
            if not pairs:
                line = " ".join(asked).strip()
                self.unmatched.append(line)
                return Reply(599, f"never recorded: {line}\n".encode())
            pair = pairs[min(self._used[asked], len(pairs) - 1)]
            self._used[asked] += 1
            self.served.append(asked)
        return self._reply(pair["response"])

    def _reply(self, response: Mapping[str, Any]) -> Reply:
        status = int(response["status"]["code"])
        body = self._local(_text(response.get("body"))).encode()
        headers = [
            (name, self._local(value))
            for name, values in response.get("headers", {}).items()
            if name.lower() not in _DROPPED
            for value in ([values] if isinstance(values, str) else values)
        ]
        return Reply(status, body, tuple(headers))

    def _local(self, text: str) -> str:
        text = self._filled(text)
        for host in self._hosts:
            text = text.replace(host, self.url)
        return text

    def _filled(self, text: str) -> str:
        for mark, value in self._swap.items():
            text = text.replace(mark, value)
        return text


def key(method: str, path: str, query: str, body: str) -> Key:
    """What makes two requests the same one, whatever the order of their fields."""
    sorted_query = urlencode(sorted(parse_qsl(query, keep_blank_values=True)))
    return method.upper(), path.rstrip("/"), sorted_query, _body(body)


def _body(body: str) -> str:
    """A form with its fields sorted, JSON inside it or alone with its keys sorted.

    `api_type` says only how the answer is wrapped, and came to be sent later than some recordings.
    """
    if body.lstrip().startswith("{"):
        return urlencode({"json": _canonical(body)})
    pairs = sorted(parse_qsl(body, keep_blank_values=True))
    return urlencode([(name, _canonical(value)) for name, value in pairs if name != "api_type"])


def _canonical(value: str) -> str:
    if not value.startswith("{"):
        return value
    try:
        said = json.loads(value)
    except ValueError:
        return value
    said.pop("api_type", None)
    return json.dumps(said, sort_keys=True)


def _text(body: Any) -> str:
    if isinstance(body, Mapping):
        body = body.get("string", "")
    return "" if body is None else str(body)
