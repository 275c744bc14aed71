"""Every collected post with its state, so that anybody can see that all are checked (C5)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, func, literal, not_, or_, select
from sqlalchemy.orm import Session

from casework.visibility import items_seen_by, posts_seen_by, require_content, words_shown
from models.tables import Decision, Item, Post, Revision, Source
from models.vocabulary import (
    AuthorRole,
    Category,
    DecisionKind,
    ItemState,
    Presence,
    Role,
    Viewer,
)

POSTS_A_PAGE = 50


class PostState(StrEnum):
    """Where a post stands (C5). HIDDEN, REMOVED: so decided; `presence` says how it was last seen.
    GONE: it left its platform without a decision of ours."""

    UNREAD = "unread"
    CLEAR = "clear"
    FLAGGED = "flagged"
    ESCALATED = "escalated"
    KEPT = "kept"
    HIDDEN = "hidden"
    REMOVED = "removed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class PostFilters:
    """What to show; everything by default. author: the platform's own id of one author. ids: only
    these posts, None for all."""

    source_id: int | None = None
    state: PostState | None = None
    author: str | None = None
    ids: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class PostRow:
    """One post as it stands. Times are aware UTC; text is plain text.

    categories: of its item; a text with a folded category is shown folded (policy.wording).
    """

    post_id: int
    item_id: int | None
    source_label: str
    author_id: str | None
    author_name: str
    author_role: AuthorRole
    posted_at: datetime
    first_seen_at: datetime
    text: str
    media_count: int
    permalink: str | None
    presence: Presence
    state: PostState
    categories: tuple[Category, ...]


@dataclass(frozen=True, slots=True)
class PostPage:
    """One page of posts, newest first. more: whether another page follows."""

    posts: tuple[PostRow, ...]
    number: int
    more: bool


def browse(
    session: Session, viewer: Viewer, filters: PostFilters | None = None, number: int = 1
) -> PostPage:
    """A page of the posts that this person may see. Raises NotYours for roles without content."""
    require_content(viewer, "the posts")
    filters, number = filters or PostFilters(), max(number, 1)
    wanted: list[ColumnElement[bool]] = [posts_seen_by(viewer)]
    if filters.source_id is not None:
        wanted.append(Post.source_id == filters.source_id)
    if filters.author is not None:
        wanted.append(Post.author_id == filters.author)
    if filters.ids is not None:
        wanted.append(Post.id.in_(filters.ids))
    if filters.state is not None:
        wanted.append(_state() == filters.state.value)
    found = session.execute(
        select(Post, Revision, Source.label, Item, _state().label("state"))
        .join(Source, Source.id == Post.source_id)
        .join(Revision, Revision.id == Post.revision_id)
        .outerjoin(Item, and_(Item.post_id == Post.id, items_seen_by(viewer)))
        .where(*wanted)
        .order_by(Post.posted_at.desc(), Post.id.desc())
        .limit(POSTS_A_PAGE + 1)
        .offset((number - 1) * POSTS_A_PAGE)
    ).all()
    rows = tuple(
        PostRow(
            post_id=post.id,
            item_id=item.id if item else None,
            source_label=label,
            author_id=post.author_id,
            author_name=post.author_name or "",
            author_role=post.author_role,
            posted_at=post.posted_at,
            first_seen_at=post.first_seen_at,
            text=words_shown(viewer, newest.text, newest.filed_at, newest.dropped_at),
            media_count=post.media_count,
            permalink=post.permalink,
            presence=post.presence,
            state=PostState(state),
            categories=tuple(Category(each) for each in item.categories) if item else (),
        )
        for post, newest, label, item, state in found[:POSTS_A_PAGE]
    )
    return PostPage(rows, number, len(found) > POSTS_A_PAGE)


def unread(session: Session, viewer: Viewer) -> tuple[int, datetime | None]:
    """How many posts were not read and weighed yet, and since when the oldest waits (aware UTC).

    Raises NotYours for somebody who is neither monitor, lead nor trustee.
    """
    if not viewer.has(Role.TRUSTEE):
        require_content(viewer, "the posts")
    unread_now = select(func.count(Revision.post_id.distinct()), func.min(Revision.seen_at)).where(
        Revision.filed_at.is_(None)
    )
    count, oldest = session.execute(unread_now).one()
    return count, oldest


def _state() -> ColumnElement[str]:
    """The state in SQL, out of what stands in the tables: it is nowhere stored."""
    newest = (
        select(Decision.kind)
        .where(Decision.item_id == Item.id)
        .order_by(Decision.id.desc())
        .limit(1)
        .correlate(Item)
        .scalar_subquery()
    )
    gone = Post.presence == Presence.GONE
    return case(
        (Item.state == ItemState.ESCALATED, literal(PostState.ESCALATED.value)),
        (Item.state == ItemState.WAITING, literal(PostState.FLAGGED.value)),
        (newest == DecisionKind.REMOVE, literal(PostState.REMOVED.value)),
        (newest == DecisionKind.HIDE, literal(PostState.HIDDEN.value)),
        (gone, literal(PostState.GONE.value)),
        (newest.is_not(None), literal(PostState.KEPT.value)),
        (
            and_(not_(or_(gone, Item.id.is_not(None))), Revision.filed_at.is_(None)),
            literal(PostState.UNREAD.value),
        ),
        else_=literal(PostState.CLEAR.value),
    )
