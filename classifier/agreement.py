"""Two readers of one identifier: a rule and the learnt reader. A person is asked once.

    kept = said_once(findings)

Where a rule has found an identifier, its finding stands, and the learnt finding of the same words
goes; the score is that of whoever is surer. So goes a learnt finding of another kind inside a
number or a mailbox: a rule knows those by their form. A rule that is unsure takes nothing away,
but for an address that stands right behind a venue (NOBODYS_HOME).
"""

from collections.abc import Sequence
from dataclasses import replace

from classifier.detector import LEARNT
from models.vocabulary import Category, Finding

BY_FORM = frozenset({Category.PII_OTHER, Category.PII_PHONE, Category.PII_EMAIL})
"""What is nothing else where a rule has found it."""

SURE = 0.5
"""From this score on a rule has found it."""

NOBODYS_HOME = 0.1
"""The score of an address that stands right behind a venue: "the hall is at 4 Mill Lane". So plain
a sign against it takes a learnt finding away too."""


def said_once(findings: Sequence[Finding]) -> list[Finding]:
    """The findings of one text, in their order, each identifier once."""
    learnt = [one for one in findings if one.detector == LEARNT and _identifier(one)]
    rules = [one for one in findings if _identifier(one) and one.detector != LEARNT]
    found = {id(one) for one in rules if one.score >= SURE or _nobodys_home(one)}
    surer: dict[int, float] = {}
    said: set[int] = set()
    for rule in rules:
        for other in learnt:
            if id(rule) in found and _same(rule, other):
                said.add(id(other))
                if rule.category == other.category and rule.score >= SURE:
                    surer[id(rule)] = max(rule.score, other.score, surer.get(id(rule), 0.0))
    return [
        replace(one, score=surer.get(id(one), one.score)) for one in findings if id(one) not in said
    ]


def _nobodys_home(one: Finding) -> bool:
    return one.category == Category.PII_ADDRESS and one.score <= NOBODYS_HOME


def _identifier(one: Finding) -> bool:
    return one.category.startswith("pii_")


def _same(one: Finding, other: Finding) -> bool:
    """Whether they speak of the same words. one: of a rule. "Mia Holt turns 9 on Saturday" is a
    birth, and holds a name that is asked about too."""
    if one.category != other.category:
        return one.category in BY_FORM and one.start <= other.start and other.end <= one.end
    return one.start < other.end and other.start < one.end
