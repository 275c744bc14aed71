"""Changing the register: people and the do-not-publish list. Their ties are register_ties.py.

Monitor and lead edit; the do-not-publish list is the lead's alone (C24). Every change is bound to
the version that was seen, and writes a line of record with the names of the fields, never with
what stands in them. `viewer` None is the command line on the machine itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework import audit, subjects
from casework.visibility import absent, require_content, require_lead
from models.errors import LookAgain, MendInput, Refused
from models.register_words import AgeBand, RegisterRole, Standing
from models.tables import RegisterPerson
from models.unit_of_work import Store
from models.vocabulary import Viewer, now

Clock = Callable[[], datetime]

LONGEST_NAME = 120
EARLIEST_BIRTH = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Details:
    """What is kept about a person. date_of_birth None, age_band UNKNOWN: not known, a child."""

    first_name: str
    surname: str = ""
    standing: Standing = Standing.UNKNOWN
    roles: frozenset[RegisterRole] = frozenset()
    date_of_birth: date | None = None
    age_band: AgeBand = AgeBand.UNKNOWN
    external_ref: str | None = None
    left_on: date | None = None


def checked(details: Details, today: date) -> Details:
    """The same with its names tidied. Raises MendInput for what cannot be right."""
    tidy = replace(
        details,
        first_name=" ".join(details.first_name.split()),
        surname=" ".join(details.surname.split()),
        external_ref=(details.external_ref or "").strip() or None,
    )
    if not tidy.first_name:
        raise wrong("first name", "It is missing.", "Write the first name.")
    for what, value in (("first name", tidy.first_name), ("last name", tidy.surname)):
        if len(value) > LONGEST_NAME:
            raise wrong(what, f"It is longer than {LONGEST_NAME} characters.", "Shorten it.")
    born = tidy.date_of_birth
    if born is not None and not EARLIEST_BIRTH <= born <= today:
        raise wrong(
            "date of birth", "It lies in the future or before 1900.", "Look at the year again."
        )
    return tidy


def add_person(store: Store, viewer: Viewer | None, details: Details, *, clock: Clock = now) -> int:
    """The id of a new person. Raises NotYours, MendInput, Refused where the number is taken."""
    require_editor(viewer)
    with store.write() as session:
        person_id = insert_person(session, details, clock())
        record(session, viewer, "register.person_added", person_id)
        _flushed(session)
        session.commit()
    subjects.after_edit(store, person_id)
    return person_id


def insert_person(session: Session, details: Details, at: datetime) -> int:
    """The row alone, in the caller's transaction; the caller writes the line of record."""
    tidy = checked(details, at.date())
    row = RegisterPerson(created_at=at, updated_at=at, version=1)
    _put(row, tidy)
    session.add(row)
    _flushed(session)
    return row.id


def edit_person(
    store: Store,
    viewer: Viewer | None,
    person_id: int,
    version: int,
    details: Details,
    *,
    clock: Clock = now,
) -> None:
    """Change a person who was seen at that version. Raises LookAgain where they changed since."""
    with store.write() as session:
        row = locked(session, viewer, person_id, version)
        changed = put_details(row, details, clock())
        if changed:
            record(session, viewer, "register.person_changed", person_id, fields=changed)
            _flushed(session)
            session.commit()
    if changed:
        subjects.after_edit(store, person_id)


def put_details(row: RegisterPerson, details: Details, at: datetime) -> list[str]:
    """Write what differs into the row and return the names of those fields; [] where nothing."""
    tidy = checked(details, at.date())
    changed = [name for name in Details.__dataclass_fields__ if _differs(row, tidy, name)]
    if changed:
        _put(row, tidy)
        touch(row, at)
    return changed


def confirm_adult(
    store: Store, viewer: Viewer, person_id: int, version: int, *, clock: Clock = now
) -> None:
    """A person has checked that somebody without a date of birth is 18 or over (C31).

    Raises Refused where a date of birth is held: that decides by itself.
    """
    with store.write() as session:
        row = locked(session, viewer, person_id, version)
        if row.date_of_birth is not None:
            raise Refused(
                "A date of birth is on the register, and it decides.",
                subject=f"person {person_id}",
                cure="Correct the date of birth if it is wrong.",
            )
        row.adult_confirmed_at, row.adult_confirmed_by = clock(), viewer.user_id
        touch(row, clock())
        record(session, viewer, "register.adult_confirmed", person_id)
        session.commit()


def set_do_not_publish(
    store: Store,
    viewer: Viewer,
    person_id: int,
    version: int,
    *,
    listed: bool,
    reason: str = "",
    clock: Clock = now,
) -> None:
    """Put somebody on the do-not-publish list or take them off; the lead alone (C24).

    The reason may be left out; it is shown to the lead alone and cleared with the entry.
    """
    require_lead(viewer, f"person {person_id}")
    with store.write() as session:
        row = locked(session, viewer, person_id, version)
        row.do_not_publish = listed
        row.do_not_publish_reason = reason.strip() if listed else ""
        touch(row, clock())
        what = "register.do_not_publish_set" if listed else "register.do_not_publish_cleared"
        record(session, viewer, what, person_id)
        session.commit()


def require_editor(viewer: Viewer | None) -> None:
    """Monitor, lead, or the machine itself. Raises NotYours."""
    if viewer is not None:
        require_content(viewer, "the register")


def locked(
    session: Session, viewer: Viewer | None, person_id: int, version: int | None = None
) -> RegisterPerson:
    """The row, kept from others until the commit. version: as it was seen, None where that does
    not matter. Raises NotYours, LookAgain."""
    require_editor(viewer)
    row = session.get(RegisterPerson, person_id, with_for_update={"key_share": True})
    if row is None or row.erased_at is not None:
        raise absent(f"person {person_id}")
    if version is not None and row.version != version:
        raise LookAgain(
            "Somebody changed this entry since you opened it.",
            subject=f"person {person_id}",
            cure="Look at it as it stands now, then change it again.",
        )
    return row


def touch(row: RegisterPerson, at: datetime) -> None:
    """Count a change, so that whoever looked before has to look again and the checks hear of it."""
    row.version += 1
    row.updated_at = at


def record(
    session: Session, viewer: Viewer | None, what: str, person_id: int, **details: audit.Detail
) -> None:
    """A line of record about a registered person."""
    actor = viewer.user_id if viewer is not None else None
    audit.record(session, actor, what, f"register:{person_id}", **details)


def _differs(row: RegisterPerson, details: Details, name: str) -> bool:
    if name == "roles":
        return set(row.roles) != {str(role) for role in details.roles}
    return bool(getattr(row, name) != getattr(details, name))


def _put(row: RegisterPerson, details: Details) -> None:
    row.first_name, row.surname = details.first_name, details.surname
    row.standing, row.age_band = details.standing, details.age_band
    row.roles = sorted(role.value for role in details.roles)
    row.date_of_birth, row.left_on = details.date_of_birth, details.left_on
    row.external_ref = details.external_ref


def _flushed(session: Session) -> None:
    """Raises Refused where the booking system's number belongs to somebody else."""
    try:
        session.flush()
    except IntegrityError as error:
        raise Refused(
            "Somebody on the register has this booking number already.",
            subject="the booking number",
            cure="Search the register for it; it may be the same person.",
        ) from error


def wrong(what: str, said: str, cure: str) -> MendInput:
    """The error for a field of a form. It never repeats what was typed."""
    return MendInput(said, subject=what, cure=cure)
