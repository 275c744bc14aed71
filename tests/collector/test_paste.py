"""One pasted post."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from collector.connector import PlatformAction
from collector.connectors.paste import PasteConnector, pasted_post
from models.errors import MendInput, Refused
from models.vocabulary import Presence, Verb, now


def test_what_was_typed_becomes_a_post() -> None:
    posted = datetime(2026, 3, 1, 19, 30, tzinfo=timezone(timedelta(hours=1)))
    post = pasted_post(
        " hi\r\nall ", link="https://example.org/p#x", author="Amy", posted_at=posted
    )
    assert (post.text, post.author_id, post.note) == ("hi\nall", "Amy", "")
    assert post.posted_at == datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
    assert post.permalink == "https://example.org/p#x"


def test_the_same_post_has_the_same_id() -> None:
    one = pasted_post("hi  all", link="https://example.org/p#top").native_id
    assert one == pasted_post("hi all\n", link="https://example.org/p").native_id
    assert one != pasted_post("hi all", link="https://example.org/q").native_id
    assert one != pasted_post("hi all, again", link="https://example.org/p").native_id


def test_an_unknown_time_is_now_and_says_so() -> None:
    post = pasted_post("hi")
    assert now() - post.posted_at < timedelta(minutes=1) and post.note


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("  ", {}),
        ("x" * 1_000_001, {}),
        ("hi", {"link": "javascript:alert(1)"}),
        ("hi", {"link": "example.org/p"}),
        ("hi", {"link": "http://"}),
        ("hi", {"link": "https://exa mple.org"}),
        ("hi", {"posted_at": datetime(2999, 1, 1, tzinfo=UTC)}),
    ],
)
def test_what_cannot_be_is_refused_in_plain_words(text: str, more: dict) -> None:
    with pytest.raises(MendInput) as caught:
        pasted_post(text, **more)
    assert caught.value.cure


def test_the_source_of_pasted_posts_does_nothing_by_itself() -> None:
    connector = PasteConnector()
    assert list(connector.fetch(None)) == []
    assert connector.look_up(["a"])["a"].presence is Presence.UNKNOWN
    assert all(connector.by_hand(verb) for verb in Verb)
    with pytest.raises(Refused):
        connector.act(PlatformAction("k", Verb.REMOVE, "a"))
