"""Importing an exported file into a source, all or nothing."""

from pathlib import Path

from sqlalchemy import select

from casework import audit
from chaperone.secret_places import SecretsOf
from chaperone.toml_table import did_you_mean
from chaperone.wiring import House
from collector.connector import Batch
from collector.connectors import registry
from collector.connectors.kind import ConnectorKind
from collector.members_seen import store_people
from collector.storing import Polled, store_posts
from models.errors import LookAgain, MendInput, NeedsOperator, Refused, RetryLater
from models.tables import Source
from models.vocabulary import now


def import_file(house: House, name: str, path: Path) -> Polled:
    """Store the posts of a file under a source of the settings. Importing again stores nothing.

    Raises MendInput where the file cannot be read as what the source expects (then nothing of it
    was stored), Refused for a source that takes no files, LookAgain where the worker is at it.
    """
    source = house.settings.source(name)
    if source is None:
        names = [known.name for known in house.settings.sources]
        cure = did_you_mean(name, names) if names else "Add it to the settings first."
        raise MendInput("There is no such source in the settings.", subject=name, cure=cure)
    kind = registry.get(source.connector)
    if "path" not in kind.options:
        raise Refused(
            f"A source of the connector {kind.name} takes no files.",
            subject=name,
            cure="Import into a source of the connector whatsapp, csv or jsonl.",
        )
    if not path.is_file():
        raise MendInput("There is no such file.", subject=str(path), cure="Check its name.")
    with house.store.read() as session:
        cursor = session.scalars(select(Source.cursor).where(Source.name == name)).one()
    options = {**source.options, "path": str(path)}
    return _store(house, name, cursor, _read(kind, options, SecretsOf(source.secrets), cursor))


def _read(
    kind: ConnectorKind,
    options: dict[str, str | int | bool | list[str]],
    secrets: SecretsOf,
    cursor: str | None,
) -> list[Batch]:
    """The whole file, before anything of it is stored."""
    try:
        return list(kind.connect(options, secrets).fetch(cursor))
    except (RetryLater, NeedsOperator) as error:
        raise MendInput(error.what, subject=error.subject, cure=error.cure) from error


def _store(house: House, name: str, cursor: str | None, batches: list[Batch]) -> Polled:
    new = edited = gone = 0
    notes: dict[str, None] = {}
    with house.store.write() as session:
        source = session.scalars(select(Source).where(Source.name == name).with_for_update()).one()
        if source.cursor != cursor:
            raise LookAgain(
                "The worker read the same source in this moment.",
                subject=name,
                cure="Nothing was stored. Import it again.",
            )
        for batch in batches:
            polled = store_posts(session, source, batch.posts, batch.gone, now)
            store_people(session, source.id, batch.people, now())
            new, edited, gone = new + polled.new, edited + polled.edited, gone + polled.gone
            source.cursor = batch.cursor
            notes.update(dict.fromkeys(batch.notes))
        source.last_success_at = now()
        audit.record(session, None, "source.imported", f"source:{source.id}", new=new)
        session.commit()
    return Polled(new, edited, gone, tuple(notes))
