"""The deny rule: what concerns a person themselves is absent for them, whatever role they hold."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from casework import (
    alerts,
    audit,
    cases,
    digest,
    filing,
    items,
    nobody_left,
    notices,
    posts,
    queue,
    receipts,
    register_account,
    register_ties,
    removals,
    subjects,
    subjects_by_hand,
)
from casework.decisions import decide
from casework.posts import PostState
from casework.queue import Filters
from casework.register_names import handle_key
from models.errors import NotYours, Refused
from models.register_words import LinkKind, RegisterRole, Standing
from models.tables import (
    Alert,
    Audit,
    Item,
    KeptFrom,
    RegisterHandle,
    RegisterLink,
    RegisterPerson,
    SafeguardingCase,
)
from models.vocabulary import (
    Category,
    DecisionKind,
    EntryKind,
    ItemState,
    Organisation,
    Role,
    Route,
    now,
)

STAFF = Category.INAPPROPRIATE_STAFF_CONTACT
OURS = Organisation(name="Riverside", outside_contact="Pat Moor, 01632 960200")


def register(desk, first, surname, *, account=None, handle="", roles=("staff",)) -> int:
    """A registered person; the number."""
    with desk.store.write() as session:
        row = RegisterPerson(
            first_name=first,
            surname=surname,
            standing=Standing.ADULT,
            roles=[str(RegisterRole(role)) for role in roles],
            account_id=None if account is None else account.user_id,
            created_at=now(),
            updated_at=now(),
        )
        session.add(row)
        session.flush()
        if handle:
            session.add(
                RegisterHandle(
                    person_id=row.id,
                    connector="reddit",
                    handle=handle,
                    handle_key=handle_key(handle),
                    added_at=now(),
                )
            )
        session.commit()
        return row.id


def link(desk, one: int, other: int, kind: LinkKind) -> None:
    with desk.store.write() as session:
        session.add(RegisterLink(person_id=one, to_id=other, kind=kind))
        session.commit()


def waiting_ids(desk, viewer) -> list[int]:
    with desk.store.read() as session:
        return [card.item_id for card in queue.page(session, viewer, Filters()).cards]


def case_of(desk, item_id: int) -> int:
    with desk.store.read() as session:
        query = select(SafeguardingCase.id).where(SafeguardingCase.item_id == item_id)
        return session.scalars(query).one()


@pytest.fixture
def club(desk):
    """The lead, Lena Daggerwing, is on the register with a handle; Lou is a second lead."""
    desk.person("Lou", Role.LEAD)
    register(desk, "Lena", "Daggerwing", account=desk.people["Lena"], handle="@Lena.D")
    return desk


def test_a_lead_sees_nothing_of_a_concern_about_what_they_wrote(club) -> None:
    lena, lou = club.people["Lena"], club.people["Lou"]
    item_id = club.item("Hello you, our secret", STAFF, author="lena.d")
    number = case_of(club, item_id)
    assert waiting_ids(club, lou) == [item_id]
    assert waiting_ids(club, lena) == []
    with club.store.read() as session:
        assert queue.counts(session, lena).waiting == 0
        assert queue.counts(session, lou).waiting == 1
        assert [row.state for row in posts.browse(session, lena).posts] == [PostState.CLEAR]
        assert [row.item_id for row in posts.browse(session, lena).posts] == [None]
        assert [row.state for row in posts.browse(session, lou).posts] == [PostState.ESCALATED]
        told = {row.person_id for row in session.scalars(select(Alert))}
        assert told == {lou.user_id}
    assert cases.cases(club.store, lena) == ()
    assert len(cases.cases(club.store, lou)) == 1
    for way in (
        lambda n: cases.open_case(club.store, lena, n),
        lambda n: cases.acknowledge(club.store, lena, n, 1),
        lambda n: cases.add_entry(club.store, lena, n, EntryKind.ACCOUNT, "Not me."),
        lambda n: cases.close(club.store, lena, n, 1, "Nothing."),
    ):
        with pytest.raises(NotYours) as kept:
            way(number)
        with pytest.raises(NotYours) as missing:
            way(987654)
        assert str(kept.value).replace(str(number), "N") == str(missing.value).replace(
            "987654", "N"
        )
    assert cases.open_case(club.store, lou, number).line.about_staff


def test_by_address_it_is_as_if_it_had_never_been(club) -> None:
    lena, lou = club.people["Lena"], club.people["Lou"]
    item_id = club.item("Hello you, our secret", STAFF, author="lena.d")
    choice = club.choice(lou, item_id, DecisionKind.REMOVE, "personal_details")
    done = decide(club.store, lou, choice)
    with club.store.read() as session:
        notice = receipts.action_view(session, lou, done.action_id).notices[0].notice_id
        assert receipts.actions(session, lena) == ()
        with pytest.raises(NotYours):
            receipts.action_view(session, lena, done.action_id)
    for way in (
        lambda: club.open(lena, item_id),
        lambda: items.claim(club.store, lena, item_id),
        lambda: items.release(club.store, lena, item_id),
        lambda: items.ask_help(club.store, lena, item_id, "What is it?"),
        lambda: items.answer_help(club.store, lena, item_id, "Nothing."),
        lambda: decide(club.store, lena, replace(choice, kind=DecisionKind.KEEP)),
        lambda: removals.mark_done_by_hand(club.store, lena, done.action_id),
        lambda: removals.try_again(club.store, lena, done.action_id),
        lambda: notices.mark_told(club.store, lena, notice),
    ):
        with pytest.raises(NotYours):
            way()


@pytest.mark.parametrize(
    "words",
    [
        "Lena Daggerwing keeps messaging me at night",
        "miss lena keeps messaging me at night",
        "Ms Daggerwing's messages are weird",
        "lena told me not to tell my mum",
        "LÉNA DAGGERWING told me not to tell",
        "ask @lena.d what she wrote to me",
    ],
)
def test_who_is_named_in_a_concern_about_staff_does_not_see_it(club, words: str) -> None:
    lena, lou = club.people["Lena"], club.people["Lou"]
    item_id = club.item(words, STAFF, author="somebody")
    assert waiting_ids(club, lou) == [item_id]
    assert waiting_ids(club, lena) == []
    with club.store.read() as session:
        assert posts.browse(session, lena).posts == ()  # the accusation itself is not shown


@pytest.mark.parametrize(
    "words", ["I told Lena that my uncle hits me", "Mr Daggers hits me", "Lenas and Daggerwings"]
)
def test_a_child_who_told_the_lead_is_not_kept_from_her(club, words: str) -> None:
    item_id = club.item(words, Category.DISCLOSURE, author="somebody")
    assert item_id in waiting_ids(club, club.people["Lena"])


def test_the_record_has_no_gap_and_no_line_of_it(club) -> None:
    lena, lou = club.people["Lena"], club.people["Lou"]
    club.item("Darn you are", Category.PROFANITY)
    hidden = club.item("Hello you, our secret", STAFF, author="lena.d")
    club.open(lou, hidden)
    cases.open_case(club.store, lou, case_of(club, hidden))
    cases.cases(club.store, lou)
    with club.store.read() as session:
        seen = audit.lines(session, lena)
        everything = audit.lines(session, lou)
        checked = audit.verify_for(session, lena)
    assert everything.total > seen.total
    assert not {f"item:{hidden}", f"case:{case_of(club, hidden)}"} & {
        line.subject for line in seen.lines
    }
    assert [line.id for line in seen.lines] == list(range(seen.total, 0, -1))
    assert checked.lines == seen.total
    assert checked.broken_at is None
    assert any(line.what == "item.recused" for line in everything.lines)
    assert all("count" not in line.details for line in seen.lines if line.what == "case.listed")


def test_no_number_of_the_digest_counts_it(club) -> None:
    lena, lou = club.people["Lena"], club.people["Lou"]

    def said(viewer) -> str:
        return digest.preview(club.store, viewer, Role.LEAD, OURS).text

    before = said(lena)
    assert said(lou) == before
    club.item("Hello you, our secret", STAFF, author="lena.d")
    assert said(lou) != before
    after = said(lena)  # the post itself came, and is theirs; nothing else moved
    assert [line for line in after.splitlines() if "Adult ballet group" not in line] == [
        line for line in before.splitlines() if "Adult ballet group" not in line
    ]


def test_a_trustee_and_an_administrator_are_kept_out_of_numbers_too(club) -> None:
    tara, adam, lou = (club.people[name] for name in ("Tara", "Adam", "Lou"))
    register(club, "Tara", "Ford", account=tara)
    register(club, "Adam", "Ford", account=adam)
    club.item("Tara Ford and Adam Ford message me", STAFF, author="somebody")
    with club.store.read() as session:
        assert queue.counts(session, tara) == queue.Counts(0, 0, 0, 0, 0, None)
        assert queue.counts(session, lou).waiting == 1
        assert nobody_left.stuck(session, adam, OURS) is None
    text = digest.preview(club.store, tara, Role.TRUSTEE, OURS).text
    everything = digest.preview(club.store, None, Role.TRUSTEE, OURS).text
    assert text != everything


def test_a_reviewer_is_recused_from_what_they_wrote_and_from_their_family(desk) -> None:
    mona, max_, lena = (desk.people[name] for name in ("Mona", "Max", "Lena"))
    mine = register(desk, "Mona", "Ash", account=mona, handle="mona.ash")
    child = register(desk, "Pip", "Ash", roles=("member",))
    sister = register(desk, "Rhona", "Quill", handle="rhona_q", roles=("member",))
    link(desk, mine, child, LinkKind.PARENT)
    link(desk, sister, mine, LinkKind.RELATIVE)
    own = desk.item("Darn you all", Category.PROFANITY, author="mona.ash")
    family = desk.item("Pip Ash is a fool", Category.BULLYING, author="somebody")
    theirs = desk.item("Darn fools you are", Category.PROFANITY, author="rhona_q")
    other = desk.item("Fool you are", Category.BULLYING)
    assert waiting_ids(desk, mona) == [other]
    assert set(waiting_ids(desk, max_)) == {own, family, theirs, other}
    for item_id in (own, family, theirs):
        with pytest.raises(NotYours):
            desk.open(mona, item_id)
        with pytest.raises(NotYours):
            items.claim(desk.store, mona, item_id)
    with desk.store.read() as session:
        lines = session.scalars(select(Audit).where(Audit.what == "item.recused")).all()
        assert {(line.subject, line.details["why"]) for line in lines} == {
            (f"item:{own}", "author"),
            (f"item:{family}", "relative"),
            (f"item:{theirs}", "relative"),
        }
        assert all(line.details["account"] == mona.user_id for line in lines)
        seen = {line.what for line in audit.lines(session, lena).lines}
    assert "item.recused" in seen


def test_somebody_who_reports_what_concerns_them_is_told_no_more(desk) -> None:
    mona = desk.people["Mona"]
    register(desk, "Mona", "Ash", account=mona, handle="mona.ash")
    post_id = desk.post("See you on Monday", author="mona.ash")
    item_id = filing.report_post(desk.store, mona, post_id, "I wrote it by mistake.")
    assert waiting_ids(desk, mona) == []
    assert waiting_ids(desk, desk.people["Max"]) == [item_id]


def test_a_handle_that_is_added_later_hides_what_stands_already(club) -> None:
    mona = club.people["Mona"]
    item_id = club.item("Darn you all", Category.PROFANITY, author="ash.m")
    items.claim(club.store, mona, item_id)
    assert waiting_ids(club, mona) == [item_id]
    with club.store.read() as session:
        before = subjects.fingerprint(session)
    register(club, "Mona", "Ash", account=mona, handle="ash.m")
    with club.store.read() as session:
        assert subjects.fingerprint(session) != before
    assert subjects.match_again(club.store) == 1
    assert subjects.match_again(club.store) == 0
    assert waiting_ids(club, mona) == []
    assert club.row(item_id).claimed_by is None


def test_an_account_that_is_linked_later_is_kept_out_at_once(club) -> None:
    person = register(club, "Lou", "Marsh", handle="lou.marsh")
    item_id = club.item("Hello you, our secret", STAFF, author="lou.marsh")
    lou = club.people["Lou"]
    assert item_id in waiting_ids(club, lou)
    with club.store.write() as session:
        session.get_one(RegisterPerson, person).account_id = lou.user_id
        session.commit()
    assert waiting_ids(club, lou) == []


def test_the_lead_names_the_subject_and_puts_a_mistake_right(club) -> None:
    lena, lou = club.people["Lena"], club.people["Lou"]
    item_id = club.item("A teacher keeps texting me", STAFF, author="somebody")
    number = case_of(club, item_id)
    assert item_id in waiting_ids(club, lena)
    with club.store.read() as session:
        offered = subjects_by_hand.candidates(session, lou, number)
    chosen = next(one for one in offered if one.account_id == lena.user_id)
    version = cases.open_case(club.store, lou, number).version
    subjects_by_hand.name_subject(club.store, lou, number, version, chosen, "The parent said so.")
    assert waiting_ids(club, lena) == []
    with club.store.read() as session:
        assert posts.browse(session, lena).posts == ()
        row = subjects_by_hand.kept_out(session, lou, number)[0]
        assert (row.name, row.why) == ("Lena Daggerwing", subjects.Why.SUBJECT)
        with pytest.raises(NotYours):
            subjects_by_hand.kept_out(session, lena, number)
        with pytest.raises(NotYours):
            subjects_by_hand.candidates(session, lena, number)
    with pytest.raises(NotYours):
        subjects_by_hand.lift(club.store, lena, number, version, row.id, "It is not me.")
    version = cases.open_case(club.store, lou, number).version
    subjects_by_hand.lift(club.store, lou, number, version, row.id, "It is another Lena.")
    assert item_id in waiting_ids(club, lena)


def test_an_alert_that_was_wanted_is_not_sent_to_whom_it_is_about(club) -> None:
    lena, lou = club.people["Lena"], club.people["Lou"]
    item_id = club.item("A teacher keeps texting me", STAFF, author="somebody")
    number = case_of(club, item_id)
    version = cases.open_case(club.store, lou, number).version
    chosen = subjects_by_hand.Somebody("", lena.user_id, None)
    subjects_by_hand.name_subject(club.store, lou, number, version, chosen, "The parent said so.")
    alerts.send_alerts(club.store, None, OURS, "http://127.0.0.1:8765/sign-in")
    with club.store.read() as session:
        states = {row.person_id: row.state for row in session.scalars(select(Alert))}
    assert states[lena.user_id] == alerts.NOT_NEEDED


def test_with_nobody_left_the_outside_contact_is_named_to_the_others(desk) -> None:
    lena, adam, mona = (desk.people[name] for name in ("Lena", "Adam", "Mona"))
    register(desk, "Lena", "Daggerwing", account=lena, handle="lena.d")
    desk.item("Hello you, our secret", STAFF, author="lena.d")
    with desk.store.read() as session:
        stuck = nobody_left.stuck(session, adam, OURS)
        assert stuck is not None
        assert stuck.waiting == 1
        said = " ".join(stuck.said)
        assert "Pat Moor, 01632 960200" in said
        assert "LADO" in said
        assert "999" in said
        assert nobody_left.stuck(session, lena, OURS) is None
        assert nobody_left.stuck(session, mona, OURS) is None
        assert alerts.no_lead_notice(session, OURS, lena.user_id) == ""
        told = {row.person_id for row in session.scalars(select(Alert))}
    assert told == {adam.user_id}
    desk.person("Lou", Role.LEAD)
    with desk.store.read() as session:
        assert nobody_left.stuck(session, adam, OURS) is None


def test_staff_who_groom_make_it_a_concern_about_staff(club) -> None:
    item_id = club.item("You are so mature", Category.GROOMING, author="lena.d")
    with club.store.read() as session:
        row = session.scalars(select(SafeguardingCase)).one()
        item = session.get_one(Item, item_id)
    assert row.about_staff
    assert (item.state, item.route) == (ItemState.ESCALATED, Route.LEAD)


def test_a_row_that_was_ended_is_not_written_again(club) -> None:
    lou = club.people["Lou"]
    item_id = club.item("Lena Daggerwing keeps messaging me", STAFF, author="somebody")
    number = case_of(club, item_id)
    with club.store.read() as session:
        row = session.scalars(select(KeptFrom)).one()
    version = cases.open_case(club.store, lou, number).version
    subjects_by_hand.lift(club.store, lou, number, version, row.id, "A pupil of that name.")
    subjects.match_again(club.store)
    assert item_id in waiting_ids(club, club.people["Lena"])


def test_an_entry_that_is_linked_to_no_account_keeps_matters_from_the_same_name(desk) -> None:
    lou, sam = desk.person("Lou", Role.LEAD), desk.person("Sam Ashdown", Role.LEAD)
    number = register(desk, "Sam", "Ashdown", handle="sam.a")
    item = desk.item("Hello you, our secret", STAFF, author="sam.a")
    with pytest.raises(NotYours):
        desk.open(sam, item)
    desk.open(lou, item)
    register_account.set_account(desk.store, lou, number, sam.user_id)
    with pytest.raises(NotYours):
        desk.open(sam, item)
    for account in (None, lou.user_id):
        with pytest.raises(Refused):  # nobody takes their own link away
            register_account.set_account(desk.store, sam, number, account)
    with pytest.raises(NotYours):
        register_account.set_account(desk.store, desk.people["Mona"], number, None)


def test_what_is_open_is_kept_from_them_as_soon_as_the_register_is_changed(desk) -> None:
    lou, sam = desk.person("Lou", Role.LEAD), desk.person("Sam Ashdown", Role.LEAD)
    number = register(desk, "Samuel", "Dow", roles=("staff",))
    by_handle = desk.item("Hello you, our secret", STAFF, author="quiet.otter")
    by_alias = desk.item("Sammy Dee keeps messaging me", STAFF)
    family = desk.item("Pip Ravenscroft is so mean", Category.BULLYING)
    child = register(desk, "Pip", "Ravenscroft", roles=("member",))
    for item in (by_handle, by_alias, family):
        desk.open(sam, item)
    register_account.set_account(desk.store, lou, number, sam.user_id)
    register_ties.add_handle(desk.store, lou, number, connector="reddit", handle="quiet.otter")
    register_ties.set_aliases(desk.store, lou, number, ["Sammy Dee"])
    register_ties.add_link(desk.store, lou, child, number, LinkKind.PARENT)
    for item in (by_handle, by_alias, family):
        with pytest.raises(NotYours):
            desk.open(sam, item)
