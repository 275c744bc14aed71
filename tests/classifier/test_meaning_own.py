"""What the learnt finding of an identifier leaves alone."""

from datetime import UTC, datetime

import pytest

from classifier.detector import Text
from classifier.detectors.meaning_own import Own
from classifier.detectors.registered_name import Register
from classifier.normalise import normalise
from models.named_people import Answer, NamedPeople, NamedPerson
from models.register_words import Authority
from models.vocabulary import Category, Organisation

CLUB = Organisation(
    "Larkspur Dance",
    lead_name="Odette Marsh",
    allowed_venues=("Elmfold Primary School",),
    allowed_postcodes=("ZZ1 1ZZ",),
)


def covered(text: str, said: str, own: Own) -> bool:
    """Whether `own` covers what is said within the text."""
    post = Text("1", normalise(text), posted_at=datetime(2026, 11, 20, 18, tzinfo=UTC))
    start = text.index(said)
    return own.covers(post, (start, start + len(said)), Category.PII_FULL_NAME)


@pytest.mark.parametrize(
    ("text", "said", "left"),
    [
        ("we meet at elmfold primary school", "elmfold primary school", True),
        ("we meet at Elmfold Primary", "Elmfold Primary", True),
        ("she goes to Oakmere High", "Oakmere High", False),
        ("ask Odette Marsh", "Odette Marsh", True),
        ("ask Odette Hale", "Odette Hale", False),
        ("12 Larch Row, zz1 1zz", "12 Larch Row, zz1 1zz", True),
        ("12 Larch Row, ZZ9 1ZZ", "12 Larch Row, ZZ9 1ZZ", False),
        ("at a", "a", False),
    ],
)
def test_the_organisations_own_details_are_nobodys_secret(text: str, said: str, left: bool) -> None:
    assert covered(text, said, Own(CLUB)) is left


def test_everything_is_looked_at_without_an_organisation() -> None:
    assert not covered("she goes to Oakmere High", "Oakmere High", Own(Organisation("")))


def test_the_register_has_the_last_word() -> None:
    child = NamedPerson(1, ("Ella Hartnell",))
    willing = NamedPerson(2, ("Silas Penhaligon",), answers=(Answer("m", True, Authority.PARENT),))
    own = Own(Organisation(""), Register(NamedPeople((child, willing), stamp="1")))
    text = "well done Ella Hartnell, Silas Penhaligon and Wren Oakshott"
    assert covered(text, "Ella Hartnell", own)  # found there by a detector of its own
    assert covered(text, "Silas Penhaligon", own)
    assert not covered(text, "Wren Oakshott", own)
