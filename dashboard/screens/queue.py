"""The queue: what waits, most urgent first, with filters. Draws itself anew every ten seconds."""

from collections.abc import Iterable

import streamlit as st

from casework import queue, receipts
from classifier.policy import CategoryWording
from dashboard import cards, door, words
from dashboard.screens.removals import needs_somebody
from dashboard.screens.shortcuts import KEYS
from models.vocabulary import Category, ItemState, Level, Role, Route, Viewer, now

_ONLY = {"mine": "Mine", "overdue": "Overdue", "help": "Help asked for"}
FRESH = 10
"""Seconds between two looks at the queue while nobody touches anything."""


@door.screen("queue")
def show(person: Viewer) -> None:
    """Head, filters, cards."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.title("Queue", anchor=False, width="content")
        with st.container(horizontal=True, width="content"):
            with st.popover("Filter", key="filter"):
                filters = _filters(person)
            wanted = st.button("Open the most urgent", type="primary", shortcut=KEYS["first"])
    door.said()
    st.session_state["queue_filters"] = filters
    if wanted:
        _open_first(person, filters)
    _stuck(person)
    _list(filters)


def _stuck(person: Viewer) -> None:
    """A decision that stands still until somebody does something must not go unseen."""
    with door.house().store.read() as session:
        stuck = [
            one for one in receipts.actions(session, person, unfinished=True) if needs_somebody(one)
        ]
    if stuck:
        count = words.counted(len(stuck), "removal needs", "removals need")
        st.html(cards.note(f"{count} somebody", "See Removals for what to do.", tone="warn"))


def _open_first(person: Viewer, filters: queue.Filters) -> None:
    with door.house().store.read() as session:
        first = queue.next_item(session, person, filters)
    if first is not None:
        door.go("item", item=str(first))
    st.html(cards.note("Nothing is waiting", "All that was flagged has been dealt with."))


def _filters(person: Viewer) -> queue.Filters:
    """What to show; all by default."""
    with door.house().store.read() as session:
        places = dict(queue.places(session, person))
    policy = door.house().policy
    chosen = st.selectbox(
        "Reason",
        [None, *Category],
        format_func=lambda c: "Any reason" if c is None else policy.wording(c).title,
        key="filter_category",
    )
    source = st.selectbox(
        "Place",
        [None, *places],
        format_func=lambda p: "Any place" if p is None else places[p],
        key="filter_source",
    )
    step = st.selectbox(
        "Level",
        [None, *reversed(Level)],
        format_func=lambda v: "Any level" if v is None else words.LEVELS[v],
        key="filter_level",
    )
    only = st.pills(
        "Only",
        list(_ONLY),
        selection_mode="multi",
        format_func=_ONLY.__getitem__,
        key="filter_only",
    )
    return queue.Filters(
        category=chosen,
        source_id=source,
        level=step,
        mine="mine" in only,
        overdue="overdue" in only,
        help_wanted="help" in only,
    )


@st.fragment(run_every=FRESH)
def _list(filters: queue.Filters) -> None:
    """Numbers and cards; a page number below them where there is more than one page."""
    person = door.viewer()
    if not (person.has(Role.MONITOR) or person.has(Role.LEAD)):
        door.not_here()
        return
    number = st.session_state.get("queue_page", 1)
    with door.house().store.read() as session:
        counts = queue.counts(session, person)
        page = queue.page(session, person, filters, number)
    _numbers(counts, person)
    if not page.cards:
        _empty(filters)
    for card in page.cards:
        _card(card)
    _pages(page)


def _numbers(counts: queue.Counts, person: Viewer) -> None:
    escalated = "for the lead" if person.has(Role.LEAD) else "escalated by you"
    rows = [
        ("waiting", f"{counts.waiting:,}", ""),
        ("overdue", f"{counts.overdue:,}", "danger" if counts.overdue else ""),
        ("yours", f"{counts.mine:,}", ""),
        ("help asked for", f"{counts.help_wanted:,}", ""),
        (escalated, f"{counts.escalated:,}", ""),
    ]
    st.html(cards.figures(rows))


def _empty(filters: queue.Filters) -> None:
    if filters == queue.Filters():
        st.html(cards.note("Nothing is waiting", "New posts appear here by themselves."))
    else:
        st.html(cards.note("Nothing fits this filter", "Clear it to see the whole queue."))


def _card(card: queue.Card) -> None:
    """One item: how serious, why, the first words, where and since when."""
    present = now()
    titles = titles_of(card.categories)
    folded = next((wording for wording in titles if wording.folded), None)
    lines = [
        cards.badges(
            cards.Badge(words.LEVELS[card.level], level_tone(card.level)),
            cards.Badge(words.due(card.due_at, present), "danger" if card.overdue else "quiet"),
            escalation_badge(card.state, card.route),
            cards.Badge("Help asked for", "warn") if card.help_wanted else None,
            _claim(card),
        ),
        f'<p class="ch-snippet"><strong>{cards.plain(reasons(titles))}</strong></p>',
    ]
    if folded:
        label = f"The words are folded away ({folded.title.lower()}). Open the item to read them."
        lines.append(cards.line(label))
    else:
        lines.append(f'<p class="ch-snippet">{cards.plain(card.excerpt)}</p>')
    place = card.source_label
    lines.append(
        cards.line(
            place,
            card.author_name or "author not shown",
            words.when(card.posted_at, door.timezone()),
            words.waiting(card.opened_at, present),
        )
    )
    with st.container(border=True, key=f"card-{card.item_id}", gap="xsmall"):
        st.html("".join(lines))
        door.link("item", "Open", item=str(card.item_id))


def titles_of(categories: Iterable[Category]) -> list[CategoryWording]:
    """The wording of each category, from the policy."""
    policy = door.house().policy
    return [policy.wording(category) for category in categories]


def reasons(wordings: Iterable[CategoryWording]) -> str:
    """The titles in one line; put before a person by hand where there are none."""
    return ", ".join(wording.title for wording in wordings) or "Put before a person"


def level_tone(level: Level) -> str:
    """Red is for danger only; safeguarding stands out without alarm."""
    if level is Level.L4:
        return "danger"
    return {Level.L3: "warn", Level.L2: "calm"}.get(level, "quiet")


def escalation_badge(state: ItemState, route: Route) -> cards.Badge | None:
    """For the lead: what only the lead sees."""
    if state is ItemState.ESCALATED or route is Route.LEAD:
        return cards.Badge("For the safeguarding lead", "calm")
    return None


def _claim(card: queue.Card) -> cards.Badge | None:
    if card.claimed_by_me:
        return cards.Badge("Yours", "calm")
    return cards.Badge(f"With {card.claimed_by_name}") if card.claimed_by_name else None


def _turn_to(number: int) -> None:
    """Before the list is drawn, so that it is drawn once and not twice."""
    st.session_state["queue_page"] = number


def _pages(page: queue.Page) -> None:
    if page.pages < 2:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Earlier page",
            disabled=page.number == 1,
            key="page_before",
            on_click=_turn_to,
            args=(page.number - 1,),
        )
        st.button(
            "Next page",
            disabled=page.number == page.pages,
            key="page_after",
            on_click=_turn_to,
            args=(page.number + 1,),
        )
        st.html(cards.line(f"Page {page.number} of {page.pages}, {page.total:,} items"))
