"""Changing the organisation's register of its own accounts (C1, C2). A password is never kept.

account_id = create(store, viewer, NewAccount("facebook", "larkspur.dance"))
add_holder(store, viewer, account_id, person_id, since=today)
confirm(store, viewer, account_id, version)        # "I looked today, all of this is true"

Who may: monitor and lead. A holder is a current member of staff or a volunteer of the register.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework import audit, register
from casework.ages import day_of
from casework.sessions import Clock
from casework.visibility import absent, require_content
from models.errors import LookAgain, MendInput, Refused
from models.group_words import SignIn, TwoFactor
from models.tables import AccountHolder, SocialAccount
from models.unit_of_work import Store
from models.vocabulary import Viewer, now

_HANDLE, _EMAIL, _PLATFORM = 300, 254, 40


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account as a person enters it. platform: a key of the age table, or any word.

    owner_id: of the registered person who answers for it. sign_in: a choice, so that no password
    can be written into it.
    """

    platform: str
    handle: str
    email: str = ""
    owner_id: int | None = None
    two_factor: TwoFactor = TwoFactor.UNKNOWN
    sign_in: SignIn = SignIn.UNKNOWN


def create(store: Store, viewer: Viewer, new: NewAccount, clock: Clock = now) -> int:
    """The id of the new row. Raises NotYours, MendInput, Refused where the account is there."""
    require_content(viewer, "the accounts")
    with store.write() as session:
        row = SocialAccount(platform="", handle="", created_at=clock())
        session.add(row)
        _write(session, row, new)
        audit.record(session, viewer.user_id, "account.created", f"account:{row.id}")
        session.commit()
        return row.id


def change(store: Store, viewer: Viewer, account_id: int, version: int, new: NewAccount) -> None:
    """Correct what is written about it. Raises as `create`, and LookAgain."""
    with store.write() as session:
        row = _locked(session, viewer, account_id, version)
        _write(session, row, new)
        _changed(session, viewer, row, "account.changed")
        session.commit()


def confirm(
    store: Store, viewer: Viewer, account_id: int, version: int, clock: Clock = now
) -> None:
    """This person looked today: holders, owner and second factor are as written (C1).

    Raises NotYours, LookAgain where somebody changed it since it was shown.
    """
    with store.write() as session:
        row = _locked(session, viewer, account_id, version)
        row.confirmed_at, row.confirmed_by = clock(), viewer.user_id
        _changed(session, viewer, row, "account.confirmed")
        session.commit()


def close(
    store: Store,
    viewer: Viewer,
    account_id: int,
    version: int,
    *,
    timezone: str = "Europe/London",
    clock: Clock = now,
) -> None:
    """The account is no more. It stays on record. Raises NotYours, LookAgain."""
    with store.write() as session:
        row = _locked(session, viewer, account_id, version)
        row.closed_on = day_of(clock(), timezone)
        _changed(session, viewer, row, "account.closed")
        session.commit()


def add_holder(store: Store, viewer: Viewer, account_id: int, person_id: int, since: date) -> None:
    """Somebody can sign in from that day on (C2).

    Raises NotYours, Refused for anybody but current staff and volunteers, and for somebody who
    holds it already.
    """
    with store.write() as session:
        row = _locked(session, viewer, account_id)
        person = register.find_by_id(session, person_id)
        if person is None or not person.is_staff_on(since):
            raise Refused(
                "Only current staff and volunteers of the register can hold an account.",
                subject=f"account {account_id}",
                cure="Put the person on the register as staff or volunteer first.",
            )
        held = select(AccountHolder.id).where(
            AccountHolder.account_id == account_id,
            AccountHolder.person_id == person_id,
            AccountHolder.until.is_(None),
        )
        if session.scalar(held.limit(1)) is not None:
            raise Refused("This person holds it.", subject=f"account {account_id}", cure="")
        session.add(AccountHolder(account_id=account_id, person_id=person_id, since=since))
        _changed(session, viewer, row, "account.holder_added", person=person_id)
        session.commit()


def end_holder(store: Store, viewer: Viewer, account_id: int, holder_id: int, until: date) -> None:
    """Somebody can no longer sign in after that day. Raises NotYours, LookAgain."""
    with store.write() as session:
        row = _locked(session, viewer, account_id)
        line = session.get(AccountHolder, holder_id)
        if line is None or line.account_id != account_id or line.until is not None:
            raise LookAgain(
                "The list has changed since.", subject=f"account {account_id}", cure="Look again."
            )
        line.until = max(until, line.since)
        _changed(session, viewer, row, "account.holder_ended", person=line.person_id)
        session.commit()


def _locked(
    session: Session, viewer: Viewer, account_id: int, version: int | None = None
) -> SocialAccount:
    require_content(viewer, "the accounts")
    row = session.get(SocialAccount, account_id, with_for_update={"key_share": True})
    if row is None:
        raise absent(f"account {account_id}")
    if version is not None and row.version != version:
        raise LookAgain(
            "Somebody has changed it since you looked.",
            subject=f"account {account_id}",
            cure="Look again at how it stands.",
        )
    return row


def _write(session: Session, row: SocialAccount, new: NewAccount) -> None:
    handle, email = " ".join(new.handle.split()), new.email.strip()
    platform = " ".join(new.platform.split())
    too_long = len(handle) > _HANDLE or len(email) > _EMAIL or len(platform) > _PLATFORM
    if not handle or not platform or too_long:
        raise MendInput(
            "An account needs a platform and its name there, and neither may be very long.",
            subject="the account",
            cure="Write the name as people see it there.",
        )
    row.platform, row.handle, row.email = platform, handle, email
    row.owner_id, row.two_factor, row.sign_in = new.owner_id, new.two_factor, new.sign_in
    try:
        session.flush()
    except IntegrityError as error:
        raise Refused(
            "This account is on the list, or was and is closed.",
            subject="the account",
            cure="Look for it in the list.",
        ) from error


def _changed(
    session: Session, viewer: Viewer, row: SocialAccount, what: str, **details: audit.Detail
) -> None:
    row.version += 1
    session.flush()
    audit.record(session, viewer.user_id, what, f"account:{row.id}", **details)
