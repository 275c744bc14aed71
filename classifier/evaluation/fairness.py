"""Fairness: how often harmless posts of a group of people are flagged, beside everybody's.

    for group in fairness(report):
        print(group)

A group is a few functionalities of the project's suite: posts in a dialect, posts by people who
learnt English later, posts that name a faith or a disability without harm. In another file every
functionality whose name begins with "fair_" is a group of its own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from classifier.evaluation.measure import Report, Share

TWICE = 2.0
"""More than so many times the overall rate is unfair, or has to be explained (issue 3)."""

PREFIX = "fair_"

GROUPS: dict[str, tuple[str, ...]] = {
    "everyday English (for comparison)": ("fair_standard_baseline",),
    "London and multicultural English": ("fair_dialect_mle", "dialect_praise_leave"),
    "northern English": ("fair_dialect_northern",),
    "west country and eastern English": ("fair_dialect_westcountry_and_east",),
    "Scots": ("fair_dialect_scots",),
    "Ulster and Irish English": ("fair_dialect_ulster",),
    "Welsh English": ("fair_dialect_wales",),
    "Welsh": ("fair_welsh_language",),
    "Welsh, Scots and Irish words": ("clean_welsh_scots_irish",),
    "all dialects": (
        "fair_dialect_mle",
        "fair_dialect_northern",
        "fair_dialect_westcountry_and_east",
        "fair_dialect_scots",
        "fair_dialect_ulster",
        "fair_dialect_wales",
        "clean_welsh_scots_irish",
        "dialect_praise_leave",
        "dialect_oath_leave",
        "friendly_dialect_leave",
    ),
    "English as a second language": ("fair_second_language", "clean_second_language"),
    "text speak": (
        "text_speak_compliment_leave",
        "text_speak_family_leave",
        "text_speak_friendly_leave",
    ),
    "faith": (
        "fair_faith",
        "faith_neutral_leave",
        "faith_festival_leave",
        "faith_and_protest_leave",
    ),
    "ethnicity and nation": ("fair_ethnicity_and_nation", "ethnicity_neutral_leave"),
    "disability": ("fair_disability", "disability_neutral_leave"),
    "gender, age and class": (
        "fair_gender",
        "fair_age_class_and_family",
        "age_sex_neutral_leave",
    ),
    "sexuality": ("fair_sexuality", "lgbt_neutral_leave", "reclaimed_self_description"),
    "all identity words": (
        "fair_faith",
        "faith_neutral_leave",
        "faith_festival_leave",
        "faith_and_protest_leave",
        "fair_ethnicity_and_nation",
        "ethnicity_neutral_leave",
        "fair_disability",
        "disability_neutral_leave",
        "fair_gender",
        "fair_age_class_and_family",
        "age_sex_neutral_leave",
        "fair_sexuality",
        "lgbt_neutral_leave",
        "reclaimed_self_description",
        "clean_identity_mentions",
        "dialect_identity_leave",
        "identity_at_person_neutral_leave",
        "identity_words_in_titles_leave",
    ),
}
"""What a reader of the model card calls a group, and the functionalities that measure it."""

NOT_ABOUT_PEOPLE = ("fair_arrangements_leave", "fair_criticism_leave", "fair_play_leave")
"""Functionalities of the suite about fair play: their names only begin alike."""


@dataclass(frozen=True, slots=True)
class Group:
    """One group. flagged: harmless posts that were flagged; overall: the same of all posts."""

    name: str
    flagged: Share
    overall: Share

    @property
    def times(self) -> float:
        """How many times the overall rate; 0 where nothing was flagged at all."""
        return self.flagged.rate / self.overall.rate if self.overall.hits else 0.0

    @property
    def unfair(self) -> bool:
        """More than twice the overall rate."""
        return self.flagged.rate > TWICE * self.overall.rate

    @property
    def sure(self) -> bool:
        """It is unfair, and so few posts cannot be the reason (95% Wilson interval)."""
        return self.unfair and self.flagged.interval[0] > TWICE * self.overall.rate

    def __str__(self) -> str:
        said = f"{self.name:34} {self.flagged}"
        if not self.unfair:
            return said
        why = "" if self.sure else ", which chance can do with so few posts"
        return f"{said}  more than twice the overall rate{why}"


def fairness(report: Report) -> tuple[Group, ...]:
    """The groups that the report has posts of, with the overall rate beside each."""
    overall = report.clean_flagged
    named = {name for names in GROUPS.values() for name in names} | set(NOT_ABOUT_PEOPLE)
    others = sorted(
        name
        for name in report.clean_by_functionality
        if name.startswith(PREFIX) and name not in named
    )
    asked = [*GROUPS.items(), *((name, (name,)) for name in others)]
    groups = (Group(name, _together(report, names), overall) for name, names in asked)
    return tuple(group for group in groups if group.flagged.total)


def fairness_lines(groups: Iterable[Group]) -> Iterator[str]:
    """The groups as plain text; nothing where there is none."""
    told = list(groups)
    if told:
        yield "harmless posts flagged, by who writes or who is named"
        yield f"  {'everybody':34} {told[0].overall}"
        yield from (f"  {group}" for group in told)


def _together(report: Report, names: Iterable[str]) -> Share:
    shares = [report.clean_by_functionality.get(name, Share(0, 0)) for name in names]
    return Share(sum(share.hits for share in shares), sum(share.total for share in shares))
