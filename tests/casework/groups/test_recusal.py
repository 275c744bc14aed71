"""Nobody decides about themselves or their family, or learns of a concern about them here."""

from datetime import UTC, datetime
from typing import Any

import pytest

from casework import (
    audit,
    consents,
    contacts,
    group_numbers,
    member_removals,
    nobody_left,
    subject_access,
    subjects,
    tasks,
)
from casework.consents import NewAnswer
from casework.contacts import NewContact
from casework.membership_outcomes import Answer, answer
from casework.membership_reviews import reviews, waiting
from models.errors import NotYours
from models.group_words import ReviewOutcome
from models.register_words import Authority, ConsentItem, LinkKind, TaskKind
from models.tables import Item, KeptFrom, Post, RegisterLink
from models.vocabulary import ItemState, Level, Organisation, Role, Route, Viewer, now

OURS = Organisation(name="Larkspur", outside_contact="Pat Moor")
NIGHT = datetime(2026, 11, 17, 22, tzinfo=UTC)
STRONG = "I'm 15 and I love this group, see you all on Friday"


def relative(town: Any, one: int, other: int) -> None:
    """A tie that a colleague has declared."""
    with town.store.write() as session:
        session.add(RegisterLink(person_id=one, to_id=other, kind=LinkKind.RELATIVE))
        session.commit()


def flagged(town: Any, source_id: int, post_id: int, register_id: int) -> None:
    """An item about the post that is kept from somebody of the register, who is named there."""
    with town.store.write() as session:
        item = Item(
            post_id=post_id,
            source_id=source_id,
            revision_id=session.get_one(Post, post_id).revision_id,
            state=ItemState.WAITING,
            level=Level.L1,
            route=Route.MONITOR,
            categories=[],
            priority=1,
            priority_parts=[],
            policy_version="1",
            due_at=now(),
            opened_at=now(),
        )
        session.add(item)
        session.flush()
        session.add(
            KeptFrom(item_id=item.id, register_id=register_id, why=subjects.Why.NAMED, at=now())
        )
        session.commit()


@pytest.fixture
def other(town: Any) -> Viewer:
    """A second monitor."""
    return town.account("Wren", Role.MONITOR)


@pytest.mark.parametrize("tie", ["parent", "relative"])
def test_who_is_tied_to_somebody_does_not_answer_about_them(
    town: Any, monitor: Viewer, other: Viewer, tie: str
) -> None:
    place = town.source("adults")
    robin = town.staff("Robin", "Ash", account=monitor)
    child = town.person("Kit", "Ash", born=town.years_ago(15), handle="kit")
    (town.parent_of if tie == "parent" else lambda a, b: relative(town, b, a))(robin, child)
    town.member(place, "kit", "Kit")
    town.check()
    (view,) = reviews(town.store, other)
    assert reviews(town.store, monitor) == ()
    with town.store.read() as session:
        assert (waiting(session, monitor), waiting(session, other)) == (0, 1)
        assert nobody_left.stuck(session, town.account("Ola", Role.TRUSTEE), OURS) is None
    given = Answer(ReviewOutcome.REMOVED, "A parent agrees.", view.version)
    with pytest.raises(NotYours):
        answer(town.store, monitor, view.id, given)
    answer(town.store, other, view.id, given)
    (done,) = reviews(town.store, other, answered=True)
    assert done.removal is not None
    with pytest.raises(NotYours):  # nor tick off what follows, by its number
        member_removals.mark_done_by_hand(town.store, monitor, done.removal.removal_id)


def test_where_nobody_is_left_the_outside_contact_is_named(
    town: Any, lead: Viewer, outsiders: tuple[Any, ...]
) -> None:
    place = town.source("adults")
    morgan = town.staff("Morgan", "Hale", account=lead)
    child = town.person("Kit", "Hale", born=town.years_ago(15), handle="kit")
    town.parent_of(morgan, child)
    town.member(place, "kit", "Kit")
    town.check()
    with town.store.read() as session:
        assert nobody_left.stuck(session, lead, OURS) is None
        for one in outsiders:
            told = nobody_left.stuck(session, one, OURS)
            assert told is not None
            assert told.waiting == 1
            assert "Pat Moor" in told.said[0]


def test_words_that_are_kept_from_somebody_are_in_no_review_of_theirs(
    town: Any, monitor: Viewer, other: Viewer, lead: Viewer
) -> None:
    place = town.source("adults")
    robin = town.staff("Robin", "Ash", account=monitor)
    flagged(town, place, town.says(place, "one", f"{STRONG}. Robin Ash texts me"), robin)
    flagged(town, place, town.says(place, "two", f"{STRONG}. Robin Ash texts me"), robin)
    town.says(place, "two", "I'm 14 and I love this group, see you all on Friday")
    town.check()
    assert len(reviews(town.store, other)) == 2
    (view,) = reviews(town.store, monitor)
    assert (view.handle, len(view.words), view.hidden_words) == ("two", 1, 0)
    with town.store.read() as session:
        told = [
            group_numbers.numbers(session, now(), everything=False, reader=one.user_id).reviews
            for one in (monitor, other)
        ]
    assert told == [1, 2]


def test_a_contact_that_lacks_something_is_a_task_of_the_lead_alone(
    town: Any, monitor: Viewer, lead: Viewer
) -> None:
    second = town.account("Lou", Role.LEAD)
    cousin = town.account("Cass", Role.LEAD)
    morgan = town.staff("Morgan", "Hale", account=lead)
    relative(town, morgan, town.staff("Cass", "Hale", account=cousin))
    child = town.person("Kit", "Finch", born=town.years_ago(12))
    told = NewContact(morgan, child, NIGHT, "chat", "staff")
    number = contacts.log_contact(town.store, monitor, told, OURS)
    with town.store.read() as session:
        (task,) = tasks.open_tasks(session, second)
        assert task.kind == TaskKind.CONTACT_FAULT
        assert tasks.tasks_about(session, second, morgan) == (task,)
        counted = [
            group_numbers.numbers(session, now(), reader=one.user_id).tasks
            for one in (second, lead, cousin)
        ]
        assert counted == [1, 0, 0]
        for one in (lead, cousin, monitor):
            assert tasks.open_tasks(session, one) == ()
            assert tasks.tasks_about(session, one, morgan) == ()
            with pytest.raises(NotYours):
                tasks.task_for(session, one, task.id)
        for one in (lead, cousin):
            assert contacts.contacts(session, one) == ()
            about = {line.subject for line in audit.lines(session, one).lines}
            assert not about & {f"task:{task.id}", f"contact:{number}"}
    for one in (lead, cousin):
        with pytest.raises(NotYours):
            contacts.mark_seen(town.store, one, number)
        assert subject_access.export(town.store, one, child).contacts == ()
    assert len(subject_access.export(town.store, second, child).contacts) == 1
    contacts.mark_seen(town.store, second, number)
    with town.store.read() as session:
        assert tasks.open_tasks(session, second) == ()
        (done,) = tasks.tasks_about(session, second, morgan)
        assert done.outcome == "done"


def test_a_contact_about_the_only_lead_names_the_outside_contact(
    town: Any, monitor: Viewer, lead: Viewer, outsiders: tuple[Any, ...]
) -> None:
    morgan = town.staff("Morgan", "Hale", account=lead)
    child = town.person("Kit", "Finch", born=town.years_ago(12))
    contacts.log_contact(
        town.store, monitor, NewContact(morgan, child, NIGHT, "chat", "staff"), OURS
    )
    with town.store.read() as session:
        assert nobody_left.stuck(session, lead, OURS) is None
        for one in outsiders:
            told = nobody_left.stuck(session, one, OURS)
            assert told is not None
            assert told.waiting == 1


def test_the_earlier_posts_of_a_withdrawn_consent_leave_out_what_is_kept_from_them(
    town: Any, monitor: Viewer, other: Viewer
) -> None:
    place = town.source("adults")
    robin = town.staff("Robin", "Ash", account=monitor)
    child = town.person("Kit", "Finch", born=town.years_ago(12))
    plain = town.says(place, "one", "Kit Finch danced well")
    kept = town.says(place, "one", "Robin Ash keeps texting Kit Finch")
    flagged(town, place, kept, robin)
    given = NewAnswer(
        item=ConsentItem.PHOTO,
        given=True,
        given_by="A parent",
        authority=Authority.PARENT,
        from_day=now().date(),
    )
    number = consents.record_answer(town.store, other, child, given)
    consents.withdraw(town.store, other, number)
    with town.store.read() as session:
        for one, expected in ((monitor, [plain]), (other, [kept, plain])):
            (task,) = tasks.open_tasks(session, one)
            assert task.details["posts"] == expected
    assert consents.look_again_for_posts(town.store, monitor, task.id) == 1
    assert consents.look_again_for_posts(town.store, other, task.id) == 2
