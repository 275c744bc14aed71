"""Letting go of lines of members' lists, a year after somebody left a place (practice 4.9).

Never while a question about them is open, or while they are being taken out. What people decided
about them stays, with the name that they decided about.
"""

from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from casework import audit
from casework.keeping import Keeping, Periods, Reason
from casework.sessions import Clock
from models.tables import MemberCheck, MemberRemoval, MemberRow, MembershipReview, Tombstone
from models.unit_of_work import Store
from models.vocabulary import ActionState, now

AT_ONCE = 200
"""Lines that go in one commit."""

_MOVING = (ActionState.WANTED, ActionState.SENT, ActionState.BY_HAND)


def forget_left(store: Store, periods: Periods, clock: Clock = now) -> int:
    """Let go of the lines of those who left long ago; how many. Safe to repeat and to run twice."""
    if periods.legal_hold:
        return 0
    at, count = clock(), 0
    while True:
        with store.write() as session:
            gone = _let_go(session, at - periods.left, at)
            session.commit()
        count += gone
        if not gone:
            return count


def _let_go(session: Session, before: datetime, at: datetime) -> int:
    asked = exists().where(
        MembershipReview.member_id == MemberRow.id, MembershipReview.decided_at.is_(None)
    )
    moving = exists().where(
        MemberRemoval.source_id == MemberRow.source_id,
        MemberRemoval.handle == MemberRow.handle,
        MemberRemoval.state.in_(_MOVING),
    )
    rows = session.execute(
        select(MemberRow.id, MemberRow.left_at)
        .where(MemberRow.left_at <= before, ~asked, ~moving)
        .order_by(MemberRow.id)
        .limit(AT_ONCE)
        .with_for_update()
    ).all()
    ids = [row.id for row in rows]
    if not ids:
        return 0
    for row in rows:
        session.add(
            Tombstone(
                kind="member",
                thing_id=row.id,
                keeping=Keeping.MEMBER.value,
                reason=Reason.KEPT_LONG_ENOUGH.value,
                began_at=row.left_at,
                dropped_at=at,
            )
        )
    session.execute(
        update(MembershipReview).where(MembershipReview.member_id.in_(ids)).values(member_id=None)
    )
    session.execute(delete(MemberCheck).where(MemberCheck.member_id.in_(ids)))
    session.execute(delete(MemberRow).where(MemberRow.id.in_(ids)))
    audit.record(session, None, "members.dropped", "members", lines=len(ids))
    return len(ids)
