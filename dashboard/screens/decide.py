"""Deciding: choose what and why, see what will happen, then confirm. No key skips a step."""

from dataclasses import replace
from typing import Any

import streamlit as st

from casework import decisions, items
from casework.views import ItemView
from dashboard import cards, door, words
from dashboard.screens import notice_form, receipt, verdicts
from dashboard.screens.shortcuts import KEYS
from models.vocabulary import DecisionKind, ItemState, Role, Viewer

_ASK = "ask"
_KEYED = {
    DecisionKind.KEEP: "keep",
    DecisionKind.HIDE: "hide",
    DecisionKind.REMOVE: "remove",
    DecisionKind.ESCALATE: "escalate",
}
_PREVIEWED = frozenset({DecisionKind.HIDE, DecisionKind.REMOVE, DecisionKind.UNHIDE})


def draw(person: Viewer, view: ItemView) -> None:
    """The buttons, or the step that was reached."""
    seen = (view.revision_id, view.text_hash, view.version)
    revision, text_hash, version = door.as_drawn(f"item-{view.item_id}", seen)
    view = replace(view, revision_id=revision, text_hash=text_hash, version=version)
    step = st.session_state.get(_place(view))
    if step is None or (step["what"] != _ASK and step["what"] not in view.verbs):
        _buttons(person, view)
    elif step["what"] == _ASK:
        _ask_help(person, view)
    elif step.get("previewed"):
        _preview(person, view, step)
    else:
        _reason(person, view, step)


def _place(view: ItemView) -> str:
    return f"deciding-{view.item_id}"


def _begin(view: ItemView, what: object) -> None:
    """Remember what was seen: the decision is bound to these very words."""
    st.session_state[_place(view)] = {
        "what": what,
        "seen": (view.revision_id, view.text_hash, view.version),
    }
    st.rerun()


def _leave(view: ItemView) -> None:
    st.session_state.pop(_place(view), None)
    st.rerun()


def _buttons(person: Viewer, view: ItemView) -> None:
    if view.verbs:
        again = view.decision is not None and view.state is ItemState.DECIDED
        title = "Do you want to change that?" if again else "What do you decide?"
        st.subheader(title, anchor=False)
    if view.only_lead_decides and view.verbs == (DecisionKind.ESCALATE,):
        st.html(
            cards.note(
                "This one is the safeguarding lead's to decide",
                "Escalate it now. Do not answer the author and do not ask questions.",
            )
        )
    with st.container(horizontal=True, key="decisions"):
        for kind in view.verbs:
            if st.button(
                _named(kind, view),
                key=f"decide-{kind.value}",
                shortcut=KEYS[_KEYED[kind]] if kind in _KEYED else None,
                type="primary"
                if kind is DecisionKind.ESCALATE and len(view.verbs) == 1
                else "secondary",
            ):
                _begin(view, kind)
    if view.state is ItemState.DECIDED:
        return
    with st.container(horizontal=True, key="desk-more"):
        _claim_button(person, view)
        if st.button("Ask for help", key="ask", shortcut=KEYS["help"], type="tertiary"):
            _begin(view, _ASK)


def _named(kind: DecisionKind, view: ItemView) -> str:
    """What the decision is called here: what was removed is put back, not shown again."""
    removed = view.decision is not None and view.decision.kind is DecisionKind.REMOVE
    return "Put back" if kind is DecisionKind.UNHIDE and removed else words.KINDS[kind]


def _claim_button(person: Viewer, view: ItemView) -> None:
    store = door.house().store
    if view.claimed_by == person.user_id:
        if st.button("Let go of it", key="claim", shortcut=KEYS["claim"], type="tertiary"):
            items.release(store, person, view.item_id)
            st.rerun()
    elif st.button("Take it", key="claim", shortcut=KEYS["claim"], type="tertiary"):
        items.claim(store, person, view.item_id)
        st.rerun()


def _ask_help(person: Viewer, view: ItemView) -> None:
    with st.form("ask-help"):
        st.subheader("Ask for help", anchor=False)
        said = st.text_area("What do you want to know?", max_chars=2000, key="ask-words")
        sent = st.form_submit_button("Ask", type="primary")
    if sent:
        items.ask_help(door.house().store, person, view.item_id, said or "")
        door.say("Your question is with the team", "The item stays in the queue, marked.")
        _leave(view)
    if st.button("Back", key="ask-back", type="tertiary"):
        _leave(view)


def _reason(person: Viewer, view: ItemView, step: dict[str, Any]) -> None:
    """Step one: why. Nothing is decided without it."""
    kind = DecisionKind(step["what"])
    near = {reason.clause for reason in view.reasons}
    offered = sorted(decisions.reasons(kind), key=lambda reason: reason.clause not in near)
    codes = {reason.code: reason for reason in offered}
    if kind is DecisionKind.ESCALATE:
        st.html(receipt.danger_numbers())
    with st.form(f"reason-{kind.value}"):
        st.subheader(f"{_named(kind, view)}: why?", anchor=False)
        code = st.radio(
            "Reason",
            list(codes),
            index=None,
            format_func=lambda c: cards.markdown_free(_titled(codes[c])),
            key=f"code-{kind.value}",
        )
        said = st.text_area(
            "In your own words, for the record. It is not sent to anybody.",
            max_chars=2000,
            key=f"words-{kind.value}",
        )
        danger = False
        if kind is DecisionKind.ESCALATE:
            danger = st.checkbox("Somebody may be in danger now", key="danger")
        right, wrong = verdicts.ask(view)
        label = "Go on" if kind in _PREVIEWED else f"{_named(kind, view)} it"
        sent = st.form_submit_button(label, type="primary")
    if st.button("Back", key="reason-back", type="tertiary"):
        _leave(view)
    if not sent:
        return
    if code is None or not (said or "").strip():
        why = "Every decision is kept with its reason and a sentence of yours."
        st.html(cards.note("Choose a reason and say why", why, tone="warn"))
        return
    step.update(code=code, said=(said or "").strip(), danger=danger, right=right, wrong=wrong)
    if kind in _PREVIEWED:
        step["previewed"] = True
        st.rerun()
    _decide(person, view, step)


def _titled(reason: decisions.ReasonCode) -> str:
    return f"{reason.title} ({reason.clause})" if reason.clause else reason.title


def _preview(person: Viewer, view: ItemView, step: dict[str, Any]) -> None:
    """Step two: what will happen, and exactly what will be said to whom."""
    kind = DecisionKind(step["what"])
    with door.house().store.read() as session:
        found = decisions.preview(session, person, view.item_id, kind, step["code"], step["said"])
    name = _named(kind, view)
    st.subheader(f"{name}: what will happen", anchor=False)
    st.html(cards.bullets(found.effects))
    if found.by_hand:
        st.html(cards.steps("This part is yours to do by hand", found.by_hand))
    if found.notices:
        st.subheader("What will be said, and to whom", anchor=False)
    step["tell"] = tuple(notice_form.ask(view, notice) for notice in found.notices)
    with st.container(horizontal=True, key="confirm"):
        if st.button(f"{name} it now", key="confirm-yes", type="primary"):
            _decide(person, view, step)
        if st.button("Change the reason", key="confirm-back", type="tertiary"):
            step["previewed"] = False
            st.rerun()
        if st.button("Leave it as it is", key="confirm-no", type="tertiary"):
            _leave(view)


def _decide(person: Viewer, view: ItemView, step: dict[str, Any]) -> None:
    kind = DecisionKind(step["what"])
    revision_id, text_hash, version = step["seen"]
    st.session_state.pop(_place(view), None)  # also when it is refused: then one looks anew
    decided = decisions.decide(
        door.house().store,
        person,
        decisions.Choice(
            item_id=view.item_id,
            revision_id=revision_id,
            text_hash=text_hash,
            version=version,
            kind=kind,
            reason_code=step["code"],
            words=step["said"],
            tell=step.get("tell", ()),
            immediate_danger=bool(step.get("danger")),
            right=step.get("right", ()),
            wrong=step.get("wrong", ()),
        ),
    )
    if kind is DecisionKind.ESCALATE:
        known = decided.case_reference
        title = f"Case {known} is open" if known else "It is with the safeguarding lead"
        door.say(title, "" if known else "You have done your part. It has left your queue.")
        door.go("cases" if person.has(Role.LEAD) else "queue")
    st.rerun()
