"""Contact between staff and a child: consent, purpose, hours and a second pair of eyes."""

from datetime import UTC, datetime

import pytest

from casework.contact_rules import CHILD, STAFF, ContactFacts, Fault, faults, in_office_hours
from models.vocabulary import Organisation

ENGLAND = Organisation(name="Riverside")
SCOTLAND = Organisation(name="Riverside", nation="scotland")
TUESDAY = datetime(2026, 11, 17, 10, tzinfo=UTC)
NIGHT = datetime(2026, 11, 17, 22, tzinfo=UTC)


def facts(at: datetime = TUESDAY, **more) -> ContactFacts:
    return ContactFacts(
        **{
            "at": at,
            "started_by": STAFF,
            "purpose": "The costume list.",
            "copied": 1,
            "consent": True,
            **more,
        }
    )


def test_what_keeps_to_the_rules_has_no_fault() -> None:
    assert faults(facts(), ENGLAND) == ()


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (facts(consent=False), Fault.NO_CONSENT),
        (facts(purpose=" "), Fault.NO_PURPOSE),
        (facts(NIGHT), Fault.OUT_OF_HOURS),
        (facts(copied=0), Fault.NOBODY_COPIED),
        (facts(purpose="", written=True, personal=True), Fault.PERSONAL_ADDRESS),
        (facts(purpose="", written=True, unknown=True), Fault.UNKNOWN_ADDRESS),
    ],
)
def test_each_rule_has_its_fault(given: ContactFacts, fault: Fault) -> None:
    assert faults(given, ENGLAND) == (fault,)


def test_a_child_who_writes_at_night_is_no_fault() -> None:
    assert faults(facts(NIGHT, started_by=CHILD), ENGLAND) == ()


@pytest.mark.parametrize(
    ("at", "open_there"),
    [
        (datetime(2026, 7, 1, 8, 30, tzinfo=UTC), True),  # 9:30 in summer
        (datetime(2026, 11, 17, 8, 30, tzinfo=UTC), False),  # 8:30 in winter
        (datetime(2026, 7, 1, 16, 30, tzinfo=UTC), False),
        (datetime(2026, 11, 21, 10, tzinfo=UTC), False),  # a Saturday
        (datetime(2026, 12, 25, 10, tzinfo=UTC), False),
    ],
)
def test_office_hours_are_those_of_the_wall_clock(at: datetime, open_there: bool) -> None:
    assert in_office_hours(at, ENGLAND) is open_there


def test_bank_holidays_are_the_nations_own() -> None:
    easter_monday = datetime(2026, 4, 6, 10, tzinfo=UTC)
    saint_andrew = datetime(2026, 11, 30, 10, tzinfo=UTC)
    assert not in_office_hours(easter_monday, ENGLAND)
    assert in_office_hours(easter_monday, SCOTLAND)
    assert in_office_hours(saint_andrew, ENGLAND)
    assert not in_office_hours(saint_andrew, SCOTLAND)
