"""What a person may see of the register: the list, masked, and one entry (C23, C24).

Monitor and lead read it; administrators and trustees do not. Each look at a child's entry is a
line of record. In the list names are cut to the first name and an initial; the reason why
somebody must not be published is shown to the lead alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from casework import ages, audit, tasks
from casework.register import KnownHandle, RegisteredPerson, find_all, find_by_id
from casework.register_names import handle_key, masked
from casework.tasks import TaskLine
from casework.visibility import absent, require_content
from models.register_words import Authority, ConsentItem, RegisterRole, Standing
from models.tables import Consent, Person, RegisterAlias, RegisterHandle, RegisterPerson
from models.unit_of_work import Store
from models.vocabulary import Role, Viewer, now

PEOPLE_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class ListLine:
    """One entry in the list. name: masked. age: in words, without the date of birth."""

    person_id: int
    name: str
    is_child: bool
    age: str
    roles: tuple[RegisterRole, ...]
    do_not_publish: bool
    left: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of the list. total: how many entries match."""

    lines: tuple[ListLine, ...]
    number: int
    total: int

    @property
    def more(self) -> bool:
        """Whether another page follows."""
        return self.number * PEOPLE_A_PAGE < self.total


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One answer as it is shown. stands: whether it counts today; ended: why it does not."""

    consent_id: int
    item: ConsentItem
    given: bool
    given_by: str
    authority: Authority
    purpose: str
    channel: str
    from_day: date
    until_day: date | None
    evidence_ref: str
    own_wish: str
    recorded_at: datetime
    stands: bool
    ended_at: datetime | None
    ended_why: str


@dataclass(frozen=True, slots=True)
class LinkLine:
    """Somebody tied to this person. how: "parents", "children" or "relatives"."""

    person_id: int
    name: str
    how: str


@dataclass(frozen=True, slots=True)
class PersonView:
    """One entry as this person may see it. reason: why not to publish, "" for all but the lead."""

    person: RegisteredPerson
    is_child: bool
    age: str
    reason: str
    consents: tuple[ConsentLine, ...]
    links: tuple[LinkLine, ...]
    tasks: tuple[TaskLine, ...]
    updated_at: datetime

    @property
    def handles(self) -> tuple[KnownHandle, ...]:
        """The known handles."""
        return self.person.handles


def people(
    session: Session,
    viewer: Viewer,
    *,
    search: str = "",
    role: RegisterRole | None = None,
    children: bool | None = None,
    number: int = 1,
    timezone: str = "Europe/London",
) -> ListPage:
    """A page of the register by surname. search: part of a name, a handle or a booking number.

    Raises NotYours for roles without content.
    """
    require_content(viewer, "the register")
    number, today = max(number, 1), ages.day_of(now(), timezone)
    wanted: list[ColumnElement[bool]] = [RegisterPerson.erased_at.is_(None)]
    if search.strip():
        wanted.append(_matches(search.strip()))
    order = (func.lower(RegisterPerson.surname), func.lower(RegisterPerson.first_name))
    query = select(RegisterPerson).where(*wanted).order_by(*order, RegisterPerson.id)
    rows = [
        line
        for row in session.scalars(query)
        if (role is None or role.value in row.roles)
        and (line := _list_line(row, today)) is not None
        and (children is None or line.is_child is children)
    ]
    start = (number - 1) * PEOPLE_A_PAGE
    return ListPage(tuple(rows[start : start + PEOPLE_A_PAGE]), number, len(rows))


def open_person(
    store: Store,
    viewer: Viewer,
    person_id: int,
    *,
    timezone: str = "Europe/London",
) -> PersonView:
    """One entry, with everything that belongs to it. A look at a child's writes a line of record.

    Raises NotYours where it is missing, was erased, or for roles without content.
    """
    require_content(viewer, f"person {person_id}")
    at = now()
    today = ages.day_of(at, timezone)
    with store.read() as session:
        person = find_by_id(session, person_id)
        if person is None:
            raise absent(f"person {person_id}")
        row = session.get_one(RegisterPerson, person_id)
        view = PersonView(
            person=person,
            is_child=person.is_child_on(today),
            age=_age(person.age_on(today), row),
            reason=row.do_not_publish_reason if viewer.has(Role.LEAD) else "",
            consents=_consents(session, person_id, today, timezone),
            links=_links(session, person),
            tasks=tasks.tasks_about(session, viewer, person_id),
            updated_at=row.updated_at,
        )
        subject = f"register:{person_id}"
        wants_line = view.is_child and audit.is_new_look(
            session, viewer, "register.viewed", subject, at
        )
    if wants_line:
        with store.write() as session:
            audit.record(session, viewer.user_id, "register.viewed", subject)
            session.commit()
    return view


def names_of(session: Session, viewer: Viewer, ids: set[int]) -> Mapping[int, str]:
    """Masked names of these people, for lists of tasks. Raises NotYours."""
    require_content(viewer, "the register")
    if not ids:
        return {}
    found = find_all(session, RegisterPerson.id.in_(ids))
    return {person.id: person.masked for person in found}


def accounts(session: Session) -> Mapping[int, str]:
    """Names of those who may sign in, by id: for showing whose account an entry is."""
    return dict(session.execute(select(Person.id, Person.name)).all())


def _matches(search: str) -> ColumnElement[bool]:
    """Every word stands in a name; or the whole is a handle, another name or a booking number."""
    name = RegisterPerson.first_name + " " + RegisterPerson.surname
    words = [name.icontains(word, autoescape=True) for word in search.split()[:6]]
    aliases = select(RegisterAlias.person_id).where(
        RegisterAlias.name.icontains(search, autoescape=True)
    )
    handles = select(RegisterHandle.person_id).where(
        RegisterHandle.handle_key == handle_key(search)
    )
    every = words[0]
    for word in words[1:]:
        every = every & word
    return or_(
        every,
        RegisterPerson.external_ref == search,
        RegisterPerson.id.in_(aliases),
        RegisterPerson.id.in_(handles),
    )


def _list_line(row: RegisterPerson, today: date) -> ListLine:
    child = ages.counts_as_child(
        today,
        standing=row.standing,
        date_of_birth=row.date_of_birth,
        age_band=row.age_band,
        adult_confirmed=row.adult_confirmed_at is not None,
    )
    born = row.date_of_birth
    years = None if born is None or today < born else ages.age_on(born, today)
    return ListLine(
        person_id=row.id,
        name=masked(row.first_name, row.surname),
        is_child=child,
        age=_age(years, row),
        roles=tuple(RegisterRole(each) for each in row.roles),
        do_not_publish=row.do_not_publish,
        left=row.left_on is not None and row.left_on < today,
    )


_BANDS = {"under_13": "under 13", "13_to_15": "13 to 15", "16_to_17": "16 to 17"}


def _age(years: int | None, row: RegisterPerson) -> str:
    """How old somebody is, as little as a list needs."""
    if years is not None:
        return f"{years} years old" if years < ages.ADULT_AT else "adult"
    if row.adult_confirmed_at is not None or row.age_band.value == "18_or_over":
        return "adult"
    if row.age_band.value in _BANDS:
        return _BANDS[row.age_band.value]
    if row.standing is Standing.CHILD:
        return "child, age not known"
    grown_up = row.standing in (Standing.ADULT, Standing.ADULT_AT_RISK)
    return "adult" if grown_up else "age not known, counts as a child"


def _consents(
    session: Session, person_id: int, today: date, timezone: str
) -> tuple[ConsentLine, ...]:
    rows = session.scalars(
        select(Consent).where(Consent.person_id == person_id).order_by(Consent.id.desc())
    )
    return tuple(
        ConsentLine(
            consent_id=row.id,
            item=row.item,
            given=row.given,
            given_by=row.given_by,
            authority=row.authority,
            purpose=row.purpose,
            channel=row.channel,
            from_day=row.from_day,
            until_day=row.until_day,
            evidence_ref=row.evidence_ref,
            own_wish=row.own_wish,
            recorded_at=row.recorded_at,
            stands=_stands(row, today, timezone),
            ended_at=row.ended_at,
            ended_why=row.ended_why,
        )
        for row in rows
    )


def _stands(row: Consent, today: date, timezone: str) -> bool:
    ended = row.ended_at is not None and ages.day_of(row.ended_at, timezone) <= today
    over = row.until_day is not None and row.until_day < today
    return row.from_day <= today and not ended and not over


def _links(session: Session, person: RegisteredPerson) -> tuple[LinkLine, ...]:
    ids = {*person.parents, *person.children, *person.relatives}
    if not ids:
        return ()
    names = {each.id: each.name for each in find_all(session, RegisterPerson.id.in_(ids))}
    return tuple(
        LinkLine(each, names[each], how)
        for how, group in (
            ("parents", person.parents),
            ("children", person.children),
            ("relatives", person.relatives),
        )
        for each in group
        if each in names
    )
