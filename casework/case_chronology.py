"""The chronology of a case: one dated line per event, in the order in which they happened.

Times are printed as clocks stood in the organisation's zone, with its name (practice 4.2).
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from casework.case_view import CaseView, ReferralView
from models.vocabulary import EntryKind, ReferralBody

KIND_WORDS = {
    EntryKind.VERBATIM: "Exact words",
    EntryKind.ACCOUNT: "Account",
    EntryKind.OPINION: "Opinion",
    EntryKind.ADVICE: "Advice",
    EntryKind.ACTION: "Action",
    EntryKind.DECISION: "Decision",
}
BODY_WORDS = {
    ReferralBody.LADO: "the local authority designated officer (LADO)",
    ReferralBody.CHILDRENS_SOCIAL_CARE: "children's social care",
    ReferralBody.ADULT_SOCIAL_CARE: "adult social care",
    ReferralBody.POLICE: "the police",
    ReferralBody.PREVENT: "Prevent",
    ReferralBody.PLATFORM: "the platform",
    ReferralBody.OTHER: "somebody else",
}


@dataclass(frozen=True, slots=True)
class ChronologyLine:
    """One dated line. at: aware UTC; local: the same with its zone ("17 November 2026, 09:10 GMT").

    by: who recorded it, "the program" for lines that no person wrote.
    """

    at: datetime
    local: str
    what: str
    text: str
    by: str


def chronology(view: CaseView, timezone: str = "Europe/London") -> tuple[ChronologyLine, ...]:
    """Everything that is known to have happened, in order of when it happened (practice 4.2)."""
    zone = ZoneInfo(timezone)
    found: list[tuple[datetime, str, str, str]] = [
        (view.line.opened_at, "Case opened", view.why_opened, view.opened_by_name)
    ]
    if view.post is not None:
        seen = f"First seen by the program in {view.post.source_label}."
        found.append((view.post.seen_at, "Post seen", seen, ""))
    for entry in view.entries:
        when = entry.about_time or entry.at
        found.append((when, KIND_WORDS[entry.kind], entry.text, entry.by_name))
    for referral in view.referrals:
        found.append((referral.referred_at, "Referral", _said(referral), referral.by_name))
    found.sort(key=lambda line: line[0])
    return tuple(
        ChronologyLine(at, local_time(at, zone), what, text, by or "the program")
        for at, what, text, by in found
    )


def local_time(at: datetime, zone: ZoneInfo) -> str:
    """ "17 November 2026, 09:10 GMT": as clocks stood there, with the zone's name."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%B %Y, %H:%M} {local.tzname()}"


def _said(referral: ReferralView) -> str:
    if not referral.contact:  # it has to be given, so it was there until the case was deleted
        return f"To {BODY_WORDS[referral.body]}, by {referral.how}. Its details are no longer kept."
    parts = [f"To {BODY_WORDS[referral.body]}: {referral.contact}, by {referral.how}."]
    parts.append(f"Reference: {referral.reference or 'none given'}.")
    if referral.advice:
        parts.append(f"Advice: {referral.advice}")
    return " ".join(parts)
