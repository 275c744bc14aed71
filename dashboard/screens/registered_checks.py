"""For the lead: when somebody's enhanced DBS check was seen, and when it is due again (C51).

Two days and nothing else. A certificate is not kept, so there is no place for its number.
"""

from datetime import date

import streamlit as st

from casework import staff_checks
from casework.ages import day_of
from casework.register_view import PersonView
from casework.staff_checks import Check, Lacks
from dashboard import cards, door, people_words
from models.register_words import RegisterRole
from models.vocabulary import Viewer, now

OURS = frozenset({RegisterRole.STAFF, RegisterRole.VOLUNTEER})

_SAID = {
    Lacks.MISSING: "None is written down.",
    Lacks.DUE: "It is due soon.",
    Lacks.OVER: "It is out of date.",
}


def show(person: Viewer, view: PersonView) -> None:
    """The two days, and a form to change them. Nothing for who is neither staff nor volunteer."""
    who = view.person
    if not who.roles & OURS:
        return
    today = day_of(now(), door.timezone())
    with door.house().store.read() as session:
        check = staff_checks.check_of(session, person, who.id)
    name = people_words.CHECKS.get(door.house().organisation.nation, people_words.CHECK)
    st.subheader(name, anchor=False)
    if check is not None:
        st.html(
            cards.facts(
                [
                    ("Seen on", people_words.day(check.checked_on)),
                    ("Renew by", people_words.day(check.renew_on)),
                ]
            )
        )
    what = staff_checks.lacks(check, today)
    if what is not None:
        st.html(cards.line(_SAID[what], tone="plain"))
    with st.popover("Write down a check", key="check-new"):
        _form(person, view, check, today)


def _form(person: Viewer, view: PersonView, check: Check | None, today: date) -> None:
    st.html(cards.line("Only what you have seen yourself. Do not keep a copy of the certificate."))
    store = door.house().store
    with st.form("check-form", border=False):
        seen = st.date_input(
            "Seen on",
            check.checked_on if check else today,
            max_value=today,
            format="DD/MM/YYYY",
            key="check-seen",
        )
        renew = st.date_input(
            f"Renew by (empty: after {staff_checks.YEARS} years)",
            None,
            max_value=date(today.year + 20, 12, 31),
            format="DD/MM/YYYY",
            key="check-renew",
        )
        sent = st.form_submit_button("Save the check", type="primary")
    if sent and isinstance(seen, date):
        staff_checks.set_check(
            store,
            person,
            view.person.id,
            seen,
            renew if isinstance(renew, date) else None,
            timezone=door.timezone(),
        )
        door.say("The check is written down")
        st.rerun()
    if check is not None and st.button("Take it away: it was a mistake", key="check-drop"):
        staff_checks.drop_check(store, person, view.person.id)
        door.say("It is taken away")
        st.rerun()
