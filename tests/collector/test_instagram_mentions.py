"""@mentions that a webhook told of: kept by their ids, read by the poll once, tried again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from chaperone.guarded import guarded
from collector.connector import Gone, IncomingPost, Mention, PlatformAction, ReadsMentions
from collector.connectors.instagram import Instagram
from collector.connectors.instagram_mention import marked, mentions_in
from collector.connectors.kind import Ground
from collector.connectors.registry import get
from collector.polling import poll, register_source
from collector.sandbox.graph_storms import STORMS
from collector.sandbox.instagram import InstagramSite
from collector.sandbox.loopback import Call, LoopbackServer, Reply
from collector.sandbox.threads import Entry
from collector.storing import Polled
from collector.told import GIVEN_UP_AFTER, WATCHED, Told
from collector.waking import Heard, write_down
from models.errors import NeedsOperator, Refused, RetryLater
from models.tables import Post, Revision, Source, ToldMention
from models.unit_of_work import Store
from models.vocabulary import Audience, AuthorRole, Capability, PostKind, Presence, Verb

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def site() -> InstagramSite:
    made = InstagramSite("17841400000000001", "brackwaterdance")
    made.tokens["tok"] = True
    return made


@pytest.fixture
def instagram(site: InstagramSite) -> Iterator[Instagram]:
    with LoopbackServer(site.answer) as server:
        options = {"account_id": site.account_id, "base_url": server.url}
        found: Any = get("instagram").connect(options, lambda _: "tok")
        object.__setattr__(found, "clock", lambda: NOW)
        yield found


def _comment(site: InstagramSite, text: str = "Ask @brackwaterdance") -> tuple[Mention, Entry]:
    media = site.elsewhere.add("Our walk", "otherclub", created=NOW - DAY)
    entry = site.elsewhere.add(text, "amos", media.id, NOW)
    return Mention(media.id, entry.id), entry


def _failing(site: InstagramSite, storm: str, only: str = "mentioned_") -> None:
    """From now on calls that ask for a mention get that storm."""

    def answer(call: Call) -> Reply | None:
        return STORMS[storm]() if only in call.query else None

    site.weather.interject(answer)


# What one mention is


def test_a_comment_elsewhere_is_a_post_that_can_only_be_read(
    site: InstagramSite, instagram: Instagram
) -> None:
    mention, entry = _comment(site)
    found = instagram.mention(mention)
    assert isinstance(found, IncomingPost)
    assert found.native_id == f"tag-{mention.media_id}_{entry.id}" == marked(mention)
    assert (found.kind, found.text) == (PostKind.COMMENT, "Ask brackwaterdance")
    assert (found.author_id, found.author_role, found.posted_at) == ("amos", None, NOW)
    assert found.thread_id == f"tag-{mention.media_id}"
    assert found.permalink == f"https://www.instagram.com/p/C{mention.media_id}/"
    seen = instagram.look_up([found.native_id])[found.native_id]
    assert (seen.presence, seen.text) == (Presence.PRESENT, found.text)
    served = len(site.weather.served)
    for verb in (Verb.REMOVE, Verb.HIDE, Verb.UNHIDE):
        with pytest.raises(Refused):
            instagram.act(PlatformAction("k", verb, found.native_id))
    assert len(site.weather.served) == served, "nothing is sent to other people's media"
    assert any("somebody else's post" in step for step in instagram.by_hand(Verb.REMOVE))
    able = get("instagram").capabilities_for
    assert able(Ground(found.native_id)) == {Capability.POSTS}
    assert {Capability.REMOVE, Capability.HIDE} <= able(Ground("1_2"))
    assert able(Ground("17900000000000001")) == {Capability.POSTS, Capability.REMOVE}


def test_a_caption_elsewhere_is_the_same_post_as_its_tag(
    site: InstagramSite, instagram: Instagram
) -> None:
    media = site.elsewhere.add("With @brackwaterdance", "otherclub", created=NOW)
    found = instagram.mention(Mention(media.id))
    assert isinstance(found, IncomingPost)
    assert found.native_id == f"tag-{media.id}" and found.text == "With brackwaterdance"
    assert found.author_id == "otherclub" and found.author_role is None


def test_where_only_the_promised_fields_are_given_they_are_enough(
    site: InstagramSite, instagram: Instagram
) -> None:
    site.sparing = True
    mention, _ = _comment(site)
    found = instagram.mention(mention)
    assert isinstance(found, IncomingPost)
    assert found.text == "Ask brackwaterdance" and found.author_id is found.permalink is None
    media = instagram.mention(Mention(mention.media_id))
    assert isinstance(media, IncomingPost) and media.author_name == "otherclub"


def test_a_mention_below_an_own_post_is_the_comment_that_is_read_anyway(
    site: InstagramSite, instagram: Instagram
) -> None:
    media = site.threads.add("Our show", site.username, created=NOW - DAY)
    top = site.threads.add("Lovely", "ottoline", media.id, NOW - DAY)
    reply = site.threads.add("@brackwaterdance thanks", "amos", top.id, NOW)
    usual = {post.native_id: post for batch in instagram.fetch(None) for post in batch.posts}
    for mention in (Mention(media.id, reply.id), Mention(media.id)):
        found = instagram.mention(mention)
        assert isinstance(found, IncomingPost)
        assert found == usual[found.native_id]
    assert usual[media.id].author_role is AuthorRole.STAFF


def test_gone_is_believed_only_where_the_account_itself_is_shown(
    site: InstagramSite, instagram: Instagram
) -> None:
    mention, entry = _comment(site)
    entry.deleted = True
    assert instagram.mention(mention) == Gone(marked(mention))
    assert instagram.look_up([marked(mention)])[marked(mention)].presence is Presence.GONE
    site.account_id = "1"  # as for a token that sees another account
    with pytest.raises(NeedsOperator):
        instagram.mention(mention)


@pytest.mark.parametrize(
    ("storm", "error"),
    [
        ("too_many", RetryLater),
        ("unavailable", RetryLater),
        ("limit", RetryLater),
        ("expired", NeedsOperator),
        ("permission", NeedsOperator),
    ],
)
def test_every_failure_is_named_by_its_remedy(
    site: InstagramSite, instagram: Instagram, storm: str, error: type[Exception]
) -> None:
    mention, _ = _comment(site)
    site.weather.storm(storm)
    with pytest.raises(error):
        instagram.mention(mention)


@pytest.mark.parametrize(
    "mention",
    [
        Mention("17841400000000001/media"),
        Mention("1", "2){id},x"),
        Mention("", "1"),
        Mention("../../1", "1"),
        Mention("1" * 41),
        Mention("١٢"),
        Mention("1\n"),
    ],
)
def test_ids_that_are_none_are_never_sent(
    site: InstagramSite, instagram: Instagram, mention: Mention
) -> None:
    with pytest.raises(Refused):
        instagram.mention(mention)
    assert site.weather.served == []
    value = {"media_id": mention.media_id, "comment_id": mention.comment_id}
    assert list(mentions_in({"changes": [{"field": "mentions", "value": value}]})) == []


def test_what_a_call_tells_of_mentions() -> None:
    good = {"field": "mentions", "value": {"media_id": "5", "comment_id": 6, "text": "words"}}
    caption = {"field": "mentions", "value": {"media_id": "7"}}
    other = {"field": "comments", "value": {"media_id": "8", "comment_id": "9"}}
    nonsense: list[object] = [None, 7, {}, {"field": "mentions"}, {"field": "mentions", "value": 1}]
    wrong: list[object] = [
        {"field": ["mentions"], "value": {"media_id": "1"}},
        {"field": "mentions", "value": {"media_id": True, "comment_id": "1"}},
        {"field": "mentions", "value": {"media_id": None, "comment_id": "1"}},
        {"field": "mentions", "value": {"media_id": "1", "comment_id": -1}} | {"id": "1"},
    ]
    entry = {"changes": [good, other, caption, *nonsense]}
    assert list(mentions_in(entry)) == [Mention("5", "6"), Mention("7")]
    assert list(mentions_in({"id": "1", **good})) == [Mention("5", "6")], "written into the entry"
    assert list(mentions_in({"changes": wrong[:3]})) == []
    for entry_ in (None, 5, [], "x", {"changes": {"field": "mentions"}}, {"changes": None}):
        assert list(mentions_in(entry_)) == []


# From the call to the tables


@dataclass
class Desk:
    """A source that is told of mentions and polled. at: the present moment."""

    store: Store
    source_id: int
    connector: Instagram
    at: datetime = NOW

    def tell(self, *mentions: Mention, source: str = "pictures") -> None:
        told = frozenset(Told(source, one) for one in mentions)
        heard = Heard(frozenset({source}), 1, 0, told)
        write_down(self.store, "meta", heard, clock=lambda: self.at)

    def poll(self) -> Polled:
        return poll(self.store, self.source_id, self.connector, clock=lambda: self.at)

    def later(self, much: timedelta) -> "Desk":
        self.at += much
        return self

    def posts(self) -> dict[str, tuple[str, Presence]]:
        with self.store.read() as session:
            rows = session.execute(
                select(Post.native_id, Revision.text, Post.presence).join(
                    Revision, Revision.id == Post.revision_id
                )
            )
            return {row[0]: (row[1], row[2]) for row in rows}

    def waiting(self) -> list[tuple[str, str, int]]:
        with self.store.read() as session:
            rows = session.scalars(select(ToldMention).order_by(ToldMention.id))
            return [(row.media_id, row.comment_id, row.tries) for row in rows]

    def source(self) -> Source:
        with self.store.read() as session:
            return session.get_one(Source, self.source_id)


def _desk(store: Store, instagram: Instagram) -> Desk:
    with store.write() as session:
        source = register_source(
            session,
            name="pictures",
            connector="instagram",
            label="Pictures",
            audience=Audience.PUBLIC,
        )
        session.commit()
        return Desk(store, source.id, instagram)


@pytest.fixture
def desk(sqlite_store: Store, instagram: Instagram) -> Desk:
    return _desk(sqlite_store, instagram)


def test_told_once_or_often_it_is_stored_once(
    store: Store, site: InstagramSite, instagram: Instagram
) -> None:
    desk = _desk(store, instagram)
    mention, entry = _comment(site)
    caption = Mention(mention.media_id)
    desk.tell(mention, caption)
    desk.tell(mention)
    desk.tell(mention, source="unknown")
    assert len(desk.waiting()) == 2
    assert desk.poll().new == 2
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Revision)) == 2
    assert desk.posts()[marked(mention)] == ("Ask brackwaterdance", Presence.PRESENT)
    desk.tell(mention)  # it is read once more, and is the same
    again = desk.poll()
    assert (again.new, again.edited, again.gone, again.finished) == (0, 0, 0, True)
    entry.deleted = True
    assert desk.later(DAY).poll().gone == 1
    assert desk.posts()[marked(mention)][1] is Presence.GONE
    assert [one[0] for one in desk.waiting()] == [mention.media_id], "only the caption is left"


def test_it_waits_in_the_tables_from_the_call_to_a_poll_that_comes_through(
    desk: Desk, site: InstagramSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    mention, _ = _comment(site)
    desk.tell(mention)
    desk.store.close()  # the process ends; another one begins
    site.weather.storm("server_error")
    with pytest.raises(RetryLater):
        desk.poll()
    site.weather.calm()

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr("collector.told.store_posts", killed)
        desk.poll()
    assert len(desk.waiting()) == 1 and not desk.posts()
    assert desk.poll().new == 1


def test_edits_and_deletions_are_noticed_for_two_weeks(desk: Desk, site: InstagramSite) -> None:
    media = site.elsewhere.add("With @brackwaterdance", "otherclub", created=NOW)
    desk.tell(Mention(media.id))
    desk.poll()
    calls = len(site.weather.served)
    desk.later(timedelta(minutes=10)).poll()
    assert len(site.weather.served) - calls == 2, "posts and tags alone: once a day is enough"
    media.text = "Without you, @brackwaterdance"
    assert desk.later(DAY).poll().edited == 1
    desk.later(WATCHED).poll()
    assert desk.waiting() == []
    assert desk.posts()[f"tag-{media.id}"][0] == "Without you, brackwaterdance"


def test_one_that_was_gone_before_it_was_read_is_said(desk: Desk, site: InstagramSite) -> None:
    mention, entry = _comment(site)
    entry.deleted = True
    desk.tell(mention)
    desk.poll()
    assert desk.posts() == {} and desk.waiting() == []
    assert any("gone before it could be read" in note for note in desk.source().notes)


@pytest.mark.parametrize(
    ("storm", "delay"), [("too_many", 420), ("unavailable", 90), ("limit", 19 * 60)]
)
def test_the_platforms_own_delay_is_kept_and_the_source_is_not_blind(
    desk: Desk, site: InstagramSite, storm: str, delay: int
) -> None:
    site.threads.add("Our show", site.username, created=NOW)
    both = _comment(site)[0], _comment(site)[0]
    desk.tell(*both)
    _failing(site, storm)
    served = len(site.weather.served)
    polled = desk.poll()
    assert polled.new == 1, "what can be read is read"
    assert sum("17841400000000001 " in f"{one} " for one in site.weather.served[served:]) == 1
    source = desk.source()
    assert source.next_attempt_at == NOW + timedelta(seconds=delay)
    assert source.blind_since is None and not source.needs_operator
    assert any("could not read yet: 2" in note for note in source.notes)
    assert [one[2] for one in desk.waiting()] == [1, 0]
    desk.poll()
    assert [one[2] for one in desk.waiting()] == [1, 0], "not before its time"
    site.weather.calm()
    assert desk.later(timedelta(seconds=delay)).poll().new == 2
    assert desk.source().notes == [] and desk.source().next_attempt_at is None


def test_one_that_always_fails_holds_up_no_other(desk: Desk, site: InstagramSite) -> None:
    bad, good = _comment(site)[0], _comment(site)[0]
    desk.tell(bad)
    _failing(site, "busy", bad.comment_id)
    desk.poll()
    desk.later(timedelta(minutes=3)).tell(good)
    desk.poll()
    desk.later(timedelta(minutes=3)).poll()
    assert marked(good) in desk.posts() and marked(bad) not in desk.posts()
    tries = desk.waiting()[0][2]
    for _ in range(20):
        desk.later(timedelta(minutes=10)).poll()
    assert desk.waiting()[0][2] - tries <= 3, "ever more seldom"
    site.weather.calm()
    desk.later(DAY).poll()
    assert marked(bad) in desk.posts()


def test_a_token_that_may_not_see_mentions_is_said_and_stops_nothing_else(
    desk: Desk, site: InstagramSite
) -> None:
    mention, _ = _comment(site)
    desk.tell(mention)
    site.mentions_shown = False
    for _ in range(29):
        site.threads.add("Show", site.username, created=desk.at)
        assert desk.poll().new == 1
        notes = " ".join(desk.source().notes)
        assert "could not read yet: 1" in notes and "notifications in the app" in notes
        desk.later(DAY)
    site.mentions_shown = True
    desk.poll()
    assert marked(mention) in desk.posts() and desk.source().notes == []


def test_what_cannot_be_read_for_a_month_is_given_up(desk: Desk, site: InstagramSite) -> None:
    mention, _ = _comment(site)
    desk.tell(mention)
    _failing(site, "permission")
    desk.poll()
    assert any("lacks a permission" in note for note in desk.source().notes)
    desk.later(GIVEN_UP_AFTER).poll()
    assert desk.waiting() == []


def test_telling_again_does_not_shorten_a_delay(desk: Desk, site: InstagramSite) -> None:
    mention, _ = _comment(site)
    desk.tell(mention)
    _failing(site, "too_many")
    desk.poll()
    served = len(site.weather.served)
    desk.later(timedelta(seconds=60)).tell(mention)
    desk.poll()
    assert len(site.weather.served) - served == 2, "posts and tags alone"


def test_the_worker_reads_them_too(desk: Desk, site: InstagramSite) -> None:
    """The worker wraps every connector; one that reads no mentions says so."""
    mention, _ = _comment(site)
    desk.tell(mention)
    wrapped = guarded(desk.connector, "pictures", lambda _about, call, *given: call(*given))
    assert poll(desk.store, desk.source_id, wrapped, clock=lambda: desk.at).new == 1
    other = guarded(get("paste").connect({}, lambda _: ""), "pasted", lambda _, call, *args: None)
    assert isinstance(other, ReadsMentions)
    with pytest.raises(Refused):
        other.mention(mention)


def test_many_are_read_over_several_polls(desk: Desk, site: InstagramSite) -> None:
    desk.tell(*(_comment(site)[0] for _ in range(60)))
    first = desk.poll()
    assert first.new == 50 and not first.finished
    assert desk.poll().new == 10
    assert desk.poll().finished


def test_no_words_and_no_token_are_logged(
    desk: Desk, site: InstagramSite, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    mention, _ = _comment(site, "marzipan @brackwaterdance")
    desk.tell(mention)
    desk.poll()
    _failing(site, "permission")
    desk.later(DAY).poll()
    said = " ".join(record.getMessage() for record in caplog.records)
    assert "marzipan" not in said and "tok" not in said.split()
    assert "marzipan" not in " ".join(desk.source().notes)
