"""Every row of the corpora, made by the generator or written whole.

A row is a dict: id, text, audience, author_role, labels, voice, template, split ("train" or
"dev"), and posted_at where it matters. Rows of one template are one idea, on one side of the split.

Made rows stand in `*.jsonl` (make_corpora.py). Posts written whole stand in `posts/*.txt`: one a
line, `labels | place role | text`; a block between empty lines is one idea: a flagged post in one
or several wordings beside the benign posts that look like it. Where a post was written with its
identifiers marked (`<<n:Ash Brightwell>>`, the letter says which, see LETTERS), its row has
`marks`: category, start and end in its text, which has the marks no more.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.vocabulary import Audience, AuthorRole, Category

HERE = Path(__file__).parent
PLACES = {"c": Audience.CHILDREN, "x": Audience.MIXED, "a": Audience.ADULT_ONLY,
          "p": Audience.PUBLIC}  # fmt: skip
ROLES = {"m": AuthorRole.MEMBER, "p": AuthorRole.PARENT, "s": AuthorRole.STAFF,
         "u": AuthorRole.UNKNOWN}  # fmt: skip
LETTERS = {"n": Category.PII_FULL_NAME, "d": Category.PII_DOB, "s": Category.PII_SCHOOL,
           "a": Category.PII_ADDRESS, "p": Category.PII_PHONE, "e": Category.PII_EMAIL,
           "o": Category.PII_OTHER}  # fmt: skip
ONE_IN = 6
"""One block in so many is kept for development."""

WHOLE = "whole"
"""What the voice of a post that was written whole begins with."""

MARKED = "six"
"""Files whose name begins so were written with their identifiers marked, all of them."""

PLAIN = re.compile(r"six[i-z][a-z]?_")
"""How the latest writers' files begin: they were asked for plain, uncontrived posts."""

Row = dict[str, Any]

_MARK = re.compile(r"<<([a-z]):(.+?)>>")


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
                    **_parsed(line, path.name, path.stem.startswith(MARKED)),
                    "voice": WHOLE if split == "train" else f"{WHOLE}_dev",
                    "template": f"{path.stem}.{digest[:8]}",
                    "split": split,
                }


def _parsed(line: str, name: str, marked: bool) -> Row:
    try:
        labels, where, text = (part.strip() for part in line.split(" | ", 2))
        place, role = where.split()
        found = [] if labels == "-" else [str(Category(label)) for label in labels.split(",")]
        context = {"audience": str(PLACES[place]), "author_role": str(ROLES[role])}
        plain, marks = _unmarked(text)
    except (ValueError, KeyError) as error:
        raise ValueError(f"{name}: a line of another form: {line[:60]!r}") from error
    if not marked:
        return {"text": plain, **context, "labels": found}
    return {"text": plain, **context, "labels": found, "marks": marks}


def _unmarked(text: str) -> tuple[str, list[tuple[str, int, int]]]:
    """The text without its marks, and category, start and end of what was marked."""
    plain, at = "", 0
    marks = []
    for match in _MARK.finditer(text):
        plain += text[at : match.start()]
        marks.append((str(LETTERS[match[1]]), len(plain), len(plain) + len(match[2])))
        plain += match[2]
        at = match.end()
    return plain + text[at:], marks
