"""Groups: for whom each is, from what age, how private, and who can see it (C3, C6, C33)."""

import streamlit as st

from casework import groups, staff_list
from casework.group_coverage import GroupView
from casework.group_coverage import groups as all_groups
from casework.groups import NewGroup
from dashboard import cards, door, words
from models.group_words import Privacy
from models.vocabulary import Audience, Viewer

_PRIVACY = {
    Privacy.PRIVATE: "Private: only members see what is written",
    Privacy.PUBLIC: "Public: anybody can look in",
    Privacy.UNKNOWN: "Not known",
}
_SHORT = {Privacy.PRIVATE: "Private", Privacy.PUBLIC: "Public", Privacy.UNKNOWN: "Privacy unknown"}


@door.screen("groups")
def show(person: Viewer) -> None:
    """The matrix of who sees what, then each group, then a form for one that is not watched."""
    st.title("Groups", anchor=False)
    door.said()
    house = door.house()
    found = all_groups(house.store, person, house.platform_ages, timezone=door.timezone())
    if not found:
        st.html(cards.note("No group is known yet", "Watched places come here by themselves."))
    else:
        _matrix(found)
    for view in found:
        with st.container(border=True, key=f"group-{view.id}", gap="small"):
            for part in drawn(view):
                st.html(part)
            with st.expander("Change", key=f"change-group-{view.id}"):
                _change(person, view)
    with st.expander("Add a group that no program reads", key="new-group"):
        _new(person)


def _matrix(found: tuple[GroupView, ...]) -> None:
    st.subheader("Who can see it", anchor=False)
    st.html(
        cards.table(
            ("Group", "Who can see it", "Safeguarding lead", "Last read", "Standing"),
            (
                (
                    view.name,
                    words.counted(len(view.sees), "person", "people"),
                    "yes" if any(one.lead for one in view.sees) else "no",
                    words.when(view.read_at, door.timezone()),
                    "Blind" if view.blind else "Seen",
                )
                for view in found
            ),
        )
    )


def drawn(view: GroupView) -> tuple[str, ...]:
    """One group, in pieces of HTML: what is wrong first."""
    zone, is_open = door.timezone(), view.audience is Audience.PUBLIC
    parts = [
        f'<p class="ch-snippet"><strong>{cards.plain(view.name)}</strong></p>',
        cards.badges(
            cards.Badge("Blind", "danger") if view.blind else cards.Badge("Seen", "calm"),
            None if is_open else cards.Badge(_SHORT[view.privacy], _tone(view)),
            cards.Badge("Age line not kept", "danger") if view.age_problem else None,
        ),
    ]
    if view.blind or view.privacy_problem or view.age_problem:
        wrong = (*view.blind, view.privacy_problem, view.age_problem)
        parts.append(cards.bullets(one for one in wrong if one))
    parts.append(
        cards.facts(
            (
                ("On", view.platform),
                ("For", words.AUDIENCES[view.audience]),
                (
                    "From the age of",
                    "not said" if view.minimum_age is None else str(view.minimum_age),
                ),
                ("The platform's own line", view.age_line),
                ("To come", " ".join(view.planned)),
                ("Privacy looked at", "" if is_open else _attested(view, zone)),
                (
                    "Last read" if view.watched else "Last looked through",
                    words.when(view.read_at, zone),
                ),
                ("Seen by", ", ".join(_seer(one.name, one.lead) for one in view.sees) or "nobody"),
            )
        )
    )
    return tuple(parts)


def _tone(view: GroupView) -> str:
    if view.privacy_problem and view.privacy is Privacy.PUBLIC:
        return "danger"
    return "warn" if view.privacy_problem else "quiet"


def _attested(view: GroupView, zone: str) -> str:
    if view.privacy_at is None:
        return "never"
    return f"{words.when(view.privacy_at, zone)} by {view.privacy_by}"


def _seer(name: str, lead: bool) -> str:
    return f"{name} (safeguarding lead)" if lead else name


def _change(person: Viewer, view: GroupView) -> None:
    seen = door.as_drawn(f"group-{view.id}", view.version)
    _privacy(person, view, seen)
    _age(person, view, seen)
    _viewers(person, view)
    if not view.watched:
        with st.container(horizontal=True, key=f"group-more-{view.id}"):
            if st.button("I looked through it today", key=f"looked-{view.id}"):
                groups.looked(door.house().store, person, view.id, seen)
                door.say("Noted", "It counts as read from now on, for a week.")
                st.rerun()
            if st.button("It is closed", key=f"close-group-{view.id}", type="tertiary"):
                groups.close(door.house().store, person, view.id, seen, timezone=door.timezone())
                door.say("The group is closed", "What was known of it stays on record.")
                st.rerun()


def _privacy(person: Viewer, view: GroupView, seen: int) -> None:
    with st.form(f"privacy-{view.id}", border=False):
        chosen = st.radio(
            "I looked at its settings today. It is:",
            list(Privacy),
            index=None,
            format_func=_PRIVACY.__getitem__,
            key=f"privacy-of-{view.id}",
        )
        sent = st.form_submit_button("Save what I saw")
    if sent and chosen is not None:
        groups.attest_privacy(door.house().store, person, view.id, seen, chosen)
        door.say("Noted, with your name and today's date")
        st.rerun()


def _age(person: Viewer, view: GroupView, seen: int) -> None:
    if view.audience is Audience.ADULT_ONLY:
        return
    with st.form(f"age-{view.id}", border=False):
        age = st.number_input(
            "The youngest age that you admit",
            min_value=0,
            max_value=120,
            value=view.minimum_age,
            step=1,
            key=f"age-of-{view.id}",
        )
        sent = st.form_submit_button("Save the age")
    if sent and age is not None:
        house = door.house()
        groups.set_minimum_age(
            house.store,
            person,
            house.platform_ages,
            view.id,
            seen,
            int(age),
            timezone=door.timezone(),
        )
        door.say("Saved")
        st.rerun()


def _viewers(person: Viewer, view: GroupView) -> None:
    store = door.house().store
    today = staff_list.today(door.timezone())
    for one in view.sees:
        if one.line_id is not None and st.button(
            f"{cards.markdown_free(one.name)} can no longer see it",
            key=f"unsee-{one.line_id}",
        ):
            groups.end_viewer(store, person, view.id, one.line_id, today)
            door.say("Noted")
            st.rerun()
    staff = staff_list.staff(store, person, timezone=door.timezone())
    with st.form(f"viewer-{view.id}", border=False):
        chosen = st.selectbox(
            "Who else can look into it there?",
            list(staff),
            index=None,
            format_func=staff.__getitem__,
            placeholder="Staff and volunteers of the register",
            key=f"viewer-of-{view.id}",
        )
        sent = st.form_submit_button("Add")
    if sent and chosen is not None:
        groups.add_viewer(store, person, view.id, chosen, today)
        door.say("Added")
        st.rerun()


def _new(person: Viewer) -> None:
    house = door.house()
    names = house.platform_ages.names()
    with st.form("new-group-form", border=False):
        name = st.text_input("What people call it", max_chars=200, key="group-name")
        platform = st.selectbox(
            "Where it is",
            [*names, "other"],
            index=None,
            format_func=lambda one: names.get(one, "Somewhere else"),
            key="group-platform",
        )
        audience = st.radio(
            "Whom it is for",
            list(Audience),
            index=None,
            format_func=words.AUDIENCES.__getitem__,
            key="group-audience",
        )
        age = st.number_input(
            "The youngest age that you admit",
            min_value=0,
            max_value=120,
            value=None,
            step=1,
            key="group-age",
        )
        sent = st.form_submit_button("Add the group", type="primary")
    if not sent:
        return
    if platform is None or audience is None:
        st.html(cards.note("Say where it is and whom it is for", tone="warn"))
        return
    new = NewGroup(name or "", platform, audience, None if age is None else int(age))
    groups.create(house.store, person, house.platform_ages, new, timezone=door.timezone())
    door.say("The group is on the list", "Say now how private it is, and who can see it.")
    st.rerun()
