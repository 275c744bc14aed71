"""Telling the lead that a case's period is over: a task, and nothing is deleted by it (practice
4.8, and the lead's list of retention reviews due, practice 8).
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import check_tasks
from casework.case_keeping import is_erased, kept_until
from casework.keeping import Periods
from casework.sessions import Clock
from casework.standing import on_hold
from casework.task_places import OF_A_PERIOD
from models.register_words import TaskKind
from models.tables import SafeguardingCase
from models.unit_of_work import Store
from models.vocabulary import CaseState, Role, now

DUE_AFTER = timedelta(days=30)
RESTS = timedelta(days=365)
"""A lead who looked and kept it is asked again after a year."""


def remind(store: Store, periods: Periods, clock: Clock = now) -> int:
    """Open a task for each closed case whose period is over, and close those that need none any
    more; how many are new. A case on hold, or deleted, asks nothing; nor does anything under a
    legal hold."""
    at = clock()
    with store.write() as session:
        wanted = set() if periods.legal_hold else _over(session, periods, at)
        new = sum(
            check_tasks.ask(
                session,
                TaskKind.RETENTION_DUE,
                matter,
                at=at,
                due_after=DUE_AFTER,
                role=Role.LEAD,
                rests=RESTS,
            )
            for matter in sorted(wanted)
        )
        check_tasks.keep_only(session, TaskKind.RETENTION_DUE, "case:", wanted, at=at)
        session.commit()
    return new


def _over(session: Session, periods: Periods, at: datetime) -> set[str]:
    """The matters of the cases: "case:3:period", so that the deny rule of cases covers them."""
    shortest = min(periods.case, periods.case_about_staff, periods.case_sexual_abuse)
    rows = session.scalars(
        select(SafeguardingCase).where(
            SafeguardingCase.state == CaseState.CLOSED,
            SafeguardingCase.closed_at <= at - shortest,
            ~on_hold(),
        )
    )
    found = set()
    for case in rows:
        until = kept_until(case, periods)
        if until is not None and until <= at and not is_erased(session, case):
            found.add(f"case:{case.id}{OF_A_PERIOD}")
    return found
