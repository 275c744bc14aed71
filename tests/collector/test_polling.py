"""Polling: what is stored, what a crash leaves, and what a failure says."""

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from sqlalchemy import event, func, select

from collector.connector import (
    Batch,
    Cursor,
    Gone,
    IncomingPost,
    PlatformAction,
    Receipt,
    Sighting,
)
from collector.polling import poll, register_source, store_posts
from models import unit_of_work
from models.errors import ChaperoneError, NeedsOperator, Refused, RetryLater
from models.tables import Post, Revision, Source
from models.unit_of_work import Store
from models.vocabulary import Audience, AuthorRole, Capability, PostKind, Presence, Verb

NINE = datetime(2026, 11, 2, 9, 10, tzinfo=UTC)


class Listed:
    """A connector that gives the batches it was made with, and resumes after its cursor."""

    name: ClassVar[str] = "listed"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.POSTS})

    def __init__(self, *batches: Batch | ChaperoneError) -> None:
        self.batches = batches

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        for number, batch in enumerate(self.batches):
            if after is not None and number <= int(after):
                continue
            if isinstance(batch, ChaperoneError):
                raise batch
            yield replace(batch, cursor=str(number))

    def act(self, action: PlatformAction) -> Receipt:
        raise Refused("It only lists.", subject="listed", cure="")

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        return {}

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        return ()


def post(native_id: str, text: str = "Lovely show", **more: object) -> IncomingPost:
    made = IncomingPost(native_id, PostKind.COMMENT, text, NINE)
    return replace(made, **more)  # type: ignore[arg-type]


def batch(*posts: IncomingPost, gone: Sequence[str] = (), notes: Sequence[str] = ()) -> Batch:
    return Batch(posts, "", tuple(Gone(one, "author") for one in gone), tuple(notes))


def source_of(store: Store, name: str = "page") -> int:
    with store.write() as session:
        source = register_source(
            session, name=name, connector="listed", label="Our page", audience=Audience.PUBLIC
        )
        session.commit()
        return source.id


def stored(store: Store) -> list[tuple[str, int, str]]:
    """(native id, revision number, text) of every revision, in order."""
    with store.read() as session:
        rows = session.execute(
            select(Post.native_id, Revision.number, Revision.text)
            .join(Revision, Revision.post_id == Post.id)
            .order_by(Post.native_id, Revision.number)
        )
        return [(row[0], row[1], row[2]) for row in rows]


def the(store: Store, source_id: int) -> Source:
    with store.read() as session:
        found = session.get(Source, source_id)
        assert found is not None
        return found


def test_twice_stores_once(store: Store) -> None:
    source = source_of(store)
    pages = (batch(post("a"), post("b")), batch(post("c"), post("a")))
    first = poll(store, source, Listed(*pages))
    assert (first.new, first.edited, first.gone, first.finished) == (3, 0, 0, True)
    with store.write() as session:
        found = session.get(Source, source)
        assert found is not None
        assert found.cursor == "1"
        found.cursor = None
        session.commit()
    second = poll(store, source, Listed(*pages))
    assert (second.new, second.edited, second.gone) == (0, 0, 0)
    assert [row[0] for row in stored(store)] == ["a", "b", "c"]


def test_changed_words_are_a_new_revision(store: Store) -> None:
    source = source_of(store)
    pages = [batch(post("a", text)) for text in ("one", "two", "two", "one")]
    assert poll(store, source, Listed(*pages)).edited == 2
    assert stored(store) == [("a", 1, "one"), ("a", 2, "two"), ("a", 3, "one")]
    with store.read() as session:
        newest = select(Revision.number).join(Post, Post.revision_id == Revision.id)
        assert session.scalars(newest).all() == [3]


def test_the_last_of_a_batch_wins(store: Store) -> None:
    source = source_of(store)
    poll(store, source, Listed(batch(post("a", "one"), post("a", "two"))))
    assert stored(store) == [("a", 1, "two")]


def test_a_deletion_is_recorded_and_nothing_is_dropped(store: Store) -> None:
    source = source_of(store)
    pages = [batch(post("a"), post("b")), batch(gone=["a", "never seen"])]
    assert poll(store, source, Listed(*pages), clock=lambda: NINE).gone == 1
    with store.read() as session:
        a = session.scalars(select(Post).where(Post.native_id == "a")).one()
        assert (a.presence, a.gone_by, a.gone_seen_at) == (Presence.GONE, "author", NINE)
    assert len(stored(store)) == 2


def test_gone_is_counted_once_and_a_post_may_come_back(store: Store) -> None:
    source = source_of(store)
    both = batch(post("a"), gone=["a"])
    assert poll(store, source, Listed(both, both)).gone == 1
    back = Listed(both, both, batch(post("a", hidden=True)))
    poll(store, source, back)
    with store.read() as session:
        a = session.scalars(select(Post)).one()
        assert (a.presence, a.gone_by, a.gone_seen_at) == (Presence.HIDDEN, "", None)


def test_every_field_is_stored(store: Store) -> None:
    source = source_of(store)
    given = post(
        "b",
        author_id="77",
        author_name="Ottoline Vane",
        author_role=AuthorRole.STAFF,
        parent_id="a",
        thread_id="a",
        permalink="https://www.facebook.com/1/posts/2",
        media_count=3,
        note="Edited twice.",
    )
    poll(store, source, Listed(batch(given)), clock=lambda: NINE)
    with store.read() as session:
        b = session.scalars(select(Post)).one()
        assert (b.author_id, b.author_name, b.author_role) == ("77", "Ottoline Vane", "staff")
        assert (b.parent_id, b.thread_id, b.permalink) == ("a", "a", given.permalink)
        assert (b.media_count, b.note, b.kind) == (3, "Edited twice.", PostKind.COMMENT)
        assert b.posted_at == b.first_seen_at == b.last_seen_at == NINE


def test_an_author_told_later_is_filled_in_and_not_lost_again(store: Store) -> None:
    source = source_of(store)
    pages = [batch(post("a")), batch(post("a", author_id="7", author_name="V")), batch(post("a"))]
    poll(store, source, Listed(*pages))
    with store.read() as session:
        a = session.scalars(select(Post)).one()
        assert (a.author_id, a.author_name) == ("7", "V")


def test_a_crash_resumes_after_the_last_stored_batch(store: Store) -> None:
    source = source_of(store)
    broken = RetryLater("It is busy.", subject="the page", after=timedelta(minutes=7))
    with pytest.raises(RetryLater):
        poll(store, source, Listed(batch(post("a")), broken))
    polled = poll(store, source, Listed(batch(post("a", "never fetched again")), batch(post("b"))))
    assert polled.new == 1
    assert [row[2] for row in stored(store)] == ["Lovely show"] * 2


def test_posts_and_cursor_stand_or_fall_together(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever breaks between the posts and the commit leaves neither."""
    source = source_of(store)

    def torn(*given: object) -> None:
        store_posts(*given)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("collector.polling.store_posts", torn)
        poll(store, source, Listed(batch(post("a"))))
    assert stored(store) == []
    assert the(store, source).cursor is None
    assert poll(store, source, Listed(batch(post("a")))).new == 1


def test_somebody_else_polled_meanwhile(store: Store) -> None:
    source = source_of(store)

    class Raced(Listed):
        def fetch(self, after: Cursor | None) -> Iterator[Batch]:
            poll(store, source, Listed(batch(post("theirs"))))
            yield from super().fetch(after)

    polled = poll(store, source, Raced(batch(post("ours"))))
    assert (polled.new, polled.finished) == (0, False)
    assert [row[0] for row in stored(store)] == ["theirs"]


def test_time_limit_stops_after_a_batch(store: Store) -> None:
    source = source_of(store)
    pages = [batch(post("a")), batch(post("b"))]
    polled = poll(store, source, Listed(*pages), time_limit=timedelta(0))
    assert (polled.new, polled.finished) == (1, False)
    assert poll(store, source, Listed(*pages)).new == 1


def test_a_failure_is_written_on_its_own_source_until_it_works_again(store: Store) -> None:
    source, other = source_of(store), source_of(store, "other")
    busy = RetryLater("It is busy.", subject="the page", after=timedelta(minutes=7))
    with pytest.raises(RetryLater):
        poll(store, source, Listed(busy), clock=lambda: NINE)
    expired = NeedsOperator("The token expired.", subject="the page", cure="Make a new one.")
    later = NINE + timedelta(hours=1)
    with pytest.raises(NeedsOperator):
        poll(store, source, Listed(expired), clock=lambda: later)
    blind = the(store, source)
    assert (blind.blind_since, blind.problem) == (NINE, "The token expired.")
    assert (blind.cure, blind.needs_operator) == ("Make a new one.", True)
    assert blind.next_attempt_at is not None and blind.next_attempt_at > later
    assert poll(store, other, Listed(batch(post("a")))).new == 1
    assert the(store, other).blind_since is None

    poll(store, source, Listed(batch(notes=["2 pictures were not checked."])))
    well = the(store, source)
    assert (well.blind_since, well.problem, well.cure) == (None, "", "")
    assert (well.needs_operator, well.next_attempt_at) == (False, None)
    assert well.notes == ["2 pictures were not checked."]


def test_the_delay_of_the_platform_is_kept(store: Store) -> None:
    source = source_of(store)
    busy = RetryLater("It is busy.", subject="the page", after=timedelta(minutes=7))
    with pytest.raises(RetryLater):
        poll(store, source, Listed(busy), clock=lambda: NINE)
    found = the(store, source)
    assert found.next_attempt_at == NINE + timedelta(minutes=7)
    assert not found.needs_operator


@pytest.mark.parametrize("text", ["a\x00b", "half \ud83d of it", "", "x" * 1_000_000])
def test_text_that_a_database_would_refuse(store: Store, text: str) -> None:
    source = source_of(store)
    poll(store, source, Listed(batch(post("a", text))))
    ((_, _, kept),) = stored(store)
    assert len(kept) == len(text)
    with store.write() as session:
        found = session.get(Source, source)
        assert found is not None
        again = store_posts(session, found, [post("a", text)], [], lambda: NINE)
    assert again.edited == 0


def test_ids_and_names_beyond_the_columns(store: Store) -> None:
    source = source_of(store)
    long = [post("x" * 400 + end, author_id="y" * 400, author_name="\x00") for end in "ab"]
    assert poll(store, source, Listed(batch(*long))).new == 2
    assert poll(store, source, Listed(batch(), batch(*long))).new == 0


def test_a_name_keeps_its_connector(store: Store) -> None:
    source_of(store)
    with store.write() as session, pytest.raises(NeedsOperator, match="name of its own"):
        register_source(
            session, name="page", connector="reddit", label="x", audience=Audience.MIXED
        )


def test_an_unknown_source(store: Store) -> None:
    with pytest.raises(Refused, match="not among the sources"):
        poll(store, 404, Listed())


def test_what_cannot_be_stored_makes_its_source_blind(store: Store) -> None:
    """A mistake of a connector's must show on the Sources screen like any other failure."""
    source_id = source_of(store)
    naive = datetime(2026, 11, 2, 9, 10)  # noqa: DTZ001 - the mistake itself
    wrong = Listed(batch(post("1")), batch(post("2", posted_at=naive)))
    with pytest.raises(NeedsOperator, match="source page"):
        poll(store, source_id, wrong, clock=lambda: NINE)
    source = the(store, source_id)
    assert source.blind_since == NINE
    assert "cannot be stored" in source.problem
    assert [row[0] for row in stored(store)] == ["1"]


def test_a_full_disk(sqlite_store: Store) -> None:
    """Clear words, what was stored stays, and work goes on once there is room."""
    source = source_of(sqlite_store)
    poll(sqlite_store, source, Listed(batch(post("a"))))
    pages: list[int] = [0]

    def shrink(connection: sqlite3.Connection, _entry: object) -> None:
        used = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {used + pages[0]}")

    event.listen(sqlite_store.engine, "connect", shrink)
    sqlite_store.engine.dispose()
    huge = Listed(batch(), batch(*(post(f"n{i}", "word " * 400) for i in range(50))))
    with pytest.raises(NeedsOperator, match="no room left on the disk"):
        poll(sqlite_store, source, huge)
    assert [row[0] for row in stored(sqlite_store)] == ["a"]
    assert the(sqlite_store, source).cursor == "0"
    assert the(sqlite_store, source).needs_operator
    pages[0] = 100_000
    sqlite_store.engine.dispose()
    assert poll(sqlite_store, source, huge).new == 50


def test_a_locked_database(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    source = source_of(sqlite_store)
    monkeypatch.setattr(unit_of_work, "BUSY_SECONDS", 0.05)
    hasty = Store(sqlite_store.url)
    with sqlite_store.write() as other, pytest.raises(RetryLater, match="Another program"):
        other.execute(select(func.count()).select_from(Post))
        poll(hasty, source, Listed(batch(post("a"))))
    assert "could not be written down" in caplog.text
    assert poll(hasty, source, Listed(batch(post("a")))).new == 1
    hasty.close()


def test_ten_thousand_posts_in_seconds(sqlite_store: Store) -> None:
    source = source_of(sqlite_store)
    pages = [batch(*(post(f"{page}.{i}", f"word {i}") for i in range(500))) for page in range(20)]
    started = time.process_time()
    assert poll(sqlite_store, source, Listed(*pages)).new == 10_000
    again = Listed(*pages, *pages)
    assert poll(sqlite_store, source, again).new == 0
    assert time.process_time() - started < 20  # 1.2 s alone on two cores
