"""Identifiers of the British kind: what is flagged, and the traps that are left (practice 5)."""

from collections.abc import Callable

import pytest

from classifier.detector import Text
from classifier.detectors.official import nhs_check
from classifier.detectors.phone import PhoneDetector, national
from classifier.normalise import normalise
from models.vocabulary import Audience, AuthorRole, Category

Flagged = Callable[..., dict[Category, list[str]]]


@pytest.mark.parametrize(
    ("text", "category", "span"),
    [
        ("text me 07700-900-123", Category.PII_PHONE, "07700-900-123"),
        ("mum 00447700900123", Category.PII_PHONE, "00447700900123"),
        ("my no is O77OO 9OO 123", Category.PII_PHONE, "O77OO 9OO 123"),
        ("０７７００ ９００１２３ is mine", Category.PII_PHONE, "０７７００ ９００１２３"),
        ("nan is on (020) 7946 0123", Category.PII_PHONE, "(020) 7946 0123"),
        ("its zoe_k at hotmail.com", Category.PII_EMAIL, "zoe_k at hotmail.com"),
        ("dob 29/02/2016", Category.PII_DOB, "29/02/2016"),
        ("born the twelfth of March 2014", Category.PII_DOB, "twelfth of March 2014"),
        ("my dob is 12.03.87", Category.PII_DOB, "12.03.87"),
        ("she's 9 tomorrow, help with cake", Category.PII_DOB, "she's 9 tomorrow"),
        ("we live at 7 Heol Fawr", Category.PII_ADDRESS, "7 Heol Fawr"),
        ("my address: 14 Larkfield Close, PO7 5BX", Category.PII_ADDRESS,
         "14 Larkfield Close, PO7 5BX"),
        ("Kofi goes to Larkfield High", Category.PII_SCHOOL, "Larkfield High"),
        ("nhs no 401 023 2137 for my son", Category.PII_OTHER, "401 023 2137"),
        ("my NI is AB123456C", Category.PII_OTHER, "AB123456C"),
        ("Ella Hartnell was star of the week", Category.PII_FULL_NAME, "Ella Hartnell"),
        ("Late: Hartnell, Kofi", Category.PII_FULL_NAME, "Hartnell, Kofi"),
        ("Team: HARTNELL Ella (capt)", Category.PII_FULL_NAME, "HARTNELL Ella"),
        ("the form says 03 11 14, a leap year baby", Category.PII_DOB, "03 11 14"),
        ("is 3/11/14 right? that's when he was born", Category.PII_DOB, "3/11/14"),
        ("pen-blwydd hapus i Nia, 8 heddiw", Category.PII_DOB,
         "pen-blwydd hapus i Nia, 8 heddiw"),
        ("Mr Penrose at 9 Larch Row wants his mower back", Category.PII_ADDRESS, "9 Larch Row"),
        ("collecting round: Kofi PO7 5BX", Category.PII_ADDRESS, "PO7 5BX"),
        ("the electrician's daughter babysits, 07700 900321", Category.PII_PHONE, "07700 900321"),
        ("CHI no: 0311141234", Category.PII_OTHER, "0311141234"),
        ("Ella 12 03 14, Tom 03 11 15", Category.PII_DOB, "03 11 15"),
        ("Zac, 12 March twenty fourteen, peanut allergy", Category.PII_DOB,
         "12 March twenty fourteen"),
        ("Isla arrived on 3/11/2026, 7lb 2oz, both doing well", Category.PII_DOB, "3/11/2026"),
        ("Milo goes to Old Palace Primary", Category.PII_SCHOOL, "Old Palace Primary"),
        ("she goes to Holy Cross Roman Catholic Primary", Category.PII_SCHOOL,
         "Holy Cross Roman Catholic Primary"),
        ("The hall is at 4 Mill Lane and Ella's is 12 Larkfield Close", Category.PII_ADDRESS,
         "12 Larkfield Close"),
        ("drinks after the gym at 14 Larkfield Close, bring crisps", Category.PII_ADDRESS,
         "14 Larkfield Close"),
        ("send it to 14, Larkfield Dr Chichester", Category.PII_ADDRESS, "14, Larkfield Dr"),
        ("Emma & son 07700 900123", Category.PII_PHONE, "07700 900123"),
        ("here is my insurance number AB 12 34 56 C", Category.PII_OTHER, "AB 12 34 56 C"),
        ("any reservations? text Sarah on 07700 900321", Category.PII_PHONE, "07700 900321"),
        ("the heating is off, ring nan on 07700 900321", Category.PII_PHONE, "07700 900321"),
        ("we live at 14 Larkfield Dr. Come round", Category.PII_ADDRESS, "14 Larkfield Dr"),
        ("Collect Mia after school at 9 Larch Road", Category.PII_ADDRESS, "9 Larch Road"),
        ("It was the big 1-0 yesterday, Ella had a ball", Category.PII_DOB,
         "the big 1-0 yesterday"),
        ("our only daughter turns 9 on Saturday", Category.PII_DOB,
         "our only daughter turns 9 on Saturday"),
        ("N H S 4 0 1 0 2 3 2 1 3 7 for camp", Category.PII_OTHER, "4 0 1 0 2 3 2 1 3 7"),
        ("congrats kwame adeyinka-holt!!", Category.PII_FULL_NAME, "kwame adeyinka-holt"),
        ("it was my birthday tomorrow and I'll be 11", Category.PII_DOB,
         "birthday tomorrow and I'll be 11"),
        ("nell got into oakmere grammar", Category.PII_SCHOOL, "oakmere grammar"),
        ("nhs num: four zero one, zero two three, two one three seven", Category.PII_OTHER,
         "four zero one, zero two three, two one three seven"),
        ("mail me: m.sutherland(@)example.net", Category.PII_EMAIL, "m.sutherland(@)example.net"),
    ],
)  # fmt: skip
def test_identifiers_are_flagged_with_their_span(
    flagged: Flagged, text: str, category: Category, span: str
) -> None:
    assert span in flagged(text).get(category, [])


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("ring us on 07700 900555", Category.PII_PHONE),
        ("Childline 0800 1111", Category.PII_PHONE),
        ("bookings 0333 200 0000", Category.PII_PHONE),
        ("card 4929 1234 5678 9012", Category.PII_PHONE),
        ("meeting id 012 3456 7890", Category.PII_PHONE),
        ("write to hello@sunrise.example", Category.PII_EMAIL),
        ("tickets: boxoffice@theatre.example", Category.PII_EMAIL),
        ("dob 31/02/2016", Category.PII_DOB),
        ("exam on 12/03/2027, born to dance", Category.PII_DOB),
        ("the studio was born on 12 March 2014", Category.PII_DOB),
        ("5 6 7 8, it's 12/8 time, 85/100", Category.PII_DOB),
        ("my baby is 3 weeks old today", Category.PII_DOB),
        ("come to Harbour Hall, 4 Quay Street", Category.PII_ADDRESS),
        ("our postcode is PO19 8DJ", Category.PII_ADDRESS),
        ("B2 5CI and ZZ9 9ZZ are codes", Category.PII_ADDRESS),
        ("she loves the School of Rock", Category.PII_SCHOOL),
        ("my son goes to Sunday School", Category.PII_SCHOOL),
        ("NHS 987 654 3211", Category.PII_OTHER),
        ("booking ref AB123456C", Category.PII_OTHER),
        ("Ella and Mia Thanks so much", Category.PII_FULL_NAME),
        ("the Margaret Ellershaw Room is shut", Category.PII_FULL_NAME),
        ("chloe smashed it and ella cried", Category.PII_FULL_NAME),
        ("Larkfield Junior School lent us their chairs, Ella says", Category.PII_SCHOOL),
        ("the laundrette, 8 Pennyfold Court, has your costume", Category.PII_ADDRESS),
        ("The fund reaches double figures on the 30th", Category.PII_DOB),
        ("the cafe has moved to 9 Larch Row, come and see", Category.PII_ADDRESS),
        ("first aid kit 24, ask Dr Penrose", Category.PII_ADDRESS),
        ("my mobile is flat, use the club phone: 01632 960123", Category.PII_PHONE),
        ("Larkfield & Sons, marquees, 01632 960123", Category.PII_PHONE),
        ("Lots of love, Ella", Category.PII_FULL_NAME),
        ("Nia is in Miss Holt's class at the Larkfield School of Dance", Category.PII_SCHOOL),
        ("Nia's form was sent 14/02/2026, size 4 boot", Category.PII_DOB),
        ("Exam slots: Poppy 21-06-2026, Jude 22-06-2026", Category.PII_DOB),
        ("Slots for the visit: Ted 11.15, Wilf 3.10", Category.PII_DOB),
        ("Change at: Clapham, Victoria.", Category.PII_FULL_NAME),
        ("WOOHOO Ella.", Category.PII_FULL_NAME),
        ("Reading list: Dickens, Charles; Carroll, Lewis", Category.PII_FULL_NAME),
        ("Rehearsals: Village Hall, Shirley B90 3AG", Category.PII_ADDRESS),
        ("Meet Mr Penrose at 9 outside Victoria Park", Category.PII_ADDRESS),
        ("swyddfa@larkfield.example", Category.PII_EMAIL),
        ("the quote for the policy is ZX 10 44 82 B", Category.PII_OTHER),
        ("CHI no: 4513141234", Category.PII_OTHER),
        ("our reading is Jack Worthing meets Cecily Cardew", Category.PII_FULL_NAME),
        ("Ysgol Bryn Wylan are lending a stage", Category.PII_FULL_NAME),
    ],
)
def test_look_alikes_are_left(flagged: Flagged, text: str, category: Category) -> None:
    assert category not in flagged(text)


@pytest.mark.parametrize("area", ["OX", "SW", "B", "PO", "CF", "EH", "BT"])
def test_postcodes_of_real_areas(flagged: Flagged, area: str) -> None:
    assert Category.PII_ADDRESS in flagged(f"my home postcode is {area}1 4AB")


def test_an_age_counts_for_the_author_only(flagged: Flagged) -> None:
    place = Audience.ADULT_ONLY
    assert Category.UNDERAGE in flagged("im 15 and i love this", place)
    assert Category.UNDERAGE not in flagged("my daughter is 15", place, AuthorRole.PARENT)
    assert Category.UNDERAGE not in flagged("im 15 minutes late", place)
    assert Category.UNDERAGE not in flagged("i was 15 when i joined", place)


@pytest.mark.parametrize(
    ("digits", "right"),
    [("9434765919", True), ("4010232137", True), ("9434765918", False), ("9991234560", False)],
)
def test_nhs_check_digits(digits: str, right: bool) -> None:
    assert nhs_check(digits) is right


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+44 (0)7700 900123", "07700900123"),
        ("0044 7700 900123", "07700900123"),
        ("07700 900123", "07700900123"),
        ("+353 85 012 3456", "+353850123456"),
    ],
)
def test_national_numbers(written: str, number: str) -> None:
    assert national(written) == number


def test_a_detector_without_an_organisation_works() -> None:
    assert PhoneDetector().detect([Text("x", normalise("mum 07700 900123"))])[0]
