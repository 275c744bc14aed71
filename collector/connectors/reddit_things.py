"""Reddit's posts ("t3") and comments ("t1") as plain JSON, read into our words. No network.

How a thing stands is decided by `removed_by_category`, `banned_by` and the text, never by
`removed`, which stays false for what a filter took away.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from collector.connector import IncomingPost
from collector.connectors.reddit_errors import not_json
from models.vocabulary import PostKind

Thing = dict[str, Any]
"""The `data` of a t1 or t3, with its fullname in `name`."""


class Standing(Enum):
    """How a thing stands. HELD: a filter hides it until a moderator looks."""

    STANDS = "stands"
    HELD = "held"
    REMOVED = "removed"
    DELETED = "deleted"


_BY_AUTHOR = {"deleted", "author"}
_BY_FILTER = {"automod_filtered", "reddit"}
_EMPTIED = {"[removed]", "[ Removed by Reddit ]", "[ Removed by reddit ]"}
_HELD = "A filter on Reddit holds it back until a moderator looks."
_REASON, _REASONS = 100, 5
"""Characters of a report's reason, and reasons, that a note shows."""

_MEDIA_DOMAINS = {"i.redd.it", "v.redd.it", "i.imgur.com"}


def things(answer: Any) -> list[Thing]:
    """The posts and comments of a listing; anything else in it is left out.

    Raises RetryLater for what is no listing: taken for an empty one, it would make everything
    that is looked up seem gone.
    """
    data = answer.get("data") if isinstance(answer, dict) else None
    children = data.get("children") if isinstance(data, dict) else None
    if not isinstance(children, list) or not all(isinstance(one, dict) for one in children):
        raise not_json("Reddit")
    return list(_things(children))


def unreadable(answer: Any) -> set[str]:
    """Fullnames of posts and comments in a listing that came in a form that cannot be read, ""
    among them where not even the name is there. Raises as `things`."""
    good = {str(thing["name"]) for thing in things(answer)}
    found: set[str] = set()
    for child in answer["data"]["children"]:
        if child.get("kind") not in {"t1", "t3"}:
            continue
        data = child.get("data")
        name = data.get("name") if isinstance(data, dict) else None
        if not isinstance(name, str) or name not in good:
            found.add(name if isinstance(name, str) else "")
    return found


def _things(children: list[Any]) -> Iterator[Thing]:
    for child in children:
        data = child.get("data") if isinstance(child, dict) else None
        if not isinstance(data, dict) or child.get("kind") not in {"t1", "t3"}:
            continue
        name, created = data.get("name"), data.get("created_utc")
        if isinstance(name, str) and isinstance(created, int | float):
            yield data


def after(answer: Any) -> str | None:
    """Where the listing's next page begins, None at its end."""
    data = answer.get("data") if isinstance(answer, dict) else None
    mark = data.get("after") if isinstance(data, dict) else None
    return mark if isinstance(mark, str) and mark else None


def standing(thing: Thing) -> Standing:
    """How it stands now."""
    category, banned_by = thing.get("removed_by_category"), thing.get("banned_by")
    words = _own_words(thing)
    if category in _BY_AUTHOR or (words == "[deleted]" and _author(thing) is None):
        return Standing.DELETED
    if words in _EMPTIED:
        return Standing.REMOVED
    if category in _BY_FILTER or banned_by is True or banned_by == "AutoModerator":
        return Standing.HELD
    return Standing.REMOVED if category or banned_by else Standing.STANDS


def words_left(thing: Thing) -> bool:
    """Whether its words can still be read (moderators see what was removed)."""
    return _own_words(thing) not in _EMPTIED | {"[deleted]"}


def text(thing: Thing) -> str:
    """Everything that a person wrote: title, words, the link of a link post, a poll's options."""
    if "title" not in thing:
        return _own_words(thing)
    parts = [str(thing.get("title") or ""), _own_words(thing)]
    url = thing.get("url")
    if isinstance(url, str) and not thing.get("is_self") and not _is_media(thing):
        parts.append(url)
    poll = thing.get("poll_data")
    options = poll.get("options") if isinstance(poll, dict) else None
    if isinstance(options, list):
        parts.extend(str(one.get("text") or "") for one in options if isinstance(one, dict))
    return "\n\n".join(part for part in parts if part)


def post(thing: Thing, site: str) -> IncomingPost:
    """The thing in our words. site: the address that permalinks hang from."""
    name = str(thing["name"])
    comment = name.startswith("t1_")
    link = str(thing.get("link_id") or "") if comment else name
    author = _author(thing)
    held = standing(thing) is Standing.HELD
    return IncomingPost(
        native_id=name,
        kind=PostKind.COMMENT if comment else PostKind.POST,
        text=text(thing),
        posted_at=_moment(thing["created_utc"]),
        author_id=author,
        author_name=author,
        parent_id=(str(thing.get("parent_id") or "") or None) if comment else None,
        thread_id=link or name,
        permalink=_permalink(thing, name, link, site),
        edited_at=_edited(thing.get("edited")),
        media_count=_media(thing),
        hidden=held,
        note=" ".join(part for part in (_HELD if held else "", _reported(thing)) if part),
        reports=sum(count for _, count in _reports(thing)),
    )


def _reports(thing: Thing) -> list[tuple[str, int]]:
    """(reason, how often) of every report, by people and by moderators. Both come as lists whose
    first part is the reason; of a moderator's the second is a name, which is not taken over."""
    found: list[tuple[str, int]] = []
    for name in ("user_reports", "mod_reports"):
        rows = thing.get(name)
        for row in rows if isinstance(rows, list) else ():
            if not isinstance(row, list) or not row:
                continue
            many = row[1] if len(row) > 1 and name == "user_reports" else 1
            whole = isinstance(many, int) and not isinstance(many, bool) and 0 < many < 10**6
            found.append((str(row[0] or "no reason given"), int(many) if whole else 1))
    return found


def _reported(thing: Thing) -> str:
    """The reports as a note for whoever reads the post; "" without any."""
    found = _reports(thing)
    if not found:
        return ""
    times = sum(count for _, count in found)
    reasons = "; ".join(reason[:_REASON] for reason, _ in found[:_REASONS])
    return f"Reported on Reddit {times} time{'s' if times > 1 else ''}. Reasons there: {reasons}."


def _own_words(thing: Thing) -> str:
    return str(thing.get("body" if "body" in thing else "selftext") or "")


def _author(thing: Thing) -> str | None:
    author = thing.get("author")
    return author if isinstance(author, str) and author not in {"", "[deleted]"} else None


def _moment(seconds: Any) -> datetime:
    try:
        return datetime.fromtimestamp(float(seconds), UTC)
    except (OverflowError, OSError, ValueError):
        return datetime.fromtimestamp(0, UTC)


def _edited(edited: Any) -> datetime | None:
    """`edited` is false, a time, or in very old things just true."""
    if isinstance(edited, bool) or not isinstance(edited, int | float):
        return None
    return _moment(edited)


def _permalink(thing: Thing, name: str, link: str, site: str) -> str:
    path = thing.get("permalink")
    if isinstance(path, str) and path.startswith("/") and not path.startswith("//"):
        return site + path
    if name.startswith("t1_"):
        return f"{site}/comments/{link.removeprefix('t3_')}/_/{name.removeprefix('t1_')}/"
    return f"{site}/comments/{name.removeprefix('t3_')}/"


def _is_media(thing: Thing) -> bool:
    return bool(
        thing.get("is_gallery")
        or thing.get("is_video")
        or thing.get("post_hint") in {"image", "hosted:video"}
        or thing.get("domain") in _MEDIA_DOMAINS
    )


def _media(thing: Thing) -> int:
    """Pictures and videos. They are counted, never fetched."""
    inside = thing.get("media_metadata")
    if isinstance(inside, dict) and inside:
        return len(inside)
    return 1 if _is_media(thing) else 0
