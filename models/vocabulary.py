"""The shared words: enums and frozen values. No SQLAlchemy, no input, no output.

The string values are the product's public vocabulary: stored, written in settings, printed.
Never rename one. Categories and label rules: docs/categories.md. All times are aware UTC.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum


class Category(StrEnum):
    """What a post can be flagged for (twenty, fixed)."""

    BULLYING = "bullying"
    HATE = "hate"
    THREAT = "threat"
    SEXUAL_HARASSMENT = "sexual_harassment"
    SELF_HARM = "self_harm"
    DISCLOSURE = "disclosure"
    GROOMING = "grooming"
    CONTACT_MOVE = "contact_move"
    INAPPROPRIATE_STAFF_CONTACT = "inappropriate_staff_contact"
    RADICALISATION = "radicalisation"
    PROFANITY = "profanity"
    PII_DOB = "pii_dob"
    PII_ADDRESS = "pii_address"
    PII_PHONE = "pii_phone"
    PII_EMAIL = "pii_email"
    PII_SCHOOL = "pii_school"
    PII_FULL_NAME = "pii_full_name"
    PII_OTHER = "pii_other"
    LOCATION_SHARING = "location_sharing"
    UNDERAGE = "underage"


class Audience(StrEnum):
    """Who the place is for (C14)."""

    CHILDREN = "children"
    MIXED = "mixed"
    ADULT_ONLY = "adult_only"
    PUBLIC = "public"


class AuthorRole(StrEnum):
    """What is known of the author. In a children's place UNKNOWN is a stranger."""

    MEMBER = "member"
    PARENT = "parent"
    STAFF = "staff"
    UNKNOWN = "unknown"


class Level(StrEnum):
    """Severity, L0 (note) to L4 (immediate danger). Compare with `>=`: the values sort."""

    L0 = "L0"
    L1 = "L1"
    L2 = "L2"
    L3 = "L3"
    L4 = "L4"


class Route(StrEnum):
    """Who sees an item. LEAD: the lead only, the monitor sees "escalated"."""

    MONITOR = "monitor"
    MONITOR_LEAD_TOLD = "monitor_lead_told"
    LEAD = "lead"
    EMERGENCY = "emergency"


class Role(StrEnum):
    """What a signed-in person may do; one person may hold several."""

    MONITOR = "monitor"
    LEAD = "lead"
    TRUSTEE = "trustee"
    ADMIN = "admin"


class PostKind(StrEnum):
    """What sort of thing was written."""

    POST = "post"
    COMMENT = "comment"
    MESSAGE = "message"


class Presence(StrEnum):
    """Whether the post still stands on its platform, as last seen there."""

    PRESENT = "present"
    HIDDEN = "hidden"
    GONE = "gone"
    UNKNOWN = "unknown"


class Capability(StrEnum):
    """What a connector can do."""

    POSTS = "posts"
    MEMBERS = "members"
    MEMBER_CHANGES = "member_changes"
    HIDE = "hide"
    UNHIDE = "unhide"
    REMOVE = "remove"
    RESTORE = "restore"
    REASON = "reason"
    REMOVE_MEMBER = "remove_member"
    TELL_AUTHOR = "tell_author"


class Verb(StrEnum):
    """What a connector is asked to do to a post."""

    HIDE = "hide"
    UNHIDE = "unhide"
    REMOVE = "remove"
    RESTORE = "restore"


class ItemState(StrEnum):
    """Where an item of the queue stands."""

    WAITING = "waiting"
    ESCALATED = "escalated"
    DECIDED = "decided"


class DecisionKind(StrEnum):
    """What a person can decide about an item."""

    KEEP = "keep"
    HIDE = "hide"
    UNHIDE = "unhide"
    REMOVE = "remove"
    ESCALATE = "escalate"


class ActionState(StrEnum):
    """How far a wanted action on a platform has come (decision is not action)."""

    WANTED = "wanted"
    HELD = "held"
    BY_HAND = "by_hand"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"


class NoticeState(StrEnum):
    """How far a wanted notice has come."""

    WANTED = "wanted"
    BY_HAND = "by_hand"
    SENT = "sent"
    NOT_TOLD = "not_told"
    FAILED = "failed"


class CaseState(StrEnum):
    """Where a safeguarding case stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class EntryKind(StrEnum):
    """Kinds of case entry, kept apart on purpose (practice 4.1)."""

    VERBATIM = "verbatim"
    ACCOUNT = "account"
    OPINION = "opinion"
    ADVICE = "advice"
    ACTION = "action"
    DECISION = "decision"


class ReferralBody(StrEnum):
    """Where the lead can refer to (C53)."""

    LADO = "lado"
    CHILDRENS_SOCIAL_CARE = "childrens_social_care"
    ADULT_SOCIAL_CARE = "adult_social_care"
    POLICE = "police"
    PREVENT = "prevent"
    PLATFORM = "platform"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Finding:
    """Evidence, never a verdict.

    start, end: character offsets into the original text, end exclusive.
    score: 0 to 1. because: one plain English sentence; it may name what kind of thing was seen
    but is shown only beside the post.
    """

    category: Category
    score: float
    start: int
    end: int
    because: str
    detector: str
    version: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """The signed-in person on whose behalf something is read or decided."""

    user_id: int
    name: str
    roles: frozenset[Role]

    def has(self, role: Role) -> bool:
        return role in self.roles


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who the installation belongs to. Its own published details are never flagged as private.

    allowed: the organisation's own phones, e-mail addresses, postcodes and venue names, as
    written in settings. nation: "england", "wales", "scotland" or "northern_ireland".
    alternate_lead: who takes on what concerns the lead; somebody in the lead's role besides.
    """

    name: str
    nation: str = "england"
    timezone: str = "Europe/London"
    lead_name: str = ""
    lead_phone: str = ""
    outside_contact: str = ""
    alternate_lead: str = ""
    contact_email: str = ""
    allowed_phones: tuple[str, ...] = ()
    allowed_emails: tuple[str, ...] = ()
    allowed_postcodes: tuple[str, ...] = ()
    allowed_venues: tuple[str, ...] = ()
    staff_handles: frozenset[str] = field(default_factory=frozenset)


def aware(moment: datetime) -> datetime:
    """The same moment in UTC. Raises ValueError on a naive datetime."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("a time without a time zone was given; times inside are aware UTC")
    return moment.astimezone(UTC)


def now() -> datetime:
    """The present moment, aware UTC."""
    return datetime.now(UTC)
