"""Urgent messages: a case was opened, and a lead has to look (C55, practice 7).

A message says only "An urgent item needs you. Sign in.", with the duty telephone number. It is
wanted in the same commit as the case and sent by the worker. Here twice is better than never: an
alert that broke off while the server took it is sent again.

Without an active lead nothing is silent: administrators get the message instead, and every
signed-in person is shown `no_lead_notice` with the outside contact.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, not_, select
from sqlalchemy.orm import Session

from casework import audit, denial
from casework.mail import Mailer, MayHaveGone, Message
from casework.sessions import Clock
from models.errors import ChaperoneError, NeedsOperator, Refused, RetryLater
from models.tables import Alert, Person, SafeguardingCase
from models.unit_of_work import Store
from models.vocabulary import CaseState, Organisation, Role, now

WANTED, SENT, FAILED = "wanted", "sent", "failed"
NOT_NEEDED = "not_needed"
"""Somebody acknowledged the case before this alert could leave."""

SUBJECT = "An urgent item needs you"
NO_ADDRESS = "There is no e-mail address for this person."
NO_MAIL = "No mail server is set up."
NO_ROLE = "The account was switched off, or is no longer the lead's."

DANGER_WAITS = timedelta(minutes=30)
"""In immediate danger a case is due at once; so long after it, who was told is told once more."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How one round went. waiting: still to be sent; failed: nobody will try again by itself."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0


def want(session: Session, case: SafeguardingCase, at: datetime) -> int:
    """An alert to every active lead, in the caller's transaction; how many leads there are.

    Asked for again, those who were told are told again. Without a lead: to administrators. Never
    to whom the case is kept from (practice 4.14).
    """
    leads = _not_kept_out(session, case.id, active(session, Role.LEAD))
    for person in leads or _not_kept_out(session, case.id, active(session, Role.ADMIN)):
        mine = select(Alert).where(Alert.case_id == case.id, Alert.person_id == person.id)
        alert = session.scalar(mine)
        if alert is None:
            session.add(Alert(case_id=case.id, person_id=person.id, state=WANTED, created_at=at))
        else:
            alert.state, alert.problem = WANTED, ""
    session.flush()
    if not leads:
        audit.record(session, None, "case.without_lead", f"case:{case.id}")
    return len(leads)


def _not_kept_out(session: Session, case_id: int, people: list[Person]) -> list[Person]:
    return [one for one in people if not denial.case_is_kept(session, one.id, case_id)]


def active(session: Session, role: Role) -> list[Person]:
    """Everybody with an active account in this role, oldest account first."""
    people = session.scalars(select(Person).where(Person.active).order_by(Person.id))
    return [person for person in people if role.value in person.roles]


def no_lead_notice(session: Session, organisation: Organisation, reader: int = 0) -> str:
    """What to show everybody who signs in while nobody is an active lead; "" when somebody is.

    reader: whose account; what is kept from them is not waiting as far as they are told.
    """
    if active(session, Role.LEAD):
        return ""
    theirs = not_(denial.kept_cases(reader))
    open_cases = select(func.count()).select_from(SafeguardingCase).where(theirs)
    waiting = session.scalar(open_cases.where(SafeguardingCase.state != CaseState.CLOSED)) or 0
    said = "There is no safeguarding lead. "
    if waiting:
        said += "Something urgent is waiting and nobody here can see it. "
    if organisation.outside_contact:
        said += f"Tell {organisation.outside_contact} now. "
    return said + "An administrator must give somebody the lead's role today."


def send_alerts(
    store: Store,
    mailer: Mailer | None,
    organisation: Organisation,
    sign_in_url: str,
    clock: Clock = now,
) -> Sent:
    """Send every alert that is wanted. Safe to call as often as you like, by several workers.

    What could not be sent says why in its row, and is tried at the next call. Raises the last
    RetryLater or NeedsOperator once everybody was tried.
    """
    _catch_up(store, clock())
    with store.read() as session:
        ids = list(session.scalars(select(Alert.id).where(Alert.state == WANTED)))
    message = alert_message(organisation, sign_in_url)
    states: list[str] = []
    trouble: ChaperoneError | None = None
    for alert_id in ids:
        try:
            states.append(_send_one(store, alert_id, mailer, message, clock))
        except (RetryLater, NeedsOperator, MayHaveGone) as error:
            states.append(WANTED)
            trouble = error
            _note(store, alert_id, WANTED, f"{error.what} {error.cure}")
    if trouble is not None:
        raise trouble
    return Sent(states.count(SENT), states.count(WANTED), states.count(FAILED))


def alert_message(organisation: Organisation, sign_in_url: str) -> Message:
    """The message: the same for every case, so that it tells nothing about any."""
    lines = ["An urgent item needs you. Sign in.", "", sign_in_url]
    if organisation.lead_phone:
        lines += ["", f"If you cannot sign in now, call the duty number: {organisation.lead_phone}"]
    lines += ["", "If somebody is in danger now, call 999 first."]
    return Message(SUBJECT, "\n".join(lines) + "\n")


def remind(store: Store, clock: Clock = now) -> int:
    """Want a second alert for cases that nobody acknowledged in time (C55); how many alerts."""
    at = clock()
    with store.write() as session:
        sent = (
            select(Alert, SafeguardingCase)
            .join(SafeguardingCase, SafeguardingCase.id == Alert.case_id)
            .where(SafeguardingCase.state == CaseState.OPEN, Alert.state == SENT)
        )
        late = [
            alert
            for alert, case in session.execute(sent)
            if alert.sent_at is not None
            and alert.sent_at < _overdue_from(case) < at
            and not denial.case_is_kept(session, alert.person_id, case.id)
        ]
        for alert in late:
            alert.state = WANTED
        session.commit()
    return len(late)


def _overdue_from(case: SafeguardingCase) -> datetime:
    """An alert that left before this is repeated after it."""
    return case.due_at + (DANGER_WAITS if case.immediate_danger else timedelta(0))


def _addressed(session: Session, case_id: int) -> set[int]:
    """Whom an alert is for, as things stand: the leads, and without any the administrators."""
    leads = _not_kept_out(session, case_id, active(session, Role.LEAD))
    return {one.id for one in leads or active(session, Role.ADMIN)}


def _catch_up(store: Store, at: datetime) -> None:
    """Who became a lead (anew), or got an address, later is alerted to what is still open."""
    with store.write() as session:
        waiting = select(SafeguardingCase).where(SafeguardingCase.state == CaseState.OPEN)
        alerts = session.scalars(select(Alert)).all()
        told = {(row.case_id, row.person_id) for row in alerts}
        reachable = {one.id for one in session.scalars(select(Person)) if one.email}
        mended = [
            alert
            for alert in alerts
            if alert.problem in (NO_ADDRESS, NO_ROLE)
            and alert.person_id in reachable & _addressed(session, alert.case_id)
        ]
        for alert in mended:
            alert.state, alert.problem = WANTED, ""
        missing = [
            Alert(case_id=case.id, person_id=lead.id, state=WANTED, created_at=at)
            for lead in active(session, Role.LEAD)
            for case in session.scalars(waiting)
            if (case.id, lead.id) not in told and not denial.case_is_kept(session, lead.id, case.id)
        ]
        if missing or mended:
            session.add_all(missing)
            session.commit()


def _send_one(
    store: Store, alert_id: int, mailer: Mailer | None, message: Message, clock: Clock
) -> str:
    with store.read() as session:
        alert = session.get_one(Alert, alert_id)
        person = session.get_one(Person, alert.person_id)
        case = session.get_one(SafeguardingCase, alert.case_id)
        addressed = _addressed(session, case.id)
        kept_out = denial.case_is_kept(session, person.id, case.id)
    if case.state is not CaseState.OPEN or kept_out:
        return _note(store, alert_id, NOT_NEEDED, "")
    if person.id not in addressed:
        return _note(store, alert_id, FAILED, NO_ROLE)
    if not person.email:
        return _note(store, alert_id, FAILED, NO_ADDRESS)
    if mailer is None:
        return _note(store, alert_id, WANTED, NO_MAIL)
    try:
        mailer.send(message, person.email)
    except Refused as error:
        return _note(store, alert_id, FAILED, f"{error.what} {error.cure}")
    return _note(store, alert_id, SENT, "", clock())


def _note(
    store: Store, alert_id: int, state: str, problem: str, sent_at: datetime | None = None
) -> str:
    """Write down how it stands; the record gets a line when that is news."""
    with store.write() as session:
        alert = session.get_one(Alert, alert_id, with_for_update={"key_share": True})
        news = (alert.state, alert.problem) != (state, problem)
        alert.state, alert.problem = state, problem
        alert.sent_at = sent_at or alert.sent_at
        if news:
            subject = f"case:{alert.case_id}"
            what = "alert.waiting" if state == WANTED else f"alert.{state}"
            audit.record(session, None, what, subject, person=alert.person_id)
            session.commit()
    return state
