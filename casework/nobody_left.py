"""Where everybody who could decide a matter is kept from it: whom to call instead (practice 4.14).

Said on the screen of those who are not kept from it and have to act (leads, administrators,
trustees), without a word of what it is about. Whom it concerns reads nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from casework import membership_reviews, routes, tasks
from casework.alerts import active
from casework.denial import item_is_kept
from casework.denial_people import ABOUT_STAFF
from casework.visibility import may_see, reviews_not_kept_from, tasks_not_kept_from
from models.tables import Item, KeptFrom, MembershipReview, SafeguardingCase, Task
from models.vocabulary import CaseState, ItemState, Organisation, Role, Viewer

TOLD = frozenset({Role.LEAD, Role.ADMIN, Role.TRUSTEE})
"""Who is told: a monitor does not need to know."""

_ABOUT_ADULTS = ("lado", "designated_officer_wales")
"""Routes of routes.toml for a concern about somebody who works with children."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """What to say. waiting: how many matters; said: whom to call, in plain sentences."""

    waiting: int
    said: tuple[str, ...]


def stuck(session: Session, viewer: Viewer, organisation: Organisation) -> Stuck | None:
    """What nobody here may decide and this person may know of; None where there is nothing."""
    if not viewer.roles & TOLD:
        return None
    able = [
        Viewer(one.id, one.name, frozenset(Role(role) for role in one.roles))
        for role in (Role.LEAD, Role.MONITOR)
        for one in active(session, role)
    ]
    if not any(one.has(Role.LEAD) for one in able):
        return None  # alerts.no_lead_notice says so already
    count = 0
    for item in session.scalars(_candidates()):
        theirs = item_is_kept(session, viewer.user_id, item.id)
        if not theirs and not any(may_see(session, one, item) for one in able):
            count += 1
    count += _reviews(session, viewer, able) + _tasks(session, viewer, able)
    return Stuck(count, whom_to_call(organisation)) if count else None


def _reviews(session: Session, viewer: Viewer, able: Sequence[Viewer]) -> int:
    """Open membership reviews that nobody may answer, and this person may know of."""
    seen = or_(*(membership_reviews.seen_by(one) for one in able))
    open_ = MembershipReview.decided_at.is_(None)
    left = and_(open_, ~seen, reviews_not_kept_from(viewer))
    return session.scalar(select(func.count(MembershipReview.id)).where(left)) or 0


def _tasks(session: Session, viewer: Viewer, able: Sequence[Viewer]) -> int:
    """Open concerns about staff that are tasks, likewise."""
    seen = or_(*(tasks.seen_by(one) for one in able))
    concern = and_(Task.done_at.is_(None), Task.kind.in_(ABOUT_STAFF))
    left = and_(concern, ~seen, tasks_not_kept_from(viewer))
    return session.scalar(select(func.count(Task.id)).where(left)) or 0


def whom_to_call(organisation: Organisation) -> tuple[str, ...]:
    """Who takes it on when the lead is the concern: the alternate or outside contact, the LADO."""
    said = []
    first = organisation.alternate_lead or organisation.outside_contact
    if first:
        said.append(f"Tell {first} today.")
    if organisation.alternate_lead and organisation.outside_contact:
        said.append(f"If they cannot be reached: {organisation.outside_contact}.")
    found = [
        route for route in routes.report_routes(organisation.nation) if route.key in _ABOUT_ADULTS
    ]
    said += [f"{route.what}: {route.where}." for route in found]
    if not said:
        said.append("Tell the council's children's services or the police (101).")
    said.append("If somebody is in danger now, call 999 first.")
    return tuple(said)


def _candidates() -> Select[Item]:
    """Items that wait for a decision and are kept from somebody."""
    open_case = exists().where(
        SafeguardingCase.item_id == Item.id, SafeguardingCase.state != CaseState.CLOSED
    )
    kept = exists().where(
        KeptFrom.ended_at.is_(None),
        or_(
            KeptFrom.item_id == Item.id,
            exists()
            .where(SafeguardingCase.id == KeptFrom.case_id, SafeguardingCase.item_id == Item.id)
            .correlate(KeptFrom, Item),
        ),
    )
    waits = or_(Item.state != ItemState.DECIDED, open_case)
    return select(Item).where(waits, kept).order_by(Item.id)
