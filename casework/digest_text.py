"""The words of the weekly digest, and nothing else in it but numbers, ages and names of places.

Every line is either fixed (its words stand in this file or among the shipped reasons; the rest of
it is a number or an age) or names a place. The guard (casework/guard.py) knows the fixed ones by
`FIXED` and looks at all the rest.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from casework.digest_numbers import Cases, Desk, SourceNumbers
from casework.group_numbers import GroupNumbers
from casework.mail import Message
from casework.reason_codes import reasons
from casework.weeks import monday
from models.vocabulary import DecisionKind, Level, Role

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_NUMBER = r"(?:\d[\d,]*|1-2|yes|no|none)"
_AGE = r"(?:less than an hour|\d[\d,]* (?:hours?|days?))"
_DAY = rf"\d{{1,2}} (?:{'|'.join(_MONTHS)}) \d{{4}}"

FEW = 3
"""Trustees are shown "1-2" below this: a smaller number can point at a person (practice 7)."""

KINDS = {
    DecisionKind.KEEP: "Kept",
    DecisionKind.HIDE: "Hidden",
    DecisionKind.UNHIDE: "Shown again",
    DecisionKind.REMOVE: "Removed",
    DecisionKind.ESCALATE: "Escalated to the lead",
}
LEVELS = {
    Level.L4: "Open, immediate danger",
    Level.L3: "Open, safeguarding",
    Level.L2: "Open, concern",
    Level.L1: "Open, breach of the rules",
    Level.L0: "Open, note",
}
_ROWS = (
    *("Waiting for a decision", "Oldest waiting", "Past the time allowed", "Help wanted"),
    *("To be done by hand", "Could not be carried out", "Not yet read by the program"),
    *("Posts collected", "Middle time from flag to decision", "Cases open", "Not acknowledged"),
    *("Not acknowledged in time", "Not yet decided whether to refer", "About staff or volunteers"),
    *("Designated officer to be told", "Of these past one working day", "Opened", "Closed"),
    *("Referred outside", "Alerts that could not be sent", "Places watched", "Places not seen now"),
    *("Accounts newly able to read posts", "Concerns raised", "Concerns open"),
    *("Posts removed or hidden", "People with two or more posts taken down in four weeks"),
    *("There is an active safeguarding lead", "Accounts with fewer than two holders"),
    *("Groups that are blind", "Members who may be too young", "Tasks open"),
)
_TITLES = (
    *("Now", "In the week", "Taken down, by reason", "Places", "Cases now", "The desk now"),
    *("Groups and accounts",),
)
_OPENING = "This message holds numbers only. What they are about is behind the sign-in."
_SIGN_IN = "Sign in: "
_CLOSING = (
    "Urgent items are never kept for this summary. They are sent on at once.",
    "Please do not answer this message.",
)


def subject(week: str) -> str:
    """Neutral, because a locked telephone shows it (practice 7)."""
    return f"Weekly moderation summary, week {int(week.partition('-W')[2])}"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its lines, each "what: how many"."""

    title: str
    lines: tuple[str, ...]


def monitor(
    desk: Desk, places: tuple[SourceNumbers, ...], groups: GroupNumbers
) -> tuple[Section, ...]:
    """What the online-presence manager reads. places: labels already passed by the guard."""
    week = [_row("Posts collected", _n(sum(place.posts for place in places)))]
    week += [_row(words, _n(desk.decided.get(kind, 0))) for kind, words in KINDS.items()]
    if desk.median_time is not None:
        week.append(_row("Middle time from flag to decision", age(desk.median_time)))
    week.append(_row("People with two or more posts taken down in four weeks", _n(desk.repeated)))
    return (
        Section("Now", _now(desk)),
        Section("In the week", tuple(week)),
        Section("Taken down, by reason", _by_reason(desk)),
        Section("Places", tuple(_place(place) for place in places)),
        Section("Groups and accounts", _groups(groups, _n)),
    )


def lead(
    cases: Cases, desk: Desk, places: tuple[SourceNumbers, ...], groups: GroupNumbers
) -> tuple[Section, ...]:
    """What the safeguarding lead reads: cases first."""
    now = [_row("Cases open", _n(cases.open))]
    now += [
        _row(LEVELS[level], _n(cases.open_by_level[level]))
        for level in reversed(Level)
        if level in cases.open_by_level
    ]
    now += [
        _row("Not acknowledged", _n(cases.unacknowledged)),
        _row("Not acknowledged in time", _n(cases.past_time)),
        _row("Not yet decided whether to refer", _n(cases.undecided)),
        _row("About staff or volunteers", _n(cases.about_staff)),
        _row("Designated officer to be told", _n(cases.lado_to_tell)),
        _row("Of these past one working day", _n(cases.lado_past)),
        _row("Alerts that could not be sent", _n(cases.alerts_failed)),
    ]
    week = (
        _row("Opened", _n(cases.opened)),
        _row("Closed", _n(cases.closed)),
        _row("Referred outside", _n(cases.referred)),
        _row("Accounts newly able to read posts, or with a new link", _n(cases.given_access)),
    )
    desk_now = (*_now(desk), _row("Places not seen now", _n(_blind(places))))
    return (
        Section("Cases now", tuple(now)),
        Section("In the week", week),
        Section("The desk now", desk_now),
        Section("Groups and accounts", _groups(groups, _n)),
    )


def trustee(
    cases: Cases,
    desk: Desk,
    places: tuple[SourceNumbers, ...],
    groups: GroupNumbers,
    *,
    has_lead: bool,
) -> tuple[Section, ...]:
    """What trustees read: few numbers, small ones blurred, nothing about a single case (C73)."""
    taken = desk.decided.get(DecisionKind.REMOVE, 0) + desk.decided.get(DecisionKind.HIDE, 0)
    week = [
        _row("Posts collected", blurred(sum(place.posts for place in places))),
        _row("Posts removed or hidden", blurred(taken)),
        _row("Concerns raised", blurred(cases.opened)),
        _row("Referred outside", blurred(cases.referred)),
    ]
    if desk.median_time is not None:
        week.append(_row("Middle time from flag to decision", age(desk.median_time)))
    now = (
        _row("Waiting for a decision", blurred(desk.waiting)),
        _row("Past the time allowed", blurred(desk.past_time + cases.past_time)),
        _row("Concerns open", blurred(cases.open)),
        _row("Places watched", blurred(len(places))),
        _row("Places not seen now", blurred(_blind(places))),
        _row("There is an active safeguarding lead", "yes" if has_lead else "no"),
    )
    return (
        Section("In the week", tuple(week)),
        Section("Now", now),
        Section("Groups and accounts", _groups(groups, blurred)),
    )


def written(week: str, role: Role, sections: tuple[Section, ...], sign_in_url: str) -> Message:
    """The whole message, in plain text and in HTML without pictures, scripts or links but one."""
    head = f"{subject(week)}, {ROLE_WORDS[role]}"
    first = monday(week)
    span = f"{_day(first)} to {_day(first + timedelta(days=6))}"
    text = [head, span, "", _OPENING]
    page = [f"<h1>{_e(head)}</h1>", f"<p>{_e(span)}</p>", f"<p>{_e(_OPENING)}</p>"]
    for section in sections:
        lines = section.lines or ("none",)
        text += ["", section.title, *(f"  {line}" for line in lines)]
        page.append(f"<h2>{_e(section.title)}</h2>")
        page.append("<ul>" + "".join(f"<li>{_e(line)}</li>" for line in lines) + "</ul>")
    if sign_in_url:
        text += ["", _SIGN_IN + sign_in_url]
        url = _e(sign_in_url)
        page.append(f'<p><a href="{url}">{_e(_SIGN_IN)}{url}</a></p>')
    text += ["", *_CLOSING]
    page += [f"<p>{_e(line)}</p>" for line in _CLOSING]
    body = "\n".join(page)
    return Message(
        subject(week),
        "\n".join(text) + "\n",
        f'<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">\n'
        f"<title>{_e(subject(week))}</title></head>\n<body>\n{body}\n</body></html>\n",
    )


ROLE_WORDS = {
    Role.MONITOR: "for the monitor",
    Role.LEAD: "for the safeguarding lead",
    Role.TRUSTEE: "for trustees",
}


def age(span: timedelta) -> str:
    """ "less than an hour", "5 hours", "3 days"."""
    hours = int(span.total_seconds() // 3600)
    if hours < 1:
        return "less than an hour"
    if hours < 48:
        return f"{hours} hour{'s' if hours != 1 else ''}"
    return f"{hours // 24} days"


def blurred(count: int) -> str:
    """A count for trustees: "1-2" where it is smaller than `FEW` and not nothing."""
    return "1-2" if 0 < count < FEW else _n(count)


def _fixed() -> tuple[re.Pattern[str], ...]:
    titles = {reason.title for kind in DecisionKind for reason in reasons(kind)}
    rows = (*_ROWS, *KINDS.values(), *LEVELS.values(), *titles)
    week = r"Weekly moderation summary, week \d{1,2}"
    roles = "|".join(re.escape(words) for words in ROLE_WORDS.values())
    lines = (
        rf"(?:{'|'.join(re.escape(row) for row in rows)}): (?:{_NUMBER}|{_AGE})",
        "|".join(re.escape(line) for line in (*_TITLES, _OPENING, *_CLOSING, "none")),
        rf"{week}(?:, (?:{roles}))?",
        rf"{_DAY} to {_DAY}",
        rf"{_SIGN_IN}https?://[^\s/?#@]+(?:/sign-in)?/?",
        rf"(?P<place>.+): {_NUMBER} posts?(?:, not seen for {_AGE})?",
    )
    return tuple(re.compile(line) for line in lines)


FIXED: Callable[[], tuple[re.Pattern[str], ...]] = _fixed
"""Patterns of whole lines whose words are the product's own; group "place" is not."""


def _now(desk: Desk) -> tuple[str, ...]:
    lines = [_row("Waiting for a decision", _n(desk.waiting))]
    if desk.oldest is not None:
        lines.append(_row("Oldest waiting", age(desk.oldest)))
    lines += [
        _row("Past the time allowed", _n(desk.past_time)),
        _row("Help wanted", _n(desk.help_wanted)),
        _row("To be done by hand", _n(desk.by_hand)),
        _row("Could not be carried out", _n(desk.failed)),
        _row("Not yet read by the program", _n(desk.unread)),
    ]
    return tuple(lines)


def _groups(groups: GroupNumbers, written: Callable[[int], str]) -> tuple[str, ...]:
    """Counts alone: who they are is behind the sign-in."""
    return (
        _row("Accounts with fewer than two holders", written(groups.few_holders)),
        _row("Groups that are blind", written(groups.blind)),
        _row("Members who may be too young", written(groups.reviews)),
        _row("Tasks open", written(groups.tasks)),
    )


def _by_reason(desk: Desk) -> tuple[str, ...]:
    most = sorted(desk.taken_down_for.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(_row(title, _n(count)) for title, count in most)


def _place(place: SourceNumbers) -> str:
    blind = "" if place.blind_for is None else f", not seen for {age(place.blind_for)}"
    plural = "" if place.posts == 1 else "s"
    return f"{place.label}: {_n(place.posts)} post{plural}{blind}"


def _blind(places: tuple[SourceNumbers, ...]) -> int:
    return sum(place.blind_for is not None for place in places)


def _row(what: str, how_many: str) -> str:
    return f"{what}: {how_many}"


def _n(count: int) -> str:
    return f"{count:,}"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _e(text: str) -> str:
    return html.escape(text)
