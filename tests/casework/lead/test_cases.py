"""Cases: opened once, read by the lead alone, changed only by adding lines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from casework import audit, cases
from casework.case_opening import SKIPS
from casework.routes import IMMEDIATE_DANGER, report_routes
from models.errors import LookAgain, MendInput, NotYours, Refused
from models.tables import Audit, CaseEntry, Item, SafeguardingCase
from models.vocabulary import CaseState, EntryKind, Level, ReferralBody, Role, Viewer


def _open(club, item_id, **more):
    with club.store.write() as session:
        item = session.get_one(Item, item_id)
        case = cases.open_for_item(
            session,
            item,
            opened_by=None,
            why="Policy.",
            organisation=club.organisation,
            clock=club.clock,
            **more,
        )
        session.commit()
        return case


def _referral(club, body=ReferralBody.CHILDRENS_SOCIAL_CARE):
    return cases.NewReferral(
        body, "The front door desk", "telephone", club.clock(), "CSC 12", "Wait for a call."
    )


def test_a_case_from_opening_to_closing(club) -> None:
    lead = club.person("lena", Role.LEAD)
    case_id = club.case("my Words, exactly  as written :(")
    view = cases.open_case(club.store, lead, case_id)
    assert [(entry.kind, entry.text) for entry in view.entries] == [
        (EntryKind.VERBATIM, "my Words, exactly  as written :(")
    ]
    assert view.line.reference == "2026-0001"
    cases.acknowledge(club.store, lead, case_id, view.version, club.clock)
    cases.add_entry(club.store, lead, case_id, EntryKind.OPINION, "I think it is true.")
    cases.refer(club.store, lead, case_id, _referral(club), club.clock)
    version = club.case_row(case_id).version
    cases.decide_threshold(
        club.store, lead, case_id, version, cases.REFER, "A child may be hurt.", club.clock
    )
    cases.close(club.store, lead, case_id, version + 1, "Handed over.", club.clock)
    view = cases.open_case(club.store, lead, case_id)
    assert view.line.state is CaseState.CLOSED
    assert view.closed_by_name == "Lena Example"
    whats = [line.what for line in cases.chronology(view)]
    assert whats.count("Decision") == 2
    assert whats[0] == "Exact words"
    assert {"Referral", "Opinion", "Action", "Case opened", "Post seen"} <= set(whats)
    with club.store.read() as session:
        assert audit.verify(session).broken_at is None


def test_opening_again_opens_nothing(club) -> None:
    item_id = club.item()
    first, second = _open(club, item_id), _open(club, item_id)
    assert first.id == second.id
    with club.store.read() as session:
        assert session.scalar(select(func.count()).select_from(SafeguardingCase)) == 1
        assert session.scalar(select(func.count()).select_from(CaseEntry)) == 1


def test_references_at_the_same_moment_are_all_different(club) -> None:
    items = [club.item(f"number {n}") for n in range(12)] * 2
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda item_id: _open(club, item_id), items))
    assert len({case.reference for case in opened}) == 12
    assert all(case.reference.startswith("2026-") for case in opened)
    assert len({case.id for case in opened}) == 12


def test_references_count_by_the_year_in_london(quick_club) -> None:
    quick_club.clock.at = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert _open(quick_club, quick_club.item()).reference == "2026-0001"
    quick_club.clock.at = datetime(2027, 1, 1, 0, 30, tzinfo=UTC)
    assert _open(quick_club, quick_club.item()).reference == "2027-0001"


def test_references_go_on_past_9999(quick_club) -> None:
    case = _open(quick_club, quick_club.item())
    for last in ("2026-9999", "2026-10000"):
        with quick_club.store.write() as session:
            row = update(SafeguardingCase).where(SafeguardingCase.id == case.id)
            session.execute(row.values(reference=last))
            session.commit()
        case = _open(quick_club, quick_club.item())
        after = int(case.reference.removeprefix("2026-")) - int(last.removeprefix("2026-"))
        assert 1 <= after <= SKIPS  # numbers are left out at random


def test_edited_words_are_added_and_open_a_closed_case_again(club) -> None:
    lead = club.person("lena", Role.LEAD)
    item_id = club.item("the first words")
    case = _open(club, item_id)
    with club.store.write() as session:
        row = session.get_one(SafeguardingCase, case.id)
        row.state, row.close_reason = CaseState.CLOSED, "Done."
        session.commit()
    with club.store.read() as session:
        post_id = session.get_one(Item, item_id).post_id
    club.edit(post_id, "quite different words")
    _open(club, item_id)
    view = cases.open_case(club.store, lead, case.id)
    assert view.line.state is CaseState.OPEN
    words = [entry.text for entry in view.entries if entry.kind is EntryKind.VERBATIM]
    assert words == ["the first words", "quite different words"]


def test_a_worse_level_has_to_be_acknowledged_again(quick_club) -> None:
    club = quick_club
    lead = club.person("lena", Role.LEAD)
    item_id = club.item()
    case = _open(club, item_id)
    cases.acknowledge(club.store, lead, case.id, case.version, club.clock)
    _open(club, item_id, level=Level.L4, immediate_danger=True)
    row = club.case_row(case.id)
    assert (row.state, row.level, row.immediate_danger) == (CaseState.OPEN, Level.L4, True)
    assert row.due_at == club.clock()
    _open(club, item_id, level=Level.L2)
    assert club.case_row(case.id).level is Level.L4


@pytest.mark.parametrize("role", [Role.MONITOR, Role.TRUSTEE, Role.ADMIN])
def test_for_everybody_else_a_case_is_as_absent_as_a_missing_one(quick_club, role) -> None:
    club = quick_club
    other = club.person("olly", role)
    case_id = club.case()
    said = []
    for number in (case_id, 999_999):
        with pytest.raises(NotYours) as refused:
            cases.open_case(club.store, other, number)
        said.append((refused.value.what, refused.value.cure))
        for act in (
            lambda n=number: cases.acknowledge(club.store, other, n, 1),
            lambda n=number: cases.add_entry(club.store, other, n, EntryKind.ACCOUNT, "x"),
            lambda n=number: cases.refer(club.store, other, n, _referral(club)),
            lambda n=number: cases.decide_threshold(club.store, other, n, 1, "refer", "x"),
            lambda n=number: cases.mark_about_staff(club.store, other, n, 1, True, "x"),
            lambda n=number: cases.close(club.store, other, n, 1, "x"),
            lambda n=number: cases.reopen(club.store, other, n, 1, "x"),
        ):
            with pytest.raises(NotYours):
                act()
    assert said[0] == said[1]
    with pytest.raises(NotYours):
        cases.cases(club.store, other)


def test_every_view_is_recorded(quick_club) -> None:
    club = quick_club
    lead = club.person("lena", Role.LEAD)
    case_id = club.case("words of a child")
    cases.cases(club.store, lead)
    cases.open_case(club.store, lead, case_id)
    with club.store.read() as session:
        lines = session.scalars(select(Audit).where(Audit.actor_id == lead.user_id)).all()
        everything = str([line.details for line in session.scalars(select(Audit))])
    assert [(line.what, line.subject) for line in lines] == [
        ("case.listed", "case:all"),
        ("case.viewed", f"case:{case_id}"),
    ]
    assert "child" not in everything


def test_two_leads_at_once_the_second_looks_again(club) -> None:
    one, two = club.person("lena", Role.LEAD), club.person("lou", Role.LEAD)
    case_id = club.case()
    version = cases.open_case(club.store, one, case_id).version
    cases.acknowledge(club.store, one, case_id, version)
    with pytest.raises(LookAgain):
        cases.acknowledge(club.store, two, case_id, version)
    version = club.case_row(case_id).version
    cases.add_entry(club.store, two, case_id, EntryKind.ACCOUNT, "New facts.")
    with pytest.raises(LookAgain):
        cases.decide_threshold(club.store, one, case_id, version, "not_refer", "Nothing in it.")


def test_a_case_does_not_close_before_its_time(quick_club) -> None:
    club = quick_club
    lead = club.person("lena", Role.LEAD)
    case_id = club.case()

    def version() -> int:
        return club.case_row(case_id).version

    with pytest.raises(Refused, match="acknowledged"):
        cases.close(club.store, lead, case_id, version(), "Done.")
    with pytest.raises(Refused, match="acknowledged"):
        cases.decide_threshold(club.store, lead, case_id, version(), "refer", "Because.")
    cases.acknowledge(club.store, lead, case_id, version())
    with pytest.raises(Refused, match="decided"):
        cases.close(club.store, lead, case_id, version(), "Done.")
    with pytest.raises(MendInput):
        cases.decide_threshold(club.store, lead, case_id, version(), "not_refer", "  ")
    with pytest.raises(MendInput):
        cases.decide_threshold(club.store, lead, case_id, version(), "perhaps", "Because.")
    cases.decide_threshold(club.store, lead, case_id, version(), "refer", "Because.")
    with pytest.raises(Refused, match="no referral"):
        cases.close(club.store, lead, case_id, version(), "Done.")
    cases.decide_threshold(club.store, lead, case_id, version(), "not_refer", "Advice was no.")
    with pytest.raises(MendInput):
        cases.close(club.store, lead, case_id, version(), "")
    cases.close(club.store, lead, case_id, version(), "Advice was no.")
    with pytest.raises(Refused, match="closed"):
        cases.acknowledge(club.store, lead, case_id, version())
    cases.add_entry(club.store, lead, case_id, EntryKind.ADVICE, "It came later.")
    cases.reopen(club.store, lead, case_id, version(), "New facts.")
    assert club.case_row(case_id).state is CaseState.ACKNOWLEDGED


def test_what_is_said_must_be_said_well(quick_club) -> None:
    club = quick_club
    lead = club.person("lena", Role.LEAD)
    case_id = club.case()
    tomorrow = club.clock() + timedelta(days=1)
    with pytest.raises(MendInput):
        cases.add_entry(club.store, lead, case_id, EntryKind.ACCOUNT, " \n ")
    with pytest.raises(MendInput):
        cases.add_entry(club.store, lead, case_id, EntryKind.ACCOUNT, "x" * 20_001)
    with pytest.raises(MendInput):
        cases.add_entry(
            club.store, lead, case_id, EntryKind.ACCOUNT, "Saw it.", tomorrow, club.clock
        )
    with pytest.raises(Refused):
        cases.add_entry(club.store, lead, case_id, EntryKind.DECISION, "I decide.")
    for wrong in (
        cases.NewReferral(ReferralBody.POLICE, "", "telephone", club.clock()),
        cases.NewReferral(ReferralBody.POLICE, "PC 12", "", club.clock()),
        cases.NewReferral(ReferralBody.POLICE, "PC 12", "telephone", tomorrow),
    ):
        with pytest.raises(MendInput):
            cases.refer(club.store, lead, case_id, wrong, club.clock)


def test_lines_cannot_be_changed_or_taken_away(club) -> None:
    case_id = club.case()
    with club.store.write() as session, pytest.raises(DBAPIError, match="append-only"):
        session.execute(update(CaseEntry).where(CaseEntry.case_id == case_id).values(text="softer"))


def test_four_working_hours_skip_nights_weekends_and_bank_holidays(quick_club) -> None:
    club = quick_club
    club.clock.at = datetime(2026, 12, 24, 16, tzinfo=UTC)  # Thursday before Christmas
    # Friday and the Monday in lieu of Boxing Day are bank holidays in England
    assert club.case_row(club.case()).due_at == datetime(2026, 12, 29, 12, tzinfo=UTC)
    club.clock.at = datetime(2026, 7, 1, 15, tzinfo=UTC)  # 16:00 in London: summer time
    assert club.case_row(club.case()).due_at == datetime(2026, 7, 2, 11, tzinfo=UTC)


def test_the_designated_officer_is_told_within_a_working_day(quick_club) -> None:
    club = quick_club
    lead = club.person("lena", Role.LEAD)
    case_id = club.case(categories=("inappropriate_staff_contact",))
    view = cases.open_case(club.store, lead, case_id, clock=club.clock)
    assert view.line.about_staff
    assert view.line.tell_lado_by == datetime(2026, 11, 18, 10, tzinfo=UTC)
    cases.refer(club.store, lead, case_id, _referral(club, ReferralBody.LADO), club.clock)
    assert cases.open_case(club.store, lead, case_id).line.tell_lado_by is None
    other = club.case()
    assert cases.open_case(club.store, lead, other).line.tell_lado_by is None
    version = club.case_row(other).version
    cases.mark_about_staff(club.store, lead, other, version, True, "He teaches on Mondays.")
    assert cases.open_case(club.store, lead, other).line.tell_lado_by is not None


def test_the_list_puts_danger_first(quick_club) -> None:
    club = quick_club
    lead = club.person("lena", Role.LEAD)
    club.case("a")
    danger = club.case("b", level=Level.L4)
    club.clock.pass_time(hours=30)
    lines = cases.cases(club.store, lead, clock=club.clock)
    assert lines[0].id == danger
    assert all(line.overdue for line in lines)
    assert cases.cases(club.store, lead, closed=True) == ()


def test_the_chronology_names_the_zone(quick_club) -> None:
    club = quick_club
    club.clock.at = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    viewer = Viewer(club.person("lena", Role.LEAD).user_id, "", frozenset({Role.LEAD}))
    view = cases.open_case(club.store, viewer, club.case())
    lines = cases.chronology(view)
    assert [line.local for line in lines if line.what == "Post seen"] == ["1 July 2026, 23:30 BST"]
    assert list(lines) == sorted(lines, key=lambda line: line.at)


def test_numbers_for_danger_and_routes_stand_ready() -> None:
    assert IMMEDIATE_DANGER[0][0] == "999"
    keys = [route.key for route in report_routes("england")]
    assert keys[0] == "danger_now"
    assert "lado" in keys
    assert "lado" not in [route.key for route in report_routes("wales")]
    assert all(route.checked_on and (route.phone or route.where) for route in report_routes())
