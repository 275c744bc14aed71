"""The earlier posts that name a person: by name, other name or handle (C29, practice 4.13).

The database narrows the search with a word that every naming of the person has; the exact
comparing is the classifier's own, so that what is found here is what a new post would be found by.
"""

import re
from collections.abc import Iterator

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from casework.naming import named
from casework.register import RegisteredPerson
from casework.register_names import folded
from classifier.name_index import NameIndex
from classifier.normalise import normalise
from models.named_people import NamedPeople
from models.tables import Revision

MOST_POSTS = 2000
"""Posts listed at most; a person with more is found through the search of the platform."""

_BATCH = 1000


def posts_naming(session: Session, person: RegisteredPerson) -> tuple[int, ...]:
    """Ids of the posts of which some revision names this person, the newest first."""
    value = named(person)
    index = NameIndex(NamedPeople((value,)))
    found: dict[int, None] = {}
    for post_id, text in _candidates(session, (*value.names, *value.forms, *value.tags)):
        if post_id not in found and next(index.mentions(normalise(text)), None) is not None:
            found[post_id] = None
            if len(found) >= MOST_POSTS:
                break
    return tuple(found)


def _candidates(session: Session, names: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    rows = session.execute(
        select(Revision.post_id, Revision.text)
        .where(_may_hold(session, names))
        .order_by(Revision.post_id.desc(), Revision.id.desc())
        .execution_options(yield_per=_BATCH)
    )
    for row in rows:
        yield row.post_id, row.text


def _may_hold(session: Session, names: tuple[str, ...]) -> ColumnElement[bool]:
    """Texts that hold a plain word of one of the names, and all that hold a letter beyond ASCII:
    those may write the name in another way."""
    postgresql = session.get_bind().dialect.name == "postgresql"
    text = Revision.text
    length = func.octet_length(text) if postgresql else func.length(func.hex(text)) / 2
    conditions: list[ColumnElement[bool]] = [length > func.length(text)]
    for word in {_plainest_word(name) for name in names}:
        if not word:
            continue
        conditions.append(text.ilike(f"%{word}%"))
    return or_(*conditions)


def _plainest_word(name: str) -> str:
    """The longest run of plain letters of a name; "" where it has none.

    "Hara" of O'Hara: it stands in "OHara" too. Without accents: whoever writes those writes a
    letter beyond ASCII, and is looked at in any case.
    """
    return max(re.findall("[a-z]+", folded(name)), key=len, default="")
