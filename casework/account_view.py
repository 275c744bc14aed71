"""The organisation's own accounts as monitor and lead see them: who holds the keys (C1, C2, C7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from casework import audit, register
from casework.ages import day_of
from casework.name_lint import lint
from casework.register import RegisteredPerson
from casework.sessions import Clock
from casework.visibility import require_content
from models.group_words import SignIn, TwoFactor
from models.tables import AccountHolder, Person, RegisterPerson, SocialAccount
from models.unit_of_work import Store
from models.vocabulary import Viewer, now

FEWEST = 2
CONFIRMED_FOR = timedelta(days=182)

NO_HOLDER = "Nobody on staff holds it. Find out who can sign in, today."
ONE_HOLDER = "It has one holder. Give a second member of staff access."
NO_TWO_FACTOR = "Its second factor is off. Switch it on."
TWO_FACTOR_UNKNOWN = "Nobody has said whether it has a second factor."
SHARED_PASSWORD = "Its holders share a password. Give each their own sign-in."  # noqa: S105
NEVER_CONFIRMED = "Nobody has confirmed it yet."
OLD_CONFIRMATION = "It was last confirmed more than half a year ago."
GONE = "No longer on the register"
NO_OWNER = "Nobody on staff is its owner."


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who can sign in to it. current: still staff or a volunteer, and not ended."""

    line_id: int
    name: str
    since: date
    until: date | None
    current: bool


@dataclass(frozen=True, slots=True)
class AccountView:
    """One account. Times aware UTC. problems: what to mend, in plain sentences.

    lint: advice about its handle and its address. It holds no password, and neither does the
    database.
    """

    id: int
    platform: str
    handle: str
    email: str
    owner: str
    owner_id: int | None
    two_factor: TwoFactor
    sign_in: SignIn
    holders: tuple[Holder, ...]
    few_holders: bool
    confirm_due: bool
    confirmed_at: datetime | None
    confirmed_by: str
    problems: tuple[str, ...]
    lint: tuple[str, ...]
    version: int


def accounts(
    store: Store, viewer: Viewer, *, timezone: str = "Europe/London", clock: Clock = now
) -> tuple[AccountView, ...]:
    """Every account that is not closed: those with problems first. Writes a line of record.

    Raises NotYours unless the viewer is a monitor or a lead.
    """
    require_content(viewer, "the accounts")
    at = clock()
    with store.read() as session:
        found = views(session, at, timezone)
    with store.write() as session:
        if audit.is_new_look(session, viewer, "accounts.viewed", "account:0", at):
            audit.record(
                session, viewer.user_id, "accounts.viewed", "account:0", accounts=len(found)
            )
            session.commit()
    return found


def views(
    session: Session, at: datetime, timezone: str, *, linted: bool = True
) -> tuple[AccountView, ...]:
    """As `accounts`, for the program's own checks: nobody looks. linted: with advice on names, for
    which every child of the register is read."""
    today = day_of(at, timezone)
    rows = session.scalars(select(SocialAccount).where(SocialAccount.closed_on.is_(None))).all()
    if not rows:
        return ()
    named = RegisterPerson.id.in_(
        union(select(AccountHolder.person_id), select(SocialAccount.owner_id))
    )
    known = register.everybody(session) if linted else register.find_all(session, named)
    people = {one.id: one for one in known}
    children = [(one.first_name, one.surname) for one in known if one.is_child_on(today)]
    names = dict(session.execute(select(Person.id, Person.name)).all())
    lines = session.scalars(select(AccountHolder).order_by(AccountHolder.since, AccountHolder.id))
    held: dict[int, list[AccountHolder]] = {}
    for line in lines:
        held.setdefault(line.account_id, []).append(line)
    found = (_view(row, held.get(row.id, ()), people, children, names, at, today) for row in rows)
    return tuple(
        sorted(found, key=lambda one: (not one.problems, one.platform, one.handle.casefold()))
    )


def current_holders(
    lines: Iterable[AccountHolder], people: Mapping[int, RegisteredPerson], today: date
) -> frozenset[int]:
    """Ids of the registered people who hold it today and are still staff or volunteers (C2)."""
    return frozenset(
        line.person_id for line in lines if _is_current(line, people.get(line.person_id), today)
    )


def _is_current(line: AccountHolder, person: RegisteredPerson | None, today: date) -> bool:
    within = line.since <= today and (line.until is None or today <= line.until)
    return within and person is not None and person.is_staff_on(today)


def _view(
    row: SocialAccount,
    lines: Iterable[AccountHolder],
    people: Mapping[int, RegisteredPerson],
    children: list[tuple[str, str]],
    names: Mapping[int, str],
    at: datetime,
    today: date,
) -> AccountView:
    holders = tuple(
        Holder(
            line.id,
            people[line.person_id].name if line.person_id in people else GONE,
            line.since,
            line.until,
            _is_current(line, people.get(line.person_id), today),
        )
        for line in lines
    )
    count = len(current_holders(lines, people, today))
    owner = people.get(row.owner_id or 0)
    due = row.confirmed_at is None or at - row.confirmed_at > CONFIRMED_FOR
    advice = (*lint(row.handle, children), *(lint(row.email, children) if row.email else ()))
    return AccountView(
        id=row.id,
        platform=row.platform,
        handle=row.handle,
        email=row.email,
        owner=owner.name if owner is not None else "",
        owner_id=row.owner_id,
        two_factor=row.two_factor,
        sign_in=row.sign_in,
        holders=holders,
        few_holders=count < FEWEST,
        confirm_due=due,
        confirmed_at=row.confirmed_at,
        confirmed_by="" if row.confirmed_by is None else names.get(row.confirmed_by, ""),
        problems=_problems(row, count, owner, due=due, today=today),
        lint=tuple(dict.fromkeys(advice)),
        version=row.version,
    )


def _problems(
    row: SocialAccount, count: int, owner: RegisteredPerson | None, *, due: bool, today: date
) -> tuple[str, ...]:
    found = (
        (NO_HOLDER, count == 0),
        (ONE_HOLDER, count == 1),
        (NO_OWNER, owner is None or not owner.is_staff_on(today)),
        (NO_TWO_FACTOR, row.two_factor is TwoFactor.OFF),
        (TWO_FACTOR_UNKNOWN, row.two_factor is TwoFactor.UNKNOWN),
        (SHARED_PASSWORD, row.sign_in is SignIn.SHARED),
        (NEVER_CONFIRMED, row.confirmed_at is None),
        (OLD_CONFIRMATION, due and row.confirmed_at is not None),
    )
    return tuple(what for what, true in found if true)
