"""Checks of staff (C51): two days, for the lead alone, and a task where one is missing or due."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from casework import accounts, audit, erasure, staff_checks, subject_access, tasks
from casework.accounts import NewAccount
from casework.ages import day_of
from casework.groups import NewGroup, add_viewer, create
from casework.platform_ages import load_platform_ages
from casework.register import find_by_id
from casework.register_columns import Field, guess
from casework.register_file import read_sheet
from casework.register_import import import_sheet
from casework.staff_checks import Check, Lacks, lacks, renewal
from models.errors import MendInput, NotYours, Refused
from models.register_words import RegisterRole, TaskKind
from models.tables import StaffCheck, Task
from models.vocabulary import Audience, Role, now

KIND = TaskKind.STAFF_CHECK
DAY = timedelta(days=1)
HEAD = "Booking ID,First name,Surname,Role,DBS date,DBS renewal date"


def today() -> date:
    return day_of(now())


def holder(town, lead, person_id: int) -> int:
    made = accounts.create(town.store, lead, NewAccount("x", f"larkspur{person_id}"))
    accounts.add_holder(town.store, lead, made, person_id, today() - 30 * DAY)
    return made


def check(town, viewer, person_id: int) -> Check | None:
    with town.store.read() as session:
        return staff_checks.check_of(session, viewer, person_id)


def imported(town, viewer, *lines: str):
    sheet = read_sheet("\n".join((HEAD, *lines)).encode())
    return import_sheet(town.store, viewer, sheet, guess(sheet.headings), dry_run=False)


def test_who_holds_an_account_or_sees_children_needs_one(town, lead, monitor, outsiders) -> None:
    names = ("Jo", "Ana", "Ines", "Uma", "Max")
    jo, ana, ines, uma, maxim = (town.staff(one, "Reed") for one in names)
    young = town.person("Kit", "Reed", born=town.years_ago(15), roles=(RegisterRole.VOLUNTEER,))
    holder(town, lead, jo)
    for name, who, audience in (
        ("Juniors", ana, Audience.CHILDREN),
        ("Adults", ines, Audience.ADULT_ONLY),
        ("Minis", young, Audience.CHILDREN),
        ("All", maxim, Audience.MIXED),
    ):
        ages = load_platform_ages()
        group = create(town.store, lead, ages, NewGroup(name, "signal", audience, 18))
        add_viewer(town.store, lead, group, who, today() - DAY)
    town.leaves(maxim, today() - DAY)
    town.check()
    assert town.tasks(KIND) == sorted(f"staff_check:{one}" for one in (jo, ana))
    with town.store.read() as session:
        (first, second) = [each for each in tasks.open_tasks(session, lead) if each.kind == KIND]
        assert {first.about_id, second.about_id} == {jo, ana}
        assert first.details == {"check": "missing"}
        for other in (monitor, *outsiders):
            assert not [each for each in tasks.open_tasks(session, other) if each.kind == KIND]
            assert tasks.tasks_about(session, other, jo) == ()
    staff_checks.set_check(town.store, lead, jo, today() - DAY)
    staff_checks.set_check(town.store, lead, ana, today() - 1040 * DAY)
    assert town.tasks(KIND) == [f"staff_check:{ana}"]
    town.check()
    with town.store.read() as session:
        states = dict(session.execute(select(Task.about_id, Task.details)).all())
        assert states[ana] == {"check": "due"}
        assert audit.verify(session).broken_at is None
    town.leaves(ana, today() - DAY)
    town.check()
    assert town.tasks(KIND) == []
    assert uma


def test_only_the_lead_sees_and_changes_it_and_only_of_staff(
    town, lead, monitor, outsiders
) -> None:
    jo, parent = town.staff("Jo", "Reed"), town.person("Pat", "Lark", town.years_ago(40))
    for other in (monitor, *outsiders):
        with pytest.raises(NotYours):
            staff_checks.set_check(town.store, other, jo, today())
        with pytest.raises(NotYours):
            staff_checks.drop_check(town.store, other, jo)
        with pytest.raises(NotYours):
            check(town, other, jo)
    with pytest.raises(Refused, match="staff and volunteers only"):
        staff_checks.set_check(town.store, lead, parent, today())
    with pytest.raises(MendInput, match="future"):
        staff_checks.set_check(town.store, lead, jo, today() + DAY)
    with pytest.raises(MendInput, match="before it was seen"):
        staff_checks.set_check(town.store, lead, jo, today(), today())
    assert check(town, lead, jo) is None
    staff_checks.set_check(town.store, lead, jo, today() - DAY, today() + DAY)
    assert check(town, lead, jo) == Check(today() - DAY, today() + DAY)
    held = subject_access.export(town.store, lead, jo)
    assert held.person["enhanced check seen on"] == (today() - DAY).isoformat()
    with town.store.read() as session:
        lines = [one for one in audit.lines(session, lead).lines if "check" in one.what]
        assert [(one.what, one.details) for one in lines] == [("register.check_recorded", {})]
    staff_checks.drop_check(town.store, lead, jo)
    assert check(town, lead, jo) is None
    staff_checks.set_check(town.store, lead, jo, today())
    second = town.account("Lou", Role.LEAD)
    erasure.erase_person(town.store, lead, second.user_id, jo)
    with town.store.read() as session:
        assert session.scalars(select(StaffCheck)).all() == []


def test_a_check_is_due_again_by_its_day() -> None:
    assert renewal(date(2024, 2, 29)) == date(2027, 3, 1)
    at = date(2026, 11, 20)
    seen = Check(at - 900 * DAY, at)
    assert lacks(None, at) is Lacks.MISSING
    assert lacks(seen, at - 61 * DAY) is None
    assert lacks(seen, at - 60 * DAY) is Lacks.DUE
    assert lacks(seen, at) is Lacks.DUE
    assert lacks(seen, at + DAY) is Lacks.OVER


def test_a_booking_systems_file_brings_it(town, lead, monitor) -> None:
    line = "S1,Jo,Reed,staff,02/05/2025,"
    told = imported(town, monitor, line, "S2,Mia,Lark,member,02/05/2025,")
    assert [(one.row, one.why) for one in told.rejects] == [
        (3, "A DBS check is kept for staff and volunteers only.")
    ]
    with town.store.read() as session:
        row = session.scalars(select(StaffCheck)).one()
        jo = find_by_id(session, row.person_id)
        assert jo is not None and jo.first_name == "Jo"
    assert check(town, lead, jo.id) == Check(date(2025, 5, 2), date(2028, 5, 2))
    assert imported(town, monitor, line).unchanged == 1
    assert imported(town, monitor, "S1,Jo,Reed,staff,02/05/2025,01/09/2027").changed == 1
    assert imported(town, monitor, line).unchanged == 1  # an empty cell takes nothing away
    assert imported(town, monitor, "S1,Jo,Reed,staff,02/05/2020,").unchanged == 1  # an old file
    assert check(town, lead, jo.id) == Check(date(2025, 5, 2), date(2027, 9, 1))
    whys = [
        imported(town, monitor, f"S1,Jo,Reed,staff,{cells}").rejects[0].why
        for cells in ("Yes,", ",01/09/2027", "02/05/2025,01/09/27", "02/05/2199,")
    ]
    assert whys == [
        "It is not a date that can be read.",
        "It says when a check is to be renewed, and not when it was seen.",
        "The check would have to be renewed before it was seen.",
        "The day lies in the future.",
    ]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("DBS date", Field.DBS_CHECKED_ON),
        ("Enhanced DBS check date", Field.DBS_CHECKED_ON),
        ("DBS issued on", Field.DBS_CHECKED_ON),
        ("Date of DBS", Field.DBS_CHECKED_ON),
        ("dbs_checked_on", Field.DBS_CHECKED_ON),
        ("PVG seen", Field.DBS_CHECKED_ON),
        ("DBS renewal date", Field.DBS_RENEW_ON),
        ("DBS expires on", Field.DBS_RENEW_ON),
        ("DBS certificate number", None),
        ("DBS", None),
    ],
)
def test_columns_of_checks_are_guessed_and_a_certificate_is_not(heading, field) -> None:
    assert guess([heading])[heading] == (field or "")
