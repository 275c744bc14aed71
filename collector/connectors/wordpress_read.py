"""WordPress's comments and articles as our posts. No network.

Ids are ours: "c12" for comment 12, "p34" for article 34. A comment's words are taken raw, as
its author wrote them; an article's are what its readers see.
"""

import re
from datetime import UTC, datetime
from hashlib import sha256

from collector.connector import IncomingPost
from collector.connectors.markup import media_in, plain
from collector.connectors.web import Node, moment
from models.vocabulary import PostKind, Presence

NATIVE = re.compile(r"([cp])([1-9][0-9]{0,18})")
"""Our ids of this platform."""

ROUTES = {"c": "/wp/v2/comments", "p": "/wp/v2/posts"}

_COMMENT = {
    "approved": Presence.PRESENT,
    "approve": Presence.PRESENT,
    "1": Presence.PRESENT,
    "hold": Presence.HIDDEN,
    "0": Presence.HIDDEN,
    "spam": Presence.HIDDEN,
}
_ARTICLE = {"publish": Presence.PRESENT, "trash": Presence.GONE}


def native_id(letter: str, row: Node) -> str:
    """The row's id in our words."""
    return f"{letter}{row['id']}"


def whole(letter: str, row: Node) -> bool:
    """Whether it has words, a status and a time: half a row must not overwrite what was said."""
    content = row.get("content")
    said = content.get("raw" if letter == "c" else "rendered") if isinstance(content, dict) else 0
    return isinstance(said, str) and bool(row.get("status")) and bool(local_time(row, "date"))


def presence(letter: str, row: Node) -> Presence:
    """How it stands: everything that only moderators see is hidden, the trash is gone."""
    status = str(row.get("status"))
    if letter == "p":
        return _ARTICLE.get(status, Presence.HIDDEN)
    return _COMMENT.get(status, Presence.GONE)


def words(letter: str, row: Node) -> str:
    """What a person wrote there."""
    content = _inner(row, "content", "raw" if letter == "c" else "rendered")
    if letter == "c":
        return content
    return "\n\n".join(part for part in (_inner(row, "title", "raw"), plain(content)) if part)


def post(letter: str, row: Node) -> IncomingPost:
    """The row in our words."""
    mine = native_id(letter, row)
    comment = letter == "c"
    article, parent = row.get("post"), row.get("parent")
    top = f"p{article}" if comment else mine
    answers = isinstance(parent, int) and parent > 0
    return IncomingPost(
        native_id=mine,
        kind=PostKind.COMMENT if comment else PostKind.POST,
        text=words(letter, row),
        posted_at=_written(row),
        author_id=_author(row),
        author_name=str(row.get("author_name") or "") or None,
        parent_id=(f"c{parent}" if answers else top) if comment else None,
        thread_id=top,
        permalink=_link(row),
        media_count=media_in(_inner(row, "content", "rendered")),
        hidden=presence(letter, row) is Presence.HIDDEN,
        note="The site holds it as spam." if row.get("status") == "spam" else "",
    )


def local_time(row: Node, field: str) -> str:
    """A time on the site's own clock, as the interface takes it back; "" where it is none."""
    said = str(row.get(field) or "")
    return said if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", said) else ""


def _written(row: Node) -> datetime:
    """date_gmt is UTC and does not say so. An article that was never published has none."""
    found = moment(row.get("date_gmt")) or moment(row.get("date"))
    return found or datetime.fromtimestamp(0, UTC)


def _author(row: Node) -> str | None:
    """A user of the site, or a visitor by a hash of the address given: never the address."""
    number, address = row.get("author"), row.get("author_email")
    if isinstance(number, int) and number > 0:
        return f"user:{number}"
    if isinstance(address, str) and address.strip():
        return f"visitor:{sha256(address.strip().lower().encode()).hexdigest()[:16]}"
    return None


def _link(row: Node) -> str | None:
    link = row.get("link")
    return link if isinstance(link, str) and link.startswith(("https://", "http://")) else None


def _inner(row: Node, name: str, how: str) -> str:
    value = row.get(name)
    found = value.get(how) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""
