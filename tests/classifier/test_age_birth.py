"""Births that authors give as their own, and days and births that are no such thing."""

from datetime import date

import pytest

from classifier.detectors.age_birth import own_births

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("hi my dob is 7/8/12 x", "my dob is 7/8/12"),
        ("my d.o.b. is 7/8/12", "my d.o.b. is 7/8/12"),
        ("im 23 nov 2012 so sag", "im 23 nov 2012"),
        ("born 30th october 2011 so im a scorpio", "born 30th october 2011"),
        ("i was born on the 7th of august 2012", "i was born on the 7th of august 2012"),
        ("who is cilla? i was born in 2012", "i was born in 2012"),
    ],
)
def test_a_birth_of_ones_own_is_found(words: str, said: str) -> None:
    ((start, end, _),) = own_births(words, TODAY)
    assert words[start:end] == said


@pytest.mark.parametrize(
    "words",
    [
        "my birthday is 18 jan 1960",  # an adult's
        "i was born in 1961",
        "her dob is 7/8/12",
        "dob 12/05/2014, my son leo, needs an inhaler",
        "born 12/05/2014, my little ava. so proud",
        "dob: 12/05/2014 can i book her in please",
        "i'm on 4th december 11am, can anyone swap?",
        "my birthday is 25 dec 10 of us are going",
        "my bday 5 jan 12 till 3 at laser quest",
        "the last time i was on 12/05/2018 we sang oliver",
        "",
    ],
)
def test_what_is_no_birth_of_the_author_is_not(words: str) -> None:
    assert list(own_births(words, TODAY)) == []
