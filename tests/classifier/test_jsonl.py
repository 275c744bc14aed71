"""`chaperone classify`: the exact lines in and out."""

import json
from typing import Any

import pytest

from classifier.jsonl import BATCH, classify_lines
from classifier.policy import load_policy
from classifier.registry import detectors, uncovered
from models.errors import MendInput
from models.vocabulary import Category, Organisation

BUILT = detectors(Organisation("Example Dance", allowed_phones=("01632 960 999",)))


def run(*lines: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in classify_lines(lines, BUILT, load_policy())]


def test_a_line_out_for_each_line_in() -> None:
    told = run(
        '{"id": "a", "text": "mum is on 07700 900123", "audience": "public"}',
        "",
        '{"id": 7, "text": "Rehearsal at six, bring water"}',
    )
    assert [line["id"] for line in told] == ["a", 7]
    assert list(told[0]) == ["id", "categories", "findings", "level", "route"]
    assert told[0]["categories"] == ["pii_phone"]
    assert (told[0]["level"], told[0]["route"]) == ("L1", "monitor")
    finding = next(one for one in told[0]["findings"] if one["category"] == "pii_phone")
    assert list(finding) == ["category", "score", "start", "end", "because", "detector"]
    assert (finding["start"], finding["end"]) == (10, 22)
    assert told[1] == {"id": 7, "categories": [], "findings": [], "level": None, "route": None}


def test_the_place_and_the_author_count() -> None:
    line = '{"id": "a", "text": "hi im 14, can I join", "audience": "%s"}'
    adult, children = (run(line % place)[0] for place in ("adult_only", "children"))
    assert (adult["categories"], adult["level"]) == (["underage"], "L2")
    assert (children["categories"], children["level"]) == (["underage"], "L0")


def test_the_date_of_the_post_counts() -> None:
    told = run(
        '{"id": "a", "text": "Mia turns 9 on Saturday", "posted_at": "2026-11-20T10:00:00Z"}'
    )
    assert told[0]["categories"] == ["pii_dob"]


def test_the_organisations_own_number_is_left() -> None:
    assert run('{"id": "a", "text": "ring us on 01632 960999"}')[0]["categories"] == []


def test_a_disclosure_goes_to_the_lead() -> None:
    told = run('{"id": "a", "text": "my stepdad keeps hitting me", "audience": "children"}')[0]
    assert told["categories"][0] == "disclosure"
    assert (told["level"], told["route"]) == ("L3", "lead")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("not json", "not JSON"),
        ("[]", 'no "text"'),
        ('{"id": "a"}', 'no "text"'),
        ('{"id": "a", "text": 5}', 'no "text"'),
        ('{"id": "a", "text": "x", "audience": "kids"}', "children"),
        ('{"id": "a", "text": "x", "author_role": "boss"}', "staff"),
        ('{"id": "a", "text": "x", "posted_at": "yesterday"}', "posted_at"),
    ],
)
def test_a_bad_line_is_named_and_the_lines_before_it_are_answered(line: str, says: str) -> None:
    answers = classify_lines(['{"id": 1, "text": "fine"}', line], BUILT, load_policy())
    assert json.loads(next(answers))["id"] == 1
    with pytest.raises(MendInput, match="line 2") as caught:
        next(answers)
    assert says in str(caught.value)


def test_more_lines_than_a_batch() -> None:
    told = run(*(f'{{"id": {n}, "text": "hello"}}' for n in range(BATCH + 3)))
    assert [line["id"] for line in told] == list(range(BATCH + 3))


def test_categories_without_a_detector_are_known() -> None:
    assert set(uncovered(BUILT)) <= set(Category)
    assert set(uncovered(BUILT[:1])) == set(Category) - {Category.PII_PHONE}
