"""What the encoder marks as an identifier and is none, by what stands there.

    is_none(category, said, after, around, today)

Dates of forms and orders, schools of dance and of stories, a teacher's name before a class, a first
name alone. What is left alone because of whose it is stands in meaning_own.py.
"""

import re
from datetime import date

from classifier.detectors.dates import may_be_a_birth
from classifier.detectors.names import is_first_name
from classifier.detectors.school_words import NO_REAL_SCHOOL, NOT_A_SCHOOL
from models.vocabulary import Category

_OF_WHAT = re.compile(r"(?: school| academy)?(?: (?:of|for) [a-z]+)?")
"""What may follow the marked part of a school's name."""

_PLAIN_KIND = re.compile(
    r"\b(?:primary|infants?|juniors?|secondary|grammar|high|comprehensive|nursery)\b", re.I
)
"""What no dance school is called: Old Park Primary is a school."""

_TEACHER = re.compile(r"(?:mrs?|ms|miss|mx|dr)\b", re.I)

_OWNED = re.compile(r"['’]s$|\W+$")
"""What may follow a first name that stands alone."""


def is_none(category: Category, said: str, after: str, around: str, today: date) -> bool:
    """Whether `said` (of the original) is no identifier of that category. after: what follows it,
    in small letters; around: the sentences it stands in; today: the day of the post in Britain."""
    if category == Category.PII_SCHOOL:
        return _is_no_school(said, after)
    if category == Category.PII_FULL_NAME:
        return " " not in said and is_first_name(_OWNED.sub("", said))
    return category == Category.PII_DOB and not may_be_a_birth(said, around, today)


def _is_no_school(said: str, after: str) -> bool:
    of_what = _OF_WHAT.match(after)  # matches always, if only nothing
    whole = said + (of_what.group() if of_what else "")
    if NO_REAL_SCHOOL.search(whole) or _TEACHER.match(said):
        return True
    return bool(NOT_A_SCHOOL.search(whole)) and not _PLAIN_KIND.search(whole)
