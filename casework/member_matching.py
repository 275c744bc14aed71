"""Members of a place beside the register: who is who, and the close calls that a person decides.

A link that the program is sure of is made by itself; a close call is offered and nothing follows
from it until a person says yes or no, which the program never goes back on (C31, C32).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from casework import audit, register
from casework.check_tasks import CAUSE_GONE, ask, close
from casework.name_match import Match, NameBook, Verdict
from casework.sessions import Clock
from casework.visibility import absent, require_content
from models.errors import LookAgain
from models.group_words import MatchState
from models.register_words import TaskKind
from models.tables import GroupProfile, MemberCheck, MemberRow, Source
from models.unit_of_work import Store
from models.vocabulary import Viewer, now

OFFERED_DUE = timedelta(days=7)
MOST_SHOWN = 200
"""Offered members in one list: who has more looks at these first."""

_DECIDED = (MatchState.CONFIRMED, MatchState.REJECTED)


@dataclass(frozen=True, slots=True)
class Offer:
    """One registered person who may be the member. name: masked. child: counts as a child today."""

    person_id: int
    name: str
    roles: tuple[str, ...]
    child: bool
    why: str


@dataclass(frozen=True, slots=True)
class OfferedMember:
    """A member whom the program cannot place by itself, with those who may be meant."""

    member_id: int
    place: str
    shown_name: str
    handle: str
    offers: tuple[Offer, ...]


def matches_of(session: Session, source: Source, book: NameBook) -> dict[int, Match]:
    """Who everybody may be that belongs to a place now, by member. Writes nothing: it takes long
    for many members, and nobody else should wait for it."""
    rows = session.scalars(_current(source.id))
    return {row.id: book.match(source.connector, row.handle, row.display_name) for row in rows}


def keep_matches(
    session: Session, source: Source, matches: Mapping[int, Match], at: datetime
) -> int:
    """Store who is who; how many close calls are open then.

    Safe to repeat. A task is open while there are close calls. The caller commits.
    """
    known = _known(session, source.id)
    offered = 0
    for member in session.scalars(_current(source.id)).all():
        rows = known.get(member.id, {})
        confirmed = any(row.state is MatchState.CONFIRMED for row in rows.values())
        if not confirmed and member.id in matches:
            offered += _store(session, member.id, rows, matches[member.id], at) > 0
    session.flush()
    _task(session, source.id, offered, at)
    return offered


def _current(source_id: int) -> Select[MemberRow]:
    return select(MemberRow).where(MemberRow.source_id == source_id, MemberRow.left_at.is_(None))


def _task(
    session: Session, source_id: int, offered: int, at: datetime, by: int | None = None
) -> None:
    """One task for all close calls of a place: there may be hundreds on the first day."""
    matter = f"source:{source_id}"
    details: dict[str, object] = {"source": source_id, "members": offered}
    if offered:
        ask(
            session,
            TaskKind.MATCH_OFFERED,
            matter,
            at=at,
            due_after=OFFERED_DUE,
            details=details,
        )
    else:
        ended = "decided" if by is not None else CAUSE_GONE
        close(session, TaskKind.MATCH_OFFERED, matter, at=at, by=by, outcome=ended)


def links(session: Session, source_id: int) -> dict[int, int]:
    """Member to registered person, of those who belong to the place and are placed for sure."""
    sure = (MatchState.AUTOMATIC, MatchState.CONFIRMED)
    rows = session.execute(
        select(MemberCheck.member_id, MemberCheck.person_id)
        .join(MemberRow, MemberRow.id == MemberCheck.member_id)
        .where(MemberRow.source_id == source_id, MemberRow.left_at.is_(None))
        .where(MemberCheck.state.in_(sure))
    )
    return dict(rows.all())


def offered_members(
    store: Store, viewer: Viewer, *, clock: Clock = now
) -> tuple[OfferedMember, ...]:
    """The open close calls, by place. Writes a line of record for the look.

    Raises NotYours unless the viewer is a monitor or a lead.
    """
    require_content(viewer, "the members")
    at = clock()
    with store.read() as session:
        rows = session.execute(
            select(MemberCheck, MemberRow, Source)
            .join(MemberRow, MemberRow.id == MemberCheck.member_id)
            .join(Source, Source.id == MemberRow.source_id)
            .where(MemberCheck.state == MatchState.OFFERED, MemberRow.left_at.is_(None))
            .order_by(Source.label, MemberRow.id, MemberCheck.score.desc(), MemberCheck.id)
        ).all()
        wanted = {check.person_id for check, _, _ in rows}
        people = {one.id: one for one in register.everybody(session) if one.id in wanted}
    found: dict[int, OfferedMember] = {}
    for check, member, source in rows:
        person = people.get(check.person_id)
        if person is None:
            continue
        offer = Offer(
            person.id,
            person.masked,
            tuple(sorted(role.value for role in person.roles)),
            person.is_child_on(at.date()),
            check.why,
        )
        before = found[member.id].offers if member.id in found else ()
        found[member.id] = OfferedMember(
            member.id, source.label, member.display_name, member.handle, (*before, offer)
        )
    shown = tuple(found.values())[:MOST_SHOWN]
    _looked(store, viewer, len(shown), at)
    return shown


def decide_match(
    store: Store, viewer: Viewer, member_id: int, person_id: int | None, *, clock: Clock = now
) -> None:
    """A person says who the member is; None: nobody of those who were offered.

    Raises NotYours, and LookAgain where it is no open question any more.
    """
    require_content(viewer, f"member {member_id}")
    with store.write() as session:
        member = session.get(MemberRow, member_id, with_for_update={"key_share": True})
        if member is None:
            raise absent(f"member {member_id}")
        rows = session.scalars(
            select(MemberCheck).where(
                MemberCheck.member_id == member_id, MemberCheck.state == MatchState.OFFERED
            )
        ).all()
        if not rows or (person_id is not None and person_id not in {r.person_id for r in rows}):
            raise LookAgain(
                "Somebody else has decided, or the list has changed.",
                subject=f"member {member_id}",
                cure="Look again at who is offered.",
            )
        at = clock()
        for row in rows:
            same = row.person_id == person_id
            row.state = MatchState.CONFIRMED if same else MatchState.REJECTED
            row.decided_by, row.decided_at = viewer.user_id, at
        outcome = "rejected" if person_id is None else "confirmed"
        session.flush()
        left = _open_offers(session, member.source_id)
        _task(session, member.source_id, left, at, viewer.user_id)
        check_again(session, member.source_id)
        audit.record(
            session,
            viewer.user_id,
            f"match.{outcome}",
            f"member:{member_id}",
            registered=person_id,
        )
        session.commit()


def check_again(session: Session, source_id: int | None) -> None:
    """The next check looks at the place anew, whatever it rested on before. None: every place."""
    query = select(GroupProfile)
    if source_id is not None:
        query = query.where(GroupProfile.source_id == source_id)
    for profile in session.scalars(query):
        profile.checked_mark = ""


def _known(session: Session, source_id: int) -> dict[int, dict[int, MemberCheck]]:
    rows = session.scalars(
        select(MemberCheck)
        .join(MemberRow, MemberRow.id == MemberCheck.member_id)
        .where(MemberRow.source_id == source_id)
    )
    found: dict[int, dict[int, MemberCheck]] = {}
    for row in rows:
        found.setdefault(row.member_id, {})[row.person_id] = row
    return found


def _store(
    session: Session, member_id: int, rows: dict[int, MemberCheck], match: Match, at: datetime
) -> int:
    """Bring the stored rows to what the match says now; how many offers are open then.

    Whom a person has rejected is not offered again, and not linked by the program either.
    """
    rejected = {one for one, row in rows.items() if row.state is MatchState.REJECTED}
    wanted = {each.person_id: each for each in match.candidates if each.person_id not in rejected}
    state = MatchState.AUTOMATIC if match.verdict is Verdict.AUTOMATIC else MatchState.OFFERED
    for person_id, known in rows.items():
        if known.state not in _DECIDED and person_id not in wanted:
            session.delete(known)
    for person_id, each in wanted.items():
        row = rows.get(person_id) or MemberCheck(member_id=member_id, person_id=person_id)
        session.add(row)
        if (row.state, row.why) != (state, each.why):
            row.state, row.score, row.why, row.checked_at = state, each.score, each.why, at
    return len(wanted) if state is MatchState.OFFERED else 0


def _open_offers(session: Session, source_id: int) -> int:
    """How many members of a place have offers that wait for a person."""
    query = (
        select(func.count(MemberCheck.member_id.distinct()))
        .join(MemberRow, MemberRow.id == MemberCheck.member_id)
        .where(MemberRow.source_id == source_id, MemberRow.left_at.is_(None))
        .where(MemberCheck.state == MatchState.OFFERED)
    )
    return session.scalar(query) or 0


def _looked(store: Store, viewer: Viewer, count: int, at: datetime) -> None:
    with store.write() as session:
        if audit.is_new_look(session, viewer, "matches.viewed", "member:0", at):
            audit.record(session, viewer.user_id, "matches.viewed", "member:0", members=count)
            session.commit()


def member_of(
    members: Iterable[MemberRow], author_id: str | None, author_name: str | None
) -> MemberRow | None:
    """The member who wrote a post: by the platform's id, else by a name that only one bears."""
    named: list[MemberRow] = []
    for member in members:
        if author_id and member.handle == author_id:
            return member
        if author_name and author_name in (member.handle, member.display_name):
            named.append(member)
    return named[0] if len(named) == 1 else None
