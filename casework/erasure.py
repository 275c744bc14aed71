"""Erasing somebody from the register: the personal fields go, a tombstone stands (practice 4.8).

Two people do it: one asks, another agrees. It is refused while the person has an account in use,
and while a case that is not closed is about them: the law on safeguarding comes first. What stays
is a row without a name, so that what refers to it by number still leads somewhere, and the consents
without who gave them, because what was published on them may have to be shown.
"""

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session

from casework import audit
from casework.keeping import Keeping, Reason
from casework.sessions import Clock
from casework.visibility import absent, require_lead
from models.errors import Refused
from models.register_words import AgeBand, Standing
from models.tables import (
    Consent,
    Contact,
    KeptFrom,
    Person,
    RegisterAlias,
    RegisterHandle,
    RegisterLink,
    RegisterPerson,
    SafeguardingCase,
    Tombstone,
)
from models.unit_of_work import Store
from models.vocabulary import CaseState, Role, Viewer, now


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
        person = session.get(RegisterPerson, person_id, with_for_update={"key_share": True})
        if person is None or person.erased_at is not None:
            raise absent(f"registered person {person_id}")
        _require_second(session, by, second_id)
        _require_no_account(session, person)
        _require_no_open_case(session, person)
        session.add(
            Tombstone(
                kind="person",
                thing_id=person_id,
                keeping=Keeping.REGISTER.value,
                reason=Reason.ERASED.value,
                began_at=person.created_at,
                dropped_at=at,
                by=by.user_id,
                second=second_id,
            )
        )
        _blank(session, person)
        person.erased_at = person.updated_at = at
        person.version += 1
        subject = f"registered:{person_id}"
        audit.record(session, by.user_id, "register.erased", subject, second=second_id)
        session.commit()


def _blank(session: Session, person: RegisterPerson) -> None:
    person.first_name = person.surname = person.do_not_publish_reason = ""
    person.external_ref = person.date_of_birth = person.account_id = None
    person.standing, person.age_band = Standing.UNKNOWN, AgeBand.UNKNOWN
    person.roles, person.do_not_publish = [], False
    for table in (RegisterHandle, RegisterAlias):
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
    if second is None or not able or not {Role.LEAD.value, Role.ADMIN.value} & set(second.roles):
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
