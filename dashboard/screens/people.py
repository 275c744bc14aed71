"""Accounts, for an administrator: who there is, new invitations, roles, switching off."""

import streamlit as st

from casework import people
from dashboard import cards, door, words
from dashboard.addresses import INVITE
from models.vocabulary import Role, Viewer


@door.screen("people")
def show(person: Viewer) -> None:
    """The list, then one account at a time."""
    st.title("People", anchor=False)
    door.said()
    _link()
    with door.house().store.read() as session:
        found = people.list_people(session, person)
    for line in found:
        _person(person, line)
    _invite_somebody(person)


def _link() -> None:
    """A fresh one-time link, shown once."""
    fresh = st.session_state.pop("fresh_link", None)
    if fresh is None:
        return
    name, link = fresh
    st.html(
        cards.note(
            f"A one-time link for {name}",
            "It works once, for seven days. Give it to this person only, by a safe way.",
        )
    )
    st.code(link, language=None, wrap_lines=True)


def _make_link(by: Viewer, person_id: int, name: str) -> None:
    token = people.invite(door.house().store, person_id, by)
    address = door.house().settings.web.public_address.rstrip("/")
    st.session_state["fresh_link"] = (name, f"{address}{INVITE}{token}")


def _state(line: people.PersonLine) -> cards.Badge:
    if not line.active:
        return cards.Badge("Switched off")
    if line.waiting_until is not None:
        at = words.when(line.waiting_until, door.timezone())
        return cards.Badge(f"Too many wrong tries: waits until {at}", "warn")
    if not line.ready:
        return cards.Badge("Has not set up the account yet", "warn")
    return cards.Badge("Can sign in", "calm")


def _person(by: Viewer, line: people.PersonLine) -> None:
    roles = ", ".join(words.ROLES[role] for role in line.roles) or "no role"
    with st.container(border=True, key=f"person-{line.id}", gap="xsmall"):
        st.html(
            f'<p class="ch-snippet"><strong>{cards.plain(line.name)}</strong></p>'
            + cards.line(line.username, roles, line.email)
            + cards.badges(_state(line))
            + (cards.line(line.warning, tone="danger") if line.warning else "")
        )
        with st.expander("Change"):
            _change(by, line)


def _change(by: Viewer, line: people.PersonLine) -> None:
    store = door.house().store
    with st.form(f"roles-{line.id}", border=False):
        roles = st.multiselect(
            "Roles",
            list(Role),
            default=list(line.roles),
            format_func=words.ROLES.__getitem__,
            key=f"roles-of-{line.id}",
            disabled=line.id == by.user_id,
        )
        email = st.text_input("E-mail address", value=line.email, key=f"email-of-{line.id}")
        if st.form_submit_button("Save"):
            if line.id != by.user_id:
                people.set_roles(store, by, line.id, roles)
            people.set_email(store, by, line.id, email or "")
            door.say("Saved", "Somebody whose roles changed has to sign in again.")
            st.rerun()
    with st.container(horizontal=True, key=f"account-{line.id}"):
        if line.active:
            if st.button("Make a new link", key=f"link-{line.id}"):
                _make_link(by, line.id, line.name)
                st.rerun()
            if st.button("Switch off", key=f"off-{line.id}"):
                people.deactivate(store, by, line.id)
                door.say(f"{line.name} is switched off", "Open sessions have ended.")
                st.rerun()
        elif st.button("Switch on", key=f"on-{line.id}"):
            people.reactivate(store, by, line.id)
            door.say(f"{line.name} is switched on", "Make a new link for them.")
            st.rerun()


def _invite_somebody(by: Viewer) -> None:
    st.subheader("Invite somebody", anchor=False)
    with st.form("invite", clear_on_submit=False):
        name = st.text_input("Full name", key="invite-name", max_chars=200)
        username = st.text_input("User name", key="invite-username", max_chars=80)
        email = st.text_input("Their own e-mail address", key="invite-email", max_chars=254)
        roles = st.multiselect(
            "Roles", list(Role), format_func=words.ROLES.__getitem__, key="invite-roles"
        )
        sent = st.form_submit_button("Make the account and its link", type="primary")
    if sent:
        made = people.create_person(
            door.house().store,
            by,
            username=username or "",
            name=name or "",
            email=email or "",
            roles=roles,
        )
        _make_link(by, made, " ".join((name or "").split()))
        st.rerun()
