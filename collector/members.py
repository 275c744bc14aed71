"""Who belongs to a place, where its platform lists them: kept, with what changed and who left.

A list counts only when it was read to its end: one that breaks off takes nobody away.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.connector import ListsMembers, Member
from collector.storing import Clock, clean, stored_id
from models.errors import NeedsOperator, Refused
from models.tables import MemberRow, Source
from models.unit_of_work import Store
from models.vocabulary import aware, now

EVERY = timedelta(hours=1)
"""How often a list is read: it changes seldom, and costs calls that posts need."""

MOST = 50_000
"""People at one place. More than that is no club's group, or a list without an end."""

_NAME, _ROLE = 300, 80
NOT_READ = "The list of members could not be read:"


@dataclass(frozen=True, slots=True)
class Membership:
    """What reading a list came to. changed: another name or role. back: had left before.

    read: False where it was not due yet, and nothing was asked.
    """

    joined: int = 0
    changed: int = 0
    left: int = 0
    back: int = 0
    read: bool = True


@dataclass(frozen=True, slots=True)
class _Listed:
    display_name: str
    role: str
    since: datetime | None


def poll_members(
    store: Store, source_id: int, connector: ListsMembers, *, clock: Clock = now
) -> Membership:
    """Read the list if it is an hour old, and store it in one commit.

    Raises RetryLater, NeedsOperator or Refused; the last two stand in the source's notes too. The
    source is not blind for it: its posts are another matter.
    """
    moment = clock()
    if not _is_due(store, source_id, moment):
        return Membership(read=False)
    try:
        listed = _listed(connector.members(), source_id)
    except (NeedsOperator, Refused) as error:
        _note(store, source_id, f"{NOT_READ} {error.what} {error.cure}")
        raise
    with store.write() as session:
        # One at a time: two workers would both insert whoever is new.
        session.execute(select(Source.id).where(Source.id == source_id).with_for_update())
        membership = _compare(session, source_id, listed, moment)
        session.commit()
    return membership


def _is_due(store: Store, source_id: int, moment: datetime) -> bool:
    with store.read() as session:
        newest = select(func.max(MemberRow.last_seen_at), func.max(MemberRow.left_at))
        found = session.execute(newest.where(MemberRow.source_id == source_id)).one()
    read_at = [one for one in found if one is not None]
    return not read_at or moment - max(read_at) >= EVERY


def _listed(members: Iterator[Member], source_id: int) -> dict[str, _Listed]:
    """By handle. Somebody listed twice has both roles. Raises Refused for an endless list."""
    found: dict[str, _Listed] = {}
    for number, member in enumerate(members):
        if number >= MOST:
            raise Refused(
                f"There are more than {MOST} people on it.",
                subject=f"source number {source_id}",
                cure="A place of that size is not watched by its members.",
            )
        handle = stored_id(member.handle)
        if handle:
            found[handle] = _joined(found.get(handle), member)
    return found


def _joined(known: _Listed | None, member: Member) -> _Listed:
    name, role = clean(member.display_name)[:_NAME], clean(member.role)
    since = None if member.since is None else aware(member.since)
    if known is None:
        return _Listed(name, role[:_ROLE], since)
    roles = list(dict.fromkeys([*known.role.split(", "), role]))
    times = [one for one in (known.since, since) if one is not None]
    return _Listed(
        known.display_name or name,
        ", ".join(one for one in roles if one)[:_ROLE],
        min(times, default=None),
    )


def _compare(
    session: Session, source_id: int, listed: Mapping[str, _Listed], moment: datetime
) -> Membership:
    rows = session.scalars(select(MemberRow).where(MemberRow.source_id == source_id)).all()
    known = {row.handle: row for row in rows}
    changed = left = back = 0
    for handle, row in known.items():
        there = listed.get(handle)
        if there is not None:
            back += row.left_at is not None
            changed += _refresh(row, there, moment)
        elif row.left_at is None:
            row.left_at = moment
            left += 1
    fresh = [handle for handle in listed if handle not in known]
    session.add_all(_made(source_id, handle, listed[handle], moment) for handle in fresh)
    return Membership(len(fresh), changed, left, back)


def _refresh(row: MemberRow, there: _Listed, moment: datetime) -> bool:
    """Take over how somebody is listed now; whether that is another name or role than before."""
    row.last_seen_at, row.left_at = moment, None
    row.since = there.since or row.since
    if (row.display_name, row.role) == (there.display_name, there.role):
        return False
    row.before = {"display_name": row.display_name, "role": row.role}
    row.changed_at = moment
    row.display_name, row.role = there.display_name, there.role
    return True


def _made(source_id: int, handle: str, there: _Listed, moment: datetime) -> MemberRow:
    return MemberRow(
        source_id=source_id,
        handle=handle,
        display_name=there.display_name,
        role=there.role,
        since=there.since,
        first_seen_at=moment,
        last_seen_at=moment,
        before={},
    )


def _note(store: Store, source_id: int, said: str) -> None:
    """Say it on the Sources screen, until the next poll that goes well says otherwise."""
    with store.write() as session:
        source = session.get(Source, source_id, with_for_update={"key_share": True})
        if source is not None and said not in source.notes:
            source.notes = [*source.notes, said]
            session.commit()
