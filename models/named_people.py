"""Who may be named where, as frozen values: what the classifier is told of the register.

The classifier never reads the register. Casework puts these values together (casework.naming)
and the program hands them over anew whenever the register changes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from models.register_words import Authority


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer about one thing, as it counts on a day; later ones stand later in a row.

    giver: who answered, compared only with itself. channel, purpose: "" for every one. from_day,
    until_day: both included, None without end; an answer that was withdrawn ends the day before.
    """

    giver: str
    given: bool
    authority: Authority
    channel: str = ""
    purpose: str = ""
    from_day: date = date.min
    until_day: date | None = None

    def holds(self, day: date, channel: str, purpose: str) -> bool:
        """Whether it is an answer for that day, channel and purpose."""
        in_time = self.from_day <= day and (self.until_day is None or day <= self.until_day)
        return in_time and self.channel in ("", channel) and self.purpose in ("", purpose)


def allowed(
    answers: Iterable[Answer],
    day: date,
    *,
    child: bool,
    at_risk: bool = False,
    channel: str = "",
    purpose: str = "",
) -> bool:
    """Whether there is consent on that day for that channel and purpose (C21, C25 to C27).

    Each giver's newest answer counts; one "no" is enough, so two parents who disagree make a no
    (practice 4.13). A child's own no counts, its own yes does not replace a parent's. An adult
    answers for themselves; somebody else's yes counts only for an adult at risk.
    """
    newest: dict[str, Answer] = {}
    for answer in answers:
        if answer.holds(day, channel, purpose):
            newest[answer.giver] = answer
    if any(not each.given for each in newest.values() if child or _counts(each, False, at_risk)):
        return False
    return any(each.given and _counts(each, child, at_risk) for each in newest.values())


def refused(answers: Iterable[Answer], day: date, channel: str = "") -> bool:
    """Whether somebody's newest answer for that day and channel is a no."""
    newest = {each.giver: each for each in answers if each.holds(day, channel, "")}
    return any(not each.given for each in newest.values())


def _counts(answer: Answer, child: bool, at_risk: bool) -> bool:
    own = answer.authority is Authority.SELF
    return not own if child else (own or at_risk)


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person whose name may stand in a post.

    names: whole names and aliases as they are written. forms: further names that point to this
    person only where nobody bears them ("Katie" for Catherine). tags: handles. adult_from: the
    first day as an adult, None where that day is not known and `child` counts for every day.
    answers: about the full name, in the order in which they were recorded.
    """

    id: int
    names: tuple[str, ...]
    forms: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    child: bool = True
    at_risk: bool = False
    adult_from: date | None = None
    do_not_publish: bool = False
    answers: tuple[Answer, ...] = ()

    def is_child_on(self, day: date) -> bool:
        """Whether this person counts as a child on that day (C34)."""
        return self.child if self.adult_from is None else day < self.adult_from

    def may_be_named(self, day: date, channel: str) -> bool:
        """Whether the full name may stand in that channel on that day (C21)."""
        if self.do_not_publish:
            return False
        child = self.is_child_on(day)
        return allowed(self.answers, day, child=child, at_risk=self.at_risk, channel=channel)

    def wants_no_name(self, day: date, channel: str) -> bool:
        """Whether somebody said no for that channel."""
        return refused(self.answers, day, channel)


@dataclass(frozen=True, slots=True)
class NamedPeople:
    """The register as the classifier knows it. timezone: where a post's day begins.

    stamp: differs whenever anything in it does; equal stamps mean equal values.
    """

    people: tuple[NamedPerson, ...] = ()
    timezone: str = "Europe/London"
    stamp: str = ""


NOBODY_NAMED = NamedPeople()
"""For an installation without a register, and for trials of the detectors."""
