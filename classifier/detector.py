"""The detector contract: what every file in `detectors/` provides.

Detectors give evidence (models.vocabulary.Finding), never a verdict: thresholds live in the
policy. They work in batches because models need them, and on texts that were normalised once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol, runtime_checkable

from classifier.normalise import Normalised
from models.vocabulary import Audience, AuthorRole, Category, Finding

LEARNT = "meaning"
"""The name of the detector that was taught: stored beside every finding of it, never renamed."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text to read. posted_at: aware UTC, None where unknown. channel: the name of the source
    it stands in, "" where it stands in none; consents are given for channels (C21, C26).

    Findings carry offsets into `normal.original`; `normal.to_original(start, end)` maps spans
    that were found in `normal.text` back.
    """

    id: str
    normal: Normalised
    audience: Audience = Audience.PUBLIC
    author_role: AuthorRole = AuthorRole.UNKNOWN
    posted_at: datetime | None = None
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A hit (`expect` is the text of the span that must be found) or a near miss (`expect` "")."""

    text: str
    category: Category
    expect: str = ""
    audience: Audience = Audience.PUBLIC
    author_role: AuthorRole = AuthorRole.UNKNOWN
    posted_at: datetime | None = None


@runtime_checkable
class Detector(Protocol):
    """MUST: be linear in the length of the text, find nothing in an empty one, keep no state
    between batches. A detector that raises or times out puts the post before a person."""

    name: ClassVar[str]
    """Stored beside every finding: never renamed."""
    version: ClassVar[str]
    categories: ClassVar[frozenset[Category]]
    EXAMPLES: ClassVar[tuple[Example, ...]]

    def detect(self, posts: Sequence[Text]) -> Sequence[Sequence[Finding]]:
        """One sequence of findings for each text, in the same order."""
        ...
