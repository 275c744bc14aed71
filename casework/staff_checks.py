"""That staff have an up-to-date enhanced DBS check (C51): when it was seen, when it is due again.

Two dates are kept, of staff and volunteers alone, and nothing of the certificate: no number, no
content. A check has no last day in law; where the organisation names none, it is due again after
three years (a habit, unverified). The safeguarding lead sees and changes it, nobody else does; a
booking system's file may bring it.

Whoever holds an account of the organisation, or can see into a place where children are, and has no
check or one that is due, is a task of the lead's. Nobody under 16 can have one (unverified), so
nobody is asked about them.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from casework import check_tasks, register
from casework.ages import birthday_in, day_of
from casework.register_edit import Clock, locked, record
from casework.visibility import absent, require_lead
from models.errors import MendInput, Refused
from models.register_words import RegisterRole, TaskKind
from models.tables import (
    AccountHolder,
    GroupProfile,
    GroupViewer,
    RegisterPerson,
    SocialAccount,
    StaffCheck,
)
from models.unit_of_work import Store
from models.vocabulary import Audience, Role, Viewer, now

YEARS = 3
YOUNGEST = 16
SOON = timedelta(days=60)
"""So long before it is due, the lead is asked to see to it."""

DUE = timedelta(days=7)
_MATTER = "staff_check:"
_OURS = frozenset({RegisterRole.STAFF.value, RegisterRole.VOLUNTEER.value})
_CHILDREN = (Audience.CHILDREN, Audience.MIXED)


class Lacks(StrEnum):
    """What is wrong with somebody's check. Stored in tasks."""

    MISSING = "missing"
    DUE = "due"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Check:
    """checked_on: the day on which it was seen. renew_on: the day by which it is done anew."""

    checked_on: date
    renew_on: date


def renewal(checked_on: date) -> date:
    """By when a check that was seen on that day is done anew, unless the organisation says so."""
    return birthday_in(checked_on, checked_on.year + YEARS)


def check_of(session: Session, viewer: Viewer, person_id: int) -> Check | None:
    """What is kept about this person's check; None where nothing is. Raises NotYours unless a lead,
    or where there is no such person."""
    require_lead(viewer, f"person {person_id}")
    if register.find_by_id(session, person_id) is None:
        raise absent(f"person {person_id}")
    row = _row(session, person_id)
    return None if row is None else Check(row.checked_on, row.renew_on)


def set_check(
    store: Store,
    viewer: Viewer,
    person_id: int,
    checked_on: date,
    renew_on: date | None = None,
    *,
    timezone: str = "Europe/London",
    clock: Clock = now,
) -> None:
    """Write down that the lead has seen somebody's check. renew_on None: after three years.

    Raises NotYours, MendInput for days that cannot be right, Refused for who is neither staff nor
    a volunteer. The task about it is closed where nothing more is to be done.
    """
    require_lead(viewer, f"person {person_id}")
    at = clock()
    today = day_of(at, timezone)
    check = Check(checked_on, renew_on or renewal(checked_on))
    if checked_on > today:
        raise MendInput(
            "The day lies in the future.", subject="the check", cure="Look at the year again."
        )
    with store.write() as session:
        row = locked(session, viewer, person_id)
        if put_check(session, row, check, at, viewer.user_id):
            record(session, viewer, "register.check_recorded", person_id)
        if lacks(check, today) is None:
            check_tasks.close(
                session,
                TaskKind.STAFF_CHECK,
                f"{_MATTER}{person_id}",
                at=at,
                by=viewer.user_id,
                outcome="done",
            )
        session.commit()


def drop_check(store: Store, viewer: Viewer, person_id: int) -> None:
    """It was written down by mistake: nothing is kept about it. Raises NotYours."""
    require_lead(viewer, f"person {person_id}")
    with store.write() as session:
        locked(session, viewer, person_id)
        row = _row(session, person_id)
        if row is not None:
            session.delete(row)
            record(session, viewer, "register.check_dropped", person_id)
            session.commit()


def put_check(
    session: Session,
    person: RegisterPerson,
    check: Check,
    at: datetime,
    by: int | None,
    *,
    newer: bool = False,
    given: bool = True,
) -> bool:
    """In the caller's transaction; whether anything changed. newer: one that was seen later stays.
    given: the day of renewal was said, and is not only reckoned.

    Raises MendInput where it would be due before it was seen; Refused for who is neither staff nor
    a volunteer.
    """
    if not _OURS & set(person.roles):
        raise Refused(
            "A DBS check is kept for staff and volunteers only.",
            subject=f"person {person.id}",
            cure="Give the role staff or volunteer, or leave the check out.",
        )
    if check.renew_on <= check.checked_on:
        raise MendInput(
            "The check would have to be renewed before it was seen.",
            subject="the check",
            cure="Look at the two days again.",
        )
    row = _row(session, person.id)
    if row is not None:
        same = row.checked_on == check.checked_on
        if newer and (row.checked_on > check.checked_on or (same and not given)):
            return False
        if same and row.renew_on == check.renew_on:
            return False
    else:
        row = StaffCheck(person_id=person.id)
        session.add(row)
    row.checked_on, row.renew_on = check.checked_on, check.renew_on
    row.recorded_at, row.recorded_by = at, by
    session.flush()
    return True


def lacks(check: Check | None, today: date) -> Lacks | None:
    """What is wrong with a check today; None where nothing is."""
    if check is None:
        return Lacks.MISSING
    if check.renew_on < today:
        return Lacks.OVER
    return Lacks.DUE if check.renew_on - today <= SOON else None


def open_tasks(session: Session, at: datetime, timezone: str) -> int:
    """A task for each whose check is missing or due, closed once it is in order; how many are new.
    The caller commits."""
    today = day_of(at, timezone)
    held = {
        row.person_id: Check(row.checked_on, row.renew_on)
        for row in session.scalars(select(StaffCheck))
    }
    wanted: dict[str, tuple[int, Lacks, timedelta]] = {}
    for person in _who_needs_one(session, today):
        check = held.get(person.id)
        what = lacks(check, today)
        if what is not None:
            left = DUE if check is None else max(DUE, check.renew_on - today)
            wanted[f"{_MATTER}{person.id}"] = (person.id, what, left)
    new = 0
    for matter, (person_id, what, left) in sorted(wanted.items()):
        new += check_tasks.ask(
            session,
            TaskKind.STAFF_CHECK,
            matter,
            at=at,
            due_after=left,
            about_id=person_id,
            details={"check": what.value},
            role=Role.LEAD,
        )
    check_tasks.keep_only(session, TaskKind.STAFF_CHECK, _MATTER, wanted.keys(), at=at)
    return new


def _who_needs_one(session: Session, today: date) -> list[register.RegisteredPerson]:
    """Current staff and volunteers, 16 or older as far as is known, who hold an account of the
    organisation or can see into a group with children."""
    holders = (
        select(AccountHolder.person_id)
        .join(SocialAccount, SocialAccount.id == AccountHolder.account_id)
        .where(SocialAccount.closed_on.is_(None))
        .where(_running(AccountHolder.since, AccountHolder.until, today))
    )
    viewers = (
        select(GroupViewer.person_id)
        .join(GroupProfile, GroupProfile.id == GroupViewer.group_id)
        .where(GroupProfile.closed_on.is_(None), GroupProfile.audience.in_(_CHILDREN))
        .where(_running(GroupViewer.since, GroupViewer.until, today))
    )
    ids = union(holders, viewers)
    found = register.find_all(session, RegisterPerson.id.in_(ids))
    return [one for one in found if one.is_staff_on(today) and _old_enough(one.age_on(today))]


def _old_enough(years: int | None) -> bool:
    return years is None or years >= YOUNGEST


def _running(
    since: InstrumentedAttribute[date], until: InstrumentedAttribute[date | None], today: date
) -> ColumnElement[bool]:
    return (since <= today) & or_(until.is_(None), until >= today)


def _row(session: Session, person_id: int) -> StaffCheck | None:
    return session.scalar(select(StaffCheck).where(StaffCheck.person_id == person_id))
