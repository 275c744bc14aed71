"""Danger now: what it finds goes to the top of everything, with 999 first (C55, C58)."""

from typing import ClassVar

from classifier.detector import Example
from classifier.detectors.cues import FICTION, LAUGHING, TRAINING, Cue, CueDetector
from models.vocabulary import Category

_NOW = r"(?:right now|now|rn|this minute|just|already|tonight|as i type|at this moment)"


class ImmediateDangerDetector(CueDetector):
    """See the module. The policy names it: its findings are L4."""

    name = "immediate_danger"
    version = "1"
    categories = frozenset({Category.SELF_HARM, Category.THREAT, Category.DISCLOSURE})
    category = Category.SELF_HARM
    rules = 4
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "i've just taken all the tablets", Category.SELF_HARM, "i've just taken all the tablets"
        ),
        Example(
            "he is hitting mum right now, please help",
            Category.DISCLOSURE,
            "he is hitting mum right now, please help",
        ),
        Example(
            "I have a knife and I'm outside your house now",
            Category.THREAT,
            "I have a knife and I'm outside your house now",
        ),
        Example("I've just taken my hay fever tablets", Category.SELF_HARM),
        Example("he is hitting all the right notes right now", Category.DISCLOSURE),
        Example("I'm outside your house now with the costumes", Category.THREAT),
    )
    GATE = (
        r"\b(?:taken|took|tablets|pills|bridge|roof|ledge|tracks|knife|gun|blade|outside|"
        r"missing|now|rn|tonight|just|overdos|bleed|help)"
    )
    VETO = FICTION + "|" + TRAINING + "|" + LAUGHING
    CUES = (
        Cue(
            (
                r"\bi(?:'ve| have|ve)? (?:just |already |now )*(?:taken|took|swallowed) "
                r"(?:all|loads|"
                r"too many|a load|every|the whole|a whole|an overdose|them all|over \d+)\b|"
                r"\b(?:i'?m|"
                r"im|i am|she'?s|he'?s|he is|she is) (?:\w+ )?(?:on|at|standing on|up on|going to "
                r"jump off|about to jump off) (?:the |a )?(?:edge of the )?(?:bridge|roof|ledge|"
                r"railway tracks|tracks|train tracks|cliff edge)\b|\b(?:i'?m|im|i am|she'?s|he'?s) "
                r"(?:going to|gonna|about to) (?:do it|end it|kill myself|kill herself|kill "
                r"himself|"
                r"jump) (?:now|tonight|right now|today)\b|\b(?:bleeding (?:and|a lot|"
                r"everywhere)|cut "
                r"too deep)\b[^.!?]{0,30}\b(?:stop|help|scared|wrist|arm)"
            ),
            0.95,
            "A life may be in danger now.",
            r"\b(?:photos?|pictures?|hay fever|painkillers?|vitamins?|set|stage|scenery|model)\b",
        ),
        Cue(
            (
                r"\b(?:he|she|they|dad|mum|someone|stepdad|my \w+)(?:'s|s| is| are|'re)? (?:\w+ "
                r")?(?:hitting|beating|choking|strangling|attacking|hurting|stabbing|kicking|"
                r"punching|"
                r"battering|killing|smashing) (?:me|my \w+|mum|mam|her|him|us|dad|them|the (?:kids|"
                rf"baby|house))\b[^.!?]{{0,40}}\b{_NOW}\b|\b{_NOW}\b[^.!?]{{0,30}}\b(?:he|she|"
                r"they|dad|"
                r"stepdad|mum)(?:'s|s| is| are)? (?:hitting|beating|choking|strangling|attacking|"
                r"stabbing|battering)\b|\b(?:has|have|had|got|holding) (?:a |the )?(?:knife|"
                r"gun|blade|"
                r"machete) (?:to|at|on|against) (?:me|my|mum|her|him|us)\b|\b(?:child|girl|boy|"
                r"daughter|son|kid|brother|sister|friend)\b[^.!?]{0,30}\b(?:is|has gone|gone|been|"
                r"went) missing\b|\b(?:hasn'?t|hasnt|not|never) (?:come|came|got|been|"
                r"arrived) home "
                r"(?:since|from school|from class|last night|yet and)"
            ),
            0.95,
            "Somebody may be in danger now.",
            (
                r"\b(?:right notes|sock|sash|shoe|prop|costume|toy|teddy|cat|dog|tooth|teeth|at "
                r"(?:chess|fifa|mario|cards|snap))\b"
            ),
            Category.DISCLOSURE,
        ),
        Cue(
            (
                r"\b(?:i'?m|im|i am|we'?re|we are)\b[^.!?]{0,40}\b(?:outside|at) (?:your|ur|"
                r"the|her|"
                r"his) (?:house|school|studio|door|hall|work|club)\b[^.!?]{0,50}\b(?:knife|gun|"
                r"blade|petrol|bat|acid|come out|get you|you'?re dead|finish)\b|\b(?:knife|"
                r"gun|blade|"
                r"petrol|acid|machete|bomb)\b[^.!?]{0,60}\b(?:outside|coming|on my way|in (?:the|"
                r"your) (?:school|hall|studio|building))\b|\b(?:there'?s|theres|planted|put|"
                r"got) (?:a "
                r"|the )?bomb (?:in|at|under)\b|\bi(?:'m| am|m)? (?:going to|gonna|will|'ll|coming "
                r"to) (?:shoot|stab|kill|blow) (?:up )?(?:every ?one|every ?body|you all|them "
                r"all|the "
                r"(?:school|studio|club|place))\b"
            ),
            0.95,
            "Somebody threatens a life now.",
            r"\b(?:bath bomb|bombshell|glue gun|cake|pizza)\b",
            Category.THREAT,
        ),
    )
