"""What became of a decision: who decided what and why, and how far the platform has come."""

from datetime import datetime

import streamlit as st

from casework import items, notices, removals
from casework.routes import IMMEDIATE_DANGER
from casework.views import ActionView, ItemView, NoticeView
from dashboard import cards, door, words
from models.vocabulary import ActionState, NoticeState

_MOVING = frozenset({ActionState.WANTED, ActionState.SENT})
_TONES = {ActionState.FAILED: "danger", ActionState.BY_HAND: "warn"}


def draw(view: ItemView) -> None:
    """The decision, then the platform's part; looks again by itself while that is under way."""
    decision = view.decision
    if decision is None:
        return
    st.html(
        cards.note(
            f"{words.DONE[decision.kind]} by {decision.by_name or 'somebody'}, "
            f"{words.when(decision.at, door.timezone())}",
            f"Reason: {decision.reason_title} ({decision.clause})",
            decision.words,
        )
    )
    if view.action is None:
        return
    if view.action.state in _MOVING:
        _waiting(view.item_id)
    else:
        _action(view.action)


@st.fragment(run_every=2)
def _waiting(item_id: int) -> None:
    """Looks every two seconds until the platform's part is settled, then draws the whole anew."""
    house = door.house()
    found = items.open_item(house.store, door.viewer(), item_id, house.policy).action
    if found is None or found.state not in _MOVING:
        st.rerun(scope="app")
    _action(found)


def _action(action: ActionView) -> None:
    tone = _TONES.get(action.state, "calm")
    zone = door.timezone()
    st.html(cards.note(action.status.rstrip("."), action.problem, action.cure, tone=tone))
    st.html(
        cards.facts(
            (
                ("Evidence kept", _time(action.evidence_frozen_at, zone)),
                ("Sent to the platform", _time(action.sent_at, zone)),
                (
                    "Confirmed gone" if action.verb.value == "remove" else "Confirmed",
                    _time(action.confirmed_at, zone),
                ),
                ("Next try", _time(action.next_attempt_at, zone)),
            )
        )
    )
    if action.state is ActionState.BY_HAND:
        st.html(cards.steps("What to do by hand", action.steps))
        if st.button("I have done this", key=f"by-hand-{action.action_id}", type="primary"):
            removals.mark_done_by_hand(door.house().store, door.viewer(), action.action_id)
            st.rerun()
    if action.state is ActionState.FAILED and st.button(
        "Try again", key=f"again-{action.action_id}"
    ):
        removals.try_again(door.house().store, door.viewer(), action.action_id)
        st.rerun()
    for notice in action.notices:
        _notice(notice, settled=action.state is ActionState.CONFIRMED)


def _time(moment: datetime | None, zone: str) -> str:
    return words.when(moment, zone) if moment else ""


def _notice(notice: NoticeView, *, settled: bool) -> None:
    """One party: told, to be told by hand, or not told and why."""
    state = words.NOTICES[notice.state]
    sent = words.when(notice.sent_at, door.timezone()) if notice.sent_at else ""
    st.html(cards.line(notice.told, state, sent, notice.why_not))
    if notice.state is not NoticeState.BY_HAND or not settled:
        return
    with st.container(border=True, key=f"notice-{notice.notice_id}"):
        st.code(notice.text, language=None, wrap_lines=True)
        if st.button("I have told them", key=f"told-{notice.notice_id}"):
            notices.mark_told(door.house().store, door.viewer(), notice.notice_id)
            st.rerun()


def danger_numbers() -> str:
    """What stands before every form where somebody may be in danger (practice 4.3)."""
    rows = "".join(
        f"<li><b>{cards.plain(number)}</b>{cards.plain(what)}</li>"
        for number, what in IMMEDIATE_DANGER
    )
    return (
        '<div class="ch-note ch-danger ch-standing">'
        "<strong>Is somebody in danger now? Call first, write later.</strong>"
        f'<ul class="ch-numbers">{rows}</ul></div>'
    )
