"""The numbers of groups, members and accounts, for the digests and the trustees: counts alone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from casework import account_view, group_coverage
from casework.check_tasks import count_open
from casework.membership_reviews import waiting
from casework.platform_ages import PlatformAges, load_platform_ages
from models.vocabulary import Role, Viewer

_A_MONITOR = Viewer(0, "", frozenset({Role.MONITOR}))
_A_LEAD = Viewer(0, "", frozenset({Role.LEAD}))


@dataclass(frozen=True, slots=True)
class GroupNumbers:
    """How it stands now. few_holders: accounts with fewer than two holders. blind: groups that
    count as blind. reviews: "may be under 18", waiting. tasks: open ones of every kind."""

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
    ages: PlatformAges | None = None,
) -> GroupNumbers:
    """The counts. everything: with the reviews that are the lead's alone."""
    table = load_platform_ages() if ages is None else ages
    held = account_view.views(session, at, timezone, linted=False)
    seen = group_coverage.views(session, table, at, timezone)
    return GroupNumbers(
        few_holders=sum(one.few_holders for one in held),
        blind=sum(bool(one.blind) for one in seen),
        reviews=waiting(session, _A_LEAD if everything else _A_MONITOR),
        tasks=count_open(session),
    )
