"""How much words weigh as a sign that their author is under 18 (C31; practice 6). Pure.

    evidence = AgeEvidence.shipped()
    evidence.strength(finding)                    # STRONG, MEDIUM or None
    evidence.enough([STRONG])                     # one strong, or two mediums

Evidence, never a verdict: what is enough only puts the words before a person.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.group_words import EvidenceStrength
from models.vocabulary import Category, Finding

_FILE = Path(__file__).parent / "age_evidence.toml"


@dataclass(frozen=True, slots=True)
class AgeEvidence:
    """Thresholds of age_evidence.toml. least, most: by detector, where one has its own."""

    strong: float
    medium: float
    mediums: int
    least: Mapping[str, float]
    most: Mapping[str, EvidenceStrength]

    @staticmethod
    def shipped() -> "AgeEvidence":
        """As it stands in the file beside this one."""
        return _shipped()

    def strength(self, finding: Finding) -> EvidenceStrength | None:
        """How much it weighs; None where it is no sign of age, or too weak to count."""
        words_stand = finding.end > finding.start
        if finding.category is not Category.UNDERAGE or not words_stand:
            return None  # without the words that show it nothing is put before a person
        if finding.score < max(self.medium, self.least.get(finding.detector, 0.0)):
            return None
        if finding.score < self.strong:
            return EvidenceStrength.MEDIUM
        return self.most.get(finding.detector, EvidenceStrength.STRONG)

    def enough(self, found: Iterable[EvidenceStrength]) -> bool:
        """Whether a person should look: one strong sign, or two mediums."""
        counted = Counter(found)
        strong, medium = (
            counted[each] for each in (EvidenceStrength.STRONG, EvidenceStrength.MEDIUM)
        )
        return strong > 0 or medium >= self.mediums


@cache
def _shipped() -> AgeEvidence:
    with _FILE.open("rb") as file:
        written = tomllib.load(file)
    own = written["detector"]
    return AgeEvidence(
        strong=float(written["strong"]),
        medium=float(written["medium"]),
        mediums=int(written["mediums"]),
        least={name: float(row["least"]) for name, row in own.items()},
        most={name: EvidenceStrength(row["most"]) for name, row in own.items()},
    )
