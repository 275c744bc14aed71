"""How long the log of contact with children is kept, and letting go of what is over (practice 4.8).

A contact is kept for three years, or until the child is 21, whichever is later: until then somebody
who was a child may still bring a claim. Where the birth is not known the child may have been as
young as can be. What stays is the number, the time and the member of staff, so that the record's
lines about it stay hidden from whom they were hidden from; the child, the purpose and what it
lacked go, and the tombstone says when.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from casework import ages, audit
from casework.keeping import Keeping, Periods, years
from casework.sessions import Clock
from casework.standing import standing
from casework.tombstones import set_stone
from models.register_words import Standing, TaskKind
from models.tables import (
    Contact,
    Item,
    KeptFrom,
    RegisterPerson,
    SafeguardingCase,
    Task,
)
from models.unit_of_work import Store
from models.vocabulary import now

AT_ONCE = 200
"""Contacts that go in one commit."""


def forget_contacts(
    store: Store, periods: Periods, timezone: str = "Europe/London", clock: Clock = now
) -> int:
    """Let go of the contacts whose time is over; how many. Safe to repeat and to run twice.

    Never one that a lead has still to look at, nor one between people of a case that is open or on
    hold, nor anything under a legal hold.
    """
    if periods.legal_hold:
        return 0
    at = clock()
    old = _old_enough(at - periods.contact)
    with store.read() as session:  # most are kept until their child is 21, and need no lock for it
        due = [
            contact.id
            for contact, child in session.execute(old)
            if kept_until(contact.at, child, periods, timezone) <= at
        ]
    count = 0
    for start in range(0, len(due), AT_ONCE):
        some = old.where(Contact.id.in_(due[start : start + AT_ONCE]))
        with store.write() as session:
            locked = session.execute(some.with_for_update(of=Contact, key_share=True)).all()
            for contact, child in locked:
                if kept_until(contact.at, child, periods, timezone) <= at:
                    _let_go(session, contact, at)
                    count += 1
            session.commit()
    return count


def kept_until(
    contact_at: datetime, child: RegisterPerson, periods: Periods, timezone: str
) -> datetime:
    """When the period of a contact of that moment with this person is over; aware."""
    enough = contact_at + periods.contact
    if child.erased_at is not None or child.standing is Standing.ADULT_AT_RISK:
        return enough
    if child.date_of_birth is None:
        return max(enough, contact_at + years(periods.contact_to_age))
    born = child.date_of_birth
    day = ages.birthday_in(born, born.year + periods.contact_to_age)
    return max(enough, datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(timezone)))


def _old_enough(before: datetime) -> Select[Contact, RegisterPerson]:
    """Contacts of before that moment that nothing stands in the way of, oldest number first."""
    unseen = and_(Contact.faults != [], Contact.seen_at.is_(None))
    return (
        select(Contact, RegisterPerson)
        .join(RegisterPerson, RegisterPerson.id == Contact.child_id)
        .where(Contact.at <= before, ~unseen, ~_needed())
        .order_by(Contact.id)
    )


def _needed() -> ColumnElement[bool]:
    """A case that is open or on hold: about its mail, or about one of the two people."""
    of_mail = and_(Item.id == SafeguardingCase.item_id, Item.post_id == Contact.post_id)
    of_people = and_(
        KeptFrom.register_id.in_((Contact.staff_id, Contact.child_id)),
        or_(KeptFrom.case_id == SafeguardingCase.id, KeptFrom.item_id == SafeguardingCase.item_id),
    )
    return (
        select(SafeguardingCase.id)
        .where(
            standing(),
            or_(exists().where(of_mail), exists().where(of_people)),
        )
        .correlate(Contact)
        .exists()
    )


def _let_go(session: Session, contact: Contact, at: datetime) -> None:
    """The tombstone first, then what was said of the contact, in the caller's transaction."""
    set_stone(session, "contact", contact.id, Keeping.CONTACT, contact.at, at)
    contact.child_id = contact.post_id = None
    contact.channel = contact.started_by = contact.purpose = ""
    contact.copied, contact.faults, contact.dropped_at = 0, [], at
    session.execute(
        update(Task)
        .where(Task.kind == TaskKind.CONTACT_FAULT, Task.matter == f"contact:{contact.id}")
        .values(details={}, words="")
    )
    audit.record(session, None, "contact.dropped", f"contact:{contact.id}")
