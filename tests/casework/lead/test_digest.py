"""The weekly digest: numbers, never words or names; once per week, person and role."""

import os
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from casework import cases, digest, guard, people
from casework.digest_text import blurred
from casework.mail import Message
from models.errors import MendInput, NotYours, Refused, RetryLater
from models.tables import Audit, Decision, Digest, Item, Post, Revision
from models.vocabulary import DecisionKind, Level, Organisation, ReferralBody, Role, Route

WEEK = "2026-W46"
URL = "http://127.0.0.1:8765/sign-in"


def _send(club, mailer):
    return digest.send_week(club.store, WEEK, mailer, club.organisation, URL, club.clock)


def _preview(club, role: Role, week: str = "2026-W47") -> str:
    message = digest.preview(
        club.store, None, role, club.organisation, URL, week=week, clock=club.clock
    )
    return message.text


def _decide(club, item_id: int, by, kind: DecisionKind, title: str = "Threat") -> None:
    with club.store.write() as session:
        item = session.get_one(Item, item_id)
        text_hash = session.get_one(Revision, item.revision_id).text_hash
        session.add(
            Decision(
                item_id=item_id,
                revision_id=item.revision_id,
                text_hash=text_hash,
                kind=kind,
                reason_code="x",
                reason_title=title,
                clause="C1",
                words="",
                by=by.user_id,
                at=club.clock(),
                policy_version="p",
            )
        )
        session.commit()


def test_it_is_received_by_a_real_server(club, post_office) -> None:
    club.person("mo", Role.MONITOR)
    club.person("tess", Role.TRUSTEE, Role.LEAD)
    club.item("some words that must not travel", author="Maya Harbour")
    assert _send(club, post_office.mailer()).sent == 3
    assert sorted(post_office.box.recipients) == [["mo@example.org"]] + [["tess@example.org"]] * 2
    for mail in post_office.box.mails:
        assert mail["Subject"] == "Weekly moderation summary, week 46"
        plain, rich = (part.get_content() for part in mail.iter_parts())
        for body in (plain, rich):
            assert "must not travel" not in body and "Maya" not in body
            assert "<img" not in body and "src=" not in body
        assert rich.count("href=") == 1 and URL in rich
    assert club.digests() == {"monitor": "sent", "lead": "sent", "trustee": "sent"}


def test_once_per_week_person_and_role(club, post_office) -> None:
    club.person("mo", Role.MONITOR)
    assert _send(club, post_office.mailer()).sent == 1
    assert _send(club, post_office.mailer()).sent == 0
    club.person("lena", Role.LEAD)
    assert _send(club, post_office.mailer()).sent == 1
    with ThreadPoolExecutor(4) as pool:
        club.person("lou", Role.LEAD)
        list(pool.map(lambda _: _send(club, post_office.mailer()), range(4)))
    assert len(post_office.box.mails) == 3
    assert len({mail["Message-ID"] for mail in post_office.box.mails}) == 3


def test_a_worker_killed_after_the_server_took_it_does_not_send_twice(
    club, post_office, database_url
) -> None:
    club.person("mo", Role.MONITOR)
    program = textwrap.dedent("""
        import sys
        from casework import digest
        from casework.mail import Mailer
        from models.unit_of_work import Store
        from models.vocabulary import Organisation
        mailer = Mailer("127.0.0.1", int(sys.argv[2]), "d@example.org", security="none")
        digest.send_week(Store(sys.argv[1]), sys.argv[3], mailer, Organisation(name=""), "")
    """)
    worker = subprocess.Popen(
        [sys.executable, "-c", program, database_url, str(post_office.port), WEEK]
    )
    post_office.box.on_data = lambda: os.kill(worker.pid, signal.SIGKILL)
    assert worker.wait(30) == -signal.SIGKILL
    post_office.box.on_data = lambda: None
    club.clock.at = datetime.now(UTC)
    assert _send(club, post_office.mailer()).sent == 0
    assert club.digests() == {"monitor": "sending"}
    club.clock.pass_time(minutes=16)
    assert _send(club, post_office.mailer()).sent == 0
    assert club.digests() == {"monitor": "unknown"}
    assert len(post_office.box.mails) == 1


def test_a_person_decides_about_one_in_doubt(quick_club, post_office) -> None:
    club = quick_club
    club.person("mo", Role.MONITOR)
    ada = club.person("ada", Role.ADMIN)
    _send(club, None)
    with club.store.write() as session:
        row = session.scalars(select(Digest)).one()
        row.state, row.sending_since = "sending", club.clock() - timedelta(hours=1)
        session.commit()
    _send(club, post_office.mailer())
    with club.store.read() as session:
        (line,) = digest.states(session, ada)
    assert line.state == "unknown" and "may have arrived" in line.problem
    with pytest.raises(NotYours):
        digest.send_again(club.store, club.person("tess", Role.TRUSTEE), line.id)
    digest.send_again(club.store, ada, line.id)
    assert _send(club, post_office.mailer()).sent == 2  # the trustee's own, and this one
    with pytest.raises(Refused):
        digest.send_again(club.store, ada, line.id)


def test_what_cannot_be_sent_now_is_sent_later(quick_club, post_office) -> None:
    club = quick_club
    mo = club.person("mo", Role.MONITOR)
    people.set_email(club.store, None, mo.user_id, "")
    assert _send(club, post_office.mailer()).failed == 1
    people.set_email(club.store, None, mo.user_id, "mo@example.org")
    assert _send(club, None).waiting == 1
    post_office.box.data_answer = "451 busy"
    with pytest.raises(RetryLater):
        _send(club, post_office.mailer())
    assert club.digests() == {"monitor": "wanted"}
    post_office.box.data_answer = "250 taken"
    assert _send(club, post_office.mailer()).sent == 1


def test_a_worker_that_cannot_connect_does_not_undo_what_another_sent(quick_club) -> None:
    club = quick_club
    club.person("mo", Role.MONITOR)
    taken: list[str] = []

    class Quick:
        sender = "chaperone@example.org"

        def send(self, _message, to, *, message_id="", ready=None) -> None:
            assert ready()
            taken.append(to)

    class Slow:
        """Tries in vain to connect while another worker is quicker."""

        sender = "chaperone@example.org"

        def send(self, _message, _to, *, message_id="", ready=None) -> None:
            _send(club, Quick())
            raise RetryLater("Gone.", subject="the mail server", after=timedelta(minutes=1))

    with pytest.raises(RetryLater):
        _send(club, Slow())
    assert club.digests() == {"monitor": "sent"}
    _send(club, Quick())
    assert taken == ["mo@example.org"]


def test_who_lost_the_role_meanwhile_gets_nothing(quick_club, post_office) -> None:
    club = quick_club
    mo = club.person("mo", Role.MONITOR)
    _send(club, None)
    people.set_roles(club.store, None, mo.user_id, [Role.ADMIN])
    assert _send(club, post_office.mailer()).failed == 1
    assert post_office.box.mails == []


def test_the_monitor_does_not_see_what_is_the_leads(quick_club) -> None:
    club = quick_club
    mo = club.person("mo", Role.MONITOR)
    place = club.source("Dance page")
    club.case(source_id=place)
    breach = {"level": Level.L1, "route": Route.MONITOR, "source_id": place}
    waiting = club.item("rude", **breach)
    club.clock.pass_time(hours=5)
    for text in ("a", "b"):
        _decide(club, club.item(text, author="x", **breach), mo, DecisionKind.REMOVE)
    _decide(club, waiting, mo, DecisionKind.ESCALATE, "Told the lead")
    text = _preview(club, Role.MONITOR)
    assert "Waiting for a decision: 3\n" in text  # not the lead's
    assert "Oldest waiting: 5 hours" in text and "Past the time allowed: 1" in text
    assert "Removed: 2" in text and "Escalated to the lead: 1" in text
    assert "Threat: 2" in text and "Told the lead" not in text
    assert "People with two or more posts taken down in four weeks: 1" in text
    assert "Dance page: 4 posts" in text
    assert "case" not in text.casefold()


def test_the_lead_reads_of_cases(quick_club) -> None:
    club = quick_club
    lead = club.person("lena", Role.LEAD)
    one, _two = club.case(), club.case(level=Level.L4, categories=("inappropriate_staff_contact",))
    cases.acknowledge(club.store, lead, one, club.case_row(one).version, club.clock)
    told = cases.NewReferral(ReferralBody.POLICE, "The desk", "telephone", club.clock())
    cases.refer(club.store, lead, one, told, club.clock)
    with club.store.write() as session:
        for line in session.scalars(select(Post)):
            line.first_seen_at = club.clock()
        session.commit()
    club.clock.pass_time(days=3)
    text = _preview(club, Role.LEAD)
    for line in (
        "Cases open: 2",
        "Open, immediate danger: 1",
        "Open, safeguarding: 1",
        "Not acknowledged: 1",
        "Not acknowledged in time: 1",
        "Designated officer to be told: 1",
        "Of these past one working day: 1",
        "Opened: 2",
        "Referred outside: 1",
    ):
        assert f"  {line}\n" in text


def test_trustees_read_few_and_blurred_numbers(quick_club) -> None:
    club = quick_club
    club.case()
    text = _preview(club, Role.TRUSTEE)
    assert "Concerns raised: 1-2" in text
    assert "There is an active safeguarding lead: no" in text
    assert "L3" not in text and "disclosure" not in text
    assert [blurred(count) for count in (0, 1, 2, 3, 1200)] == ["0", "1-2", "1-2", "3", "1,200"]


def test_an_account_that_can_newly_read_posts_shows_to_the_lead(quick_club) -> None:
    club = quick_club
    club.clock.at = datetime.now(UTC)
    mo = club.person("mo", Role.TRUSTEE)
    week = digest.week_of(club.clock() + timedelta(days=7))
    assert "Accounts newly able to read posts, or with a new link: 0" in _preview(
        club, Role.LEAD, week
    )
    people.set_roles(club.store, None, mo.user_id, [Role.TRUSTEE, Role.MONITOR])
    assert "Accounts newly able to read posts, or with a new link: 1" in _preview(
        club, Role.LEAD, week
    )


def test_weeks_and_when_they_are_due() -> None:
    def at(*parts: int) -> datetime:
        return datetime(*parts, tzinfo=UTC)

    assert digest.due_week(at(2026, 11, 23, 7, 29)) == "2026-W46"
    assert digest.due_week(at(2026, 11, 23, 7, 30)) == "2026-W47"
    assert digest.due_week(at(2026, 11, 29, 23, 0)) == "2026-W47"
    assert digest.due_week(at(2026, 6, 1, 6, 30)) == "2026-W22"  # 07:30 in summer time
    assert digest.due_week(at(2026, 6, 1, 6, 29)) == "2026-W21"
    assert digest.due_week(at(2027, 1, 4, 8, 0)) == "2026-W53"
    assert digest.week_of(at(2026, 11, 23, 7, 30)) == "2026-W47"


@pytest.mark.parametrize("week", ["", "47", "2026-W54", "2026-W00", "2026-47", "W47-2026"])
def test_what_is_not_a_week_is_refused(quick_club, week: str) -> None:
    with pytest.raises(MendInput):
        digest.send_week(quick_club.store, week, None, quick_club.organisation, URL)


def test_a_preview_is_for_those_who_hold_the_role(quick_club) -> None:
    club = quick_club
    tess = club.person("tess", Role.TRUSTEE)
    with pytest.raises(NotYours):
        digest.preview(club.store, tess, Role.LEAD, club.organisation)
    with pytest.raises(NotYours):
        digest.preview(club.store, None, Role.ADMIN, club.organisation)
    shown = digest.preview(club.store, tess, Role.TRUSTEE, club.organisation, clock=club.clock)
    assert shown.subject == "Weekly moderation summary, week 46"


# The guard ---------------------------------------------------------------------------------


def _why(club, text: str, recipient: int | None = None, html: str = "") -> str:
    with club.store.read() as session:
        return guard.blocks(
            session,
            Message("Weekly moderation summary, week 47", text, html),
            recipient_id=recipient,
            organisation=club.organisation,
        )


@pytest.mark.parametrize(
    "leak",
    [
        "we saw: he waits behind the hall",
        "HE WAITS, BEHIND... THE!",
        "he waits\nbehind the",
        "he\u200b waits be\u200bhind the",
        "ｈｅ waits behind the",
        "Threat: he waits behind the",
        "he waits behind the hall: 3 posts",
    ],
)
def test_four_words_of_any_post_are_blocked(quick_club, leak: str) -> None:
    quick_club.post("Every Tuesday he waits behind the hall for us")
    assert _why(quick_club, leak) == guard.HOLDS_WORDS
    page = f"<p>{leak.replace(chr(10), '</p><p>')}</p>"
    assert _why(quick_club, "", html=page) == guard.HOLDS_WORDS


def test_three_words_and_earlier_revisions(quick_club) -> None:
    post_id = quick_club.post("he waits behind the hall")
    assert _why(quick_club, "he waits behind every door") == ""
    quick_club.edit(post_id, "nothing")
    assert _why(quick_club, "he waits behind the door") == guard.HOLDS_WORDS


def test_names_are_blocked_but_the_recipients_own(quick_club) -> None:
    club = quick_club
    mo = club.person("mo", Role.MONITOR)
    club.post("hello", author="Maya Harbour")
    assert _why(club, "about MAYA HARBOUR again") == guard.HOLDS_NAME
    assert _why(club, "Dear Mo Example,") == guard.HOLDS_NAME
    assert _why(club, "Dear Mo Example,", mo.user_id) == ""
    assert _why(club, "a maya went to the harbour") == ""


def test_a_post_that_quotes_the_digest_stops_nothing(quick_club, post_office) -> None:
    club = quick_club
    club.person("mo", Role.MONITOR)
    club.post(_preview(club, Role.MONITOR) + _preview(club, Role.LEAD), author="Week")
    club.post("This message holds numbers only. Not yet read by the program: 1", author="Now")
    assert _send(club, post_office.mailer()).sent == 1


def test_a_place_whose_name_gives_somebody_away_loses_its_name(quick_club) -> None:
    club = quick_club
    club.source("Ages four to seven on Tuesdays")
    club.source("Maya Harbour's page")
    club.source("Riverside Dance")
    club.post("she is in ages four to seven, on Tuesdays", author="Maya Harbour")
    club.post("Welcome", author="Riverside Dance")
    text = _preview(club, Role.MONITOR)
    assert "Place 1: 0 posts" in text and "Riverside Dance: 0 posts" in text
    assert "Ages four" not in text and "Harbour" not in text


def test_a_blocked_digest_is_kept_back_and_recorded(quick_club, post_office, monkeypatch) -> None:
    club = quick_club
    ada = club.person("ada", Role.ADMIN, Role.MONITOR)
    club.post("he waits behind the hall")
    leaking = Message("Weekly moderation summary, week 46", "he waits behind the hall")
    monkeypatch.setattr(digest, "build", lambda *_args: leaking)
    assert _send(club, post_office.mailer()).blocked == 1
    assert post_office.box.mails == []
    with club.store.read() as session:
        (line,) = digest.states(session, ada)
        recorded = session.scalars(select(Audit).where(Audit.what == "digest.blocked")).one()
    assert line.state == "blocked" and "four consecutive words" in line.problem
    assert "hall" not in str(recorded.details) and recorded.details["week"] == WEEK
    with pytest.raises(Refused):
        digest.preview(club.store, ada, Role.MONITOR, Organisation(name=""))
