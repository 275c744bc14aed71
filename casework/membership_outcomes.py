"""Answering a review "may be under 18" (C31, C33): what a person found out, and what follows.

    verified adult     somebody who knows has confirmed it; the register takes it up where it knew
                       no age. A date of birth on the register is never overruled.
    parent asked       stays open, and comes back in a week
    removed            through the platform, or by hand with guided steps (member_removals.py)
    consent recorded   only where the consent stands on the register (C32)

Every answer has words of its own, for the record; they are sent to nobody.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from casework import audit, member_removals, register
from casework.ages import day_of
from casework.membership_consents import with_consent
from casework.membership_reviews import review_for
from casework.powers import LONGEST_WORDS
from casework.sessions import Clock
from models.errors import LookAgain, Refused
from models.group_words import ReviewOutcome, ReviewWhy
from models.register_words import AgeBand, Standing
from models.tables import MembershipReview, RegisterPerson, Source
from models.unit_of_work import Store
from models.vocabulary import Viewer, now

ASKED_FOR = timedelta(days=7)
"""How long an answer of a parent is waited for."""

_REASONS = {
    ReviewWhy.KNOWN_CHILD: "may_be_under_18",
    ReviewWhy.BELOW_PLATFORM_AGE: "under_platform_age",
    ReviewWhy.WRITES_SO: "may_be_under_18",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answers. words: their own, for the record. version: of the review as seen."""

    outcome: ReviewOutcome
    words: str
    version: int


def answer(
    store: Store,
    viewer: Viewer,
    review_id: int,
    given: Answer,
    *,
    timezone: str = "Europe/London",
    clock: Clock = now,
) -> None:
    """Write the answer, and what follows from it, in one commit.

    Raises NotYours; LookAgain where it was answered or changed since; Refused without words, for
    an adult whom the register knows by date of birth to be a child, and for a consent that is not
    on the register.
    """
    subject = f"membership {review_id}"
    words = given.words.strip()
    if not words or len(words) > LONGEST_WORDS:
        raise Refused(
            f"Your own words are missing, or longer than {LONGEST_WORDS} characters.",
            subject=subject,
            cure="Say in a sentence what you found out and from whom. It is sent to nobody.",
        )
    with store.write() as session:
        row = review_for(session, viewer, review_id, lock=True)
        if row.version != given.version or row.decided_at is not None:
            raise LookAgain(
                "Somebody has answered it, or something new was found, since you looked.",
                subject=subject,
                cure="Look again at how it stands.",
            )
        at = clock()
        today = day_of(at, timezone)
        if given.outcome is ReviewOutcome.VERIFIED_ADULT:
            _verify(session, viewer, row, today, at)
        elif given.outcome is ReviewOutcome.CONSENT_RECORDED:
            _require_consent(session, row, today)
        elif given.outcome is ReviewOutcome.REMOVED:
            wish = member_removals.Wish(row.source_id, row.who, _REASONS[row.why], words)
            member_removals.want_in(session, viewer, wish, at)
        stays_open = given.outcome is ReviewOutcome.PARENT_ASKED
        row.outcome, row.words = given.outcome, words
        row.answered_by, row.answered_at = viewer.user_id, at
        row.decided_at = None if stays_open else at
        row.due_at = at + ASKED_FOR if stays_open else row.due_at
        row.version += 1
        session.flush()
        about, outcome = f"membership:{row.id}", given.outcome.value
        audit.record(session, viewer.user_id, "membership.answered", about, outcome=outcome)
        session.commit()


def _verify(
    session: Session, viewer: Viewer, row: MembershipReview, today: date, at: datetime
) -> None:
    """Old enough, as somebody who knows has said. Raises Refused against a date of birth."""
    if row.person_id is None:
        return
    person = register.find_by_id(session, row.person_id)
    if person is None:
        return
    below = row.why is ReviewWhy.BELOW_PLATFORM_AGE
    says_child = (
        person.date_of_birth is not None
        or person.standing is Standing.CHILD
        or person.age_band not in (AgeBand.UNKNOWN, AgeBand.ADULT)
    )
    if person.is_child_on(today) and (says_child or below):
        raise Refused(
            "The register says that this person is not old enough.",
            subject=f"membership {row.id}",
            cure="Correct the register first, if it is wrong; this then goes away by your answer.",
        )
    if not person.is_child_on(today):
        return
    known = session.get_one(
        RegisterPerson, person.id, with_for_update={"key_share": True}, populate_existing=True
    )
    known.adult_confirmed_at, known.adult_confirmed_by = at, viewer.user_id
    known.updated_at = at
    known.version += 1
    session.flush()
    audit.record(session, viewer.user_id, "register.adult_confirmed", f"register:{known.id}")


def _require_consent(session: Session, row: MembershipReview, today: date) -> None:
    source = session.get_one(Source, row.source_id)
    person = register.find_by_id(session, row.person_id or 0)
    if person is None or not with_consent(session, (person,), source.name, today):
        raise Refused(
            "No consent for this place stands on the register.",
            subject=f"membership {row.id}",
            cure="Record the consent there first: who gave it, for what, and from when.",
        )
