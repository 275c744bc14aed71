"""Tasks: what a check asks of a role. One open task for one matter, however often the check runs.

A task is opened by a check and closed by whoever deals with it, or by the check itself once its
cause is gone. Lines of the record hold ids and counts only.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import audit
from models.register_words import TaskKind
from models.tables import Task
from models.vocabulary import Role

CAUSE_GONE = "cause_gone"
"""The outcome of a task that its own check has closed."""


def open_task(
    session: Session,
    kind: TaskKind,
    matter: str,
    *,
    role: Role,
    at: datetime,
    due_at: datetime,
    about_id: int | None = None,
    details: dict[str, object] | None = None,
) -> bool:
    """Open it, or open it anew where it was done. False where it is open already: then only its
    details follow. The caller commits."""
    row = session.scalar(
        select(Task)
        .where(Task.kind == kind.value, Task.matter == matter)
        .with_for_update(key_share=True)
    )
    known = {} if details is None else details
    if row is not None and row.done_at is None:
        if row.details != known:
            row.details = known
        return False
    if row is None:
        row = Task(kind=kind.value, matter=matter)
        session.add(row)
    row.role, row.about_id, row.details = role.value, about_id, known
    row.opened_at, row.due_at = at, due_at
    row.done_at = row.done_by = None
    row.outcome = row.words = ""
    session.flush()
    audit.record(session, None, "task.opened", f"task:{row.id}", kind=kind.value)
    return True


def close_task(
    session: Session,
    kind: TaskKind,
    matter: str,
    *,
    at: datetime,
    by: int | None = None,
    outcome: str = CAUSE_GONE,
    words: str = "",
) -> bool:
    """Close it where it is open; whether it was. by None: the check itself. The caller commits."""
    row = session.scalar(
        select(Task)
        .where(Task.kind == kind.value, Task.matter == matter, Task.done_at.is_(None))
        .with_for_update(key_share=True)
    )
    if row is None:
        return False
    row.done_at, row.done_by, row.outcome, row.words = at, by, outcome, words
    session.flush()
    audit.record(session, by, "task.done", f"task:{row.id}", kind=kind.value, outcome=outcome)
    return True


def keep_open(
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
    return sum(close_task(session, kind, matter, at=at) for matter in gone)


def count_open(session: Session, *kinds: TaskKind) -> int:
    """Open tasks, of these kinds or of all."""
    query = select(func.count()).select_from(Task).where(Task.done_at.is_(None))
    if kinds:
        query = query.where(Task.kind.in_([kind.value for kind in kinds]))
    return session.scalar(query) or 0
