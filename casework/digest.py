"""The weekly digest: one message to one person in one role, once a week, numbers only.

    wanted -> sending -> sent
       |         `-----> unknown     the connection, or the worker, broke while it was handed over
       |---------------> blocked     the guard stopped it
       `---------------> failed      the server will not take it for this person

Exactly once: SMTP cannot promise it, because the server's answer may be lost. The row goes to
"sending" between the server's agreement to the recipient and the handing over itself, by one
conditional UPDATE that only one worker wins. Until then nothing can have been delivered, and it
is tried again. A message that was being handed over when the worker died may have arrived: it is
never sent again by itself, is shown as "unknown", and a person decides (`send_again`). Its
Message-ID is always the same, so that a second copy is known as one.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework import audit, digest_numbers, digest_text, group_numbers, guard
from casework.alerts import NO_ADDRESS, NO_MAIL
from casework.mail import Mailer, MayHaveGone, Message, SentByAnother
from casework.sessions import Clock
from casework.visibility import absent
from casework.weeks import bounds, due_week, week_of
from models.errors import ChaperoneError, NeedsOperator, Refused, RetryLater
from models.tables import Digest, Person
from models.unit_of_work import Store
from models.vocabulary import Organisation, Role, Viewer, now

__all__ = [
    "ROLES",
    "DigestLine",
    "WeekSent",
    "build",
    "due_week",
    "preview",
    "send_again",
    "send_week",
    "states",
    "week_of",
]

ROLES = (Role.MONITOR, Role.LEAD, Role.TRUSTEE)
WANTED, SENDING, SENT = "wanted", "sending", "sent"
BLOCKED, FAILED, UNKNOWN = "blocked", "failed", "unknown"

HANDING_OVER = timedelta(minutes=15)
"""A row that is "sending" for longer belongs to a worker that died."""

_IN_DOUBT = "It may have arrived: the worker stopped while handing it over. Ask the person."


@dataclass(frozen=True, slots=True)
class WeekSent:
    """How a week's digests stand after one round, as counts. waiting: will be tried again."""

    sent: int = 0
    waiting: int = 0
    blocked: int = 0
    failed: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One digest in the list that administrators and leads see. Times aware UTC."""

    id: int
    week: str
    name: str
    role: Role
    state: str
    problem: str
    sent_at: datetime | None


def send_week(
    store: Store,
    week: str,
    mailer: Mailer | None,
    organisation: Organisation,
    sign_in_url: str,
    clock: Clock = now,
) -> WeekSent:
    """Send the week's digest to everybody who has not had it. Safe to repeat and to run twice.

    sent counts what this call sent. What could not be sent says why in its row. Raises the last
    RetryLater or NeedsOperator once everybody was tried, MendInput for what is not a week.
    """
    bounds(week)
    _plan(store, week, clock())
    _doubt(store, clock())
    with store.read() as session:
        query = select(Digest.id).where(Digest.week == week, Digest.state == WANTED)
        ids = list(session.scalars(query.order_by(Digest.id)))
    round_ = _Round(store, mailer, organisation, sign_in_url, clock)
    outcomes: list[str] = []
    trouble: ChaperoneError | None = None
    for digest_id in ids:
        try:
            outcomes.append(round_.send(digest_id))
        except (RetryLater, NeedsOperator) as error:
            round_.note(digest_id, WANTED, f"{error.what} {error.cure}")
            trouble = error
    if trouble is not None:
        raise trouble
    return WeekSent(*(outcomes.count(state) for state in (SENT, WANTED, BLOCKED, FAILED, UNKNOWN)))


def build(
    session: Session,
    role: Role,
    week: str,
    organisation: Organisation,
    sign_in_url: str,
    at: datetime,
    recipient_id: int | None = None,
) -> Message:
    """The digest of that week for that role, as of `at` (aware).

    What is kept from the recipient is in no number (practice 4.14). A place whose name would give
    away a person or a post is called "Place 2". Raises NotYours for a role that has no digest.
    """
    if role not in ROLES:
        raise absent("the weekly summary")
    starts, ends = bounds(week, organisation.timezone)
    span = digest_numbers.Span(starts, ends, at)
    reader = recipient_id or digest_numbers.NOBODY
    places = digest_numbers.sources(session, span, reader)
    everything = role is not Role.MONITOR
    groups = group_numbers.numbers(
        session, at, organisation.timezone, everything=everything, reader=reader
    )
    if role is Role.MONITOR:
        shown = _safe(session, places, recipient_id, organisation)
        desk = digest_numbers.desk(session, span, everything=False, reader=reader)
        sections = digest_text.monitor(desk, shown, groups)
    else:
        desk = digest_numbers.desk(session, span, everything=True, reader=reader)
        cases = digest_numbers.cases(session, span, organisation, reader)
        if role is Role.LEAD:
            sections = digest_text.lead(cases, desk, places, groups)
        else:
            has_lead = digest_numbers.has_lead(session)
            sections = digest_text.trustee(cases, desk, places, groups, has_lead=has_lead)
    return digest_text.written(week, role, sections, sign_in_url)


def preview(
    store: Store,
    viewer: Viewer | None,
    role: Role,
    organisation: Organisation,
    sign_in_url: str = "",
    *,
    week: str = "",
    clock: Clock = now,
) -> Message:
    """What would be sent now; nothing is. viewer None: the command line on the machine itself.

    Raises NotYours for a role that the viewer does not hold, Refused where the guard stops it.
    """
    if viewer is not None and not viewer.has(role):
        raise absent("the weekly summary")
    about = week or due_week(clock(), timezone=organisation.timezone)
    recipient = None if viewer is None else viewer.user_id
    with store.read() as session:
        message = build(session, role, about, organisation, sign_in_url, clock(), recipient)
        why = guard.blocks(session, message, recipient_id=recipient, organisation=organisation)
    if why:
        raise Refused(why, subject="the weekly summary", cure="It would not be sent.")
    return message


def states(session: Session, viewer: Viewer, weeks: int = 4) -> tuple[DigestLine, ...]:
    """How the newest weeks' digests stand, newest first. Raises NotYours but for lead and admin."""
    if not (viewer.has(Role.ADMIN) or viewer.has(Role.LEAD)):
        raise absent("the weekly summaries")
    newest = select(Digest.week).distinct().order_by(Digest.week.desc()).limit(weeks)
    rows = session.execute(
        select(Digest, Person.name)
        .join(Person, Person.id == Digest.person_id)
        .where(Digest.week.in_(newest))
        .order_by(Digest.week.desc(), Person.name, Digest.role)
    )
    return tuple(
        DigestLine(row.id, row.week, name, Role(row.role), row.state, row.problem, row.sent_at)
        for row, name in rows
    )


def send_again(store: Store, viewer: Viewer, digest_id: int) -> None:
    """A person has decided that a digest which did not arrive, or may not have, is sent again.

    Raises NotYours unless the viewer is a lead or an administrator, Refused for one that was sent.
    """
    with store.write() as session:
        row = session.get(Digest, digest_id, with_for_update={"key_share": True})
        if row is None or not (viewer.has(Role.ADMIN) or viewer.has(Role.LEAD)):
            raise absent(f"digest {digest_id}")
        if row.state not in (UNKNOWN, BLOCKED, FAILED):
            raise Refused("It was sent, or is about to be.", subject=f"digest {digest_id}", cure="")
        row.state, row.problem, row.sending_since = WANTED, "", None
        audit.record(session, viewer.user_id, "digest.send_again", f"digest:{digest_id}")
        session.commit()


@dataclass(frozen=True, slots=True)
class _Round:
    """What one round of sending needs. claimed: the digests whose handing over is this round's."""

    store: Store
    mailer: Mailer | None
    organisation: Organisation
    sign_in_url: str
    clock: Clock
    claimed: set[int] = field(default_factory=set)

    def send(self, digest_id: int) -> str:
        """Send one; its state afterwards. Raises RetryLater, NeedsOperator."""
        with self.store.read() as session:
            row = session.get_one(Digest, digest_id)
            person, role = session.get_one(Person, row.person_id), Role(row.role)
            if not person.active or role.value not in person.roles:
                return self.note(digest_id, FAILED, "The person no longer has this role.")
            if not person.email:
                return self.note(digest_id, FAILED, NO_ADDRESS)
            if self.mailer is None:
                return self.note(digest_id, WANTED, NO_MAIL)
            message = build(
                session,
                role,
                row.week,
                self.organisation,
                self.sign_in_url,
                self.clock(),
                person.id,
            )
            why = guard.blocks(
                session, message, recipient_id=person.id, organisation=self.organisation
            )
        if why:
            return self.note(digest_id, BLOCKED, why)
        return self._hand_over(digest_id, message, person.email, _message_id(row, self.mailer))

    def _hand_over(self, digest_id: int, message: Message, to: str, message_id: str) -> str:
        mailer, ready = self.mailer, partial(self._claim, digest_id)
        if mailer is None:
            return WANTED
        try:
            mailer.send(message, to, message_id=message_id, ready=ready)
        except SentByAnother:
            return SENDING
        except MayHaveGone as error:
            return self.note(digest_id, UNKNOWN, f"{error.what} {error.cure}")
        except Refused as error:
            return self.note(digest_id, FAILED, f"{error.what} {error.cure}")
        return self.note(digest_id, SENT, "")

    def _claim(self, digest_id: int) -> bool:
        """Whether the handing over is ours: one worker wins, and it is written before it begins."""
        with self.store.write() as session:
            ours = update(Digest).where(Digest.id == digest_id, Digest.state == WANTED)
            won = session.execute(
                ours.values(state=SENDING, sending_since=self.clock()).returning(Digest.id)
            ).one_or_none()
            session.commit()
        if won is not None:
            self.claimed.add(digest_id)
        return won is not None

    def note(self, digest_id: int, state: str, problem: str) -> str:
        """Write down how it stands; the record gets a line when that is news.

        What another worker hands over, or has handed over, meanwhile is that worker's to note.
        """
        with self.store.write() as session:
            row = session.get_one(Digest, digest_id, with_for_update={"key_share": True})
            if row.state in (SENDING, SENT) and digest_id not in self.claimed:
                return row.state
            if (row.state, row.problem) == (state, problem):
                return state
            row.state, row.problem = state, problem
            if state == SENT:
                row.sent_at = self.clock()
            _record(session, row)
            session.commit()
        return state


def _plan(store: Store, week: str, at: datetime) -> None:
    """A row for everybody who is to have this week's digest and has none yet."""
    with store.write() as session:
        rows = session.scalars(select(Digest).where(Digest.week == week)).all()
        known = {(row.person_id, row.role) for row in rows}
        people = session.scalars(select(Person).where(Person.active).order_by(Person.id)).all()
        reachable = {person.id for person in people if person.email}
        for row in rows:
            if row.problem == NO_ADDRESS and row.person_id in reachable:
                row.state, row.problem = WANTED, ""
        for person in people:
            for role in (role.value for role in ROLES if role.value in person.roles):
                if (person.id, role) not in known:
                    _insert(
                        session,
                        Digest(
                            week=week, person_id=person.id, role=role, state=WANTED, created_at=at
                        ),
                    )
        session.commit()


def _insert(session: Session, row: Digest) -> None:
    """Another worker may be planning the same week: then its row stands, and ours is not needed."""
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        return


def _doubt(store: Store, at: datetime) -> None:
    """What a dead worker was handing over may have arrived: say so, and do not send it again."""
    with store.write() as session:
        stale = select(Digest).where(
            Digest.state == SENDING, Digest.sending_since < at - HANDING_OVER
        )
        for row in session.scalars(stale.with_for_update(key_share=True)).all():
            row.state, row.problem = UNKNOWN, _IN_DOUBT
            _record(session, row)
        session.commit()


def _record(session: Session, row: Digest) -> None:
    what = {WANTED: "digest.waiting"}.get(row.state, f"digest.{row.state}")
    details: dict[str, audit.Detail] = {"week": row.week, "role": row.role}
    if row.state == BLOCKED:
        details["why"] = row.problem
    audit.record(session, None, what, f"digest:{row.id}", person=row.person_id, **details)


def _message_id(row: Digest, mailer: Mailer) -> str:
    """The same for every try of the same digest; it names nobody."""
    whole = f"{row.week}/{row.person_id}/{row.role}"
    mark = hashlib.sha256(whole.encode()).hexdigest()[:24]
    return f"<digest.{mark}@{mailer.sender.partition('@')[2]}>"


def _safe(
    session: Session,
    places: tuple[digest_numbers.SourceNumbers, ...],
    recipient_id: int | None,
    organisation: Organisation,
) -> tuple[digest_numbers.SourceNumbers, ...]:
    leaking = guard.leaks(session, [place.label for place in places], recipient_id, organisation)
    return tuple(
        digest_numbers.SourceNumbers(f"Place {index + 1}", place.posts, place.blind_for)
        if index in leaking
        else place
        for index, place in enumerate(places)
    )
