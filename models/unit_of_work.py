"""The one door to the tables.

store = Store("sqlite:////var/lib/chaperone/chaperone.sqlite")
with store.read() as session: ...
with store.write() as session:
    ...
    session.commit()            # leaving without it undoes everything
"""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.exc import TimeoutError as AllInUse
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from models.errors import ChaperoneError, MendSettings, NeedsOperator, RetryLater

BUSY_SECONDS = 20
"""How long SQLite waits for another writer before it says that the database is locked."""

_WRITES = "chaperone_writes"

_HIDDEN = True
"""An error of the database never repeats what was to be stored: a post, a name, a secret."""


class Store:
    """An engine and the two ways to use it. Build once per process, in the wiring."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading; whatever is changed in it is undone."""
        yield from self._session(self.engine)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session for writing. Nothing stays unless `session.commit()` was called.

        Raises RetryLater when another writer holds the database too long, NeedsOperator when
        the disk is full or the database cannot be reached.
        """
        yield from self._session(self.engine.execution_options(**{_WRITES: True}))

    def _session(self, engine: Engine) -> Iterator[Session]:
        session = Session(engine, expire_on_commit=False)
        try:
            yield session
        except OperationalError as error:
            raise remedy(error) from error
        except AllInUse as error:  # every connection of this process waits for something
            raise RetryLater(
                "It is answering too many others.",
                subject="the database",
                after=timedelta(seconds=BUSY_SECONDS),
            ) from error
        finally:
            session.close()

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def remedy(error: OperationalError) -> ChaperoneError:
    """The database's complaint as an error that says what to do."""
    cause = error.orig
    said = str(cause).lower()
    code = getattr(cause, "sqlite_errorcode", None)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or "locked" in said:
        return RetryLater(
            "Another program is writing to it.",
            subject="the database",
            after=timedelta(seconds=BUSY_SECONDS),
        )
    if code == sqlite3.SQLITE_FULL or "no space" in said or "disk is full" in said:
        return NeedsOperator(
            f"There is no room left on the disk ({errno.errorcode[errno.ENOSPC]}).",
            subject="the database",
            cure="Free some space; what was stored before is safe, and work goes on by itself.",
        )
    return NeedsOperator(
        f"It cannot be used ({type(cause).__name__}).",
        subject="the database",
        cure="Check that it is running, that database.url is right, and that it may be written.",
    )


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise MendSettings(
            "It is not a database address.",
            subject="database.url",
            cure='Write for example "sqlite:///data/chaperone.sqlite".',
        ) from error
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(
            parsed, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=_HIDDEN
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if parsed.get_backend_name() == "postgresql":
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            hide_parameters=_HIDDEN,
        )
    raise MendSettings(
        f"{parsed.get_backend_name()} is not supported.",
        subject="database.url",
        cure="Use SQLite or PostgreSQL.",
    )


def _prepare_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    """WAL for readers beside a writer; FULL so that a power cut loses no decision."""
    connection.isolation_level = None  # SQLAlchemy begins by itself, in _begin_sqlite
    for pragma in ("journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once: one that upgrades later can fail without waiting."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
