"""Taking a booking system's file into the register: a dry run first, idempotent afterwards.

sheet = read_sheet(content)
mapping = guess(sheet.headings)                      # shown to a person, who may change it
told = import_sheet(store, viewer, sheet, mapping, dry_run=True)

A row is found again by its booking number, else by name and date of birth. An empty cell takes
nothing away. Each row stands or falls alone, and those that fall are told with row, column, reason
and cure, never with what stands in them. A consent withdrawn here stays so whatever a file says.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import ages, audit, consents, register_ties, staff_checks, subjects
from casework.register_columns import check_mapping
from casework.register_edit import Clock, Details, insert_person, put_details, require_editor
from casework.register_file import Sheet
from casework.register_known import Known
from casework.register_names import handle_key, name_key
from casework.register_rows import ParentCell, Reject, RowValues, read_row
from models.errors import MendInput, Refused
from models.register_words import (
    AgeBand,
    Authority,
    ConsentEnd,
    HandleUse,
    LinkKind,
    RegisterRole,
    Standing,
)
from models.tables import (
    Consent,
    RegisterAlias,
    RegisterHandle,
    RegisterLink,
    RegisterPerson,
)
from models.unit_of_work import Store
from models.vocabulary import Viewer, now

THE_FORM = "The booking form"
"""Who answered where the file does not say."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do. Counts are of people; parents: added beside the rows.

    withdrawn: answers left out because they were withdrawn here since.
    """

    added: int
    changed: int
    unchanged: int
    parents: int
    consents: int
    withdrawn: int
    rejects: tuple[Reject, ...]
    notes: tuple[str, ...]
    dry_run: bool


def import_sheet(
    store: Store,
    viewer: Viewer | None,
    sheet: Sheet,
    mapping: Mapping[str, str],
    *,
    dry_run: bool,
    timezone: str = "Europe/London",
    clock: Clock = now,
) -> Imported:
    """Take every good row in, in one commit; with `dry_run` do the same and undo it.

    Raises NotYours for roles without content, MendInput for a mapping that does not fit.
    """
    require_editor(viewer)
    whole = check_mapping(mapping, sheet.headings)
    with store.write() as session:
        work = _Import(session, viewer, clock(), timezone)
        for row in sheet.rows:
            values = read_row(row, sheet.headings, whole, work.today)
            if isinstance(values, Reject):
                work.rejects.append(values)
            else:
                work.take(values)
        told = work.told(sheet.notes, dry_run)
        if not dry_run:
            audit.record(
                session,
                viewer.user_id if viewer else None,
                "register.imported",
                "register:import",
                added=told.added,
                changed=told.changed,
                unchanged=told.unchanged,
                rejected=len(told.rejects),
                consents=told.consents,
            )
            session.commit()
    if not dry_run:
        subjects.match_again(store)
    return told


def rejects_file(rejects: tuple[Reject, ...]) -> str:
    """The rows that fell, as CSV: row, column, why, what to do. Holds no cell of the file, but a
    heading, made harmless for spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("row", "column", "why", "what to do"))
    for reject in rejects:
        column = reject.column
        harmless = f"'{column}" if column[:1] in ("=", "+", "-", "@", "\t") else column
        writer.writerow((reject.row, harmless, reject.why, reject.cure))
    return out.getvalue()


class _Import:
    """One run over one file, in one transaction; each row in a savepoint of its own."""

    def __init__(
        self, session: Session, viewer: Viewer | None, at: datetime, timezone: str
    ) -> None:
        self.session, self.viewer, self.at = session, viewer, at
        self.today = ages.day_of(at, timezone)
        self.rejects: list[Reject] = []
        self._counts: dict[str, int] = defaultdict(int)
        self._seen: dict[int, int] = {}
        self._parents: dict[tuple[str, str], int] = {}
        self._new_parents: list[tuple[str, str]] = []
        self._known = Known()
        people = select(RegisterPerson).where(RegisterPerson.erased_at.is_(None))
        for row in session.scalars(people.order_by(RegisterPerson.id)):
            self._known.add(row)

    def told(self, notes: tuple[str, ...], dry_run: bool) -> Imported:
        """The sum of it."""
        counts = self._counts
        return Imported(
            added=counts["added"],
            changed=counts["changed"],
            unchanged=counts["unchanged"],
            parents=counts["parents"],
            consents=counts["consents"],
            withdrawn=counts["withdrawn"],
            rejects=tuple(sorted(self.rejects, key=lambda reject: reject.row)),
            notes=notes,
            dry_run=dry_run,
        )

    def take(self, row: RowValues) -> None:
        """Take one row in, or say why not and leave nothing of it."""
        before = dict(self._counts)
        self._new_parents = []
        try:
            with self.session.begin_nested():
                person, outcome = self._person(row)
                more = self._belongings(person, row, fresh=outcome == "added")
                self.session.flush()
        except (Refused, MendInput) as error:
            self._counts = defaultdict(int, before)
            for key in self._new_parents:
                del self._parents[key]
            self.rejects.append(Reject(row.row, "", error.what, error.cure))
            return
        self._seen[person.id] = row.row
        self._known.add(person)
        self._counts["changed" if more and outcome == "unchanged" else outcome] += 1

    def _person(self, row: RowValues) -> tuple[RegisterPerson, str]:
        person_id = self._known.find(row, self.today)
        if person_id is None:
            person_id = insert_person(self.session, self._new(row), self.at)
            return self.session.get_one(RegisterPerson, person_id), "added"
        if person_id in self._seen:
            raise Refused(
                f"The same person stands in row {self._seen[person_id]}.",
                subject=f"row {row.row}",
                cure="Keep one of the two rows.",
            )
        person = self.session.get_one(RegisterPerson, person_id)
        changed = put_details(person, self._merged(person, row), self.at)
        return person, "changed" if changed else "unchanged"

    def _new(self, row: RowValues) -> Details:
        standing = row.standing
        if standing is None and row.date_of_birth is not None:
            grown_up = ages.adulthood_day(row.date_of_birth) <= self.today
            standing = Standing.ADULT if grown_up else Standing.CHILD
        return Details(
            first_name=row.first_name,
            surname=row.surname,
            standing=standing or Standing.UNKNOWN,
            roles=row.roles if row.roles is not None else frozenset({RegisterRole.MEMBER}),
            date_of_birth=row.date_of_birth,
            external_ref=row.external_ref,
            left_on=row.left_on,
        )

    @staticmethod
    def _merged(person: RegisterPerson, row: RowValues) -> Details:
        """What the file says over what stands; what it does not say stays."""
        roles = row.roles or frozenset()
        return Details(
            first_name=row.first_name,
            surname=row.surname or person.surname,
            standing=row.standing or person.standing,
            roles=frozenset(RegisterRole(each) for each in person.roles) | roles,
            date_of_birth=row.date_of_birth or person.date_of_birth,
            age_band=AgeBand(person.age_band),
            external_ref=row.external_ref or person.external_ref,
            left_on=row.left_on or person.left_on,
        )

    def _belongings(self, person: RegisterPerson, row: RowValues, *, fresh: bool) -> bool:
        """Other names, handles, parents, answers; whether anything was new. fresh: the person
        was added just now, so nothing of theirs is looked for."""
        more = [self._aliases(person, row.aliases)] if row.aliases else []
        more += [self._handle(person, *handle) for handle in row.handles]
        more += [self._check(person, row.dbs_checked_on, row.dbs_renew_on)]
        parents = [self._parent(person, cell, fresh) for cell in row.parents]
        more += [new for _, new in parents]
        more += self._answers(person, row, parents[0][0] if parents else None, fresh)
        return any(more)

    def _aliases(self, person: RegisterPerson, names: tuple[str, ...]) -> bool:
        stands = self.session.scalars(
            select(RegisterAlias.name).where(RegisterAlias.person_id == person.id)
        )
        return register_ties.put_aliases(self.session, person, [*stands, *names], self.at)

    def _handle(self, person: RegisterPerson, connector: str, handle: str) -> bool:
        mine = select(RegisterHandle.id).where(
            RegisterHandle.person_id == person.id,
            RegisterHandle.connector == connector,
            RegisterHandle.handle_key == handle_key(handle),
        )
        if self.session.scalar(mine) is not None:
            return False
        use = HandleUse.PERSONAL
        register_ties.insert_handle(self.session, person, connector, handle, use, self.at)
        return True

    def _check(
        self, person: RegisterPerson, checked_on: date | None, renew_on: date | None
    ) -> bool:
        """That a check was seen; an older file takes a newer one not away."""
        if checked_on is None:
            return False
        by = self.viewer.user_id if self.viewer else None
        check = staff_checks.Check(checked_on, renew_on or staff_checks.renewal(checked_on))
        return staff_checks.put_check(
            self.session, person, check, self.at, by, given=renew_on is not None, newer=True
        )

    def _parent(
        self, child: RegisterPerson, cell: ParentCell, fresh: bool
    ) -> tuple[RegisterPerson, bool]:
        """The parent whom the row names: one the child has, one of an earlier row, or a new one.

        Two rows mean one parent only where the e-mail is the same too: a name alone is borne by
        many.
        """
        key = (name_key(cell.name), cell.email)
        linked = select(RegisterPerson).where(
            RegisterPerson.id.in_(
                select(RegisterLink.to_id).where(
                    RegisterLink.person_id == child.id, RegisterLink.kind != LinkKind.RELATIVE
                )
            )
        )
        for person in () if fresh else self.session.scalars(linked):
            if name_key(f"{person.first_name} {person.surname}") == key[0]:
                if cell.email:
                    self._parents[key] = person.id
                return person, False
        known = self._parents.get(key) if cell.email else None
        parent = self.session.get(RegisterPerson, known) if known is not None else None
        if parent is None:
            parent = self._new_parent(cell)
            if cell.email:
                self._parents[key] = parent.id
                self._new_parents.append(key)
        register_ties.put_link(
            self.session, child, parent.id, LinkKind.PARENT, self.at, fresh=fresh
        )
        return parent, True

    def _new_parent(self, cell: ParentCell) -> RegisterPerson:
        roles = frozenset({RegisterRole.PARENT})
        details = Details(cell.first_name, cell.surname, Standing.ADULT, roles)
        self._counts["parents"] += 1
        person_id = insert_person(self.session, details, self.at)
        return self.session.get_one(RegisterPerson, person_id)

    def _answers(
        self,
        person: RegisterPerson,
        row: RowValues,
        parent: RegisterPerson | None,
        fresh: bool,
    ) -> list[bool]:
        child = ages.counts_as_child(
            self.today,
            standing=person.standing,
            date_of_birth=person.date_of_birth,
            age_band=person.age_band,
            adult_confirmed=person.adult_confirmed_at is not None,
        )
        own = f"{person.first_name} {person.surname}".strip()
        named = f"{parent.first_name} {parent.surname}".strip() if parent is not None else ""
        by_parent = named == row.consent_by or not row.consent_by
        news = []
        for item, given in row.consents.items():
            answer = consents.NewAnswer(
                item=item,
                given=given,
                given_by=row.consent_by or ((named or THE_FORM) if child else own),
                given_by_id=parent.id if child and parent is not None and by_parent else None,
                authority=Authority.PARENT if child else Authority.SELF,
                from_day=row.consent_date or self.today,
                evidence_ref=row.evidence or THE_FORM.lower(),
            )
            if given and not fresh and self._withdrawn(person.id, answer, row.consent_date):
                self._counts["withdrawn"] += 1
                continue
            _, new = consents.insert_answer(
                self.session,
                self.viewer,
                person,
                answer,
                clock=lambda: self.at,
                fresh=fresh,
                noted=False,
            )
            self._counts["consents"] += new
            news.append(new)
        return news

    def _withdrawn(self, person_id: int, answer: consents.NewAnswer, signed: date | None) -> bool:
        """Whether this yes was withdrawn here since: the newest answer counts, not an old file."""
        newest = self.session.scalar(
            select(Consent)
            .where(Consent.person_id == person_id, Consent.item == answer.item)
            .order_by(Consent.id.desc())
            .limit(1)
        )
        if newest is None or newest.ended_why != ConsentEnd.WITHDRAWN:
            return False
        return signed is None or newest.ended_at is None or signed <= newest.ended_at.date()
