"""The tuple of detectors, and the part of it that is asked about one category."""

from collections.abc import Iterable

import pytest

from classifier.detector import Detector, Text
from classifier.detectors.threat import ThreatDetector
from classifier.normalise import normalise
from classifier.registry import asked_about, detectors, with_register
from classifier.service import classify
from models.named_people import NOBODY_NAMED
from models.vocabulary import Category, Finding, Organisation


@pytest.fixture(scope="module")
def built() -> tuple[Detector, ...]:
    return detectors(Organisation(name=""))


@pytest.mark.parametrize("category", list(Category))
def test_a_part_finds_of_its_category_what_all_find(
    built: tuple[Detector, ...], category: Category
) -> None:
    texts = [
        Text(str(number), normalise(example.text), example.audience, example.author_role)
        for number, example in enumerate(
            example for one in built for example in one.EXAMPLES if example.category == category
        )
    ]

    def found(some: tuple[Detector, ...]) -> list[list[Finding]]:
        return [
            [one for one in reading.findings if one.category == category]
            for reading in classify(texts, some)
        ]

    everything = found(built)
    assert any(everything)
    assert found(asked_about(built, category)) == everything


def test_a_number_is_looked_for_without_the_network(built: tuple[Detector, ...]) -> None:
    asked = {one.name for one in asked_about(built, Category.PII_PHONE)}
    assert "phone" in asked
    assert "meaning" not in asked
    assert {"phone", "email", "official_number"} <= {
        one.name for one in asked_about(built, Category.PII_FULL_NAME)
    }, "a number is no name, and who knows it by its form says so"


def test_each_rule_reads_a_post_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The heads weigh what the rules have found already, also with a register read anew."""
    asked: list[str] = []
    find = ThreatDetector.find

    def counted(self: ThreatDetector, post: Text) -> Iterable[Finding]:
        asked.append(post.id)
        return find(self, post)

    monkeypatch.setattr(ThreatDetector, "find", counted)
    nobody = Organisation(name="")
    built = detectors(nobody)
    classify([Text("one", normalise("See you on Friday"))], built)
    assert asked == ["one"]
    classify([Text("two", normalise("See you at six"))], with_register(built, nobody, NOBODY_NAMED))
    assert asked == ["one", "two"]
