"""One item: the words with what stood out marked, why, what was around it, and what to do."""

import streamlit as st

from casework import items
from casework.views import EarlierLine, ItemView, Reason, ThreadLine
from dashboard import cards, door, words
from dashboard.screens import decide, notes, receipt
from dashboard.screens.queue import escalation_badge, level_tone
from dashboard.screens.shortcuts import KEYS
from models.vocabulary import Category, ItemState, Level, Presence, Route, Viewer, now


@door.screen("item")
def show(person: Viewer) -> None:
    """The item that the address names."""
    item_id = door.asked("item")
    if item_id is None:
        door.not_here()
        door.link("queue", "Back to the queue")
        return
    view = items.open_item(door.house().store, person, item_id, door.house().policy)
    _top(person, view)
    door.said()
    _danger(view)
    left, right = st.columns([5, 3], gap="large")
    with left:
        _words(view)
        _reasons(view)
        _advice(view)
        _desk(person, view)
    with right:
        _around(view)


def _top(person: Viewer, view: ItemView) -> None:
    """The way on and back, and what this is."""
    with st.container(horizontal=True, vertical_alignment="center", key="item-way"):
        if st.button("Queue", icon=":material/arrow_back:", shortcut=KEYS["back"], type="tertiary"):
            door.go("queue")
        if st.button("Previous", shortcut=KEYS["previous"], type="tertiary"):
            _move(person, view, back=True)
        if st.button("Next", shortcut=KEYS["next"], type="tertiary"):
            _move(person, view, back=False)
    titles = list(dict.fromkeys(reason.title for reason in view.reasons))
    st.title(cards.markdown_free(", ".join(titles) or "Put before a person"), anchor=False)
    present = now()
    late = view.due_at < present and view.state is not ItemState.DECIDED
    st.html(
        cards.badges(
            cards.Badge(words.LEVELS[view.level], level_tone(view.level)),
            _due_badge(view, late),
            escalation_badge(view.state, view.route),
            cards.Badge("Help asked for", "warn") if view.help_wanted else None,
            _claim_badge(person, view),
        )
    )


def _due_badge(view: ItemView, late: bool) -> cards.Badge | None:
    if view.state is ItemState.DECIDED:
        return cards.Badge("Decided", "calm")
    return cards.Badge(words.due(view.due_at, now()), "danger" if late else "quiet")


def _claim_badge(person: Viewer, view: ItemView) -> cards.Badge | None:
    if view.claimed_by is None:
        return None
    if view.claimed_by == person.user_id:
        until = (
            f"{words.clock(view.claimed_until, door.timezone(), now())}"
            if (view.claimed_until)
            else ""
        )
        return cards.Badge(f"Yours until {until}", "calm")
    return cards.Badge(f"With {view.claimed_by_name}", "warn")


def _move(person: Viewer, view: ItemView, *, back: bool) -> None:
    """On to the next item of the queue as it was filtered, or back to the one before."""
    trail: list[int] = st.session_state.setdefault("trail", [])
    if back:
        before = trail.pop() if trail else None
        if before is None:
            door.go("queue")
        door.go("item", item=str(before))
    filters = st.session_state.get("queue_filters")
    with door.house().store.read() as session:
        following = items.next_item(session, person, filters, view.item_id)
    if following is None:
        door.say("That was the last one", "Nothing else is waiting behind it.")
        door.go("queue")
    trail.append(view.item_id)
    del trail[:-50]
    door.go("item", item=str(following))


def _danger(view: ItemView) -> None:
    """What stands before any form where somebody may be in danger (practice 4.3)."""
    if view.level is Level.L4 or view.route is Route.EMERGENCY:
        st.html(receipt.danger_numbers())
    if view.advice and view.level >= Level.L3:
        st.html(cards.points("Before you do anything", view.advice))


def _words(view: ItemView) -> None:
    """The post as plain text; folded behind its label until this person opens it."""
    opened = st.session_state.setdefault("opened", set())
    if view.folded:
        shown = view.item_id in opened
        label = "Fold the words away" if shown else "Show the words"
        if not shown:
            st.html(cards.note(view.folded_label, "The words are folded away until you ask."))
        if st.button(label, shortcut=KEYS["words"], key="fold"):
            opened.symmetric_difference_update({view.item_id})
            st.rerun()
        if not shown:
            return
    spans = [
        (reason.start, reason.end)
        for reason in view.reasons
        if reason.end > reason.start and reason.revision_id == view.revision_id
    ]
    st.html(cards.quote(view.text, spans))
    facts = []
    if view.media_count:
        count = words.counted(view.media_count, "picture or file", "pictures or files")
        facts.append(f"{count} beside it: never fetched and not checked")
    if view.presence is not Presence.PRESENT:
        facts.append(f"On the platform it is {words.PRESENCES[view.presence]}")
    if view.note:
        facts.append(view.note)
    if facts:
        st.html(cards.line(*facts))
    if view.earlier_texts:
        with st.expander(words.counted(len(view.earlier_texts), "earlier wording")):
            for earlier in view.earlier_texts:
                st.html(cards.line(f"As seen {words.when(earlier.seen_at, door.timezone())}"))
                st.html(cards.quote(earlier.text))


def _reasons(view: ItemView) -> None:
    """Why it is here, in plain English, each with the clause of the policy that it touches."""
    st.subheader("Why it is here", anchor=False)
    for reason in view.reasons:
        st.html(_reason(reason))
    for name in view.unchecked:
        st.html(
            cards.note(
                "It could not be checked fully",
                f'The check "{name}" failed or took too long. Please read it yourself.',
                tone="warn",
            )
        )


def _advice(view: ItemView) -> None:
    """What is worth knowing before a decision; for the serious ones it stands above the words."""
    if view.advice and view.level < Level.L3:
        st.html(cards.points("Worth knowing", view.advice))


def _reason(reason: Reason) -> str:
    clause = " ".join(part for part in (reason.clause, reason.clause_words) if part)
    return (
        f'<div class="ch-reason"><strong>{cards.plain(reason.title)}</strong>'
        f'<span class="ch-because">{cards.plain(reason.because)}</span>'
        f"{cards.line(clause)}</div>"
    )


def _desk(person: Viewer, view: ItemView) -> None:
    """What was decided and how far it has come, then what can be decided now."""
    if view.decision is not None:
        receipt.draw(view)
    if view.case_id is not None:
        door.link("case", "Open its case", case=str(view.case_id))
    decide.draw(person, view)
    notes.draw(person, view)
    with st.expander("How urgent this is, as a sum"):
        rows = "".join(
            f"<tr><td>{cards.plain(label)}</td><td>{points}</td></tr>"
            for label, points in view.priority_parts
        )
        total = f"<tr><td>Together</td><td>{view.priority}</td></tr>"
        st.html(f'<table class="ch-sum"><tbody>{rows}{total}</tbody></table>')


def _around(view: ItemView) -> None:
    """Where it stands, who wrote it, what was said around it."""
    st.subheader("About it", anchor=False)
    st.html(
        cards.facts(
            (
                ("Place", view.source_label),
                ("Who reads there", words.AUDIENCES[view.audience].capitalize()),
                ("Written by", view.author_name or "author not shown"),
                ("Who that is", words.AUTHORS[view.author_role].capitalize()),
                ("Written", words.when(view.posted_at, door.timezone())),
                ("In the queue since", words.when(view.opened_at, door.timezone())),
                ("Address on the platform", view.permalink or ""),
            )
        )
    )
    if len(view.thread) > 1:
        st.subheader("Around it", anchor=False)
        lines = "".join(_thread_line(line) for line in view.thread)
        st.html(f'<ul class="ch-thread">{lines}</ul>')
    if view.earlier:
        st.subheader("Earlier from the same author", anchor=False)
        st.html(cards.table(("When", "What", "Outcome"), [_earlier(line) for line in view.earlier]))


def _thread_line(line: ThreadLine) -> str:
    if line.is_this:
        said = '<span class="ch-muted">This post</span>'
    elif line.folded_label:
        said = f'<span class="ch-muted">{cards.plain(line.folded_label)}</span>'
    else:
        said = cards.plain(line.text)
    gone = "" if line.presence is Presence.PRESENT else words.PRESENCES[line.presence]
    head = cards.line(
        line.author_name or "author not shown", words.when(line.posted_at, door.timezone()), gone
    )
    return f'<li class="{"ch-this" if line.is_this else ""}">{head}{said}</li>'


def _earlier(line: EarlierLine) -> tuple[str, str, str]:
    policy = door.house().policy
    what = ", ".join(policy.wording(Category(each)).title for each in line.categories)
    outcome = words.DONE[line.decision] if line.decision else "Not yet decided"
    return words.when(line.posted_at, door.timezone()), what, outcome
