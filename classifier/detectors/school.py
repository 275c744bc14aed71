"""A named school, nursery or college tied to a child (C20; practice 5.7).

A name alone is not enough: something must say that a child goes there. Left alone: a school as
a venue or partner, dance and stage schools, titles, fictional schools, staff training.
"""

import re
from collections.abc import Iterable
from typing import ClassVar

from classifier.detector import Example, Text
from classifier.detectors.base import NOBODY, PerText, sentence
from models.vocabulary import AuthorRole, Category, Finding, Organisation

_KIND = (
    r"(?:c of e|cofe|ce|c\.e\.|church of england|rc|catholic|community|foundation|free|"
    r"primary|infants?|junior|juniors|first|middle"
    r"|upper|lower|prep|preparatory|pre-prep|nursery|academy|high|grammar|comprehensive|"
    r"comp|secondary|girls'?|boys'?|special"
    r"|college|sixth form|utc|integrated|gaelic|technical|school|pre-?school|playgroup|"
    r"kindergarten|day nursery)"
)
_NAME_WORD = r"(?:[A-Z][\w'’.\-]*|St\.?|of|the|and|&|upon|on|in)"
_NAMED = re.compile(
    r"\b(?:(?:St\.?|Saint|Our|Sacred|Holy|All|Queen|King|Sir|Lady|The) "
    rf")?[A-Z][\w'.\-]+(?: {_NAME_WORD}){{0,3}}? "
    r"(?:(?:C of E|CofE|CE|Church of England|RC|Catholic|VA|VC|Community|Foundation|Free|"
    r"Primary|Infant|Infants|Infants'|Junior|Juniors|First|Middle|Upper|Lower"
    r"|Prep|Preparatory|Nursery|Academy|High|Grammar|Comprehensive|Secondary|Girls'?|"
    r"Boys'?|Special|Integrated|Day|Sixth Form) ){0,4}"
    r"(?:School|Academy|College|Nursery|Primary|High|Grammar|Infants|Juniors|Comp|"
    r"Comprehensive|Prep|Sixth Form|Pre-?[Ss]chool|Playgroup|Kindergarten|UTC|Secondary|"
    r"HS|GS|PS)\b"
    r"|\bYsgol (?:Gynradd |Uwchradd |Gyfun |Gymraeg |Bro )?[A-Z][\w'\-]+(?: [A-Z][\w'\-]+)?",
)
_LOWER_NAME = re.compile(
    r"\b(?:goes? to|go to|went to|going to|attends?|attending|starts? at|starting at|"
    r"started at|starting|joins?|joining|is at|are at"
    r"|pupils? (?:at|of)|student (?:at|of)|year \w+ at|yr ?\d+ at|y\d+ at|reception at|"
    r"nursery at|class at|school at|enrolled at|i'm at|im at|both at|now at|leaves?|"
    r"leaving"
    r"|moved to|in \w+ class at|been at) (?:the )?"
    r"(?P<name>(?!(?:my|our|the|a|her|his|their|new|big|this|that|same|dance|drama|summer|"
    rf"stage|theatre|high school musical|school of)\b)(?:[\w'.&\-]+ ){{1,4}}?{_KIND}(?: "
    rf"{_KIND}){{0,3}})\b",
)
_GOES = re.compile(
    r"\b(?:she|he|they|who|[a-z]+'s|is|are|both|all) (?:still |now |also )?at\b|"
    r"\bfrom (?:the )?$|\bof $|=|"
    r"\b(?:plays? for|captain|got (?:his|her|their|a) place|sits? (?:his|her|my|"
    r"their)|class at|head at|run from|week at|day at|excluded|moved from|swapped|"
    r"left|walks up|was at|of the week|team)\b"
    r"|\b(?:goes? to|go to|went to|going to|attends?|attending|pupils?|student (?:at|of)|"
    r"starts? (?:at|in)|starting|started at|joins?|joining"
    r"|is at|are at|in (?:year|yr|y|p|s|reception|nursery|class|form|sixth) ?\w*|(?:year|"
    r"yr|y|primary|p|s) ?\d{1,2}\b|enrolled|school run|picks? (?:her|him|them|me) up"
    r"|i'm at|im at|i am at|i'm from|goes|leavers?|head (?:girl|boy)|prefect|form|class "
    r"teacher|teacher is|uniform|blazer|her school|his school|their school|my school|our "
    r"school is|my old school"
    r"|reception|nursery place|settling|homework|at school|moved (?:her|him|them) to|"
    r"moving to|sixth former|both at|all at|now at|been at|leaves|finishes)\b",
    re.I,
)
_CHILD = re.compile(
    r"\b(?:i|i'm|im|my|she|he|her|his|son|daughter|child|children|kid|kids|"
    r"girl|girls|boy|boys|lad|lass|wee one|little one|dd|ds|eldest|youngest|twins?|niece|"
    r"nephew"
    r"|grand(?:son|daughter|child)|my (?:kids|children|boys|girls|lot)|our "
    r"(?:kids|children|boys|girls)|(?:all|both|two|three) of mine|sister|brother|"
    r"friend|year \d+|pupil|toddler|cousin|"
    r"goddaughter|godson|mate|ones?)\b|(?-i:[A-Z][a-z]{2,})(?='s\b| goes| is\b| "
    r"attends| start| got| was\b| has\b| left| leaves| sits| moved| walks| plays| "
    r"swapped| won| joins| of\b| from\b| = | at\b|, (?:captain|year))",
    re.I,
)
_NAMED_CHILD = re.compile(
    r"\b(?:my|our) (?:\w+ )?(?:son|daughter|boy|girl|lad|lass|niece|nephew|eldest|"
    r"youngest|twins?)\b"
    r"|(?-i:[A-Z][a-z]{2,})(?:'s (?:school|head|class|teacher|uniform)|,? (?:from|"
    r"of|at) (?:the )?\|)",
    re.I,
)
_NOT_A_SCHOOL = re.compile(
    r"\b(?:danc\w*|drama|stage|theatre|ballet|performing|arts|music|summer|sunday|driving|"
    r"riding|swim\w*|circus|film|language|art|tap|musical|cookery|football|tennis|yoga"
    r"|school of|academy of|hogwarts|rydell|grange hill|st\.? trinian'?s?|waterloo road|"
    r"malory towers|crunchem|east high|xavier|beauxbatons|horace green|sweet valley|bash "
    r"street|medical|business school|law school"
    r"|high school musical|old school|every school|local school|any school|which school|"
    r"primary school age|medical school|ski|italia conti|sylvia young|rada|lamda|old|the "
    r"royal)\b",
    re.I,
)
_NOT_IN_A_NAME = re.compile(
    r"\b(?:for|to|from|my|our|her|his|it|very|is|was|she|he|i|we|they|with|when|"
    r"that|so|any|every|different"
    r"|community college|middle school|primary school age|full time|part time)\b|"
    r"^(?:the |a )?\w+ school$"
    r"|^(?:primary|high|secondary|middle|nursery|junior|infant|grammar|private|"
    r"state|public|boarding|mainstream|pre)\b"
)
_ARTS_AFTER = re.compile(
    (
        r"\s?(?:of|for) (?:the )?(?:dance|drama|performing|music|rock|arts|ballet|theatre|"
        r"speech)|\s?musical"
    ),
    re.I,
)
_VENUE = re.compile(
    r"\b(?:hall|car park|rehears\w*|perform\w*|show|shows|venue|held|fete|fair|"
    r"audition\w*|workshop|workshops|sports hall|studio|doors|tickets|stage|concert|"
    r"class(?:es)? (?:is|are|on|now|run|move)|we'?re at|lessons? (?:is|are)"
    r"|partner\w*|hosted|hosting|hire|hiring|thank(?:s| you)|training|inset|insets?|"
    r"governors?|vacanc\w+|job|parking|opposite|behind|meet at|polling|jumble|exhibition|"
    r"tour|outreach|visit\w*|sessions? at|term at|meeting|raised|donat\w+|assembly)\b",
    re.I,
)


class SchoolDetector(PerText):
    """See the module."""

    name = "school"
    version = "1"
    categories = frozenset({Category.PII_SCHOOL})
    rules = 2
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "Ella goes to Larkfield Primary School", Category.PII_SCHOOL, "Larkfield Primary School"
        ),
        Example(
            "my son is in year 4 at St Bede's C of E Primary",
            Category.PII_SCHOOL,
            "St Bede's C of E Primary",
        ),
        Example("im at oakmere high, anyone else?", Category.PII_SCHOOL, "oakmere high"),
        Example("she attends Ysgol Bro Derw", Category.PII_SCHOOL, "Ysgol Bro Derw"),
        Example("Rehearsal is in the hall at Larkfield Primary School", Category.PII_SCHOOL),
        Example("Mia goes to the Sunrise School of Dance", Category.PII_SCHOOL),
        Example("We're doing High School Musical", Category.PII_SCHOOL),
        Example("my daughter loves Summer School", Category.PII_SCHOOL),
        Example("Thank you Larkfield High School for hosting our workshop", Category.PII_SCHOOL),
    )

    def __init__(self, organisation: Organisation = NOBODY) -> None:
        super().__init__(organisation)
        own = (organisation.name, *organisation.allowed_venues)
        self._own = tuple(name.lower() for name in own if name)

    def find(self, post: Text) -> Iterable[Finding]:
        """Names with capitals, then names in small letters behind "goes to"."""
        taken: list[tuple[int, int]] = []
        text = post.normal.text
        for match in _NAMED.finditer(text):
            score = self._score(post, text, *match.span())
            if score:
                taken.append(match.span())
                yield self._school(post, score, post.normal.to_original(*match.span()))
        words = post.normal.words
        for match in _LOWER_NAME.finditer(words):
            span = post.normal.words_to_original(*match.span("name"))
            known = [post.normal.to_original(*one) for one in taken]
            if any(span[0] < last and first < span[1] for first, last in known):
                continue
            name = match.group("name")
            after = words[match.end("name") : match.end("name") + 30]
            if _NOT_A_SCHOOL.search(name) or name in self._own or _ARTS_AFTER.match(after):
                continue
            if len(name.split()) < 2 or _NOT_IN_A_NAME.search(name):
                continue
            first, last = sentence(words, *match.span())
            if _CHILD.search(words[first:last]) and not _VENUE.search(words[first:last]):
                yield self._school(post, 0.8, span)

    def _school(self, post: Text, score: float, span: tuple[int, int]) -> Finding:
        because = "A named school, and words that say a child goes there."
        return self.seen(Category.PII_SCHOOL, score, span, because)

    def _score(self, post: Text, text: str, start: int, end: int) -> float:
        name = text[start:end]
        if _NOT_A_SCHOOL.search(name) or any(own in name.lower() for own in self._own):
            return 0.0
        if _ARTS_AFTER.match(text[end : end + 30]):
            return 0.0
        first, last = sentence(text, start, end, 200)
        around = text[first:start] + " | " + text[end:last]
        goes, child = _GOES.search(around), _CHILD.search(around)
        venue = _VENUE.search(around)
        if post.author_role == AuthorRole.STAFF and venue:
            return 0.0
        if goes and child:
            return 0.45 if venue and not re.search(r"goes to|attends|pupil", around, re.I) else 0.92
        return (
            0.0 if venue else 0.6 if _NAMED_CHILD.search(around) else 0.4 if goes or child else 0.0
        )
