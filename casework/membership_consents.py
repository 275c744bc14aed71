"""Who may be in a group by consent (C32): the register's answers about "group_membership"."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from casework.naming import answers_of
from casework.register import RegisteredPerson
from models.named_people import allowed
from models.register_words import ConsentItem, Standing


def with_consent(
    session: Session,
    people: Iterable[RegisteredPerson],
    channel: str,
    today: date,
    timezone: str = "Europe/London",
) -> frozenset[int]:
    """Ids of those of these people whose membership of that place is consented to today.

    channel: the source's name; an answer for every channel counts too. One "no" is enough, and a
    child's own yes does not replace a parent's (models.named_people.allowed).
    """
    answers = answers_of(session, ConsentItem.GROUP_MEMBERSHIP, timezone)
    return frozenset(
        one.id
        for one in people
        if one.id in answers
        and allowed(
            answers[one.id],
            today,
            child=one.is_child_on(today),
            at_risk=one.standing is Standing.ADULT_AT_RISK,
            channel=channel,
        )
    )
