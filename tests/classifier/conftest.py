"""What reaches a person, for the tests of single detectors."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from classifier.detector import Text
from classifier.normalise import normalise
from classifier.policy import load_policy
from classifier.registry import detectors
from classifier.service import classify
from models.vocabulary import Audience, AuthorRole, Category, Organisation

Flagged = Callable[..., dict[Category, list[str]]]
OWN = Organisation(
    "Sunrise Dance",
    allowed_phones=("07700 900555",),
    allowed_emails=("hello@sunrise.example",),
    allowed_postcodes=("PO19 8DJ",),
    allowed_venues=("Harbour Hall",),
)


@pytest.fixture(scope="session")
def flagged() -> Flagged:
    """By category the words that findings stand on, of a post in a mixed group by a member."""
    built, policy = detectors(OWN), load_policy()

    def read(
        text: str, audience: Audience = Audience.MIXED, role: AuthorRole = AuthorRole.MEMBER
    ) -> dict[Category, list[str]]:
        one = Text("x", normalise(text), audience, role, datetime(2026, 11, 20, 12, tzinfo=UTC))
        found: dict[Category, list[str]] = {}
        for finding in policy.assess(classify([one], built)[0].findings, audience, role).kept:
            found.setdefault(finding.category, []).append(text[finding.start : finding.end])
        return found

    return read
