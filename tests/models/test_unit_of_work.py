"""The one door to the tables: what its errors say, and what they never repeat."""

from contextlib import ExitStack

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from models.errors import RetryLater
from models.unit_of_work import Store

INSERT = "INSERT INTO revision (post_id, text) VALUES (:post, :words)"


def test_an_error_of_the_database_never_repeats_what_was_to_be_stored(store: Store) -> None:
    with pytest.raises(SQLAlchemyError) as found, store.write() as session:
        session.execute(text(INSERT), {"post": 1, "words": "Lilac umbrellas everywhere"})
    # PostgreSQL quotes the row that failed in a DETAIL of its own, which is why the message of
    # such an error is printed nowhere; the driver's part must not add to it.
    said = str(found.value).partition("DETAIL:")[0] + str(found.value).partition("[SQL:")[2]
    assert "INSERT INTO revision" in said
    assert "Lilac" not in said


def test_a_process_whose_connections_are_all_in_use_says_try_later(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = sqlite_store.engine.pool
    monkeypatch.setattr(pool, "_timeout", 0.1)
    with ExitStack() as held:
        for _ in range(15):
            held.enter_context(sqlite_store.read()).execute(text("SELECT 1"))
        with pytest.raises(RetryLater), sqlite_store.read() as session:
            session.execute(text("SELECT 1"))
