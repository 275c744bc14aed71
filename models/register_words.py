"""The words of the register: enums stored in its tables. No SQLAlchemy, no input, no output.

The string values are stored and stand in the files people import. Never rename one.
"""

from enum import StrEnum


class Standing(StrEnum):
    """Whether somebody counts as a child. UNKNOWN counts as one (C34)."""

    CHILD = "child"
    ADULT_AT_RISK = "adult_at_risk"
    ADULT = "adult"
    UNKNOWN = "unknown"


class RegisterRole(StrEnum):
    """What somebody is to the organisation; a person may be several."""

    STAFF = "staff"
    VOLUNTEER = "volunteer"
    MEMBER = "member"
    PARENT = "parent"


class AgeBand(StrEnum):
    """What is known of an age where no date of birth is held."""

    UNDER_13 = "under_13"
    FROM_13_TO_15 = "13_to_15"
    FROM_16_TO_17 = "16_to_17"
    ADULT = "18_or_over"
    UNKNOWN = "unknown"


class HandleUse(StrEnum):
    """Whether a handle is a person's own or used for the organisation (C40)."""

    PERSONAL = "personal"
    BUSINESS = "business"


class LinkKind(StrEnum):
    """How two people are tied."""

    PARENT = "parent"
    GUARDIAN = "guardian"
    RELATIVE = "relative"


class ConsentItem(StrEnum):
    """What a consent is for (C21, C25, C27, C32, C37)."""

    FIRST_NAME = "first_name"
    FULL_NAME = "full_name"
    PHOTO = "photo"
    VIDEO = "video"
    DIRECT_CONTACT = "direct_contact"
    GROUP_MEMBERSHIP = "group_membership"


class Authority(StrEnum):
    """By what right somebody answered."""

    SELF = "self"
    PARENT = "parent"
    GUARDIAN = "guardian"
    LOCAL_AUTHORITY = "local_authority"


class ConsentEnd(StrEnum):
    """Why a consent no longer holds before its last day."""

    WITHDRAWN = "withdrawn"
    TURNED_18 = "turned_18"
    REPLACED = "replaced"


class TaskKind(StrEnum):
    """What a person is asked to do. The check that opens it is named beside it."""

    CONSENT_WITHDRAWN = "consent_withdrawn"  # register: earlier posts that name the person
    TURNED_18 = "turned_18"  # register: ask the adult, parental rows lapsed
    MEMBER_WITHOUT_CONSENT = "member_without_consent"  # membership (C32)
    MATCH_OFFERED = "match_offered"  # membership: a close call is for a person
    GROUP_PRIVACY = "group_privacy"  # membership: privacy not attested, or public (C6)
    GROUP_BLIND = "group_blind"  # membership: fewer than two, or not the lead, can see it (C3)
    ACCOUNT_HOLDERS = "account_holders"  # accounts: fewer than two holders (C2)
    ACCOUNT_CONFIRM = "account_confirm"  # accounts: not confirmed for too long (C1)
    CONTACT_FAULT = "contact_fault"  # contacts: a rule was not kept; the lead alone (C37 to C45)
    ERASURE_ASKED = "erasure_asked"  # data protection: the second person agrees, or does not
    CASE_DELETION = "case_deletion"  # data protection: the second person of a case's deletion
    STAFF_CHECK = "staff_check"  # register: a DBS check is missing or due; the lead alone (C51)
    RETENTION_DUE = "retention_due"  # data protection: a period has passed
