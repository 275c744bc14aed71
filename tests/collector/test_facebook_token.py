"""What debug_token says of the token, and proof of the app's secret on every call."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from collector.connectors.facebook import Facebook, connect
from collector.connectors.facebook_token import READ, READ_PEOPLE, UNKNOWN_END
from collector.polling import poll, register_source
from collector.sandbox.graph import ALL, MANAGE, Graph
from collector.sandbox.graph_storms import error
from collector.sandbox.page import Page
from collector.sandbox.server import GraphServer
from models.errors import MendSettings, NeedsOperator
from models.tables import Source
from models.unit_of_work import Store
from models.vocabulary import Audience, now

TOKEN, APP, SECRET = "EAABtoken", "1234567890", "app-secret"


class Watched:
    """One Page whose connector lives on, as in a worker, and whose clock can be set ahead."""

    def __init__(self, graph: Graph, url: str) -> None:
        self.graph, self.url = graph, url
        self.secrets = {"token": TOKEN, "app_secret": SECRET}
        self.ahead = timedelta()
        self.connector = self.connect()

    def connect(self, app_id: str = APP) -> Facebook:
        options = {"page_id": self.graph.page.id, "base_url": self.url, "app_id": app_id}
        made = connect(options, lambda name: self.secrets.get(name, ""))
        return Facebook(
            made.page_id, made.secrets, made.base_url, app_id=made.app_id, clock=self.clock
        )

    def clock(self) -> datetime:
        return now() + self.ahead

    def notes(self) -> set[str]:
        return {note for batch in self.connector.fetch(None) for note in batch.notes}

    def asked(self) -> int:
        return len([line for line in self.graph.served if line.endswith("/debug_token")])


@pytest.fixture
def watched() -> Iterator[Watched]:
    graph = Graph(Page("900100200300400", "Brackwater School of Dance"), app=(APP, SECRET))
    graph.proof = True
    graph.grant(TOKEN)
    with GraphServer(graph) as server:
        yield Watched(graph, server.url)


def test_it_asks_at_the_start_then_weekly_and_when_the_token_changes(watched: Watched) -> None:
    watched.notes()
    watched.notes()
    assert watched.asked() == 1
    watched.ahead = timedelta(days=6)
    watched.notes()
    assert watched.asked() == 1
    watched.ahead = timedelta(days=8)
    watched.notes()
    assert watched.asked() == 2
    watched.secrets["token"] = "EAABanother"
    watched.graph.grant("EAABanother")
    watched.notes()
    assert watched.asked() == 3
    watched.connector = watched.connect()  # a new start of the program
    watched.notes()
    assert watched.asked() == 4


def test_every_call_proves_the_secret(watched: Watched) -> None:
    assert watched.notes() == set()
    watched.secrets["app_secret"] = ""
    with pytest.raises(NeedsOperator, match="secret") as told:
        watched.connect().look_up(["900100200300400_1"])
    assert "app_secret" in told.value.cure


def test_an_end_that_is_near_is_a_note(watched: Watched) -> None:
    watched.graph.expires_at = int((now() + timedelta(days=30)).timestamp())
    assert watched.notes() == set()
    watched.graph.data_ends_at = int((now() + timedelta(days=5)).timestamp())
    watched.connector = watched.connect()
    (note,) = watched.notes()
    assert "ends on" in note and "docs/connectors/facebook.md" in note


def test_a_token_that_has_ended_stops_the_source_before_anything_is_asked(
    watched: Watched,
) -> None:
    watched.graph.expires_at = int((now() - timedelta(hours=1)).timestamp())
    with pytest.raises(NeedsOperator, match="has ended") as told:
        watched.notes()
    assert "new Page access token" in told.value.cure
    assert watched.graph.served == ["GET v25.0/debug_token"]


@pytest.mark.parametrize("lost", [READ_PEOPLE, MANAGE])
def test_a_missing_permission_stops_the_source_once_all_was_read(
    watched: Watched, sqlite_store: Store, lost: str
) -> None:
    post = watched.graph.page.add("Show tonight", None)
    watched.graph.grant(TOKEN, ALL - {lost})
    with sqlite_store.write() as session:
        source = register_source(
            session, name="page", connector="facebook", label="page", audience=Audience.PUBLIC
        )
        session.commit()
        source_id = source.id
    with pytest.raises(NeedsOperator, match=lost):
        poll(sqlite_store, source_id, watched.connector)
    with sqlite_store.read() as session:
        stopped = session.get_one(Source, source_id)
        assert stopped.needs_operator and lost in stopped.problem and "new token" in stopped.cure
        assert post in (stopped.cursor or ""), "what may be read was read"
    watched.graph.grant(TOKEN)
    watched.connector = watched.connect()
    assert poll(sqlite_store, source_id, watched.connector).finished


def test_without_the_right_to_read_it_stops_at_once(watched: Watched) -> None:
    watched.graph.grant(TOKEN, ALL - {READ})
    with pytest.raises(NeedsOperator, match=READ):
        watched.notes()
    assert len(watched.graph.served) == 1


def test_without_the_apps_number_the_token_speaks_for_itself(watched: Watched) -> None:
    watched.connector = watched.connect("")
    assert watched.notes() == set()
    refusal = error(100, "(#100) You must provide an app access token")
    watched.graph.interject(lambda request: refusal if "debug" in request.path else None)
    watched.connector = watched.connect("")
    assert watched.notes() == {UNKNOWN_END}


def test_a_wrong_secret_of_the_app_is_no_reason_to_go_blind(watched: Watched) -> None:
    watched.graph.proof = False
    watched.secrets["app_secret"] = "another"
    post = watched.graph.page.add("Show tonight", None)
    found = [one for batch in watched.connector.fetch(None) for one in batch.posts]
    assert [one.native_id for one in found] == [post]


def test_an_apps_number_is_digits() -> None:
    with pytest.raises(MendSettings):
        connect({"page_id": "1", "app_id": "our app"}, lambda _: "")
