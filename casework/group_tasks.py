"""The tasks that come of groups and accounts: privacy, blind groups, holders, confirmations.

Each is opened while its cause stands, and closed by the same check once it is gone.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from casework.account_view import views as account_views
from casework.check_tasks import ask, keep_only
from casework.group_coverage import views as group_views
from casework.platform_ages import PlatformAges
from models.register_words import TaskKind

DUE = timedelta(days=7)


def group_tasks(session: Session, ages: PlatformAges, at: datetime, timezone: str) -> int:
    """Groups that are blind, and groups whose privacy is not in order (C3, C6); how many tasks are
    new. The caller commits."""
    found = group_views(session, ages, at, timezone)
    blind = {f"group:{one.id}" for one in found if one.blind}
    loose = {f"group:{one.id}" for one in found if one.privacy_problem}
    return _keep(session, TaskKind.GROUP_BLIND, "group:", blind, at) + _keep(
        session, TaskKind.GROUP_PRIVACY, "group:", loose, at
    )


def account_tasks(session: Session, at: datetime, timezone: str) -> int:
    """Accounts with fewer than two holders, and those nobody has confirmed for long (C1, C2)."""
    found = account_views(session, at, timezone, linted=False)
    few = {f"account:{one.id}" for one in found if one.few_holders}
    old = {f"account:{one.id}" for one in found if one.confirm_due}
    return _keep(session, TaskKind.ACCOUNT_HOLDERS, "account:", few, at) + _keep(
        session, TaskKind.ACCOUNT_CONFIRM, "account:", old, at
    )


def _keep(session: Session, kind: TaskKind, prefix: str, wanted: set[str], at: datetime) -> int:
    new = 0
    for matter in sorted(wanted):
        new += ask(session, kind, matter, at=at, due_after=DUE)
    keep_only(session, kind, prefix, wanted, at=at)
    return new
