"""What is held about a person, for the person: an export, everybody else masked (practice 4.9).

A person who asks gets their own row of the register, what they wrote, what names them, the
contacts that were logged, and what became of their posts. Other people's names are masked. What a
safeguarding case holds is not in it: whether and what of it can be given is the lead's decision,
with a reason of the list below, and it is told to the lead apart, never in the export itself.
A matter that is kept from somebody (practice 4.14) is in neither part for them, neither as the
person nor as the lead who makes the export.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, or_, select, true
from sqlalchemy.orm import Session

from casework import audit, names_in_text, register
from casework.denial import kept_items
from casework.names_in_text import Names
from casework.register import RegisteredPerson
from casework.register_names import handle_key, masked
from casework.visibility import (
    absent,
    contacts_not_kept_from,
    items_not_kept_from,
    items_seen_by,
    posts_seen_by,
    require_lead,
    words_kept,
)
from models.tables import (
    Addressee,
    Consent,
    Contact,
    Decision,
    Item,
    KeptFrom,
    Post,
    Revision,
    SafeguardingCase,
    Source,
    StaffCheck,
)
from models.unit_of_work import Store
from models.vocabulary import Viewer, now

SOMEBODY = "[another person]"

WITHHELD = {
    "child_abuse_data": "It is about harm to a child (Data Protection Act 2018, Sch. 3 Part 5).",
    "serious_harm": "Giving it would be likely to harm somebody seriously.",
    "crime": "Giving it would get in the way of preventing or clearing up a crime.",
    "rights_of_others": "It would tell about somebody else, who has not agreed to it.",
}
"""Why something is withheld: the codes a lead chooses from (practice 4.9)."""

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Held:
    """What is held. person, consents, posts, contacts: plain rows for the person, keys in plain
    words. left_out: for the lead alone, the cases that touch the person, by reference."""

    person: dict[str, object]
    consents: tuple[dict[str, object], ...] = ()
    posts: tuple[dict[str, object], ...] = ()
    contacts: tuple[dict[str, object], ...] = ()
    left_out: tuple[str, ...] = field(default=(), repr=False)

    def for_the_person(self) -> dict[str, object]:
        """The export itself, ready to be written as JSON."""
        return {
            "about you": self.person,
            "consents": list(self.consents),
            "posts you wrote, that name you, or that were sent to you": list(self.posts),
            "contacts with you": list(self.contacts),
            "how decisions are made": "The program suggests; a person decides. Nobody is scored.",
        }


def export(store: Store, viewer: Viewer | None, person_id: int) -> Held:
    """What is held about a registered person. viewer None: the command line on the machine itself.

    A line of the record says that it was done. Raises NotYours unless the viewer is a lead, or
    where there is no such person.
    """
    if viewer is not None:
        require_lead(viewer, f"person {person_id}")
    with store.write() as session:
        person = register.find_by_id(session, person_id)
        if person is None:
            raise absent(f"person {person_id}")
        others = _others(session, person)
        found = _posts(session, viewer, person, others)
        held = Held(
            person=_about(session, person),
            consents=_consents(session, person),
            posts=found,
            contacts=_contacts(session, viewer, person),
            left_out=_left_out(session, viewer, person),
        )
        actor = None if viewer is None else viewer.user_id
        audit.record(
            session, actor, "register.exported", f"registered:{person_id}", posts=len(held.posts)
        )
        session.commit()
    return held


def _about(session: Session, person: RegisteredPerson) -> dict[str, object]:
    def name(other: int) -> str:
        one = register.find_by_id(session, other)
        return SOMEBODY if one is None else masked(one.first_name, one.surname)

    check = session.scalar(select(StaffCheck).where(StaffCheck.person_id == person.id))
    return {
        "first name": person.first_name,
        "surname": person.surname,
        "date of birth": "" if person.date_of_birth is None else person.date_of_birth.isoformat(),
        "age band": person.age_band.value,
        "counts as": person.standing.value,
        "roles": sorted(role.value for role in person.roles),
        "other names": list(person.aliases),
        "names on platforms": [f"{one.connector or 'any'}: {one.handle}" for one in person.handles],
        "parents and guardians": [name(one) for one in person.parents],
        "children": [name(one) for one in person.children],
        "declared relatives": [name(one) for one in person.relatives],
        "not to be published": person.do_not_publish,
        "left on": "" if person.left_on is None else person.left_on.isoformat(),
        "enhanced check seen on": "" if check is None else check.checked_on.isoformat(),
        "enhanced check to be renewed by": "" if check is None else check.renew_on.isoformat(),
    }


def _consents(session: Session, person: RegisteredPerson) -> tuple[dict[str, object], ...]:
    rows = session.scalars(
        select(Consent).where(Consent.person_id == person.id).order_by(Consent.id)
    )
    return tuple(
        {
            "for": row.item.value,
            "answer": "yes" if row.given else "no",
            "given by": "you" if row.authority.value == "self" else row.authority.value,
            "purpose": row.purpose,
            "where": row.channel,
            "from": row.from_day.isoformat(),
            "until": "" if row.until_day is None else row.until_day.isoformat(),
            "ended": "" if row.ended_at is None else row.ended_at.date().isoformat(),
        }
        for row in rows
    )


def _contacts(
    session: Session, viewer: Viewer | None, person: RegisteredPerson
) -> tuple[dict[str, object], ...]:
    """What was logged of contacts with this person as a child (C46); the staff by name."""
    rows = session.scalars(
        select(Contact)
        .where(Contact.child_id == person.id)
        .where(true() if viewer is None else contacts_not_kept_from(viewer))
        .order_by(Contact.at, Contact.id)
    )
    found: list[dict[str, object]] = []
    for row in rows:
        staff = register.find_by_id(session, row.staff_id)
        found.append(
            {
                "when": _day(row.at),
                "with": SOMEBODY if staff is None else staff.name,
                "how": row.channel,
                "begun by": row.started_by,
                "what for": row.purpose,
            }
        )
    return tuple(found)


def _posts(
    session: Session,
    viewer: Viewer | None,
    person: RegisteredPerson,
    others: Sequence[Names],
) -> tuple[dict[str, object], ...]:
    """What the person wrote, what names them whole and, while that is known, the mails that were
    sent to them; oldest first.

    What others wrote and is kept from them, or is in a case, is not there; what they wrote
    themselves stands there in any event, and then without what became of it.
    """
    hidden = set(session.scalars(_hidden(person)))
    if viewer is not None:
        kept = select(Item.post_id).where(~items_not_kept_from(viewer))
        hidden |= set(session.scalars(kept))
    mine = names_in_text.names_of(person.first_name, person.surname, person.aliases)
    keys = {(one.connector, one.key) for one in person.handles}
    names = [key for _, key in keys]
    sent = set(
        session.scalars(select(Addressee.post_id).where(Addressee.address.in_(names)))
    ).difference(hidden)
    found: list[dict[str, object]] = []
    rows = session.execute(
        select(Post, Revision, Source)
        .join(Revision, Revision.id == Post.revision_id)
        .join(Source, Source.id == Post.source_id)
        .where(true() if viewer is None else posts_seen_by(viewer))
        .order_by(Post.posted_at, Post.id)
        .execution_options(yield_per=_BATCH)
    )
    for post, revision, source in rows:
        wrote = any(
            (place, handle_key(name)) in keys
            for name in (post.author_id, post.author_name)
            if name
            for place in (source.connector, "")
        )
        named = post.id not in hidden and names_in_text.names_whole(revision.text, mine)
        if not wrote and not named and post.id not in sent:
            continue
        found.append(
            {
                "when": _day(post.posted_at),
                "where": source.label,
                "written by": "you" if wrote else SOMEBODY,
                "words": mask(words_kept(revision), others),
                "what was decided": "" if post.id in hidden else _outcome(session, post.id),
            }
        )
    return tuple(found)


def _hidden(person: RegisteredPerson) -> Select[int]:
    """Ids of posts under a matter that is kept from this person, or that a case has taken up."""
    kept = [KeptFrom.register_id == person.id]
    if person.account_id is not None:
        kept.append(KeptFrom.account_id == person.account_id)
    rows = select(KeptFrom.item_id).where(
        or_(*kept), KeptFrom.ended_at.is_(None), KeptFrom.item_id.is_not(None)
    )
    in_case = select(SafeguardingCase.item_id).where(SafeguardingCase.item_id.is_not(None))
    return select(Item.post_id).where(Item.id.in_(rows) | Item.id.in_(in_case))


def _outcome(session: Session, post_id: int) -> str:
    title = session.scalar(
        select(Decision.reason_title)
        .join(Item, Item.id == Decision.item_id)
        .where(Item.post_id == post_id)
        .order_by(Decision.id.desc())
        .limit(1)
    )
    return title or ""


def _left_out(session: Session, viewer: Viewer | None, person: RegisteredPerson) -> tuple[str, ...]:
    """References of cases that touch the person: for the lead to decide about, one by one."""
    keys = {key for one in person.handles for key in (one.key,)}
    mine = names_in_text.names_of(person.first_name, person.surname, person.aliases)
    query = (
        select(SafeguardingCase.reference, Post, Revision)
        .join(Item, Item.id == SafeguardingCase.item_id)
        .join(Post, Post.id == Item.post_id)
        .join(Revision, Revision.id == Post.revision_id)
        .order_by(SafeguardingCase.id)
    )
    if viewer is not None:
        query = query.where(items_seen_by(viewer))
    elif person.account_id is not None:
        query = query.where(~kept_items(person.account_id))
    return tuple(
        reference
        for reference, post, revision in session.execute(query)
        if {handle_key(name) for name in (post.author_id, post.author_name) if name} & keys
        or names_in_text.names_whole(revision.text, mine)
    )


def _others(session: Session, person: RegisteredPerson) -> tuple[Names, ...]:
    """Everybody else on the register, by what they are called."""
    return tuple(
        names_in_text.names_of(one.first_name, one.surname, one.aliases)
        for one in register.everybody(session)
        if one.id != person.id
    )


def mask(text: str, others: Sequence[Names]) -> str:
    """The words with every whole name of somebody else replaced, and every @handle."""
    said = names_in_text.words_in(text).words
    wanted = {name for one in others for name in one.whole if name[0] in said}
    pieces = text.split(" ")
    out: list[str] = []
    place = 0
    while place < len(pieces):
        length = _name_at(pieces, place, wanted)
        if length:
            out.append(SOMEBODY)
            place += length
        else:
            piece = pieces[place]
            out.append(SOMEBODY if piece.startswith("@") and len(piece) > 1 else piece)
            place += 1
    return " ".join(out)


def _name_at(pieces: Sequence[str], place: int, wanted: set[tuple[str, ...]]) -> int:
    """How many pieces from here make one of the names; 0 where none does."""
    for name in sorted(wanted, key=len, reverse=True):
        run = " ".join(pieces[place : place + len(name)])
        if names_in_text.words_in(run).words == name:
            return len(name)
    return 0


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def today() -> str:
    """The day of the export, for its head."""
    return _day(now())
