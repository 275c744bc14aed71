"""What the lead does in a case: acknowledge, add a line, refer, decide the threshold, close."""

from dataclasses import replace
from datetime import date, datetime, time

import streamlit as st

from casework import cases
from dashboard import cards, door, words
from dashboard.screens import case_keeping, case_subjects
from models.vocabulary import CaseState, EntryKind, ReferralBody, Viewer, now

_LINES = (
    EntryKind.VERBATIM,
    EntryKind.ACCOUNT,
    EntryKind.OPINION,
    EntryKind.ADVICE,
    EntryKind.ACTION,
)
_HINTS = {
    EntryKind.VERBATIM: "What was said or written, word for word, spelling kept.",
    EntryKind.ACCOUNT: "What you or somebody else saw or heard. Facts, no conclusions.",
    EntryKind.OPINION: "What you make of it. Kept apart from the facts.",
    EntryKind.ADVICE: "What somebody outside advised, and who that was.",
    EntryKind.ACTION: "What was done, and by whom.",
}
_WAYS = ("Telephone", "Online form", "E-mail", "In person")


def draw(person: Viewer, view: cases.CaseView) -> None:
    """The next step first, then the others, each behind its own fold."""
    view = replace(view, version=door.as_drawn(f"case-{view.line.id}", view.version))
    if view.line.state is CaseState.OPEN:
        _acknowledge(person, view)
    with st.expander("Add a line", key="case-line"):
        _line(person, view)
    with st.expander("Record a referral", key="case-refer"):
        _refer(person, view)
    with st.expander("Who is it about? Keep it from them", key="case-subject"):
        case_subjects.draw(person, view)
    with st.expander("How long it is kept", key="case-keeping"):
        case_keeping.draw(person, view)
    if view.line.state is CaseState.ACKNOWLEDGED:
        with st.expander("Decide whether it has to be referred", key="case-threshold"):
            _threshold(person, view)
        with st.expander("About staff or a volunteer?", key="case-staff"):
            _staff(person, view)
        with st.expander("Close the case", key="case-close"):
            _close(person, view)
    if view.line.state is CaseState.CLOSED:
        with st.expander("Open it again", key="case-reopen"):
            _reopen(person, view)


def _done(title: str, *sentences: str) -> None:
    door.say(title, *sentences)
    st.rerun()


def _acknowledge(person: Viewer, view: cases.CaseView) -> None:
    st.html(
        cards.note(
            "This case waits for you",
            "Acknowledge it to say that you have read it and take it on.",
        )
    )
    if st.button("Acknowledge", type="primary", key="acknowledge"):
        cases.acknowledge(door.house().store, person, view.line.id, view.version)
        _done("You have taken it on")


def _moment(label: str, key: str) -> datetime | None:
    """A day and a time in the organisation's zone; None where the day is left empty."""
    zone = words.zone(door.timezone())
    here = now().astimezone(zone)
    day_box, time_box = st.columns(2)
    day = day_box.date_input(
        f"{label}: day",
        value=here.date(),
        max_value=here.date(),
        format="DD/MM/YYYY",
        key=f"{key}-day",
    )
    hour = time_box.time_input(f"{label}: time", value=here.time(), step=60, key=f"{key}-time")
    if not isinstance(day, date) or not isinstance(hour, time):
        return None
    chosen = datetime.combine(day, hour, tzinfo=zone)
    return min(chosen, here)


def _line(person: Viewer, view: cases.CaseView) -> None:
    kind = st.radio(
        "What kind of line",
        _LINES,
        format_func=words.ENTRIES.__getitem__,
        captions=[_HINTS[each] for each in _LINES],
        key="line-kind",
    )
    with st.form("line", border=False, clear_on_submit=True):
        text = st.text_area("The line", key="line-text", max_chars=20_000, height=140)
        dated = st.checkbox("It happened at another time than now", key="line-dated")
        about = _moment("When it happened", "line-about")
        sent = st.form_submit_button("Add it", type="primary")
    st.html(cards.line("A line is never changed. To correct it, add another."))
    if sent:
        store = door.house().store
        cases.add_entry(store, person, view.line.id, kind, text or "", about if dated else None)
        _done("The line is added")


def _refer(person: Viewer, view: cases.CaseView) -> None:
    with st.form("refer", border=False):
        body = st.selectbox(
            "Who was told", list(ReferralBody), format_func=words.BODIES.__getitem__, key="ref-body"
        )
        contact = st.text_input("Name or desk", key="ref-contact", max_chars=200)
        how = st.selectbox("How", _WAYS, key="ref-how")
        at = _moment("When", "ref-at")
        reference = st.text_input("Their reference, if any", key="ref-reference", max_chars=120)
        advice = st.text_area("What they advised", key="ref-advice", max_chars=20_000)
        sent = st.form_submit_button("Record it", type="primary")
    if sent:
        referral = cases.NewReferral(
            body=body or ReferralBody.OTHER,
            contact=contact or "",
            how=how or "",
            referred_at=at or now(),
            reference=reference or "",
            advice=advice or "",
        )
        cases.refer(door.house().store, person, view.line.id, referral)
        _done("The referral is recorded")


def _threshold(person: Viewer, view: cases.CaseView) -> None:
    said = {cases.REFER: "It has to be referred", cases.NOT_REFER: "It is not referred"}
    with st.form("threshold", border=False):
        which = st.radio("Decision", list(said), index=None, format_func=said.get, key="thr-which")
        reasons = st.text_area(
            "Because",
            key="thr-why",
            max_chars=20_000,
            help="Needed in both cases: why not is as important as why.",
        )
        sent = st.form_submit_button("Decide", type="primary")
    if sent:
        store = door.house().store
        cases.decide_threshold(
            store, person, view.line.id, view.version, which or "", reasons or ""
        )
        _done("The decision is recorded")


def _staff(person: Viewer, view: cases.CaseView) -> None:
    with st.form("staff", border=False):
        about = st.checkbox(
            "The concern is about somebody who works or volunteers here",
            value=view.line.about_staff,
            key="staff-about",
        )
        because = st.text_area("Because", key="staff-why", max_chars=20_000)
        sent = st.form_submit_button("Record it", type="primary")
    if sent:
        store = door.house().store
        cases.mark_about_staff(store, person, view.line.id, view.version, about, because or "")
        _done("Recorded", "The designated officer is told within one working day." if about else "")


def _close(person: Viewer, view: cases.CaseView) -> None:
    with st.form("close", border=False):
        reason = st.text_area("Why it can be closed", key="close-why", max_chars=20_000)
        sent = st.form_submit_button("Close the case", type="primary")
    if sent:
        cases.close(door.house().store, person, view.line.id, view.version, reason or "")
        _done("The case is closed")


def _reopen(person: Viewer, view: cases.CaseView) -> None:
    with st.form("reopen", border=False):
        reason = st.text_area("Why it is opened again", key="reopen-why", max_chars=20_000)
        sent = st.form_submit_button("Open it again", type="primary")
    if sent:
        cases.reopen(door.house().store, person, view.line.id, view.version, reason or "")
        _done("The case is open again")
