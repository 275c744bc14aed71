"""Tasks: what the checks ask this person's role to do, the one due first at the top."""

from collections.abc import Sequence

import streamlit as st

from casework import case_deletion, consents, erasure, posts, register_view, task_places, tasks
from casework.posts import PostFilters, PostRow
from casework.tasks import TaskLine
from dashboard import cards, door, people_words, words
from dashboard.screens.posts import STATES
from dashboard.screens.queue import titles_of
from models.register_words import TaskKind
from models.vocabulary import Role, Viewer, now

LISTED_POSTS = frozenset({TaskKind.CONSENT_WITHDRAWN, TaskKind.TURNED_18})
"""Kinds of tasks whose details hold the earlier posts that name somebody."""

_SCREENS = {
    "group": ("groups", "Open the groups"),
    "account": ("accounts", "Open the accounts"),
    "source": ("members", "Open the members"),
}
"""Where the matter of a task is dealt with: address and label."""


@door.screen("tasks")
def show(person: Viewer) -> None:
    """The open tasks."""
    st.title("Tasks", anchor=False)
    st.html(
        '<p class="ch-muted">What the checks ask you to do. Close each with what came of it.</p>'
    )
    door.said()
    with door.house().store.read() as session:
        found = tasks.open_tasks(session, person)
        about = {task.about_id for task in found if task.about_id is not None}
        reads = person.has(Role.MONITOR) or person.has(Role.LEAD)
        names = register_view.names_of(session, person, about) if reads else {}
        places = task_places.names_of_matters(
            session, (task.matter for task in found), door.house().platform_ages.names()
        )
    if not found:
        st.html(cards.note("There is nothing to do", "Tasks open by themselves."))
    for task in found:
        name = names.get(task.about_id or 0, "") or places.get(task.matter, "")
        _task(person, task, name)


def title_of(task: TaskLine) -> str:
    """What a task is called; a kind that is new here is shown by its own word."""
    known = set(TaskKind)
    if task.kind in known:
        return people_words.TASKS[TaskKind(task.kind)]
    return task.kind.replace("_", " ").capitalize()


def task_line(task: TaskLine, name: str = "") -> str:
    """A task in short, as HTML: its title, whom it is about, how late it is or what came of it."""
    zone, present = door.timezone(), now()
    outcome = dict(tasks.outcomes(task.kind)).get(task.outcome, task.outcome)
    late = task.is_late(present)
    return (
        cards.badges(
            cards.Badge(words.due(task.due_at, present), "danger" if late else "quiet")
            if task.done_at is None
            else cards.Badge("Done", "calm")
        )
        + f'<p class="ch-snippet"><strong>{cards.plain(title_of(task))}</strong></p>'
        + cards.line(
            name,
            f"opened {words.when(task.opened_at, zone)}",
            outcome,
            f"done {words.when(task.done_at, zone)}" if task.done_at else "",
        )
    )


def _task(person: Viewer, task: TaskLine, name: str) -> None:
    with st.container(border=True, key=f"task-{task.id}", gap="small"):
        st.html(task_line(task, name))
        if task.kind in people_words.ASKS:
            st.html(cards.line(people_words.ASKS[TaskKind(task.kind)], tone="plain"))
        if task.about_id is not None and name:
            door.link("registered", "Open the entry", person=str(task.about_id))
        elif where := _SCREENS.get(task.matter.partition(":")[0]):
            door.link(*where)
        if task.kind in LISTED_POSTS:
            _posts(person, task)
        if task.kind == TaskKind.CONTACT_FAULT:
            door.link("contacts", "Open the contacts")
        if task.kind == TaskKind.RETENTION_DUE:
            door.link("case", "Open the case", case=task.matter.split(":")[1])
        if task.kind == TaskKind.ERASURE_ASKED:
            _erasure(person, task)
        if task.kind == TaskKind.CASE_DELETION:
            _deletion(person, task)
        with st.popover("Close the task", key=f"close-{task.id}"):
            _close(person, task)


def _posts(person: Viewer, task: TaskLine) -> None:
    """The earlier posts that name the person: those that this viewer may see, a page at a time."""
    listed = task.details.get("posts", [])
    ids = tuple(listed) if isinstance(listed, list) else ()
    key = f"task-posts-{task.id}"
    with door.house().store.read() as session:
        number = st.session_state.get(key, 1)
        page = posts.browse(session, person, PostFilters(ids=ids), number)
        rows: Sequence[PostRow] = page.posts
    if rows:
        with st.expander("The earlier posts", expanded=len(rows) <= 5):
            for row in rows:
                _post(task, row)
            if page.more or number > 1:
                with st.container(horizontal=True):
                    if st.button("Newer", key=f"{key}-newer", disabled=number == 1):
                        st.session_state[key] = number - 1
                        st.rerun()
                    if st.button("Older", key=f"{key}-older", disabled=not page.more):
                        st.session_state[key] = number + 1
                        st.rerun()
    else:
        st.html(cards.line("No earlier post that you may see names this person."))
    if st.button("Search the posts again", key=f"again-{task.id}", type="tertiary"):
        found = consents.look_again_for_posts(door.house().store, person, task.id)
        door.say(
            "The posts are searched again",
            words.counted(found, "post names them.", "posts name them."),
        )
        st.rerun()


def _post(task: TaskLine, row: PostRow) -> None:
    folded = any(wording.folded for wording in titles_of(row.categories))
    said = "The words are folded away." if folded else cards.snippet(row.text, width=300)
    with st.container(border=True, key=f"task-{task.id}-post-{row.post_id}", gap="xsmall"):
        st.html(
            f'<p class="ch-snippet">{said}</p>'
            + cards.line(
                row.source_label,
                row.author_name or "author not shown",
                words.when(row.posted_at, door.timezone()),
                STATES[row.state],
            )
        )
        if row.item_id is not None:
            door.link("item", "Open", item=str(row.item_id))
        else:
            door.link("posts", "See it among all posts", post=str(row.post_id))


def _erasure(person: Viewer, task: TaskLine) -> None:
    """Who was asked may agree; everybody else of the role sees that it waits for them."""
    st.html(cards.line(f"Entry {task.about_id} of the register"))
    if task.details.get("second") != person.user_id:
        st.html(cards.line("It waits for whoever was asked."))
        return
    sure = st.checkbox("I have asked why, and I agree", key=f"agree-{task.id}")
    if st.button("Erase the entry", key=f"erase-{task.id}", disabled=not sure):
        erasure.agree(door.house().store, person, task.id)
        door.say("The entry is erased", "The record says when, and who agreed.")
        st.rerun()


def _deletion(person: Viewer, task: TaskLine) -> None:
    """Only who was asked has this task: the reference, the dates and the reason, nothing else."""
    house, zone = door.house(), door.timezone()
    periods = house.settings.keeping
    with house.store.read() as session:
        wanted = case_deletion.request_of(session, person, task.id, periods)
    st.html(
        cards.facts(
            [
                ("Case", wanted.reference),
                ("Closed", words.long_when(wanted.closed_at, zone)),
                ("Kept until", words.long_when(wanted.kept_until, zone)),
                ("Asked by", wanted.asked_by),
                ("Asked", words.long_when(wanted.asked_at, zone)),
                ("Because", wanted.why),
            ]
        )
    )
    sure = st.checkbox("I have asked why, and I agree", key=f"agree-{task.id}")
    if st.button("Delete the case", key=f"delete-{task.id}", disabled=not sure):
        case_deletion.agree(house.store, person, task.id, periods)
        door.say("The case is deleted", "The record says when, who asked and who agreed.")
        st.rerun()


def _close(person: Viewer, task: TaskLine) -> None:
    choices = dict(tasks.outcomes(task.kind))
    with st.form(f"close-form-{task.id}", border=False):
        outcome = st.radio(
            "What came of it",
            list(choices),
            index=None,
            format_func=choices.__getitem__,
            key=f"outcome-{task.id}",
        )
        said = st.text_area(
            "In your own words, if you wish",
            key=f"words-{task.id}",
            max_chars=tasks.LONGEST_WORDS,
        )
        sent = st.form_submit_button("Close it", type="primary")
    if sent:
        tasks.finish(door.house().store, person, task.id, outcome or "", said or "")
        door.say("The task is closed")
        st.rerun()
