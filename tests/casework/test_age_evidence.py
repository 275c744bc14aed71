"""How much words weigh: one strong sign, or two mediums; and never without the words."""

import pytest

from casework.age_evidence import AgeEvidence
from models.group_words import EvidenceStrength
from models.vocabulary import Category, Finding

EVIDENCE = AgeEvidence.shipped()
STRONG, MEDIUM = EvidenceStrength.STRONG, EvidenceStrength.MEDIUM


def _found(score: float, detector: str = "author_age", end: int = 5, **more) -> Finding:
    category = more.get("category", Category.UNDERAGE)
    return Finding(category, score, 0, end, "because", detector, "1")


@pytest.mark.parametrize(
    ("finding", "strength"),
    [
        (_found(0.9), STRONG),
        (_found(0.6), MEDIUM),
        (_found(0.54), None),  # a strong sign from a parent: the detector has lowered it
        (_found(0.99, "meaning"), MEDIUM),
        (_found(0.9, "meaning"), None),
        (_found(0.9, end=0), None),
        (_found(0.9, category=Category.PII_DOB), None),
    ],
)
def test_one_sign(finding: Finding, strength: EvidenceStrength | None) -> None:
    assert EVIDENCE.strength(finding) is strength


@pytest.mark.parametrize(
    ("found", "enough"),
    [([STRONG], True), ([MEDIUM, MEDIUM], True), ([MEDIUM], False), ([], False)],
)
def test_together(found: list[EvidenceStrength], enough: bool) -> None:
    assert EVIDENCE.enough(found) is enough
