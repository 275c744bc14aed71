"""Somebody is taken out once, for a reason, wherever the worker is interrupted."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from casework import audit, member_removals
from casework.member_removals import Wish
from collector.connector import MemberAction, Receipt
from models.errors import LookAgain, NeedsOperator, NotYours, Refused, RetryLater
from models.tables import Audit, MemberDecision, MemberRemoval, MemberRow
from models.vocabulary import ActionState, Capability, now


class Place:
    """A place in memory whose members can be taken out. fail: raised by the next calls."""

    name = "place"
    capabilities = frozenset({Capability.POSTS, Capability.MEMBERS, Capability.REMOVE_MEMBER})

    def __init__(self, *people: str) -> None:
        self.people = set(people)
        self.fail: list[Exception] = []
        self.deaf = 0
        self.asked: list[MemberAction] = []

    def remove_member(self, action: MemberAction) -> Receipt:
        self.asked.append(action)
        if self.fail:
            raise self.fail.pop(0)
        already = action.handle not in self.people
        if self.deaf:
            self.deaf -= 1
        else:
            self.people.discard(action.handle)
        return Receipt(now(), already)

    def is_member(self, handle: str) -> bool:
        if self.fail:
            raise self.fail.pop(0)
        return handle in self.people


class Mute:
    """A place that can only be looked after by hand, and lists its members or not."""

    name = "mute"

    def __init__(self, *capabilities: Capability) -> None:
        self.capabilities = frozenset(capabilities)


def _wanted(desk, **more) -> int:
    wish = Wish(desk.source_id, "wren-1", "may_be_under_18", "She says she is in year 8.", **more)
    return member_removals.want(desk.store, desk.people["Mona"], wish)


def _listed(desk, left: bool = False, seen=None) -> None:
    at = seen or now()
    with desk.store.write() as session:
        row = session.query(MemberRow).one_or_none()
        if row is None:
            row = MemberRow(
                source_id=desk.source_id,
                handle="wren-1",
                display_name="Wren Example",
                first_seen_at=at,
                before={},
            )
            session.add(row)
        row.last_seen_at, row.left_at = at, at if left else None
        session.commit()


def _row(desk, removal_id: int) -> MemberRemoval:
    with desk.store.read() as session:
        return session.get_one(MemberRemoval, removal_id)


def _run(desk, removal_id: int, place) -> ActionState:
    member_removals.act(desk.store, removal_id, place)
    return member_removals.confirm(desk.store, removal_id, place)


def test_from_the_decision_to_the_confirmation(desk) -> None:
    _listed(desk)
    place, removal_id = Place("wren-1"), _wanted(desk, keep_out=True)
    with desk.store.read() as session:
        assert member_removals.wanted(session) == (removal_id,)
    assert _run(desk, removal_id, place) is ActionState.CONFIRMED
    [asked] = place.asked
    assert (asked.handle, asked.keep_out) == ("wren-1", True)
    assert asked.reason == "Our membership rules", "nothing true of the person leaves"
    with desk.store.read() as session:
        assert member_removals.wanted(session) == ()
        decision = session.query(MemberDecision).one()
        assert (decision.display_name, decision.clause) == ("Wren Example", "C31")
        assert session.query(MemberRow).one().left_at is not None
        lines = session.query(Audit).order_by(Audit.id).all()
        said = [line.what for line in lines if line.subject.startswith("member_removal")]
        assert said == ["member.remove", "member_removal.sent", "member_removal.confirmed"]
        assert "wren" not in repr([line.details for line in lines]).lower()
        assert audit.verify(session).broken_at is None


def test_every_step_may_be_run_twice(desk) -> None:
    place, removal_id = Place("wren-1"), _wanted(desk)
    for _ in range(2):
        member_removals.act(desk.store, removal_id, place)
    for _ in range(2):
        assert member_removals.confirm(desk.store, removal_id, place) is ActionState.CONFIRMED
    assert len(place.asked) == 1


def test_no_reason_no_words_and_nobodys_business(desk) -> None:
    store, mona = desk.store, desk.people["Mona"]
    with pytest.raises(Refused, match="reason"):
        member_removals.want(store, mona, Wish(desk.source_id, "w", "", "Why."))
    with pytest.raises(Refused, match="words"):
        member_removals.want(store, mona, Wish(desk.source_id, "w", "conduct", "  "))
    for name in ("Tara", "Adam"):
        with pytest.raises(NotYours):
            member_removals.want(
                store, desk.people[name], Wish(desk.source_id, "w", "conduct", "Why.")
            )
    with pytest.raises(NotYours):
        member_removals.want(store, mona, Wish(desk.source_id + 99, "w", "conduct", "Why."))
    with desk.store.read() as session:
        assert session.query(MemberDecision).count() == 0


def test_the_same_person_is_taken_out_once_at_a_time(desk) -> None:
    removal_id = _wanted(desk)
    with pytest.raises(LookAgain):
        _wanted(desk)
    assert _run(desk, removal_id, Place("wren-1")) is ActionState.CONFIRMED
    again = _wanted(desk)  # they came back
    assert again != removal_id


def test_delays_are_kept_and_nothing_is_lost(desk) -> None:
    place, removal_id = Place("wren-1"), _wanted(desk)
    place.fail = [RetryLater("Busy.", subject="s", after=timedelta(minutes=4))]
    before = now()
    assert _run(desk, removal_id, place) is ActionState.WANTED
    row = _row(desk, removal_id)
    assert row.problem == "Busy." and row.next_attempt_at - before >= timedelta(minutes=4)
    place.fail = [NeedsOperator("No right.", subject="s", cure="Give it.")]
    assert _run(desk, removal_id, place) is ActionState.WANTED
    assert _row(desk, removal_id).cure == "Give it."
    assert _run(desk, removal_id, place) is ActionState.CONFIRMED


def test_done_is_only_what_is_seen(desk) -> None:
    place, removal_id = Place("wren-1"), _wanted(desk)
    place.deaf = 99
    for _ in range(member_removals.MOST_ATTEMPTS):
        state = _run(desk, removal_id, place)
    assert state is ActionState.FAILED
    assert "not" in _row(desk, removal_id).problem
    place.deaf = 0
    member_removals.try_again(desk.store, desk.people["Mona"], removal_id)
    assert _run(desk, removal_id, place) is ActionState.CONFIRMED


def test_what_the_platform_refuses_is_done_by_hand(desk) -> None:
    place, removal_id = Place("wren-1"), _wanted(desk)
    place.fail = [Refused("Never the owner.", subject="s", cure="Ask them.")]
    assert _run(desk, removal_id, place) is ActionState.BY_HAND
    assert _row(desk, removal_id).problem == "Never the owner."
    assert _row(desk, removal_id).cure.count("\n") >= 1


def test_by_hand_is_confirmed_by_the_list_of_members(desk) -> None:
    _listed(desk)
    place, mona = Mute(Capability.POSTS, Capability.MEMBERS), desk.people["Mona"]
    removal_id = _wanted(desk)
    assert _run(desk, removal_id, place) is ActionState.BY_HAND
    member_removals.mark_done_by_hand(desk.store, mona, removal_id)
    with pytest.raises(LookAgain):
        member_removals.mark_done_by_hand(desk.store, mona, removal_id)
    assert _run(desk, removal_id, place) is ActionState.SENT, "the list is older than the word"
    _listed(desk, seen=now() + timedelta(hours=1))
    assert _run(desk, removal_id, place) is ActionState.BY_HAND, "still listed: not done"
    member_removals.mark_done_by_hand(desk.store, mona, removal_id)
    _listed(desk, left=True, seen=now() + timedelta(hours=2))
    assert _run(desk, removal_id, place) is ActionState.CONFIRMED


def test_where_nothing_can_be_asked_a_persons_word_counts(desk) -> None:
    removal_id = _wanted(desk)
    assert _run(desk, removal_id, Mute(Capability.POSTS)) is ActionState.BY_HAND
    member_removals.mark_done_by_hand(desk.store, desk.people["Mona"], removal_id)
    assert _run(desk, removal_id, Mute(Capability.POSTS)) is ActionState.CONFIRMED
    assert "by the person who did it" in _row(desk, removal_id).receipt


@pytest.mark.parametrize(
    "change", ["UPDATE member_decision SET words = 'x'", "DELETE FROM member_decision"]
)
def test_the_decision_is_final(desk, change: str) -> None:
    _wanted(desk)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        desk.store.engine.begin() as connection,
    ):
        connection.execute(text(change))
