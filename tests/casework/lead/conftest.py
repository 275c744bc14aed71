"""A small club with people, a watched place, posts and items; and a mail server on the loopback."""

import hashlib
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message as Mail
from email.policy import default

import pyotp
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select

from casework import people
from casework.mail import Mailer
from models.tables import Digest, Item, Person, Post, Revision, SafeguardingCase, Source
from models.unit_of_work import Store
from models.vocabulary import (
    Audience,
    AuthorRole,
    ItemState,
    Level,
    Organisation,
    PostKind,
    Role,
    Route,
    Viewer,
)

PASSWORD = "four otters cross late"


@dataclass
class Clock:
    """A clock that stands until it is moved. Begins on a Tuesday, 10:00 in London."""

    at: datetime = datetime(2026, 11, 17, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_time(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Club:
    """Makes what a test needs, straight through the tables where no person would do it."""

    store: Store
    clock: Clock = field(default_factory=Clock)
    organisation: Organisation = field(
        default_factory=lambda: Organisation(
            name="Riverside Dance", outside_contact="the chair of trustees"
        )
    )
    secrets: dict[int, str] = field(default_factory=dict)

    def person(self, username: str, *roles: Role, email: str = "") -> Viewer:
        name = username.title() + " Example"
        address = email or f"{username}@example.org"
        person_id = people.create_person(
            self.store,
            None,
            username=username,
            name=name,
            email=address,
            roles=roles,
            clock=self.clock,
        )
        return Viewer(person_id, name, frozenset(roles))

    def set_up(self, viewer: Viewer, password: str = PASSWORD) -> None:
        token = people.invite(self.store, viewer.user_id, clock=self.clock)
        secret = people.open_invite(self.store, token, clock=self.clock).secret
        self.secrets[viewer.user_id] = secret
        code = self.code(viewer)
        people.accept_invite(self.store, token, password, code, self.clock)
        self.clock.pass_time(seconds=60)  # the code of that step is used up

    def code(self, viewer: Viewer) -> str:
        return str(pyotp.TOTP(self.secrets[viewer.user_id]).at(self.clock().timestamp()))

    def source(self, label: str = "Members' chat") -> int:
        with self.store.write() as session:
            source = Source(
                name=f"s{time.monotonic_ns()}",
                connector="paste",
                label=label,
                audience=Audience.CHILDREN,
            )
            session.add(source)
            session.commit()
            return source.id

    def post(self, text: str, *, source_id: int | None = None, author: str = "") -> int:
        place = source_id or self.source()
        at = self.clock()
        with self.store.write() as session:
            post = Post(
                source_id=place,
                native_id=f"n{time.monotonic_ns()}",
                kind=PostKind.COMMENT,
                author_name=author or None,
                author_id=author or None,
                author_role=AuthorRole.UNKNOWN,
                posted_at=at - timedelta(minutes=5),
                first_seen_at=at,
                last_seen_at=at,
            )
            session.add(post)
            session.flush()
            self._revise(session, post, text, 1)
            session.commit()
            return post.id

    def edit(self, post_id: int, text: str) -> None:
        with self.store.write() as session:
            post = session.get_one(Post, post_id)
            self._revise(session, post, text, 2)
            item = session.scalars(select(Item).where(Item.post_id == post_id)).one_or_none()
            if item is not None and post.revision_id is not None:
                item.revision_id = post.revision_id
            session.commit()

    def _revise(self, session, post: Post, text: str, number: int) -> None:
        digest = hashlib.sha256(text.encode()).hexdigest()
        revision = Revision(
            post_id=post.id, number=number, text=text, text_hash=digest, seen_at=self.clock()
        )
        session.add(revision)
        session.flush()
        post.revision_id = revision.id

    def item(
        self,
        text: str = "please can somebody help",
        *,
        level: Level = Level.L3,
        route: Route = Route.LEAD,
        categories: tuple[str, ...] = ("disclosure",),
        source_id: int | None = None,
        author: str = "",
    ) -> int:
        post_id = self.post(text, source_id=source_id, author=author)
        with self.store.write() as session:
            post = session.get_one(Post, post_id)
            item = Item(
                post_id=post_id,
                source_id=post.source_id,
                revision_id=post.revision_id,
                state=ItemState.WAITING,
                level=level,
                route=route,
                categories=list(categories),
                top_category=None,
                priority=1,
                priority_parts=[],
                policy_version="p",
                due_at=self.clock() + timedelta(hours=4),
                opened_at=self.clock(),
            )
            session.add(item)
            session.commit()
            return item.id

    def case(self, text: str = "please can somebody help", **item) -> int:
        from casework import cases

        item_id = self.item(text, **item)
        with self.store.write() as session:
            case = cases.open_for_item(
                session,
                session.get_one(Item, item_id),
                opened_by=None,
                why="Sent to the lead under the policy.",
                organisation=self.organisation,
                clock=self.clock,
            )
            session.commit()
            return case.id

    def digests(self) -> dict[str, str]:
        with self.store.read() as session:
            return {row.role: row.state for row in session.scalars(select(Digest))}

    def case_row(self, case_id: int) -> SafeguardingCase:
        with self.store.read() as session:
            return session.get_one(SafeguardingCase, case_id)

    def person_row(self, viewer: Viewer) -> Person:
        with self.store.read() as session:
            return session.get_one(Person, viewer.user_id)


@pytest.fixture
def club(store: Store) -> Club:
    """A club on both databases."""
    return Club(store)


@pytest.fixture
def quick_club(sqlite_store: Store) -> Club:
    """A club on SQLite alone, where the database does not matter."""
    return Club(sqlite_store)


class Postbox:
    """A mail server's mind: keeps what it is given; answers may be set."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.recipients: list[list[str]] = []
        self.rcpt_answer = "250 OK"
        self.data_answer = "250 taken"
        self.on_data = lambda: None

    async def handle_RCPT(  # noqa: N802 - the server's own name for it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt_answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.rcpt_answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.on_data()
        if self.data_answer.startswith("2"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.mails.append(message_from_bytes(content, policy=default))
            self.recipients.append(list(envelope.rcpt_tos))
        return self.data_answer


@dataclass
class PostOffice:
    """The server's address, what it holds, and a mailer that reaches it."""

    box: Postbox
    port: int

    def mailer(self) -> Mailer:
        return Mailer("127.0.0.1", self.port, "digest@example.org", security="none", timeout=5)


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    """A real SMTP server on the loopback."""
    box = Postbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield PostOffice(box, port)
    controller.stop()
