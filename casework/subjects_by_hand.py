"""The lead says whom a case is about, or that the program kept somebody out by mistake.

Both are the lead's alone, about a case that the lead may see, with a line in the case and in the
record. From the same commit on it is absent for whoever it is about, whatever they hold
(practice 4.14); alerts that were still to be sent to them are not sent.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from casework import audit, register
from casework.case_opening import add_line
from casework.denial import case_is_kept
from casework.sessions import Clock
from casework.subjects import Why
from casework.visibility import absent, case_for
from models.errors import MendInput
from models.register_words import RegisterRole
from models.tables import KeptFrom, Person, RegisterPerson, SafeguardingCase
from models.unit_of_work import Store
from models.vocabulary import EntryKind, Viewer, now


@dataclass(frozen=True, slots=True)
class Somebody:
    """Somebody whom a case can be about: an account, a registered person, or both in one."""

    name: str
    account_id: int | None
    register_id: int | None


@dataclass(frozen=True, slots=True)
class KeptOut:
    """One row as the lead sees it. at: aware UTC; by_name: "" for the program."""

    id: int
    name: str
    why: Why
    at: datetime
    by_name: str
    has_account: bool


def kept_out(session: Session, viewer: Viewer, case_id: int) -> tuple[KeptOut, ...]:
    """Whom this case is kept from, oldest first. Raises NotYours."""
    case = case_for(session, viewer, case_id)
    rows = session.scalars(
        select(KeptFrom).where(_of(case), KeptFrom.ended_at.is_(None)).order_by(KeptFrom.id)
    ).all()
    return tuple(
        KeptOut(
            row.id,
            _name(session, row.account_id, row.register_id),
            Why(row.why),
            row.at,
            _name(session, row.by, None) if row.by else "",
            _account_of(session, row) is not None,
        )
        for row in rows
    )


def candidates(session: Session, viewer: Viewer, case_id: int) -> tuple[Somebody, ...]:
    """Accounts, staff and volunteers, by name, but for those it is kept from. Raises NotYours."""
    case_for(session, viewer, case_id)
    text = RegisterPerson.roles
    ours = or_(
        text.contains(RegisterRole.STAFF),
        text.contains(RegisterRole.VOLUNTEER),
        RegisterPerson.account_id.is_not(None),
    )
    found = [
        Somebody(person.name, person.account_id, person.id)
        for person in register.find_all(session, ours)
    ]
    linked = {one.account_id for one in found}
    found += [
        Somebody(person.name, person.id, None)
        for person in session.scalars(select(Person).where(Person.active))
        if person.id not in linked
    ]
    free = [
        one
        for one in found
        if one.account_id is None or not case_is_kept(session, one.account_id, case_id)
    ]
    return tuple(sorted(free, key=lambda one: (one.name.casefold(), one.account_id or 0)))


def name_subject(
    store: Store,
    viewer: Viewer,
    case_id: int,
    version: int,
    somebody: Somebody,
    because: str,
    clock: Clock = now,
) -> None:
    """The case is about this person: from now on it does not exist for them.

    A lead may name themselves, and then sees it no more. Raises NotYours, LookAgain where the case
    changed since it was seen, MendInput without a reason or a person.
    """
    if somebody.account_id is None and somebody.register_id is None:
        raise MendInput("It names nobody.", subject="the person", cure="Choose one of the list.")
    _require(because)
    at = clock()
    with store.write() as session:
        case = case_for(session, viewer, case_id, lock=True, version=version)
        session.add(
            KeptFrom(
                item_id=case.item_id,
                case_id=case.id,
                register_id=somebody.register_id,
                account_id=somebody.account_id,
                why=Why.SUBJECT.value,
                at=at,
                by=viewer.user_id,
            )
        )
        name = _name(session, somebody.account_id, somebody.register_id)
        said = f"It is about {name} and is kept from them: {because.strip()}"
        add_line(session, case, EntryKind.DECISION, said, viewer.user_id, at)
        case.about_staff = True
        audit.record(
            session,
            viewer.user_id,
            "case.subject_named",
            f"case:{case_id}",
            account=somebody.account_id,
            registered=somebody.register_id,
        )
        session.commit()


def lift(
    store: Store,
    viewer: Viewer,
    case_id: int,
    version: int,
    row_id: int,
    because: str,
    clock: Clock = now,
) -> None:
    """Somebody was kept out by mistake (another person of that name): they see it again.

    Raises NotYours, LookAgain, MendInput without a reason.
    """
    _require(because)
    with store.write() as session:
        case = case_for(session, viewer, case_id, lock=True, version=version)
        row = session.scalar(select(KeptFrom).where(KeptFrom.id == row_id, _of(case)))
        if row is None or row.ended_at is not None:
            raise absent(f"row {row_id}")
        row.ended_at, row.ended_by = clock(), viewer.user_id
        name = _name(session, row.account_id, row.register_id)
        said = f"No longer kept from {name}: {because.strip()}"
        add_line(session, case, EntryKind.DECISION, said, viewer.user_id, clock())
        audit.record(session, viewer.user_id, "case.subject_lifted", f"case:{case_id}", row=row.id)
        session.commit()


def _of(case: SafeguardingCase) -> ColumnElement[bool]:
    return or_(KeptFrom.case_id == case.id, KeptFrom.item_id == case.item_id)


def _require(because: str) -> None:
    if not because.strip():
        raise MendInput("It is empty.", subject="the reason", cure="Say in a sentence why.")


def _name(session: Session, account_id: int | None, register_id: int | None) -> str:
    if register_id is not None:
        person = register.find_by_id(session, register_id)
        if person is not None:
            return person.name
    account = None if account_id is None else session.get(Person, account_id)
    return account.name if account is not None else "somebody who was erased"


def _account_of(session: Session, row: KeptFrom) -> int | None:
    if row.account_id is not None or row.register_id is None:
        return row.account_id
    person = register.find_by_id(session, row.register_id)
    return None if person is None else person.account_id
