"""Carrying a decision out: plain functions, each a step that may be run twice with one effect.

    freeze   the evidence first: words, author, link, times, hash (C10); append-only
    act      ask the platform          WANTED -> SENT, or BY_HAND, or WANTED again later
    confirm  look again                SENT -> CONFIRMED, or WANTED again, or FAILED
    tell     those still to be told become a person's to tell (C12)

Every change of state is one commit with a line in the record. Nothing is sent to a platform
without a decision that a person wrote, the evidence, and the very words that were decided about:
a post that was changed since goes back into the queue, and its action is HELD.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework import audit, notices
from casework.carrying import (
    DONE_ALL_THE_SAME,
    OPERATOR_WAIT,
    OVERTAKEN,
    SETTLED,
    came_back,
    confirmed,
    fail,
    hold,
    is_able,
    judge,
    locked,
    move,
    overtaken,
    theirs,
    went_by_us,
)
from casework.powers import verb_matches
from casework.visibility import absent
from collector.connector import Connector, PlatformAction, Receipt
from models.errors import ChaperoneError, NeedsOperator, Refused, RetryLater
from models.tables import Action, Evidence, Post, Revision
from models.unit_of_work import Store
from models.vocabulary import ActionState, Capability, Presence, Verb, Viewer, now

_Clock = Callable[[], datetime]


def wanted_actions(session: Session, *, clock: _Clock = now) -> tuple[int, ...]:
    """Actions that a worker should take up now: to be sent, or to be looked at again."""
    at = clock()
    due = or_(Action.next_attempt_at.is_(None), Action.next_attempt_at <= at)
    states = (ActionState.WANTED, ActionState.SENT)
    query = select(Action.id).where(Action.state.in_(states), due).order_by(Action.id)
    return tuple(session.scalars(query))


def next_attempt(session: Session, action_id: int) -> datetime | None:
    """When to take it up again, aware UTC; None: at once, or never where it has ended."""
    return session.get_one(Action, action_id).next_attempt_at


def freeze(store: Store, action_id: int) -> int:
    """Keep the post as it stood when it was decided; the id of the evidence. Never a picture."""
    with store.write() as session:
        rows = locked(session, action_id)
        held = select(Evidence.id).where(Evidence.decision_id == rows.decision.id)
        found = session.scalar(held)
        if found is not None:
            return found
        revision = session.get_one(Revision, rows.decision.revision_id)
        evidence = Evidence(
            decision_id=rows.decision.id,
            post_id=rows.post.id,
            revision_id=revision.id,
            text=revision.text,
            text_hash=revision.text_hash,
            author_id=rows.post.author_id,
            author_name=rows.post.author_name,
            permalink=rows.post.permalink,
            posted_at=rows.post.posted_at,
            collected_at=revision.seen_at,
            frozen_at=now(),
            media_count=rows.post.media_count,
        )
        session.add(evidence)
        session.flush()
        audit.record(
            session,
            None,
            "evidence.frozen",
            f"action:{action_id}",
            evidence=evidence.id,
            text_hash=evidence.text_hash,
        )
        session.commit()
        return evidence.id


def act(store: Store, action_id: int, connector: Connector, *, clock: _Clock = now) -> ActionState:
    """Ask the platform, and how far it has come then. Repeating it after a crash is harmless.

    WANTED: to be tried again at `next_attempt`. Raises Refused where there is no decision for it
    or no evidence: then nothing was asked.
    """
    asked = _prepare(store, action_id, connector)
    if isinstance(asked, ActionState):
        return asked
    try:
        receipt = connector.act(asked)
    except RetryLater as error:
        return _later(store, action_id, error, clock() + error.after)
    except NeedsOperator as error:
        return _later(store, action_id, error, clock() + OPERATOR_WAIT)
    except Refused as error:
        return _by_hand(store, action_id, connector, error)
    return _sent(store, action_id, receipt, bool(asked.reason_message))


def confirm(
    store: Store, action_id: int, connector: Connector, *, clock: _Clock = now
) -> ActionState:
    """Look at the platform again; only what is seen there counts as done."""
    with store.read() as session:
        action = session.get(Action, action_id)
        if action is None:
            raise absent(f"action {action_id}")
        if action.state is not ActionState.SENT:
            return action.state
        native_id = session.get_one(Post, action.post_id).native_id
    try:
        sighting = connector.look_up([native_id]).get(native_id)
    except RetryLater as error:
        return _later(store, action_id, error, clock() + error.after)
    except (NeedsOperator, Refused) as error:
        return _later(store, action_id, error, clock() + OPERATOR_WAIT)
    seen = Presence.UNKNOWN if sighting is None else sighting.presence
    with store.write() as session:
        rows = locked(session, action_id)
        if rows.action.state is ActionState.SENT:
            judge(session, rows, seen, connector, clock())
            session.commit()
        return rows.action.state


def tell(store: Store, action_id: int) -> int:
    """How many texts stand with a person to be said, once it is confirmed; 0 before.

    They are handed over in the commit that confirms; whatever was left behind follows here.
    """
    with store.write() as session:
        rows = locked(session, action_id)
        if rows.action.state is not ActionState.CONFIRMED:
            return 0
        notices.hand_over(session, rows.decision.id)
        session.commit()
        return notices.by_hand_count(session, rows.decision.id)


def failed(store: Store, action_id: int, error: ChaperoneError) -> None:
    """Give up: shown in red with the error's cure. What is confirmed already stays so."""
    with store.write() as session:
        rows = locked(session, action_id)
        if rows.action.state not in (ActionState.CONFIRMED, ActionState.HELD):
            fail(session, rows, error.what, error.cure)
            session.commit()


def try_again(store: Store, viewer: Viewer, action_id: int) -> None:
    """A person asks for another try at what failed. Raises NotYours or LookAgain."""
    with store.write() as session:
        rows = theirs(session, viewer, action_id, ActionState.FAILED)
        rows.action.attempts = 0
        rows.action.next_attempt_at = None
        move(session, rows, ActionState.WANTED, actor=viewer.user_id)
        session.commit()


def mark_done_by_hand(store: Store, viewer: Viewer, action_id: int) -> None:
    """A person says that it is done on the platform; it is confirmed once a look agrees.

    Raises NotYours, or LookAgain where it does not wait for a person.
    """
    with store.write() as session:
        rows = theirs(session, viewer, action_id, ActionState.BY_HAND)
        rows.action.sent_at, rows.action.receipt = now(), "Done by hand."
        rows.action.next_attempt_at = None
        move(session, rows, ActionState.SENT, actor=viewer.user_id, by_hand=True)
        session.commit()


def confirm_from_poll(store: Store, source_id: int) -> tuple[int, ...]:
    """After a poll: what the poll saw done is confirmed, and its texts become a person's to send.

    Covers what was done by hand or sent, and what failed and was then done by somebody else. What
    was confirmed, and stands there again, is shown in red: a person decides what follows.
    """
    came_back(store, source_id)
    states = (ActionState.BY_HAND, ActionState.SENT, ActionState.FAILED)
    with store.read() as session:
        open_ones = select(Action.id).where(Action.source_id == source_id, Action.state.in_(states))
        ids = session.scalars(open_ones.order_by(Action.id)).all()
    return tuple(action_id for action_id in ids if _seen_done(store, action_id, states))


def _seen_done(store: Store, action_id: int, states: tuple[ActionState, ...]) -> bool:
    """Confirm one action if its post, as last polled, stands as it was wanted."""
    with store.write() as session:
        rows = locked(session, action_id)
        action, post = rows.action, rows.post
        looked_since = post.last_seen_at > (action.sent_at or action.wanted_at)
        stays = action.verb in (Verb.UNHIDE, Verb.RESTORE)
        done = post.presence in SETTLED[action.verb] and (looked_since or not stays)
        if action.state not in states or not done:
            return False
        confirmed(session, rows, post.presence)
        session.commit()
        return True


def _prepare(store: Store, action_id: int, connector: Connector) -> PlatformAction | ActionState:
    """What to ask of the platform; or the state, where nothing is to be asked now."""
    with store.write() as session:
        rows = locked(session, action_id)
        action, decision = rows.action, rows.decision
        if action.state is not ActionState.WANTED:
            return action.state
        evidence = select(Evidence.id).where(Evidence.decision_id == decision.id)
        if not verb_matches(decision.kind, action.verb) or session.scalar(evidence) is None:
            raise Refused(
                "There is no decision for it, or its evidence was not kept. Nothing was done.",
                subject=f"action {action_id}",
                cure="Freeze the evidence first; only what a person decided is carried out.",
            )
        if overtaken(session, rows):
            action.problem, action.cure, action.next_attempt_at = OVERTAKEN, "", None
            move(session, rows, ActionState.HELD)
            session.commit()
            return action.state
        if rows.post.revision_id != decision.revision_id and rows.post.presence != Presence.GONE:
            hold(session, rows)
            session.commit()
            return action.state
        if not is_able(session, rows, connector):
            action.problem, action.cure = "", "\n".join(connector.by_hand(action.verb))
            move(session, rows, ActionState.BY_HAND)
            session.commit()
            return action.state
        message = notices.author_message(session, decision.id)
        told = message is not None and Capability.TELL_AUTHOR in connector.capabilities
        titled = Capability.REASON in connector.capabilities
        return PlatformAction(
            key=f"decision-{decision.id}",
            verb=action.verb,
            native_id=rows.post.native_id,
            reason_title=decision.reason_title if titled else "",
            reason_message=message.text if told and message is not None else "",
        )


def _sent(store: Store, action_id: int, receipt: Receipt, told: bool) -> ActionState:
    with store.write() as session:
        rows = locked(session, action_id)
        action = rows.action
        held = action.state is ActionState.HELD and action.sent_at is None
        if action.state is not ActionState.WANTED and not held:
            return action.state  # a second run of this step was quicker
        action.attempts += 1
        action.sent_at = receipt.done_at
        action.receipt = receipt.detail
        action.problem = DONE_ALL_THE_SAME if held else ""
        action.cure = "Look at the post there, and put it back if need be." if held else ""
        action.next_attempt_at = None
        if action.verb is Verb.REMOVE and not receipt.already:
            went_by_us(rows, since=action.wanted_at)  # a poll was quicker than this receipt
        state = ActionState.HELD if held else ActionState.SENT
        move(session, rows, state, already=receipt.already, attempts=action.attempts)
        message = notices.author_message(session, rows.decision.id)
        if told and receipt.told is not False and message is not None:
            certain = receipt.told is True and not receipt.already
            notices.sent_by_platform(session, message, certain=certain)
        session.commit()
        return action.state


def _later(store: Store, action_id: int, error: ChaperoneError, at: datetime) -> ActionState:
    """It stays as it is, with what is in the way and when it is tried again."""
    with store.write() as session:
        rows = locked(session, action_id)
        action = rows.action
        if action.state in (ActionState.WANTED, ActionState.SENT):
            new = action.problem != error.what
            action.problem, action.cure, action.next_attempt_at = error.what, error.cure, at
            if new:
                why = type(error).__name__
                audit.record(session, None, "action.delayed", f"action:{action_id}", why=why)
            session.commit()
        return action.state


def _by_hand(store: Store, action_id: int, connector: Connector, error: Refused) -> ActionState:
    """The platform will not do it for the program: a person is shown how."""
    with store.write() as session:
        rows = locked(session, action_id)
        if rows.action.state is ActionState.WANTED:
            steps = connector.by_hand(rows.action.verb) or (error.cure,)
            rows.action.problem, rows.action.cure = error.what, "\n".join(steps)
            move(session, rows, ActionState.BY_HAND)
            session.commit()
        return rows.action.state
