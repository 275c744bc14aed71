"""Letting go of lines of members' lists, a year after somebody left a place (practice 4.9).

Never while a question about them is open, or while they are being taken out. What people decided
about them stays, with the name that they decided about.
"""

from datetime import datetime

from sqlalchemy import Select, delete, exists, select, update
from sqlalchemy.orm import Session

from casework import audit
from casework.keeping import Keeping, Periods
from casework.sessions import Clock
from casework.tombstones import set_stone
from models.tables import MemberCheck, MemberRemoval, MemberRow, MembershipReview
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
        with store.read() as session:  # most rounds find nobody, and need no lock for it
            if session.execute(_due(at - periods.left)).first() is None:
                return count
        with store.write() as session:
            count += _let_go(session, at - periods.left, at)
            session.commit()


def _due(before: datetime) -> Select[int, datetime | None]:
    """Number, and when they left, of those who left before that moment and of whom nothing is
    asked."""
    asked = exists().where(
        MembershipReview.member_id == MemberRow.id, MembershipReview.decided_at.is_(None)
    )
    moving = exists().where(
        MemberRemoval.source_id == MemberRow.source_id,
        MemberRemoval.handle == MemberRow.handle,
        MemberRemoval.state.in_(_MOVING),
    )
    return (
        select(MemberRow.id, MemberRow.left_at)
        .where(MemberRow.left_at <= before, ~asked, ~moving)
        .order_by(MemberRow.id)
        .limit(AT_ONCE)
    )


def _let_go(session: Session, before: datetime, at: datetime) -> int:
    rows = session.execute(_due(before).with_for_update()).all()
    ids = [row.id for row in rows]
    for row in rows:
        set_stone(session, "member", row.id, Keeping.MEMBER, row.left_at or before, at)
    session.execute(
        update(MembershipReview).where(MembershipReview.member_id.in_(ids)).values(member_id=None)
    )
    session.execute(delete(MemberCheck).where(MemberCheck.member_id.in_(ids)))
    session.execute(delete(MemberRow).where(MemberRow.id.in_(ids)))
    audit.record(session, None, "members.dropped", "members", lines=len(ids))
    return len(ids)
