"""Adding posts by hand: one that somebody saw somewhere, or a whole exported file."""

import tempfile
from datetime import date, datetime, time
from pathlib import Path

import streamlit as st
from sqlalchemy import select

from casework import audit, watch
from casework.watch import SourceView
from collector.connector import IncomingPost
from collector.connectors.paste import PasteConnector, pasted_post
from collector.polling import Polled, store_posts
from dashboard import cards, door, words
from dashboard.theme import MAX_UPLOAD_MB
from models.tables import Source
from models.vocabulary import Viewer, now

FILES = ("txt", "zip", "csv", "jsonl")
"""What can be handed in. Of a zip only the text is ever opened."""

FROM_FILES = frozenset({"whatsapp", "csv", "jsonl"})
"""Connectors whose posts come out of a file."""

LONGEST = 50_000
"""Characters of one post."""


@door.screen("add")
def show(person: Viewer) -> None:
    """Two ways in, each on its own tab."""
    st.title("Add a post", anchor=False)
    door.said()
    with door.house().store.read() as session:
        places = [one for one in watch.sources(session, person) if one.enabled]
    one, many = st.tabs(["One post", "An exported file"])
    with one:
        _one(person, [place for place in places if place.connector == PasteConnector.name])
    with many:
        _file(person, [place for place in places if place.connector in FROM_FILES])


def _one(person: Viewer, places: list[SourceView]) -> None:
    if not places:
        st.html(
            cards.note(
                "No place takes posts by hand yet",
                'Add one to config.toml with connector = "paste", then start again.',
            )
        )
        return
    with st.form("one-post", border=False):
        place = st.selectbox("Where it was seen", places, format_func=_label, key="add-place")
        text = st.text_area(
            "Its words, exactly as they stand", key="add-text", max_chars=LONGEST, height=160
        )
        author = st.text_input("Who wrote it, as shown there", key="add-author", max_chars=300)
        day_box, time_box = st.columns(2)
        here = now().astimezone(words.zone(door.timezone()))
        day = day_box.date_input("Day", here.date(), max_value=here.date(), format="DD/MM/YYYY")
        hour = time_box.time_input("Time", here.time(), step=60)
        link = st.text_input("Its address, if it has one", key="add-link", max_chars=2000)
        sent = st.form_submit_button("Add it", type="primary")
    st.html(cards.line("Words only: pictures and videos are never kept here."))
    if not sent or place is None:
        return
    posted = _moment(day, hour, here)
    incoming = pasted_post(text or "", link=link or "", author=author or "", posted_at=posted)
    _store(person, place, incoming)
    door.say("It is added", "The checks read it in a moment; see All posts.")
    st.rerun()


def _label(place: SourceView) -> str:
    return cards.markdown_free(place.label)


def _moment(day: object, hour: object, here: datetime) -> datetime:
    if not isinstance(day, date) or not isinstance(hour, time):
        return here
    return min(datetime.combine(day, hour, tzinfo=here.tzinfo), here)


def _store(person: Viewer, place: SourceView, incoming: IncomingPost) -> Polled:
    with door.house().store.write() as session:
        source = session.scalars(select(Source).where(Source.id == place.id)).one()
        polled = store_posts(session, source, [incoming], [], now)
        audit.record(session, person.user_id, "post.added", f"source:{place.id}", new=polled.new)
        session.commit()
    return polled


def _file(person: Viewer, places: list[SourceView]) -> None:
    if not places:
        st.html(
            cards.note(
                "No place takes files yet",
                'Add one to config.toml with connector = "whatsapp", "csv" or "jsonl".',
            )
        )
        return
    place = st.selectbox("Which place it is from", places, format_func=_label, key="file-place")
    upload = st.file_uploader(
        f"The file ({', '.join(FILES)}; {MAX_UPLOAD_MB} MB at most)", type=FILES, key="file-upload"
    )
    st.html(cards.line("What is stored already is not stored twice. Pictures are never opened."))
    if place is None or upload is None or not st.button("Read it in", type="primary"):
        return
    from chaperone.importing import import_file

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"export{Path(upload.name).suffix.lower()}"
        path.write_bytes(upload.getvalue())
        polled = import_file(door.house(), place.name, path)
    with door.house().store.write() as session:
        subject = f"source:{place.id}"
        audit.record(session, person.user_id, "file.imported", subject, new=polled.new)
        session.commit()
    posts = words.counted(polled.new, "new post")
    changed = words.counted(polled.edited, "changed one")
    st.html(cards.note("The file is read in", f"{posts}, {changed}.", *polled.notes))
