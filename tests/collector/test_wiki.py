"""Wikis: what the contract suite cannot know."""

from collections.abc import Iterator

import pytest

from collector.connector import PlatformAction
from collector.connectors.registry import get
from collector.connectors.wiki import OwnWiki, Wikipedia
from collector.connectors.wiki_read import added, without
from collector.sandbox.loopback import LoopbackServer
from collector.sandbox.wiki import WikiSite
from models.errors import MendSettings, NeedsOperator, Refused, RetryLater
from models.vocabulary import Presence, Verb

PASSWORD = "botpasswordofthewiki"
RIGHTS = frozenset({"read", "edit", "delete"})


@pytest.fixture
def site() -> WikiSite:
    return WikiSite({"Safe@chaperone": (PASSWORD, RIGHTS)})


@pytest.fixture
def url(site: WikiSite) -> Iterator[str]:
    with LoopbackServer(site.answer) as server:
        yield f"{server.url}/"


def _own(url: str, *pages: str) -> OwnWiki:
    given = {"wiki_url": url, "pages": list(pages) or ["Hall"], "own_wiki": True}
    made = get("mediawiki").connect({**given, "username": "Safe@chaperone"}, lambda _: PASSWORD)
    assert isinstance(made, OwnWiki)
    return made


def _texts(connector: Wikipedia) -> list[str]:
    return [post.text for batch in connector.fetch(None) for post in batch.posts]


def _remove(connector: Wikipedia, number: int) -> bool:
    return connector.act(PlatformAction("k", Verb.REMOVE, f"r{number}", "Unkind")).already


def test_only_what_an_edit_added_is_its_authors() -> None:
    assert added("a\nb", "a\nnew\nb\nb") == ("new", "b")
    assert added("a", "") == ()
    assert without("a\nbad\nb\nbad", ["bad"]) == "a\nb\nbad"


def test_talk_pages_and_summaries_are_read(site: WikiSite, url: str) -> None:
    site.write("Hall", "the hall")
    site.write("Talk:Hall", "a remark").summary = "said in passing"
    assert _texts(_own(url)) == ["the hall", "a remark\n(Summary: said in passing)"]


def test_a_page_that_is_not_there_is_told(site: WikiSite, url: str) -> None:
    site.write("Hall", "the hall")
    batches = list(_own(url, "Hall", "Hal").fetch(None))
    assert any("check their titles" in note for batch in batches for note in batch.notes)


def test_an_edit_is_undone_with_its_reason(site: WikiSite, url: str) -> None:
    site.write("Hall", "good")
    bad = site.write("Hall", "good\nbad")
    connector = _own(url)
    assert not _remove(connector, bad.id)
    newest = site.newest(bad.page)
    assert newest is not None and (newest.text, newest.summary) == ("good", "Unkind")
    assert _remove(connector, bad.id)


def test_where_later_edits_stand_in_the_way_its_lines_are_taken_out(
    site: WikiSite, url: str
) -> None:
    site.write("Hall", "good")
    bad = site.write("Hall", "good\nbad")
    site.write("Hall", "good\nbad\nlater")
    site.entangled.add(bad.page)
    connector = _own(url)
    assert not _remove(connector, bad.id)
    newest = site.newest(bad.page)
    assert newest is not None and newest.text == "good\nlater"
    assert connector.look_up([f"r{bad.id}"])[f"r{bad.id}"].presence is Presence.GONE


def test_an_edit_that_made_the_page_is_undone_by_deleting_it(site: WikiSite, url: str) -> None:
    made = site.write("Hall", "bad")
    connector = _own(url)
    site.accounts["Safe@chaperone"] = (PASSWORD, frozenset({"read", "edit"}))
    with pytest.raises(Refused, match="this account may not"):
        _remove(connector, made.id)
    site.accounts["Safe@chaperone"] = (PASSWORD, RIGHTS)
    assert not _remove(connector, made.id)
    assert site.newest(made.page) is None
    assert _remove(connector, made.id)


def test_a_session_that_ended_is_renewed_once(site: WikiSite, url: str) -> None:
    site.write("Hall", "good")
    bad = site.write("Hall", "good\nbad")
    connector = _own(url)
    list(connector.fetch(None))
    site.sessions.clear()
    assert not _remove(connector, bad.id)
    site.accounts["Safe@chaperone"] = ("another", RIGHTS)
    site.sessions.clear()
    with pytest.raises(NeedsOperator, match="BotPasswords"):
        list(connector.fetch(None))


def test_what_somebody_undid_is_gone(site: WikiSite, url: str) -> None:
    site.write("Hall", "good")
    bad = site.write("Hall", "good\nbad")
    connector = _own(url)
    cursor = list(connector.fetch(None))[-1].cursor
    bad.undone = True
    gone = [one.native_id for batch in connector.fetch(cursor) for one in batch.gone]
    assert gone == [f"r{bad.id}"]


def test_wikipedia_is_only_watched(site: WikiSite, url: str) -> None:
    bad = site.write("Hall", "bad")
    connector = get("wikipedia").connect({"wiki_url": url, "pages": ["Hall"]}, lambda _: "")
    with pytest.raises(Refused) as told:
        connector.act(PlatformAction("k", Verb.REMOVE, f"r{bad.id}"))
    assert "{{edit COI}}" in told.value.cure
    assert not site.sessions


def test_a_wiki_that_lags_asks_for_its_own_delay(site: WikiSite, url: str) -> None:
    site.weather.storm("maxlag")
    with pytest.raises(RetryLater) as told:
        _texts(_own(url))
    assert told.value.after.total_seconds() == 5


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("wikipedia", {"wiki_url": "http://en.wikipedia.org/w/"}),
        ("wikipedia", {"pages": []}),
        ("wikipedia", {"pages": ["A|B"]}),
        ("mediawiki", {"own_wiki": False}),
        ("mediawiki", {"wiki_url": "https://en.wikipedia.org/w/"}),
    ],
)
def test_settings_that_cannot_work_are_told(name: str, options: dict[str, object]) -> None:
    given = {"wiki_url": "https://wiki.example.org/w/", "pages": ["Hall"], "own_wiki": True}
    with pytest.raises(MendSettings):
        get(name).connect({**given, "username": "Safe@c", **options}, lambda _: PASSWORD)
