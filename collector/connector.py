"""The connector contract: what every platform's file in `connectors/` provides.

A connector fetches posts in batches, each with the place to resume from, and acts on the
platform when a person has decided. It leaves only by RetryLater, NeedsOperator or Refused
(models.errors). It keeps nothing: the caller stores posts and cursor in one commit, and may
abandon the iterator after any batch.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol, runtime_checkable

from models.vocabulary import AuthorRole, Capability, PostKind, Presence, Verb

Cursor = str
"""Where to resume: opaque text that only its own connector reads. Never holds a token."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """One address in a mail's headings. place: "from", "to" or "cc". address: in lower case.

    listed: "staff", "archive", "child" or "personal" where the source's settings know it, else "".
    """

    place: str
    address: str
    listed: str = ""


@dataclass(frozen=True, slots=True)
class IncomingPost:
    """One post, comment or message as the platform gave it. Times are aware UTC.

    native_id: the platform's own id (or a stable hash where it has none), unique in the source.
    author_id: the platform's id or handle of the author, None where it does not say.
    thread_id: native id of the post that the thread hangs from (its own id for a top post).
    author_role: None where the connector cannot know; the register may know later.
    media_count: pictures, videos and files beside the text. They are never fetched.
    note: a fact about the row that a reader needs ("time is ambiguous: clocks went back").
    reports: how often people reported it on the platform itself; it then comes before a person.
    addressed: of a mail, its sender and whom it went to; kept for a short time only.
    """

    native_id: str
    kind: PostKind
    text: str
    posted_at: datetime
    author_id: str | None = None
    author_name: str | None = None
    author_role: AuthorRole | None = None
    parent_id: str | None = None
    thread_id: str | None = None
    permalink: str | None = None
    edited_at: datetime | None = None
    media_count: int = 0
    hidden: bool = False
    note: str = ""
    reports: int = 0
    addressed: tuple[Addressed, ...] = ()


@dataclass(frozen=True, slots=True)
class Gone:
    """The platform showed that a post no longer stands. by: "author", "moderator" or "unknown"."""

    native_id: str
    by: str = "unknown"


@dataclass(frozen=True, slots=True)
class MemberSeen:
    """Somebody who came, went or wrote, where a platform tells of changes and gives no list.

    there: whether they belong to the place from `at` on (aware UTC). was: the handle that they had
    before, where they changed it ("" otherwise). role: "" where it does not say.
    """

    handle: str
    display_name: str
    at: datetime
    there: bool = True
    role: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Posts, deletions seen, and where to resume once both are stored."""

    posts: tuple[IncomingPost, ...]
    cursor: Cursor
    gone: tuple[Gone, ...] = ()
    notes: tuple[str, ...] = ()
    """Plain sentences for the Sources screen ("12 media items were not checked")."""
    people: tuple[MemberSeen, ...] = ()
    """Members seen to come, go or write, in the order in which it happened (MEMBER_CHANGES)."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person that the platform lists as belonging to the place. since: aware UTC."""

    handle: str
    display_name: str
    role: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention of the account somewhere else, as a webhook told of it: ids, and no words.

    comment_id: "" where the mention stands in the caption of the media itself.
    """

    media_id: str
    comment_id: str = ""


@dataclass(frozen=True, slots=True)
class PlatformAction:
    """One thing to do to one post. key is the same on every try of the same decision.

    reason_title, reason_message: what the platform may be given as the removal's reason and
    what its author is told, where it has the means; empty where nothing is to be said.
    """

    key: str
    verb: Verb
    native_id: str
    reason_title: str = ""
    reason_message: str = ""


@dataclass(frozen=True, slots=True)
class MemberAction:
    """One person to be taken out of the place. key is the same on every try of the same decision.

    handle: as `Member.handle` or `IncomingPost.author_id` has it. keep_out: also kept from coming
    back (a ban), where the platform has the means; where it has none, the receipt says so.
    reason: a short, general sentence that the platform may keep, and may show to others there:
    never about the person, never a word of a post. Empty where nothing is to be said.
    """

    key: str
    handle: str
    keep_out: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the platform answered. already: it stood so before we asked (that is a success).

    told: where there was a message for the author, whether it reached them; None where that is
    not certain. Then a person tells them.
    """

    done_at: datetime
    already: bool = False
    detail: str = ""
    told: bool | None = True


@dataclass(frozen=True, slots=True)
class Sighting:
    """How a post stands on the platform now; text where the platform gave it."""

    presence: Presence
    text: str | None = None


@runtime_checkable
class Connector(Protocol):
    """MUST: page to the end, notice edits and deletions, include replies, keep the platform's
    own delay in RetryLater. MUST NOT: fetch media, log text or tokens, follow a link that leaves
    the platform's base address."""

    name: ClassVar[str]
    """Stored beside every post: never renamed."""
    capabilities: ClassVar[frozenset[Capability]]

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """Everything new since `after` (None: from the beginning), oldest cursor first.

        Raises RetryLater, NeedsOperator or Refused.
        """
        ...

    def act(self, action: PlatformAction) -> Receipt:
        """Do it. Idempotent: removing what is gone succeeds with `already`. Raises as fetch."""
        ...

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """How each stands now; ids the platform does not know are GONE. Raises as fetch."""
        ...

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """Guided steps for a person, in plain words, for a verb outside `capabilities`."""
        ...


@runtime_checkable
class ReadsMentions(Protocol):
    """A connector of a platform that tells of mentions by a webhook and lists them nowhere."""

    def mention(self, mention: Mention) -> IncomingPost | Gone:
        """The post that mentions the account, as it stands now.

        Gone only where that is certain. Refused: it is not shown, now or ever. Raises as fetch.
        """
        ...


@runtime_checkable
class ListsMembers(Protocol):
    """A connector whose capabilities hold MEMBERS."""

    def members(self) -> Iterator[Member]:
        """Everyone listed now. Raises as fetch."""
        ...


@runtime_checkable
class RemovesMembers(Protocol):
    """A connector whose capabilities hold REMOVE_MEMBER."""

    def remove_member(self, action: MemberAction) -> Receipt:
        """Take the person out. Idempotent: one who is gone is a success that says so (`already`).

        A permission that is missing is NeedsOperator, never `already`. What the platform refuses
        for good (its owner, somebody above the account) is Refused. Raises as fetch.
        """
        ...

    def is_member(self, handle: str) -> bool:
        """Whether the person belongs to the place now, as the platform says. Raises as fetch."""
        ...


@runtime_checkable
class GuidesMembers(Protocol):
    """A connector that has its own words for taking somebody out by hand."""

    def member_by_hand(self) -> tuple[str, ...]:
        """Guided steps for a person, in plain words."""
        ...


_MEMBER_BY_HAND = (
    "Open the place with an account that may manage its members.",
    "Find the person in the list of members, and remove them.",
    "Come back here and press Done.",
)


def member_steps(connector: object) -> tuple[str, ...]:
    """How a person takes somebody out by hand: the connector's own steps, or the general ones."""
    if isinstance(connector, GuidesMembers):
        return connector.member_by_hand()
    return _MEMBER_BY_HAND
