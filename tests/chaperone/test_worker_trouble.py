"""A full disk and a locked database, made by SQLite itself: said aloud, and over once mended."""

import sqlite3
from contextlib import closing

from sqlalchemy import event, func, select

from models.tables import Post
from models.tables import Worker as WorkerRow


def test_a_full_disk_is_said_and_work_goes_on_afterwards(
    school, at_work, until, desk, capfd
) -> None:
    house = school.house()
    lead, said = desk(house), []

    def full(connection: sqlite3.Connection, _entry: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # not one page more than there is

    with at_work(house):
        until(lead.items)
        before = _posts(house)
        event.listen(house.store.engine, "connect", full)
        house.store.engine.dispose()
        school.page.add("A long story. " * 20_000)
        until(lambda: said.append(capfd.readouterr().err) or "no room left" in "".join(said))
        assert _posts(house) == before, "what was stored is safe"
        event.remove(house.store.engine, "connect", full)
        house.store.engine.dispose()
        _look_again_now(house)
        until(lambda: _posts(house) == before + 1, 30)
    assert "Free some space" in "".join(said)


def test_a_locked_database_is_said_and_work_goes_on(school, at_work, until, desk, capfd) -> None:
    house = school.house()
    lead, said = desk(house), []

    def impatient(connection: sqlite3.Connection, _entry: object) -> None:
        connection.execute("PRAGMA busy_timeout = 200")  # instead of twenty seconds

    with at_work(house):
        until(lead.items)
        event.listen(house.store.engine, "connect", impatient)
        house.store.engine.dispose()
        with closing(sqlite3.connect(house.settings.data / "chaperone.sqlite")) as other:
            other.execute("BEGIN IMMEDIATE")
            until(
                lambda: (
                    said.append(capfd.readouterr().err)
                    or "Another program is writing to it" in "".join(said)
                )
            )
            other.rollback()
        before = _posts(house)
        school.page.add("A new post")
        until(lambda: _posts(house) == before + 1, 40)
    with house.store.read() as session:
        assert session.scalars(select(WorkerRow.problem)).one() == ""


def _posts(house) -> int:
    with house.store.read() as session:
        return session.scalar(select(func.count(Post.id))) or 0


def _look_again_now(house) -> None:
    """Instead of waiting a quarter of an hour for the next look."""
    with house.store.write() as session:
        from models.tables import Source

        for source in session.scalars(select(Source)):
            source.next_attempt_at = None
        session.commit()
