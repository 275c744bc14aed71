"""Two readers of one identifier: a rule and the learnt reader. A person is asked once.

    kept = said_once(findings)

Where a rule has found an identifier, its finding stands, and the learnt finding of the same words
goes, of whatever kind; of the same kind, the score is that of whoever is surer. A rule that is
unsure itself takes nothing away.
"""

from collections.abc import Sequence
from dataclasses import replace

from classifier.detector import LEARNT
from models.vocabulary import Finding

SURE = 0.5
"""From this score on a rule has found it."""


def said_once(findings: Sequence[Finding]) -> list[Finding]:
    """The findings of one text, in their order, each identifier once."""
    learnt = [one for one in findings if one.detector == LEARNT and _identifier(one)]
    rules = [one for one in findings if _identifier(one) and one.detector != LEARNT]
    found = {id(one) for one in rules if one.score >= SURE}
    surer: dict[int, float] = {}
    said: set[int] = set()
    for rule in rules:
        for other in learnt:
            if id(rule) in found and _same(rule, other):
                said.add(id(other))
                if rule.category == other.category:
                    surer[id(rule)] = max(rule.score, other.score, surer.get(id(rule), 0.0))
    return [
        replace(one, score=surer.get(id(one), one.score)) for one in findings if id(one) not in said
    ]


def _identifier(one: Finding) -> bool:
    return one.category.startswith("pii_")


def _same(one: Finding, other: Finding) -> bool:
    """Whether they speak of the same words. Of another kind the learnt finding goes only where it
    has no words of its own: "Mia Holt turns 9 on Saturday" is a birth, and holds a name."""
    if one.category != other.category:
        return one.start <= other.start and other.end <= one.end
    return one.start < other.end and other.start < one.end
