"""Private homes (C19; practice 5.2): house and street, full postcodes, named houses.

A full postcode is about fifteen homes. Left alone: venues, offices, meeting points, titles, the
organisation's own places, and strings that only look like a postcode. The typing slip "P01 3AX"
(a nought for the letter O) is one all the same.
"""

import re
from collections.abc import Iterable
from typing import ClassVar

from classifier.agreement import NOBODYS_HOME
from classifier.detector import Example, Text
from classifier.detectors.base import NOBODY, PerText, sentence
from classifier.detectors.names import EVERYDAY, is_first_name
from models.vocabulary import Category, Finding, Organisation

_AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL "
    "DN DT DY E EC"
    " EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA "
    "LD LE LL LN LS"
    " LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK "
    "SL SM SN SO SP"
    " SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
AREAS = frozenset(_AREAS.split())
_POSTCODE = re.compile(
    r"(?<![A-Za-z0-9])(?P<out>[A-PR-UWYZ][A-HK-Y0]?[0-9O][0-9OA-HJKPSTUWMNRVXY]?)[ \-]?"
    r"(?P<in>[0-9O][ABD-HJLNP-UW-Z]{2})(?![A-Za-z0-9])",
    re.I,
)
_STREET = (
    r"(?:road|rd|street|st|avenue|ave|close|cl|drive|dr|lane|ln|way|court|ct|crescent|"
    r"cres|gardens|gdns"
    r"|grove|terrace|place|mews|hill|walk|row|rise|view|green|park|square|parade|brae|"
    r"wynd|loan|vale"
    r"|meadows?|fields?|croft|gate|bank|end|drove|chase|quay|wharf|circus|mount|"
    r"orchard|cottages?|fold|paddocks?|heights|rigg?|howe|nook|gardens?|buildings|"
    r"villas|brow|garth|ginnel|yard|ridge|spinney|copse|dene|dell|glade|coppice|hollow|reach|strand"
    r"|esplanade|promenade|alley|passage|boulevard|approach|leas?|mead|brook|path|knoll|warren"
    r"|toft|mill|heads|acres?|pastures?|esp|blvd|steps|gait|bottoms?|loke|causeway)"
)
_HOUSE = re.compile(
    rf"(?<![\w£:./])(?:(?P<flat>(?:flat|apartment|apt|unit|room) \d{{1,4}}[a-z]?),? )?"
    rf"(?P<number>\d{{1,4}}(?:/\d{{1,2}})?[a-z]?)(?:,| )\s?(?!(?:min\w*|miles?|hours?|oz|kids|"
    rf"children|people|days?|weeks?|years?|yrs?|of|more|or|and|x|am|pm|kg|lbs?|cups?|out|in|at|to"
    r"|outside|by|near|behind|opposite|before|after|until|for)\b)"
    rf"(?:[a-z'\-]+\.? ){{1,3}}?(?P<kind>{_STREET})\b(?! of\b)",
    re.I,
)
_THE = re.compile(r"(?<![\w£:./])\d{1,4}[a-z]? The [A-Z][a-z]+(?:'s)?(?: [A-Z][a-z]+)?")
_WELSH = re.compile(
    (
        r"(?<![\w£:./])\d{1,4}[a-z]? (?:y |yr )?(?:heol|stryd|ffordd|lôn|lon|maes|clos|rhodfa) "
        r"[a-z'\-]+(?: [A-Z][a-z]+)?"
    ),
    re.I,
)
_NAMED = re.compile(
    r"\b(?:[A-Z][\w']+ ){1,2}(?:Cottage|House|Farm|Lodge|Barn|Villa|Bungalow|Farmhouse),? "
    r"(?:on |in )?(?:[A-Z][\w']+ ){1,2}"
    r"(?:Road|Rd|Street|Avenue|Close|Drive|Lane|Way|Crescent|Terrace|Hill)\b|\b(?:flat|"
    r"apartment|apt) \d{1,4}[a-z]?\b[^.\n]{0,40}\b(?:house|court|tower|heights|point|"
    r"building)\b",
    re.I,
)
_TENS = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
_UNITS = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w{3,5}teen)"
_NUMBER = rf"(?:number|no\.?|nr\.?) (?:\d{{1,4}}[a-z]?|{_TENS}(?:[ -]{_UNITS})?|{_UNITS})"
_NUMBERED = re.compile(
    rf"\b{_NUMBER},? (?:[^.!?\n]{{0,20}}?\b(?:on|in|of|at|up|down) )?"
    rf"(?:[a-z'\-]+ ){{1,2}}?{_STREET}\b"
    rf"|\b(?-i:[A-Z])[a-z'\-]+ {_STREET}\.?,? (?:at |we'?re )?{_NUMBER}\b"
    r"|\b\d{1,4}[a-z]? the (?:paddocks?|orchards?|meadows?|green|crescent|close|mews|maltings|firs"
    r"|limes|beeches|elms|willows|oaks|rise|grove|avenue|cottages|gardens|glebe)\b"
    r"|///[a-z]+\.[a-z]+\.[a-z]+\b",
    re.I,
)
"""Forms that say a home only beside words of a home."""
_A_STREET = re.compile(
    rf"\b(?=[a-z]{{2}})(?:{_STREET}|orchards|maltings|firs|limes|beeches|elms|willows|oaks"
    r"|glebe)\b|///",
    re.I,
)
"""Without one of these words neither _HOUSE nor _NUMBERED can match."""
_FARM = r"(?:Farm|Cottages?|Croft|Lodge|Barns?|Bungalow|Farmhouse|Steading)"
_LIVES = re.compile(
    rf"\b(?:lives?|living|live|moved to|address(?: \w+){{0,3}}:?|staying) (?:at |in )?(?P<place>"
    rf"(?:[A-Z][\w']+ ){{1,3}}{_FARM}\b|The Old [A-Z][a-z]+, [A-Z][\w']+ {_STREET.title()})"
    r"|\b(?P<estate>(?:[A-Z][a-z]+ ){1,2}estate,? (?:block \w{1,2},? )?"
    r"(?:flat|number|no\.?) \d{1,4}[a-z]?)"
)
_HOME = re.compile(
    r"\b(?:home post ?code|visited at home"
    r"|is us|sat ?nav us|door to door|near us|we'?re (?:the|number|no)|mine is"
    r"|ours is|post ?code for us"
    r"|come round|come over|me nan'?s|nan lives|i stay|living (?:in|on)|byw (?:yn|ar)|get well card"
    r"|c/o|staying (?:at|with)|(?:her|his|my|their) (?:mum|dad|nan|gran)s (?:place|house|flat)"
    r"|we'?re(?=  \|)|i live|we live|i stay (?:at|in|on)|we stay (?:at|in)|ours\b|oor hoose|"
    r"our hoose|child ?minder'?s?|the flat is|has (?:her|him|them) this|keys? "
    r"(?:is |are )?with|granny'?s?|grandad'?s?"
    r"|(?:my|our|her|his|their|'s) postcode|last house|end house|the house (?:is|"
    r"with)|parcel|dropping \w+ (?:off )?(?:at|to)|drop \w+ (?:\w+ )?(?:off "
    r")?(?:at|to)|playdate|play date|mum'?s (?:is|at)|dad'?s (?:is|at)|i'm living|"
    r"lives? (?:at|on|in|next|round)|living at|my (?:home |"
    r"new |own )?address"
    r"|(?:home|her|his|their|our|mum's|dad's|nan's|new) address(?:es)?|address is|address:|my "
    r"(?:house|home|flat|place)|our (?:house|home|flat|place)"
    r"|(?:her|his|their|mum's|dad's|nan's|gran's|grandma's|nana's|auntie's|friend's|"
    r"mate's|'s) (?:house|home|flat|place|gaff)|round mine|come to mine|at mine"
    r"|moved (?:in)?to|moving to|pop round|from (?:mine|ours)|"
    r"pick (?:me|her|him|us|them) up (?:from|at)|"
    r"collect(?:ion)? (?:me |her |him |it |them )?(?:from|at)"
    r"|drop (?:me|her|him|it|them) (?:off )?(?:at|to|round)|send (?:it|them|the \w+|"
    r"cards?|parcels?) to|post (?:it|them) to|deliver|home is|i'm at|we're at|we are at"
    r"|sleepover|party at|knock|front door|neighbour|next door|bedroom|key under|babysit|"
    r"child lives|family live)\b",
    re.I,
)
_VENUE = re.compile(
    r"\b(?:dentist\w*|doctor'?s|vets?|pizza\w*|gazette|newspaper|paper|hire|"
    r"bakers?|bakery|salon|barbers?|garage|bank|post office|solicitors?|agents?|"
    r"lock-?up|soft play|stall|pitch|"
    r"printers?|suppliers?|sponsor\w*|factory|farm shop|garden centre|hall|"
    r"theatre|studios?|schools?|church|chapel|cent(?:re|er)|club(?:house)?|"
    r"academy|car park|office|library"
    r"|leisure|pub|hotel|station|venue|arena|gallery|museum|shop|store|market|cafe|"
    r"caf[eé]|restaurant|surgery"
    r"|hospital|clinic|college|university|cinema|stadium|gym|pool|rink|town hall|council|"
    r"registered|charity"
    r"|headquarters|hq|ltd|limited|sat ?nav|parking|park at|meeting point|meet at|"
    r"rehears\w+|perform\w+|audition\w*|workshop|show|box office|based at"
    r"|class(?:es)?|our (?:new )?(?:premises|home at)|depot|warehouse|branch|unit|coach "
    r"(?:leaves|departs|pick)|bus stop|doors open|tickets|exhibition|festival|stage door|"
    r"fete|tour|opening at|open day|pavilion|playhouse|mosque|synagogue|temple)\b",
    re.I,
)
_TITLE = re.compile(
    r"\b(?:221b baker|42nd street|10 downing|11 downing|84 charing cross|32 windsor "
    r"gardens|4 privet drive|12 grimmauld|coronation street|sesame street"
    r"|17 cherry tree lane|64 zoo lane|10 rillington|8 mile|musical|film|novel|scene|act "
    r"\w+|script|episode|book|character|song|tune|panto(?:mime)?|lair|poem)\b",
    re.I,
)
_CODE = re.compile(
    (
        r"\b(?:code|ref|order|serial|model|part|product|batch|voucher|promo|discount|coupon|"
        r"sku|kit|locker|licence|plate|reg|password|passcode|wifi|wi-fi|booking|invoice|"
        r"tracking)\b"
    ),
    re.I,
)


_VENUE_WORD = (
    r"(?:hall|cent(?:re|er)|hut|theatre|studios?|church|chapel|school|club(?:house)?|library|office"
    r"|pub|hotel|shop|store|laund(?:e?)rette|chippy|dentist|surgery|clinic|depot|arena|stadium|pool"
    r"|museum|gallery|pavilion|venue|neuadd|salon|barbers?|hairdressers?|caf[eé]|restaurant|market"
    r"|warehouse|kennels|vets?|garage|solicitors?|council|box office|academy|college|tip|bank"
    r"|playhouse|cinema|gym|rink|soft play|lock-?up|(?:corn|wool|coal|royal|cotton) exchange"
    r"|(?:miner'?s?'?|workm[ae]n'?s?'?|mechanic'?s?'?|women'?s'?|colliery) (?:welfare|institute)"
    r"|(?:british|royal) legion|(?-i:[Tt]he (?:Exchange|Institute|Welfare|Legion))"
    r"|\w+(?:ologist|podist|opath|ician|dresser|cleaner)s?)"
)
_VENUE_HERE = re.compile(
    rf"\b{_VENUE_WORD}(?:'?s)?(?:[,:(–-]{{0,2}} ?|(?: new)?(?: post ?code| address)?(?: from \w+)?"
    r"(?: is"
    r"| are)?(?: at| in| on"
    rf"|:)? |(?:'s|,)? ?(?:has |have )?(?:just )?moved(?: to |[!:.]{{1,3}} )|(?:'s)? (?:is|yn) )$",
    re.I,
)
"""Right before the address: it is the place named there, whatever else is said of a home."""

_RESIDENT = re.compile(
    r"(?:^|[\s;,:])([A-Z][a-z]+) [A-Z][a-z]+(?:-[A-Z][a-z]+)?[,:(]? ?(?:of |at )?$"
)
_ELDER = re.compile(r"\b(?:Mrs?|Miss|Ms)\.? [A-Z][\w'-]+,? (?:at|of|from) $")
_ALONE = re.compile(r"(?:^|[\s;:,])([A-Z][a-z]+),? $")
"""Right before a postcode: a first name, as in a list of homes."""
_DOCTOR = re.compile(r"\b(?:aid|ask|see|with|from) dr$", re.I)
"""A doctor before a name, and no drive: "24, first aid Dr"."""
_NUMBERS = re.compile(r"(?<!\w)\d{1,4}[a-z]? (?=[a-z])", re.I)
_THE_VENUE = re.compile(
    r"(?<!after )(?<!before )(?<!from )"
    rf"(?:\b(?:the|our|new|y)|'r) (?:new )?{_VENUE_WORD}\b[^,;.?]{{0,25}}$",
    re.I,
)
"""It is a place of everybody's, nobody's own ("my garage at") and no time ("after school at")."""


class AddressDetector(PerText):
    """See the module."""

    name = "address"
    version = "7"
    categories = frozenset({Category.PII_ADDRESS})
    rules = 5
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("we live at 14 Larkfield Close", Category.PII_ADDRESS, "14 Larkfield Close"),
        Example(
            "come to mine its 3b Mill Lane, PO19 8DJ",
            Category.PII_ADDRESS,
            "3b Mill Lane, PO19 8DJ",
        ),
        Example(
            "home postcode is po198dj, my house is the end one", Category.PII_ADDRESS, "po198dj"
        ),
        Example("my address is Flat 2, 8 Ash Grove", Category.PII_ADDRESS, "Flat 2, 8 Ash Grove"),
        Example("I live at 7 Sea View, P01 3AX", Category.PII_ADDRESS, "7 Sea View, P01 3AX"),
        Example("I'm at 5 Sexton's Steps", Category.PII_ADDRESS, "5 Sexton's Steps"),
        Example("3 easy steps to a good plank", Category.PII_ADDRESS),
        Example("The show is at the Town Hall, 12 High Street, PO19 8DJ", Category.PII_ADDRESS),
        Example("Rehearsal at St Mary's Church, 4 Church Road", Category.PII_ADDRESS),
        Example("collect from mine, TA33 4WB, size 3", Category.PII_ADDRESS, "TA33 4WB"),
        Example("our tune is called 36 Acacia Road", Category.PII_ADDRESS),
        Example("we're doing 42nd Street this year", Category.PII_ADDRESS),
        Example("use discount code B12 5CI or SW1A 2AA", Category.PII_ADDRESS),
        Example("step 5 6 7 8 and walk", Category.PII_ADDRESS),
        Example("15 children in a row please", Category.PII_ADDRESS),
    )

    def __init__(self, organisation: Organisation = NOBODY) -> None:
        super().__init__(organisation)
        self._postcodes = {_tight(postcode) for postcode in organisation.allowed_postcodes}
        self._venues = tuple(venue.lower() for venue in organisation.allowed_venues if venue)

    def find(self, post: Text) -> Iterable[Finding]:
        """Postcodes and street lines, joined where they stand side by side."""
        text = post.normal.text
        parts = sorted([*_streets(text), *_postcodes(text)])
        for start, end, weight in _joined(text, parts):
            if score := self._score(text, start, end, weight):
                because = (
                    "An address or a full postcode, most likely of a private home."
                    if score >= 0.5
                    else "An address, most likely of a venue or an office."
                )
                span = post.normal.to_original(start, end)
                yield self.seen(Category.PII_ADDRESS, score, span, because)

    def _score(self, text: str, start: int, end: int, weight: float) -> float:
        """0: allowed, a title or a code. weight: how much of an address it is by itself."""
        first, last = sentence(text, start, end, 120)
        near = text[first:start] + " | " + text[end:last]
        here = text[start:end]
        codes = {_tight(match.group()) for match in _POSTCODE.finditer(here)}
        if codes & self._postcodes or any(venue in (near + here).lower() for venue in self._venues):
            return 0.0
        if _TITLE.search(here + " " + near):
            return 0.0
        lead = text[max(0, start - 60) : start]
        home = _HOME.search(text[max(0, start - 160) : start] + " | " + text[end : end + 120])
        venue = _VENUE.search(near)
        if _VENUE_HERE.search(lead):
            return (
                NOBODYS_HOME
                if _THE_VENUE.search(lead) and not (home or len(_NUMBERS.findall(here)) > 1)
                else 0.15
            )
        resident = _RESIDENT.search(lead)
        if resident and is_first_name(resident.group(1)):
            return 0.85
        if _ELDER.search(lead) and not venue:
            return 0.85
        listed = _POSTCODE.match(here) and (home or not venue)
        alone = _ALONE.search(lead) if listed else None
        if alone and is_first_name(alone.group(1)) and alone.group(1).lower() not in EVERYDAY:
            return 0.85
        if weight < 0.5 and _CODE.search(near[-80:]) and not home:
            return 0.0
        if home and not (venue and _closer(text, start, venue.group(), home.group())):
            return 0.95 if weight >= 0.45 else 0.8
        return 0.15 if venue else weight


def _closer(text: str, start: int, one: str, other: str) -> bool:
    """Whether `one` stands nearer before the address than `other`."""
    return text.rfind(one, 0, start) > text.rfind(other, 0, start)


def _streets(text: str) -> Iterable[tuple[int, int, float]]:
    if _A_STREET.search(text):
        yield from _houses(text)
        for match in _NUMBERED.finditer(text):
            yield *match.span(), 0.3
    for match in _LIVES.finditer(text):
        yield *match.span(match.lastgroup or 0), 0.6
    for pattern, weight in ((_WELSH, 0.6), (_NAMED, 0.5), (_THE, 0.4)):
        for match in pattern.finditer(text):
            yield *match.span(), weight


def _houses(text: str) -> Iterable[tuple[int, int, float]]:
    for match in _HOUSE.finditer(text):
        line = match.group()
        kind, capital = match.group("kind"), bool(re.search(r" [A-Z][a-z]", line))
        if _DOCTOR.search(line) and re.match(r" [A-Z]", text[match.end() : match.end() + 2]):
            continue
        plain = kind.lower() in (
            "road",
            "rd",
            "street",
            "avenue",
            "ave",
            "close",
            "drive",
            "lane",
            "crescent",
            "terrace",
            "gardens",
            "grove",
        )
        if not capital and (
            not plain or re.search(r"\b(?:a|the|in|of|to|and|my|this|by|on|at)\b", line)
        ):
            continue
        yield (
            match.start(),
            match.end(),
            0.6 if plain or match.group("flat") else 0.5 if kind[0].isupper() else 0.4,
        )


def _postcodes(text: str) -> Iterable[tuple[int, int, float]]:
    for match in _POSTCODE.finditer(text):
        out = match.group("out").upper()
        area = re.match(r"[A-Z]+", out)
        letters = area.group() if area else ""
        slip = re.fullmatch(r"([A-Z])0(\d\d?)", out)
        if slip:  # "P01": the nought is the letter O of the area
            letters = f"{slip.group(1)}O"
        elif letters.endswith("O") and letters not in AREAS:
            letters = letters[:-1]
        spaced = " " in match.group() or match.group().isupper()
        if not any(char.isdigit() for char in match.group()):
            continue
        if letters in AREAS and (spaced or any(c.isdigit() for c in out)):
            yield match.start(), match.end(), 0.45 if spaced else 0.3


def _joined(text: str, parts: Iterable[tuple[int, int, float]]) -> Iterable[tuple[int, int, float]]:
    """A street with its town and postcode is one address, and more of one than either alone."""
    held: tuple[int, int, float] | None = None
    for part in parts:
        if held and part[0] - held[1] <= 45 and "\n\n" not in text[held[1] : part[0]]:
            held = (
                held[0],
                max(part[1], held[1]),
                0.8 if part[0] >= held[1] else max(held[2], part[2]),
            )
            continue
        if held:
            yield held
        held = part
    if held:
        yield held


def _tight(postcode: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", postcode.upper())
