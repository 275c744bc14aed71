"""`evaluate`: counts, intervals and the worst functionalities."""

import json

import pytest

from classifier.detectors.phone import PhoneDetector
from classifier.evaluation.measure import Share, case_lines, evaluate
from classifier.policy import load_policy
from models.errors import MendInput
from models.vocabulary import Category


def case(number: int, text: str, **more: object) -> str:
    base = {"id": str(number), "text": text, "audience": "public", "author_role": "member"}
    return json.dumps({**base, "expect": [], "forbid": [], "functionality": "f", **more})


def test_it_counts_recall_false_alarms_and_clean_posts() -> None:
    lines = [
        case(1, "ring 07700 900123", expect=["pii_phone"], functionality="seen"),
        case(2, "ring me", expect=["pii_phone"], functionality="missed"),
        case(3, "my order 07700900123", forbid=["pii_phone"]),
        case(4, "call my mum 07700 900456", forbid=["*"], functionality="false"),
        "",
    ]
    report = evaluate(lines, [PhoneDetector()], load_policy())
    assert report.recall[Category.PII_PHONE] == Share(1, 2)
    assert report.false_alarms[Category.PII_PHONE] == Share(1, 2)
    assert report.false_alarms[Category.HATE] == Share(0, 1)
    assert report.clean_flagged == Share(1, 2)
    assert report.macro_recall == 0.5
    assert report.wrong == {"2": ("-pii_phone",), "4": ("+pii_phone",)}
    written = "\n".join(report.lines())
    assert "missed" in written and "[0.09-0.91] 1/2" in written


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [(0, 0, 0.0, 1.0), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (50, 100, 0.404, 0.596)],
)
def test_wilson_intervals(hits: int, total: int, low: float, high: float) -> None:
    assert Share(hits, total).interval == pytest.approx((low, high), abs=0.001)


def test_an_unknown_category_is_named_with_its_line() -> None:
    with pytest.raises(MendInput, match="line 1"):
        evaluate([case(1, "x", expect=["rude"])], [PhoneDetector()], load_policy())


def test_the_projects_own_cases_can_be_read() -> None:
    report = evaluate(case_lines(), [PhoneDetector()], load_policy())
    assert report.recall[Category.PII_PHONE].rate > 0.8
