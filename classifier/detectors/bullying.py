"""Insult, exclusion, rumour or mocking aimed at a person, by phrase (C16).

Left: banter with signs of warmth, praise in slang, quoted insults, words at oneself.
"""

from typing import ClassVar

from classifier.detector import Example
from classifier.detectors.cues import FICTION, LAUGHING, TRAINING, Cue, CueDetector
from models.vocabulary import Category

_THEM = r"(?:you|u|ya|her|him|them|ur|your)"
_YOURE = (
    r"(?:you'?re|ur|you are|u are|u r|your|youre|yous are|you look|u look|you'?ve always "
    r"been|you such)"
)
_SHE = r"(?:she'?s|he'?s|they'?re|she is|he is|they are|shes|hes|she looks|he looks)"
_BAD = (
    r"(?:ugly|fat|stupid|thick|dumb|pathetic|disgusting|worthless|useless|minging|rank|"
    r"hideous|gross|embarrassing|weird|annoying|talentless|vile|manky|mingin|butters|bare "
    r"ugly|moist|clapped|dense|a (?:loser|freak|weirdo|joke|failure|nobody|waste of space|"
    r"moron|idiot|pig|cow|whale|snake|rat|clown|dog|creep|disgrace|fat \w+|mess|liability|"
    r"laughing stock|nonentity|mug|wet wipe|melt|wasteman|sket|munter|minger|state|psycho|"
    r"tramp|scruff|virgin|mong))"
)
_WARM = LAUGHING + (
    r"|❤️|❤|🥰|💕|😘|♥|\b(?:love (?:you|u|ya)|luv u|my bestie|bestie|xx+|mate x|you little "
    r"star|legend|babes|joke|only joking|missed you)\b"
)
_CONDEMN = (
    r"\b(?:called (?:me|her|him|them|someone)|calling (?:people|someone|her|him|me|"
    r"others)|don'?t (?:say|call|tell)|do not (?:say|call)|never (?:say|call|tell)|not "
    r"ok(?:ay)?|unacceptable|unkind|apologis\w+|sorry (?:i|for)|bullying|stop (?:calling|"
    r"saying|telling)|it'?s wrong|shouldn'?t (?:say|call)|nobody should|no one should|"
    r"whoever (?:wrote|said|called)|report(?:ed)?|deleted? (?:the|a) comment|zero "
    r"tolerance|racis[tm]|homophobi\w*|prejudice|hate crime)\b"
)
_SELF = (
    r"\b(?:i'?m so|i am so|i feel|i look|i'?m such|myself|my (?:own )?(?:dancing|feet|"
    r"turnout|voice|bum|legs|brain))\b"
)


class BullyingDetector(CueDetector):
    """See the module."""

    name = "bullying_cues"
    version = "1"
    categories = frozenset({Category.BULLYING})
    category = Category.BULLYING
    rules = 6
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "you're so ugly and everyone hates you",
            Category.BULLYING,
            "you're so ugly and everyone hates you",
        ),
        Example(
            "nobody wants you in this group", Category.BULLYING, "nobody wants you in this group"
        ),
        Example("go drink bleach", Category.BULLYING, "go drink bleach"),
        Example("you killed it tonight, so annoying how good you are", Category.BULLYING),
        Example("someone called her ugly and that is not ok", Category.BULLYING),
        Example("I'm so stupid, forgot my shoes", Category.BULLYING),
        Example("you absolute idiot 😂 love you", Category.BULLYING),
    )
    GATE = (
        r"\b(?:you|u|ur|your|she|he|they|her|him|them|nobody|no one|noone|everyone|every1|go|"
        r"kys|loser|freak|ugly|fat|quit|leave|smell|stinks?|hate|laugh|invite|ignore)"
    )
    VETO = FICTION + "|" + TRAINING + "|" + _CONDEMN + "|" + _SELF + "|" + _WARM
    CUES = (
        Cue(
            (
                rf"\b{_YOURE} (?:so |such |just |actually |really |the |all |proper |pure |"
                r"bare |well |"
                r"a total |a bit |always |being |nothing but |literally |dead |too |that |an? "
                rf")*{_BAD}\b"
            ),
            0.75,
            "A person is insulted.",
            (
                r"\b(?:so annoying how|how (?:good|talented|brilliant)|good at|sick at|"
                r"insanely|not "
                r"(?:ugly|fat|stupid|useless|a |so|that))\b"
            ),
        ),
        Cue(
            (
                r"\b(?:you|u|ya) (?:absolute |total |complete |utter |stupid |fat |ugly |little |"
                r"pathetic |dirty |massive |lying |horrible |silly fat |thick |smelly )+(?:\w+)\b"
            ),
            0.6,
            "A person is insulted.",
            (
                r"\b(?:legends?|stars?|gems?|angel|hero|queens?|babes?|beaut(?:y|ies)|diva|"
                r"icon|darling|superstar|"
                r"genius|joy|treasure|beaut|champion|delight|monkey|sausage|rock)\b"
            ),
        ),
        Cue(
            (
                rf"\b{_SHE} (?:so |such |just |actually |proper |pure |bare |well |literally |"
                r"dead |"
                r"too |that |always |the most |the )*(?:ugly|fat|pathetic|disgusting|minging|"
                r"hideous|"
                r"vile|manky|talentless|butters|a (?:loser|freak|weirdo|joke|waste of space|"
                r"moron|pig|"
                r"cow|whale|snake|rat|slag|creep|sket|munter|minger|tramp|scruff|laughing "
                r"stock|fat "
                r"\w+))\b"
            ),
            0.6,
            "A person is mocked or run down.",
            (
                r"\b(?:it'?s|that'?s|this is|what'?s|there'?s|weather|costume|floor|hall|show|"
                r"dress|"
                r"poster|music|car|traffic|food|coffee)\b"
            ),
        ),
        Cue(
            (
                r"\b(?:nobody|no ?one|no1|none of us|everyone|every ?body|every1|we all|all "
                r"of us|the "
                r"whole \w+|literally everyone|the girls|they all)(?:'s)? (?:\w+ )?(?:likes?|"
                r"wants?|"
                r"hates?|cares? about|(?:is |are )?laugh(?:s|ing)? at|can'?t stand|invited|"
                r"would miss|"
                r"(?:is |are )?talking about|thinks? (?:you|u|she|he)|knows? (?:you|u|she|he)|"
                r"avoids?|"
                rf"ignores?|sick of|agrees? (?:you|she|he)) (?:\w+ )?(?:{_THEM}|'?re|'?s)\b"
            ),
            0.75,
            "A person is shut out or made a mock of.",
            (
                r"\b(?:to (?:succeed|do well|win|come|see you|be safe)|loves|good|brilliant|"
                r"amazing|"
                r"talented)\b"
            ),
        ),
        Cue(
            (
                r"\b(?:go (?:and )?(?:kill (?:yourself|urself|yaself)|die|jump|hang yourself|drown|"
                r"drink bleach|play in traffic|cry)|kys|kill (?:yourself|urself|ur self)|"
                r"drink bleach|"
                r"hope (?:you|u|she|he) (?:die|dies|fall|falls|fail|break|get)s?|do (?:everyone|us "
                r"all|the world) a favou?r and|neck (?:yourself|urself)|end yourself|why (?:are|r) "
                r"(?:you|u) even (?:here|alive)|should(?:'ve| have)? (?:never been born|die|just "
                r"die))\b"
            ),
            0.9,
            "A person is told to die or wished harm.",
            r"\b(?:break a leg)\b",
        ),
        Cue(
            (
                r"\b(?:don'?t|dont|do not|let'?s not|nobody|no ?one|everyone) (?:sit with|talk to|"
                r"speak to|invite|pick|choose|let|reply to|follow|dance with|partner|tell|include|"
                r"ignore|block|unfollow|add) (?:\w+ ){0,2}?(?:her|him|them|"
                r"[a-z]+)\b(?=[^.!?]{0,40}\b(?:weird|smell|loser|group|party|she|he|ok|pass it on|"
                r"ever|anymore|again|freak|stinks?|unless|want)\b)|\b(?:just )?(?:quit|leave|"
                r"get out|"
                r"go home|do one|jog on|get lost|give up)\b[^.!?]{0,40}\b(?:nobody|no ?one|wants? "
                r"you|you'?re|ur|loser|ruin|embarrass\w*|already|never|useless|rubbish)\b|\b(?:you|"
                r"she|he|u) (?:always )?(?:ruin|ruins|ruined|stink|stinks|smell|smells|reek|"
                r"reeks)(?: "
                r"of| everything| it| the)?\b|\b(?:you|u) (?:can'?t|cant) (?:dance|sing|act)\b|"
                r"\b(?:you|u) dance like\b|\bface like\b|\blook at the state of (?:you|u|her|him)\b"
            ),
            0.6,
            "A person is shut out or run down.",
            (
                r"\b(?:lovely|gorgeous|delicious|good|amazing|like (?:an angel|a dream|nobody'?s "
                r"watching|a pro)|so proud|roses|coffee|cake|the floor|card details|bank)\b"
            ),
        ),
    )
