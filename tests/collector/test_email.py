"""Mails: what is read of them, what is only counted, and what their headings show of the rules."""

import time
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.connector import PlatformAction
from collector.connectors.imap_client import Way, opened
from collector.connectors.mail_html import plain
from collector.connectors.mail_letter import letter_of_bytes
from collector.connectors.mail_rules import post, rules_of
from collector.connectors.mail_structure import Unreadable, responses, sections
from collector.connectors.registry import get
from collector.sandbox.imap import ImapServer, Mailbox
from models.errors import MendSettings, NeedsOperator, Refused
from models.vocabulary import AuthorRole, Presence, Verb

ARRIVED = datetime(2026, 11, 20, 12, tzinfo=UTC)
RULES = rules_of(
    {
        "staff": ["@dance.example.org"],
        "children": ["kit@example.org"],
        "personal": ["jo@example.com"],
        "staff_names": ["Jo Example"],
        "archive": ["seen@example.net"],
    }
)


def mail(sender: str, to: str, cc: str = "", text: str = "See you.", **more: str) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Date"] = sender, to, "Fri, 20 Nov 2026 10:00:00 +0100"
    made["Message-ID"] = "<one@example.org>"
    if cc:
        made["Cc"] = cc
    for name, value in more.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()


def facts(*args: str) -> str:
    return post(letter_of_bytes(mail(*args)), RULES, ARRIVED).note


def test_the_copy_in_rule_is_a_fact_on_the_post() -> None:
    alone = facts("Jo <jo@dance.example.org>", "kit@example.org")
    assert alone.startswith("C45: sent by staff to a child")
    assert not facts("jo@dance.example.org", "kit@example.org", "al@dance.example.org")
    assert not facts("jo@dance.example.org", "kit@example.org", "SEEN@example.net")
    assert "C45" in facts("jo@dance.example.org", "kit@example.org", "jo@dance.example.org")
    assert "is not known" in facts("jo@dance.example.org", "somebody@example.org")
    assert not facts("kit@example.org", "jo@dance.example.org")


def test_a_personal_address_is_a_fact_on_the_post() -> None:
    assert facts("J <jo@example.com>", "kit@example.org").startswith("C40")
    assert facts("Jo  EXAMPLE <other@example.net>", "kit@example.org").startswith("C40")
    assert "C40: sent to a private" in facts("kit@example.org", "jo@example.com")
    assert "C40" not in facts("Jo Example <jo@dance.example.org>", "kit@example.org")
    made = post(letter_of_bytes(mail("jo@example.com", "kit@example.org")), RULES, ARRIVED)
    assert made.author_role is AuthorRole.STAFF
    with pytest.raises(MendSettings):
        rules_of({"staff": ["dance.example.org"]})


def test_the_words_come_and_the_attachments_are_counted() -> None:
    made = EmailMessage()
    made["From"], made["Subject"] = '"Zoë" <z@example.org>', "Grüße für alle"
    made["Date"] = "Fri, 20 Nov 2026 10:00:00 +0100"
    made.set_content("plain words café\n")
    made.add_alternative("<p>plain <b>words</b> café</p><script>x()</script>", subtype="html")
    made.add_attachment(b"secret words", maintype="text", subtype="plain", filename="a.txt")
    made.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="b.png")
    found = post(letter_of_bytes(made.as_bytes()), RULES, ARRIVED)
    assert found.text == "Grüße für alle\n\nplain words café"
    assert (found.media_count, found.author_name) == (2, "Zoë")
    assert found.posted_at == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert found.native_id.startswith("raw:")


def test_what_only_the_formatted_version_says_is_not_missed() -> None:
    made = EmailMessage()
    made.set_content("hello")
    made.add_alternative("<div style='display:none'>you are hated</div>", subtype="html")
    assert "you are hated" in letter_of_bytes(made.as_bytes()).text


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("a<br>b<p>c</p>", "a\nb\nc"),
        ("<style>p{}</style>x &amp; y &#x1F600;", "x & y 😀"),
        ('<a href="https://chat.example.org/x">join</a>', "join (https://chat.example.org/x)"),
        ('<a href="javascript:alert(1)">press</a>', "press"),
        ("<script>never closed", ""),
        ("<head><title>t<body>words", "words"),
        ('<img src="https://example.org/t.gif" alt="a cat">', "a cat"),
    ],
)
def test_html_becomes_words(html: str, words: str) -> None:
    assert plain(html) == words


@pytest.mark.parametrize("piece", ["<", "<!--", "<a ", "</", "&#", "<![CDATA[", "<p>", "<head>"])
def test_nasty_html_is_read_in_time(piece: str) -> None:
    began = time.monotonic()
    plain(piece * 60_000)
    assert time.monotonic() - began < 5


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(raw: bytes) -> None:
    head = b"From: a@example.org\nContent-Type: text/html; charset=idna\n"
    for whole in (raw, head + b"\n" + raw, b"Subject: " + raw, b"Content-Type: " + raw):
        made = post(letter_of_bytes(whole), RULES, ARRIVED)
        assert made.native_id and made.posted_at.tzinfo is not None


@pytest.mark.parametrize("date", ["", "nonsense", "Fri, 20 Nov 2999 10:00:00 +0000"])
def test_a_date_that_cannot_be_right_is_said(date: str) -> None:
    raw = b"From: a@example.org\nDate: " + date.encode() + b"\n\nx"
    made = post(letter_of_bytes(raw), RULES, ARRIVED)
    assert made.posted_at == ARRIVED and "arrival" in made.note


def test_structures_of_servers_are_read() -> None:
    raw = (
        b'1 (UID 7 BODYSTRUCTURE ((("TEXT" "PLAIN" ("charset" "utf-8") NIL NIL "7bit" 3 1 NIL NIL '
        b'NIL NIL)("text" "html" NIL NIL NIL "8bit" 3 1 NIL NIL NIL NIL) "alternative" NIL NIL NIL)'
        b'("IMAGE" "PNG" ("name" "a (1).png") NIL NIL "base64" 9 NIL ("attachment" ("filename" {4}',
        b"a)\r\n",
    )
    rest = b')) NIL NIL)("message" "rfc822" NIL NIL NIL "7bit" 9 NIL NIL NIL) "mixed" NIL NIL NIL))'
    (items,) = responses([raw, rest])
    texts, others = sections(items["BODYSTRUCTURE"])
    assert [(one.number, one.kind) for one in texts] == [("1.1", "plain"), ("1.2", "html")]
    assert others == 2
    with pytest.raises(Unreadable):
        sections([b"text"])


@pytest.fixture
def mailbox() -> Any:
    box = Mailbox("watch", "app-password")
    with ImapServer(box) as server:
        yield box, server.port


def connector(number: int, **more: Any) -> Any:
    options = {"host": "127.0.0.1", "port": number, "username": "watch", "security": "none"}
    return get("email").connect({**options, **more}, lambda _: "app-password")


def test_attachments_never_come_over_the_line(mailbox: Any) -> None:
    box, port = mailbox
    made = EmailMessage()
    made["From"], made["Message-ID"] = "a@example.org", "<x@example.org>"
    made.set_content("the words")
    made.add_attachment(b"P" * 3_000_000, maintype="image", subtype="png", filename="b.png")
    box.folders["INBOX"].add(made.as_bytes())
    (first, _) = connector(port).fetch(None)
    assert [(one.text, one.media_count) for one in first.posts] == [("the words", 1)]


def test_a_new_numbering_gives_no_mail_twice_and_loses_no_deletion(mailbox: Any) -> None:
    box, port = mailbox
    folder = box.folders["INBOX"]
    for number in range(3):
        folder.add(f"From: a@example.org\nMessage-ID: <{number}@x>\n\n{number}".encode())
    *_, last = connector(port).fetch(None)
    del folder.mails[0]
    folder.renumber()
    again, end = connector(port).fetch(last.cursor)
    assert [one.native_id for one in again.posts] == ["mid:1@x", "mid:2@x"]
    assert [one.native_id for one in end.gone] == ["mid:0@x"]


def test_a_borrowed_message_id_hides_no_mail(mailbox: Any) -> None:
    box, port = mailbox
    for text in ("unkind", "harmless"):
        box.folders["INBOX"].add(f"From: a@example.org\nMessage-ID: <s@x>\n\n{text}".encode())
    first, _ = connector(port).fetch(None)
    ids = {one.text: one.native_id for one in first.posts}
    assert len(set(ids.values())) == 2
    connector(port).act(PlatformAction("k", Verb.REMOVE, ids["harmless"]))
    assert len(box.folders["INBOX"].mails) == 1
    box.folders["INBOX"].add(b"From: a@example.org\nMessage-ID: <s@x>\n\nthird")
    with pytest.raises(Refused, match="Several mails"):
        connector(port).act(PlatformAction("k", Verb.REMOVE, ids["unkind"]))


def test_a_removed_mail_can_be_moved_back(mailbox: Any) -> None:
    box, port = mailbox
    box.folders["INBOX"].add(b"From: a@example.org\n\nwithout a number")
    (first, _), one = connector(port).fetch(None), connector(port)
    name = first.posts[0].native_id
    one.act(PlatformAction("k", Verb.REMOVE, name))
    assert one.look_up([name])[name].presence is Presence.GONE
    assert len(box.folders["Removed by Chaperone"].mails) == 1
    assert not one.act(PlatformAction("k", Verb.RESTORE, name)).already
    assert one.act(PlatformAction("k", Verb.RESTORE, name)).already
    assert one.look_up([name])[name].presence is Presence.PRESENT


def test_settings_that_cannot_work_are_said(mailbox: Any) -> None:
    _, port = mailbox
    for wrong in ({"security": "no"}, {"folder": "A", "removed_folder": "A"}, {"port": 0}):
        with pytest.raises(MendSettings):
            connector(port, **wrong)
    with pytest.raises(MendSettings, match="unprotected"):
        connector(port, host="imap.example.org")
    with pytest.raises(NeedsOperator, match="folder cannot be opened"):
        list(connector(port, folder="Elsewhere").fetch(None))
    way = Way("127.0.0.1", port, "tls", "watch", lambda _: "x", "mail folder INBOX")
    with pytest.raises(Exception, match="mail folder INBOX"), opened(way, "INBOX"):
        pytest.fail("it speaks no TLS")


def test_saved_mails_are_read_with_the_same_ids(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(mail("a@example.org", "b@example.org", text="one"))
    box = b"From x\nMessage-ID: <1@x>\nFrom: a@example.org\n\n>From the start\n\n"
    (tmp_path / "b.mbox").write_bytes(box + box.replace(b"start", b"end") + box)
    posts = []
    for batch in get("mail_files").connect({"path": str(tmp_path)}, lambda _: "").fetch(None):
        posts += batch.posts
    texts = ["one", "From the start", "From the end", "From the start"]
    assert [one.text for one in posts] == texts
    assert posts[0].native_id == "mid:one@example.org"
    assert posts[1].native_id == posts[3].native_id != posts[2].native_id
