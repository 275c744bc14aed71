"""The author shows that they are under 18 (C31, C34; practice 6). Evidence, never a stored age.

Strong: first person, present, an age under 18; one's own school year, exams or teachers. Medium:
one's own parent's permission, cubs and brownies. Slang and spelling are never evidence. Vetoes:
past tense, one's own children or pupils, quotations, similes, units after the number, adult life.
"""

import re
from collections.abc import Iterable
from typing import ClassVar

from classifier.detector import Example, Text
from classifier.detectors.age_birth import own_births
from classifier.detectors.age_more import AT_WORK, MORE_MEDIUM, MORE_STRONG
from classifier.detectors.base import NOBODY, PerText, sentence
from classifier.detectors.dates import local_day
from models.vocabulary import Audience, AuthorRole, Category, Finding, Organisation, now

_UNDER = (
    r"(?:1[0-7]|[6-9]|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen)"
)
_NOT_YEARS = (
    r"(?![\w.:/%°'+])(?!\s?[-–]\s?\d)(?!,\d)(?! ?(?:weeks?|wks?|months?|mths?|mins?|"
    r"minutes?|hours?|hrs?|days?|miles?|km|stone|st\b|lbs?|kg"
    r"|foot|feet|ft|inch(?:es)?|in(?:ches)? tall|cm|quid|pounds?|p\b|pence|percent|per "
    r"cent|people|of us|of them|of you|out of|th\b|years? (?:in|into|clean|sober|older|"
    r"younger|ago|married|since|late|behind|of (?!age))"
    r"|yrs? (?:in|into|clean|sober|ago)|episodes?|chapters?|pages?|points?|goals?|"
    r"lessons?|steps?|minutes|seconds?|secs?|grades?|am\b|pm\b|o'?clock|metres?|places?|"
    r"spaces?|"
    r"tickets?|cups?|pints?|drinks?|cakes?|kids|children|grandchildren|stops?|stops away|"
    r"rows?|seats?|down|nil|all|and counting|shows? (?:in|down)|reps?|sets?|sizes?|"
    r"numbers?|in the (?:queue|line|row|sketch|play|scene|show|cast|draw)))"
)
_IM = r"(?:i'?m|i am|im|iam|am|ime|ah'?m|a'm)"
_SOFT = (
    r"(?:only |just |literally |actually |still |barely |nearly |almost |like |about to "
    r"be |about to turn |currently |now |already |legit |technically |only just |tbh "
    r"|jist |juist |ony )*"
)
_STRONG = (
    (
        rf"\b{_IM} {_SOFT}{_UNDER}{_NOT_YEARS}(?!-nil| going on)(?! (?:year olds|yr olds))",
        "says an age under 18",
    ),
    (
        (
            r"\bi (?:just |only just |finally )?turn(?:ed)? "
            rf"{_UNDER}{_NOT_YEARS}(?=[^.!?]{{0,30}}(?:today|yesterday|last|this|on|in|so|and|but|"
            r"$|[.!?,]))"
        ),
        "says that they turned an age under 18",
    ),
    (
        (
            rf"\bi(?:'ll| will) be {_UNDER}{_NOT_YEARS}(?=[^.!?]{{0,25}}\b(?:in|on|next|this|soon|"
            r"when|tomorrow|by|after)\b)"
        ),
        "says that they will be under 18",
    ),
    (
        rf"\b(?:as|being|speaking as) an? {_UNDER}(?![- ]years? (?:member|volunteer))[- ]?"
        r"(?:years?|yrs?|y)[- /]?(?:olds?|o)?\b(?! (?:mum|dad|mother))",
        "says that they are under 18",
    ),
    (
        (
            rf"\b{_UNDER}[- ]?(?:years?|yrs?|y)[- /]?(?:old|o)? (?:girl|boy|lad|lass|dancer|"
            r"student|kid|teen|female|male|gal)?\s?(?:here|from|looking|new here)\b"
        ),
        "gives an age under 18",
    ),
    (
        r"(?:^"
        rf"|[\s(])(?<!row )(?<!seat )(?<!size )(?<!gate )(?<!bus )(?<!room ){_UNDER} ?[/,]? ?(?:f"
        r"|m|nb)\b(?! ?\d)(?= here|,| from|$|\))",
        "gives an age under 18",
    ),
    (
        rf"(?:^|[.!?\n,] ?)(?:yeah |yes |hi |hey |only |just |nearly |literally )*(?:an? )?{_UNDER}"
        r"(?: ?me\b| and an? (?:half|bit|quarter)| ?(?:yr|year)s?[ -]?old\b(?! (?:son|"
        r"daughter|girl|boy"
        r"|kid|child|twins?|class|and|here in|who|needs|loves|wants|has|is|'s)))",
        "gives an age under 18",
    ),
    (
        rf"(?:^|[.!?\n] ?)[fm][/ ,]{{1,3}}{_UNDER}\b(?=[/ ,]|$)(?! (?:mins|for|people))",
        "gives an age under 18",
    ),
    (
        (
            r"\b(?:we're|we are|(?:(?<!\w )|(?<=cuz )|(?<=cos )|(?<=bc ))were"
            r"|me and (?:my )?\w+ (?:are|r)) (?:both |all |only "
            rf")*{_UNDER}{_NOT_YEARS}"
        ),
        "says an age under 18",
    ),
    (
        r"(?:^|[.!?\n] ?)(?:only |just |still )*(?:we'?re |we are )?in (?:p[1-7]|"
        r"s[1-6]|(?:year|yr|y) ?(?:[3-9]|1[0-3])"
        r"|(?:lower |upper )?(?:sixth form|6th form)|primary (?:school|skl|"
        r"[1-7]))\b(?! (?:we|they|the children|pupils))"
        r"|\b(?:we'?re|we are) in (?:year|yr|y) ?\d{1,2}\b|\bin primary (?:skl|school) still\b"
        r"|\bmy last (?:year|term|day) (?:at|of|in) (?:primary|secondary|juniors|high "
        r"school|year \d+|sixth form)\b"
        r"|\b(?:one|two|three|\d) more birthdays?\b|\bi'?m (?:moving|going) up to (?:big "
        r"school|secondary|seniors)\b",
        "says that they are at school",
    ),
    (
        r"\b(?:i sit|i'?ve got|i have|i'?m sitting|revising for) my (?:11 ?plus|11\+|"
        r"highers|prelims|gcses?|mocks|sats|nat 5s?)\b"
        r"|\b(?:my|ma) (?:higher )?prelims\b|\b(?:my|ma) highers\b|\bwe'?ve got "
        r"prom\b|\bim only a kid\b|\bi'?m (?:only |just )?a (?:kid|child|teenager)\b",
        "is at school",
    ),
    (
        rf"\bmy age(?: is|'s|:) {_UNDER}{_NOT_YEARS}|\bage:? {_UNDER} (?:here|btw)",
        "gives an age under 18",
    ),
    (
        (
            rf"\b(?:me|myself) \({_UNDER}\)|\bi \({_UNDER}\)|\bi'?m [a-z]+ ?[,(] ?(?:age |aged |"
            rf"and )?{_UNDER}[,)]"
        ),
        "gives an age under 18",
    ),
    (rf"\b{_IM} (?:\w+ )?(?:and )?(?:aged|age) {_UNDER}{_NOT_YEARS}", "says an age under 18"),
    (
        rf"\bi(?:'ve| have) (?:just |only just )?turned {_UNDER}{_NOT_YEARS}",
        "says that they turned an age under 18",
    ),
    (
        (
            rf"\b{_IM} {_SOFT}(?:in |a |going into |starting |finishing |about to start |in the "
            r")*(?:year|yr|y) ?(?:[2-9]|1[0-3]|seven|eight|nine|ten|eleven|twelve|"
            r"thirteen)s?\b(?! (?:teacher|ta|parent|mum|dad|of (?:my|a|the)|at uni|degree|student "
            r"teacher))"
        ),
        "says that they are in a school year",
    ),
    (
        (
            rf"\b{_IM} {_SOFT}(?:in |a |going into |starting )*(?:primary [1-7]|p[1-7]|"
            r"s[1-6])\b(?! teacher)"
        ),
        "says that they are in a school year",
    ),
    (
        (
            rf"\b{_IM} {_SOFT}(?:in |still in |at )(?:the )?(?:primary school|secondary school|"
            r"high school|sixth form|6th form|upper sixth|lower sixth|middle school|"
            r"secondary)\b(?! (?:hall|car|teaching|staff|as a))"
        ),
        "says that they are at school",
    ),
    (
        (
            rf"\b{_IM} (?:\w+ )?(?:doing|sitting|revising for|taking|studying for|in the middle "
            r"of) (?:my )?(?:gcses?|mocks|nat(?:ional)? 5s?|highers|sats|a[- ]?levels?|11 ?(?:\+|"
            r"plus)|btecs?)\b(?! (?:at night|again|evening|as an adult))"
        ),
        "is sitting school exams",
    ),
    (
        (
            r"\bmy (?:own )?(?:gcses?|gcse (?:mocks?|exams?|results|options|drama|dance|music)|"
            r"mocks|sats|year \d+ (?:exams?|mocks|options|prom)|form tutor|head of year|form room|"
            r"nat 5s?|prelims|school prom|leavers'? (?:prom|hoodie)|yr ?\d+ \w+)\b(?! (?:class|"
            r"students?|pupils?|group|results? (?:in|were|day was)|back in|(?:were|was) (?:in|"
            r"years|ages|back)))"
        ),
        "speaks of their own school exams or teachers",
    ),
    (
        (
            rf"\b{_IM} (?:not|no where near|nowhere near|not even|not quite|still not) (?:18|"
            r"eighteen)\b|\b(?<!she's )(?<!he's )(?<!shes )(?<!hes )(?:not|ain'?t) (?:18|"
            r"eighteen) (?:yet|till|until)"
        ),
        "says that they are not 18 yet",
    ),
    (
        (
            rf"\b{_IM} (?:\w+ )?(?:under ?(?:18|16|age|eighteen|sixteen)|underage|a minor|"
            r"not old enough|too young|"
            r"below 18)\b"
        ),
        "says that they are under age",
    ),
    (
        r"\b(?:when|till|until|til) i(?:'m| am|m| turn| hit| become) (?:18|eighteen|16|"
        r"sixteen|17)\b",
        "speaks of turning 18 as something to come",
    ),
    (
        (
            r"\b(?:one|two|three|four|five|\d{1,2}) (?:years?|months?|weeks?|days?) (?:till|until|"
            r"til|before|off) (?:i'?m|i am|i turn|i can) ?(?:18|eighteen|16)?\b"
        ),
        "speaks of turning 18 as something to come",
    ),
)
_MEDIUM = (
    (
        r"\b(?:lunch |after[- ]?school |another |got |gave me (?:a )?|in )detention\b|"
        r"\b(?:my|our|the) form tutor (?:is|said|says|has|wants|are)\b"
        r"|\bform tutor (?:said|says)\b|\b(?:we|i) had non[- ]?uniform day\b|\bhomework (?:is due|"
        r"due)\b|\bour head ?teacher\b|\b(?:sir|miss) (?:gave|told|made) me\b|"
        r"\b(?:sir|miss) (?:said|says) (?:i|my)\b"
        r"|\bat break\b[^.!?]{0,20}\bi\b|\b(?:in|talking in) assembly\b|\bmy "
        r"coursework\b|\byear (?:sevens|eights|nines|tens|"
        r"elevens)\b[^.!?]{0,40}\bme\b",
        "speaks of their own school day",
    ),
    (
        r"\b(?:mum|mam|dad|da|ma|my parents|my nan)(?:'s| will|'ll| has| have)? "
        r"(?:says?|said|kill me|got to come|sending me|make me|to come with me|have "
        r"to come|has to drive|gonna kill me)\b"
        r"[^.!?]{0,60}\b(?:i|me|no (?:phones?|screens?)|bed|bye)\b|\bgrounded\b|"
        r"\b(?:need|if|unless|with) (?:a |my )grown[- ]?up (?:to|collects|comes|signs|"
        r"with)\b"
        r"|\bmy (?:dad|da|mum|ma|mam) (?:has to|waits|will wait) ",
        "speaks of a parent who decides for them",
    ),
    (
        (
            r"\bmy (?:mum|mam|mom|dad|parents|nan|gran|carer|foster (?:mum|carer))(?: and dad)? "
            r"(?:won'?t let|doesn'?t let|don'?t let|says? i (?:can'?t|have to|need to|must|should|"
            r"am not|'m not)|said i(?:'m| am| can'?t| have| need)|has to (?:sign|drop|pick|come)|"
            r"grounded|took my (?:phone|ipad|xbox)|drops me|picks me|signed (?:my|the)|made me "
            r"(?:come|join)|confiscated|is making me|checks my)"
        ),
        "speaks of a parent who decides for them",
    ),
    (
        (
            rf"\b(?:{_IM}|i go to|at) (?:\w+ )?(?:a )?(?:brownies?|cubs?|cub scout|girl guides|"
            r"beavers|rainbows|explorers)\b(?! (?:leader|helper|coming|parent))|\bmy (?:brownie|"
            r"cub|scout|guide) (?:leader|pack|unit)\b"
        ),
        "is a member of a children's group",
    ),
    (
        (
            r"\bi (?:got|have|had|'ve got|get) (?:a |after[- ]?school |lunch |another "
            r")*detention\b|\bi(?:'ve| have)? ?got (?:double )?(?:maths|science|pe|english) "
            r"(?:homework|first|next|tomorrow|last period)"
        ),
        "speaks of their own school day",
    ),
    (
        (
            r"\bmy (?:child (?:performance )?licen[cs]e|work permit for the panto)\b|"
            r"\bi(?:'ve got| have| got) my (?:school )?jabs?\b"
        ),
        "has what only a child needs",
    ),
    (
        (
            r"\bafter school (?:i|im|i'm)\b|\bin my school\b|\bat my school\b|\bmy school (?:bag|"
            r"bus|uniform|friends|play|show|won'?t|doesn'?t|has|is)\b|\bmissing school\b|"
            r"\bmiss(?:ed)? school for\b|\bbunk(?:ed|ing) off\b"
        ),
        "speaks of their own school",
    ),
    (
        (
            r"\b(?:child|under[- ]?16|junior|half[- ]price child) ticket for me\b|\bi(?:'m| am)? "
            r"(?:still )?(?:count as|get) (?:a )?child (?:ticket|price|fare)"
        ),
        "asks for a child's ticket for themselves",
    ),
)
_ADULT_ROLE = 0.6
"""A parent or member of staff by role: only a strong sign is left above an even chance."""
_VETO = re.compile(
    r"\bthat was\b|\bwhen we met\b|\b(?:19[3-9]\d|200\d)\b|\bat (?:\d{1,2}|\w+teen) i (?:was|"
    r"had)\b|\b(?:eighties|seventies|sixties)\b"
    r"|\bus staff\b|\b(?:drive|take|bring|collect|drop) (?:him|her|them)\b|\bmine went\b|"
    r"\bwhen i was\b|\bi was (?:only |about |like )?\d|\bback when\b|\b(?:feel|felt|feels|"
    r"feeling|act|acting|look|looks|looking|sound|sounds|seem|treated?|treating|dance|"
    r"dancing|like) (?:me )?(?:like |as if |as though |as )(?:i'?m|i am|im|a)\b|\bas if "
    r"i(?:'m| am|m)\b|\bmentally\b|\bat heart\b"
    r"|\binner\b|\bif i (?:was|were)\b|\bimagine (?:if|being|i was|you)\b|"
    r"\bpretend\w*\b|\bi used to\b|\byears "
    r"ago\b|\b(?:my|our|the) (?:character|part|role|line)\b|\bplay(?:s|ing)? (?:a|the|"
    r"an) (?:\w+ )?(?:girl|boy|kid|child|teen\w*|pupil|student|role|part|lead|\d+)\b"
    r"|\bi teach\b|\bteaching\b|\bi'?m a (?:teacher|ta|tutor|coach|mum|dad|parent)\b"
    r"|\b(?:my|ma|our) (?:\w+ )?(?:son|daughter|kids?|children|child|boys?|girls?|lad|lass|"
    r"grand\w+|niece|nephew|class|students?|pupils?|toddler|eldest|youngest|twins?|little "
    r"one|dd|ds)'s\b"
    r"|\b(?:my|ma|our) (?:\w+ )?(?:son|daughter|kids?|children|child|boys?|girls?|lad|lass|"
    r"grand\w+|niece|nephew|class|students?|pupils?|toddler|eldest|youngest|twins?|little "
    r"one|dd|ds) (?:is|are|was|says?|said|has|keeps|will|who|always|told|goes|in|"
    r"and|(?:just )?turn(?:s|ed))\b"
    r"|\b(?:mortgage|at uni\b|my degree|university|my husband|my wife|my fianc|pregnant|"
    r"my kids|my ex\b|retired|pension|i drive|divorce|grandmother|grandad to|weeks "
    r"along)\b|\b(?:lyrics?|song|script|quote)\b|\bsay(?:s|ing)? [\"']",
)


_NO_AGE = re.compile(
    rf"\b{_IM} {_SOFT}{_UNDER} ?(?:m(?:in)?s?\b|minutes?|hours?|hrs?|days?|weeks?|wks?|months?|"
    r"miles?|stone|st\b|lbs?|kg|feet|foot|ft|quid|pounds?|th\b|points?|goals?|pages?|chapters?)"
)


def another_age(sentence: str) -> bool:
    """Whether a sentence (of Normalised.words) is of an age long past, of another person's, of work
    at a school, or of no age at all: "im 15 minutes late"."""
    return any(pattern.search(sentence) for pattern in (_VETO, AT_WORK, _NO_AGE))


class AgeDetector(PerText):
    """See the module."""

    name = "author_age"
    version = "4"
    categories = frozenset({Category.UNDERAGE})
    rules = 25
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("hi im 14 can i join", Category.UNDERAGE, "im 14"),
        Example(
            "I'm only thirteen but I dance better than you lot",
            Category.UNDERAGE,
            "I'm only thirteen",
        ),
        Example("im in yr 9 and love this", Category.UNDERAGE, "im in yr 9"),
        Example("doing this after my GCSEs", Category.UNDERAGE, "my GCSEs"),
        Example("i cant vote till im 18", Category.UNDERAGE, "till im 18"),
        Example(
            "my mum won't let me come on Fridays",
            Category.UNDERAGE,
            "my mum won't let",
            Audience.ADULT_ONLY,
        ),
        Example("my dob is 7/8/12", Category.UNDERAGE, "my dob is 7/8/12"),
        Example("my form is 7K at big school", Category.UNDERAGE, "my form is 7K"),
        Example("i go ellerstone academy", Category.UNDERAGE, "i go ellerstone academy"),
        Example("my birthday is 18 jan 1960", Category.UNDERAGE),
        Example("her dob is 7/8/12", Category.UNDERAGE),
        Example("I'm 14 weeks pregnant", Category.UNDERAGE),
        Example("I'm 10 minutes away", Category.UNDERAGE),
        Example("when I was 14 I started tap", Category.UNDERAGE),
        Example("my daughter is 14", Category.UNDERAGE),
        Example("I feel like I'm 12 again", Category.UNDERAGE),
        Example("I'm 12th in the queue", Category.UNDERAGE),
        Example("I'm in year 2 of my degree", Category.UNDERAGE),
        Example("I teach year 9", Category.UNDERAGE),
    )

    def __init__(self, organisation: Organisation = NOBODY) -> None:
        super().__init__(organisation)
        self._strong = [(re.compile(pattern), said) for pattern, said in (*_STRONG, *MORE_STRONG)]
        self._medium = [(re.compile(pattern), said) for pattern, said in (*_MEDIUM, *MORE_MEDIUM)]

    def find(self, post: Text) -> Iterable[Finding]:
        """The best sign; a medium one beside a strong one makes it a little surer."""
        words = post.normal.words
        adult = post.author_role in (AuthorRole.PARENT, AuthorRole.STAFF)
        best = self._first(words, self._strong, 0.9) or _born(words, post)
        weak = None if AT_WORK.search(words) else self._first(words, self._medium, 0.6)
        best = best or weak
        if best is None:
            return
        score, start, end, said = best
        score = min(score + 0.05, 1.0) if weak is not None and weak is not best else score
        because = f"The author {said}: they may be under 18."
        span = post.normal.words_to_original(start, end)
        yield self.seen(Category.UNDERAGE, score * (_ADULT_ROLE if adult else 1.0), span, because)

    def _first(
        self, words: str, patterns: list[tuple[re.Pattern[str], str]], score: float
    ) -> tuple[float, int, int, str] | None:
        for pattern, said in patterns:
            for match in pattern.finditer(words):
                first, last = sentence(words, *match.span(), 150)
                around = words[first:last].replace("my twin are", "me")
                if _VETO.search(around) or _is_quoted(words, match.start()):
                    continue
                start = match.start() + (len(match.group()) - len(match.group().lstrip(" (")))
                return score, start, match.end(), said
        return None


def _born(words: str, post: Text) -> tuple[float, int, int, str] | None:
    """ "I was born in 2012", "my dob is 7/8/12": seen from the day of the post."""
    for start, end, said in own_births(words, local_day(post.posted_at, now())):
        first, last = sentence(words, start, end, 150)
        if not _VETO.search(f"{words[first:start]} {words[end:last]}"):
            return 0.9, start, end, said
    return None


def _is_quoted(words: str, start: int) -> bool:
    """Whether an odd number of double quotes stands before it on its line."""
    line = words.rfind("\n", 0, start) + 1
    return words.count('"', max(line, start - 300), start) % 2 == 1
