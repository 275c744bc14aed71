"""Who may see what, in one place: every reading in this room asks here (C4, C23, C57).

    lead      everything
    monitor   items that are not the lead's: route is not LEAD and state is not ESCALATED;
              posts that stand under no such item
    trustee   numbers only (queue.counts), no content
    admin     accounts and settings, no content

What a person may not see is absent: not opened, not listed, not counted, not found by its number.
Missing and forbidden are told with the same words.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, false, not_, true
from sqlalchemy.orm import Session

from models.errors import NotYours
from models.tables import Item, Post
from models.vocabulary import ItemState, Role, Route, Viewer

MONITOR_ROUTES = (Route.MONITOR, Route.MONITOR_LEAD_TOLD, Route.EMERGENCY)
"""Routes that a monitor works on. EMERGENCY too: who sees it calls 999 first (practice 4.3)."""


def may_see(viewer: Viewer, item: Item) -> bool:
    """Whether this person may know that the item exists."""
    if viewer.has(Role.LEAD):
        return True
    return (
        viewer.has(Role.MONITOR)
        and item.route in MONITOR_ROUTES
        and item.state is not ItemState.ESCALATED
    )


def items_seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """The same rule as a condition on `item`."""
    if viewer.has(Role.LEAD):
        return true()
    if viewer.has(Role.MONITOR):
        return and_(Item.route.in_(MONITOR_ROUTES), Item.state != ItemState.ESCALATED)
    return false()


def posts_seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """A condition on `post`: what stands under an item that is the lead's is absent too."""
    if viewer.has(Role.LEAD):
        return true()
    if viewer.has(Role.MONITOR):
        leads = (Item.route == Route.LEAD) | (Item.state == ItemState.ESCALATED)
        return not_(exists().where(Item.post_id == Post.id, leads).correlate(Post))
    return false()


def absent(subject: str) -> NotYours:
    """The error for what is missing and for what is somebody else's: the same words."""
    return NotYours(
        "It is not here.",
        subject=subject,
        cure="Go back to the list; it may have been dealt with.",
    )


def item_for(session: Session, viewer: Viewer, item_id: int, *, lock: bool = False) -> Item:
    """The item, if this person may see it. lock: keep it from others until the commit.

    Every lock in this room is PostgreSQL's FOR NO KEY UPDATE (key_share): a plain FOR UPDATE also
    stops others from adding rows that point here, and so lets two people wait in a circle.
    Raises NotYours where it is missing or not theirs.
    """
    item = session.get(Item, item_id, with_for_update={"key_share": True} if lock else None)
    if item is None or not may_see(viewer, item):
        raise absent(f"item {item_id}")
    return item


def require_content(viewer: Viewer, subject: str) -> None:
    """Only a monitor or a lead reads what people wrote. Raises NotYours."""
    if not (viewer.has(Role.MONITOR) or viewer.has(Role.LEAD)):
        raise absent(subject)


def require_lead(viewer: Viewer, subject: str) -> None:
    """Only the lead. Raises NotYours."""
    if not viewer.has(Role.LEAD):
        raise absent(subject)


NOT_READ_YET = "The words are shown once the checks have read them."
"""Stands in place of words that may turn out to be the lead's alone."""


def words_shown(viewer: Viewer, text: str, filed_at: datetime | None) -> str:
    """The words of a post in a list, as this person may read them now.

    filed_at: when its newest words were weighed, None while they wait for it. Until then nobody
    knows whether they are a disclosure, so a monitor reads that they wait.
    """
    return text if filed_at is not None or viewer.has(Role.LEAD) else NOT_READ_YET
