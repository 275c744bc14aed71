"""For the lead: whose account an entry's is; and what a person may ask about their own data.

The lead alone does either (casework/subject_access.py, casework/erasure.py). The export is for the
person: everybody else in it is masked, and what a case holds is left out. Erasing takes two people.
"""

import json

import streamlit as st

from casework import erasure, register_account, subject_access
from casework.register_view import PersonView
from dashboard import cards, door
from models.register_words import RegisterRole
from models.vocabulary import Viewer

OURS = frozenset({RegisterRole.STAFF, RegisterRole.VOLUNTEER})
"""Roles of those who may have an account."""


def show(person: Viewer, view: PersonView) -> None:
    """All of it, one under the other."""
    _account(person, view)
    st.subheader("What they may ask for", anchor=False)
    _export(person, view)
    _erase(person, view)


def _account(person: Viewer, view: PersonView) -> None:
    """What concerns somebody is kept from the account that is said to be theirs."""
    who = view.person
    with door.house().store.read() as session:
        able = register_account.choices(session, person)
    if who.account_id == person.user_id or not (who.account_id or who.roles & OURS):
        return
    st.subheader("Their account here", anchor=False)
    st.html(
        cards.line(
            "Choose the account with which they sign in here. What concerns them is kept from it, "
            "by every handle of this entry.",
            tone="plain",
        )
    )
    options = [None, *able]
    with st.form("person-account", border=False):
        chosen = st.selectbox(
            "Account",
            options,
            options.index(who.account_id) if who.account_id in options else 0,
            format_func=lambda one: "none" if one is None else cards.markdown_free(able[one]),
            key="p-account",
        )
        sent = st.form_submit_button("Save the account")
    if sent:
        register_account.set_account(door.house().store, person, who.id, chosen)
        door.say("The account is saved")
        st.rerun()


def _export(person: Viewer, view: PersonView) -> None:
    """Made when it is asked for, since a line of the record says that it was."""
    st.html(
        cards.line(
            "Everything that is held about this person, for them. Others are masked. What a case "
            "holds is left out.",
            tone="plain",
        )
    )
    if not st.button("Prepare the export", key="rights-export"):
        return
    held = subject_access.export(door.house().store, person, view.person.id)
    st.download_button(
        "Export what is held",
        json.dumps(held.for_the_person(), ensure_ascii=False, indent=2),
        file_name=f"what-is-held-{view.person.id}.json",
        mime="application/json",
        key="rights-save",
        on_click="ignore",
    )
    if held.left_out:
        st.html(
            cards.note(
                "Cases that are left out",
                "For you alone. Decide for each whether something of it can be given.",
                ", ".join(held.left_out),
                tone="warn",
            )
        )


def _erase(person: Viewer, view: PersonView) -> None:
    with st.popover("Erase this entry", key="rights-erase"):
        st.html(
            cards.note(
                "Erase this entry for good?",
                "The name and everything that belongs to it goes. It cannot be undone.",
                "It takes two people. Choose who has to agree; they find it among their tasks.",
                tone="warn",
            )
        )
        with door.house().store.read() as session:
            able = dict(erasure.seconds(session, person))
        if not able:
            st.html(cards.line("There is nobody to agree: no other lead, and no administrator."))
            return
        second = st.selectbox(
            "Who has to agree",
            list(able),
            index=None,
            format_func=lambda one: cards.markdown_free(able[one]),
            key="rights-second",
        )
        if st.button("Ask them", key="rights-ask", disabled=second is None) and second is not None:
            erasure.ask(door.house().store, person, second, view.person.id)
            door.say("They are asked", "Nothing is erased until they agree.")
            st.rerun()
