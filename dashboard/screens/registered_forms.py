"""The forms of one person's entry: details, handles, ties, answers, the do-not-publish list."""

from dataclasses import replace
from datetime import date

import streamlit as st

from casework import consents, register_edit, register_ties, register_view
from casework.register_edit import Details
from casework.register_view import PersonView
from dashboard import cards, door, people_words, words
from models.register_words import (
    AgeBand,
    Authority,
    ConsentItem,
    HandleUse,
    LinkKind,
    RegisterRole,
    Standing,
)
from models.vocabulary import Viewer, now

PLATFORMS = (
    *("", "facebook", "instagram", "youtube", "x", "tiktok", "reddit", "discord", "whatsapp"),
    *("mastodon", "bluesky", "linkedin", "email", "zoom", "matrix", "discourse"),
)
OWN_WISHES = ("", "yes", "no")


def details(person: Viewer, view: PersonView) -> None:
    """Change what is known. Bound to the version that was drawn."""
    who = view.person
    with st.expander("Change"), st.form("person-details", border=False):
        first = st.text_input("First name", who.first_name, key="p-first", max_chars=120)
        last = st.text_input("Last name", who.surname, key="p-last", max_chars=120)
        aliases = st.text_input(
            "Other names, with commas between", ", ".join(who.aliases), key="p-aliases"
        )
        born = st.date_input(
            "Date of birth",
            who.date_of_birth,
            min_value=register_edit.EARLIEST_BIRTH,
            max_value="today",
            format="DD/MM/YYYY",
            key="p-born",
        )
        standings, bands = list(Standing), list(AgeBand)
        standing = st.selectbox(
            "Child or adult",
            standings,
            standings.index(who.standing),
            format_func=people_words.STANDINGS.__getitem__,
            key="p-standing",
        )
        band = st.selectbox(
            "Age, where no date of birth is known",
            bands,
            bands.index(who.age_band),
            format_func=people_words.BANDS.__getitem__,
            key="p-band",
        )
        roles = st.multiselect(
            "Roles",
            list(RegisterRole),
            [role for role in RegisterRole if role in who.roles],
            format_func=people_words.ROLES.__getitem__,
            key="p-roles",
        )
        number = st.text_input("Booking number", who.external_ref or "", key="p-ref", max_chars=120)
        left = st.date_input("Left on", who.left_on, format="DD/MM/YYYY", key="p-left")
        version = door.as_drawn(f"version-{who.id}", who.version)
        sent = st.form_submit_button("Save", type="primary")
    if sent:
        changed = Details(
            first_name=first or "",
            surname=last or "",
            standing=standing or Standing.UNKNOWN,
            roles=frozenset(roles),
            date_of_birth=born,
            age_band=band or AgeBand.UNKNOWN,
            external_ref=number or None,
            left_on=left,
        )
        store = door.house().store
        register_edit.edit_person(store, person, who.id, version, changed)
        register_ties.set_aliases(store, person, who.id, (aliases or "").split(","))
        _saved()
    _confirm_adult(person, view)


def _confirm_adult(person: Viewer, view: PersonView) -> None:
    """Where no date of birth is known, a person may say that somebody is 18 or over (C31)."""
    who = view.person
    if view.is_child and who.date_of_birth is None:
        with st.popover("Checked: is 18 or over", key="p-adult"):
            st.html(cards.line("Only where you have seen it or know it for certain."))
            if st.button("Yes, is an adult", key="p-adult-yes"):
                register_edit.confirm_adult(door.house().store, person, who.id, who.version)
                _saved()


def handles(person: Viewer, view: PersonView) -> None:
    """Names on platforms."""
    who = view.person
    st.subheader("Handles", anchor=False)
    for handle in view.handles:
        with st.container(horizontal=True, vertical_alignment="center", key=f"handle-{handle.id}"):
            where = handle.connector or "any platform"
            st.html(cards.line(handle.handle, where, people_words.USES[handle.use], tone="plain"))
            if st.button("Take away", key=f"handle-drop-{handle.id}", type="tertiary"):
                register_ties.drop_handle(door.house().store, person, who.id, handle.id)
                _saved()
    with st.popover("Add a handle", key="p-handle"), st.form("handle-form", border=False):
        name = st.text_input("As the platform shows it", key="p-handle-name", max_chars=300)
        where_new = st.selectbox(
            "Platform",
            PLATFORMS,
            format_func=lambda one: one or "any platform",
            key="p-handle-where",
        )
        use = st.selectbox(
            "Whose it is",
            list(HandleUse),
            format_func=people_words.USES.__getitem__,
            key="p-handle-use",
        )
        sent = st.form_submit_button("Add it", type="primary")
    if sent:
        register_ties.add_handle(
            door.house().store,
            person,
            who.id,
            connector=where_new or "",
            handle=name or "",
            use=use or HandleUse.PERSONAL,
        )
        _saved()


def links(person: Viewer, view: PersonView) -> None:
    """Parents, children and relatives, with a way to each."""
    who = view.person
    st.subheader("Family", anchor=False)
    titles = {"parents": "parent or guardian", "children": "child", "relatives": "relative"}
    for line in view.links:
        with st.container(
            horizontal=True, vertical_alignment="center", key=f"tie-{line.person_id}"
        ):
            st.html(cards.line(line.name, titles[line.how], tone="plain"))
            door.link("registered", "Open", person=str(line.person_id))
            if st.button("Take away", key=f"tie-drop-{line.person_id}", type="tertiary"):
                register_ties.drop_link(door.house().store, person, who.id, line.person_id)
                _saved()
    with st.popover("Add somebody", key="p-tie"):
        search = st.text_input("Find them by name", key="p-tie-search", max_chars=200)
        if search:
            _tie(person, view, search)


def _tie(person: Viewer, view: PersonView, search: str) -> None:
    with door.house().store.read() as session:
        found = register_view.people(session, person, search=search, timezone=door.timezone())
    others = [line for line in found.lines if line.person_id != view.person.id][:20]
    if not others:
        st.html(cards.line("Nobody of that name is on the register."))
        return
    other = st.selectbox(
        "Who",
        others,
        format_func=lambda line: f"{cards.markdown_free(line.name)} ({line.age})",
        key="p-tie-who",
    )
    kind = st.selectbox(
        "Who they are to this person",
        list(LinkKind),
        format_func=people_words.LINKS.__getitem__,
        key="p-tie-kind",
    )
    if other is not None and st.button("Add the tie", type="primary", key="p-tie-yes"):
        register_ties.add_link(
            door.house().store, person, view.person.id, other.person_id, kind or LinkKind.RELATIVE
        )
        _saved()


def consent(person: Viewer, view: PersonView) -> None:
    """Record an answer, yes or no."""
    today = now().astimezone(words.zone(door.timezone())).date()
    authorities = list(people_words.AUTHORITIES)
    parents = [line for line in view.links if line.how == "parents"]
    with st.popover("Record an answer", key="p-consent"), st.form("consent-form", border=False):
        items = st.multiselect(
            "What it is about",
            list(ConsentItem),
            format_func=people_words.ITEMS.__getitem__,
            key="p-items",
        )
        given = st.radio("The answer", ["Yes", "No"], horizontal=True, key="p-given")
        by = st.text_input(
            "Who answered",
            (parents[0].name if parents else "") if view.is_child else view.person.name,
            key="p-by",
            max_chars=240,
        )
        authority = st.selectbox(
            "By what right",
            authorities,
            authorities.index(Authority.PARENT if view.is_child else Authority.SELF),
            format_func=people_words.AUTHORITIES.__getitem__,
            key="p-authority",
        )
        channel = st.selectbox(
            "Where",
            ["", *_channels()],
            format_func=lambda one: cards.markdown_free(one) if one else "everywhere",
            accept_new_options=True,
            key="p-channel",
        )
        purpose = st.text_input("For what, if only for something", key="p-purpose", max_chars=120)
        start, end = _days(today)
        evidence = st.text_input("Where the evidence is kept", key="p-evidence", max_chars=200)
        wish = st.selectbox(
            "What the young person says",
            OWN_WISHES,
            format_func=lambda one: one.capitalize() or "Not asked",
            key="p-wish",
        )
        st.html(cards.line("A no needs no reason. Please do not ask for one."))
        sent = st.form_submit_button("Record it", type="primary")
    if not sent:
        return
    answer = consents.NewAnswer(
        item=ConsentItem.FULL_NAME,
        given=given == "Yes",
        given_by=by or "",
        authority=authority or Authority.SELF,
        from_day=start or today,
        purpose=purpose or "",
        channel=channel or "",
        until_day=end,
        evidence_ref=evidence or "",
        own_wish=wish or "",
        given_by_id=next((each.person_id for each in parents if each.name == by), None),
    )
    _record(person, view, items, answer)


def _days(today: date) -> tuple[date | None, date | None]:
    """The first and the last day of an answer, as they are asked for."""
    start = st.date_input("From", today, format="DD/MM/YYYY", key="p-from")
    end = st.date_input("Until, if it ends", None, format="DD/MM/YYYY", key="p-until")
    return start, end


def _record(
    person: Viewer, view: PersonView, items: list[ConsentItem], answer: consents.NewAnswer
) -> None:
    """The same answer about each of these things."""
    for item in items:
        about = replace(answer, item=item)
        consents.record_answer(door.house().store, person, view.person.id, about)
    if items:
        _saved()
    st.html(cards.note("Nothing is chosen", "Say what the answer is about.", tone="warn"))


def _channels() -> list[str]:
    return [source.name for source in door.house().settings.sources]


def publishing(person: Viewer, view: PersonView) -> None:
    """The lead's own form: on or off the do-not-publish list."""
    who = view.person
    title = "Take off the do-not-publish list" if who.do_not_publish else "Do not publish"
    with st.expander(title), st.form("publish-form", border=False):
        reason = ""
        if not who.do_not_publish:
            reason = st.text_area(
                "Why, if you wish to keep it. Nobody but the lead can read it.",
                key="p-reason",
                max_chars=2000,
            )
        sent = st.form_submit_button(
            "Take off the list" if who.do_not_publish else "Put on the list"
        )
    if sent:
        register_edit.set_do_not_publish(
            door.house().store,
            person,
            who.id,
            who.version,
            listed=not who.do_not_publish,
            reason=reason or "",
        )
        _saved()


def _saved() -> None:
    door.say("Saved")
    st.rerun()
