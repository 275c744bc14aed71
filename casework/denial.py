"""The deny rule, above every role: whom a matter is kept from does not know that it exists.

Practice 4.14. A row of `kept_from` names a matter (an item, a case) and a person (an account, or
somebody on the register and so the account that is theirs). These are the conditions in SQL that
every reading asks, by way of casework/visibility.py; casework/subjects.py writes the rows.

What is kept from somebody is absent for them: not listed, counted, found, told of, or in the
record. The post itself stays in their list of posts, as if nobody had flagged it, where they wrote
it themselves: that it is missing would tell them. A post by somebody else is absent.
"""

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    exists,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.tables import (
    Action,
    Audit,
    Decision,
    Item,
    KeptFrom,
    Notice,
    Person,
    Post,
    RegisterPerson,
    SafeguardingCase,
)

WROTE_IT = "author"
"""kept_from.why of somebody who wrote the post themselves."""


def registered_as(account_id: int) -> Select[int]:
    """Ids on the register that are this account's person.

    By the link that a lead has set (casework/register_account.py); and, while an entry is linked
    to nobody, by the same whole name: too much is kept from somebody rather than too little.
    """
    same_name = select(Person.name).where(Person.id == account_id).correlate(None).scalar_subquery()
    name = RegisterPerson.first_name + " " + RegisterPerson.surname
    unlinked = and_(RegisterPerson.account_id.is_(None), name == same_name)
    linked = RegisterPerson.account_id == account_id
    return select(RegisterPerson.id).where(or_(linked, unlinked)).correlate(None)


def theirs(account_id: int) -> ColumnElement[bool]:
    """A condition on `kept_from`: rows in force that name this account or its person."""
    person = registered_as(account_id)
    return and_(
        KeptFrom.ended_at.is_(None),
        or_(KeptFrom.account_id == account_id, KeptFrom.register_id.in_(person)),
    )


def kept_items(account_id: int) -> ColumnElement[bool]:
    """A condition on `item`: it is kept from this account, by itself or by its case.

    Lists that are made once, and not a question for each item: a queue has ten thousand.
    """
    of_item = select(KeptFrom.item_id).where(KeptFrom.item_id.is_not(None), theirs(account_id))
    of_case = (
        select(SafeguardingCase.item_id)
        .join(KeptFrom, KeptFrom.case_id == SafeguardingCase.id)
        .where(SafeguardingCase.item_id.is_not(None), theirs(account_id))
    )
    return or_(Item.id.in_(of_item.correlate(None)), Item.id.in_(of_case.correlate(None)))


def kept_cases(account_id: int) -> ColumnElement[bool]:
    """A condition on `safeguarding_case`: it is kept from this account, by itself or its item."""
    matter = or_(
        KeptFrom.case_id == SafeguardingCase.id, KeptFrom.item_id == SafeguardingCase.item_id
    )
    return exists().where(matter, theirs(account_id)).correlate(SafeguardingCase)


def kept_posts(account_id: int) -> ColumnElement[bool]:
    """A condition on `post`: it stands under an item kept from this account, by another's hand."""
    kept = select(Item.post_id).where(kept_items(account_id)).correlate(None)
    return and_(Post.id.in_(kept), not_(own_kept_posts(account_id)))


def own_kept_posts(account_id: int) -> ColumnElement[bool]:
    """A condition on `post`: this account wrote it, and the item about it is kept from them."""
    wrote = and_(KeptFrom.item_id == Item.id, KeptFrom.why == WROTE_IT, theirs(account_id))
    return Post.id.in_(select(Item.post_id).join(KeptFrom, wrote).correlate(None))


def kept_lines(account_id: int) -> ColumnElement[bool]:
    """A condition on `audit`: the line is about something that is kept from this account."""
    items = select(Item.id).where(kept_items(account_id))
    cases = select(SafeguardingCase.id).where(kept_cases(account_id))
    decisions = select(Decision.id).where(Decision.item_id.in_(items))
    subjects = [
        select(_named("item", Item.id)).where(kept_items(account_id)),
        select(_named("case", SafeguardingCase.id)).where(
            SafeguardingCase.id.in_(cases),
        ),
        select(_named("action", Action.id)).where(Action.decision_id.in_(decisions)),
        select(_named("notice", Notice.id)).where(Notice.decision_id.in_(decisions)),
        select(_named("post", Item.post_id)).where(kept_items(account_id)),
    ]
    return or_(*(Audit.subject.in_(each) for each in subjects))


def _named(kind: str, number: InstrumentedAttribute[int]) -> ColumnElement[str]:
    return literal(f"{kind}:") + cast(number, String)


def item_is_kept(session: Session, account_id: int, item_id: int) -> bool:
    """Whether this item is kept from this account."""
    found = select(Item.id).where(Item.id == item_id, kept_items(account_id))
    return session.scalar(found) is not None


def case_is_kept(session: Session, account_id: int, case_id: int) -> bool:
    """Whether this case is kept from this account."""
    found = select(SafeguardingCase.id).where(
        SafeguardingCase.id == case_id, kept_cases(account_id)
    )
    return session.scalar(found) is not None
