"""Mastodon's harness: see conftest.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import ClassVar

from collector.connector import Connector
from collector.connectors.registry import get
from collector.sandbox.loopback import Call, LoopbackServer, Reply, as_json
from collector.sandbox.mastodon import MastodonSite
from models.vocabulary import now

TOKEN = "mastotokenthatmustnotbeseen"
_JSON = (("Content-Type", "application/json"),)


class MastodonHarness:
    """The stand-in with an account that has posted nothing."""

    secrets: ClassVar[tuple[str, ...]] = (TOKEN,)
    delay: ClassVar[timedelta] = timedelta(seconds=80)

    def __init__(self) -> None:
        self.site = MastodonSite(TOKEN)
        self.threads = self.site.threads
        self.moment = now() - timedelta(days=3)

    def connector(self) -> Connector:
        return self._at(self.site.url)

    def unreachable(self) -> Connector:
        return self._at("http://127.0.0.1:9")

    def _at(self, url: str) -> Connector:
        return get("mastodon").connect({"base_url": url}, {"token": TOKEN}.__getitem__)

    def write(self, text: str, under: str = "") -> str:
        self.moment += timedelta(seconds=1)
        author = "perry@social.example.org" if under else self.site.handle
        return self.threads.add(text, author, under, self.moment).id

    def many(self, count: int) -> None:
        for start in range(0, count, 50):
            post = self.write(f"post {start}")
            for number in range(min(49, count - start - 1)):
                self.write(f"comment {start + number}", post)

    def edit(self, native_id: str, text: str) -> None:
        self.threads.entries[native_id].text = text

    def delete(self, native_id: str) -> None:
        self.threads.entries[native_id].deleted = True

    def stands(self, native_id: str) -> bool:
        return self.threads.find(native_id) is not None

    def limit(self) -> None:
        self.site.weather.storm("limit")

    def break_down(self) -> None:
        self.site.weather.storm("server_error")

    def expire(self) -> None:
        self.site.weather.storm("expired")

    def may_not_moderate(self) -> None:
        """Nobody may, through Mastodon's interface."""

    def may_not_read(self) -> None:
        self.site.weather.interject(
            lambda _: as_json({"error": "This action is outside the authorized scopes"}, 403)
        )

    def hostile(self) -> dict[str, Callable[[], None]]:
        return {name: self._serving(reply) for name, reply in _HOSTILE.items()}

    def _serving(self, reply: Reply) -> Callable[[], None]:
        def serve(call: Call) -> Reply | None:
            return None if call.path.endswith("/verify_credentials") else reply

        return lambda: self.site.weather.interject(serve)

    def mend(self) -> None:
        self.site.weather.calm()


_HOSTILE = {
    "not json": Reply(200, b"<html>proxy login</html>"),
    "bad utf-8": Reply(200, b'[{"id":"1","content":"caf\xe9"}]', _JSON),
    "an object": as_json({"data": []}),
    "null": as_json(None),
    "deep": Reply(200, b"[" * 200_000 + b"]" * 200_000, _JSON),
    "ten megabytes": Reply(200, b'["' + b"x" * 10_000_000 + b'"]', _JSON),
    "endless": as_json([], Link='<https://x.example.org/?max_id=7>; rel="next"'),
    "an error of another kind": as_json({"error": {"message": TOKEN}}, 422),
    "a page for everything": Reply(404, b"<html>not found</html>"),
    "a guard": Reply(403, b"<html>blocked</html>"),
    "a redirect": Reply(302, b"", (("Location", "http://127.0.0.1:9/steal"),)),
}


@contextmanager
def _harness() -> Iterator[MastodonHarness]:
    made = MastodonHarness()
    with LoopbackServer(made.site.answer) as server:
        made.site.url = server.url
        yield made


HARNESSES = {"mastodon": _harness}
