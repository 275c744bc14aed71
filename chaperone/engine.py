"""The durable engine (DBOS): how it is set up, and the few things asked of it.

It keeps ids and states only. Where it keeps them: beside a SQLite database in a file of its own,
in a PostgreSQL database in a schema of its own. What is true of a post, a decision or a removal
stands in the application's tables; the engine only remembers which steps were taken, so that a
worker that is killed goes on where it was. Steps are at-least-once: each is idempotent.
"""

import json
import logging
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSConfig, Serializer
from dbos import error as engine_errors
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from models.errors import NeedsOperator
from models.vocabulary import now

APPLICATION_VERSION = "1"
"""Fixed: DBOS would derive it from the source, and leave old workflows behind at every change.
Raise it only when running workflows can no longer be replayed by the new code."""

POLLS, REMOVALS, READING, ALERTING, WRITING = "polls", "removals", "reading", "alerts", "writing"
CHECKING, SLOW_POLLS = "checking", "slow-polls"
"""Queues: fetching posts, acting on platforms, classifying, urgent messages, weekly messages, and
checking members, groups and accounts; and fetching from sources that took long or failed."""

POLLS_AT_ONCE = 12
"""Sources that one worker reads at a time, of those that answered soon the last time."""

SLOW_POLLS_AT_ONCE = 8
"""The same of the others. A platform that hangs keeps a place for a minute each time it is tried:
however many do, they wait for one another here, and hold up nobody else."""

LONGEST_TEXT = 200
"""Characters in one text that the engine may keep: enough for ids and states, not for a post."""

_LOGGER = logging.getLogger("dbos")
_LIVING = frozenset({"ENQUEUED", "DELAYED", "PENDING"})

KEPT = timedelta(days=2)
"""How long finished work is remembered before `forget_old` takes it away."""

STOP_SECONDS = 20


class WorkFailed(Exception):
    """A failure that the engine remembers by the error's kind alone, without its words."""


class IdsAndStates(Serializer):
    """JSON of numbers, short texts and times. Never pickle: reading it back runs nothing.

    Whatever is longer than an id is refused, so that no word of a post can be kept here.
    """

    def serialize(self, data: Any) -> str:
        """Raises TypeError for anything but ids and states."""
        return json.dumps(_checked(data), separators=(",", ":"))

    def deserialize(self, serialized_data: str) -> Any:
        """What was kept; a remembered failure as WorkFailed."""
        return json.loads(serialized_data, object_hook=_revived)

    def name(self) -> str:
        return "chaperone_ids_and_states"


def _checked(data: Any) -> Any:
    if data is None or isinstance(data, bool | int | float):
        return data
    if isinstance(data, datetime):
        return {"$time": data.isoformat()}
    if isinstance(data, BaseException):
        return {"$failed": type(data).__name__[:LONGEST_TEXT]}
    if isinstance(data, str) and len(data) <= LONGEST_TEXT:
        return data
    if isinstance(data, list | tuple):
        return [_checked(entry) for entry in data]
    if isinstance(data, Mapping):
        return {str(key): _checked(value) for key, value in data.items()}
    raise TypeError(f"the engine keeps ids and states only, not a {type(data).__name__}")


def _revived(found: dict[str, Any]) -> Any:
    if "$time" in found:
        return datetime.fromisoformat(found["$time"])
    if "$failed" in found:
        return WorkFailed(found["$failed"])
    return found


class _Quiet(logging.Formatter):
    """The engine's complaints on one line, without tracebacks: an exception's words are unknown."""

    def format(self, record: logging.LogRecord) -> str:
        kind = record.exc_info[0] if record.exc_info else None
        said = record.getMessage().splitlines()[0][:LONGEST_TEXT]
        return f"engine: {said}{f' ({kind.__name__})' if kind else ''}"


def launch(database_url: str, executor: str) -> None:
    """Start the engine in this process. `executor` is the worker's name, the same at every start.

    Raises NeedsOperator where its tables cannot be made or reached.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(_Quiet())
    _LOGGER.handlers, _LOGGER.propagate = [handler], False
    config: DBOSConfig = {
        "name": "chaperone",
        "system_database_url": _place(database_url),
        "dbos_system_schema": "chaperone_engine",
        "application_version": APPLICATION_VERSION,
        "executor_id": executor,
        "serializer": IdsAndStates(),
        "enable_otlp": False,
        "log_level": "ERROR",
        "sys_db_pool_size": 8,
    }
    try:
        DBOS(config=config)
        DBOS.launch()
    except (engine_errors.DBOSException, DBAPIError, sqlite3.Error) as error:
        raise NeedsOperator(
            f"It could not be started ({type(error).__name__}).",
            subject="the engine's own tables",
            cure="Check that the database runs and that its account may create a schema in it.",
        ) from error
    _declare_queues()


def _place(database_url: str) -> str:
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        return url.set(drivername="postgresql").render_as_string(hide_password=False)
    file = Path(str(url.database))
    own = file.with_name(f"{file.stem}-engine.sqlite")
    connection = sqlite3.connect(own)
    connection.execute("PRAGMA journal_mode = WAL")  # stays with the file: readers never wait
    connection.close()
    return f"sqlite:///{own}"


def _declare_queues() -> None:
    """Polls and removals are kept apart by account: one slow platform holds up nobody else."""
    for lane, places in ((POLLS, POLLS_AT_ONCE), (SLOW_POLLS, SLOW_POLLS_AT_ONCE)):
        DBOS.register_queue(
            lane,
            worker_concurrency=places,
            partition_concurrency=1,
            partition_limiter={"limit": 60, "period": 60.0},
            polling_interval_sec=0.5,
        )
    DBOS.register_queue(
        REMOVALS,
        worker_concurrency=8,
        partition_concurrency=4,
        partition_limiter={"limit": 120, "period": 60.0},
        polling_interval_sec=0.4,
    )
    DBOS.register_queue(READING, global_concurrency=1, polling_interval_sec=0.5)
    DBOS.register_queue(ALERTING, global_concurrency=1, polling_interval_sec=1.0)
    DBOS.register_queue(WRITING, global_concurrency=1, polling_interval_sec=2.0)
    DBOS.register_queue(CHECKING, global_concurrency=1, polling_interval_sec=2.0)


def enqueue(
    queue: str, workflow: str, workflow_id: str, *args: int, account: str = "", alone: bool = False
) -> None:
    """Ask for a workflow, once: the same id again changes nothing, whoever asks.

    account: on a queue that is kept apart by account. alone: not while another one of the same
    kind waits or runs.
    """
    options: Any = {
        "queue_name": queue,
        "workflow_name": workflow,
        "workflow_id": workflow_id,
        "app_version": APPLICATION_VERSION,
    }
    if account:
        options["queue_partition_key"] = account
    if alone:
        options["deduplication_id"] = workflow
        options["duplication_policy"] = "return-existing"
    DBOS.enqueue_workflow_with_options(options, *args)


def is_under_way(workflow_id: str) -> bool:
    """Whether it waits or runs, here or in another worker."""
    found = DBOS.get_workflow_status(workflow_id)
    return found is not None and found.status in _LIVING


def first_not_over(base: str) -> str:
    """The id that follows from base whose workflow has not come to an end: base, base-2, ..."""
    id_, number = base, 1
    while (found := DBOS.get_workflow_status(id_)) and found.status not in _LIVING:
        number += 1
        id_ = f"{base}-{number}"
    return id_


def schedule_weekly(
    name: str, workflow: Callable[[datetime, Any], None], cron: str, timezone: str
) -> None:
    """Run `workflow(scheduled_at, None)` at every tick of cron, missed ones included, each once."""
    DBOS.apply_schedules(
        [
            {
                "schedule_name": name,
                "workflow_fn": workflow,
                "schedule": cron,
                "cron_timezone": timezone,
                "automatic_backfill": True,
                "queue_name": WRITING,
            }
        ]
    )


def catch_up(name: str, since: datetime) -> None:
    """Enqueue the ticks of a schedule since then; those that were run already are skipped."""
    DBOS.backfill_schedule(name, since, now())


def take_over(executor: str) -> int:
    """Give the work that a dead worker had in hand to the living. Returns how much it was.

    DBOS has no public call that takes over only what still belongs to that executor:
    `resume_workflow` would also restart what another worker has taken over meanwhile.
    """
    return len(DBOS._recover_pending_workflows([executor]))


def forget_old() -> int:
    """Take finished work away after KEPT, so that the engine's tables stay small."""
    old = DBOS.list_workflows(
        status=["SUCCESS", "ERROR", "CANCELLED"],
        completed_before=(now() - KEPT).isoformat(),
        limit=2000,
        load_input=False,
        load_output=False,
    )
    if old:
        DBOS.delete_workflows([workflow.workflow_id for workflow in old])
    return len(old)


def stop() -> None:
    """Let the steps in hand finish, and stop. What is left goes on at the next start."""
    DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=STOP_SECONDS)
    _LOGGER.handlers = []
