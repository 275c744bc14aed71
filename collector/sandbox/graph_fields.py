"""Which fields a node shows: those that were asked for, as the Graph API names them."""

from collections.abc import Iterator

from collector.sandbox.page import Entry, Page

_POST = frozenset(
    {
        "id", "message", "story", "from", "created_time", "updated_time", "permalink_url",
        "is_hidden", "is_published", "status_type", "attachments", "comments",
    }
)  # fmt: skip
_COMMENT = frozenset(
    {
        "id", "message", "from", "created_time", "permalink_url", "is_hidden", "can_hide",
        "can_remove", "can_reply_privately", "comment_count", "attachment", "message_tags",
        "parent", "private_reply_conversation",
    }
)  # fmt: skip
_PAGE = frozenset({"id", "name", "username", "fan_count", "category"})


class UnknownField(ValueError):
    """A field was asked for that the node does not have: the platform refuses the call."""


def shown(page: Page, entry: Entry, fields: str, *, people: bool) -> dict[str, object]:
    """The entry as JSON. people: whether the token may see who wrote it; else `from` is absent."""
    wanted = _wanted(fields, "Post" if entry.is_post else "Comment")
    whole = _post(page, entry) if entry.is_post else _comment(page, entry, wanted)
    if not people:
        whole.pop("from")
    return {name: value for name, value in whole.items() if name in wanted or name == "id"}


def page_body(page: Page, fields: str) -> dict[str, object]:
    """The Page itself as JSON."""
    whole = {"id": page.id, "name": page.author.name}
    wanted = _wanted(fields, "Page")
    return {name: value for name, value in whole.items() if name in wanted or name == "id"}


def _post(page: Page, entry: Entry) -> dict[str, object]:
    number = entry.id.partition("_")[2]
    whole = _common(entry, f"https://www.facebook.com/{page.id}/posts/{number}/")
    own = entry.author.id == page.id
    whole["updated_time"] = _time(entry, updated=True)
    whole["is_published"] = True
    whole["status_type"] = "added_photos" if entry.photos else "mobile_status_update"
    whole["status_type"] = whole["status_type"] if own else "wall_post"
    count = len(page.comments(entry.id))
    summary = {"order": "chronological", "total_count": count, "can_comment": True}
    whole["comments"] = {"data": [], "summary": summary}
    if entry.photos:
        whole["attachments"] = {"data": [_photo()] * entry.photos}
    return whole


def _comment(page: Page, entry: Entry, wanted: frozenset[str]) -> dict[str, object]:
    post, _, number = entry.id.partition("_")
    link = f"https://www.facebook.com/{page.id}/posts/{post}/?comment_id="
    parent = entry.parent_id.partition("_")[2]
    whole = _common(entry, f"{link}{parent}&reply_comment_id={number}" if parent else link + number)
    whole["can_hide"] = entry.author.id != page.id
    whole["can_remove"] = True
    whole["can_reply_privately"] = entry.author.id != page.id
    if "comment_count" in wanted:  # counting each time would make long threads slow
        whole["comment_count"] = len(page.comments(entry.post_id, entry.id))
    if entry.parent_id:
        whole["parent"] = {"id": entry.parent_id}
    if entry.photos:
        whole["attachment"] = _photo()
    return whole


def _common(entry: Entry, permalink: str) -> dict[str, object]:
    return {
        "id": entry.id,
        "message": entry.message,
        "from": {"name": entry.author.name, "id": entry.author.id},
        "created_time": _time(entry),
        "permalink_url": permalink,
        "is_hidden": entry.hidden,
    }


def _photo() -> dict[str, object]:
    return {"media_type": "photo", "type": "photo"}


def _time(entry: Entry, *, updated: bool = False) -> str:
    return (entry.updated if updated else entry.created).strftime("%Y-%m-%dT%H:%M:%S+0000")


def _wanted(fields: str, node: str) -> frozenset[str]:
    """The names asked for. Raises UnknownField for one that the node does not have."""
    known = {"Post": _POST, "Comment": _COMMENT, "Page": _PAGE}[node]
    wanted = frozenset(_names(fields)) or frozenset({"id", "message", "created_time", "name"})
    for name in sorted(_names(fields)):
        if name not in known:
            raise UnknownField(f"Tried accessing nonexisting field ({name}) on node type ({node})")
    return wanted


def _names(fields: str) -> Iterator[str]:
    """The top names of a fields expression such as `id,parent{id},comments.limit(0)`."""
    depth, name, open_for_name = 0, "", True
    for character in f"{fields},":
        if character in "{(":
            depth += 1
        elif character in "})":
            depth -= 1
        elif depth == 0 and character == ",":
            if name:
                yield name
            name, open_for_name = "", True
            continue
        if character in ".{(":
            open_for_name = False
        elif depth == 0 and open_for_name:
            name += character
