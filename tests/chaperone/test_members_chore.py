"""The worker keeps who belongs to a place, and a list that fails takes nothing from the posts."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from chaperone.chores import Chores
from chaperone.wiring import House
from collector.members import NOT_READ
from collector.sandbox.loopback import LoopbackServer
from collector.sandbox.reddit import RedditSite
from collector.sandbox.reddit_board import Board
from models.tables import MemberRow, Post, Source


@pytest.fixture
def board() -> Board:
    made = Board()
    made.open("tapschool", "mod", private=True).members.add("amos")
    made.submit("tapschool", "amos", "A post")
    return made


@pytest.fixture
def house(school: Any, board: Board) -> Iterator[House]:
    site = RedditSite(board, apps={"app": "s"})
    site.passwords = {"mod": "p", "guest": "p"}
    for name in ("s", "p"):
        (school.folder / name).write_text(name)
        (school.folder / name).chmod(0o600)
    with LoopbackServer(site.answer) as server:
        school.more = f"""
            [sources.sub]
            connector = "reddit"
            audience = "mixed"
            subreddit = "tapschool"
            client_id = "app"
            client_secret_file = "s"
            username = "mod"
            password_file = "p"
            oauth_url = "{server.url}"
            reddit_url = "{server.url}"
        """
        yield school.house()


def _guard(_about: str, call: Callable[..., Any], *given: Any) -> Any:
    return call(*given)


def _source(house: House, name: str) -> Source:
    with house.store.read() as session:
        return session.scalars(select(Source).where(Source.name == name)).one()


def _handles(house: House) -> list[str]:
    with house.store.read() as session:
        return sorted(session.scalars(select(MemberRow.handle)))


def test_a_poll_keeps_the_members(house: House) -> None:
    chores = Chores(house, _guard)
    for name in ("sub", "page"):
        chores.fetch(_source(house, name).id)
    assert _handles(house) == ["amos", "mod"]
    assert _source(house, "sub").notes == []


def test_a_list_that_may_not_be_read_is_said_and_the_posts_are_there(
    house: House, board: Board
) -> None:
    board.subreddits["tapschool"].private = False
    board.subreddits["tapschool"].moderators = {"somebody"}
    sub = _source(house, "sub")
    Chores(house, _guard).fetch(sub.id)
    told = _source(house, "sub")
    assert told.blind_since is None
    assert [note for note in told.notes if note.startswith(NOT_READ)]
    assert _handles(house) == []
    with house.store.read() as session:
        assert session.scalars(select(Post).where(Post.source_id == sub.id)).all()
