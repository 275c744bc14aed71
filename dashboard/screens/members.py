"""Members: who may be too young for a place, who is not to be admitted, and who is who (C31, C32).

Nothing here is decided by the program. What people wrote is shown as it stands, with the words
that suggest an age marked; a person finds out, and says what came of it.
"""

import streamlit as st

from casework import member_removals
from casework.member_matching import OfferedMember, decide_match, offered_members
from casework.membership_outcomes import Answer, answer
from casework.membership_reviews import RemovalView, ReviewView, not_admitted, reviews
from dashboard import cards, door, words
from models.group_words import EvidenceStrength, ReviewOutcome, ReviewWhy
from models.vocabulary import ActionState, Viewer, now

TOO_YOUNG, NOT_IN, WHO, ANSWERED = (
    "May be under 18",
    "Do not admit",
    "Who is this?",
    "Answered",
)
_WHY = {
    ReviewWhy.KNOWN_CHILD: "Our register has this person as a child, or knows no age.",
    ReviewWhy.BELOW_PLATFORM_AGE: "Our register says: younger than this place allows.",
    ReviewWhy.WRITES_SO: "What this person writes suggests it.",
}
_OUTCOMES = {
    ReviewOutcome.VERIFIED_ADULT: "Old enough: somebody who knows has confirmed it",
    ReviewOutcome.PARENT_ASKED: "A parent was asked, and the answer is awaited",
    ReviewOutcome.REMOVED: "To be removed from the place",
    ReviewOutcome.CONSENT_RECORDED: "A consent for this place stands on the register",
}
_SHORT = {
    ReviewOutcome.VERIFIED_ADULT: "Old enough",
    ReviewOutcome.PARENT_ASKED: "Parent asked",
    ReviewOutcome.REMOVED: "Removed",
    ReviewOutcome.CONSENT_RECORDED: "Consent recorded",
}
_NOBODY = "None of these"


@door.screen("members")
def show(person: Viewer) -> None:
    """One part at a time, so that only what is looked at is read, and counts as looked at."""
    st.title("Members", anchor=False)
    door.said()
    part = st.segmented_control(
        "Which",
        [TOO_YOUNG, NOT_IN, WHO, ANSWERED],
        default=TOO_YOUNG,
        required=True,
        label_visibility="collapsed",
        key="members-part",
    )
    if part == NOT_IN:
        _not_admitted(person)
    elif part == WHO:
        _who(person)
    else:
        _reviews(person, answered=part == ANSWERED)


def _reviews(person: Viewer, *, answered: bool) -> None:
    found = reviews(door.house().store, person, answered=answered)
    if not answered:
        st.html(
            cards.note(
                "These are signs, not proof",
                "Ask before anything is done, and be kind: nobody here has done anything wrong.",
            )
        )
    if not found:
        st.html(cards.line("Nobody waits here." if not answered else "Nothing was answered yet."))
    for view in found:
        with st.container(border=True, key=f"review-{view.id}", gap="small"):
            st.html(drawn(view))
            if view.removal is not None:
                _removal(person, view.removal)
            if view.decided_at is None:
                with st.expander("What did you find out?", key=f"answer-{view.id}"):
                    _answer(person, view)


def drawn(view: ReviewView) -> str:
    """One review as HTML: who, where, why, and the words."""
    zone, present = door.timezone(), now()
    late = view.decided_at is None and view.due_at < present
    state = None if view.outcome is None else cards.Badge(_SHORT[view.outcome], "calm")
    due = cards.Badge(words.due(view.due_at, present), "danger" if late else "quiet")
    asks = cards.Badge("Asks to join: do not admit yet", "warn") if view.asks else None
    left = cards.Badge("No longer listed there") if view.listed is False else None
    parts = [
        cards.badges(state, asks, left, due if view.decided_at is None else None),
        f'<p class="ch-snippet"><strong>{cards.plain(view.shown_name)}</strong></p>',
        cards.line(view.place, words.AUDIENCES[view.audience], f"known there as {view.handle}"),
        cards.line(_WHY[view.why], tone="plain"),
    ]
    if view.registered:
        parts.append(cards.line(f"On our register: {view.registered}"))
    for one in view.words:
        strong = one.strength is EvidenceStrength.STRONG
        sign = "A strong sign" if strong else "A weaker sign"
        parts.append(cards.line(f"{sign}, {words.when(one.posted_at, zone)}"))
        parts.append(cards.quote(one.text, [(one.start, one.end)]))
    if view.hidden_words:
        more = words.counted(view.hidden_words, "further post")
        parts.append(cards.line(f"{more}: with the safeguarding lead"))
    if view.outcome is not None:
        when = words.when(view.answered_at, zone)
        parts.append(cards.line(f"{_OUTCOMES[view.outcome]}. Answered {when}"))
        parts.append(cards.line(view.said))
    return "".join(parts)


def _answer(person: Viewer, view: ReviewView) -> None:
    seen = door.as_drawn(f"review-{view.id}", view.version)
    with st.form(f"answer-form-{view.id}", border=False):
        outcome = st.radio(
            "What came of it",
            list(ReviewOutcome),
            index=None,
            format_func=_OUTCOMES.__getitem__,
            key=f"outcome-{view.id}",
        )
        said = st.text_area(
            "What did you find out, and from whom? It is sent to nobody.",
            max_chars=2000,
            key=f"said-{view.id}",
        )
        if view.can_remove:
            st.html(cards.line("If you remove them, the platform is asked to, and we look again."))
        else:
            st.html(cards.line("If you remove them, you are shown how: this place is by hand."))
        sent = st.form_submit_button("Save the answer", type="primary")
    if not sent:
        return
    if outcome is None or not (said or "").strip():
        why = "Every answer is kept with a sentence of yours."
        st.html(cards.note("Choose what came of it and say how you know", why, tone="warn"))
        return
    house = door.house()
    given = Answer(outcome, said or "", seen)
    answer(house.store, person, view.id, given, timezone=door.timezone())
    door.say("Your answer is kept", _OUTCOMES[outcome] + ".")
    st.rerun()


def _removal(person: Viewer, removal: RemovalView) -> None:
    """How far it has come, and what a person still has to do."""
    tone = {ActionState.FAILED: "danger", ActionState.BY_HAND: "warn"}.get(removal.state, "quiet")
    st.html(cards.badges(cards.Badge(words.ACTIONS[removal.state], tone)))
    if removal.problem:
        st.html(cards.line(removal.problem))
    store = door.house().store
    if removal.state is ActionState.BY_HAND:
        st.html(cards.steps("Remove them by hand", removal.steps))
        if st.button("Done", key=f"out-done-{removal.removal_id}"):
            member_removals.mark_done_by_hand(store, person, removal.removal_id)
            door.say("Thank you", "We look again at the next check.")
            st.rerun()
    if removal.state is ActionState.FAILED and st.button(
        "Try again", key=f"out-again-{removal.removal_id}"
    ):
        member_removals.try_again(store, person, removal.removal_id)
        st.rerun()


def _not_admitted(person: Viewer) -> None:
    found = not_admitted(door.house().store, person, timezone=door.timezone())
    st.html(
        '<p class="ch-muted">People in places for children, or who ask to join one, without a '
        "consent for it on the register. Whoever is not on the register counts as a child.</p>"
    )
    if not found:
        st.html(cards.line("Everybody there has a consent on record."))
        return
    st.html(
        cards.table(
            ("Name there", "Place", "On our register", "What to do"),
            (
                (
                    one.shown_name,
                    one.place,
                    one.registered or "not found",
                    "Do not admit" if one.asks else "Ask for a consent, or remove",
                )
                for one in found
            ),
        )
    )


def _who(person: Viewer) -> None:
    found = offered_members(door.house().store, person)
    st.html(
        '<p class="ch-muted">Close calls: the program is not sure, so it does nothing until you '
        "say who somebody is.</p>"
    )
    if not found:
        st.html(cards.line("There is nobody to place."))
    for member in found:
        with st.container(border=True, key=f"offered-{member.member_id}", gap="xsmall"):
            _offered(person, member)


def _offered(person: Viewer, member: OfferedMember) -> None:
    st.html(
        f'<p class="ch-snippet"><strong>{cards.plain(member.shown_name)}</strong></p>'
        + cards.line(member.place, f"known there as {member.handle}")
    )
    labels = {
        offer.person_id: f"{offer.name} ({_about(offer.child, offer.roles)}). {offer.why}"
        for offer in member.offers
    }
    with st.form(f"match-{member.member_id}", border=False):
        chosen = st.radio(
            "Is this somebody of our register?",
            [*labels, 0],
            index=None,
            format_func=lambda one: cards.markdown_free(labels.get(one, _NOBODY)),
            key=f"match-of-{member.member_id}",
        )
        sent = st.form_submit_button("Save")
    if sent and chosen is None:
        st.html(cards.note("Choose one, or none of these", tone="warn"))
    elif sent:
        decide_match(door.house().store, person, member.member_id, chosen or None)
        door.say("Kept", "It will not be asked again.")
        st.rerun()


def _about(child: bool, roles: tuple[str, ...]) -> str:
    return ", ".join(["a child" if child else "an adult", *roles])
