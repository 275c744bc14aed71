"""What only X has: money, replies that drop the name, edits with new ids, signed requests."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from collector.connector import Batch, IncomingPost, PlatformAction
from collector.connectors.registry import get
from collector.connectors.x import X
from collector.connectors.x_client import Keys, Signed
from collector.connectors.x_read import read
from collector.sandbox.loopback import LoopbackServer
from collector.sandbox.x import XSite
from models.errors import MendSettings, NeedsOperator, Refused, RetryLater
from models.vocabulary import AuthorRole, Presence, Verb, now

Connect = Callable[..., X]


@pytest.fixture
def site() -> XSite:
    return XSite("2244994945", "tok")


@pytest.fixture
def connect(site: XSite) -> Iterator[Connect]:
    with LoopbackServer(site.answer) as server:

        def made(after: timedelta = timedelta(0), **options: str | int) -> X:
            given = {"user_id": site.user_id, "base_url": server.url, **options}
            found: Any = get("x").connect(given, lambda _: "tok")
            object.__setattr__(found, "clock", lambda: now() + after)
            assert isinstance(found, X)
            return found

        yield made


def _batches(connector: X, after: str | None = None) -> list[Batch]:
    return list(connector.fetch(after))


def _posts(batches: list[Batch]) -> dict[str, IncomingPost]:
    return {post.native_id: post for batch in batches for post in batch.posts}


def test_the_signature_is_that_of_the_standard() -> None:
    """The keys are the example of X's own pages; the value was made with oauthlib 4.0.1."""
    keys = Keys(
        "xvz1evFS4wEEPTGEFPHBog",
        "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
        "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
        "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
    )
    signed = Signed(keys, "kYjzVBB8Y0ZFabxSWbYovY3uYSQ2pTgmZeNu2VS4cg", "1318622958")
    for method, url, value in (
        (
            "GET",
            "https://api.x.com/2/tweets/search/recent"
            "?query=conversation_id%3A5%20OR%20conversation_id%3A6&max_results=100",
            "6xUx4462zp6DtzUsTmhm4ruUuSo%3D",
        ),
        ("PUT", "http://127.0.0.1:8081/2/tweets/5/hidden", "gZqAQvbFAf1xlzeahHqXdJ0KLE4%3D"),
    ):
        request = requests.Request(method, url).prepare()
        request.url = url
        assert f'oauth_signature="{value}"' in signed(request).headers["Authorization"]
    assert "LswwdoUa" not in repr(signed) + repr(keys)


def test_replies_that_drop_the_name_are_found(site: XSite, connect: Connect) -> None:
    post = site.threads.add("Our show", "own", created=now() - timedelta(days=1))
    mention = site.threads.add("@own lovely", "amos", post.id)
    silent = site.threads.add("without the name", "ottoline", mention.id)
    site.silent.add(silent.id)
    first = _batches(connect())
    assert set(_posts(first)) == {post.id, mention.id, silent.id}
    found = _posts(first)[silent.id]
    assert (found.parent_id, found.thread_id) == (mention.id, post.id)
    assert found.author_name == "@ottoline" and found.author_role is None
    assert _posts(first)[post.id].author_role is AuthorRole.STAFF
    later = site.threads.add("another", "ottoline", post.id)
    site.silent.add(later.id)
    second = _batches(connect(), first[-1].cursor)
    assert later.id in _posts(second)
    later.deleted = True
    third = _batches(connect(), second[-1].cursor)
    again = site.threads.add("as many as before", "ottoline", post.id)
    site.silent.add(again.id)
    second = _batches(connect(), third[-1].cursor)
    assert again.id in _posts(second), "the count fell and rose"
    site.weather.served.clear()
    _batches(connect(), second[-1].cursor)
    assert not [call for call in site.weather.served if "search" in call], "nothing new: no money"


def test_a_mention_elsewhere_is_a_post_of_its_own(site: XSite, connect: Connect) -> None:
    mention = site.threads.add("I dance with @own", "amos")
    found = _posts(_batches(connect()))[mention.id]
    assert found.parent_id is None and found.thread_id == mention.id
    with pytest.raises(Refused) as told:
        connect().act(PlatformAction("k", Verb.HIDE, mention.id))
    assert "report the reply" in told.value.cure


def test_hiding_is_what_x_last_said(site: XSite, connect: Connect) -> None:
    post = site.threads.add("Our show", "own")
    reply = site.threads.add("unkind", "amos", post.id)
    connector = connect()
    for verb, seen in ((Verb.HIDE, Presence.HIDDEN), (Verb.UNHIDE, Presence.PRESENT)):
        action = PlatformAction("k", verb, reply.id)
        assert not connector.act(action).already
        assert connector.act(action).already
        assert connector.look_up([reply.id])[reply.id].presence is seen
        assert reply.hidden is (verb is Verb.HIDE)
    site.may_hide = False
    with pytest.raises(NeedsOperator):
        connector.act(PlatformAction("k", Verb.HIDE, reply.id))
    site.may_hide, reply.deleted = True, True
    assert connector.act(PlatformAction("k", Verb.HIDE, reply.id)).already
    with pytest.raises(Refused):
        connector.act(PlatformAction("k", Verb.UNHIDE, reply.id))


def test_an_edited_reply_is_one_post_with_its_newest_words(site: XSite, connect: Connect) -> None:
    post = site.threads.add("Our show", "own")
    reply = site.threads.add("nice", "amos", post.id)
    first = _batches(connect())
    site.edit(reply.id, "not nice")
    edited = _posts(_batches(connect(), first[-1].cursor))[reply.id]
    assert edited.text == "not nice" and edited.edited_at is not None
    assert connect().look_up([reply.id])[reply.id].text == "not nice"
    assert not connect().act(PlatformAction("k", Verb.HIDE, reply.id)).already
    assert reply.hidden


def test_a_second_look_comes_once_a_day(site: XSite, connect: Connect) -> None:
    post = site.threads.add("Our show", "own")
    first = _batches(connect())
    post.deleted = True
    second = _batches(connect(), first[-1].cursor)
    assert not [gone for batch in second for gone in batch.gone]
    third = _batches(connect(timedelta(hours=25)), second[-1].cursor)
    assert [gone.native_id for batch in third for gone in batch.gone] == [post.id]


def test_a_week_without_a_look_is_said(site: XSite, connect: Connect) -> None:
    site.threads.add("Our show", "own")
    first = _batches(connect())
    late = _batches(connect(timedelta(days=8)), first[-1].cursor)
    assert "seven days" in " ".join(note for batch in late for note in batch.notes)


@pytest.mark.parametrize("storm", ["cap", "no_credit", "not_enrolled"])
def test_money_and_plans_ask_for_a_person(site: XSite, connect: Connect, storm: str) -> None:
    site.weather.storm(storm)
    with pytest.raises(NeedsOperator) as told:
        _batches(connect())
    assert "console" in told.value.cure


def test_a_limit_lasts_until_its_reset(site: XSite, connect: Connect) -> None:
    site.weather.storm("too_many")
    with pytest.raises(RetryLater) as told:
        _batches(connect())
    assert timedelta(seconds=590) < told.value.after <= timedelta(seconds=600)


def test_links_are_read_as_they_lead_and_odd_fields_are_said() -> None:
    seen = datetime(2026, 11, 21, tzinfo=UTC)
    urls = [{"url": "https://t.co/a1", "expanded_url": "https://example.org/page"}]
    raw = {"id": "5", "text": "see https://t.co/a1", "entities": {"urls": urls}}
    assert read(raw, {}, "1", seen).text == "see https://example.org/page"
    long = {**raw, "note_tweet": {"text": "the whole of it https://t.co/a1"}}
    assert read(long, {}, "1", seen).text == "the whole of it https://example.org/page"
    odd = read({"id": "5", "text": 7, "author_id": [], "attachments": 3}, {}, "1", seen)
    assert odd.posted_at == seen and "cannot be read" in odd.note and "no time" in odd.note
    assert odd.author_id is None


@pytest.mark.parametrize(
    "wrong", [{"user_id": "@dance"}, {"recheck": -1}, {"base_url": "http://api.example.org"}]
)
def test_settings_that_cannot_work(connect: Connect, wrong: dict[str, Any]) -> None:
    with pytest.raises(MendSettings):
        connect(**wrong)


def test_hiding_waits_and_asks_like_reading(site: XSite, connect: Connect) -> None:
    post = site.threads.add("Our show", "own")
    action = PlatformAction("k", Verb.HIDE, site.threads.add("unkind", "amos", post.id).id)
    site.weather.storm("retry_after")
    with pytest.raises(RetryLater) as told:
        connect().act(action)
    assert told.value.after == timedelta(seconds=240)
    site.weather.storm("no_credit")
    with pytest.raises(NeedsOperator):
        connect().act(action)
    with pytest.raises(RetryLater):
        connect(base_url="http://127.0.0.1:9").act(action)
