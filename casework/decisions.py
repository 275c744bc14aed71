"""Deciding about an item: a reason always, bound to the words that were seen (C10-C12, C58).

A decision is not an action. `decide` writes the decision, the wish to act on the platform, what is
to be said and to whom, and the record, in one commit; carrying it out is removals.py. Nothing is
hidden or removed but by a row that this file wrote for a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import audit, cases
from casework.carrying import OVERTAKEN
from casework.consequences import Consequences, preview
from casework.notices import About, NoticePreview, Tell, notices_for
from casework.powers import NEEDS, checked, newest_kind, verb_for
from casework.reason_codes import ReasonCode, reasons
from casework.visibility import item_for
from models.errors import LookAgain
from models.tables import (
    Action,
    Decision,
    FindingRow,
    Item,
    Person,
    Post,
    Revision,
    Source,
    Verdict,
)
from models.unit_of_work import Store
from models.vocabulary import (
    ActionState,
    Category,
    DecisionKind,
    ItemState,
    Level,
    Organisation,
    Role,
    Route,
    Viewer,
    now,
)

__all__ = [
    "NEEDS",
    "Choice",
    "Consequences",
    "Decided",
    "NoticePreview",
    "ReasonCode",
    "Tell",
    "decide",
    "preview",
    "reasons",
    "verb_for",
]

_UNKNOWN = Organisation(name="")
_SUPERSEDED = (ActionState.WANTED, ActionState.BY_HAND, ActionState.FAILED)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person decides. revision_id, text_hash and version are those of the ItemView seen.

    words: the reason in the person's own words (never sent to anybody). tell: who is told what;
    an audience that is left out is recorded as not told. immediate_danger: only for ESCALATE.
    right, wrong: ids of findings that the person judged.
    """

    item_id: int
    revision_id: int
    text_hash: str
    version: int
    kind: DecisionKind
    reason_code: str
    words: str
    tell: tuple[Tell, ...] = ()
    immediate_danger: bool = False
    right: tuple[int, ...] = ()
    wrong: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """What was written. case_reference: for the lead only; a monitor sees "escalated"."""

    decision_id: int
    action_id: int | None
    case_reference: str | None


def decide(
    store: Store,
    viewer: Viewer,
    choice: Choice,
    *,
    organisation: Organisation = _UNKNOWN,
) -> Decided:
    """Write the decision and everything that follows from it, in one commit.

    Raises NotYours; Refused without a reason or words, with a gap in a text, or where it is the
    lead's to decide; LookAgain if the post changed, somebody decided first, or holds the item.
    """
    with store.write() as session:
        item = item_for(session, viewer, choice.item_id, lock=True)
        _refuse_stale(session, viewer, item, choice)
        asked = (choice.reason_code, choice.words)
        reason = checked(session, viewer, item, choice.kind, asked)
        before = newest_kind(session, item)
        item.revision_id = choice.revision_id
        decision = _write_decision(session, viewer, item, choice, reason)
        action, reference = None, None
        if choice.kind is DecisionKind.ESCALATE:
            reference = _escalate(session, viewer, item, choice, organisation)
        else:
            action = _settle(session, item, decision, before)
            if action is not None:
                _write_notices(session, item, decision, reason, choice.tell)
        audit.record(
            session,
            viewer.user_id,
            f"item.{choice.kind.value}",
            f"item:{item.id}",
            decision=decision.id,
            reason=reason.code,
            clause=reason.clause,
            text_hash=choice.text_hash,
        )
        session.commit()
        shown = reference if viewer.has(Role.LEAD) else None
        return Decided(decision.id, None if action is None else action.id, shown)


def _refuse_stale(session: Session, viewer: Viewer, item: Item, choice: Choice) -> None:
    subject, at = f"item {item.id}", now()
    post = session.get_one(Post, item.post_id)
    revision = session.get_one(Revision, post.revision_id)
    if (revision.id, revision.text_hash) != (choice.revision_id, choice.text_hash):
        raise LookAgain(
            "The post was changed after you opened it.",
            subject=subject,
            cure="Nothing was done. Read it again, then decide.",
        )
    if item.version != choice.version:
        raise LookAgain(
            "Somebody else decided first, or something new was found.",
            subject=subject,
            cure="Nothing was done. Open it again to see how it stands.",
        )
    held = item.claimed_until is not None and item.claimed_until > at
    if held and item.claimed_by != viewer.user_id:
        holder = session.get(Person, item.claimed_by)
        raise LookAgain(
            f"{holder.name if holder else 'Somebody else'} is dealing with it.",
            subject=subject,
            cure="Nothing was done. Ask them, or wait until they give it back.",
        )


def _write_decision(
    session: Session, viewer: Viewer, item: Item, choice: Choice, reason: ReasonCode
) -> Decision:
    decision = Decision(
        item_id=item.id,
        revision_id=choice.revision_id,
        text_hash=choice.text_hash,
        kind=choice.kind,
        reason_code=reason.code,
        reason_title=reason.title,
        clause=reason.clause,
        words=choice.words.strip(),
        by=viewer.user_id,
        at=now(),
        policy_version=item.policy_version,
    )
    session.add(decision)
    session.flush()
    judged = {**dict.fromkeys(choice.right, True), **dict.fromkeys(choice.wrong, False)}
    theirs = set(
        session.scalars(
            select(FindingRow.id)
            .join(Revision, Revision.id == FindingRow.revision_id)
            .where(Revision.post_id == item.post_id, FindingRow.id.in_(judged))
        )
    )
    for finding_id, right in judged.items():
        if finding_id in theirs:
            session.add(Verdict(decision_id=decision.id, finding_id=finding_id, right=right))
    return decision


def _settle(
    session: Session, item: Item, decision: Decision, before: DecisionKind | None
) -> Action | None:
    """The item is decided; what was wanted before gives way; the platform's part is wanted."""
    at = decision.at
    item.state, item.decided_at = ItemState.DECIDED, at
    item.claimed_by = item.claimed_until = None
    item.version += 1
    _hold_earlier(session, item)
    if decision.kind is DecisionKind.KEEP:
        return None
    wanted = Action(
        decision_id=decision.id,
        post_id=item.post_id,
        source_id=item.source_id,
        verb=verb_for(decision.kind, before),
        state=ActionState.WANTED,
        wanted_at=at,
    )
    session.add(wanted)
    session.flush()
    return wanted


def _hold_earlier(session: Session, item: Item) -> None:
    """What was wanted before and is not done yet gives way to the decision that is written now."""
    earlier = select(Action).where(Action.post_id == item.post_id, Action.state.in_(_SUPERSEDED))
    for action in session.scalars(earlier.with_for_update(key_share=True)):
        action.state, action.problem = ActionState.HELD, OVERTAKEN
        action.cure, action.next_attempt_at = "", None


def _write_notices(
    session: Session,
    item: Item,
    decision: Decision,
    reason: ReasonCode,
    tell: Sequence[Tell],
) -> None:
    post = session.get_one(Post, item.post_id)
    revision = session.get_one(Revision, decision.revision_id)
    source = session.get_one(Source, item.source_id)
    about = About(source.label, revision.text, post.author_name or "")
    for notice in notices_for(reason, tell, about):
        notice.decision_id = decision.id
        session.add(notice)
    session.flush()


def _escalate(
    session: Session, viewer: Viewer, item: Item, choice: Choice, organisation: Organisation
) -> str:
    """Out of the monitor's reach, and into a case of the lead's; the case's reference.

    Whether to hide or remove is the lead's from here on: what was wanted before waits for that.
    """
    _hold_earlier(session, item)
    least = Level.L4 if choice.immediate_danger else Level.L3
    item.level = max(item.level, least)
    item.state, item.route = ItemState.ESCALATED, Route.LEAD
    item.claimed_by = item.claimed_until = item.decided_at = None
    item.help_wanted = False
    item.version += 1
    case = cases.open_for_item(
        session,
        item,
        opened_by=viewer.user_id,
        why=choice.words.strip(),
        level=item.level,
        categories=tuple(Category(each) for each in item.categories),
        immediate_danger=choice.immediate_danger,
        organisation=organisation,
    )
    return case.reference
