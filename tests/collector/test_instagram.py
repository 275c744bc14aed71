"""What only Instagram has: tags, replies beyond those that come along, tokens that end."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collector.connector import IncomingPost, PlatformAction
from collector.connectors.instagram import Instagram
from collector.connectors.instagram_read import Reader, comments_count, replies_of, safe_link
from collector.connectors.registry import get
from collector.sandbox.instagram import InstagramSite
from collector.sandbox.loopback import LoopbackServer
from models.errors import MendSettings, NeedsOperator, Refused, RetryLater
from models.vocabulary import AuthorRole, Verb

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SEEN = NOW
Connect = Callable[..., Instagram]


@pytest.fixture
def site() -> InstagramSite:
    made = InstagramSite("17841400000000001", "brackwaterdance")
    made.tokens["tok"] = True
    return made


@pytest.fixture
def connect(site: InstagramSite) -> Iterator[Connect]:
    with LoopbackServer(site.answer) as server:

        def made(clock: datetime = NOW, **options: str | int) -> Instagram:
            given = {"account_id": site.account_id, "base_url": server.url, **options}
            found: Any = get("instagram").connect(given, lambda _: "tok")
            object.__setattr__(found, "clock", lambda: clock)
            assert isinstance(found, Instagram)
            return found

        yield made


def _posts(connector: Instagram, after: str | None = None) -> dict[str, IncomingPost]:
    return {post.native_id: post for batch in connector.fetch(after) for post in batch.posts}


def _notes(connector: Instagram) -> str:
    return " ".join(note for batch in connector.fetch(None) for note in batch.notes)


def test_all_replies_are_read_and_say_who_wrote_them(site: InstagramSite, connect: Connect) -> None:
    post = site.threads.add("Our summer show", site.username, created=NOW - timedelta(days=1))
    comment = site.threads.add("Lovely", "ottoline", post.id)
    for number in range(120):
        site.threads.add(f"reply {number}", "amos", comment.id, NOW - timedelta(seconds=number))
    own = site.threads.add("Thank you", site.username, comment.id)
    found = _posts(connect())
    assert len(found) == 123
    reply = found[f"{post.id}_{own.id}"]
    assert reply.parent_id == f"{post.id}_{comment.id}" and reply.thread_id == post.id
    assert reply.author_role is AuthorRole.STAFF
    assert found[f"{post.id}_{comment.id}"].author_name == "ottoline"
    assert found[post.id].permalink == f"https://www.instagram.com/p/C{post.id}/"


def test_posts_that_tag_the_account_are_read_and_cannot_be_acted_on(
    site: InstagramSite, connect: Connect
) -> None:
    tagging = site.tagged.add("With @brackwaterdance", "amos", created=NOW)
    connector = connect()
    found = _posts(connector)[f"tag-{tagging.id}"]
    assert found.text == "With @brackwaterdance" and found.author_role is None
    with pytest.raises(Refused) as told:
        connector.act(PlatformAction("k", Verb.REMOVE, f"tag-{tagging.id}"))
    assert "Remove me from post" in told.value.cure


def test_hiding_is_done_once_and_can_be_undone(site: InstagramSite, connect: Connect) -> None:
    post = site.threads.add("Show", site.username)
    comment = site.threads.add("unkind", "amos", post.id)
    native_id = f"{post.id}_{comment.id}"
    connector = connect()
    for verb, hidden in ((Verb.HIDE, True), (Verb.UNHIDE, False)):
        action = PlatformAction("k", verb, native_id)
        assert not connector.act(action).already
        assert connector.act(action).already
        assert comment.hidden is hidden
    with pytest.raises(Refused):
        connector.act(PlatformAction("k", Verb.HIDE, post.id))
    comment.deleted = True
    assert connector.act(PlatformAction("k", Verb.HIDE, native_id)).already
    with pytest.raises(Refused):
        connector.act(PlatformAction("k", Verb.UNHIDE, native_id))


def test_comments_that_are_counted_and_not_shown_are_said(
    site: InstagramSite, connect: Connect
) -> None:
    post = site.threads.add("Show", site.username, created=NOW)
    comment = site.threads.add("hello", "amos", post.id)
    site.threads.count = lambda _: 1  # type: ignore[method-assign]
    comment.deleted = True
    assert "counts comments on a post and shows none" in _notes(connect())


def test_an_old_post_is_read_again_when_its_count_changes(
    site: InstagramSite, connect: Connect
) -> None:
    post = site.threads.add("Old show", site.username, created=NOW - timedelta(days=300))
    for number in range(60):  # more than one page, all of it older than what is watched
        site.threads.add("Show", site.username, created=NOW - timedelta(days=200, hours=number))
    site.threads.add("first", "amos", post.id)
    *_, last = connect().fetch(None)
    site.threads.add("second", "amos", post.id)
    calls = len(site.weather.served)
    assert not any("second" in one.text for one in _posts(connect(), last.cursor).values())
    assert len(site.weather.served) - calls == 2, "one page of posts, one of tags"
    a_day_later = connect(NOW + timedelta(days=1, minutes=1))
    assert any("second" in one.text for one in _posts(a_day_later, last.cursor).values())


def test_most_of_the_allowance_used_is_a_rest(
    site: InstagramSite, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = site.threads.add("Show", site.username, created=NOW)
    monkeypatch.setattr("collector.connectors.facebook_usage.Usage.pause", timedelta(minutes=9))
    assert _posts(connect()), "what is read to its end needs no rest"
    for number in range(260):
        site.threads.add("hello", "amos", post.id, NOW - timedelta(seconds=number))
    with pytest.raises(RetryLater) as told:
        _posts(connect())
    assert told.value.after == timedelta(minutes=9)


def test_a_token_is_renewed_each_week_and_kept_privately(
    site: InstagramSite, connect: Connect, tmp_path: Path
) -> None:
    kept = tmp_path / "token.json"
    options = {"renewed_token_file": str(kept)}
    _posts(connect(**options))
    assert site.renewals == 1
    assert kept.stat().st_mode & 0o777 == 0o600
    assert json.loads(kept.read_text())["token"] == "tok-1"
    _posts(connect(NOW + timedelta(days=6), **options))
    assert site.renewals == 1
    _posts(connect(NOW + timedelta(days=7), **options))
    assert site.renewals == 2
    site.tokens.pop("tok")  # the first has ended: the renewed one goes on
    _posts(connect(NOW + timedelta(days=8), **options))
    kept.write_text(kept.read_text().replace('"from": "', '"from": "x'))
    with pytest.raises(NeedsOperator):  # a new one was configured: the kept one is not used
        _posts(connect(NOW + timedelta(days=8), **options))


def test_a_token_that_ends_soon_is_said_in_time(site: InstagramSite, connect: Connect) -> None:
    site.threads.add("Show", site.username, created=NOW)
    made = {"token_made_on": "2026-11-21"}
    assert "ends on" not in _notes(connect(NOW + timedelta(days=49), **made))
    assert "ends on 20 January 2027" in _notes(connect(NOW + timedelta(days=51), **made))
    seen = []
    with pytest.raises(NeedsOperator, match="ends on 20 January 2027"):
        for batch in connect(NOW + timedelta(days=58), **made).fetch(None):
            seen.extend(batch.posts)
    assert seen, "what was there is collected first"


@pytest.mark.parametrize(
    "wrong",
    [
        {"account_id": "me"},
        {"sign_in": "twitter"},
        {"token_made_on": "yesterday"},
        {"base_url": "http://graph.example.org/"},
        {"reread_days": 0},
    ],
)
def test_settings_that_cannot_work(connect: Connect, wrong: dict[str, Any]) -> None:
    with pytest.raises(MendSettings) as told:
        connect(**wrong)
    assert told.value.cure


def test_odd_fields_are_said_in_a_note() -> None:
    read = Reader("1", SEEN)
    media = read.media({"id": "5", "caption": 7, "timestamp": "soon", "permalink": "ftp://x"})
    assert media is not None
    assert (media.text, media.posted_at, media.permalink) == ("", SEEN, None)
    assert "cannot be read" in media.note and "no time" in media.note
    assert read.media({"id": "../5"}) is None and read.comment("x", media) is None
    comment = read.comment({"id": 6, "text": None, "from": "x", "parent_id": ["a"]}, media)
    assert comment is not None and comment.author_id is None and comment.parent_id == "5"
    assert safe_link("https://www.instagram.com@evil.example.org/") is None


def _load(shared: Path, name: str) -> Any:
    path = shared / "recordings" / "instagram" / name
    return json.loads(path.read_text(encoding="utf-8"))


def test_recorded_media(shared: Path) -> None:
    raws = [_load(shared, "medias/media_default.json")]
    raws += _load(shared, "medias/medias_fields.json").values()
    read = Reader("1", SEEN)
    for raw in raws:
        post = read.media(raw)
        assert post is not None and post.note == ""
        assert (post.native_id, post.text) == (raw["id"], raw["caption"])
        assert f"{post.posted_at:%Y-%m-%dT%H:%M:%S}+0000" == raw["timestamp"]
        assert post.permalink == raw["permalink"]
        assert comments_count(raw) == raw["comments_count"]
        assert post.author_name == raw.get("username") and post.author_id == "1"
        assert post.thread_id == raw["id"] and not post.hidden
        assert post.media_count == max(1, len(raw.get("children", {}).get("data", [])))


def test_recorded_comments_and_replies(shared: Path) -> None:
    read = Reader("1", SEEN)
    media = read.media({"id": "17846368219941692", "timestamp": "2020-02-01T00:00:00+0000"})
    assert media is not None
    raws = [
        *_load(shared, "medias/comments_p1.json")["data"],
        *_load(shared, "medias/comments_p2.json")["data"],
        *_load(shared, "comments/replies.json")["data"],
        *_load(shared, "comments/comments_fields.json").values(),
        _load(shared, "comments/comment_fields.json"),
    ]
    assert len(raws) == 8
    for raw in raws:
        comment = read.comment(raw, media)
        assert comment is not None and comment.note == ""
        assert (comment.native_id, comment.text) == (f"{media.native_id}_{raw['id']}", raw["text"])
        assert f"{comment.posted_at:%Y-%m-%dT%H:%M:%S}+0000" == raw["timestamp"]
        assert comment.author_name == raw.get("username")
        assert comment.author_id == raw.get("from", {}).get("id", raw.get("username"))
        assert comment.parent_id == comment.thread_id == media.native_id
        assert comment.hidden is raw.get("hidden", False)
        assert replies_of(raw) == ([], None)


def test_the_way_onward_never_holds_the_token(shared: Path, connect: Connect) -> None:
    with connect()._client(connect()._token()) as client:
        assert client.onward(_load(shared, "medias/comments_p1.json")["paging"]) == "after"
        assert client.onward(_load(shared, "medias/comments_p2.json").get("paging")) == ""
