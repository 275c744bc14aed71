"""Tasks: what a check asks a named role to do. One open task for one matter (C29, C32).

A check that runs again opens nothing twice; a task that was done is opened again only where the
check says so. Details hold ids and counts, never a word of a post and never a name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from casework import audit
from casework.visibility import absent, posts_seen_by, tasks_not_kept_from
from models.errors import LookAgain, Refused
from models.register_words import TaskKind
from models.tables import Post, Task
from models.unit_of_work import Store
from models.vocabulary import Role, Viewer, now

Clock = Callable[[], datetime]

DUE_AFTER = timedelta(days=2)
LONGEST_WORDS = 1000

OUTCOMES: dict[str, tuple[tuple[str, str], ...]] = {
    TaskKind.CONSENT_WITHDRAWN: (
        ("posts_dealt_with", "The earlier posts are dealt with"),
        ("nothing_to_do", "There is nothing to do"),
        ("person_content", "The person is content that they stay"),
    ),
    TaskKind.TURNED_18: (
        ("adult_consents", "The adult was asked, and consents"),
        ("adult_refuses", "The adult was asked, and does not consent"),
        ("left", "The adult has left"),
    ),
    TaskKind.ERASURE_ASKED: (("not_erased", "The entry stays as it is"),),
    TaskKind.CASE_DELETION: (("not_deleted", "The case stays as it is"),),
    TaskKind.RETENTION_DUE: (("still_needed", "It is still needed: ask me again in a year"),),
}
"""What may come of a task, by its kind: a stored word, and what people read."""

_ANY = (("done", "It is done"), ("nothing_to_do", "There is nothing to do"))


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task as it is listed. Times aware UTC. matter: "group:3". details: ids and counts; of the
    posts that it lists, those that the reader may see."""

    id: int
    kind: str
    matter: str
    role: Role
    about_id: int | None
    details: Mapping[str, object]
    opened_at: datetime
    due_at: datetime
    done_at: datetime | None
    outcome: str
    words: str

    def is_late(self, at: datetime) -> bool:
        """Whether it is open past its time."""
        return self.done_at is None and self.due_at < at


def open_task(
    session: Session,
    kind: str,
    matter: str,
    *,
    role: Role,
    about_id: int | None = None,
    details: Mapping[str, object] | None = None,
    due_after: timedelta = DUE_AFTER,
    again: bool = False,
    clock: Clock = now,
) -> int:
    """The id of the task about this matter, in the caller's transaction.

    Where it is open already it stays as it is. again: one that was done is opened anew.
    """
    query = select(Task).where(Task.kind == kind, Task.matter == matter)
    row = session.scalar(query.with_for_update(key_share=True))
    if row is not None and (row.done_at is None or not again):
        return row.id
    if row is None:
        row = Task(kind=kind, matter=matter)
        session.add(row)
    at = clock()
    row.role, row.about_id, row.details = role.value, about_id, dict(details or {})
    row.opened_at, row.due_at = at, at + due_after
    row.done_at, row.done_by, row.outcome, row.words = None, None, "", ""
    session.flush()
    audit.record(session, None, "task.opened", f"task:{row.id}", kind=kind, about=about_id)
    return row.id


def open_tasks(session: Session, viewer: Viewer) -> tuple[TaskLine, ...]:
    """The open tasks of this person's roles, the one due first at the top. The lead sees the
    monitor's too (C4)."""
    query = select(Task).where(Task.done_at.is_(None), seen_by(viewer))
    return tuple(
        _line(session, viewer, row) for row in session.scalars(query.order_by(Task.due_at, Task.id))
    )


def tasks_about(session: Session, viewer: Viewer, person_id: int) -> tuple[TaskLine, ...]:
    """Every task about one registered person that this person may see, the newest first."""
    query = select(Task).where(Task.about_id == person_id, seen_by(viewer))
    return tuple(
        _line(session, viewer, row) for row in session.scalars(query.order_by(Task.id.desc()))
    )


def task_for(session: Session, viewer: Viewer, task_id: int) -> TaskLine:
    """One task. Raises NotYours where it is missing or somebody else's."""
    row = session.scalar(select(Task).where(Task.id == task_id, seen_by(viewer)))
    if row is None:
        raise absent(f"task {task_id}")
    return _line(session, viewer, row)


def outcomes(kind: str) -> tuple[tuple[str, str], ...]:
    """What may come of a task of this kind: (stored word, what people read)."""
    return OUTCOMES.get(kind, _ANY)


def finish(
    store: Store, viewer: Viewer, task_id: int, outcome: str, words: str = "", *, clock: Clock = now
) -> None:
    """Close a task with what came of it.

    Raises NotYours, LookAgain where somebody closed it first, Refused for an unknown outcome.
    """
    with store.write() as session:
        query = select(Task).where(Task.id == task_id, seen_by(viewer))
        row = session.scalar(query.with_for_update(key_share=True))
        if row is None:
            raise absent(f"task {task_id}")
        if row.done_at is not None:
            raise LookAgain(
                "Somebody closed it already.", subject=f"task {task_id}", cure="Look at the list."
            )
        if outcome not in dict(outcomes(row.kind)) or len(words) > LONGEST_WORDS:
            raise Refused(
                "What came of it is missing, or the words are too long.",
                subject=f"task {task_id}",
                cure="Choose one of the outcomes.",
            )
        row.done_at, row.done_by, row.outcome = clock(), viewer.user_id, outcome
        row.words = words.strip()
        audit.record(
            session, viewer.user_id, "task.done", f"task:{task_id}", outcome=outcome, kind=row.kind
        )
        session.commit()


def put_details(session: Session, task_id: int, details: Mapping[str, object]) -> None:
    """Replace what a task tells, in the caller's transaction."""
    session.get_one(Task, task_id).details = dict(details)
    session.flush()


def count_open(session: Session, viewer: Viewer) -> int:
    """How many tasks are open, as this person may see them."""
    query = select(func.count()).select_from(Task)
    return session.scalar(query.where(Task.done_at.is_(None), seen_by(viewer))) or 0


def seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """A condition on `task`: those of their roles, but for concerns about them (practice 4.14), and
    of those about a case only what they are asked themselves."""
    roles = {role.value for role in viewer.roles}
    if viewer.has(Role.LEAD):
        roles.add(Role.MONITOR.value)
    if not roles:
        return false()
    asked = or_(
        Task.kind != TaskKind.CASE_DELETION.value, Task.matter.endswith(f":{viewer.user_id}")
    )
    return and_(Task.role.in_(sorted(roles)), asked, tasks_not_kept_from(viewer))


def posts_shown(session: Session, viewer: Viewer, ids: Sequence[int]) -> list[int]:
    """Of these posts those that this person may see, in the same order."""
    seen = set(session.scalars(select(Post.id).where(Post.id.in_(ids), posts_seen_by(viewer))))
    return [each for each in ids if each in seen]


def _line(session: Session, viewer: Viewer, row: Task) -> TaskLine:
    details, listed = row.details, row.details.get("posts")
    if isinstance(listed, list):
        details = {**details, "posts": posts_shown(session, viewer, listed)}
    return TaskLine(
        id=row.id,
        kind=row.kind,
        matter=row.matter,
        role=Role(row.role),
        about_id=row.about_id,
        details=details,
        opened_at=row.opened_at,
        due_at=row.due_at,
        done_at=row.done_at,
        outcome=row.outcome,
        words=row.words,
    )
