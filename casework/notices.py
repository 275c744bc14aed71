"""What is said to whom after a decision (C12): texts without gaps, and who was told or why not.

An author is told through the platform where it can carry a message; the public explanation and
those affected are told by a person, who copies the text and then says so. Nobody is told before
the platform has confirmed what was decided, except an author whose platform sends the message
together with the removal.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import audit
from casework.reason_codes import AUDIENCES, ReasonCode
from casework.visibility import absent, may_see
from models.errors import LookAgain, Refused
from models.tables import Action, Decision, Item, Notice
from models.unit_of_work import Store
from models.vocabulary import ActionState, Capability, NoticeState, Viewer, now

LONGEST = 2000
"""Characters of a notice."""

RUN_OF_WORDS = 4
"""A notice that holds this many words of the post in a row repeats what it should take away."""

_GAP = re.compile(r"\{[^}]*\}?|_{3,}|#{3,}|\[\s*(?:\.\.\.|…|name|date|place)?\s*\]|<[a-z ]+>", re.I)
_WORDS = re.compile(r"\w+")

_THROUGH_PLATFORM = "The platform passes it on together with the removal."
_BY_HAND = {
    "author": "By hand: this platform carries no message. Copy the text, send it, then say so.",
    "public": "By hand: copy the text, post it where people read, then say so.",
    "affected": "By hand: copy the text, tell them yourself, then say so.",
}


@dataclass(frozen=True, slots=True)
class Tell:
    """One party to be told, or not. to: "author", "public" or "affected" (several are possible).

    name: whom, for "affected". text: instead of the reason's own text. not_told: why they are not
    told; then nothing is sent to them.
    """

    to: str
    name: str = ""
    text: str = ""
    not_told: str = ""


@dataclass(frozen=True, slots=True)
class NoticePreview:
    """Exactly what will be said. how: in plain words. gap: not "" where a gap must be filled."""

    to: str
    text: str
    how: str
    gap: str


@dataclass(frozen=True, slots=True)
class About:
    """What a notice is about: the label of the place, the post's own words and its author."""

    place: str
    text: str = ""
    author: str = ""


def fill(template: str, *, place: str, name: str = "") -> str:
    """The text with what is known filled in; what is not stays open, and `gap_in` finds it."""
    values = {"{place}": place.strip(), "{name}": name.strip()}
    for field, value in values.items():
        template = template.replace(field, value or field)
    return template


def gap_in(text: str) -> str:
    """The first gap that is left ("{name}", "___", "###"), or ""."""
    found = _GAP.search(text)
    return found.group() if found else ""


def refuse_faults(text: str, to: str, about: About, template: str = "") -> None:
    """Raises Refused for an empty or too long text, a gap, or words of the post (C12: no detail).

    template: the shipped text, filled in; what it says anyway does not count as repeating. The
    public explanation may not name the post's author either.
    """
    author, fault = re.escape(about.author.strip()), ""
    if not text.strip() or len(text) > LONGEST:
        fault = f"It is empty, or longer than {LONGEST} characters."
    elif gap_in(text):
        fault = f"It still has a gap in it: {gap_in(text)}"
    elif _runs(text) & _runs(about.text) - _runs(template):
        fault = "It repeats words of the post."
    elif to == "public" and author and re.search(rf"(?<!\w){author}(?!\w)", text, re.I):
        fault = "It names the author, and everybody reads it."
    if fault:
        raise Refused(fault, subject=f"the text to: {to}", cure="Change the text, then try again.")


def previews(
    reason: ReasonCode, place: str, capabilities: frozenset[Capability]
) -> tuple[NoticePreview, ...]:
    """What this reason says to whom, and how it gets there."""
    found = []
    for to in AUDIENCES:
        if to in reason.texts:
            text = fill(reason.texts[to], place=place)
            through = to == "author" and Capability.TELL_AUTHOR in capabilities
            how = _THROUGH_PLATFORM if through else _BY_HAND[to]
            found.append(NoticePreview(to, text, how, gap_in(text)))
    return tuple(found)


def notices_for(reason: ReasonCode, tell: Sequence[Tell], about: About) -> list[Notice]:
    """The rows of a decision: one for each party told, one with the reason for each party not told.

    Raises Refused for an audience that is unknown, or a text to be sent where there is none.
    """
    rows = [_row(reason, each, about) for each in tell]
    named = {each.to for each in tell}
    for to in AUDIENCES:
        if to in reason.texts and to not in named:
            left_out = "The person who decided chose not to tell them."
            rows.append(_not_told(to, left_out))
        elif to not in named:
            rows.append(_not_told(to, f"The reason chosen tells nobody: {reason.title}."))
    return rows


def mark_told(store: Store, viewer: Viewer, notice_id: int) -> None:
    """A person says that they told them, now. Raises NotYours, or LookAgain if it is settled."""
    with store.write() as session:
        notice = _open_notice(session, viewer, notice_id)
        notice.state, notice.sent_at, notice.sent_by = NoticeState.SENT, now(), viewer.user_id
        _record(session, viewer.user_id, notice)
        session.commit()


def mark_not_told(store: Store, viewer: Viewer, notice_id: int, why: str) -> None:
    """A person says why they are not told. Raises Refused without why; else as `mark_told`."""
    if not why.strip():
        raise Refused(
            "Nothing says why they are not told.",
            subject=f"notice {notice_id}",
            cure="Write the reason in a few words.",
        )
    with store.write() as session:
        notice = _open_notice(session, viewer, notice_id)
        notice.state, notice.why_not = NoticeState.NOT_TOLD, why.strip()
        notice.sent_by = viewer.user_id
        _record(session, viewer.user_id, notice)
        session.commit()


def author_message(session: Session, decision_id: int) -> Notice | None:
    """What the author is to be told and has not been, if anything."""
    return session.scalar(
        select(Notice).where(
            Notice.decision_id == decision_id,
            Notice.audience == "author",
            Notice.state == NoticeState.WANTED,
        )
    )


def hand_over(session: Session, decision_id: int) -> int:
    """What is still to be said becomes a person's to say; how many. The caller commits."""
    wanted = select(Notice).where(
        Notice.decision_id == decision_id, Notice.state == NoticeState.WANTED
    )
    rows = session.scalars(wanted.order_by(Notice.id)).all()
    for notice in rows:
        notice.state = NoticeState.BY_HAND
        _record(session, None, notice)
    return len(rows)


def by_hand_count(session: Session, decision_id: int) -> int:
    """How many texts of a decision wait for a person to say them."""
    query = select(func.count()).select_from(Notice)
    waiting = Notice.decision_id == decision_id, Notice.state == NoticeState.BY_HAND
    return session.scalar(query.where(*waiting)) or 0


def sent_by_platform(session: Session, notice: Notice, *, certain: bool) -> None:
    """The platform carried the message with the removal. The caller commits.

    certain: False after a crash in mid-flight, when it may or may not have; then a person is asked.
    """
    if certain:
        notice.state, notice.sent_at = NoticeState.SENT, now()
    else:
        notice.state = NoticeState.BY_HAND
        notice.why_not = "It is not certain that the platform passed it on."
    _record(session, None, notice)


def _row(reason: ReasonCode, tell: Tell, about: About) -> Notice:
    if tell.to not in AUDIENCES:
        raise Refused(
            f'Nobody is called "{tell.to}".', subject="the notices", cure="Use what is offered."
        )
    if tell.not_told.strip():
        return _not_told(tell.to, tell.not_told.strip(), tell.name)
    template = fill(reason.texts.get(tell.to, ""), place=about.place, name=tell.name)
    text = fill(tell.text, place=about.place, name=tell.name) if tell.text else template
    refuse_faults(text, tell.to, about, template)
    return Notice(
        audience=tell.to,
        told=tell.name.strip() or _plain_name(tell.to),
        text=text,
        state=NoticeState.WANTED,
        why_not="",
    )


def _not_told(to: str, why: str, name: str = "") -> Notice:
    return Notice(
        audience=to,
        told=name.strip() or _plain_name(to),
        text="",
        state=NoticeState.NOT_TOLD,
        why_not=why,
    )


def _plain_name(to: str) -> str:
    return {"author": "The author", "public": "Everybody who reads there"}.get(to, "Those affected")


def _open_notice(session: Session, viewer: Viewer, notice_id: int) -> Notice:
    notice = session.get(Notice, notice_id, with_for_update={"key_share": True})
    decision = None if notice is None else session.get_one(Decision, notice.decision_id)
    item = None if decision is None else session.get_one(Item, decision.item_id)
    if notice is None or decision is None or item is None or not may_see(session, viewer, item):
        raise absent(f"notice {notice_id}")
    action = session.scalar(select(Action).where(Action.decision_id == decision.id))
    early = action is not None and action.state is not ActionState.CONFIRMED
    if notice.state not in (NoticeState.WANTED, NoticeState.BY_HAND) or early:
        raise LookAgain(
            "It is settled already, or the platform has not confirmed yet.",
            subject=f"notice {notice_id}",
            cure="Look at the item again.",
        )
    return notice


def _runs(text: str) -> set[tuple[str, ...]]:
    """Every run of four words, so that two texts can be asked what they share."""
    words = [word.casefold() for word in _WORDS.findall(text)]
    return {
        tuple(words[place : place + RUN_OF_WORDS]) for place in range(len(words) - RUN_OF_WORDS + 1)
    }


def _record(session: Session, actor: int | None, notice: Notice) -> None:
    audit.record(
        session,
        actor,
        f"notice.{notice.state.value}",
        f"notice:{notice.id}",
        decision=notice.decision_id,
        audience=notice.audience,
    )
