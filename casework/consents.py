"""Consents: recorded, refused, withdrawn, and ended by themselves at 18 (C21, C25 to C29, C37).

An answer is never changed, only ended. A refusal or a withdrawal needs no reason and is never
asked for one. What is withdrawn opens a task that lists the earlier posts that name the person.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import ages, mentions, tasks
from casework.naming import answers_of
from casework.register import RegisteredPerson, find_by_id
from casework.register_edit import Clock, locked, record, touch, wrong
from casework.visibility import absent
from models.errors import LookAgain, Refused
from models.named_people import allowed
from models.register_words import Authority, ConsentEnd, ConsentItem, Standing, TaskKind
from models.tables import Consent, RegisterPerson
from models.unit_of_work import Store
from models.vocabulary import Role, Viewer, now

LAPSES_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """One answer as it is recorded. purpose, channel: "" for every one. from_day, until_day: both
    included. own_wish: what the young person says, "yes", "no" or ""."""

    item: ConsentItem
    given: bool
    given_by: str
    authority: Authority
    from_day: date
    purpose: str = ""
    channel: str = ""
    until_day: date | None = None
    evidence_ref: str = ""
    own_wish: str = ""
    given_by_id: int | None = None


def has_consent(
    session: Session,
    person: RegisteredPerson,
    item: ConsentItem,
    day: date,
    *,
    channel: str = "",
    purpose: str = "",
    timezone: str = "Europe/London",
) -> bool:
    """Whether there is consent for that on that day (models.named_people.allowed says how)."""
    answers = answers_of(session, item, timezone, person.id).get(person.id, ())
    return allowed(
        answers,
        day,
        child=person.is_child_on(day),
        at_risk=person.standing is Standing.ADULT_AT_RISK,
        channel=channel,
        purpose=purpose,
    )


def record_answer(
    store: Store,
    viewer: Viewer | None,
    person_id: int,
    answer: NewAnswer,
    *,
    clock: Clock = now,
) -> int:
    """The id of a consent or a refusal. It takes the place of the same giver's earlier answer.

    A "no" in place of a "yes" is a withdrawal and opens its task. Raises MendInput for an answer
    that cannot be right, Refused for a parent's answer about an adult.
    """
    with store.write() as session:
        row = locked(session, viewer, person_id)
        consent_id, _ = insert_answer(session, viewer, row, answer, clock=clock)
        session.commit()
    return consent_id


def insert_answer(
    session: Session,
    viewer: Viewer | None,
    person: RegisterPerson,
    answer: NewAnswer,
    *,
    clock: Clock = now,
    fresh: bool = False,
    noted: bool = True,
) -> tuple[int, bool]:
    """In the caller's transaction: the id, and whether it is new; an equal one is left as it is.

    fresh: the person has no answers yet, so none is looked for. noted: False where the caller
    writes one line of record for many answers.
    """
    _check(answer, person)
    same = [] if fresh else _same_giver(session, person.id, answer)
    for earlier in same:
        if _equal(earlier, answer):
            return earlier.id, False
    at = clock()
    row = Consent(
        person_id=person.id,
        item=answer.item,
        given=answer.given,
        given_by=" ".join(answer.given_by.split()),
        given_by_id=answer.given_by_id,
        authority=answer.authority,
        purpose=answer.purpose.strip(),
        channel=answer.channel.strip(),
        from_day=answer.from_day,
        until_day=answer.until_day,
        evidence_ref=answer.evidence_ref.strip(),
        own_wish=answer.own_wish,
        recorded_at=at,
        recorded_by=viewer.user_id if viewer is not None else None,
    )
    session.add(row)
    session.flush()
    for earlier in same:
        _end(earlier, viewer, ConsentEnd.REPLACED, at)
    touch(person, at)
    if noted:
        what = "consent.recorded" if answer.given else "consent.refused"
        record(session, viewer, what, person.id, consent=row.id, item=answer.item.value)
    if not answer.given and any(earlier.given for earlier in same):
        _open_withdrawal(session, person.id, row, clock)
    return row.id, True


def withdraw(
    store: Store,
    viewer: Viewer,
    consent_id: int,
    *,
    clock: Clock = now,
) -> int:
    """End a consent today; the id of the task with the earlier posts. No reason is asked (C29).

    Raises NotYours, LookAgain where it has ended already, Refused for a refusal.
    """
    with store.write() as session:
        row = session.get(Consent, consent_id)
        if row is None:
            raise absent(f"consent {consent_id}")
        person = locked(session, viewer, row.person_id)
        session.refresh(row)
        if row.ended_at is not None:
            raise LookAgain(
                "It has ended already.", subject=f"consent {consent_id}", cure="Look at it again."
            )
        if not row.given:
            raise Refused(
                "It is a refusal, and there is nothing to withdraw.",
                subject=f"consent {consent_id}",
                cure="Record a new answer.",
            )
        _end(row, viewer, ConsentEnd.WITHDRAWN, clock())
        touch(person, clock())
        record(session, viewer, "consent.withdrawn", person.id, consent=row.id)
        task_id = _open_withdrawal(session, person.id, row, clock)
        session.commit()
    return task_id


def lapse_at_18(store: Store, *, timezone: str = "Europe/London", clock: Clock = now) -> int:
    """End what parents answered for those who are now adults and ask the adult; how many people.

    Safe to repeat, meant for every day. Reading consents never waits for it: from the birthday
    on a parent's answer counts for nothing in any case.
    """
    today = ages.day_of(clock(), timezone)
    with store.read() as session:
        due = [
            person.id
            for person in session.scalars(
                select(RegisterPerson).where(
                    RegisterPerson.erased_at.is_(None),
                    RegisterPerson.date_of_birth.is_not(None),
                    RegisterPerson.id.in_(select(Consent.person_id).where(*_LIVE_PARENTAL)),
                )
            )
            if person.date_of_birth is not None
            and ages.adulthood_day(person.date_of_birth) <= today
        ]
    for person_id in due:
        _lapse(store, person_id, clock)
    return len(due)


_LIVE_PARENTAL = (
    Consent.ended_at.is_(None),
    Consent.authority.in_((Authority.PARENT, Authority.GUARDIAN, Authority.LOCAL_AUTHORITY)),
)


def _lapse(store: Store, person_id: int, clock: Clock) -> None:
    with store.write() as session:
        person = locked(session, None, person_id)
        rows = session.scalars(
            select(Consent).where(Consent.person_id == person_id, *_LIVE_PARENTAL)
        ).all()
        if not rows or person.standing is Standing.ADULT_AT_RISK:
            return
        at = clock()
        for row in rows:
            _end(row, None, ConsentEnd.TURNED_18, at)
        person.standing = Standing.ADULT
        touch(person, at)
        record(session, None, "consent.lapsed_at_18", person_id, count=len(rows))
        tasks.open_task(
            session,
            TaskKind.TURNED_18,
            f"person:{person_id}",
            role=Role.MONITOR,
            about_id=person_id,
            details={"consents": len(rows), "posts": list(_posts(session, person_id))},
            clock=clock,
        )
        session.commit()


def look_again_for_posts(store: Store, viewer: Viewer, task_id: int) -> int:
    """Search the posts anew for a task that lists them, and keep the list; how many this
    person may see of them. Raises NotYours."""
    with store.write() as session:
        line = tasks.task_for(session, viewer, task_id)
        if line.about_id is None:
            raise absent(f"task {task_id}")
        found = list(_posts(session, line.about_id))
        tasks.put_details(session, task_id, {**line.details, "posts": found})
        shown = len(tasks.posts_shown(session, viewer, found))
        session.commit()
    return shown


def _open_withdrawal(session: Session, person_id: int, row: Consent, clock: Clock) -> int:
    return tasks.open_task(
        session,
        TaskKind.CONSENT_WITHDRAWN,
        f"consent:{row.id}",
        role=Role.MONITOR,
        about_id=person_id,
        details={"item": row.item.value, "posts": list(_posts(session, person_id))},
        clock=clock,
    )


def _posts(session: Session, person_id: int) -> tuple[int, ...]:
    person = find_by_id(session, person_id)
    return () if person is None else mentions.posts_naming(session, person)


def _check(answer: NewAnswer, person: RegisterPerson) -> None:
    if not answer.given_by.strip():
        raise wrong("given by", "It is missing.", "Write who answered.")
    if answer.until_day is not None and answer.until_day < answer.from_day:
        raise wrong("until", "It ends before it begins.", "Look at the two days again.")
    limits = ((answer.given_by, 240), (answer.purpose, 120), (answer.channel, 80))
    if any(len(text) > most for text, most in (*limits, (answer.evidence_ref, 200))):
        raise wrong("the answer", "One of its fields is too long.", "Shorten it.")
    child = ages.counts_as_child(
        answer.from_day,
        standing=person.standing,
        date_of_birth=person.date_of_birth,
        age_band=person.age_band,
        adult_confirmed=person.adult_confirmed_at is not None,
    )
    others = answer.authority is not Authority.SELF
    if others and not child and person.standing is not Standing.ADULT_AT_RISK:
        raise Refused(
            "This person is an adult and answers for themselves.",
            subject="the answer",
            cure="Ask them, and record their own answer.",
        )


def _same_giver(session: Session, person_id: int, answer: NewAnswer) -> list[Consent]:
    rows = session.scalars(
        select(Consent).where(
            Consent.person_id == person_id,
            Consent.item == answer.item,
            Consent.authority == answer.authority,
            Consent.purpose == answer.purpose.strip(),
            Consent.channel == answer.channel.strip(),
            Consent.ended_at.is_(None),
        )
    )
    return [
        row
        for row in rows
        if (row.given_by_id is not None and row.given_by_id == answer.given_by_id)
        or row.given_by.casefold() == " ".join(answer.given_by.split()).casefold()
    ]


def _equal(row: Consent, answer: NewAnswer) -> bool:
    """Whether the answer says nothing new: the same yes or no, running on."""
    return (row.given, row.until_day, row.own_wish) == (
        answer.given,
        answer.until_day,
        answer.own_wish,
    ) and row.from_day <= answer.from_day


def _end(row: Consent, viewer: Viewer | None, why: ConsentEnd, at: datetime) -> None:
    row.ended_at, row.ended_why = at, why.value
    row.ended_by = viewer.user_id if viewer is not None else None
