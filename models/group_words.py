"""The words of groups and accounts: enums stored in their tables. No SQLAlchemy, no input,
no output.

The string values are stored. Never rename one.
"""

from enum import StrEnum


class Privacy(StrEnum):
    """Whether outsiders can look into a group, as somebody attested (C6)."""

    PRIVATE = "private"
    PUBLIC = "public"
    UNKNOWN = "unknown"


class MatchState(StrEnum):
    """How a member of a place came to be, or not to be, somebody of the register.

    AUTOMATIC: the program is sure. OFFERED: a close call, which a person decides. CONFIRMED and
    REJECTED: a person decided, and the program never goes back on that.
    """

    AUTOMATIC = "automatic"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class ReviewWhy(StrEnum):
    """What opened a review "may be under 18" (C31, C33)."""

    KNOWN_CHILD = "known_child"
    BELOW_PLATFORM_AGE = "below_platform_age"
    WRITES_SO = "writes_so"


class EvidenceStrength(StrEnum):
    """How much words weigh as a sign of age: two mediums make a strong (practice 6)."""

    MEDIUM = "medium"
    STRONG = "strong"


class ReviewOutcome(StrEnum):
    """How a review ended, or what it waits for. PARENT_ASKED leaves it open."""

    VERIFIED_ADULT = "verified_adult"
    PARENT_ASKED = "parent_asked"
    REMOVED = "removed"
    CONSENT_RECORDED = "consent_recorded"


class TwoFactor(StrEnum):
    """Whether an account of the organisation wants a second factor at sign-in (C1)."""

    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"


class SignIn(StrEnum):
    """How the holders of an account sign in. A choice, so that no password can be written here."""

    UNKNOWN = "unknown"
    OWN = "own"
    PASSWORD_MANAGER = "password_manager"  # noqa: S105
    SINGLE_SIGN_ON = "single_sign_on"
    SHARED = "shared"
