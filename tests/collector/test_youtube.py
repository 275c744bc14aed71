"""What only YouTube has: replies beyond five, what is held back, the day's allowance."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collector.connector import IncomingPost, PlatformAction
from collector.connectors.registry import get
from collector.connectors.web import Answer
from collector.connectors.youtube import YouTube
from collector.connectors.youtube_client import NotAllowed, YouTubeClient, _until_their_midnight
from collector.connectors.youtube_read import Reader, thread_parts
from collector.sandbox.loopback import LoopbackServer
from collector.sandbox.youtube import YouTubeSite
from models.errors import MendSettings, NeedsOperator, Refused, RetryLater
from models.vocabulary import AuthorRole, Presence, Verb, now

CHANNEL = "UCbrackwaterschoolofdanc"
SEEN = datetime(2026, 11, 21, tzinfo=UTC)
Connect = Callable[..., YouTube]


@pytest.fixture
def site() -> YouTubeSite:
    return YouTubeSite(CHANNEL, "r")


@pytest.fixture
def connect(site: YouTubeSite) -> Iterator[Connect]:
    with LoopbackServer(site.answer) as server:

        def made(**options: str | int) -> YouTube:
            given = {"channel_id": CHANNEL, "client_id": "c", "base_url": server.url}
            given |= {"token_url": server.url}
            found: Any = get("youtube").connect({**given, **options}, lambda _: "r")
            assert isinstance(found, YouTube)
            return found

        yield made


def _posts(connector: YouTube) -> dict[str, IncomingPost]:
    return {post.native_id: post for batch in connector.fetch(None) for post in batch.posts}


def test_every_reply_is_read(site: YouTubeSite, connect: Connect) -> None:
    video = site.threads.add("Summer show", "brackwaterschoolofdanc")
    thread = site.threads.add("Lovely", "ottoline", video.id)
    for number in range(230):
        at = now() - timedelta(seconds=number)
        site.threads.add(f"reply {number}", "amos", thread.id, at)
    own = site.threads.add("Thank you", CHANNEL.removeprefix("UC"), thread.id)
    found = _posts(connect())
    assert len(found) == 233
    assert found[own.id].author_role is AuthorRole.STAFF
    assert found[own.id].parent_id == thread.id and found[own.id].thread_id == video.id
    assert (
        found[thread.id].permalink == f"https://www.youtube.com/watch?v={video.id}&lc={thread.id}"
    )


def test_what_youtube_holds_back_is_read_and_said_to_be_hidden(
    site: YouTubeSite, connect: Connect
) -> None:
    video = site.threads.add("Summer show", "brackwater")
    held = site.threads.add("held", "amos", video.id)
    held.status = "heldForReview"
    spam = site.threads.add("spam", "amos", video.id)
    spam.status = "likelySpam"
    found = _posts(connect())
    assert found[held.id].hidden and found[spam.id].hidden
    site.owner = False
    notes = " ".join(note for batch in connect().fetch(None) for note in batch.notes)
    assert "holds back" in notes


def test_holding_and_showing_again_are_done_once(site: YouTubeSite, connect: Connect) -> None:
    video = site.threads.add("Summer show", "brackwater")
    comment = site.threads.add("unkind", "amos", video.id)
    connector = connect()
    for verb, status in ((Verb.HIDE, "heldForReview"), (Verb.UNHIDE, "")):
        for native_id in (comment.id, video.id):
            action = PlatformAction("k", verb, native_id)
            assert not connector.act(action).already
            assert connector.act(action).already
        assert comment.status == status and video.hidden is (verb is Verb.HIDE)
    comment.deleted = True
    assert connector.act(PlatformAction("k", Verb.HIDE, comment.id)).already
    with pytest.raises(Refused):
        connector.act(PlatformAction("k", Verb.UNHIDE, comment.id))
    video.deleted = True
    assert connector.look_up([video.id])[video.id].presence is Presence.GONE


def test_missing_is_gone_only_for_the_owner(site: YouTubeSite, connect: Connect) -> None:
    video = site.threads.add("Summer show", "brackwater")
    video.deleted = True
    site.owner = False
    with pytest.raises(NeedsOperator):
        connect().look_up([video.id])


def test_the_allowance_of_the_day(site: YouTubeSite, connect: Connect) -> None:
    site.weather.storm("quota")
    site.weather.interject(
        lambda call: None if call.path != "/token" else site_token(call)  # signing in costs nothing
    )
    with pytest.raises(RetryLater) as told:
        _posts(connect())
    assert timedelta(0) < told.value.after <= timedelta(hours=25, minutes=1)
    evening = datetime(2026, 11, 21, 20, tzinfo=UTC)  # noon in California
    assert _until_their_midnight(evening) == timedelta(hours=12, minutes=1)


def site_token(_: object) -> Any:
    from collector.sandbox.loopback import as_json

    return as_json({"access_token": "ya29.now"})


def test_a_channel_that_is_none(site: YouTubeSite, connect: Connect) -> None:
    with pytest.raises(NeedsOperator) as told:
        _posts(connect(channel_id="UCsomebodyelseschannel01"))
    assert "channel_id" in told.value.cure
    for wrong in ({"channel_id": "@dance"}, {"token_url": "http://a.example.org"}):
        with pytest.raises(MendSettings):
            connect(**wrong)


def test_odd_fields_are_said_in_a_note() -> None:
    read = Reader(CHANNEL, SEEN)
    comment = read.comment({"id": "Ugx000000000000", "snippet": {"textDisplay": 7}})
    assert comment is not None and comment.posted_at == SEEN and comment.author_id is None
    assert "cannot be read" in comment.note and "no time" in comment.note
    assert read.comment({"id": "../x"}) is None and read.comment(7) is None
    assert read.video({"contentDetails": {"videoId": "../../../../"}}) is None


def _load(shared: Path, name: str) -> Any:
    return json.loads((shared / "recordings" / "youtube" / name).read_text(encoding="utf-8"))


def _same(comment: IncomingPost | None, raw: dict[str, Any]) -> None:
    """Nothing that matters was lost."""
    snippet = raw["snippet"]
    assert comment is not None and comment.note == ""
    assert comment.native_id == raw["id"]
    assert comment.text == snippet["textOriginal"]
    assert comment.author_name == snippet["authorDisplayName"]
    assert comment.author_id == snippet["authorChannelId"]["value"]
    assert comment.posted_at == datetime.fromisoformat(snippet["publishedAt"])
    changed = snippet["updatedAt"] != snippet["publishedAt"]
    assert (comment.edited_at is not None) == changed
    assert comment.permalink and comment.native_id in comment.permalink
    assert comment.hidden is (snippet.get("moderationStatus") in ("heldForReview", "likelySpam"))
    if comment.edited_at is not None:
        assert comment.edited_at == datetime.fromisoformat(snippet["updatedAt"])
    if "parentId" in snippet:
        assert comment.parent_id == snippet["parentId"]


def test_recorded_threads(shared: Path) -> None:
    read, seen = Reader(CHANNEL, SEEN), 0
    for path in sorted((shared / "recordings" / "youtube").glob("comment_thread*.json")):
        for raw in json.loads(path.read_text(encoding="utf-8"))["items"]:
            first, replies, count, video = thread_parts(raw)
            assert count == raw["snippet"]["totalReplyCount"]
            assert video == raw["snippet"].get("videoId", "")
            _same(read.comment(first, video), raw["snippet"]["topLevelComment"])
            for reply in replies:
                _same(read.comment(reply, video), reply)
            seen += 1
    assert seen > 15


def test_recorded_comments(shared: Path) -> None:
    read = Reader(CHANNEL, SEEN)
    for name in ("by_parent_paged_1", "by_parent_paged_2", "multi", "single"):
        for raw in _load(shared, f"comments_{name}.json")["items"]:
            _same(read.comment(raw), raw)
    inserted = _load(shared, "insert_response.json")
    _same(read.comment(inserted), inserted)


def test_the_recorded_error_is_no_reason_to_wait(
    shared: Path, site: YouTubeSite, connect: Connect
) -> None:
    body = _load(shared, "error_permission_resp.json")
    connector = connect()
    with connector._signed_in() as (client, _):
        assert isinstance(client, YouTubeClient)
        told = client._check(Answer(403, {}, b"{}", body))
    assert isinstance(told, NotAllowed)
