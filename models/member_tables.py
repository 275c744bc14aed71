"""The tables of members: who belongs to a watched place, and who is to be taken out of it.

Import them from models.tables, where every table is.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.columns import Base, Json, UtcDateTime, Word
from models.vocabulary import ActionState


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


class MemberDecision(Base):
    """A person's decision that somebody is to leave a place. Never changed.

    handle, display_name: as they stood when it was decided. reason_code, clause: those of
    casework/member_reasons.py. words: the decider's own, never sent to anybody (C11). keep_out:
    not to come back either.
    """

    __tablename__ = "member_decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    handle: Mapped[str] = mapped_column(String(300))
    display_name: Mapped[str] = mapped_column(String(300), default="")
    reason_code: Mapped[str] = mapped_column(String(60))
    clause: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text)
    keep_out: Mapped[bool] = mapped_column(default=False)
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class MemberRemoval(Base):
    """What that decision wants of the platform, and how far it has come."""

    __tablename__ = "member_removal"
    __table_args__ = (Index("ix_member_removal_place", "source_id", "handle"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("member_decision.id"), unique=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    handle: Mapped[str] = mapped_column(String(300))
    state: Mapped[ActionState] = mapped_column(Word(ActionState), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    receipt: Mapped[str] = mapped_column(Text, default="")
    problem: Mapped[str] = mapped_column(Text, default="")
    cure: Mapped[str] = mapped_column(Text, default="")
    wanted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
