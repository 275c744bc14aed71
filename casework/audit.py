"""The record of everything that anyone did: append-only and hash-chained.

Each line's hash is SHA-256 over canonical JSON of the line and of the hash before it, so a line
that is changed, taken out or slipped in breaks the chain at that line. Lines are written in the
caller's own transaction: what is undone leaves no line, and what is done never lacks one.
Details never hold a word of a post, a token or a password.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from casework import denial, denial_people
from casework.visibility import absent
from models.errors import Refused
from models.tables import Audit, AuditHead, Person
from models.vocabulary import Role, Viewer, now

Detail = str | int | float | bool | None | Sequence[str] | Sequence[int]
"""What a detail may be: a plain value or a list of them."""

FIRST_HASH = "0" * 64
"""What stands before the first line."""

LONGEST_DETAIL = 200
"""Characters. Longer text is likely to be somebody's words, and those do not belong here."""

SECRET_KEYS = frozenset(
    {"text", "words", "body", "message", "content", "token", "password", "secret", "cookie"}
)

LINES_A_PAGE = 50

_BATCH = 1000

_WHOLE_COUNTS = {
    "case.listed": ("count",),
    "membership.asked": ("signs",),
    "policy.applied": ("items", "posts"),
}
"""Details that count over everything, those who read included and those kept from them."""

_ADMIN_SUBJECTS = ("person", "source", "policy", "settings", "organisation", "worker", "digest")
"""Subjects that an administrator may read of: accounts and machinery, never content or cases."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What walking the chain found. broken_at: id of the first wrong line; why: in plain words."""

    lines: int
    broken_at: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as people read it. at: aware UTC; actor: a name, "" for the program itself.

    id: its place among the lines that this person may read, so that no gap tells of others.
    """

    id: int
    at: datetime
    actor: str
    what: str
    subject: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of lines, newest first. total: how many this person may read."""

    lines: tuple[Line, ...]
    number: int
    total: int


def record(session: Session, actor: int | None, what: str, subject: str, **details: Detail) -> None:
    """Add a line in the caller's transaction; it stays when the caller commits.

    actor: a person's id, None for the program. what: "item.viewed". subject: "item:12". The
    chain's head stays locked until the commit, so lock the rows you mean to change first.
    Raises Refused for a detail that looks like somebody's words or a secret.
    """
    kept = _plain(details)
    head = _head(session)
    line = Audit(
        id=head.last_id + 1,
        at=now(),
        actor_id=actor,
        what=what,
        subject=subject,
        details=kept,
        previous_hash=head.last_hash,
    )
    line.hash = _hash(line)
    session.add(line)
    head.last_id, head.last_hash = line.id, line.hash
    session.flush()


def verify(session: Session) -> Verified:
    """Walk the chain from its first line to its head, in batches; stop at the first fault."""
    previous, seen = FIRST_HASH, 0
    while True:
        query = select(Audit).where(Audit.id > seen).order_by(Audit.id).limit(_BATCH)
        batch = session.scalars(query.execution_options(populate_existing=True)).all()
        for line in batch:
            why = _fault(line, seen + 1, previous)
            if why:
                return Verified(seen, line.id, why)
            seen, previous = line.id, line.hash
            session.expunge(line)
        if len(batch) < _BATCH:
            return _end(session, seen, previous)


def lines(session: Session, viewer: Viewer, number: int = 1) -> Lines:
    """A page of the record, newest first.

    The lead reads everything but what is kept from them (practice 4.14); an administrator what
    concerns accounts, sources and settings. Raises NotYours for everybody else.
    """
    theirs = _read_by(viewer)
    total = session.scalar(select(func.count()).select_from(Audit).where(theirs)) or 0
    skip = (max(number, 1) - 1) * LINES_A_PAGE
    rows = session.execute(
        select(Audit, Person.name)
        .outerjoin(Person, Person.id == Audit.actor_id)
        .where(theirs)
        .order_by(Audit.id.desc())
        .offset(skip)
        .limit(LINES_A_PAGE)
    )
    found = tuple(
        Line(total - skip - place, row.at, name or "", row.what, row.subject, _shown(row))
        for place, (row, name) in enumerate(rows)
    )
    return Lines(found, max(number, 1), total)


def _read_by(viewer: Viewer) -> ColumnElement[bool]:
    """Which lines this person reads. Raises NotYours for who reads none."""
    theirs: ColumnElement[bool] = true()
    if not viewer.has(Role.LEAD):
        if not viewer.has(Role.ADMIN):
            raise absent("the record")
        theirs = or_(*(Audit.subject.startswith(f"{kind}:") for kind in _ADMIN_SUBJECTS))
    kept = or_(denial.kept_lines(viewer.user_id), denial_people.kept_lines(viewer.user_id))
    return and_(theirs, not_(kept))


def _shown(line: Audit) -> dict[str, Any]:
    """The details, but for counts over everything: they would tell what a reader does not see."""
    kept_back = _WHOLE_COUNTS.get(line.what, ())
    return {key: value for key, value in line.details.items() if key not in kept_back}


def verify_for(session: Session, viewer: Viewer) -> Verified:
    """As `verify`, told in the reader's own numbers. The whole chain is walked all the same.

    Raises NotYours unless the viewer is a lead.
    """
    if not viewer.has(Role.LEAD):
        raise absent("the record")
    found, theirs = verify(session), _read_by(viewer)
    count = select(func.count()).select_from(Audit).where(theirs)
    if found.broken_at is None:
        return Verified(session.scalar(count) or 0)
    before = session.scalar(count.where(Audit.id < found.broken_at)) or 0
    said = f"A line after line {before} was changed, taken out or slipped in."
    return Verified(before, before + 1, said)


def last_at(session: Session, actor: int, what: str, subject: str) -> datetime | None:
    """When this person last did this to this, aware UTC; None if never."""
    query = select(func.max(Audit.id)).where(
        Audit.subject == subject, Audit.what == what, Audit.actor_id == actor
    )
    newest = session.scalar(query)
    return None if newest is None else session.get_one(Audit, newest).at


VIEW_LASTS = timedelta(minutes=10)
"""Drawing the same thing again within this time is the same look at it, and one line of record."""


def is_new_look(session: Session, viewer: Viewer, what: str, subject: str, at: datetime) -> bool:
    """Whether this person's look wants a line of its own: a screen draws itself anew by itself."""
    last = last_at(session, viewer.user_id, what, subject)
    return last is None or at - last >= VIEW_LASTS


def _plain(details: dict[str, Detail]) -> dict[str, Any]:
    """The details as JSON keeps them; Refused where one looks like words or a secret."""
    for key, value in details.items():
        values = [value] if isinstance(value, str) or not isinstance(value, Sequence) else value
        too_long = any(isinstance(each, str) and len(each) > LONGEST_DETAIL for each in values)
        if too_long or key.lower() in SECRET_KEYS:
            raise Refused(
                "A detail looks like somebody's words or a secret, and was not written.",
                subject=f'the record, detail "{key}"',
                cure="Record ids, counts and states only.",
            )
    plain: dict[str, Any] = json.loads(json.dumps(details))
    return plain


def _head(session: Session) -> AuditHead:
    """The chain's head, locked until the commit (SQLite: writers are one at a time already)."""
    query = select(AuditHead).where(AuditHead.id == 1).with_for_update(key_share=True)
    head = session.scalar(query.execution_options(populate_existing=True))
    if head is None:
        insert = (
            postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        )
        first = insert(AuditHead).values(id=1, last_id=0, last_hash=FIRST_HASH)
        session.execute(first.on_conflict_do_nothing())
        head = session.scalars(query.execution_options(populate_existing=True)).one()
    return head


def _hash(line: Audit) -> str:
    whole = {
        "id": line.id,
        "at": line.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": line.actor_id,
        "what": line.what,
        "subject": line.subject,
        "details": line.details,
        "previous": line.previous_hash,
    }
    canonical = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _fault(line: Audit, expected_id: int, previous: str) -> str:
    if line.id != expected_id:
        return f"Line {expected_id} is missing: the next one found is line {line.id}."
    if line.previous_hash != previous:
        return f"Line {line.id} does not follow the line before it."
    if line.hash != _hash(line):
        return f"Line {line.id} was changed after it was written."
    return ""


def _end(session: Session, seen: int, previous: str) -> Verified:
    head = session.get(AuditHead, 1)
    last_id, last_hash = (head.last_id, head.last_hash) if head else (0, FIRST_HASH)
    if last_id != seen:
        return Verified(seen, seen + 1, f"Lines after line {seen} are missing; {last_id} are due.")
    if last_hash != previous:
        return Verified(seen, seen, f"Line {seen} is not the one that the head names.")
    return Verified(seen)
