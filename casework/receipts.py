"""How far decisions have come: what the desk and the Removals screen show (C10, C12)."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from casework.carrying import BY_WORD
from casework.views import ActionView, NoticeView
from casework.visibility import absent, items_seen_by, may_see, require_content
from models.tables import Action, Decision, Evidence, Item, Notice, Person
from models.vocabulary import ActionState, Verb, Viewer

ACTIONS_A_PAGE = 25

NOT_ASKED = "This platform cannot be asked."

OPEN_STATES = (
    ActionState.WANTED,
    ActionState.SENT,
    ActionState.BY_HAND,
    ActionState.FAILED,
)

_DONE = {
    Verb.HIDE: "hidden",
    Verb.UNHIDE: "shown again",
    Verb.REMOVE: "removed",
    Verb.RESTORE: "put back",
}


def action_of(session: Session, item: Item) -> ActionView | None:
    """The platform's part in the newest decision about an item; None where it has none.

    Asks no rights: the caller has shown that the item may be seen.
    """
    newest = select(Decision.id).where(Decision.item_id == item.id).order_by(Decision.id.desc())
    action = session.scalar(
        select(Action).where(Action.decision_id == newest.limit(1).scalar_subquery())
    )
    return None if action is None else _views(session, [action])[0]


def action_view(session: Session, viewer: Viewer, action_id: int) -> ActionView:
    """One action with its notices. Raises NotYours where its item is not this person's."""
    row = session.execute(
        select(Action, Item)
        .join(Decision, Decision.id == Action.decision_id)
        .join(Item, Item.id == Decision.item_id)
        .where(Action.id == action_id)
    ).one_or_none()
    if row is None or not may_see(session, viewer, row[1]):
        raise absent(f"action {action_id}")
    return _views(session, [row[0]])[0]


def actions(
    session: Session, viewer: Viewer, *, unfinished: bool = False, number: int = 1
) -> tuple[ActionView, ...]:
    """The removal log as this person may see it, newest first, a page at a time.

    unfinished: only what is not confirmed yet. Raises NotYours for a role without content.
    """
    require_content(viewer, "the removals")
    wanted: list[ColumnElement[bool]] = [items_seen_by(viewer)]
    if unfinished:
        wanted.append(Action.state.in_(OPEN_STATES))
    query = (
        select(Action)
        .join(Decision, Decision.id == Action.decision_id)
        .join(Item, Item.id == Decision.item_id)
        .where(*wanted)
        .order_by(Action.id.desc())
        .limit(ACTIONS_A_PAGE)
        .offset((max(number, 1) - 1) * ACTIONS_A_PAGE)
    )
    return _views(session, session.scalars(query).all())


def status(action: Action) -> str:
    """How far it has come, in one plain sentence."""
    done = _DONE[action.verb]
    if action.state is ActionState.CONFIRMED and action.receipt == BY_WORD:
        return f"The post is {done}, as a person said. {NOT_ASKED}"
    return {
        ActionState.WANTED: "Trying again soon: it did not work yet."
        if action.problem
        else "Waiting to be sent to the platform.",
        ActionState.HELD: action.problem or "Held.",
        ActionState.BY_HAND: "A person has to do it by hand.",
        ActionState.SENT: "Sent. We are looking again to be sure.",
        ActionState.CONFIRMED: f"Confirmed: the post is {done}.",
        ActionState.FAILED: f"It failed: the post is not {done}.",
    }[action.state]


def _views(session: Session, found: Sequence[Action]) -> tuple[ActionView, ...]:
    decisions = [action.decision_id for action in found]
    items = dict(
        session.execute(
            select(Decision.id, Decision.item_id).where(Decision.id.in_(decisions))
        ).all()
    )
    frozen = dict(
        session.execute(
            select(Evidence.decision_id, Evidence.frozen_at).where(
                Evidence.decision_id.in_(decisions)
            )
        ).all()
    )
    notices = _notices(session, decisions)
    return tuple(
        ActionView(
            action_id=action.id,
            item_id=items[action.decision_id],
            verb=action.verb,
            state=action.state,
            status=status(action),
            problem=action.problem,
            cure="" if action.state is ActionState.BY_HAND else action.cure,
            steps=tuple(action.cure.splitlines()) if action.state is ActionState.BY_HAND else (),
            attempts=action.attempts,
            wanted_at=action.wanted_at,
            next_attempt_at=action.next_attempt_at,
            sent_at=action.sent_at,
            confirmed_at=action.confirmed_at,
            evidence_frozen_at=frozen.get(action.decision_id),
            notices=tuple(notices.get(action.decision_id, ())),
        )
        for action in found
    )


def _notices(session: Session, decisions: Sequence[int]) -> dict[int, list[NoticeView]]:
    rows = session.execute(
        select(Notice, Person.name)
        .outerjoin(Person, Person.id == Notice.sent_by)
        .where(Notice.decision_id.in_(decisions))
        .order_by(Notice.id)
    )
    found: dict[int, list[NoticeView]] = {}
    for notice, name in rows:
        view = NoticeView(
            notice_id=notice.id,
            to=notice.audience,
            told=notice.told,
            text=notice.text,
            state=notice.state,
            why_not=notice.why_not,
            sent_at=notice.sent_at,
            sent_by_name=name or "",
        )
        found.setdefault(notice.decision_id, []).append(view)
    return found
