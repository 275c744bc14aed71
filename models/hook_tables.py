"""The tables of what platforms tell of their own accord (webhooks): counts, who is to be woken, and
the ids of what can only be read by an id that was told.

No word that a webhook says is ever stored. Import them from models.tables, where every table is.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.columns import Base, UtcDateTime


class Woken(Base):
    """When a source was last told to be polled at once. One row a source. Times aware UTC."""

    __tablename__ = "woken"
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Hook(Base):
    """How often one address for webhooks was called: with a good signature, and without one."""

    __tablename__ = "hook"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    accepted: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    last_accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ToldMention(Base):
    """A mention of the account that a webhook told of, until it needs no further look. Ids only.

    comment_id: "" where the mention stands in the caption of the media itself. next_at: when it is
    to be read (again). tries: how often that failed in a row. found: it was read once at least.
    problem: why it could not be read, in plain words, "" while nothing is wrong. Times aware UTC.
    """

    __tablename__ = "told_mention"
    __table_args__ = (UniqueConstraint("source_id", "media_id", "comment_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    media_id: Mapped[str] = mapped_column(String(40))
    comment_id: Mapped[str] = mapped_column(String(40))
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    found: Mapped[bool] = mapped_column(default=False)
    problem: Mapped[str] = mapped_column(Text, default="")
