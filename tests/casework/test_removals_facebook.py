"""From a Page to the receipt, over real HTTP against the Graph API stand-in."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from casework import audit, removals
from casework.decisions import Tell, decide
from collector.connectors.facebook import Facebook, connect
from collector.polling import poll
from collector.sandbox.graph import ALL, Graph
from collector.sandbox.graph_beside import MESSAGES
from collector.sandbox.page import Author, Page
from collector.sandbox.server import GraphServer
from collector.storing import register_source
from models.tables import FindingRow, Notice, Post
from models.vocabulary import (
    ActionState,
    Audience,
    Category,
    DecisionKind,
    ItemState,
    NoticeState,
    Presence,
    now,
)

TOKEN = "EAABtoken"
VISITOR = Author("880000000000777", "Ottoline Vane")


@dataclass
class Place:
    """A Page with one visitor's post, and how to connect to it."""

    graph: Graph
    connector: Facebook
    native_id: str


@pytest.fixture
def place() -> Iterator[Place]:
    page = Page("900100200300400", "Brackwater School of Dance")
    graph = Graph(page)
    graph.grant(TOKEN)
    native_id = page.add("Fool you are", VISITOR, under="", created=now())
    with GraphServer(graph) as server:
        options = {"page_id": page.id, "base_url": server.url}
        yield Place(
            graph, connect(options, lambda name: TOKEN if name == "token" else ""), native_id
        )


def _decided(desk, place: Place, kind: DecisionKind, tell: tuple[Tell, ...] = ()) -> int:
    """The Page polled, its post flagged and decided about; the action."""
    with desk.store.write() as session:
        source = register_source(
            session, name="page", connector="facebook", label="Our page", audience=Audience.PUBLIC
        )
        session.commit()
        desk.source_id = source.id
    assert poll(desk.store, desk.source_id, place.connector).new == 1
    with desk.store.write() as session:
        post = session.query(Post).one()
        assert post.native_id == place.native_id
        session.add(
            FindingRow(
                revision_id=post.revision_id,
                category=Category.BULLYING,
                score=0.99,
                start=0,
                end=4,
                because="An insult.",
                detector="test",
                version="1",
            )
        )
        session.commit()
    desk.file(post.id)
    mona, item_id = desk.people["Mona"], desk.item_of(post.id)
    choice = desk.choice(mona, item_id, kind, "bullying", tell=tell)
    return decide(desk.store, mona, choice).action_id


def _pass(desk, action_id: int, place: Place) -> ActionState:
    removals.freeze(desk.store, action_id)
    removals.act(desk.store, action_id, place.connector)
    state = removals.confirm(desk.store, action_id, place.connector)
    removals.tell(desk.store, action_id)
    return state


def test_the_page_no_longer_serves_what_was_removed(small_desk, place: Place) -> None:
    action_id = _decided(small_desk, place, DecisionKind.REMOVE)
    assert _pass(small_desk, action_id, place) is ActionState.CONFIRMED
    assert place.connector.look_up([place.native_id])[place.native_id].presence is Presence.GONE
    assert _pass(small_desk, action_id, place) is ActionState.CONFIRMED
    with small_desk.store.read() as session:
        assert session.query(Post).one().presence is Presence.GONE
        assert audit.verify(session).broken_at is None


@pytest.mark.parametrize("storm", ["expired", "page_limit", "too_many", "server_error"])
def test_a_storm_passes_and_the_removal_goes_on(small_desk, place: Place, storm: str) -> None:
    action_id = _decided(small_desk, place, DecisionKind.REMOVE)
    place.graph.storm(storm)
    assert _pass(small_desk, action_id, place) is ActionState.WANTED
    view = small_desk.open(small_desk.people["Mona"], small_desk.item_of(1))
    assert view.action is not None
    assert view.action.problem
    assert view.action.cure
    assert view.action.next_attempt_at is not None
    place.graph.calm()
    assert _pass(small_desk, action_id, place) is ActionState.CONFIRMED


def test_the_author_was_quicker(small_desk, place: Place) -> None:
    action_id = _decided(small_desk, place, DecisionKind.REMOVE)
    place.graph.page.change(place.native_id, deleted=True)
    assert _pass(small_desk, action_id, place) is ActionState.CONFIRMED
    assert small_desk.row(small_desk.item_of(1)).state is ItemState.DECIDED


def _tell_the_author(desk, place: Place) -> int:
    """A removal whose author a person wishes to tell; the action."""
    tell = (Tell("author", text="It broke our rules. You may ask us about it."),)
    return _decided(desk, place, DecisionKind.REMOVE, tell)


def _notices(desk) -> dict[str, NoticeState]:
    with desk.store.read() as session:
        return {one.audience: one.state for one in session.query(Notice)}


def test_an_author_is_told_by_facebook_and_only_as_a_person_wrote_it(
    small_desk, place: Place
) -> None:
    action_id = _tell_the_author(small_desk, place)
    assert place.graph.more.beside.replies == {}, "a decision alone tells nobody"
    assert _pass(small_desk, action_id, place) is ActionState.CONFIRMED
    told = {place.native_id: "It broke our rules. You may ask us about it."}
    assert place.graph.more.beside.replies == told
    assert _notices(small_desk)["author"] is NoticeState.SENT


def test_where_facebook_cannot_tell_the_author_a_person_does(small_desk, place: Place) -> None:
    action_id = _tell_the_author(small_desk, place)
    place.graph.grant(TOKEN, ALL - {MESSAGES})
    assert _pass(small_desk, action_id, place) is ActionState.CONFIRMED
    assert _notices(small_desk)["author"] is NoticeState.BY_HAND


def test_an_author_who_was_quicker_is_a_persons_to_tell(small_desk, place: Place) -> None:
    action_id = _tell_the_author(small_desk, place)
    place.graph.page.change(place.native_id, deleted=True)
    assert _pass(small_desk, action_id, place) is ActionState.CONFIRMED
    assert place.graph.more.beside.replies == {}
    assert _notices(small_desk)["author"] is NoticeState.BY_HAND


def test_nobody_is_told_without_a_wish(small_desk, place: Place) -> None:
    action_id = _decided(small_desk, place, DecisionKind.REMOVE)
    assert _pass(small_desk, action_id, place) is ActionState.CONFIRMED
    assert place.graph.more.beside.replies == {}
    assert _notices(small_desk)["author"] is NoticeState.NOT_TOLD
