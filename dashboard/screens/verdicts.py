"""Whether what was found is right: asked beside the reason, so that the checks can learn."""

import streamlit as st

from casework.views import ItemView
from dashboard import cards

RIGHT, WRONG = "right", "wrong"
_SAID = {RIGHT: "Right", WRONG: "Wrong"}


def ask(view: ItemView) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The findings that this person calls right, and those called wrong; the rest stay open."""
    found: dict[str, list[int]] = {RIGHT: [], WRONG: []}
    judged = [reason for reason in view.reasons if reason.finding_id is not None]
    if not judged:
        return (), ()
    st.html(cards.line("Was it found rightly? Your answer helps the checks to learn."))
    for reason in judged:
        answer = st.segmented_control(
            cards.markdown_free(f"{reason.title}: {reason.because}"),
            list(_SAID),
            format_func=_SAID.__getitem__,
            key=f"verdict-{reason.finding_id}",
        )
        if answer is not None and reason.finding_id is not None:
            found[answer].append(reason.finding_id)
    return tuple(found[RIGHT]), tuple(found[WRONG])
