"""Accounts and one-time links: who may make them, how long they work, and who always stays."""

from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest
from sqlalchemy import select

from casework import people
from models.errors import MendInput, NotYours, Refused
from models.tables import Audit, Invite
from models.vocabulary import Role

PASSWORD = "four otters cross late"


def _code(club, token) -> str:
    secret = people.open_invite(club.store, token, clock=club.clock).secret
    return str(pyotp.TOTP(secret).at(club.clock().timestamp()))


def test_a_link_works_once_and_only_its_hash_is_kept(club) -> None:
    viewer = club.person("mo", Role.MONITOR)
    token = people.invite(club.store, viewer.user_id, clock=club.clock)
    shown = people.open_invite(club.store, token, "Riverside Dance", club.clock)
    assert shown.uri.startswith("otpauth://totp/")
    assert people.open_invite(club.store, token, clock=club.clock).secret == shown.secret
    with club.store.read() as session:
        assert token not in session.scalars(select(Invite.token_hash)).all()
    done = people.accept_invite(club.store, token, PASSWORD, _code(club, token), club.clock)
    assert done == viewer.user_id
    with pytest.raises(Refused):
        people.open_invite(club.store, token, clock=club.clock)
    with club.store.read() as session:
        assert session.scalars(select(Invite)).one().totp_secret == ""


def test_a_weak_password_or_a_wrong_code_leaves_the_link_working(quick_club) -> None:
    club = quick_club
    viewer = club.person("mo", Role.MONITOR)
    token = people.invite(club.store, viewer.user_id, clock=club.clock)
    code = _code(club, token)
    with pytest.raises(Refused, match="fewer"):
        people.accept_invite(club.store, token, "short", code, club.clock)
    with pytest.raises(Refused, match="own name"):
        people.accept_invite(club.store, token, "MoExample2026", code, club.clock)
    with pytest.raises(Refused, match="digits"):
        people.accept_invite(club.store, token, PASSWORD, "12345", club.clock)
    people.accept_invite(club.store, token, PASSWORD, code, club.clock)


def test_links_end_after_seven_days_or_when_a_newer_one_is_made(quick_club) -> None:
    club = quick_club
    viewer = club.person("mo", Role.MONITOR)
    old = people.invite(club.store, viewer.user_id, clock=club.clock)
    new = people.invite(club.store, viewer.user_id, clock=club.clock)
    with pytest.raises(Refused):
        people.open_invite(club.store, old, clock=club.clock)
    club.clock.pass_time(days=7, seconds=-1)
    people.open_invite(club.store, new, clock=club.clock)
    club.clock.pass_time(seconds=1)
    with pytest.raises(Refused):
        people.open_invite(club.store, new, clock=club.clock)


def test_two_clicks_at_once_use_the_link_once(club) -> None:
    viewer = club.person("mo", Role.MONITOR)
    token = people.invite(club.store, viewer.user_id, clock=club.clock)
    code = _code(club, token)

    def accept(number: int) -> bool:
        try:
            people.accept_invite(club.store, token, f"{PASSWORD} {number}", code, club.clock)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(accept, range(3))) == 1


def test_a_new_link_resets_everything(quick_club) -> None:
    club = quick_club
    viewer = club.person("mo", Role.MONITOR)
    club.set_up(viewer)
    token = people.sign_in(club.store, "mo", PASSWORD, club.code(viewer), club.clock)
    old_secret = club.secrets[viewer.user_id]
    for _ in range(6):
        with pytest.raises(Refused):
            people.sign_in(club.store, "mo", "wrong password here", "1", club.clock)
    club.set_up(viewer, "quite another sentence")
    assert people.viewer_for(club.store, token, club.clock) is None
    assert club.secrets[viewer.user_id] != old_secret
    with pytest.raises(Refused):
        people.sign_in(club.store, "mo", PASSWORD, club.code(viewer), club.clock)
    people.sign_in(club.store, "mo", "quite another sentence", club.code(viewer), club.clock)


def test_only_administrators_manage_accounts(quick_club) -> None:
    club = quick_club
    lead = club.person("lena", Role.LEAD, Role.MONITOR, Role.TRUSTEE)
    other = club.person("mo", Role.MONITOR).user_id
    with club.store.read() as session, pytest.raises(NotYours):
        people.list_people(session, lead)
    for act in (
        lambda: people.create_person(club.store, lead, username="x1", name="X"),
        lambda: people.invite(club.store, other, lead),
        lambda: people.set_roles(club.store, lead, other, [Role.LEAD]),
        lambda: people.set_email(club.store, lead, other, "x@example.org"),
        lambda: people.deactivate(club.store, lead, other),
        lambda: people.reactivate(club.store, lead, other),
        lambda: people.invite(club.store, 999),
    ):
        with pytest.raises(NotYours):
            act()


def test_the_list_shows_what_an_administrator_needs(quick_club) -> None:
    club = quick_club
    ada = club.person("ada", Role.ADMIN)
    club.set_up(ada)
    club.person("info", Role.MONITOR, email="info@example.org")
    gone = club.person("gone", Role.MONITOR)
    people.deactivate(club.store, ada, gone.user_id)
    people.invite(club.store, ada.user_id, clock=club.clock)
    with club.store.read() as session:
        lines = {line.username: line for line in people.list_people(session, ada, club.clock)}
    assert lines["ada"].ready and lines["ada"].invited_until is not None
    assert not lines["info"].ready and "Several people" in lines["info"].warning
    assert not lines["gone"].active


def test_the_last_administrator_stays(club) -> None:
    one = club.person("ada", Role.ADMIN)
    with pytest.raises(Refused, match="last administrator"):
        people.deactivate(club.store, None, one.user_id)
    with pytest.raises(Refused, match="last administrator"):
        people.set_roles(club.store, None, one.user_id, [Role.LEAD])
    two = club.person("bea", Role.ADMIN)

    def drop(pair) -> bool:
        try:
            people.deactivate(club.store, *pair)
        except (Refused, NotYours):
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(drop, [(one, two.user_id), (two, one.user_id)]))
    assert sorted(done) == [False, True]


def test_nobody_raises_their_own_role_and_every_change_is_recorded(quick_club) -> None:
    club = quick_club
    ada = club.person("ada", Role.ADMIN)
    with pytest.raises(Refused, match="their own roles"):
        people.set_roles(club.store, ada, ada.user_id, [Role.ADMIN, Role.LEAD])
    other = club.person("mo", Role.TRUSTEE)
    people.set_roles(club.store, ada, other.user_id, [Role.LEAD])
    with club.store.read() as session:
        line = session.scalars(select(Audit).where(Audit.what == "person.roles_changed")).one()
    assert line.actor_id == ada.user_id
    assert line.details == {"before": ["trustee"], "roles": ["lead"]}


@pytest.mark.parametrize("username", ["", "x", "a b", "<script>", "é" * 5, "x" * 81, "../etc"])
def test_user_names_that_will_not_do(quick_club, username: str) -> None:
    with pytest.raises(MendInput):
        people.create_person(quick_club.store, None, username=username, name="Mo")


@pytest.mark.parametrize("email", ["mo", "a@example.org,b@example.org", "a@example.org\nBcc: b"])
def test_addresses_that_will_not_do(quick_club, email: str) -> None:
    with pytest.raises(MendInput):
        people.create_person(quick_club.store, None, username="mo", name="Mo", email=email)


def test_user_names_are_taken_once(quick_club) -> None:
    quick_club.person("mo")
    with pytest.raises(Refused, match="already"):
        people.create_person(quick_club.store, None, username="MO", name="Mo")


def test_switched_on_again_needs_a_new_link(quick_club) -> None:
    club = quick_club
    viewer = club.person("mo", Role.MONITOR)
    club.set_up(viewer)
    people.deactivate(club.store, None, viewer.user_id)
    with pytest.raises(Refused, match="switched off"):
        people.invite(club.store, viewer.user_id)
    people.reactivate(club.store, None, viewer.user_id)
    with pytest.raises(Refused):
        people.sign_in(club.store, "mo", PASSWORD, club.code(viewer), club.clock)
