"""One harness per connector: what the contract suite needs to steer its platform's stand-in.

To add a connector: write a file `harness_<name>.py` beside this one with a Harness, and
HARNESSES: its name, to a function that gives the Harness as a context. The suite itself
(test_connectors.py) is not changed for it.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import ClassVar, Protocol

import pytest

from collector.connector import Connector
from collector.connectors.facebook import Facebook
from collector.connectors.registry import get
from collector.sandbox.graph import MANAGE, READ, READ_PEOPLE, Graph, Request
from collector.sandbox.graph_storms import error
from collector.sandbox.loopback import Call, LoopbackServer, Reply, as_json
from collector.sandbox.page import Author, Page
from collector.sandbox.reddit import RedditSite
from collector.sandbox.reddit_board import Board
from collector.sandbox.server import GraphServer
from models.vocabulary import now


def _from_files() -> dict[str, Callable[[], AbstractContextManager["Harness"]]]:
    """What the files `harness_*.py` beside this one offer."""
    found: dict[str, Callable[[], AbstractContextManager[Harness]]] = {}
    for path in sorted(Path(__file__).parent.glob("harness_*.py")):
        spec = spec_from_file_location(path.stem, path)
        assert spec is not None and spec.loader is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        found.update(module.HARNESSES)
    return found


class Harness(Protocol):
    """A platform with one watched place, steered from outside. ids are native ids.

    A connector with REMOVE_MEMBER has `admit(name) -> handle` too: somebody comes into the place.
    Where it has them: may_not_read() takes the permission to read away; lose_the_reason() lets the
    call with a removal's reason fail, and reason_of(native_id) is what stands beside it.
    secrets: what must never be in a log or an error. delay: what `limit` asks to wait.
    hostile: payload by name, each served from the next call on until `mend`.
    """

    secrets: ClassVar[tuple[str, ...]]
    delay: ClassVar[timedelta]

    def connector(self) -> Connector: ...
    def write(self, text: str, under: str = "") -> str: ...
    def many(self, count: int) -> None: ...
    def edit(self, native_id: str, text: str) -> None: ...
    def delete(self, native_id: str) -> None: ...
    def stands(self, native_id: str) -> bool: ...
    def limit(self) -> None: ...
    def break_down(self) -> None: ...
    def expire(self) -> None: ...
    def may_not_moderate(self) -> None: ...
    def hostile(self) -> dict[str, Callable[[], None]]: ...
    def unreachable(self) -> Connector: ...
    def mend(self) -> None: ...


_NOBODY = "http://127.0.0.1:9"
"""The discard port: nothing listens there."""

TOKEN = "EAABtokenthatmustnotbeseen"
APP_SECRET = "appsecretthatmustnotbeseen"


class FacebookHarness:
    """The Graph API stand-in with an empty Page."""

    secrets: ClassVar[tuple[str, ...]] = (TOKEN, APP_SECRET)
    delay: ClassVar[timedelta] = timedelta(minutes=19)

    def __init__(self, graph: Graph, url: str) -> None:
        self.graph, self.page, self.url = graph, graph.page, url
        self.visitor = Author("880000000000777", "Ottoline Vane")
        self.moment = now() - timedelta(days=3)

    def connector(self) -> Facebook:
        return self._at(self.url)

    def unreachable(self) -> Facebook:
        return self._at(_NOBODY)

    def _at(self, url: str) -> Facebook:
        made = get("facebook").connect(
            {"page_id": self.page.id, "base_url": url},
            {"token": TOKEN, "app_secret": APP_SECRET}.__getitem__,
        )
        assert isinstance(made, Facebook)
        return made

    def write(self, text: str, under: str = "") -> str:
        self.moment += timedelta(seconds=1)
        number, _, _ = under.partition("_")
        if under and number != self.page.id:  # an answer to a comment
            return self.page.add(
                text,
                self.visitor,
                under=f"{self.page.id}_{number}",
                reply_to=under,
                created=self.moment,
            )
        return self.page.add(text, self.visitor, under=under, created=self.moment)

    def many(self, count: int) -> None:
        for start in range(0, count, 50):
            post = self.write(f"post {start}")
            for number in range(min(49, count - start - 1)):
                self.write(f"comment {start + number}", post)

    def edit(self, native_id: str, text: str) -> None:
        self.page.change(native_id, message=text)

    def delete(self, native_id: str) -> None:
        self.page.change(native_id, deleted=True)

    def stands(self, native_id: str) -> bool:
        return self.page.find(native_id) is not None

    def admit(self, name: str) -> str:
        return str(880_000_000_100_000 + sum(name.encode()))

    def limit(self) -> None:
        self.graph.storm("limit")

    def break_down(self) -> None:
        self.graph.storm("server_error")

    def expire(self) -> None:
        self.graph.storm("expired")

    def may_not_moderate(self) -> None:
        self.graph.grant(TOKEN, frozenset({READ, READ_PEOPLE}))

    def may_not_read(self) -> None:
        self.graph.grant(TOKEN, frozenset({MANAGE}))

    def hostile(self) -> dict[str, Callable[[], None]]:
        return {name: self._serving(answer) for name, answer in _HOSTILE.items()}

    def _serving(self, answer: Reply) -> Callable[[], None]:
        def serve(request: Request) -> Reply | None:
            return answer if request.method == "GET" else None

        return lambda: self.graph.interject(serve)

    def mend(self) -> None:
        self.graph.calm()
        self.graph.grant(TOKEN)


def _page_of(*data: object, **paging: object) -> Reply:
    return as_json({"data": list(data), "paging": paging} if paging else {"data": list(data)})


_JSON = (("Content-Type", "application/json"),)
_HOSTILE = {
    "not json": Reply(200, b"<html>proxy login</html>"),
    "no content type": Reply(200, b"hello", (("Content-Type", ""),)),
    "bad utf-8": Reply(200, b'{"data":[{"id":"1_2","message":"caf\xe9"}]}', _JSON),
    "a list": as_json([1, 2, 3]),
    "a number": Reply(200, b"7", _JSON),
    "deep": Reply(200, b'{"data":' + b"[" * 200_000 + b"]" * 200_000 + b"}", _JSON),
    "ten megabytes": Reply(200, b'{"data":["' + b"x" * 10_000_000 + b'"]}', _JSON),
    "data is null": as_json({"data": None}),
    "data is text": as_json({"data": "posts"}),
    "endless": _page_of(next="https://graph.example.org/", cursors={"after": "same"}),
    "next without a way": _page_of(next="https://graph.example.org/?limit=1"),
    "paging of another kind": _page_of(next=7, cursors=[]),
    "error of another kind": as_json({"error": "no"}, 400),
    "error without a code": as_json({"error": {"message": TOKEN}}, 400),
    "error with a telling message": error(190, f"Malformed access token {TOKEN}", status=401),
    "a redirect": Reply(302, b"", (("Location", "http://127.0.0.1:9/steal"),)),
    "digits": Reply(200, b'{"data":[' + b"9" * 10_000 + b"]}", _JSON),
}


@pytest.fixture
def facebook_harness() -> Iterator[FacebookHarness]:
    """A Page that nobody has written on."""
    graph = Graph(Page("900100200300400", "Brackwater School of Dance"))
    graph.grant(TOKEN)
    with GraphServer(graph) as server:
        yield FacebookHarness(graph, server.url)


class RedditHarness:
    """The Reddit stand-in with one empty subreddit and an account that moderates it."""

    secrets: ClassVar[tuple[str, ...]] = ("appsecretofreddit", "passwordofthemoderator")
    delay: ClassVar[timedelta] = timedelta(seconds=240)

    def __init__(self) -> None:
        self.board = Board()
        self.board.open("tapschool", "mod")
        self.site = RedditSite(self.board, apps={"app": self.secrets[0]})
        self.site.passwords = {"mod": self.secrets[1], "guest": self.secrets[1]}
        self.url, self.user = "", "mod"
        self._hostile: Reply | None = None

    def answer(self, call: Call) -> Reply:
        if self._hostile is not None and call.method == "GET":
            return self._hostile
        return self.site.answer(call)

    def connector(self) -> Connector:
        return self._at(self.url)

    def unreachable(self) -> Connector:
        return self._at(_NOBODY)

    def _at(self, url: str) -> Connector:
        secrets = {"client_secret": self.secrets[0], "password": self.secrets[1]}
        return get("reddit").connect(
            {
                "subreddit": "tapschool",
                "client_id": "app",
                "username": self.user,
                "oauth_url": url,
                "reddit_url": url,
            },
            lambda name: secrets.get(name, ""),
        )

    def write(self, text: str, under: str = "") -> str:
        if under:
            return self.board.reply(under, "ottoline", text)
        return self.board.submit("tapschool", "ottoline", text)

    def many(self, count: int) -> None:
        for start in range(0, count, 50):
            post = self.write(f"post {start}")
            for number in range(min(49, count - start - 1)):
                self.write(f"comment {start + number}", post)

    def edit(self, native_id: str, text: str) -> None:
        self.board.edit(native_id, text)

    def delete(self, native_id: str) -> None:
        self.board.delete(native_id)

    def stands(self, native_id: str) -> bool:
        return self.board.entries[native_id].state == ""

    def admit(self, name: str) -> str:
        self.board.subreddits["tapschool"].members.add(name)
        return name

    def limit(self) -> None:
        self.site.storm("too_many_json")

    def break_down(self) -> None:
        self.site.storm("server_error")

    def expire(self) -> None:
        self.site.passwords["mod"] = "changed"
        self.site.withdraw_tokens()

    def may_not_moderate(self) -> None:
        self.user = "guest"

    def may_not_read(self) -> None:
        self.site.storm("scope")

    def lose_the_reason(self) -> None:
        self.site.storm("unavailable", only="actions/removal_reasons")

    def reason_of(self, native_id: str) -> str:
        entry = self.board.entries[native_id]
        return entry.reason_title or entry.mod_note or ""

    def hostile(self) -> dict[str, Callable[[], None]]:
        return {name: self._serving(reply) for name, reply in _HOSTILE_REDDIT.items()}

    def _serving(self, reply: Reply) -> Callable[[], None]:
        return lambda: setattr(self, "_hostile", reply)

    def mend(self) -> None:
        self.site.calm()
        self.site.passwords["mod"] = self.secrets[1]
        self.user, self._hostile = "mod", None


_HOSTILE_REDDIT = {
    "not json": Reply(200, b"<html>proxy login</html>"),
    "bad utf-8": Reply(200, b'{"data":{"children":["caf\xe9"]}}', _JSON),
    "ten megabytes": Reply(200, b'{"data":["' + b"x" * 10_000_000 + b'"]}', _JSON),
    "a list": as_json([1, 2, 3]),
    "data is null": as_json({"kind": "Listing", "data": None}),
    "children are null": as_json({"kind": "Listing", "data": {"children": [None]}}),
    "a number": Reply(200, b"7", _JSON),
    "digits": Reply(200, b'{"data":{"children":[' + b"9" * 10_000 + b"]}}", _JSON),
    "children are text": as_json({"kind": "Listing", "data": {"children": "posts"}}),
    "deep": Reply(200, b'{"data":' + b"[" * 200_000 + b"]" * 200_000 + b"}", _JSON),
    "a redirect": Reply(302, b"", (("Location", "http://127.0.0.1:9/steal"),)),
}


@pytest.fixture
def reddit_harness() -> Iterator[RedditHarness]:
    """A subreddit that nobody has written in."""
    made = RedditHarness()
    with LoopbackServer(made.answer) as server:
        made.url = server.url
        yield made


HARNESSES = _from_files()
CONNECTORS = ("facebook", "reddit", *HARNESSES)


@pytest.fixture(scope="session")
def with_harness() -> frozenset[str]:
    """The connectors that test_connectors.py and test_members.py steer by a harness."""
    return frozenset(CONNECTORS)


@pytest.fixture(params=CONNECTORS)
def harness(request: pytest.FixtureRequest) -> Iterator[Harness]:
    """Each connector's harness in turn."""
    if request.param in HARNESSES:
        with HARNESSES[request.param]() as made:
            yield made
    else:
        yield request.getfixturevalue(f"{request.param}_harness")
