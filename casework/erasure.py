"""Erasing somebody from the register: the personal fields go, a tombstone stands (practice 4.8).

Two people do it: one asks, another agrees. It is refused while the person has an account in use,
and while a case that is not closed is about them: the law on safeguarding comes first. What stays
is a row without a name, so that what refers to it by number still leads somewhere, and the consents
without who gave them, because what was published on them may have to be shown.
"""

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session

from casework import audit, check_tasks, tasks
from casework.keeping import Keeping, Reason
from casework.sessions import Clock
from casework.tombstones import set_stone
from casework.visibility import absent, require_lead
from models.errors import Refused
from models.register_words import AgeBand, Standing, TaskKind
from models.tables import (
    Addressee,
    Consent,
    Contact,
    KeptFrom,
    Person,
    RegisterAlias,
    RegisterHandle,
    RegisterLink,
    RegisterPerson,
    SafeguardingCase,
    StaffCheck,
)
from models.unit_of_work import Store
from models.vocabulary import CaseState, Role, Viewer, now

_AGREE = frozenset({Role.LEAD.value, Role.ADMIN.value})
"""Roles of whom one may agree."""

ERASED = "erased"
"""The outcome of a task to which the second person agreed."""


def seconds(session: Session, viewer: Viewer) -> tuple[tuple[int, str], ...]:
    """Who may agree: other leads, and administrators; (account, name) by name. Raises NotYours."""
    require_lead(viewer, "erasing")
    rows = session.scalars(select(Person).where(Person.active, Person.id != viewer.user_id))
    able = [one for one in rows if _AGREE & set(one.roles)]
    return tuple((one.id, one.name) for one in sorted(able, key=lambda one: one.name.casefold()))


def ask(store: Store, by: Viewer, second_id: int, person_id: int, clock: Clock = now) -> int:
    """Ask somebody to agree that a person is erased; the number of the task. Nothing is erased.

    Raises as `erase_person` does, so that nobody is asked for what cannot be.
    """
    require_lead(by, f"registered person {person_id}")
    with store.write() as session:
        person = _erasable(session, by, second_id, person_id)
        second = session.get_one(Person, second_id)
        role = Role.LEAD if Role.LEAD.value in second.roles else Role.ADMIN
        task_id = tasks.open_task(
            session,
            TaskKind.ERASURE_ASKED,
            _matter(person.id),
            role=role,
            about_id=person.id,
            details={"asked_by": by.user_id, "second": second_id},
            again=True,
            clock=clock,
        )
        audit.record(session, by.user_id, "register.erasure_asked", f"registered:{person_id}")
        session.commit()
    return task_id


def agree(store: Store, viewer: Viewer, task_id: int, clock: Clock = now) -> None:
    """The second person agrees, and the entry is erased now.

    Raises NotYours for anybody but the person who was asked, and as `erase_person`.
    """
    with store.read() as session:
        task = tasks.task_for(session, viewer, task_id)
        asked_by = task.details.get("asked_by")
        asker = session.get(Person, asked_by) if isinstance(asked_by, int) else None
        theirs = task.kind == TaskKind.ERASURE_ASKED and task.done_at is None
        mine = task.details.get("second") == viewer.user_id
        if asker is None or not asker.active or not theirs or not mine or task.about_id is None:
            raise absent(f"task {task_id}")
        by = Viewer(asker.id, asker.name, frozenset(Role(role) for role in asker.roles))
    erase_person(store, by, viewer.user_id, task.about_id, clock)


def erase_person(
    store: Store, by: Viewer, second_id: int, person_id: int, clock: Clock = now
) -> None:
    """Blank the personal fields of a registered person. by: a lead; second_id: the account of
    another lead or an administrator, who agreed.

    Raises NotYours for no lead or no such person; Refused where the second is not another person
    in such a role, or a case about the person is open.
    """
    require_lead(by, f"registered person {person_id}")
    at = clock()
    with store.write() as session:
        person = _erasable(session, by, second_id, person_id)
        set_stone(
            session,
            "person",
            person_id,
            Keeping.REGISTER,
            person.created_at,
            at,
            reason=Reason.ERASED,
            by=(by.user_id, second_id),
        )
        _blank(session, person)
        person.erased_at = person.updated_at = at
        person.version += 1
        check_tasks.close(
            session, TaskKind.ERASURE_ASKED, _matter(person_id), at=at, by=second_id, outcome=ERASED
        )
        subject = f"registered:{person_id}"
        audit.record(session, by.user_id, "register.erased", subject, second=second_id)
        session.commit()


def _matter(person_id: int) -> str:
    return f"person:{person_id}"


def _erasable(session: Session, by: Viewer, second_id: int, person_id: int) -> RegisterPerson:
    """The row, locked, where all that the law and the two people want is given."""
    person = session.get(RegisterPerson, person_id, with_for_update={"key_share": True})
    if person is None or person.erased_at is not None:
        raise absent(f"registered person {person_id}")
    _require_second(session, by, second_id)
    _require_no_account(session, person)
    _require_no_open_case(session, person)
    return person


def _blank(session: Session, person: RegisterPerson) -> None:
    person.first_name = person.surname = person.do_not_publish_reason = ""
    person.external_ref = person.date_of_birth = person.account_id = None
    person.standing, person.age_band = Standing.UNKNOWN, AgeBand.UNKNOWN
    person.roles, person.do_not_publish = [], False
    theirs = select(RegisterHandle.handle_key).where(RegisterHandle.person_id == person.id)
    session.execute(delete(Addressee).where(Addressee.address.in_(theirs)))
    for table in (RegisterHandle, RegisterAlias, StaffCheck):
        session.execute(delete(table).where(table.person_id == person.id))
    either = or_(RegisterLink.person_id == person.id, RegisterLink.to_id == person.id)
    session.execute(delete(RegisterLink).where(either))
    session.execute(
        update(Consent)
        .where(Consent.person_id == person.id)
        .values(given_by="", evidence_ref="", own_wish="")
    )
    both = or_(Contact.staff_id == person.id, Contact.child_id == person.id)
    session.execute(update(Contact).where(both).values(purpose=""))


def _require_second(session: Session, by: Viewer, second_id: int) -> None:
    second = session.get(Person, second_id)
    able = second is not None and second.active and second.id != by.user_id
    if second is None or not able or not _AGREE & set(second.roles):
        raise Refused(
            "It takes two people: another lead, or an administrator, has to agree.",
            subject="erasing somebody from the register",
            cure="Ask them, and name their account.",
        )


def _require_no_account(session: Session, person: RegisterPerson) -> None:
    """Asked before anything about cases: so nobody learns of one by trying to erase themselves."""
    account = None if person.account_id is None else session.get(Person, person.account_id)
    if account is not None and account.active:
        raise Refused(
            "The person has an account that is in use.",
            subject=f"registered person {person.id}",
            cure="Switch the account off first.",
        )


def _require_no_open_case(session: Session, person: RegisterPerson) -> None:
    theirs = [KeptFrom.register_id == person.id]
    if person.account_id is not None:
        theirs.append(KeptFrom.account_id == person.account_id)
    about = (
        exists()
        .where(or_(*theirs), KeptFrom.ended_at.is_(None))
        .where(
            or_(
                KeptFrom.case_id == SafeguardingCase.id,
                KeptFrom.item_id == SafeguardingCase.item_id,
            )
        )
        .correlate(SafeguardingCase)
    )
    found = select(SafeguardingCase.id).where(SafeguardingCase.state != CaseState.CLOSED, about)
    if session.scalar(found.limit(1)) is not None:
        raise Refused(
            "It cannot be erased now.",
            subject=f"registered person {person.id}",
            cure="Keep it until the retention period of what needs it has passed.",
        )
