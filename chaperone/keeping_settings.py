"""The settings of how long words are kept: [keeping] in config.toml, over casework/keeping.toml."""

from dataclasses import replace
from datetime import timedelta

from casework.ages import ADULT_AT
from casework.keeping import Periods, shipped, years
from chaperone.toml_table import TomlTable

LONGEST = 36_500
"""Days."""

MOST_YEARS = 100


def read_keeping(table: TomlTable) -> Periods:
    """The periods of this installation. Raises MendSettings for what is no number of days."""
    usual = shipped()
    found = replace(
        usual,
        cleared=_days(table, "cleared", usual.cleared),
        dismissed=_days(table, "dismissed", usual.dismissed),
        removed=_days(table, "removed", usual.removed),
        left=_days(table, "left", usual.left),
        contact=_years(table, "contact_years", usual.contact),
        contact_to_age=table.number("contact_to_age", usual.contact_to_age, ADULT_AT, MOST_YEARS),
        case=_years(table, "case_years", usual.case),
        case_about_staff=_years(table, "case_about_staff_years", usual.case_about_staff),
        case_sexual_abuse=_years(table, "case_sexual_abuse_years", usual.case_sexual_abuse),
        legal_hold=table.yes_no("legal_hold", default=False),
    )
    table.finish()
    return found


def _years(table: TomlTable, key: str, usual: timedelta) -> timedelta:
    return years(table.number(key, int(usual.days / 365.25), 1, MOST_YEARS))


def _days(table: TomlTable, key: str, usual: timedelta) -> timedelta:
    return timedelta(days=table.number(key, usual.days, 1, LONGEST))
