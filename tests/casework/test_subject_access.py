"""What is held about a person, for the person; and a person erased from the register."""

import json

import pytest
from sqlalchemy import select

from casework import erasure, subject_access, tasks
from casework.contact_rules import Fault
from casework.contacts import NewContact, contacts, log_contact, mark_seen
from casework.decisions import decide
from casework.register_names import handle_key
from models.errors import MendInput, NotYours, Refused
from models.register_words import ConsentItem, RegisterRole, Standing
from models.tables import Audit, Consent, Person, RegisterHandle, RegisterPerson, Tombstone
from models.vocabulary import Category, DecisionKind, Organisation, Role, now

STAFF = Category.INAPPROPRIATE_STAFF_CONTACT
OURS = Organisation(name="Riverside")


def registered(desk, first, last, *, account=None, handle="", roles=("member",), **more) -> int:
    with desk.store.write() as session:
        row = RegisterPerson(
            **{
                "first_name": first,
                "surname": last,
                "standing": Standing.ADULT,
                "roles": [str(RegisterRole(role)) for role in roles],
                "account_id": None if account is None else account.user_id,
                "created_at": now(),
                "updated_at": now(),
                **more,
            }
        )
        session.add(row)
        session.flush()
        if handle:
            key = handle_key(handle)
            session.add(
                RegisterHandle(
                    person_id=row.id,
                    connector="",
                    handle=handle,
                    handle_key=key,
                    added_at=now(),
                )
            )
        session.commit()
        return row.id


def written(held) -> str:
    return json.dumps(held.for_the_person(), ensure_ascii=False)


def test_a_person_gets_what_is_held_with_everybody_else_masked(small_desk) -> None:
    desk, lena = small_desk, small_desk.people["Lena"]
    maya = registered(desk, "Maya", "Harbour", handle="maya.h")
    registered(desk, "Rhona", "Quill", handle="rhona_q")
    mine = desk.item("Darn you Rhona Quill, ask @rhona_q", Category.PROFANITY, author="maya.h")
    desk.file(desk.post("Well done Maya Harbour and Rhona Quill!", author="rhona_q"))
    desk.file(desk.post("Nothing about anybody", author="rhona_q"))
    decide(desk.store, lena, desk.choice(lena, mine, DecisionKind.KEEP, "nothing_wrong"))
    held = subject_access.export(desk.store, lena, maya)
    said = written(held)
    assert held.person["surname"] == "Harbour"
    assert len(held.posts) == 2
    assert "Rhona" not in said
    assert "rhona_q" not in said
    assert subject_access.SOMEBODY in held.posts[0]["words"]
    assert held.posts[0]["what was decided"]
    assert held.posts[1]["written by"] == subject_access.SOMEBODY
    with desk.store.read() as session:
        line = session.scalars(select(Audit).where(Audit.what == "register.exported")).one()
        assert "Maya" not in str(line.details)
    for name in ("Mona", "Tara", "Adam"):
        with pytest.raises(NotYours):
            subject_access.export(desk.store, desk.people[name], maya)


def test_the_subject_of_a_concern_finds_no_sign_of_it_in_the_export(small_desk) -> None:
    desk, lena = small_desk, small_desk.people["Lena"]
    lou = desk.person("Lou", Role.LEAD)
    number = registered(desk, "Lena", "Daggerwing", account=lena, handle="lena.d", roles=("staff",))
    desk.item("Hello you, our secret", STAFF, author="lena.d")
    desk.item("Lena Daggerwing keeps messaging me", STAFF, author="somebody")
    theirs = subject_access.export(desk.store, lena, number)
    assert theirs.left_out == ()
    assert [row["words"] for row in theirs.posts] == ["Hello you, our secret"]
    assert theirs.posts[0]["what was decided"] == ""
    on_the_machine = subject_access.export(desk.store, None, number)
    assert on_the_machine.left_out == ()
    assert written(on_the_machine) == written(theirs)
    assert len(subject_access.export(desk.store, lou, number).left_out) == 2
    assert "keeps messaging" not in written(subject_access.export(desk.store, lou, number))


def test_what_a_case_holds_is_left_to_the_lead(small_desk) -> None:
    desk, lena = small_desk, small_desk.people["Lena"]
    maya = registered(desk, "Maya", "Harbour")
    desk.item("Maya Harbour is hurt at home", Category.DISCLOSURE, author="somebody")
    held = subject_access.export(desk.store, lena, maya)
    assert held.posts == ()
    assert len(held.left_out) == 1
    assert held.left_out[0] not in written(held)


def test_erasing_leaves_a_tombstone_and_no_name(desk) -> None:
    lena, adam, mona = (desk.people[name] for name in ("Lena", "Adam", "Mona"))
    maya = registered(desk, "Maya", "Harbour", handle="maya.h", external_ref="77")
    with desk.store.write() as session:
        session.add(
            Consent(
                person_id=maya,
                item=ConsentItem.PHOTO,
                given=True,
                given_by="Pat Harbour",
                authority="parent",
                from_day=now().date(),
                recorded_at=now(),
            )
        )
        session.commit()
    with pytest.raises(Refused, match="two people"):
        erasure.erase_person(desk.store, lena, lena.user_id, maya)
    with pytest.raises(Refused, match="two people"):
        erasure.erase_person(desk.store, lena, mona.user_id, maya)
    with pytest.raises(NotYours):
        erasure.erase_person(desk.store, adam, lena.user_id, maya)
    erasure.erase_person(desk.store, lena, adam.user_id, maya)
    with desk.store.read() as session:
        row = session.get_one(RegisterPerson, maya)
        assert (row.first_name, row.surname, row.external_ref) == ("", "", None)
        assert row.erased_at is not None
        assert session.scalars(select(RegisterHandle)).all() == []
        assert session.scalars(select(Consent)).one().given_by == ""
        stone = session.scalars(select(Tombstone)).one()
        assert (stone.kind, stone.by, stone.second) == ("person", lena.user_id, adam.user_id)
    with pytest.raises(NotYours):
        erasure.erase_person(desk.store, lena, adam.user_id, maya)


@pytest.mark.parametrize("name", ["Adam", "Lou"])
def test_one_asks_and_the_other_agrees(small_desk, name: str) -> None:
    desk = small_desk
    lena, _ = desk.people["Lena"], desk.person("Lou", Role.LEAD)
    second = desk.people[name]
    others = [one for one in desk.people.values() if one not in (second,)]
    maya = registered(desk, "Maya", "Harbour", handle="maya.h")
    with desk.store.read() as session:
        assert {one for one, _ in erasure.seconds(session, lena)} == {
            desk.people["Adam"].user_id,
            desk.people["Lou"].user_id,
        }
    with pytest.raises(NotYours):
        erasure.ask(desk.store, desk.people["Mona"], second.user_id, maya)
    with pytest.raises(Refused, match="two people"):
        erasure.ask(desk.store, lena, lena.user_id, maya)
    task_id = erasure.ask(desk.store, lena, second.user_id, maya)
    for one in others:
        with pytest.raises(NotYours):
            erasure.agree(desk.store, one, task_id)
    with desk.store.read() as session:
        assert session.get_one(RegisterPerson, maya).first_name == "Maya"
    erasure.agree(desk.store, second, task_id)
    with desk.store.read() as session:
        assert session.get_one(RegisterPerson, maya).first_name == ""
        stone = session.scalars(select(Tombstone)).one()
        assert (stone.by, stone.second) == (lena.user_id, second.user_id)
        assert tasks.task_for(session, second, task_id).outcome == erasure.ERASED
    with pytest.raises(NotYours):
        erasure.agree(desk.store, second, task_id)


def test_who_leads_finds_nothing_in_anybodys_export_that_is_kept_from_them(small_desk) -> None:
    desk, lena = small_desk, small_desk.people["Lena"]
    lou = desk.person("Lou", Role.LEAD)
    registered(desk, "Lena", "Daggerwing", account=lena, handle="lena.d", roles=("staff",))
    maya = registered(desk, "Maya", "Harbour", handle="maya.h")
    desk.item("Hello Maya Harbour, our secret", STAFF, author="lena.d")
    before = subject_access.export(desk.store, lena, maya)
    desk.item("Lena Daggerwing keeps messaging me", STAFF, author="maya.h")
    assert subject_access.export(desk.store, lena, maya) == before
    whole = subject_access.export(desk.store, lou, maya)
    assert any("keeps messaging" in str(row["words"]) for row in whole.posts)


def test_nobody_learns_of_a_concern_by_erasing_themselves(small_desk) -> None:
    desk = small_desk
    lena, lou, adam = desk.people["Lena"], desk.person("Lou", Role.LEAD), desk.people["Adam"]
    number = registered(desk, "Lena", "Dagger", account=lena, handle="lena.d", roles=("staff",))
    said = []
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            erasure.erase_person(desk.store, lena, adam.user_id, number)
        said.append(str(refused.value))
        desk.item("Hello you, our secret", STAFF, author="lena.d")
    assert said[0] == said[1]
    with desk.store.write() as session:
        session.get_one(Person, lena.user_id).active = False
        session.commit()
    with pytest.raises(Refused, match="cannot be erased now"):
        erasure.erase_person(desk.store, lou, adam.user_id, number)


def test_a_contact_is_logged_with_what_it_lacks_and_kept_from_whom_it_is_about(desk) -> None:
    lena, mona, lou = desk.people["Lena"], desk.people["Mona"], desk.person("Lou", Role.LEAD)
    staff = registered(desk, "Lena", "Daggerwing", account=lena, roles=("staff",))
    child = registered(desk, "Maya", "Harbour", standing=Standing.CHILD)
    new = NewContact(staff, child, now(), "e-mail", "staff")
    number = log_contact(desk.store, mona, new, OURS)
    with desk.store.read() as session:
        seen = contacts(session, lou, faulty=True)
        assert [line.id for line in seen] == [number]
        assert {Fault.NO_CONSENT, Fault.NO_PURPOSE, Fault.NOBODY_COPIED} <= set(seen[0].faults)
        assert seen[0].child == "Maya H."
        assert contacts(session, lena) == ()
        assert contacts(session, lena, faulty=True) == ()
        assert [line.faults for line in contacts(session, mona)] == [()]
        with pytest.raises(NotYours):
            contacts(session, mona, faulty=True)
    with pytest.raises(NotYours):
        mark_seen(desk.store, lena, number)
    mark_seen(desk.store, lou, number)
    with desk.store.read() as session:
        assert contacts(session, lou, faulty=True) == ()
        assert subject_access.export(desk.store, lou, child).contacts[0]["how"] == "e-mail"
    with pytest.raises(MendInput):
        log_contact(desk.store, mona, NewContact(staff, staff, now(), "e-mail", "staff"), OURS)
