"""The script that Streamlit runs: the navigation by role, and the screen that was asked for."""

import streamlit as st

from casework import alerts, nobody_left
from dashboard import cards, door
from dashboard.addresses import SCREENS, SECTIONS, SIGN_OUT, first_screen
from dashboard.screens import (
    accounts,
    add,
    cases,
    contacts,
    digest,
    groups,
    item,
    members,
    numbers,
    people,
    posts,
    queue,
    record,
    register,
    register_import,
    registered,
    removals,
    shortcuts,
    sources,
    tasks,
)
from dashboard.words import ROLES
from models.vocabulary import Role, Viewer

_DRAWN = {
    "queue": queue.show,
    "item": item.show,
    "posts": posts.show,
    "removals": removals.show,
    "add": add.show,
    "cases": cases.show,
    "case": cases.show_one,
    "members": members.show,
    "groups": groups.show,
    "accounts": accounts.show,
    "register": register.show,
    "registered": registered.show,
    "import": register_import.show,
    "tasks": tasks.show,
    "contacts": contacts.show,
    "sources": sources.show,
    "numbers": numbers.show,
    "digest": digest.show,
    "people": people.show,
    "record": record.show,
    "help": shortcuts.show,
}


def _pages(person: Viewer) -> dict[str, st.Page]:
    """Every screen has an address; those of other roles are not listed, and answer "not here"."""
    pages = {"": st.Page(_start, title="Start", default=True, visibility="hidden")}
    listed = {address for addresses in SECTIONS.values() for address in addresses}
    for address, draw in _DRAWN.items():
        title, roles = SCREENS[address]
        seen = bool(person.roles & roles) and address in listed
        pages[address] = st.Page(
            draw, title=title, url_path=address, visibility="visible" if seen else "hidden"
        )
    return pages


def _menu(pages: dict[str, st.Page]) -> dict[str, list[st.Page]]:
    """The pages under their headings; those that are reached by links only stand under none."""
    menu = {head: [pages[one] for one in addresses] for head, addresses in SECTIONS.items()}
    listed = {address for addresses in SECTIONS.values() for address in addresses}
    return {"": [page for address, page in pages.items() if address not in listed], **menu}


def _start() -> None:
    """The start page: on to the first screen of the person's role."""
    door.go(first_screen(door.viewer()))


def _who(person: Viewer) -> None:
    """The foot of the sidebar: who is signed in, as what, and the way out."""
    roles = ", ".join(ROLES[role] for role in Role if person.has(role))
    with st.sidebar:
        st.html(
            f'<div class="ch-who"><strong>{cards.plain(person.name)}</strong><br>'
            f'<span class="ch-muted">{cards.plain(roles)}</span><br>'
            f'<a href="{SIGN_OUT}" target="_self">Sign out</a></div>'
        )


def _without_lead(person: Viewer) -> None:
    """While nobody is the safeguarding lead, everybody who signs in is told (C55); and while
    nobody may decide something, those who are not kept from it (practice 4.14)."""
    house = door.house()
    with house.store.read() as session:
        said = alerts.no_lead_notice(session, house.organisation, person.user_id)
        stuck = nobody_left.stuck(session, person, house.organisation)
    if said:
        st.html(cards.note("Nobody is the safeguarding lead", said, tone="danger"))
    if stuck:
        st.html(cards.note("Nobody here may decide something that waits", *stuck.said))


def main() -> None:
    """One run of the script."""
    st.set_page_config(page_title="Chaperone", layout="wide", page_icon=None)
    person = door.viewer()
    with st.sidebar:
        st.html(f'<p class="ch-org">{cards.plain(door.house().organisation.name)}</p>')
    pages = _pages(person)
    chosen = st.navigation(_menu(pages), position="sidebar", expanded=True)
    door.keep_pages(pages)
    _who(person)
    shortcuts.sheet_button()
    _without_lead(person)
    chosen.run()


main()
