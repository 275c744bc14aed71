"""Accounts: the organisation's own, who holds the keys, and what to mend (C1, C2, C7).

A password is never asked for here, and there is no place to write one.
"""

import streamlit as st

from casework import accounts, staff_list
from casework.account_view import AccountView
from casework.account_view import accounts as all_accounts
from casework.accounts import NewAccount
from dashboard import cards, door, words
from models.group_words import SignIn, TwoFactor
from models.vocabulary import Viewer

_TWO_FACTOR = {
    TwoFactor.ON: "On",
    TwoFactor.OFF: "Off",
    TwoFactor.UNKNOWN: "Not known",
}
_SIGN_IN = {
    SignIn.OWN: "Each holder with their own sign-in",
    SignIn.PASSWORD_MANAGER: "A password manager of the organisation",
    SignIn.SINGLE_SIGN_ON: "The organisation's single sign-on",
    SignIn.SHARED: "A password that the holders share",
    SignIn.UNKNOWN: "Not known",
}


@door.screen("accounts")
def show(person: Viewer) -> None:
    """Those with something to mend first; then a form for a new one."""
    st.title("Accounts", anchor=False)
    door.said()
    st.html(
        '<p class="ch-muted">The accounts that speak for you on platforms. Each needs two people '
        "on staff who can sign in. Never write a password here.</p>"
    )
    store = door.house().store
    found = all_accounts(store, person, timezone=door.timezone())
    staff = staff_list.staff(store, person, timezone=door.timezone())
    if not found:
        st.html(cards.note("No account is on the list yet"))
    for view in found:
        with st.container(border=True, key=f"social-{view.id}", gap="small"):
            for part in drawn(view):
                st.html(part)
            seen = door.as_drawn(f"social-{view.id}", view.version)
            _confirm(person, view, seen)
            with st.expander("Change", key=f"change-social-{view.id}"):
                _change(person, view, staff, seen)
    with st.expander("Add an account", key="new-social"):
        _new(person, staff)


def drawn(view: AccountView) -> tuple[str, ...]:
    """One account, in pieces of HTML: what is to be mended first."""
    zone = door.timezone()
    count = sum(holder.current for holder in view.holders)
    few = {0: "No holder", 1: "One holder"}.get(count)
    where = door.house().platform_ages.names().get(view.platform, view.platform)
    parts = [
        f'<p class="ch-snippet"><strong>{cards.plain(view.handle)}</strong></p>'
        + cards.line(where, view.email),
        cards.badges(
            cards.Badge(few, "danger") if few else cards.Badge(f"{count} holders", "calm"),
            cards.Badge("Second factor off", "danger")
            if view.two_factor is TwoFactor.OFF
            else None,
            cards.Badge("To be confirmed", "warn") if view.confirm_due else None,
        ),
    ]
    if view.problems:
        parts.append(cards.points("To mend", view.problems))
    if view.lint:
        parts.append(cards.points("Advice about its name or address", view.lint))
    holders = [
        f"{holder.name} since {_day(holder.since)}{'' if holder.current else ' (no longer)'}"
        for holder in view.holders
    ]
    if holders:
        parts.append(cards.points("Holders", holders))
    parts.append(
        cards.facts(
            (
                ("Owner", view.owner or "nobody"),
                ("Second factor", _TWO_FACTOR[view.two_factor]),
                ("How people sign in", _SIGN_IN[view.sign_in]),
                ("Last confirmed", _confirmed(view, zone)),
            )
        )
    )
    return tuple(parts)


def _day(day: object) -> str:
    return f"{day:%d/%m/%Y}"


def _confirmed(view: AccountView, zone: str) -> str:
    if view.confirmed_at is None:
        return "never"
    return f"{words.when(view.confirmed_at, zone)} by {view.confirmed_by}"


def _confirm(person: Viewer, view: AccountView, seen: int) -> None:
    if st.button("I looked today: all of this is true", key=f"confirm-{view.id}"):
        accounts.confirm(door.house().store, person, view.id, seen)
        door.say("Confirmed", "With your name and today's date.")
        st.rerun()


def _change(person: Viewer, view: AccountView, staff: dict[int, str], seen: int) -> None:
    store = door.house().store
    today = staff_list.today(door.timezone())
    for holder in view.holders:
        ended = holder.until is not None
        if not ended and st.button(
            f"{cards.markdown_free(holder.name)} can no longer sign in",
            key=f"unhold-{holder.line_id}",
        ):
            accounts.end_holder(store, person, view.id, holder.line_id, today)
            door.say("Noted", "Change what they know: the password, and the second factor.")
            st.rerun()
    with st.form(f"holder-{view.id}", border=False):
        chosen = st.selectbox(
            "Who else can sign in?",
            list(staff),
            index=None,
            format_func=staff.__getitem__,
            placeholder="Staff and volunteers of the register",
            key=f"holder-of-{view.id}",
        )
        sent = st.form_submit_button("Add")
    if sent and chosen is not None:
        accounts.add_holder(store, person, view.id, chosen, today)
        door.say("Added")
        st.rerun()
    new = _fields(f"edit-{view.id}", staff, view)
    if new is not None:
        accounts.change(store, person, view.id, seen, new)
        door.say("Saved")
        st.rerun()
    if st.button("It is closed", key=f"close-social-{view.id}", type="tertiary"):
        accounts.close(store, person, view.id, seen, timezone=door.timezone())
        door.say("The account is closed", "What was known of it stays on record.")
        st.rerun()


def _new(person: Viewer, staff: dict[int, str]) -> None:
    new = _fields("new-social-form", staff, None)
    if new is not None:
        accounts.create(door.house().store, person, new)
        door.say("The account is on the list", "Name its holders now.")
        st.rerun()


def _fields(key: str, staff: dict[int, str], view: AccountView | None) -> NewAccount | None:
    """The form for what is known of an account; None until it is sent."""
    names = door.house().platform_ages.names()
    known = [*names, "other"]
    platforms = known if view is None or view.platform in known else [*known, view.platform]
    owners = list(staff)
    owned = owners.index(view.owner_id) if view and view.owner_id in owners else None
    with st.form(key, border=False):
        platform = st.selectbox(
            "Where it is",
            platforms,
            index=None if view is None else platforms.index(view.platform),
            format_func=lambda one: names.get(one, "Somewhere else" if one == "other" else one),
            key=f"{key}-platform",
        )
        handle = st.text_input(
            "Its name there", value=view.handle if view else "", max_chars=300, key=f"{key}-handle"
        )
        email = st.text_input(
            "The e-mail address it is registered with",
            value=view.email if view else "",
            max_chars=254,
            key=f"{key}-email",
        )
        owner = st.selectbox(
            "Who answers for it",
            owners,
            index=owned,
            format_func=staff.__getitem__,
            key=f"{key}-owner",
        )
        two_factor = st.radio(
            "Second factor at sign-in",
            list(_TWO_FACTOR),
            index=list(_TWO_FACTOR).index(view.two_factor if view else TwoFactor.UNKNOWN),
            format_func=_TWO_FACTOR.__getitem__,
            horizontal=True,
            key=f"{key}-two-factor",
        )
        sign_in = st.selectbox(
            "How people sign in",
            list(_SIGN_IN),
            index=list(_SIGN_IN).index(view.sign_in if view else SignIn.UNKNOWN),
            format_func=_SIGN_IN.__getitem__,
            key=f"{key}-sign-in",
        )
        sent = st.form_submit_button("Save" if view else "Add the account", type="primary")
    if not sent:
        return None
    return NewAccount(platform or "", handle or "", email or "", owner, two_factor, sign_in)
