"""Where to report a concern: numbers for immediate danger, and the routes of routes.toml.

Source: practice 4.6. Entries that nobody has checked are not in the file, and so are shown to
nobody.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.errors import MendSettings

IMMEDIATE_DANGER = (
    ("999", "Somebody is in danger now: police, ambulance or fire service"),
    ("101", "A crime, or a child at risk but not in danger at this moment: the police"),
    ("0808 800 5000", "Advice about a child you worry for: the NSPCC helpline"),
)
"""(number, what for): shown before any form, to everybody (practice 4.3)."""


@dataclass(frozen=True, slots=True)
class ReportRoute:
    """One place to report to. checked_on: "2026-08"; nations: empty for all four."""

    key: str
    what: str
    where: str
    checked_on: str
    phone: str = ""
    nations: tuple[str, ...] = ()


def report_routes(nation: str = "england") -> tuple[ReportRoute, ...]:
    """The routes of this nation, the most urgent first."""
    return tuple(route for route in _all() if not route.nations or nation in route.nations)


@cache
def _all() -> tuple[ReportRoute, ...]:
    path = Path(__file__).parent / "routes.toml"
    with path.open("rb") as file:
        rows = tomllib.load(file)["route"]
    try:
        return tuple(
            ReportRoute(**{**row, "nations": tuple(row.get("nations", ()))}) for row in rows
        )
    except TypeError as error:
        raise MendSettings(
            "An entry has a key that is unknown or lacks one that is needed.",
            subject="casework/routes.toml",
            cure="Each needs key, what, where and checked_on.",
        ) from error
