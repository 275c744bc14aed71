"""The tables of the register: the organisation's own people, and what was consented to.

Import them from models.tables, where every table is. An account (people_tables.Person) is somebody
who may sign in; a registered person is anybody the organisation has to know: a child, a parent, a
member, a volunteer. One human being can be both: RegisterPerson.account_id.

Only the fields that a check needs are held (UK GDPR, minimisation), and no photographs.
"""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.columns import Base, Json, UtcDateTime, Word
from models.register_words import AgeBand, Authority, ConsentItem, HandleUse, LinkKind, Standing


class RegisterPerson(Base):
    """One of the organisation's own people.

    standing: as recorded; how old somebody is counted today comes from casework (unknown counts as
    a child, C34). roles: words of register_words.RegisterRole. external_ref: the booking system's
    own number of the person, so that an import finds the row again; None where added by hand.
    do_not_publish (C24): any mention anywhere is top priority; its reason is for the lead alone.
    adult_confirmed_at: when a person confirmed adulthood without a date of birth. left_on: the last
    day with the organisation. erased_at: the personal fields are blank from then on.
    """

    __tablename__ = "register_person"
    __table_args__ = (Index("ix_register_person_surname", "surname", "first_name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    external_ref: Mapped[str | None] = mapped_column(String(120), unique=True)
    first_name: Mapped[str] = mapped_column(String(120))
    surname: Mapped[str] = mapped_column(String(120), default="")
    standing: Mapped[Standing] = mapped_column(Word(Standing))
    roles: Mapped[list[str]] = mapped_column(Json, default=list)
    date_of_birth: Mapped[date | None] = mapped_column(Date)
    age_band: Mapped[AgeBand] = mapped_column(Word(AgeBand), default=AgeBand.UNKNOWN)
    adult_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    adult_confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), unique=True)
    do_not_publish: Mapped[bool] = mapped_column(default=False)
    do_not_publish_reason: Mapped[str] = mapped_column(Text, default="")
    left_on: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)


class RegisterHandle(Base):
    """A known name of a person on a platform.

    connector: the connector's name, "" for any platform. handle: as written; handle_key: as it is
    compared (casework.register_names.handle_key).
    """

    __tablename__ = "register_handle"
    __table_args__ = (UniqueConstraint("connector", "handle_key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("register_person.id"), index=True)
    connector: Mapped[str] = mapped_column(String(40), default="")
    handle: Mapped[str] = mapped_column(String(300))
    handle_key: Mapped[str] = mapped_column(String(300))
    use: Mapped[HandleUse] = mapped_column(Word(HandleUse), default=HandleUse.PERSONAL)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RegisterAlias(Base):
    """Another name that a person goes by: a nickname, a married or a stage name."""

    __tablename__ = "register_alias"
    __table_args__ = (UniqueConstraint("person_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("register_person.id"), index=True)
    name: Mapped[str] = mapped_column(String(240))


class RegisterLink(Base):
    """How one person is tied to another. PARENT, GUARDIAN: of `person_id`, the child, is `to_id`.

    RELATIVE is what a colleague declares, so that a reviewer does not judge his own family
    (practice 4.14); it is read in both directions.
    """

    __tablename__ = "register_link"
    __table_args__ = (UniqueConstraint("person_id", "to_id", "kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("register_person.id"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("register_person.id"), index=True)
    kind: Mapped[LinkKind] = mapped_column(Word(LinkKind))


class StaffCheck(Base):
    """That the organisation has seen somebody's enhanced DBS check (C51), and when; nothing of it.

    checked_on: the day on which it was seen. renew_on: the day by which it is to be done anew.
    """

    __tablename__ = "staff_check"
    __table_args__ = (UniqueConstraint("person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("register_person.id"))
    checked_on: Mapped[date] = mapped_column(Date)
    renew_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Consent(Base):
    """One answer about one thing (C21, C25 to C29, C32, C37). Never changed but to end it.

    given False: a refusal, which needs no reason (C29). purpose, channel: "" for every one;
    channel is a source's name or a word of the organisation's own ("website", "programme").
    from_day, until_day: both days included; until_day None without end. ended_at: withdrawn, lapsed
    at 18 or replaced, and ended_why says which (register_words.ConsentEnd). own_wish: what the
    young person says.
    """

    __tablename__ = "consent"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("register_person.id"), index=True)
    item: Mapped[ConsentItem] = mapped_column(Word(ConsentItem))
    given: Mapped[bool]
    given_by: Mapped[str] = mapped_column(String(240))
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("register_person.id"))
    authority: Mapped[Authority] = mapped_column(Word(Authority))
    purpose: Mapped[str] = mapped_column(String(120), default="")
    channel: Mapped[str] = mapped_column(String(80), default="")
    from_day: Mapped[date] = mapped_column(Date)
    until_day: Mapped[date | None] = mapped_column(Date)
    evidence_ref: Mapped[str] = mapped_column(String(200), default="")
    own_wish: Mapped[str] = mapped_column(String(20), default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_why: Mapped[str] = mapped_column(String(20), default="")


class Task(Base):
    """Something a named role has to do, opened by a check: one open task for one matter.

    kind: a word of register_words.TaskKind. matter: what makes it the same task ("consent:12",
    "account:3"); unique together, so that a check that runs again opens nothing twice; a task that
    is done may be opened again by the check, which sets opened_at anew. about_id: the registered
    person it is about. details: ids and counts only, never a word of a post and never a name.
    """

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("kind", "matter"),
        Index("ix_task_open", "done_at", "role", "due_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    matter: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    about_id: Mapped[int | None] = mapped_column(ForeignKey("register_person.id"), index=True)
    details: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str] = mapped_column(String(40), default="")
    words: Mapped[str] = mapped_column(Text, default="")
