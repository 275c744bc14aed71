"""Signs of life: which workers run, and what a silent one left in hand.

A worker has a name that stays the same at every start, because what it had in hand when it was
killed waits for that name. Each writes a sign of life every few seconds; when another's is old,
the living take over its work.
"""

import fcntl
import os
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from models.errors import ChaperoneError, NeedsOperator
from models.tables import Worker
from models.unit_of_work import Store
from models.vocabulary import now

BEAT_EVERY = timedelta(seconds=5)
SILENT_AFTER = timedelta(seconds=30)
"""Six missed signs: longer than a slow disk or a paused laptop lid, shorter than a person waits."""

FORGOTTEN_AFTER = timedelta(days=30)


class OnlyOne:
    """Holds a worker's name on this machine. The system lets go of it when the process dies."""

    def __init__(self, folder: Path, name: str) -> None:
        """Raises NeedsOperator where a worker of that name runs already."""
        path = folder / f"worker-{name}.lock"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise NeedsOperator(
                f"It cannot be written ({error.strerror}).",
                subject=str(path),
                cure="Make the folder writable for this program.",
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._file)
            raise NeedsOperator(
                "It is running already on this machine.",
                subject=f'the worker "{name}"',
                cure="Stop the other one, or start this one with another --name.",
            ) from error

    def release(self) -> None:
        """Let another worker have the name."""
        os.close(self._file)


def beat(store: Store, name: str, problem: ChaperoneError | None, *, starting: bool) -> None:
    """Write a sign of life, and what keeps the worker from working as a whole."""
    at = now()
    with store.write() as session:
        worker = session.scalar(select(Worker).where(Worker.name == name))
        if worker is None:
            worker = Worker(name=name, started_at=at)
            session.add(worker)
        if starting:
            worker.started_at = at
        worker.beat_at = at
        worker.problem = problem.what if problem else ""
        worker.cure = problem.cure if problem else ""
        session.commit()


def last_sign(store: Store) -> datetime | None:
    """When any worker was last alive, None where none ever was. Aware UTC."""
    with store.read() as session:
        return session.scalar(select(func.max(Worker.beat_at)))


def silent(store: Store, own_name: str) -> tuple[str, ...]:
    """The names of the other workers whose last sign is old."""
    at = now()
    with store.read() as session:
        found = session.scalars(
            select(Worker.name).where(
                Worker.name != own_name,
                Worker.beat_at < at - SILENT_AFTER,
                Worker.beat_at > at - FORGOTTEN_AFTER,
            )
        )
        return tuple(found)
