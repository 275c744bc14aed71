"""Versions of a wiki's pages as posts: what each edit added, and its summary. No network.

A wiki keeps every version and changes none, so an edit is a post: "r123" for version 123. Its
words are the lines that were not there before, so that nobody answers for what others wrote.
"""

import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import quote

from collector.connector import IncomingPost
from collector.connectors.web import Node, moment
from models.vocabulary import PostKind, now

NATIVE = re.compile(r"r([1-9][0-9]{0,18})")
"""Our ids of this platform."""


def content(version: Node | None) -> str | None:
    """The page's text in that version; None where it is hidden or not given."""
    slots = version.get("slots") if version is not None else None
    main = slots.get("main") if isinstance(slots, dict) else None
    found = main.get("content") if isinstance(main, dict) else None
    return found if isinstance(found, str) else None


def whole(version: Node) -> bool:
    """Whether it has a number and a time: half a version would be stored wrongly."""
    number = version.get("revid")
    known = isinstance(number, int) and number is not True and number > 0
    return known and moment(version.get("timestamp")) is not None


def hidden(version: Node) -> bool:
    """Whether an administrator has hidden its words."""
    slots = version.get("slots")
    main = slots.get("main") if isinstance(slots, dict) else None
    inside = isinstance(main, dict) and main.get("texthidden")
    return bool(inside or version.get("texthidden") or version.get("suppressed"))


def added(before: str, after: str) -> tuple[str, ...]:
    """The lines of `after` that are new or changed, in order."""
    there = Counter(line.strip() for line in before.splitlines())
    found: list[str] = []
    for line in after.splitlines():
        words = line.strip()
        if there[words] > 0:
            there[words] -= 1
        elif words:
            found.append(words)
    return tuple(found)


def without(words: str, lines: Iterable[str]) -> str:
    """The text with each of these lines taken out once, the rest untouched."""
    out = Counter(lines)
    kept = []
    for line in words.splitlines():
        if out[line.strip()] > 0:
            out[line.strip()] -= 1
        else:
            kept.append(line)
    return "\n".join(kept)


def post(version: Node, title: str, before: str, first: int, site: str) -> IncomingPost:
    """The edit in our words. first: the earliest version of the page that was collected."""
    number, parent = int(version["revid"]), version.get("parentid")
    after = content(version)
    lines = () if after is None else added(before, after)
    summary = str(version.get("comment") or "").strip()
    user = str(version.get("user") or "") or None
    follows = isinstance(parent, int) and parent > 0 and number != first
    return IncomingPost(
        native_id=f"r{number}",
        kind=PostKind.COMMENT if ":" in title else PostKind.POST,
        text="\n".join((*lines, f"(Summary: {summary})") if summary else lines),
        posted_at=moment(version.get("timestamp")) or now(),
        author_id=user,
        author_name=user,
        parent_id=f"r{parent}" if follows else None,
        thread_id=f"r{first}",
        permalink=f"{site}index.php?title={quote(title)}&diff={number}",
        note="" if lines else "This edit only took words away, or changed where they stand.",
    )
