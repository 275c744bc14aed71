"""Signing in and staying signed in.

A session is a random token: the browser has it in a cookie, the table has only its SHA-256. It
ends after 30 minutes without use and after 12 hours in any case.

Guessing is slowed per account: from the fifth failure in a row each further try has to wait,
30 seconds at first, then twice as long each time, an hour at most. While it waits nothing is
tried, not even the right password. Wrong name, wrong password, wrong code and waiting are told
in the same words, after the same work.
"""

import hashlib
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session as Connection

from casework import audit
from casework.passwords import fits
from casework.second_factor import step_of
from models.errors import NeedsOperator, Refused, RetryLater
from models.tables import Person, Session
from models.unit_of_work import Store
from models.vocabulary import Role, Viewer, now

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
"""How often use is written down: a session in use costs one small write a minute."""

FREE_FAILURES = 4
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)

Clock = Callable[[], datetime]
_log = logging.getLogger(__name__)


def sign_in(store: Store, username: str, password: str, code: str, clock: Clock = now) -> str:
    """A new session's token, for the cookie.

    Raises Refused, in the same words for whatever is wrong. The try is counted before anything
    is compared, so that many tries at the same moment count as many.
    """
    attempt = _begin(store, username, clock())
    right = fits(attempt.password_hash, password)
    step = step_of(attempt.totp_secret, code, clock(), attempt.totp_last_step)
    if not right or step is None or attempt.person_id is None:
        raise _refusal()
    return _finish(store, attempt.person_id, step, clock())


def viewer_for(
    store: Store, token: str, clock: Clock = now, *, counts_as_use: bool = True
) -> Viewer | None:
    """Who is signed in with this token, None when nobody is (ended, idle, too old, unknown).

    counts_as_use: whether this keeps the session from going idle; pass False for what a browser
    does by itself.
    """
    at = clock()
    with store.read() as session:
        row = session.execute(_living(token, at)).one_or_none()
        if row is None:
            return None
        signed_in, person = row
        viewer = Viewer(person.id, person.name, frozenset(Role(role) for role in person.roles))
    if counts_as_use and at - signed_in.last_seen_at >= SEEN_EVERY:
        _note_use(store, signed_in.id, at)
    return viewer


def _note_use(store: Store, session_id: int, at: datetime) -> None:
    """Write the use down. On a full disk people can still read: the session only idles sooner."""
    try:
        with store.write() as session:
            seen = update(Session).where(Session.id == session_id, Session.ended_at.is_(None))
            session.execute(seen.values(last_seen_at=at))
            session.commit()
    except (RetryLater, NeedsOperator) as error:
        _log.warning("the use of a session was not written down: %s", error)


def sign_out(store: Store, token: str, clock: Clock = now) -> None:
    """End the session. Nothing happens where it has ended already."""
    at = clock()
    with store.write() as session:
        row = session.execute(_living(token, at)).one_or_none()
        if row is None:
            return
        signed_in, person = row
        signed_in.ended_at = at
        audit.record(session, person.id, "session.ended", f"person:{person.id}")
        session.commit()


def end_all(session: Connection, person_id: int, at: datetime) -> int:
    """End every session of a person, in the caller's transaction. How many there were."""
    living = (Session.person_id == person_id) & Session.ended_at.is_(None)
    found = list(session.scalars(select(Session).where(living)))
    for one in found:
        one.ended_at = at
    return len(found)


def token_hash(token: str) -> str:
    """What the tables keep of a token: SHA-256, hex."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What one try is compared with; all empty for an account that is not to be tried."""

    person_id: int | None = None
    password_hash: str = ""
    totp_secret: str = ""
    totp_last_step: int = 0


def _begin(store: Store, username: str, at: datetime) -> _Attempt:
    """Count the try, unless the account is waiting, and write it into the record.

    One commit in every case: the time taken does not tell who has an account. The record never
    holds what was typed: people type passwords into the wrong field.
    """
    with store.write() as session:
        query = select(Person).where(Person.username == username.strip().lower())
        person = session.scalar(query.with_for_update(key_share=True))
        attempt, waiting = _Attempt(), False
        if person is not None and person.active and person.password_hash:
            waiting = person.locked_until is not None and at < person.locked_until
            if not waiting:
                attempt = _count(person, at)
        subject = "person:unknown" if person is None else f"person:{person.id}"
        audit.record(session, None, "session.tried", subject, waiting=waiting)
        session.commit()
        return attempt


def _count(person: Person, at: datetime) -> _Attempt:
    person.failures += 1
    person.locked_until = _wait_after(person.failures, at)
    return _Attempt(person.id, person.password_hash, person.totp_secret, person.totp_last_step)


def _wait_after(failures: int, at: datetime) -> datetime | None:
    if failures <= FREE_FAILURES:
        return None
    doublings = min(failures - FREE_FAILURES - 1, 20)
    wait: timedelta = FIRST_WAIT * int(2**doublings)
    return at + min(wait, LONGEST_WAIT)


def _finish(store: Store, person_id: int, step: int, at: datetime) -> str:
    """Use the code up and open the session, in one commit."""
    token = secrets.token_urlsafe(32)
    with store.write() as session:
        unused = (Person.id == person_id) & (Person.totp_last_step < step) & Person.active
        fresh = update(Person).where(unused)
        used = session.execute(
            fresh.values(totp_last_step=step, failures=0, locked_until=None).returning(Person.id)
        )
        if used.one_or_none() is None:
            raise _refusal()
        session.add(
            Session(
                token_hash=token_hash(token),
                person_id=person_id,
                created_at=at,
                last_seen_at=at,
                expires_at=at + ABSOLUTE,
            )
        )
        audit.record(session, person_id, "session.begun", f"person:{person_id}")
        session.commit()
    return token


def _living(token: str, at: datetime) -> Select[Session, Person]:
    return (
        select(Session, Person)
        .join(Person, Person.id == Session.person_id)
        .where(
            Session.token_hash == token_hash(token),
            Session.ended_at.is_(None),
            Session.expires_at > at,
            Session.last_seen_at > at - IDLE,
            Person.active,
        )
    )


def _refusal() -> Refused:
    return Refused(
        "The user name, the password or the code is wrong, or there were too many tries.",
        subject="signing in",
        cure="Wait a minute, check all three, then try again with the newest code.",
    )
