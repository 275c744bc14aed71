"""Triggers that make the record append-only, in both databases.

Part of migration 0001 and so never changed; a later migration that must loosen one table drops
that table's trigger by name.
"""

from alembic import op

FINAL = ("decision", "verdict", "evidence", "case_entry", "referral", "audit")
REVISION_COLUMNS = "id, post_id, number, text, text_hash, seen_at"


def forbid_changes() -> None:
    """UPDATE and DELETE on the tables of the record fail with "append-only"."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.execute(
            "CREATE FUNCTION forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table in FINAL:
        _forbid(table, "UPDATE", postgresql)
        _forbid(table, "DELETE", postgresql)
    _forbid("revision", f"UPDATE OF {REVISION_COLUMNS}", postgresql)
    _forbid("revision", "DELETE", postgresql)


def forbid_on(table: str) -> None:
    """The same for one more table. After `forbid_changes`, in a later migration."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    _forbid(table, "UPDATE", postgresql)
    _forbid(table, "DELETE", postgresql)


def _forbid(table: str, change: str, postgresql: bool) -> None:
    name = f"{table}_no_{change.split()[0].lower()}"
    does = (
        "EXECUTE FUNCTION forbid_change()"
        if postgresql
        else f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {change} ON {table} FOR EACH ROW {does}")
