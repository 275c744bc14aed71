"""How the register and the tasks read to a person: the words of its enums in plain English."""

from datetime import date

from models.register_words import (
    AgeBand,
    Authority,
    ConsentEnd,
    ConsentItem,
    HandleUse,
    LinkKind,
    RegisterRole,
    Standing,
    TaskKind,
)

STANDINGS = {
    Standing.CHILD: "Child",
    Standing.ADULT: "Adult",
    Standing.ADULT_AT_RISK: "Adult at risk",
    Standing.UNKNOWN: "Not known (counts as a child)",
}
ROLES = {
    RegisterRole.MEMBER: "Member",
    RegisterRole.PARENT: "Parent or carer",
    RegisterRole.STAFF: "Staff",
    RegisterRole.VOLUNTEER: "Volunteer",
}
BANDS = {
    AgeBand.UNKNOWN: "Not known",
    AgeBand.UNDER_13: "Under 13",
    AgeBand.FROM_13_TO_15: "13 to 15",
    AgeBand.FROM_16_TO_17: "16 or 17",
    AgeBand.ADULT: "18 or over",
}
USES = {HandleUse.PERSONAL: "Their own", HandleUse.BUSINESS: "Used for the organisation"}
LINKS = {
    LinkKind.PARENT: "Parent",
    LinkKind.GUARDIAN: "Guardian",
    LinkKind.RELATIVE: "Relative",
}
ITEMS = {
    ConsentItem.FIRST_NAME: "First name",
    ConsentItem.FULL_NAME: "Full name",
    ConsentItem.PHOTO: "Photographs",
    ConsentItem.VIDEO: "Video",
    ConsentItem.DIRECT_CONTACT: "Contact with the child directly",
    ConsentItem.GROUP_MEMBERSHIP: "Belonging to groups",
}
AUTHORITIES = {
    Authority.PARENT: "Parent",
    Authority.GUARDIAN: "Guardian",
    Authority.LOCAL_AUTHORITY: "Local authority",
    Authority.SELF: "The person themselves",
}
ENDS = {
    ConsentEnd.WITHDRAWN: "withdrawn",
    ConsentEnd.TURNED_18: "ended at 18",
    ConsentEnd.REPLACED: "replaced by a newer answer",
}
CHECK = "Enhanced DBS check"
CHECKS = {
    "scotland": "PVG scheme record",
    "northern_ireland": "Enhanced AccessNI check",
}
"""What the check of staff is called where it has another name than in England and Wales."""
TASKS = {
    TaskKind.CONSENT_WITHDRAWN: "A consent was withdrawn",
    TaskKind.TURNED_18: "Somebody has turned 18",
    TaskKind.MEMBER_WITHOUT_CONSENT: "A member without consent",
    TaskKind.MATCH_OFFERED: "Is this the same person?",
    TaskKind.GROUP_PRIVACY: "Check who can see a group",
    TaskKind.GROUP_BLIND: "Nobody is watching a group",
    TaskKind.ACCOUNT_HOLDERS: "An account needs a second holder",
    TaskKind.ACCOUNT_CONFIRM: "Confirm an account",
    TaskKind.CONTACT_FAULT: "Look at a contact with a child",
    TaskKind.ERASURE_ASKED: "Agree to erase an entry",
    TaskKind.CASE_DELETION: "Agree to delete a case whose time is over",
    TaskKind.STAFF_CHECK: "See to the check of a member of staff",
    TaskKind.RETENTION_DUE: "The time of a case is over",
}
ASKS = {
    TaskKind.CONSENT_WITHDRAWN: "Look at the earlier posts that name this person, and decide about "
    "each. Nothing is hidden or removed by itself.",
    TaskKind.TURNED_18: "What parents answered no longer counts. Ask the adult what they agree to, "
    "and record their own answers.",
    TaskKind.CONTACT_FAULT: "A contact with a child does not keep to one of the rules. The list of "
    "contacts says which. Judge it, then mark it there as looked at.",
    TaskKind.ERASURE_ASKED: "The lead asks to erase somebody from the register for good. It takes "
    "two people. Ask them why before you agree.",
    TaskKind.CASE_DELETION: "The safeguarding lead asks to delete the words of a closed case for "
    "good. It takes two people. Ask them why before you agree. You need not know what it is about.",
    TaskKind.STAFF_CHECK: "This person holds an account of yours, or can see into a group with "
    "children. No enhanced DBS check (PVG, AccessNI) is written down, or it is due for renewal. "
    "Write it down on their entry once you have seen it.",
    TaskKind.RETENTION_DUE: "This closed case has been kept for as long as your settings say. "
    "Look at it. You can ask somebody to agree that it is deleted, put it on hold, or keep it "
    "longer. Nothing is deleted by itself.",
}
"""What a task asks for, where its title does not say it all."""


def day(when: date | None) -> str:
    """ "2 May 2014"; "" for None."""
    return "" if when is None else f"{when.day} {when:%b %Y}"
