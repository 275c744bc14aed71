"""One item: opening it, claiming it, asking the lead about it (C4, C5, C60)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Update, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from casework import audit, item_view
from casework.queue import next_item
from casework.views import (
    ActionView,
    DecisionView,
    EarlierLine,
    EarlierText,
    ItemView,
    NoteLine,
    NoticeView,
    Reason,
    ThreadLine,
)
from casework.visibility import absent, item_for, items_seen_by, require_lead
from classifier.policy import Policy
from models.errors import ChaperoneError, LookAgain, Refused
from models.tables import Item, ItemNote, Person
from models.unit_of_work import Store
from models.vocabulary import ItemState, Viewer, now

__all__ = [
    "ActionView",
    "DecisionView",
    "EarlierLine",
    "EarlierText",
    "ItemView",
    "NoteLine",
    "NoticeView",
    "Reason",
    "ThreadLine",
    "answer_help",
    "ask_help",
    "claim",
    "next_item",
    "open_item",
    "release",
]

CLAIM_LASTS = timedelta(minutes=10)
"""A claim ends by itself, so that nobody's absence blocks an item."""

LONGEST_NOTE = 4000

_Clock = Callable[[], datetime]


def open_item(
    store: Store, viewer: Viewer, item_id: int, policy: Policy, *, clock: _Clock = now
) -> ItemView:
    """The item with its reasons, thread and history; the look is recorded before it is shown.

    Raises NotYours where it is missing or not this person's.
    """
    at, subject = clock(), f"item:{item_id}"
    with store.read() as session:
        item = item_for(session, viewer, item_id)
        view = item_view.build(session, viewer, item, policy, at)
        first = audit.is_new_look(session, viewer, "item.viewed", subject, at)
    if first:
        with store.write() as session:
            audit.record(session, viewer.user_id, "item.viewed", subject)
            session.commit()
    return view


def claim(store: Store, viewer: Viewer, item_id: int, *, clock: _Clock = now) -> datetime:
    """Keep others from deciding for ten minutes; claiming one's own again renews it.

    Returns when it ends, aware UTC. Raises NotYours, or LookAgain where somebody else holds it.
    """
    at = clock()
    until = at + CLAIM_LASTS
    free = or_(
        Item.claimed_by.is_(None), Item.claimed_by == viewer.user_id, Item.claimed_until <= at
    )
    with store.write() as session:
        held = select(Item.claimed_by, Item.claimed_until).where(Item.id == item_id)
        before = session.execute(held).one_or_none()
        taken = _changed(
            session,
            update(Item)
            .where(Item.id == item_id, items_seen_by(viewer), free)
            .where(Item.state != ItemState.DECIDED)
            .values(claimed_by=viewer.user_id, claimed_until=until),
        )
        if not taken:
            raise _why_not_claimed(session, viewer, item_id)
        renewed = before is not None and before.claimed_by == viewer.user_id
        if not renewed or before is None or before.claimed_until <= at:
            audit.record(session, viewer.user_id, "item.claimed", f"item:{item_id}")
        session.commit()
    return until


def release(store: Store, viewer: Viewer, item_id: int) -> None:
    """Give one's own claim back; nothing happens where there is none. Raises NotYours."""
    with store.write() as session:
        item_for(session, viewer, item_id)
        given = _changed(
            session,
            update(Item)
            .where(Item.id == item_id, Item.claimed_by == viewer.user_id)
            .values(claimed_by=None, claimed_until=None),
        )
        if given:
            audit.record(session, viewer.user_id, "item.released", f"item:{item_id}")
        session.commit()


def ask_help(store: Store, viewer: Viewer, item_id: int, words: str) -> None:
    """Ask the lead about it (C60); it stays in the queue, marked. Raises NotYours or Refused."""
    _note(store, viewer, item_id, ("question", words))


def answer_help(store: Store, viewer: Viewer, item_id: int, words: str) -> None:
    """The lead's answer, kept beside the question. Raises NotYours for others, Refused."""
    require_lead(viewer, f"item {item_id}")
    _note(store, viewer, item_id, ("answer", words))


def _note(store: Store, viewer: Viewer, item_id: int, said: tuple[str, str]) -> None:
    kind, words = said[0], said[1].strip()
    with store.write() as session:
        item = item_for(session, viewer, item_id, lock=True)
        if not words or len(words) > LONGEST_NOTE:
            raise Refused(
                f"There are no words, or more than {LONGEST_NOTE} characters.",
                subject=f"the {kind} about item {item_id}",
                cure="Write it in a few sentences.",
            )
        if kind == "question" and item.state is ItemState.DECIDED:
            raise LookAgain(
                "It is decided already.",
                subject=f"item {item_id}",
                cure="Open it again to see how it was decided.",
            )
        session.add(ItemNote(item_id=item.id, kind=kind, text=words, by=viewer.user_id, at=now()))
        item.help_wanted = kind == "question"
        audit.record(session, viewer.user_id, f"item.{kind}", f"item:{item_id}")
        session.commit()


def _changed(session: Session, statement: Update) -> bool:
    """Whether one conditional UPDATE found its row."""
    result = session.execute(statement)
    return isinstance(result, CursorResult) and result.rowcount == 1


def _why_not_claimed(session: Session, viewer: Viewer, item_id: int) -> ChaperoneError:
    item = session.scalar(select(Item).where(Item.id == item_id, items_seen_by(viewer)))
    if item is None:
        return absent(f"item {item_id}")
    holder = session.get(Person, item.claimed_by) if item.claimed_by else None
    decided = item.state is ItemState.DECIDED
    return LookAgain(
        "It is decided already."
        if decided
        else f"{holder.name if holder else 'Somebody else'} is dealing with it.",
        subject=f"item {item_id}",
        cure="Take another one, or look at it again in ten minutes.",
    )
