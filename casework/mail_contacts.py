"""Mails from staff to children become entries of the contact log, each once (C37, C40, C43, C45).

    addresses of collected mails  ->  people of the register  ->  contact, with what it lacks

The addresses are kept only for this (docs/data-protection.md): as long as the words of a harmless
mail, so that a handle which comes onto the register later is still met. A mail that was read from
two places is one contact. The program states what it saw; the leads judge it, and whoever it is
about, and their family, see nothing of it (casework/denial_people.py).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from casework import audit, register
from casework.ages import day_of
from casework.contact_rules import CHILD, STAFF, ContactFacts
from casework.contacts import insert_contact, is_consented, is_protected
from casework.keeping import Periods
from casework.register import RegisteredPerson
from casework.register_names import handle_key, name_key
from casework.sessions import Clock
from casework.standing import standing
from models.register_words import HandleUse
from models.tables import (
    Addressee,
    Contact,
    Item,
    Person,
    Post,
    RegisterHandle,
    RegisterPerson,
    SafeguardingCase,
)
from models.unit_of_work import Store
from models.vocabulary import Organisation, now

T = TypeVar("T")

CHANNEL = "e-mail"
PLACES = ("email", "mail_files", "")
"""Where a handle of the register counts as an e-mail address: connectors, or any platform."""

MAILS_AT_ONCE = 200
_ADDRESSES_AT_ONCE = 500
_MARGIN = timedelta(minutes=1)
"""So far back a change of the register may still be under way when the mails are looked at."""

_SEEN_BY_STAFF = frozenset({"staff", "archive"})


def log_from_mail(
    store: Store, organisation: Organisation, clock: Clock = now, at_once: int = MAILS_AT_ONCE
) -> int:
    """Log what has come since, and what the register tells anew; how many contacts are new.

    A batch a commit. Safe to repeat. Raises only what the store raises.
    """
    found = after = 0
    while True:
        with store.write() as session:
            at = clock()
            due = _due(session, at_once, after)
            if not due:
                return found
            found += _log(session, due, organisation, clock)
            session.execute(
                update(Addressee).where(Addressee.post_id.in_(due)).values(looked_at=at - _MARGIN)
            )
            session.commit()
        after = due[-1]  # while the register is changing, these are due again: next time


def forget_addresses(store: Store, periods: Periods, clock: Clock = now) -> int:
    """Drop the addresses whose time is over; of how many mails. Those of a mail about which a case
    is open or on hold stay, and all stay under a legal hold."""
    if periods.legal_hold:
        return 0
    needed = (
        exists()
        .where(Item.post_id == Post.id, SafeguardingCase.item_id == Item.id)
        .where(standing())
        .correlate(Post)
    )
    with store.write() as session:
        over = (
            select(Post.id)
            .where(exists().where(Addressee.post_id == Post.id).correlate(Post))
            .where(Post.first_seen_at <= clock() - periods.cleared, ~needed)
        )
        mails = session.scalars(over).all()
        for some in _pieces(mails, _ADDRESSES_AT_ONCE):
            session.execute(delete(Addressee).where(Addressee.post_id.in_(some)))
        if mails:
            audit.record(session, None, "mail.addresses_dropped", "mail:0", mails=len(mails))
            session.commit()
    return len(mails)


def _due(session: Session, limit: int, after: int) -> list[int]:
    """Ids of mails above `after` that were not looked at since the register last changed."""
    newest = session.scalar(select(func.max(RegisterPerson.updated_at)))
    stale: ColumnElement[bool] = Addressee.looked_at.is_(None)
    if newest is not None:
        stale = or_(stale, Addressee.looked_at <= newest)
    query = (
        select(Addressee.post_id)
        .where(stale, Addressee.post_id > after)
        .distinct()
        .order_by(Addressee.post_id)
    )
    return list(session.scalars(query.limit(limit)))


def _log(session: Session, due: list[int], organisation: Organisation, clock: Clock) -> int:
    rows = session.scalars(
        select(Addressee).where(Addressee.post_id.in_(due)).order_by(Addressee.id)
    ).all()
    book = _Book(session, {row.address for row in rows})
    by_mail: dict[int, list[Addressee]] = {}
    for row in rows:
        by_mail.setdefault(row.post_id, []).append(row)
    found = 0
    for post in session.scalars(select(Post).where(Post.id.in_(due)).order_by(Post.id)):
        mail = _Mail(session, post, by_mail[post.id], book, organisation)
        for child, facts in mail.contacts():
            insert_contact(
                session,
                (mail.staff_id, child.id),
                CHANNEL,
                facts,
                organisation,
                None,
                clock,
                post.id,
            )
            found += 1
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """Whose an address is. use: None where it is only the address of the account here."""

    person: RegisteredPerson
    use: HandleUse | None


class _Book:
    """Whose these addresses are, by the register; and who bears a name, where no address tells."""

    def __init__(self, session: Session, addresses: Collection[str]) -> None:
        self._session = session
        self._by_key: dict[str, _Known] = {}
        for some in _pieces(sorted(addresses), _ADDRESSES_AT_ONCE):
            self._read(some)

    def _read(self, addresses: Sequence[str]) -> None:
        keys = {handle_key(each) for each in addresses}
        accounts = select(RegisterPerson.id, func.lower(Person.email)).join(
            Person, Person.id == RegisterPerson.account_id
        )
        uses = select(RegisterHandle).where(
            RegisterHandle.handle_key.in_(keys), RegisterHandle.connector.in_(PLACES)
        )
        # What is said of an address in particular comes last, and so counts.
        whose: dict[str, tuple[int, HandleUse | None]] = {
            handle_key(email): (person_id, None)
            for person_id, email in self._session.execute(
                accounts.where(func.lower(Person.email).in_(addresses))
            )
        }
        for row in self._session.scalars(uses.order_by(RegisterHandle.connector)):
            whose[row.handle_key] = (row.person_id, row.use)
        ids = {person_id for person_id, _ in whose.values()}
        people = {
            one.id: one for one in register.find_all(self._session, RegisterPerson.id.in_(ids))
        }
        for key, (person_id, use) in whose.items():
            if person_id in people:
                self._by_key[key] = _Known(people[person_id], use)

    def of(self, address: str) -> _Known | None:
        """Whose the address is; None where the register does not know it."""
        return self._by_key.get(handle_key(address))

    @cached_property
    def _by_name(self) -> dict[str, list[RegisteredPerson]]:
        found: dict[str, list[RegisteredPerson]] = {}
        for one in register.everybody(self._session):
            for name in {name_key(each) for each in (one.name, *one.aliases)}:
                found.setdefault(name, []).append(one)
        return found

    def named(self, name: str | None, day: date) -> RegisteredPerson | None:
        """The member of staff who alone on the register bears this whole name, on that day."""
        key = name_key(name or "")
        bearers = self._by_name.get(key, []) if " " in key else []
        return bearers[0] if len(bearers) == 1 and bearers[0].is_staff_on(day) else None


class _Mail:
    """One mail, and the contacts that it is."""

    def __init__(
        self,
        session: Session,
        post: Post,
        rows: Sequence[Addressee],
        book: _Book,
        organisation: Organisation,
    ) -> None:
        self._session, self._post, self._book = session, post, book
        self._organisation = organisation
        self._day = day_of(post.posted_at, organisation.timezone)
        self._from = next((row for row in rows if row.place == "from"), None)
        self._to = [row for row in rows if row.place != "from"]
        self.staff_id = 0
        self._personal = self._unknown = False

    def contacts(self) -> Iterator[tuple[RegisteredPerson, ContactFacts]]:
        """Each child that staff wrote to in it, with the facts; none that is logged already."""
        known = [(row, self._book.of(row.address)) for row in self._to]
        children = {
            each.person.id: each.person
            for _, each in known
            if each is not None and is_protected(each.person, self._day)
        }
        if not children or not self._is_from_staff():
            return
        copied = self._copied(known)
        for child in children.values():
            if self._logged(child):
                continue
            yield (
                child,
                ContactFacts(
                    at=self._post.posted_at,
                    started_by=CHILD if self._answers(child) else STAFF,
                    purpose="",
                    copied=copied,
                    consent=is_consented(self._session, child, self._day, self._organisation),
                    written=True,
                    personal=self._personal,
                    unknown=self._unknown,
                ),
            )

    def _is_from_staff(self) -> bool:
        """Whether staff sent it, by address; or by name, where nobody knows the address. Anybody
        can write in a name: that is then said with it."""
        if self._from is None:
            return False
        known = self._book.of(self._from.address)
        if known is None:
            person = self._book.named(self._post.author_name, self._day)
            self._unknown = person is not None and self._from.listed not in _SEEN_BY_STAFF
        else:
            person = known.person if known.person.is_staff_on(self._day) else None
        if person is None:
            return False
        self.staff_id = person.id
        own = known is not None and known.use is HandleUse.PERSONAL
        business = self._from.listed in _SEEN_BY_STAFF
        self._personal = self._from.listed == "personal" or (own and not business)
        self._unknown = self._unknown and not self._personal
        return True

    def _copied(self, known: Iterable[tuple[Addressee, _Known | None]]) -> int:
        """How many others on staff it went to (C45). What goes to the sender counts for nobody."""
        others: set[int | str] = set()
        for row, each in known:
            if self._from is not None and row.address == self._from.address:
                continue
            if each is not None:
                if each.person.id != self.staff_id and each.person.is_staff_on(self._day):
                    others.add(each.person.id)
            elif row.listed in _SEEN_BY_STAFF:
                others.add(row.address)
        return len(others)

    def _logged(self, child: RegisteredPerson) -> bool:
        """Whether this mail, or the same one read from another place, is in the log."""
        other = aliased(Post)
        same = (
            select(Contact.id)
            .join(other, other.id == Contact.post_id)
            .where(Contact.staff_id == self.staff_id, Contact.child_id == child.id)
            .where(
                or_(
                    other.id == self._post.id,
                    (other.native_id == self._post.native_id)
                    & (Contact.at == self._post.posted_at),
                )
            )
        )
        return self._session.scalar(same.limit(1)) is not None

    def _answers(self, child: RegisteredPerson) -> bool:
        """Whether the child wrote first: the oldest mail of the thread that is known, or the one
        that is answered, is theirs. What is not known counts as begun by staff."""
        post = self._post
        before = select(Post.author_id).where(
            Post.source_id == post.source_id, Post.posted_at < post.posted_at
        )
        thread = before.where(Post.thread_id == post.thread_id)
        asked = [thread.order_by(Post.posted_at, Post.id).limit(1)]
        if post.parent_id is not None:
            asked.append(before.where(Post.native_id == post.parent_id))
        keys = {one.key for one in child.handles if one.connector in PLACES}
        return any(handle_key(self._session.scalar(query) or "") in keys for query in asked)


def _pieces(whole: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(whole), size):
        yield whole[start : start + size]


def addresses_of(session: Session, post_id: int) -> tuple[str, ...]:
    """Whom a mail went to, while that is kept; in the order of its headings. Nobody is asked who
    looks: the caller has."""
    rows = select(Addressee.address).where(Addressee.post_id == post_id, Addressee.place != "from")
    return tuple(session.scalars(rows.order_by(Addressee.id)))
