"""Signing in: two factors, waits that grow, sessions that end; and what is never written down."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import func, select

from casework import audit, people, sessions
from casework.passwords import hash_password, require_good
from casework.second_factor import step_of
from models.errors import Refused
from models.tables import Audit, Person, Session
from models.vocabulary import Role

PASSWORD = "four otters cross late"


@pytest.fixture
def member(quick_club):
    """A monitor who has set everything up."""
    viewer = quick_club.person("mo", Role.MONITOR)
    quick_club.set_up(viewer)
    return viewer


def _try(club, username="mo", password=PASSWORD, code="000000") -> str:
    with pytest.raises(Refused) as refused:
        people.sign_in(club.store, username, password, code, club.clock)
    return str(refused.value)


def test_in_and_out_again(club) -> None:
    viewer = club.person("mo", Role.MONITOR, Role.LEAD)
    club.set_up(viewer)
    code = club.code(viewer)
    token = people.sign_in(club.store, " MO ", PASSWORD, f"{code[:3]} {code[3:]}", club.clock)
    assert people.viewer_for(club.store, token, club.clock) == viewer
    assert people.viewer_for(club.store, token + "x", club.clock) is None
    with club.store.read() as session:
        assert session.scalars(select(Session)).one().token_hash != token
    people.sign_out(club.store, token, club.clock)
    assert people.viewer_for(club.store, token, club.clock) is None
    with club.store.read() as session:
        assert audit.verify(session).broken_at is None


def test_whatever_is_wrong_is_told_in_the_same_words(quick_club, member) -> None:
    club = quick_club
    code = club.code(member)
    club.person("new", Role.MONITOR)
    gone = club.person("gone", Role.MONITOR)
    club.set_up(gone)
    people.deactivate(club.store, None, gone.user_id, club.clock)
    said = {
        _try(club, "nobody", PASSWORD, code),
        _try(club, "mo", "wrong password here", code),
        _try(club, "mo", PASSWORD, "not a code"),
        _try(club, "mo", PASSWORD, "123456"),
        _try(club, "new", "", ""),
        _try(club, "gone", PASSWORD, club.code(gone)),
    }
    assert len(said) == 1


def test_an_unknown_name_takes_as_long_as_a_wrong_password(quick_club, member) -> None:
    def seconds(username: str) -> float:
        begun = time.perf_counter()
        _try(quick_club, username, "wrong password here")
        return time.perf_counter() - begun

    _try(quick_club, "nobody")  # whatever is prepared once
    quickest = {name: min(seconds(name) for _ in range(3)) for name in ("mo", "nobody")}
    assert quickest["nobody"] > quickest["mo"] / 2


def test_a_code_is_good_once(quick_club, member) -> None:
    club = quick_club
    code = club.code(member)
    people.sign_in(club.store, "mo", PASSWORD, code, club.clock)
    _try(club, code=code)
    club.clock.pass_time(seconds=30)
    _try(club, code=code)
    people.sign_in(club.store, "mo", PASSWORD, club.code(member), club.clock)


def test_two_people_cannot_use_one_code_at_the_same_moment(club) -> None:
    viewer = club.person("mo", Role.MONITOR)
    club.set_up(viewer)
    code = club.code(viewer)

    def attempt(_number: int) -> bool:
        try:
            return bool(people.sign_in(club.store, "mo", PASSWORD, code, club.clock))
        except Refused:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 1


def test_clocks_may_differ_by_a_step(quick_club) -> None:
    secret = "JBSWY3DPEHPK3PXP" * 2
    at = quick_club.clock()
    for seconds, good in ((-60, False), (-30, True), (0, True), (30, True), (60, False)):
        code = pyotp.TOTP(secret).at(at.timestamp() + seconds)
        assert (step_of(secret, code, at) is not None) is good
    assert step_of("", "000000", at) is None
    assert step_of(secret, "１２３４５６", at) is None


def test_guessing_is_slowed_twice_as_much_each_time(quick_club, member) -> None:
    club = quick_club

    def wait() -> float:
        until = club.person_row(member).locked_until
        return 0.0 if until is None else (until - club.clock()).total_seconds()

    waits = []
    for _ in range(13):
        _try(club, password="wrong password here")
        waits.append(wait())
        club.clock.pass_time(seconds=wait())
    assert waits == [0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_while_it_waits_not_even_the_right_password_is_tried(quick_club, member) -> None:
    club = quick_club
    wrong = [_try(club, password="wrong password here") for _ in range(5)]
    club.clock.pass_time(seconds=29)
    assert _try(club, code=club.code(member)) == wrong[0]
    assert club.person_row(member).failures == 5
    club.clock.pass_time(seconds=2)
    people.sign_in(club.store, "mo", PASSWORD, club.code(member), club.clock)
    assert club.person_row(member).failures == 0


def test_many_guesses_at_the_same_moment_count_as_many(club) -> None:
    viewer = club.person("mo", Role.MONITOR)
    club.set_up(viewer)

    def guess(number: int) -> None:
        with pytest.raises(Refused):
            people.sign_in(club.store, "mo", f"wrong password {number}", "1", club.clock)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(guess, range(8)))
    assert club.person_row(viewer).failures == 5  # the fifth made the account wait
    assert club.person_row(viewer).locked_until is not None


def test_one_account_waiting_leaves_the_others_alone(quick_club, member) -> None:
    club = quick_club
    other = club.person("lena", Role.LEAD)
    club.set_up(other)
    for _ in range(6):
        _try(club, password="wrong password here")
    people.sign_in(club.store, "lena", PASSWORD, club.code(other), club.clock)


def test_a_session_goes_idle_and_grows_old(quick_club, member) -> None:
    club = quick_club
    token = people.sign_in(club.store, "mo", PASSWORD, club.code(member), club.clock)
    for _ in range(20):
        club.clock.pass_time(minutes=29)
        assert people.viewer_for(club.store, token, club.clock) is not None
    club.clock.pass_time(minutes=31)
    assert people.viewer_for(club.store, token, club.clock) is None

    token = people.sign_in(club.store, "mo", PASSWORD, club.code(member), club.clock)
    for _ in range(71):
        club.clock.pass_time(minutes=10)
        assert people.viewer_for(club.store, token, club.clock) is not None
    club.clock.pass_time(minutes=11)
    assert people.viewer_for(club.store, token, club.clock) is None


def test_what_a_browser_does_by_itself_is_not_use(quick_club, member) -> None:
    club = quick_club
    token = people.sign_in(club.store, "mo", PASSWORD, club.code(member), club.clock)
    for _ in range(3):
        club.clock.pass_time(minutes=9)
        assert people.viewer_for(club.store, token, club.clock, counts_as_use=False)
    club.clock.pass_time(minutes=4)
    assert people.viewer_for(club.store, token, club.clock) is None


def test_use_is_written_at_most_once_a_minute(quick_club, member) -> None:
    club = quick_club
    token = people.sign_in(club.store, "mo", PASSWORD, club.code(member), club.clock)
    begun = club.clock()
    club.clock.pass_time(seconds=59)
    people.viewer_for(club.store, token, club.clock)
    with club.store.read() as session:
        assert session.scalars(select(Session)).one().last_seen_at == begun
    club.clock.pass_time(seconds=1)
    people.viewer_for(club.store, token, club.clock)
    with club.store.read() as session:
        assert session.scalars(select(Session)).one().last_seen_at == begun + timedelta(minutes=1)


def test_two_devices_are_two_sessions(quick_club, member) -> None:
    club = quick_club
    one = people.sign_in(club.store, "mo", PASSWORD, club.code(member), club.clock)
    club.clock.pass_time(seconds=30)
    two = people.sign_in(club.store, "mo", PASSWORD, club.code(member), club.clock)
    people.sign_out(club.store, one, club.clock)
    assert people.viewer_for(club.store, two, club.clock) == member


def test_roles_and_switching_off_count_at_once(quick_club, member) -> None:
    club = quick_club
    token = people.sign_in(club.store, "mo", PASSWORD, club.code(member), club.clock)
    people.set_roles(club.store, None, member.user_id, [Role.TRUSTEE], club.clock)
    assert people.viewer_for(club.store, token, club.clock) is None
    club.clock.pass_time(seconds=30)
    token = people.sign_in(club.store, "mo", PASSWORD, club.code(member), club.clock)
    viewer = people.viewer_for(club.store, token, club.clock)
    assert viewer is not None and viewer.roles == {Role.TRUSTEE}
    people.deactivate(club.store, None, member.user_id, club.clock)
    assert people.viewer_for(club.store, token, club.clock) is None


def test_nothing_secret_is_written_down(quick_club, member) -> None:
    club = quick_club
    code = club.code(member)
    token = people.sign_in(club.store, "mo", PASSWORD, code, club.clock)
    _try(club, "mo", "typed Password in anger")
    _try(club, "my actual password here", "x")
    with club.store.read() as session:
        record = str([(line.subject, line.details) for line in session.scalars(select(Audit))])
        rows = session.scalar(select(func.count()).select_from(Audit)) or 0
        stored = session.scalars(select(Person.password_hash)).one()
    assert rows > 5
    for secret in (PASSWORD, token, "anger", "actual", code, club.secrets[member.user_id]):
        assert secret not in record
    assert stored.startswith("$argon2id$")


def test_equal_passwords_are_kept_differently() -> None:
    assert hash_password(PASSWORD) != hash_password(PASSWORD)
    assert sessions.token_hash("\udcff") != sessions.token_hash("")


@pytest.mark.parametrize(
    "password",
    [
        "short word",
        "x" * 201,
        "aaaaaaaaaaaaaaaa",
        "password2026",
        "P@ssw0rd1234",
        "passwordpassword",
        "Safeguarding1",
        "123456789012",
        "qwertyuiop123",
        "abcdefghijklmnop",
        "maya.harbour1",
        "MayaHarbour2026",
        "harbour@2026!",
    ],
)
def test_passwords_that_anybody_would_try(password: str) -> None:
    with pytest.raises(Refused) as refused:
        require_good(password, "Maya Harbour", "maya", "maya.harbour@example.org")
    assert password not in str(refused.value)


@pytest.mark.parametrize("password", [PASSWORD, "Tr0mbone-kettle-9", "наш старый трамвай едет"])
def test_passwords_that_will_do(password: str) -> None:
    require_good(password, "Maya Harbour", "maya", "maya@example.org")
