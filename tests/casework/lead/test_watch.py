"""The sources view: what we see, since when we do not, and for whom it is."""

from datetime import timedelta

import pytest

from casework import watch
from models.errors import NotYours
from models.tables import Source
from models.vocabulary import Level, Role, Route, Viewer


def test_blind_places_come_first_and_say_what_to_do(club) -> None:
    mo = club.person("mo", Role.MONITOR)
    lena = club.person("lena", Role.LEAD)
    ada = club.person("ada", Role.ADMIN)
    seen = club.source("A place")
    blind = club.source("Z place")
    with club.store.write() as session:
        row = session.get_one(Source, blind)
        row.blind_since = club.clock()
        row.problem, row.cure = "The token has ended.", "Make a new one."
        session.commit()
    club.case(source_id=seen)
    club.item("rude", level=Level.L1, route=Route.MONITOR, source_id=seen)
    club.clock.pass_time(days=1, hours=1)
    club.post("new", source_id=seen)
    with club.store.read() as session:
        first, second = watch.sources(session, mo, club.clock)
        leads = watch.sources(session, lena, club.clock)[1]
        admins = watch.sources(session, ada, club.clock)[1]
    assert (first.label, first.problem, first.cure) == (
        "Z place",
        "The token has ended.",
        "Make a new one.",
    )
    assert second.days == (0, 0, 0, 0, 0, 2, 1)
    assert second.posts_per_day == 0.4
    assert (second.waiting, leads.waiting, admins.waiting) == (1, 2, 1)
    assert first.blind_since == club.clock() - timedelta(days=1, hours=1)


def test_trustees_see_how_many_only(quick_club) -> None:
    tess = quick_club.person("tess", Role.TRUSTEE)
    quick_club.source()
    with quick_club.store.read() as session:
        assert watch.coverage(session, tess) == watch.Coverage(watched=1, blind=0)
        with pytest.raises(NotYours):
            watch.sources(session, tess)
        with pytest.raises(NotYours):
            watch.coverage(session, Viewer(9, "", frozenset()))
