"""The table of members: who belongs to a watched place, as its platform lists them.

Import it from models.tables, where every table is.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.columns import Base, Json, UtcDateTime


class MemberRow(Base):
    """A person whom a platform lists at a source. since: as the platform says.

    left_at: when the list was first read without them; None while they are on it. Nobody is
    deleted for leaving. before: {"display_name", "role"} as they were until changed_at.
    """

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("source_id", "handle"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    handle: Mapped[str] = mapped_column(String(300))
    display_name: Mapped[str] = mapped_column(String(300))
    role: Mapped[str] = mapped_column(String(80), default="")
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    before: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
