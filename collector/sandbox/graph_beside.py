"""The Graph API beside the feed: tagged, ratings, conversations, messages, private replies, blocks.

Shapes as recorded answers and the fact sheet have them. Each asks for its own permission.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlencode

from collector.sandbox.graph_storms import error
from collector.sandbox.loopback import Reply, as_json
from collector.sandbox.page import Page
from collector.sandbox.page_beside import Beside, Message, Review, Tagged

READ_PEOPLE = "pages_read_user_content"
MESSAGES = "pages_messaging"
METADATA = "pages_manage_metadata"
T = TypeVar("T")


class GraphBeside:
    """Answers for one Page. may: whether the token of the call holds a permission."""

    def __init__(self, page: Page) -> None:
        self.page, self.beside = page, Beside()

    def answer(
        self,
        method: str,
        node: str,
        edge: str,
        query: Mapping[str, str],
        may: Callable[[str], bool],
    ) -> Reply | None:
        """The reply, None where the call is about something else."""
        own = node == self.page.id
        if own and edge == "blocked":
            return self._blocked(method, query, may)
        if own and edge == "messages" and method == "POST":
            return self._reply(query, may)
        if method != "GET":
            return None
        if own and edge in ("tagged", "ratings"):
            return self._people(edge, query, may)
        if own and edge == "conversations":
            return self._conversations(query, may)
        if edge == "messages" and node.startswith("t_"):
            return self._messages(node, query, may)
        return self._one(node, may) if not edge else None

    def _people(self, edge: str, query: Mapping[str, str], may: Callable[[str], bool]) -> Reply:
        if not may(READ_PEOPLE):
            return lacking(READ_PEOPLE)
        if edge == "tagged":
            tags = sorted(self.beside.tags, key=lambda one: one.created, reverse=True)
            return paged(tags, query, _tagged)
        reviews = sorted(self.beside.reviews, key=lambda one: one.created, reverse=True)
        return paged(reviews, query, _review)

    def _conversations(self, query: Mapping[str, str], may: Callable[[str], bool]) -> Reply:
        if not may(MESSAGES):
            return lacking(MESSAGES)
        return paged(
            self.beside.conversations(),
            query,
            lambda one: {"id": one[0], "updated_time": time(one[1]), "message_count": one[2]},
        )

    def _messages(self, node: str, query: Mapping[str, str], may: Callable[[str], bool]) -> Reply:
        if not may(MESSAGES):
            return lacking(MESSAGES)
        found = [one for one in self.beside.messages if one.conversation == node]
        if not found:
            return missing("get", node)
        found.sort(key=lambda one: one.created, reverse=True)
        return paged(found, query, _message)

    def _one(self, node: str, may: Callable[[str], bool]) -> Reply | None:
        for tag in self.beside.tags:
            if tag.id == node and may(READ_PEOPLE):
                return as_json(_tagged(tag))
        for message in self.beside.messages:
            if message.id == node and may(MESSAGES):
                return as_json(_message(message))
        return None

    def _reply(self, query: Mapping[str, str], may: Callable[[str], bool]) -> Reply:
        """A private reply: once for each post or comment, and only while it stands."""
        if not may(MESSAGES):
            return lacking(MESSAGES)
        try:
            recipient = json.loads(query.get("recipient", "{}"))
            text = json.loads(query.get("message", "{}")).get("text", "")
        except ValueError:
            return error(100, "(#100) Invalid parameter")
        about = str(recipient.get("comment_id") or recipient.get("post_id") or "")
        if self.page.find(about) is None or not text:
            return missing("post", about)
        if about in self.beside.replies:
            return error(10900, "(#10900) Activity already replied to")
        self.beside.replies[about] = text
        return as_json({"recipient_id": "1", "message_id": "m_inv-reply"})

    def _blocked(self, method: str, query: Mapping[str, str], may: Callable[[str], bool]) -> Reply:
        if not may(METADATA):
            return lacking(METADATA)
        user = query.get("user", "")
        if method == "GET":
            data = [{"id": one} for one in sorted(self.beside.blocked) if user in ("", one)]
            return as_json({"data": data})
        if not user.isdigit():
            return error(100, "(#100) Invalid parameter")
        if method == "DELETE":
            self.beside.blocked.discard(user)
            return as_json({"success": True})
        self.beside.blocked.add(user)
        return as_json({user: True})


def paged(
    entries: Sequence[T], query: Mapping[str, str], show: Callable[[T], dict[str, object]]
) -> Reply:
    """One page of an edge, with cursors as the platform gives them."""
    limit = min(int(query.get("limit", "25") or 25), 100)
    start = int(query.get("after", "0") or 0)
    some = entries[start : start + limit]
    body: dict[str, object] = {"data": [show(one) for one in some]}
    if some:
        paging: dict[str, object] = {
            "cursors": {"before": str(start), "after": str(start + len(some))}
        }
        if start + limit < len(entries):
            onward = {"access_token": "withheld", "after": str(start + limit)}
            paging["next"] = f"https://graph.example.org/next?{urlencode(onward)}"
        body["paging"] = paging
    return as_json(body)


def lacking(permission: str) -> Reply:
    """What the platform says of a permission that the token has not."""
    return error(10, f"(#10) This endpoint requires the '{permission}' permission", status=403)


def missing(verb: str, node: str) -> Reply:
    """What is gone, and what the token may not touch: the same words."""
    said = (
        f"Unsupported {verb} request. Object with ID '{node}' does not exist, cannot be loaded "
        "due to missing permissions, or does not support this operation."
    )
    return error(100, said, subcode=33, kind="GraphMethodException")


def time(moment: datetime) -> str:
    """A moment as the platform writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S+0000")


def _tagged(one: Tagged) -> dict[str, object]:
    author, _, number = one.id.partition("_")
    return {
        "id": one.id,
        "message": one.message,
        "from": {"name": one.author.name, "id": one.author.id},
        "created_time": time(one.created),
        "permalink_url": f"https://www.facebook.com/{author}/posts/{number}/",
    }


def _review(one: Review) -> dict[str, object]:
    return {
        "created_time": time(one.created),
        "has_review": True,
        "recommendation_type": "positive" if one.recommends else "negative",
        "review_text": one.text,
        "reviewer": {"name": one.author.name, "id": one.author.id},
        "open_graph_story": {"id": one.id},
    }


def _message(one: Message) -> dict[str, object]:
    whole: dict[str, object] = {
        "id": one.id,
        "message": one.text,
        "from": {"name": one.author.name, "id": one.author.id},
        "created_time": time(one.created),
    }
    if one.photos:
        photo = {"id": "1", "mime_type": "image/jpeg", "name": "image-1"}
        whole["attachments"] = {"data": [photo] * one.photos}
    return whole
