"""Names on the register: who is found, when consent speaks, and what is left aside (C21, C24)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from classifier.detector import Text
from classifier.normalise import normalise
from classifier.policy import load_policy
from classifier.registry import detectors
from classifier.service import classify
from models.named_people import Answer, NamedPeople, NamedPerson, allowed
from models.register_words import Authority
from models.vocabulary import Audience, AuthorRole, Level, Organisation, Route

POSTED = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
DAY = POSTED.date()
PARENT = Authority.PARENT


def person(**more):
    return NamedPerson(1, ("Ella Hartnell",), **more)


def found(text, *people, channel="page", posted=POSTED):
    three = [
        one
        for one in detectors(Organisation("Club"), named=NamedPeople(people, stamp="1"))
        if one.name in ("full_name", "registered_name", "do_not_publish")
    ]
    reading = classify([Text("1", normalise(text), posted_at=posted, channel=channel)], three)[0]
    assert not reading.unchecked
    return [(each.detector, text[each.start : each.end]) for each in reading.findings]


def test_a_child_without_consent_is_found_and_the_general_rule_says_it_no_second_time():
    assert found("well done Ella Hartnell", person()) == [("registered_name", "Ella Hartnell")]


def test_with_consent_nothing_is_found_and_without_a_register_the_general_rule_speaks():
    consented = person(answers=(Answer("m", True, PARENT),))
    assert found("well done Ella Hartnell", consented) == []
    assert found("well done Ella Hartnell") == [("full_name", "Ella Hartnell")]


@pytest.mark.parametrize(
    ("answer", "channel", "is_found"),
    [
        (Answer("m", True, PARENT, channel="page"), "page", False),
        (Answer("m", True, PARENT, channel="page"), "group", True),
        (Answer("m", True, PARENT, purpose="press"), "page", True),
        (Answer("m", True, PARENT, from_day=DAY + timedelta(days=1)), "page", True),
        (Answer("m", True, PARENT, until_day=DAY), "page", False),
        (Answer("m", True, PARENT, until_day=DAY - timedelta(days=1)), "page", True),
        (Answer("m", True, Authority.SELF), "page", True),
        (Answer("m", False, PARENT), "page", True),
    ],
)
def test_consent_is_for_a_channel_a_purpose_and_a_day(answer, channel, is_found):
    who = person(answers=(answer,))
    assert bool(found("well done Ella Hartnell", who, channel=channel)) is is_found


def test_a_post_of_late_evening_belongs_to_the_day_in_london():
    who = person(answers=(Answer("m", True, PARENT, from_day=date(2026, 7, 1)),))
    just_before = datetime(2026, 6, 30, 22, 59, tzinfo=UTC)
    assert found("Ella Hartnell", who, posted=just_before)
    assert not found("Ella Hartnell", who, posted=just_before + timedelta(minutes=1))


def test_two_parents_who_disagree_make_a_no_and_the_newest_answer_of_each_counts():
    yes, no = Answer("m", True, PARENT), Answer("f", False, PARENT)
    assert not allowed((yes, no), DAY, child=True)
    assert allowed((yes, no, Answer("f", True, PARENT)), DAY, child=True)
    assert not allowed((yes, Answer("m", False, PARENT)), DAY, child=True)
    assert not allowed((yes, Answer("self", False, Authority.SELF)), DAY, child=True)


def test_on_the_eighteenth_birthday_the_parents_yes_no_longer_counts():
    who = person(answers=(Answer("m", True, PARENT),), adult_from=DAY)
    assert not who.may_be_named(DAY, "page")
    assert who.may_be_named(DAY - timedelta(days=1), "page")
    assert allowed((Answer("self", True, Authority.SELF),), DAY, child=False)


def test_an_adult_who_said_no_is_found_and_one_who_was_never_asked_is_left_to_the_general_rule():
    said_no = person(child=False, answers=(Answer("self", False, Authority.SELF),))
    assert found("with Ella Hartnell", said_no) == [("registered_name", "Ella Hartnell")]
    assert found("with Ella Hartnell", person(child=False)) == [("full_name", "Ella Hartnell")]


@pytest.mark.parametrize(
    ("name", "text", "span"),
    [
        ("Ella O'Hara", "well done ella ohara!", "ella ohara"),
        ("Ella O'Hara", "well done Ella O\u2019Hara!", "Ella O\u2019Hara"),
        ("\u0141ukasz \u017b\u00f3\u0142\u0107", "brawo lukasz zolc", "lukasz zolc"),
        (
            "\u1eccl\u00faw\u1eb9\u0323 Ad\u00e9b\u00e1y\u1ecd\u0300",
            "go Oluwe Adebayo",
            "Oluwe Adebayo",
        ),
        ("Si\u00e2n Ll\u0177r", "Da iawn SIAN LLYR", "SIAN LLYR"),
        ("Gurpreet Singh Gill", "congrats Gurpreet Singh Gill", "Gurpreet Singh Gill"),
        (
            "\u0a17\u0a41\u0a30\u0a2a\u0a4d\u0a30\u0a40\u0a24 \u0a17\u0a3f\u0a71\u0a32",
            "\u0a17\u0a41\u0a30\u0a2a\u0a4d\u0a30\u0a40\u0a24 \u0a17\u0a3f\u0a71\u0a32 \U0001f44f",
            None,
        ),
        ("Ella Hartnell", "well done Ella-Mae Hartnell", "Ella-Mae Hartnell"),
        ("Ella Hartnell", "well done Ella Rose Hartnell", "Ella Rose Hartnell"),
        ("Ella Hartnell", "Ella Hartnell's solo", "Ella Hartnell"),
        ("Mia Smith-Jones", "Mia Smith Jones", "Mia Smith Jones"),
    ],
)
def test_names_are_found_whatever_their_letters(name, text, span):
    who = NamedPerson(1, (name,))
    hits = [where for detector, where in found(text, who) if detector == "registered_name"]
    assert len(hits) == 1
    assert span is None or hits == [span]


@pytest.mark.parametrize(
    "text",
    [
        "Ella and Hartnell Street",
        "Ella. Tomorrow Hartnell plays",
        "Stella Hartnelle",
        "Ella",
        "Hartnell Ella",
        "will power",
    ],
)
def test_other_words_are_not_her_name(text):
    people = (person(), NamedPerson(2, ("Will Power",)))
    assert [each for each in found(text, *people) if each[0] == "registered_name"] == []


def test_a_short_form_points_to_her_unless_somebody_bears_it():
    catherine = NamedPerson(1, ("Catherine Holt",), ("Katie Holt",))
    katie = NamedPerson(2, ("Katie Holt",), answers=(Answer("m", True, PARENT),))
    assert found("well done Katie Holt", catherine) == [("registered_name", "Katie Holt")]
    assert found("well done Katie Holt", catherine, katie) == []


def test_of_two_who_share_a_name_one_without_consent_is_enough():
    other = NamedPerson(2, ("Ella Hartnell",), answers=(Answer("m", True, PARENT),))
    assert found("well done Ella Hartnell", person(), other)


def test_do_not_publish_is_its_own_finding_whatever_was_consented_to():
    hidden = person(do_not_publish=True, answers=(Answer("m", True, PARENT),), tags=("ella.h",))
    assert found("well done Ella Hartnell", hidden) == [("do_not_publish", "Ella Hartnell")]
    assert found("well done @ella.h!", hidden) == [("do_not_publish", "@ella.h")]


@pytest.mark.parametrize("audience", list(Audience))
def test_do_not_publish_comes_before_everything_and_says_nothing_of_why(audience):
    policy = load_policy()
    built = detectors(Organisation("Club"), named=NamedPeople((person(do_not_publish=True),)))
    texts = [
        Text("1", normalise("well done Ella Hartnell"), audience, channel="page"),
        Text("2", normalise("I am going to kill myself tonight, goodbye"), audience),
    ]
    hidden, danger = classify(texts, built)
    first = policy.assess(hidden.findings, audience, AuthorRole.UNKNOWN)
    second = policy.assess(danger.findings, audience, AuthorRole.UNKNOWN)
    assert second.level is Level.L4
    assert first.priority > second.priority
    assert first.route is Route.MONITOR_LEAD_TOLD and first.due is not None
    assert first.due.rank == 0
    said = " ".join(each.because for each in hidden.findings).lower()
    assert not any(word in said for word in ("abuse", "court", "reason", "because"))
