"""A small organisation for the desk's tests: people, a place, posts with findings, a platform."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

import pytest

from casework.decisions import Choice
from casework.filing import file_posts
from casework.items import open_item
from casework.views import ItemView
from classifier.policy import Policy, load_policy
from collector.connector import Batch, PlatformAction, Receipt, Sighting
from models.tables import FindingRow, Item, Person, Post, Revision, Source
from models.unit_of_work import Store
from models.vocabulary import (
    Audience,
    AuthorRole,
    Capability,
    Category,
    DecisionKind,
    PostKind,
    Presence,
    Role,
    Verb,
    Viewer,
    now,
)


@dataclass
class Desk:
    """Everything a test of the desk needs, over one store."""

    store: Store
    policy: Policy
    source_id: int = 0
    people: dict[str, Viewer] = field(default_factory=dict)

    def person(self, name: str, *roles: Role) -> Viewer:
        with self.store.write() as session:
            row = Person(
                username=name.lower(), name=name, roles=[str(r) for r in roles], created_at=now()
            )
            session.add(row)
            session.commit()
            viewer = Viewer(row.id, name, frozenset(roles))
        self.people[name] = viewer
        return viewer

    def source(
        self, name: str, audience: Audience = Audience.ADULT_ONLY, connector: str = "reddit"
    ) -> int:
        with self.store.write() as session:
            row = Source(name=name, connector=connector, label=name, audience=audience, notes=[])
            session.add(row)
            session.commit()
            return row.id

    def post(
        self,
        text: str,
        *found: Category,
        author: str = "Jo Bloggs",
        thread: str | None = None,
        unchecked: str = "",
    ) -> int:
        """A collected and read post with one finding of each category over its first word."""
        with self.store.write() as session:
            at = now()
            count = session.query(Post).count()
            row = Post(
                source_id=self.source_id,
                native_id=f"n{count + 1}",
                kind=PostKind.COMMENT,
                author_id=author.lower(),
                author_name=author,
                author_role=AuthorRole.MEMBER,
                thread_id=thread,
                permalink=f"https://example.org/{count + 1}",
                posted_at=at,
                first_seen_at=at,
                last_seen_at=at,
            )
            session.add(row)
            session.flush()
            self._revise(session, row, text, found, unchecked)
            session.commit()
            return row.id

    def edit(self, post_id: int, text: str, *found: Category, read: bool = True) -> None:
        with self.store.write() as session:
            row = session.get_one(Post, post_id, with_for_update={"key_share": True})
            self._revise(session, row, text, found, "", read)
            session.commit()

    @staticmethod
    def _revise(session, post, text, found, unchecked, read=True):
        number = session.query(Revision).filter_by(post_id=post.id).count() + 1
        revision = Revision(
            post_id=post.id,
            number=number,
            text=text,
            text_hash=hashlib.sha256(text.encode()).hexdigest(),
            seen_at=now(),
            classified_at=now() if read else None,
            unchecked=unchecked,
        )
        session.add(revision)
        session.flush()
        post.revision_id = revision.id
        for category in found:
            session.add(
                FindingRow(
                    revision_id=revision.id,
                    category=category,
                    score=0.99,
                    start=0,
                    end=len(text.split()[0]),
                    because="The first word of the post.",
                    detector="test",
                    version="1",
                )
            )

    def file(self, *post_ids: int) -> int:
        return file_posts(self.store, self.policy, post_ids)

    def item(self, text: str, *found: Category, **more) -> int:
        """The id of the item of a new, filed post."""
        post_id = self.post(text, *found, **more)
        self.file(post_id)
        return self.item_of(post_id)

    def item_of(self, post_id: int) -> int:
        with self.store.read() as session:
            return session.query(Item).filter_by(post_id=post_id).one().id

    def row(self, item_id: int) -> Item:
        with self.store.read() as session:
            return session.get_one(Item, item_id)

    def open(self, viewer: Viewer, item_id: int) -> ItemView:
        return open_item(self.store, viewer, item_id, self.policy)

    def choice(
        self, viewer: Viewer, item_id: int, kind: DecisionKind, reason: str, **more
    ) -> Choice:
        """A decision about the item as this person sees it now."""
        view = self.open(viewer, item_id)
        return Choice(
            **{
                "item_id": item_id,
                "revision_id": view.revision_id,
                "text_hash": view.text_hash,
                "version": view.version,
                "kind": kind,
                "reason_code": reason,
                "words": "As our code of conduct says.",
                **more,
            }
        )


class Platform:
    """A platform in memory: it keeps posts, does what it is told once, and can be made to fail.

    fail: errors raised by the next calls, in order. deaf: says "done" and does nothing, so often.
    """

    name: ClassVar[str] = "platform"
    capabilities = frozenset(
        {Capability.POSTS, Capability.HIDE, Capability.UNHIDE, Capability.REMOVE}
    )

    def __init__(self) -> None:
        self.posts: dict[str, Presence] = {}
        self.fail: list[Exception] = []
        self.deaf = 0
        self.effects: list[tuple[Verb, str]] = []
        self.asked: list[PlatformAction] = []

    def fetch(self, after: str | None) -> Iterator[Batch]:
        yield Batch((), "")

    def act(self, action: PlatformAction) -> Receipt:
        self.asked.append(action)
        if self.fail:
            raise self.fail.pop(0)
        wanted = {
            Verb.REMOVE: Presence.GONE,
            Verb.HIDE: Presence.HIDDEN,
            Verb.UNHIDE: Presence.PRESENT,
            Verb.RESTORE: Presence.PRESENT,
        }[action.verb]
        if self.posts.get(action.native_id, Presence.PRESENT) is wanted:
            return Receipt(now(), already=True)
        if self.deaf:
            self.deaf -= 1
            return Receipt(now())
        self.posts[action.native_id] = wanted
        self.effects.append((action.verb, action.native_id))
        return Receipt(now())

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        if self.fail:
            raise self.fail.pop(0)
        return {each: Sighting(self.posts.get(each, Presence.PRESENT)) for each in native_ids}

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        return ("Open the page.", "Do it there.")


@pytest.fixture
def platform() -> Platform:
    """A platform in memory."""
    return Platform()


@pytest.fixture(scope="session")
def shipped_policy() -> Policy:
    """The policy as shipped."""
    return load_policy()


def _desk(store: Store, policy: Policy) -> Desk:
    desk = Desk(store, policy)
    desk.source_id = desk.source("Adult ballet group")
    desk.person("Mona", Role.MONITOR)
    desk.person("Max", Role.MONITOR)
    desk.person("Lena", Role.LEAD)
    desk.person("Tara", Role.TRUSTEE)
    desk.person("Adam", Role.ADMIN)
    return desk


@pytest.fixture
def desk(store: Store, shipped_policy: Policy) -> Desk:
    """An organisation with two monitors, a lead, a trustee and an administrator, on each database.

    An adult group is watched, so that identifiers stay at L1 and are the monitors'.
    """
    return _desk(store, shipped_policy)


@pytest.fixture
def small_desk(sqlite_store: Store, shipped_policy: Policy) -> Desk:
    """The same on SQLite alone, where the database does not matter."""
    return _desk(sqlite_store, shipped_policy)


@pytest.fixture
def hour() -> timedelta:
    """One hour."""
    return timedelta(hours=1)


@pytest.fixture(scope="session")
def desk_class() -> type[Desk]:
    """For a test that fills databases of its own."""
    return Desk
