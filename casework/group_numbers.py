"""The numbers of groups, members and accounts, for the digests and the trustees: counts alone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from casework import account_view, group_coverage, tasks
from casework.membership_reviews import waiting
from casework.platform_ages import PlatformAges, load_platform_ages
from models.vocabulary import Role, Viewer

NOBODY = 0
"""Whose numbers: no account, from whom nothing is kept. Ids begin at 1."""


@dataclass(frozen=True, slots=True)
class GroupNumbers:
    """How it stands now. few_holders: accounts with fewer than two holders. blind: groups that
    count as blind. reviews: "may be under 18", waiting. tasks: open ones, as the role sees them."""

    few_holders: int
    blind: int
    reviews: int
    tasks: int


def numbers(
    session: Session,
    at: datetime,
    timezone: str = "Europe/London",
    *,
    everything: bool = True,
    reader: int = NOBODY,
    ages: PlatformAges | None = None,
) -> GroupNumbers:
    """The counts. everything: with the reviews and tasks that are the lead's alone.

    reader: the account of whoever reads them; what is kept from them is in none (practice 4.14).
    """
    whose = Viewer(reader, "", frozenset({Role.LEAD if everything else Role.MONITOR}))
    table = load_platform_ages() if ages is None else ages
    held = account_view.views(session, at, timezone, linted=False)
    seen = group_coverage.views(session, table, at, timezone)
    return GroupNumbers(
        few_holders=sum(one.few_holders for one in held),
        blind=sum(bool(one.blind) for one in seen),
        reviews=waiting(session, whose),
        tasks=tasks.count_open(session, whose),
    )
