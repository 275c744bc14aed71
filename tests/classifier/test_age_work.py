"""Who works at a school is no child, and a child who speaks of what is said there is one still."""

import pytest

from classifier.detector import Text
from classifier.detectors.age import AgeDetector, another_age
from classifier.normalise import normalise

PAIRS = [
    ("can't do Tuesday, I'm invigilating", "im in yr 11 and the invigilator shouted at me"),
    (
        "gave out detention again so I'll miss warm-up",
        "in yr 9 n miss gave out detentions 2 us all",
    ),
    ("I'm on detention duty", "i'm 12 and sir is on detention duty so we cant go"),
    ("marking SATs next week wish me luck", "mr lee marked my homework and im only 12"),
    ("got maths homework to mark so brb", "my gcse papers are all marked now, i'm in year 11"),
    ("GCSEs are marked, examiners deserve gin", "im in yr 11 and they havent marked my mocks yet"),
    ("soz late, I'm a form tutor", "my form tutor says i can come"),
    (
        "Parents' evening for my Year 10 tonight",
        "i'm 13 and it's parents' evening for my year tonight",
    ),
    ("We were in year 9 when we met", "were in year 9 and its our first show"),
    ("as a fourteen year volunteer I object", "as a fourteen year old i object"),
    ("my niece just turned 13", "i just turned 13 today"),
]


def best(text: str) -> float:
    (found,) = AgeDetector().detect([Text("x", normalise(text))])
    return max((one.score for one in found), default=0.0)


@pytest.mark.parametrize(("grown_up", "child"), PAIRS)
def test_a_grown_up_and_a_child_with_the_same_words(grown_up: str, child: str) -> None:
    assert best(grown_up) < 0.5
    assert best(child) >= 0.58


@pytest.mark.parametrize(
    "child",
    [
        "im 14 and its my nan's golden wedding on saturday so i cant come",
        "i was born in 2012 and its my nan's ruby wedding",
        "im 17 and i feel a proper pensioner today",
        "im 16 and my lad just got me a ticket",
        "i'm the caretaker in the school play and im 11",
    ],
)
def test_a_stated_age_stands_whatever_is_said_of_others(child: str) -> None:
    assert best(child) >= 0.9


def test_the_learnt_reader_is_told_who_works_at_a_school() -> None:
    assert another_age("gcses are marked, finally")
    assert not another_age("miss gave out detentions and im not allowed")
