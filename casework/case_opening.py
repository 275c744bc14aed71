"""Opening a case: the exact words first, and every lead alerted, in one commit (C52, C57).

Nobody has to decide to open one: a policy that routes to the lead does, and a monitor who
escalates does. A case has a reference that names nobody, counted by the year: "2026-0007".
Numbers are left out at random, so that one that is missing tells nobody of a case that is kept from
them (practice 4.14).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework import alerts, audit, subjects
from casework.sessions import Clock
from classifier.due import Due
from models.errors import RetryLater
from models.tables import CaseEntry, Item, Post, Revision, SafeguardingCase
from models.vocabulary import CaseState, EntryKind, Level, Organisation, now

ACKNOWLEDGE_WITHIN = Due("4 working hours", "working hour", 4)
"""How soon the lead acknowledges a case (practice 4.3, L3). In immediate danger: now."""

SKIPS = 4
"""A new reference follows the newest one by 1 to so many."""

_TRIES = 50
_NO_ORGANISATION = Organisation(name="")


def open_for_item(
    session: Session,
    item: Item,
    *,
    opened_by: int | None,
    why: str,
    level: Level | None = None,
    categories: Sequence[str] | None = None,
    immediate_danger: bool = False,
    organisation: Organisation = _NO_ORGANISATION,
    clock: Clock = now,
) -> SafeguardingCase:
    """The case of this item, opened now if there is none; in the caller's transaction.

    One case per item, however often and by however many it is asked for. Words that the case does
    not hold yet (an edited post) are added to it, and open a closed case again. level and
    categories: the item's own unless given; a case never goes down a level. Every lead is alerted
    in the same commit. Raises RetryLater when no reference could be had.
    """
    found = session.scalar(select(SafeguardingCase).where(SafeguardingCase.item_id == item.id))
    wanted = _Wanted(
        opened_by,
        why,
        level or item.level,
        tuple(str(one) for one in (item.categories if categories is None else categories)),
        immediate_danger or (level or item.level) is Level.L4,
        organisation,
        clock(),
        subjects.is_about_staff(session, item),
    )
    if found is None:
        found, fresh = _insert(session, item.id, wanted)
    else:
        fresh = False
    if fresh:
        _add_words(session, found, item, wanted.at)
        leads = alerts.want(session, found, wanted.at)
        audit.record(
            session, opened_by, "case.opened", f"case:{found.id}", item=item.id, leads_alerted=leads
        )
    else:
        _bring_up_to_date(session, found, item, wanted)
    return found


def add_line(
    session: Session,
    case: SafeguardingCase,
    kind: EntryKind,
    text: str,
    by: int | None,
    at: datetime,
    about_time: datetime | None = None,
) -> int:
    """Add a line in the caller's transaction; who decides on an older version must look again."""
    entry = CaseEntry(case_id=case.id, kind=kind, text=text, about_time=about_time, by=by, at=at)
    session.add(entry)
    case.version += 1
    session.flush()
    return entry.id


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the caller knows about the case that is to exist."""

    opened_by: int | None
    why: str
    level: Level
    categories: tuple[str, ...]
    immediate_danger: bool
    organisation: Organisation
    at: datetime
    about_staff: bool

    @property
    def due_at(self) -> datetime:
        return (
            self.at if self.immediate_danger else ACKNOWLEDGE_WITHIN.at(self.at, self.organisation)
        )


def _insert(session: Session, item_id: int, wanted: _Wanted) -> tuple[SafeguardingCase, bool]:
    """A new case, or the one that somebody else opened meanwhile and False."""
    for _ in range(_TRIES):
        case = SafeguardingCase(
            reference=_next_reference(session, wanted),
            item_id=item_id,
            state=CaseState.OPEN,
            level=wanted.level,
            categories=list(wanted.categories),
            opened_at=wanted.at,
            opened_by=wanted.opened_by,
            why_opened=wanted.why,
            immediate_danger=wanted.immediate_danger,
            about_staff=wanted.about_staff,
            due_at=wanted.due_at,
        )
        try:
            with session.begin_nested():
                session.add(case)
                session.flush()
            return case, True
        except IntegrityError:  # somebody took the reference or opened this item's case
            query = select(SafeguardingCase).where(SafeguardingCase.item_id == item_id)
            theirs = session.scalar(query)
            if theirs is not None:
                return theirs, False
    raise RetryLater(
        "Others kept taking the next reference.",
        subject="a new case",
        after=timedelta(seconds=5),
    )


def _next_reference(session: Session, wanted: _Wanted) -> str:
    year = wanted.at.astimezone(ZoneInfo(wanted.organisation.timezone)).year
    reference = SafeguardingCase.reference
    newest = session.scalar(
        select(reference)
        .where(reference.like(f"{year}-%"))
        .order_by(func.length(reference).desc(), reference.desc())
        .limit(1)
    )
    number = 1 if newest is None else int(newest.partition("-")[2]) + 1 + secrets.randbelow(SKIPS)
    return f"{year}-{number:04d}"


def _add_words(session: Session, case: SafeguardingCase, item: Item, at: datetime) -> bool:
    """Add the post's exact words unless the case holds them already. Whether it did."""
    revision = session.get_one(Revision, item.revision_id)
    if revision.dropped_at is not None:
        return False
    words = revision.text
    held = select(CaseEntry.id).where(
        CaseEntry.case_id == case.id, CaseEntry.kind == EntryKind.VERBATIM, CaseEntry.text == words
    )
    if session.scalar(held.limit(1)) is not None:
        return False
    written = session.get_one(Post, item.post_id).posted_at
    add_line(session, case, EntryKind.VERBATIM, words, None, at, written)
    return True


def _bring_up_to_date(
    session: Session, case: SafeguardingCase, item: Item, wanted: _Wanted
) -> None:
    """New words, a higher level or a new danger reach the lead anew; else nothing changes."""
    new_words = _add_words(session, case, item, wanted.at)
    worse = wanted.level > case.level or (wanted.immediate_danger and not case.immediate_danger)
    if not (new_words or worse):
        return
    case.level = max(case.level, wanted.level)
    case.immediate_danger = case.immediate_danger or wanted.immediate_danger
    case.categories = list(dict.fromkeys((*case.categories, *wanted.categories)))
    case.about_staff = case.about_staff or wanted.about_staff
    again = case.state is CaseState.CLOSED
    if again:
        case.close_reason, case.closed_at, case.closed_by = "", None, None
        said = "Opened again by the program: the post was edited after the case was closed."
        add_line(session, case, EntryKind.ACTION, said, None, wanted.at)
    if again or worse:
        case.state, case.acknowledged_at, case.acknowledged_by = CaseState.OPEN, None, None
        case.due_at = wanted.due_at
    case.version += 1
    leads = alerts.want(session, case, wanted.at)
    subject = f"case:{case.id}"
    audit.record(
        session, wanted.opened_by, "case.changed", subject, opened_again=again, leads_alerted=leads
    )
