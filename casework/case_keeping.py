"""How long a case is kept, and the hold that stops everything (practice 4.8).

A case is kept from its closing on, for the longest period that applies to it; the organisation may
set its own. Nothing is deleted by itself: casework/case_deletion.py takes two people. While a case
is on hold nothing of it goes, and the database's own triggers refuse it as well.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from casework import audit
from casework.case_opening import add_line
from casework.keeping import Periods
from casework.sessions import Clock
from casework.visibility import case_for
from models.errors import MendInput, Refused
from models.tables import CaseEntry, CaseKeeping, Person, SafeguardingCase, Tombstone
from models.unit_of_work import Store
from models.vocabulary import CaseState, Category, EntryKind, Viewer, now

LONGEST_WHY = 2000
"""Characters of a reason."""

SEXUAL = frozenset({Category.GROOMING.value, Category.SEXUAL_HARASSMENT.value})
"""Categories of the longest period. A disclosure does not say by its category what it is of."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How a case is kept. Times aware UTC.

    until: None while it is not closed. over: that day has passed. held_at: None unless on hold.
    erased_at: when its words were deleted, by the two who are named; None while they are there.
    """

    until: datetime | None
    over: bool
    held_at: datetime | None = None
    held_by: str = ""
    held_why: str = ""
    erased_at: datetime | None = None
    erased_by: tuple[str, str] = ("", "")


def kept_until(case: SafeguardingCase, periods: Periods) -> datetime | None:
    """When its period is over: the longest that applies, from its closing; None while open."""
    if case.state is not CaseState.CLOSED or case.closed_at is None:
        return None
    applies = [periods.case]
    if case.about_staff:
        applies.append(periods.case_about_staff)
    if SEXUAL & set(case.categories):
        applies.append(periods.case_sexual_abuse)
    return case.closed_at + max(applies)


def kept(
    session: Session, viewer: Viewer, case_id: int, periods: Periods, clock: Clock = now
) -> Kept:
    """How this case is kept. Raises NotYours for anybody but a lead who may see it."""
    case = case_for(session, viewer, case_id)
    until = kept_until(case, periods)
    row = keeping_row(session, case_id)
    if row is None:
        return Kept(until, until is not None and until <= clock())
    erased = is_erased(session, case)
    return Kept(
        until=until,
        over=until is not None and until <= clock(),
        held_at=row.held_at,
        held_by=_name(session, row.held_by),
        held_why=row.held_why if row.held_at is not None else "",
        erased_at=row.erased_at if erased else None,
        erased_by=_erasers(session, case_id) if erased else ("", ""),
    )


def hold(
    store: Store, viewer: Viewer, case_id: int, version: int, why: str, clock: Clock = now
) -> None:
    """Nothing of this case is deleted until the hold is ended. On hold already: nothing changes.

    Raises NotYours, LookAgain where it changed since it was seen, MendInput without a reason.
    """
    require_why(why)
    with store.write() as session:
        case = case_for(session, viewer, case_id, lock=True, version=version)
        row = row_of(session, case)
        if row.held_at is not None:
            return
        row.held_at, row.held_by, row.held_why = clock(), viewer.user_id, why.strip()
        said = f"On hold, so that nothing of it is deleted: {why.strip()}"
        add_line(session, case, EntryKind.DECISION, said, viewer.user_id, clock())
        audit.record(session, viewer.user_id, "case.held", f"case:{case_id}")
        session.commit()


def release(
    store: Store, viewer: Viewer, case_id: int, version: int, why: str, clock: Clock = now
) -> None:
    """End the hold. Raises as `hold`; Refused where there is none."""
    require_why(why)
    with store.write() as session:
        case = case_for(session, viewer, case_id, lock=True, version=version)
        row = keeping_row(session, case_id)
        if row is None or row.held_at is None:
            raise Refused("It is not on hold.", subject=f"case {case.reference}", cure="")
        row.held_at, row.held_by, row.held_why = None, None, ""
        said = f"No longer on hold: {why.strip()}"
        add_line(session, case, EntryKind.DECISION, said, viewer.user_id, clock())
        audit.record(session, viewer.user_id, "case.hold_ended", f"case:{case_id}")
        session.commit()


def keeping_row(session: Session, case_id: int) -> CaseKeeping | None:
    """The row beside a case, where there is one yet."""
    return session.scalar(select(CaseKeeping).where(CaseKeeping.case_id == case_id))


def row_of(session: Session, case: SafeguardingCase) -> CaseKeeping:
    """The row beside a case that the caller has locked; made where there is none."""
    return keeping_row(session, case.id) or _new_row(session, case.id)


def is_erased(session: Session, case: SafeguardingCase) -> bool:
    """Whether its words were deleted and none came since: lines can be added to a closed case, and
    one that was opened again is closed anew."""
    row = keeping_row(session, case.id)
    if row is None or row.erased_at is None or case.closed_at is None:
        return False
    words = exists().where(CaseEntry.case_id == case.id, CaseEntry.text != "")
    return case.closed_at <= row.erased_at and not session.scalar(select(words))


def require_why(why: str) -> None:
    """Raises MendInput for no reason, or a very long one."""
    if not why.strip():
        raise MendInput("It is empty.", subject="the reason", cure="Say in a sentence why.")
    if len(why) > LONGEST_WHY:
        raise MendInput(
            f"It is longer than {LONGEST_WHY:,} characters.",
            subject="the reason",
            cure="Shorten it.",
        )


def _new_row(session: Session, case_id: int) -> CaseKeeping:
    """The case is locked, so nobody else makes one at the same time."""
    row = CaseKeeping(case_id=case_id)
    session.add(row)
    session.flush()
    return row


def _name(session: Session, account_id: int | None) -> str:
    account = None if account_id is None else session.get(Person, account_id)
    return "" if account is None else account.name


def _erasers(session: Session, case_id: int) -> tuple[str, str]:
    stone = session.scalar(
        select(Tombstone)
        .where(Tombstone.kind == "case", Tombstone.thing_id == case_id)
        .order_by(Tombstone.id.desc())
        .limit(1)
    )
    return ("", "") if stone is None else (_name(session, stone.by), _name(session, stone.second))
