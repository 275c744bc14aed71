"""Numbers for trustees: how much, how fast and how well watched; never one case or one post."""

import streamlit as st

from casework import group_numbers, queue, watch
from dashboard import cards, door, words
from models.vocabulary import Viewer, now


@door.screen("numbers")
def show(person: Viewer) -> None:
    """The numbers of today."""
    st.title("Numbers", anchor=False)
    with door.house().store.read() as session:
        counts = queue.counts(session, person)
        coverage = watch.coverage(session, person)
        groups = group_numbers.numbers(
            session,
            now(),
            door.timezone(),
            reader=person.user_id,
            ages=door.house().platform_ages,
        )
    overdue = "danger" if counts.overdue else ""
    st.html(
        cards.figures(
            (
                ("waiting", few(counts.waiting), ""),
                ("overdue", few(counts.overdue), overdue),
                ("with the safeguarding lead", few(counts.escalated), ""),
                ("places watched", f"{coverage.watched:,}", ""),
                ("places blind now", f"{coverage.blind:,}", "danger" if coverage.blind else ""),
            )
        )
    )
    held = "danger" if groups.few_holders else ""
    st.html(
        cards.figures(
            (
                ("accounts with fewer than two holders", few(groups.few_holders), held),
                ("groups that are blind", few(groups.blind), "danger" if groups.blind else ""),
                ("members who may be too young", few(groups.reviews), ""),
                ("tasks open", few(groups.tasks), ""),
            )
        )
    )
    if counts.oldest_at is not None:
        waited = words.length(now() - counts.oldest_at)
        st.html(cards.line(f"The oldest has waited {waited}."))
    st.html(
        '<p class="ch-muted">The weekly digest has the week in numbers. Single concerns are not '
        "shown here.</p>"
    )
    door.link("digest", "Open the weekly digest")


def few(number: int) -> str:
    """A number that is too small to point at one person or one concern (practice 7)."""
    return "1 or 2" if number in (1, 2) else f"{number:,}"
