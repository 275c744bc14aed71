"""The floor: no category falls below what was measured when the floors were written."""

import dataclasses
from pathlib import Path

import pytest

from classifier.evaluation.floor import fallen, measured, read_floors, written
from classifier.evaluation.measure import Report, Share
from models.vocabulary import Category


@pytest.fixture(scope="module")
def report() -> Report:
    """The project's whole suite, once."""
    return measured()


def test_no_category_has_fallen(report: Report) -> None:
    """Where it is meant: python -m classifier.evaluation.floor --write, and look at the change."""
    assert report.unchecked == 0, "every case was read by every detector"
    assert list(fallen(report, read_floors())) == []


def test_the_suite_is_large_enough(report: Report) -> None:
    assert report.cases >= 2500
    assert len(report.functionalities) >= 100
    assert all(share.total >= 50 for share in report.recall.values())


def test_a_fall_is_seen(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    path.write_text(written(report))
    floors = read_floors(path)
    assert list(fallen(report, floors)) == []
    less = report.recall[Category.GROOMING]
    worse = dataclasses.replace(
        report,
        recall={
            **report.recall,
            Category.GROOMING: Share(less.hits - less.total // 25, less.total),
        },
        false_alarms={**report.false_alarms, Category.HATE: Share(40, 600)},
        clean_flagged=Share(300, 2300),
    )
    said = "\n".join(fallen(worse, floors))
    assert "grooming: recall" in said and "hate: false alarms" in said and "clean posts" in said
    assert "threat" not in said
