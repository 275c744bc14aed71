"""The read door to the register, for the program's own checks: who is behind a handle or a number.

What a person sees on a screen goes through casework.register_view, which asks who looks and
writes the line of record (C23); here nobody looks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from casework import ages
from casework.register_names import handle_key, masked
from models.register_words import AgeBand, HandleUse, LinkKind, RegisterRole, Standing
from models.tables import RegisterAlias, RegisterHandle, RegisterLink, RegisterPerson


@dataclass(frozen=True, slots=True)
class KnownHandle:
    """A person's name on a platform. connector: "" for any. key: as it is compared."""

    id: int
    connector: str
    handle: str
    key: str
    use: HandleUse


@dataclass(frozen=True, slots=True)
class RegisteredPerson:
    """One of the organisation's own people, with what the checks need.

    parents: ids of parents and guardians. children: ids of those whose parent or guardian this
    is. relatives: ids of declared relatives, in both directions.
    """

    id: int
    first_name: str
    surname: str
    standing: Standing
    roles: frozenset[RegisterRole]
    date_of_birth: date | None
    age_band: AgeBand
    adult_confirmed: bool
    account_id: int | None
    do_not_publish: bool
    left_on: date | None
    external_ref: str | None
    version: int
    handles: tuple[KnownHandle, ...] = ()
    aliases: tuple[str, ...] = ()
    parents: tuple[int, ...] = ()
    children: tuple[int, ...] = ()
    relatives: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """The full name."""
        return f"{self.first_name} {self.surname}".strip()

    @property
    def masked(self) -> str:
        """The name in a list: "Ella H." """
        return masked(self.first_name, self.surname)

    def is_child_on(self, day: date) -> bool:
        """Whether this person counts as a child on that day (C34: unknown does)."""
        return ages.counts_as_child(
            day,
            standing=self.standing,
            date_of_birth=self.date_of_birth,
            age_band=self.age_band,
            adult_confirmed=self.adult_confirmed,
        )

    def age_on(self, day: date) -> int | None:
        """Whole years on that day; None where no date of birth is held."""
        born = self.date_of_birth
        return None if born is None or day < born else ages.age_on(born, day)

    def is_current_on(self, day: date) -> bool:
        """Whether this person had not left before that day."""
        return self.left_on is None or day <= self.left_on

    def is_staff_on(self, day: date) -> bool:
        """Whether this person is staff or a volunteer on that day."""
        ours = RegisterRole.STAFF in self.roles or RegisterRole.VOLUNTEER in self.roles
        return ours and self.is_current_on(day)


def find_by_id(session: Session, person_id: int) -> RegisteredPerson | None:
    """One person; None where there is none, or where they were erased."""
    found = find_all(session, RegisterPerson.id == person_id)
    return found[0] if found else None


def find_by_handle(session: Session, connector: str, handle: str) -> RegisteredPerson | None:
    """Who uses this handle on that platform; a handle kept for any platform comes second."""
    key = handle_key(handle)
    if not key:
        return None
    query = (
        select(RegisterHandle.person_id)
        .where(RegisterHandle.handle_key == key, RegisterHandle.connector.in_((connector, "")))
        .order_by(RegisterHandle.connector.desc())
        .limit(1)
    )
    person_id = session.scalar(query)
    return None if person_id is None else find_by_id(session, person_id)


def find_by_account(session: Session, account_id: int) -> RegisteredPerson | None:
    """The registered person who signs in with that account, None where nobody does."""
    found = find_all(session, RegisterPerson.account_id == account_id)
    return found[0] if found else None


def everybody(session: Session) -> tuple[RegisteredPerson, ...]:
    """Everybody on the register but the erased, by id. Five thousand people take about 0.2 s."""
    return find_all(session)


def find_all(session: Session, *wanted: ColumnElement[bool]) -> tuple[RegisteredPerson, ...]:
    """Those who match all conditions on `register_person`, by id, in five queries; none erased."""
    conditions = (RegisterPerson.erased_at.is_(None), *wanted)
    people = session.scalars(
        select(RegisterPerson).where(*conditions).order_by(RegisterPerson.id)
    ).all()
    if not people:
        return ()
    ids = select(RegisterPerson.id).where(*conditions)
    handles = _handles(session, ids)
    aliases = _aliases(session, ids)
    links = _links(session, ids)
    return tuple(
        RegisteredPerson(
            id=row.id,
            first_name=row.first_name,
            surname=row.surname,
            standing=row.standing,
            roles=frozenset(RegisterRole(each) for each in row.roles),
            date_of_birth=row.date_of_birth,
            age_band=row.age_band,
            adult_confirmed=row.adult_confirmed_at is not None,
            account_id=row.account_id,
            do_not_publish=row.do_not_publish,
            left_on=row.left_on,
            external_ref=row.external_ref,
            version=row.version,
            handles=tuple(handles.get(row.id, ())),
            aliases=tuple(aliases.get(row.id, ())),
            parents=_of(links, row.id, "parents"),
            children=_of(links, row.id, "children"),
            relatives=_of(links, row.id, "relatives"),
        )
        for row in people
    )


def _handles(session: Session, ids: Select[int]) -> dict[int, list[KnownHandle]]:
    rows = session.scalars(
        select(RegisterHandle).where(RegisterHandle.person_id.in_(ids)).order_by(RegisterHandle.id)
    )
    found: dict[int, list[KnownHandle]] = {}
    for row in rows:
        one = KnownHandle(row.id, row.connector, row.handle, row.handle_key, row.use)
        found.setdefault(row.person_id, []).append(one)
    return found


def _aliases(session: Session, ids: Select[int]) -> dict[int, list[str]]:
    rows = session.scalars(
        select(RegisterAlias).where(RegisterAlias.person_id.in_(ids)).order_by(RegisterAlias.id)
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row.name)
    return found


def _links(session: Session, ids: Select[int]) -> dict[tuple[int, str], list[int]]:
    """Ids by (person, "parents" | "children" | "relatives")."""
    rows: Iterable[RegisterLink] = session.scalars(
        select(RegisterLink)
        .where(RegisterLink.person_id.in_(ids) | RegisterLink.to_id.in_(ids))
        .order_by(RegisterLink.id)
    )
    found: dict[tuple[int, str], list[int]] = {}
    for row in rows:
        relative = row.kind is LinkKind.RELATIVE
        forth, back = ("relatives", "relatives") if relative else ("parents", "children")
        found.setdefault((row.person_id, forth), []).append(row.to_id)
        found.setdefault((row.to_id, back), []).append(row.person_id)
    return found


def _of(links: dict[tuple[int, str], list[int]], person_id: int, what: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(links.get((person_id, what), ())))
