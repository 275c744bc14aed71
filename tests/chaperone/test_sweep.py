"""What is due, when clocks are not what they were."""

from datetime import timedelta

import pytest

from chaperone import sweep as sweep_module
from chaperone.sweep import Sweep
from models.tables import Source
from models.vocabulary import now


@pytest.mark.parametrize(
    ("last_attempt", "asked"),
    [
        (timedelta(0), False),
        (timedelta(seconds=-2), True),
        (timedelta(days=1), True),  # the clock was a day ahead, and was set right
    ],
)
def test_a_clock_that_was_set_back_blinds_nothing(
    school, monkeypatch, last_attempt: timedelta, asked: bool
) -> None:
    house = school.house()
    with house.store.write() as session:
        session.query(Source).one().last_attempt_at = now() + last_attempt
        session.commit()
    wanted: list[str] = []
    monkeypatch.setattr(
        sweep_module.engine,
        "enqueue",
        lambda _queue, workflow, _id, *_args, **_more: wanted.append(workflow),
    )
    Sweep(house)()
    assert (sweep_module.POLL in wanted) is asked
