"""Taking somebody out of a place: a person's decision with a reason, then the platform's part.

    want     the decision, the wish and the record, in one commit          -> WANTED
    act      ask the platform       WANTED -> SENT, or BY_HAND, or WANTED again later
    confirm  look again             SENT -> CONFIRMED, or WANTED again, or FAILED

A decision is not an action: nothing is asked of a platform but for a row that `want` wrote for a
person. Every change of state is one commit with a line in the record, ids and counts only. Each
step may be run twice with one effect. Where a platform has no means, a person is shown the steps.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import not_, or_, select
from sqlalchemy.orm import Session

from casework import audit
from casework.carrying import BY_WORD, FIRST_WAIT, MOST_ATTEMPTS, OPERATOR_WAIT
from casework.member_reasons import member_reason
from casework.membership_reviews import seen_by
from casework.powers import LONGEST_WORDS
from casework.visibility import absent, require_content
from collector.connector import Connector, MemberAction, Receipt, RemovesMembers, member_steps
from models.errors import ChaperoneError, LookAgain, NeedsOperator, Refused, RetryLater
from models.tables import MemberDecision, MemberRemoval, MemberRow, MembershipReview, Source
from models.unit_of_work import Store
from models.vocabulary import ActionState, Capability, Viewer, now

_Clock = Callable[[], datetime]
_COLLECTS_MEMBERS = frozenset({Capability.MEMBERS, Capability.MEMBER_CHANGES})
_A_MINUTE = timedelta(minutes=1)
"""Exported chats tell times to the minute."""

_OPEN = (ActionState.WANTED, ActionState.SENT, ActionState.BY_HAND)


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom to take out, from where, and why.

    handle: as the member's row or the post's author_id has it. reason_code: member_reasons.py.
    words: the decider's own, kept and never sent (C11). keep_out: not to come back either.
    """

    source_id: int
    handle: str
    reason_code: str
    words: str
    keep_out: bool = False


def want(store: Store, viewer: Viewer, wish: Wish, *, clock: _Clock = now) -> int:
    """Write the decision and what it wants of the platform; the id of the removal.

    Raises NotYours unless a monitor or a lead decides; Refused without a reason or words; LookAgain
    where the same person is being taken out already.
    """
    with store.write() as session:
        removal = want_in(session, viewer, wish, clock())
        session.commit()
        return removal


def want_in(session: Session, viewer: Viewer, wish: Wish, at: datetime) -> int:
    """As `want`, in a commit of the caller's own: with the task that it settles, say."""
    subject = f"source {wish.source_id}"
    require_content(viewer, subject)
    reason = member_reason(wish.reason_code)
    if not wish.words.strip() or len(wish.words) > LONGEST_WORDS:
        raise Refused(
            f"Your own words are missing, or longer than {LONGEST_WORDS} characters.",
            subject=subject,
            cure="Say in a sentence why. It is for the record and is not sent to anybody (C11).",
        )
    # The place is locked, so that two people do not both find that nobody else has decided.
    source = session.get(Source, wish.source_id, with_for_update={"key_share": True})
    if source is None or not wish.handle:
        raise absent(subject)
    here = (MemberRemoval.source_id == source.id, MemberRemoval.handle == wish.handle)
    query = select(MemberRemoval.id).where(*here, MemberRemoval.state.in_(_OPEN)).limit(1)
    if session.scalar(query) is not None:
        raise LookAgain(
            "This person is being taken out already.",
            subject=subject,
            cure="Nothing was done. Look again at how it stands.",
        )
    listed = select(MemberRow).where(
        MemberRow.source_id == source.id, MemberRow.handle == wish.handle
    )
    member = session.scalar(listed)
    decision = MemberDecision(
        source_id=source.id,
        handle=wish.handle,
        display_name=member.display_name if member is not None else "",
        reason_code=reason.code,
        clause=reason.clause,
        words=wish.words.strip(),
        keep_out=wish.keep_out,
        by=viewer.user_id,
        at=at,
    )
    session.add(decision)
    session.flush()
    removal = MemberRemoval(
        decision_id=decision.id,
        source_id=source.id,
        handle=wish.handle,
        state=ActionState.WANTED,
        wanted_at=at,
    )
    session.add(removal)
    session.flush()
    audit.record(
        session,
        viewer.user_id,
        "member.remove",
        f"member_removal:{removal.id}",
        source=source.id,
        reason=reason.code,
        clause=reason.clause,
        keep_out=wish.keep_out,
    )
    return removal.id


def wanted(session: Session, *, clock: _Clock = now) -> tuple[int, ...]:
    """Removals that a worker should take up now: to be sent, or to be looked at again."""
    due = or_(MemberRemoval.next_attempt_at.is_(None), MemberRemoval.next_attempt_at <= clock())
    states = (ActionState.WANTED, ActionState.SENT)
    query = select(MemberRemoval.id).where(MemberRemoval.state.in_(states), due)
    return tuple(session.scalars(query.order_by(MemberRemoval.id)))


def act(store: Store, removal_id: int, connector: Connector, *, clock: _Clock = now) -> ActionState:
    """Ask the platform, and how far it has come then. Repeating it after a crash is harmless."""
    asked = _prepare(store, removal_id, connector)
    if isinstance(asked, ActionState):
        return asked
    action, remover = asked
    try:
        receipt = remover.remove_member(action)
    except RetryLater as error:
        return _later(store, removal_id, error, clock() + error.after)
    except NeedsOperator as error:
        return _later(store, removal_id, error, clock() + OPERATOR_WAIT)
    except Refused as error:
        return _by_hand(store, removal_id, connector, error)
    return _sent(store, removal_id, receipt)


def confirm(
    store: Store, removal_id: int, connector: Connector, *, clock: _Clock = now
) -> ActionState:
    """Look at the platform again; only what is seen there counts as done.

    A platform that cannot be asked is confirmed by its list of members, or by the word of the
    person who did it where it gives none.
    """
    with store.read() as session:
        row = _row(session, removal_id)
        if row.state is not ActionState.SENT:
            return row.state
        handle = row.handle
    seen: bool | None = None
    if _able(connector) and isinstance(connector, RemovesMembers):
        try:
            seen = connector.is_member(handle)
        except RetryLater as error:
            return _later(store, removal_id, error, clock() + error.after)
        except (NeedsOperator, Refused) as error:
            return _later(store, removal_id, error, clock() + OPERATOR_WAIT)
    with store.write() as session:
        row = _row(session, removal_id, lock=True)
        if row.state is ActionState.SENT:
            _judge(session, row, seen, connector, clock())
            session.commit()
        return row.state


def mark_done_by_hand(
    store: Store, viewer: Viewer, removal_id: int, *, clock: _Clock = now
) -> None:
    """A person says that it is done there. Raises NotYours, LookAgain where it does not wait."""
    with store.write() as session:
        row = _theirs(session, viewer, removal_id, ActionState.BY_HAND)
        row.sent_at, row.receipt, row.next_attempt_at = clock(), "Done by hand.", None
        _move(session, row, ActionState.SENT, actor=viewer.user_id, by_hand=True)
        session.commit()


def try_again(store: Store, viewer: Viewer, removal_id: int) -> None:
    """Another try at what failed. Raises NotYours or LookAgain."""
    with store.write() as session:
        row = _theirs(session, viewer, removal_id, ActionState.FAILED)
        row.attempts, row.next_attempt_at = 0, None
        _move(session, row, ActionState.WANTED, actor=viewer.user_id)
        session.commit()


def failed(store: Store, removal_id: int, error: ChaperoneError) -> None:
    """Give up: shown in red with the error's cure. What is confirmed already stays so."""
    with store.write() as session:
        row = _row(session, removal_id, lock=True)
        if row.state is not ActionState.CONFIRMED:
            _fail(session, row, error.what, error.cure)
            session.commit()


def _prepare(
    store: Store, removal_id: int, connector: Connector
) -> tuple[MemberAction, RemovesMembers] | ActionState:
    """What to ask of the platform; or the state, where nothing is to be asked now."""
    with store.write() as session:
        row = _row(session, removal_id, lock=True)
        if row.state is not ActionState.WANTED:
            return row.state
        if not (_able(connector) and isinstance(connector, RemovesMembers)):
            row.problem, row.cure = "", "\n".join(member_steps(connector))
            _move(session, row, ActionState.BY_HAND)
            session.commit()
            return row.state
        decision = session.get_one(MemberDecision, row.decision_id)
        return (
            MemberAction(
                key=f"member-{decision.id}",
                handle=decision.handle,
                keep_out=decision.keep_out,
                reason=member_reason(decision.reason_code).said,
            ),
            connector,
        )


def _sent(store: Store, removal_id: int, receipt: Receipt) -> ActionState:
    with store.write() as session:
        row = _row(session, removal_id, lock=True)
        if row.state is not ActionState.WANTED:
            return row.state  # a second run of this step was quicker
        row.attempts += 1
        row.sent_at, row.receipt = receipt.done_at, receipt.detail
        row.problem, row.cure, row.next_attempt_at = "", "", None
        _move(session, row, ActionState.SENT, already=receipt.already, attempts=row.attempts)
        session.commit()
        return row.state


def _judge(
    session: Session, row: MemberRemoval, seen: bool | None, connector: Connector, at: datetime
) -> None:
    """What follows from whether the person is still there. The caller commits."""
    member = session.scalar(
        select(MemberRow).where(
            MemberRow.source_id == row.source_id, MemberRow.handle == row.handle
        )
    )
    if seen is None and member is not None:
        seen = _as_collected(member, row, connector)
        if seen is None and connector.capabilities & _COLLECTS_MEMBERS:
            row.problem = "Nothing has been collected about the members since it was done by hand."
            row.cure = "It is confirmed, or comes back to you, after the next check."
            row.next_attempt_at = at + OPERATOR_WAIT
            return
    if seen is None:
        row.receipt = BY_WORD
    if not seen:
        _confirmed(session, row, member, at)
    elif not _able(connector):
        row.problem = "It was looked at again and is not done yet."
        row.cure = "\n".join(member_steps(connector))
        _move(session, row, ActionState.BY_HAND)
    elif row.attempts >= MOST_ATTEMPTS:
        many = f"The platform said {row.attempts} times that it was done, and it is not."
        _fail(session, row, many, "Do it there by hand, or try again from here.")
    else:
        row.problem = "The platform said that it was done, and it is not yet."
        row.cure = "It will be tried again by itself."
        row.next_attempt_at = at + FIRST_WAIT * 2 ** max(row.attempts - 1, 0)
        _move(session, row, ActionState.WANTED, attempts=row.attempts)


def _as_collected(member: MemberRow, row: MemberRemoval, connector: Connector) -> bool | None:
    """Whether the person is there, by what was collected since it was done; None: nothing was.

    A list says so either way. Where only changes are told, it is told when somebody went, which
    was before anybody could tick it off here.
    """
    if Capability.MEMBERS in connector.capabilities:
        looked = max(member.last_seen_at, member.left_at or member.last_seen_at)
        return member.left_at is None if looked > (row.sent_at or row.wanted_at) else None
    if member.left_at is not None and member.left_at >= row.wanted_at - _A_MINUTE:
        return False
    return True if member.last_seen_at > (row.sent_at or row.wanted_at) else None


def _confirmed(
    session: Session, row: MemberRemoval, member: MemberRow | None, at: datetime
) -> None:
    row.confirmed_at, row.next_attempt_at = at, None
    row.problem = row.cure = ""
    if member is not None and member.left_at is None:
        member.left_at = at
    _move(session, row, ActionState.CONFIRMED, by_word=row.receipt == BY_WORD)


def _later(store: Store, removal_id: int, error: ChaperoneError, at: datetime) -> ActionState:
    """It stays as it is, with what is in the way and when it is tried again."""
    with store.write() as session:
        row = _row(session, removal_id, lock=True)
        if row.state in (ActionState.WANTED, ActionState.SENT):
            if row.problem != error.what:
                why = type(error).__name__
                about = f"member_removal:{row.id}"
                audit.record(session, None, "member_removal.delayed", about, why=why)
            row.problem, row.cure, row.next_attempt_at = error.what, error.cure, at
            session.commit()
        return row.state


def _by_hand(store: Store, removal_id: int, connector: Connector, error: Refused) -> ActionState:
    """The platform will not do it for the program: a person is shown how."""
    with store.write() as session:
        row = _row(session, removal_id, lock=True)
        if row.state is ActionState.WANTED:
            row.problem, row.cure = error.what, "\n".join(member_steps(connector))
            _move(session, row, ActionState.BY_HAND)
            session.commit()
        return row.state


def _able(connector: Connector) -> bool:
    return Capability.REMOVE_MEMBER in connector.capabilities


def _fail(session: Session, row: MemberRemoval, problem: str, cure: str) -> None:
    row.problem, row.cure, row.next_attempt_at = problem, cure, None
    _move(session, row, ActionState.FAILED)


def _move(
    session: Session,
    row: MemberRemoval,
    state: ActionState,
    *,
    actor: int | None = None,
    **details: bool | int,
) -> None:
    """A new state, and its line in the record. The caller commits."""
    row.state = state
    about = f"member_removal:{row.id}"
    audit.record(session, actor, f"member_removal.{state.value}", about, **details)


def _row(session: Session, removal_id: int, *, lock: bool = False) -> MemberRemoval:
    row = session.get(
        MemberRemoval,
        removal_id,
        with_for_update={"key_share": True} if lock else None,
        populate_existing=lock,
    )
    if row is None:
        raise absent(f"member removal {removal_id}")
    return row


def _theirs(
    session: Session, viewer: Viewer, removal_id: int, expected: ActionState
) -> MemberRemoval:
    require_content(viewer, f"member removal {removal_id}")
    row = _row(session, removal_id, lock=True)
    hidden = select(MembershipReview.id).where(
        MembershipReview.source_id == row.source_id,
        MembershipReview.who == row.handle,
        not_(seen_by(viewer)),
    )
    if session.scalar(hidden) is not None:
        raise absent(f"member removal {removal_id}")  # its review is not theirs (practice 4.14)
    if row.state is not expected:
        raise LookAgain(
            "It has moved on since you looked.",
            subject=f"member removal {removal_id}",
            cure="Look again at how it stands.",
        )
    return row
