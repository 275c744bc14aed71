"""What only LinkedIn has: versions that end, days of sixty, replies by their own call."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collector.connector import Batch, PlatformAction
from collector.connectors.linkedin import LinkedIn
from collector.connectors.linkedin_client import _until_midnight
from collector.connectors.linkedin_read import Reader, comment_parts, is_post
from collector.connectors.registry import get
from collector.sandbox.linkedin import LinkedInSite
from collector.sandbox.loopback import LoopbackServer
from models.errors import MendSettings, NeedsOperator, RetryLater
from models.vocabulary import AuthorRole, Presence, Verb

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ORGANISATION = "urn:li:organization:5515715"
Connect = Callable[..., LinkedIn]


@pytest.fixture
def site() -> LinkedInSite:
    return LinkedInSite(ORGANISATION, "tok")


@pytest.fixture
def connect(site: LinkedInSite) -> Iterator[Connect]:
    with LoopbackServer(site.answer) as server:

        def made(clock: datetime = NOW, **options: str | int) -> LinkedIn:
            given = {"organisation_id": "5515715", "base_url": server.url, **options}
            found: Any = get("linkedin").connect(given, lambda _: "tok")
            object.__setattr__(found, "clock", lambda: clock)
            assert isinstance(found, LinkedIn)
            return found

        yield made


def _batches(connector: LinkedIn, after: str | None = None) -> list[Batch]:
    return list(connector.fetch(after))


def test_every_reply_is_read_and_hangs_from_its_comment(
    site: LinkedInSite, connect: Connect
) -> None:
    post = site.threads.add("Our show", "own", created=NOW - timedelta(days=1))
    comment = site.threads.add("Lovely", "A1", post.id, NOW - timedelta(hours=3))
    for number in range(120):
        at = NOW - timedelta(seconds=number)
        site.threads.add(f"reply {number}", "B2", comment.id, at)
    own = site.threads.add("Thank you", "own", comment.id, NOW)
    own.edited = NOW + timedelta(minutes=5)
    found = {one.native_id: one for batch in _batches(connect()) for one in batch.posts}
    assert len(found) == 123
    reply = found[own.id]
    assert (reply.parent_id, reply.thread_id) == (comment.id, post.id)
    assert reply.author_role is AuthorRole.STAFF and reply.edited_at == own.edited
    assert found[comment.id].author_id == "urn:li:person:A1"
    assert found[comment.id].permalink is not None
    assert found[comment.id].permalink.startswith("https://www.linkedin.com/feed/update/urn:li:")


def test_a_version_that_has_ended_is_said_plainly(site: LinkedInSite, connect: Connect) -> None:
    site.versions = {"202712"}
    with pytest.raises(NeedsOperator) as told:
        _batches(connect())
    assert told.value.what == "LinkedIn no longer answers in its version 202606."
    assert "newer one in the settings" in told.value.cure
    assert _batches(connect(version="202712"))


def test_what_linkedin_refuses_to_delete_is_said_with_what_to_do(
    site: LinkedInSite, connect: Connect
) -> None:
    post = site.threads.add("Our show", "own", created=NOW)
    comment = site.threads.add("unkind", "A1", post.id)
    site.may_delete = False
    with pytest.raises(NeedsOperator) as told:
        connect().act(PlatformAction("k", Verb.REMOVE, comment.id))
    assert "may refuse to let a Page delete" in told.value.cure
    site.may_delete = True
    assert not connect().act(PlatformAction("k", Verb.REMOVE, post.id)).already
    assert connect().look_up([comment.id])[comment.id].presence is Presence.GONE


def test_comments_of_old_posts_are_read_the_first_time_only(
    site: LinkedInSite, connect: Connect
) -> None:
    post = site.threads.add("Old show", "own", created=NOW - timedelta(days=300))
    site.threads.add("first", "A1", post.id)
    first = _batches(connect())
    assert len([one for batch in first for one in batch.posts]) == 2
    calls = len(site.weather.served)
    _batches(connect(NOW + timedelta(days=2)), first[-1].cursor)
    assert len(site.weather.served) - calls == 1, "the list of posts, and nothing else"


def test_the_day_of_linkedin(site: LinkedInSite, connect: Connect) -> None:
    site.weather.storm("too_many")
    with pytest.raises(RetryLater) as told:
        _batches(connect())
    assert timedelta(0) < told.value.after <= timedelta(hours=24, minutes=5)
    assert _until_midnight(NOW) == timedelta(hours=12, minutes=5)


def test_a_token_that_ends_soon_is_said_in_time(site: LinkedInSite, connect: Connect) -> None:
    site.threads.add("Show", "own", created=NOW)
    made = {"token_made_on": "2026-11-21"}
    late = _batches(connect(NOW + timedelta(days=51), **made))
    notes = " ".join(note for batch in late for note in batch.notes)
    assert "ends on 20 January 2027" in notes and "linkedin.md" in notes
    with pytest.raises(NeedsOperator, match="ends on 20 January 2027"):
        _batches(connect(NOW + timedelta(days=58), **made))


@pytest.mark.parametrize(
    "wrong",
    [
        {"organisation_id": "our-page"},
        {"version": "v2"},
        {"token_made_on": "soon"},
        {"base_url": "http://api.example.org/"},
        {"watch_days": "many"},
    ],
)
def test_settings_that_cannot_work(connect: Connect, wrong: dict[str, Any]) -> None:
    with pytest.raises(MendSettings):
        connect(**wrong)


def test_ids_that_are_none_and_odd_fields() -> None:
    assert comment_parts("urn:li:comment:(urn:li:activity:9,8)") == ("urn:li:activity:9", "8")
    assert comment_parts("urn:li:comment:(urn:li:activity:9,8)/x") is None
    assert not is_post("urn:li:share:1/comments") and not is_post(None)
    read = Reader(ORGANISATION, NOW)
    raw = {"id": "8", "object": "urn:li:activity:9", "message": {"text": None}, "created": []}
    odd = read.comment(raw, "urn:li:share:1")
    assert odd is not None and odd.native_id == "urn:li:comment:(urn:li:activity:9,8)"
    assert odd.posted_at == NOW and "cannot be read" in odd.note and "no time" in odd.note
    assert read.comment({"id": "8"}, "urn:li:share:1") is None and read.post(7) is None
