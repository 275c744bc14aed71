"""Deleting a case whose period is over: two people, and a tombstone that stands (practice 4.8).

    a lead asks, with a reason  ->  another lead or a trustee agrees  ->  the words go, at once

Neither may be somebody the case is kept from. Whoever agrees reads the reference, the dates and the
reason, and nothing of the case; only they find it among their tasks. What stays is the reference,
the dates, the states and categories, who referred to which body and when, and from whom it is kept,
all without a word; the post that it was about loses its words, its evidence and its notes with it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casework import audit, check_tasks, tasks
from casework.case_keeping import is_erased, keeping_row, kept_until, require_why, row_of
from casework.case_opening import add_line
from casework.denial import case_is_kept
from casework.dropping import NOTE, drop_post
from casework.keeping import Keeping, Periods, Reason
from casework.sessions import Clock
from casework.tombstones import set_stone
from casework.visibility import absent, case_for
from models.errors import Refused
from models.register_words import TaskKind
from models.tables import (
    CaseEntry,
    Decision,
    Item,
    ItemNote,
    Notice,
    Person,
    Referral,
    SafeguardingCase,
    Task,
)
from models.unit_of_work import Store
from models.vocabulary import CaseState, EntryKind, Role, Viewer, now

DELETED, TAKEN_BACK = "deleted", "taken_back"
"""Outcomes of the second person's task, beside the one that they choose."""

_AGREE = frozenset({Role.LEAD.value, Role.TRUSTEE.value})
"""Roles of whom one may agree."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the second person reads before they agree. Times aware UTC. why: the lead's words."""

    reference: str
    closed_at: datetime
    kept_until: datetime
    asked_by: str
    asked_at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Asked:
    """How a request stands, for the lead. answered_at: None while the second person is asked.

    words: what they said when they did not agree.
    """

    second: str
    asked_at: datetime
    answered_at: datetime | None = None
    words: str = ""


def seconds(session: Session, viewer: Viewer, case_id: int) -> tuple[tuple[int, str], ...]:
    """Who may agree: other leads, and trustees, but nobody it is kept from; (account, name) by
    name. Raises NotYours."""
    case_for(session, viewer, case_id)
    rows = session.scalars(select(Person).where(Person.active, Person.id != viewer.user_id))
    able = [one for one in rows if _may_agree(session, one, viewer.user_id, case_id)]
    return tuple((one.id, one.name) for one in sorted(able, key=lambda one: one.name.casefold()))


def asked(session: Session, viewer: Viewer, case_id: int) -> Asked | None:
    """The newest request, where it waits or was not agreed to. Raises NotYours."""
    case_for(session, viewer, case_id)
    row = _newest(session, case_id)
    if row is None or row.outcome in (DELETED, TAKEN_BACK, check_tasks.CAUSE_GONE):
        return None
    second = session.get_one(Person, int(str(row.details["second"])))
    return Asked(second.name, row.opened_at, row.done_at, row.words)


def ask(
    store: Store,
    viewer: Viewer,
    case_id: int,
    version: int,
    second_id: int,
    why: str,
    periods: Periods,
    clock: Clock = now,
) -> int:
    """Ask somebody to agree that the case is deleted; the number of their task. Nothing goes yet.

    Raises NotYours, LookAgain, MendInput without a reason; Refused while it is open, on hold or
    within its period, where somebody is asked already, or where the second person cannot be.
    """
    require_why(why)
    at = clock()
    with store.write() as session:
        case = case_for(session, viewer, case_id, lock=True, version=version)
        _require_deletable(session, case, periods, at)
        newest = _newest(session, case_id)
        if newest is not None and newest.done_at is None:
            raise Refused(
                "Somebody is asked already.",
                subject=f"case {case.reference}",
                cure="Wait for them, or take the request back.",
            )
        second = session.get(Person, second_id)
        if second is None or not _may_agree(session, second, viewer.user_id, case_id):
            raise Refused(
                "It takes two people: another lead, or a trustee, has to agree.",
                subject=f"case {case.reference}",
                cure="Choose one of the list.",
            )
        row = row_of(session, case)
        row.asked_at, row.asked_by, row.asked_why = at, viewer.user_id, why.strip()
        said = f"Asked that it is deleted: {why.strip()}"
        add_line(session, case, EntryKind.DECISION, said, viewer.user_id, at)
        task_id = tasks.open_task(
            session,
            TaskKind.CASE_DELETION,
            f"case:{case_id}:{second_id}",
            role=Role.LEAD if Role.LEAD.value in second.roles else Role.TRUSTEE,
            details={"asked_by": viewer.user_id, "second": second_id},
            again=True,
            clock=clock,
        )
        subject = f"case:{case_id}"
        audit.record(session, viewer.user_id, "case.deletion_asked", subject, second=second_id)
        session.commit()
    return task_id


def take_back(store: Store, viewer: Viewer, case_id: int, clock: Clock = now) -> None:
    """Nobody is asked any more. Raises NotYours; Refused where nobody was."""
    with store.write() as session:
        case = case_for(session, viewer, case_id, lock=True)
        task = _newest(session, case_id)
        if task is None or task.done_at is not None:
            raise Refused("Nobody is asked.", subject=f"case {case.reference}", cure="")
        kind, by = TaskKind.CASE_DELETION, viewer.user_id
        check_tasks.close(session, kind, task.matter, at=clock(), by=by, outcome=TAKEN_BACK)
        said = "The request that it is deleted was taken back."
        add_line(session, case, EntryKind.DECISION, said, by, clock())
        audit.record(session, by, "case.deletion_taken_back", f"case:{case_id}")
        session.commit()


def request_of(session: Session, viewer: Viewer, task_id: int, periods: Periods) -> Request:
    """What whoever is asked reads. Raises NotYours for everybody else, and once it is answered."""
    case = session.get_one(SafeguardingCase, _case_of(session, viewer, task_id))
    row, until = keeping_row(session, case.id), kept_until(case, periods)
    if row is None or row.asked_at is None or case.closed_at is None or until is None:
        raise absent(f"task {task_id}")
    asker = session.get(Person, row.asked_by or 0)
    name = "" if asker is None else asker.name
    return Request(case.reference, case.closed_at, until, name, row.asked_at, row.asked_why)


def agree(store: Store, viewer: Viewer, task_id: int, periods: Periods, clock: Clock = now) -> None:
    """The second person agrees, and the words of the case are deleted now.

    Raises NotYours for anybody but who was asked; Refused where it was opened again, is on hold or
    within its period, or where whoever asked is no lead any more or must not know of it.
    """
    at = clock()
    with store.read() as session:
        case_id = _case_of(session, viewer, task_id)
    with store.write() as session:
        case = session.get_one(
            SafeguardingCase, case_id, with_for_update={"key_share": True}, populate_existing=True
        )
        _case_of(session, viewer, task_id)  # it may have been taken back meanwhile
        _require_deletable(session, case, periods, at)
        row = row_of(session, case)
        asker = session.get(Person, row.asked_by or 0)
        second = session.get_one(Person, viewer.user_id)
        leads = asker is not None and asker.active and Role.LEAD.value in asker.roles
        if asker is None or not leads or case_is_kept(session, asker.id, case_id):
            raise _not_now(case)
        if not _may_agree(session, second, asker.id, case_id):
            raise absent(f"task {task_id}")
        _delete(session, case, asker.id, second.id, at)
        row.erased_at, row.held_why = at, ""
        matter = f"case:{case_id}:{second.id}"
        if not check_tasks.close(
            session, TaskKind.CASE_DELETION, matter, at=at, by=second.id, outcome=DELETED
        ):
            raise absent(f"task {task_id}")  # answered meanwhile: nothing of this is committed
        audit.record(session, second.id, "case.deleted", f"case:{case_id}", asked_by=asker.id)
        session.commit()


def _delete(session: Session, case: SafeguardingCase, by: int, second: int, at: datetime) -> None:
    """The tombstone first: without it the triggers let nothing go."""
    began = case.closed_at or at
    set_stone(session, "case", case.id, Keeping.CASE, began, at, by=(by, second))
    lines = CaseEntry.case_id == case.id, CaseEntry.text != ""
    session.execute(update(CaseEntry).where(*lines).values(text=""))
    told = Referral.case_id == case.id
    session.execute(update(Referral).where(told).values(contact="", reference="", advice=""))
    case.why_opened = case.threshold_reasons = case.close_reason = ""
    case.version += 1
    if case.item_id is not None:
        post_id = session.get_one(Item, case.item_id).post_id
        drop_post(session, post_id, Keeping.CASE, Reason.KEPT_LONG_ENOUGH, began, at, (by, second))
        mine = Decision.item_id == case.item_id, Decision.words != ""
        session.execute(update(Decision).where(*mine).values(words=""))
        ours = select(Decision.id).where(Decision.item_id == case.item_id)
        said = Notice.decision_id.in_(ours)
        session.execute(update(Notice).where(said).values(text="", told="", why_not=""))
        notes = ItemNote.item_id == case.item_id
        session.execute(update(ItemNote).where(notes).values(text=NOTE))
    session.flush()


def _case_of(session: Session, viewer: Viewer, task_id: int) -> int:
    """The case that this person is asked about. Raises NotYours."""
    task = tasks.task_for(session, viewer, task_id)
    mine = task.details.get("second") == viewer.user_id
    if task.kind != TaskKind.CASE_DELETION or task.done_at is not None or not mine:
        raise absent(f"task {task_id}")
    return int(task.matter.split(":")[1])


def _newest(session: Session, case_id: int) -> Task | None:
    query = select(Task).where(
        Task.kind == TaskKind.CASE_DELETION.value, Task.matter.startswith(f"case:{case_id}:")
    )
    return session.scalar(query.order_by(Task.opened_at.desc(), Task.id.desc()).limit(1))


def _may_agree(session: Session, second: Person, asker_id: int, case_id: int) -> bool:
    able = second.active and second.id != asker_id and bool(_AGREE & set(second.roles))
    return able and not case_is_kept(session, second.id, case_id)


def _require_deletable(
    session: Session, case: SafeguardingCase, periods: Periods, at: datetime
) -> None:
    row, until = keeping_row(session, case.id), kept_until(case, periods)
    held = periods.legal_hold or (row is not None and row.held_at is not None)
    if case.state is not CaseState.CLOSED or held or until is None or until > at:
        raise _not_now(case)
    if is_erased(session, case):
        raise Refused("It is deleted.", subject=f"case {case.reference}", cure="")


def _not_now(case: SafeguardingCase) -> Refused:
    return Refused(
        "It cannot be deleted now. It has to be closed, past its period and on no hold, and asked "
        "for by a lead who may see it.",
        subject=f"case {case.reference}",
        cure="Look at the case, or ask the safeguarding lead to.",
    )
