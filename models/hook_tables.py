"""The tables of what platforms tell of their own accord (webhooks): counts, and who is to be woken.

What a webhook says is never stored: it only wakes the poll of its source. Import them from
models.tables, where every table is.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, String
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
