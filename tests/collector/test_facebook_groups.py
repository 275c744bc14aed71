"""A Facebook group by its notices: what is read of them, and what a deleted notice says."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from collector.connector import Connector, ListsMembers, PlatformAction
from collector.connectors.facebook_groups import post_of
from collector.connectors.mail_letter import letter_of_bytes
from collector.connectors.mail_rules import MailRules
from collector.connectors.registry import get
from collector.sandbox.imap import ImapServer, Mailbox
from models.errors import MendSettings, NeedsOperator, Refused
from models.vocabulary import Capability, PostKind, Presence, Verb

ARRIVED = datetime(2026, 11, 20, 12, tzinfo=UTC)
LINK = "https://www.facebook.com/n/?groups%2F77%2Fpermalink%2F123%2F"


def notice(subject: str, text: str, link: str = LINK, number: int = 1) -> bytes:
    head = "From: Tap Parents <n@facebookmail.com>\nDate: Fri, 20 Nov 2026 10:00:00 +0000"
    foot = f"View post\n{link}\n\n========\nThis message was sent to admin@example.org."
    return f"{head}\nMessage-ID: <{number}@x>\nSubject: {subject}\n\n{text}\n\n{foot}\n".encode()


def read(subject: str, text: str, link: str = LINK) -> Any:
    return post_of(letter_of_bytes(notice(subject, text, link)), MailRules(), ARRIVED)


def test_a_post_keeps_its_address_and_loses_the_footer() -> None:
    made = read("Amy Pond posted in Tap Parents", "Is class on tonight?")
    assert (made.text, made.author_name) == ("Is class on tonight?", "Amy Pond")
    assert (made.native_id, made.kind) == ("fbg:77_123", PostKind.POST)
    assert made.permalink == "https://www.facebook.com/groups/77/posts/123/"
    assert "shortened" in made.note


def test_a_comment_never_takes_the_place_of_its_post() -> None:
    with_number = read("Jo commented on a post in Tap Parents", "No", f"{LINK}&comment_id=9")
    assert (with_number.native_id, with_number.parent_id) == ("fbg:77_123_9", "fbg:77_123")
    without = read("Jo commented on a post in Tap Parents", "No")
    assert (without.native_id, without.thread_id) == ("mid:1@x", "fbg:77_123")
    assert without.kind is PostKind.COMMENT


def test_a_layout_that_is_not_known_loses_no_word() -> None:
    made = read("Neues aus der Gruppe", "Kommt ihr heute?")
    assert "Neues aus der Gruppe" in made.text and "Kommt ihr heute?" in made.text
    assert "layout is not known" in made.note
    raw = b"From: amy@example.org\nSubject: Amy posted\n\nI am no notice"
    assert post_of(letter_of_bytes(raw), MailRules(), ARRIVED) is None


def test_saved_notices_and_the_list_of_members(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(notice("Amy Pond posted in Tap Parents", "hello"))
    (tmp_path / "b.eml").write_bytes(b"From: amy@example.org\n\nhello")
    people = tmp_path / "members.csv"
    people.write_text("name,role,since\nAmy Pond,admin,2024-09-01\n\nJo,,\n")
    options = {"path": str(tmp_path), "members_file": str(people)}
    group = get("facebook_groups").connect(options, lambda _: "")
    assert isinstance(group, Connector) and isinstance(group, ListsMembers)
    posts = [one for batch in group.fetch(None) for one in batch.posts]
    assert [one.text for one in posts] == ["hello"]
    found = [(one.handle, one.role, one.since) for one in group.members()]
    assert found == [("amy pond", "admin", datetime(2024, 9, 1, tzinfo=UTC)), ("jo", "", None)]
    for wrong in ("who\nAmy\n", "name,since\nAmy,soon\n", "name,role\n,admin\n", ""):
        people.write_text(wrong)
        with pytest.raises(NeedsOperator):
            list(group.members())


def test_a_deleted_notice_says_nothing_of_its_post() -> None:
    box = Mailbox("group", "app-password")
    with ImapServer(box) as server:
        options = {"host": "127.0.0.1", "port": server.port, "username": "group"}
        group = get("facebook_groups").connect(
            {**options, "security": "none"}, lambda _: "app-password"
        )
        box.folders["INBOX"].add(notice("Amy Pond posted in Tap Parents", "hello"))
        box.folders["INBOX"].add(b"From: amy@example.org\n\nhello")
        first, last = group.fetch(None)
        assert [one.native_id for one in first.posts] == ["fbg:77_123"]
        box.folders["INBOX"].mails.clear()
        assert [batch.gone for batch in group.fetch(last.cursor)] == [()]


def test_only_people_act_and_settings_are_checked(tmp_path: Path) -> None:
    kind = get("facebook_groups")
    group = kind.connect({"path": str(tmp_path)}, lambda _: "")
    assert kind.capabilities == {Capability.POSTS, Capability.MEMBERS} == group.capabilities
    for verb in Verb:
        assert all(step.endswith(".") for step in group.by_hand(verb))
        with pytest.raises(Refused):
            group.act(PlatformAction("k", verb, "fbg:77_123"))
    assert group.look_up(["x"])["x"].presence is Presence.UNKNOWN
    for wrong in ({}, {"path": "x", "host": "y"}, {"host": "y"}):
        with pytest.raises(MendSettings):
            kind.connect(wrong, lambda _: "")
