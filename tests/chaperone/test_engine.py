"""The engine keeps ids and states, and nothing that anybody wrote."""

from datetime import UTC, datetime

import pytest

from chaperone.engine import IdsAndStates, WorkFailed

KEEPS = IdsAndStates()


@pytest.mark.parametrize(
    "value",
    [None, True, 7, 1.5, "done", [1, [2, "x"]], {"args": [3], "kwargs": {}}],
)
def test_ids_and_states_come_back(value: object) -> None:
    assert KEEPS.deserialize(KEEPS.serialize(value)) == value


def test_a_time_comes_back_with_its_zone() -> None:
    at = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    assert KEEPS.deserialize(KEEPS.serialize({"args": (at, None)})) == {"args": [at, None]}


def test_a_post_is_too_long_to_be_kept() -> None:
    with pytest.raises(TypeError, match="ids and states only"):
        KEEPS.serialize("a word " * 40)


def test_things_are_not_kept() -> None:
    with pytest.raises(TypeError, match="not a set"):
        KEEPS.serialize({1, 2})


def test_an_error_is_kept_without_its_words() -> None:
    kept = KEEPS.serialize(KeyError("words of a post"))
    assert "words" not in kept
    back = KEEPS.deserialize(kept)
    assert isinstance(back, WorkFailed)
    assert str(back) == "KeyError"
