"""One real web process for this folder: a house with invented posts, people and a running server.

Streamlit allows one runtime per process, so these fixtures last for the whole session; a test
that changes something makes its own post or person for it.
"""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest
import uvicorn

from casework import filing, invites, people, sessions
from chaperone.settings import load
from chaperone.wiring import House
from collector.connector import IncomingPost
from collector.polling import register_source, store_posts
from dashboard import server
from dashboard.gate import COOKIE
from models.tables import FindingRow, Item, Post, Revision, Source
from models.vocabulary import Audience, AuthorRole, Category, PostKind, Role, Viewer, now

PASSWORD = "seven quiet otters knit"


@dataclass
class Member:
    """Somebody with an account. token: of a session opened by a real sign-in."""

    id: int
    username: str
    secret: str
    viewer: Viewer
    password: str = PASSWORD
    steps: Iterator[int] = field(default_factory=lambda: count(1))

    def code(self, store: Any) -> str:
        """The newest code that was not used yet; codes are good once, a step ahead is allowed."""
        from models.tables import Person

        with store.read() as session:
            last = session.get_one(Person, self.id).totp_last_step
        while True:
            present = int(time.time()) // 30
            for step in (present, present + 1):
                if step > last:
                    return str(pyotp.TOTP(self.secret).generate_otp(step))
            time.sleep(0.2)


@dataclass
class Desk:
    """The house and what a test needs to fill it."""

    house: House
    source_id: int
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def member(self, name: str, *roles: Role) -> Member:
        """A new account, set up through its invitation."""
        username = f"{name.lower().replace(' ', '.')}{next(self.numbers)}"
        store = self.house.store
        person_id = people.create_person(
            store, None, username=username, name=name, email=f"{username}@example.org", roles=roles
        )
        token = invites.invite(store, person_id)
        secret = invites.open_invite(store, token).secret
        before = int(time.time()) // 30 - 1
        invites.accept_invite(store, token, PASSWORD, str(pyotp.TOTP(secret).generate_otp(before)))
        return Member(person_id, username, secret, Viewer(person_id, name, frozenset(roles)))

    def session(self, member: Member) -> str:
        """The cookie's value of a real sign-in."""
        code = member.code(self.house.store)
        return sessions.sign_in(self.house.store, member.username, member.password, code)

    def post(
        self,
        text: str,
        *found: tuple[Category, str, str],
        author: str = "Sam Field",
        role: AuthorRole = AuthorRole.PARENT,
        age: timedelta = timedelta(hours=1),
        thread: str | None = None,
    ) -> int:
        """Store a post with findings (category, the words found, because) and file it.

        Returns the item's id, or the post's where nothing was found.
        """
        number = next(self.numbers)
        native = f"page_{number}"
        with self.house.store.write() as session:
            source = session.get_one(Source, self.source_id)
            incoming = IncomingPost(
                native_id=native,
                kind=PostKind.COMMENT,
                text=text,
                posted_at=now() - age,
                author_id=f"author-{author}",
                author_name=author,
                author_role=role,
                thread_id=thread or native,
                permalink=f"https://social.example.org/{native}",
            )
            store_posts(session, source, [incoming], [], now)
            session.commit()
        with self.house.store.write() as session:
            post = session.query(Post).filter_by(native_id=native).one()
            revision = session.get_one(Revision, post.revision_id)
            revision.classified_at = now()
            for category, words, because in found:
                start = text.index(words)
                session.add(
                    FindingRow(
                        revision_id=revision.id,
                        category=category,
                        score=0.97,
                        start=start,
                        end=start + len(words),
                        because=because,
                        detector="test",
                        version="1",
                    )
                )
            session.commit()
            post_id = post.id
        filing.file_posts(self.house.store, self.house.policy, [post_id], self.house.organisation)
        with self.house.store.read() as session:
            item = session.query(Item).filter_by(post_id=post_id).one_or_none()
            return item.id if item else post_id


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A house of its own with one watched place."""
    folder: Path = tmp_path_factory.mktemp("house")
    (folder / "config.toml").write_text(
        "[organisation]\n"
        'name = "Larkspur Dance School"\n'
        'lead_name = "Morgan Vale"\n'
        'lead_phone = "01632 960123"\n'
        "[database]\n"
        'url = "sqlite:///data/chaperone.sqlite"\n',
        encoding="utf-8",
    )
    house = House(load(folder / "config.toml"))
    house.prepare()
    with house.store.write() as session:
        source = register_source(
            session,
            name="page",
            connector="facebook",
            label="Larkspur page",
            audience=Audience.MIXED,
        )
        source.last_success_at = datetime.now(UTC)
        session.commit()
        source_id = source.id
    yield Desk(house, source_id)
    house.close()


@pytest.fixture(scope="session")
def site(desk: Desk) -> Iterator[str]:
    """The address of a real server over the house."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    settings = server.uvicorn_config(server.build(desk.house), "127.0.0.1", port)
    running = uvicorn.Server(settings)
    thread = threading.Thread(target=lambda: asyncio.run(running.serve()), daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{port}"
    for _ in range(200):
        if running.started:
            break
        time.sleep(0.05)
    assert httpx.get(f"{address}/healthz").text == "ok"
    yield address
    running.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="session")
def monitor(desk: Desk) -> Member:
    """A monitor."""
    return desk.member("Robin Ash", Role.MONITOR)


@pytest.fixture(scope="session")
def lead(desk: Desk) -> Member:
    """The safeguarding lead."""
    return desk.member("Morgan Vale", Role.LEAD)


@pytest.fixture(scope="session")
def trustee(desk: Desk) -> Member:
    """A trustee."""
    return desk.member("Ola Birch", Role.TRUSTEE)


@pytest.fixture(scope="session")
def admin(desk: Desk) -> Member:
    """An administrator."""
    return desk.member("Kit Rowan", Role.ADMIN)


@pytest.fixture(scope="session")
def tokens(
    desk: Desk, monitor: Member, lead: Member, trustee: Member, admin: Member
) -> dict[str, str]:
    """A signed-in session's token for each role."""
    return {
        "monitor": desk.session(monitor),
        "lead": desk.session(lead),
        "trustee": desk.session(trustee),
        "admin": desk.session(admin),
    }


@pytest.fixture
def browse(site: str) -> Iterator[Callable[[str], httpx.Client]]:
    """A client with a session's cookie ("" for none); it follows no redirect."""
    opened: list[httpx.Client] = []

    def client(token: str = "") -> httpx.Client:
        cookies = {COOKIE: token} if token else {}
        opened.append(httpx.Client(base_url=site, cookies=cookies, headers={"accept": "text/html"}))
        return opened[-1]

    yield client
    for each in opened:
        each.close()
