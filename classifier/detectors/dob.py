"""Dates of birth (C19; practice 5.1): a labelled date, or a child's age with the day.

"Turns 9 on Saturday" is one, because the post's own date gives the rest. Left alone: dates of
events, documents, organisations and people of the past; a birthday without the age.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from classifier.detector import Example, Text
from classifier.detectors.base import PerText, sentence, window
from classifier.detectors.dates import DAY, MONTH, local_day, whole_dates, years_between
from classifier.detectors.names import EVERYDAY, is_first_name
from models.vocabulary import Category, Finding, now

_LABEL = re.compile(
    r"(?:\bcame into (?:the|this) world\b(?: on)?"
    r"|\b(?:she|he|baby|son|daughter|twins|boy|girl) (?:arrived|came along|came)\b"
    r"|\bd[.\- ]{0,2}o[.\- ]{0,2}b['s]{0,2}\b\.?|\bdate of birth\b|\bbirth ?date\b"
    r"|\bborn\b(?: on)?(?: the)?"
    r"|\bb\.|\bb(?:irth|')?day\b|\bbday\b|\bpen-?blwydd\b|\bgeni\b|\bbirth\b)"
    r"[^.\n\d]{0,25}$"
    r"|\b(?:d\.?o\.?b\.?s?|dates? of birth|born)\b[^\n!?]{0,45}$",
    re.I,
)
_LABEL_AFTER = re.compile(
    r"^[\s,)\-]{0,3}(?:is|was|that'?s|which is|thats)?\s?(?:(?:her|his|my|their"
    r"|(?:my|our) \w+'s|'s) )?\(?(?:d\.?o\.?b|date of "
    r"birth|birth ?date|birthday|bday)\b"
    r"|^,? (?:a )?leap[ -]year baby\b"
    r"|^[^.!?\n]{0,30}[.!?]? (?:and )?that'?s when (?:she|he|they|i) (?:was|were) born\b"
    r"|^\s?(?:is|was) when (?:she|he|they|i|\w+) (?:was|were|is) born",
    re.I,
)
_BIRTH = re.compile(r"b|world|geni|arrived|came", re.I)
"""Without these letters no label can match; cheap to look for."""

_NOT_A_PERSON = re.compile(
    r"\b(?:(?:dog|puppy|cat|kitten|pony|horse|donkey|foal)\W{1,2}(?:was )?born"
    r"|founded|established|formed|opened|launched|built|incorporated|premiered|valid|expir\w+"
    r"|issued|dated|deadline|policy|version|dbs|certificate|renew\w*|invoice|(?:club|"
    r"school|academy|studio"
    r"|company|society|theatre|charity|group|page|app|festival|band|choir|troupe|building|hall"
    r"|dog|puppy|cat|kitten|pony|horse|hamster|rabbit|donkey|foal|tortoise|guinea pig|parrot)"
    r"(?:'s)? (?:was |is |turns |turned |"
    r"will be |has its "
    r"|celebrates |birthday|anniversary|first )|anniversary|composer|playwright|author of|poet"
    r"|king|queen|prince|princess|character)\b",
    re.I,
)
_CUT_OFF = re.compile(
    r"\b(?:born|dates? of birth|dobs?|birthdays?)(?: is| are| must be| falls?)?"
    r" (?:on or )?(?:after|before|since|by|between(?: [^.!?\n]{4,30}? and)?)(?: the)? $",
    re.I,
)
"""Right before a date: who may enter a class or a cup, and nobody's birth."""
_SAYS_BIRTH = re.compile(r"\bd[.\- ]?o[.\- ]?b|dates? of birth|birth ?date", re.I)
"""So plain that a certificate or an invoice beside it changes nothing."""
_SMALL = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    "|sixteen|seventeen"
)
_AGE = (
    rf"(?:(?:1[0-7]|[1-9]|{_SMALL}|double (?:digits|figures)|(?:the )?big (?:1-?[0-8]"
    r"|[4-9])|a teenager|a whole year)"
    r"(?! ?(?:weeks?|wks?|months?|mths?|days?|hours?|hrs?|minutes?|mins?|1/2|"
    r"cartwheels?|somersaults?|pirouettes?|laps?|lengths?|goals?|pages?|miles?|of|am|pm|o'?clock|%)\b))"
)
_NTH = (
    r"(?:1[0-7]th|[4-9]th|1st|2nd|3rd|first|second|third|fourth|fifth|sixth|seventh|"
    r"eighth|ninth|tenth"
    r"|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth)"
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_WHEN = (
    rf"(?:(?:(?:a|one|two) weeks? )?(?:on|this|next|last|coming|from) (?:the )?(?:coming |next )?"
    rf"{_WEEKDAY}\b|the (?:morn|morra|morrow|day)\b|2day|2moro\w*|tmrw?\b|tmoro|tomoz"
    r"|in (?:exactly )?(?:a|one|two|three|four|five|six|\d) (?:weeks?|days|fortnight)\b"
    r"(?! of)|(?:on )?(?:christmas|xmas|boxing|new year'?s|valentine'?s|st \w+'s) (?:day|eve)"
    r"|(?:on )?hallowe'?en|"
    rf"{_WEEKDAY}\b|today|tomorrow"
    rf"|yesterday|tonight|this morning|(?:on |on the )?{DAY}(?: of)?[ -]{MONTH}|(?:on "
    rf")?{MONTH} (?:the )?{DAY}"
    rf"|on the {DAY}|(?:on )?\d{{1,2}}/\d{{1,2}}(?![\d/.])|on \d{{1,2}}\.\d{{1,2}}(?![\d/.]))"
)
_TURNS = re.compile(
    r"\b(?P<who>[\w']+)(?:'s| (?:\w+ ){0,2}?(?:turn(?:s|ed|ing)?|is|was|will be|'ll be|be|becomes"
    r"|became|hits|reaches|gonna be|going to be))"
    rf" (?:only |just |finally |now |officially )?{_AGE}(?: years old)?,? (?:\w+ ){{0,3}}?{_WHEN}",
    re.I,
)
_WHEN_FIRST = re.compile(
    rf"\b{_WHEN},? (?P<who>[\w']+) (?:\w+ )?(?:turn(?:s|ed)?|is|was|will be) (?:only |"
    rf"finally )?{_AGE}\b"
    r"(?! (?:week|month|day|hour|minute|mile|of|o'?clock|am|pm|per|%|to|in|years (?:in|"
    r"into|since))s?\b)",
    re.I,
)
_BIRTHDAY = re.compile(
    rf"\b{_NTH} b(?:irth|')?day\b[^.!?\n]{{0,30}}?\b{_WHEN}|"
    rf"\b{_WHEN}[^.!?\n]{{0,20}}?\b{_NTH} b(?:irth|')?day\b"
    rf"|\bhappy {_NTH} b(?:irth|')?day\b",
    re.I,
)
_BIG = re.compile(
    r"\b(?:the )?(?:big (?:1-?[0-8]|[4-9])(?! on (?:his|her|the|my|a)\b)"
    r"|double (?:digits|figures)|teenager|sweet (?:16|sixteen))\b"
    rf"[^.!?\n]{{0,40}}?\b{_WHEN}"
    rf"|\b(?:aged?|,|:) {_AGE},? (?:years? old |yrs? old |yo )?{_WHEN}"
    rf"|\b{_AGE} (?:years? old|yrs old|yo|y/o) {_WHEN}",
    re.I,
)
_SOON = re.compile(
    rf"\b(?:b(?:irth|')?day)\b[^.!?\n]{{0,25}}?\b{_WHEN}[^.\n]{{0,40}}?\b(?:be|turn\w*|is|are|he's"
    rf"|she's|i'm|im) (?:only |just |gonna be |going to be )?{_AGE}(?=\W*(?:$|and|so|!|\."
    r"|,|now|then))"
    rf"|\b{_WHEN}[^.!?\n]{{0,25}}?\bb(?:irth|')?day\b[^.\n]{{0,25}}?\b(?:be|turn\w*|is) {_AGE}\b"
    rf"|\bsleeps (?:til|till|until) \w+ (?:is|turns) {_AGE}(?=\W*(?:$|and|so|!|\.|,))"
    rf"|\b{_AGE} oed (?:heddiw|yfory|ddoe)\b"
    rf"|\bpen-?blwydd hapus\b[^.!?\n]{{0,30}}?,? {_AGE} (?:heddiw|yfory|ddoe)\b"
    rf"|\b{_AGE} candles\b[^.!?\n]{{0,30}}?\b{_WHEN}"
    rf"|\b{_WHEN}[^.!?\n]{{0,30}}?\b(?:is|are|turns?|was) (?:exactly |officially )?(?:{_AGE}|a(?:"
    rf" whole)?) years? old\b|\b(?:born|arrived|became (?:a )?(?:mum|mam|dad)|made me (?:a )?(?:mum"
    rf"|mam|dad)|gave birth)\b[^.!?\n]{{0,30}}?\b{_AGE} years? ago (?:today|yesterday|tomorrow)\b"
    rf"|\b{_AGE} years? ago (?:today|yesterday|tomorrow)\b[^.!?\n]{{0,40}}?\b(?:born|arrived|became"
    rf"|giving birth|gave birth|in labour|made me)\b|\b(?:19|20)\d\d baby\b[^.!?\n]{{0,25}}?\b"
    rf"(?:{DAY}(?: of)? {MONTH}|{MONTH} {DAY})",
    re.I,
)
_NAME_AND_AGE = re.compile(
    rf"\b(?P<name>(?-i:[A-Z][a-z]+)),? {_AGE} (?:years old )?(?:today|tomorrow|yesterday"
    rf"|on {_WEEKDAY}"
    rf"|this {_WEEKDAY}|next {_WEEKDAY}|on the {DAY})\b",
    re.I,
)
_SAID_YEAR = re.compile(
    rf"\b{DAY}(?: day)?(?: of)? {MONTH},? (?:twenty[ -]?(?:\w+teen|ten|eleven|twelve|oh \w+|twenty"
    r"(?: \w+)?)|two thousand(?: and)?(?: \w+)?|nineteen \w+(?:[ -]\w+)?)\b",
    re.I,
)
_SPACED = re.compile(r"(?<!\d)(?P<day>[0-3]\d) (?P<month>[01]\d) (?P<year>\d\d)(?!\d| \d)")
_BORN_AND_AGE = re.compile(
    rf"\bborn (?:on )?(?:the )?(?:{DAY}(?: of)? {MONTH}|"
    rf"\d{{1,2}}/\d{{1,2}})[^.\n]{{0,40}}\b(?:aged?|is|now|she's|he's) {_AGE}\b"
    rf"|\b(?:aged?|is|she's|he's) {_AGE},? (?:[\w,]+ ){{0,4}}(?:born|birthday|bday|"
    rf"b'day)(?: is| on)* (?:the )?(?:{DAY}(?: of)? {MONTH}|{MONTH} {DAY}|"
    r"\d{1,2}/\d{1,2})",
    re.I,
)
_NOT_WHO_WORDS = (
    "it this that there class show doors curtain rehearsal lesson group club school "
    "academy studio company"
    " which what time interval term price level grade scene act song number queue we studio's page"
    " session theatre choir band society game match meeting deadline exam cost total bus "
    "train and or"
    " raffle fund appeal pot takings sales list"
    " only next last dog puppy cat kitten pony horse"
)
_NOT_WHO = frozenset(_NOT_WHO_WORDS.split())
_COUNTED = re.compile(
    r"\b(?:fund|appeal|pot|total|takings|sales|raffle|queue|list|club|school|group|choir|class|team)"
    r" (?:hits?|reach(?:es|ed)?|gets? to|is|are|was) (?:double (?:digits|figures)|$)",
    re.I,
)
"""Before "double figures": what is counted is no person."""
_GROUPS = re.compile(
    r"\b(?:our|the|this) (?:little |lovely |dear )?(?:club|school|academy|studio|company|"
    r"society|theatre|group"
    r"|choir|page|band|troupe|dog|puppy|cat|kitten|pony|horse|charity|festival)\b",
    re.I,
)


class DateOfBirthDetector(PerText):
    """See the module."""

    name = "date_of_birth"
    version = "6"
    categories = frozenset({Category.PII_DOB})
    rules = 13
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("her dob 03.iii.15 for the form", Category.PII_DOB, "03.iii.15"),
        Example("Ella 12 03 14, Tom 03 11 15", Category.PII_DOB, "12 03 14"),
        Example("Sat 12 03 14, Sun 13 03 14", Category.PII_DOB),
        Example("DOB: 09/23/2014, as Americans write", Category.PII_DOB, "09/23/2014"),
        Example("born on the 12th of the 4th 2013", Category.PII_DOB, "12th of the 4th 2013"),
        Example("Ella, DOB 12/03/2014, new starter", Category.PII_DOB, "12/03/2014"),
        Example("my son was born on the 3rd of May 2016", Category.PII_DOB, "3rd of May 2016"),
        Example("date of birth: 12 03 2012", Category.PII_DOB, "12 03 2012"),
        Example("dob 120312", Category.PII_DOB, "120312"),
        Example("Mia turns 9 on Saturday!", Category.PII_DOB, "Mia turns 9 on Saturday"),
        Example("my little girl is eight today", Category.PII_DOB, "my little girl is eight today"),
        Example("Tom turned 11 on 12 March", Category.PII_DOB, "Tom turned 11 on 12 March"),
        Example(
            "Reuben, twelve on the 5th, for the club", Category.PII_DOB, "Reuben, twelve on the 5th"
        ),
        Example("Must be born on or after 1 September 2013", Category.PII_DOB),
        Example("The cut off: born between 1/9/2014 and 31/8/2016", Category.PII_DOB),
        Example("Mia was born before her due date on 3 May 2016", Category.PII_DOB, "3 May 2016"),
        Example("Mia was born just before 3 May 2016", Category.PII_DOB, "3 May 2016"),
        Example("Certificate for Ella, DOB 12/03/2014", Category.PII_DOB, "12/03/2014"),
        Example("my lamb turns 4 on Saturday", Category.PII_DOB, "my lamb turns 4 on Saturday"),
        Example("Our club donkey, born 27-11-2025", Category.PII_DOB),
        Example("The show is on 12/03/2027", Category.PII_DOB),
        Example("The club turns 10 on Saturday", Category.PII_DOB),
        Example("Policy dated 12 March 2024", Category.PII_DOB),
        Example("Mozart was born on 27 January 1756", Category.PII_DOB),
        Example("It's Mia's birthday on Saturday", Category.PII_DOB),
        Example("doors at 7.30, bars 5 6 7 8", Category.PII_DOB),
        Example("Class is 9 today and 10 on Saturday", Category.PII_DOB),
    )

    def find(self, post: Text) -> Iterable[Finding]:
        """Whole dates with a label first, then an age with its day."""
        text = post.normal.text
        today = local_day(post.posted_at, now())
        taken: list[tuple[int, int]] = []
        for found in _labelled(text, today):
            taken.append((found[0], found[1]))
            because = "A date of birth: a past date beside words about being born."
            yield self._dob(post, found[2], found[0], found[1], because)
        for start, end, score in _age_with_day(text):
            if not any(start < last and first < end for first, last in taken):
                taken.append((start, end))
                because = (
                    "A child's age together with the day: with the post's date, a date of birth."
                )
                yield self._dob(post, score, start, end, because)

    def _dob(self, post: Text, score: float, start: int, end: int, because: str) -> Finding:
        return self.seen(Category.PII_DOB, score, post.normal.to_original(start, end), because)


def _labelled(text: str, today: date) -> Iterable[tuple[int, int, float]]:
    if not any(char.isdigit() for char in text) and not _SAID_YEAR.search(text):
        return
    listed = [match for match in _LISTED.finditer(text) if _is_a_name(match.group(1))]
    if len(listed) > 1 and not _TALLY.search(text):
        yield from ((match.start(2), match.end(2), 0.6) for match in listed)
    six = bool(re.search(r"\bd\.? ?o\.? ?b|\bbirth|\bleap[ -]year baby", text, re.I))
    for match in (*_SAID_YEAR.finditer(text), *(_SPACED.finditer(text) if six else ())):
        before, after = window(text, match.start(), match.end(), 60)
        label = _LABEL.search(before)
        vetoed = _NOT_A_PERSON.search(before) or _CUT_OFF.search(before)
        if (label or _LABEL_AFTER.search(after)) and not vetoed:
            yield match.start(), match.end(), 0.9
    for found in whole_dates(text, today, six_figures=six):
        age = years_between(found.day, today)
        if not 0 <= age <= 110 or found.day > today:
            continue
        before, after = window(text, found.start, found.end, 60)
        label = _LABEL.search(before) if _BIRTH.search(before) else None
        if not label and not _LABEL_AFTER.search(after):
            if age <= 17 and _in_a_list_of_children(before):
                yield found.start, found.end, 0.55
            continue
        if _CUT_OFF.search(before):
            continue
        if _NOT_A_PERSON.search(_beside(before, label)) and not (
            label and _SAYS_BIRTH.search(label.group())
        ):
            continue
        yield found.start, found.end, 0.97


def _beside(before: str, label: re.Match[str] | None) -> str:
    """What stands before a date from 40 characters before its label on, in the same sentence."""
    if label is None:
        return before
    lead = before[max(0, label.start() - 40) : label.start()]
    return re.split(r"[.!?\n]", lead)[-1] + before[label.start() :]


def _is_a_name(word: str) -> bool:
    return is_first_name(word) and word.lower() not in EVERYDAY


def _in_a_list_of_children(before: str) -> bool:
    """ "Ella Reed, 12/03/2014", "Ella (12/03/14)": a name right before the date."""
    alone = re.search(r"(?:^|[\s;,])([A-Z][a-z]+)(?: \(|: ?)$", before)
    if alone and _is_a_name(alone.group(1)):
        return True
    return bool(re.search(r"(?:^|\n|[;:] ?|\d\) ?)[A-Z][a-z]+ [A-Z][a-z]+[ ,\-(]{1,3}$", before))


_LISTED = re.compile(
    r"(?:^|[\n,;] ?)([A-Z][a-z]+):? ((?:0?[1-9]|[12]\d|3[01]) (?:0?[1-9]|1[0-2]) (?:20)?[01]\d)"
    r"(?= ?(?:$|[\n,;]))"
)
"""A first name and figures as in a list of children: "Ella 12 03 14"."""
_TALLY = re.compile(r"\b(?:scores?|points?|goals?|results?)\b", re.I)

_AGE_GATE = re.compile(rf"\b(?:{_AGE}|{_NTH}|big|sweet|double|teenager|year|baby)\b", re.I)

_A_DAY = re.compile(
    r"day|night|mor[nr]|2mo|tmr|tmo|tomo|hallowe|eve|week|fortn|on (?:the )?\d|\d/\d"
    r"|on the [\w ]{1,14}?(?:th|st|nd|rd)\b|mon|tue|wed|thu|fri|sat|sun"
    r"|jan|feb|mar|apr|may|ju[nl]|aug|sep|oct|nov|dec",
    re.I,
)
"""What each of the forms of _WHEN holds."""
_NEEDS = {
    _WHEN_FIRST: _A_DAY,
    _BIRTHDAY: re.compile("day", re.I),
    _BIG: _A_DAY,
    _SOON: re.compile(r"day|blwydd|sleeps|oed|candle|ago|years? old|baby", re.I),
    _NAME_AND_AGE: _A_DAY,
}
"""Expressions that are dear to look for, and letters without which they are not looked for."""


def _age_with_day(text: str) -> Iterable[tuple[int, int, float]]:
    if not _AGE_GATE.search(text):
        return
    lacks = {needs for needs in {*_NEEDS.values()} if not needs.search(text)}
    for pattern, score in (
        (_TURNS, 0.9),
        (_WHEN_FIRST, 0.8),
        (_BIRTHDAY, 0.85),
        (_BIG, 0.75),
        (_BORN_AND_AGE, 0.9),
        (_SOON, 0.85),
        (_NAME_AND_AGE, 0.8),
    ):
        if _NEEDS.get(pattern) in lacks:
            continue
        for match in pattern.finditer(text):
            who = (match.groupdict().get("who") or "").lower().removesuffix("'s")
            first, last = sentence(text, *match.span(), 120)
            around = text[first:last]
            counted = (
                text[first : match.end()] if pattern is _TURNS else text[first : match.start()]
            )
            if pattern in (_TURNS, _BIG) and _COUNTED.search(counted):
                continue
            name = match.groupdict().get("name")
            if name and not is_first_name(name):
                continue
            if who in _NOT_WHO or _NOT_A_PERSON.search(around):
                continue
            if not name and _GROUPS.search(around):
                continue
            yield match.start(), match.end(), score
