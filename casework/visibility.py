"""Who may see what, in one place: every reading in this room asks here (C4, C23, C57).

    lead      everything
    monitor   items that are not the lead's: route is not LEAD and state is not ESCALATED;
              posts that stand under no such item
    trustee   numbers only (queue.counts), no content
    admin     accounts and settings, no content

Above every role stands the deny rule (casework/denial.py, practice 4.14): what concerns a person
themselves is kept from them, whatever they hold. Every condition here has it built in.

What a person may not see is absent: not opened, not listed, not counted, not found by its number.
Missing and forbidden are told with the same words.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_, true
from sqlalchemy.orm import Session

from casework import denial, denial_people
from models.errors import LookAgain, NotYours
from models.tables import Item, Post, Revision, SafeguardingCase
from models.vocabulary import ItemState, Role, Route, Viewer

MONITOR_ROUTES = (Route.MONITOR, Route.MONITOR_LEAD_TOLD, Route.EMERGENCY)
"""Routes that a monitor works on. EMERGENCY too: who sees it calls 999 first (practice 4.3)."""

_LOCK = {"key_share": True}


def may_see(session: Session, viewer: Viewer, item: Item) -> bool:
    """Whether this person may know that the item exists."""
    by_role = viewer.has(Role.LEAD) or (
        viewer.has(Role.MONITOR)
        and item.route in MONITOR_ROUTES
        and item.state is not ItemState.ESCALATED
    )
    return by_role and not denial.item_is_kept(session, viewer.user_id, item.id)


def items_seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """The same rule as a condition on `item`."""
    return and_(_items_of_role(viewer), items_not_kept_from(viewer))


def items_not_kept_from(viewer: Viewer) -> ColumnElement[bool]:
    """The deny rule alone, on `item`: for numbers that people without content are given."""
    return not_(denial.kept_items(viewer.user_id))


def _items_of_role(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.has(Role.LEAD):
        return true()
    if viewer.has(Role.MONITOR):
        return and_(Item.route.in_(MONITOR_ROUTES), Item.state != ItemState.ESCALATED)
    return false()


def posts_seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """A condition on `post`: what stands under an item that is the lead's is absent too.

    What a person wrote themselves, and is kept from them, stands there as if nobody had flagged it.
    """
    if viewer.has(Role.LEAD):
        return posts_not_kept_from(viewer)
    if viewer.has(Role.MONITOR):
        leads = (Item.route == Route.LEAD) | (Item.state == ItemState.ESCALATED)
        under_leads = exists().where(Item.post_id == Post.id, leads).correlate(Post)
        open_to_role = or_(not_(under_leads), denial.own_kept_posts(viewer.user_id))
        return and_(open_to_role, posts_not_kept_from(viewer))
    return false()


def posts_not_kept_from(viewer: Viewer) -> ColumnElement[bool]:
    """The deny rule alone, on `post`: for how many there were."""
    return not_(denial.kept_posts(viewer.user_id))


def cases_not_kept_from(viewer: Viewer) -> ColumnElement[bool]:
    """The deny rule on `safeguarding_case`; that they are the lead's is asked beside it."""
    return not_(denial.kept_cases(viewer.user_id))


def reviews_not_kept_from(viewer: Viewer) -> ColumnElement[bool]:
    """The deny rule on `membership_review`: themselves, their family, and words kept from them."""
    return not_(denial_people.kept_reviews(viewer.user_id))


def tasks_not_kept_from(viewer: Viewer) -> ColumnElement[bool]:
    """The deny rule on `task`: a concern about themselves or their family."""
    return not_(denial_people.kept_tasks(viewer.user_id))


def contacts_not_kept_from(viewer: Viewer) -> ColumnElement[bool]:
    """The deny rule on `contact`: their own, and their family's, as a member of staff."""
    return not_(denial_people.kept_contacts(viewer.user_id))


def case_for(
    session: Session,
    viewer: Viewer,
    case_id: int,
    *,
    lock: bool = False,
    version: int | None = None,
) -> SafeguardingCase:
    """The case, if this person may see it. version: as which it was seen, None for any.

    Raises NotYours where it is missing or not theirs, LookAgain where it changed since.
    """
    require_lead(viewer, f"case {case_id}")
    case = session.get(SafeguardingCase, case_id, with_for_update=_LOCK if lock else None)
    if case is None or denial.case_is_kept(session, viewer.user_id, case_id):
        raise absent(f"case {case_id}")
    if version is not None and case.version != version:
        raise LookAgain(
            "It changed since you opened it.",
            subject=f"case {case.reference}",
            cure="Read what is new, then decide.",
        )
    return case


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
    item = session.get(Item, item_id, with_for_update=_LOCK if lock else None)
    if item is None or not may_see(session, viewer, item):
        raise absent(f"item {item_id}")
    return item


def is_seen(session: Session, viewer: Viewer, item_id: int) -> bool:
    """Whether the item is there for this person: before a screen leads to it."""
    item = session.get(Item, item_id)
    return item is not None and may_see(session, viewer, item)


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


NO_LONGER_KEPT = "Its words are no longer kept: their time was over, or their author deleted them."
"""Stands in place of words that were dropped (casework/dropping.py)."""


def words_kept(revision: Revision) -> str:
    """The words of a revision, or that they are no longer kept."""
    return revision.text if revision.dropped_at is None else NO_LONGER_KEPT


def words_shown(
    viewer: Viewer, text: str, filed_at: datetime | None, dropped_at: datetime | None = None
) -> str:
    """The words of a post in a list, as this person may read them now.

    filed_at: when its newest words were weighed, None while they wait for it. Until then nobody
    knows whether they are a disclosure, so a monitor reads that they wait. dropped_at: when they
    were dropped, None while they are kept.
    """
    if dropped_at is not None:
        return NO_LONGER_KEPT
    return text if filed_at is not None or viewer.has(Role.LEAD) else NOT_READ_YET
