"""One-time links: how a person gets a password and an authenticator, at first and again later.

The link holds a token of 256 random bits; the table has only its SHA-256. It works once, for
seven days, and a newer link for the same person ends an older one.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casework import audit
from casework.passwords import hash_password, require_good
from casework.second_factor import new_secret, provisioning_uri, step_of
from casework.sessions import Clock, end_all, token_hash
from casework.visibility import absent
from models.errors import Refused
from models.tables import Invite, Person
from models.unit_of_work import Store
from models.vocabulary import Role, Viewer, now

GOOD_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class InviteView:
    """What the page behind the link shows. secret: for typing in; uri: for the QR code."""

    name: str
    username: str
    secret: str
    uri: str
    expires_at: datetime


def invite(store: Store, person_id: int, by: Viewer | None = None, clock: Clock = now) -> str:
    """The token of a new link for this person: shown once, never stored.

    by: an administrator, None for the command line on the machine itself. Raises NotYours for
    anybody else or a missing person, Refused for an account that is switched off.
    """
    if by is not None and not by.has(Role.ADMIN):
        raise absent(f"person {person_id}")
    token, at = secrets.token_urlsafe(32), clock()
    with store.write() as session:
        person = session.get(Person, person_id, with_for_update={"key_share": True})
        if person is None:
            raise absent(f"person {person_id}")
        if not person.active:
            raise Refused(
                "This account is switched off.",
                subject=f"person {person_id}",
                cure="Switch it on again first.",
            )
        end_links(session, person_id, at)
        expires = at + GOOD_FOR
        session.add(Invite(token_hash=token_hash(token), person_id=person_id, expires_at=expires))
        actor = None if by is None else by.user_id
        again = bool(person.password_hash)
        audit.record(session, actor, "person.invited", f"person:{person_id}", again=again)
        session.commit()
    return token


def open_invite(
    store: Store, token: str, organisation_name: str = "", clock: Clock = now
) -> InviteView:
    """What to show behind the link; the authenticator's secret stays the same until it is used.

    Raises Refused where the link is unknown, used or too old.
    """
    with store.write() as session:
        link, person = _living(session, token, clock())
        if not link.totp_secret:
            link.totp_secret = new_secret()
            session.commit()
        uri = provisioning_uri(link.totp_secret, person.username, organisation_name)
        return InviteView(person.name, person.username, link.totp_secret, uri, link.expires_at)


def accept_invite(
    store: Store, token: str, password: str, totp_code: str, clock: Clock = now
) -> int:
    """Set the password and the authenticator; end the link and every open session. The person's id.

    Raises Refused for a link that no longer works, a weak password or a wrong code; the link
    then goes on working.
    """
    with store.read() as session:
        link, person = _living(session, token, clock())
        require_good(password, person.name, person.username, person.email)
        step = step_of(link.totp_secret, totp_code, clock())
    if step is None:
        raise Refused(
            "The six digits are not right.",
            subject="the authenticator",
            cure="Check that the phone's clock is right, then type the digits it shows now.",
        )
    hashed = hash_password(password)  # outside the transaction: it takes a while
    with store.write() as session:
        link, person = _living(session, token, clock(), lock=True)
        person.password_hash, person.totp_secret = hashed, link.totp_secret
        person.totp_last_step, person.failures, person.locked_until = step, 0, None
        link.used_at, link.totp_secret = clock(), ""
        ended = end_all(session, person.id, clock())
        subject = f"person:{person.id}"
        audit.record(session, person.id, "person.credentials_set", subject, sessions_ended=ended)
        session.commit()
        return person.id


def end_links(session: Session, person_id: int, at: datetime) -> None:
    """End every link of a person that still works, in the caller's transaction."""
    unused = (Invite.person_id == person_id) & Invite.used_at.is_(None) & (Invite.expires_at > at)
    session.execute(update(Invite).where(unused).values(expires_at=at, totp_secret=""))


def _living(
    session: Session, token: str, at: datetime, *, lock: bool = False
) -> tuple[Invite, Person]:
    query = select(Invite).where(Invite.token_hash == token_hash(token))
    link = session.scalar(query.with_for_update(key_share=True) if lock else query)
    person = None if link is None else session.get(Person, link.person_id)
    good = link is not None and link.used_at is None and link.expires_at > at
    if link is None or person is None or not good or not person.active:
        raise Refused(
            "This link does not work: it was used, it is too old, or a newer one was made.",
            subject="the link",
            cure="Ask an administrator for a new one.",
        )
    return link, person
