"""All posts, flagged or not, newest first, and what became of each; any can be put in the queue."""

import streamlit as st

from casework import filing, posts
from casework.posts import PostFilters, PostRow, PostState
from casework.visibility import is_seen
from dashboard import cards, door, words
from dashboard.screens.queue import titles_of
from models.vocabulary import Presence, Viewer

STATES = {
    PostState.UNREAD: "Not read yet",
    PostState.CLEAR: "Nothing found",
    PostState.FLAGGED: "In the queue",
    PostState.ESCALATED: "With the safeguarding lead",
    PostState.KEPT: "Kept",
    PostState.HIDDEN: "Hidden",
    PostState.REMOVED: "Removed",
    PostState.GONE: "Gone from the platform",
}


@door.screen("posts")
def show(person: Viewer) -> None:
    """A page of posts."""
    st.title("All posts", anchor=False)
    st.html(
        '<p class="ch-muted">Everything that was collected, read by the checks or not. If one '
        "worries you, put it in the queue.</p>"
    )
    door.said()
    chosen = door.asked("post")
    if chosen is not None:
        door.link("posts", "Show every post")
    state = st.selectbox(
        "Show",
        [None, *PostState],
        format_func=lambda one: "Every post" if one is None else STATES[one],
        key="posts_state",
        width=320,
    )
    with door.house().store.read() as session:
        number = st.session_state.get("posts_page", 1)
        ids = None if chosen is None else (chosen,)
        page = posts.browse(session, person, PostFilters(state=state, ids=ids), number)
    if not page.posts:
        st.html(cards.note("There is nothing here yet", "See Sources for how each place is."))
    for row in page.posts:
        _post(person, row)
    _pages(page)


def _post(person: Viewer, row: PostRow) -> None:
    wordings = titles_of(row.categories)
    folded = any(wording.folded for wording in wordings)
    where = "" if row.presence is Presence.PRESENT else words.PRESENCES[row.presence]
    said = (
        cards.line("The words are folded away.")
        if folded
        else (f'<p class="ch-snippet">{cards.snippet(row.text, width=400)}</p>')
    )
    with st.container(border=True, key=f"line-{row.post_id}", gap="xsmall"):
        st.html(
            cards.badges(cards.Badge(STATES[row.state], _tone(row.state)))
            + said
            + cards.line(
                row.source_label,
                row.author_name or "author not shown",
                words.when(row.posted_at, door.timezone()),
                where,
            )
        )
        if row.item_id is not None:
            door.link("item", "Open", item=str(row.item_id))
        else:
            with st.popover("Put in the queue", key=f"put-{row.post_id}"):
                _put(person, row.post_id)


def _tone(state: PostState) -> str:
    return "calm" if state in (PostState.FLAGGED, PostState.ESCALATED) else "quiet"


def _put(person: Viewer, post_id: int) -> None:
    with st.form(f"put-form-{post_id}", border=False):
        why = st.text_area("What worries you about it?", max_chars=2000, key=f"why-{post_id}")
        sent = st.form_submit_button("Put it in the queue", type="primary")
    if sent:
        item_id = filing.report_post(door.house().store, person, post_id, why or "")
        with door.house().store.read() as session:
            theirs = is_seen(session, person, item_id)
        if not theirs:  # they wrote it or are named in it: somebody else looks at it
            door.say("It is in the queue", "Somebody else looks at it: it concerns you.")
            st.rerun()
        door.say("It is in the queue", "Your words stand beside it.")
        door.go("item", item=str(item_id))


def _pages(page: posts.PostPage) -> None:
    if page.number == 1 and not page.more:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Newer", disabled=page.number == 1):
            st.session_state["posts_page"] = page.number - 1
            st.rerun()
        if st.button("Older", disabled=not page.more):
            st.session_state["posts_page"] = page.number + 1
            st.rerun()
        st.html(cards.line(f"Page {page.number}"))
