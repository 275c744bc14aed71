"""Hostility on grounds of a protected characteristic, by phrase (C16).

Left: neutral or proud mention, counter-speech, history, casting.
"""

from typing import ClassVar

from classifier.detector import Example
from classifier.detectors.cues import FICTION, TRAINING, Cue, CueDetector
from models.vocabulary import Category

_CONDEMN = (
    r"\b(?:called (?:me|her|him|them|someone)|calling (?:people|someone|her|him|me|"
    r"others)|don'?t (?:say|call|tell)|do not (?:say|call)|never (?:say|call|tell)|not "
    r"ok(?:ay)?|unacceptable|unkind|apologis\w+|sorry (?:i|for)|bullying|stop (?:calling|"
    r"saying|telling)|it'?s wrong|shouldn'?t (?:say|call)|nobody should|no one should|"
    r"whoever (?:wrote|said|called)|report(?:ed)?|deleted? (?:the|a) comment|zero "
    r"tolerance|racis[tm]|homophobi\w*|prejudice|hate crime)\b"
)
_GROUP = (
    r"(?:muslims?|moslems?|islam|jews?|jewish (?:people|families|kids)|blacks?|black "
    r"(?:people|kids|families|girls|boys|lads)|asians?|pakistanis?|indians?|chinese(?: "
    r"people)?|poles|polish (?:people|families|kids|lot)|romanians?|roma(?: kids| "
    r"families)?|gypsies|gypsy (?:kids|families)|travellers?|traveller (?:kids|families)|"
    r"immigrants?|migrants?|refugees?|asylum seekers?|foreigners?|africans?|arabs?|"
    r"somalis?|ukrainians?|irish(?: people)?|scots|welsh|english people|gays?|gay "
    r"(?:people|men|kids|couples)|lesbians?|queers?|trans(?:gender)? ?(?:people|kids|"
    r"women|men|girls|boys)?|lgbt\w*|disabled(?: people| kids| children)?|autistic(?: "
    r"people| kids| children)?|autistics|deaf (?:people|kids)|blind (?:people|kids)|"
    r"wheelchair users?|women|girls|females|men|boys|catholics?|protestants?|christians?|"
    r"hindus?|sikhs?|old people|down'?s kids|special needs kids|sen kids|those people|"
    r"your kind|you people|them lot|that lot|these people)"
)


class HateDetector(CueDetector):
    """See the module."""

    name = "hate_cues"
    version = "1"
    categories = frozenset({Category.HATE})
    category = Category.HATE
    rules = 5
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "Muslims are vermin and should be thrown out",
            Category.HATE,
            "Muslims are vermin and should be thrown out",
        ),
        Example(
            "we don't want any gypsies in this club",
            Category.HATE,
            "we don't want any gypsies in this club",
        ),
        Example("go back to your own country", Category.HATE, "go back to your own country"),
        Example("Our Polish families brought lovely food", Category.HATE),
        Example("Telling someone to go back to their own country is racist", Category.HATE),
        Example("As a gay man I am proud of this choir", Category.HATE),
        Example("no girls in this scene, only the boys", Category.HATE),
    )
    GATE = (
        rf"\b(?:{_GROUP}|go back|send them|own country|retards?|nigg|paki|fag|chink|spastic|"
        r"mong|tranny|pikey|gyppo|kike|dyke|raghead)"
    )
    VETO = (
        FICTION
        + "|"
        + TRAINING
        + "|"
        + _CONDEMN
        + (
            r"|\b(?:history|museum|documentary|holocaust memorial|black history|pride (?:month|"
            r"march|parade)|equality|inclusive|welcome\b(?! no)|proud|as an? (?:gay|trans|black|"
            r"muslim|jewish|disabled|autistic|deaf|lesbian|bi)|i'?m (?:gay|trans|black|muslim|"
            r"jewish|disabled|autistic|deaf|lesbian|bi)|stand (?:with|up)|stands? against|ally|"
            r"allies|hateful|hurtful|disgusted (?:by|at|that)|how dare|people who (?:say|think)|"
            r"anyone who (?:says|thinks))\b"
        )
    )
    CUES = (
        Cue(
            (
                r"\b(?:all |most |these |those |bloody |fucking |dirty |filthy |stinking "
                rf")*{_GROUP} "
                r"(?:are|r|is|were|ain'?t|aren'?t|should|need to|ought to|must|can'?t|cannot|"
                r"don'?t|"
                r"do not|will never|have no|has no|deserve|belong|make|makes|ruin|ruins|"
                r"always|only|"
                r"just|bring|brings|smell|stink|shouldn'?t|shouldnt|never) (?:\w+ ){0,4}?(?:vermin|"
                r"scum|animals|terrorists?|disgusting|sick|evil|filth\w*|dirty|rats|parasites?|"
                r"savages?|thick|stupid|inferior|subhuman|weak|lazy|thieves|thieving|steal|"
                r"criminals?|"
                r"rapists?|groomers?|perverts?|freaks?|abominations?|sinful|unnatural|mental|"
                r"mentally "
                r"ill|trash|rubbish|plague|disease|cancer|invad\w+|not (?:welcome|real|human|"
                r"wanted|"
                r"people|british|natural|normal|fit)|welcome here|locked up|shot|gassed|killed|die|"
                r"deported|banned|thrown out|kicked out|sent (?:back|home)|leave|go home|stay "
                r"(?:away|"
                r"at home|in)|find their own|get out|have rights|exist|breed|be allowed|near "
                r"(?:our|"
                r"my|children|kids)|(?:lead|direct|teach|vote|drive|do) (?:anything|it|properly)|"
                r"belong (?:here|in the kitchen|on)|the (?:club|place|country|area) down|whole "
                r"(?:club|place|country) down|in the kitchen|everything|burden|waste|"
                r"embarrass\w*|the "
                r"show)\b"
            ),
            0.7,
            "Hostile words about people for who they are.",
            (
                r"\b(?:not (?:terrorists|criminals|evil|stupid|all)|are (?:so )?(?:brilliant|"
                r"amazing|"
                r"talented|kind)|stage left|stage right|wing|first half|act)\b"
            ),
        ),
        Cue(
            (
                r"\b(?:don'?t|dont|do not|didn'?t|never|no longer) (?:want|need|let|allow|"
                r"like|trust|"
                r"mix with|sit near|share [a-z]+ with) (?:any more |any |more |your |these |those |"
                r"the |them |that |to see |having |our kids (?:near|with) |my (?:kids?|"
                r"daughter|son) "
                rf"(?:near|with|around|dancing with) )*{_GROUP}\b|\b(?:no|ban|get rid of|keep "
                r"out|kick "
                r"out|deport|gas|kill|shoot|hang|burn|exterminate|wipe out|hate|hating|sick "
                r"of|fed up "
                r"(?:of|with)|too many|overrun (?:by|with)|full of|infested with|down with|"
                r"death to) "
                rf"(?:all |the |these |those |any |more |bloody |fucking |dirty )*{_GROUP}\b"
            ),
            0.7,
            "People are shut out or attacked for who they are.",
            (
                r"\b(?:in this scene|solo|section|changing room|toilets?|dressing room|line ?up|"
                r"number|dance|choreograph\w*|parts?|costumes?|auditions?|tickets|no more than|no "
                r"need|hate to|hate (?:it )?when|in the (?:boys|girls)|shortage|too many (?:girls|"
                r"boys|women|men) (?:and|for|in|auditioned))\b"
            ),
        ),
        Cue(
            (
                r"\b(?:go|get|f\*?\w* off|piss off|fuck off|send (?:her|him|them|you|em|"
                r"'em)(?: all)?|"
                r"sent|ship (?:them|em)|take (?:your|ur) \w+) (?:back|home) (?:to )?(?:where "
                r"(?:you|"
                r"they|u|she|he) (?:came|come|belong)|your (?:own )?(?:country|land|village|cave)|"
                r"africa|asia|pakistan|india|china|poland|romania|syria|bongo|their (?:own "
                r")?(?:country|land))\b|\bsend them (?:all )?(?:back|home)\b|\b(?:keep|make|want) "
                r"(?:britain|england|our (?:club|town|streets|schools?)|it|the (?:club|group)) "
                r"(?:white|british|english|christian|straight|for (?:our own|whites|the whites|"
                r"british))\b|\bwhite (?:power|pride|genocide|replacement)\b|\bgreat replacement\b|"
                r"\bspeak english or\b|\bthis is (?:england|britain|our country),? (?:speak|"
                r"go|not)\b"
            ),
            0.75,
            "People are told that they do not belong.",
            r"\b(?:christmas|half[- ]?term|tour bus|hotel)\b",
        ),
        Cue(
            (
                r"\b(?:you|u|ya|fucking|dirty|stupid|filthy|bloody|typical|little|smelly|"
                r"these|those|"
                r"them|all|thieving|another|that|ur a|such a|a bunch of|get the|like a|the) (?:\w+ "
                r")?(?:nigg(?:er|ers|a|as)|pakis?|faggots?|fags?|chinks?|spastics?|spaz|mongs?|"
                r"trann(?:y|ies)|pikeys?|gypp?os?|kikes?|dykes?|ragheads?|towelheads?|retards?|"
                r"cripples?|wogs?|coons?|gooks?|poofs?|poofters?|batty ?boys?|gippos?)\b"
            ),
            0.75,
            "A slur is thrown at people.",
            (
                r"\b(?:packet|smoke|roll|armou?r|curtain|reclaim\w*|we call ourselves|proud|"
                r"cigarette|"
                r"pint)\b"
            ),
        ),
    )
