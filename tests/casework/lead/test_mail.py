"""Mail: one recipient, no smuggled headers, and every trouble named by its remedy."""

import socket
import threading

import pytest

from casework.mail import Mailer, MayHaveGone, Message, SentByAnother, address_problem
from models.errors import MendSettings, NeedsOperator, Refused, RetryLater

MESSAGE = Message("Weekly moderation summary, week 47", "Numbers: ½\n.\nafter a dot\n", "<p>½</p>")


def test_a_message_arrives_whole_with_its_own_id(post_office) -> None:
    post_office.mailer().send(MESSAGE, "lena@example.org", message_id="<digest.1@example.org>")
    mail = post_office.box.mails[0]
    assert post_office.box.recipients == [["lena@example.org"]]
    assert (mail["To"], mail["Message-ID"]) == ("lena@example.org", "<digest.1@example.org>")
    assert mail["Cc"] is None and mail["Bcc"] is None
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, rich = mail.iter_parts()
    assert plain.get_content().replace("\r\n", "\n") == MESSAGE.text
    assert rich.get_content_type() == "text/html" and "½" in rich.get_content()


@pytest.mark.parametrize(
    "address",
    [
        "a@example.org, b@example.org",
        "a@example.org;b@example.org",
        "a@example.org b@example.org",
        "a@example.org\r\nRCPT TO:<b@example.org>",
        "a@example.org\nBcc: b@example.org",
        "A <a@example.org>",
        "a@b@example.org",
        "a",
        "",
        "@example.org",
        "é@example.org",
    ],
)
def test_what_is_not_one_plain_address_is_refused(post_office, address: str) -> None:
    assert address_problem(address)
    with pytest.raises(Refused):
        post_office.mailer().send(MESSAGE, address)
    assert post_office.box.mails == []


def test_nothing_is_smuggled_into_the_headers(post_office) -> None:
    for message, message_id in (
        (Message("Hello\r\nBcc: b@example.org", "x"), ""),
        (Message("Hello", "x"), "<a@b>\nX-Other: 1"),
    ):
        with pytest.raises(Refused):
            post_office.mailer().send(message, "a@example.org", message_id=message_id)
    assert post_office.box.mails == []


@pytest.mark.parametrize(
    ("rcpt", "data", "remedy"),
    [
        ("550 no such person", "250 ok", Refused),
        ("450 greylisted", "250 ok", RetryLater),
        ("250 ok", "554 spam spam", Refused),
        ("250 ok", "451 come back", RetryLater),
    ],
)
def test_what_the_server_says_becomes_a_remedy(post_office, rcpt, data, remedy) -> None:
    post_office.box.rcpt_answer, post_office.box.data_answer = rcpt, data
    with pytest.raises(remedy) as raised:
        post_office.mailer().send(MESSAGE, "lena@example.org")
    assert "example.org" not in str(raised.value)
    for answer in ("no such person", "greylisted", "spam", "come back"):
        assert answer not in str(raised.value)


def test_ready_is_asked_when_the_server_has_agreed(post_office) -> None:
    asked: list[int] = []

    def ready() -> bool:
        asked.append(len(post_office.box.mails))
        return False

    with pytest.raises(SentByAnother):
        post_office.mailer().send(MESSAGE, "lena@example.org", ready=ready)
    assert asked == [0] and post_office.box.mails == []
    post_office.box.rcpt_answer = "550 no"
    with pytest.raises(Refused):
        post_office.mailer().send(MESSAGE, "lena@example.org", ready=ready)
    assert asked == [0]


class Rude:
    """A server that speaks a few lines of SMTP and then hangs up."""

    def __init__(self, *answers: bytes) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.answers = answers
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def _serve(self) -> None:
        with self.listening, self.listening.accept()[0] as talk:
            for answer in self.answers:
                talk.sendall(answer)
                if not talk.recv(4096):
                    return


def _rude(*answers: bytes) -> RetryLater | MayHaveGone | NeedsOperator:
    server = Rude(*answers)
    mailer = Mailer("127.0.0.1", server.port, "d@example.org", security="none", timeout=3)
    with pytest.raises((RetryLater, MayHaveGone, NeedsOperator)) as raised:
        mailer.send(MESSAGE, "lena@example.org")
    server.thread.join(5)
    return raised.value


def test_a_server_that_hangs_up_before_the_message_is_tried_again() -> None:
    assert isinstance(_rude(b"220 hello\r\n"), RetryLater)
    assert isinstance(_rude(b"220 hello\r\n", b"250 ok\r\n", b"250 ok\r\n"), RetryLater)
    assert isinstance(_rude(b"554 go away\r\n"), RetryLater)


def test_a_server_that_hangs_up_with_the_message_leaves_doubt() -> None:
    ok = b"250 ok\r\n"
    assert isinstance(_rude(b"220 hello\r\n", ok, ok, ok, b"354 go on\r\n"), MayHaveGone)


def test_nobody_listening_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(RetryLater):
        Mailer("127.0.0.1", port, "d@example.org", security="none").send(MESSAGE, "a@example.org")


def test_encryption_that_is_missing_needs_a_person(post_office) -> None:
    plain = Mailer("127.0.0.1", post_office.port, "d@example.org", timeout=3)
    with pytest.raises(NeedsOperator):
        plain.send(MESSAGE, "lena@example.org")
    assert post_office.box.mails == []
    tls = Mailer("127.0.0.1", post_office.port, "d@example.org", security="tls", timeout=3)
    with pytest.raises((NeedsOperator, RetryLater)):
        tls.send(MESSAGE, "lena@example.org")


def test_a_password_never_shows_and_never_goes_in_the_clear(post_office) -> None:
    mailer = Mailer(
        "127.0.0.1", post_office.port, "d@example.org", "me", "hush hush", security="none"
    )
    assert "hush" not in repr(mailer)
    with pytest.raises(NeedsOperator) as raised:  # this server knows no sign-in
        mailer.send(MESSAGE, "lena@example.org")
    assert "hush" not in str(raised.value)
    with pytest.raises(MendSettings):
        Mailer("mail.example.org", 25, "d@example.org", security="none")
    with pytest.raises(MendSettings):
        Mailer("mail.example.org", 25, "Digest <d@example.org>")
