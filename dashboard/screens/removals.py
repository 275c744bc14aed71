"""The removal log: what was asked of the platforms, and what still needs a person."""

import streamlit as st

from casework import receipts
from casework.views import ActionView
from dashboard import cards, door, words
from models.vocabulary import ActionState, Verb, Viewer

VERBS = {
    Verb.HIDE: "Hide",
    Verb.UNHIDE: "Show again",
    Verb.REMOVE: "Remove",
    Verb.RESTORE: "Put back",
}
_TONES = {
    ActionState.FAILED: "danger",
    ActionState.BY_HAND: "warn",
    ActionState.CONFIRMED: "calm",
}


@door.screen("removals")
def show(person: Viewer) -> None:
    """The newest first; those that need somebody before the others."""
    st.title("Removals", anchor=False)
    st.html(
        '<p class="ch-muted">Everything that somebody decided to hide, remove or show again, and '
        "how far it has come.</p>"
    )
    with door.house().store.read() as session:
        number = st.session_state.get("removals_page", 1)
        found = receipts.actions(session, person, number=number)
    if not found and number == 1:
        st.html(cards.note("Nothing has been hidden or removed yet"))
    for action in sorted(found, key=lambda one: not needs_somebody(one)):
        _card(action)
    with st.container(horizontal=True):
        if number > 1 and st.button("Newer"):
            st.session_state["removals_page"] = number - 1
            st.rerun()
        if len(found) == receipts.ACTIONS_A_PAGE and st.button("Older"):
            st.session_state["removals_page"] = number + 1
            st.rerun()


def needs_somebody(action: ActionView) -> bool:
    """Whether it stands still until a person does something."""
    return action.state in (ActionState.FAILED, ActionState.BY_HAND)


def _card(action: ActionView) -> None:
    at = action.confirmed_at or action.sent_at
    titled = f"{VERBS[action.verb]}: item {action.item_id}"
    with st.container(border=True, key=f"card-action-{action.action_id}", gap="xsmall"):
        st.html(
            cards.badges(
                cards.Badge(words.ACTIONS[action.state], _TONES.get(action.state, "quiet"))
            )
            + f'<p class="ch-snippet"><strong>{cards.plain(titled)}</strong></p>'
            + cards.line(
                f"Decided {words.when(action.wanted_at, door.timezone())}",
                f"{words.ACTIONS[action.state].lower()} {words.when(at, door.timezone())}"
                if at and action.state is ActionState.CONFIRMED
                else "",
                action.problem,
                action.cure,
            )
        )
        door.link("item", "Open", item=str(action.item_id))
