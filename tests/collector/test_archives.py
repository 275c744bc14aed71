"""Archives of platforms: the text repaired, only what is needed opened, nothing twice."""

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.connectors import archive_zip
from collector.connectors.archive_meta import repaired
from collector.connectors.registry import get
from models.errors import NeedsOperator
from models.vocabulary import PostKind


def doubled(text: str) -> str:
    return text.encode().decode("latin-1")


@given(st.text())
def test_double_encoded_text_is_repaired_and_whole_text_stays(text: str) -> None:
    assert repaired(doubled(text)) == text
    if any(ord(sign) > 0xFF for sign in text):
        assert repaired(text) == text


def test_a_cut_emoji_spoils_nothing_else() -> None:
    assert repaired(doubled("café ") + "\xf0\x9f") == "café \xf0\x9f"
    assert repaired("café") == "café"


def archive(folder: Path, members: dict[str, object], name: str = "a.zip") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for member, content in members.items():
            made.writestr(member, content if isinstance(content, bytes) else json.dumps(content))
    return path


def read(kind: str, folder: Path, **more: Any) -> list[Any]:
    source = get(kind).connect({"path": str(folder), **more}, lambda _: "")
    return [one for batch in source.fetch(None) for one in batch.posts]


FACEBOOK = {
    "your_facebook_activity/posts/your_posts_1.json": [
        {
            "timestamp": 1_600_000_000,
            "data": [{"post": doubled("Fête at 5 😀")}],
            "attachments": [{"data": [{"media": {"uri": "x.jpg", "description": "the hall"}}]}],
        },
        {"timestamp": 1_600_000_000, "data": []},
        "nonsense",
    ],
    "comments_and_reactions/comments.json": {
        "comments_v2": [
            {
                "timestamp": 1_600_000_100,
                "data": [{"comment": {"comment": "See you", "author": "Amy", "group": "Tap"}}],
            }
        ]
    },
    "messages/inbox/kit_1/message_1.json": {
        "participants": [{"name": "Kit"}],
        "thread_path": "inbox/kit_1",
        "messages": [
            {"sender_name": "Kit", "timestamp_ms": 1_600_000_002_000, "content": "same"},
            {"sender_name": "Kit", "timestamp_ms": 1_600_000_002_000, "content": "same"},
            {"sender_name": "Jo", "timestamp_ms": 1_600_000_001_000, "photos": [{"uri": "p.jpg"}]},
            {"sender_name": "Jo", "timestamp_ms": 1, "content": "no time"},
        ],
    },
    "posts/photo.jpg": b"never opened",
    "friends/friends.json": b"never opened, and no JSON",
}


def test_facebook_downloads_are_read(tmp_path: Path) -> None:
    archive(tmp_path, FACEBOOK)
    posts = read("facebook_archive", tmp_path, owner="Studio")
    assert len({one.native_id for one in posts}) == len(posts) == 5
    first, comment, photo, *_ = posts
    assert (first.text, first.media_count, first.author_name) == (
        "Fête at 5 😀\n\nthe hall",
        1,
        "Studio",
    )
    assert (comment.kind, comment.author_name, comment.note) == (
        PostKind.COMMENT,
        "Amy",
        "In: Tap.",
    )
    assert (photo.author_name, photo.media_count) == ("Jo", 1)
    assert photo.posted_at == datetime.fromtimestamp(1_600_000_001, UTC)
    quiet = read("facebook_archive", tmp_path, owner="Studio", messages=False)
    assert len(quiet) == 2
    archive(tmp_path, FACEBOOK, "b.zip")
    twice = read("facebook_archive", tmp_path, owner="Studio")
    assert {one.native_id for one in twice} == {one.native_id for one in posts}


def test_instagram_downloads_are_read(tmp_path: Path) -> None:
    members: dict[str, object] = {
        "your_instagram_activity/content/posts_1.json": [
            {"media": [{"uri": "a.jpg", "creation_timestamp": 1_600_000_000, "title": "hello"}]}
        ],
        "your_instagram_activity/comments/post_comments_1.json": [
            {
                "string_map_data": {
                    "Comment": {"value": doubled("schön")},
                    "Media Owner": {"value": "kit"},
                    "Time": {"timestamp": 1_600_000_001},
                }
            }
        ],
    }
    archive(tmp_path, members)
    posts = read("instagram_archive", tmp_path)
    assert [(one.text, one.kind) for one in posts] == [
        ("hello", PostKind.POST),
        ("schön", PostKind.COMMENT),
    ]


def test_google_plus_takeouts_are_read(tmp_path: Path) -> None:
    post = {
        "creationTime": "2013-10-07 21:28:17+0000",
        "author": {"displayName": "Tap School", "resourceName": "users/1001"},
        "content": "Show on <b>Saturday</b><br>come",
        "resourceName": "users/1001/posts/U",
        "comments": [
            {
                "creationTime": "2013-10-08 08:00:00+0000",
                "author": {"displayName": "Jo"},
                "content": "see you",
            },
            None,
        ],
    }
    archive(tmp_path, {"Takeout/Google+ Stream/Posts/20131007 - Show.json": post, "x.json": b"no"})
    top, answer = read("google_plus_archive", tmp_path)
    assert (top.native_id, top.text) == ("gp:users/1001/posts/U", "Show on Saturday\ncome")
    assert (answer.parent_id, answer.author_name) == (top.native_id, "Jo")


@pytest.mark.parametrize("kind", ["facebook_archive", "instagram_archive", "google_plus_archive"])
def test_a_zip_that_is_not_to_be_trusted_is_refused(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = "Takeout/Google+ Stream/posts/a.json"
    bad: list[dict[str, object]] = [
        {"../posts/a.json": []},
        {"/posts/a.json": []},
        {place: b"no JSON"},
        {place: b"[" * 100_000},
        {place: b"[" + b" " * 40_000_000 + b"]"},
        {"posts/a.html": b"<p>hello</p>"},
    ]
    for number, members in enumerate(bad):
        path = archive(tmp_path, members)
        with pytest.raises(NeedsOperator) as told:
            read(kind, tmp_path)
        assert told.value.subject == "a.zip" and told.value.cure, number
        path.unlink()
    good = archive(tmp_path, {place: []})
    good.write_bytes(good.read_bytes()[:-30])
    with pytest.raises(NeedsOperator):
        read(kind, tmp_path)
    monkeypatch.setattr(archive_zip, "LONGEST_ALL", 1)
    archive(tmp_path, {place: [1]})
    with pytest.raises(NeedsOperator, match="more than people write"):
        read(kind, tmp_path)
