"""Which account is whose on the register: what the deny rule goes by (practice 4.14).

Only the lead says so, and nobody about their own entry: whoever could take the link away would see
what is kept from them.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import subjects
from casework.denial import registered_as
from casework.register_edit import Clock, locked, record, touch
from casework.visibility import absent, require_lead
from models.errors import Refused
from models.tables import Person, RegisterPerson
from models.unit_of_work import Store
from models.vocabulary import Viewer, now


def set_account(
    store: Store, viewer: Viewer, person_id: int, account_id: int | None, *, clock: Clock = now
) -> None:
    """Say whose account this entry's is; None: nobody's. What is open is looked at again at once.

    Raises NotYours unless the viewer is a lead, or where there is no such account; Refused for
    their own entry or account, and where the account is another entry's.
    """
    require_lead(viewer, f"person {person_id}")
    with store.write() as session:
        row = locked(session, viewer, person_id)
        own = person_id in set(session.scalars(registered_as(viewer.user_id)))
        if (own and row.account_id is not None) or account_id == viewer.user_id:
            raise Refused(
                "Nobody changes this for themselves.",
                subject=f"person {person_id}",
                cure="Ask another safeguarding lead.",
            )
        if account_id is not None and session.get(Person, account_id) is None:
            raise absent(f"account {account_id}")
        taken = select(RegisterPerson.id).where(
            RegisterPerson.account_id == account_id, RegisterPerson.id != person_id
        )
        if account_id is not None and session.scalar(taken) is not None:
            raise Refused(
                "That account is somebody else's on the register.",
                subject=f"person {person_id}",
                cure="Take it away there first.",
            )
        row.account_id = account_id
        touch(row, clock())
        record(session, viewer, "register.account_set", person_id, account=account_id)
        session.commit()
    subjects.match_again(store)


def choices(session: Session, viewer: Viewer) -> dict[int, str]:
    """Accounts in use, by name, but for the viewer's own. Raises NotYours unless a lead."""
    require_lead(viewer, "the accounts")
    rows = session.scalars(select(Person).where(Person.active, Person.id != viewer.user_id))
    return {one.id: one.name for one in sorted(rows, key=lambda one: one.name.casefold())}
