"""The wikis' harnesses: see conftest.py. A post is an edit of the one page that is watched."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import ClassVar

from collector.connector import Connector
from collector.connectors.registry import get
from collector.sandbox.loopback import Call, LoopbackServer, Reply, as_json
from collector.sandbox.wiki import Version, WikiSite, refusal
from models.vocabulary import now

PASSWORD = "botpasswordofthewiki"
_TITLE = "Our School"
_EDITS = frozenset({"read", "edit", "delete"})
_JSON = (("Content-Type", "application/json"),)


class WikiHarness:
    """A wiki with one page, where an edit follows the other."""

    edits_are_new_posts: ClassVar[bool] = True
    secrets: ClassVar[tuple[str, ...]] = (PASSWORD,)
    delay: ClassVar[timedelta] = timedelta(seconds=45)

    def __init__(self, name: str) -> None:
        self.name = name
        self.site = WikiSite({"Safe@chaperone": (PASSWORD, _EDITS)})
        self.url = ""
        self.moment = now() - timedelta(days=3)

    def connector(self) -> Connector:
        return self._at(self.url)

    def unreachable(self) -> Connector:
        return self._at("http://127.0.0.1:9/")

    def _at(self, url: str) -> Connector:
        options = {"wiki_url": url, "pages": [_TITLE]}
        own = {"own_wiki": True, "username": "Safe@chaperone"}
        given = {**options, **own} if self.name == "mediawiki" else options
        return get(self.name).connect(given, {"password": PASSWORD}.__getitem__)

    def write(self, text: str, under: str = "") -> str:
        self.moment += timedelta(seconds=1)
        newest = self.site.newest(self.site.page(_TITLE))
        whole = f"{newest.text}\n{text}" if newest else text
        return f"r{self.site.write(_TITLE, whole, at=self.moment).id}"

    def many(self, count: int) -> None:
        for number in range(count):
            self.write(f"edit {number}")

    def _version(self, native_id: str) -> Version:
        return self.site.versions[int(native_id[1:])]

    def edit(self, native_id: str, text: str) -> None:
        self.write(text)

    def delete(self, native_id: str) -> None:
        self._version(native_id).hidden = True

    def stands(self, native_id: str) -> bool:
        version = self._version(native_id)
        return not version.hidden and not version.undone

    def limit(self) -> None:
        self.site.weather.storm("limit")

    def break_down(self) -> None:
        self.site.weather.storm("server_error")

    def expire(self) -> None:
        if self.name == "mediawiki":
            self.site.accounts["Safe@chaperone"] = ("changed", _EDITS)
            self.site.sessions.clear()
        else:
            self.site.weather.storm("private")

    def may_not_moderate(self) -> None:
        self.site.accounts["Safe@chaperone"] = (PASSWORD, frozenset({"read"}))

    def may_not_read(self) -> None:
        self.site.weather.interject(lambda _: refusal("readapidenied"))

    def hostile(self) -> dict[str, Callable[[], None]]:
        return {name: self._serving(reply) for name, reply in _HOSTILE.items()}

    def _serving(self, reply: Reply) -> Callable[[], None]:
        def serve(call: Call) -> Reply | None:
            return reply if "meta=" not in call.query and call.method == "GET" else None

        return lambda: self.site.weather.interject(serve)

    def mend(self) -> None:
        self.site.weather.calm()
        self.site.accounts["Safe@chaperone"] = (PASSWORD, _EDITS)


_PAGE = {"pageid": 1, "title": _TITLE, "lastrevid": 999_999, "associatedpage": f"Talk:{_TITLE}"}
_HALF = {**_PAGE, "revisions": [{"revid": 1001, "timestamp": None}]}
_WHOLE = {"revid": 1001, "timestamp": "2026-01-02T03:04:05Z", "slots": {"main": {"content": ""}}}
_AGAIN = {"query": {"pages": [{**_PAGE, "revisions": [_WHOLE]}]}, "continue": {"rvcontinue": "x|1"}}
_HOSTILE = {
    "not json": Reply(200, b"<html>proxy login</html>"),
    "bad utf-8": Reply(200, b'{"query":{"pages":[{"title":"caf\xe9"}]}}', _JSON),
    "ten megabytes": Reply(200, b'{"query":"' + b"x" * 10_000_000 + b'"}', _JSON),
    "a list": as_json([1, 2, 3]),
    "query is null": as_json({"query": None}),
    "pages are text": as_json({"query": {"pages": "none"}}),
    "pages by number": as_json({"query": {"pages": {"1": _PAGE}}}),
    "a page of another kind": as_json({"query": {"pages": [{"title": _TITLE}]}}),
    "half a version": as_json({"query": {"pages": [_HALF]}}),
    "endless": as_json(_AGAIN),
    "nowhere to go on": as_json({"query": {"pages": []}, "continue": {"rvcontinue": 7}}),
    "deep": Reply(200, b'{"query":' + b"[" * 200_000 + b"]" * 200_000 + b"}", _JSON),
    "an error of another kind": as_json({"error": "no"}),
    "an error with a telling code": refusal(PASSWORD),
    "a redirect": Reply(302, b"", (("Location", "http://127.0.0.1:9/steal"),)),
}


def _made(name: str) -> Callable[[], "contextmanager"]:
    @contextmanager
    def harness() -> Iterator[WikiHarness]:
        made = WikiHarness(name)
        with LoopbackServer(made.site.answer) as server:
            made.url = f"{server.url}/"
            yield made

    return harness


HARNESSES = {name: _made(name) for name in ("mediawiki", "wikipedia")}
