"""What is the lead's is absent for everybody else: not opened, seen, counted or found by number."""

import pytest

from casework import items, notices, posts, queue, receipts, removals
from casework.decisions import decide, preview
from casework.queue import Filters, next_item
from models.errors import NotYours
from models.tables import Item
from models.vocabulary import Category, DecisionKind, ItemState, Route

SEES_NOTHING = ("Tara", "Adam")


def test_a_place_in_the_order_does_not_tell_of_a_hidden_item(small_desk) -> None:
    mona = small_desk.people["Mona"]
    first = small_desk.item("Fool you are", Category.BULLYING)
    hidden = small_desk.item("He hurts me", Category.DISCLOSURE)
    small_desk.item("Darn you are", Category.PROFANITY)
    with small_desk.store.write() as session:
        session.get_one(Item, hidden).priority = session.get_one(Item, first).priority - 1
        session.commit()
    with small_desk.store.read() as session:
        assert next_item(session, mona, None, hidden) == next_item(session, mona, None, 999_999)


def test_a_disclosure_goes_to_the_lead_alone(desk) -> None:
    item_id = desk.item("Help me please", Category.DISCLOSURE)
    row = desk.row(item_id)
    assert (row.state, row.route) == (ItemState.ESCALATED, Route.LEAD)
    view = desk.open(desk.people["Lena"], item_id)
    assert view.folded
    assert view.reasons[0].clause.startswith("C")


def _said(error: pytest.ExceptionInfo[NotYours], item_id: int) -> str:
    return str(error.value).replace(str(item_id), "N")


@pytest.mark.parametrize("name", ["Mona", *SEES_NOTHING])
def test_missing_and_forbidden_are_told_alike(desk, name: str) -> None:
    viewer, item_id = desk.people[name], desk.item("Help me please", Category.DISCLOSURE)
    choice = desk.choice(desk.people["Lena"], item_id, DecisionKind.KEEP, "nothing_wrong")

    def _preview(number: int) -> None:
        with desk.store.read() as session:
            preview(session, viewer, number, DecisionKind.KEEP, "nothing_wrong", "w")

    ways = [
        lambda n: desk.open(viewer, n),
        lambda n: items.claim(desk.store, viewer, n),
        lambda n: items.release(desk.store, viewer, n),
        lambda n: items.ask_help(desk.store, viewer, n, "What now?"),
        lambda n: items.answer_help(desk.store, viewer, n, "This."),
        lambda n: decide(desk.store, viewer, type(choice)(**{**_fields(choice), "item_id": n})),
        _preview,
    ]
    for way in ways:
        with pytest.raises(NotYours) as forbidden:
            way(item_id)
        with pytest.raises(NotYours) as missing:
            way(987654)
        assert _said(forbidden, item_id) == _said(missing, 987654)


def _fields(choice) -> dict[str, object]:
    return {name: getattr(choice, name) for name in choice.__slots__}


def test_actions_and_notices_of_the_leads_items_are_absent(desk) -> None:
    lena, mona = desk.people["Lena"], desk.people["Mona"]
    item_id = desk.item("Help me please", Category.GROOMING)
    done = decide(
        desk.store, lena, desk.choice(lena, item_id, DecisionKind.REMOVE, "personal_details")
    )
    with desk.store.read() as session:
        notice_id = receipts.action_view(session, lena, done.action_id).notices[0].notice_id
        assert receipts.actions(session, mona) == ()
        assert len(receipts.actions(session, lena, unfinished=True)) == 1
        with pytest.raises(NotYours):
            receipts.action_view(session, mona, done.action_id)
    with pytest.raises(NotYours):
        removals.mark_done_by_hand(desk.store, mona, done.action_id)
    with pytest.raises(NotYours):
        notices.mark_told(desk.store, mona, notice_id)
    assert desk.row(item_id).state is ItemState.DECIDED
    with pytest.raises(NotYours):
        desk.open(mona, item_id)


def test_lists_and_numbers_leave_them_out(desk) -> None:
    mona, lena = desk.people["Mona"], desk.people["Lena"]
    desk.item("Help me please", Category.DISCLOSURE, thread="t")
    mine = desk.item("Fool you are", Category.BULLYING, thread="t")
    with desk.store.read() as session:
        everything = Filters()
        assert [card.item_id for card in queue.page(session, mona, everything).cards] == [mine]
        assert queue.page(session, mona, Filters(category=Category.DISCLOSURE)).total == 0
        assert queue.page(session, lena, everything).total == 2
        assert queue.counts(session, mona).waiting == 1
        assert queue.counts(session, mona).escalated == 0
        assert queue.counts(session, lena).escalated == 1
        assert queue.next_item(session, mona) == mine
        assert queue.next_item(session, mona, after=mine) is None
        assert [row.text for row in posts.browse(session, mona).posts] == ["Fool you are"]
        assert len(posts.browse(session, lena).posts) == 2
    view = desk.open(mona, mine)
    assert [line.text for line in view.thread] == ["Fool you are"]
    assert view.earlier == ()
    lead_view = desk.open(lena, mine)
    assert len(lead_view.thread) == 2
    assert lead_view.thread[0].folded_label
    assert len(lead_view.earlier) == 1


def test_trustees_get_numbers_and_no_content(desk) -> None:
    desk.item("Help me please", Category.DISCLOSURE)
    with desk.store.read() as session:
        assert queue.counts(session, desk.people["Tara"]).escalated == 1
        assert posts.unread(session, desk.people["Tara"]) == (0, None)
        for name in SEES_NOTHING:
            for reading in (posts.browse, receipts.actions, queue.places):
                with pytest.raises(NotYours):
                    reading(session, desk.people[name])
            with pytest.raises(NotYours):
                queue.page(session, desk.people[name], Filters())
        with pytest.raises(NotYours):
            queue.counts(session, desk.people["Adam"])


def test_a_reported_post_of_the_leads_is_absent_too(desk) -> None:
    post_id = desk.post("Help me please", Category.DISCLOSURE)
    desk.file(post_id)
    for number in (post_id, 987654):
        with pytest.raises(NotYours):
            queue.report_post(desk.store, desk.people["Mona"], number, "I worry.")
