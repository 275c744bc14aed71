"""The worker takes somebody out of a place, over a real socket, and remembers it."""

from sqlalchemy import select

from casework import member_removals
from casework.member_removals import Wish
from collector.sandbox.loopback import LoopbackServer
from collector.sandbox.matrix import MatrixRoom
from models.tables import MemberRemoval, MemberRow, Source
from models.vocabulary import ActionState

WREN = "@wren:example.org"


def _state(house, removal_id):
    with house.store.read() as session:
        return session.get_one(MemberRemoval, removal_id).state


def test_from_the_wish_to_the_empty_chair(school, database_url, at_work, until, desk) -> None:
    made = MatrixRoom("!r:example.org", {"a-token": "@watch:example.org"})
    made.levels["@watch:example.org"] = 50
    made.join(WREN, "Wren")
    with LoopbackServer(made.answer) as server:
        school.database_url = database_url
        school.more = f"""
            [sources.room]
            connector = "matrix"
            audience = "adult_only"
            poll_every = "1 second"
            room_id = "!r:example.org"
            base_url = "{server.url}"
            token_file = "token"
        """
        house = school.house()
        lead = desk(house)
        with at_work(house):
            until(lambda: _listed(house) is not None)
            wish = Wish(_room(house), WREN, "may_be_under_18", "Year 8, she says.")
            removal_id = member_removals.want(house.store, lead.viewer, wish)
            until(lambda: _state(house, removal_id) is ActionState.CONFIRMED)
    assert made.events[-1]["content"]["membership"] == "leave"
    assert _listed(house).left_at is not None
    assert sum("/kick" in call for call in made.weather.served) == 1


def _room(house) -> int:
    with house.store.read() as session:
        return session.scalars(select(Source.id).where(Source.name == "room")).one()


def _listed(house) -> MemberRow | None:
    with house.store.read() as session:
        return session.scalar(select(MemberRow).where(MemberRow.handle == WREN))
