"""A case on hold, and a case whose time is over: two people delete it, and a tombstone stands."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from casework import (
    audit,
    case_deletion,
    case_keeping,
    cases,
    retention_due,
    subjects_by_hand,
    task_places,
    tasks,
)
from casework.dropping import NOTE, drop_due
from casework.keeping import Periods, shipped, years
from casework.subjects_by_hand import Somebody
from models.errors import LookAgain, MendInput, NotYours, Refused
from models.tables import (
    CaseEntry,
    Decision,
    Evidence,
    FindingRow,
    Item,
    ItemNote,
    Person,
    Post,
    Referral,
    Revision,
    SafeguardingCase,
    Tombstone,
)
from models.vocabulary import CaseState, Category, DecisionKind, EntryKind, ReferralBody, Role, now

WORDS = "Please help me now"
PERIODS = shipped()


def later(n: int = 26):
    """A clock that is so many years ahead."""
    return lambda: now() + years(n)


def version(desk, number: int) -> int:
    with desk.store.read() as session:
        return session.get_one(SafeguardingCase, number).version


def closed(desk, viewer, said: str = WORDS) -> int:
    """A case with a referral, a note and a decision, closed; its number."""
    store = desk.store
    item_id = desk.item(said, Category.DISCLOSURE, author="Wren Alder")
    with store.write() as session:
        number = session.scalars(
            select(SafeguardingCase.id).where(SafeguardingCase.item_id == item_id)
        ).one()
        session.add(ItemNote(item_id=item_id, kind="report", text="Wren told Jo.", at=now()))
        item = session.get_one(Item, item_id)
        decision = Decision(
            item_id=item_id,
            revision_id=item.revision_id,
            text_hash="x",
            kind=DecisionKind.REMOVE,
            reason_code="safety",
            reason_title="Safety",
            clause="C52",
            words="Wren is not to be found by it.",
            by=viewer.user_id,
            at=now(),
            policy_version="p",
        )
        session.add(decision)
        session.flush()
        session.add(
            Evidence(
                decision_id=decision.id,
                post_id=item.post_id,
                revision_id=item.revision_id,
                text=said,
                text_hash="x",
                author_name="Wren Alder",
                posted_at=now(),
                collected_at=now(),
                frozen_at=now(),
            )
        )
        session.commit()
    cases.acknowledge(store, viewer, number, version(desk, number))
    told = cases.NewReferral(ReferralBody.POLICE, "PC Lark", "Telephone", now(), "77", "Wait.")
    cases.refer(store, viewer, number, told)
    cases.decide_threshold(store, viewer, number, version(desk, number), cases.REFER, "Harm.")
    cases.close(store, viewer, number, version(desk, number), "Wren is safe.")
    return number


def ask(desk, number: int, second: str, why: str = "Nobody needs it.", clock=None) -> int:
    lena = desk.people["Lena"]
    return case_deletion.ask(
        desk.store,
        lena,
        number,
        version(desk, number),
        desk.people[second].user_id,
        why,
        PERIODS,
        clock or later(),
    )


def agree(desk, name: str, task_id: int, clock=None) -> None:
    case_deletion.agree(desk.store, desk.people[name], task_id, PERIODS, clock or later())


def held_words(desk) -> str:
    """Every word that the tables hold of a case and of its post."""
    with desk.store.read() as session:
        queries = (
            select(CaseEntry.text),
            select(Referral.contact),
            select(Referral.reference),
            select(Referral.advice),
            select(Revision.text),
            select(Evidence.text),
            select(Evidence.author_name),
            select(Decision.words),
            select(ItemNote.text),
            select(FindingRow.because),
            select(Post.author_name),
            select(SafeguardingCase.why_opened),
            select(SafeguardingCase.threshold_reasons),
            select(SafeguardingCase.close_reason),
        )
        return " ".join(str(each) for query in queries for each in session.scalars(query))


@pytest.mark.parametrize("second", ["Tara", "Lou"])
def test_two_people_delete_a_case_and_a_tombstone_stands(desk, second: str) -> None:
    desk.person("Lou", Role.LEAD)
    lena = desk.people["Lena"]
    number = closed(desk, lena)
    task_id = ask(desk, number, second)
    assert WORDS in held_words(desk)
    with desk.store.read() as session:
        for name, viewer in desk.people.items():
            mine = [task.id for task in tasks.open_tasks(session, viewer)]
            assert mine == ([task_id] if name == second else [])
        wanted = case_deletion.request_of(session, desk.people[second], task_id, PERIODS)
        assert (wanted.asked_by, wanted.why) == ("Lena", "Nobody needs it.")
        told = case_deletion.asked(session, lena, number)
        assert told is not None and (told.second, told.answered_at) == (second, None)
    for name in desk.people:
        if name != second:
            with pytest.raises(NotYours):
                agree(desk, name, task_id)
    agree(desk, second, task_id)
    said = held_words(desk)
    for word in ("help", "Wren", "Lark", "77", "Wait", "Harm", "safe"):
        assert word not in said
    assert NOTE in said
    with desk.store.read() as session:
        stones = session.scalars(select(Tombstone).order_by(Tombstone.id)).all()
        assert [(one.kind, one.keeping, one.reason) for one in stones] == [
            ("case", "case", "kept_long_enough"),
            ("post", "case", "kept_long_enough"),
        ]
        assert {(one.by, one.second) for one in stones} == {
            (lena.user_id, desk.people[second].user_id)
        }
        assert stones[0].began_at == session.get_one(SafeguardingCase, number).closed_at
        assert audit.verify(session).broken_at is None
        seen = {line.what for line in audit.lines(session, lena).lines}
        assert {"case.deletion_asked", "case.deleted", "post.dropped"} <= seen
        kept = case_keeping.kept(session, lena, number, PERIODS)
        assert kept.erased_at is not None
        assert kept.erased_by == ("Lena", second)
    view = cases.open_case(desk.store, lena, number)
    assert view.line.deleted
    told_of = [line.text for line in cases.chronology(view) if line.what == "Referral"]
    assert told_of == ["To the police, by Telephone. Its details are no longer kept."]
    with pytest.raises(NotYours):
        agree(desk, second, task_id)
    with pytest.raises(Refused, match="It is deleted"):
        ask(desk, number, second)


def test_a_hold_stops_everything_and_is_ended_with_a_reason(desk) -> None:
    lena, lou = desk.people["Lena"], desk.person("Lou", Role.LEAD)
    number = closed(desk, lena)
    task_id = ask(desk, number, "Lou")
    with pytest.raises(MendInput):
        case_keeping.hold(desk.store, lou, number, version(desk, number), " ")
    with pytest.raises(LookAgain):
        case_keeping.hold(desk.store, lou, number, 1, "The court asks for it.")
    for name in ("Mona", "Tara", "Adam"):
        with pytest.raises(NotYours):
            case_keeping.hold(desk.store, desk.people[name], number, 1, "For me.")
    case_keeping.hold(desk.store, lou, number, version(desk, number), "The court asks for it.")
    with desk.store.read() as session:
        kept = case_keeping.kept(session, lena, number, PERIODS)
        assert (kept.held_by, kept.held_why) == ("Lou", "The court asks for it.")
    with pytest.raises(Refused, match="cannot be deleted now"):
        agree(desk, "Lou", task_id)
    assert drop_due(desk.store, PERIODS, later(80)).posts == 0
    with desk.store.write() as session:
        stone = {"keeping": "case", "reason": "kept_long_enough"}
        session.add(
            Tombstone(kind="case", thing_id=number, began_at=now(), dropped_at=now(), **stone)
        )
        session.commit()
    with pytest.raises(DatabaseError, match="append-only"), desk.store.write() as session:
        session.execute(text("UPDATE case_entry SET text = ''"))
    case_keeping.release(desk.store, lou, number, version(desk, number), "The case is heard.")
    with pytest.raises(Refused, match="not on hold"):
        case_keeping.release(desk.store, lou, number, version(desk, number), "Again.")
    with desk.store.read() as session:
        lines = session.scalars(select(CaseEntry.text).order_by(CaseEntry.id)).all()
        whats = {line.what for line in audit.lines(session, lena).lines}
    assert lines[-2:] == [
        "On hold, so that nothing of it is deleted: The court asks for it.",
        "No longer on hold: The case is heard.",
    ]
    assert {"case.held", "case.hold_ended"} <= whats
    agree(desk, "Lou", task_id)
    assert WORDS not in held_words(desk)


def test_it_has_to_be_closed_and_past_its_period(small_desk) -> None:
    desk, lena = small_desk, small_desk.people["Lena"]
    desk.person("Lou", Role.LEAD)
    number = closed(desk, lena)
    with pytest.raises(Refused, match="cannot be deleted now"):
        ask(desk, number, "Lou", clock=later(24))
    with pytest.raises(MendInput):
        ask(desk, number, "Lou", why="")
    for name in ("Lena", "Mona", "Adam"):
        with pytest.raises(Refused, match="two people"):
            ask(desk, number, name)
    task_id = ask(desk, number, "Lou")
    with pytest.raises(Refused, match="asked already"):
        ask(desk, number, "Tara")
    cases.reopen(desk.store, lena, number, version(desk, number), "A new word of it.")
    with pytest.raises(Refused, match="cannot be deleted now"):
        agree(desk, "Lou", task_id)
    assert WORDS in held_words(desk)


def test_who_is_asked_may_say_no_and_the_lead_may_take_it_back(small_desk) -> None:
    desk, lena, tara = small_desk, small_desk.people["Lena"], small_desk.people["Tara"]
    number = closed(desk, lena)
    with desk.store.read() as session:
        assert case_deletion.seconds(session, lena, number) == ((tara.user_id, "Tara"),)
    task_id = ask(desk, number, "Tara")
    tasks.finish(desk.store, tara, task_id, "not_deleted", "There is a claim.")
    with desk.store.read() as session:
        told = case_deletion.asked(session, lena, number)
    assert told is not None and told.answered_at is not None
    assert (told.second, told.words) == ("Tara", "There is a claim.")
    with pytest.raises(NotYours):
        agree(desk, "Tara", task_id)
    again = ask(desk, number, "Tara")
    case_deletion.take_back(desk.store, lena, number)
    with pytest.raises(NotYours):
        agree(desk, "Tara", again)
    with pytest.raises(Refused, match="Nobody is asked"):
        case_deletion.take_back(desk.store, lena, number)
    with desk.store.read() as session:
        assert case_deletion.asked(session, lena, number) is None
    third = ask(desk, number, "Tara")
    with desk.store.write() as session:
        session.get_one(Person, lena.user_id).roles = ["monitor"]
        session.commit()
    with pytest.raises(Refused, match="cannot be deleted now"):
        agree(desk, "Tara", third)
    assert WORDS in held_words(desk)


def test_whom_it_is_about_neither_agrees_nor_learns_of_it(desk) -> None:
    lena, tara = desk.people["Lena"], desk.people["Tara"]
    number = closed(desk, lena)
    task_id = ask(desk, number, "Tara")
    about = Somebody("Tara", tara.user_id, None)
    subjects_by_hand.name_subject(
        desk.store, lena, number, version(desk, number), about, "A parent says so."
    )
    with desk.store.read() as session:
        assert tasks.open_tasks(session, tara) == ()
        assert case_deletion.seconds(session, lena, number) == ()
    with pytest.raises(NotYours):
        agree(desk, "Tara", task_id)
    case_deletion.take_back(desk.store, lena, number)
    with pytest.raises(Refused, match="two people"):
        ask(desk, number, "Tara", clock=later(60))
    assert WORDS in held_words(desk)


def test_the_longest_period_counts() -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    case = SafeguardingCase(state=CaseState.CLOSED, closed_at=at, about_staff=False)
    found = []
    for about_staff, category in (
        (False, Category.DISCLOSURE),
        (True, Category.DISCLOSURE),
        (True, Category.GROOMING),
    ):
        case.about_staff, case.categories = about_staff, [category.value]
        until = case_keeping.kept_until(case, PERIODS)
        assert until is not None
        found.append(until.year)
    assert found == [2051, 2078, 2101]
    case.state = CaseState.ACKNOWLEDGED
    assert case_keeping.kept_until(case, PERIODS) is None


def test_words_that_come_after_a_deletion_are_a_case_again(small_desk) -> None:
    desk, lena = small_desk, small_desk.people["Lena"]
    number = closed(desk, lena)
    agree(desk, "Tara", ask(desk, number, "Tara"))
    cases.add_entry(desk.store, lena, number, EntryKind.ACCOUNT, "The police have called about it.")
    assert not cases.open_case(desk.store, lena, number).line.deleted
    agree(desk, "Tara", ask(desk, number, "Tara"))
    assert "called" not in held_words(desk)
    assert cases.open_case(desk.store, lena, number).line.deleted
    with desk.store.read() as session:
        assert session.scalars(select(Tombstone.kind)).all().count("case") == 2


def due(desk, name: str) -> list[str]:
    with desk.store.read() as session:
        found = tasks.open_tasks(session, desk.people[name])
        return [one.matter for one in found if one.kind == "retention_due"]


def test_the_leads_are_told_when_a_period_is_over(desk) -> None:
    lena, lou = desk.people["Lena"], desk.person("Lou", Role.LEAD)
    number = closed(desk, lena)
    assert retention_due.remind(desk.store, PERIODS, later(24)) == 0
    held = Periods(legal_hold=True)
    assert retention_due.remind(desk.store, held, later()) == 0
    subjects_by_hand.name_subject(
        desk.store,
        lena,
        number,
        version(desk, number),
        Somebody("Lou", lou.user_id, None),
        "A parent says so.",
    )
    assert retention_due.remind(desk.store, PERIODS, later(53)) == 1
    assert retention_due.remind(desk.store, PERIODS, later(53)) == 0
    assert due(desk, "Lena") == [f"case:{number}:period"]
    for name in set(desk.people) - {"Lena"}:
        assert due(desk, name) == [], name
    with desk.store.read() as session:
        (task,) = tasks.open_tasks(session, lena)
        names = task_places.names_of_matters(session, [task.matter])
        assert names == {task.matter: session.get_one(SafeguardingCase, number).reference}
        with pytest.raises(NotYours):
            tasks.task_for(session, lou, task.id)
    tasks.finish(desk.store, lena, task.id, "still_needed", clock=later(53))
    assert retention_due.remind(desk.store, PERIODS, later(53)) == 0
    assert retention_due.remind(desk.store, PERIODS, later(55)) == 1
    case_keeping.hold(desk.store, lena, number, version(desk, number), "The court asks for it.")
    assert retention_due.remind(desk.store, PERIODS, later(55)) == 0
    assert due(desk, "Lena") == []


def test_a_case_that_two_people_deleted_asks_nothing_more(desk) -> None:
    lena = desk.people["Lena"]
    number = closed(desk, lena)
    retention_due.remind(desk.store, PERIODS, later())
    agree(desk, "Tara", ask(desk, number, "Tara"))
    assert due(desk, "Lena") == [f"case:{number}:period"]
    assert retention_due.remind(desk.store, PERIODS, later(27)) == 0
    assert due(desk, "Lena") == []
