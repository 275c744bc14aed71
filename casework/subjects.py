"""Finding whom a matter is kept from, and writing it down (practice 4.14).

    author     who wrote the post: by a handle on the register, the account's e-mail address, or
               the same whole name
    named      who is named in it; in a concern about staff one name is enough
    relative   a declared relative, parent or guardian of either, in both directions
    subject    whom the lead says that the case is about (casework/subjects_by_hand.py)

Rows are written in the commit that files the item, before anybody is alerted, so that there is no
moment in which the person sees it. When the register or the accounts change, `match_again` looks
at everything that is undecided or the lead's. A row that a lead has ended is not written anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from casework import audit, names_in_text, register
from casework.denial import WROTE_IT
from casework.names_in_text import Names
from casework.register_names import handle_key, name_words
from models.register_words import RegisterRole
from models.tables import (
    Item,
    KeptFrom,
    Person,
    Post,
    RegisterAlias,
    RegisterHandle,
    RegisterLink,
    RegisterPerson,
    Revision,
    SafeguardingCase,
    Source,
)
from models.unit_of_work import Store
from models.vocabulary import AuthorRole, Category, ItemState, Route, now

BATCH = 200

STAFF_MATTERS = frozenset(
    {
        Category.INAPPROPRIATE_STAFF_CONTACT.value,
        Category.GROOMING.value,
        Category.SEXUAL_HARASSMENT.value,
    }
)
"""Where a post may be about a member of staff, so that one name alone counts."""


_OURS = (RegisterRole.STAFF, RegisterRole.VOLUNTEER)


class Why(StrEnum):
    """Why a matter is kept from somebody. Stored."""

    AUTHOR = WROTE_IT
    NAMED = "named"
    RELATIVE = "relative"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class _Somebody:
    """One human being who may have to be kept out. register_id or account_id, or both.

    handles: (connector or "", key). relatives: places in the list of somebodies.
    """

    register_id: int | None
    account_id: int | None
    names: Names
    handles: frozenset[tuple[str, str]]
    keeps: bool
    relatives: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Match:
    """One row that should stand."""

    register_id: int | None
    account_id: int | None
    why: Why


class Matcher:
    """Everybody who may have to be kept out, read once for a batch of items."""

    def __init__(self, session: Session) -> None:
        self._people = _somebodies(session)
        self._by_register = {
            one.register_id: one for one in self._people if one.register_id is not None
        }

    def keep_out(self, session: Session, item: Item) -> int:
        """Write the rows that this item wants and has not; how many. The caller commits.

        Whoever holds the item and is kept out lets go of it.
        """
        post = session.get_one(Post, item.post_id)
        source = session.get_one(Source, item.source_id)
        texts = session.scalars(
            select(Revision.text).where(Revision.post_id == post.id).order_by(Revision.id.desc())
        ).all()
        wanted = self._matches(post, source.connector, "\n".join(texts), item)
        known = {
            (row.register_id, row.account_id, row.why)
            for row in session.scalars(select(KeptFrom).where(KeptFrom.item_id == item.id))
        }
        fresh = [
            one for one in wanted if (one.register_id, one.account_id, one.why.value) not in known
        ]
        for one in fresh:
            _write(session, item, one, now())
        return len(fresh)

    def _matches(self, post: Post, connector: str, text: str, item: Item) -> list[_Match]:
        loosely = bool(STAFF_MATTERS & set(item.categories))
        found: dict[tuple[int | None, int | None, Why], _Match] = {}
        for one in self._people:
            why = _why(one, post, connector, text, loosely=loosely)
            if why is None:
                continue
            if one.keeps:
                _add(found, one, why)
            for other_id in one.relatives:
                other = self._by_register.get(other_id)
                if other is not None and other.account_id is not None:
                    _add(found, other, Why.RELATIVE)
        return list(found.values())


def is_about_staff(session: Session, item: Item) -> bool:
    """Whether the item is a concern about somebody who works or volunteers here (C54).

    So it is by its category, and where staff wrote what looks like grooming or harassment.
    """
    named = set(item.categories)
    if Category.INAPPROPRIATE_STAFF_CONTACT.value in named:
        return True
    if not named & STAFF_MATTERS:
        return False
    post = session.get_one(Post, item.post_id)
    if post.author_role is AuthorRole.STAFF:
        return True
    connector = session.get_one(Source, item.source_id).connector
    handles = [each for each in (post.author_id, post.author_name) if each]
    known = [register.find_by_handle(session, connector, each) for each in handles]
    ours = {RegisterRole.STAFF, RegisterRole.VOLUNTEER}
    return any(person is not None and ours & person.roles for person in known)


def keep_out(session: Session, items: Iterable[Item]) -> int:
    """Write whom these items are kept from; how many rows are new. The caller commits."""
    wanted = list(items)
    if not wanted:
        return 0
    matcher = Matcher(session)
    return sum(matcher.keep_out(session, item) for item in wanted)


def match_again(store: Store) -> int:
    """Look at all that is undecided or the lead's, after the register or the accounts changed.

    Returns how many rows are new. Safe to repeat.
    """
    with store.read() as session:
        leads = or_(
            Item.state != ItemState.DECIDED,
            Item.route.in_((Route.LEAD, Route.EMERGENCY)),
            Item.id.in_(select(SafeguardingCase.item_id)),
        )
        ids = session.scalars(select(Item.id).where(leads).order_by(Item.id)).all()
    found = 0
    for start in range(0, len(ids), BATCH):
        with store.write() as session:
            some = select(Item).where(Item.id.in_(ids[start : start + BATCH])).order_by(Item.id)
            rows = session.scalars(some.with_for_update(key_share=True)).all()
            found += keep_out(session, rows)
            session.commit()
    return found


def after_edit(store: Store, *person_ids: int) -> int:
    """As `match_again`, at once, where one of these on the register may have to be kept out of
    something: staff, volunteers, whoever has an account, and their families. Others change nothing.
    """
    staff = or_(*(RegisterPerson.roles.contains(role) for role in _OURS))
    counts = select(RegisterPerson.id).where(or_(staff, RegisterPerson.account_id.is_not(None)))
    tied = select(RegisterLink.id).where(
        or_(RegisterLink.person_id.in_(person_ids), RegisterLink.to_id.in_(person_ids)),
        or_(RegisterLink.person_id.in_(counts), RegisterLink.to_id.in_(counts)),
    )
    with store.read() as session:
        themselves = session.scalar(counts.where(RegisterPerson.id.in_(person_ids)).limit(1))
        touched = themselves is not None or session.scalar(tied.limit(1)) is not None
    return match_again(store) if touched else 0


def fingerprint(session: Session) -> tuple[object, ...]:
    """Changes whenever the register or the accounts do, as far as matching is concerned."""
    sizes = [
        tuple(session.execute(select(func.count(table.id), func.max(table.id))).one())
        for table in (RegisterHandle, RegisterAlias, RegisterLink, RegisterPerson)
    ]
    linked = select(RegisterPerson.id, RegisterPerson.account_id).where(
        RegisterPerson.account_id.is_not(None)
    )
    accounts = select(Person.id, Person.name, Person.email)
    return (
        *sizes,
        session.scalar(select(func.max(RegisterPerson.updated_at))),
        *map(tuple, session.execute(linked.order_by(RegisterPerson.id))),
        *map(tuple, session.execute(accounts.order_by(Person.id))),
    )


def _add(found: dict[tuple[int | None, int | None, Why], _Match], one: _Somebody, why: Why) -> None:
    found[(one.register_id, one.account_id, why)] = _Match(one.register_id, one.account_id, why)


def _write(session: Session, item: Item, one: _Match, at: datetime) -> None:
    session.add(
        KeptFrom(
            item_id=item.id,
            register_id=one.register_id,
            account_id=one.account_id,
            why=one.why.value,
            at=at,
        )
    )
    if item.claimed_by is not None and item.claimed_by == one.account_id:
        item.claimed_by = item.claimed_until = None
    session.flush()
    audit.record(
        session,
        None,
        "item.recused",
        f"item:{item.id}",
        account=one.account_id,
        registered=one.register_id,
        why=one.why.value,
    )


def _why(one: _Somebody, post: Post, connector: str, text: str, *, loosely: bool) -> Why | None:
    """Whether this person wrote the post or is named in it; who wrote it is told first."""
    keys = {handle_key(each) for each in (post.author_id, post.author_name) if each}
    if any((place, key) in one.handles for place in (connector, "") for key in keys if key):
        return Why.AUTHOR
    if post.author_name and name_words(post.author_name) in one.names.whole:
        return Why.AUTHOR
    if names_in_text.names_whole(text, one.names) or _handle_in(text, one, connector):
        return Why.NAMED
    if loosely and one.keeps and names_in_text.names_single(text, one.names):
        return Why.NAMED
    return None


def _handle_in(text: str, one: _Somebody, connector: str) -> bool:
    """Whether a handle of theirs is addressed in it ("@miss.rivers")."""
    if "@" not in text:
        return False
    said = {handle_key(part.strip(".,;:!?()\"'")) for part in text.split() if part.startswith("@")}
    return any((place, key) in one.handles for place in (connector, "") for key in said if key)


def _somebodies(session: Session) -> tuple[_Somebody, ...]:
    """Accounts, staff and volunteers, and the families of those who have an account."""
    accounts = session.scalars(select(Person).order_by(Person.id)).all()
    staff = or_(*(RegisterPerson.roles.contains(role) for role in _OURS))
    ours = register.find_all(session, or_(RegisterPerson.account_id.is_not(None), staff))
    known = {person.id: person for person in ours}
    kin = {
        other: person.id
        for person in ours
        if person.account_id is not None
        for other in (*person.parents, *person.children, *person.relatives)
    }
    families = [other for other in kin if other not in known]
    for start in range(0, len(families), BATCH):
        some = families[start : start + BATCH]
        known |= {
            person.id: person for person in register.find_all(session, RegisterPerson.id.in_(some))
        }
    firsts = _first_names(session)
    emails = {person.id: person for person in accounts}
    found = [
        _registered(person, firsts, emails, keeps=person.id not in families)
        for person in known.values()
    ]
    linked = {person.account_id for person in known.values()}
    return (*found, *(_account(one, firsts) for one in accounts if one.id not in linked))


def _first_names(session: Session) -> dict[str, int]:
    """How often each first name stands on the register."""
    counted: dict[str, int] = {}
    names = session.scalars(
        select(RegisterPerson.first_name).where(RegisterPerson.erased_at.is_(None))
    )
    for name in names:
        first = name_words(name)[:1]
        if first:
            counted[first[0]] = counted.get(first[0], 0) + 1
    return counted


def _registered(
    person: register.RegisteredPerson,
    firsts: dict[str, int],
    accounts: dict[int, Person],
    *,
    keeps: bool,
) -> _Somebody:
    account = None if person.account_id is None else accounts.get(person.account_id)
    aliases = (*person.aliases, *((account.name,) if account is not None else ()))
    first = name_words(person.first_name)[:1]
    only_one = bool(first) and firsts.get(first[0], 0) <= 1
    handles = {(one.connector, one.key) for one in person.handles}
    if account is not None and account.email:
        handles.add(("", handle_key(account.email)))
    return _Somebody(
        register_id=person.id,
        account_id=person.account_id,
        names=names_in_text.names_of(person.first_name, person.surname, aliases, only_one=only_one),
        handles=frozenset(handles),
        keeps=keeps,
        relatives=(*person.parents, *person.children, *person.relatives),
    )


def _account(person: Person, firsts: dict[str, int]) -> _Somebody:
    """An account that nobody on the register is linked to: by its own name and address."""
    words: Sequence[str] = name_words(person.name)
    first, last = (words[0], " ".join(words[1:])) if words else ("", "")
    handles = {("", handle_key(person.email))} if person.email else set()
    only_one = firsts.get(first, 0) == 0
    return _Somebody(
        register_id=None,
        account_id=person.id,
        names=names_in_text.names_of(first, last, only_one=only_one),
        handles=frozenset(handles),
        keeps=True,
    )
