"""The tuple of detectors, and the part of it that is asked about one category."""

import pytest

from classifier.detector import Detector, Text
from classifier.normalise import normalise
from classifier.registry import asked_about, detectors
from classifier.service import classify
from models.vocabulary import Category, Finding, Organisation

TEXTS = (
    "Ring Una Example of 4 Mill Lane, Skelby on 07700 900123 or una.example@mail.example",
    "Mia Holt turns 9 on Saturday and is at Elmfold Primary now, her NHS number is 943 476 5919",
    "nobody wants u here, i know where u live and il wait outside, dont tell ur mum x",
)


@pytest.fixture(scope="module")
def built() -> tuple[Detector, ...]:
    return detectors(Organisation(name=""))


@pytest.mark.parametrize("category", list(Category))
def test_a_part_finds_of_its_category_what_all_find(
    built: tuple[Detector, ...], category: Category
) -> None:
    texts = [Text("x", normalise(text)) for text in TEXTS]

    def found(some: tuple[Detector, ...]) -> list[list[Finding]]:
        return [
            [one for one in reading.findings if one.category == category]
            for reading in classify(texts, some)
        ]

    assert found(asked_about(built, category)) == found(built)


def test_a_number_is_looked_for_without_the_network(built: tuple[Detector, ...]) -> None:
    asked = {one.name for one in asked_about(built, Category.PII_PHONE)}
    assert "phone" in asked
    assert "meaning" not in asked
