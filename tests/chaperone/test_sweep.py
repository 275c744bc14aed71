"""What is due, when clocks are not what they were."""

from datetime import timedelta

import pytest

from chaperone.engine import POLLS, SLOW_POLLS
from chaperone.workflows import POLL
from models.tables import Source
from models.vocabulary import now


def polls(wanted: list[tuple[str, str, str]]) -> list[str]:
    """The queues that looks at sources were asked for in."""
    return [queue for queue, workflow, _ in wanted if workflow == POLL]


@pytest.mark.parametrize(
    ("last_attempt", "due"),
    [
        (timedelta(0), False),
        (timedelta(seconds=-2), True),
        (timedelta(days=1), True),  # the clock was a day ahead, and was set right
    ],
)
def test_a_clock_that_was_set_back_blinds_nothing(
    school, asked, last_attempt: timedelta, due: bool
) -> None:
    house = school.house()
    with house.store.write() as session:
        session.query(Source).one().last_attempt_at = now() + last_attempt
        session.commit()
    assert bool(polls(asked(house))) is due


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
    school, asked, blind: timedelta | None, took: timedelta, slow: bool
) -> None:
    house = school.house()
    with house.store.write() as session:
        source = session.query(Source).one()
        source.last_attempt_at = now() - timedelta(minutes=2)
        source.last_success_at = source.last_attempt_at + took
        source.blind_since = None if blind is None else now() - blind
        session.commit()
    assert polls(asked(house)) == [SLOW_POLLS if slow else POLLS]


def test_what_shares_a_token_shares_a_lane(school, asked) -> None:
    """Or two looks at once would spend one account's allowance."""
    school.more = """
        [sources.second]
        connector = "facebook"
        audience = "public"
        page_id = "900100200300401"
        token_file = "token"
    """
    house = school.house()
    with house.store.write() as session:
        session.query(Source).filter_by(name="second").one().blind_since = now()
        session.commit()
    assert polls(asked(house)) == [SLOW_POLLS, SLOW_POLLS]
