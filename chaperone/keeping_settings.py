"""The settings of how long words are kept: [keeping] in config.toml, over casework/keeping.toml."""

from dataclasses import replace
from datetime import timedelta

from casework.keeping import Periods, shipped
from chaperone.toml_table import TomlTable

LONGEST = 36_500
"""Days."""


def read_keeping(table: TomlTable) -> Periods:
    """The periods of this installation. Raises MendSettings for what is no number of days."""
    usual = shipped()
    found = replace(
        usual,
        cleared=_days(table, "cleared", usual.cleared),
        dismissed=_days(table, "dismissed", usual.dismissed),
        removed=_days(table, "removed", usual.removed),
        legal_hold=table.yes_no("legal_hold", default=False),
    )
    table.finish()
    return found


def _days(table: TomlTable, key: str, usual: timedelta) -> timedelta:
    return timedelta(days=table.number(key, usual.days, 1, LONGEST))
