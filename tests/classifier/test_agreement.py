"""An identifier that two readers found is put before a person once."""

from dataclasses import replace

import pytest

from classifier.agreement import NOBODYS_HOME, said_once
from classifier.detector import LEARNT
from models.vocabulary import Category, Finding


def found(
    detector: str,
    score: float,
    start: int = 0,
    end: int = 10,
    category: Category = Category.PII_SCHOOL,
) -> Finding:
    return Finding(category, score, start, end, "Because.", detector, "1")


def test_the_rule_stands_with_the_score_of_the_surer() -> None:
    (one,) = said_once([found("school", 0.75), found(LEARNT, 0.97, 2, 12)])
    assert (one.detector, one.score, one.end) == ("school", 0.97, 10)
    (one,) = said_once([found(LEARNT, 0.6, 2, 12), found("school", 0.75)])
    assert (one.detector, one.score) == ("school", 0.75)


@pytest.mark.parametrize(
    "others",
    [
        [found("school", 0.2), found(LEARNT, 0.9)],  # a rule that is unsure
        [found("school", 0.75), found(LEARNT, 0.9, 20, 30)],  # another place
        [found("full_name", 0.75, category=Category.PII_FULL_NAME), found(LEARNT, 0.9, 0, 24)],
        [found("dob", 0.85, 0, 40, Category.PII_DOB), found(LEARNT, 0.9, 20, 35)],
        [
            found("bullying_cues", 0.9, category=Category.BULLYING),
            found(LEARNT, 0.9, category=Category.BULLYING),
        ],
        [found(LEARNT, 0.9), found(LEARNT, 0.9, 5, 12)],
        [],
    ],
)
def test_what_is_not_the_same_stays_as_it_is(others: list[Finding]) -> None:
    assert said_once(others) == others


def test_what_a_rule_knows_by_its_form_is_not_asked_about_as_another_kind() -> None:
    number = found("official_number", 0.97, 0, 12, Category.PII_OTHER)
    assert said_once([number, found(LEARNT, 0.99, 2, 12, Category.PII_DOB)]) == [number]


def test_a_plain_venue_takes_the_learnt_address_away() -> None:
    learnt = found(LEARNT, 0.97, category=Category.PII_ADDRESS)
    venue = found("address", NOBODYS_HOME, category=Category.PII_ADDRESS)
    assert said_once([venue, learnt]) == [venue]
    assert said_once([learnt, replace(venue, score=0.15)]) == [learnt, replace(venue, score=0.15)]


def test_one_learnt_finding_over_two_of_a_rule_goes_and_both_stay() -> None:
    rules = [found("full_name", 0.75, 0, 5), found("full_name", 0.75, 6, 12)]
    kept = said_once([*rules, found(LEARNT, 0.9, 0, 12)])
    assert [(one.start, one.score) for one in kept] == [(0, 0.9), (6, 0.9)]
