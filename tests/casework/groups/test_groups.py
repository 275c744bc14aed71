"""Groups: who can see them, how private they are, from what age; and what is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import groups
from casework.group_coverage import FEW, NO_LEAD, NOT_ATTESTED, NOT_READ
from casework.group_coverage import groups as coverage
from casework.groups import NewGroup
from casework.platform_ages import load_platform_ages
from models.errors import LookAgain, MendInput, NotYours, Refused
from models.group_words import Privacy
from models.tables import GroupProfile, Source
from models.vocabulary import Audience, Role, now

AGES = load_platform_ages()


def _seen(town, viewer, name):
    return next(one for one in coverage(town.store, viewer, AGES) if one.name == name)


def test_a_watched_place_has_its_profile_by_itself_and_follows_the_settings(town, lead) -> None:
    place = town.source("adults", connector="facebook_groups")
    town.check()
    view = _seen(town, lead, "Larkspur adults")
    assert (view.platform, view.audience, view.minimum_age) == (
        "Facebook",
        Audience.ADULT_ONLY,
        18,
    )
    with town.store.write() as session:
        session.get_one(Source, place).label = "The grown-ups"
        session.get_one(Source, place).enabled = False
        session.commit()
    town.check()
    assert coverage(town.store, lead, AGES) == ()
    with town.store.read() as session:
        row = session.scalars(select(GroupProfile)).one()
        assert (row.name, row.closed_on is not None) == ("The grown-ups", True)


def test_a_group_below_the_platforms_line_is_refused_with_the_reason(town, lead) -> None:
    with pytest.raises(Refused) as refusal:
        groups.create(
            town.store, lead, AGES, NewGroup("Tiny Toes", "facebook", Audience.CHILDREN, 8)
        )
    assert "Facebook is for people of 13 and over" in refusal.value.what
    with pytest.raises(MendInput):
        groups.create(town.store, lead, AGES, NewGroup(" ", "facebook", Audience.CHILDREN, 13))
    made = groups.create(
        town.store, lead, AGES, NewGroup("Teens", "facebook", Audience.CHILDREN, 13)
    )
    view = _seen(town, lead, "Teens")
    assert view.id == made
    assert view.planned == ("From spring 2027 on: 16. Planned, not law.",)
    with pytest.raises(Refused):
        groups.set_minimum_age(town.store, lead, AGES, made, view.version, 12)


def test_a_group_that_was_there_before_is_told_to_be_below_the_line(town, lead) -> None:
    town.source("juniors", Audience.CHILDREN, connector="facebook")
    town.check()
    assert "says no youngest age" in _seen(town, lead, "Larkspur juniors").age_problem


def test_a_watched_place_is_seen_through_the_program_while_it_is_read(town, lead) -> None:
    place = town.source("adults")
    town.check()
    assert _seen(town, lead, "Larkspur adults").blind == (FEW,)
    town.account("Robin", Role.MONITOR)
    assert _seen(town, lead, "Larkspur adults").blind == ()
    with town.store.write() as session:
        session.get_one(Source, place).last_success_at = now() - timedelta(days=8)
        session.commit()
    assert _seen(town, lead, "Larkspur adults").blind == (FEW, NO_LEAD, NOT_READ)


def test_a_group_that_no_program_reads_is_seen_by_whom_is_written_down(town, lead) -> None:
    group = groups.create(
        town.store, lead, AGES, NewGroup("Signal chat", "signal", Audience.MIXED, 13)
    )
    assert _seen(town, lead, "Signal chat").blind == (FEW, NO_LEAD, NOT_READ)
    today = now().date()
    groups.add_viewer(town.store, lead, group, town.staff("Morgan", "Vale", lead), today)
    other = town.staff("Robin", "Ash")
    groups.add_viewer(town.store, lead, group, other, today)
    view = _seen(town, lead, "Signal chat")
    groups.looked(town.store, lead, group, view.version)
    view = _seen(town, lead, "Signal chat")
    assert view.blind == ()
    assert [(one.name, one.lead) for one in view.sees] == [
        ("Morgan Vale", True),
        ("Robin Ash", False),
    ]
    town.leaves(other, today - timedelta(days=1))
    assert _seen(town, lead, "Signal chat").blind == (FEW,)
    town.check()
    assert town.tasks("group_blind") == [f"group:{group}"]


def test_only_current_staff_can_be_named(town, lead) -> None:
    group = groups.create(
        town.store, lead, AGES, NewGroup("Signal chat", "signal", Audience.MIXED, 13)
    )
    today = now().date()
    member = town.person("Wren", "Hallett", born=town.years_ago(15))
    gone = town.staff("Robin", "Ash")
    town.leaves(gone, today - timedelta(days=1))
    for one in (member, gone, 999):
        with pytest.raises(Refused):
            groups.add_viewer(town.store, lead, group, one, today)


def test_privacy_is_attested_by_a_person_and_a_task_until_then(town, monitor, lead) -> None:
    town.source("adults")
    town.source("page", Audience.PUBLIC)
    town.check()
    view = _seen(town, lead, "Larkspur adults")
    assert view.privacy_problem == NOT_ATTESTED
    assert _seen(town, lead, "Larkspur page").privacy_problem == ""
    assert town.tasks("group_privacy") == [f"group:{view.id}"]
    groups.attest_privacy(town.store, monitor, view.id, view.version, Privacy.PUBLIC)
    town.check()
    assert town.tasks("group_privacy") == [f"group:{view.id}"]  # public is red
    with pytest.raises(LookAgain):
        groups.attest_privacy(town.store, lead, view.id, view.version, Privacy.PRIVATE)
    view = _seen(town, lead, "Larkspur adults")
    assert (view.privacy, view.privacy_by) == (Privacy.PUBLIC, "Robin")
    groups.attest_privacy(town.store, lead, view.id, view.version, Privacy.PRIVATE)
    town.check()
    assert town.tasks("group_privacy") == []


def test_others_see_and_change_nothing(town, outsiders) -> None:
    for one in outsiders:
        with pytest.raises(NotYours):
            coverage(town.store, one, AGES)
        with pytest.raises(NotYours):
            groups.create(town.store, one, AGES, NewGroup("A", "x", Audience.MIXED, 13))
        with pytest.raises(NotYours):
            groups.attest_privacy(town.store, one, 1, 1, Privacy.PRIVATE)
