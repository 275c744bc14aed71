"""The table of ages says what counts today, shows what is planned, and refuses a group below it."""

from datetime import date
from pathlib import Path

import pytest

from casework.platform_ages import load_platform_ages
from models.errors import MendSettings, Refused
from models.vocabulary import Audience

TODAY = date(2026, 11, 28)
SHIPPED = load_platform_ages()


@pytest.mark.parametrize(
    ("platform", "on", "minimum"),
    [
        ("facebook", TODAY, 13),
        ("facebook_groups", TODAY, 13),
        ("linkedin", TODAY, 16),
        ("whatsapp", date(2024, 4, 10), 16),
        ("whatsapp", date(2024, 4, 11), 13),
        ("instagram", date(2027, 6, 1), 13),  # planned is not law, whatever the day
    ],
)
def test_the_line_of_the_day(platform: str, on: date, minimum: int) -> None:
    line = SHIPPED.line(platform, on)
    assert line is not None
    assert line.minimum == minimum
    assert line.source
    assert line.checked_on


def test_the_planned_ban_is_shown_on_the_six_and_on_no_other() -> None:
    planned = {name for name in SHIPPED.names() if SHIPPED.planned(name, TODAY)}
    assert planned == {"facebook", "instagram", "snapchat", "tiktok", "x", "youtube"}
    row = SHIPPED.planned("tiktok", TODAY)[0]
    assert (row.minimum, row.status, row.when) == (16, "planned", "spring 2027")


@pytest.mark.parametrize(
    ("platform", "audience", "minimum", "said"),
    [
        ("facebook", Audience.CHILDREN, 11, "Facebook is for people of 13 and over"),
        ("linkedin", Audience.MIXED, 13, "would admit from 13"),
        ("facebook", Audience.CHILDREN, None, "says no youngest age"),
        ("discourse", Audience.ADULT_ONLY, 16, "admits nobody under 18"),
    ],
)
def test_a_group_below_the_line_is_refused_with_its_reason(
    platform: str, audience: Audience, minimum: int | None, said: str
) -> None:
    with pytest.raises(Refused) as refusal:
        SHIPPED.require(platform, audience, minimum, TODAY)
    assert said in refusal.value.what
    if audience is not Audience.ADULT_ONLY:
        assert "checked 2026-08" in refusal.value.what


@pytest.mark.parametrize(
    ("platform", "audience", "minimum"),
    [
        ("facebook", Audience.CHILDREN, 13),
        ("facebook", Audience.ADULT_ONLY, None),
        ("facebook", Audience.PUBLIC, None),
        ("discourse", Audience.CHILDREN, 8),  # no line is known
    ],
)
def test_a_group_on_or_above_the_line_may_be(
    platform: str, audience: Audience, minimum: int | None
) -> None:
    SHIPPED.require(platform, audience, minimum, TODAY)


def test_the_organisations_own_rows_stand_over_the_shipped_ones(tmp_path: Path) -> None:
    own = tmp_path / "ages.toml"
    own.write_text(
        """
        [[age]]
        platform = "tiktok"
        label = "TikTok"
        minimum = 16
        from = 2027-04-01
        source = "The Act, section 1"
        checked_on = "2027-03"
        """,
        encoding="utf-8",
    )
    ages = load_platform_ages(own)
    assert ages.line("tiktok", date(2027, 3, 31)) is None  # its shipped rows are gone
    line = ages.line("tiktok", date(2027, 4, 1))
    assert line is not None
    assert line.minimum == 16
    facebook = ages.line("facebook", TODAY)
    assert facebook is not None
    assert facebook.minimum == 13


@pytest.mark.parametrize(
    "row",
    [
        'platform = "x"',
        'platform = "x"\nlabel = "X"\nminimum = "13"\nsource = "a"\nchecked_on = "b"',
        'platform = "x"\nlabel = "X"\nminimum = 13\nsource = "a"\nchecked_on = "b"\nstatus = "so"',
        'platform = "x"\nlabel = "X"\nminimum = 13\nsource = "a"\nchecked_on = "b"\nuntil = "May"',
        'platform = "x"\nlabel = "X"\nminimum = 13\nsource = "a"\nchecked_on = "b"\nage = 1',
    ],
)
def test_a_row_that_is_not_understood_is_told_at_once(row: str, tmp_path: Path) -> None:
    own = tmp_path / "ages.toml"
    own.write_text(f"[[age]]\n{row}\n", encoding="utf-8")
    with pytest.raises(MendSettings) as error:
        load_platform_ages(own)
    assert "ages.toml, row 1" in str(error.value)
