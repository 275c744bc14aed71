"""The sources: for each place when it was last read, how much comes, and whether we are blind."""

import streamlit as st

from casework import hooks_seen, watch
from chaperone import signs_of_life
from dashboard import cards, door, hooks, words
from models.vocabulary import Viewer, now

FRESH = 10
"""Seconds between two looks."""


@door.screen("sources")
def show(_person: Viewer) -> None:
    """One card for each place, the blind ones first."""
    st.title("Sources", anchor=False)
    _all()


@st.fragment(run_every=FRESH)
def _all() -> None:
    person = door.viewer()
    with door.house().store.read() as session:
        found = watch.sources(session, person)
        told = hooks_seen.hook(session, person, hooks.NAME)
    silent = _worker()
    if not found:
        st.html(cards.note("Nothing is watched yet", "Sources are set in config.toml."))
    for source in sorted(found, key=lambda one: (one.blind_since is None, one.label)):
        with st.container(border=True, key=f"source-{source.name}", gap="xsmall"):
            st.html(drawn(source, silent=silent))
    if door.house().settings.hooks is not None:
        with st.container(border=True, key="source--hooks", gap="xsmall"):
            st.html(hook_drawn(told))


def hook_drawn(told: hooks_seen.HookView | None) -> str:
    """What Facebook and Instagram told of their own accord, as HTML."""
    zone = door.timezone()
    title = '<p class="ch-snippet"><strong>Told at once by Facebook and Instagram</strong></p>'
    if told is None or not (told.accepted or told.refused):
        return title + cards.line("Nothing yet. The places are read on time all the same.")
    facts = (
        ("Told", words.counted(told.accepted, "time")),
        ("Last told", words.when(told.last_accepted_at, zone)),
        ("Refused", words.counted(told.refused, "call")),
        ("Last refused", words.when(told.last_refused_at, zone) if told.refused else ""),
    )
    return title + cards.facts(facts)


def _worker() -> bool:
    """Says so where no worker gives a sign of life: nothing is read and nothing carried out."""
    last = signs_of_life.last_sign(door.house().store)
    if last is not None and now() - last <= signs_of_life.SILENT_AFTER:
        return False
    since = "" if last is None else f" since {words.clock(last, door.timezone(), now())}"
    said = "Nothing is read, and no decision is carried out, until it runs again."
    cure = "Start it on the machine where Chaperone runs: chaperone up, or chaperone worker."
    st.html(cards.note(f"The worker gives no sign{since}", said, cure, tone="danger"))
    return True


def drawn(source: watch.SourceView, *, silent: bool = False) -> str:
    """One source as HTML. silent: no worker runs that could read it."""
    zone, present = door.timezone(), now()
    parts = [f'<p class="ch-snippet"><strong>{cards.plain(source.label)}</strong></p>']
    if source.blind_since is not None:
        since = words.clock(source.blind_since, zone, present)
        parts.append(cards.note(f"Blind since {since}", source.problem, source.cure, tone="danger"))
    elif not source.enabled:
        parts.append(cards.badges(cards.Badge("No longer watched")))
    else:
        standing = (
            cards.Badge("Not read now", "danger") if silent else cards.Badge("Watching", "calm")
        )
        parts.append(cards.badges(standing))
    next_try = words.when(source.next_attempt_at, zone) if source.next_attempt_at else ""
    parts.append(
        cards.facts(
            (
                ("Last read", words.when(source.last_success_at, zone)),
                ("Posts a day", f"{source.posts_per_day:g}"),
                ("Waiting in the queue", str(source.waiting)),
                ("By way of", source.connector),
                ("Next try", next_try),
            )
        )
    )
    parts.extend(cards.line(note) for note in source.notes)
    return "".join(parts)
