"""Accounts: who may sign in, and in which roles. The front door to sessions and links too.

An administrator manages accounts and sees no content. Nobody can change their own roles, the
last administrator stays, and whoever is given a role that reads posts shows as a number in the
lead's next digest. `by` is the signed-in administrator, or None for the command line on the
machine itself.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework import audit
from casework.invites import accept_invite, end_links, invite, open_invite
from casework.mail import address_problem
from casework.sessions import Clock, end_all, sign_in, sign_out, viewer_for
from casework.visibility import absent
from models.errors import MendInput, Refused
from models.tables import Invite, Person
from models.unit_of_work import Store
from models.vocabulary import Role, Viewer, now

__all__ = [
    "PersonLine",
    "accept_invite",
    "create_person",
    "deactivate",
    "invite",
    "list_people",
    "open_invite",
    "reactivate",
    "set_email",
    "set_roles",
    "shared_mailbox",
    "sign_in",
    "sign_out",
    "viewer_for",
]

_SHARED = frozenset(
    (
        *("admin", "all", "bookings", "committee", "contact", "enquiries", "everyone", "hello"),
        *("help", "info", "mail", "office", "reception", "secretary", "staff", "studio"),
        *("team", "trustees", "volunteers"),
    )
)
"""What stands before the @ where several people read the mailbox (practice 7)."""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One account as an administrator sees it. Times aware UTC.

    ready: has set a password. invited_until: when the open link ends, None without one.
    warning: what is doubtful about it, in plain words, "" when nothing is.
    """

    id: int
    username: str
    name: str
    email: str
    roles: tuple[Role, ...]
    active: bool
    ready: bool
    waiting_until: datetime | None
    invited_until: datetime | None
    created_at: datetime
    warning: str


def create_person(
    store: Store,
    by: Viewer | None,
    *,
    username: str,
    name: str,
    email: str = "",
    roles: Collection[Role] = (),
    clock: Clock = now,
) -> int:
    """The id of a new account, which cannot sign in before its link is used.

    Raises NotYours unless `by` is an administrator, MendInput for a user name, name or address
    that will not do, Refused where the user name is taken.
    """
    _require_admin(by, "accounts")
    user = _username(username)
    _check_details(name, email)
    with store.write() as session:
        person = Person(
            username=user,
            name=" ".join(name.split()),
            email=email.strip(),
            roles=sorted(Role(role).value for role in roles),
            created_at=clock(),
        )
        session.add(person)
        try:
            session.flush()
        except IntegrityError as error:
            raise Refused(
                "Somebody has this user name already.",
                subject=f'user name "{user}"',
                cure="Choose another one.",
            ) from error
        _record(session, by, "person.created", person, roles=person.roles)
        session.commit()
        return person.id


def list_people(session: Session, viewer: Viewer, clock: Clock = now) -> tuple[PersonLine, ...]:
    """Every account, by name. Raises NotYours unless the viewer is an administrator."""
    _require_admin(viewer, "accounts")
    at = clock()
    open_links = select(Invite.person_id, func.max(Invite.expires_at)).where(
        Invite.used_at.is_(None), Invite.expires_at > at
    )
    links = {row[0]: row[1] for row in session.execute(open_links.group_by(Invite.person_id))}
    found = session.scalars(select(Person).order_by(Person.active.desc(), Person.name, Person.id))
    return tuple(_line(person, links.get(person.id), at) for person in found)


def set_roles(
    store: Store, by: Viewer | None, person_id: int, roles: Collection[Role], clock: Clock = now
) -> None:
    """Give exactly these roles. A person who loses or gains one has to sign in again.

    Raises Refused for one's own roles and for the last administrator's; NotYours as elsewhere.
    """
    wanted = sorted(Role(role).value for role in roles)
    with store.write() as session:
        person = _locked(session, by, person_id, with_others=True)
        if by is not None and by.user_id == person_id:
            raise Refused(
                "Nobody changes their own roles.",
                subject=f"person {person_id}",
                cure="Ask another administrator, or use the command line on the machine itself.",
            )
        if person.roles == wanted:
            return
        _keep_an_admin(session, person, still=Role.ADMIN.value in wanted)
        before, person.roles = person.roles, wanted
        end_all(session, person_id, clock())
        _record(session, by, "person.roles_changed", person, before=before, roles=wanted)
        session.commit()


def set_email(store: Store, by: Viewer | None, person_id: int, email: str) -> None:
    """Where digests and alerts for this person go. Raises MendInput for what is no address."""
    with store.write() as session:
        person = _locked(session, by, person_id)
        _check_details(person.name, email)
        person.email = email.strip()
        _record(session, by, "person.email_changed", person)
        session.commit()


def deactivate(store: Store, by: Viewer | None, person_id: int, clock: Clock = now) -> None:
    """Switch the account off at once: its sessions and links end. Nothing it did is removed.

    Raises Refused for the last administrator.
    """
    with store.write() as session:
        person = _locked(session, by, person_id, with_others=True)
        _keep_an_admin(session, person, still=False)
        person.active = False
        ended = end_all(session, person_id, clock())
        end_links(session, person_id, clock())
        _record(session, by, "person.deactivated", person, sessions_ended=ended)
        session.commit()


def reactivate(store: Store, by: Viewer | None, person_id: int) -> None:
    """Switch the account on again, without a password: a new link has to be made for it."""
    with store.write() as session:
        person = _locked(session, by, person_id)
        if person.active:
            return
        person.active, person.password_hash, person.totp_secret = True, "", ""
        _record(session, by, "person.reactivated", person, roles=person.roles)
        session.commit()


def shared_mailbox(email: str) -> bool:
    """Whether the address looks like one that several people read ("info@")."""
    return email.partition("@")[0].strip().lower() in _SHARED


def _line(person: Person, invited_until: datetime | None, at: datetime) -> PersonLine:
    waiting = person.locked_until
    return PersonLine(
        person.id,
        person.username,
        person.name,
        person.email,
        tuple(Role(role) for role in person.roles),
        person.active,
        bool(person.password_hash),
        waiting if waiting is not None and waiting > at else None,
        invited_until,
        person.created_at,
        _warning(person),
    )


def _warning(person: Person) -> str:
    if not person.active:
        return ""
    if not person.email:
        return "There is no e-mail address: neither the weekly summary nor alerts can be sent."
    if shared_mailbox(person.email):
        return "Several people may read this mailbox. Use the person's own address."
    return ""


def _require_admin(by: Viewer | None, subject: str) -> None:
    if by is not None and not by.has(Role.ADMIN):
        raise absent(subject)


def _locked(
    session: Session, by: Viewer | None, person_id: int, *, with_others: bool = False
) -> Person:
    """The person's row, locked until the commit.

    with_others: every row, always in the same order, so that two administrators who take each
    other's role at once neither both succeed nor wait for each other in a circle.
    """
    _require_admin(by, f"person {person_id}")
    if with_others:
        everybody = select(Person).order_by(Person.id).with_for_update(key_share=True)
        session.scalars(everybody).all()
    person = session.get(Person, person_id, with_for_update={"key_share": True})
    if person is None:
        raise absent(f"person {person_id}")
    return person


def _keep_an_admin(session: Session, person: Person, *, still: bool) -> None:
    """Refused when nobody else would be an administrator. Every row has to be locked already."""
    if still or Role.ADMIN.value not in person.roles or not person.active:
        return
    others = session.scalars(select(Person).where(Person.active, Person.id != person.id))
    if not any(Role.ADMIN.value in one.roles for one in others):
        raise Refused(
            "This is the last administrator.",
            subject=f"person {person.id}",
            cure="Make somebody else an administrator first.",
        )


def _username(username: str) -> str:
    user = username.strip().lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,79}", user):
        raise MendInput(
            "It is not a user name.",
            subject="the user name",
            cure="Use 2 to 80 letters without accents, digits, dots, hyphens or underscores.",
        )
    return user


def _check_details(name: str, email: str) -> None:
    if not name.strip() or len(name) > 200 or not name.isprintable():
        raise MendInput(
            "A person needs a name.",
            subject="the name",
            cure="Write the full name, in at most 200 characters.",
        )
    if email.strip() and address_problem(email.strip()):
        raise MendInput(
            address_problem(email.strip()),
            subject="the e-mail address",
            cure="Write one person's own address, such as sam@example.org, or leave it empty.",
        )


def _record(
    session: Session, by: Viewer | None, what: str, person: Person, **details: audit.Detail
) -> None:
    actor = None if by is None else by.user_id
    audit.record(session, actor, what, f"person:{person.id}", **details)
