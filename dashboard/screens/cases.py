"""Cases, for the safeguarding lead alone: the list, and one case by its number in the address."""

import streamlit as st

from casework import cases
from dashboard import cards, door, words
from dashboard.screens import case_forms
from dashboard.screens.queue import level_tone
from dashboard.screens.receipt import danger_numbers
from models.vocabulary import CaseState, Category, Viewer, now


@door.screen("cases")
def show(person: Viewer) -> None:
    """The list: those that are open, or those that are closed."""
    st.title("Cases", anchor=False)
    door.said()
    st.html(danger_numbers())
    house = door.house()
    which = st.segmented_control(
        "Which", ["Open", "Closed"], default="Open", required=True, label_visibility="collapsed"
    )
    closed = which == "Closed"
    found = cases.cases(house.store, person, closed=closed, organisation=house.organisation)
    if not found:
        title = "No case is closed yet" if closed else "No case is open"
        said = "" if closed else "A case opens by itself when somebody escalates a post."
        st.html(cards.note(title, said))
    for line in found:
        _card(line)


def _card(line: cases.CaseLine) -> None:
    present = now()
    with st.container(border=True, key=f"card-case-{line.id}", gap="xsmall"):
        st.html(
            badges(line)
            + f'<p class="ch-snippet"><strong>{cards.plain(titled(line))}</strong></p>'
            + cards.line(
                f"Opened {words.when(line.opened_at, door.timezone())}",
                words.waiting(line.opened_at, present) if line.state is CaseState.OPEN else "",
                f"with {line.acknowledged_by_name}" if line.acknowledged_by_name else "",
            )
        )
        door.link("case", "Open", case=str(line.id))


def titled(line: cases.CaseLine) -> str:
    """ "2026-0007: Disclosure of abuse": the reference and what it is about, never a name."""
    policy = door.house().policy
    what = ", ".join(policy.wording(Category(each)).title for each in line.categories)
    return f"{line.reference}: {what or 'put before the lead by a person'}"


def badges(line: cases.CaseLine) -> str:
    """How serious, how far, and what is late."""
    present = now()
    waits = line.state is CaseState.OPEN
    lado = line.tell_lado_by
    return cards.badges(
        cards.Badge("Immediate danger", "danger") if line.immediate_danger else None,
        cards.Badge(words.LEVELS[line.level], level_tone(line.level)),
        cards.Badge(words.CASES[line.state], "warn" if waits else "quiet"),
        cards.Badge(
            f"Acknowledge: {words.due(line.due_at, present)}",
            "danger" if line.overdue else "quiet",
        )
        if waits
        else None,
        cards.Badge("About staff or a volunteer", "warn") if line.about_staff else None,
        cards.Badge("Its words are deleted", "quiet") if line.deleted else None,
        cards.Badge(
            f"Tell the LADO: {words.due(lado, present)}", "danger" if lado < present else "warn"
        )
        if lado
        else None,
    )


@door.screen("case")
def show_one(person: Viewer) -> None:
    """The case that the address names."""
    number = door.asked("case")
    if number is None:
        door.not_here()
        door.link("cases", "Back to the cases")
        return
    house = door.house()
    view = cases.open_case(house.store, person, number, organisation=house.organisation)
    if st.button("Cases", icon=":material/arrow_back:", type="tertiary", key="case-back"):
        door.go("cases")
    st.title(cards.markdown_free(titled(view.line)), anchor=False)
    st.html(badges(view.line))
    door.said()
    st.html(danger_numbers())
    left, right = st.columns([5, 3], gap="large")
    with left:
        case_forms.draw(person, view)
        _chronology(view)
    with right:
        _facts(view)


def _facts(view: cases.CaseView) -> None:
    zone = door.timezone()
    st.subheader("Where it came from", anchor=False)
    rows = [
        ("Opened", words.long_when(view.line.opened_at, zone)),
        ("Opened by", view.opened_by_name or "Chaperone"),
        ("Why", view.why_opened),
    ]
    post = view.post
    if post is not None:
        rows += [
            ("Place", post.source_label),
            ("Written by", post.author_name or "author not shown"),
            ("Sent to", ", ".join(post.sent_to)),
            ("Written", words.long_when(post.posted_at, zone)),
            ("First seen", words.long_when(post.seen_at, zone)),
            ("On the platform", words.PRESENCES[post.presence]),
            ("Address on the platform", post.permalink),
            ("Note", post.note),
        ]
        if post.media_count:
            rows.append(("Pictures or files", f"{post.media_count}, never fetched"))
    st.html(cards.facts(rows))
    if view.item_id is not None:
        door.link("item", "Open the post itself", item=str(view.item_id))
    if view.line.threshold:
        st.subheader("Threshold", anchor=False)
        said = "To be referred" if view.line.threshold == cases.REFER else "Not referred"
        st.html(cards.note(said, view.threshold_reasons))
    if view.closed_at is not None:
        st.subheader("Closed", anchor=False)
        when = words.long_when(view.closed_at, zone)
        st.html(cards.note(f"{when} by {view.closed_by_name}", view.close_reason))


def _chronology(view: cases.CaseView) -> None:
    """Everything in the order in which it happened; exact words in a frame of their own."""
    st.subheader("Chronology", anchor=False)
    for line in cases.chronology(view, door.timezone()):
        said = (
            cards.line("No longer kept")
            if view.line.deleted and not line.text
            else cards.fold("Show the words", cards.quote(line.text))
            if line.what == "Exact words"
            else f'<p class="ch-snippet">{cards.plain(line.text)}</p>'
        )
        st.html(
            f'<div class="ch-reason"><strong>{cards.plain(line.what)}</strong>'
            f"{cards.line(line.local, line.by)}{said}</div>"
        )
