"""Import people: choose a file, say which column holds what, look at a dry run, then take it in."""

import streamlit as st

from casework import register_import as importing
from casework.register_columns import LABELS, Field, guess
from casework.register_file import MOST_MB, Sheet, read_sheet
from casework.register_import import Imported
from dashboard import cards, door, words
from models.vocabulary import Viewer

LEFT_OUT = ""
SHOWN_REJECTS = 50


@door.screen("import")
def show(person: Viewer) -> None:
    """Three steps on one page; nothing is stored before the last."""
    if st.button("Register", icon=":material/arrow_back:", type="tertiary", key="import-back"):
        door.go("register")
    st.title("Import people", anchor=False)
    st.html(
        '<p class="ch-muted">The CSV file of your booking system. The same file may be imported '
        "again: people are found by their booking number, else by name and date of birth.</p>"
    )
    door.said()
    _finished()
    upload = st.file_uploader(
        f"The file (CSV, {MOST_MB} MB at most)",
        type=["csv", "txt"],
        key="people-file",
        max_upload_size=MOST_MB,
    )
    if upload is None:
        return
    sheet = read_sheet(upload.getvalue())
    for note in sheet.notes:
        st.html(cards.note("Please look", note, tone="warn"))
    mapping = _mapping(sheet, upload.file_id)
    told = _dry_run(person, sheet, mapping, upload.file_id)
    if told is not None:
        _told(told)
        _take_in(person, sheet, mapping, told)


def _mapping(sheet: Sheet, file_id: str) -> dict[str, str]:
    """Each heading with what it is taken for; the person may change it."""
    st.subheader("1. Which column holds what", anchor=False)
    st.html(cards.line("A first guess. Columns that are left out are not stored anywhere."))
    guessed = guess(sheet.headings)
    options = [LEFT_OUT, *(field.value for field in Field)]
    chosen: dict[str, str] = {}
    with st.container(key="import-columns"):
        columns = st.columns(2)
        for place, heading in enumerate(sheet.headings):
            picked = columns[place % 2].selectbox(
                cards.markdown_free(heading),
                options,
                options.index(guessed[heading]),
                format_func=lambda one: LABELS[Field(one)] if one else "Leave out",
                key=f"column-{file_id}-{place}",
            )
            chosen[heading] = picked or LEFT_OUT
    return chosen


def _dry_run(
    person: Viewer, sheet: Sheet, mapping: dict[str, str], file_id: str
) -> Imported | None:
    """What would happen, once asked for; asked anew when the mapping changes."""
    st.subheader("2. See what would happen", anchor=False)
    asked = (file_id, tuple(mapping.items()))
    if st.button("Try it without storing anything", type="primary", key="import-try"):
        with st.spinner("Reading the rows"):
            told = importing.import_sheet(
                door.house().store, person, sheet, mapping, dry_run=True, timezone=door.timezone()
            )
        st.session_state["import_tried"] = (asked, told)
    tried = st.session_state.get("import_tried")
    return tried[1] if tried is not None and tried[0] == asked else None


def _told(told: Imported) -> None:
    rejected = len(told.rejects)
    st.html(
        cards.figures(
            [
                ("added" if not told.dry_run else "would be added", str(told.added), ""),
                ("changed", str(told.changed), ""),
                ("unchanged", str(told.unchanged), ""),
                ("rejected", str(rejected), "warn" if rejected else ""),
            ]
        )
        + cards.line(
            words.counted(told.parents, "parent"),
            words.counted(told.consents, "answer about consent", "answers about consent"),
            f"{told.withdrawn} left out because they were withdrawn here since"
            if told.withdrawn
            else "",
        )
    )
    if not rejected:
        return
    st.html(
        cards.table(
            ("Row", "Column", "Why it is rejected", "What to do"),
            [(str(one.row), one.column or "whole row", one.why, one.cure)
             for one in told.rejects[:SHOWN_REJECTS]],
        )
    )  # fmt: skip
    if rejected > SHOWN_REJECTS:
        st.html(cards.line(f"{rejected - SHOWN_REJECTS} more stand in the file of rejects."))
    st.download_button(
        "Save the rejected rows and why",
        importing.rejects_file(told.rejects),
        file_name="rejected-rows.csv",
        mime="text/csv",
        key=f"rejects-{told.dry_run}",
        on_click="ignore",
    )


def _take_in(person: Viewer, sheet: Sheet, mapping: dict[str, str], told: Imported) -> None:
    st.subheader("3. Take it in", anchor=False)
    good = told.added + told.changed
    if not good and not told.consents:
        st.html(cards.note("There is nothing new in it", "Nothing would change."))
        return
    label = f"Take in {words.counted(good, 'person', 'people')}"
    if st.button(label, type="primary", key="import-do"):
        with st.spinner("Taking them in"):
            done = importing.import_sheet(
                door.house().store, person, sheet, mapping, dry_run=False, timezone=door.timezone()
            )
        st.session_state.pop("import_tried", None)
        st.session_state["import_done"] = done
        st.rerun()


def _finished() -> None:
    """What the last import did, until another file is tried."""
    done = st.session_state.get("import_done")
    if done is None:
        return
    if st.session_state.get("import_tried") is not None:
        st.session_state.pop("import_done")
        return
    st.html(
        cards.note(
            "The file is taken in",
            f"{done.added} added, {done.changed} changed, {done.unchanged} unchanged, "
            f"{len(done.rejects)} rejected.",
        )
    )
    if done.rejects:
        _told(done)
    door.link("register", "See the register")
