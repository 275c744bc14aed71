"""Accounts: two current holders, confirmed now and then, and fit names. No password anywhere."""

from datetime import timedelta

import pytest

from casework import accounts
from casework.account_view import (
    NO_HOLDER,
    NO_OWNER,
    NO_TWO_FACTOR,
    OLD_CONFIRMATION,
    ONE_HOLDER,
    SHARED_PASSWORD,
)
from casework.account_view import accounts as listed
from casework.accounts import NewAccount
from casework.name_lint import CHILD, FREE
from models.errors import LookAgain, MendInput, NotYours, Refused
from models.group_words import SignIn, TwoFactor
from models.tables import SocialAccount
from models.vocabulary import now

TODAY = now().date()


def _one(town, viewer):
    (view,) = listed(town.store, viewer)
    return view


def _held(town, viewer, *holders) -> int:
    made = accounts.create(
        town.store,
        viewer,
        NewAccount("instagram", "larkspur.dance", "", holders[0], TwoFactor.ON, SignIn.OWN),
    )
    for each in holders:
        accounts.add_holder(town.store, viewer, made, each, TODAY - timedelta(days=30))
    return made


def test_two_holders_are_needed_and_a_leaver_raises_one_holder(town, monitor) -> None:
    first, second = town.staff("Ash", "Brightwell"), town.staff("Robin", "Marlowe")
    made = _held(town, monitor, first, second)
    accounts.confirm(town.store, monitor, made, _one(town, monitor).version)
    assert _one(town, monitor).problems == ()
    town.check()
    assert town.tasks("account_holders") == []
    town.leaves(second, TODAY)  # the last day is a day with us
    town.check()
    assert town.tasks("account_holders") == []
    town.leaves(second, TODAY - timedelta(days=1))
    town.check()
    assert town.tasks("account_holders") == [f"account:{made}"]
    view = _one(town, monitor)
    assert view.problems == (ONE_HOLDER,)
    assert [holder.current for holder in view.holders] == [True, False]
    third = town.staff("Lee", "Oyelaran")
    accounts.add_holder(town.store, monitor, made, third, TODAY)
    town.check()
    assert town.tasks("account_holders") == []


def test_ending_a_holder_counts_at_once(town, monitor) -> None:
    first, second = town.staff("Ash", "Brightwell"), town.staff("Robin", "Marlowe")
    made = _held(town, monitor, first, second)
    line = _one(town, monitor).holders[1]
    accounts.end_holder(town.store, monitor, made, line.line_id, TODAY - timedelta(days=1))
    assert _one(town, monitor).few_holders
    with pytest.raises(LookAgain):
        accounts.end_holder(town.store, monitor, made, line.line_id, TODAY)


def test_only_current_staff_and_volunteers_can_hold(town, monitor) -> None:
    made = _held(town, monitor, town.staff("Ash", "Brightwell"))
    for one in (town.person("Wren", "Hallett", born=town.years_ago(15)), 999):
        with pytest.raises(Refused):
            accounts.add_holder(town.store, monitor, made, one, TODAY)


def test_what_else_is_to_be_mended(town, monitor) -> None:
    made = accounts.create(
        town.store,
        monitor,
        NewAccount("x", "mayafielding", "larkspur@gmail.com", None, TwoFactor.OFF, SignIn.SHARED),
    )
    town.person("Maya", "Fielding", born=town.years_ago(12))
    view = _one(town, monitor)
    assert view.problems[:4] == (NO_HOLDER, NO_OWNER, NO_TWO_FACTOR, SHARED_PASSWORD)
    assert view.lint == (CHILD, FREE)
    accounts.confirm(town.store, monitor, made, view.version)
    with pytest.raises(LookAgain):
        accounts.confirm(town.store, monitor, made, view.version)
    town.check()
    assert town.tasks("account_confirm") == []
    with town.store.write() as session:
        session.get_one(SocialAccount, made).confirmed_at = now() - timedelta(days=200)
        session.commit()
    assert OLD_CONFIRMATION in _one(town, monitor).problems
    town.check()
    assert town.tasks("account_confirm") == [f"account:{made}"]
    accounts.close(town.store, monitor, made, _one(town, monitor).version)
    town.check()
    assert listed(town.store, monitor) == ()
    assert town.tasks("account_confirm") == town.tasks("account_holders") == []


def test_the_same_account_twice_and_a_nameless_one_are_refused(town, monitor) -> None:
    accounts.create(town.store, monitor, NewAccount("x", "larkspur"))
    with pytest.raises(Refused):
        accounts.create(town.store, monitor, NewAccount("x", "larkspur"))
    with pytest.raises(MendInput):
        accounts.create(town.store, monitor, NewAccount("x", "  "))


def test_there_is_no_place_for_a_password() -> None:
    texts = {
        column.name
        for column in SocialAccount.__table__.columns
        if "password" in column.name or "secret" in column.name or "code" in column.name
    }
    assert texts == set()
    assert SocialAccount.__table__.columns["sign_in"].type.words is SignIn  # a choice, no free text


def test_others_see_and_change_nothing(town, outsiders) -> None:
    for one in outsiders:
        with pytest.raises(NotYours):
            listed(town.store, one)
        with pytest.raises(NotYours):
            accounts.create(town.store, one, NewAccount("x", "larkspur"))
        with pytest.raises(NotYours):
            accounts.confirm(town.store, one, 1, 1)
