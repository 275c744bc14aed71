"""Urgent alerts: wanted with the case, to every lead, and never silent."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import alerts, cases, people
from models.errors import RetryLater
from models.tables import Alert
from models.vocabulary import Level, Organisation, Role

URL = "http://127.0.0.1:8765/sign-in"


def _states(club) -> list[tuple[int, str]]:
    with club.store.read() as session:
        rows = session.scalars(select(Alert).order_by(Alert.person_id))
        return [(row.person_id, row.state) for row in rows]


def _send(club, mailer):
    return alerts.send_alerts(club.store, mailer, club.organisation, URL, club.clock)


def test_every_lead_gets_one_message_that_tells_nothing(club, post_office) -> None:
    for name in ("lena", "lou"):
        club.person(name, Role.LEAD)
    club.person("mo", Role.MONITOR)
    club.case("my dad hits me at home", author="Maya Harbour")
    assert _send(club, post_office.mailer()).sent == 2
    assert _send(club, post_office.mailer()).sent == 0
    assert sorted(post_office.box.recipients) == [["lena@example.org"], ["lou@example.org"]]
    mail = post_office.box.mails[0]
    text = mail.get_content().replace("\r\n", "\n")
    assert text.startswith("An urgent item needs you. Sign in.\n")
    assert "999" in text and URL in text
    assert not {"Maya", "dad", "disclosure", "2026-"} & set(text.split())


def test_the_alert_is_wanted_in_the_same_commit(club) -> None:
    lead = club.person("lena", Role.LEAD)
    item_id = club.item()
    with club.store.write() as session:
        from models.tables import Item

        item = session.get_one(Item, item_id)
        cases.open_for_item(session, item, opened_by=None, why="Policy.")
        # left without a commit: neither the case nor the alert exists
    assert _states(club) == []
    club.case()
    assert _states(club) == [(lead.user_id, "wanted")]


def test_without_a_lead_administrators_are_told_and_everybody_sees_it(club, post_office) -> None:
    club.person("ada", Role.ADMIN)
    club.case()
    _send(club, post_office.mailer())
    assert post_office.box.recipients == [["ada@example.org"]]
    with club.store.read() as session:
        notice = alerts.no_lead_notice(session, club.organisation)
    assert "no safeguarding lead" in notice
    assert "the chair of trustees" in notice
    lead = club.person("lena", Role.LEAD)
    _send(club, post_office.mailer())
    assert post_office.box.recipients[-1] == ["lena@example.org"]
    with club.store.read() as session:
        assert alerts.no_lead_notice(session, Organisation(name="")) == ""
    people.deactivate(club.store, None, lead.user_id)
    with club.store.read() as session:
        assert alerts.no_lead_notice(session, Organisation(name=""))


def test_what_cannot_be_sent_is_said_and_tried_again(quick_club, post_office) -> None:
    club = quick_club
    club.person("lena", Role.LEAD)
    club.case()
    assert _send(club, None).waiting == 1
    post_office.box.data_answer = "451 busy"
    with pytest.raises(RetryLater):
        _send(club, post_office.mailer())
    with club.store.read() as session:
        assert "does not take" in session.scalars(select(Alert)).one().problem
    post_office.box.data_answer = "250 taken"
    assert _send(club, post_office.mailer()).sent == 1


def test_nobody_acknowledged_in_time_so_they_are_told_once_more(quick_club, post_office) -> None:
    club = quick_club
    lead = club.person("lena", Role.LEAD)
    case_id = club.case()
    _send(club, post_office.mailer())
    assert alerts.remind(club.store, club.clock) == 0
    club.clock.pass_time(days=1)
    assert alerts.remind(club.store, club.clock) == 1
    assert _send(club, post_office.mailer()).sent == 1
    assert alerts.remind(club.store, club.clock) == 0
    cases.acknowledge(club.store, lead, case_id, club.case_row(case_id).version)
    club.clock.at += timedelta(days=3)
    assert alerts.remind(club.store, club.clock) == 0


def test_immediate_danger_is_told_once_more_after_half_an_hour(quick_club, post_office) -> None:
    club = quick_club
    club.person("lena", Role.LEAD)
    club.case(level=Level.L4)
    _send(club, post_office.mailer())
    club.clock.at += timedelta(minutes=20)
    assert alerts.remind(club.store, club.clock) == 0
    club.clock.at += timedelta(minutes=20)
    assert alerts.remind(club.store, club.clock) == 1
    assert _send(club, post_office.mailer()).sent == 1
    club.clock.at += timedelta(days=1)
    assert alerts.remind(club.store, club.clock) == 0


def test_who_lost_the_role_meanwhile_is_not_told_and_who_has_it_again_is(
    quick_club, post_office
) -> None:
    club = quick_club
    lena, _other = club.person("lena", Role.LEAD), club.person("olga", Role.LEAD)
    club.case()
    people.set_roles(club.store, None, lena.user_id, [Role.MONITOR])
    assert _send(club, post_office.mailer()).failed == 1
    assert [one for each in post_office.box.recipients for one in each] == ["olga@example.org"]
    people.set_roles(club.store, None, lena.user_id, [Role.LEAD])
    assert _send(club, post_office.mailer()).sent == 1
    assert post_office.box.recipients[-1] == ["lena@example.org"]


def test_an_address_that_comes_later_is_used(quick_club, post_office) -> None:
    club = quick_club
    lead = club.person("lena", Role.LEAD)
    people.set_email(club.store, None, lead.user_id, "")
    club.case()
    assert _send(club, post_office.mailer()).failed == 1
    people.set_email(club.store, None, lead.user_id, "lena@example.org")
    assert _send(club, post_office.mailer()).sent == 1
