"""How often platforms told us of their own accord (webhooks), for the Sources screen."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.visibility import absent
from models.tables import Hook
from models.vocabulary import Role, Viewer


@dataclass(frozen=True, slots=True)
class HookView:
    """Calls with a good signature, and those that were refused. Times aware UTC."""

    accepted: int
    refused: int
    last_accepted_at: datetime | None
    last_refused_at: datetime | None


def hook(session: Session, viewer: Viewer, name: str) -> HookView | None:
    """The counts of one address for webhooks, None where there is none.

    Raises NotYours unless the viewer is a monitor, a lead or an administrator.
    """
    if not viewer.roles & {Role.MONITOR, Role.LEAD, Role.ADMIN}:
        raise absent("the webhooks")
    row = session.scalar(select(Hook).where(Hook.name == name))
    if row is None:
        return None
    return HookView(row.accepted, row.refused, row.last_accepted_at, row.last_refused_at)
