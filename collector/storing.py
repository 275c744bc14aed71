"""Putting posts and deletions into the tables, many at a time.

Polling, imports and pasting all come through `store_posts`; nothing else inserts a post or a
revision. A batch costs a handful of statements however long it is.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from collector.connector import Gone, IncomingPost
from models.errors import NeedsOperator
from models.tables import Addressee, Post, Revision, Source
from models.vocabulary import Audience, AuthorRole, Presence

T = TypeVar("T")
Clock = Callable[[], datetime]
"""Gives the present moment, aware UTC."""

_AT_ONCE = 500
"""Ids in one `IN (...)`: well under the limit of both databases."""

MOST_NOTES = 20
"""Sentences that the Sources screen shows for one poll."""

_ID_LENGTH = 300
_ADDRESS_LENGTH = 254
_MOST_REPORTS = 1_000_000
_GONE_BY = frozenset({"author", "moderator", "unknown"})


@dataclass(frozen=True, slots=True)
class Polled:
    """What came of it. edited: posts with a new revision. gone: posts that newly went.

    notes: plain sentences for the Sources screen. finished: False where there is more to fetch.
    """

    new: int = 0
    edited: int = 0
    gone: int = 0
    notes: tuple[str, ...] = ()
    finished: bool = True

    def plus(self, other: "Polled") -> "Polled":
        """Both together; no more than `MOST_NOTES` notes, each once."""
        notes = tuple(dict.fromkeys((*self.notes, *other.notes)))[:MOST_NOTES]
        return Polled(
            self.new + other.new,
            self.edited + other.edited,
            self.gone + other.gone,
            notes,
            self.finished and other.finished,
        )


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is known of a post that is stored already. dropped: its words are no longer kept."""

    id: int
    number: int
    text_hash: str
    presence: Presence
    dropped: bool

    def wants(self, new_hash: str) -> bool:
        """Whether words with this hash make a new revision. Those that were dropped come back with
        a post that had gone and is shown again; a file that is read in again brings none back."""
        if new_hash != self.text_hash:
            return True
        return self.dropped and self.presence is Presence.GONE


def register_source(
    session: Session, *, name: str, connector: str, label: str, audience: Audience
) -> Source:
    """The source of that name, made or brought up to date, and enabled. The caller commits.

    Raises NeedsOperator where the name belongs to another connector: its stored posts carry
    that platform's ids.
    """
    source = session.scalar(select(Source).where(Source.name == name))
    if source is None:
        source = Source(name=name, connector=connector, notes=[])
        session.add(source)
    elif source.connector != connector:
        raise NeedsOperator(
            f"It is stored with the connector {source.connector}, and now asks for {connector}.",
            subject=f"source {name}",
            cure="Give the new source a name of its own; what the old one collected stays.",
        )
    source.label, source.audience, source.enabled = label, audience, True
    session.flush()
    return source


def store_posts(
    session: Session,
    source: Source,
    posts: Iterable[IncomingPost],
    gone: Iterable[Gone],
    clock: Clock,
) -> Polled:
    """Store what is new or changed, and mark what is gone. The caller commits.

    The same post twice is stored once, the last of a batch wins; changed text is a new revision;
    a deletion only changes how the post stands. Where a post both came and is gone, it is gone.
    """
    moment = clock()
    # One storing per source at a time: SQLite has one writer anyway, PostgreSQL needs the lock.
    session.execute(select(Source.id).where(Source.id == source.id).with_for_update(key_share=True))
    incoming = {stored_id(post.native_id): post for post in posts}
    known = _known(session, source.id, incoming)
    fresh = {key: post for key, post in incoming.items() if key not in known}
    again = {key: post for key, post in incoming.items() if key in known}
    leaving = {stored_id(one.native_id): one.by for one in gone}
    _insert(session, source.id, fresh, moment)
    edited = _refresh(session, again, known, moment)
    _mark_seen(session, again, known, leaving, moment)
    _mark_reported(session, again, known)
    return Polled(len(fresh), edited, _mark_gone(session, source.id, leaving, moment))


def stored_id(native_id: str) -> str:
    """The id as it is stored: cleaned, and where it is longer than the column ends in its hash."""
    cleaned = clean(native_id)
    if len(cleaned) <= _ID_LENGTH:
        return cleaned
    digest = sha256(cleaned.encode()).hexdigest()
    return f"{cleaned[: _ID_LENGTH - len(digest) - 1]}#{digest}"


def clean(text: str) -> str:
    """The text without what a database cannot hold: NUL and halves of surrogate pairs.

    Each becomes U+FFFD, so that offsets stay and a reader sees that something stood there.
    """
    whole = text.replace("\x00", "\ufffd")
    try:
        whole.encode()
    except UnicodeEncodeError:
        # A pair that JSON escaped as two halves is one character; a lone half is none.
        return whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole


def text_hash(text: str) -> str:
    """SHA-256 of the UTF-8 text, hex: what a decision is bound to."""
    return sha256(text.encode()).hexdigest()


def _chunks(things: Iterable[T]) -> Iterator[Sequence[T]]:
    whole = list(things)
    for start in range(0, len(whole), _AT_ONCE):
        yield whole[start : start + _AT_ONCE]


def _known(session: Session, source_id: int, keys: Iterable[str]) -> dict[str, _Stored]:
    """Those of the ids that are stored, with their newest revision."""
    found: dict[str, _Stored] = {}
    for some in _chunks(keys):
        rows = session.execute(
            select(
                Post.native_id,
                Post.id,
                Revision.number,
                Revision.text_hash,
                Post.presence,
                Revision.dropped_at.is_not(None),
            )
            .join(Revision, Revision.id == Post.revision_id)
            .where(Post.source_id == source_id, Post.native_id.in_(some))
        )
        found.update({row[0]: _Stored(*row[1:]) for row in rows})
    return found


def _insert(
    session: Session, source_id: int, fresh: Mapping[str, IncomingPost], moment: datetime
) -> None:
    if not fresh:
        return
    rows = [_row(source_id, key, post, moment) for key, post in fresh.items()]
    made = session.execute(insert(Post).returning(Post.id, Post.native_id), rows)
    ids = [(post_id, key) for post_id, key in made]
    _revise(session, [(post_id, 1, fresh[key].text) for post_id, key in ids], moment)
    _address(session, [(post_id, fresh[key]) for post_id, key in ids])


def _address(session: Session, fresh: Iterable[tuple[int, IncomingPost]]) -> None:
    """Keep whom new mails went to. One that is read again brings back no address: its time ran."""
    rows = [
        {
            "post_id": post_id,
            "place": one.place,
            "address": clean(one.address)[:_ADDRESS_LENGTH],
            "listed": one.listed,
        }
        for post_id, post in fresh
        for one in post.addressed
    ]
    for some in _chunks(rows):
        session.execute(insert(Addressee), some)


def _row(source_id: int, key: str, post: IncomingPost, moment: datetime) -> dict[str, Any]:
    return {
        "source_id": source_id,
        "native_id": key,
        "kind": post.kind,
        "author_id": _short(post.author_id),
        "author_name": _short(post.author_name),
        "author_role": post.author_role or AuthorRole.UNKNOWN,
        "parent_id": None if post.parent_id is None else stored_id(post.parent_id),
        "thread_id": None if post.thread_id is None else stored_id(post.thread_id),
        "permalink": None if post.permalink is None else clean(post.permalink),
        "posted_at": post.posted_at,
        "first_seen_at": moment,
        "last_seen_at": moment,
        "presence": _presence(post),
        "media_count": post.media_count,
        "note": clean(post.note),
        "reports": min(max(post.reports, 0), _MOST_REPORTS),
    }


def _revise(session: Session, texts: Sequence[tuple[int, int, str]], moment: datetime) -> None:
    """Insert revisions (post id, number, text) and make each the newest of its post."""
    if not texts:
        return
    rows: list[dict[str, Any]] = [
        {
            "post_id": post_id,
            "number": number,
            "text": clean(text),
            "text_hash": text_hash(clean(text)),
            "seen_at": moment,
        }
        for post_id, number, text in texts
    ]
    made = session.execute(insert(Revision).returning(Revision.id, Revision.post_id), rows)
    newest = [{"id": post_id, "revision_id": revision_id} for revision_id, post_id in made]
    session.execute(update(Post), newest)


def _refresh(
    session: Session,
    again: Mapping[str, IncomingPost],
    known: Mapping[str, _Stored],
    moment: datetime,
) -> int:
    """Bring stored posts up to date; returns how many have new words."""
    if not again:
        return 0
    changed = [
        (known[key].id, known[key].number + 1, post.text)
        for key, post in again.items()
        if known[key].wants(text_hash(clean(post.text)))
    ]
    _revise(session, changed, moment)
    named = [
        {"id": known[key].id, "author_id": author, "author_name": _short(post.author_name)}
        for key, post in again.items()
        if (author := _short(post.author_id)) is not None
        and (not known[key].dropped or known[key].wants(text_hash(clean(post.text))))
    ]
    if named:  # a token that was mended tells authors that were missing before
        session.execute(update(Post), named)
    return len(changed)


def _mark_seen(
    session: Session,
    again: Mapping[str, IncomingPost],
    known: Mapping[str, _Stored],
    leaving: Container[str],
    moment: datetime,
) -> None:
    """How stored posts stand now; one that had gone and is shown again is back."""
    rows = [
        {
            "id": known[key].id,
            "last_seen_at": moment,
            "presence": _presence(post),
            "gone_by": "",
            "gone_seen_at": None,
            "media_count": post.media_count,
        }
        for key, post in again.items()
        if key not in leaving
    ]
    if rows:
        session.execute(update(Post), rows)


def _mark_reported(
    session: Session, again: Mapping[str, IncomingPost], known: Mapping[str, _Stored]
) -> None:
    """Take over new notes, and reports that came since: what was reported is filed once more."""
    told = {known[key].id: post for key, post in again.items() if post.note or post.reports}
    for some in _chunks(told):
        rows = session.execute(
            select(Post.id, Post.note, Post.reports, Post.revision_id).where(Post.id.in_(some))
        ).all()
        said = [
            {"id": post_id, "note": clean(told[post_id].note)}
            for post_id, note, _, _ in rows
            if told[post_id].note and clean(told[post_id].note) != note
        ]
        more = [row for row in rows if told[row[0]].reports > row[2]]
        counts = [
            {"id": post_id, "reports": min(told[post_id].reports, _MOST_REPORTS)}
            for post_id, _, _, _ in more
        ]
        for changes in (said, counts):
            if changes:
                session.execute(update(Post), changes)
        if more:
            newest = [{"id": row[3], "filed_at": None} for row in more]
            session.execute(update(Revision), newest)


def _mark_gone(session: Session, source_id: int, by: Mapping[str, str], moment: datetime) -> int:
    known = _known(session, source_id, by)
    rows = [
        {
            "id": stored.id,
            "presence": Presence.GONE,
            "gone_by": by[key] if by[key] in _GONE_BY else "unknown",
            "gone_seen_at": moment,
        }
        for key, stored in known.items()
        if stored.presence is not Presence.GONE
    ]
    if rows:
        session.execute(update(Post), rows)
    return len(rows)


def _presence(post: IncomingPost) -> Presence:
    return Presence.HIDDEN if post.hidden else Presence.PRESENT


def _short(text: str | None) -> str | None:
    return None if text is None else clean(text)[:_ID_LENGTH]
