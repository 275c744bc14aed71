"""Every post and comment in every recorded answer of Reddit is read without losing a field.

They lie beside the project and are never committed: skipped where they are absent. What is asked
for in which order is tried in test_reddit_recordings.py.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from collector.connectors import reddit_things as read
from collector.sandbox.replay import load

WITH_POSTS = {
    "TestModNotes.test_create_note__submission",
    "TestSubredditListings.test_comments",
    "TestSubredditListings.test_new",
    "TestSubredditModeration.test_edited",
    "TestSubredditModeration.test_modqueue",
    "TestSubredditModeration.test_modqueue__only_comments",
    "TestSubredditStreams.test_comments",
}
"""The others hold answers to acts, reasons, the log, people and modmail: no post."""


def _listings(value: object) -> Iterator[dict[str, Any]]:
    """Every listing in an answer, those within others too."""
    if isinstance(value, dict):
        if value.get("kind") == "Listing":
            yield value
        for one in value.values():
            yield from _listings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _listings(one)


def _answers(path: Path) -> Iterator[object]:
    for pair in load(path):
        try:
            yield json.loads(pair["response"]["body"]["string"])
        except (KeyError, ValueError):
            continue


def _read(listing: dict[str, Any]) -> int:
    """How many posts and comments are in it; each is looked at field by field."""
    raws = [one["data"] for one in listing["data"]["children"] if one.get("kind") in ("t1", "t3")]
    assert read.unreadable(listing) == set()
    things = read.things(listing)
    assert [one["name"] for one in things] == [raw["name"] for raw in raws]
    for raw in raws:
        post = read.post(raw, "https://www.reddit.com")
        assert post.native_id == raw["name"]
        assert int(post.posted_at.timestamp()) == int(raw["created_utc"])
        assert (raw.get("body") or "") in post.text
        assert (raw.get("selftext") or "") in post.text and (raw.get("title") or "") in post.text
        if raw["author"] != "[deleted]":
            assert post.author_name == raw["author"]
        assert (post.edited_at is not None) is bool(raw.get("edited"))
    return len(raws)


def test_no_field_that_matters_is_lost(shared: Path) -> None:
    paths = sorted((shared / "recordings" / "reddit").glob("*.json"))
    found = {
        path.stem: sum(_read(one) for said in _answers(path) for one in _listings(said))
        for path in paths
    }
    assert {name for name, count in found.items() if count} == WITH_POSTS
    assert len(paths) == 29 and sum(found.values()) > 1500
