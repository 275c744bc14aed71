"""Members of places that give no list, by what is seen of them: who came, who went, who wrote.

What is told may be told again (exports overlap) and in any order, so each row keeps the newest
time at which its person was seen, and the time at which they went; older news changes nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.connector import MemberSeen
from collector.storing import clean, stored_id
from models.tables import MemberRow
from models.vocabulary import aware

_NAME, _ROLE, _AT_ONCE = 300, 80, 500


def store_people(
    session: Session, source_id: int, people: Sequence[MemberSeen], moment: datetime
) -> None:
    """Take over what was seen, in its order. The caller holds the source and commits."""
    if not people:
        return
    handles = {stored_id(handle) for one in people for handle in (one.handle, one.was) if handle}
    rows: dict[str, MemberRow] = {}
    waiting = sorted(handles)
    for start in range(0, len(waiting), _AT_ONCE):
        some = MemberRow.handle.in_(waiting[start : start + _AT_ONCE])
        found = session.scalars(select(MemberRow).where(MemberRow.source_id == source_id, some))
        rows.update({row.handle: row for row in found})
    for one in people:
        if stored_id(one.handle):
            seen = replace(one, at=aware(one.at), display_name=clean(one.display_name)[:_NAME])
            _take(session, source_id, rows, seen, moment)


def _take(
    session: Session,
    source_id: int,
    rows: dict[str, MemberRow],
    seen: MemberSeen,
    moment: datetime,
) -> None:
    handle, before = stored_id(seen.handle), rows.get(stored_id(seen.was)) if seen.was else None
    row = rows.get(handle)
    if row is None:
        row = MemberRow(
            source_id=source_id,
            handle=handle,
            display_name=seen.display_name,
            role=clean(seen.role)[:_ROLE],
            since=seen.at if seen.there else None,
            first_seen_at=moment,
            last_seen_at=seen.at,
            left_at=None if seen.there else seen.at,
            before={},
        )
        session.add(row)
        rows[handle] = row
        if before is not None:  # the same person under another handle
            row.before = {"display_name": before.display_name, "role": before.role}
            row.changed_at, row.since = seen.at, before.since
    else:
        _refresh(row, seen)
    if before is not None and before is not row and before.left_at is None:
        before.left_at = seen.at


def _refresh(row: MemberRow, seen: MemberSeen) -> None:
    if not seen.there:
        if row.left_at is None and seen.at >= row.last_seen_at:
            row.left_at = seen.at
        return
    if row.left_at is not None and seen.at > row.left_at:
        row.left_at, row.since = None, seen.at
    if seen.at < row.last_seen_at:
        row.since = min(row.since, seen.at) if row.since and row.left_at is None else row.since
        return
    row.last_seen_at = seen.at
    role = clean(seen.role)[:_ROLE] or row.role
    name = seen.display_name or row.display_name
    if (row.display_name, row.role) != (name, role):
        row.before = {"display_name": row.display_name, "role": row.role}
        row.changed_at = seen.at
        row.display_name, row.role = name, role
