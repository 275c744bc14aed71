"""What stands around a post: its thread, and what the same author wrote that was flagged before.

Only the few posts that a decision needs (practice 4.9, minimisation), and only those that the
viewer may see.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from casework.views import EarlierLine, ThreadLine
from casework.visibility import items_seen_by, posts_seen_by, words_kept, words_shown
from classifier.policy import Policy
from models.tables import Decision, Item, Post, Revision
from models.vocabulary import Category, Viewer

EITHER_SIDE = 5
EARLIER = 10


def thread_around(
    session: Session, viewer: Viewer, post: Post, policy: Policy
) -> tuple[ThreadLine, ...]:
    """The top post and up to five posts either side, in the order of time.

    Where the place has no threads (a chat), the messages before and after.
    """
    seen = and_(Post.source_id == post.source_id, posts_seen_by(viewer))
    if post.thread_id is not None:
        seen = and_(seen, Post.thread_id == post.thread_id)
    before = or_(
        Post.posted_at < post.posted_at,
        and_(Post.posted_at == post.posted_at, Post.id < post.id),
    )
    after = or_(
        Post.posted_at > post.posted_at,
        and_(Post.posted_at == post.posted_at, Post.id > post.id),
    )
    ids = {post.id}
    ids |= _ids(session, and_(seen, before), newest_first=True)
    ids |= _ids(session, and_(seen, after), newest_first=False)
    if post.thread_id is not None:
        ids |= _ids(session, and_(seen, Post.native_id == post.thread_id), newest_first=False)
    return _lines(session, viewer, post, sorted(ids), policy)


def earlier_items(
    session: Session, viewer: Viewer, post: Post, item: Item
) -> tuple[EarlierLine, ...]:
    """The same author's other items in the same place, newest first, and how each ended."""
    if post.author_id is None:
        return ()
    newest = (
        select(Decision.id)
        .where(Decision.item_id == Item.id)
        .order_by(Decision.id.desc())
        .limit(1)
        .correlate(Item)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Item, Post.posted_at, Decision)
        .join(Post, Post.id == Item.post_id)
        .outerjoin(Decision, Decision.id == newest)
        .where(Post.source_id == post.source_id, Post.author_id == post.author_id)
        .where(Item.id != item.id, items_seen_by(viewer))
        .order_by(Post.posted_at.desc(), Item.id.desc())
        .limit(EARLIER)
    )
    return tuple(
        EarlierLine(
            item_id=other.id,
            posted_at=posted_at,
            categories=tuple(other.categories),
            state=other.state,
            decision=decision.kind if decision else None,
            reason_title=decision.reason_title if decision else "",
        )
        for other, posted_at, decision in rows
    )


def _ids(session: Session, wanted: ColumnElement[bool], *, newest_first: bool) -> set[int]:
    order = Post.posted_at.desc() if newest_first else Post.posted_at.asc()
    second = Post.id.desc() if newest_first else Post.id.asc()
    query = select(Post.id).where(wanted).order_by(order, second).limit(EITHER_SIDE)
    return set(session.scalars(query))


def _lines(
    session: Session, viewer: Viewer, this: Post, ids: Sequence[int], policy: Policy
) -> tuple[ThreadLine, ...]:
    rows = session.execute(
        select(Post, Revision, Item)
        .join(Revision, Revision.id == Post.revision_id)
        .outerjoin(Item, and_(Item.post_id == Post.id, items_seen_by(viewer)))
        .where(Post.id.in_(ids))
        .order_by(Post.posted_at, Post.id)
    )
    return tuple(
        ThreadLine(
            post_id=post.id,
            author_name=post.author_name or "",
            author_role=post.author_role,
            posted_at=post.posted_at,
            text=_text(viewer, newest, this=post.id == this.id),
            presence=post.presence,
            is_this=post.id == this.id,
            item_id=item.id if item else None,
            folded_label=folded_label(item.categories if item else (), policy),
        )
        for post, newest, item in rows
    )


def _text(viewer: Viewer, newest: Revision, *, this: bool) -> str:
    """The post in question is before the viewer anyway; the others as in every list."""
    if this:
        return words_kept(newest)
    return words_shown(viewer, newest.text, newest.filed_at, newest.dropped_at)


def folded_label(categories: Sequence[str], policy: Policy) -> str:
    """The label behind which a text with these categories stays folded, or ""."""
    wordings = [policy.wording(Category(each)) for each in categories]
    return ", ".join(each.title for each in wordings if each.folded)
