"""Building what a person sees of one item. Asks no rights of the item itself: items.py has; the
thread and the author's history are narrowed here to what the same person may see (C23)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from casework import priority
from casework.ground import able_to
from casework.known import as_finding
from casework.powers import NEEDS, kinds_open_to, newest_kind, only_lead_decides
from casework.receipts import action_of
from casework.thread import earlier_items, thread_around
from casework.views import DecisionView, EarlierText, ItemView, NoteLine, Reason
from casework.visibility import cases_not_kept_from, words_kept
from classifier.policy import Policy
from models.tables import (
    Decision,
    FindingRow,
    Item,
    ItemNote,
    Person,
    Post,
    Revision,
    SafeguardingCase,
    Source,
)
from models.vocabulary import Category, DecisionKind, Role, Verb, Viewer

EARLIER_TEXTS = 5
"""How many earlier wordings of an edited post are shown."""


def build(session: Session, viewer: Viewer, item: Item, policy: Policy, at: datetime) -> ItemView:
    """Everything about the item, as of `at` (aware UTC)."""
    post = session.get_one(Post, item.post_id)
    source = session.get_one(Source, post.source_id)
    wordings = _wordings(session, post)
    newest = wordings[-1]
    reasons = _reasons(session, item, post, source, policy)
    folded = [
        policy.wording(each).title for each in _seen(item, reasons) if policy.wording(each).folded
    ]
    total, parts = priority.printed(item.priority_parts, item.opened_at, at)
    held = item.claimed_until is not None and item.claimed_until > at
    holder = session.get(Person, item.claimed_by) if held and item.claimed_by else None
    able = _able(session, source, post)
    return ItemView(
        item_id=item.id,
        post_id=post.id,
        revision_id=newest.id,
        text_hash=newest.text_hash,
        version=item.version,
        source_label=source.label,
        connector=source.connector,
        audience=source.audience,
        author_name=post.author_name or "",
        author_role=post.author_role,
        posted_at=post.posted_at,
        permalink=post.permalink,
        media_count=post.media_count,
        note=post.note,
        presence=post.presence,
        text=words_kept(newest),
        reasons=reasons,
        unchecked=tuple(name for name in newest.unchecked.split(",") if name),
        level=item.level,
        route=item.route,
        due_at=item.due_at,
        opened_at=item.opened_at,
        state=item.state,
        priority=total,
        priority_parts=parts,
        claimed_by=holder.id if holder else None,
        claimed_by_name=holder.name if holder else "",
        claimed_until=item.claimed_until if holder else None,
        help_wanted=item.help_wanted,
        thread=thread_around(session, viewer, post, policy),
        earlier=earlier_items(session, viewer, post, item),
        earlier_texts=tuple(
            EarlierText(each.id, each.seen_at, words_kept(each)) for each in wordings[:-1]
        ),
        notes=_notes(session, item),
        folded=bool(folded),
        folded_label=", ".join(folded),
        advice=_advice(item, reasons, policy),
        decision=_decision(session, item),
        action=action_of(session, item),
        verbs=_verbs(session, viewer, item, able),
        only_lead_decides=only_lead_decides(item),
        case_id=_case(session, viewer, item),
        can_ask_platform=able,
    )


def _case(session: Session, viewer: Viewer, item: Item) -> int | None:
    if not viewer.has(Role.LEAD):
        return None
    mine = SafeguardingCase.item_id == item.id, cases_not_kept_from(viewer)
    query = select(SafeguardingCase.id).where(*mine)
    return session.scalar(query)


def _wordings(session: Session, post: Post) -> list[Revision]:
    """The newest revision last, and the few before it."""
    query = select(Revision).where(Revision.post_id == post.id).order_by(Revision.id.desc())
    return list(reversed(session.scalars(query.limit(EARLIER_TEXTS + 1)).all()))


def _reasons(
    session: Session, item: Item, post: Post, source: Source, policy: Policy
) -> tuple[Reason, ...]:
    """Why the newest words are here; then what only earlier words, undecided so far, give."""
    decided = (
        select(func.max(Decision.revision_id))
        .where(Decision.item_id == item.id, Decision.kind != DecisionKind.ESCALATE)
        .where(Decision.revision_id < post.revision_id)
    )
    after = session.scalar(decided) or 0
    rows = session.scalars(
        select(FindingRow)
        .join(Revision, Revision.id == FindingRow.revision_id)
        .where(Revision.post_id == post.id, Revision.id > after)
        .order_by(Revision.id.desc(), FindingRow.start, FindingRow.id)
    ).all()
    now_seen = {row.category for row in rows if row.revision_id == post.revision_id}
    shown = [
        row for row in rows if row.revision_id == post.revision_id or row.category not in now_seen
    ]
    found = [as_finding(row) for row in shown]
    kept = policy.assess(found, source.audience, post.author_role, post.posted_at).kept
    reasons = [
        _reason(row, policy, edited=row.revision_id != post.revision_id)
        for row, finding in zip(shown, found, strict=True)
        if finding in kept
    ]
    if session.get_one(Revision, post.revision_id).dropped_at is not None:
        reasons = [replace(each, start=0, end=0) for each in reasons]  # nothing to mark any more
    return (*reasons, *_others(session, item, post))


def _reason(row: FindingRow, policy: Policy, *, edited: bool) -> Reason:
    wording = policy.wording(row.category)
    return Reason(
        category=row.category,
        title=wording.title,
        because=f"Before it was edited: {row.because}" if edited else row.because,
        clause=wording.clause,
        clause_words=wording.clause_words,
        score=row.score,
        start=0 if edited else row.start,
        end=0 if edited else row.end,
        detector=row.detector,
        revision_id=row.revision_id,
        finding_id=row.id,
    )


def _others(session: Session, item: Item, post: Post) -> list[Reason]:
    """What no detector found: people's reports, and checks that failed."""
    reports = session.scalar(
        select(func.count())
        .select_from(ItemNote)
        .where(ItemNote.item_id == item.id, ItemNote.kind == "report")
    )
    newest = session.get_one(Revision, post.revision_id)
    found = []
    if reports:
        because = "What was said stands under the notes."
        title = "Reported by a person" if reports == 1 else f"Reported by {reports} people"
        clause = ("C56", "Anybody may report what worries them, and is listened to.")
        found.append(Reason(None, title, because, *clause, 1.0, 0, 0, "", newest.id, None))
    if newest.unchecked:
        because = "A check failed or took too long, so a person has to read it."
        clause = ("C5", "Every post is checked; what cannot be is read by a person.")
        found.append(
            Reason(None, "Could not be checked", because, *clause, 1.0, 0, 0, "", newest.id, None)
        )
    return found


def _seen(item: Item, reasons: Sequence[Reason]) -> list[Category]:
    named = [Category(each) for each in item.categories]
    return list(dict.fromkeys([*named, *(each.category for each in reasons if each.category)]))


def _advice(item: Item, reasons: Sequence[Reason], policy: Policy) -> tuple[str, ...]:
    lines = [line for each in _seen(item, reasons) for line in policy.wording(each).advice]
    return tuple(dict.fromkeys(lines))


def _notes(session: Session, item: Item) -> tuple[NoteLine, ...]:
    rows = session.execute(
        select(ItemNote, Person.name)
        .outerjoin(Person, Person.id == ItemNote.by)
        .where(ItemNote.item_id == item.id)
        .order_by(ItemNote.id)
    )
    return tuple(NoteLine(note.kind, note.text, name or "", note.at) for note, name in rows)


def _decision(session: Session, item: Item) -> DecisionView | None:
    decider = aliased(Person)
    row = session.execute(
        select(Decision, decider.name)
        .join(decider, decider.id == Decision.by)
        .where(Decision.item_id == item.id)
        .order_by(Decision.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    made, name = row
    return DecisionView(
        made.id, made.kind, made.reason_title, made.clause, made.words, name, made.at
    )


def _verbs(
    session: Session, viewer: Viewer, item: Item, able: frozenset[Verb]
) -> tuple[DecisionKind, ...]:
    """What can be decided now; putting back what was removed only where the platform can."""
    newest = newest_kind(session, item)
    kinds = kinds_open_to(viewer, item, newest)
    if newest is DecisionKind.REMOVE and Verb.RESTORE not in able:
        return tuple(kind for kind in kinds if kind is not DecisionKind.UNHIDE)
    return kinds


def _able(session: Session, source: Source, post: Post) -> frozenset[Verb]:
    capabilities = able_to(session, source, post)
    return frozenset(verb for verb, need in NEEDS.items() if need in capabilities)
