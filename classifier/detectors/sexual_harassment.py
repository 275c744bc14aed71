"""Unwanted sexual remarks, pressure or pursuit, by phrase (C15). Policies and training are left."""

from typing import ClassVar

from classifier.detector import Example
from classifier.detectors.cues import FICTION, TRAINING, Cue, CueDetector
from models.vocabulary import Category


class SexualHarassmentDetector(CueDetector):
    """See the module."""

    name = "sexual_harassment_cues"
    version = "1"
    categories = frozenset({Category.SEXUAL_HARASSMENT})
    category = Category.SEXUAL_HARASSMENT
    rules = 4
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("send nudes", Category.SEXUAL_HARASSMENT, "send nudes"),
        Example(
            "you look so sexy in that, I'd do you",
            Category.SEXUAL_HARASSMENT,
            "you look so sexy in that, I'd do you",
        ),
        Example(
            "he keeps asking me out and won't take no for an answer",
            Category.SEXUAL_HARASSMENT,
            "he keeps asking me out and won't take no for an answer",
        ),
        Example("those leggings look great on you", Category.SEXUAL_HARASSMENT),
        Example("sexual harassment policy attached", Category.SEXUAL_HARASSMENT),
    )
    GATE = (
        r"\b(?:nudes?|sexy|sex|fit|bum|arse|ass|backside|boobs?|tits|body|legs|leotard|"
        r"leggings|naked|strip|bed|horny|turn(?:s|ed)? (?:me|him) on|kiss|date|number|no for "
        r"an answer|stare|staring|grope|feel|lick|suck|bang|shag|smash|i'?d|ride|touch|wank|"
        r"hard|moan|underwear|knickers|bra|rate|dtf|curves|hot|asking me out|following me|"
        r"won'?t leave)"
    )
    VETO = (
        FICTION
        + "|"
        + TRAINING
        + (
            r"|\b(?:policy|reporting|rules|sex education|rse|same[- ]sex|opposite sex|sexual "
            r"(?:health|harassment (?:policy|training)))\b"
        )
    )
    CUES = (
        Cue(
            (
                r"\b(?:send|show|got|want|swap|trade|post|leak|share)(?: me| us| some| any| "
                r"your| ur| "
                r"more)* (?:nudes?|tits|boobs|bum|naked|your body|ur body|dick|pics? of "
                r"(?:your|ur) "
                r"(?:body|bum|boobs|tits|arse))\b|\b(?:dick|naked|nude|underwear|topless) pics?\b|"
                r"\bsend nudes\b"
            ),
            0.85,
            "Sexual pictures are asked for or sent.",
        ),
        Cue(
            (
                r"\b(?:you|u|she|he|they|your|ur|her|his)\b[^.!?]{0,40}\b(?:so |proper |well |"
                r"really |"
                r"bare |dead |looking |look )*(?:sexy|shaggable|fuckable|bangable|horny|fit "
                r"as fuck|"
                r"hot as fuck|turn(?:s|ing|ed)? me on|making me hard|makes me hard|dripping|"
                r"doable)\b|"
                r"\b(?:i'?d|i would|id|wanna|want to|let me|gonna|i'?m gonna|would|could|can i) "
                r"(?:\w+ )?(?:do|bang|shag|smash|tap|ride|hit|have|lick|grab|squeeze|feel|"
                r"touch|spank|"
                r"suck|undress|bend|rail|pound|fuck) (?:you|u|her|him|that|any of you|your|ur|"
                r"it all|"
                r"those)\b(?=[^.!?]{0,40}\b(?:any|night|over|so|hard|ass|arse|bum|tits|boobs|right "
                r"now|all|up|legs|body|if|everyone|tonight|anytime|leggings|leotard|in that)\b|"
                r"[^.!?]{0,6}$)"
            ),
            0.65,
            "A sexual remark about a person.",
            (
                r"\b(?:do (?:you a favour|it again|that again|her hair|his hair|your hair|her "
                r"make-?up)|have (?:you (?:all|in|on|as)|that (?:cake|recipe|costume|in)|your "
                r"(?:costume|details|form))|hit that (?:note|high)|smash that|song|routine|chicago|"
                r"cabaret|cake|recipe|solo|number|role|part)\b"
            ),
        ),
        Cue(
            (
                r"\b(?:nice|lovely|great|fit|juicy|peachy|sexy|hot|staring at|look at|stare at|"
                r"watching|eyeing|love|check out|rate|grabbed|touched|slapped|pinched|smacked|"
                r"squeezed|comments? (?:about|on)|looking at|see) (?:me |you |the |her |his |"
                r"my |your "
                r"|ur |that |those |them )*(?:\w+ )?(?:bum|arse|ass|tits|boobs|backside|"
                r"behind|chest|"
                r"cleavage|body|rack|bulge|crotch|thighs|curves|bits|jugs|melons)\b"
            ),
            0.6,
            "A remark or a touch about a person's body.",
            (
                r"\b(?:body (?:language|percussion|paint\w*|conditioning|image|positive|work|"
                r"control|"
                r"wash|lotion)|pain|injur\w+|physio|ankle|stretch|core|costume|alexander technique|"
                r"warm|behind the (?:scenes|curtain|hall)|family behind|the (?:student |main |"
                r"whole "
                r")?body)\b"
            ),
        ),
        Cue(
            (
                r"\b(?:won'?t|wouldn'?t|doesn'?t|don'?t|never|can'?t|not going to|not gonna|"
                r"refus\w+ "
                r"to) (?:take no|stop (?:messaging|asking|texting|following|staring|commenting|"
                r"touching|trying)|leave (?:me|her|him) alone|accept (?:no|that i'?m not))\b|"
                r"\b(?:keeps?|kept|constantly|always|still) (?:asking (?:me|her|him) (?:out|for "
                r"(?:sex|pics|nudes|a kiss))|hitting on|coming on to|following (?:me|her)|"
                r"staring at "
                r"(?:me|her|my)|touching (?:me|her|my)|grop\w+|trying to kiss|making "
                r"(?:sexual|dirty|"
                r"pervy|lewd) (?:jokes|comments|remarks)|flirting with)\b|\b(?:come on,? |"
                r"just |gimme "
                r"a |give me a |give us a |one little |i deserve a )(?:kiss|snog|shag|feel|"
                r"cuddle|lap "
                r"?dance)\b(?=[^.!?]{0,40}\b(?:you|u|me|darling|babe|love|owe|frigid|prude|sexy|"
                r"won'?t|please|then)\b)|\b(?:frigid|prude|cock ?tease|pricktease|friend "
                r"?zoned? me|"
                r"owe me (?:a kiss|one night|sex))\b|\b(?:wear (?:something|less|the) "
                r"(?:tight|short|"
                r"sexy|shorter)|what (?:colour|underwear|knickers|bra)[^.!?]{0,20}(?:wearing|"
                r"on)|come "
                r"(?:back )?to my (?:bed|hotel room)|sit on my (?:lap|face)|get (?:your|ur) (?:kit|"
                r"clothes|top) off|take (?:it|your top|your clothes) off)\b"
            ),
            0.65,
            "Unwanted sexual pressure or pursuit.",
            (
                r"\b(?:costume|quick change|dressing room|jumpers?|layers|physio|dog|cat|"
                r"puppy|class "
                r"song|tap shoes|warm)\b"
            ),
        ),
    )
