"""What belongs to a person on the register: handles, other names, ties to other people.

Functions that begin with `put` or `insert` work in the caller's transaction, and the caller
writes the line of record. `viewer` None is the command line on the machine itself.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from casework import subjects
from casework.register_edit import LONGEST_NAME, Clock, locked, record, touch, wrong
from casework.register_names import handle_key
from models.errors import Refused
from models.register_words import HandleUse, LinkKind
from models.tables import RegisterAlias, RegisterHandle, RegisterLink, RegisterPerson
from models.unit_of_work import Store
from models.vocabulary import Viewer, now


def add_handle(
    store: Store,
    viewer: Viewer | None,
    person_id: int,
    *,
    connector: str,
    handle: str,
    use: HandleUse = HandleUse.PERSONAL,
    clock: Clock = now,
) -> int:
    """The id of a new handle. connector "": any platform. Raises Refused where it is taken."""
    with store.write() as session:
        row = locked(session, viewer, person_id)
        handle_id = insert_handle(session, row, connector, handle, use, clock())
        record(session, viewer, "register.handle_added", person_id, handle=handle_id)
        session.commit()
    subjects.after_edit(store, person_id)
    return handle_id


def insert_handle(
    session: Session,
    person: RegisterPerson,
    connector: str,
    handle: str,
    use: HandleUse,
    at: datetime,
) -> int:
    """The row alone, in the caller's transaction. Raises MendInput, Refused as `add_handle`."""
    key = handle_key(handle)
    if not key or len(handle) > 300:
        raise wrong("handle", "It is empty or too long.", "Write it as the platform shows it.")
    taken = select(RegisterHandle.person_id).where(
        RegisterHandle.connector == connector, RegisterHandle.handle_key == key
    )
    if session.scalar(taken) is not None:
        raise Refused(
            "That handle is on the register already.",
            subject="the handle",
            cure="Search the register for it, and take it from the other person first.",
        )
    made = RegisterHandle(
        person_id=person.id,
        connector=connector,
        handle=handle.strip(),
        handle_key=key,
        use=use,
        added_at=at,
    )
    session.add(made)
    session.flush()
    touch(person, at)
    return made.id


def drop_handle(
    store: Store, viewer: Viewer, person_id: int, handle_id: int, *, clock: Clock = now
) -> None:
    """Take a handle away from a person."""
    with store.write() as session:
        row = locked(session, viewer, person_id)
        session.execute(
            delete(RegisterHandle).where(
                RegisterHandle.id == handle_id, RegisterHandle.person_id == person_id
            )
        )
        touch(row, clock())
        record(session, viewer, "register.handle_dropped", person_id, handle=handle_id)
        session.commit()


def set_aliases(
    store: Store,
    viewer: Viewer | None,
    person_id: int,
    names: Collection[str],
    *,
    clock: Clock = now,
) -> None:
    """Give a person exactly these other names."""
    with store.write() as session:
        row = locked(session, viewer, person_id)
        if put_aliases(session, row, names, clock()):
            record(session, viewer, "register.aliases_set", person_id, count=len(names))
            session.commit()
    subjects.after_edit(store, person_id)


def put_aliases(
    session: Session, person: RegisterPerson, names: Collection[str], at: datetime
) -> bool:
    """In the caller's transaction; whether anything changed. Raises MendInput for a long one."""
    wanted = list(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))
    if any(len(name) > 2 * LONGEST_NAME for name in wanted):
        raise wrong("other name", "It is too long.", "Shorten it.")
    mine = RegisterAlias.person_id == person.id
    before = session.scalars(select(RegisterAlias.name).where(mine)).all()
    if set(before) == set(wanted):
        return False
    session.execute(delete(RegisterAlias).where(mine))
    session.add_all(RegisterAlias(person_id=person.id, name=name) for name in wanted)
    session.flush()
    touch(person, at)
    return True


def add_link(
    store: Store,
    viewer: Viewer | None,
    person_id: int,
    to_id: int,
    kind: LinkKind,
    *,
    clock: Clock = now,
) -> None:
    """Tie two people: of `person_id`, the child, `to_id` is the parent or guardian."""
    with store.write() as session:
        row = locked(session, viewer, person_id)
        locked(session, viewer, to_id)
        if put_link(session, row, to_id, kind, clock()):
            record(session, viewer, "register.link_added", person_id, to=to_id, kind=kind.value)
            session.commit()
    subjects.after_edit(store, person_id, to_id)


def put_link(
    session: Session,
    person: RegisterPerson,
    to_id: int,
    kind: LinkKind,
    at: datetime,
    *,
    fresh: bool = False,
) -> bool:
    """In the caller's transaction; whether it was new. Raises Refused for a circle.

    fresh: one of the two was added just now and has no ties yet.
    """
    if fresh:
        session.add(RegisterLink(person_id=person.id, to_id=to_id, kind=kind))
        touch(person, at)
        return True
    if person.id == to_id:
        raise Refused(
            "Nobody is tied to themselves.", subject="the link", cure="Choose another person."
        )
    one = (RegisterLink.person_id == person.id) & (RegisterLink.to_id == to_id)
    other = (RegisterLink.person_id == to_id) & (RegisterLink.to_id == person.id)
    found = session.scalars(select(RegisterLink).where(or_(one, other))).all()
    if any(
        each.kind is kind and (each.person_id == person.id or _both_ways(kind)) for each in found
    ):
        return False
    if not _both_ways(kind) and any(
        each.person_id == to_id and not _both_ways(each.kind) for each in found
    ):
        raise Refused(
            "The other person is on the register as this one's child.",
            subject="the link",
            cure="Take that link away first if it is wrong.",
        )
    session.add(RegisterLink(person_id=person.id, to_id=to_id, kind=kind))
    session.flush()
    touch(person, at)
    return True


def drop_link(
    store: Store, viewer: Viewer, person_id: int, to_id: int, *, clock: Clock = now
) -> None:
    """Take every tie between two people away, whichever way it goes."""
    with store.write() as session:
        row = locked(session, viewer, person_id)
        one = (RegisterLink.person_id == person_id) & (RegisterLink.to_id == to_id)
        other = (RegisterLink.person_id == to_id) & (RegisterLink.to_id == person_id)
        session.execute(delete(RegisterLink).where(or_(one, other)))
        touch(row, clock())
        record(session, viewer, "register.link_dropped", person_id, to=to_id)
        session.commit()


def _both_ways(kind: LinkKind) -> bool:
    return kind is LinkKind.RELATIVE
