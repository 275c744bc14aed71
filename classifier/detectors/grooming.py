"""Signs of grooming towards a child (C50): secrecy, gifts, probing, a meeting alone, flattery.

Favours recall. Left: group surprises, prizes, class questions about age, safety advice.
"""

from typing import ClassVar

from classifier.detector import Example, Text
from classifier.detectors.cues import FICTION, Cue, CueDetector
from classifier.detectors.telling import EXPLAINS_A_RULE, TO_A_CHILD
from models.vocabulary import Audience, AuthorRole, Category

_ASKS = 0.3
"""Below it a cue is a question that anybody may ask, but for a stranger among children."""


class GroomingDetector(CueDetector):
    """See the module. Favours recall."""

    name = "grooming_cues"
    version = "1"
    categories = frozenset({Category.GROOMING})
    category = Category.GROOMING
    rules = 7
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "dont tell your mum, its our little secret",
            Category.GROOMING,
            "dont tell your mum, its our little secret",
            Audience.CHILDREN,
        ),
        Example(
            "are you home alone sweetie?",
            Category.GROOMING,
            "are you home alone sweetie?",
            Audience.CHILDREN,
        ),
        Example(
            "I'll buy you new shoes if you send me a pic",
            Category.GROOMING,
            "I'll buy you new shoes if you send me a pic",
            Audience.CHILDREN,
        ),
        Example(
            "meet me after class, come alone",
            Category.GROOMING,
            "meet me after class, come alone",
            Audience.CHILDREN,
        ),
        Example(
            "Don't tell Miss, the party is a surprise for her",
            Category.GROOMING,
            "",
            Audience.CHILDREN,
        ),
        Example(
            "If anyone asks you to keep a secret, tell a trusted adult",
            Category.GROOMING,
            "",
            Audience.CHILDREN,
        ),
        Example(
            "Ticket prices depend on age, how old are you all?",
            Category.GROOMING,
            "",
            Audience.CHILDREN,
        ),
    )
    GATE = (
        r"\b(?:secret|tell|told|delete|between us|alone|home|buy|bought|gift|present|treat|"
        r"pay|send|pic|photo|selfie|how old|age|mature|special|understand|meet|come (?:round|"
        r"over|to)|pick you|lift|model|agent|parents|mum|trust|boyfriend|bf|girlfriend|"
        r"grown[- ]up|pretty|beautiful|gorgeous|sexy|sleepover|money|robux|v-?bucks|camera|"
        r"cam|vape|drink|wear|bedroom|bed)"
    )
    VETO = (
        FICTION
        + "|"
        + EXPLAINS_A_RULE
        + (
            r"|\b(?:surprise|secret santa|birthday (?:card|cake|present|party)|spoilers?|flash "
            r"mob|leaving (?:card|gift|present)|whip[- ]?round|raffle|prize|competition|thank you "
            r"gift|all of you|you all|everyone|register(?:ing)?|booking|form|ticket|age group|"
            r"category|consent)\b"
        )
    )
    CUES = (
        Cue(
            (
                r"\b(?:our|a|this|that'?s our|be our|special) (?:little |own |special )*secret\b|"
                r"\b(?:don'?t|dont|do not|no need to|never|without|not) (?:tell|telling|say "
                r"anything "
                r"to|mention (?:it|this) to|let) (?:your |ur |the )?(?:mum|mam|mom|dad|parents?|"
                r"anyone|anybody|teacher|carer|family|friends|others|nan|folks|grown[- ]ups|coach|"
                r"miss)\b|\b(?:just|only|strictly|stays?|keep (?:it|this|that)|special|"
                r"secret) (?:for|between) (?:us|you and me|me and you|the two of us)\b|"
                r"\b(?:delete|clear|hide) (?:this|these|our|the|your|ur) (?:chat|messages?|texts?|"
                r"convo|conversation|history|afterwards|after)\b|\b(?:mum|mam|dad|parents?|they) "
                r"(?:doesn'?t|don'?t|dont|won'?t|wouldn'?t|must not|mustn'?t|needn'?t) (?:need to |"
                r"have to |has to )?(?:know|understand|find out|see)\b|\bkeep (?:this|it|us|a|my) "
                r"(?:quiet|secret|between|private|to yourself)\b"
            ),
            0.75,
            "Secrecy is asked of a child.",
        ),
        Cue(
            (
                r"\b(?:are|r) (?:you|u|ya) (?:home |there |in )?(?:alone|by yourself|on your "
                r"own|by "
                r"urself|home by)\b|\b(?:when|what time|where) (?:are|do|does|r|is) (?:you|u|"
                r"your|ur) "
                r"?(?:mum|mam|dad|parents?|folks)?(?: (?:and dad))? (?:out|at work|get home|"
                r"get back|"
                r"go out|leave|asleep|alone|home alone|finish|away)\b|\bis (?:anyone|anybody|"
                r"your mum|"
                r"your dad|ur mum) (?:else )?(?:home|in|there|around|with you|watching)\b|\b(?:is|"
                r"are) (?:your|ur) (?:mum|mam|mom|dad|parents?|folks)(?: and dad)? (?:home|in|"
                r"there|"
                r"out|around|asleep|at work|strict)\b|\b(?:do|does) (?:your|ur) (?:mum|mam|dad|"
                r"parents?) (?:check|look at|read|go through|know (?:your|who))\b|\bwho(?:'s| is) "
                r"(?:home|with you|looking after you|picking you up)\b|\bwhich (?:room|bedroom) is "
                r"yours\b|\b(?:do you|u) (?:have|got) your own (?:room|phone|tablet)\b|"
                r"\b(?:does|do) "
                r"(?:anyone|your mum|your parents?) (?:check|see) your (?:phone|messages)\b"
            ),
            0.65,
            "Somebody probes whether a child is watched over.",
        ),
        Cue(
            (
                r"\bi(?:'ll|ll| will| can| could|'d| wanna| want to|'ve| have)? (?:buy|get|"
                r"give|send|"
                r"bought|got|pay|treat|order|transfer|gift)(?:ing)? (?:you|u|"
                r"ya)\b(?=[^.!?]{0,80}\b(?:if|just|only|secret|special|pic|photo|present|gift|"
                r"anything|shoes|phone|robux|v-?bucks|money|£|clothes|leotard|trainers|"
                r"tickets?|meet|"
                r"come|tell|prove|because)\b)|\b(?:present|gift|treat|something (?:nice|special)|"
                r"surprise) (?:for|waiting for) (?:you|u)\b(?=[^.!?]{0,50}\b(?:just|only|come|meet|"
                r"secret|don'?t|mine|car|alone|after)\b)|\b(?:robux|v-?bucks|money|phone|vape|"
                r"vapes|"
                r"cash)\b[^.!?]{0,30}\b(?:if you|if u|for a (?:pic|photo|chat)|just for you)\b"
            ),
            0.65,
            "Gifts or favours are offered to a child.",
        ),
        Cue(
            (
                r"\b(?:send|show|take|share|gimme|give me|want|got any|snap)(?: me)?(?: us)? (?:a |"
                r"some |another |more |your |ur |one |that |an? )*(?:\w+ )?(?:pic|pics|picture|"
                r"pictures|photo|photos|selfie|selfies|vid|video|"
                r"nudes?)\b(?=[^.!?]{0,60}\b(?:of you|"
                r"u\b|you|yourself|in your|in ur|just|for me|private|no one|mirror|bed|leotard|"
                r"costume|swim|body|face|please|pls)\b)|\b(?:turn|put) (?:your|ur|the) (?:cam|"
                r"camera|"
                r"webcam) on\b|\bwhat (?:are|r) (?:you|u) wearing\b|\b(?:send|trade) nudes\b"
            ),
            0.7,
            "Pictures are asked of a child.",
            (
                r"\b(?:for the (?:programme|website|page|display|album|slideshow|gallery|"
                r"noticeboard)|"
                r"headshots?|of the (?:costume|set|cake|show|dress)|feet|shoes|injury|receipt|"
                r"form)\b"
            ),
        ),
        Cue(
            (
                r"\b(?:meet|see|find) (?:me|up|you|u|with me)\b(?=[^.!?]{0,60}\b(?:alone|just "
                r"(?:us|"
                r"you|me)|by yourself|on your own|after (?:class|school|practice|rehearsal|"
                r"training)|"
                r"park|car|mine|behind|secret|without|somewhere|outside|corner|"
                r"quiet)\b)(?=[^.!?]{0,90}\b(?:alone|just|yourself|secret|without|mine|car|behind|"
                r"quiet|you)\b)|\b(?:come|get|hop|jump) (?:round |over |back |in |into |to |with "
                r")*(?:to )?(?:mine|my (?:house|place|flat|car|van|room|hotel))\b|\bcome "
                r"(?:there )?alone\b|\bi(?:'ll|ll| will| can| could)? (?:pick|drive|collect|"
                r"come get|"
                r"come and get|give) (?:you|u|ya)\b(?: up| home| a lift)?(?=[^.!?]{0,50}\b(?:alone|"
                r"just|secret|no one|nobody|mum|parents|corner|round|after|instead|don'?t|before|"
                r"without|street|park)\b)"
            ),
            0.6,
            "A meeting alone is offered to a child.",
            (
                r"\b(?:your mum|parents?) (?:can|are|is) (?:come|welcome|invited|there)\b|"
                r"\b(?:foyer|"
                r"reception|register|registration|stage door|main (?:hall|entrance|door)|"
                r"front desk|"
                r"minibus|rehearsal room)\b"
            ),
        ),
        Cue(
            (
                r"\b(?:you'?re|ur|u r|you are|your|u are) (?:so |very |really |such |way |not "
                r"like |"
                r"more |too )*(?:mature|grown[- ]up|special|different (?:from|to|than)|not like "
                r"(?:the )?other|older than|sexy|pretty for|beautiful for|prettier than|"
                r"gorgeous)\b(?=[^.!?]{0,60}\b(?:for (?:your|ur) age|girls|boys|others|kids|me|us|"
                r"them|i\b|understand|than|only|trust|secret|$)\b|[^.!?]{0,10}$)|\b(?:mature|"
                r"grown[- "
                r"]up|pretty|tall|developed) for (?:your|ur|a|an|\d+)\b|\b(?:no ?one|nobody|"
                r"they|your "
                r"(?:parents|friends|mum|family)) (?:else )?(?:understands?|gets?|really (?:gets|"
                r"knows|understands)|don'?t (?:understand|get|appreciate|"
                r"care))[^.!?]{0,30}\b(?:you|u|"
                r"like (?:i|me)|but me|us|the way i)\b|\byou can (?:trust|tell|talk to) "
                r"me\b(?=[^.!?]{0,60}\b(?:anything|more than|not them|don'?t|secret|"
                r"understand|always|"
                r"private|mum|parents)\b)|\bage (?:is just|is only|doesn'?t matter|just a "
                r"number)\b|"
                r"\b(?:have|got|has|had) (?:you |u )?(?:a |got a |ever had a |ever kissed )?(?:bf|"
                r"boyfriend|gf|girlfriend)\b(?=\?|[^.!?]{0,20}(?:yet|babe|hun|sweetie|pretty|\?))|"
                r"\bever (?:been )?kissed\b"
            ),
            0.6,
            "Flattery that sets a child apart.",
        ),
        Cue(
            (
                r"\b(?:how old|what age|what year|wot age|hw old) (?:are|r|is) (?:you|u|"
                r"ya)\b(?! (?:all|guys|both|lot|girls|boys))|"
                r"\b(?:u|you) (?:look|seem) (?:older|about|like you'?re)\b|\basl\b"
            ),
            0.25,
            "An age is asked.",
        ),
        Cue(
            (
                r"\b(?:scouts?|talent|model(?:ling)?|casting) (?:agent|agency|scout|director|"
                r"for)\b(?=[^.!?]{0,80}\b(?:pic|photo|dm|message|private|you|send|meet|"
                r"parents|alone|"
                r"secret|snap|whatsapp)\b)"
            ),
            0.4,
            "Somebody offers a child modelling or casting in private.",
            r"\b(?:official|website|parents? (?:must|should|to))\b",
        ),
    )

    def weigh(self, post: Text, cue: Cue, around: str) -> float:
        """Towards a child; an age question alone is evidence only from a stranger to one."""
        if post.audience == Audience.ADULT_ONLY and not TO_A_CHILD.search(around):
            return cue.score * 0.3
        if cue.score < _ASKS and post.audience not in (Audience.CHILDREN, Audience.MIXED):
            return cue.score
        if post.author_role in (AuthorRole.UNKNOWN, AuthorRole.STAFF):
            return min(cue.score + 0.1, 0.95)
        return cue.score
