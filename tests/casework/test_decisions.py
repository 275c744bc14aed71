"""A decision needs a reason, is bound to the words that were seen, and is taken once."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from casework import audit, decisions, items, queue, removals
from casework.decisions import Tell, decide, preview, reasons
from casework.notices import gap_in
from models.errors import LookAgain, NotYours, Refused
from models.tables import (
    Action,
    Audit,
    Decision,
    FindingRow,
    Notice,
    Post,
    SafeguardingCase,
    Verdict,
)
from models.vocabulary import (
    ActionState,
    Category,
    DecisionKind,
    ItemState,
    Level,
    NoticeState,
    Route,
    Verb,
    now,
)

REMOVE, KEEP, ESCALATE = DecisionKind.REMOVE, DecisionKind.KEEP, DecisionKind.ESCALATE


def _rows(desk, table) -> list:
    with desk.store.read() as session:
        return session.query(table).order_by(table.id).all()


def test_a_removal_is_written_whole(desk) -> None:
    mona = desk.people["Mona"]
    item_id = desk.item("Fool you are", Category.BULLYING)
    reason = desk.open(mona, item_id).reasons[0]
    assert (reason.start, reason.end, reason.category) == (0, 4, Category.BULLYING)
    choice = desk.choice(mona, item_id, REMOVE, "bullying", right=(reason.finding_id, 987654))
    done = decide(desk.store, mona, replace(choice, tell=(Tell("author"), Tell("public"))))
    [decision], [action] = _rows(desk, Decision), _rows(desk, Action)
    assert (decision.id, decision.clause, decision.by) == (done.decision_id, "C16", mona.user_id)
    assert decision.text_hash == choice.text_hash
    assert (action.id, action.verb, action.decision_id) == (
        done.action_id,
        Verb.REMOVE,
        decision.id,
    )
    notices = {notice.audience: notice for notice in _rows(desk, Notice)}
    assert notices["author"].state is NoticeState.WANTED
    assert "Adult ballet group" in notices["author"].text
    assert notices["affected"].state is NoticeState.NOT_TOLD
    assert notices["affected"].why_not
    assert [(v.finding_id, v.right) for v in _rows(desk, Verdict)] == [(reason.finding_id, True)]
    view = desk.open(mona, item_id)
    assert view.state is ItemState.DECIDED
    assert view.decision.reason_title == "Bullying or unkind words"
    assert view.action.status == "Waiting to be sent to the platform."
    with desk.store.read() as session:
        assert audit.verify(session).broken_at is None
        assert session.query(Audit).filter_by(what="item.remove").count() == 1


@pytest.mark.parametrize("kind", [KEEP, REMOVE, DecisionKind.HIDE, ESCALATE])
def test_every_decision_needs_a_reason_and_words(small_desk, kind: DecisionKind) -> None:
    desk, mona = small_desk, small_desk.people["Mona"]
    item_id = desk.item("Fool you are", Category.BULLYING)
    code = reasons(kind)[0].code
    for changed in ({"reason_code": ""}, {"reason_code": "no_such"}, {"words": "  "}):
        with pytest.raises(Refused):
            decide(desk.store, mona, desk.choice(mona, item_id, kind, code, **changed))
        with desk.store.read() as session, pytest.raises(Refused):
            said = {"reason_code": code, "words": "w", **changed}
            preview(session, mona, item_id, kind, said["reason_code"], said["words"])
    assert desk.row(item_id).state is ItemState.WAITING
    assert _rows(desk, Decision) == []


def test_a_reason_for_another_kind_is_refused(small_desk) -> None:
    mona = small_desk.people["Mona"]
    item_id = small_desk.item("Fool you are", Category.BULLYING)
    with pytest.raises(Refused):
        decide(small_desk.store, mona, small_desk.choice(mona, item_id, REMOVE, "nothing_wrong"))


@pytest.mark.parametrize("read", [True, False])
def test_a_changed_post_is_not_decided(desk, read: bool) -> None:
    """Also when no detector has read the new words yet."""
    mona = desk.people["Mona"]
    post_id = desk.post("Fool you are", Category.BULLYING)
    desk.file(post_id)
    item_id = desk.item_of(post_id)
    choice = desk.choice(mona, item_id, REMOVE, "bullying")
    desk.edit(post_id, "Nice you are", read=read)
    if read:
        desk.file(post_id)
    with pytest.raises(LookAgain):
        decide(desk.store, mona, choice)
    assert _rows(desk, Decision) == []
    view = desk.open(mona, item_id)
    assert view.text == "Nice you are"
    assert [each.text for each in view.earlier_texts] == ["Fool you are"]
    assert view.reasons[0].because.startswith("Before it was edited")
    decide(desk.store, mona, desk.choice(mona, item_id, KEEP, "nothing_wrong"))
    assert desk.file(post_id) == 0
    assert desk.row(item_id).state is ItemState.DECIDED


def test_two_people_at_once_one_decides(desk) -> None:
    item_id = desk.item("Fool you are", Category.BULLYING)
    choices = [
        (desk.people[name], desk.choice(desk.people[name], item_id, kind, code))
        for name, kind, code in (
            ("Mona", REMOVE, "bullying"),
            ("Max", KEEP, "nothing_wrong"),
            ("Lena", ESCALATE, "not_sure"),
        )
    ]
    start, ended = threading.Barrier(3), []

    def _one(viewer, choice) -> None:
        start.wait()
        try:
            ended.append(decide(desk.store, viewer, choice))
        except (LookAgain, NotYours) as error:
            ended.append(error)

    threads = [threading.Thread(target=_one, args=pair) for pair in choices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(each, decisions.Decided) for each in ended) == 1
    assert len(_rows(desk, Decision)) == 1


def test_somebody_elses_claim_is_respected_until_it_ends(desk) -> None:
    mona, maxim = desk.people["Mona"], desk.people["Max"]
    item_id = desk.item("Fool you are", Category.BULLYING)
    items.claim(desk.store, mona, item_id)
    with pytest.raises(LookAgain, match="Mona"):
        items.claim(desk.store, maxim, item_id)
    with pytest.raises(LookAgain, match="Mona"):
        decide(desk.store, maxim, desk.choice(maxim, item_id, KEEP, "nothing_wrong"))
    assert desk.open(maxim, item_id).claimed_by_name == "Mona"
    with desk.store.read() as session:
        assert queue.next_item(session, maxim) is None
        assert queue.next_item(session, mona) == item_id
    later = now() + timedelta(minutes=11)
    items.claim(desk.store, maxim, item_id, clock=lambda: later)
    with pytest.raises(LookAgain, match="Max"):
        items.claim(desk.store, mona, item_id)
    items.release(desk.store, mona, item_id)
    assert desk.row(item_id).claimed_by == maxim.user_id
    items.release(desk.store, maxim, item_id)
    items.claim(desk.store, mona, item_id)


def test_one_of_many_claims_wins(desk) -> None:
    item_id = desk.item("Fool you are", Category.BULLYING)
    names, won = ("Mona", "Max", "Lena"), []
    start = threading.Barrier(len(names))

    def _one(name: str) -> None:
        start.wait()
        try:
            items.claim(desk.store, desk.people[name], item_id)
            won.append(name)
        except LookAgain:
            return

    threads = [threading.Thread(target=_one, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert desk.row(item_id).claimed_by == desk.people[won[0]].user_id


@pytest.mark.parametrize(
    ("tell", "fault"),
    [
        (Tell("affected"), r"\{name\}"),
        (Tell("public", text="A post was taken down by ___."), "___"),
        (Tell("author", text="Dear ### please stop."), "###"),
        (Tell("author", text="Dear {first name}, please stop."), r"\{first name\}"),
        (Tell("public", text="We took down: fool you are and nothing else"), "repeats"),
        (Tell("public", text="A post by jo bloggs was taken down."), "names the author"),
        (Tell("author", text="x" * 3000), "longer"),
        (Tell("mother"), "mother"),
    ],
)
def test_texts_with_a_fault_are_never_written(small_desk, tell: Tell, fault: str) -> None:
    desk, mona = small_desk, small_desk.people["Mona"]
    item_id = desk.item("Fool you are and nothing else", Category.BULLYING)
    with pytest.raises(Refused, match=fault):
        decide(desk.store, mona, desk.choice(mona, item_id, REMOVE, "bullying", tell=(tell,)))
    assert _rows(desk, Decision) == []
    assert _rows(desk, Notice) == []


def test_several_affected_people_are_told_by_name(small_desk) -> None:
    desk, mona = small_desk, small_desk.people["Mona"]
    item_id = desk.item("Fool you are", Category.BULLYING)
    tell = (
        Tell("affected", name="Sam's mother"),
        Tell("affected", name="Kit", not_told="On holiday; the lead tells them."),
        Tell("public", not_told="It would draw attention to it."),
    )
    decide(desk.store, mona, desk.choice(mona, item_id, REMOVE, "bullying", tell=tell))
    rows = {row.told: row for row in _rows(desk, Notice)}
    assert rows["Sam's mother"].text.startswith("Dear Sam's mother, a post about you on Adult")
    assert rows["Kit"].why_not == "On holiday; the lead tells them."
    assert rows["The author"].state is NoticeState.NOT_TOLD
    assert all(gap_in(row.text) == "" for row in rows.values())


def test_the_preview_is_what_is_done_and_said(small_desk) -> None:
    desk, mona = small_desk, small_desk.people["Mona"]
    item_id = desk.item("Fool you are", Category.BULLYING)
    with desk.store.read() as session:
        told = preview(session, mona, item_id, REMOVE, "bullying", "It hurts.")
        kept = preview(session, mona, item_id, KEEP, "allowed_here", "It is fine.")
        handed = preview(session, mona, item_id, ESCALATE, "not_sure", "Please look.")
    assert "removed, and we look again" in told.effects[0]
    assert told.by_hand == ()
    assert [notice.to for notice in told.notices] == ["author", "public", "affected"]
    assert [notice.gap for notice in told.notices] == ["", "", "{name}"]
    assert kept.notices == handed.notices == ()
    assert any("safeguarding lead" in effect for effect in handed.effects)
    assert _rows(desk, Decision) == []
    tell = tuple(Tell(notice.to, name="Kit", text=notice.text) for notice in told.notices)
    decide(desk.store, mona, desk.choice(mona, item_id, REMOVE, "bullying", tell=tell))
    written = {row.audience: row.text for row in _rows(desk, Notice)}
    assert written["author"] == told.notices[0].text
    assert written["public"] == told.notices[1].text


def test_where_the_platform_cannot_the_preview_shows_the_steps(small_desk) -> None:
    desk, mona = small_desk, small_desk.people["Mona"]
    desk.source_id = desk.source("Class chat", connector="whatsapp")
    item_id = desk.item("Fool you are", Category.BULLYING)
    with desk.store.read() as session:
        told = preview(session, mona, item_id, REMOVE, "bullying", "It hurts.")
    assert "by hand" in told.effects[0]
    assert len(told.by_hand) == 3
    assert desk.open(mona, item_id).can_ask_platform == frozenset()


@pytest.mark.parametrize(
    ("connector", "native_id"),
    [("instagram", "tag-5_6"), ("facebook", "review-5"), ("facebook", "m_5")],
)
def test_what_stands_on_other_ground_is_promised_to_nobody(
    small_desk, platform, connector: str, native_id: str
) -> None:
    desk, mona = small_desk, small_desk.people["Mona"]
    desk.source_id = desk.source("Elsewhere", connector=connector)
    item_id = desk.item("Fool you are", Category.BULLYING)
    with desk.store.write() as session:
        session.query(Post).one().native_id = native_id
        session.commit()
    with desk.store.read() as session:
        told = preview(session, mona, item_id, REMOVE, "bullying", "It hurts.")
    assert "by hand" in told.effects[0] and told.by_hand
    assert desk.open(mona, item_id).can_ask_platform == frozenset()
    decide(desk.store, mona, desk.choice(mona, item_id, REMOVE, "bullying"))
    [action] = _rows(desk, Action)
    removals.freeze(desk.store, action.id)
    assert removals.act(desk.store, action.id, platform) is ActionState.BY_HAND
    assert platform.asked == []


def test_escalating_takes_it_out_of_reach_and_opens_one_case(desk) -> None:
    mona, lena = desk.people["Mona"], desk.people["Lena"]
    item_id = desk.item("Fool you are", Category.BULLYING)
    choice = desk.choice(mona, item_id, ESCALATE, "worry_about_a_child", words="She sounds afraid.")
    done = decide(desk.store, mona, choice)
    assert done.case_reference is None
    assert done.action_id is None
    row = desk.row(item_id)
    assert (row.state, row.route) == (ItemState.ESCALATED, Route.LEAD)
    assert row.level >= Level.L3
    [case] = _rows(desk, SafeguardingCase)
    assert (case.item_id, case.opened_by, case.why_opened) == (
        item_id,
        mona.user_id,
        "She sounds afraid.",
    )
    for again in (choice, replace(choice, version=2)):
        with pytest.raises(NotYours):
            decide(desk.store, mona, again)
    with pytest.raises(NotYours):
        desk.open(mona, item_id)
    with desk.store.read() as session:
        assert queue.counts(session, mona).escalated == 1
        assert queue.counts(session, desk.people["Max"]).escalated == 0
    desk.file(row.post_id)
    assert desk.row(item_id).state is ItemState.ESCALATED
    view = desk.open(lena, item_id)
    assert view.reasons[0].category is Category.BULLYING
    assert view.verbs == (KEEP, DecisionKind.HIDE, REMOVE)
    decide(desk.store, lena, desk.choice(lena, item_id, KEEP, "dealt_with"))
    with pytest.raises(NotYours):
        desk.open(mona, item_id)


def test_immediate_danger_is_l4_and_seen_by_the_lead_first(small_desk) -> None:
    desk, lena = small_desk, small_desk.people["Lena"]
    item_id = desk.item("Fool you are", Category.BULLYING)
    choice = desk.choice(lena, item_id, ESCALATE, "danger_now", immediate_danger=True)
    assert decide(desk.store, lena, choice).case_reference
    assert desk.row(item_id).level is Level.L4


@pytest.mark.parametrize("kind", [KEEP, REMOVE, DecisionKind.HIDE])
def test_where_a_child_may_be_involved_only_the_lead_decides(small_desk, kind) -> None:
    desk, mona = small_desk, small_desk.people["Mona"]
    item_id = desk.item("Fool you are", Category.BULLYING)
    with desk.store.write() as session:  # as an organisation's own policy may route it
        row = session.get_one(type(desk.row(item_id)), item_id)
        row.route, row.level = Route.EMERGENCY, Level.L4
        session.commit()
    view = desk.open(mona, item_id)
    assert view.verbs == (ESCALATE,)
    assert view.only_lead_decides
    code = reasons(kind)[0].code
    with desk.store.read() as session, pytest.raises(Refused, match="lead decides"):
        preview(session, mona, item_id, kind, code, "w")
    with pytest.raises(Refused, match="lead decides"):
        decide(desk.store, mona, desk.choice(mona, item_id, kind, code))
    decide(desk.store, desk.people["Lena"], desk.choice(desk.people["Lena"], item_id, kind, code))


def test_a_later_decision_takes_the_place_of_one_not_carried_out(small_desk) -> None:
    desk, mona = small_desk, small_desk.people["Mona"]
    item_id = desk.item("Fool you are", Category.BULLYING)
    decide(desk.store, mona, desk.choice(mona, item_id, DecisionKind.HIDE, "bullying"))
    with pytest.raises(LookAgain, match="being carried out"):
        decide(desk.store, mona, desk.choice(mona, item_id, DecisionKind.UNHIDE, "shown_again"))
    decide(desk.store, mona, desk.choice(mona, item_id, REMOVE, "bullying"))
    first, second = _rows(desk, Action)
    assert first.state.value == "held"
    assert "later decision" in first.problem
    assert second.state.value == "wanted"


def test_asking_for_help_and_being_answered(desk) -> None:
    mona, lena = desk.people["Mona"], desk.people["Lena"]
    item_id = desk.item("Fool you are", Category.BULLYING)
    items.ask_help(desk.store, mona, item_id, "Is this teasing?")
    with desk.store.read() as session:
        assert queue.counts(session, lena).help_wanted == 1
        page = queue.page(session, lena, queue.Filters(help_wanted=True))
        assert [card.item_id for card in page.cards] == [item_id]
    with pytest.raises(Refused):
        items.ask_help(desk.store, mona, item_id, " ")
    with pytest.raises(NotYours):
        items.answer_help(desk.store, mona, item_id, "No.")
    items.answer_help(desk.store, lena, item_id, "No, remove it.")
    view = desk.open(mona, item_id)
    assert [(note.kind, note.by_name) for note in view.notes] == [
        ("question", "Mona"),
        ("answer", "Lena"),
    ]
    assert not view.help_wanted


def test_every_look_is_recorded_once_in_a_while(small_desk) -> None:
    desk, mona = small_desk, small_desk.people["Mona"]
    item_id = desk.item("Fool you are", Category.BULLYING)
    for minutes in (0, 1, 9, 11):
        at = now() + timedelta(minutes=minutes)
        items.open_item(desk.store, mona, item_id, desk.policy, clock=lambda at=at: at)
    with desk.store.read() as session:
        assert session.query(Audit).filter_by(what="item.viewed").count() == 2


def test_no_line_of_the_record_holds_a_word_of_the_post(small_desk) -> None:
    desk, mona = small_desk, small_desk.people["Mona"]
    item_id = desk.item("Zanzibar you are", Category.BULLYING)
    decide(
        desk.store,
        mona,
        desk.choice(mona, item_id, REMOVE, "bullying", words="They wrote Zanzibar."),
    )
    with desk.store.read() as session:
        for line in session.query(Audit):
            assert "Zanzibar" not in str(line.details)
        assert session.query(FindingRow).count() == 1
