"""What every screen starts with: the house it works in, the person before it, and what it does
when something is refused.

The house is set once per process by the server (and by tests); Streamlit runs the screens in
threads of the same process.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, NoReturn, TypeVar

import streamlit as st

from casework import sessions
from dashboard import cards, plain_pages
from dashboard.addresses import SCREENS
from dashboard.gate import COOKIE
from dashboard.theme import place
from models.errors import (
    ChaperoneError,
    LookAgain,
    MendInput,
    NeedsOperator,
    NotYours,
    Refused,
    RetryLater,
)
from models.vocabulary import Viewer

if TYPE_CHECKING:
    from streamlit.navigation.page import Page

    from chaperone.wiring import House

T = TypeVar("T")
log = logging.getLogger(__name__)
_houses: list[House] = []


def open_house(house: House) -> None:
    """From now on every screen of this process works in this house."""
    _houses[:] = [house]


def house() -> House:
    """The house of this process. Raises NeedsOperator before the server has opened one."""
    if not _houses:
        raise NeedsOperator(
            "It was started without its settings.",
            subject="the dashboard",
            cure="Start it with `chaperone up` or `chaperone web`.",
        )
    return _houses[0]


def timezone() -> str:
    """The organisation's time zone, by name."""
    return house().organisation.timezone


def viewer() -> Viewer:
    """The signed-in person, looked up anew on every run; ends the run where there is none."""
    token = st.context.cookies.get(COOKIE, "")
    # The gate has noted the use of the session already; drawing by itself is none.
    found = sessions.viewer_for(house().store, token, counts_as_use=False) if token else None
    if found is None:
        st.html(cards.note("You are signed out", "Sign in to go on."))
        st.html('<p><a href="/sign-in" target="_self">Go to sign-in</a></p>')
        st.stop()
    return found


def not_here() -> None:
    """The one answer for what is missing and for what is not this person's to see."""
    st.html(cards.note(plain_pages.NOT_HERE_TITLE, plain_pages.NOT_HERE))


def screen(address: str) -> Callable[[Callable[[Viewer], None]], Callable[[], None]]:
    """Makes a function into a screen: checks the role, and words every refusal."""
    title, roles = SCREENS[address]

    def dress(draw: Callable[[Viewer], None]) -> Callable[[], None]:
        @wraps(draw)
        def drawn() -> None:
            person = viewer()
            st.session_state["here"] = address
            if not person.roles & roles:
                not_here()
                return
            try:
                draw(person)
            except ChaperoneError as error:
                tell(error)

        drawn.__name__ = address
        drawn.__doc__ = f"The screen {title}."
        return drawn

    return dress


def tell(error: ChaperoneError) -> None:
    """Say an error in its own words, by its remedy."""
    if isinstance(error, NotYours):
        not_here()
        return
    titles = {
        LookAgain: "Look again before you decide",
        Refused: "This cannot be done",
        RetryLater: "Not just now",
        NeedsOperator: "Something has to be mended first",
        MendInput: "This cannot be read as it is",
    }
    title = titles.get(type(error), "This did not work")
    tone = "warn" if isinstance(error, LookAgain | Refused | MendInput) else "danger"
    st.html(cards.note(title, error.what, error.cure, tone=tone))


def went_wrong(error: Exception) -> bool:
    """For whatever nobody expected: the page says that nothing was lost, the log says where."""
    if isinstance(error, ChaperoneError):
        tell(error)
        return True
    log.error("a screen failed: %s at %s", type(error).__name__, place(error))
    st.html(
        cards.note(
            "Something went wrong on this screen",
            "What was stored before is safe. Open the screen again; if it happens again, tell "
            "whoever looks after the installation, with the time.",
            tone="danger",
        )
    )
    return True


def as_drawn(thing: str, present: T) -> T:
    """What a person had before them when they pressed a button: the value of the last drawing.

    Streamlit reads everything anew before it hears of the button; a decision must be bound to
    what was on the screen, not to what came since.
    """
    key = f"drawn-{thing}"
    before: T = st.session_state.get(key, present)
    st.session_state[key] = present
    return before


def say(title: str, *sentences: str, tone: str = "calm") -> None:
    """Keep a word for the top of the next run: what was done, after a screen changed."""
    st.session_state["said"] = (title, sentences, tone)


def said() -> None:
    """Draw what was kept by `say`, once."""
    kept = st.session_state.pop("said", None)
    if kept:
        title, sentences, tone = kept
        st.html(cards.note(title, *sentences, tone=tone))


def keep_pages(pages: Mapping[str, Page]) -> None:
    """Called by the navigation on every run: the links of this run lead to these pages."""
    st.session_state["pages"] = pages


def go(address: str, **query: str) -> NoReturn:
    """Change to another screen, with what stands behind the ? of its address."""
    if st.session_state.get("here") == address:
        st.query_params.from_dict(query)  # switching to the page one is on leaves its address
        st.rerun()
    st.switch_page(st.session_state["pages"][address], query_params=query)


def link(address: str, label: str, **query: str) -> None:
    """A link to another screen. label: our own words, never a platform's."""
    st.page_link(st.session_state["pages"][address], label=label, query_params=query or None)


def asked(name: str) -> int | None:
    """A whole number from the address ("?item=12"), None where it is missing or is no number.

    Nine digits at most: PostgreSQL refuses a longer one with an error of its own.
    """
    value = st.query_params.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 9 else None
