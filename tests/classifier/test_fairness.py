"""Fairness: groups, their rate beside everybody's, and what is called unfair."""

import json

from classifier.detectors.phone import PhoneDetector
from classifier.evaluation.fairness import GROUPS, Group, fairness, fairness_lines
from classifier.evaluation.measure import Share, case_lines, evaluate
from classifier.policy import load_policy

FLAGGED = "call my mum 07700 900456"


def case(number: int, functionality: str, flagged: bool) -> str:
    return json.dumps(
        {
            "id": str(number),
            "text": FLAGGED if flagged else "lovely show",
            "audience": "public",
            "expect": [],
            "forbid": ["*"],
            "functionality": functionality,
        }
    )


def test_a_group_stands_beside_everybody() -> None:
    lines = [case(at, "clean", at == 0) for at in range(90)]
    lines += [case(100 + at, "fair_dialect_scots", at < 8) for at in range(10)]
    lines += [case(200 + at, "fair_people_of_leeds", False) for at in range(4)]
    lines += [case(300 + at, "fair_play_leave", False) for at in range(4)]
    groups = {
        group.name: group for group in fairness(evaluate(lines, [PhoneDetector()], load_policy()))
    }
    assert set(groups) == {"Scots", "all dialects", "fair_people_of_leeds"}
    scots = groups["Scots"]
    assert (scots.flagged, scots.overall) == (Share(8, 10), Share(9, 108))
    assert scots.unfair and scots.sure
    assert not groups["fair_people_of_leeds"].unfair
    written = "\n".join(fairness_lines(groups.values()))
    assert "everybody" in written and "more than twice" in written


def test_few_posts_are_called_chance() -> None:
    group = Group("Scots", Share(1, 8), Share(30, 1000))
    assert group.unfair and not group.sure
    assert "chance" in str(group)
    assert not Group("Scots", Share(0, 8), Share(0, 1000)).unfair


def test_every_group_of_the_list_is_in_the_suite() -> None:
    known = {json.loads(line)["functionality"] for line in case_lines() if line.strip()}
    for names in GROUPS.values():
        assert set(names) <= known
