"""What an organisation's people said of findings, right or wrong: the rows to learn from."""

import hashlib
from dataclasses import dataclass, field

from sqlalchemy import select

from classifier.detector import Text
from classifier.normalise import normalise
from models.tables import Decision, FindingRow, Post, Revision, Source, Verdict
from models.unit_of_work import Store
from models.vocabulary import Category

MOST = 20_000
"""The newest so many texts are learnt from: more would take longer than minutes."""

ONE_IN = 3
"""One text of so many is kept apart and only measured on: drawn by its words, so that the same
words never stand on both sides, and stay on the same side from one learning to the next."""


@dataclass(slots=True)
class OwnRow:
    """One text that was decided on. truth: what each category was found to be, right or wrong."""

    text: Text
    held: bool
    truth: dict[Category, bool] = field(default_factory=dict)


def own_rows(store: Store, seed: int) -> list[OwnRow]:
    """Every decided text, oldest decision first; on the same finding the last word counts.

    A category is right where any of its findings was, and wrong where all were.
    """
    rows: dict[tuple[str, str, str], OwnRow] = {}
    with store.read() as session:
        found = session.execute(
            select(
                Verdict.right,
                FindingRow.id,
                FindingRow.category,
                Revision.text,
                Revision.text_hash,
                Source.audience,
                Post.author_role,
                Post.posted_at,
            )
            .select_from(Verdict)
            .join(Decision, Decision.id == Verdict.decision_id)
            .join(FindingRow, FindingRow.id == Verdict.finding_id)
            .join(Revision, Revision.id == FindingRow.revision_id)
            .join(Post, Post.id == Revision.post_id)
            .join(Source, Source.id == Post.source_id)
            .where(Revision.dropped_at.is_(None))  # there is nothing to learn from no words
            .order_by(Decision.id, Verdict.id)
        ).all()
    said: dict[tuple[str, str, str], dict[int, tuple[Category, bool]]] = {}
    for right, finding, category, words, text_hash, audience, role, posted_at in found:
        key = (text_hash, str(audience), str(role))
        if key not in rows:
            text = Text(text_hash, normalise(words), audience, role, posted_at)
            rows[key] = OwnRow(text, is_held(text_hash, seed))
        said.setdefault(key, {})[finding] = (category, right)
    for key, row in rows.items():
        for category, right in said[key].values():
            row.truth[category] = row.truth.get(category, False) or right
    return list(rows.values())[-MOST:]


def is_held(name: str, seed: int, one_in: int = ONE_IN) -> bool:
    """Whether what bears this name is kept apart: always the same for one seed."""
    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    return int.from_bytes(digest[:4]) % one_in == 0
