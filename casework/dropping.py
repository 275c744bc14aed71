"""Dropping words whose time is over, and what repeats them (practice 4.8, docs/data-protection.md).

    due posts  ->  tombstone (class, dates, reason)  ->  words, author's name and link go

What stays: the post's number, its hashes, times and state, the findings' categories and scores,
so that decisions still prove what they were about. Nothing is dropped where a case is open or on
hold, or where evidence is frozen; the database's own triggers refuse it as well.

    deleted on the platform   by its author, after the platform's period. Where the platform does
                              not say who deleted it, the same, but not before a person decided
    not read again            where a platform wants its data read again or dropped
    cleared, dismissed, removed   after the organisation's own periods
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, not_, or_, select, update
from sqlalchemy.orm import Session

from casework import audit
from casework.keeping import Keeping, Periods, Reason
from casework.sessions import Clock
from casework.standing import standing
from casework.tombstones import set_stone
from models.tables import (
    Action,
    Addressee,
    Decision,
    Evidence,
    FindingRow,
    Item,
    ItemNote,
    Post,
    Revision,
    SafeguardingCase,
    Source,
)
from models.unit_of_work import Store
from models.vocabulary import ActionState, DecisionKind, ItemState, Presence, now

AT_ONCE = 200
"""Posts dropped in one commit."""

MOST = 2000
"""Posts dropped in one round, so that no round keeps others waiting."""

BECAUSE = "Why it was found went together with its words."
NOTE = "What stood here repeated words that are no longer kept."
RUN_OF_WORDS = 4
"""So many words in a row repeat the post; a shorter post is repeated by all of its words."""

_WORD = re.compile(r"\w+")
_MOVING = (ActionState.WANTED, ActionState.SENT, ActionState.BY_HAND)


@dataclass(frozen=True, slots=True)
class Dropped:
    """How many posts lost their words in one round, and whether more are due."""

    posts: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True)
class _Due:
    """One post that is due. began_at: from when its period ran (aware UTC)."""

    post_id: int
    keeping: Keeping
    reason: Reason
    began_at: datetime


def drop_due(store: Store, periods: Periods, clock: Clock = now, most: int = MOST) -> Dropped:
    """Drop what is due, a batch a commit. Safe to repeat and to run twice."""
    if periods.legal_hold:
        return Dropped()
    at, count = clock(), 0
    while count < most:
        with store.write() as session:
            due = _due(session, periods, at, min(AT_ONCE, most - count))
            for one in due:
                drop_post(session, one.post_id, one.keeping, one.reason, one.began_at, at)
            session.commit()
        count += len(due)
        if not due:
            return Dropped(count)
    return Dropped(count, more=True)


def _due(session: Session, periods: Periods, at: datetime, limit: int) -> list[_Due]:
    """Posts with words that are due, each once, the platforms' own periods first."""
    found: dict[int, _Due] = {}
    for keeping, reason, began, condition in _classes(periods, at):
        query = (
            select(Post.id, began)
            .join(Source, Source.id == Post.source_id)
            .outerjoin(Item, Item.post_id == Post.id)
            .where(condition, _has_words(), *_free(keeping))
            .order_by(Post.id)
            .limit(limit)
        )
        for post_id, since in session.execute(query):
            found.setdefault(post_id, _Due(post_id, keeping, reason, since))
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


def _classes(
    periods: Periods, at: datetime
) -> list[tuple[Keeping, Reason, ColumnElement[datetime], ColumnElement[bool]]]:
    """Every class with the moment from which its period runs, and what belongs to it."""
    gone: ColumnElement[datetime] = Post.gone_seen_at  # type: ignore[assignment]
    decided: ColumnElement[datetime] = Item.decided_at  # type: ignore[assignment]
    seen: ColumnElement[datetime] = Post.last_seen_at  # type: ignore[assignment]
    first: ColumnElement[datetime] = Post.first_seen_at  # type: ignore[assignment]
    undecided = and_(Item.id.is_not(None), Item.state != ItemState.DECIDED)
    said = or_(Post.gone_by == "author", and_(Post.gone_by == "unknown", not_(undecided)))
    found = []
    for connector, period in periods.author_deleted.items():
        there = and_(
            Source.connector == connector, Post.presence == Presence.GONE, gone <= at - period, said
        )
        found.append((Keeping.DELETED, Reason.AUTHOR_DELETED, gone, there))
    for connector, period in periods.suppressed.items():
        hidden = and_(Post.gone_by == "moderator", not_(undecided), gone <= at - period)
        found.append(
            (
                Keeping.DELETED,
                Reason.AUTHOR_DELETED,
                gone,
                and_(Source.connector == connector, Post.presence == Presence.GONE, hidden),
            )
        )
    for connector, period in periods.not_read_again.items():
        old = and_(Source.connector == connector, seen <= at - period, not_(undecided))
        found.append((Keeping.DELETED, Reason.NOT_READ_AGAIN, seen, old))
    enough = Reason.KEPT_LONG_ENOUGH
    newest = and_(Post.revision_id == Revision.id, Revision.filed_at.is_not(None))
    clear = and_(
        Item.id.is_(None),
        first <= at - periods.cleared,
        exists().where(newest, Revision.seen_at <= at - periods.cleared).correlate(Post),
    )
    found.append((Keeping.CLEARED, enough, first, clear))
    kept = (DecisionKind.KEEP, DecisionKind.UNHIDE)
    found.append((Keeping.DISMISSED, enough, decided, _decided(kept, at - periods.dismissed)))
    taken = (DecisionKind.REMOVE, DecisionKind.HIDE)
    found.append((Keeping.REMOVED, enough, decided, _decided(taken, at - periods.removed)))
    return found


def _decided(kinds: Sequence[DecisionKind], until: datetime) -> ColumnElement[bool]:
    newest = (
        select(Decision.kind)
        .where(Decision.item_id == Item.id)
        .order_by(Decision.id.desc())
        .limit(1)
        .correlate(Item)
        .scalar_subquery()
    )
    return and_(Item.state == ItemState.DECIDED, Item.decided_at <= until, newest.in_(kinds))


def _has_words() -> ColumnElement[bool]:
    return (
        exists().where(Revision.post_id == Post.id, Revision.dropped_at.is_(None)).correlate(Post)
    )


def _free(keeping: Keeping) -> tuple[ColumnElement[bool], ...]:
    """What must not stand in the way: a case, frozen evidence, a removal that is under way.

    The organisation's own periods leave every post with a case to the case's own period; a
    platform's period reaches what belongs to a closed case, whose own lines hold the words.
    """
    of_item = SafeguardingCase.item_id == Item.id
    case = exists().where(of_item)
    if keeping is Keeping.DELETED:
        case = case.where(standing())
    frozen = exists().where(Evidence.post_id == Post.id, Evidence.text != "").correlate(Post)
    moving = exists().where(Action.post_id == Post.id, Action.state.in_(_MOVING)).correlate(Post)
    free = (not_(case.correlate(Item)), not_(moving))
    return free if keeping is Keeping.REMOVED else (*free, not_(frozen))


def drop_post(
    session: Session,
    post_id: int,
    keeping: Keeping,
    reason: Reason,
    began_at: datetime,
    at: datetime,
    by: tuple[int | None, int | None] = (None, None),
) -> None:
    """Let the words of one post go, in the caller's transaction. by: who asked and who agreed.

    The tombstone first: without it the triggers let nothing go, and with it only what is due.
    """
    post = session.get_one(Post, post_id, with_for_update={"key_share": True})
    revisions = session.scalars(
        select(Revision).where(Revision.post_id == post.id, Revision.dropped_at.is_(None))
    ).all()
    set_stone(session, "post", post.id, keeping, began_at, at, reason=reason, by=by)
    repeats = Repeats([revision.text for revision in revisions])
    if keeping in (Keeping.REMOVED, Keeping.CASE):
        _empty_evidence(session, post.id)
    for revision in revisions:
        revision.text, revision.dropped_at = "", at
    session.flush()
    ids = [revision.id for revision in revisions]
    session.execute(
        update(FindingRow).where(FindingRow.revision_id.in_(ids)).values(because=BECAUSE)
    )
    _empty_what_repeats(session, post.id, repeats)
    session.execute(delete(Addressee).where(Addressee.post_id == post.id))
    post.author_id = post.author_name = post.permalink = None
    post.note = ""
    audit.record(
        session,
        by[1],
        "post.dropped",
        f"post:{post.id}",
        keeping=keeping.value,
        reason=reason.value,
        began=began_at.date().isoformat(),
        revisions=len(revisions),
    )


def _empty_evidence(session: Session, post_id: int) -> None:
    session.execute(
        update(Evidence)
        .where(Evidence.post_id == post_id)
        .values(text="", author_id=None, author_name=None, permalink=None)
    )


def _empty_what_repeats(session: Session, post_id: int, repeats: "Repeats") -> None:
    """What people wrote beside it: notes, and the reasons of decisions, where they quote it."""
    notes = session.scalars(
        select(ItemNote).join(Item, Item.id == ItemNote.item_id).where(Item.post_id == post_id)
    )
    for note in notes:
        if repeats.stands_in(note.text):
            note.text = NOTE
    decisions = session.scalars(
        select(Decision).join(Item, Item.id == Decision.item_id).where(Item.post_id == post_id)
    )
    for decision in decisions:
        if repeats.stands_in(decision.words):
            decision.words = ""
    session.flush()


class Repeats:
    """Whether a text repeats one of these: four of its words in a row, or all of a shorter one."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._runs = {run for text in texts for run in _runs(text)}
        self._lengths = {len(run) for run in self._runs}

    def stands_in(self, text: str) -> bool:
        """Whether one of the runs stands in it."""
        words = _words(text)
        return any(
            words[at : at + length] in self._runs
            for length in self._lengths
            for at in range(len(words) - length + 1)
        )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _WORD.findall(text))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    if not words:
        return set()
    if len(words) < RUN_OF_WORDS:
        return {words}
    return {words[at : at + RUN_OF_WORDS] for at in range(len(words) - RUN_OF_WORDS + 1)}
