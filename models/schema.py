"""Bringing a database to the newest schema, by Alembic migrations."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.exc import OperationalError

from models.unit_of_work import Store, remedy


def upgrade(store: Store) -> None:
    """Create or migrate the tables. Safe to call at every start.

    Raises NeedsOperator when the database cannot be reached or written.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    try:
        with store.engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except OperationalError as error:
        raise remedy(error) from error
