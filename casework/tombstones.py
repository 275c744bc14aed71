"""The row that stands where something is no longer kept (practice 4.8): class, dates, no name."""

from datetime import datetime

from sqlalchemy.orm import Session

from casework.keeping import Keeping, Reason
from models.tables import Tombstone


def set_stone(
    session: Session,
    kind: str,
    thing_id: int,
    keeping: Keeping,
    began_at: datetime,
    at: datetime,
    *,
    reason: Reason = Reason.KEPT_LONG_ENOUGH,
    by: tuple[int | None, int | None] = (None, None),
) -> None:
    """Write it in the caller's transaction, before anything goes: the triggers let words go only
    beside such a row. by: who asked, and who agreed; nobody for the program."""
    session.add(
        Tombstone(
            kind=kind,
            thing_id=thing_id,
            keeping=keeping.value,
            reason=reason.value,
            began_at=began_at,
            dropped_at=at,
            by=by[0],
            second=by[1],
        )
    )
    session.flush()
