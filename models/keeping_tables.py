"""The tables of who something is kept from, of what is no longer kept, and of contacts.

Import them from models.tables, where every table is.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.columns import Base, Json, UtcDateTime


class KeptFrom(Base):
    """One matter that one person must not know of (practice 4.14).

    item_id, case_id: the matter; a row about an item covers its case as well. register_id,
    account_id: whom it is kept from; a registered person's row counts for the account that is
    theirs now or later. why: a word of casework.subjects.Why. by: who said so, None for the
    program. ended_at: when it was found to be a mistake; then it keeps nothing from anybody.
    """

    __tablename__ = "kept_from"
    __table_args__ = (
        Index("ix_kept_from_item", "item_id", "account_id"),
        Index("ix_kept_from_case", "case_id", "account_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("safeguarding_case.id"))
    register_id: Mapped[int | None] = mapped_column(ForeignKey("register_person.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    why: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Tombstone(Base):
    """What stands where something is no longer kept: its class, its dates, the reason; no name.

    kind, thing_id: "post" 12, "case" 3, "person" 7, "contact" 5, "member" 4. keeping: the class
    whose period it was. reason: a word of casework.keeping.Reason. began_at: from when the period
    ran. by, second: who asked and who agreed, where people did. Append-only; the triggers let words
    go only beside such a row.
    """

    __tablename__ = "tombstone"
    __table_args__ = (Index("ix_tombstone_thing", "kind", "thing_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    thing_id: Mapped[int]
    keeping: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(40))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    dropped_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    second: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class CaseKeeping(Base):
    """How long a case is kept beyond its own state: a legal hold, and the two people of an erasure.

    held_at: nothing of it is dropped while set. asked_at, asked_by, asked_why: who proposed to
    erase it, and why. erased_at: when two people had erased its words; lines that came later stand.
    """

    __tablename__ = "case_keeping"
    __table_args__ = (UniqueConstraint("case_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("safeguarding_case.id"))
    held_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    held_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    held_why: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_why: Mapped[str] = mapped_column(Text, default="")
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Contact(Base):
    """One contact between a member of staff and a child, logged by a person or imported (C42, C46).

    started_by: "staff" or "child". channel: a word such as "email". copied: how many other members
    of staff could read it (C45). post_id: the imported message it was seen in. faults: words of
    casework.contact_rules.Fault; empty where it keeps to the rules. dropped_at: when its time was
    over; then it has no child_id and says nothing any more.
    """

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("post_id", "staff_id", "child_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("register_person.id"), index=True)
    child_id: Mapped[int | None] = mapped_column(ForeignKey("register_person.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    channel: Mapped[str] = mapped_column(String(40))
    started_by: Mapped[str] = mapped_column(String(10))
    purpose: Mapped[str] = mapped_column(Text, default="")
    copied: Mapped[int] = mapped_column(default=0)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    faults: Mapped[list[str]] = mapped_column(Json, default=list)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Addressee(Base):
    """One address in the headings of a collected mail, until the contact log has been made of it.

    place: "from", "to" or "cc". address: in lower case. listed: "staff", "archive", "child" or
    "personal" where the source's own settings know it, else "". looked_at: up to when the register
    was compared with it. Kept for as short a time as the words of a harmless mail
    (casework/mail_contacts.py).
    """

    __tablename__ = "addressee"
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    place: Mapped[str] = mapped_column(String(10))
    address: Mapped[str] = mapped_column(String(254), index=True)
    listed: Mapped[str] = mapped_column(String(20), default="")
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
