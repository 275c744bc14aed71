"""Who wrote a post, by the register: staff, parent, member (C38 to C42).

Set before a post is read, so that the checks and the policy know who wrote it. Only posts that
nobody has read yet: what was weighed already is not weighed anew behind anybody's back.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import ages
from casework.register import RegisteredPerson, find_all
from casework.register_names import handle_key
from models.register_words import RegisterRole
from models.tables import Post, RegisterHandle, RegisterPerson, Revision, Source
from models.unit_of_work import Store
from models.vocabulary import AuthorRole, Organisation, now

AT_ONCE = 500

NAMES_ARE_HANDLES = frozenset(
    ("bluesky", "discourse", "instagram", "mastodon", "matrix", "reddit", "wiki", "x")
)
"""Platforms where nobody can take the shown name of somebody else; elsewhere it proves nothing."""


def set_author_roles(store: Store, organisation: Organisation, limit: int = AT_ONCE) -> int:
    """Give unread posts of known authors their role; how many changed.

    A handle of staff, on the register or among the settings' staff_handles, makes STAFF whatever
    the platform said; a parent or a member is set only where the platform said nothing.
    """
    own = {handle_key(handle) for handle in organisation.staff_handles}
    with store.write() as session:
        rows = session.execute(
            select(Post, Source.connector)
            .join(Revision, Revision.post_id == Post.id)
            .join(Source, Source.id == Post.source_id)
            .where(Revision.classified_at.is_(None))
            .order_by(Revision.id)
            .limit(limit)
        ).all()
        known = _known(session, {key for post, where in rows for key in _keys(post, where)})
        today = ages.day_of(now(), organisation.timezone)
        changed = 0
        for post, connector in rows:
            keys = _keys(post, connector)
            places = [(place, key) for key in keys for place in (connector, "")]
            person = next((known[place] for place in places if place in known), None)
            role = AuthorRole.UNKNOWN
            if own & set(keys) or (person is not None and person.is_staff_on(today)):
                role = AuthorRole.STAFF
            elif person is not None and post.author_role is AuthorRole.UNKNOWN:
                role = _role(person)
            if role not in (AuthorRole.UNKNOWN, post.author_role):
                post.author_role = role
                changed += 1
        if changed:
            session.commit()
    return changed


def _keys(post: Post, connector: str) -> tuple[str, ...]:
    """The author's id, and the shown name where that is a handle or nothing else is known."""
    keys = [handle_key(post.author_id or "")]
    if connector in NAMES_ARE_HANDLES or not keys[0]:
        keys.append(handle_key(post.author_name or ""))
    return tuple(key for key in dict.fromkeys(keys) if key)


def _known(session: Session, keys: set[str]) -> dict[tuple[str, str], RegisteredPerson]:
    if not keys:
        return {}
    ids = select(RegisterHandle.person_id).where(RegisterHandle.handle_key.in_(keys))
    return {
        (handle.connector, handle.key): person
        for person in find_all(session, RegisterPerson.id.in_(ids))
        for handle in person.handles
    }


def _role(person: RegisteredPerson) -> AuthorRole:
    if RegisterRole.PARENT in person.roles:
        return AuthorRole.PARENT
    return AuthorRole.MEMBER if RegisterRole.MEMBER in person.roles else AuthorRole.UNKNOWN
