"""Who a case is about: kept from them from the moment the lead says so (practice 4.14)."""

import streamlit as st

from casework import subjects_by_hand as subjects
from casework.cases import CaseView
from casework.subjects import Why
from dashboard import cards, door, words
from models.vocabulary import Viewer

_WHY = {
    Why.AUTHOR: "wrote the post",
    Why.NAMED: "is named in the post",
    Why.RELATIVE: "is a relative of somebody it concerns",
    Why.SUBJECT: "it is about them",
}


def draw(person: Viewer, view: CaseView) -> None:
    """Whom it is kept from already, a mistake to put right, and one more to name."""
    with door.house().store.read() as session:
        kept = subjects.kept_out(session, person, view.line.id)
        free = subjects.candidates(session, person, view.line.id)
    st.html(
        '<p class="ch-muted">Whoever it is about sees no sign of it: not in a list, a number, a '
        "message or the record. It shows only to leads who are not named here.</p>"
    )
    for one in kept:
        _row(person, view, one)
    with st.form("case-subject", border=False, clear_on_submit=True):
        chosen = st.selectbox(
            "Who is it about",
            free,
            index=None,
            format_func=lambda one: cards.markdown_free(one.name),
            key="subject-who",
        )
        because = st.text_input("Because", key="subject-because", max_chars=500)
        sent = st.form_submit_button("Keep it from them", type="primary")
    if sent:
        nobody = subjects.Somebody("", None, None)
        subjects.name_subject(
            door.house().store, person, view.line.id, view.version, chosen or nobody, because or ""
        )
        if chosen is not None and chosen.account_id == person.user_id:
            door.say("You see it no more", "It is with the other leads now.")
            door.go("cases")
        door.say("It is kept from them", "If that was a mistake, it can be put right here.")
        st.rerun()


def _row(person: Viewer, view: CaseView, one: subjects.KeptOut) -> None:
    said = f"{_WHY[one.why]}; since {words.when(one.at, door.timezone())}"
    by = f"by {one.by_name}" if one.by_name else "by the program"
    account = "" if one.has_account else "has no account"
    st.html(
        f'<p class="ch-snippet"><strong>{cards.plain(one.name)}</strong></p>'
        + cards.line(said, by, account)
    )
    with (
        st.popover("This is a mistake", key=f"lift-{one.id}"),
        st.form(f"lift-form-{one.id}", border=False),
    ):
        because = st.text_input("Because", key=f"lift-because-{one.id}", max_chars=500)
        sent = st.form_submit_button("Let them see it again")
    if sent:
        subjects.lift(door.house().store, person, view.line.id, view.version, one.id, because or "")
        door.say("It is no longer kept from them")
        st.rerun()
