"""Marks: which words of a text are an identifier."""

import json
from pathlib import Path

import numpy as np
import pytest

from classifier.detectors.meaning_words import whole_words
from classifier.encoder import FORMAT, WIDTH, Encoded
from classifier.marks import MOST, Marks, load_marks
from models.errors import MendSettings
from models.vocabulary import Category

NAME = Category.PII_FULL_NAME


def _marks() -> Marks:
    """A token is marked where its first number is above a half."""
    weights = np.zeros(WIDTH, dtype=np.float32)
    weights[0] = 1.0
    return Marks({NAME: weights}, {NAME: -0.5})


def _encoded(*tokens: tuple[float, int, int]) -> Encoded:
    """Tokens as (first number, start, end) between the two that stand for no word."""
    all_of_them = [(1.0, 0, 0), *tokens, (1.0, 0, 0)]
    numbers = np.zeros((len(all_of_them), WIDTH), dtype=np.float32)
    numbers[:, 0] = [first for first, _, _ in all_of_them]
    spans = tuple((start, end) for _, start, end in all_of_them)
    return Encoded(numbers.mean(axis=0), numbers, spans, np.zeros(len(all_of_them), np.int64))


def test_neighbours_are_one_identifier_and_a_gap_makes_two() -> None:
    one = _encoded((1, 0, 3), (1, 4, 9), (0, 10, 13), (1, 14, 20))
    assert _marks().spans(NAME, one) == [(0, 9), (14, 20)]


def test_where_no_word_is_marked_the_nearest_is_pointed_at() -> None:
    one = _encoded((0.1, 0, 3), (0.4, 4, 9), (0.2, 10, 13))
    assert _marks().spans(NAME, one) == [(4, 9)]


def test_a_text_without_words_has_none() -> None:
    assert _marks().spans(NAME, _encoded()) == []


def test_a_list_without_end_is_cut() -> None:
    one = _encoded(*((1.0, at * 10, at * 10 + 3) for at in range(MOST + 5)))
    assert len(_marks().spans(NAME, one)) == MOST


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"marks": {"pii_shoe": {"weights": [0.0] * WIDTH, "bias": 0.0}}},
        {"marks": {"pii_dob": {"weights": [0.0], "bias": 0.0}}},
        {"marks": {"pii_dob": {"weights": [0.0] * WIDTH, "bias": "much"}}},
        {"marks": []},
    ],
)
def test_marks_that_are_not_ours_are_refused(tmp_path: Path, told: dict[str, object]) -> None:
    (tmp_path / "encoder.json").write_text(json.dumps({"format": FORMAT, **told}), "utf-8")
    with pytest.raises(MendSettings) as caught:
        load_marks(tmp_path)
    assert "Install Chaperone again" in str(caught.value)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ((3, 6), "tegan"),
        ((10, 13), "born"),
        ((15, 29), "12 march 2015"),
        ((0, 9), "tegan was"),
    ],
)
def test_words_are_whole_and_small_ones_do_not_begin(span: tuple[int, int], said: str) -> None:
    words = "tegan was born on 12 march 2015"
    start, end = whole_words(words, span)
    assert words[start:end].strip() == said
