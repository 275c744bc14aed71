"""Who is told after a decision, and in which words: shown before it is taken, and editable."""

import streamlit as st

from casework import notices
from casework.views import ItemView
from dashboard import cards

WHO = {
    "author": "The author",
    "public": "Everybody who reads there",
    "affected": "Somebody it was about",
}


def ask(view: ItemView, notice: notices.NoticePreview) -> notices.Tell:
    """One party: told or not, and the very words. Without a tick the reason is asked for."""
    key = f"{view.item_id}-{notice.to}"
    with st.container(border=True, key=f"tell-box-{key}"):
        told = st.checkbox(
            f"Tell them: {WHO.get(notice.to, notice.to)}",
            value=notice.to != "affected",
            key=f"tell-{key}",
        )
        if not told:
            why = st.text_input(
                "Why they are not told",
                key=f"why-{key}",
                placeholder="For the record",
                max_chars=200,
            )
            return notices.Tell(notice.to, not_told=why or "Decided not to tell them.")
        name = ""
        if "{name}" in notice.text:
            name = st.text_input("Their name", key=f"name-{key}", max_chars=120) or ""
        text = st.text_area(
            "In these words",
            value=notice.text,
            key=f"text-{key}",
            max_chars=notices.LONGEST,
            height="content",
        )
        final = notices.fill(text or "", place=view.source_label, name=name)
        if final != text:
            st.html(f'<div class="ch-message">{cards.plain(final)}</div>')
        gap = notices.gap_in(final)
        st.html(cards.line(notice.how))
        if gap:
            st.html(
                cards.line(f"Fill in {gap} first: a text with a gap is never sent.", tone="danger")
            )
        return notices.Tell(notice.to, name=name, text=text or "")
