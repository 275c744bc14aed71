"""One item as it stands in a list."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import priority
from casework.priority import Parts
from casework.visibility import words_kept
from models.tables import FindingRow, Item, Person, Post, Revision, Source
from models.vocabulary import AuthorRole, Category, ItemState, Level, Presence, Route, Viewer

EXCERPT = 160
"""Characters of a post in a list. Identifiers in it are masked (C23)."""

MASK = "\N{BULLET}"


@dataclass(frozen=True, slots=True)
class Card:
    """One item in the list. Times are aware UTC.

    excerpt: the first words as plain text, identifiers masked. A card with a category whose
    wording is folded shows its label instead (policy.wording). priority: the printed sum.
    """

    item_id: int
    post_id: int
    source_label: str
    author_name: str
    author_role: AuthorRole
    posted_at: datetime
    presence: Presence
    excerpt: str
    media_count: int
    categories: tuple[Category, ...]
    level: Level
    route: Route
    state: ItemState
    priority: int
    priority_parts: Parts
    opened_at: datetime
    due_at: datetime
    overdue: bool
    claimed_by_name: str
    claimed_by_me: bool
    help_wanted: bool


def build(session: Session, viewer: Viewer, ids: Sequence[int], at: datetime) -> tuple[Card, ...]:
    """Cards for these items, in this order. Asks no rights: the caller chose what may be seen."""
    rows = session.execute(
        select(Item, Post, Source.label, Revision, Person.name)
        .join(Post, Post.id == Item.post_id)
        .join(Source, Source.id == Item.source_id)
        .join(Revision, Revision.id == Post.revision_id)
        .outerjoin(Person, Person.id == Item.claimed_by)
        .where(Item.id.in_(ids))
    ).all()
    masks = identifier_spans(session, [revision.id for _, _, _, revision, _ in rows])
    cards = {}
    for item, post, label, revision, holder in rows:
        held = item.claimed_until is not None and item.claimed_until > at
        total, parts = priority.printed(item.priority_parts, item.opened_at, at)
        cards[item.id] = Card(
            item_id=item.id,
            post_id=post.id,
            source_label=label,
            author_name=post.author_name or "",
            author_role=post.author_role,
            posted_at=post.posted_at,
            presence=post.presence,
            excerpt=excerpt(words_kept(revision), masks[revision.id]),
            media_count=post.media_count,
            categories=tuple(Category(each) for each in item.categories),
            level=item.level,
            route=item.route,
            state=item.state,
            priority=total,
            priority_parts=parts,
            opened_at=item.opened_at,
            due_at=item.due_at,
            overdue=item.due_at < at,
            claimed_by_name=(holder or "") if held else "",
            claimed_by_me=held and item.claimed_by == viewer.user_id,
            help_wanted=item.help_wanted,
        )
    return tuple(cards[item_id] for item_id in ids if item_id in cards)


def identifier_spans(
    session: Session, revision_ids: Sequence[int]
) -> dict[int, list[tuple[int, int]]]:
    """Where private identifiers stand in these revisions: (start, end) by revision id."""
    spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
    private = [category for category in Category if category.value.startswith("pii_")]
    rows = session.execute(
        select(FindingRow.revision_id, FindingRow.start, FindingRow.end)
        .join(Revision, Revision.id == FindingRow.revision_id)
        .where(FindingRow.revision_id.in_(revision_ids), FindingRow.category.in_(private))
        .where(Revision.dropped_at.is_(None))
    )
    for revision_id, start, end in rows:
        spans[revision_id].append((start, end))
    return spans


def excerpt(text: str, masks: Sequence[tuple[int, int]]) -> str:
    """The first words on one line, what the masks cover replaced. Plain text."""
    shown = list(text[: EXCERPT * 2])
    for start, end in masks:
        for place in range(max(start, 0), min(end, len(shown))):
            shown[place] = MASK
    line = " ".join("".join(shown).split())
    return line if len(line) <= EXCERPT else line[:EXCERPT].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
