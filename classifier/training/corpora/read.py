"""Every row of the corpora, made by the generator or written whole.

A row is a dict: id, text, audience, author_role, labels, voice, template, split ("train" or
"dev"), and posted_at where it matters. Rows of one template are one idea, on one side of the split.

Made rows stand in `*.jsonl` (make_corpora.py). Posts written whole stand in `posts/*.txt`: one a
line, `labels | place role | text`; a block between empty lines is one idea: a flagged post in one
or several wordings beside the benign posts that look like it.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.vocabulary import Audience, AuthorRole, Category

HERE = Path(__file__).parent
PLACES = {"c": Audience.CHILDREN, "x": Audience.MIXED, "a": Audience.ADULT_ONLY,
          "p": Audience.PUBLIC}  # fmt: skip
ROLES = {"m": AuthorRole.MEMBER, "p": AuthorRole.PARENT, "s": AuthorRole.STAFF,
         "u": AuthorRole.UNKNOWN}  # fmt: skip
ONE_IN = 6
"""One block in so many is kept for development."""

WHOLE = "whole"
"""What the voice of a post that was written whole begins with."""

Row = dict[str, Any]


def corpora(folder: Path = HERE) -> Iterator[Row]:
    """All rows: the made ones by file, then those written whole."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)
    yield from posts(folder / "posts")


def posts(folder: Path = HERE / "posts") -> Iterator[Row]:
    """The posts written whole. Raises ValueError for a line of another form, and names it."""
    for path in sorted(folder.glob("*.txt")):
        number = 0
        for block in path.read_text(encoding="utf-8").split("\n\n"):
            lines = [line for line in block.splitlines() if line.strip()]
            digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
            split = "dev" if int(digest[:8], 16) % ONE_IN == 0 else "train"
            for line in lines:
                number += 1
                yield {
                    "id": f"{path.stem}-{number:04}",
                    **_parsed(line, path.name),
                    "voice": WHOLE if split == "train" else f"{WHOLE}_dev",
                    "template": f"{path.stem}.{digest[:8]}",
                    "split": split,
                }


def _parsed(line: str, name: str) -> Row:
    try:
        labels, where, text = (part.strip() for part in line.split(" | ", 2))
        place, role = where.split()
        found = [] if labels == "-" else [str(Category(label)) for label in labels.split(",")]
        context = {"audience": str(PLACES[place]), "author_role": str(ROLES[role])}
    except (ValueError, KeyError) as error:
        raise ValueError(f"{name}: a line of another form: {line[:60]!r}") from error
    return {"text": text, **context, "labels": found}
