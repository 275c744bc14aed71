"""A small organisation: a register, members, and posts that the real detector of age has read."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from casework import group_checks
from casework.platform_ages import load_platform_ages
from casework.register_names import handle_key
from classifier.detector import Text
from classifier.detectors.age import AgeDetector
from classifier.normalise import normalise
from models.register_words import Authority, ConsentItem, LinkKind, RegisterRole, Standing
from models.tables import (
    Consent,
    FindingRow,
    MemberRow,
    Person,
    Post,
    RegisterHandle,
    RegisterLink,
    RegisterPerson,
    Revision,
    Source,
    Task,
)
from models.unit_of_work import Store
from models.vocabulary import Audience, AuthorRole, PostKind, Role, Viewer, now

AGES = load_platform_ages()


@dataclass
class Town:
    """Everything a test of groups needs, over one store."""

    store: Store

    @staticmethod
    def years_ago(years: int, days: int = 30) -> date:
        """A birthday so many years and days ago."""
        return (now() - timedelta(days=365.25 * years + days)).date()

    def account(self, name: str, *roles: Role) -> Viewer:
        """Somebody who may sign in."""
        with self.store.write() as session:
            row = Person(
                username=name.lower(), name=name, roles=[str(r) for r in roles], created_at=now()
            )
            session.add(row)
            session.commit()
            return Viewer(row.id, name, frozenset(roles))

    def source(
        self, name: str, audience: Audience = Audience.ADULT_ONLY, connector: str = "discord"
    ) -> int:
        """A watched place that was read a moment ago."""
        with self.store.write() as session:
            row = Source(
                name=name,
                connector=connector,
                label=f"Larkspur {name}",
                audience=audience,
                notes=[],
                last_success_at=now(),
            )
            session.add(row)
            session.commit()
            return row.id

    def person(
        self,
        first: str,
        surname: str,
        born: date | None = None,
        standing: Standing = Standing.UNKNOWN,
        roles: Sequence[RegisterRole] = (RegisterRole.MEMBER,),
        handle: str = "",
        account: Viewer | None = None,
    ) -> int:
        """Somebody of the register."""
        with self.store.write() as session:
            row = RegisterPerson(
                first_name=first,
                surname=surname,
                standing=standing,
                roles=[role.value for role in roles],
                date_of_birth=born,
                account_id=account.user_id if account else None,
                created_at=now(),
                updated_at=now(),
            )
            session.add(row)
            session.flush()
            if handle:
                session.add(
                    RegisterHandle(
                        person_id=row.id,
                        connector="discord",
                        handle=handle,
                        handle_key=handle_key(handle),
                        added_at=now(),
                    )
                )
            session.commit()
            return row.id

    def staff(self, first: str, surname: str, account: Viewer | None = None) -> int:
        """A grown-up member of staff."""
        return self.person(
            first, surname, standing=Standing.ADULT, roles=(RegisterRole.STAFF,), account=account
        )

    def parent_of(self, parent: int, child: int) -> None:
        """Tie a parent to a child."""
        with self.store.write() as session:
            session.add(RegisterLink(person_id=parent, to_id=child, kind=LinkKind.PARENT))
            session.commit()

    def leaves(self, person_id: int, on: date) -> None:
        """The person's last day."""
        with self.store.write() as session:
            row = session.get_one(RegisterPerson, person_id)
            row.left_on, row.updated_at = on, now()
            session.commit()

    def consent(self, person_id: int, channel: str = "", given: bool = True) -> None:
        """An answer of a parent about membership, from yesterday on."""
        with self.store.write() as session:
            session.add(
                Consent(
                    person_id=person_id,
                    item=ConsentItem.GROUP_MEMBERSHIP,
                    given=given,
                    given_by="A parent",
                    authority=Authority.PARENT,
                    channel=channel,
                    from_day=(now() - timedelta(days=1)).date(),
                    recorded_at=now(),
                )
            )
            session.commit()

    def member(self, source_id: int, handle: str, name: str, role: str = "member") -> int:
        """Somebody whom the platform lists there."""
        with self.store.write() as session:
            row = MemberRow(
                source_id=source_id,
                handle=handle,
                display_name=name,
                role=role,
                first_seen_at=now(),
                last_seen_at=now(),
                before={},
            )
            session.add(row)
            session.commit()
            return row.id

    def says(
        self, source_id: int, author: str, text: str, role: AuthorRole = AuthorRole.UNKNOWN
    ) -> int:
        """A post that was read by the real detector of age; its id."""
        read = Text("1", normalise(text), Audience.ADULT_ONLY, role)
        found = AgeDetector().detect([read])[0]
        with self.store.write() as session:
            count = session.query(Post).count()
            post = Post(
                source_id=source_id,
                native_id=f"n{count + 1}",
                kind=PostKind.MESSAGE,
                author_id=author,
                author_name=author.title(),
                author_role=role,
                posted_at=now(),
                first_seen_at=now(),
                last_seen_at=now(),
            )
            session.add(post)
            session.flush()
            revision = Revision(
                post_id=post.id,
                number=1,
                text=text,
                text_hash=hashlib.sha256(text.encode()).hexdigest(),
                seen_at=now(),
                classified_at=now(),
            )
            session.add(revision)
            session.flush()
            post.revision_id = revision.id
            for each in found:
                session.add(
                    FindingRow(
                        revision_id=revision.id,
                        category=each.category,
                        score=each.score,
                        start=each.start,
                        end=each.end,
                        because=each.because,
                        detector=each.detector,
                        version=each.version,
                    )
                )
            session.commit()
            return post.id

    def check(self) -> int:
        """Run every check once; how many questions are new."""
        return group_checks.run(self.store, AGES)

    def tasks(self, kind: str) -> list[str]:
        """What the open tasks of that kind are about."""
        with self.store.read() as session:
            query = select(Task.matter).where(Task.kind == kind, Task.done_at.is_(None))
            return sorted(session.scalars(query))


@pytest.fixture
def town(store: Store) -> Town:
    """An organisation without anybody yet."""
    return Town(store)


@pytest.fixture
def monitor(town: Town) -> Viewer:
    """A monitor."""
    return town.account("Robin", Role.MONITOR)


@pytest.fixture
def lead(town: Town) -> Viewer:
    """The safeguarding lead."""
    return town.account("Morgan", Role.LEAD)


@pytest.fixture
def outsiders(town: Town) -> tuple[Any, ...]:
    """A trustee and an administrator: numbers, and no content."""
    return town.account("Ola", Role.TRUSTEE), town.account("Kit", Role.ADMIN)
