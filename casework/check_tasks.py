"""The tasks of a check that runs again and again: opened while their cause stands, closed after.

A check closes its own task once the cause is gone. A task that a person closed rests for a day,
and is opened anew where the cause still stands then.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import audit, tasks
from models.register_words import TaskKind
from models.tables import Task
from models.vocabulary import Role

CAUSE_GONE = "cause_gone"
"""The outcome of a task that its own check has closed."""

RESTS = timedelta(days=1)


def ask(
    session: Session,
    kind: TaskKind,
    matter: str,
    *,
    at: datetime,
    due_after: timedelta,
    about_id: int | None = None,
    details: Mapping[str, object] | None = None,
    role: Role = Role.MONITOR,
    rests: timedelta = RESTS,
) -> bool:
    """Whether a task about this matter is newly open, a monitor's unless another role is given.
    rests: for how long one that a person closed stays closed.

    The caller commits."""
    query = select(Task).where(Task.kind == kind.value, Task.matter == matter)
    row = session.scalar(query.with_for_update(key_share=True))
    if row is not None and row.done_at is None:
        if row.details != dict(details or {}):
            tasks.put_details(session, row.id, details or {})
        return False
    if row is not None and _rests(row, at, rests):
        return False
    tasks.open_task(
        session,
        kind.value,
        matter,
        role=role,
        about_id=about_id,
        details=details,
        due_after=due_after,
        again=True,
        clock=lambda: at,
    )
    return True


def _rests(row: Task, at: datetime, rests: timedelta) -> bool:
    by_a_person = row.done_by is not None
    return by_a_person and row.done_at is not None and at - row.done_at < rests


def close(
    session: Session,
    kind: TaskKind,
    matter: str,
    *,
    at: datetime,
    by: int | None = None,
    outcome: str = CAUSE_GONE,
) -> bool:
    """Close it where it is open; whether it was. by None: the check itself. The caller commits."""
    row = session.scalar(
        select(Task)
        .where(Task.kind == kind.value, Task.matter == matter, Task.done_at.is_(None))
        .with_for_update(key_share=True)
    )
    if row is None:
        return False
    row.done_at, row.done_by, row.outcome = at, by, outcome
    session.flush()
    audit.record(session, by, "task.done", f"task:{row.id}", kind=kind.value, outcome=outcome)
    return True


def keep_only(
    session: Session, kind: TaskKind, prefix: str, wanted: Collection[str], *, at: datetime
) -> int:
    """Close every open task of the kind whose matter begins with prefix and is not wanted any
    more; how many. The caller commits."""
    query = select(Task.matter).where(
        Task.kind == kind.value,
        Task.done_at.is_(None),
        Task.matter.startswith(prefix, autoescape=True),
    )
    gone = [matter for matter in session.scalars(query) if matter not in wanted]
    return sum(close(session, kind, matter, at=at) for matter in gone)
