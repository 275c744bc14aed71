"""The register: everybody whom the organisation has to know, masked, with a search."""

import streamlit as st

from casework import register_edit, register_view
from casework.register_edit import Details
from casework.register_view import ListLine, ListPage
from dashboard import cards, door, people_words, words
from models.register_words import RegisterRole, Standing
from models.vocabulary import Viewer

EVERYBODY, CHILDREN, ADULTS = "Everybody", "Children", "Adults"


@door.screen("register")
def show(person: Viewer) -> None:
    """The list, with ways to add somebody."""
    st.title("Register", anchor=False)
    st.html(
        '<p class="ch-muted">Your own people: who is a child, who may be named, who belongs to '
        "whom. Names are cut short here. Opening a child's entry is noted in the record.</p>"
    )
    door.said()
    with st.container(horizontal=True, vertical_alignment="center", key="register-ways"):
        door.link("import", "Import a file")
        with st.popover("Add somebody", key="register-add"):
            _add(person)
    page = _find(person)
    if not page.lines:
        _nobody()
    for line in page.lines:
        _line(line)
    _pages(page)


def _find(person: Viewer) -> ListPage:
    left, middle, right = st.columns([3, 2, 2], vertical_alignment="bottom")
    search = left.text_input(
        "Search", key="register_search", placeholder="Name, handle or booking number", max_chars=200
    )
    who = middle.selectbox("Show", [EVERYBODY, CHILDREN, ADULTS], key="register_who")
    role = right.selectbox(
        "Role",
        [None, *RegisterRole],
        format_func=lambda one: "Any" if one is None else people_words.ROLES[one],
        key="register_role",
    )
    asked = (search, who, role)
    if st.session_state.get("register_asked") != asked:
        st.session_state["register_asked"], st.session_state["register_page"] = asked, 1
    with door.house().store.read() as session:
        return register_view.people(
            session,
            person,
            search=search or "",
            role=role,
            children={CHILDREN: True, ADULTS: False}.get(who or EVERYBODY),
            number=st.session_state.get("register_page", 1),
            timezone=door.timezone(),
        )


def _nobody() -> None:
    if any(st.session_state.get("register_asked", ())[0:1]):
        st.html(cards.note("Nobody is found", "Try a part of the name, or show everybody."))
    else:
        st.html(
            cards.note(
                "Nobody is on the register yet",
                "Import the file of your booking system, or add people one by one.",
            )
        )


def _line(line: ListLine) -> None:
    with st.container(border=True, key=f"person-line-{line.person_id}", gap="xsmall"):
        st.html(
            cards.badges(
                cards.Badge("Do not publish", "danger") if line.do_not_publish else None,
                cards.Badge("Child", "calm") if line.is_child else None,
                cards.Badge("Has left") if line.left else None,
            )
            + f'<p class="ch-snippet"><strong>{cards.plain(line.name)}</strong></p>'
            + cards.line(line.age, ", ".join(people_words.ROLES[role] for role in line.roles))
        )
        door.link("registered", "Open", person=str(line.person_id))


def _pages(page: ListPage) -> None:
    if not page.lines:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if page.number > 1 or page.more:
            if st.button("Earlier in the list", disabled=page.number == 1):
                st.session_state["register_page"] = page.number - 1
                st.rerun()
            if st.button("Further on", disabled=not page.more):
                st.session_state["register_page"] = page.number + 1
                st.rerun()
        st.html(cards.line(words.counted(page.total, "person", "people"), f"page {page.number}"))


def _add(person: Viewer) -> None:
    with st.form("register-add-form", border=False):
        first = st.text_input("First name", key="add-first", max_chars=120)
        last = st.text_input("Last name", key="add-last", max_chars=120)
        born = st.date_input(
            "Date of birth, if you know it",
            value=None,
            min_value=register_edit.EARLIEST_BIRTH,
            max_value="today",
            format="DD/MM/YYYY",
            key="add-born",
        )
        standing = st.selectbox(
            "Child or adult",
            [Standing.UNKNOWN, Standing.CHILD, Standing.ADULT, Standing.ADULT_AT_RISK],
            format_func=people_words.STANDINGS.__getitem__,
            key="add-standing",
        )
        roles = st.multiselect(
            "Roles", list(RegisterRole), format_func=people_words.ROLES.__getitem__, key="add-roles"
        )
        sent = st.form_submit_button("Add to the register", type="primary")
    if sent:
        details = Details(
            first or "", last or "", standing or Standing.UNKNOWN, frozenset(roles), born
        )
        made = register_edit.add_person(door.house().store, person, details)
        door.say("Added to the register", "Now add handles, parents and consents.")
        door.go("registered", person=str(made))
