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


@pytest.mark.parametrize(
    ("blind", "took", "slow"),
    [
        (None, timedelta(seconds=1), False),
        (None, timedelta(seconds=-300), False),  # it is being looked at now
        (None, timedelta(seconds=45), True),
        (timedelta(minutes=1), timedelta(seconds=1), True),
    ],
)
def test_what_hangs_or_takes_long_is_read_in_a_lane_of_its_own(
    school, monkeypatch, blind: timedelta | None, took: timedelta, slow: bool
) -> None:
    house = school.house()
    with house.store.write() as session:
        source = session.query(Source).one()
        source.last_attempt_at = now() - timedelta(minutes=2)
        source.last_success_at = source.last_attempt_at + took
        source.blind_since = None if blind is None else now() - blind
        session.commit()
    wanted: list[str] = []
    monkeypatch.setattr(
        sweep_module.engine,
        "enqueue",
        lambda queue, workflow, _id, *_args, **_more: wanted.append(f"{workflow} {queue}"),
    )
    Sweep(house)()
    lane = sweep_module.engine.SLOW_POLLS if slow else sweep_module.engine.POLLS
    assert [one for one in wanted if one.startswith("poll ")] == [f"poll {lane}"]
