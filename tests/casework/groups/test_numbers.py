"""The digests and the trustees' screen have counts, by role, and no name."""

from casework import accounts, digest, guard
from casework.accounts import NewAccount
from casework.group_numbers import GroupNumbers, numbers
from casework.weeks import week_of
from models.vocabulary import Organisation, Role, now

ORGANISATION = Organisation(name="Larkspur Dance School")


def _filled(town, monitor, lead) -> None:
    place = town.source("adults")
    town.person("Wren", "Hallett", born=town.years_ago(15), handle="wren.h")
    town.member(place, "wren.h", "Wren Hallett")
    accounts.create(town.store, monitor, NewAccount("x", "larkspur"))
    town.check()


def test_the_counts(town, monitor, lead) -> None:
    _filled(town, monitor, lead)
    with town.store.read() as session:
        found = numbers(session, now())
    # tasks: privacy of the place, holders of the account, its confirmation
    assert found == GroupNumbers(few_holders=1, blind=0, reviews=1, tasks=3)


def test_every_digest_has_them_and_no_name(town, monitor, lead) -> None:
    _filled(town, monitor, lead)
    week = week_of(now())
    for role, said in ((Role.MONITOR, "1"), (Role.LEAD, "1"), (Role.TRUSTEE, "1-2")):
        with town.store.read() as session:
            message = digest.build(session, role, week, ORGANISATION, "", now())
            assert f"Accounts with fewer than two holders: {said}" in message.text
            assert f"Members who may be too young: {said}" in message.text
            assert "Wren" not in message.text
            assert "larkspur" not in message.text.replace("Larkspur adults", "")
            assert guard.blocks(session, message, organisation=ORGANISATION) == ""
