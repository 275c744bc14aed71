"""NHS, National Insurance and passport numbers (practice 5.4, 5.5), by check digit and context.

Left alone: references and serial numbers, specimen numbers (QQ 12 34 56 A is HMRC's own sample),
and the number of ten zeros, which a plain sum passes. No number with QQ is issued, but beside
words of National Insurance another one than the sample may be real with its letters hidden. A
number right after "NHS number" is reported with a wrong check digit too: whoever reads it cannot
reckon, and a slip of one figure hides nobody.
"""

import re
from collections.abc import Iterable
from typing import ClassVar

from classifier.detector import Example, Text
from classifier.detectors.base import PerText, window
from classifier.detectors.phone import spoken_numbers
from models.vocabulary import Category, Finding

_NHS = re.compile(
    r"(?<![\d.\-/+])\d{3}[ \-.]?\d{3}[ \-.]?\d{4}(?![\d\-/]|\.\d)"
    r"|(?<!\d)(?<!\d )\d(?: \d){9}(?! ?\d)"
)
_NHS_CONTEXT = re.compile(
    r"\bn\.?h\.?s\b|\bpatient|\bhospital (?:no|number)|\bmedical (?:no|number|card)"
    r"|\bn h s\b|\bhealth (?:service |and care |card )?(?:no|number)|\bchi (?:no|number)"
    r"|\bh ?& ?c (?:no|number)|\b(?:rh?|h)if (?:y )?gig\b",
    re.I,
)
_GROUPED = re.compile(r"\d{3}[ \-.]\d{3}[ \-.]\d{4}")
_NHS_HERE = re.compile(
    r"(?:\b(?:(?:n\.?h\.?s\.?|n h s) ?(?:no|num|number|id)s?\b|health (?:service |and care |card )?"
    r"(?:no|num|number)s?\b|h ?& ?c (?:no|num|number)s?\b|n\.?h\.?s\.? ?:"
    r"|(?P<hospital>(?:hospital|medical) ?(?:no|num|number)s?\b)"
    r"(?! (?:visit\w*|phones?|more|longer|news|need|one|way|problem|idea|beds?)\b))"
    r"|\b(?:my|her|his|their|(?!(?:this|is|was|has|its|does|uses|kids|as|us|yes|thats|whats|the"
    r"|thanks|tickets|members|volunteers|parents|costumes|masks|scrubs)\b)[a-z]\w*s)"
    r" (?:own )?n\.?h\.?s\b"
    r"|'s(?<!it's)(?<!that's)(?<!what's)(?<!there's)(?<!he's)(?<!who's)(?<!let's)(?<!year's)"
    r"(?<!day's) n\.?h\.?s\b)"
    r"(?!\.?(?:uk|net)\b| ?(?:111|direct|trust|logo|app|line|dentist|choir|page|week|nurse|staff"
    r"|discount|voucher|glasses|pension|prescription|lanyard|badge|fund\w*|event|talk|job"
    r"|charity|e-?mail|grade|themed|work\w*)\b)"
    r"(?:(?!\b(?:zoom|teams|webinar|wi-?fi|meeting (?:id|code)|choir|to (?:ring|call)|phone|code"
    r"|tel|justgiving|raffle|quote|parcel|amazon|plate|leaflet|product)\b)(?:[^\d\n]|\b\d{1,2}\b)){0,40}$",
    re.I,
)
"""Before a number, no other one between. What is written so is meant as one."""
_PUBLISHED = frozenset({"9434765918", "9991234560", "9876543210", "1234567890", "0123456789"})
"""Known from handbooks: nobody's."""
_OF_A_PATIENT = re.compile(
    r"\b(?:hers|mine|his|ours|theirs|(?:mam|mum|dad|nan|gran|son|daughter|twin)s?'?s?|my (?:eldest"
    r"|youngest|elder|younger)|hospital|discharge|letter|nurse|doctor|gp'?s?|consultant|clinic"
    r"|jabs?|vaccin\w+|ambulance|asthma|inhaler|allerg\w+|prescription|surgery|medical|wristband)\b",
    re.I,
)
"""Beside a number of 3, 3 and 4 figures whose check digit fits: one in eleven does so by chance."""
_REFERENCE_HERE = re.compile(
    r"\b(?:ref(?:erence)?|batch|serial|order|invoice|part|model|tracking|booking|policy)"
    r"(?: (?:no|number|code))?[.:]? (?:is )?$",
    re.I,
)
"""Right before a number, whatever else the post speaks of."""
_CHI = re.compile(r"\bchi (?:no|number|num)\b[^\d\n]{0,12}$", re.I)
_NI = re.compile(
    r"(?<![A-Za-z0-9])(?!(?:BG|GB|KN|NK|NT|TN|ZZ))(?:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]|QQ)"
    r"[ \-.]?\d{2}[ \-.]?\d{2}[ \-.]?\d{2}[ \-.]?[A-D](?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9])[A-CEGHJ-PR-TW-Z] [A-CEGHJ-NPR-TW-Z](?: \d){6} [A-D](?![A-Za-z0-9])",
    re.I,
)
_DOTTED = re.compile(r"[A-Z]{2}\.\d\d\.\d\d\.\d\d\.[A-D]", re.I)
_NI_CONTEXT = re.compile(
    r"\bn\.?i\.?(?: |\b)|\bninos?\b|\bnat(?:ional|\.)? ?ins|payroll|hmrc|\btax\b", re.I
)
_NO_SERIES = (
    r"(?:MON|TUE|WED|THU|FRI|SAT|SUN|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC|AT|ON|BY|TO|IN"
    r"|IS|NO|NR|OF|OR|AND|FOR|THE|REF|TEL|MOB|FAX|PIN|DOB|EXP|GBP|USD|EUR|NHS|NI|I|A(?! \d{7})|X"
    r"|AM|PM|WK|YR|AGE|INV|SKU|RRP|AC|ACC|PNR|PO|ETA)"
)
"""Before figures, and no letters of a passport's number."""
_PASSPORT = re.compile(
    rf"\b(?:(?:GBR ?)?\d{{3}} ?\d{{3}} ?\d{{3}}|(?!{_NO_SERIES}\b)[A-Z]{{1,3}} ?"
    r"(?:\d{7,8}|(?!\d\d \d\d 20\d\d\b)(?:\d{6}|\d(?: ?\d){5,7}(?! ?\d))(?! [A-D]\b))"
    r"|(?<!\d )(?:[A-Z] \d(?: \d){7}|\d(?: \d){8})(?! ?\d))\b"
)
_PASSPORT_CONTEXT = re.compile(
    r"\bpass? ?ports?\b|\bpp?t?(?= ?(?:no|number|num|\d))|\btravel document\b", re.I
)
_SPECIMEN = re.compile(
    r"\b(?:specimen|sample|example|dummy|made[- ]up|fake|fictional|format|looks like|test "
    r"(?:number|data)"
    r"|placeholder|training (?:slide|pack|data|exercise))\b",
    re.I,
)
_REFERENCE = re.compile(
    r"\b(?:ref(?:erence)?|batch|serial|order|invoice|part|model|tracking|parcel|product|sku|booking"
    r"|ticket|membership|locker|asset|catalogue|barcode|licen[cs]e|charity|company|costume|kit)\b",
    re.I,
)


_REFERENCE_NEXT = re.compile(
    r"(?<!passport )(?<!for )(?<!for the )\b(?:ref(?:erence)?|batch|order|invoice|tracking|parcel"
    r"|product|sku|booking|ticket|membership|locker|barcode|charity|company|costume|flight|train"
    r"|voucher|plate|route|policy|confirmation|conf|reservation|customer|agreement|insurance|stock)\b"
    r"(?:[ .:#]|\b(?:no|num|number|code|id|is|was|ref(?:erence)?|house)\b)*$",
    re.I,
)
"""So near before letters and figures that these are its own."""
_OTHER_PAPER = re.compile(
    r"\b(?:serial (?:no|number)|insurance (?:policy|quote|ref)|policy (?:no|number)|quote for)",
    re.I,
)


class OfficialNumberDetector(PerText):
    """See the module."""

    name = "official_number"
    version = "7"
    categories = frozenset({Category.PII_OTHER})
    rules = 4
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("her NHS number is 401 023 2137", Category.PII_OTHER, "401 023 2137"),
        Example("NI number AB 12 34 56 C please", Category.PII_OTHER, "AB 12 34 56 C"),
        Example("his passport no is 533123456", Category.PII_OTHER, "533123456"),
        Example("his N.H.S. number: 401 023 2137", Category.PII_OTHER, "401 023 2137"),
        Example("CHI number 4010232137 for the trip", Category.PII_OTHER, "4010232137"),
        Example("my nat ins is jk 45 67 12 b", Category.PII_OTHER, "jk 45 67 12 b"),
        Example("ni number: J K 4 5 6 7 1 2 B", Category.PII_OTHER, "J K 4 5 6 7 1 2 B"),
        Example("passport: 5 1 7 2 6 0 8 3 9", Category.PII_OTHER, "5 1 7 2 6 0 8 3 9"),
        Example("Passport: GBR533123456", Category.PII_OTHER, "GBR533123456"),
        Example("401 023 2137, that's hers", Category.PII_OTHER, "401 023 2137"),
        Example("my NI is QQ 41 07 63 B", Category.PII_OTHER, "QQ 41 07 63 B"),
        Example("his pasport: K 0 7 1 8 8 3 5 2", Category.PII_OTHER, "K 0 7 1 8 8 3 5 2"),
        Example("her NHS patient ref: 4010232137", Category.PII_OTHER, "4010232137"),
        Example("N.I. SK.60.33.14.C", Category.PII_OTHER, "SK.60.33.14.C"),
        Example("NI number AB 12.34.56 C", Category.PII_OTHER, "AB 12.34.56 C"),
        Example("back on 12.11.25 a new term", Category.PII_OTHER),
        Example("cylinder ref 401 023 2137, hospital tag", Category.PII_OTHER),
        Example("NHS number is 583 316 0722", Category.PII_OTHER, "583 316 0722"),  # with a slip
        Example("my passport Z4418027", Category.PII_OTHER, "Z4418027"),
        Example("the dentist's number is 583 316 0722", Category.PII_OTHER),
        Example("NHS number 943 476 5918", Category.PII_OTHER),  # in handbooks as a wrong one
        Example("NHS number 000 000 0000", Category.PII_OTHER),
        Example("write it as QQ 12 34 56 A on the NI form", Category.PII_OTHER),
        Example("batch AB123456C of the tap shoes", Category.PII_OTHER),
        Example("booking 401 023 2137 is confirmed", Category.PII_OTHER),
    )

    def find(self, post: Text) -> Iterable[Finding]:
        """Each kind by its own rule; a number is reported once."""
        text = post.normal.text
        if _NHS_CONTEXT.search(text):
            yield from self._spoken(post)
        if not any(char.isdigit() for char in text):
            return
        for pattern, judge, because in (
            (_NHS, _nhs, "An NHS number: the words around it say so."),
            (_NI, _ni, "A National Insurance number by its shape."),
            (_PASSPORT, _passport, "A passport number by its shape and the words around it."),
        ):
            for match in pattern.finditer(text):
                before, after = window(text, *match.span(), 70)
                if _SPECIMEN.search(before) or _SPECIMEN.search(after[:40]):
                    continue
                if score := judge(match.group(), before, after):
                    span = post.normal.to_original(*match.span())
                    yield self.seen(Category.PII_OTHER, score, span, because)

    def _spoken(self, post: Text) -> Iterable[Finding]:
        """An NHS number read out: "four zero one, zero two three, ..."."""
        words = post.normal.words
        for start, end, digits in spoken_numbers(words):
            before, after = window(words, start, end, 70)
            if len(digits) != 10 or _SPECIMEN.search(before):
                continue
            if score := _nhs(digits, before, after):
                span = post.normal.words_to_original(start, end)
                because = "An NHS number in words."
                yield self.seen(Category.PII_OTHER, score, span, because)


def _nhs(number: str, before: str, after: str) -> float:
    digits = re.sub(r"\D", "", number)
    if _CHI.search(before) and _day_of_birth(digits):
        return 0.8  # Scotland's begins with the birth, and a slip of a figure hides nobody
    if len(set(digits)) == 1:
        return 0.0
    if not nhs_check(digits):
        here = _NHS_HERE.search(before)
        if not here or digits in _PUBLISHED or _REFERENCE_HERE.search(before):
            return 0.0
        # "the hospital's number" is more often the one to ring
        return (
            0.0 if here.group("hospital") and digits.startswith(("01", "02", "03", "07")) else 0.7
        )
    if _NHS_CONTEXT.search(before) or _NHS_CONTEXT.search(after[:40]):
        return 0.97
    if _REFERENCE_HERE.search(before):
        return 0.0
    return 0.75 if _GROUPED.fullmatch(number) and _OF_A_PATIENT.search(before + after) else 0.0


def _day_of_birth(digits: str) -> bool:
    """Whether the first four figures are a day and a month."""
    return 1 <= int(digits[:2]) <= 31 and 1 <= int(digits[2:4]) <= 12


def nhs_check(digits: str) -> bool:
    """Whether the tenth digit is the check digit of the nine before it (weights 10 to 2)."""
    total = sum(
        int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)
    )
    check = (11 - total % 11) % 11
    return check != 10 and check == int(digits[9])


def _ni(number: str, before: str, after: str) -> float:
    if number.upper().startswith("QQ"):
        context = _NI_CONTEXT.search(before) or _NI_CONTEXT.search(after[:30])
        return 0.9 if context and "123456" not in re.sub(r"\D", "", number) else 0.0
    if _NI_CONTEXT.search(before) or _NI_CONTEXT.search(after[:30]):
        return 0.97
    if "." in number and not _DOTTED.fullmatch(number):
        return 0.0  # "on 12.11.25 a new term"
    if _REFERENCE.search(before[-30:]) or _REFERENCE.search(after[:20]):
        return 0.1
    if _OTHER_PAPER.search(before) or _OTHER_PAPER.search(after[:40]):
        return 0.1
    return 0.75 if number.upper() == number else 0.45


def _passport(number: str, before: str, after: str) -> float:
    if number[0].isalpha() and _REFERENCE_NEXT.search(before):
        return 0.0
    return 0.9 if _PASSPORT_CONTEXT.search(before + " " + after[:35]) else 0.0
