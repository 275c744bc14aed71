"""How long a case is kept: its period, a hold, and the deletion that takes two people."""

import streamlit as st

from casework import case_deletion, case_keeping
from casework.case_keeping import Kept
from casework.cases import CaseView
from dashboard import cards, door, words
from models.vocabulary import CaseState, Viewer


def draw(person: Viewer, view: CaseView) -> None:
    """What holds for this case, then what the lead can do about it."""
    house = door.house()
    with house.store.read() as session:
        kept = case_keeping.kept(session, person, view.line.id, house.settings.keeping)
        asked = case_deletion.asked(session, person, view.line.id)
    if kept.erased_at is not None:
        when = words.long_when(kept.erased_at, door.timezone())
        by, second = kept.erased_by
        st.html(
            cards.note(
                f"Deleted on {when}",
                f"{by} asked, {second} agreed. Its words are gone; its number and dates stay.",
            )
        )
        return
    st.html(cards.line(_until(kept), tone="plain"))
    _hold(person, view, kept)
    if view.line.state is CaseState.CLOSED:
        _deletion(person, view, kept, asked)


def _until(kept: Kept) -> str:
    if kept.until is None:
        return "It is kept while it is open. Its period begins when it is closed."
    when = words.long_when(kept.until, door.timezone())
    if kept.over:
        return f"Its period ended on {when}. It stays until two people have it deleted."
    return f"It is kept until {when}. Nothing is deleted by itself after that."


def _hold(person: Viewer, view: CaseView, kept: Kept) -> None:
    """Put it on hold, or end the hold; each with a reason that stands in the chronology."""
    held = kept.held_at is not None
    if held:
        st.html(
            cards.note(
                "On hold: nothing of it is deleted",
                f"By {kept.held_by}, {words.when(kept.held_at, door.timezone())}: {kept.held_why}",
            )
        )
    label = "End the hold" if held else "Put it on hold"
    with (
        st.popover(label, key="case-hold"),
        st.form("case-hold-form", border=False),
    ):
        st.html(
            cards.line(
                "For a court, the police, an inquiry or a claim. It comes before every period."
            )
        )
        why = st.text_input("Because", key="case-hold-why", max_chars=case_keeping.LONGEST_WHY)
        sent = st.form_submit_button(label, type="primary")
    if sent:
        change = case_keeping.release if held else case_keeping.hold
        change(door.house().store, person, view.line.id, view.version, why or "")
        door.say("The hold is ended" if held else "It is on hold")
        st.rerun()


def _deletion(
    person: Viewer, view: CaseView, kept: Kept, asked: case_deletion.Asked | None
) -> None:
    """Ask a second person, or see how they answered."""
    if asked is not None and asked.answered_at is None:
        when = words.when(asked.asked_at, door.timezone())
        st.html(
            cards.note(
                "Somebody is asked to agree that it is deleted",
                f"{asked.second}, since {when}. They find it under Tasks.",
            )
        )
        if st.button("Take the request back", key="case-delete-back"):
            case_deletion.take_back(door.house().store, person, view.line.id)
            door.say("The request is taken back", "Nothing was deleted.")
            st.rerun()
        return
    if asked is not None:
        when = words.when(asked.answered_at, door.timezone())
        st.html(cards.note(f"{asked.second} did not agree, {when}", asked.words))
    if kept.over and kept.held_at is None:
        with st.popover("Delete this case", key="case-delete"):
            _ask(person, view)


def _ask(person: Viewer, view: CaseView) -> None:
    house = door.house()
    st.html(
        cards.note(
            "Delete the words of this case for good?",
            "Its lines, its referrals' details, the post, its evidence and its notes lose their "
            "words. It cannot be undone.",
            "It takes two people. Whoever agrees sees the reference, the dates and your reason, "
            "and nothing else of the case.",
            tone="warn",
        )
    )
    with house.store.read() as session:
        able = dict(case_deletion.seconds(session, person, view.line.id))
    if not able:
        st.html(cards.line("There is nobody to agree: no other lead, and no trustee."))
        return
    with st.form("case-delete-form", border=False):
        second = st.selectbox(
            "Who has to agree",
            list(able),
            index=None,
            format_func=lambda one: cards.markdown_free(able[one]),
            key="case-delete-second",
        )
        why = st.text_input(
            "Because (write no name)", key="case-delete-why", max_chars=case_keeping.LONGEST_WHY
        )
        sent = st.form_submit_button("Ask them", type="primary")
    if sent:
        case_deletion.ask(
            house.store,
            person,
            view.line.id,
            view.version,
            second or 0,
            why or "",
            house.settings.keeping,
        )
        door.say("They are asked", "Nothing is deleted until they agree.")
        st.rerun()
