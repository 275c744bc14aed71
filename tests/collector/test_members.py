"""Members: stored once, changes noticed, whoever left is kept; with Reddit's, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from collector.connector import Member
from collector.connectors.registry import get
from collector.members import EVERY, MOST, NOT_READ, Membership, poll_members
from collector.polling import register_source
from collector.sandbox.loopback import LoopbackServer
from collector.sandbox.reddit import RedditSite
from collector.sandbox.reddit_board import Board
from models.errors import NeedsOperator, Refused, RetryLater
from models.tables import MemberRow, Source
from models.unit_of_work import Store
from models.vocabulary import Audience

START = datetime(2026, 11, 21, 9, tzinfo=UTC)


class Listing:
    """A place whose list is given by hand. breaks: what is raised after the last of them."""

    def __init__(self, *people: Member, breaks: Exception | None = None) -> None:
        self.people, self.breaks, self.asked = people, breaks, 0

    def members(self) -> Iterator[Member]:
        self.asked += 1
        yield from self.people
        if self.breaks is not None:
            raise self.breaks


def _source(store: Store, name: str = "place") -> int:
    with store.write() as session:
        made = register_source(
            session, name=name, connector="reddit", label=name, audience=Audience.MIXED
        )
        session.commit()
        return made.id


def _poll(store: Store, source: int, listing: Any, hours: int) -> Membership:
    return poll_members(store, source, listing, clock=lambda: START + timedelta(hours=hours))


def _rows(store: Store, source: int) -> dict[str, MemberRow]:
    with store.read() as session:
        rows = session.scalars(select(MemberRow).where(MemberRow.source_id == source))
        return {row.handle: row for row in rows}


def test_reddit(store: Store) -> None:
    board = Board()
    place = board.open("tapschool", "mod", private=True)
    place.members.update({"amos", "ottoline", "mod"})
    site = RedditSite(board, apps={"app": "s"})
    site.passwords = {"mod": "p"}
    source = _source(store)
    with LoopbackServer(site.answer) as server:
        options = {"subreddit": "tapschool", "client_id": "app", "username": "mod"}
        options |= {"oauth_url": server.url, "reddit_url": server.url}
        secrets = {"client_secret": "s", "password": "p"}
        connector = get("reddit").connect(options, lambda name: secrets.get(name, ""))
        assert _poll(store, source, connector, 0) == Membership(joined=3)
        place.members.remove("amos")
        place.members.add("pip")
        assert _poll(store, source, connector, 2) == Membership(joined=1, left=1)
    rows = _rows(store, source)
    assert rows["mod"].role == "moderator, approved user"
    assert rows["ottoline"].role == "approved user" and rows["ottoline"].since is not None
    assert rows["amos"].left_at == START + timedelta(hours=2)
    assert rows["amos"].first_seen_at == rows["amos"].last_seen_at == START
    assert rows["pip"].first_seen_at == START + timedelta(hours=2)


def test_changes_are_noticed_and_who_comes_back_is_the_same_person(store: Store) -> None:
    source, other = _source(store), _source(store, "other")
    since = START - timedelta(days=90)
    amos, pip = Member("amos", "Amos", "member", since), Member("pip", "Pip")
    assert _poll(store, source, Listing(amos, pip), 0) == Membership(joined=2)
    assert _poll(store, other, Listing(amos), 0) == Membership(joined=1)
    assert _poll(store, source, Listing(amos, pip), 1) == Membership()
    renamed = Member("amos", "Amos P", "admin")
    assert _poll(store, source, Listing(renamed), 2) == Membership(changed=1, left=1)
    assert _poll(store, source, Listing(renamed), 3) == Membership()
    assert _poll(store, source, Listing(renamed, pip), 4) == Membership(back=1)
    rows = _rows(store, source)
    assert rows["amos"].before == {"display_name": "Amos", "role": "member"}
    assert rows["amos"].changed_at == START + timedelta(hours=2)
    assert rows["amos"].since == since, "what the platform once said is not lost"
    assert rows["pip"].left_at is None and rows["pip"].first_seen_at == START
    assert _rows(store, other)["amos"].display_name == "Amos"


def test_it_is_read_once_an_hour(sqlite_store: Store) -> None:
    source, listing = _source(sqlite_store), Listing(Member("amos", "Amos"))
    _poll(sqlite_store, source, listing, 0)
    soon = poll_members(
        sqlite_store, source, listing, clock=lambda: START + EVERY - timedelta(seconds=1)
    )
    assert not soon.read and listing.asked == 1
    assert _poll(sqlite_store, source, listing, 1).read and listing.asked == 2


@pytest.mark.parametrize("kind", ["later", "operator"])
def test_a_list_that_breaks_off_takes_nobody_away(sqlite_store: Store, kind: str) -> None:
    source = _source(sqlite_store)
    _poll(sqlite_store, source, Listing(Member("amos", "Amos"), Member("pip", "Pip")), 0)
    errors: dict[str, Exception] = {
        "later": RetryLater("Busy.", subject="x", after=timedelta(minutes=1)),
        "operator": NeedsOperator("The account may not.", subject="x", cure="Make it a moderator."),
    }
    for hours in (2, 3):
        with pytest.raises(type(errors[kind])):
            _poll(sqlite_store, source, Listing(Member("amos", "A"), breaks=errors[kind]), hours)
    rows = _rows(sqlite_store, source)
    assert rows["pip"].left_at is None and rows["amos"].display_name == "Amos"
    with sqlite_store.read() as session:
        told = session.get_one(Source, source)
        assert told.blind_since is None
        expected = [f"{NOT_READ} The account may not. Make it a moderator."]
        assert told.notes == (expected if kind == "operator" else [])


def test_an_endless_list_is_refused_and_odd_names_are_stored(sqlite_store: Store) -> None:
    source = _source(sqlite_store)
    endless = Listing(*[Member(f"m{number}", "") for number in range(MOST + 1)])
    with pytest.raises(Refused):
        _poll(sqlite_store, source, endless, 0)
    assert _rows(sqlite_store, source) == {}
    odd = Listing(Member("a\x00" + "b" * 400, "c" * 400, "d" * 400), Member("", "nobody"))
    assert _poll(sqlite_store, source, odd, 0) == Membership(joined=1)
    (row,) = _rows(sqlite_store, source).values()
    assert len(row.handle) == 300 and len(row.display_name) == 300 and len(row.role) == 80
