"""Triggers that let words go, and nothing else, from the tables of the record; on both databases.

Part of migration 0005 and so never changed. A row may lose its words where a tombstone stands for
what it belongs to (class, dates and reason), no case about it is open or on hold, and every other
column stays as it is: numbers, hashes, times and reasons still prove what was decided. All else
fails with "append-only", as before.
"""

from dataclasses import dataclass

from alembic import op


@dataclass(frozen=True, slots=True)
class _Let:
    """One table. emptied: column -> what it becomes. kept: columns that stay. where: conditions in
    SQL over OLD and NEW."""

    table: str
    emptied: dict[str, str]
    kept: tuple[str, ...]
    where: tuple[str, ...]


def _tombstone(kind: str, thing: str) -> str:
    """kind and thing are written in this file, and come from nowhere else."""
    whose = f"t.kind = '{kind}' AND t.thing_id = {thing}"
    return f"EXISTS (SELECT 1 FROM tombstone t WHERE {whose})"  # noqa: S608


def _no_open_case(post: str) -> str:
    """post: a column or a subquery that is written in this file."""
    held = "EXISTS (SELECT 1 FROM case_keeping k WHERE k.case_id = c.id AND k.held_at IS NOT NULL)"
    return (
        "NOT EXISTS (SELECT 1 FROM item i JOIN safeguarding_case c ON c.item_id = i.id"  # noqa: S608
        f" WHERE i.post_id = {post} AND (c.state <> 'closed' OR {held}))"
    )


_NOT_FROZEN = "NOT EXISTS (SELECT 1 FROM evidence e WHERE e.post_id = OLD.post_id AND e.text <> '')"
_CASE_SHUT = (
    "EXISTS (SELECT 1 FROM safeguarding_case c WHERE c.id = OLD.case_id AND c.state = 'closed'"
    " AND NOT EXISTS (SELECT 1 FROM case_keeping k WHERE k.case_id = c.id AND k.held_at IS NOT"
    " NULL))"
)
_POST_OF_DECISION = "(SELECT r.post_id FROM revision r WHERE r.id = OLD.revision_id)"

LETS = (
    _Let(
        "revision",
        {"text": "''"},
        ("id", "post_id", "number", "text_hash", "seen_at"),
        (
            "OLD.dropped_at IS NULL",
            "NEW.dropped_at IS NOT NULL",
            _tombstone("post", "OLD.post_id"),
            _NOT_FROZEN,
            _no_open_case("OLD.post_id"),
        ),
    ),
    _Let(
        "evidence",
        {"text": "''", "author_id": "NULL", "author_name": "NULL", "permalink": "NULL"},
        (
            *("id", "decision_id", "post_id", "revision_id", "text_hash", "posted_at"),
            *("collected_at", "frozen_at", "media_count"),
        ),
        (
            "EXISTS (SELECT 1 FROM tombstone t WHERE t.kind = 'post' AND t.thing_id = OLD.post_id"
            " AND t.reason = 'kept_long_enough')",
            _no_open_case("OLD.post_id"),
        ),
    ),
    _Let(
        "decision",
        {"words": "''"},
        (
            *("id", "item_id", "revision_id", "text_hash", "kind", "reason_code", "reason_title"),
            *("clause", "by", "at", "policy_version"),
        ),
        (_tombstone("post", _POST_OF_DECISION), _no_open_case(_POST_OF_DECISION)),
    ),
    _Let(
        "case_entry",
        {"text": "''"},
        ("id", "case_id", "kind", "about_time", "by", "at"),
        (_tombstone("case", "OLD.case_id"), _CASE_SHUT),
    ),
    _Let(
        "referral",
        {"contact": "''", "reference": "''", "advice": "''"},
        ("id", "case_id", "body", "how", "referred_at", "by", "at"),
        (_tombstone("case", "OLD.case_id"), _CASE_SHUT),
    ),
)


def let_words_go() -> None:
    """Put the narrower triggers in the place of the old ones, and guard the tombstones."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for let in LETS:
        if postgresql:
            _on_postgresql(let)
        else:
            _on_sqlite(let)
    for change in ("UPDATE", "DELETE"):
        does = (
            "EXECUTE FUNCTION forbid_change()"
            if postgresql
            else "BEGIN SELECT RAISE(ABORT, 'tombstone is append-only'); END"
        )
        op.execute(
            f"CREATE TRIGGER tombstone_no_{change.lower()} BEFORE {change} ON tombstone"
            f" FOR EACH ROW {does}"
        )


def _condition(let: _Let, same: str) -> str:
    kept = [f'NEW."{column}" {same} OLD."{column}"' for column in let.kept]
    emptied = [f'NEW."{column}" {same} {value}' for column, value in let.emptied.items()]
    return " AND ".join((*kept, *emptied, *let.where))


def _change(let: _Let) -> str:
    """Which updates are looked at. Of a revision the marks of its handling may be set freely."""
    if let.table != "revision":
        return "UPDATE"
    return f"UPDATE OF {', '.join((*let.kept, *let.emptied, 'dropped_at'))}"


def _on_sqlite(let: _Let) -> None:
    op.execute(f"DROP TRIGGER {let.table}_no_update")
    op.execute(
        f"CREATE TRIGGER {let.table}_no_update BEFORE {_change(let)} ON {let.table}"
        f" FOR EACH ROW WHEN NOT ({_condition(let, 'IS')})"
        f" BEGIN SELECT RAISE(ABORT, '{let.table} is append-only'); END"
    )


def _on_postgresql(let: _Let) -> None:
    op.execute(f"DROP TRIGGER {let.table}_no_update ON {let.table}")
    op.execute(
        f"CREATE FUNCTION {let.table}_words_go() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {_condition(let, 'IS NOT DISTINCT FROM')} THEN RETURN NEW; END IF; "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {let.table}_no_update BEFORE {_change(let)} ON {let.table}"
        f" FOR EACH ROW EXECUTE FUNCTION {let.table}_words_go()"
    )
