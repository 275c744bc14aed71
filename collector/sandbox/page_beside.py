"""What stands beside an invented Page's feed: tags, reviews, its inbox, who is blocked."""

from dataclasses import dataclass, field
from datetime import datetime

from collector.sandbox.page import Author
from models.vocabulary import now


@dataclass(slots=True)
class Tagged:
    """A post of somebody else's that tags the Page. Times are aware UTC."""

    id: str
    author: Author
    message: str
    created: datetime


@dataclass(slots=True)
class Review:
    """A review with words. recommends: False where it warns of the Page."""

    id: str
    author: Author
    text: str
    created: datetime
    recommends: bool = True


@dataclass(slots=True)
class Message:
    """One private message of a conversation."""

    id: str
    conversation: str
    author: Author
    text: str
    created: datetime
    photos: int = 0


@dataclass(slots=True)
class Beside:
    """All of it. replies: what the Page wrote privately, by the post or comment it answers."""

    tags: list[Tagged] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    _count: int = 0

    def tag(self, text: str, author: Author, created: datetime | None = None) -> str:
        """Somebody tags the Page; returns the post's id."""
        made = Tagged(f"{author.id}_{self._next()}", author, text, created or now())
        self.tags.append(made)
        return made.id

    def review(
        self,
        text: str,
        author: Author,
        created: datetime | None = None,
        *,
        recommends: bool = True,
    ) -> str:
        """Somebody reviews the Page; returns the review's id."""
        made = Review(str(self._next()), author, text, created or now(), recommends)
        self.reviews.append(made)
        return made.id

    def write(
        self,
        conversation: str,
        text: str,
        author: Author,
        created: datetime | None = None,
        photos: int = 0,
    ) -> str:
        """Somebody writes into a conversation ("t_1"); returns the message's id."""
        made = Message(
            f"m_inv-{self._next()}", conversation, author, text, created or now(), photos
        )
        self.messages.append(made)
        return made.id

    def conversations(self) -> list[tuple[str, datetime, int]]:
        """(id, when last written in, how many messages), the newest first."""
        found: dict[str, list[datetime]] = {}
        for one in self.messages:
            found.setdefault(one.conversation, []).append(one.created)
        told = [(name, max(times), len(times)) for name, times in found.items()]
        return sorted(told, key=lambda one: one[1], reverse=True)

    def _next(self) -> int:
        self._count += 1
        return 5_000_000 + self._count
