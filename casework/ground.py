"""What a platform lets us do to one post: by what it is, and by whose ground it stands on."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.connectors import registry
from collector.connectors.kind import Ground
from models.tables import Post, Source
from models.vocabulary import AuthorRole, Capability


def able_to(session: Session, source: Source, post: Post) -> frozenset[Capability]:
    """What of the connector's capabilities reaches this very post."""
    return registry.get(source.connector).capabilities_for(_ground(session, post))


def beyond(session: Session, source: Source, post: Post) -> frozenset[Capability]:
    """What a connector can do elsewhere in the same place, and not to this very post."""
    return registry.get(source.connector).beyond(_ground(session, post))


def _ground(session: Session, post: Post) -> Ground:
    top = post.thread_id
    is_answer = post.parent_id is not None and top is not None and top != post.native_id
    ground = Ground(post.native_id, post.author_id or "", top or "", is_answer)
    if not is_answer:
        return ground
    query = select(Post.author_role).where(Post.source_id == post.source_id, Post.native_id == top)
    return replace(ground, own_thread=session.scalar(query) is AuthorRole.STAFF)
