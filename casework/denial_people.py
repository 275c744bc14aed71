"""The deny rule in what is about people: membership reviews, tasks and contacts (practice 4.14).

Nobody decides about themselves or about a declared relative, a parent, a child or a ward; where
nobody else is left, casework/nobody_left.py says whom to call. A concern about a member of staff
reaches neither them nor their family, as a task or as a contact with a fault. And where a review
rests on words that are kept from somebody, only the rest of them counts for that person: a review
that would not stand on the rest is absent.
"""

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from casework.age_evidence import AgeEvidence
from casework.denial import kept_cases, kept_posts, registered_as
from models.group_words import EvidenceStrength, ReviewWhy
from models.register_words import TaskKind
from models.tables import (
    Audit,
    Contact,
    MemberRemoval,
    MembershipEvidence,
    MembershipReview,
    Post,
    RegisterLink,
    SafeguardingCase,
    Task,
)

ABOUT_STAFF = (TaskKind.CONTACT_FAULT.value,)
"""Kinds of tasks that are a concern about the member of staff whom they are about."""

ABOUT_CASES = (TaskKind.CASE_DELETION.value, TaskKind.RETENTION_DUE.value)
"""Kinds of tasks whose matter is "case:3:" and something."""


def kin(account_id: int) -> Select[int]:
    """Ids on the register: whoever this account is, and everybody who is tied to them."""
    mine = registered_as(account_id)
    return (
        mine.union(
            select(RegisterLink.to_id).where(RegisterLink.person_id.in_(mine)),
            select(RegisterLink.person_id).where(RegisterLink.to_id.in_(mine)),
        )
        .subquery()
        .select()
    )


def kept_reviews(account_id: int) -> ColumnElement[bool]:
    """A condition on `membership_review`: about this account's person or family, or resting on
    words that are kept from them."""
    of_review = (
        MembershipEvidence.review_id == MembershipReview.id,
        Post.id == MembershipEvidence.post_id,
    )
    kept = exists().where(*of_review, kept_posts(account_id)).correlate(MembershipReview)
    rest = (*of_review, ~kept_posts(account_id))
    strong = MembershipEvidence.strength == EvidenceStrength.STRONG
    one_strong = exists().where(*rest, strong).correlate(MembershipReview)
    how_many = (
        select(func.count(MembershipEvidence.id))
        .where(*rest)
        .correlate(MembershipReview)
        .scalar_subquery()
    )
    enough = or_(one_strong, how_many >= AgeEvidence.shipped().mediums)
    too_little = and_(MembershipReview.why == ReviewWhy.WRITES_SO, kept, ~enough)
    family = func.coalesce(MembershipReview.person_id, 0).in_(kin(account_id))
    return or_(family, too_little)


def kept_tasks(account_id: int) -> ColumnElement[bool]:
    """A condition on `task`: a concern about this account's person, or about their family; or about
    a case that is kept from them."""
    family = func.coalesce(Task.about_id, 0).in_(kin(account_id))
    of_case = Task.matter.like(_named("case", SafeguardingCase.id) + ":%")
    kept = select(SafeguardingCase.id).where(of_case, kept_cases(account_id)).correlate(Task)
    about_case = and_(Task.kind.in_(ABOUT_CASES), kept.exists())
    return or_(and_(Task.kind.in_(ABOUT_STAFF), family), about_case)


def kept_contacts(account_id: int) -> ColumnElement[bool]:
    """A condition on `contact`: the member of staff is this account's person, or family."""
    return Contact.staff_id.in_(kin(account_id))


def kept_lines(account_id: int) -> ColumnElement[bool]:
    """A condition on `audit`: the line is about a review, removal, task or contact so kept."""
    reviews = kept_reviews(account_id)
    removals = (
        select(_named("member_removal", MemberRemoval.id))
        .join(
            MembershipReview,
            and_(
                MembershipReview.source_id == MemberRemoval.source_id,
                MembershipReview.who == MemberRemoval.handle,
            ),
        )
        .where(reviews)
    )
    subjects = [
        select(_named("membership", MembershipReview.id)).where(reviews),
        removals,
        select(_named("task", Task.id)).where(kept_tasks(account_id)),
        select(_named("contact", Contact.id)).where(kept_contacts(account_id)),
    ]
    return or_(*(Audit.subject.in_(each) for each in subjects))


def _named(kind: str, number: InstrumentedAttribute[int]) -> ColumnElement[str]:
    return literal(f"{kind}:") + cast(number, String)
