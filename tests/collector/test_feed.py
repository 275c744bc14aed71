"""Feeds: what the contract suite cannot know."""

from collections.abc import Iterator

import pytest

from collector.connector import Batch, PlatformAction
from collector.connectors.feed import Feed
from collector.connectors.feed_read import BrokenFeed, NotAFeed, parse
from collector.connectors.registry import get
from collector.sandbox.feeds import FeedSite
from collector.sandbox.loopback import LoopbackServer, Reply
from models.errors import MendSettings, NeedsOperator, Refused
from models.vocabulary import PostKind, Presence, Verb

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wfw="http://wellformedweb.org/CommentAPI/"
 xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>Tap School</title>
 <item><title>Term dates</title><link>https://example.org/term-dates/</link>
  <dc:creator><![CDATA[Jo]]></dc:creator><pubDate>Sat, 31 Dec 2022 11:40:26 +0000</pubDate>
  <guid isPermaLink="false">https://example.org/?p=321</guid>
  <description><![CDATA[Short]]></description>
  <content:encoded><![CDATA[<p>Full <b>text</b></p><p><a href="https://x.example.org/a">here</a>
  <img src="a.jpg" alt="two dancers"></p><script>no()</script>]]></content:encoded>
  <wfw:commentRss>https://example.org/term-dates/feed/</wfw:commentRss>
  <enclosure url="https://example.org/a.mp3" length="3" type="audio/mpeg"/></item>
 <item><title>No date, no id</title><author>jo@example.org (Jo)</author></item>
</channel></rss>"""


@pytest.fixture
def site() -> Iterator[FeedSite]:
    made = FeedSite()
    with LoopbackServer(made.answer) as server:
        made.url = server.url
        yield made


def _connect(site: FeedSite, **options: str | int) -> Feed:
    made = get("feed").connect({"url": f"{site.url}/feed.xml", **options}, lambda _: "")
    assert isinstance(made, Feed)
    return made


def _all(batches: list[Batch]) -> list[str]:
    return [post.text for batch in batches for post in batch.posts]


def test_rss_is_read_with_links_and_words_for_pictures() -> None:
    first, second = parse(RSS.encode(), "https://example.org/feed/", "application/rss+xml").entries
    assert first.text == ("Term dates\n\nFull text\nhere (https://x.example.org/a)\n[two dancers]")
    assert (first.id, first.author, first.media) == ("https://example.org/?p=321", "Jo", 2)
    assert first.posted is not None and first.posted.isoformat() == "2022-12-31T11:40:26+00:00"
    assert first.comments == "https://example.org/term-dates/feed/"
    assert second.posted is None and second.id.startswith("sha256:")
    assert "@" not in second.author


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "utf-8"])
def test_encodings_that_are_told_are_read(encoding: str) -> None:
    body = RSS.replace("utf-8", encoding).replace("Full", "Café").encode(encoding)
    assert "Café" in parse(body, "https://example.org/feed/", "application/rss+xml").entries[0].text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_any_encoding(encoding: str) -> None:
    body = RSS.replace("<rss", '<!DOCTYPE r [<!ENTITY a "b">]><rss').encode(encoding)
    with pytest.raises(BrokenFeed, match="entities"):
        parse(body, "https://example.org/feed/", "")


def test_half_a_feed_is_not_taken_for_deletions() -> None:
    with pytest.raises(BrokenFeed, match="end"):
        parse(RSS[:900].encode(), "https://example.org/feed/", "")
    with pytest.raises(NotAFeed):
        parse(b"<html>sign in</html>", "https://example.org/feed/", "text/html")


def test_deep_markup_is_read_or_refused() -> None:
    deep = "&lt;div&gt;" * 20_000 + "words"
    body = RSS.replace("<![CDATA[Short]]>", deep).encode()
    assert parse(body, "https://example.org/feed/", "").entries


def test_what_did_not_change_is_not_sent_again(site: FeedSite) -> None:
    article = site.threads.add("article", "Jo")
    site.threads.add("comment", "Amy", article.id)
    connector = _connect(site)
    first = list(connector.fetch(None))
    assert sorted(_all(first)) == ["article", "comment"]
    assert len(site.fetched) == 2
    assert list(connector.fetch(first[-1].cursor)) == []
    assert len(site.fetched) == 2
    site.threads.add("another", "Amy", article.id)
    assert "another" in _all(list(connector.fetch(first[-1].cursor)))
    assert len(site.fetched) == 3


def test_what_has_rolled_off_is_not_gone(site: FeedSite) -> None:
    old = site.threads.add("old", "Jo")
    connector = _connect(site)
    cursor = list(connector.fetch(None))[-1].cursor
    for number in range(60):
        site.threads.add(str(number), "Jo")
    site.threads.entries[old.id].text = "still there"
    batches = list(connector.fetch(cursor))
    assert not [one for batch in batches for one in batch.gone]


def test_one_article_whose_comments_are_closed_hides_no_other(site: FeedSite) -> None:
    closed, open_ = site.threads.add("closed", "Jo"), site.threads.add("open", "Jo")
    site.threads.add("comment", "Amy", open_.id)
    there = f"/articles/{closed.id}/comments.xml"
    site.weather.interject(lambda call: Reply(404) if call.path == there else None)
    batches = list(_connect(site).fetch(None))
    assert "comment" in _all(batches)
    assert batches[-1].notes == ("The comments of 1 articles could not be read.",)


def test_a_feed_of_comments_holds_comments(site: FeedSite) -> None:
    site.threads.add("unkind", "Jo")
    posts = [post for batch in _connect(site, holds="comments").fetch(None) for post in batch.posts]
    assert [post.kind for post in posts] == [PostKind.COMMENT]


def test_the_title_that_sites_make_up_for_a_comment_is_not_its_words(site: FeedSite) -> None:
    feed = (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><item>'
        "<title>By: Jo Example</title><dc:creator>Jo Example</dc:creator>"
        "<description>Well done</description></item></channel></rss>"
    )
    site.weather.interject(lambda call: Reply(200, feed.encode()))
    assert _all(list(_connect(site, holds="comments").fetch(None))) == ["Well done"]


def test_it_is_moved_only_within_its_site(site: FeedSite) -> None:
    site.threads.add("article", "Jo")
    away = Reply(301, b"", (("Location", "/feed.xml"),))
    site.weather.interject(lambda call: away if call.path == "/old.xml" else None)
    moved = get("feed").connect({"url": f"{site.url}/old.xml"}, lambda _: "")
    assert _all(list(moved.fetch(None))) == ["article"]
    elsewhere = Reply(301, b"", (("Location", "http://127.0.0.2/feed.xml"),))
    site.weather.interject(lambda call: elsewhere)
    with pytest.raises(NeedsOperator, match="moved to another site"):
        list(_connect(site).fetch(None))


def test_nothing_can_be_done_through_a_feed_but_a_person_is_told_how(site: FeedSite) -> None:
    article = site.threads.add("article", "Jo")
    connector = _connect(site)
    with pytest.raises(Refused) as told:
        connector.act(PlatformAction("k", Verb.REMOVE, site.link(article)))
    assert "Delete it there." in told.value.cure
    article.deleted = True
    site.threads.add("younger", "Jo")
    assert connector.look_up([site.link(article)])[site.link(article)].presence is Presence.GONE


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"url": "file:///etc/passwd"},
        {"url": "https://jo:secret@example.org/feed"},
        {"url": "https://example.org/feed", "holds": "all"},
        {"url": "https://example.org/feed", "comment_feeds": 999},
    ],
)
def test_settings_that_cannot_work_are_told(options: dict[str, str | int]) -> None:
    with pytest.raises(MendSettings):
        get("feed").connect(options, lambda _: "")
