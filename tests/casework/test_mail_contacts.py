"""Mails from staff to children come into the contact log, once, and nobody sees what is theirs."""

from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import func, select

from casework import audit, cases, erasure, register_ties, subject_access, tasks
from casework.contact_rules import CHILD, STAFF, Fault
from casework.contacts import ContactLine, contacts
from casework.dropping import drop_due
from casework.keeping import Periods, shipped
from casework.mail_contacts import addresses_of, forget_addresses, log_from_mail
from casework.register_names import handle_key
from collector.connectors.mail_letter import letter_of_bytes
from collector.connectors.mail_rules import post, rules_of
from collector.storing import store_posts
from models.register_words import (
    Authority,
    ConsentItem,
    HandleUse,
    RegisterRole,
    Standing,
    TaskKind,
)
from models.tables import (
    Addressee,
    Consent,
    Contact,
    Post,
    RegisterHandle,
    RegisterPerson,
    Source,
)
from models.vocabulary import Category, Organisation, Role, now

OURS = Organisation(name="Riverside")
NOON = "Fri, 20 Nov 2026 12:00:00 +0000"
NIGHT = "Fri, 20 Nov 2026 22:00:00 +0000"
ARRIVED = datetime(2026, 11, 20, 23, tzinfo=UTC)
RULES = rules_of(
    {
        "staff": ["@dance.example.org"],
        "personal": ["jo.other@example.com"],
        "archive": ["seen@example.net"],
    }
)
JO, ANA, MAYA = "jo@dance.example.org", "ana@club.example.org", "maya@example.org"


class Office:
    """A mailbox, and a register that knows whose some of the addresses are."""

    def __init__(self, desk) -> None:
        self.desk, self.store = desk, desk.store
        self.box = desk.source("Office mail", connector="email")
        self.count = 0
        self.jo = self.registered("Jo", "Dagger", JO, use=HandleUse.BUSINESS, role="staff")
        self.ana = self.registered("Ana", "Reed", ANA, use=HandleUse.BUSINESS, role="volunteer")
        self.maya = self.registered("Maya", "Harbour", MAYA, standing=Standing.CHILD)

    def registered(
        self,
        first,
        last,
        address="",
        *,
        use=HandleUse.PERSONAL,
        role="member",
        standing=Standing.ADULT,
    ) -> int:
        with self.store.write() as session:
            row = RegisterPerson(
                first_name=first,
                surname=last,
                standing=standing,
                roles=[str(RegisterRole(role))],
                created_at=now(),
                updated_at=now(),
            )
            session.add(row)
            session.flush()
            if address:
                session.add(
                    RegisterHandle(
                        person_id=row.id,
                        connector="email",
                        handle=address,
                        handle_key=handle_key(address),
                        use=use,
                        added_at=now(),
                    )
                )
            session.commit()
            return row.id

    def consents(self) -> None:
        with self.store.write() as session:
            session.add(
                Consent(
                    person_id=self.maya,
                    item=ConsentItem.DIRECT_CONTACT,
                    given=True,
                    given_by="Pat Harbour",
                    authority=Authority.PARENT,
                    from_day=date(2026, 1, 1),
                    recorded_at=now(),
                )
            )
            session.commit()

    def mail(self, sender, to, cc="", *, date=NOON, number="", answers="", source=None) -> int:
        """A mail is collected; the number of its post."""
        self.count += 1
        made = EmailMessage()
        made["From"], made["To"], made["Date"] = sender, to, date
        made["Message-ID"] = f"<{number or self.count}@example.org>"
        if cc:
            made["Cc"] = cc
        if answers:
            made["In-Reply-To"] = made["References"] = f"<{answers}@example.org>"
        made.set_content("The costumes are here.")
        found = post(letter_of_bytes(made.as_bytes()), RULES, ARRIVED)
        with self.store.write() as session:
            box = session.get_one(Source, source or self.box)
            store_posts(session, box, [found], [], now)
            session.commit()
            return session.scalars(select(func.max(Post.id))).one()

    def look(self) -> int:
        return log_from_mail(self.store, OURS)

    def seen(self, viewer) -> tuple[ContactLine, ...]:
        with self.store.read() as session:
            return contacts(session, viewer)

    def addresses(self) -> int:
        with self.store.read() as session:
            return session.scalar(select(func.count()).select_from(Addressee)) or 0


@pytest.fixture
def office(desk) -> Office:
    """On both databases."""
    return Office(desk)


@pytest.fixture
def small_office(small_desk) -> Office:
    """On SQLite alone."""
    return Office(small_desk)


def test_a_mail_to_a_child_is_one_contact_that_its_sender_sees_nothing_of(office) -> None:
    lena, lou = office.desk.people["Lena"], office.desk.person("Lou", Role.LEAD)
    with office.store.write() as session:
        session.get_one(RegisterPerson, office.jo).account_id = lena.user_id
        session.commit()
    number = office.mail(f"Jo <{JO}>", f"{MAYA}, pat@example.net", date=NIGHT, number="one")
    assert office.look() == 1
    assert office.look() == 0
    files = office.desk.source("Saved mails", connector="mail_files")
    office.mail(f"Jo <{JO}>", f"{MAYA}, pat@example.net", date=NIGHT, number="one", source=files)
    assert office.look() == 0  # the same mail from another place
    (line,) = office.seen(lou)
    assert (line.staff, line.child, line.channel) == ("Jo Dagger", "Maya H.", "e-mail")
    assert (line.started_by, line.copied, line.post_id) == (STAFF, 0, number)
    assert line.faults == (Fault.NO_CONSENT, Fault.OUT_OF_HOURS, Fault.NOBODY_COPIED)
    for name in ("Lena", "Mona", "Max"):
        assert office.seen(office.desk.people[name]) == ()
    with office.store.read() as session:
        (task,) = tasks.open_tasks(session, lou)
        assert task.kind == TaskKind.CONTACT_FAULT
        assert tasks.open_tasks(session, lena) == ()
        mine = {line.subject for line in audit.lines(session, lena).lines}
        assert not mine & {f"task:{task.id}", f"contact:{line.id}"}
        assert {f"contact:{line.id}"} <= {one.subject for one in audit.lines(session, lou).lines}
    assert subject_access.export(office.store, lena, office.maya).contacts == ()


def test_a_mail_that_keeps_to_the_rules_is_logged_and_nobody_is_asked(office) -> None:
    lena = office.desk.people["Lena"]
    office.consents()
    office.mail(f"Jo <{JO}>", MAYA, ANA)
    office.mail(f"Jo <{JO}>", f"seen@example.net, {MAYA}")
    assert office.look() == 2
    assert [(line.faults, line.copied) for line in office.seen(lena)] == [((), 1), ((), 1)]
    with office.store.read() as session:
        assert tasks.open_tasks(session, lena) == ()


@pytest.mark.parametrize(
    ("sender", "fault"),
    [
        (f"Jo Dagger <{JO}>", None),
        ("Jo Dagger <jo.own@example.com>", Fault.PERSONAL_ADDRESS),
        ("Jo Dagger <jo.other@example.com>", Fault.PERSONAL_ADDRESS),
        ("Jo Dagger <jo.new@dance.example.org>", None),
        ("Jo Dagger <anybody@example.com>", Fault.UNKNOWN_ADDRESS),
    ],
)
def test_which_address_it_came_from(small_office, sender: str, fault: Fault | None) -> None:
    office = small_office
    office.consents()
    with office.store.write() as session:
        address = "jo.own@example.com"
        row = RegisterHandle(
            person_id=office.jo, connector="", handle=address, handle_key=address, added_at=now()
        )
        session.add(row)
        session.commit()
    office.mail(sender, MAYA, ANA)
    assert office.look() == 1
    assert office.seen(office.desk.people["Lena"])[0].faults == (() if fault is None else (fault,))


@pytest.mark.parametrize(
    ("sender", "to", "cc"),
    [
        (MAYA, JO, ""),
        (f"Jo <{JO}>", "pat@example.net", MAYA.replace("maya", "other")),
        ("Jo Harbour <pat@example.net>", MAYA, ""),
        (f"Jo <{JO}>", ANA, ""),
        ("", MAYA, ""),
    ],
)
def test_what_is_no_contact_of_staff_with_a_child(small_office, sender, to, cc) -> None:
    small_office.mail(sender, to, cc)
    assert small_office.look() == 0


def test_the_copy_counts_for_others_on_staff_alone(small_office) -> None:
    office = small_office
    with office.store.write() as session:
        key = "jo.own@example.com"
        row = RegisterHandle(
            person_id=office.jo, connector="", handle=key, handle_key=key, added_at=now()
        )
        session.add(row)
        session.commit()
    office.mail(f"Jo <{JO}>", MAYA, f"{JO}, jo.own@example.com, pat@example.net")
    office.look()
    assert office.seen(office.desk.people["Lena"])[0].copied == 0


def test_an_answer_at_night_to_a_child_who_wrote_first_is_in_order(small_office) -> None:
    office = small_office
    office.consents()
    office.mail(MAYA, JO, ANA, date=NOON, number="asks")
    office.mail(f"Jo <{JO}>", MAYA, ANA, date=NIGHT, number="says", answers="asks")
    assert office.look() == 1
    (line,) = office.seen(office.desk.people["Lena"])
    assert (line.started_by, line.faults) == (CHILD, ())


def test_an_address_that_comes_onto_the_register_later_is_met_then(small_office) -> None:
    office, lena = small_office, small_office.desk.people["Lena"]
    office.mail(f"Jo <{JO}>", "m.h@example.org", ANA)
    assert office.look() == 0
    register_ties.add_handle(
        office.store, lena, office.maya, connector="", handle="M.H@example.org"
    )
    assert office.look() == 1
    assert office.look() == 0


def test_a_register_that_is_changing_makes_no_circle_of_the_batches(small_office) -> None:
    """What changed within the last minute makes every mail due again: at the next look."""
    for number in ("one", "two", "three"):
        small_office.mail(f"Jo <{JO}>", MAYA, number=number)
    looks = iter(range(60))

    def clock() -> datetime:
        if next(looks, None) is None:
            raise AssertionError("the same mails were looked at again and again")
        return now()

    with small_office.store.write() as session:
        session.get_one(RegisterPerson, small_office.maya).updated_at = now()
        session.commit()
    assert log_from_mail(small_office.store, OURS, clock, at_once=1) == 3


def test_addresses_are_kept_for_a_short_time_only(office) -> None:
    lena, month = office.desk.people["Lena"], timedelta(days=31)
    number = office.mail(f"Jo <{JO}>", f"{MAYA}, pat@example.net", ANA)
    office.look()
    assert office.addresses() == 4
    with office.store.read() as session:
        assert addresses_of(session, number) == (MAYA, "pat@example.net", ANA)
    held = subject_access.export(office.store, lena, office.maya)
    assert [row["written by"] for row in held.posts] == [subject_access.SOMEBODY]
    assert forget_addresses(office.store, shipped()) == 0
    assert forget_addresses(office.store, Periods(legal_hold=True), lambda: now() + month) == 0
    assert forget_addresses(office.store, shipped(), lambda: now() + month) == 1
    assert office.addresses() == 0
    with office.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Contact)) == 1
        assert audit.verify(session).broken_at is None
    assert len(subject_access.export(office.store, lena, office.maya).contacts) == 1


def test_an_open_case_keeps_them_and_dropped_words_take_them_along(small_office) -> None:
    office, lena, month = small_office, small_office.desk.people["Lena"], timedelta(days=31)
    item = office.desk.item("Help me please", Category.DISCLOSURE)
    quiet = office.desk.post("Nothing at all")
    office.desk.file(quiet)
    with office.store.write() as session:
        ours = session.get_one(Post, office.desk.row(item).post_id)
        for row in (ours, session.get_one(Post, quiet)):
            session.add(Addressee(post_id=row.id, place="to", address=MAYA))
        session.commit()
    drop_due(office.store, shipped(), lambda: now() + month)
    assert office.addresses() == 1
    assert forget_addresses(office.store, shipped(), lambda: now() + month) == 0
    number = cases.cases(office.store, lena)[0].id
    post_facts = cases.open_case(office.store, lena, number).post
    assert post_facts is not None and post_facts.sent_to == (MAYA,)
    erasure.erase_person(office.store, lena, office.desk.people["Adam"].user_id, office.maya)
    assert office.addresses() == 0
