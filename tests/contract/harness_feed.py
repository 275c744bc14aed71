"""The feed's harness: see conftest.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import ClassVar

from collector.connector import Connector
from collector.connectors.registry import get
from collector.sandbox.feeds import FeedSite
from collector.sandbox.loopback import Call, LoopbackServer, Reply
from models.vocabulary import now

KEY = "secretkeyofthefeed"


class FeedHarness:
    """A blog without an article, whose feed has a secret address."""

    secrets: ClassVar[tuple[str, ...]] = (KEY,)
    delay: ClassVar[timedelta] = timedelta(seconds=90)

    def __init__(self) -> None:
        self.site = FeedSite(KEY)
        self.moment = now() - timedelta(days=3)

    def connector(self) -> Connector:
        return self._at(self.site.url)

    def unreachable(self) -> Connector:
        return self._at("http://127.0.0.1:9")

    def _at(self, url: str) -> Connector:
        return get("feed").connect({}, {"secret_url": f"{url}/feed.xml?key={KEY}"}.__getitem__)

    def write(self, text: str, under: str = "") -> str:
        self.moment += timedelta(seconds=1)
        parent = under.rpartition("/")[2]
        return self.site.link(self.site.threads.add(text, "Jo", parent, self.moment))

    def many(self, count: int) -> None:
        for start in range(0, count, 50):
            post = self.write(f"post {start}")
            for number in range(min(49, count - start - 1)):
                self.write(f"comment {start + number}", post)

    def edit(self, native_id: str, text: str) -> None:
        self.site.threads.entries[native_id.rpartition("/")[2]].text = text

    def delete(self, native_id: str) -> None:
        self.site.threads.entries[native_id.rpartition("/")[2]].deleted = True

    def stands(self, native_id: str) -> bool:
        return self.site.threads.find(native_id.rpartition("/")[2]) is not None

    def limit(self) -> None:
        self.site.weather.storm("limit")

    def break_down(self) -> None:
        self.site.weather.storm("server_error")

    def expire(self) -> None:
        self.site.weather.storm("expired")

    def may_not_moderate(self) -> None:
        """Nobody may, through a feed."""

    def may_not_read(self) -> None:
        self.site.weather.interject(lambda _: Reply(403, b"<html>no</html>"))

    def hostile(self) -> dict[str, Callable[[], None]]:
        return {name: self._serving(reply) for name, reply in _HOSTILE.items()}

    def _serving(self, reply: Reply) -> Callable[[], None]:
        def serve(call: Call) -> Reply | None:
            return reply if call.path == "/feed.xml" else None

        return lambda: self.site.weather.interject(serve)

    def mend(self) -> None:
        self.site.weather.calm()


_TEN = [f"&l{number};" * 10 for number in range(12)]
_LAUGHS = "".join(f'<!ENTITY l{number} "{ten}">' for number, ten in enumerate(_TEN, 1))
_HOSTILE = {
    "a page to sign in": Reply(200, b"<html>sign in</html>", (("Content-Type", "text/html"),)),
    "nothing": Reply(200),
    "json": Reply(200, b'{"version":"https://jsonfeed.org/version/1.1","items":null}'),
    "half a feed": Reply(200, b'<rss version="2.0"><channel><item><title>half</title>'),
    "bad utf-8": Reply(
        200, b'<rss version="2.0"><channel><item><title>caf\xe9</title></item></channel></rss>'
    ),
    "entities without end": Reply(
        200,
        f'<!DOCTYPE r [<!ENTITY l0 "ha">{_LAUGHS}]><rss version="2.0"><channel>'
        "<title>&l12;</title></channel></rss>".encode(),
    ),
    "a file of ours": Reply(
        200,
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel>'
        b"<item><title>&x;</title></item></channel></rss>",
    ),
    "ten megabytes": Reply(200, b'<rss version="2.0">' + b"x" * 10_000_000 + b"</rss>"),
    "another site": Reply(302, b"", (("Location", "http://127.0.0.2:9/steal"),)),
    "a file by redirect": Reply(302, b"", (("Location", "file:///etc/passwd"),)),
    "round in circles": Reply(302, b"", (("Location", "/feed.xml"),)),
    "taken down": Reply(410, b"gone"),
    "not changed, though we did not ask": Reply(304),
}


@contextmanager
def _harness() -> Iterator[FeedHarness]:
    made = FeedHarness()
    with LoopbackServer(made.site.answer) as server:
        made.site.url = server.url
        yield made


HARNESSES = {"feed": _harness}
