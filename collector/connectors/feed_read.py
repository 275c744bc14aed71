"""A feed's bytes as entries: RSS, Atom and podcasts, by feedparser. No network.

Checked before parsing: no entity declarations (they can grow without bound), whole to its last
tag, and in the encoding that it says. Half a feed would look like deletions and edits.
"""

import calendar
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from collector.connectors.markup import media_in, plain

_ENDS = (b"</rss>", b"</feed>", b"</rdf:rdf>", b"</channel>")
_UTF8 = frozenset({"utf-8", "utf8", ""})
_MOST = 2000
"""Entries that are taken of one page."""


class NotAFeed(Exception):
    """It is something else; its text says in two words what is wrong."""


class BrokenFeed(Exception):
    """It is a feed that cannot be trusted as it is; its text says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item. posted: aware UTC, None where the feed gives no date that can be read.

    answers: the id of the item that this is an answer to. comments: where its comment feed is.
    """

    id: str
    title: str
    text: str
    posted: datetime | None
    edited: datetime | None
    author: str
    link: str
    answers: str
    comments: str
    media: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a feed. next: the address of the page with older items, "" at the end."""

    entries: tuple[Entry, ...]
    next: str
    tidy: bool


def parse(body: bytes, url: str, content_type: str) -> Page:
    """Raises NotAFeed or BrokenFeed."""
    _check(body, content_type)
    import feedparser

    said = {"content-location": url, "content-type": content_type}
    try:
        # A file object: a plain string could name a file or an address to be opened.
        found: Any = feedparser.parse(io.BytesIO(body), response_headers=said, sanitize_html=False)
    except (ValueError, RecursionError, LookupError, AttributeError, TypeError) as error:
        raise BrokenFeed(type(error).__name__) from None
    if not found.version:
        raise NotAFeed("no RSS and no Atom")
    entries = {entry.id: entry for entry in map(_entry, found.entries[:_MOST])}
    links = found.feed.get("links") or ()
    further = [str(link.get("href") or "") for link in links if link.get("rel") == "next"]
    return Page(tuple(entries.values()), further[0] if further else "", not found.bozo)


def _check(body: bytes, content_type: str) -> None:
    plainly = body.replace(b"\0", b"").lower()  # UTF-16 is seen through
    if b"<!entity" in plainly:
        raise BrokenFeed("it declares entities")
    if not any(mark in plainly[:4096] for mark in (b"<rss", b"<feed", b"<rdf:rdf")):
        raise NotAFeed("no RSS and no Atom")
    if not any(end in plainly[-4096:] for end in _ENDS):
        raise BrokenFeed("its end is missing")
    told = re.search(rb"encoding=[\"']([\w.:-]+)[\"']", plainly[:200])
    charset = re.search(r"charset=\"?([\w.:-]+)", content_type.lower())
    claims = charset[1] if charset else told[1].decode() if told else ""
    if claims in _UTF8 and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            raise BrokenFeed("it is not in UTF-8, as it says") from None


def _entry(found: Mapping[str, Any]) -> Entry:
    item = dict(found.items())  # feedparser's own mapping answers for keys that it has not
    html = _longest(item)
    title = plain(str(item.get("title") or ""))
    words = plain(html)
    # Feeds of short notes repeat the words as title.
    text = words if words.startswith(title.rstrip("….")) else "\n\n".join((title, words)).strip()
    link = _http(str(item.get("link") or ""))
    posted = _moment(item.get("published_parsed")) or _moment(item.get("updated_parsed"))
    links = [one for one in item.get("links") or () if isinstance(one, Mapping)]
    enclosures = sum(one.get("rel") == "enclosure" for one in links)
    answers = item.get("thr_in-reply-to")
    return Entry(
        id=_id(item, link, text),
        title=title if text.startswith(title) else "",
        text=text,
        posted=posted,
        edited=_moment(item.get("updated_parsed")) if item.get("updated") else None,
        author=_author(item),
        link=link,
        answers=str(answers.get("ref") or "") if isinstance(answers, Mapping) else "",
        comments=_http(_comments(item, links)),
        media=enclosures + media_in(html),
    )


def _longest(item: Mapping[str, Any]) -> str:
    """The fullest text that it gives: the whole article where there is one."""
    said = [str(one.get("value") or "") for one in item.get("content") or ()]
    return max([*said, str(item.get("summary") or "")], key=len)


def _id(item: Mapping[str, Any], link: str, text: str) -> str:
    """Its own id, else its address, else what it says."""
    given = str(item.get("id") or "").strip() or link
    if given:
        return given
    said = f"{item.get('published')}|{text}".encode("utf-8", "replace")
    return f"sha256:{sha256(said).hexdigest()}"


def _author(item: Mapping[str, Any]) -> str:
    """A name; never the e-mail address that feeds put beside it."""
    for one in item.get("authors") or ():
        name = str(one.get("name") or "") if isinstance(one, Mapping) else ""
        if name and "@" not in name:
            return name
    return ""


def _comments(item: Mapping[str, Any], links: list[Mapping[str, Any]]) -> str:
    for one in links:
        if one.get("rel") == "replies" and "xml" in str(one.get("type")):
            return str(one.get("href") or "")
    return str(item.get("wfw_commentrss") or "")


def _http(url: str) -> str:
    return url if url.startswith(("https://", "http://")) else ""


def _moment(parsed: Any) -> datetime | None:
    """feedparser's times are UTC; time.mktime would take them for local ones."""
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, TypeError, OSError):
        return None
