"""Times and ages as people read them."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard import words
from models import vocabulary
from models.vocabulary import Level

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
JULY = datetime(2026, 7, 4, 12, 0, tzinfo=UTC)


def test_times_are_read_in_london() -> None:
    assert words.when(NOON) == "Sat 21 Nov, 12:00"
    assert words.when(JULY) == "Sat 4 Jul, 13:00"
    assert words.long_when(JULY) == "Sat 4 Jul 2026, 13:00 BST"
    assert words.when(NOON, "Europe/Paris") == "Sat 21 Nov, 13:00"
    assert words.when(None) == words.long_when(None) == "never"


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        words.when(datetime(2026, 1, 1))  # noqa: DTZ001


def test_the_clock_names_the_day_only_when_it_is_another() -> None:
    assert words.clock(NOON - timedelta(hours=3), "Europe/London", NOON) == "09:00"
    assert words.clock(NOON - timedelta(days=1), "Europe/London", NOON) == "Fri 20 Nov, 12:00"


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=59), "under a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(hours=48), "2 days"),
        (timedelta(days=9, hours=23), "9 days"),
    ],
)
def test_lengths(span: timedelta, said: str) -> None:
    assert words.length(span) == said


def test_due_and_overdue() -> None:
    assert words.due(NOON + timedelta(hours=2), NOON) == "due in 2 hours"
    assert words.due(NOON - timedelta(days=3), NOON) == "overdue by 3 days"
    assert words.waiting(NOON - timedelta(hours=3), NOON) == "waiting 3 hours"


def test_counts() -> None:
    assert words.counted(1, "item") == "1 item"
    assert words.counted(1200, "item") == "1,200 items"
    assert words.counted(2, "removal needs", "removals need") == "2 removals need"


@pytest.mark.parametrize(
    ("enum", "said"),
    [
        (vocabulary.Level, words.LEVELS),
        (vocabulary.Role, words.ROLES),
        (vocabulary.Audience, words.AUDIENCES),
        (vocabulary.AuthorRole, words.AUTHORS),
        (vocabulary.Presence, words.PRESENCES),
        (vocabulary.DecisionKind, words.KINDS),
        (vocabulary.DecisionKind, words.DONE),
        (vocabulary.ActionState, words.ACTIONS),
        (vocabulary.NoticeState, words.NOTICES),
        (vocabulary.CaseState, words.CASES),
        (vocabulary.EntryKind, words.ENTRIES),
        (vocabulary.ReferralBody, words.BODIES),
    ],
)
def test_every_word_of_the_vocabulary_has_plain_words(enum: type, said: dict) -> None:
    assert set(said) == set(enum)
    assert all("_" not in text and text for text in said.values())


def test_levels_are_plain() -> None:
    assert words.LEVELS[Level.L3] == "Safeguarding"
