"""The rules for contact between staff and a child, as facts about one contact. Pure.

    C37  no contact without the parent's consent on record
    C40  not from a private address, nor from one that nobody knows to be theirs
    C42  the purpose is stated, above all where staff began it
    C43  not outside office hours, by the clock people live by, bank holidays of the nation included
    C45  at least one other member of staff is copied in

A fault is a fact, never a verdict: the lead judges it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from classifier.due import CLOSES, OPENS, is_working_day
from models.vocabulary import Organisation, aware


class Fault(StrEnum):
    """What a contact lacks. Stored."""

    NO_CONSENT = "no_consent"
    OUT_OF_HOURS = "out_of_hours"
    NOBODY_COPIED = "nobody_copied"
    PERSONAL_ADDRESS = "personal_address"
    UNKNOWN_ADDRESS = "unknown_address"
    NO_PURPOSE = "no_purpose"


CLAUSES = {
    Fault.NO_CONSENT: "C37",
    Fault.OUT_OF_HOURS: "C43",
    Fault.NOBODY_COPIED: "C45",
    Fault.NO_PURPOSE: "C42",
    Fault.PERSONAL_ADDRESS: "C40",
    Fault.UNKNOWN_ADDRESS: "C40",
}

STAFF, CHILD = "staff", "child"
"""Who began it."""


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """One contact. at: aware. started_by: STAFF or CHILD. copied: other members of staff who could
    read it. consent: whether direct contact is consented to on that day.

    Of a mail. written: its words stand there to be read, so a person judges its purpose. personal:
    it came from a private address of theirs. unknown: it came in their name from an address that
    is on no list.
    """

    at: datetime
    started_by: str
    purpose: str
    copied: int
    consent: bool
    written: bool = False
    personal: bool = False
    unknown: bool = False


def faults(facts: ContactFacts, organisation: Organisation) -> tuple[Fault, ...]:
    """What the contact lacks, in the order of the clauses.

    A child who writes first, at any hour, is no fault of anybody's; the other rules hold for what
    staff answer as well.
    """
    found = []
    if not facts.consent:
        found.append(Fault.NO_CONSENT)
    if facts.personal:
        found.append(Fault.PERSONAL_ADDRESS)
    if facts.unknown:
        found.append(Fault.UNKNOWN_ADDRESS)
    if not facts.purpose.strip() and not facts.written:
        found.append(Fault.NO_PURPOSE)
    if facts.started_by == STAFF and not in_office_hours(facts.at, organisation):
        found.append(Fault.OUT_OF_HOURS)
    if facts.copied < 1:
        found.append(Fault.NOBODY_COPIED)
    return tuple(found)


def in_office_hours(at: datetime, organisation: Organisation) -> bool:
    """Whether it is a working day of the nation, between 9:00 and 17:00 on the wall clock there."""
    local = aware(at).astimezone(ZoneInfo(organisation.timezone))
    return is_working_day(local, organisation.nation) and OPENS <= local.time() < CLOSES
