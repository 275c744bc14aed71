"""The record: every line of what anybody did, newest first, and whether the chain holds."""

import streamlit as st

from casework import audit
from dashboard import cards, door, words
from models.vocabulary import Role, Viewer

_SAID = {
    "alert.wanted": "Alert to the lead wanted",
    "case.acknowledged": "Case acknowledged",
    "case.about_staff": "Case: about staff or not",
    "case.closed": "Case closed",
    "case.entry_added": "Line added to a case",
    "case.opened": "Case opened",
    "case.referred": "Referral recorded",
    "case.reopened": "Case opened again",
    "case.threshold": "Threshold decided",
    "case.listed": "Cases looked through",
    "case.subject_lifted": "Case: no longer kept from somebody",
    "case.subject_named": "Case: kept from whom it is about",
    "case.viewed": "Case looked at",
    "item.claimed": "Item taken",
    "item.answer": "Question answered",
    "item.escalate": "Escalated to the lead",
    "item.filed": "Put in the queue",
    "item.hide": "Decided: hide",
    "item.keep": "Decided: keep",
    "item.question": "Help asked for",
    "item.recused": "Kept from somebody whom it concerns",
    "item.released": "Item let go of",
    "item.remove": "Decided: remove",
    "item.reopened": "Back in the queue",
    "item.reported": "Post put before a person",
    "item.unhide": "Decided: show again",
    "item.viewed": "Item looked at",
    "person.created": "Account made",
    "person.credentials_set": "Password and authenticator set",
    "person.deactivated": "Account switched off",
    "person.email_changed": "E-mail address changed",
    "person.invited": "Invitation made",
    "person.reactivated": "Account switched on",
    "person.roles_changed": "Roles changed",
    "policy.applied": "Policy applied",
    "session.begun": "Signed in",
    "session.ended": "Signed out",
    "session.tried": "Sign-in tried",
    "session.refused": "Sign-in refused",
}


@door.screen("record")
def show(person: Viewer) -> None:
    """A page of lines, and the check."""
    st.title("Record", anchor=False)
    st.html(
        '<p class="ch-muted">Lines are only ever added. Each carries a sum over itself and the '
        "line before it, so a changed or missing line shows.</p>"
    )
    store = door.house().store
    if person.has(Role.LEAD) and st.button("Check the whole record"):
        with store.read() as session:
            found = audit.verify_for(session, person)
        if found.broken_at is None:
            st.html(
                cards.note("The record is whole", f"{words.counted(found.lines, 'line')} checked.")
            )
        else:
            st.html(cards.note("The record has been tampered with", found.why, tone="danger"))
    number = st.session_state.get("record_page", 1)
    with store.read() as session:
        page = audit.lines(session, person, number)
    rows = [_row(line) for line in page.lines]
    st.html(cards.table(("Line", "When", "Who", "What", "About", "Details"), rows))
    _pages(page)


def _row(line: audit.Line) -> tuple[str, ...]:
    said = _SAID.get(line.what, line.what.replace(".", ": ").replace("_", " ").capitalize())
    details = ", ".join(
        f"{key.replace('_', ' ')} {_plain(value)}" for key, value in sorted(line.details.items())
    )
    when = words.when(line.at, door.timezone())
    about = line.subject.replace(":", " ")
    return (str(line.id), when, line.actor or "Chaperone", said, about, details)


def _plain(value: object) -> str:
    """A detail as people read it; a hash is cut to what can be compared by eye."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(str(each) for each in value)
    text = str(value)
    return f"{text[:12]}…" if len(text) == 64 and text.isalnum() else text.replace("_", " ")


def _pages(page: audit.Lines) -> None:
    pages = -(-page.total // audit.LINES_A_PAGE)
    if pages < 2:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Newer", disabled=page.number == 1):
            st.session_state["record_page"] = page.number - 1
            st.rerun()
        if st.button("Older", disabled=page.number >= pages):
            st.session_state["record_page"] = page.number + 1
            st.rerun()
        st.html(cards.line(f"Page {page.number} of {pages}, {page.total:,} lines"))
