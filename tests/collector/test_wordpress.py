"""WordPress: what the contract suite cannot know."""

from collections.abc import Iterator

import pytest

from collector.connector import PlatformAction
from collector.connectors.registry import get
from collector.connectors.wordpress import WordPress
from collector.sandbox.loopback import LoopbackServer
from collector.sandbox.wordpress import WordPressSite
from models.errors import MendSettings, NeedsOperator, Refused
from models.vocabulary import Presence, Verb

PASSWORD = "QqjjzSixteenLetters"


@pytest.fixture
def site() -> Iterator[WordPressSite]:
    made = WordPressSite({"safeguarding": (PASSWORD, "editor")})
    with LoopbackServer(made.answer) as server:
        made.url = server.url
        yield made


def _connect(site: WordPressSite, **options: str) -> WordPress:
    given = {"site_url": site.url, "username": "safeguarding", **options}
    made = get("wordpress").connect(given, lambda _: PASSWORD)
    assert isinstance(made, WordPress)
    return made


def _do(connector: WordPress, verb: Verb, native_id: str) -> tuple[bool, Presence]:
    already = connector.act(PlatformAction("k", verb, native_id)).already
    return already, connector.look_up([native_id])[native_id].presence


def test_a_comment_is_held_shown_trashed_and_brought_back(site: WordPressSite) -> None:
    comment, connector = f"c{site.write('x', post=site.write('article'))}", _connect(site)
    assert _do(connector, Verb.HIDE, comment) == (False, Presence.HIDDEN)
    assert _do(connector, Verb.HIDE, comment) == (True, Presence.HIDDEN)
    assert _do(connector, Verb.UNHIDE, comment) == (False, Presence.PRESENT)
    assert _do(connector, Verb.UNHIDE, comment) == (True, Presence.PRESENT)
    assert _do(connector, Verb.REMOVE, comment) == (False, Presence.GONE)
    assert _do(connector, Verb.RESTORE, comment) == (False, Presence.PRESENT)
    assert site.comments[1].ip == "203.0.113.9", "WordPress overwrites it unless it is sent along"


def test_what_was_held_before_the_trash_is_shown_when_brought_back(site: WordPressSite) -> None:
    comment, connector = f"c{site.write('x', post=site.write('article'))}", _connect(site)
    for verb in (Verb.HIDE, Verb.REMOVE, Verb.RESTORE):
        stands = _do(connector, verb, comment)[1]
    assert stands is Presence.PRESENT


def test_removed_comments_may_go_to_spam(site: WordPressSite) -> None:
    comment = f"c{site.write('x', post=site.write('article'))}"
    connector = _connect(site, removed_go_to="spam")
    assert _do(connector, Verb.REMOVE, comment) == (False, Presence.GONE)
    assert site.comments[1].status == "spam"
    assert _do(connector, Verb.RESTORE, comment) == (False, Presence.PRESENT)


def test_an_article_becomes_a_draft_and_is_published_again(site: WordPressSite) -> None:
    article, connector = f"p{site.write('article')}", _connect(site)
    assert _do(connector, Verb.HIDE, article) == (False, Presence.HIDDEN)
    assert _do(connector, Verb.UNHIDE, article) == (False, Presence.PRESENT)
    assert _do(connector, Verb.REMOVE, article) == (False, Presence.GONE)
    assert _do(connector, Verb.RESTORE, article) == (False, Presence.PRESENT)


def test_a_site_without_a_trash_deletes_nothing_for_ever(site: WordPressSite) -> None:
    comment, site.keeps_trash = f"c{site.write('x', post=site.write('article'))}", False
    with pytest.raises(Refused, match="keeps no trash"):
        _connect(site).act(PlatformAction("k", Verb.REMOVE, comment))
    assert site.comments[1].status == "approved"


def test_spam_and_held_comments_are_collected_as_hidden(site: WordPressSite) -> None:
    article = site.write("article")
    for status in ("hold", "spam", "trash"):
        site.comments[site.write(status, post=article)].status = status
    batches = list(_connect(site).fetch(None))
    posts = {post.text: post for batch in batches for post in batch.posts}
    assert posts["hold"].hidden and posts["spam"].hidden and "spam" in posts["spam"].note
    assert "trash" not in posts
    assert {one.native_id for batch in batches for one in batch.gone} == {"c3"}


def test_the_author_is_known_again_and_the_address_is_not_kept(site: WordPressSite) -> None:
    article = site.write("article")
    for _ in range(2):
        site.write("x", post=article)
    posts = [post for batch in _connect(site).fetch(None) for post in batch.posts]
    authors = {post.author_id for post in posts if post.native_id.startswith("c")}
    assert len(authors) == 1
    assert "example.org" not in repr(posts)


def test_a_comment_that_is_dated_ahead_does_not_hide_those_of_today(site: WordPressSite) -> None:
    article = site.write("article")
    ahead = site.comments[site.write("from the future", post=article)]
    ahead.date = ahead.date_gmt = "2099-01-02T03:04:05"
    connector = _connect(site)
    cursor = [batch.cursor for batch in connector.fetch(None)][-1]
    tomorrow = site.comments[site.write("the day after", post=article)]
    tomorrow.date = tomorrow.date_gmt = "2098-01-02T03:04:05"
    posts = [post.text for batch in connector.fetch(cursor) for post in batch.posts]
    assert "the day after" in posts


def test_many_comments_of_one_second_are_all_read(site: WordPressSite) -> None:
    article = site.write("article")
    for number in range(350):
        comment = site.comments[site.write(str(number), post=article)]
        comment.date = "2026-01-02T03:04:05"
    posts = {post.native_id for batch in _connect(site).fetch(None) for post in batch.posts}
    assert len(posts) == 351


def test_a_reader_who_may_not_moderate_is_told_before_anything_is_read(
    site: WordPressSite,
) -> None:
    site.accounts["safeguarding"] = (PASSWORD, "subscriber")
    with pytest.raises(NeedsOperator, match="role Editor"):
        next(_connect(site).fetch(None))


def test_users_are_listed_to_an_administrator_only(site: WordPressSite) -> None:
    with pytest.raises(NeedsOperator):
        list(_connect(site).members())
    site.accounts["safeguarding"] = (PASSWORD, "administrator")
    (member,) = _connect(site).members()
    assert (member.handle, member.role) == ("user:1", "administrator")
    assert member.since is not None


@pytest.mark.parametrize(
    "options",
    [
        {"site_url": "http://www.example.org"},
        {"removed_go_to": "nowhere"},
        {"recheck": 7},
    ],
)
def test_settings_that_cannot_work_are_told(options: dict[str, str]) -> None:
    given = {"site_url": "https://www.example.org", "username": "x", **options}
    with pytest.raises(MendSettings):
        get("wordpress").connect(given, lambda _: PASSWORD)
