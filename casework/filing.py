"""Putting posts into the queue: one item per post; findings and reports only add reasons.

What is filed is weighed over every revision since the post was last decided, so an edit never
takes a reason away, and a decision covers exactly the words that were seen. A post that could not
be checked fully is filed too: fail to a person, never to silence.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, exists, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from casework import audit, cases, priority, subjects
from casework.known import Known, count_reports, known_of
from casework.visibility import absent, posts_seen_by, require_content
from classifier.policy import Assessment, Policy
from models.errors import Refused
from models.tables import Audit, FindingRow, Item, ItemNote, Post, Revision, Source
from models.unit_of_work import Store
from models.vocabulary import (
    Audience,
    Category,
    ItemState,
    Level,
    Organisation,
    Route,
    Viewer,
    now,
)

BATCH = 200
"""Posts filed in one commit."""

BY_HAND_LEVEL = Level.L1
BY_HAND_DUE = timedelta(hours=24)
"""For what no detector graded: reported by a person, or not checked fully (practice 4.3, L1)."""

_LEADS = (Route.LEAD, Route.EMERGENCY)
_UNKNOWN = Organisation(name="")
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Standing:
    """What should stand in the queue for one post."""

    level: Level
    route: Route
    categories: tuple[Category, ...]
    parts: priority.Parts
    due_at: datetime


def file_posts(
    store: Store, policy: Policy, post_ids: Iterable[int], organisation: Organisation = _UNKNOWN
) -> int:
    """File what the stored findings of these posts ask for; how many items were added or changed.

    Safe to repeat. A decided post comes back only for words that nobody has decided about. What
    is the lead's, or urgent, opens a case in the same commit.
    """
    ids, changed = sorted(set(post_ids)), 0
    for start in range(0, len(ids), BATCH):
        with store.write() as session:
            some = ids[start : start + BATCH]
            # Chosen before anything is weighed: what is read meanwhile is filed another time.
            due = session.scalars(_unfiled(Revision.id).where(Revision.post_id.in_(some))).all()
            changed += _Filing(session, policy, organisation).file(some)
            session.execute(update(Revision).where(Revision.id.in_(due)).values(filed_at=now()))
            session.commit()
    return changed


def unfiled(session: Session, limit: int) -> tuple[int, ...]:
    """Posts that were read and not filed yet, the first read first: nothing read is forgotten."""
    found = session.scalars(
        _unfiled(Revision.post_id).order_by(Revision.classified_at, Revision.id).limit(limit)
    )
    return tuple(dict.fromkeys(found))


def _unfiled(column: InstrumentedAttribute[int]) -> Select[int]:
    """Revisions that were read and not filed. A comparison, because an index serves it."""
    return select(column).where(Revision.filed_at.is_(None), Revision.classified_at > _BEGINNING)


def redecide(store: Store, policy: Policy, organisation: Organisation = _UNKNOWN) -> int:
    """Weigh stored findings anew under this policy; how many items were added or changed.

    No detector runs. A policy that was applied already costs one look. What the new policy no
    longer asks for stays with a person, last in the queue, and what is the lead's stays the lead's.
    """
    subject = f"policy:{policy.version}"
    with store.read() as session:
        newest = select(Audit.subject).where(Audit.what == "policy.applied")
        if session.scalar(newest.order_by(Audit.id.desc()).limit(1)) == subject:
            return 0
        undecided = select(Item.post_id).where(Item.state != ItemState.DECIDED)
        unfiled = (
            select(Revision.post_id)
            .where(exists().where(FindingRow.revision_id == Revision.id))
            .where(~exists().where(Item.post_id == Revision.post_id))
        )
        ids = {*session.scalars(undecided), *session.scalars(unfiled)}
    changed = file_posts(store, policy, ids, organisation)
    with store.write() as session:
        audit.record(session, None, "policy.applied", subject, items=changed, posts=len(ids))
        session.commit()
    return changed


def report_post(store: Store, viewer: Viewer, post_id: int, words: str) -> int:
    """A person puts a post in the queue, or adds to what is there; the id of its item (C56).

    Raises NotYours for a post that this person may not see, Refused without words.
    """
    require_content(viewer, f"post {post_id}")
    if not words.strip():
        raise Refused(
            "It was not reported: nothing says why.",
            subject=f"post {post_id}",
            cure="Write in a few words what worries you.",
        )
    with store.write() as session:
        mine = select(Post).where(Post.id == post_id, posts_seen_by(viewer))
        post = session.scalar(mine.with_for_update(key_share=True))
        if post is None or post.revision_id is None:
            raise absent(f"post {post_id}")
        item = session.scalar(
            select(Item).where(Item.post_id == post_id).with_for_update(key_share=True)
        )
        item = _reported(session, post, item)
        subjects.keep_out(session, [item])
        note = ItemNote(
            item_id=item.id, kind="report", text=words.strip(), by=viewer.user_id, at=now()
        )
        session.add(note)
        audit.record(session, viewer.user_id, "item.reported", f"item:{item.id}")
        session.commit()
        return item.id


def _reported(session: Session, post: Post, item: Item | None) -> Item:
    """The item with one report more in its sum; a decided one comes back."""
    at = now()
    if item is None or item.state is ItemState.DECIDED:
        parts = priority.parts((), BY_HAND_LEVEL, 1, False)
        standing = _Standing(BY_HAND_LEVEL, Route.MONITOR, (), parts, at + BY_HAND_DUE)
        if item is None:
            return _new_item(session, post, standing, "", at)
        standing = _never_lower(item, standing)
        _reopen(item, post, standing, at)
        return item
    reports = count_reports(session, [item.post_id]).get(item.post_id, 0) + 1
    rest = [part for part in item.priority_parts if "reported it" not in str(part[0])]
    more = priority.parts((), BY_HAND_LEVEL, reports, False)
    item.priority_parts = [*rest, *(list(part) for part in more)]
    item.priority = priority.stored(
        tuple((str(label), int(points)) for label, points in item.priority_parts), item.opened_at
    )
    return item


class _Filing:
    """Filing one batch in one session; the caller commits."""

    def __init__(self, session: Session, policy: Policy, organisation: Organisation) -> None:
        self.session = session
        self.policy = policy
        self.organisation = organisation
        self.at = now()

    def file(self, ids: Sequence[int]) -> int:
        """Rows are locked first and in order (posts, then items): nobody waits in a circle."""
        posts = select(Post, Source.audience).join(Source, Source.id == Post.source_id)
        rows = self.session.execute(
            posts.where(Post.id.in_(ids)).order_by(Post.id).with_for_update(of=Post, key_share=True)
        ).all()
        known = known_of(self.session, ids)
        filed: list[tuple[Item, str]] = []
        for post, audience in rows:
            change = self._file_one(post, audience, known)
            if change is not None:
                filed.append(change)
        self.session.flush()
        # Before anybody is alerted: whom it concerns is told of nothing (practice 4.14).
        new = [item for item, what in filed if what == "item.filed"]
        subjects.keep_out(self.session, [*known.items.values(), *new])
        for item, what in filed:
            self._record(item, what)
        return len(filed)

    def _file_one(self, post: Post, audience: Audience, known: Known) -> tuple[Item, str] | None:
        item, revisions = known.items.get(post.id), known.revisions.get(post.id, [])
        if post.revision_id is None or (item and item.state is ItemState.DECIDED and not revisions):
            return None
        standing = self._standing(post, audience, known)
        if item is None:
            if standing is None:
                return None
            item = _new_item(self.session, post, standing, self.policy.version, self.at)
            return item, "item.filed"
        if item.state is ItemState.DECIDED:
            if standing is None:
                return None
            _reopen(item, post, _never_lower(item, standing), self.at)
            item.policy_version = self.policy.version
            return item, "item.reopened"
        return self._amend(item, post, standing)

    def _amend(self, item: Item, post: Post, standing: _Standing | None) -> tuple[Item, str] | None:
        """Bring an undecided item up to date; None where nothing changed."""
        if standing is None:
            parts = (("The policy in force no longer asks for it", 0),)
            standing = _Standing(Level.L0, item.route, (), parts, item.due_at)
        standing = _never_lower(item, standing)
        same = (
            item.revision_id == post.revision_id
            and [*item.categories] == [str(each) for each in standing.categories]
            and (item.level, item.route) == (standing.level, standing.route)
        )
        item.policy_version = self.policy.version
        item.due_at = min(item.due_at, standing.due_at)
        _set(item, post, standing)
        if same:
            return None
        item.version += 1
        return item, "item.changed"

    def _standing(self, post: Post, audience: Audience, known: Known) -> _Standing | None:
        revisions = known.revisions.get(post.id, [])
        found = [
            self.policy.assess(
                known.findings.get(revision.id, []), audience, post.author_role, post.posted_at
            )
            for revision in revisions
        ]
        flagged = [each for each in found if each.categories]
        reports = known.reports.get(post.id, 0)
        unchecked = bool(revisions) and bool(revisions[-1].unchecked)
        if not (flagged or reports or unchecked):
            return None
        worst = max(flagged, key=_seriousness, default=Assessment())
        level = max(worst.level or BY_HAND_LEVEL, BY_HAND_LEVEL if reports else Level.L0)
        parts = priority.parts(worst.priority_points, level, reports, unchecked)
        dues = [each.due.at(self.at, self.organisation) for each in flagged if each.due]
        return _Standing(
            level=level,
            route=worst.route or Route.MONITOR,
            categories=tuple(dict.fromkeys(name for each in flagged for name in each.categories)),
            parts=parts,
            due_at=min(dues, default=self.at + BY_HAND_DUE),
        )

    def _record(self, item: Item, what: str) -> None:
        if item.route in _LEADS:
            cases.open_for_item(
                self.session,
                item,
                opened_by=None,
                why="Found by the program and sent to the lead under the policy.",
                level=item.level,
                categories=tuple(Category(each) for each in item.categories),
                immediate_danger=item.level is Level.L4,
                organisation=self.organisation,
            )
        audit.record(
            self.session, None, what, f"item:{item.id}", level=item.level, route=item.route
        )


def _seriousness(found: Assessment) -> tuple[Level, int, int]:
    routes = list(Route)
    return found.level or Level.L0, routes.index(found.route or Route.MONITOR), found.priority


def _never_lower(item: Item, standing: _Standing) -> _Standing:
    """What is the lead's stays the lead's, at no lower a level: a case is open for it."""
    if item.route not in _LEADS:
        return standing
    before = tuple(Category(each) for each in item.categories)
    return _Standing(
        level=max(item.level, standing.level),
        route=Route.LEAD if Route.LEAD in (item.route, standing.route) else Route.EMERGENCY,
        categories=tuple(dict.fromkeys((*standing.categories, *before))),
        parts=standing.parts,
        due_at=standing.due_at,
    )


def _new_item(
    session: Session, post: Post, standing: _Standing, policy_version: str, at: datetime
) -> Item:
    item = Item(
        post_id=post.id,
        source_id=post.source_id,
        state=ItemState.WAITING,
        policy_version=policy_version,
        due_at=standing.due_at,
        opened_at=at,
        version=1,
    )
    _set(item, post, standing)
    session.add(item)
    session.flush()
    return item


def _reopen(item: Item, post: Post, standing: _Standing, at: datetime) -> None:
    """A decided item comes back: its clock starts again."""
    item.state, item.opened_at, item.due_at, item.decided_at = (
        ItemState.WAITING,
        at,
        standing.due_at,
        None,
    )
    item.claimed_by = item.claimed_until = None
    item.version += 1
    _set(item, post, standing)


def _set(item: Item, post: Post, standing: _Standing) -> None:
    item.revision_id = post.revision_id or item.revision_id
    item.level, item.route = standing.level, standing.route
    item.categories = [str(each) for each in standing.categories]
    item.top_category = standing.categories[0] if standing.categories else None
    item.priority_parts = [list(part) for part in standing.parts]
    item.priority = priority.stored(standing.parts, item.opened_at)
    if item.route is Route.LEAD and item.state is ItemState.WAITING:
        item.state = ItemState.ESCALATED
        item.claimed_by = item.claimed_until = None
