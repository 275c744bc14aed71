"""The sheet of keyboard shortcuts, and the help screen that holds it and says who sees what."""

import streamlit as st

from casework.routes import report_routes
from dashboard import cards, door
from models.vocabulary import Role, Viewer

KEYS = {
    "next": "J",
    "previous": "K",
    "keep": "A",
    "remove": "X",
    "hide": "H",
    "escalate": "E",
    "help": "Q",
    "claim": "M",
    "words": "V",
    "back": "B",
    "first": "N",
    "sheet": "S",
}
"""What each key does. C and R are Streamlit's own, so removal is X."""

_SAID = (
    ("first", "Open the most urgent item of the queue"),
    ("next", "Go to the next item"),
    ("previous", "Go back to the item before"),
    ("claim", "Take the item, or let go of it"),
    ("words", "Show words that are folded away, or fold them again"),
    ("keep", "Keep: choose a reason, then confirm"),
    ("hide", "Hide: choose a reason, see what will happen, then confirm"),
    ("remove", "Remove: choose a reason, see what will happen, then confirm"),
    ("escalate", "Escalate to the safeguarding lead: say why, then confirm"),
    ("help", "Ask for help"),
    ("back", "Back to the queue"),
    ("sheet", "This sheet (also ?)"),
)


def _sheet() -> str:
    rows = "".join(
        f"<tr><td><kbd>{KEYS[what]}</kbd></td><td>{cards.plain(words)}</td></tr>"
        for what, words in _SAID
    )
    return f'<table class="ch-key-sheet"><tbody>{rows}</tbody></table>'


@st.dialog("Keyboard shortcuts")
def _open_sheet() -> None:
    st.html(_sheet())
    st.html(
        '<p class="ch-muted">No key decides anything by itself. A decision always asks for a '
        "reason and for a last yes.</p>"
    )


def sheet_button() -> None:
    """The button in the sidebar that opens the sheet."""
    with st.sidebar:
        if st.button("Keyboard shortcuts", key="shortcuts", type="tertiary", shortcut="S"):
            _open_sheet()


@door.screen("help")
def show(person: Viewer) -> None:
    """How the work goes, in a few sentences, and the keys."""
    st.title("Help", anchor=False)
    if person.has(Role.MONITOR) or person.has(Role.LEAD):
        st.header("How a post is dealt with")
        st.html(
            cards.steps(
                "From the queue to the receipt",
                (
                    "Open an item. Everything that made it stand out is marked and explained.",
                    "Choose what to do and why. Nothing is hidden or removed before you say so.",
                    "Before a removal you see what will happen and what will be said to whom.",
                    "The words are kept as evidence first, then the platform is asked.",
                    "The receipt says confirmed once the post is really gone.",
                ),
            )
        )
        st.header("If somebody is in danger now")
        st.html(
            cards.note(
                "Call 999 first",
                "Then tell the safeguarding lead. No form here comes before that call.",
                tone="danger",
            )
        )
        st.header("Where a concern can be reported", anchor=False)
        routes = report_routes(door.house().organisation.nation)
        rows = [(each.what, each.where, each.phone.replace(" ", "\u00a0")) for each in routes]
        st.html(cards.table(("What", "Where", "Telephone"), rows))
        oldest = min((each.checked_on for each in routes), default="")
        st.html(cards.line(f"Numbers change. These were last checked in {oldest}."))
    st.header("Keyboard shortcuts")
    st.html(_sheet())
    st.header("Who sees what")
    st.html(
        cards.facts(
            (
                ("Monitor", "The queue, but nothing that is the safeguarding lead's."),
                ("Safeguarding lead", "Everything."),
                ("Trustee", "Numbers only."),
                ("Administrator", "Accounts and sources, and no post."),
            )
        )
    )
