"""What people write in a group for adults that suggests they are under 18 (C31; practice 6).

Only stored findings of the category "underage" are read: they are about the author, and point at
the words. The history of one author is taken together. A known adult is never asked about, and
somebody whom their role says to be a parent or staff only for a strong sign: parents write about
their children.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from casework.age_evidence import AgeEvidence
from casework.known import as_finding
from casework.member_matching import links, member_of
from casework.membership_checks import Place, current_members
from casework.membership_opening import Person, Sign, open_review
from casework.name_match import NameBook
from casework.register import RegisteredPerson
from models.group_words import EvidenceStrength, ReviewWhy
from models.tables import FindingRow, Item, KeptFrom, Post, Revision, SafeguardingCase
from models.vocabulary import Audience, AuthorRole, Category, ItemState, Route

_ADULT_ROLES = (AuthorRole.PARENT, AuthorRole.STAFF)


@dataclass(slots=True)
class _Author:
    """One author of a place and the signs in their posts; words that were said twice count once."""

    author_id: str | None
    author_name: str | None
    adult_role: bool = False
    signs: list[Sign] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    said: set[tuple[int, str]] = field(default_factory=set)

    def add(self, sign: Sign, words: str, *, apart: bool) -> None:
        """Take it up, unless it lies over another of the same text, or says the same again.

        apart: not everybody may see its post. Then it takes no other's place: whoever does not see
        it still finds the same words where they stand in the open (practice 4.14).
        """
        key = " ".join(words.casefold().split())
        for number, other in enumerate(self.signs):
            same = other.revision_id == sign.revision_id
            if same and other.start < sign.end and sign.start < other.end:
                if sign.strength is EvidenceStrength.STRONG:
                    self.signs[number], self.words[number] = sign, key
                return
        said = (sign.post_id if apart else 0, key)
        if said not in self.said:
            self.said.add(said)
            self.signs.append(sign)
            self.words.append(key)

    def strengths(self) -> list[EvidenceStrength]:
        """How much each of their words weighs, once."""
        found: dict[str, EvidenceStrength] = {}
        for sign, key in zip(self.signs, self.words, strict=True):
            if key not in found or sign.strength is EvidenceStrength.STRONG:
                found[key] = sign.strength
        return list(found.values())


def by_words(
    session: Session,
    place: Place,
    people: Mapping[int, RegisteredPerson],
    book: NameBook,
    evidence: AgeEvidence,
) -> int:
    """Ask about authors whose words are enough; how many reviews are new. The caller commits."""
    if place.audience is not Audience.ADULT_ONLY:
        return 0
    members = current_members(session, place.source.id)
    linked = links(session, place.source.id)
    opened = 0
    for author in _authors(session, place.source.id, evidence):
        strengths = author.strengths()
        if author.adult_role:
            strengths = [one for one in strengths if one is EvidenceStrength.STRONG]
        who = author.author_id or author.author_name
        if who is None or not evidence.enough(strengths):
            continue
        member = member_of(members, author.author_id, author.author_name)
        person_id = None if member is None else linked.get(member.id)
        if person_id is None and member is None:
            match = book.match(
                place.source.connector, author.author_id or "", author.author_name or ""
            )
            person_id = match.person_id
        person = people.get(person_id or 0)
        if person is not None and not person.is_child_on(place.today):
            continue
        shown = Person(
            who if member is None else member.handle,
            author.author_name or (who if member is None else member.display_name),
            None if member is None else member.id,
            None if person is None else person.id,
        )
        opened += open_review(
            session, place.source.id, shown, ReviewWhy.WRITES_SO, place.at, author.signs
        )
    return opened


def _authors(session: Session, source_id: int, evidence: AgeEvidence) -> list[_Author]:
    rows = session.execute(
        select(FindingRow, Post, Revision.text)
        .join(Revision, Revision.id == FindingRow.revision_id)
        .join(Post, Post.id == Revision.post_id)
        .where(Post.source_id == source_id, FindingRow.category == Category.UNDERAGE)
        .order_by(FindingRow.id)
    )
    apart = set(session.scalars(_not_for_all(source_id)))
    found: dict[str, _Author] = {}
    for row, post, text in rows:
        strength = evidence.strength(as_finding(row))
        key = post.author_id or post.author_name
        if strength is None or not key:
            continue
        author = found.setdefault(key, _Author(post.author_id, post.author_name))
        author.adult_role = author.adult_role or post.author_role in _ADULT_ROLES
        author.add(
            Sign(post.id, row.revision_id, row.start, row.end, strength),
            text[row.start : row.end],
            apart=post.id in apart,
        )
    return list(found.values())


def _not_for_all(source_id: int) -> Select[int]:
    """Ids of posts of the place under an item that is the lead's, or is kept from somebody."""
    kept = exists().where(
        KeptFrom.ended_at.is_(None),
        or_(
            KeptFrom.item_id == Item.id,
            exists()
            .where(SafeguardingCase.id == KeptFrom.case_id, SafeguardingCase.item_id == Item.id)
            .correlate(KeptFrom, Item),
        ),
    )
    leads = or_(Item.route == Route.LEAD, Item.state == ItemState.ESCALATED)
    return select(Item.post_id).where(Item.source_id == source_id, or_(leads, kept))
