"""What a task's matter is called: the group, account or case that it is about, in people's words.

A matter is "group:3", "account:2", "source:1" or "case:3:period"; others are about a registered
person, whom the task itself names.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import GroupProfile, SafeguardingCase, SocialAccount, Source

OF_A_PERIOD = ":period"
"""How the matter ends of a case whose period is over."""


def names_of_matters(
    session: Session, matters: Iterable[str], platforms: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Name by matter; what has none is left out. An account is its handle and platform.

    platforms: what people call each, by the word that is stored.
    """
    wanted: dict[str, set[int]] = {}
    for matter in matters:
        kind, _, number = matter.partition(":")
        number = number.removesuffix(OF_A_PERIOD)
        if number.isdecimal():
            wanted.setdefault(kind, set()).add(int(number))
    found: dict[str, str] = {}
    for kind, table, name in (
        ("group", GroupProfile, GroupProfile.name),
        ("source", Source, Source.label),
        ("case", SafeguardingCase, SafeguardingCase.reference),
    ):
        if ids := wanted.get(kind):
            rows = session.execute(select(table.id, name).where(table.id.in_(ids)))
            end = OF_A_PERIOD if kind == "case" else ""
            found |= {f"{kind}:{row[0]}{end}": row[1] for row in rows}
    if ids := wanted.get("account"):
        accounts = session.scalars(select(SocialAccount).where(SocialAccount.id.in_(ids)))
        for row in accounts:
            platform = (platforms or {}).get(row.platform, row.platform)
            found[f"account:{row.id}"] = f"{row.handle} ({platform})"
    return found
