"""A stand-in for a blog on the loopback: an Atom feed in pages, comment feeds, articles' pages.

    with LoopbackServer(site.answer) as server:
        ...        # the feed is at f"{server.url}/feed.xml?key={site.key}"

Answers conditional requests (ETag), links older pages (RFC 5005) and replies (RFC 4685).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import parse_qs
from xml.sax.saxutils import escape, quoteattr

from collector.sandbox.loopback import Call, Reply
from collector.sandbox.threads import Entry, Threads, Weather

_PAGE = 50
_XML = ("Content-Type", "application/atom+xml; charset=utf-8")
_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"'
    ' xmlns:thr="http://purl.org/syndication/thread/1.0"><title>Tap School</title>'
    "<id>urn:example:feed</id><updated>2026-01-02T03:04:05Z</updated>"
)

STORMS: Mapping[str, Callable[[], Reply]] = {
    "limit": lambda: Reply(429, b"slow down", (("Retry-After", "90"),)),
    "server_error": lambda: Reply(503, b"<html>sorry</html>"),
    "expired": lambda: Reply(401, b"<html>sign in</html>"),
}
"""Weather by name. The limit asks for 90 seconds."""


@dataclass(slots=True)
class FeedSite:
    """One blog. key: what the feed's secret address ends in; "" for a public one."""

    key: str = ""
    url: str = ""
    threads: Threads = field(default_factory=lambda: Threads(lambda number, _: str(number)))
    weather: Weather = field(default_factory=lambda: Weather(STORMS))
    fetched: list[str] = field(default_factory=list)
    """Feeds that were given whole: what answered 304 is not among them."""

    def link(self, entry: Entry) -> str:
        """Where an article's or comment's own page is; also its id in the feed."""
        return f"{self.url}/articles/{entry.id}"

    def answer(self, call: Call) -> Reply:
        """The reply to one request."""
        weather = self.weather.over(call)
        if weather is not None:
            return weather
        query = {name: values[0] for name, values in parse_qs(call.query).items()}
        parts = call.path.strip("/").split("/")
        if parts == ["feed.xml"]:
            if query.get("key", "") != self.key:
                return Reply(403, b"<html>no</html>")
            return self._feed(call, self.threads.below(), int(query.get("page", "1")))
        entry = self.threads.find(parts[1]) if parts[0] == "articles" and len(parts) > 1 else None
        if entry is None:
            return Reply(404, b"<html>not found</html>")
        if parts[2:] == ["comments.xml"]:
            return self._feed(call, self._under(entry), 1)
        return Reply(200, b"<html>an article</html>", (("Content-Type", "text/html"),))

    def _under(self, entry: Entry) -> list[Entry]:
        found = self.threads.below(entry.id)
        return [*found, *(deeper for one in found for deeper in self._under(one))]

    def _feed(self, call: Call, entries: list[Entry], page: int) -> Reply:
        some = entries[(page - 1) * _PAGE : page * _PAGE]
        body = _HEAD
        if len(entries) > page * _PAGE:
            address = f"{self.url}{call.path}?page={page + 1}&key={self.key}"
            body += f'<link rel="next" href={quoteattr(address)}/>'
        body += "".join(self._entry(one) for one in some) + "</feed>\n"
        content = body.encode()
        tag = f'"{sha256(content).hexdigest()[:20]}"'
        if call.headers.get("if-none-match") == tag:
            return Reply(304, b"", (("ETag", tag),))
        self.fetched.append(call.path)
        return Reply(200, content, (_XML, ("ETag", tag)))

    def _entry(self, entry: Entry) -> str:
        link, at = quoteattr(self.link(entry)), entry.created.strftime("%Y-%m-%dT%H:%M:%SZ")
        hangs = ""
        if entry.parent:
            hangs = f'<thr:in-reply-to ref="{self.url}/articles/{entry.parent}"/>'
        else:
            there = quoteattr(f"{self.link(entry)}/comments.xml")
            hangs = f'<link rel="replies" type="application/atom+xml" href={there}/>'
        return (
            f"<entry><id>{escape(self.link(entry))}</id><title></title><link href={link}/>"
            f"<author><name>{escape(entry.author)}</name></author><published>{at}</published>"
            f'<updated>{at}</updated>{hangs}<content type="html">'
            f"{escape(escape(entry.text))}</content></entry>"
        )
