"""Who may be in a group by consent (C32): rows of the register for the item "group_membership".

Any refusal that holds that day stands against every consent: two parents who disagree are a no
(practice 4.13).
"""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.register_words import ConsentItem
from models.tables import Consent


def with_consent(session: Session, channel: str, today: date) -> frozenset[int]:
    """Ids of the registered people whose membership of that place is consented to today.

    channel: the source's name; a consent for every channel counts too.
    """
    rows = session.execute(
        select(Consent.person_id, Consent.given).where(
            Consent.item == ConsentItem.GROUP_MEMBERSHIP,
            Consent.ended_at.is_(None),
            Consent.channel.in_(("", channel)),
            Consent.from_day <= today,
            or_(Consent.until_day.is_(None), Consent.until_day >= today),
        )
    ).all()
    refused = {person_id for person_id, given in rows if not given}
    return frozenset(person_id for person_id, given in rows if given and person_id not in refused)
