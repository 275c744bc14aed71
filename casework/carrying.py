"""What every step of carrying a decision out shares: its rows, locked, and its changes of state."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import audit, notices
from casework.ground import beyond
from casework.powers import NEEDS
from casework.visibility import absent, may_see
from collector.connector import Connector
from models.errors import LookAgain
from models.tables import Action, Audit, Decision, Item, Post, Source
from models.unit_of_work import Store
from models.vocabulary import ActionState, ItemState, Presence, Route, Verb, Viewer, now

MOST_ATTEMPTS = 5
"""How often a platform may say "done" while the post still stands, before it is a failure."""

FIRST_WAIT = timedelta(seconds=10)
OPERATOR_WAIT = timedelta(minutes=15)
"""What a person has to mend is tried again by itself once in a while: nobody must press a key."""
UNKNOWN_WAIT = timedelta(days=1)

SETTLED = {
    Verb.REMOVE: frozenset({Presence.GONE}),
    Verb.HIDE: frozenset({Presence.HIDDEN, Presence.GONE}),
    Verb.UNHIDE: frozenset({Presence.PRESENT}),
    Verb.RESTORE: frozenset({Presence.PRESENT}),
}
"""How the post stands once the verb is done."""

SETTLED_AS = {
    Verb.REMOVE: Presence.GONE,
    Verb.HIDE: Presence.HIDDEN,
    Verb.UNHIDE: Presence.PRESENT,
    Verb.RESTORE: Presence.PRESENT,
}

BACK_AGAIN = "It was confirmed, and has been seen there again since."
OVERTAKEN = "A later decision took its place."
DONE_ALL_THE_SAME = "The platform had done it already when a later decision took its place."

BY_WORD = "Confirmed by the person who did it: this platform cannot be asked."
"""The receipt where there is nothing to look at again, such as an exported chat (C10)."""


@dataclass(frozen=True, slots=True)
class Rows:
    """One action and what it hangs on; post, item and action are locked until the commit."""

    action: Action
    decision: Decision
    item: Item
    post: Post


def judge(session: Session, rows: Rows, seen: Presence, connector: Connector, at: datetime) -> None:
    """What follows from how the post stands now. The caller commits."""
    action = rows.action
    able = is_able(session, rows, connector)
    if seen in SETTLED[action.verb]:
        confirmed(session, rows, seen)
    elif seen is Presence.UNKNOWN and not able:
        action.receipt = BY_WORD
        confirmed(session, rows, SETTLED_AS[action.verb])
    elif seen is Presence.UNKNOWN:
        action.problem = "The platform could not say how the post stands."
        action.cure = "Look for yourself; it is confirmed when a later check agrees."
        action.next_attempt_at = at + UNKNOWN_WAIT
    elif action.verb is Verb.UNHIDE and seen is Presence.GONE:
        fail(session, rows, "The post is gone from the platform.", "Nothing can be shown again.")
    elif not able and rows.post.last_seen_at <= (action.sent_at or at):
        action.problem = "Nothing has been collected from there since it was done by hand."
        action.cure = "It is confirmed, or comes back to you, after the next check."
        action.next_attempt_at = at + OPERATOR_WAIT
    elif not able:
        action.problem = "It was looked at again and is not done yet."
        action.cure = "\n".join(connector.by_hand(action.verb))
        move(session, rows, ActionState.BY_HAND)
    elif action.attempts >= MOST_ATTEMPTS:
        many = f"The platform said {action.attempts} times that it was done, and it is not."
        cure = "Open the post on the platform and do it by hand, or try again from here."
        fail(session, rows, many, cure)
    else:
        action.problem = "The platform said that it was done, and it is not yet."
        action.cure = "It will be tried again by itself."
        action.next_attempt_at = at + FIRST_WAIT * 2 ** (action.attempts - 1)
        move(session, rows, ActionState.WANTED, attempts=action.attempts)


def is_able(session: Session, rows: Rows, connector: Connector) -> bool:
    """Whether the platform lets a program do it, and do it to this very post."""
    source = session.get_one(Source, rows.post.source_id)
    return NEEDS[rows.action.verb] in connector.capabilities - beyond(session, source, rows.post)


def confirmed(session: Session, rows: Rows, seen: Presence) -> None:
    """The platform was seen to stand as wanted; the post says so too. The caller commits."""
    at = now()
    rows.action.confirmed_at, rows.action.next_attempt_at = at, None
    rows.action.problem = rows.action.cure = ""
    rows.post.presence = seen
    if seen is Presence.GONE and rows.post.gone_seen_at is None:
        rows.post.gone_by, rows.post.gone_seen_at = "moderator", at
    if _took_it_down(session, rows.action):
        went_by_us(rows, since=rows.action.sent_at or at)
    if seen is Presence.PRESENT:
        rows.post.gone_by, rows.post.gone_seen_at = "", None
    move(session, rows, ActionState.CONFIRMED, by_word=rows.action.receipt == BY_WORD)
    notices.hand_over(session, rows.decision.id)


def _took_it_down(session: Session, action: Action) -> bool:
    """Whether the platform, or a person by hand, took the post down when it was sent.

    Not where it was gone already, and not where it failed since: then somebody else did.
    """
    if action.verb is not Verb.REMOVE or action.sent_at is None:
        return False
    if action.state not in (ActionState.SENT, ActionState.BY_HAND):
        return False
    sent = select(Audit.details).where(
        Audit.what == f"action.{ActionState.SENT.value}", Audit.subject == f"action:{action.id}"
    )
    return any(details.get("already") is not True for details in session.scalars(sent))


def went_by_us(rows: Rows, since: datetime) -> None:
    """A poll saw it gone after `since` and before the confirmation: it went by our decision.

    A poll cannot tell who took it; where the platform says that the author did, that stands.
    """
    post = rows.post
    seen_at = post.gone_seen_at
    if post.gone_by == "unknown" and seen_at is not None and seen_at >= since:
        post.gone_by = "moderator"


def hold(session: Session, rows: Rows) -> None:
    """The words changed after the decision: nobody decided about these. A person looks again."""
    rows.action.problem = "The post was changed after it was decided, so nothing was done."
    rows.action.cure = "It is in the queue again: read it as it stands now, and decide."
    if rows.item.state is ItemState.DECIDED:
        leads = rows.item.route is Route.LEAD
        rows.item.state = ItemState.ESCALATED if leads else ItemState.WAITING
        rows.item.decided_at = None
        rows.item.version += 1
        audit.record(session, None, "item.reopened", f"item:{rows.item.id}")
    move(session, rows, ActionState.HELD)


def overtaken(session: Session, rows: Rows) -> bool:
    """Whether somebody decided anew since, or handed it to the lead: then this is not carried out.

    `decide` holds what is not sent yet; what was sent, and came back undone, is caught here.
    """
    later = select(Decision.id).where(
        Decision.item_id == rows.item.id, Decision.id > rows.decision.id
    )
    return session.scalar(later.limit(1)) is not None


def came_back(store: Store, source_id: int) -> int:
    """What was confirmed as taken down and a later poll has seen there again; how many.

    Only polls that began after the confirmation count, and only platforms that can be asked: an
    old export shows old messages.
    """
    taken_down = Action.verb.in_((Verb.REMOVE, Verb.HIDE)) & (Action.receipt != BY_WORD)
    query = (
        select(Action.id)
        .join(Post, Post.id == Action.post_id)
        .join(Source, Source.id == Action.source_id)
        .where(Action.source_id == source_id, Action.state == ActionState.CONFIRMED, taken_down)
        .where(Post.presence == Presence.PRESENT, Source.last_attempt_at > Action.confirmed_at)
        .where(Post.last_seen_at >= Source.last_attempt_at)
    )
    with store.read() as session:
        ids = session.scalars(query.order_by(Action.id)).all()
    back = 0
    for action_id in ids:
        with store.write() as session:
            rows = locked(session, action_id)
            there = rows.post.presence is Presence.PRESENT
            if (
                rows.action.state is ActionState.CONFIRMED
                and there
                and not overtaken(session, rows)
            ):
                rows.action.confirmed_at = None
                fail(session, rows, BACK_AGAIN, "Look at it there; then try again, or decide anew.")
                session.commit()
                back += 1
    return back


def fail(session: Session, rows: Rows, problem: str, cure: str) -> None:
    """It ended without success: shown in red, with the cure. The caller commits."""
    rows.action.problem, rows.action.cure = problem, cure
    rows.action.next_attempt_at = None
    move(session, rows, ActionState.FAILED)


def move(
    session: Session,
    rows: Rows,
    state: ActionState,
    *,
    actor: int | None = None,
    **details: bool | int,
) -> None:
    """A new state, and its line in the record. The caller commits."""
    rows.action.state = state
    audit.record(
        session,
        actor,
        f"action.{state.value}",
        f"action:{rows.action.id}",
        item=rows.item.id,
        verb=rows.action.verb,
        **details,
    )


def locked(session: Session, action_id: int) -> Rows:
    """Post, item, action: the order in which filing and deciding lock them too, so that nobody
    waits in a circle. Raises NotYours where there is no such action."""
    found = session.get(Action, action_id)
    if found is None:
        raise absent(f"action {action_id}")
    decision = session.get_one(Decision, found.decision_id)
    post = session.get_one(Post, found.post_id, with_for_update={"key_share": True})
    item = session.get_one(
        Item, decision.item_id, with_for_update={"key_share": True}, populate_existing=True
    )
    action = session.get_one(
        Action, action_id, with_for_update={"key_share": True}, populate_existing=True
    )
    return Rows(action, decision, item, post)


def theirs(session: Session, viewer: Viewer, action_id: int, expected: ActionState) -> Rows:
    """As `locked`, for a person: NotYours where the item is not theirs, LookAgain where the
    action is no longer in the expected state."""
    rows = locked(session, action_id)
    if not may_see(session, viewer, rows.item):
        raise absent(f"action {action_id}")
    if rows.action.state is not expected:
        raise LookAgain(
            "It has moved on since you looked.",
            subject=f"action {action_id}",
            cure="Look again at how it stands.",
        )
    return rows
