"""Staff and volunteers of the register, to choose from: for holders of accounts and viewers."""

from datetime import date

from casework import register
from casework.ages import day_of
from casework.sessions import Clock
from casework.visibility import require_content
from models.unit_of_work import Store
from models.vocabulary import Viewer, now


def today(timezone: str = "Europe/London", clock: Clock = now) -> date:
    """The day it is where people live."""
    return day_of(clock(), timezone)


def staff(
    store: Store, viewer: Viewer, *, timezone: str = "Europe/London", clock: Clock = now
) -> dict[int, str]:
    """Id and name of everybody who is staff or a volunteer today, by name. No child is among them
    but who volunteers.

    Raises NotYours unless the viewer is a monitor or a lead.
    """
    require_content(viewer, "the register")
    day = day_of(clock(), timezone)
    with store.read() as session:
        found = [one for one in register.everybody(session) if one.is_staff_on(day)]
    return {one.id: one.name for one in sorted(found, key=lambda one: one.name.casefold())}
