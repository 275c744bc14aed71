"""Private phone numbers (C19; practice 5.3): any spacing, +44, spoken digits, look-alike letters.

Left alone: the organisation's own numbers, freephone, 03 and 08 lines, numbers that a sentence
gives as those of an office or a business, references and dates.
"""

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from classifier.detector import Example, Text
from classifier.detectors.base import NOBODY, PerText, window
from models.vocabulary import AuthorRole, Category, Finding, Organisation

_WRITTEN = re.compile(
    r"(?<![\w.,£$@#-])(?:\+|\(\+?)?[\dOo](?:[ \t().\-/_*,]{0,3}[\dOoIl]){8,15}(?!\w)"
)
_PICTURED = re.compile(
    r"(?<![\w.,£$@#-])(?:\+|\(\+?)?[\dOo]"
    r"(?:[ \t().\-/_*,\u2600-\u27BF\U0001F300-\U0001FAFF]{0,3}[\dOoIl]){8,15}(?!\w)"
)
"""With emoji between the figures."""
_PICTURE = re.compile(r"[\u2600-\u27BF\U0001F300-\U0001FAFF]")
"""Without one of these there are none."""
_GAP = re.compile(r"[ \t,]+")
_PAIRS = re.compile(r"(?:\d\d[ \t,]+){4,}\d{1,3}")
"""Figures two by two, as of dates and draws."""
_DIGIT_WORDS = {
    "zero": "0",
    "oh": "0",
    "o": "0",
    "nought": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
}
_ONE_WORD = (
    rf"(?:{'|'.join(_DIGIT_WORDS)}|double|treble|triple|hundred|thousand|and|"
    r"o?\d[\do]{0,10})"
)
_GLUED = rf"(?:\d|{'|'.join(sorted(_DIGIT_WORDS, key=len, reverse=True))}|double)[ .\-]?"
"""Digits and words without a gap: "07seven00 nine00 129"."""
_SPOKEN = re.compile(
    rf"\b{_ONE_WORD}(?:[ ,.\-]{{1,3}}{_ONE_WORD}){{3,21}}\b|\b(?:{_GLUED}){{8,40}}\b(?<=\w)"
)
_SPOKEN_GATE = re.compile(
    r"\b(?:zero|oh|double|nought|hundred|seven|treble|triple)\b"
    r"|\d{3}[ -](?:one|two|three|four|five|six|eight|nine)\b"
    r"|\d(?:zero|nought|one|two|three|four|five|six|seven|eight|nine)(?:\d|\b)"
)
_DATE = re.compile(r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])[/.\-](?:0?[1-9]|1[0-2])[/.\-](?:19|20)?\d\d\b")
_OTHER_NUMBER = re.compile(
    r"(?:\b(?:ref(?:erence)?|order|invoice|isbn|issn|serial|batch|barcode|tracking|parcel|account"
    r"|acc(?:oun)?t|sort code|charity|company|vat|model|part|licen[cs]e|policy|booking|ticket"
    r"|meeting id|zoom|webinar|passcode|membership|upc|ean|sku|imei|nhs|case|claim|registration"
    r"|candidate|centre|receipt|catalogue|item|product|code|barcode|id)(?<!in case)"
    r"(?: (?:no|number|num|id|code|is))?[.:#]?|#|no\.|£)\s*(?:is |was |says |reads |:)?\s*$",
    re.I,
)
_BUSINESS = re.compile(
    r"\b(?:box office|office|desk|stage door|direct line|dentist'?s?|doctor'?s?|"
    r"vet'?s|coaches|hire|taxi firm|minibus|studio|school|club'?s?|theatre|"
    r"booking|bookings|enquir\w+|reception"
    r"|helpline|hotline|(?:listening|support|advice|crisis|information) line"
    r"|switchboard|shop|store|ltd|limited|surgery|council|clinic|hotel|pub|cafe"
    r"|caf[eé]|venue|leisure centre|sports centre|centre|customer|company|garage"
    r"|taxis?(?! share)|cabs?"
    r"|hospital|nursery|academy|charity|landline of the|ticket\w*|our number|our "
    r"phone|duty (?:phone|manager)|admin|front desk|supplier"
    r"|costume hire|coach (?:firm|company)|samaritans|childline|nspcc|police|crimestoppers"
    r"|swyddfa|neuadd|for reservations|self[ -]catering"
    r"|(?-i:[A-Z])\w+ & (?-i:Co|Sons)"
    r"|(?-i:[A-Z])\w+ (?-i:Heating|Roofing|Builders|Motors|Scaffolding)"
    r"|plumb\w+|electrician|printers?|restaurant|takeaway|bakery|florists?"
    r"|hall bookings?"
    r"|(?:taxi|coach|hire|law|removals?|lighting|building|cleaning|catering) firm)\b",
    re.I,
)
_NO_NOUGHT = re.compile(
    r"\b(?:zero|0|nought|oh)\b[^.\n]{0,12}\b(?:front|first|start|before|beginning)\b"
    r"|\b(?:start\w*|begin\w*) with an? (?:zero|0|nought|oh)\b",
    re.I,
)
"""The first nought is left out and spoken of."""

_OURS = re.compile(r"\b(?:call|ring|phone|text|contact) us\b(?! at home)", re.I)
"""Said by staff or a page it means the organisation, said by a parent their own home."""
_ASKED = re.compile(
    r"(?<!will )(?<!'ll )(?<!to )(?<!can )(?<!could )(?<!we )(?<!they )"
    r"\b(?:call|ring|phone|text|msg|message|whatsapp|bell) (?:me|him|her)\b",
    re.I,
)
"""Whoever is asked for stands behind the number, if no office is named in between."""

_KIN = re.compile(r"\b\w+'s (?=(?:son|daughter|wife|husband|mum|dad|brother|sister)\b)", re.I)
"""Whose relative it is: "the plumber's son" is no plumber."""

_ITS = re.compile(
    r"\b(?:the|our) (?:\w+ )?(?:surgery|dentist|vet|hospital|clinic|office|venue|hall|theatre"
    r"|school|club)(?:'?s)? (?:phone )?(?:number|line|landline|phone)\b"
    r"(?:(?!\b(?:my|mum|dad|nan|mam|gran\w*|mine|dead|down|off|broken|not|shut|busy)\b"
    r"|\b(?:his|hers?)(?= (?:number|mobile|phone|is|on|own)\b|[:,]? ?$))[^.!?\d])"
    r"{0,30}$",
    re.I,
)
"""Right before the number: an office's own, whoever the sentence names besides."""

_LINE = re.compile(
    r"(?P<the>\b(?:the|our) )?(?<!'s )\b(?:hq|(?:pets?|kitchen|orders?|rescue|emergency|hire"
    r"|volunteers?) line|(?:on-?call|duty) vet|vet on call)(?:'s)?"
    r"(?: (?:number|phone|landline|tel|tonight))*(?P<on> is(?: on)?| on|:)?[:,]? ?$",
    re.I,
)
"""Right before the number too; a mobile is its own only after "the ... is on"."""

_PERSONAL = re.compile(
    r"\b(?:my|mine|me|i'?m|mum'?s?|mam'?s?|mom'?s?|dad'?s?|nan'?s?|nana'?s?|gran\w*|aunt\w*|uncle"
    r"|sister'?s?|brother'?s?|son'?s?|daughter'?s?|her|his|their|hubby'?s?|husband'?s?|wife'?s?"
    r"|mobile|mob|cell|whatsapp|home number|new number|personal|private)\b",
    re.I,
)


class PhoneDetector(PerText):
    """See the module."""

    name = "phone"
    version = "9"
    categories = frozenset({Category.PII_PHONE})
    rules = 3
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("ring me on 07700 900123 x", Category.PII_PHONE, "07700 900123"),
        Example("my mum is +44 (0)7700 900456", Category.PII_PHONE, "+44 (0)7700 900456"),
        Example(
            "text zero double seven zero oh 900 123",
            Category.PII_PHONE,
            "zero double seven zero oh 900 123",
        ),
        Example(
            "07700 nine hundred 123 is my number", Category.PII_PHONE, "07700 nine hundred 123"
        ),
        Example("Nan's landline is 01632 960 111", Category.PII_PHONE, "01632 960 111"),
        Example("0️⃣7️⃣7️⃣0️⃣0️⃣ 9️⃣0️⃣0️⃣1️⃣2️⃣3️⃣ call me", Category.PII_PHONE, "0️⃣7️⃣7️⃣0️⃣0️⃣ 9️⃣0️⃣0️⃣1️⃣2️⃣3️⃣"),
        Example("07seven00 nine00 129 is mine", Category.PII_PHONE, "07seven00 nine00 129"),
        Example("Nan's, just in case 01632 960233", Category.PII_PHONE, "01632 960233"),
        Example("07700 900713 call me after school", Category.PII_PHONE, "07700 900713"),
        Example("07.70.09.00.92.5", Category.PII_PHONE, "07.70.09.00.92.5"),
        Example("Late? Ring me, 07700 900142, I'm here", Category.PII_PHONE, "07700 900142"),
        Example("Ring Aneta 07700💃900💃815", Category.PII_PHONE, "07700💃900💃815"),
        Example("mine: +447700💃900💃123", Category.PII_PHONE, "+447700💃900💃123"),
        Example("call 0770090012👍3", Category.PII_PHONE, "0770090012👍3"),
        Example("Room 2 📱07700 900123", Category.PII_PHONE, "07700 900123"),
        Example("Gaynor, 16 Feb 1969, 07700 900518", Category.PII_PHONE, "07700 900518"),
        Example(
            "It's on the minibus. If it rings it's me on 01632 960448",
            Category.PII_PHONE,
            "01632 960448",
        ),
        Example("Mum 07700 900123 07700 900456", Category.PII_PHONE, "07700 900123"),
        Example("Rehearsals 01 12 26, 02 12 26", Category.PII_PHONE),
        Example("his phone is 07700900387 lol", Category.PII_PHONE, "07700900387"),
        Example("01632 960418, 2 seats left, ask me", Category.PII_PHONE, "01632 960418"),
        Example(
            "My mobile is 07700 900123, the office number is 01632 960800",
            Category.PII_PHONE,
            "07700 900123",
        ),
        Example("Message me or ring the box office on 020 7946 0123", Category.PII_PHONE),
        Example("The office will call him back on 01632 960123", Category.PII_PHONE),
        Example("The surgery's number for his ankle: 01632 960800", Category.PII_PHONE),
        Example("Box office: 020 7946 0123", Category.PII_PHONE),
        Example("Childline is 0800 1111, the helpline 0808 157 0123", Category.PII_PHONE),
        Example("A listening line for young people, 01632 960700", Category.PII_PHONE),
        Example("Order number 07700900123", Category.PII_PHONE),
        Example("Shows on 01/12/2026 and 02/12/2026", Category.PII_PHONE),
        Example("and 5 6 7 8, 1 2 3 4 5 6 7 8", Category.PII_PHONE),
    )

    def __init__(self, organisation: Organisation = NOBODY) -> None:
        super().__init__(organisation)
        own = (*organisation.allowed_phones, organisation.lead_phone)
        self._own = {national(number) for number in own if number}

    def find(self, post: Text) -> Iterable[Finding]:
        """Numbers as written, then numbers in words where no written one stands already."""
        normal = post.normal
        ours = post.author_role in (AuthorRole.STAFF, AuthorRole.UNKNOWN)
        taken: list[tuple[int, int]] = []
        for start, end, digits in _written(normal.text):
            score = self._score(normal.text, start, end, digits, ours)
            span = normal.to_original(start, end)
            if score:
                taken.append(span)
                yield self._number(score, span)
        if _SPOKEN_GATE.search(normal.words):
            for start, end, digits in spoken_numbers(normal.words):
                span = normal.words_to_original(start, end)
                if any(span[0] < last and first < span[1] for first, last in taken):
                    continue
                if score := self._score(normal.words, start, end, digits, ours):
                    yield self._number(score, span)

    def _number(self, score: float, span: tuple[int, int]) -> Finding:
        kind = "a private person" if score >= 0.5 else "an office or a business"
        return self.seen(Category.PII_PHONE, score, span, f"A phone number, most likely of {kind}.")

    def _score(self, text: str, start: int, end: int, digits: str, ours: bool) -> float:
        """0 for no phone number or an allowed one."""
        number = national(digits)
        if re.fullmatch(r"7\d{9}", number) and _NO_NOUGHT.search(
            " ".join(window(text, start, end))
        ):
            number = f"0{number}"
        if not _is_private_shape(number) or number in self._own:
            return 0.0
        before, after = window(text, start, end)
        if _OTHER_NUMBER.search(before):
            return 0.0
        lead, tail = before.rsplit("\n", 1)[-1][-45:], re.split(r"[\n.!?]", after)[0][:25]
        if own := _SOMEBODYS.search(lead):
            lead = own.group()
        near = f"{lead} | {tail}"
        asked = _is_asked_for(lead, tail)
        near = _KIN.sub("", near)
        personal = asked or bool(_PERSONAL.search(near))
        if (_BUSINESS.search(near) or (ours and _OURS.search(near))) and not re.search(
            r"\b(?:my|mum'?s?|dad'?s?|her|his)\b", near, re.I
        ):
            return 0.85 if asked else 0.2
        if _ITS.search(lead):
            return 0.2
        mobile = number.startswith(("07", "+"))
        line = None if personal else _LINE.search(lead)
        if line and (not mobile or (line["the"] and line["on"])):
            return 0.2
        return 0.97 if personal else 0.85 if mobile else 0.6


_SOMEBODYS = re.compile(
    r"(?<=[.!?] )[^.!?]*\b(?:it'?s (?:me|my \w+)|(?:get|reach) me|i'?m"
    r"|my (?:number|mobile|phone) is)(?: on| at|:)? ?$",
    re.I,
)
"""Right before the number, in a sentence of its own: what stood before it is of something else."""


def _is_asked_for(before: str, after: str) -> bool:
    """Whether the words beside the number ask to ring a person, and name no office in between."""
    between = [before[match.end() :] for match in _ASKED.finditer(before)][-1:]
    between += [after[: match.start()] for match in _ASKED.finditer(after)][:1]
    return any(not _BUSINESS.search(words) for words in between)


_AS_DIGITS = str.maketrans("OoIl", "0011", " \t().-/_*,+")
_NO_DIGIT = re.compile(r"\D")
_PRIVATE = re.compile(r"07\d{9}|0[12]\d{9}|01\d{8}")


def national(number: str) -> str:
    """A British number from 0 on, digits only; a foreign one keeps its +."""
    digits = number.translate(_AS_DIGITS)
    if not digits.isdecimal() or not digits.isascii():
        digits = _NO_DIGIT.sub("", digits)
    if number.lstrip(" (").startswith("+") and not digits.startswith("44"):
        return f"+{digits}"
    for prefix in ("0044", "44"):
        if digits.startswith(prefix) and len(digits) >= len(prefix) + 9:
            return "0" + digits.removeprefix(prefix).removeprefix("0")
    return digits


def _is_private_shape(number: str) -> bool:
    """Mobiles 07, landlines 01 and 02; abroad what the phonenumbers library knows."""
    if number.startswith("+"):
        import phonenumbers

        try:
            return phonenumbers.is_possible_number(phonenumbers.parse(number))
        except phonenumbers.NumberParseException:
            return False
    return bool(_PRIVATE.fullmatch(number)) and len(set(number)) > 2


def _written(text: str) -> Iterator[tuple[int, int, str]]:
    taken: list[tuple[int, int]] = []
    for match in _WRITTEN.finditer(text):
        start, whole = match.start(), match.group()
        raw = _alone(whole)
        if raw == whole and not _is_private_shape(national(raw)) and (year := _YEAR.match(raw)):
            start, raw = start + year.end(), raw[year.end() :]
        if sum(char.isdigit() for char in raw) < 5 or _DATE.search(raw):
            continue
        if _is_private_shape(national(raw)):
            taken.append((start, start + len(raw)))
        yield start, start + len(raw), raw
    if not _PICTURE.search(text):
        return
    for match in _PICTURED.finditer(text):
        raw = match.group()
        if any(match.start() < last and first < match.end() for first, last in taken):
            continue
        if not raw.isascii() and _is_private_shape(national(raw)) and not _DATE.search(raw):
            yield match.start(), match.end(), raw


_YEAR = re.compile(r"(?:19|20)\d\d,[ \t]?(?=[(+]?0)")
"""Before a number, as of a birth: "16 Feb 1969, 07700 900123"."""


def _alone(raw: str) -> str:
    """A number without what was only written after it: "07700 900123, I'm late", "... lol", "..., 2
    adults", another number. Where the whole is a number nothing is taken away."""
    if _is_private_shape(national(raw)):
        return raw
    for gap in reversed(list(_GAP.finditer(raw))):
        more = not raw.startswith("0", gap.end())
        if more and sum(char.isdigit() for char in raw[gap.end() :]) > 2:
            break
        before = raw[: gap.start()]
        if len(before) < 10 and "+" not in before[:2]:
            break
        if _is_private_shape(national(before)) and not _PAIRS.fullmatch(before):
            return before
    return raw


def spoken_numbers(words: str) -> Iterator[tuple[int, int, str]]:
    """Digits in words, also mixed with figures: "double seven", "nine hundred", "07seven00"."""
    for match in _SPOKEN.finditer(words):
        parts = re.findall(r"o?\d[\do]*|[a-z]+", match.group())
        digits, times = "", 1
        for part in parts:
            if part in ("double", "treble", "triple"):
                times = 2 if part == "double" else 3
            elif part in ("hundred", "thousand"):
                digits += "00" if part == "hundred" else "000"
            elif part != "and":
                digits += _DIGIT_WORDS.get(part, part.replace("o", "0")) * times
                times = 1
        if any(part.isalpha() for part in parts):
            yield match.start(), match.end(), digits
