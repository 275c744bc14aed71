"""The weekly digest as it would be sent now: counts and ages, never a name or a word."""

import streamlit as st

from casework import digest
from dashboard import cards, door, words
from models.vocabulary import Role, Viewer

_HAVE_ONE = (Role.MONITOR, Role.LEAD, Role.TRUSTEE)


@door.screen("digest")
def show(person: Viewer) -> None:
    """A preview for each of the person's roles."""
    st.title("Weekly digest", anchor=False)
    st.html(
        '<p class="ch-muted">This is what your own e-mail would say if it left now. It holds '
        "counts and ages only.</p>"
    )
    roles = [role for role in _HAVE_ONE if person.has(role)]
    role = roles[0]
    if len(roles) > 1:
        role = st.segmented_control(
            "As", roles, default=roles[0], format_func=words.ROLES.__getitem__, required=True
        )
    house = door.house()
    address = house.settings.web.public_address
    message = digest.preview(house.store, person, role, house.organisation, address)
    st.subheader(cards.markdown_free(message.subject), anchor=False)
    st.html(f'<div class="ch-message">{cards.plain(message.text)}</div>')
