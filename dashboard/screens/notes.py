"""What people said to each other about an item, and the lead's answer to a question."""

import streamlit as st

from casework import items
from casework.views import ItemView
from dashboard import cards, door, words
from models.vocabulary import Role, Viewer

_KINDS = {"report": "Reported", "question": "Asked for help", "answer": "Answer"}


def draw(person: Viewer, view: ItemView) -> None:
    """The notes in order; under an open question the lead finds a place to answer."""
    for note in view.notes:
        who = note.by_name or "Somebody"
        at = words.when(note.at, door.timezone())
        st.html(cards.note(f"{_KINDS.get(note.kind, 'Note')}: {who}, {at}", note.text))
    if not (view.help_wanted and person.has(Role.LEAD)):
        return
    with st.form("answer"):
        said = st.text_area("Your answer", max_chars=items.LONGEST_NOTE, key="answer-words")
        sent = st.form_submit_button("Answer", type="primary")
    if sent:
        items.answer_help(door.house().store, person, view.item_id, said or "")
        st.rerun()
