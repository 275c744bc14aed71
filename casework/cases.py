"""Safeguarding cases: opened at once, and from then on the lead's own (C52, C53, C57, C58).

A case starts with the post's exact words (casework/case_opening.py). The lead acknowledges it, adds
dated lines, records who outside was told, decides whether it has to be referred and why, and
closes it with a reason. Nothing is overwritten: every change is a new signed line, and every view
is in the record. For anybody but a lead a case is absent, whether it exists or not.

Nothing here stands before a telephone call: numbers for immediate danger are in casework/routes.py
and are shown before any form; anybody may refer directly, and the case is written up afterwards.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from casework import audit
from casework.case_chronology import chronology
from casework.case_opening import add_line, open_for_item
from casework.case_view import CaseLine, CaseView, cases, open_case
from casework.routes import IMMEDIATE_DANGER
from casework.sessions import Clock
from casework.visibility import case_for
from models.errors import MendInput, Refused
from models.tables import Referral, SafeguardingCase
from models.unit_of_work import Store
from models.vocabulary import CaseState, EntryKind, ReferralBody, Viewer, aware, now

__all__ = [
    "IMMEDIATE_DANGER",
    "NOT_REFER",
    "REFER",
    "CaseLine",
    "CaseView",
    "NewReferral",
    "acknowledge",
    "add_entry",
    "cases",
    "chronology",
    "close",
    "decide_threshold",
    "mark_about_staff",
    "open_case",
    "open_for_item",
    "refer",
    "reopen",
]

REFER = "refer"
NOT_REFER = "not_refer"

LONGEST_TEXT = 20_000
_CLOCKS_DIFFER = timedelta(minutes=5)
_ADDED = (
    EntryKind.VERBATIM,
    EntryKind.ACCOUNT,
    EntryKind.OPINION,
    EntryKind.ADVICE,
    EntryKind.ACTION,
)
"""What a person may add; lines of kind DECISION are written by deciding."""


@dataclass(frozen=True, slots=True)
class NewReferral:
    """Who outside was told. referred_at: aware; how: "telephone"; contact: a name or a desk.

    reference and advice may be empty where none was given yet: advice that comes later is an entry.
    """

    body: ReferralBody
    contact: str
    how: str
    referred_at: datetime
    reference: str = ""
    advice: str = ""


def acknowledge(
    store: Store, viewer: Viewer, case_id: int, version: int, clock: Clock = now
) -> None:
    """The lead has seen it and takes it on. version: of the case as it was seen.

    Raises NotYours, LookAgain when the case changed since, Refused when it is closed.
    """
    with store.write() as session:
        case = case_for(session, viewer, case_id, lock=True, version=version)
        _require_open(case)
        if case.state is CaseState.OPEN:
            case.state = CaseState.ACKNOWLEDGED
            case.acknowledged_at, case.acknowledged_by = clock(), viewer.user_id
            add_line(session, case, EntryKind.ACTION, "Acknowledged.", viewer.user_id, clock())
            audit.record(session, viewer.user_id, "case.acknowledged", f"case:{case_id}")
            session.commit()


def add_entry(
    store: Store,
    viewer: Viewer,
    case_id: int,
    kind: EntryKind,
    text: str,
    about_time: datetime | None = None,
    clock: Clock = now,
) -> int:
    """Add a dated, signed line; the new line's id. Closed cases take lines too.

    kind: exact words, an account, an opinion, advice or an action, each kept apart. about_time:
    when it happened (aware), if that is not now. Raises NotYours, MendInput for an empty or
    endless text or a time to come.
    """
    with store.write() as session:
        case = case_for(session, viewer, case_id, lock=True)
        if kind not in _ADDED:
            raise Refused(
                "A line of this kind is written by deciding.",
                subject=f"case {case_id}",
                cure="Use the decision itself.",
            )
        _require_text(text, "the line")
        when = None if about_time is None else _not_to_come(about_time, clock())
        entry = add_line(session, case, kind, text, viewer.user_id, clock(), when)
        audit.record(
            session, viewer.user_id, "case.entry_added", f"case:{case_id}", entry=entry, kind=kind
        )
        session.commit()
        return entry


def refer(
    store: Store, viewer: Viewer, case_id: int, referral: NewReferral, clock: Clock = now
) -> int:
    """Record that somebody outside was told; the referral's id. Closed cases take them too.

    Raises NotYours; MendInput where contact or way is missing or the time is still to come.
    """
    with store.write() as session:
        case = case_for(session, viewer, case_id, lock=True)
        _require_text(referral.contact, "who was told", 200)
        _require_text(referral.how, "how they were told", 60)
        row = Referral(
            case_id=case.id,
            body=ReferralBody(referral.body),
            contact=referral.contact.strip(),
            how=referral.how.strip(),
            referred_at=_not_to_come(referral.referred_at, clock()),
            reference=referral.reference.strip()[:120],
            advice=referral.advice.strip(),
            by=viewer.user_id,
            at=clock(),
        )
        session.add(row)
        case.version += 1
        session.flush()
        audit.record(
            session, viewer.user_id, "case.referred", f"case:{case_id}", to=row.body, row=row.id
        )
        session.commit()
        return row.id


def decide_threshold(
    store: Store,
    viewer: Viewer,
    case_id: int,
    version: int,
    threshold: str,
    reasons: str,
    clock: Clock = now,
) -> None:
    """Whether it has to be referred: "refer" or "not_refer", with the reasons in either case (C58).

    May be decided anew; the earlier decision stays among the lines. Raises NotYours, LookAgain,
    Refused (closed, or not acknowledged), MendInput (no reasons).
    """
    with store.write() as session:
        case = case_for(session, viewer, case_id, lock=True, version=version)
        _require_open(case)
        _require_acknowledged(case)
        if threshold not in (REFER, NOT_REFER):
            raise MendInput(
                "It is neither to refer nor not to refer.",
                subject="the decision",
                cure=f'Give "{REFER}" or "{NOT_REFER}".',
            )
        _require_text(reasons, "the reasons")
        case.threshold, case.threshold_reasons = threshold, reasons.strip()
        said = "To be referred because: " if threshold == REFER else "Not referred because: "
        add_line(session, case, EntryKind.DECISION, said + reasons.strip(), viewer.user_id, clock())
        subject = f"case:{case_id}"
        audit.record(session, viewer.user_id, "case.threshold", subject, decided=threshold)
        session.commit()


def mark_about_staff(
    store: Store, viewer: Viewer, case_id: int, version: int, about_staff: bool, because: str
) -> None:
    """Say whether the concern is about somebody who works or volunteers here (C54, C64).

    Then the local authority's designated officer is told within one working day (practice 4.4).
    Raises NotYours, LookAgain, Refused (closed), MendInput (no reason).
    """
    with store.write() as session:
        case = case_for(session, viewer, case_id, lock=True, version=version)
        _require_open(case)
        _require_text(because, "the reason")
        case.about_staff = about_staff
        said = "About staff or a volunteer: " if about_staff else "Not about staff or a volunteer: "
        add_line(session, case, EntryKind.DECISION, said + because.strip(), viewer.user_id, now())
        subject = f"case:{case_id}"
        audit.record(session, viewer.user_id, "case.about_staff", subject, about_staff=about_staff)
        session.commit()


def close(
    store: Store, viewer: Viewer, case_id: int, version: int, reason: str, clock: Clock = now
) -> None:
    """Close it with a reason.

    Raises Refused until it is acknowledged, the threshold is decided and, where that was to
    refer, a referral is recorded; NotYours, LookAgain, MendInput as elsewhere.
    """
    with store.write() as session:
        case = case_for(session, viewer, case_id, lock=True, version=version)
        _require_open(case)
        _require_acknowledged(case)
        _require_followed_through(session, case)
        _require_text(reason, "the reason for closing")
        case.state, case.close_reason = CaseState.CLOSED, reason.strip()
        case.closed_at, case.closed_by = clock(), viewer.user_id
        said = f"Closed: {reason.strip()}"
        add_line(session, case, EntryKind.DECISION, said, viewer.user_id, clock())
        audit.record(session, viewer.user_id, "case.closed", f"case:{case_id}")
        session.commit()


def reopen(
    store: Store, viewer: Viewer, case_id: int, version: int, reason: str, clock: Clock = now
) -> None:
    """Open a closed case again, acknowledged by who opens it. Raises as close."""
    with store.write() as session:
        case = case_for(session, viewer, case_id, lock=True, version=version)
        _require_text(reason, "the reason for opening it again")
        if case.state is not CaseState.CLOSED:
            return
        case.state, case.close_reason = CaseState.ACKNOWLEDGED, ""
        case.closed_at, case.closed_by = None, None
        case.acknowledged_at, case.acknowledged_by = clock(), viewer.user_id
        said = f"Opened again: {reason.strip()}"
        add_line(session, case, EntryKind.DECISION, said, viewer.user_id, clock())
        audit.record(session, viewer.user_id, "case.reopened", f"case:{case_id}")
        session.commit()


def _require_open(case: SafeguardingCase) -> None:
    if case.state is CaseState.CLOSED:
        raise Refused(
            "It is closed.", subject=f"case {case.reference}", cure="Open it again first."
        )


def _require_acknowledged(case: SafeguardingCase) -> None:
    if case.state is not CaseState.ACKNOWLEDGED:
        raise Refused(
            "Nobody has acknowledged it.",
            subject=f"case {case.reference}",
            cure="Acknowledge it first.",
        )


def _require_followed_through(session: Session, case: SafeguardingCase) -> None:
    if not case.threshold:
        raise Refused(
            "Nobody has decided whether it has to be referred.",
            subject=f"case {case.reference}",
            cure="Decide that first, with the reasons.",
        )
    told = session.scalar(select(exists().where(Referral.case_id == case.id)))
    if case.threshold == REFER and not told:
        raise Refused(
            "It was to be referred, and no referral is recorded.",
            subject=f"case {case.reference}",
            cure="Record who was told, or decide anew.",
        )


def _require_text(text: str, what: str, longest: int = LONGEST_TEXT) -> None:
    if not text.strip():
        raise MendInput("It is empty.", subject=what, cure="Write it in your own words.")
    if len(text) > longest:
        raise MendInput(
            f"It has {len(text):,} characters.",
            subject=what,
            cure=f"At most {longest:,} fit; use several lines.",
        )


def _not_to_come(moment: datetime, at: datetime) -> datetime:
    if aware(moment) > at + _CLOCKS_DIFFER:
        raise MendInput("It is still to come.", subject="the time", cure="Give when it happened.")
    return aware(moment)
