"""Recorded answers of a real Mastodon server: whatever the connector would ever ask is read.

They lie beside the project and are never committed: skipped where they are absent.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from collector.connectors.markup import plain
from collector.connectors.mastodon import Mastodon
from collector.connectors.mastodon_client import MastodonClient
from collector.connectors.mastodon_place import MastodonPlace
from collector.sandbox.replay import Replay, load
from models.errors import NeedsOperator
from models.vocabulary import Presence

SEEN = datetime(2026, 8, 1, 14, tzinfo=UTC)
UNREAD = {
    "test_notifications_clear": "it holds an order of the account's owner, and no answer",
    "test_notifications_policy": "the account's own settings, which the connector never asks for",
}
"""Of these nothing is read, and why."""

_STATUS = re.compile(r"statuses(?:/\d+)?")
_NOTICE = re.compile(r"notifications/\d+")


@pytest.fixture
def folder(shared: Path) -> Path:
    return shared / "recordings" / "mastodon"


def _right(place: MastodonPlace, raw: Mapping[str, Any]) -> None:
    """Every field of a status that matters is in the post."""
    post = place._post(raw)
    assert post is not None and post.note == ""
    account = raw["account"]
    assert (post.native_id, post.author_id) == (raw["id"], account["acct"])
    assert post.author_name == (account["display_name"] or account["username"])
    assert plain(raw.get("content") or "") in post.text
    assert raw.get("spoiler_text") in (None, "") or raw["spoiler_text"] in post.text
    for media in raw["media_attachments"]:
        assert (media["description"] or "") in post.text
    assert post.media_count == len(raw["media_attachments"])
    assert post.posted_at == datetime.fromisoformat(raw["created_at"])
    assert (post.edited_at is None) is (raw["edited_at"] is None)
    assert post.parent_id == raw["in_reply_to_id"]
    link = raw["url"] or ""
    assert post.permalink == (link if link.startswith("https://") else None)


def _asked(pairs: tuple[Any, ...]) -> Iterator[tuple[str, dict[str, list[str]], Any]]:
    """(path below the interface, what was asked, the pair) of everything that was only read."""
    for pair in pairs:
        parts = urlsplit(pair["request"]["uri"])
        if pair["request"]["method"] == "GET" and parts.path.startswith("/api/v1/"):
            yield parts.path.removeprefix("/api/v1/"), parse_qs(parts.query), pair


def _answered(pairs: tuple[Any, ...]) -> Iterator[Mapping[str, Any]]:
    """The statuses in answers to writing: as the account's own client gets them."""
    for pair in pairs:
        path = urlsplit(pair["request"]["uri"]).path.removeprefix("/api/v1/")
        if pair["request"]["method"] != "GET" and _STATUS.fullmatch(path):
            yield _json(pair)


def _json(pair: Any) -> Any:
    return json.loads(pair["response"]["body"]["string"])


def _statuses(
    client: MastodonClient, path: str, query: Mapping[str, list[str]]
) -> list[Mapping[str, Any]] | None:
    """The statuses in one answer, read by the real client; None for a path it never asks."""
    if path == "notifications" or path.endswith("/statuses"):
        rows, _ = client.page(path, "", query)
        assert all(isinstance(row, dict) for row in rows)
        found = [row if path != "notifications" else row.get("status") for row in rows]  # type: ignore[attr-defined]
        return [one for one in found if one]
    if _STATUS.fullmatch(path):
        return [client.one(path)]
    if _NOTICE.fullmatch(path):
        return [client.one(path)["status"]]
    return None


def _names(folder: Path) -> list[str]:
    return sorted(one.stem for one in folder.glob("*.yaml"))


def test_every_recording_is_read_or_said_why_not(folder: Path) -> None:
    names, read = _names(folder), dict[str, int]()
    assert len(names) == 19 and set(UNREAD) <= set(names)
    for name in names:
        pairs = load(folder / f"{name}.yaml")
        with Replay(pairs) as server:
            read[name] = _read(server, pairs)
            assert not server.unmatched, name
    assert {name for name, count in read.items() if not count} == set(UNREAD)
    assert sum(read.values()) > 150


def _read(server: Replay, pairs: tuple[Any, ...]) -> int:
    """How many statuses, accounts and lists of people were read out of a recording."""
    client = MastodonClient(f"{server.url}/", "t", "the account")
    place, count = MastodonPlace(client, "the account", SEEN), 0
    for path, query, pair in _asked(pairs):
        found = _statuses(client, path, query)
        for raw in found or ():
            _right(place, raw)
        if path == "accounts/verify_credentials":
            assert client.one(path)["id"] == _json(pair)["id"]
            assert place.account()
        elif path.endswith("/followers"):
            assert client.page(path, "", {}) == (_json(pair), "")
        elif found is None:
            continue
        count += 1 + len(found or ())
    for raw in _answered(pairs):
        _right(place, raw)
        count += 1
    client.close()
    return count


def test_what_may_not_be_done_is_for_a_person(folder: Path) -> None:
    pairs = load(folder / "test_admin_moderation.yaml")
    path = "accounts/117020566092212359/unsuspend"
    refused = [one for one in pairs if one["response"]["status"]["code"] == 403]
    as_read = {**refused[0], "request": {**refused[0]["request"], "method": "GET", "body": None}}
    with Replay([as_read]) as server:
        client = MastodonClient(f"{server.url}/", "t", "the account")
        with pytest.raises(NeedsOperator):
            client.one(f"admin/{path}")
        client.close()
        assert not server.unmatched


def test_an_edit_is_looked_up_with_its_newest_words(folder: Path) -> None:
    pairs = load(folder / "test_status_edit.yaml")
    name = "117020586180926938"
    newest = [pair for path, _, pair in _asked(pairs) if path == f"statuses/{name}"][-1]
    with Replay(pairs) as server:
        account = Mastodon(f"{server.url}/", lambda _: "t")
        seen = account.look_up([name])[name]
    assert seen.presence is Presence.PRESENT
    assert seen.text == plain(_json(newest)["content"])
