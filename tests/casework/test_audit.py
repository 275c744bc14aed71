"""The record cannot be changed unseen, and its chain never forks."""

import threading

import pytest
from sqlalchemy import text

from casework import audit
from models.errors import NotYours, Refused
from models.tables import Audit, AuditHead
from models.unit_of_work import Store
from models.vocabulary import Role


def _write(store: Store, count: int, what: str = "test.done") -> None:
    for number in range(count):
        with store.write() as session:
            audit.record(session, None, what, f"item:{number}", count=number, names=["a", "b"])
            session.commit()


def test_a_whole_record_verifies(store: Store) -> None:
    with store.read() as session:
        assert audit.verify(session) == audit.Verified(0)
    _write(store, 3)
    with store.read() as session:
        assert audit.verify(session) == audit.Verified(3)


def test_what_is_undone_leaves_no_line(store: Store) -> None:
    _write(store, 1)
    with store.write() as session:
        audit.record(session, None, "test.undone", "item:9")
    with store.read() as session:
        assert audit.verify(session).lines == 1
        assert session.query(Audit).filter_by(what="test.undone").count() == 0


def test_many_writers_make_one_chain(store: Store) -> None:
    threads = [threading.Thread(target=_write, args=(store, 10)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as session:
        assert audit.verify(session) == audit.Verified(120)
        assert session.query(AuditHead).count() == 1


def _force(store: Store, statement: str) -> None:
    """As somebody would who has the database in hand and takes the triggers away."""
    with store.engine.begin() as connection:
        if store.engine.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        else:
            connection.execute(text("DROP TRIGGER audit_no_update"))
            connection.execute(text("DROP TRIGGER audit_no_delete"))
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "broken_at", "why"),
    [
        ("UPDATE audit SET subject = 'item:77' WHERE id = 2", 2, "changed"),
        ("UPDATE audit SET actor_id = NULL, at = '2020-01-01' WHERE id = 3", 3, "changed"),
        ("DELETE FROM audit WHERE id = 2", 3, "Line 2 is missing"),
        ("DELETE FROM audit WHERE id = 5", 5, "missing"),
        ("UPDATE audit SET hash = 'x' WHERE id = 5", 5, "changed"),
        ("UPDATE audit_head SET last_hash = 'x'", 5, "head"),
    ],
)
def test_what_was_tampered_with_is_named(
    store: Store, statement: str, broken_at: int, why: str
) -> None:
    _write(store, 5)
    _force(store, statement)
    with store.read() as session:
        found = audit.verify(session)
    assert found.broken_at == broken_at
    assert why in found.why


@pytest.mark.parametrize(
    "details", [{"note": "x" * 201}, {"text": "hi"}, {"Password": "hi"}, {"names": ["y" * 201]}]
)
def test_words_and_secrets_are_refused(sqlite_store: Store, details: dict[str, object]) -> None:
    with sqlite_store.write() as session:
        with pytest.raises(Refused):
            audit.record(session, None, "test.done", "item:1", **details)
        session.commit()
        assert session.query(Audit).count() == 0


def test_an_administrator_reads_of_accounts_only(small_desk) -> None:
    with small_desk.store.write() as session:
        for subject in ("item:1", "case:1", "person:1", "source:page", "notice:2", "action:3"):
            audit.record(session, None, "test.done", subject)
        session.commit()
    with small_desk.store.read() as session:
        seen = audit.lines(session, small_desk.people["Adam"])
        assert {line.subject for line in seen.lines} == {"person:1", "source:page"}
        assert seen.total == 2
        assert audit.lines(session, small_desk.people["Lena"]).total == 6
        for name in ("Mona", "Tara"):
            with pytest.raises(NotYours):
                audit.lines(session, small_desk.people[name])


def test_pages_are_newest_first(small_desk) -> None:
    _write(small_desk.store, audit.LINES_A_PAGE + 1, "item.viewed")
    with small_desk.store.read() as session:
        first = audit.lines(session, small_desk.people["Lena"])
        second = audit.lines(session, small_desk.people["Lena"], 2)
    assert [line.id for line in first.lines][:2] == [51, 50]
    assert [line.id for line in second.lines] == [1]
    assert Role.LEAD in small_desk.people["Lena"].roles
