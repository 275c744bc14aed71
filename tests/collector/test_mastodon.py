"""A Mastodon account, on the stand-in and on recorded answers of a real server."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from collector.connectors.mastodon import Mastodon, connect
from collector.connectors.mastodon_client import MastodonClient
from collector.connectors.mastodon_place import MastodonPlace, words
from collector.sandbox.loopback import LoopbackServer
from collector.sandbox.mastodon import MastodonSite
from collector.sandbox.replay import Replay, load
from models.errors import MendInput, MendSettings

SEEN = datetime(2026, 8, 1, 14, tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[MastodonSite]:
    made = MastodonSite("tok")
    with LoopbackServer(made.answer) as server:
        made.url = server.url
        yield made


def _account(site: MastodonSite) -> Mastodon:
    return connect({"base_url": site.url}, lambda _: "tok")


def test_a_mention_out_of_nowhere_is_collected(site: MastodonSite) -> None:
    mention = site.threads.add("look at @brackwater", "perry@social.example.org")
    posts = [post for batch in _account(site).fetch(None) for post in batch.posts]
    assert [(one.native_id, one.author_id) for one in posts] == [
        (mention.id, "perry@social.example.org")
    ]


def test_followers_and_those_who_ask(site: MastodonSite) -> None:
    site.followers = {"perry": "follower", "al@social.example.org": "asks"}
    found = [(one.handle, one.display_name, one.role) for one in _account(site).members()]
    assert found == [("perry", "Perry", "follower"), ("al@social.example.org", "Al", "asks")]


def test_everything_that_is_shown_is_read() -> None:
    status = {
        "spoiler_text": "a warning",
        "content": '<p>Come <a href="https://x.example.org/">here</a></p>',
        "poll": {"options": [{"title": "yes"}, {"title": None}]},
        "media_attachments": [{"description": "a picture"}, None],
    }
    assert words(status) == "a warning\nCome here (https://x.example.org/)\nyes\na picture"


@pytest.mark.parametrize("wrong", [{"base_url": "http://x.example.org"}, {"reread_days": 0}])
def test_settings_that_cannot_work(wrong: dict[str, Any]) -> None:
    with pytest.raises(MendSettings):
        connect({"base_url": "https://x.example.org", **wrong}, lambda _: "tok")


def _replayed(shared: Path, name: str) -> Replay:
    return Replay(load(shared / "recordings" / "mastodon" / f"{name}.yaml"))


def test_recorded_mentions(shared: Path) -> None:
    with _replayed(shared, "test_notifications_mentions_only") as server:
        client = MastodonClient(f"{server.url}/", "t", "the account")
        mentions, onward = client.page("notifications", "", {"types[]": ["mention"]})
        place = MastodonPlace(client, "the account", SEEN)
        assert onward == "" or onward.isdigit()
        status = mentions[0]["status"]  # type: ignore[index]
        post = place._post(status)
        client.close()
        assert not server.unmatched
    assert post is not None
    assert post.text.startswith("@mastodonpy_test") and post.text.endswith("hello!")
    assert (post.native_id, post.author_id) == ("117020577157693549", "admin")
    assert post.posted_at == datetime(2026, 8, 1, 13, 51, 42, 823000, tzinfo=UTC)


def test_recorded_pages_go_on_by_the_link(shared: Path) -> None:
    with _replayed(shared, "test_fetch_next_previous") as server:
        client = MastodonClient(f"{server.url}/", "t", "the account")
        path = "accounts/117020565966271181/statuses"
        first, onward = client.page(path, "", {"limit": "5"})
        second, _ = client.page(path, onward, {"limit": "5"})
        client.close()
        assert not server.unmatched
    ids = [one["id"] for one in (*first, *second)]  # type: ignore[index]
    assert len(set(ids)) == 10 and ids == sorted(ids, key=int, reverse=True)


def test_recorded_edit_and_followers(shared: Path) -> None:
    with _replayed(shared, "test_status_edit") as server:
        client = MastodonClient(f"{server.url}/", "t", "the account")
        status = client.one("statuses/117020586180926938")
        client.close()
    post = MastodonPlace(client, "the account", SEEN)._post(status)
    assert post is not None and post.edited_at is not None
    with _replayed(shared, "test_account_followers") as server:
        client = MastodonClient(f"{server.url}/", "t", "the account")
        own = MastodonPlace(client, "the account", SEEN).account()
        assert client.page(f"accounts/{own}/followers", "", {}) == ([], "")
        client.close()


def test_a_file_that_is_no_recording_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("interactions: [!!python/object:os.system {}]")
    with pytest.raises(MendInput):
        load(wrong)
