"""The log of contact between staff and children: who with whom, why, and who saw it (C42, C46).

Anybody of the desk logs a contact, and mails come in by themselves (casework/mail_contacts.py).
What it lacks (casework/contact_rules.py) is found at once and goes to the leads as a task, never to
the member of staff it is about or to their family: for them it is absent (practice 4.14).
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, aliased

from casework import ages, audit, check_tasks, register, tasks
from casework.contact_rules import CHILD, STAFF, ContactFacts, Fault, faults
from casework.naming import answers_of
from casework.register import RegisteredPerson
from casework.register_names import masked
from casework.sessions import Clock
from casework.visibility import absent, contacts_not_kept_from, require_content, require_lead
from models.errors import MendInput
from models.named_people import allowed
from models.register_words import ConsentItem, Standing, TaskKind
from models.tables import Contact, RegisterPerson
from models.unit_of_work import Store
from models.vocabulary import Organisation, Role, Viewer, aware, now

CHANNELS = ("e-mail", "telephone", "text message", "chat", "video call", "social media", "other")
LONGEST = 500
"""Characters of a purpose."""


@dataclass(frozen=True, slots=True)
class NewContact:
    """One contact as it is logged. staff_id, child_id: of the register. at: aware. copied: how many
    other members of staff could read it. started_by: "staff" or "child"."""

    staff_id: int
    child_id: int
    at: datetime
    channel: str
    started_by: str
    purpose: str = ""
    copied: int = 0


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One contact in the list. Names masked ("Ella H."). at: aware UTC."""

    id: int
    staff: str
    child: str
    at: datetime
    channel: str
    started_by: str
    purpose: str
    copied: int
    faults: tuple[Fault, ...]
    seen: bool
    post_id: int | None = None
    """The mail that it was seen in; None where a person wrote the contact down."""


def log_contact(
    store: Store, viewer: Viewer, new: NewContact, organisation: Organisation, clock: Clock = now
) -> int:
    """Write a contact down; its number. What it lacks is found now, with the consents of that day.

    Raises NotYours without content, MendInput where it cannot be so.
    """
    require_content(viewer, "the contacts")
    with store.write() as session:
        staff = register.find_by_id(session, new.staff_id)
        child = register.find_by_id(session, new.child_id)
        day = ages.day_of(new.at, organisation.timezone)
        _check(new, staff, child, clock())
        if staff is None or child is None:
            raise absent("the person")
        facts = ContactFacts(
            at=new.at,
            started_by=new.started_by,
            purpose=new.purpose,
            copied=new.copied,
            consent=is_consented(session, child, day, organisation),
        )
        row = insert_contact(
            session, (staff.id, child.id), new.channel, facts, organisation, viewer.user_id, clock
        )
        session.commit()
        return row.id


def insert_contact(
    session: Session,
    between: tuple[int, int],
    channel: str,
    facts: ContactFacts,
    organisation: Organisation,
    by: int | None,
    clock: Clock = now,
    post_id: int | None = None,
) -> Contact:
    """The row, its line of record and the leads' task, in the caller's transaction.

    between: ids of the member of staff and of the child. by: None for the program. post_id: the
    mail it was seen in.
    """
    staff_id, child_id = between
    row = Contact(
        staff_id=staff_id,
        child_id=child_id,
        at=aware(facts.at),
        channel=channel,
        started_by=facts.started_by,
        purpose=facts.purpose.strip(),
        copied=facts.copied,
        post_id=post_id,
        faults=[each.value for each in faults(facts, organisation)],
        recorded_at=clock(),
        recorded_by=by,
    )
    session.add(row)
    session.flush()
    audit.record(session, by, "contact.logged", f"contact:{row.id}", registered=child_id)
    if row.faults:
        _tell_the_lead(session, row, clock)
    return row


def contacts(
    session: Session, viewer: Viewer, *, faulty: bool = False, limit: int = 200
) -> tuple[ContactLine, ...]:
    """Contacts, newest first. The lead sees all but their own and their family's, with what they
    lack.

    A monitor sees what they logged themselves, without what it lacks. Raises NotYours without
    content, or for `faulty` where the viewer is no lead.
    """
    require_content(viewer, "the contacts")
    if faulty:
        require_lead(viewer, "the contacts")
    leads = viewer.has(Role.LEAD)
    staff, child = aliased(RegisterPerson), aliased(RegisterPerson)
    wanted: list[ColumnElement[bool]] = [
        contacts_not_kept_from(viewer) if leads else Contact.recorded_by == viewer.user_id
    ]
    if faulty:
        wanted.append(and_(Contact.faults != [], Contact.seen_at.is_(None)))
    rows = session.execute(
        select(Contact, staff.first_name, staff.surname, child.first_name, child.surname)
        .join(staff, staff.id == Contact.staff_id)
        .join(child, child.id == Contact.child_id)
        .where(*wanted)
        .order_by(Contact.at.desc(), Contact.id.desc())
        .limit(limit)
    )
    return tuple(
        ContactLine(
            id=row.id,
            staff=f"{first} {last}".strip(),
            child=masked(child_first, child_last),
            at=row.at,
            channel=row.channel,
            started_by=row.started_by,
            purpose=row.purpose,
            copied=row.copied,
            faults=tuple(Fault(each) for each in row.faults) if leads else (),
            seen=row.seen_at is not None,
            post_id=row.post_id,
        )
        for row, first, last, child_first, child_last in rows
    )


def mark_seen(store: Store, viewer: Viewer, contact_id: int, clock: Clock = now) -> None:
    """The lead has looked at what it lacks. Raises NotYours, for a contact of their own or
    their family's as well. Its task is closed with it."""
    require_lead(viewer, f"contact {contact_id}")
    with store.write() as session:
        theirs = select(Contact).where(Contact.id == contact_id, contacts_not_kept_from(viewer))
        row = session.scalar(theirs.with_for_update(key_share=True))
        if row is None:
            raise absent(f"contact {contact_id}")
        if row.seen_at is None:
            row.seen_at = at = clock()
            matter = f"contact:{contact_id}"
            check_tasks.close(
                session, TaskKind.CONTACT_FAULT, matter, at=at, by=viewer.user_id, outcome="done"
            )
            audit.record(session, viewer.user_id, "contact.seen", f"contact:{contact_id}")
            session.commit()


def choices(
    session: Session, viewer: Viewer, organisation: Organisation, clock: Clock = now
) -> tuple[tuple[RegisteredPerson, ...], tuple[RegisteredPerson, ...]]:
    """Staff and volunteers of today, and children and adults at risk, by name."""
    require_content(viewer, "the contacts")
    today = ages.day_of(clock(), organisation.timezone)
    people = sorted(register.everybody(session), key=lambda one: one.name.casefold())
    staff = tuple(one for one in people if one.is_staff_on(today))
    young = tuple(one for one in people if is_protected(one, today))
    return staff, young


def _tell_the_lead(session: Session, row: Contact, clock: Clock) -> None:
    """A task for the leads; casework/denial_people.py keeps it from whom it is about."""
    tasks.open_task(
        session,
        TaskKind.CONTACT_FAULT,
        f"contact:{row.id}",
        role=Role.LEAD,
        about_id=row.staff_id,
        details={"contact": row.id, "faults": list(row.faults)},
        clock=clock,
    )


def is_protected(person: RegisteredPerson, day: date) -> bool:
    """Whether a contact with this person on that day is one that the rules are about: a child or
    an adult at risk who is neither staff nor a volunteer."""
    young = person.is_child_on(day) or person.standing is Standing.ADULT_AT_RISK
    return young and not person.is_staff_on(day)


def is_consented(
    session: Session, child: RegisteredPerson, day: date, organisation: Organisation
) -> bool:
    """Whether direct contact was consented to on that day (C37)."""
    answers = answers_of(session, ConsentItem.DIRECT_CONTACT, organisation.timezone, child.id)
    return allowed(
        answers.get(child.id, ()),
        day,
        child=child.is_child_on(day),
        at_risk=child.standing is Standing.ADULT_AT_RISK,
    )


def _check(
    new: NewContact,
    staff: RegisteredPerson | None,
    child: RegisteredPerson | None,
    at: datetime,
) -> None:
    fault = ""
    if staff is None or child is None or staff.id == child.id:
        fault = "It needs a member of staff and a child of the register."
    elif new.channel not in CHANNELS or new.started_by not in (STAFF, CHILD):
        fault = "How it took place, or who began it, is missing."
    elif aware(new.at) > at:
        fault = "It is still to come."
    elif len(new.purpose) > LONGEST or new.copied < 0:
        fault = f"The purpose is longer than {LONGEST} characters."
    if fault:
        raise MendInput(fault, subject="the contact", cure="Correct it, then save it again.")
