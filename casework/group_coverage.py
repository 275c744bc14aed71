"""Who can see what happens in each group, by when it was last read: the coverage matrix (C3).

A group is blind where fewer than two people can see it, where the lead cannot, or where it was not
read for a week. Whoever may read posts here sees a watched place through this program, as long as
it is read; everybody else only where somebody wrote down that they can look in there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import audit, register
from casework.ages import day_of
from casework.platform_ages import AgeLine, PlatformAges
from casework.register import RegisteredPerson
from casework.sessions import Clock
from casework.visibility import require_content
from models.group_words import Privacy
from models.tables import GroupProfile, GroupViewer, Person, RegisterPerson, Source
from models.unit_of_work import Store
from models.vocabulary import Audience, Role, Viewer, now

FEWEST = 2
NOT_READ_FOR = timedelta(days=7)
ATTESTED_FOR = timedelta(days=365)

FEW = "Fewer than two people can see it."
NO_LEAD = "The safeguarding lead cannot see it."
NOT_READ = "It was not read for a week or more."
NOT_ATTESTED = "Nobody has said whether it is private."
OLD_ATTESTATION = "The last look at its privacy is more than a year ago."
IS_PUBLIC = "It is public. Set it to private, or decide that it may be public."


@dataclass(frozen=True, slots=True)
class Sees:
    """Somebody who can see a group. line_id: of the written line, None where through this program.

    name: of a member of staff. lead: is the safeguarding lead. since: None through this program.
    """

    line_id: int | None
    name: str
    lead: bool
    since: date | None


@dataclass(frozen=True, slots=True)
class GroupView:
    """One group as monitor and lead see it. Times aware UTC.

    read_at: when it was last read here, or looked through by hand. blind: why it counts as blind,
    empty where it is seen. privacy_problem: "" where its privacy is in order. age_problem: why the
    platform's age line is not kept, "" where it is. planned: announced age lines, in words.
    """

    id: int
    name: str
    platform: str
    audience: Audience
    minimum_age: int | None
    watched: bool
    privacy: Privacy
    privacy_by: str
    privacy_at: datetime | None
    privacy_problem: str
    read_at: datetime | None
    sees: tuple[Sees, ...]
    blind: tuple[str, ...]
    age_problem: str
    age_line: str
    planned: tuple[str, ...]
    version: int


def groups(
    store: Store,
    viewer: Viewer,
    ages: PlatformAges,
    *,
    timezone: str = "Europe/London",
    clock: Clock = now,
) -> tuple[GroupView, ...]:
    """Every group that is not closed: blind ones first, then by name. Writes a line of record.

    Raises NotYours unless the viewer is a monitor or a lead.
    """
    require_content(viewer, "the groups")
    at = clock()
    with store.read() as session:
        found = views(session, ages, at, timezone)
    with store.write() as session:
        if audit.is_new_look(session, viewer, "groups.viewed", "group:0", at):
            audit.record(session, viewer.user_id, "groups.viewed", "group:0", groups=len(found))
            session.commit()
    return found


def views(
    session: Session, ages: PlatformAges, at: datetime, timezone: str
) -> tuple[GroupView, ...]:
    """As `groups`, for the program's own checks: nobody looks."""
    today = day_of(at, timezone)
    named = RegisterPerson.id.in_(select(GroupViewer.person_id))
    staff = {one.id: one for one in register.find_all(session, named) if one.is_staff_on(today)}
    accounts = session.scalars(select(Person).where(Person.active)).all()
    leads = {one.id for one in accounts if Role.LEAD.value in one.roles}
    through = [one for one in accounts if {Role.LEAD.value, Role.MONITOR.value} & {*one.roles}]
    names = dict(session.execute(select(Person.id, Person.name)).all())
    lines = session.scalars(select(GroupViewer).order_by(GroupViewer.since, GroupViewer.id)).all()
    query = (
        select(GroupProfile, Source)
        .outerjoin(Source, Source.id == GroupProfile.source_id)
        .where(GroupProfile.closed_on.is_(None))
    )
    found = []
    for row, source in session.execute(query):
        read_at = row.last_look_at if source is None else source.last_success_at
        fresh = read_at is not None and at - read_at < NOT_READ_FOR
        mine = [line for line in lines if line.group_id == row.id]
        sees = _sees(mine, staff, leads, through if source is not None and fresh else (), today)
        found.append(_view(row, source, sees, read_at, fresh, names, ages, at, today))
    return tuple(sorted(found, key=lambda one: (not one.blind, one.name.casefold(), one.id)))


def _sees(
    lines: Sequence[GroupViewer],
    staff: dict[int, RegisteredPerson],
    leads: set[int],
    through: Sequence[Person],
    today: date,
) -> tuple[Sees, ...]:
    """Everybody once: a written line says more than an account here."""
    found: list[Sees] = []
    counted: set[int] = set()
    for line in lines:
        person = staff.get(line.person_id)
        over = line.until is not None and line.until < today
        if person is None or over or line.since > today:
            continue
        found.append(Sees(line.id, person.name, person.account_id in leads, line.since))
        if person.account_id is not None:
            counted.add(person.account_id)
    found += [
        Sees(None, one.name, one.id in leads, None) for one in through if one.id not in counted
    ]
    return tuple(found)


def _view(
    row: GroupProfile,
    source: Source | None,
    sees: tuple[Sees, ...],
    read_at: datetime | None,
    fresh: bool,
    names: dict[int, str],
    ages: PlatformAges,
    at: datetime,
    today: date,
) -> GroupView:
    line = ages.line(row.platform, today)
    return GroupView(
        id=row.id,
        name=row.name,
        platform=ages.names().get(row.platform, row.platform),
        audience=row.audience,
        minimum_age=row.minimum_age,
        watched=source is not None,
        privacy=row.privacy,
        privacy_by="" if row.privacy_by is None else names.get(row.privacy_by, ""),
        privacy_at=row.privacy_at,
        privacy_problem=_privacy_problem(row, at),
        read_at=read_at,
        sees=sees,
        blind=_blind(sees, fresh=fresh),
        age_problem=ages.problem(row.platform, row.audience, row.minimum_age, today),
        age_line=""
        if line is None
        else f"{line.minimum} ({line.source}, checked {line.checked_on})",
        planned=tuple(
            f"From {one.from_day or one.when or 'a day to come'} on: {one.minimum}. "
            + ("Planned, not law." if one.status == "planned" else "Decided.")
            for one in ages.planned(row.platform, today)
        ),
        version=row.version,
    )


def _line_said(line: AgeLine) -> str:
    return f"{line.minimum} ({line.source}, checked {line.checked_on})"


def _blind(sees: tuple[Sees, ...], *, fresh: bool) -> tuple[str, ...]:
    found = (
        (FEW, len(sees) < FEWEST),
        (NO_LEAD, not any(one.lead for one in sees)),
        (NOT_READ, not fresh),
    )
    return tuple(why for why, true in found if true)


def _privacy_problem(row: GroupProfile, at: datetime) -> str:
    """A place that is meant to be open to everyone needs none (C6: organisations differ)."""
    if row.audience is Audience.PUBLIC:
        return ""
    if row.privacy is Privacy.UNKNOWN or row.privacy_at is None:
        return NOT_ATTESTED
    if row.privacy is Privacy.PUBLIC:
        return IS_PUBLIC
    return OLD_ATTESTATION if at - row.privacy_at > ATTESTED_FOR else ""
