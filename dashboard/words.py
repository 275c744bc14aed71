"""How times, ages, levels and states read to a person. Pure: aware UTC in, plain English out."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from models.vocabulary import (
    ActionState,
    Audience,
    AuthorRole,
    CaseState,
    DecisionKind,
    EntryKind,
    Level,
    NoticeState,
    Presence,
    ReferralBody,
    Role,
    aware,
)

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

LEVELS = {
    Level.L0: "Note",
    Level.L1: "Breach of rules",
    Level.L2: "Concern",
    Level.L3: "Safeguarding",
    Level.L4: "Immediate danger",
}
ROLES = {
    Role.MONITOR: "Monitor",
    Role.LEAD: "Safeguarding lead",
    Role.TRUSTEE: "Trustee",
    Role.ADMIN: "Administrator",
}
AUDIENCES = {
    Audience.CHILDREN: "a children's place",
    Audience.MIXED: "children and adults",
    Audience.ADULT_ONLY: "adults only",
    Audience.PUBLIC: "open to everyone",
}
AUTHORS = {
    AuthorRole.MEMBER: "member",
    AuthorRole.PARENT: "parent or carer",
    AuthorRole.STAFF: "staff",
    AuthorRole.UNKNOWN: "not known to us",
}
PRESENCES = {
    Presence.PRESENT: "still there",
    Presence.HIDDEN: "hidden there",
    Presence.GONE: "gone from there",
    Presence.UNKNOWN: "not checked",
}
KINDS = {
    DecisionKind.KEEP: "Keep",
    DecisionKind.HIDE: "Hide",
    DecisionKind.UNHIDE: "Show again",
    DecisionKind.REMOVE: "Remove",
    DecisionKind.ESCALATE: "Escalate",
}
DONE = {
    DecisionKind.KEEP: "Kept",
    DecisionKind.HIDE: "To be hidden",
    DecisionKind.UNHIDE: "To be shown again",
    DecisionKind.REMOVE: "To be removed",
    DecisionKind.ESCALATE: "Escalated",
}
ACTIONS = {
    ActionState.WANTED: "Waiting to be sent to the platform",
    ActionState.HELD: "Held",
    ActionState.BY_HAND: "Needs doing by hand",
    ActionState.SENT: "Sent to the platform, waiting for confirmation",
    ActionState.CONFIRMED: "Confirmed",
    ActionState.FAILED: "Failed",
}
NOTICES = {
    NoticeState.WANTED: "Waiting to be sent",
    NoticeState.BY_HAND: "To be sent by hand",
    NoticeState.SENT: "Sent",
    NoticeState.NOT_TOLD: "Not told",
    NoticeState.FAILED: "Could not be sent",
}
CASES = {
    CaseState.OPEN: "Not yet acknowledged",
    CaseState.ACKNOWLEDGED: "Being worked on",
    CaseState.CLOSED: "Closed",
}
ENTRIES = {
    EntryKind.VERBATIM: "Exact words",
    EntryKind.ACCOUNT: "What was seen or heard",
    EntryKind.OPINION: "Professional opinion",
    EntryKind.ADVICE: "Advice received",
    EntryKind.ACTION: "Action taken",
    EntryKind.DECISION: "Decision",
}
BODIES = {
    ReferralBody.LADO: "Local authority designated officer (LADO)",
    ReferralBody.CHILDRENS_SOCIAL_CARE: "Children's social care",
    ReferralBody.ADULT_SOCIAL_CARE: "Adult social care",
    ReferralBody.POLICE: "Police",
    ReferralBody.PREVENT: "Prevent",
    ReferralBody.PLATFORM: "The platform",
    ReferralBody.OTHER: "Somebody else",
}


@lru_cache
def zone(name: str) -> ZoneInfo:
    """The time zone that people read, by its name ("Europe/London")."""
    return ZoneInfo(name)


def when(moment: datetime | None, timezone: str = "Europe/London") -> str:
    """ "Sat 21 Nov, 09:10" in the organisation's time zone; "never" for None."""
    if moment is None:
        return "never"
    local = aware(moment).astimezone(zone(timezone))
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}, {local:%H:%M}"


def long_when(moment: datetime | None, timezone: str = "Europe/London") -> str:
    """ "Sat 21 Nov 2026, 09:10 GMT": for records that are read years later."""
    if moment is None:
        return "never"
    local = aware(moment).astimezone(zone(timezone))
    day = f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year}"
    return f"{day}, {local:%H:%M %Z}"


def clock(moment: datetime, timezone: str, present: datetime) -> str:
    """ "09:10" today, else with its day: for "blind since"."""
    local = aware(moment).astimezone(zone(timezone))
    if local.date() == aware(present).astimezone(zone(timezone)).date():
        return f"{local:%H:%M}"
    return when(moment, timezone)


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def length(span: timedelta) -> str:
    """ "under a minute", "3 hours", "1 day": rounded down to the largest unit that fits."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return "under a minute"
    if minutes < 60:
        return _counted(minutes, "minute")
    if minutes < 60 * 48:
        return _counted(minutes // 60, "hour")
    return _counted(minutes // (60 * 24), "day")


def waiting(since: datetime, present: datetime) -> str:
    """ "waiting 3 hours"."""
    return f"waiting {length(aware(present) - aware(since))}"


def due(at: datetime, present: datetime) -> str:
    """ "due in 2 hours" or "overdue by 1 day"."""
    left = aware(at) - aware(present)
    if left >= timedelta(0):
        return f"due in {length(left)}"
    return f"overdue by {length(-left)}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """ "1 item", "3 items"; `many` where an s does not make the plural."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
