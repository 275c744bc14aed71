"""Ages, birthdays and school years, on every day of the calendar (C34, practice 5.8)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from casework import ages
from models.register_words import AgeBand, Standing

DAYS = st.dates(date(1920, 1, 1), date(2040, 12, 31))
BIRTHS = st.dates(date(1920, 1, 1), date(2026, 12, 31))
SUMMERS = st.builds(date, st.integers(2010, 2035), st.integers(7, 8), st.integers(1, 31))
NATIONS = st.sampled_from(ages.NATIONS)


@given(BIRTHS, st.integers(0, 40_000))
def test_an_age_counts_the_birthdays_that_have_come(born, days):
    day = born + timedelta(days=days)
    age = ages.age_on(born, day)
    come = [year for year in range(born.year + 1, day.year + 1)]
    assert age == sum(ages.birthday_in(born, year) <= day for year in come)


@given(BIRTHS)
def test_the_birthday_itself_is_the_first_day_of_the_new_age(born):
    grown_up = ages.adulthood_day(born)
    assert ages.age_on(born, grown_up) == 18
    assert ages.age_on(born, grown_up - timedelta(days=1)) == 17
    child = {"standing": Standing.CHILD, "date_of_birth": born}
    assert not ages.counts_as_child(grown_up, **child)
    assert ages.counts_as_child(grown_up - timedelta(days=1), **child)


@pytest.mark.parametrize(
    ("born", "first_adult_day"),
    [
        (date(2008, 2, 29), date(2026, 3, 1)),  # 2026 has no 29 February
        (date(2008, 2, 28), date(2026, 2, 28)),
        (date(2008, 3, 1), date(2026, 3, 1)),
    ],
)
def test_born_on_29_february_comes_of_age_on_1_march(born, first_adult_day):
    assert ages.adulthood_day(born) == first_adult_day


def test_born_on_29_february_has_it_on_29_february_in_a_leap_year():
    assert ages.age_on(date(2004, 2, 29), date(2024, 2, 28)) == 19
    assert ages.age_on(date(2004, 2, 29), date(2024, 2, 29)) == 20


def test_a_day_before_the_birth_is_a_mistake():
    with pytest.raises(ValueError, match="before the birth"):
        ages.age_on(date(2020, 1, 2), date(2020, 1, 1))


@given(st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))
def test_the_day_is_the_one_on_the_wall_clock(moment):
    local = moment.astimezone(ZoneInfo("Europe/London"))
    assert ages.day_of(moment) == date(local.year, local.month, local.day)


def test_midnight_moves_with_the_clocks():
    """A birthday begins at midnight in London, an hour before UTC's in summer."""
    assert ages.day_of(datetime(2026, 6, 30, 23, 0, tzinfo=UTC)) == date(2026, 7, 1)
    assert ages.day_of(datetime(2026, 12, 31, 23, 0, tzinfo=UTC)) == date(2026, 12, 31)
    # 29 March 2026: the clocks went forward at 01:00 UTC; 25 October: back at 01:00 UTC
    assert ages.day_of(datetime(2026, 3, 29, 23, 30, tzinfo=UTC)) == date(2026, 3, 30)
    assert ages.day_of(datetime(2026, 3, 28, 23, 30, tzinfo=UTC)) == date(2026, 3, 28)
    assert ages.day_of(datetime(2026, 10, 25, 23, 30, tzinfo=UTC)) == date(2026, 10, 25)
    with pytest.raises(ValueError, match="time zone"):
        ages.day_of(datetime(2026, 6, 30, 23, 0))


@given(DAYS, st.sampled_from(list(AgeBand)), st.sampled_from(list(Standing)))
def test_nothing_but_a_date_or_a_person_makes_a_child_an_adult(day, band, standing):
    is_child = ages.counts_as_child(day, standing=standing, age_band=band)
    says_child = standing is Standing.CHILD or band in (
        AgeBand.UNDER_13,
        AgeBand.FROM_13_TO_15,
        AgeBand.FROM_16_TO_17,
    )
    nothing = standing is Standing.UNKNOWN and band is AgeBand.UNKNOWN
    assert is_child is (says_child or nothing)
    assert not ages.counts_as_child(day, standing=standing, age_band=band, adult_confirmed=True)


@given(NATIONS, st.integers(1, 14), st.integers(2000, 2035), st.integers(0, 364))
def test_whoever_is_born_in_the_window_has_an_age_of_the_range(nation, number, starts, place):
    label = {"scotland": f"P{number}" if number <= 7 else f"S{number - 7}"}.get(
        nation, f"Year {number}"
    )
    assume(number <= 13 or nation == "northern_ireland")
    window = ages.birth_window(nation, label, starts)
    assert window is not None
    born = min(window[0] + timedelta(days=place), window[1])
    day = date(starts, 11, 20) + timedelta(days=place // 2)
    allowed = ages.ages_in_school_year(label, day, nation)
    assert allowed is not None
    assert allowed.youngest <= ages.age_on(born, day) <= allowed.oldest


@given(NATIONS, st.integers(1, 12), st.integers(2000, 2035))
def test_windows_follow_each_other_without_a_gap(nation, number, starts):
    labels = [f"P{n}" for n in range(1, 8)] + [f"S{n}" for n in range(1, 7)]
    if nation != "scotland":
        labels = [f"Year {n}" for n in range(1, 14)]
    older = ages.birth_window(nation, labels[number], starts)
    younger = ages.birth_window(nation, labels[number - 1], starts)
    assert older is not None and younger is not None
    assert older[1] + timedelta(days=1) == younger[0]


@pytest.mark.parametrize(
    ("nation", "label", "first", "last"),
    [
        ("england", "Y7", date(2014, 9, 1), date(2015, 8, 31)),
        ("wales", "Yr 7", date(2014, 9, 1), date(2015, 8, 31)),
        ("northern_ireland", "Year 8", date(2014, 7, 2), date(2015, 7, 1)),
        ("scotland", "S1", date(2014, 3, 1), date(2015, 2, 28)),
        ("scotland", "P7", date(2015, 3, 1), date(2016, 2, 29)),
        ("england", "Reception", date(2021, 9, 1), date(2022, 8, 31)),
    ],
)
def test_the_windows_of_the_year_2026(nation, label, first, last):
    assert ages.birth_window(nation, label, 2026) == (first, last)


@pytest.mark.parametrize(
    ("nation", "label"),
    [("scotland", "Year 7"), ("england", "S2"), ("england", "Y14"), ("wales", "grade 3")],
)
def test_a_year_that_the_nation_does_not_have(nation, label):
    assert ages.birth_window(nation, label, 2026) is None
    assert ages.ages_in_school_year(label, date(2026, 11, 2), nation) is None


@given(DAYS, st.integers(1, 13))
def test_without_a_nation_every_nation_is_allowed_and_the_younger_band_taken(day, number):
    label = f"Y{number}"
    every = ages.ages_in_school_year(label, day)
    assert every is not None
    for nation in ages.NATIONS:
        one = ages.ages_in_school_year(label, day, nation)
        if one is not None:
            assert every.youngest <= one.youngest <= one.oldest <= every.oldest
    assert every.band is ages.band_of(every.youngest)


def test_year_8_is_a_year_younger_in_northern_ireland():
    november = date(2026, 11, 20)
    assert ages.ages_in_school_year("Y8", november, "england") == ages.Ages(12, 13)
    northern = ages.ages_in_school_year("Y8", november, "northern_ireland")
    assert northern is not None and northern.youngest == 11
    anywhere = ages.ages_in_school_year("Y8", november)
    assert anywhere is not None and anywhere.band is AgeBand.UNDER_13


@given(NATIONS, st.integers(1, 13), SUMMERS)
def test_in_the_summer_holidays_the_younger_reading_is_kept(nation, number, day):
    assume(date(day.year, 7, 20) <= day <= date(day.year, 8, 15))
    label = f"P{number}" if number <= 7 else f"S{number - 7}"
    if nation != "scotland":
        label = f"Year {number}"
    now = ages.ages_in_school_year(label, day, nation)
    coming = ages.birth_window(nation, label, day.year)
    assert now is not None and coming is not None
    assert now.youngest == ages.age_on(coming[1], day)


def test_the_last_years_of_school_are_not_surely_children():
    may = date(2027, 5, 3)
    for nation, label in (("england", "Y13"), ("scotland", "S6"), ("northern_ireland", "Y14")):
        found = ages.ages_in_school_year(label, may, nation)
        assert found is not None and not found.surely_child
    found = ages.ages_in_school_year("Y11", may, "england")
    assert found is not None and found.surely_child
