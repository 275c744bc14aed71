"""The detector of meaning: it names the sentence and the words, and weighs place and author."""

import time

import pytest

from classifier.detector import Text
from classifier.detectors.greetings import only_wishes
from classifier.detectors.meaning import BECAUSE, MOST_PIECES, TELLING, MeaningDetector
from classifier.detectors.meaning_words import MOST_WORDS
from classifier.detectors.registered_name import Register
from classifier.normalise import normalise
from classifier.policy import load_policy
from models.named_people import Answer, NamedPeople, NamedPerson
from models.register_words import Authority
from models.vocabulary import Audience, AuthorRole, Category, Finding

SECRET = "Keep our messages secret, do not tell your mum"


@pytest.fixture(scope="module")
def detector() -> MeaningDetector:
    return MeaningDetector()


def found(
    detector: MeaningDetector,
    text: str,
    category: Category,
    audience: Audience = Audience.CHILDREN,
    author_role: AuthorRole = AuthorRole.UNKNOWN,
) -> Finding | None:
    """The finding of this category, if there is one."""
    some = detector.detect([Text("x", normalise(text), audience, author_role)])[0]
    return next((one for one in some if one.category == category), None)


def test_it_names_the_sentence_in_a_longer_post(detector: MeaningDetector) -> None:
    post = f"What a lovely show. {SECRET}. See you at rehearsal on Monday."
    finding = found(detector, post, Category.GROOMING)
    assert finding
    reaches = load_policy().assess((finding,), Audience.CHILDREN, AuthorRole.UNKNOWN)
    assert reaches.kept, "two friendly sentences around it do not hide it from a person"
    assert post[finding.start : finding.end] == f"{SECRET}."


def test_it_names_words_of_that_sentence(detector: MeaningDetector) -> None:
    finding = found(detector, SECRET, Category.GROOMING)
    assert finding
    assert finding.because.startswith(BECAUSE[Category.GROOMING])
    named = finding.because.split('"')[1::2]
    assert 0 < len(named) <= MOST_WORDS
    assert all(word in SECRET.lower() for word in named)
    assert {"secret", "tell", "mum"} & set(named), "one of the words that make it what it is"


def test_what_hardly_counts_says_no_words(detector: MeaningDetector) -> None:
    texts = ["you look nice today", "see you at mine later", "my mum shouted at me", SECRET]
    some = [
        finding
        for findings in detector.detect([Text(text, normalise(text)) for text in texts])
        for finding in findings
    ]
    assert any(finding.score < TELLING for finding in some)
    for finding in some:
        assert ('"' in finding.because) == (finding.score >= TELLING)


def test_place_and_author_are_weighed(detector: MeaningDetector) -> None:
    text = "add me on snap and we can talk"
    child = found(detector, text, Category.CONTACT_MOVE)
    adults = found(detector, text, Category.CONTACT_MOVE, Audience.ADULT_ONLY, AuthorRole.PARENT)
    assert child
    assert child.score > (adults.score if adults else 0.0)


def test_disguised_letters_are_read(detector: MeaningDetector) -> None:
    plain = found(detector, "you are so ugly and nobody likes you", Category.BULLYING)
    hidden = found(detector, "y0u are s0 ug1y and n o b o d y likes you", Category.BULLYING)
    assert plain and hidden
    assert abs(plain.score - hidden.score) < 0.1
    flagged = load_policy().assess([hidden], Audience.CHILDREN, AuthorRole.UNKNOWN)
    assert flagged.categories == (Category.BULLYING,), "whoever disguises an insult is read too"


def test_one_line_deep_in_a_long_post_is_seen(detector: MeaningDetector) -> None:
    around = "The hall was warm and the tea was good. " * 12
    post = f"{around}{SECRET}. {around}"
    finding = found(detector, post, Category.GROOMING)
    assert finding
    assert SECRET in post[finding.start : finding.end]


def test_an_age_long_past_is_not_the_authors(detector: MeaningDetector) -> None:
    then, now = "i was 15 when i joined", "im 15 and i joined today"
    assert found(detector, then, Category.UNDERAGE, Audience.ADULT_ONLY) is None
    assert found(detector, now, Category.UNDERAGE, Audience.ADULT_ONLY)
    both = found(detector, f"{then}. {now}", Category.UNDERAGE, Audience.ADULT_ONLY)
    assert both and both.score > 0.6


@pytest.mark.parametrize("text", ["", "  ", "🎉🎉", "...", "12 34"])
def test_without_words_there_is_nothing_to_read(detector: MeaningDetector, text: str) -> None:
    assert list(detector.detect([Text("x", normalise(text))])[0]) == []


def test_a_very_long_text_takes_a_bounded_time(detector: MeaningDetector) -> None:
    """Beside a text that is read whole, since processors differ: sixteen times the words take less
    than three times as long."""
    words = "you and me, we should talk. "
    taken = []
    for many in (MOST_PIECES * 10, 4_000):
        ready = [Text("x", normalise(words * many))]
        started = time.thread_time()
        detector.detect(ready)
        taken.append(time.thread_time() - started)
    assert taken[1] < 3 * taken[0]


@pytest.mark.parametrize(
    ("words", "only"),
    [
        ("Eid Mubarak everyone", True),
        ("Happy Diwali to all our families from the committee", True),
        ("Nadolig Llawen!", True),
        ("Ramadan Kareem 🌙", True),
        ("Wishing a happy Hanukkah to all who celebrate", True),
        ("Happy Easter, you pig", False),
        ("Eid Mubarak everyone, now go home", False),
        ("happy pride month lol not", False),
        ("Shalom from the lot who run the world", False),
        ("everyone", False),
    ],
)
def test_good_wishes_for_a_feast_are_left_alone(words: str, only: bool) -> None:
    assert only_wishes(normalise(words).words) is only


def test_an_identifier_is_pointed_at_and_the_register_has_the_last_word(
    detector: MeaningDetector,
) -> None:
    text = "our neighbour Wren Hallett-Quigley won the cup, she is in year 4 at Elmfold Primary"
    post = Text("x", normalise(text), Audience.PUBLIC, AuthorRole.PARENT)

    def named(reader: MeaningDetector, category: Category) -> list[str]:
        found = reader.detect([post])[0]
        return [text[one.start : one.end] for one in found if one.category == category]

    assert named(detector, Category.PII_SCHOOL) == ["Elmfold Primary"]
    assert named(detector, Category.PII_FULL_NAME) == ["Wren Hallett-Quigley"]
    consent = (Answer("m", True, Authority.PARENT),)
    known = NamedPeople((NamedPerson(1, ("Wren Hallett-Quigley",), answers=consent),), stamp="1")
    asked = detector.with_register(Register(known))
    assert named(asked, Category.PII_FULL_NAME) == []
    assert named(asked, Category.PII_SCHOOL) == ["Elmfold Primary"]
