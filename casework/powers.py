"""Who may decide what about an item (C12, practice 4.3 and 4.5).

Where a child or an allegation is involved a monitor's only decision is to escalate: when and
whether to hide or remove is for the lead, who may be acting on the advice of the police.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.reason_codes import ReasonCode, reason_for
from models.errors import LookAgain, Refused
from models.tables import Action, Decision, Item
from models.vocabulary import (
    ActionState,
    Capability,
    Category,
    DecisionKind,
    ItemState,
    Level,
    Role,
    Route,
    Verb,
    Viewer,
)

LONGEST_WORDS = 4000

NEEDS = {
    Verb.HIDE: Capability.HIDE,
    Verb.UNHIDE: Capability.UNHIDE,
    Verb.REMOVE: Capability.REMOVE,
    Verb.RESTORE: Capability.RESTORE,
}
"""What a platform must be able to do for each verb."""

_UNSETTLED = (ActionState.WANTED, ActionState.SENT)

LEAD_ONLY = frozenset(
    {Category.DISCLOSURE, Category.GROOMING, Category.INAPPROPRIATE_STAFF_CONTACT}
)
"""At any level: a child may be telling, or an adult may be accused."""

_AFTER = {
    None: (DecisionKind.KEEP, DecisionKind.HIDE, DecisionKind.REMOVE),
    DecisionKind.KEEP: (DecisionKind.HIDE, DecisionKind.REMOVE),
    DecisionKind.HIDE: (DecisionKind.UNHIDE, DecisionKind.REMOVE),
    DecisionKind.UNHIDE: (DecisionKind.HIDE, DecisionKind.REMOVE),
    DecisionKind.REMOVE: (DecisionKind.UNHIDE,),
    DecisionKind.ESCALATE: (DecisionKind.KEEP, DecisionKind.HIDE, DecisionKind.REMOVE),
}
"""What may follow the newest decision. None: nothing is decided about the words as they stand."""


def only_lead_decides(item: Item) -> bool:
    """Whether a monitor may do no more than escalate it."""
    serious = item.level >= Level.L3 or item.route in (Route.LEAD, Route.EMERGENCY)
    return serious or any(category in LEAD_ONLY for category in item.categories)


def kinds_open_to(
    viewer: Viewer, item: Item, newest: DecisionKind | None
) -> tuple[DecisionKind, ...]:
    """The decisions that this person can take about the item as it stands.

    newest: the kind of the newest decision about it. An item that came back after an edit, or
    that was never decided, is WAITING: then what was decided before does not bind.
    """
    if item.state is ItemState.WAITING:
        newest = None
    kinds: tuple[DecisionKind, ...] = ()
    if viewer.has(Role.LEAD) or (viewer.has(Role.MONITOR) and not only_lead_decides(item)):
        kinds = _AFTER[newest if item.state is ItemState.DECIDED else None]
    if item.state is not ItemState.ESCALATED and item.route is not Route.LEAD:
        kinds += (DecisionKind.ESCALATE,)
    return kinds


def require_power(viewer: Viewer, item: Item, kind: DecisionKind) -> None:
    """Raises Refused where it is the lead's to decide, with what the monitor does instead."""
    if kind is DecisionKind.ESCALATE or viewer.has(Role.LEAD) or not only_lead_decides(item):
        return
    raise Refused(
        "A child or an allegation may be involved, so the safeguarding lead decides.",
        subject=f"item {item.id}",
        cure="Escalate it. If somebody is in danger now, call 999 first.",
    )


def checked(
    session: Session, viewer: Viewer, item: Item, kind: DecisionKind, asked: tuple[str, str]
) -> ReasonCode:
    """The reason, if this person may decide so now. asked: the reason's code and own words.

    Raises Refused without either or where it is the lead's, LookAgain where it stands otherwise.
    """
    require_power(viewer, item, kind)
    reason = reason_for(kind, asked[0])
    subject = f"item {item.id}"
    if not asked[1].strip() or len(asked[1]) > LONGEST_WORDS:
        raise Refused(
            f"Your own words are missing, or longer than {LONGEST_WORDS} characters.",
            subject=subject,
            cure="Say in a sentence why. It is for the record and is not sent to anybody (C11).",
        )
    if kind not in kinds_open_to(viewer, item, newest_kind(session, item)):
        raise LookAgain(
            "That cannot be decided about it as it stands now.",
            subject=subject,
            cure="Open it again to see how it stands.",
        )
    unsettled = select(Action.id).where(
        Action.post_id == item.post_id, Action.state.in_(_UNSETTLED)
    )
    if kind is DecisionKind.UNHIDE and session.scalar(unsettled.limit(1)) is not None:
        raise LookAgain(
            "The decision before is still being carried out.",
            subject=subject,
            cure="Wait until the platform has confirmed it, then decide.",
        )
    return reason


def newest_kind(session: Session, item: Item) -> DecisionKind | None:
    """The kind of the newest decision about an item, None where there is none."""
    query = select(Decision.kind).where(Decision.item_id == item.id)
    return session.scalar(query.order_by(Decision.id.desc()).limit(1))


def verb_for(kind: DecisionKind, before: DecisionKind | None) -> Verb:
    """What the platform is asked to do. Showing again what was removed is to restore it."""
    if kind is DecisionKind.UNHIDE:
        return Verb.RESTORE if before is DecisionKind.REMOVE else Verb.UNHIDE
    return Verb.HIDE if kind is DecisionKind.HIDE else Verb.REMOVE


def verb_matches(kind: DecisionKind, verb: Verb) -> bool:
    """Whether a decision of this kind can stand behind this verb."""
    return verb in {
        DecisionKind.HIDE: {Verb.HIDE},
        DecisionKind.REMOVE: {Verb.REMOVE},
        DecisionKind.UNHIDE: {Verb.UNHIDE, Verb.RESTORE},
    }.get(kind, set())
