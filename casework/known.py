"""What is stored about posts and bears on their place in the queue, read in batches."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.tables import Decision, FindingRow, Item, ItemNote, Post, Revision
from models.vocabulary import DecisionKind, Finding


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored about a batch of posts, by post id (findings: by revision id).

    revisions: those that nobody has decided about, oldest first. Escalating hands an item on and
    judges nothing, so it does not count as having decided.
    """

    revisions: dict[int, list[Revision]]
    findings: dict[int, list[Finding]]
    items: dict[int, Item]
    reports: dict[int, int]


def known_of(session: Session, ids: Sequence[int]) -> Known:
    """Read it all at once and lock the items, in order of their ids, until the commit."""
    decided = (
        select(Item.post_id, func.max(Decision.revision_id).label("revision_id"))
        .join(Decision, Decision.item_id == Item.id)
        .where(Item.post_id.in_(ids), Decision.kind != DecisionKind.ESCALATE)
        .group_by(Item.post_id)
        .subquery()
    )
    items = (
        select(Item).where(Item.post_id.in_(ids)).order_by(Item.id).with_for_update(key_share=True)
    )
    rows = session.scalars(
        select(Revision)
        .outerjoin(decided, decided.c.post_id == Revision.post_id)
        .where(Revision.post_id.in_(ids))
        .where(Revision.id > func.coalesce(decided.c.revision_id, 0))
        .order_by(Revision.id)
    )
    revisions: dict[int, list[Revision]] = defaultdict(list)
    for revision in rows:
        revisions[revision.post_id].append(revision)
    wanted = [revision.id for each in revisions.values() for revision in each]
    return Known(
        items={item.post_id: item for item in session.scalars(items)},
        revisions=revisions,
        findings=stored_findings(session, wanted),
        reports=_with_platform(session, ids, count_reports(session, ids)),
    )


def _with_platform(session: Session, ids: Sequence[int], here: dict[int, int]) -> dict[int, int]:
    """Reports here, and those that people made on the platform itself."""
    there = select(Post.id, Post.reports).where(Post.id.in_(ids), Post.reports > 0)
    found = dict(here)
    for post_id, count in session.execute(there):
        found[post_id] = found.get(post_id, 0) + count
    return found


def stored_findings(session: Session, revision_ids: Sequence[int]) -> dict[int, list[Finding]]:
    """The findings of these revisions, by revision id, in the order in which they were stored."""
    findings: dict[int, list[Finding]] = defaultdict(list)
    rows = select(FindingRow).where(FindingRow.revision_id.in_(revision_ids))
    for row in session.scalars(rows.order_by(FindingRow.id)):
        findings[row.revision_id].append(as_finding(row))
    return findings


def as_finding(row: FindingRow) -> Finding:
    """A stored finding as the policy reads it."""
    return Finding(
        row.category, row.score, row.start, row.end, row.because, row.detector, row.version
    )


def count_reports(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """People's reports since each post was last decided, by post id."""
    last = (
        select(func.max(Decision.at))
        .where(Decision.item_id == Item.id, Decision.kind != DecisionKind.ESCALATE)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Item.post_id, func.count(ItemNote.id))
        .join(ItemNote, ItemNote.item_id == Item.id)
        .where(Item.post_id.in_(ids), ItemNote.kind == "report")
        .where((ItemNote.at > last) | last.is_(None))
        .group_by(Item.post_id)
    )
    return dict(rows.all())
