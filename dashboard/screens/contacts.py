"""Contact between staff and children: writing one down, and for the lead what each one lacks."""

from datetime import date, datetime, time

import streamlit as st

from casework import contacts
from casework.contact_rules import CHILD, CLAUSES, STAFF, Fault
from casework.register import RegisteredPerson
from dashboard import cards, door, words
from models.vocabulary import Role, Viewer, now

_LACKS = {
    Fault.NO_CONSENT: "No consent for direct contact is on record",
    Fault.OUT_OF_HOURS: "Outside office hours",
    Fault.NOBODY_COPIED: "Nobody else on staff could read it",
    Fault.NO_PURPOSE: "No purpose is stated",
    Fault.PERSONAL_ADDRESS: "Sent from a private address",
    Fault.UNKNOWN_ADDRESS: "Sent in their name, from an address that is not on the register",
}
_BEGAN = {STAFF: "the member of staff", CHILD: "the child"}


@door.screen("contacts")
def show(person: Viewer) -> None:
    """The form, and below it what was logged."""
    st.title("Contact with children", anchor=False)
    door.said()
    if person.has(Role.LEAD):
        _faulty(person)
    with st.expander("Write a contact down", key="contact-new"):
        _form(person)
    with door.house().store.read() as session:
        found = contacts.contacts(session, person)
    st.subheader("Written down" if person.has(Role.LEAD) else "Written down by you", anchor=False)
    if not found:
        st.html(cards.note("No contact is written down yet", ""))
        return
    st.html(cards.table(("When", "Who", "With", "How", "Begun by", "What for"), _rows(found)))


def _rows(found: tuple[contacts.ContactLine, ...]) -> list[tuple[str, ...]]:
    return [
        (
            words.when(line.at, door.timezone()),
            line.staff,
            line.child,
            line.channel,
            _BEGAN[line.started_by],
            line.purpose or ("not stated" if line.post_id is None else "see the mail"),
        )
        for line in found
    ]


def _faulty(person: Viewer) -> None:
    """What the lead has to look at; a contact of the viewer's own is not among it."""
    with door.house().store.read() as session:
        waiting = contacts.contacts(session, person, faulty=True)
    for line in waiting:
        with st.container(border=True, key=f"contact-{line.id}", gap="xsmall"):
            said = "".join(
                f'<p class="ch-snippet">{cards.plain(_LACKS[each])} ({CLAUSES[each]})</p>'
                for each in line.faults
            )
            st.html(
                f'<p class="ch-snippet"><strong>{cards.plain(line.staff)} with '
                f"{cards.plain(line.child)}</strong></p>"
                + said
                + cards.line(
                    words.when(line.at, door.timezone()),
                    line.channel,
                    f"begun by {_BEGAN[line.started_by]}",
                )
            )
            if line.post_id is not None:
                st.html(
                    cards.line(
                        "Seen in a mail. Its sender can be forged, and hidden copies cannot be "
                        "seen."
                    )
                )
                door.link("posts", "Open the mail", post=str(line.post_id))
            if st.button("I have looked at it", key=f"contact-seen-{line.id}"):
                contacts.mark_seen(door.house().store, person, line.id)
                st.rerun()


def _form(person: Viewer) -> None:
    house = door.house()
    with house.store.read() as session:
        staff, young = contacts.choices(session, person, house.organisation)
    if not staff or not young:
        st.html(
            cards.note(
                "The register has nobody to choose from yet",
                "It needs a member of staff or a volunteer, and a child.",
            )
        )
        return
    here = now().astimezone(words.zone(door.timezone()))
    with st.form("contact", border=False, clear_on_submit=True):
        who = st.selectbox("Member of staff or volunteer", staff, index=None, format_func=_named)
        child = st.selectbox("Child", young, index=None, format_func=_named)
        day_box, time_box = st.columns(2)
        day = day_box.date_input("Day", here.date(), max_value=here.date(), format="DD/MM/YYYY")
        hour = time_box.time_input("Time", here.time(), step=60)
        how = st.selectbox("How", contacts.CHANNELS)
        began = st.radio("Who began it", list(_BEGAN), format_func=_BEGAN.__getitem__)
        purpose = st.text_input("What for", max_chars=contacts.LONGEST)
        copied = st.number_input("How many other staff could read it", 0, 50, 0)
        sent = st.form_submit_button("Write it down", type="primary")
    if not sent:
        return
    moment = here
    if isinstance(day, date) and isinstance(hour, time):
        moment = min(datetime.combine(day, hour, tzinfo=here.tzinfo), here)
    new = contacts.NewContact(
        staff_id=who.id if who else 0,
        child_id=child.id if child else 0,
        at=moment,
        channel=how or "",
        started_by=began or "",
        purpose=purpose or "",
        copied=int(copied or 0),
    )
    contacts.log_contact(house.store, person, new, house.organisation)
    door.say("It is written down")
    st.rerun()


def _named(person: RegisteredPerson | str) -> str:
    """The masked name as a label; what is a label already stays one."""
    return person if isinstance(person, str) else cards.markdown_free(person.masked)
