"""A source that its platform woke is polled at once; one woken without end starves nobody."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from chaperone.settings import load
from chaperone.wiring import House
from chaperone.workflows import POLL
from collector.polling import register_source
from collector.sandbox.page import Author
from collector.waking import WOKEN_GAP, Heard, is_woken, write_down
from models.tables import Hook, Post, Source, Woken
from models.unit_of_work import Store
from models.vocabulary import Audience, now

AT = now()


@pytest.mark.parametrize(
    ("last", "woken", "due"),
    [
        (None, None, False),
        (None, AT, True),
        (AT - timedelta(minutes=5), None, False),
        (AT - timedelta(minutes=5), AT - timedelta(minutes=6), False),
        (AT - timedelta(minutes=5), AT - timedelta(seconds=1), True),
        (AT - timedelta(seconds=5), AT - timedelta(seconds=1), False),
    ],
)
def test_when_it_is_due(last, woken, due: bool) -> None:
    assert is_woken(last, woken, AT) is due


def test_it_is_written_down_once_for_each_source(store: Store) -> None:
    with store.write() as session:
        for name in ("one", "two", "off"):
            register_source(
                session, name=name, connector="facebook", label=name, audience=Audience.PUBLIC
            ).enabled = name != "off"
        session.commit()
    write_down(store, "meta", Heard(frozenset({"one", "off", "unknown"}), 2, 1))
    write_down(store, "meta", Heard(frozenset({"one"}), 1))
    write_down(store, "meta", Heard(refused=4))
    with store.read() as session:
        names = select(Source.name).join(Woken, Woken.source_id == Source.id)
        assert session.scalars(names).all() == ["one"]
        hook = session.scalars(select(Hook)).one()
        assert (hook.accepted, hook.refused) == (3, 5)
        assert hook.last_accepted_at and hook.last_refused_at


def _slow_house(school) -> House:
    """The school's house, whose Page is polled by the clock only every ten minutes."""
    file = school.settings_file()
    file.write_text(file.read_text().replace('"1 second"', '"10 minutes"'))
    house = House(load(file))
    house.prepare()
    school.houses.append(house)
    return house


def _polls(wanted: list[tuple[str, str, str]]) -> list[str]:
    return [f"{workflow} {id_}" for _, workflow, id_ in wanted if workflow == POLL]


def _tried(house: House, ago: timedelta, **more) -> None:
    with house.store.write() as session:
        source = session.query(Source).one()
        source.last_attempt_at = now() - ago
        for name, value in more.items():
            setattr(source, name, value)
        session.commit()


def test_a_woken_source_does_not_wait_for_the_clock(school, asked) -> None:
    house = _slow_house(school)
    _tried(house, timedelta(minutes=1))
    assert _polls(asked(house)) == []
    write_down(house.store, "meta", Heard(frozenset({"page"}), 1))
    (wanted,) = _polls(asked(house))
    assert "woken" in wanted
    _tried(house, timedelta(seconds=2))
    write_down(house.store, "meta", Heard(frozenset({"page"}), 1))
    assert _polls(asked(house)) == [], "not twice within ten seconds"


def test_waking_never_overrules_the_delay_of_the_platform(school, asked) -> None:
    house = _slow_house(school)
    _tried(house, timedelta(minutes=1), next_attempt_at=now() + timedelta(minutes=19))
    write_down(house.store, "meta", Heard(frozenset({"page"}), 1))
    assert _polls(asked(house)) == []


@pytest.mark.slow
def test_a_new_comment_comes_seconds_after_the_call(school, at_work) -> None:
    house = _slow_house(school)

    def texts() -> int:
        with house.store.read() as session:
            return session.query(Post).count()

    def waited(count: int, seconds: float) -> float:
        began = time.monotonic()
        while texts() < count:
            assert time.monotonic() - began < seconds, texts()
            time.sleep(0.1)
        return time.monotonic() - began

    with at_work(house):
        waited(3, 30)
        post = school.page.feed()[0].id
        school.page.add("late", Author("10203040", "Pat Example"), under=post)
        time.sleep(WOKEN_GAP.total_seconds())
        assert texts() == 3, "the clock alone would take ten minutes"
        write_down(house.store, "meta", Heard(frozenset({"page"}), 1))
        waited(4, 15)
