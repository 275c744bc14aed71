"""A removal ends confirmed, with one effect, wherever its worker is interrupted."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from casework import audit, notices, receipts, removals
from casework.carrying import MOST_ATTEMPTS
from casework.decisions import Tell, decide
from casework.filing import report_post
from models.errors import LookAgain, NeedsOperator, NotYours, Refused, RetryLater
from models.tables import Action, Audit, Decision, Evidence, Notice, Post, Source
from models.vocabulary import (
    ActionState,
    Capability,
    Category,
    DecisionKind,
    ItemState,
    NoticeState,
    Presence,
    Verb,
    now,
)

REMOVE, HIDE = DecisionKind.REMOVE, DecisionKind.HIDE
ALL = (Tell("author"), Tell("public"), Tell("affected", name="Kit"))


def _decided(desk, kind: DecisionKind = REMOVE, tell: tuple[Tell, ...] = ALL) -> int:
    """The action of a decision about a new post."""
    mona = desk.people["Mona"]
    item_id = desk.item("Fool you are", Category.BULLYING)
    choice = desk.choice(mona, item_id, kind, "bullying", tell=tell)
    return decide(desk.store, mona, choice).action_id


def _row(desk, action_id: int) -> Action:
    with desk.store.read() as session:
        return session.get_one(Action, action_id)


def _run(desk, action_id: int, platform) -> ActionState:
    """One pass of the worker over one action."""
    removals.freeze(desk.store, action_id)
    removals.act(desk.store, action_id, platform)
    state = removals.confirm(desk.store, action_id, platform)
    removals.tell(desk.store, action_id)
    return state


def _notices(desk) -> dict[str, Notice]:
    with desk.store.read() as session:
        return {row.audience: row for row in session.query(Notice)}


def test_a_removal_from_decision_to_receipt(desk, platform) -> None:
    action_id = _decided(desk)
    with desk.store.read() as session:
        assert removals.wanted_actions(session) == (action_id,)
    assert _run(desk, action_id, platform) is ActionState.CONFIRMED
    assert platform.effects == [(Verb.REMOVE, "n1")]
    with desk.store.read() as session:
        assert removals.wanted_actions(session) == ()
        [evidence] = session.query(Evidence)
        assert evidence.text == "Fool you are"
        assert evidence.text_hash == hashlib.sha256(b"Fool you are").hexdigest()
        assert (evidence.author_name, evidence.permalink) == ("Jo Bloggs", "https://example.org/1")
        post = session.query(Post).one()
        assert (post.presence, post.gone_by) == (Presence.GONE, "moderator")
        view = receipts.action_view(session, desk.people["Mona"], action_id)
        assert view.status == "Confirmed: the post is removed."
        assert view.evidence_frozen_at <= view.sent_at <= view.confirmed_at
        assert [line.what for line in session.query(Audit).order_by(Audit.id)][-6:] == [
            "evidence.frozen",
            "action.sent",
            "action.confirmed",
            "notice.by_hand",
            "notice.by_hand",
            "notice.by_hand",
        ]
        assert audit.verify(session).broken_at is None


def test_nothing_is_sent_without_evidence(desk, platform) -> None:
    action_id = _decided(desk)
    with pytest.raises(Refused, match="evidence"):
        removals.act(desk.store, action_id, platform)
    assert platform.asked == []
    assert _row(desk, action_id).state is ActionState.WANTED


@pytest.mark.parametrize("kind", [DecisionKind.KEEP, DecisionKind.ESCALATE, HIDE])
def test_nothing_is_sent_that_nobody_decided(small_desk, platform, kind: DecisionKind) -> None:
    """An action row that some fault wrote under a decision of another kind goes nowhere."""
    desk, mona = small_desk, small_desk.people["Mona"]
    item_id = desk.item("Fool you are", Category.BULLYING)
    code = {"keep": "nothing_wrong", "escalate": "not_sure", "hide": "bullying"}[kind]
    done = decide(desk.store, mona, desk.choice(mona, item_id, kind, code))
    with desk.store.write() as session:
        decision = session.get_one(Decision, done.decision_id)
        action = session.query(Action).filter_by(decision_id=decision.id).one_or_none()
        if action is None:
            action = Action(
                decision_id=decision.id,
                post_id=1,
                source_id=desk.source_id,
                state=ActionState.WANTED,
                wanted_at=now(),
            )
            session.add(action)
        action.verb = Verb.REMOVE
        session.commit()
        action_id = action.id
    removals.freeze(desk.store, action_id)
    with pytest.raises(Refused):
        removals.act(desk.store, action_id, platform)
    assert platform.asked == []


STEPS = ("freeze", "act", "confirm", "tell")


class _Killed(BaseException):
    """The process is gone: nothing after this point runs."""


def _killing(platform, method: str, *, before: bool):
    """The platform's method once more, but the process dies just before or after its effect."""
    real = getattr(platform, method)

    def dying(*args):
        if not before:
            real(*args)
        setattr(platform, method, real)
        raise _Killed

    setattr(platform, method, dying)


@pytest.mark.parametrize(
    ("steps", "method", "before"),
    [
        *((number, "", True) for number in range(len(STEPS) + 1)),
        *((4, method, before) for method, before in product(("act", "look_up"), (True, False))),
    ],
)
def test_interrupted_anywhere_it_ends_the_same(
    small_desk, platform, steps: int, method: str, before: bool
) -> None:
    desk, action_id = small_desk, _decided(small_desk)
    if method:
        _killing(platform, method, before=before)
    try:
        for step in STEPS[:steps]:
            run = getattr(removals, step)
            more = (platform,) if step in ("act", "confirm") else ()
            run(desk.store, action_id, *more)
    except _Killed:
        assert _row(desk, action_id).state in (ActionState.WANTED, ActionState.SENT)
    for _ in range(2):
        assert _run(desk, action_id, platform) is ActionState.CONFIRMED
    assert platform.effects == [(Verb.REMOVE, "n1")]
    assert len({asked.key for asked in platform.asked}) == 1
    with desk.store.read() as session:
        assert session.query(Evidence).count() == 1
        for what in ("evidence.frozen", "action.sent", "action.confirmed"):
            assert session.query(Audit).filter_by(what=what).count() == 1
        assert {row.state for row in session.query(Notice)} == {NoticeState.BY_HAND}
        assert audit.verify(session).broken_at is None


def test_the_platforms_delay_is_kept(desk, platform) -> None:
    action_id = _decided(desk)
    platform.fail = [RetryLater("Too many calls.", subject="p", after=timedelta(minutes=7))]
    removals.freeze(desk.store, action_id)
    at = now()
    assert removals.act(desk.store, action_id, platform, clock=lambda: at) is ActionState.WANTED
    with desk.store.read() as session:
        assert removals.next_attempt(session, action_id) == at + timedelta(minutes=7)
        assert removals.wanted_actions(session) == ()
        later = at + timedelta(minutes=8)
        assert removals.wanted_actions(session, clock=lambda: later) == (action_id,)
        view = receipts.action_view(session, desk.people["Mona"], action_id)
        assert view.status == "Trying again soon: it did not work yet."
        assert view.problem == "Too many calls."
    assert _run(desk, action_id, platform) is ActionState.CONFIRMED
    assert _row(desk, action_id).problem == ""


def test_an_expired_token_waits_for_a_person_and_then_goes_on(small_desk, platform) -> None:
    desk, action_id = small_desk, _decided(small_desk)
    removals.freeze(desk.store, action_id)
    for _ in range(3):
        platform.fail = [NeedsOperator("The token expired.", subject="p", cure="Make a new one.")]
        assert removals.act(desk.store, action_id, platform) is ActionState.WANTED
    row = _row(desk, action_id)
    assert (row.problem, row.cure) == ("The token expired.", "Make a new one.")
    with desk.store.read() as session:
        assert session.query(Audit).filter_by(what="action.delayed").count() == 1
    assert _run(desk, action_id, platform) is ActionState.CONFIRMED


def test_trouble_while_looking_again_keeps_it_sent(small_desk, platform) -> None:
    desk, action_id = small_desk, _decided(small_desk)
    removals.freeze(desk.store, action_id)
    removals.act(desk.store, action_id, platform)
    platform.fail = [NeedsOperator("The token expired.", subject="p", cure="Make a new one.")]
    assert removals.confirm(desk.store, action_id, platform) is ActionState.SENT
    assert removals.confirm(desk.store, action_id, platform) is ActionState.CONFIRMED


def test_a_platform_that_only_says_so_is_not_believed(desk, platform) -> None:
    action_id = _decided(desk)
    platform.deaf = MOST_ATTEMPTS
    for _ in range(MOST_ATTEMPTS - 1):
        assert _run(desk, action_id, platform) is ActionState.WANTED
    assert _run(desk, action_id, platform) is ActionState.FAILED
    with desk.store.read() as session:
        view = receipts.action_view(session, desk.people["Mona"], action_id)
        assert "by hand, or try again" in view.cure
        assert [one.action_id for one in receipts.actions(session, desk.people["Mona"])] == [1]
    assert all(row.state is NoticeState.WANTED for row in _notices(desk).values())
    with pytest.raises(NotYours):
        removals.try_again(desk.store, desk.people["Adam"], action_id)
    removals.try_again(desk.store, desk.people["Mona"], action_id)
    with pytest.raises(LookAgain):
        removals.try_again(desk.store, desk.people["Mona"], action_id)
    assert _run(desk, action_id, platform) is ActionState.CONFIRMED


def test_a_changed_post_is_held_and_comes_back(desk, platform) -> None:
    action_id = _decided(desk)
    desk.edit(1, "Nice you are")
    removals.freeze(desk.store, action_id)
    assert removals.act(desk.store, action_id, platform) is ActionState.HELD
    assert platform.asked == []
    item_id = desk.item_of(1)
    assert desk.row(item_id).state is ItemState.WAITING
    with desk.store.read() as session:
        assert removals.wanted_actions(session) == ()
        assert session.query(Evidence).one().text == "Fool you are"
    mona = desk.people["Mona"]
    again = decide(desk.store, mona, desk.choice(mona, item_id, REMOVE, "bullying"))
    assert _run(desk, again.action_id, platform) is ActionState.CONFIRMED
    assert _row(desk, action_id).state is ActionState.HELD


def test_what_came_back_undone_is_not_done_against_a_later_decision(desk, platform) -> None:
    action_id = _decided(desk)
    lena, platform.deaf = desk.people["Lena"], 1
    removals.freeze(desk.store, action_id)
    assert removals.act(desk.store, action_id, platform) is ActionState.SENT
    item_id = desk.item_of(_row(desk, action_id).post_id)
    report_post(desk.store, lena, _row(desk, action_id).post_id, "Was that right?")
    keep = desk.choice(lena, item_id, DecisionKind.KEEP, "nothing_wrong")
    decide(desk.store, lena, keep)
    assert removals.confirm(desk.store, action_id, platform) is ActionState.WANTED
    assert removals.act(desk.store, action_id, platform) is ActionState.HELD
    assert platform.effects == []
    assert "later decision" in _row(desk, action_id).problem


def test_escalating_stops_a_removal_that_was_not_sent_yet(desk, platform) -> None:
    action_id = _decided(desk)
    mona = desk.people["Mona"]
    item_id = desk.item_of(_row(desk, action_id).post_id)
    removals.freeze(desk.store, action_id)
    escalate = desk.choice(mona, item_id, DecisionKind.ESCALATE, "not_sure")
    decide(desk.store, mona, escalate)
    assert removals.act(desk.store, action_id, platform) is ActionState.HELD
    assert platform.effects == []


def test_what_the_platform_did_while_somebody_decided_otherwise_is_told(desk, platform) -> None:
    action_id = _decided(desk)
    lena = desk.people["Lena"]
    item_id = desk.item_of(_row(desk, action_id).post_id)
    removals.freeze(desk.store, action_id)
    usual = platform.act

    def meanwhile(action):
        report_post(desk.store, lena, _row(desk, action_id).post_id, "Was that right?")
        keep = desk.choice(lena, item_id, DecisionKind.KEEP, "nothing_wrong")
        decide(desk.store, lena, keep)
        return usual(action)

    platform.act = meanwhile
    assert removals.act(desk.store, action_id, platform) is ActionState.HELD
    row = _row(desk, action_id)
    assert row.sent_at is not None
    assert "had done it already" in row.problem


def test_gone_before_we_came_is_a_success_that_says_so(small_desk, platform) -> None:
    desk, action_id = small_desk, _decided(small_desk)
    platform.posts["n1"] = Presence.GONE
    assert _run(desk, action_id, platform) is ActionState.CONFIRMED
    assert platform.effects == []
    with desk.store.read() as session:
        assert session.query(Audit).filter_by(what="action.sent").one().details["already"] is True


@pytest.mark.parametrize("poll_after", ["act", "look"])
@pytest.mark.parametrize("said, kept", [("unknown", "moderator"), ("author", "author")])
def test_a_poll_that_is_quicker_than_the_receipt_changes_nothing(
    desk, platform, monkeypatch, poll_after: str, said: str, kept: str
) -> None:
    """What we removed was removed by us, even where a poll saw it gone before we had confirmed."""
    action_id = _decided(desk)
    removals.freeze(desk.store, action_id)
    act = platform.act

    def poll() -> None:
        with desk.store.write() as session:
            post = session.query(Post).one()
            post.presence, post.gone_by, post.gone_seen_at = Presence.GONE, said, now()
            session.commit()

    def act_and_be_polled(action):
        done = act(action)
        poll()
        return replace(done, done_at=now())

    if poll_after == "act":
        monkeypatch.setattr(platform, "act", act_and_be_polled)
    removals.act(desk.store, action_id, platform)
    if poll_after == "look":
        poll()
    assert removals.confirm(desk.store, action_id, platform) is ActionState.CONFIRMED
    with desk.store.read() as session:
        assert session.query(Post).one().gone_by == kept


def _polled_gone(desk) -> None:
    with desk.store.write() as session:
        post = session.query(Post).one()
        post.presence, post.gone_by, post.gone_seen_at = Presence.GONE, "unknown", now()
        session.commit()


def test_what_the_author_took_after_we_only_hid_it_is_not_ours(small_desk, platform) -> None:
    desk = small_desk
    action_id = _decided(desk, HIDE)
    removals.freeze(desk.store, action_id)
    assert removals.act(desk.store, action_id, platform) is ActionState.SENT
    platform.posts["n1"] = Presence.GONE
    _polled_gone(desk)
    assert removals.confirm(desk.store, action_id, platform) is ActionState.CONFIRMED
    with desk.store.read() as session:
        assert session.query(Post).one().gone_by == "unknown"


@pytest.mark.parametrize("failed", [False, True])
def test_what_was_gone_when_we_came_or_went_after_we_failed_is_not_ours(
    small_desk, platform, failed: bool
) -> None:
    desk = small_desk
    action_id = _decided(desk)
    removals.freeze(desk.store, action_id)
    if not failed:
        platform.posts["n1"] = Presence.GONE
    assert removals.act(desk.store, action_id, platform) is ActionState.SENT
    if failed:
        with desk.store.write() as session:
            session.get_one(Action, action_id).state = ActionState.FAILED
            session.commit()
    _polled_gone(desk)
    assert removals.confirm_from_poll(desk.store, desk.source_id) == (action_id,)
    with desk.store.read() as session:
        assert session.query(Post).one().gone_by == "unknown"


def test_what_a_person_took_down_at_the_second_try_is_ours(small_desk, platform) -> None:
    """Marked as done, seen there still, given back to the person, and then really done."""
    desk = small_desk
    platform.capabilities = frozenset({Capability.POSTS})
    action_id = _decided(desk)
    removals.freeze(desk.store, action_id)
    assert removals.act(desk.store, action_id, platform) is ActionState.BY_HAND
    removals.mark_done_by_hand(desk.store, desk.people["Mona"], action_id)
    with desk.store.write() as session:
        session.query(Post).one().last_seen_at = now()
        session.commit()
    assert removals.confirm(desk.store, action_id, platform) is ActionState.BY_HAND
    _polled_gone(desk)
    assert removals.confirm_from_poll(desk.store, desk.source_id) == (action_id,)
    with desk.store.read() as session:
        assert session.query(Post).one().gone_by == "moderator"


def test_what_was_gone_before_the_decision_is_not_ours(small_desk, platform) -> None:
    desk, before = small_desk, now()
    action_id = _decided(desk)
    platform.posts["n1"] = Presence.GONE
    with desk.store.write() as session:
        post = session.query(Post).one()
        post.presence, post.gone_by, post.gone_seen_at = Presence.GONE, "unknown", before
        session.commit()
    assert _run(desk, action_id, platform) is ActionState.CONFIRMED
    with desk.store.read() as session:
        assert session.query(Post).one().gone_by == "unknown"


def test_by_hand_then_confirmed_by_the_next_poll(desk, platform) -> None:
    platform.capabilities = frozenset({Capability.POSTS})
    action_id = _decided(desk)
    removals.freeze(desk.store, action_id)
    assert removals.act(desk.store, action_id, platform) is ActionState.BY_HAND
    mona = desk.people["Mona"]
    with desk.store.read() as session:
        view = receipts.action_view(session, mona, action_id)
        assert view.steps == ("Open the page.", "Do it there.")
        assert removals.wanted_actions(session) == ()
    assert removals.confirm_from_poll(desk.store, desk.source_id) == ()
    removals.mark_done_by_hand(desk.store, mona, action_id)
    with pytest.raises(LookAgain):
        removals.mark_done_by_hand(desk.store, mona, action_id)
    assert removals.confirm(desk.store, action_id, platform) is ActionState.SENT
    assert "since it was done" in _row(desk, action_id).problem
    with desk.store.write() as session:
        session.query(Post).one().last_seen_at = now()
        session.commit()
    assert removals.confirm(desk.store, action_id, platform) is ActionState.BY_HAND
    assert "not done yet" in _row(desk, action_id).problem
    with desk.store.write() as session:
        session.query(Post).one().presence = Presence.GONE
        session.commit()
    assert removals.confirm_from_poll(desk.store, desk.source_id) == (action_id,)
    assert removals.confirm_from_poll(desk.store, desk.source_id) == ()
    assert _row(desk, action_id).state is ActionState.CONFIRMED
    assert {row.state for row in _notices(desk).values()} == {NoticeState.BY_HAND}


def test_what_was_confirmed_and_is_there_again_is_shown_in_red(desk, platform) -> None:
    action_id = _decided(desk)
    assert _run(desk, action_id, platform) is ActionState.CONFIRMED

    def seen(presence: Presence, *, began_after: bool) -> None:
        step = timedelta(seconds=1 if began_after else -1)
        with desk.store.write() as session:
            confirmed_at = session.get_one(Action, action_id).confirmed_at
            session.get_one(Source, desk.source_id).last_attempt_at = confirmed_at + step
            post = session.query(Post).one()
            post.presence, post.last_seen_at = presence, confirmed_at + timedelta(seconds=2)
            session.commit()
        removals.confirm_from_poll(desk.store, desk.source_id)

    seen(Presence.GONE, began_after=True)
    seen(Presence.PRESENT, began_after=False)  # it was read before the platform took it down
    assert _row(desk, action_id).state is ActionState.CONFIRMED
    seen(Presence.PRESENT, began_after=True)
    assert _row(desk, action_id).state is ActionState.FAILED
    assert "seen there again" in _row(desk, action_id).problem
    assert len(platform.effects) == 1, "nothing is done before a person says so"
    removals.try_again(desk.store, desk.people["Mona"], action_id)
    platform.posts.clear()
    assert _run(desk, action_id, platform) is ActionState.CONFIRMED


def test_what_cannot_be_looked_up_stays_sent(small_desk, platform) -> None:
    desk, action_id = small_desk, _decided(small_desk)
    removals.freeze(desk.store, action_id)
    removals.act(desk.store, action_id, platform)
    platform.posts["n1"] = Presence.UNKNOWN
    assert removals.confirm(desk.store, action_id, platform) is ActionState.SENT
    with desk.store.read() as session:
        assert removals.wanted_actions(session) == ()


def test_where_there_is_nothing_to_look_at_a_persons_word_counts(small_desk, platform) -> None:
    """An exported chat: manual confirmation, and the receipt says so (C10)."""
    desk, mona = small_desk, small_desk.people["Mona"]
    platform.capabilities = frozenset({Capability.POSTS})
    platform.posts["n1"] = Presence.UNKNOWN
    action_id = _decided(desk)
    assert _run(desk, action_id, platform) is ActionState.BY_HAND
    removals.mark_done_by_hand(desk.store, mona, action_id)
    assert _run(desk, action_id, platform) is ActionState.CONFIRMED
    with desk.store.read() as session:
        view = receipts.action_view(session, mona, action_id)
        assert (
            view.status == "The post is removed, as a person said. This platform cannot be asked."
        )
        assert session.query(Post).one().presence is Presence.GONE
    assert _notices(desk)["public"].state is NoticeState.BY_HAND


def test_a_refusal_becomes_steps_by_hand(small_desk, platform) -> None:
    desk, action_id = small_desk, _decided(small_desk)
    platform.fail = [Refused("A page may not remove that.", subject="p", cure="Do it there.")]
    removals.freeze(desk.store, action_id)
    assert removals.act(desk.store, action_id, platform) is ActionState.BY_HAND
    assert _row(desk, action_id).problem == "A page may not remove that."


def test_giving_up_shows_the_cure_and_never_undoes_a_success(small_desk, platform) -> None:
    desk, action_id = small_desk, _decided(small_desk)
    error = Refused("It broke.", subject="p", cure="Look at it.")
    removals.failed(desk.store, action_id, error)
    row = _row(desk, action_id)
    assert (row.state, row.problem, row.cure) == (ActionState.FAILED, "It broke.", "Look at it.")
    removals.try_again(desk.store, desk.people["Mona"], action_id)
    _run(desk, action_id, platform)
    removals.failed(desk.store, action_id, error)
    assert _row(desk, action_id).state is ActionState.CONFIRMED


def test_hiding_and_showing_again(desk, platform) -> None:
    mona, action_id = desk.people["Mona"], _decided(desk, HIDE)
    assert _run(desk, action_id, platform) is ActionState.CONFIRMED
    assert platform.posts["n1"] is Presence.HIDDEN
    item_id = desk.item_of(1)
    assert desk.open(mona, item_id).presence is Presence.HIDDEN
    choice = desk.choice(mona, item_id, DecisionKind.UNHIDE, "shown_again")
    again = decide(desk.store, mona, choice)
    assert _run(desk, again.action_id, platform) is ActionState.CONFIRMED
    assert [verb for verb, _ in platform.effects] == [Verb.HIDE, Verb.UNHIDE]
    assert desk.open(mona, item_id).presence is Presence.PRESENT


@pytest.mark.parametrize("gone_first", [False, True])
def test_the_author_is_told_through_the_platform(small_desk, platform, gone_first: bool) -> None:
    """Where it is not certain that the message went, a person is asked to see to it."""
    desk = small_desk
    platform.capabilities |= {Capability.TELL_AUTHOR, Capability.REASON}
    action_id = _decided(desk)
    if gone_first:
        platform.posts["n1"] = Presence.GONE
    _run(desk, action_id, platform)
    [asked] = platform.asked
    assert asked.reason_title == "Bullying or unkind words"
    assert asked.reason_message == _notices(desk)["author"].text
    state = NoticeState.BY_HAND if gone_first else NoticeState.SENT
    assert _notices(desk)["author"].state is state
    assert _notices(desk)["public"].state is NoticeState.BY_HAND


def test_an_author_who_is_not_to_be_told_is_not(small_desk, platform) -> None:
    platform.capabilities |= {Capability.TELL_AUTHOR}
    _run(small_desk, _decided(small_desk, tell=(Tell("author", not_told="Unsafe."),)), platform)
    assert platform.asked[0].reason_message == ""
    assert _notices(small_desk)["author"].why_not == "Unsafe."


def test_a_person_says_who_was_told_or_why_not(desk, platform) -> None:
    mona, action_id = desk.people["Mona"], _decided(desk)
    rows = _notices(desk)
    with pytest.raises(LookAgain):
        notices.mark_told(desk.store, mona, rows["public"].id)
    _run(desk, action_id, platform)
    notices.mark_told(desk.store, mona, rows["public"].id)
    with pytest.raises(LookAgain):
        notices.mark_told(desk.store, mona, rows["public"].id)
    with pytest.raises(Refused):
        notices.mark_not_told(desk.store, mona, rows["affected"].id, " ")
    notices.mark_not_told(desk.store, mona, rows["affected"].id, "They asked not to be.")
    with desk.store.read() as session:
        view = receipts.action_view(session, mona, action_id)
    told = {notice.to: notice for notice in view.notices}
    assert told["public"].state is NoticeState.SENT
    assert told["public"].sent_by_name == "Mona"
    assert told["affected"].why_not == "They asked not to be."
