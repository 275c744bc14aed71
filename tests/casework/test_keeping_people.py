"""Contacts with children and lines of members' lists: how long they are kept, and what stays."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from casework import audit, contacts, member_keeping, tasks
from casework.contact_keeping import forget_contacts, kept_until
from casework.contacts import NewContact
from casework.keeping import Periods, shipped, years
from models.register_words import AgeBand, Standing, TaskKind
from models.tables import (
    CaseKeeping,
    Contact,
    KeptFrom,
    MemberCheck,
    MemberRow,
    MembershipReview,
    RegisterPerson,
    SafeguardingCase,
    Task,
    Tombstone,
)
from models.vocabulary import Category, Organisation, Role, now

OURS = Organisation(name="Riverside")
PERIODS = shipped()
THAT_DAY = datetime(2026, 11, 20, 22, tzinfo=UTC)


def child(**what) -> RegisterPerson:
    given = {"standing": Standing.CHILD, "age_band": AgeBand.UNKNOWN, "roles": ["member"]}
    return RegisterPerson(first_name="Maya", surname="Harbour", **{**given, **what})


@pytest.mark.parametrize(
    ("who", "until"),
    [
        (child(date_of_birth=date(2014, 5, 2)), datetime(2035, 5, 1, 23, tzinfo=UTC)),
        (child(date_of_birth=date(2008, 2, 29)), THAT_DAY + timedelta(days=1096)),
        (child(date_of_birth=date(2012, 2, 29)), datetime(2033, 3, 1, tzinfo=UTC)),
        (child(), THAT_DAY + years(21)),
        (child(standing=Standing.ADULT), THAT_DAY + years(21)),
        (child(standing=Standing.ADULT_AT_RISK), THAT_DAY + timedelta(days=1096)),
        (child(erased_at=THAT_DAY), THAT_DAY + timedelta(days=1096)),
    ],
    ids=["to 21", "three years", "leap day", "no birth", "grown up since", "at risk", "erased"],
)
def test_the_later_of_three_years_and_the_child_being_21(who, until) -> None:
    assert kept_until(THAT_DAY, who, PERIODS, "Europe/London") == until


class Log:
    """A contact by night of somebody on staff, who is a lead, with a child."""

    def __init__(self, desk) -> None:
        self.desk, self.store = desk, desk.store
        self.sam = desk.person("Sam", Role.LEAD)
        with self.store.write() as session:
            at = now()
            staff = child(standing=Standing.ADULT, roles=["staff"], date_of_birth=date(1980, 1, 1))
            staff.account_id = self.sam.user_id
            maya = child(date_of_birth=date(2010, 5, 2))
            for row in (staff, maya):
                row.created_at = row.updated_at = at
                session.add(row)
            session.flush()
            self.staff, self.maya = staff.id, maya.id
            session.commit()
        mona = desk.people["Mona"]
        self.id = contacts.log_contact(self.store, mona, self.new(), OURS)

    def new(self) -> NewContact:
        at = now() - timedelta(hours=1)
        return NewContact(self.staff, self.maya, at, "chat", "staff", "Lift home.")

    def seen(self) -> None:
        contacts.mark_seen(self.store, self.desk.people["Lena"], self.id)

    def forget(self, after: int = 26, periods: Periods = PERIODS) -> int:
        return forget_contacts(self.store, periods, clock=lambda: now() + years(after))

    def row(self) -> Contact:
        with self.store.read() as session:
            return session.get_one(Contact, self.id)

    def lines(self) -> set[str]:
        with self.store.read() as session:
            return {line.what for line in audit.lines(session, self.sam).lines}


@pytest.fixture
def log(desk) -> Log:
    return Log(desk)


def test_a_contact_goes_when_its_time_is_over_and_its_lines_stay_hidden(log: Log) -> None:
    log.seen()
    assert log.forget(after=2) == 0
    assert log.forget() == 1
    assert log.forget() == 0
    row = log.row()
    assert (row.child_id, row.purpose, row.channel, row.started_by) == (None, "", "", "")
    assert (row.faults, row.copied, row.post_id) == ([], 0, None)
    assert row.dropped_at is not None
    with log.store.read() as session:
        stone = session.scalars(select(Tombstone)).one()
        assert (stone.kind, stone.thing_id, stone.keeping) == ("contact", log.id, "contact")
        task = session.scalars(select(Task).where(Task.kind == TaskKind.CONTACT_FAULT)).one()
        assert (task.details, task.words) == ({}, "")
        assert contacts.contacts(session, log.desk.people["Lena"]) == ()
        assert audit.verify(session).broken_at is None
        lena = {line.what for line in audit.lines(session, log.desk.people["Lena"]).lines}
    assert {"contact.logged", "contact.dropped"} <= lena
    assert not {"contact.logged", "contact.seen", "contact.dropped"} & log.lines()


def test_nobody_loses_what_a_lead_has_not_looked_at_yet(log: Log) -> None:
    assert log.row().faults
    assert log.forget() == 0
    log.seen()
    assert log.forget(periods=Periods(legal_hold=True)) == 0
    assert log.forget() == 1


@pytest.mark.parametrize("whose", ["staff", "maya"])
def test_a_case_about_one_of_the_two_keeps_it(log: Log, whose: str) -> None:
    log.seen()
    item_id = log.desk.item("Please help me", Category.DISCLOSURE)
    with log.store.write() as session:
        case = session.scalars(
            select(SafeguardingCase).where(SafeguardingCase.item_id == item_id)
        ).one()
        who = log.staff if whose == "staff" else log.maya
        session.add(KeptFrom(case_id=case.id, register_id=who, why="named", at=now()))
        session.commit()
    assert log.forget() == 0
    with log.store.write() as session:
        session.execute(update(SafeguardingCase).values(state="closed", closed_at=now()))
        session.add(CaseKeeping(case_id=case.id, held_at=now()))
        session.commit()
    assert log.forget() == 0
    with log.store.write() as session:
        session.execute(update(CaseKeeping).values(held_at=None))
        session.commit()
    assert log.forget() == 1


class Group:
    """A chat with somebody who left it long ago, and somebody who is still there."""

    def __init__(self, desk) -> None:
        self.desk, self.store = desk, desk.store
        self.source = desk.source("Chat")
        with self.store.write() as session:
            person = child()
            person.created_at = person.updated_at = now()
            session.add(person)
            for handle, left in (("gone", now() - timedelta(days=400)), ("there", None)):
                session.add(
                    MemberRow(
                        source_id=self.source,
                        handle=handle,
                        display_name=handle.title(),
                        first_seen_at=now() - timedelta(days=500),
                        last_seen_at=now() - timedelta(days=400),
                        left_at=left,
                    )
                )
            session.flush()
            self.gone = session.scalars(
                select(MemberRow.id).where(MemberRow.handle == "gone")
            ).one()
            check = MemberCheck(
                member_id=self.gone,
                person_id=person.id,
                why="The same name",
                score=90,
                state="offered",
                checked_at=now(),
            )
            review = MembershipReview(
                source_id=self.source,
                who="gone",
                member_id=self.gone,
                why="writes_so",
                opened_at=now(),
                due_at=now(),
            )
            session.add_all([check, review])
            session.commit()

    def handles(self) -> list[str]:
        with self.store.read() as session:
            return list(session.scalars(select(MemberRow.handle).order_by(MemberRow.handle)))


def test_who_left_long_ago_is_forgotten_but_not_while_something_is_asked(desk) -> None:
    group = Group(desk)
    assert member_keeping.forget_left(group.store, PERIODS) == 0
    with group.store.write() as session:
        session.execute(update(MembershipReview).values(decided_at=now()))
        session.commit()
    assert member_keeping.forget_left(group.store, Periods(legal_hold=True)) == 0
    early = Periods(left=timedelta(days=401))
    assert member_keeping.forget_left(group.store, early) == 0
    assert group.handles() == ["gone", "there"]
    assert member_keeping.forget_left(group.store, PERIODS) == 1
    assert group.handles() == ["there"]
    with group.store.read() as session:
        stone = session.scalars(select(Tombstone)).one()
        assert (stone.kind, stone.thing_id, stone.keeping) == ("member", group.gone, "member")
        review = session.scalars(select(MembershipReview)).one()
        assert (review.member_id, review.who) == (None, "gone")
        assert not session.scalars(select(MemberCheck)).all()
        assert tasks.open_tasks(session, desk.people["Lena"]) == ()
