"""One person on the register: what is known, who may be asked, what was consented to."""

import streamlit as st

from casework import consents, register_view
from casework.register_view import ConsentLine, PersonView
from dashboard import cards, door, people_words, words
from dashboard.screens import registered_checks, registered_forms, registered_rights
from dashboard.screens.tasks import task_line
from models.register_words import ConsentEnd
from models.vocabulary import Role, Viewer


@door.screen("registered")
def show(person: Viewer) -> None:
    """The person whom the address names."""
    number = door.asked("person")
    if st.button("Register", icon=":material/arrow_back:", type="tertiary", key="person-back"):
        door.go("register")
    if number is None:
        st.html(cards.note("Nobody is chosen", "Open somebody from the register."))
        return
    house = door.house()
    view = register_view.open_person(house.store, person, number, timezone=door.timezone())
    st.title(cards.markdown_free(view.person.name), anchor=False)
    st.html(_badges(view))
    door.said()
    left, right = st.columns([3, 2], gap="large")
    with left:
        _consents(person, view)
        _tasks(view)
    with right:
        _facts(person, view)
        registered_forms.handles(person, view)
        registered_forms.links(person, view)
    _publishing(person, view)


def _badges(view: PersonView) -> str:
    who = view.person
    return cards.badges(
        cards.Badge("Do not publish", "danger") if who.do_not_publish else None,
        cards.Badge("Counts as a child", "calm") if view.is_child else cards.Badge("Adult"),
        *(
            cards.Badge(people_words.ROLES[role])
            for role in people_words.ROLES
            if role in who.roles
        ),
        cards.Badge(f"Left on {people_words.day(who.left_on)}", "warn") if who.left_on else None,
    )


def _facts(person: Viewer, view: PersonView) -> None:
    who = view.person
    st.subheader("What is known", anchor=False)
    st.html(
        cards.facts(
            [
                ("Age", view.age),
                ("Date of birth", people_words.day(who.date_of_birth)),
                ("Recorded as", people_words.STANDINGS[who.standing]),
                ("Booking number", who.external_ref or ""),
                ("Other names", ", ".join(who.aliases)),
                ("Last changed", words.long_when(view.updated_at, door.timezone())),
            ]
        )
    )
    registered_forms.details(person, view)


def _consents(person: Viewer, view: PersonView) -> None:
    st.subheader("Consents", anchor=False)
    standing = [line for line in view.consents if line.stands]
    over = [line for line in view.consents if not line.stands]
    if not standing:
        said = "Without one, a child is not named in full, shown or contacted." * view.is_child
        st.html(cards.note("No answer stands", said))
    for line in standing:
        _consent(person, line)
    registered_forms.consent(person, view)
    if over:
        with st.expander(words.counted(len(over), "earlier answer")):
            for line in over:
                st.html(_said(line))


def _consent(person: Viewer, line: ConsentLine) -> None:
    with st.container(border=True, key=f"consent-{line.consent_id}", gap="xsmall"):
        st.html(_said(line))
        if line.given:
            with st.popover("Withdraw", key=f"withdraw-{line.consent_id}"):
                st.html(
                    cards.note(
                        "Withdraw this consent?",
                        "It ends today. No reason is needed. A task then lists the earlier posts "
                        "that name this person.",
                    )
                )
                if st.button("Withdraw it", type="primary", key=f"withdraw-yes-{line.consent_id}"):
                    consents.withdraw(door.house().store, person, line.consent_id)
                    door.say("The consent is withdrawn", "A task lists the earlier posts.")
                    door.go("tasks")


def _said(line: ConsentLine) -> str:
    what = people_words.ITEMS[line.item]
    badge = cards.Badge("Yes", "calm") if line.given else cards.Badge("No", "warn")
    until = f"until {people_words.day(line.until_day)}" if line.until_day else ""
    ended = ""
    if line.ended_at is not None:
        how = people_words.ENDS.get(ConsentEnd(line.ended_why), "") if line.ended_why else "ended"
        ended = f"{how} on {words.when(line.ended_at, door.timezone())}"
    return (
        cards.badges(badge)
        + f'<p class="ch-snippet"><strong>{cards.plain(what)}</strong></p>'
        + cards.line(
            f"in {line.channel}" if line.channel else "everywhere",
            f"for {line.purpose}" if line.purpose else "",
            f"from {people_words.day(line.from_day)}",
            until,
            ended,
        )
        + cards.line(
            f"{people_words.AUTHORITIES[line.authority]}: {line.given_by}",
            f"evidence: {line.evidence_ref}" if line.evidence_ref else "",
            f"the young person says {line.own_wish}" if line.own_wish else "",
        )
    )


def _tasks(view: PersonView) -> None:
    if not view.tasks:
        return
    st.subheader("Tasks", anchor=False)
    for task in view.tasks:
        with st.container(border=True, key=f"person-task-{task.id}", gap="xsmall"):
            st.html(task_line(task))
            if task.done_at is None:
                door.link("tasks", "Open the tasks", task=str(task.id))


def _publishing(person: Viewer, view: PersonView) -> None:
    """The list of those who must not be published: the lead changes it and sees the reason."""
    who = view.person
    if who.do_not_publish:
        st.html(
            cards.note(
                "This person is on the do-not-publish list",
                "Any mention of them comes first in the queue. Only the safeguarding lead sees "
                "the reason; please do not ask for it.",
                view.reason and f"Reason, for the lead alone: {view.reason}",
                tone="warn",
            )
        )
    if person.has(Role.LEAD):
        registered_forms.publishing(person, view)
        registered_checks.show(person, view)
        registered_rights.show(person, view)
