"""Why somebody is taken out of a place, and what the platform may be told of it.

`said` is all that leaves: some platforms show it to everybody there (Matrix does), so it never
tells what is true of the person. The record keeps the reason itself and the decider's words.
"""

from dataclasses import dataclass

from models.errors import Refused

_RULES = "Our membership rules"
_CONDUCT = "Our code of conduct"


@dataclass(frozen=True, slots=True)
class MemberReason:
    """One reason. title: what the desk shows. clause: of the policy. said: for the platform."""

    code: str
    title: str
    clause: str
    said: str = _RULES


MEMBER_REASONS = (
    MemberReason("may_be_under_18", "May be under 18, in a place for adults", "C31"),
    MemberReason("no_consent", "A child without a parent's permission", "C32"),
    MemberReason("under_platform_age", "Younger than the platform allows", "C33"),
    MemberReason("not_ours", "Not one of our people", "C32"),
    MemberReason("has_left", "Has left the organisation", "C2"),
    MemberReason("conduct", "Did not keep to the code of conduct", "C15", _CONDUCT),
    MemberReason("session_rules", "Did not keep to the rules of a session", "C66", _CONDUCT),
)


def member_reason(code: str) -> MemberReason:
    """The reason of that code. Raises Refused where there is none."""
    for reason in MEMBER_REASONS:
        if reason.code == code:
            return reason
    raise Refused(
        "No reason was chosen." if not code else f'"{code}" is not a reason for that.',
        subject="the decision to take somebody out",
        cure="Choose one of the reasons that are offered.",
    )
