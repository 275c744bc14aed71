"""The data protection impact assessment as a page of Markdown, from what is really set.

Source: practice 4.9.

What the settings and the program decide is filled in; what an organisation has to judge itself is
asked for, with a line to write on. It names no person.
"""

from collections import Counter
from pathlib import Path
from string import Template

from sqlalchemy import func, select

from chaperone.settings import Settings
from chaperone.wiring import House
from collector.connectors import registry
from models.tables import Person, RegisterPerson
from models.vocabulary import Role

_PAGE = Path(__file__).parent / "dpia.txt"
_AUDIENCES = {
    "children": "children",
    "mixed": "children and adults",
    "adult_only": "adults only",
    "public": "everybody",
}


def page(house: House) -> str:
    """The whole page, ready to be printed or kept beside the policy."""
    with house.store.read() as session:
        roles: Counter[str] = Counter()
        for held in session.scalars(select(Person.roles).where(Person.active)):
            roles.update(held)
        registered = (
            session.scalar(
                select(func.count())
                .select_from(RegisterPerson)
                .where(RegisterPerson.erased_at.is_(None))
            )
            or 0
        )
    return filled(house.settings, roles, registered)


def filled(settings: Settings, roles: Counter[str], registered: int) -> str:
    """The page for these settings. roles: how many active accounts hold each; registered: people
    on the register."""
    ours, keeping = settings.organisation, settings.keeping
    return Template(_PAGE.read_text(encoding="utf-8")).substitute(
        organisation=ours.name,
        nation=ours.nation.replace("_", " ").title(),
        lead=_set(ours.lead_name),
        alternate=_set(ours.alternate_lead),
        outside=_set(ours.outside_contact),
        contact=_set(ours.contact_email),
        sources=_sources(settings),
        roles=_roles(roles),
        registered=f"{registered:,}",
        cleared=keeping.cleared.days,
        dismissed=keeping.dismissed.days,
        removed=keeping.removed.days,
        case=int(keeping.case.days / 365.25),
        case_staff=int(keeping.case_about_staff.days / 365.25),
        case_sexual=int(keeping.case_sexual_abuse.days / 365.25),
        log=int(keeping.contact.days / 365.25),
        log_age=keeping.contact_to_age,
        left=keeping.left.days,
        platforms=_platforms(settings),
        hold="yes: nothing is dropped" if keeping.legal_hold else "no",
        database="PostgreSQL" if settings.database_url.startswith("postgres") else "SQLite",
        host="this machine only" if settings.web.host in ("127.0.0.1", "::1") else "the network",
        transport="https" if settings.web.public_address.startswith("https") else "plain http",
        mail="none is set up" if settings.mail is None else f"by {settings.mail.security}",
    )


def _set(value: str) -> str:
    return "set" if value else "**not set**"


def _sources(settings: Settings) -> str:
    if not settings.sources:
        return "| none yet | | | |"
    return "\n".join(
        f"| {one.label} | {one.connector} | {_AUDIENCES[one.audience.value]} | "
        f"{'by the program' if one.polled else 'by hand'} |"
        for one in settings.sources
    )


def _roles(roles: Counter[str]) -> str:
    sees = {
        Role.MONITOR: "posts and items that are not the lead's",
        Role.LEAD: "posts, items and cases, but nothing that concerns themselves",
        Role.TRUSTEE: "numbers only; of a case that they are asked to have deleted, its reference, "
        "dates and the reason",
        Role.ADMIN: "accounts and settings, no content",
    }
    return "\n".join(f"| {role.value} | {roles[role.value]} | {sees[role]} |" for role in Role)


def _platforms(settings: Settings) -> str:
    used = {one.connector for one in settings.sources}
    kept = settings.keeping
    rows = []
    for name in sorted(used & set(registry.connector_names())):
        period = kept.author_deleted.get(name)
        hours = None if period is None else int(period.total_seconds() // 3600)
        said = {None: "your own period", 0: "at once when seen"}.get(hours, f"{hours} hours")
        rows.append(f"| {name} | {said} |")
    return "\n".join(rows) or "| none yet | |"
