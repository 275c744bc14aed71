"""Sending e-mail, one recipient per message, by SMTP.

The connection is always encrypted, except to a mail server on this machine. Errors come out
named by their remedy and never hold an address, a password or what a server said in words.
"""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, make_msgid
from typing import Literal

from models.errors import LookAgain, MendSettings, NeedsOperator, Refused, RetryLater
from models.vocabulary import now

Security = Literal["starttls", "tls", "none"]
"""How the connection is encrypted: upgraded (587), from the start (465), not (loopback only)."""

TRY_AGAIN = timedelta(minutes=15)

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.?){1,8}")


class MayHaveGone(LookAgain):
    """The connection broke while the server was taking the message: it may have arrived."""


class SentByAnother(LookAgain):
    """`ready` said no at the last moment: another worker is sending this message."""


@dataclass(frozen=True, slots=True)
class Message:
    """What one person is to read. html: the same in simple HTML, "" for plain text only."""

    subject: str
    text: str
    html: str = ""


@dataclass(frozen=True)
class Mailer:
    """A mail server to hand messages to. sender: the address in From.

    Raises MendSettings at once for what cannot work or would send a password in the clear.
    """

    host: str
    port: int
    sender: str
    username: str = ""
    password: str = field(default="", repr=False)
    security: Security = "starttls"
    timeout: float = 20.0
    sender_name: str = "Chaperone"

    def __post_init__(self) -> None:
        if self.security not in ("starttls", "tls", "none"):
            raise _settings("security", 'It must be "starttls", "tls" or "none".')
        if self.security == "none" and self.host not in _LOOPBACK:
            raise _settings("security", 'It may be "none" only for a server on this machine.')
        if address_problem(self.sender):
            raise _settings("sender", "It is not one e-mail address.")

    def send(
        self,
        message: Message,
        to: str,
        *,
        message_id: str = "",
        ready: Callable[[], bool] | None = None,
    ) -> None:
        """Hand one message to the server for one recipient; returns once it has accepted it.

        ready: asked after the server has agreed to sender and recipient and before it is given
        the message; False means leave it. Until then nothing can have been delivered.
        Raises RetryLater, NeedsOperator (account, certificate, settings), Refused (this
        recipient or message), MayHaveGone, SentByAnother.
        """
        if address_problem(to):
            raise Refused(
                address_problem(to), subject="the recipient", cure="Mend the person's address."
            )
        wire = self._compose(message, to, message_id)
        with self._connected() as server:
            _agree(server.mail(self.sender)[0], "the sender's address", NeedsOperator)
            _agree(server.rcpt(to)[0], "the recipient's address", Refused)
            if ready is not None and not ready():
                raise SentByAnother(
                    "Another worker is sending it.", subject="a message", cure="Nothing to do."
                )
            _hand_over(server, wire)

    def _compose(self, message: Message, to: str, message_id: str) -> bytes:
        if any(not line.isprintable() for line in (message.subject, message_id)):
            raise Refused(
                "A line break or another control character stands in its subject or id.",
                subject="a message",
                cure="Write the subject as one plain line.",
            )
        mail = EmailMessage(policy=WIRE)
        mail["From"] = Address(self.sender_name, addr_spec=self.sender)
        mail["To"] = Address(addr_spec=to)
        mail["Subject"] = message.subject
        mail["Date"] = format_datetime(now())
        mail["Message-ID"] = message_id or make_msgid(domain=self.sender.partition("@")[2])
        mail["Auto-Submitted"] = "auto-generated"  # keeps holiday replies from coming back
        mail["X-Auto-Response-Suppress"] = "All"
        mail.set_content(message.text)
        if message.html:
            mail.add_alternative(message.html, subtype="html")
        return mail.as_bytes()

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A server that knows us, or the error that says what to do."""
        try:
            server = self._open()
        except ssl.SSLError as error:
            raise _operator("Its certificate or encryption was not accepted.") from error
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code < 500:
                raise _later(f"It cannot sign us in now ({error.smtp_code}).") from error
            raise _operator("It refused our user name or password.") from error
        except smtplib.SMTPNotSupportedError as error:
            raise _operator("It does not offer the encryption or sign-in asked for.") from error
        except (OSError, smtplib.SMTPException) as error:
            raise _later(f"It cannot be reached ({type(error).__name__}).") from error
        try:
            yield server
        except (OSError, smtplib.SMTPException) as error:
            raise _later(f"It stopped answering ({type(error).__name__}).") from error
        finally:
            server.close()

    def _open(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if self.security == "starttls":
                server.starttls(context=context)
            if self.username:
                server.login(self.username, self.password)
            server.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
        return server


def address_problem(address: str) -> str:
    """Why this is not one e-mail address, in plain words; "" when it is."""
    if re.search(r"[,;]|@.*@", address):
        return "There is more than one address; each person gets a message of their own."
    if not _ADDRESS.fullmatch(address) or len(address) > 254 or ".." in address:
        return "It is not an e-mail address."
    return ""


def _hand_over(server: smtplib.SMTP, wire: bytes) -> None:
    """DATA, the one moment of doubt: its answer decides, without one nobody can know."""
    try:
        code, _words = server.data(wire)
    except smtplib.SMTPDataError as error:  # refused before the message was given
        code = error.smtp_code
    except (OSError, smtplib.SMTPException) as error:
        raise MayHaveGone(
            f"The mail server stopped answering while it took it ({type(error).__name__}).",
            subject="a message",
            cure="Ask the person whether it came, then send it again if not.",
        ) from error
    _agree(code, "the message", Refused)
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()  # it has the message; how it says goodbye does not matter


def _agree(code: int, subject: str, permanent: type[Refused] | type[NeedsOperator]) -> None:
    if 200 <= code < 300:
        return
    if 400 <= code < 500:
        raise _later(f"It does not take {subject} now ({code}).")
    raise permanent(
        f"The mail server does not take it ({code}).",
        subject=subject,
        cure="Check it, and the mail server's own record of the refusal.",
    )


def _later(what: str) -> RetryLater:
    return RetryLater(what, subject="the mail server", after=TRY_AGAIN)


def _operator(what: str) -> NeedsOperator:
    cure = "Check mail.host, mail.port, mail.security, the user name and the password."
    return NeedsOperator(what, subject="the mail server", cure=cure)


def _settings(key: str, what: str) -> MendSettings:
    return MendSettings(what, subject=f"mail.{key}", cure="See config.example.toml.")
