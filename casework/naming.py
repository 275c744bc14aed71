"""The register as the classifier is told of it: names, forms of names, consents for full names.

named_people(session) builds the frozen value; stamp(session) is cheap and says whether it is
still the same. Of five thousand people it takes about a second to build, once a change.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import ages
from casework.register import RegisteredPerson, everybody
from casework.register_names import short_forms
from models.named_people import Answer, NamedPeople, NamedPerson
from models.register_words import ConsentItem, Standing
from models.tables import Consent, RegisterAlias, RegisterHandle, RegisterPerson


def stamp(session: Session) -> str:
    """Differs after every change to the register that bears on names."""
    people = select(
        func.count(), func.coalesce(func.sum(RegisterPerson.version), 0),
        func.max(RegisterPerson.updated_at),
    )  # fmt: skip
    consents = select(func.count(), func.max(Consent.recorded_at), func.max(Consent.ended_at))
    parts = [*session.execute(people).one(), *session.execute(consents).one()]
    for table in (RegisterAlias, RegisterHandle):
        parts.append(session.scalar(select(func.count()).select_from(table)))
    return "|".join(str(part) for part in parts)


def named_people(session: Session, timezone: str = "Europe/London") -> NamedPeople:
    """Everybody on the register, with the answers about their full names."""
    mark = stamp(session)
    answers = answers_of(session, ConsentItem.FULL_NAME, timezone)
    people = tuple(named(person, answers.get(person.id, ())) for person in everybody(session))
    return NamedPeople(people, timezone, mark)


def named(person: RegisteredPerson, answers: Iterable[Answer] = ()) -> NamedPerson:
    """One person as the classifier knows them."""
    born = person.date_of_birth
    child = ages.counts_as_child(
        date.max if born is not None else date.min,
        standing=person.standing,
        date_of_birth=born,
        age_band=person.age_band,
        adult_confirmed=person.adult_confirmed,
    )
    return NamedPerson(
        id=person.id,
        names=(person.name, *_aliases(person)),
        forms=_forms(person),
        tags=tuple(handle.key for handle in person.handles if not handle.key.isdigit()),
        child=child,
        at_risk=person.standing is Standing.ADULT_AT_RISK,
        adult_from=None if born is None else ages.adulthood_day(born),
        do_not_publish=person.do_not_publish,
        answers=tuple(answers),
    )


def _aliases(person: RegisteredPerson) -> tuple[str, ...]:
    """Other names; one of a single word gains the surname, and stands alone as well."""
    found: list[str] = []
    for alias in person.aliases:
        found.append(alias)
        if len(alias.split()) == 1 and person.surname:
            found.append(f"{alias} {person.surname}")
    return tuple(found)


def _forms(person: RegisteredPerson) -> tuple[str, ...]:
    """ "Katie Holt" for Catherine Holt."""
    if not person.surname:
        return ()
    first = person.first_name.split()[0]
    others = sorted(short_forms(first) - {" ".join(first.casefold().split())})
    return tuple(f"{other} {person.surname}" for other in others)


def answers_of(
    session: Session, item: ConsentItem, timezone: str, person_id: int | None = None
) -> dict[int, tuple[Answer, ...]]:
    """Every answer about one thing, by person, in the order in which they were recorded.

    One that was ended counts until the day before, so on the day of a withdrawal nothing holds.
    """
    query = select(Consent).where(Consent.item == item).order_by(Consent.id)
    if person_id is not None:
        query = query.where(Consent.person_id == person_id)
    found: dict[int, list[Answer]] = {}
    for row in session.scalars(query):
        found.setdefault(row.person_id, []).extend(as_answers(row, timezone))
    return {each: tuple(answers) for each, answers in found.items()}


def as_answers(row: Consent, timezone: str) -> list[Answer]:
    """The answer of a consent row; the young person's own wish is an answer beside it."""
    until = row.until_day
    if row.ended_at is not None:
        last = ages.day_of(row.ended_at, timezone) - timedelta(days=1)
        until = last if until is None else min(until, last)
    giver = f"{row.authority}:{row.given_by_id or row.given_by.casefold()}"
    answer = Answer(giver, row.given, row.authority, row.channel, row.purpose, row.from_day, until)
    if row.own_wish != "no":
        return [answer]
    own = f"own:{row.person_id}:{row.id}"
    return [
        answer,
        Answer(own, False, row.authority, row.channel, row.purpose, row.from_day, until),
    ]
