"""Opening a review "may be under 18": one for each person in a place, with the words behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import audit
from models.group_words import EvidenceStrength, ReviewOutcome, ReviewWhy
from models.tables import MemberRemoval, MembershipEvidence, MembershipReview
from models.vocabulary import ActionState

DUE = {
    ReviewWhy.KNOWN_CHILD: timedelta(days=1),
    ReviewWhy.BELOW_PLATFORM_AGE: timedelta(days=3),
    ReviewWhy.WRITES_SO: timedelta(days=3),
}
"""How soon somebody should look."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a place. who: the platform's id or handle. person_id: on the register."""

    who: str
    shown_name: str
    member_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """Words that suggest an age: where they stand. start, end: into the revision's text."""

    post_id: int
    revision_id: int
    start: int
    end: int
    strength: EvidenceStrength


def open_review(
    session: Session,
    source_id: int,
    who: Person,
    why: ReviewWhy,
    at: datetime,
    signs: Sequence[Sign] = (),
    *,
    consent_holds: bool = True,
) -> bool:
    """Ask a person about somebody; whether that is new. The caller commits.

    An open review takes up what is new in it. One that was answered stays answered, but for
    somebody who was removed and is there again, for a consent that holds no more, and for a
    "verified adult" whom the register now knows to be a child: words never undo what a person has
    verified.
    """
    row = session.scalar(
        select(MembershipReview)
        .where(MembershipReview.source_id == source_id, MembershipReview.who == who.who)
        .with_for_update(key_share=True)
    )
    if row is None:
        row = MembershipReview(
            source_id=source_id, who=who.who, shown_name=who.shown_name, why=why, words=""
        )
        session.add(row)
        _begin(session, row, why, at)
        new = True
    elif row.decided_at is not None:
        if not _asks_again(session, row, why, consent_holds=consent_holds):
            return False
        _begin(session, row, why, at)
        new = True
    else:
        new = False
    row.shown_name = who.shown_name or row.shown_name
    row.member_id = who.member_id or row.member_id
    row.person_id = who.person_id or row.person_id
    session.flush()
    _add(session, row.id, signs, at)
    if new:
        about = f"membership:{row.id}"
        audit.record(session, None, "membership.asked", about, why=why.value, signs=len(signs))
    return new


def _begin(session: Session, row: MembershipReview, why: ReviewWhy, at: datetime) -> None:
    row.why, row.opened_at, row.due_at = why, at, at + DUE[why]
    row.outcome = row.answered_by = row.answered_at = row.decided_at = None
    row.version = (row.version or 0) + 1
    session.flush()


def _asks_again(
    session: Session, row: MembershipReview, why: ReviewWhy, *, consent_holds: bool
) -> bool:
    if why is ReviewWhy.WRITES_SO:
        return False
    if row.outcome is ReviewOutcome.CONSENT_RECORDED:
        return not consent_holds
    if row.outcome is not ReviewOutcome.REMOVED:
        return True
    if row.member_id is None:
        return False  # no list says whether somebody is there: old posts stay where they are
    # While the removal is on its way the person is still listed; only who was gone is back again.
    newest = (
        select(MemberRemoval.state)
        .where(MemberRemoval.source_id == row.source_id, MemberRemoval.handle == row.who)
        .order_by(MemberRemoval.id.desc())
        .limit(1)
    )
    return session.scalar(newest) is ActionState.CONFIRMED


def _add(session: Session, review_id: int, signs: Sequence[Sign], at: datetime) -> None:
    rows = session.scalars(
        select(MembershipEvidence).where(MembershipEvidence.review_id == review_id)
    )
    known = {(row.revision_id, row.start, row.end) for row in rows}
    for sign in signs:
        if (sign.revision_id, sign.start, sign.end) in known:
            continue
        known.add((sign.revision_id, sign.start, sign.end))
        session.add(
            MembershipEvidence(
                review_id=review_id,
                post_id=sign.post_id,
                revision_id=sign.revision_id,
                start=sign.start,
                end=sign.end,
                strength=sign.strength,
                added_at=at,
            )
        )
    session.flush()
