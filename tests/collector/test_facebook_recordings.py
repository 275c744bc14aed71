"""Real answers of the Graph API (recorded by others) are read without losing a field.

They lie beside the project and are never committed: skipped where they are absent.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from collector.connectors.facebook_beside_read import is_conversation, read_message
from collector.connectors.facebook_errors import Missing, check_error
from collector.connectors.facebook_paging import onward_of
from collector.connectors.facebook_posts import (
    comment_count,
    read_comment,
    read_post,
    touched_at,
)
from collector.connectors.facebook_token import read_said
from collector.connectors.facebook_usage import Usage
from models.vocabulary import AuthorRole

SEEN = datetime(2026, 11, 21, tzinfo=UTC)
POST = "19292868552_10158407654328553"


@pytest.fixture
def bodies(shared: Path) -> Path:
    return shared / "recordings" / "facebook"


def _load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _posts(bodies: Path) -> list[dict[str, Any]]:
    found = [_load(bodies / "posts" / f"feeds_default_fields_p{n}.json")["data"] for n in (1, 2)]
    several = [_load(bodies / "posts" / "multi_posts_data.json").values()]
    several.append(_load(bodies / "posts" / "multi_posts_data_fields.json").values())
    names = ("single_post_data.json", "single_post_data_fields.json")
    single = [_load(bodies / "posts" / name) for name in names]
    short = [
        raw for n in (1, 2) for raw in _load(bodies / "posts" / f"feed_fields_p{n}.json")["data"]
    ]
    return [post for group in (*found, *several, single, short) for post in group]


def test_posts(bodies: Path) -> None:
    posts = _posts(bodies)
    assert len(posts) > 15
    for raw in posts:
        read = read_post(raw, raw["id"].partition("_")[0], SEEN)
        assert read is not None
        assert (read.native_id, read.note) == (raw["id"], "")
        assert read.text.startswith(raw.get("message", ""))
        assert f"{read.posted_at:%Y-%m-%dT%H:%M:%S}+0000" == raw["created_time"]
        assert read.permalink == raw.get("permalink_url")
        for shared_thing in raw.get("attachments", {}).get("data", []):
            assert shared_thing.get("title", "") in read.text
            assert shared_thing.get("description", "") in read.text
            linked = shared_thing.get("unshimmed_url", "")
            if shared_thing.get("media_type") == "link" and "facebook.com" not in linked:
                assert linked in read.text
        wrote = raw.get("from", {})
        assert (read.author_id, read.author_name) == (wrote.get("id"), wrote.get("name"))
        assert read.hidden is raw.get("is_hidden", False) and read.parent_id is None
        touched = touched_at(raw)
        assert touched is not None and touched >= read.posted_at
        if "summary" in raw.get("comments", {}):
            assert comment_count(raw) == raw["comments"]["summary"]["total_count"]


def test_comments_even_without_their_ids(bodies: Path) -> None:
    comments = [
        raw
        for name in ("comments_p1.json", "comments_p2.json")
        for raw in _load(bodies / "comments" / name)["data"]
    ]
    read = [read_comment(raw, "19292868552", POST, SEEN) for raw in comments]
    found = {one.native_id: one for one in read if one is not None}
    assert len(found) == len(comments) == 15
    replies = [one for one in found.values() if one.parent_id != POST]
    assert len(replies) == 5
    for one, raw in zip(found.values(), comments, strict=True):
        assert (one.text, one.permalink, one.note) == (raw["message"], raw["permalink_url"], "")
        assert one.thread_id == POST
        assert f"{one.posted_at:%Y-%m-%dT%H:%M:%S}+0000" == raw["created_time"]
        assert one.hidden is raw.get("is_hidden", False)
    assert all(reply.parent_id in found for reply in replies)


def test_comments_asked_for_by_their_ids(bodies: Path) -> None:
    several = _load(bodies / "comments" / "comments_info.json")
    for raw in (_load(bodies / "comments" / "comment_info.json"), *several.values()):
        read = read_comment(raw, "19292868552", POST, SEEN)
        assert read is not None
        assert (read.native_id, read.text, read.note) == (raw["id"], raw["message"], "")
        assert read.permalink == raw["permalink_url"]


def test_the_way_onward_never_holds_the_token(bodies: Path) -> None:
    for name in ("posts/feeds_default_fields_p1", "posts/feed_fields_p1", "comments/comments_p1"):
        onward = onward_of(_load(bodies / f"{name}.json")["paging"], "the Page")
        assert onward and "access_token" not in json.dumps(onward), name
    for name in ("posts/feeds_default_fields_p2", "comments/comments_p2"):
        assert onward_of(_load(bodies / f"{name}.json")["paging"], "the Page") == {}, name


def test_messages_of_an_inbox(bodies: Path) -> None:
    several = _load(bodies / "messages" / "messages_info.json")
    raws = [_load(bodies / "messages" / "message_info.json"), *several.values()]
    page = "2121008874780932"
    for raw in raws:
        read = read_message(raw, "t_587956915396498", page, SEEN)
        assert read is not None and read.note == "A private message to the Page."
        assert (read.native_id, read.text) == (raw["id"], raw.get("message", ""))
        assert (read.author_id, read.author_name) == (raw["from"]["id"], raw["from"]["name"])
        assert f"{read.posted_at:%Y-%m-%dT%H:%M:%S}+0000" == raw["created_time"]
        assert read.media_count == len(raw["attachments"]["data"])
        assert read.thread_id == "t_587956915396498"
        own = read_message({**raw, "from": {"id": page}}, "t_1", page, SEEN)
        assert own is not None and own.author_role is AuthorRole.STAFF
    talks = _load(bodies / "conversations" / "cvses_info.json")
    single = _load(bodies / "conversations" / "cvs_info.json")
    assert all(is_conversation(raw["id"]) for raw in (single, *talks.values()))


def test_what_is_said_of_a_token(bodies: Path) -> None:
    raw = _load(bodies / "base" / "token_info.json")
    said = read_said(raw)
    assert said is not None and said.valid
    assert said.until == datetime.fromtimestamp(raw["data"]["expires_at"], UTC)
    assert said.scopes == set(raw["data"]["scopes"])


def test_the_error(bodies: Path) -> None:
    with pytest.raises(Missing) as told:
        check_error(400, {}, _load(bodies / "base" / "error_data.json"), Usage(), "the Page")
    assert "AQt_" not in str(told.value)
