"""Discourse's harness: see conftest.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import ClassVar

from collector.connector import Connector
from collector.connectors.registry import get
from collector.sandbox.discourse import DiscourseSite, Written
from collector.sandbox.loopback import Call, LoopbackServer, Reply, as_json
from models.vocabulary import now

KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f9keyoftheforum"
_JSON = (("Content-Type", "application/json"),)


class DiscourseHarness:
    """A forum without a topic."""

    secrets: ClassVar[tuple[str, ...]] = (KEY,)
    delay: ClassVar[timedelta] = timedelta(seconds=37)

    def __init__(self) -> None:
        self.site = DiscourseSite({KEY: ("safeguarding", True)})
        self.url = ""
        self.moment = now() - timedelta(days=3)

    def connector(self) -> Connector:
        return self._at(self.url)

    def unreachable(self) -> Connector:
        return self._at("http://127.0.0.1:9")

    def _at(self, url: str) -> Connector:
        options = {"forum_url": url, "username": "safeguarding", "group": "dancers"}
        return get("discourse").connect(options, {"api_key": KEY}.__getitem__)

    def write(self, text: str, under: str = "") -> str:
        self.moment += timedelta(seconds=1)
        topic, _, number = under.partition(".")
        answers = int(number) if number not in ("", "1") else 0
        made = self.site.write(text, topic=int(topic or 0), answers=answers, at=self.moment)
        return f"{made.topic}.{made.number}"

    def many(self, count: int) -> None:
        for start in range(0, count, 50):
            post = self.write(f"post {start}")
            for number in range(min(49, count - start - 1)):
                self.write(f"comment {start + number}", post)

    def _post(self, native_id: str) -> Written:
        topic, number = native_id.split(".")
        found = self.site.at(int(topic), int(number))
        assert found is not None
        return found

    def edit(self, native_id: str, text: str) -> None:
        self._post(native_id).text = text
        self._post(native_id).version += 1

    def delete(self, native_id: str) -> None:
        self._post(native_id).deleted_at = "2026-01-02T03:04:05.000Z"

    def stands(self, native_id: str) -> bool:
        return self._post(native_id).deleted_at is None

    def admit(self, name: str) -> str:
        self.site.members.append(name.lower())
        return name.lower()

    def limit(self) -> None:
        self.site.weather.storm("limit")

    def break_down(self) -> None:
        self.site.weather.storm("server_error")

    def expire(self) -> None:
        self.site.keys.clear()

    def may_not_moderate(self) -> None:
        self.site.keys[KEY] = ("safeguarding", False)

    def may_not_read(self) -> None:
        self.site.weather.interject(
            lambda _: as_json({"errors": ["No."], "error_type": "invalid_access"}, 403)
        )

    def hostile(self) -> dict[str, Callable[[], None]]:
        return {name: self._serving(reply) for name, reply in _HOSTILE.items()}

    def _serving(self, reply: Reply) -> Callable[[], None]:
        def serve(call: Call) -> Reply | None:
            return reply if call.path == "/posts.json" else None

        return lambda: self.site.weather.interject(serve)

    def mend(self) -> None:
        self.site.weather.calm()
        self.site.keys[KEY] = ("safeguarding", True)


_ROW = {"id": 10**6, "topic_id": 1, "post_number": 1, "raw": "x", "post_type": 1}
_WHOLE = {**_ROW, "created_at": "2026-01-02T03:04:05Z", "topic_id": 999}
_HOSTILE = {
    "not json": Reply(200, b"<html>proxy login</html>"),
    "bad utf-8": Reply(200, b'{"latest_posts":[{"raw":"caf\xe9"}]}', _JSON),
    "ten megabytes": Reply(200, b'{"latest_posts":["' + b"x" * 10_000_000 + b'"]}', _JSON),
    "a list": as_json([1, 2, 3]),
    "posts are null": as_json({"latest_posts": None}),
    "posts are text": as_json({"latest_posts": "posts"}),
    "numbers as posts": as_json({"latest_posts": [1, 2]}),
    "half a post": as_json({"latest_posts": [_ROW]}),
    "endless": as_json({"latest_posts": [_WHOLE]}),
    "deep": Reply(200, b'{"latest_posts":' + b"[" * 200_000 + b"]" * 200_000 + b"}", _JSON),
    "an error of another kind": as_json({"errors": KEY}, 422),
    "a redirect": Reply(302, b"", (("Location", "http://127.0.0.1:9/steal"),)),
    "a page for everything": Reply(404, b"<html>not found</html>"),
}


@contextmanager
def _harness() -> Iterator[DiscourseHarness]:
    made = DiscourseHarness()
    with LoopbackServer(made.site.answer) as server:
        made.url = server.url
        yield made


HARNESSES = {"discourse": _harness}
