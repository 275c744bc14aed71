"""What every detector promises: its own examples, spans inside the text, linear time."""

import gc
import time
from collections.abc import Sequence
from functools import lru_cache

import pytest

from classifier.detector import Detector, Example, Text
from classifier.detectors.registered_name import EXAMPLE_PEOPLE
from classifier.normalise import normalise
from classifier.policy import load_policy
from classifier.registry import detectors
from models.vocabulary import Category, Finding, Organisation


@lru_cache
def built() -> tuple[Detector, ...]:
    return detectors(Organisation("Example Dance"), named=EXAMPLE_PEOPLE)


NAMES = [detector.name for detector in built()]
EXAMPLES = [
    pytest.param(detector.name, example, id=f"{detector.name}-{number}")
    for detector in built()
    for number, example in enumerate(detector.EXAMPLES)
]
HOSTILE = {
    "one letter": "a" * 100_000,
    "one digit": "7" * 100_000,
    "digits apart": "0 7 " * 25_000,
    "digits and dots": "12.3" * 25_000,
    "dates": "12/03/2012 " * 9_000,
    "at signs": "a@" * 50_000,
    "dots": "a." * 50_000,
    "brackets": "((((" * 25_000,
    "stars": "f*" * 50_000,
    "spaces": " " * 100_000,
    "line ends": "\n" * 100_000,
    "capital words": "Aa " * 33_000,
    "number words": "seven " * 16_000,
    "i am": "i'm only just " * 7_000,
    "my mum": "my mum said i " * 7_000,
    "she goes to": "she goes to the " * 6_000,
    "twelve streets": "12 the old mill " * 6_000,
    "quotes": '"a ' * 33_000,
    "turns": "Mia turns " * 10_000,
    "schools by name": "Scoil na Aa " * 8_000,
    "houses by number": "no 1, on " * 11_000,
    "particles": "Aa van der " * 9_000,
    "postcodes": "AB1 " * 25_000,
    "emoji": "🎉" * 50_000,
    "zero width": "a\u200b" * 50_000,
    "accents": "e\u0301" * 50_000,
    "you are a": "you are a " * 10_000,
    "message me": "message me on my " * 6_000,
    "he hits": "he keeps hitting me and " * 4_000,
    "kill": "kill myself " * 8_000,
}
RULE_LIMIT = 0.05
"""Seconds one rule may take on 100 kB (the issue's bound); a detector holds several rules."""


def by_name(name: str) -> Detector:
    return next(detector for detector in built() if detector.name == name)


def run(detector: Detector, example: Example) -> list[Finding]:
    text = Text(
        "x", normalise(example.text), example.audience, example.author_role, example.posted_at
    )
    return list(detector.detect([text])[0])


def test_names_are_unique() -> None:
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_a_detector(name: str) -> None:
    detector = by_name(name)
    assert isinstance(detector, Detector)
    assert detector.version and detector.categories
    hits = {example.category for example in detector.EXAMPLES if example.expect}
    misses = {example.category for example in detector.EXAMPLES if not example.expect}
    assert hits == set(detector.categories)
    assert misses == set(detector.categories)


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_its_examples_hold(name: str, example: Example) -> None:
    detector = by_name(name)
    policy = load_policy()
    threshold = policy.rule(example.category, example.audience, example.author_role).threshold
    spans = [
        example.text[finding.start : finding.end]
        for finding in run(detector, example)
        if finding.category == example.category and finding.score >= threshold
    ]
    if example.expect:
        assert example.expect in spans
    else:
        assert spans == []


@pytest.mark.parametrize("name", NAMES)
def test_findings_fit_the_text(name: str) -> None:
    detector = by_name(name)
    texts = [Text(str(n), normalise(e.text)) for n, e in enumerate(detector.EXAMPLES)]
    found = detector.detect(texts)
    assert len(found) == len(texts)
    for text, findings in zip(texts, found, strict=True):
        for finding in findings:
            assert 0 <= finding.start < finding.end <= len(text.normal.original)
            assert 0 <= finding.score <= 1
            assert finding.category in detector.categories
            assert finding.detector == detector.name and finding.version == detector.version
            assert finding.because.endswith(".")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", ["", " ", "\n", "\u200b", "🎉", "\ud800"])
def test_nothing_is_found_in_nothing(name: str, text: str) -> None:
    assert list(by_name(name).detect([Text("x", normalise(text))])[0]) == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_kept_between_batches(name: str) -> None:
    detector = by_name(name)
    texts = [Text(str(n), normalise(e.text)) for n, e in enumerate(detector.EXAMPLES)]
    together = [tuple(some) for some in detector.detect(texts)]
    assert together == [tuple(detector.detect([text])[0]) for text in texts]
    assert list(detector.detect([])) == []


@pytest.mark.parametrize("name", NAMES)
def test_hostile_texts_take_no_longer_than_long_ones(name: str) -> None:
    detector = by_name(name)
    rules = getattr(detector, "rules", 1)
    slow = {}
    for kind, text in HOSTILE.items():
        ready = [Text("x", normalise(text))]
        taken = []
        for _ in range(3):
            taken.append(_seconds(detector, ready))
            if taken[-1] < RULE_LIMIT * rules:
                break
        if min(taken) >= RULE_LIMIT * rules:
            slow[kind] = round(min(taken), 3)
    assert not slow


def _seconds(detector: Detector, texts: Sequence[Text]) -> float:
    """Of the processor, without what Python spends on clearing up after other tests."""
    gc.disable()
    try:
        started = time.thread_time()
        detector.detect(texts)
        return time.thread_time() - started
    finally:
        gc.enable()


def test_every_category_is_known_to_the_policy() -> None:
    assert all(load_policy().wording(category) for category in Category)
