"""Zoom: what its settings mean in plain words, and who was not expected."""

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collector.connector import Connector, PlatformAction
from collector.connectors.registry import get
from collector.polling import poll, register_source
from collector.sandbox.loopback import LoopbackServer, Reply, as_json
from collector.sandbox.zoom import TOKEN, ZoomAccount
from models.errors import ChaperoneError, MendSettings, NeedsOperator, Refused, RetryLater
from models.tables import MemberRow, Source
from models.unit_of_work import Store
from models.vocabulary import Audience, Presence, Verb

SECRET = "clientsecretthatmustnotbeseen"
UUID = "/abc+def//g=="
SAFE = {
    "schedule_meeting": {
        "join_before_host": False,
        "require_password_for_scheduling_new_meetings": True,
        "require_password_for_pmi_meetings": "all",
        "use_pmi_for_scheduled_meetings": False,
    },
    "in_meeting": {"waiting_room": True, "private_chat": False, "who_can_share_screen": "host"},
    "recording": {"local_recording": False, "cloud_recording": False, "auto_recording": "none"},
}
OPEN = {
    "schedule_meeting": {"require_password_for_scheduling_new_meetings": False},
    "in_meeting": {"waiting_room": False, "who_can_share_screen": "all"},
    "recording": {"cloud_recording": True},
}


@pytest.fixture
def account() -> ZoomAccount:
    made = ZoomAccount()
    for number in range(5):
        made.users.append({"id": f"u{number}", "email": f"{number}@example.org"})
        made.settings[f"u{number}"] = SAFE
    made.meetings["81234567890"] = {
        "id": 81234567890,
        "host_id": "u0",
        "topic": "Tap, Tuesday",
        "type": 2,
        "password": "x",
        "settings": {"waiting_room": True, "approval_type": 2},
    }
    made.sessions["81234567890"] = [UUID]
    rows = ["Amy Pond", "amy  pond", "Somebody Else", "Somebody Else"]
    made.people[UUID] = [{"name": one, "join_time": "2026-01-15T10:30:00Z"} for one in rows]
    made.people[UUID].append({"name": "Not let in", "status": "in_waiting_room"})
    return made


@pytest.fixture
def url(account: ZoomAccount) -> Iterator[str]:
    with LoopbackServer(account.answer) as server:
        yield server.url


def connector(url: str, **more: str) -> Any:
    options = {"account_id": "A", "client_id": "C", "base_url": url, "token_url": url, **more}
    return get("zoom").connect(options, lambda _: SECRET)


def notes(url: str) -> str:
    *_, last = connector(url).fetch(None)
    return "\n".join(last.notes)


def test_a_safe_account_is_said_to_be_so(url: str) -> None:
    said = notes(url)
    assert "5 accounts and 1 scheduled meetings were looked at." in said
    assert "Nothing was found" in said


def test_what_the_policies_forbid_is_said_in_plain_words(account: ZoomAccount, url: str) -> None:
    account.settings["u1"] = account.settings["u4"] = OPEN
    meeting = account.meetings["81234567890"]
    meeting.update(password="", type=8, settings={"waiting_room": False, "approval_type": 2})
    said = notes(url)
    assert (
        "New meetings need no passcode (C66). So for 2 of 5 accounts: "
        "1@example.org, 4@example.org." in said
    )
    for words in ("waiting room", "share their screen", "Recording is allowed (C67)"):
        assert words in said
    assert "Uses the same link each time (C66). So for 1 of 1 meetings: Tap, Tuesday." in said


def test_one_flag_alone_alarms_nobody(account: ZoomAccount, url: str) -> None:
    schedule = {**SAFE["schedule_meeting"], "meeting_authentication": True}
    inside = {**SAFE["in_meeting"], "waiting_room": False}
    account.settings["u0"] = {**SAFE, "schedule_meeting": schedule, "in_meeting": inside}
    assert "waiting room" not in notes(url)
    account.settings["u0"] = {"in_meeting": None}
    assert "did not tell all settings of 1 accounts" in notes(url)


def test_who_was_not_expected_is_a_post_once(url: str, tmp_path: Path) -> None:
    people = tmp_path / "expected.csv"
    people.write_text("name\nAMY POND\n")
    zoom = connector(url, expected_file=str(people))
    *batches, last = zoom.fetch(None)
    (post,) = [one for batch in batches for one in batch.posts]
    assert post.author_name == "Somebody Else" and "not on the expected list" in post.text
    earlier = json.dumps({**json.loads(last.cursor), "at": "2026-01-16T00:00:00+00:00"})
    assert not any(batch.posts for batch in zoom.fetch(earlier))
    people.write_text("who\n")
    with pytest.raises(NeedsOperator):
        list(zoom.fetch(None))


def test_who_took_part_is_a_member_without_any_list(
    account: ZoomAccount, url: str, sqlite_store: Store
) -> None:
    account.people[UUID][0]["user_email"] = "Amy@Example.org"
    source = _kept(sqlite_store, url)
    assert _members(sqlite_store) == {
        "amy@example.org": ("Amy Pond", "took part", False),
        "amy pond": ("amy pond", "took part", False),
        "somebody else": ("Somebody Else", "took part", False),
    }
    _again(sqlite_store, source)
    poll(sqlite_store, source, connector(url))
    assert len(_members(sqlite_store)) == 3


def test_who_asks_who_may_and_who_was_refused(
    account: ZoomAccount, url: str, sqlite_store: Store
) -> None:
    account.meetings["81234567890"]["settings"]["approval_type"] = 1
    row = {"email": "cat@example.org", "first_name": "Cat", "create_time": "2026-01-10T09:00:00Z"}
    account.registrants["81234567890"] = [{**row, "status": "pending"}]
    source = _kept(sqlite_store, url)
    assert _members(sqlite_store)["cat@example.org"] == ("Cat", "asks", False)
    with sqlite_store.read() as session:
        cat = session.query(MemberRow).filter_by(handle="cat@example.org").one()
        assert cat.since == datetime(2026, 1, 10, 9, tzinfo=UTC)
    for status, wanted in (("approved", "registered"), ("denied", "registered")):
        account.registrants["81234567890"][0]["status"] = status
        _again(sqlite_store, source)
        poll(sqlite_store, source, connector(url))
        found = _members(sqlite_store)["cat@example.org"]
        assert found == ("Cat", wanted, status == "denied")


def test_a_right_that_only_registrants_need_stops_nothing_else(
    account: ZoomAccount, url: str, sqlite_store: Store
) -> None:
    account.meetings["81234567890"]["settings"]["approval_type"] = 0
    account.scoped = False
    _kept(sqlite_store, url)
    assert len(_members(sqlite_store)) == 2
    with sqlite_store.read() as session:
        said = " ".join(session.query(Source).one().notes)
    assert "meeting:read:list_registrants:admin" in said


def test_a_list_that_is_kept_later_is_compared_with_earlier_sessions(
    url: str, tmp_path: Path
) -> None:
    *_, last = connector(url).fetch(None)
    earlier = json.dumps({**json.loads(last.cursor), "at": "2026-01-16T00:00:00+00:00"})
    (tmp_path / "e.csv").write_text("name\nAmy Pond\n")
    batches = list(connector(url, expected_file=str(tmp_path / "e.csv")).fetch(earlier))
    assert [one.author_name for batch in batches for one in batch.posts] == ["Somebody Else"]


def _kept(store: Store, url: str) -> int:
    with store.write() as session:
        made = register_source(
            session, name="z", connector="zoom", label="z", audience=Audience.MIXED
        )
        session.commit()
    poll(store, made.id, connector(url))
    return made.id


def _again(store: Store, source_id: int) -> None:
    """As if a day had passed."""
    with store.write() as session:
        source = session.get_one(Source, source_id)
        said = json.loads(source.cursor or "")
        source.cursor = json.dumps({**said, "at": "2026-01-16T00:00:00+00:00"})
        session.commit()


def _members(store: Store) -> dict[str, tuple[str, str, bool]]:
    """Handle to (name, role, whether they left)."""
    with store.read() as session:
        rows = session.query(MemberRow).all()
        return {one.handle: (one.display_name, one.role, one.left_at is not None) for one in rows}


def test_it_is_looked_at_once_a_day(account: ZoomAccount, url: str) -> None:
    *_, last = connector(url).fetch(None)
    account.broken = as_json({"code": 500}, 503)
    (again,) = connector(url).fetch(last.cursor)
    assert (again.notes, again.cursor) == (last.notes, last.cursor)


def test_a_free_account_is_told_what_a_person_does(
    account: ZoomAccount, url: str, tmp_path: Path
) -> None:
    (tmp_path / "e.csv").write_text("name\nAmy\n")
    account.paid = False
    *_, last = connector(url, expected_file=str(tmp_path / "e.csv")).fetch(None)
    assert any("keep a list by hand" in one for one in last.notes)


SCOPES = "Invalid access token, does not contain scopes:[user:read:settings:admin]."
HOSTILE = {
    "not json": Reply(200, b"<html>"),
    "a list": as_json([1]),
    "null": as_json({"users": None}),
    "rows of another kind": as_json({"users": [7]}),
    "ten megabytes": Reply(200, b'{"users":["' + b"x" * 10_000_000 + b'"]}'),
    "bad utf-8": Reply(200, b'{"users":[{"email":"caf\xe9"}]}'),
    "endless": as_json({"users": [], "next_page_token": "same"}),
    "out of order": as_json({"code": 500}, 503),
    "forbidden": as_json({"code": 7, "message": SECRET}, 403),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_answers_are_clear_errors(
    account: ZoomAccount, url: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    account.broken = HOSTILE[name]
    with pytest.raises(ChaperoneError) as told:
        list(connector(url).fetch(None))
    assert told.value.what and told.value.cure
    said = "".join(traceback.format_exception(told.value)) + caplog.text
    assert SECRET not in said and TOKEN not in said


def test_errors_by_their_remedy(account: ZoomAccount, url: str) -> None:
    account.broken = as_json({"code": 4711, "message": SCOPES}, 400)
    with pytest.raises(NeedsOperator, match="user:read:settings:admin"):
        list(connector(url).fetch(None))
    account.broken = as_json({"code": 429}, 429, Retry_After="2999-01-01T00:00:00Z")
    with pytest.raises(RetryLater) as later:
        list(connector(url).fetch(None))
    assert later.value.after == timedelta(days=1)
    account.broken = as_json({"code": 429}, 429, Retry_After="40")
    with pytest.raises(RetryLater) as later:
        list(connector(url).fetch(None))
    assert later.value.after == timedelta(seconds=40)
    account.token_refusal = as_json({"reason": "Invalid", "error": "invalid_client"}, 400)
    with pytest.raises(NeedsOperator, match="credentials"):
        list(connector(url).fetch(None))
    with pytest.raises(RetryLater):
        list(connector("http://127.0.0.1:9").fetch(None))
    with pytest.raises(MendSettings):
        connector("http://zoom.example.org")


def test_only_people_act(url: str) -> None:
    zoom = connector(url)
    assert isinstance(zoom, Connector) and zoom.capabilities == get("zoom").capabilities
    for verb in Verb:
        assert zoom.by_hand(verb)
        with pytest.raises(Refused):
            zoom.act(PlatformAction("k", verb, "x"))
    assert zoom.look_up(["x"])["x"].presence is Presence.UNKNOWN
