"""The register: who may change it, what is seen of it, and what the record keeps (C21 to C34)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from casework import consents, register, register_edit, register_ties, register_view, tasks
from casework.consents import NewAnswer
from casework.naming import named_people, stamp
from casework.register_edit import Details
from models.errors import LookAgain, MendInput, NotYours, Refused
from models.register_words import (
    Authority,
    ConsentItem,
    HandleUse,
    LinkKind,
    RegisterRole,
    Standing,
    TaskKind,
)
from models.tables import Audit, Consent, FindingRow, RegisterPerson
from models.vocabulary import Role

TODAY = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
ELLA = Details(
    "Ella", "Hartnell", Standing.CHILD, frozenset({RegisterRole.MEMBER}), date(2014, 5, 2)
)


@pytest.fixture
def monitor(desk):
    return desk.person("Mo", Role.MONITOR)


@pytest.fixture
def lead(desk):
    return desk.person("Liv", Role.LEAD)


def add(desk, who, details=ELLA):
    return register_edit.add_person(desk.store, who, details)


def person(desk, person_id):
    with desk.store.read() as session:
        return register.find_by_id(session, person_id)


def lines(desk, what):
    with desk.store.read() as session:
        return session.scalars(select(Audit).where(Audit.what == what)).all()


def yes(item=ConsentItem.FULL_NAME, **more):
    said = {
        "given_by": "Gwen Hartnell",
        "authority": Authority.PARENT,
        "from_day": date(2026, 1, 1),
    }
    return NewAnswer(item, True, **(said | more))


def test_a_person_is_added_found_and_changed(desk, monitor):
    person_id = add(desk, monitor)
    register_ties.add_handle(
        desk.store, monitor, person_id, connector="instagram", handle="@Ella.H"
    )
    with desk.store.read() as session:
        found = register.find_by_handle(session, "instagram", "ELLA.h")
        assert found is not None and found.id == person_id and found.name == "Ella Hartnell"
        assert found.age_on(date(2026, 5, 2)) == 12
        assert register.find_by_handle(session, "facebook", "ella.h") is None
    seen = person(desk, person_id)
    other = Details("Ella", "Hartnell-Lark", Standing.CHILD, ELLA.roles, ELLA.date_of_birth)
    register_edit.edit_person(desk.store, monitor, person_id, seen.version, other)
    assert person(desk, person_id).surname == "Hartnell-Lark"
    changed = lines(desk, "register.person_changed")
    assert [line.details["fields"] for line in changed] == [["surname"]]


def test_whoever_looked_before_a_change_has_to_look_again(desk, monitor):
    person_id = add(desk, monitor)
    version = person(desk, person_id).version
    register_edit.edit_person(desk.store, monitor, person_id, version, Details("Ellie", "Hartnell"))
    with pytest.raises(LookAgain):
        register_edit.edit_person(
            desk.store, monitor, person_id, version, Details("El", "Hartnell")
        )
    assert person(desk, person_id).first_name == "Ellie"


@pytest.mark.parametrize("role", [Role.ADMIN, Role.TRUSTEE])
def test_an_administrator_and_a_trustee_have_no_register(desk, monitor, role):
    person_id = add(desk, monitor)
    other = desk.person("Ada", role)
    with pytest.raises(NotYours):
        register_edit.add_person(desk.store, other, ELLA)
    with pytest.raises(NotYours):
        register_view.open_person(desk.store, other, person_id)
    with desk.store.read() as session, pytest.raises(NotYours):
        register_view.people(session, other)
    with pytest.raises(NotYours):
        consents.record_answer(desk.store, other, person_id, yes())


@pytest.mark.parametrize(
    "details",
    [
        Details(" ", "Hartnell"),
        Details("E" * 121, "Hartnell"),
        Details("Ella", "Hartnell", date_of_birth=date(2126, 5, 2)),
        Details("Ella", "Hartnell", date_of_birth=date(1814, 5, 2)),
    ],
)
def test_what_cannot_be_right_is_refused_without_repeating_it(desk, monitor, details):
    with pytest.raises(MendInput) as refused:
        add(desk, monitor, details)
    assert "Hartnell" not in str(refused.value)


def test_a_booking_number_and_a_handle_belong_to_one_person(desk, monitor):
    first = add(desk, monitor, Details("Ella", "Hartnell", external_ref="B-1"))
    with pytest.raises(Refused):
        add(desk, monitor, Details("Mia", "Lark", external_ref="B-1"))
    second = add(desk, monitor, Details("Mia", "Lark"))
    register_ties.add_handle(desk.store, monitor, first, connector="", handle="@same")
    with pytest.raises(Refused) as taken:
        register_ties.add_handle(desk.store, monitor, second, connector="", handle="SAME")
    assert "Hartnell" not in str(taken.value)


def test_parents_and_relatives_are_read_from_both_sides(desk, monitor):
    child, parent = add(desk, monitor), add(desk, monitor, Details("Gwen", "Hartnell"))
    register_ties.add_link(desk.store, monitor, child, parent, LinkKind.PARENT)
    register_ties.add_link(desk.store, monitor, child, parent, LinkKind.PARENT)
    assert person(desk, child).parents == (parent,)
    assert person(desk, parent).children == (child,)
    with pytest.raises(Refused):
        register_ties.add_link(desk.store, monitor, parent, child, LinkKind.PARENT)
    with pytest.raises(Refused):
        register_ties.add_link(desk.store, monitor, child, child, LinkKind.RELATIVE)
    register_ties.drop_link(desk.store, monitor, parent, child)
    assert person(desk, child).parents == ()


def test_the_list_is_masked_and_searched_and_a_look_at_a_child_is_recorded_once(desk, monitor):
    child = add(desk, monitor)
    adult = add(desk, monitor, Details("Gwen", "Hartnell", Standing.ADULT))
    register_ties.set_aliases(desk.store, monitor, child, ["Ellie-Bean"])
    with desk.store.read() as session:
        page = register_view.people(session, monitor)
        assert [line.name for line in page.lines] == ["Ella H.", "Gwen H."]
        assert page.lines[0].age == "12 years old" or page.lines[0].is_child
        for search in ("ella hart", "Ellie-B"):
            found = register_view.people(session, monitor, search=search).lines
            assert [line.person_id for line in found] == [child]
        assert not register_view.people(session, monitor, search="100%").lines
    register_view.open_person(desk.store, monitor, child)
    register_view.open_person(desk.store, monitor, child)
    register_view.open_person(desk.store, monitor, adult)
    viewed = lines(desk, "register.viewed")
    assert [line.subject for line in viewed] == [f"register:{child}"]


def test_why_not_to_publish_is_seen_by_the_lead_alone(desk, monitor, lead):
    person_id = add(desk, monitor)
    version = person(desk, person_id).version
    why = "moved away from a violent relative"
    with pytest.raises(NotYours):
        register_edit.set_do_not_publish(
            desk.store, monitor, person_id, version, listed=True, reason=why
        )
    register_edit.set_do_not_publish(desk.store, lead, person_id, version, listed=True, reason=why)
    for viewer, reason in ((lead, why), (monitor, "")):
        view = register_view.open_person(desk.store, viewer, person_id)
        assert (view.person.do_not_publish, view.reason) == (True, reason)
    with desk.store.read() as session:
        kept = [str(line.details) for line in session.scalars(select(Audit))]
    assert not any("violent" in line or "Hartnell" in line for line in kept)


def test_an_adult_without_a_date_of_birth_is_confirmed_by_a_person(desk, monitor):
    unknown = add(desk, monitor, Details("Sam", "Lark"))
    assert person(desk, unknown).is_child_on(TODAY.date())
    register_edit.confirm_adult(desk.store, monitor, unknown, person(desk, unknown).version)
    assert not person(desk, unknown).is_child_on(TODAY.date())
    child = add(desk, monitor)
    with pytest.raises(Refused):
        register_edit.confirm_adult(desk.store, monitor, child, person(desk, child).version)


def test_a_consent_is_recorded_holds_and_is_replaced_by_the_same_giver(desk, monitor):
    person_id = add(desk, monitor)
    first = consents.record_answer(desk.store, monitor, person_id, yes(channel="page"))
    again = consents.record_answer(desk.store, monitor, person_id, yes(channel="page"))
    assert first == again
    day = date(2026, 11, 28)
    with desk.store.read() as session:
        who = register.find_by_id(session, person_id)
        item = ConsentItem.FULL_NAME
        assert consents.has_consent(session, who, item, day, channel="page")
        assert not consents.has_consent(session, who, item, day, channel="group")
        assert not consents.has_consent(session, who, ConsentItem.PHOTO, day, channel="page")
        assert not consents.has_consent(session, who, item, date(2025, 12, 31), channel="page")
    no = NewAnswer(
        ConsentItem.FULL_NAME, False, "gwen  hartnell", Authority.PARENT, day, channel="page"
    )
    consents.record_answer(desk.store, monitor, person_id, no)
    with desk.store.read() as session:
        assert not consents.has_consent(session, who, item, day, channel="page")
        rows = session.scalars(select(Consent).order_by(Consent.id)).all()
        assert [(row.given, row.ended_why) for row in rows] == [(True, "replaced"), (False, "")]


def test_a_parent_does_not_answer_for_an_adult(desk, monitor):
    adult = add(desk, monitor, Details("Gwen", "Hartnell", Standing.ADULT))
    with pytest.raises(Refused):
        consents.record_answer(desk.store, monitor, adult, yes())
    own = yes(given_by="Gwen", authority=Authority.SELF)
    assert consents.record_answer(desk.store, monitor, adult, own)


@pytest.mark.parametrize(
    "answer",
    [
        yes(given_by=" "),
        yes(until_day=date(2025, 1, 1)),
        yes(purpose="p" * 121),
    ],
)
def test_an_answer_that_cannot_be_right(desk, monitor, answer):
    person_id = add(desk, monitor)
    with pytest.raises(MendInput):
        consents.record_answer(desk.store, monitor, person_id, answer)


def test_a_withdrawal_needs_no_reason_and_lists_every_earlier_post(desk, monitor):
    person_id = add(desk, monitor)
    register_ties.set_aliases(desk.store, monitor, person_id, ["Ellie Bean"])
    register_ties.add_handle(desk.store, monitor, person_id, connector="", handle="@ella.h")
    consent = consents.record_answer(desk.store, monitor, person_id, yes())
    naming = [
        desk.post("Well done Ella Hartnell!"),
        desk.post("thanks \u00c9lla   Hartnell \U0001f483"),
        desk.post("ELLIE BEAN was great"),
        desk.post("with @ella.h tonight"),
    ]
    edited = desk.post("Ella Hartnell won")
    desk.edit(edited, "somebody won")
    for text in ("Ella was great", "Stella Hartnell", "Mr Hartnell rang", "\U0001f483"):
        desk.post(text)
    task_id = consents.withdraw(desk.store, monitor, consent)
    with desk.store.read() as session:
        (task,) = tasks.open_tasks(session, monitor)
        assert (task.id, task.kind, task.about_id) == (
            task_id,
            TaskKind.CONSENT_WITHDRAWN,
            person_id,
        )
        assert sorted(task.details["posts"]) == sorted([*naming, edited])
        who = register.find_by_id(session, person_id)
        today = datetime.now(UTC).date()
        assert not consents.has_consent(session, who, ConsentItem.FULL_NAME, today)
    with pytest.raises(LookAgain):
        consents.withdraw(desk.store, monitor, consent)
    later = desk.post("Ella Hartnell again")
    assert consents.look_again_for_posts(desk.store, monitor, task_id) == len(naming) + 2
    with desk.store.read() as session:
        assert later in tasks.task_for(session, monitor, task_id).details["posts"]


def test_a_withdrawal_decides_nothing_about_posts_that_were_read_before(desk, monitor):
    person_id = add(desk, monitor)
    consent = consents.record_answer(desk.store, monitor, person_id, yes())
    desk.post("Well done Ella Hartnell!")
    consents.withdraw(desk.store, monitor, consent)
    with desk.store.read() as session:
        assert not session.scalars(select(FindingRow)).all()


def test_at_18_what_parents_answered_lapses_and_the_adult_is_asked(desk, monitor):
    born = date(2008, 2, 29)
    person_id = add(desk, monitor, Details("Ella", "Hartnell", Standing.CHILD, date_of_birth=born))
    consents.record_answer(desk.store, monitor, person_id, yes(from_day=date(2020, 1, 1)))
    desk.post("Well done Ella Hartnell!")
    eve = datetime(2026, 2, 28, 23, 59, tzinfo=UTC)
    assert consents.lapse_at_18(desk.store, clock=lambda: eve) == 0
    morning = eve + timedelta(minutes=1)
    assert consents.lapse_at_18(desk.store, clock=lambda: morning) == 1
    assert consents.lapse_at_18(desk.store, clock=lambda: morning) == 0
    with desk.store.read() as session:
        (task,) = tasks.open_tasks(session, monitor)
        assert task.kind == TaskKind.TURNED_18
        assert task.details["consents"] == 1 and len(task.details["posts"]) == 1
        (row,) = session.scalars(select(Consent))
        assert row.ended_why == "turned_18"
        assert session.get_one(RegisterPerson, person_id).standing is Standing.ADULT


def test_a_task_is_opened_once_and_closed_once(desk, monitor, lead):
    with desk.store.write() as session:
        first = tasks.open_task(session, "other", "x:1", role=Role.MONITOR)
        assert tasks.open_task(session, "other", "x:1", role=Role.MONITOR) == first
        leads = tasks.open_task(session, "other", "x:2", role=Role.LEAD)
        session.commit()
    with desk.store.read() as session:
        assert [task.id for task in tasks.open_tasks(session, monitor)] == [first]
        assert [task.id for task in tasks.open_tasks(session, lead)] == [first, leads]
        assert tasks.open_tasks(session, desk.person("Ada", Role.ADMIN)) == ()
        with pytest.raises(NotYours):
            tasks.task_for(session, monitor, leads)
    with pytest.raises(Refused):
        tasks.finish(desk.store, monitor, first, "nonsense")
    tasks.finish(desk.store, monitor, first, "done", "rang them")
    with pytest.raises(LookAgain):
        tasks.finish(desk.store, lead, first, "done")
    with desk.store.write() as session:
        assert tasks.open_task(session, "other", "x:1", role=Role.MONITOR) == first
        assert tasks.task_for(session, monitor, first).done_at is not None
        tasks.open_task(session, "other", "x:1", role=Role.MONITOR, again=True)
        assert tasks.task_for(session, monitor, first).done_at is None


def test_the_stamp_changes_with_every_change_that_bears_on_names(desk, monitor, lead):
    def mark():
        with desk.store.read() as session:
            return stamp(session)

    seen = [mark()]
    person_id = add(desk, monitor)
    seen.append(mark())
    handle = register_ties.add_handle(
        desk.store, monitor, person_id, connector="", handle="x", use=HandleUse.PERSONAL
    )
    seen.append(mark())
    register_ties.drop_handle(desk.store, monitor, person_id, handle)
    seen.append(mark())
    register_ties.set_aliases(desk.store, monitor, person_id, ["Ellie"])
    seen.append(mark())
    consent = consents.record_answer(desk.store, monitor, person_id, yes())
    seen.append(mark())
    consents.withdraw(desk.store, monitor, consent)
    seen.append(mark())
    version = person(desk, person_id).version
    register_edit.set_do_not_publish(desk.store, lead, person_id, version, listed=True)
    seen.append(mark())
    assert len(set(seen)) == len(seen)
    assert mark() == seen[-1]


def test_what_the_classifier_is_told(desk, monitor):
    person_id = add(desk, monitor, Details("Catherine", "Holt", date_of_birth=date(2012, 3, 4)))
    register_ties.set_aliases(desk.store, monitor, person_id, ["Cat"])
    consents.record_answer(desk.store, monitor, person_id, yes(own_wish="no"))
    with desk.store.read() as session:
        (told,) = named_people(session).people
    assert told.names == ("Catherine Holt", "Cat", "Cat Holt")
    assert "katie Holt" in told.forms
    assert told.adult_from == date(2030, 3, 4)
    assert not told.may_be_named(date(2026, 11, 28), "page")  # the young person said no
