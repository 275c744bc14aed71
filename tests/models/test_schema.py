"""The migrations make the tables that the code speaks of, and the record cannot be changed."""

from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError, StatementError

from models import tables
from models.columns import Base
from models.schema import upgrade
from models.unit_of_work import Store
from models.vocabulary import Audience, AuthorRole, PostKind, now


def test_migrations_make_the_tables(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []
        assert set(Base.metadata.tables) <= set(inspect(connection).get_table_names())


def test_upgrading_twice_changes_nothing(store: Store) -> None:
    upgrade(store)
    with store.read() as session:
        assert session.query(tables.Source).count() == 0


def _audit_line() -> tables.Audit:
    return tables.Audit(
        at=now(), what="test", subject="test", details={}, previous_hash="0" * 64, hash="1" * 64
    )


def _revision(store: Store) -> int:
    with store.write() as session:
        source = tables.Source(
            name="page", connector="paste", label="Page", audience=Audience.PUBLIC, notes=[]
        )
        session.add(source)
        session.flush()
        post = tables.Post(
            source_id=source.id,
            native_id="1",
            kind=PostKind.POST,
            author_role=AuthorRole.UNKNOWN,
            posted_at=now(),
            first_seen_at=now(),
            last_seen_at=now(),
        )
        session.add(post)
        session.flush()
        revision = tables.Revision(
            post_id=post.id, number=1, text="hello", text_hash="h", seen_at=now()
        )
        session.add(revision)
        session.commit()
        return revision.id


@pytest.mark.parametrize("change", ["UPDATE audit SET what = 'x'", "DELETE FROM audit"])
def test_the_audit_refuses_changes(store: Store, change: str) -> None:
    with store.write() as session:
        session.add(_audit_line())
        session.commit()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        store.engine.begin() as connection,
    ):
        connection.execute(text(change))


def test_a_revision_keeps_its_words_but_may_be_marked_read(store: Store) -> None:
    revision_id = _revision(store)
    with store.write() as session:
        session.get_one(tables.Revision, revision_id).classified_at = now()
        session.commit()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        store.engine.begin() as connection,
    ):
        connection.execute(text("UPDATE revision SET text = 'other'"))


def test_a_naive_time_is_refused(store: Store) -> None:
    with store.write() as session, pytest.raises(StatementError, match="time zone"):
        line = _audit_line()
        line.at = datetime(2026, 11, 21, 9, 0)  # noqa: DTZ001
        session.add(line)
        session.flush()


def test_times_come_back_aware(store: Store) -> None:
    with store.write() as session:
        line = _audit_line()
        line.at = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
        session.add(line)
        session.commit()
    with store.read() as session:
        assert session.query(tables.Audit).one().at == datetime(2026, 7, 1, 9, 0, tzinfo=UTC)


def test_leaving_without_commit_undoes(store: Store) -> None:
    with store.write() as session:
        session.add(_audit_line())
    with store.read() as session:
        assert session.query(tables.Audit).count() == 0
