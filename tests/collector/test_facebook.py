"""The Facebook connector against the Graph API stand-in, over real HTTP."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from collector.connector import Batch, IncomingPost, PlatformAction
from collector.connectors.facebook import Facebook, connect
from collector.connectors.facebook_posts import safe_link
from collector.connectors.facebook_usage import SLOW_DOWN_AT
from collector.connectors.facebook_walk import LEFT_OUT, NAMELESS
from collector.sandbox.graph import ALL, MANAGE, READ, Graph, Request
from collector.sandbox.graph_storms import STORMS
from collector.sandbox.loopback import Call, Reply, as_json
from collector.sandbox.page import Author, Page
from collector.sandbox.server import GraphServer
from models.errors import ChaperoneError, MendSettings, NeedsOperator, Refused, RetryLater
from models.vocabulary import AuthorRole, PostKind, Presence, Verb, now

TOKEN = "EAABtoken"
VISITOR = Author("880000000000777", "Ottoline Vane")


@dataclass
class Place:
    """A Page, its stand-in, and how to connect to it."""

    graph: Graph
    url: str = ""
    secrets: dict[str, str] = field(default_factory=lambda: {"token": TOKEN})

    @property
    def page(self) -> Page:
        return self.graph.page

    def connector(self, **options: int) -> Facebook:
        given = {"page_id": self.page.id, "base_url": self.url, **options}
        return connect(given, lambda name: self.secrets.get(name, ""))

    def act(self, verb: Verb, native_id: str):
        return self.connector().act(PlatformAction("key-1", verb, native_id))

    def ago(self, text: str, days: float, under: str = "", by: Author | None = VISITOR) -> str:
        return self.page.add(text, by, under=under, created=now() - timedelta(days=days))


@pytest.fixture
def place() -> Iterator[Place]:
    graph = Graph(Page("900100200300400", "Brackwater School of Dance"))
    graph.grant(TOKEN)
    with GraphServer(graph) as server:
        yield Place(graph, server.url)


def everything(
    batches: Iterator[Batch],
) -> tuple[dict[str, IncomingPost], list[str], str, set[str]]:
    """Posts by id, what is gone, the last cursor, and all notes."""
    posts: dict[str, IncomingPost] = {}
    gone: list[str] = []
    notes: set[str] = set()
    cursor = ""
    for batch in batches:
        posts |= {post.native_id: post for post in batch.posts}
        gone += [one.native_id for one in batch.gone]
        notes |= set(batch.notes)
        cursor = batch.cursor
    return posts, gone, cursor, notes


def one_page(*entries: object):
    """Serves these as the whole feed."""

    def serve(request: Request) -> Reply | None:
        return as_json({"data": list(entries)}) if request.path.endswith("/feed") else None

    return serve


def test_every_field_is_read(place: Place) -> None:
    post = place.page.add("Show tonight", None, photos=2, created=now() - timedelta(days=1))
    comment = place.ago("well done", 0.5, post)
    place.page.change(comment, hidden=True)
    found, gone, _, notes = everything(place.connector().fetch(None))
    assert not gone and not notes
    own, theirs = found[post], found[comment]
    assert (own.kind, own.author_role, own.media_count) == (PostKind.POST, AuthorRole.STAFF, 2)
    assert (own.thread_id, own.parent_id, own.author_id) == (post, None, place.page.id)
    assert (theirs.kind, theirs.author_name) == (PostKind.COMMENT, "Ottoline Vane")
    assert theirs.hidden and theirs.author_role is None
    assert theirs.permalink is not None and "comment_id=" in theirs.permalink
    assert theirs.posted_at.utcoffset() == timedelta(0)


def test_authors_are_unknown_without_the_permission(place: Place) -> None:
    place.graph.grant(TOKEN, frozenset({READ, MANAGE}))
    post = place.ago("hello", 1)
    batches = place.connector().fetch(None)
    first = next(batches)
    assert [one.native_id for one in first.posts] == [post]
    assert (first.posts[0].author_id, first.posts[0].author_name) == (None, None)
    assert NAMELESS in first.notes
    with pytest.raises(NeedsOperator, match="pages_read_user_content"):
        list(batches)


def test_new_comments_under_old_posts_come_and_quiet_ones_are_not_read(place: Place) -> None:
    old = [place.ago(f"old {n}", 30 + n) for n in range(20)]
    for post in old:
        place.ago("first", 29, post)
    _, _, cursor, _ = everything(place.connector().fetch(None))
    late = place.page.add("late", VISITOR, under=old[7])
    place.graph.served.clear()
    found, gone, _, _ = everything(place.connector().fetch(cursor))
    assert late in found and not gone
    assert len([call for call in place.graph.served if call.endswith("/comments")]) == 1


def test_a_deleted_post_takes_its_comments_along_and_is_told_once(place: Place) -> None:
    post = place.ago("party at ours", 1)
    comments = {place.ago(f"lovely {n}", 0.5, post) for n in range(60)}
    stays = place.ago("something else", 1)
    _, _, cursor, _ = everything(place.connector().fetch(None))
    place.page.change(post, deleted=True)
    place.graph.served.clear()
    found, gone, cursor, _ = everything(place.connector().fetch(cursor))
    assert set(gone) == {post, *comments} and stays in found
    assert len(place.graph.served) < 10
    assert everything(place.connector().fetch(cursor))[1] == []


def test_what_is_only_not_listed_is_not_called_gone(place: Place) -> None:
    post = place.ago("here", 1)
    comments = [place.ago(f"c{n}", 0.5, post) for n in range(3)]
    _, _, cursor, _ = everything(place.connector().fetch(None))
    listing = {"data": []}
    place.graph.interject(
        lambda request: as_json(listing) if request.query.get("filter") == "stream" else None
    )
    _, gone, cursor, _ = everything(place.connector().fetch(cursor))
    assert gone == []
    place.graph.calm()
    place.page.change(comments[0], deleted=True)
    assert everything(place.connector().fetch(cursor))[1] == [comments[0]]


def test_a_post_that_is_deleted_while_it_is_read(place: Place) -> None:
    posts = [place.ago(f"post {n}", 1 + n) for n in range(3)]
    for post in posts:
        place.ago("comment", 0.5, post)

    def delete_in_between(request: Request) -> Reply | None:
        if request.path.endswith("/comments"):
            place.page.change(posts[1], deleted=True)
        return None

    place.graph.interject(delete_in_between)
    found, gone, cursor, _ = everything(place.connector().fetch(None))
    assert len(found) == 5 and gone == []
    assert everything(place.connector().fetch(cursor))[1] == [posts[1]]


def test_without_the_right_to_read_nothing_is_called_gone(place: Place) -> None:
    post = place.ago("here", 1)
    comment = place.ago("there", 0.5, post)
    place.graph.grant(TOKEN, frozenset())
    for ids in ([post], [comment], [post, comment]):
        with pytest.raises(NeedsOperator):
            place.connector().look_up(ids)

    place.graph.grant(TOKEN)
    missing = STORMS_MISSING
    place.graph.interject(lambda request: missing if request.query.get("ids") == comment else None)
    place.graph.interject(lambda request: missing if request.path.endswith("/comments") else None)
    with pytest.raises(NeedsOperator, match="permission"):
        place.connector().look_up([comment])


STORMS_MISSING = as_json(
    {"error": {"message": "does not exist", "code": 100, "error_subcode": 33}}, 400
)


def test_hide_and_unhide(place: Place) -> None:
    comment = place.ago("unkind", 0.5, place.ago("post", 1))
    assert not place.act(Verb.HIDE, comment).already
    assert place.connector().look_up([comment])[comment].presence is Presence.HIDDEN
    assert place.act(Verb.HIDE, comment).already
    assert not place.act(Verb.UNHIDE, comment).already
    assert place.act(Verb.UNHIDE, comment).already
    assert place.connector().look_up([comment])[comment].presence is Presence.PRESENT
    place.page.change(comment, deleted=True)
    assert place.act(Verb.HIDE, comment).already
    with pytest.raises(Refused, match="gone"):
        place.act(Verb.UNHIDE, comment)


def test_hiding_what_cannot_be_hidden(place: Place) -> None:
    own = place.ago("thank you all", 0.5, place.ago("post", 1), by=None)
    with pytest.raises(Refused, match="remove it instead"):
        place.act(Verb.HIDE, own)
    place.graph.grant(TOKEN, ALL - {MANAGE})
    theirs = place.ago("unkind", 0.5, place.ago("post", 1))
    with pytest.raises(NeedsOperator, match="permission"):
        place.act(Verb.HIDE, theirs)
    assert not place.page.find(theirs).hidden


def test_a_removal_whose_answer_was_lost(place: Place) -> None:
    """The first try did it and did not hear so; the second finds it gone, and that is a success."""
    comment = place.ago("unkind", 0.5, place.ago("post", 1))

    def lose_the_answer(request: Request) -> Reply | None:
        if request.method == "DELETE":
            place.page.change(comment, deleted=True)
            return Reply(502, b"bad gateway")
        return None

    place.graph.interject(lose_the_answer)
    with pytest.raises(RetryLater):
        place.act(Verb.REMOVE, comment)
    place.graph.calm()
    assert place.act(Verb.REMOVE, comment).already


def test_a_removal_that_is_not_confirmed_is_no_success(place: Place) -> None:
    comment = place.ago("unkind", 0.5, place.ago("post", 1))
    answer = as_json({"success": False})
    place.graph.interject(lambda request: answer if request.method == "DELETE" else None)
    with pytest.raises(Refused):
        place.act(Verb.REMOVE, comment)


@pytest.mark.parametrize(
    ("storm", "kind", "says"),
    [
        ("expired", NeedsOperator, "expired"),
        ("password", NeedsOperator, "password"),
        ("permission", NeedsOperator, "permission"),
        ("capability", NeedsOperator, "permission"),
        ("blocked", NeedsOperator, "policies"),
        ("limit", RetryLater, "Too many calls"),
        ("app_limit", RetryLater, "Too many calls"),
        ("page_limit", RetryLater, "Too many calls"),
        ("too_many", RetryLater, "wait"),
        ("busy", RetryLater, "out of order"),
        ("server_error", RetryLater, "out of order"),
        ("unavailable", RetryLater, "out of order"),
        ("too_much", RetryLater, "too long"),
    ],
)
def test_complaints_become_remedies(
    place: Place, storm: str, kind: type[ChaperoneError], says: str
) -> None:
    assert storm in STORMS
    place.graph.storm(storm)
    with pytest.raises(kind, match=says) as told:
        list(place.connector().fetch(None))
    assert place.page.id in str(told.value)
    assert told.value.cure


@pytest.mark.parametrize(
    ("storm", "after"),
    [("limit", timedelta(minutes=19)), ("too_many", timedelta(minutes=7))],
)
def test_the_delay_is_the_platforms(place: Place, storm: str, after: timedelta) -> None:
    place.graph.storm(storm)
    with pytest.raises(RetryLater) as told:
        list(place.connector().fetch(None))
    assert told.value.after == after


def test_above_three_quarters_of_the_allowance_it_rests(place: Place) -> None:
    post = place.ago("post", 1)
    place.graph.usage = (SLOW_DOWN_AT, 25)
    assert post in everything(place.connector().fetch(None))[0]
    place.graph.usage = (SLOW_DOWN_AT + 1, 25)
    batches = place.connector().fetch(None)
    assert [one.native_id for one in next(batches).posts] == [post]
    with pytest.raises(RetryLater, match="76%") as told:
        next(batches)
    assert told.value.after == timedelta(minutes=25)
    assert not place.act(Verb.REMOVE, post).already, "what a person decided is done all the same"


def test_it_gets_to_the_end_while_resting(place: Place) -> None:
    for n in range(5):
        place.ago("comment", 0.5, place.ago(f"post {n}", 1))
    place.graph.usage = (90, 0)
    seen: set[str] = set()
    cursor = None
    for _ in range(12):
        try:
            for batch in place.connector().fetch(cursor):
                seen |= {one.native_id for one in batch.posts}
                cursor = batch.cursor
        except RetryLater as error:
            assert error.after == timedelta(minutes=10)
    assert len(seen) == 10


def test_too_long_an_answer_is_asked_for_in_pieces(place: Place) -> None:
    for n in range(30):
        place.ago("x" * 350_000, 1 + n / 100)
    found, _, _, _ = everything(place.connector().fetch(None))
    assert len(found) == 30


def test_the_token_is_in_a_header_and_the_proof_beside_it(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.secrets["app_secret"] = "app-secret"
    asked: list[Request] = []
    addresses: list[str] = []
    steered = GraphServer._answer

    def watch(server: GraphServer, call: Call) -> Reply:
        addresses.append(f"{call.path}?{call.query}")
        return steered(server, call)

    monkeypatch.setattr(GraphServer, "_answer", watch)
    place.graph.interject(asked.append)
    with GraphServer(place.graph) as server:
        place.url = server.url
        list(place.connector().fetch(None))
    proof = hmac.new(b"app-secret", TOKEN.encode(), hashlib.sha256).hexdigest()
    assert {request.query["appsecret_proof"] for request in asked} == {proof}
    assert {request.token for request in asked} == {TOKEN}
    assert addresses and not any(TOKEN in address for address in addresses)


def test_the_cursor_holds_no_token_and_no_next(place: Place) -> None:
    for n in range(150):
        place.ago(f"private words {n}", 1 + n / 1000)
    for batch in place.connector().fetch(None):
        assert TOKEN not in batch.cursor and "http" not in batch.cursor
        assert "private words" not in batch.cursor


@pytest.mark.parametrize("cursor", ["", "nonsense", "[]", "{}", '{"v":1,"previous":7,"known":{}}'])
def test_a_cursor_that_cannot_be_read_begins_again(place: Place, cursor: str) -> None:
    post = place.ago("post", 1)
    assert post in everything(place.connector().fetch(cursor))[0]


def test_a_place_that_grew_stale_begins_the_pass_again(place: Place) -> None:
    for n in range(450):
        place.ago(f"post {n}", 1 + n / 1000)
    first = next(iter(place.connector().fetch(None)))
    state = json.loads(first.cursor)
    assert state["page"]
    state["page"] = {"after": "!"}
    found, _, _, _ = everything(place.connector().fetch(json.dumps(state)))
    assert len(found) == 450


@pytest.mark.parametrize("fresh", [True, False])
def test_pages_that_never_end(place: Place, fresh: bool) -> None:
    """What came is given before it is said that the rest leads nowhere."""
    served = iter(range(10_000))

    def circle(request: Request) -> Reply | None:
        if not request.path.endswith("/feed"):
            return None
        after = f"c{next(served)}" if fresh else "same"
        entry = {"id": f"{place.page.id}_1", "message": "one", "created_time": "x"}
        paging = {"cursors": {"after": after}, "next": "https://graph.example.org/"}
        return as_json({"data": [entry], "paging": paging})

    place.graph.interject(circle)
    batches = place.connector().fetch(None)
    assert next(batches).posts[0].text == "one"
    with pytest.raises(RetryLater, match="circle"):
        list(batches)
    assert len(place.graph.served) < 150


def test_an_empty_page_with_a_next_one_is_not_the_end(place: Place) -> None:
    post = place.ago("post", 1)

    def empty_first(request: Request) -> Reply | None:
        if not request.path.endswith("/feed") or "after" in request.query:
            return None
        onward = f"{place.url}/x?after=MjAyNy0wMS0wMXw5&access_token=secret"
        return as_json({"data": [], "paging": {"next": onward}})

    place.graph.interject(empty_first)
    assert post in everything(place.connector().fetch(None))[0]


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ({"id": "900100200300400_1", "message": None, "created_time": None, "from": None}, ""),
        ({"id": 900100200300400, "message": "numbers", "from": [], "attachments": 7}, "numbers"),
        ({"id": "900100200300400_1", "message": {"a": 1}}, ""),
        ({"message": "no id", "permalink_url": "javascript:alert(1)"}, "no id"),
        ({"id": "900100200300400_1", "created_time": "2026-13-45T99:00:00+0000"}, ""),
        ({"id": "900100200300400_1", "created_time": "0001-01-01T00:00:00+2359"}, ""),
        ({"id": "900100200300400_1", "story": "shared a link", "parent": "x"}, "shared a link"),
        ({"id": "../../me", "message": "odd id", "comments": {"summary": []}}, "odd id"),
    ],
)
def test_fields_of_any_kind_lose_nothing(place: Place, entry: dict, text: str) -> None:
    place.graph.interject(one_page(entry))
    found, _, _, _ = everything(place.connector().fetch(None))
    (post,) = found.values()
    assert (post.text, post.permalink, post.author_id) == (text, None, None)
    assert isinstance(post.posted_at, datetime) and post.note


def test_what_is_no_object_is_left_out_and_said(place: Place) -> None:
    good = {"id": "900100200300400_1", "message": "good"}
    place.graph.interject(one_page(None, 7, "x", [good], good))
    found, _, _, notes = everything(place.connector().fetch(None))
    assert len(found) == 1 and LEFT_OUT in notes


def test_what_is_shared_is_read_too(place: Place) -> None:
    shared_link = {"media_type": "link", "title": "Raffle", "description": "Ring 07700 900123"}
    twice = {"media_type": "photo", "description": "look"}
    entry = {"id": "900100200300400_1", "message": "look at this"}
    place.graph.interject(one_page({**entry, "attachments": {"data": [shared_link, twice]}}))
    (post,) = everything(place.connector().fetch(None))[0].values()
    assert post.text == "look at this\nRaffle\nRing 07700 900123"
    assert post.media_count == 1


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://t.example.org/join/abc", True),
        ("https://[broken", True),
        ("https://www.facebook.com/groups/1", False),
        ("https://l.facebook.com/l.php?u=x", False),
        ("x" * 5000, False),
        (None, False),
        (7, False),
    ],
)
def test_where_a_shared_link_leads_is_part_of_the_words(
    place: Place, link: object, kept: bool
) -> None:
    shared_link = {"media_type": "link", "title": "Join us", "unshimmed_url": link}
    entry = {"id": "900100200300400_1", "message": "look"}
    place.graph.interject(one_page({**entry, "attachments": {"data": [shared_link]}}))
    (post,) = everything(place.connector().fetch(None))[0].values()
    assert post.text == (f"look\n{link}\nJoin us" if kept else "look\nJoin us")


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://www.facebook.com/1/posts/2/?comment_id=3", True),
        ("https://facebook.com/1/posts/2", True),
        ("http://www.facebook.com/1/posts/2", False),
        ("https://www.facebook.com.example.org/1", False),
        ("https://example.org/?https://www.facebook.com/", False),
        ("https://user@www.facebook.com/1", False),
        ("https://www.facebook.com:8443/1", False),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org", False),
        ("javascript:alert(1)//www.facebook.com", False),
        ("https://www.faceb\u043eok.com/1", False),
        ("https://www.facebook.com/1 2", False),
        ("https://[www.facebook.com/1", False),
        ("https://www.facebook.com/" + "x" * 3000, False),
        (None, False),
        (7, False),
    ],
)
def test_only_links_to_facebook_itself_are_kept(link: object, kept: bool) -> None:
    assert safe_link(link) == (link if kept else None)


@pytest.mark.parametrize(
    "address",
    [
        "http://graph.example.org",
        "ftp://127.0.0.1",
        "graph.facebook.com",
        "http://127.0.0.1.example.org",
    ],
)
def test_the_token_is_not_sent_unprotected(address: str) -> None:
    with pytest.raises(MendSettings, match="unprotected"):
        connect({"page_id": "1", "base_url": address}, lambda _: "")


@pytest.mark.parametrize("options", [{"page_id": "our-page"}, {"page_id": "1", "reread_days": 0}])
def test_options_that_cannot_work(options: dict) -> None:
    with pytest.raises(MendSettings):
        connect(options, lambda _: "")


def test_a_renewed_token_needs_no_restart(place: Place) -> None:
    connector = place.connector()
    place.secrets["token"] = "old"
    with pytest.raises(NeedsOperator):
        list(connector.fetch(None))
    place.secrets["token"] = TOKEN
    assert list(connector.fetch(None))


def test_two_pages_keep_their_own_addresses(place: Place) -> None:
    other = Graph(Page("1", "Another"))
    other.grant(TOKEN)
    with GraphServer(other) as server:
        second = connect({"page_id": "1", "base_url": server.url}, lambda _: TOKEN)
        list(second.fetch(None))
        list(place.connector().fetch(None))
    assert other.served[:2] == ["GET v25.0/debug_token", "GET v25.0/1/feed"]
    assert place.graph.served[1] == f"GET v25.0/{place.page.id}/feed"
    assert not any(place.page.id in line for line in other.served)
