"""A Bluesky account, on the stand-in."""

from collections.abc import Iterator
from typing import Any

import pytest

from collector.connector import PlatformAction
from collector.connectors.bluesky import Bluesky, connect
from collector.connectors.bluesky_place import GATE, words
from collector.sandbox.bluesky import BlueskySite
from collector.sandbox.loopback import LoopbackServer
from models.errors import MendSettings, Refused, RetryLater
from models.vocabulary import Presence, Verb

PERRY = "perry.example.org"


@pytest.fixture
def site() -> BlueskySite:
    return BlueskySite("app-pass")


@pytest.fixture
def account(site: BlueskySite) -> Iterator[Bluesky]:
    with LoopbackServer(site.answer) as server:
        yield connect({"base_url": server.url, "handle": site.handle}, lambda _: "app-pass")


def _answer(site: BlueskySite) -> tuple[str, str]:
    """(the key of a post of ours, the address of an answer to it)."""
    post = site.threads.add("Show on Friday", site.handle)
    return post.id, site.uri(site.threads.add("unkind", PERRY, post.id))


def test_hidden_and_shown_again_and_who_may_answer_stays(
    site: BlueskySite, account: Bluesky
) -> None:
    root, answer = _answer(site)
    allow = [{"$type": "app.bsky.feed.threadgate#followerRule"}]
    site.records[(GATE, root)] = ({"$type": GATE, "allow": allow, "hiddenReplies": ["at://x"]}, 1)
    hide, unhide = (PlatformAction("k", verb, answer) for verb in (Verb.HIDE, Verb.UNHIDE))
    assert not account.act(hide).already and account.act(hide).already
    record = site.records[(GATE, root)][0]
    assert record["allow"] == allow and record["hiddenReplies"] == ["at://x", answer]
    assert account.look_up([answer])[answer].presence is Presence.HIDDEN
    posts = [post for batch in account.fetch(None) for post in batch.posts]
    assert {post.hidden for post in posts if post.native_id == answer} == {True}
    assert not account.act(unhide).already and account.act(unhide).already
    assert account.look_up([answer])[answer].presence is Presence.PRESENT


def test_a_thread_without_a_record_gets_one_that_lets_everybody_answer(
    site: BlueskySite, account: Bluesky
) -> None:
    root, answer = _answer(site)
    site.refused_swaps = 1
    account.act(PlatformAction("k", Verb.HIDE, answer))
    record = site.records[(GATE, root)][0]
    assert record["hiddenReplies"] == [answer] and "allow" not in record
    assert record["post"].endswith(root)


def test_a_record_that_keeps_changing_is_tried_later(site: BlueskySite, account: Bluesky) -> None:
    _, answer = _answer(site)
    site.refused_swaps = 9
    with pytest.raises(RetryLater):
        account.act(PlatformAction("k", Verb.HIDE, answer))


def test_what_cannot_be_hidden(site: BlueskySite, account: Bluesky) -> None:
    root, answer = _answer(site)
    strange = site.uri(site.threads.add("@brackwater look", PERRY))
    with pytest.raises(Refused, match="no answer under a post"):
        account.act(PlatformAction("k", Verb.HIDE, strange))
    site.records[(GATE, root)] = ({"hiddenReplies": [f"at://{one}" for one in range(300)]}, 1)
    with pytest.raises(Refused, match="300"):
        account.act(PlatformAction("k", Verb.HIDE, answer))
    site.threads.entries[answer.rpartition("/")[2]].deleted = True
    assert account.act(PlatformAction("k", Verb.HIDE, answer)).already


def test_one_sign_in_serves_many_polls_and_ends_are_mended(
    site: BlueskySite, account: Bluesky
) -> None:
    _answer(site)
    for _ in range(3):
        list(account.fetch(None))
    assert site.sessions == 1
    site.sessions += 1  # the server ends them all: neither token is good any more
    assert list(account.fetch(None))
    signed_in = [one for one in site.weather.served if one.endswith("createSession")]
    assert len(signed_in) == 2


def test_mentions_and_followers(site: BlueskySite, account: Bluesky) -> None:
    site.threads.add("@brackwater look", PERRY)
    site.followers = [PERRY]
    posts = [post for batch in account.fetch(None) for post in batch.posts]
    assert [post.author_name for post in posts] == [PERRY]
    assert [(one.handle, one.role) for one in account.members()] == [("did:plc:perry", "follower")]


def test_everything_that_is_shown_is_read() -> None:
    record: dict[str, Any] = {
        "text": "look here",
        "facets": [{"features": [{"uri": "https://x.example.org/"}, None]}, 7],
        "embed": {"media": {"images": [{"alt": "a picture"}, None]}},
    }
    assert words(record) == "look here\nhttps://x.example.org/\na picture"
    card = {"external": {"title": "T", "description": "D", "uri": "https://y.example.org/"}}
    assert words({"text": "", "embed": card}) == "T\nD\nhttps://y.example.org/"


@pytest.mark.parametrize("wrong", [{"base_url": "http://x.example.org"}, {"watch_days": 0}])
def test_settings_that_cannot_work(wrong: dict[str, Any]) -> None:
    with pytest.raises(MendSettings):
        connect({"handle": "x.example.org", **wrong}, lambda _: "p")
