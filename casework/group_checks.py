"""The checks of groups and accounts, one after the other: run daily and whenever something came.

Idempotent: running it again changes nothing but what has changed. What a place's check rests on
is kept as a mark, so a place where nothing changed costs a few counts. Everybody on the register
is read once for a run, and only where something is to be checked.
"""

import hashlib
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import naming, register, staff_checks
from casework.age_evidence import AgeEvidence
from casework.ages import day_of
from casework.group_tasks import account_tasks, group_tasks
from casework.groups import follow_sources
from casework.member_matching import keep_matches, matches_of
from casework.membership_checks import Place, authors_by_register, by_register
from casework.membership_words import by_words
from casework.name_match import NameBook
from casework.platform_ages import PlatformAges
from casework.sessions import Clock
from models.tables import FindingRow, GroupProfile, MemberRow, Post, Source
from models.unit_of_work import Store
from models.vocabulary import Audience, now


def run(
    store: Store,
    ages: PlatformAges,
    *,
    timezone: str = "Europe/London",
    clock: Clock = now,
) -> int:
    """Check every group and every account; how many questions to people are new.

    Each place is a commit of its own. Raises only what the store raises.
    """
    at = clock()
    with store.write() as session:
        follow_sources(session, at)
        session.commit()
    with store.read() as session:
        waiting = session.scalars(
            select(GroupProfile.id)
            .where(GroupProfile.source_id.is_not(None), GroupProfile.closed_on.is_(None))
            .order_by(GroupProfile.id)
        ).all()
    checks = _Checks(store, ages, at, timezone)
    opened = sum(checks.place(profile_id) for profile_id in waiting)
    with store.write() as session:
        opened += group_tasks(session, ages, at, timezone)
        opened += account_tasks(session, at, timezone)
        opened += staff_checks.open_tasks(session, at, timezone)
        session.commit()
    return opened


class _Checks:
    """One run. The register is read when the first place needs it."""

    def __init__(self, store: Store, ages: PlatformAges, at: datetime, timezone: str) -> None:
        self._store, self._ages, self._at = store, ages, at
        self._timezone = timezone
        with store.read() as session:
            # Before the people themselves are read: what changes meanwhile is another check's.
            self._register = naming.stamp(session)

    @cached_property
    def _people(self) -> dict[int, register.RegisteredPerson]:
        with self._store.read() as session:
            return {one.id: one for one in register.everybody(session)}

    @cached_property
    def _book(self) -> NameBook:
        return NameBook(self._people.values())

    def place(self, profile_id: int) -> int:
        """Check one place, if anything has changed; how many questions are new."""
        today = day_of(self._at, self._timezone)
        with self._store.read() as session:
            profile = session.get_one(GroupProfile, profile_id)
            source_id = profile.source_id or 0
            # Of the same moment as what is matched: what comes later is another check's.
            mark = self._mark(session, profile, today)
            if profile.checked_mark == mark:
                return 0
            before, _, _ = profile.checked_mark.partition(":")
            is_page = profile.audience is Audience.PUBLIC  # anybody follows a page
            lists_changed = not is_page and before != mark.partition(":")[0]
            source = session.get_one(Source, source_id)
            matches = matches_of(session, source, self._book) if lists_changed else {}
        self._people, self._book  # noqa: B018 - read before the lock is taken, not under it
        with self._store.write() as session:
            # One at a time: two workers would both open what is new.
            profile = session.get_one(GroupProfile, profile_id, with_for_update={"key_share": True})
            place = Place(
                source=session.get_one(Source, source_id),
                audience=profile.audience,
                youngest=self._ages.youngest(
                    profile.platform, profile.audience, profile.minimum_age, today
                ),
                today=today,
                at=self._at,
                timezone=self._timezone,
            )
            opened = 0
            if lists_changed:
                keep_matches(session, place.source, matches, self._at)
                opened += by_register(session, place, self._people)
            opened += authors_by_register(session, place, self._people, self._book)
            opened += by_words(session, place, self._people, self._book, AgeEvidence.shipped())
            profile.checked_mark = mark
            session.commit()
        return opened

    def _mark(self, session: Session, profile: GroupProfile, today: date) -> str:
        return _marked(session, profile, (self._register, today.isoformat()))


def _marked(session: Session, profile: GroupProfile, asked: tuple[object, ...]) -> str:
    """What a check rests on: members, register, consents, day; and then what was written."""
    mine = MemberRow.source_id == profile.source_id
    lists = (
        select(
            func.count(),
            func.max(MemberRow.first_seen_at),
            func.max(MemberRow.changed_at),
            func.max(MemberRow.left_at),
        ).where(mine, MemberRow.left_at.is_(None)),
        select(func.max(MemberRow.left_at)).where(mine),
    )
    said = (
        select(func.max(FindingRow.id)),
        select(func.max(Post.id)).where(Post.source_id == profile.source_id),
    )
    rules = (*asked, profile.audience.value, profile.minimum_age, profile.version)
    first = _short([rules, *(tuple(session.execute(query).one()) for query in lists)])
    second = _short([tuple(session.execute(query).one()) for query in said])
    return f"{first}:{second}"


def _short(parts: list[tuple[object, ...]]) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]
