"""Suicidal thoughts, self-harm, goodbye messages, and worry about another person (C15). Favours
recall. Left: hyperbole ("I'm dead"), awareness and training, plays. No methods are described."""

from typing import ClassVar

from classifier.detector import Example
from classifier.detectors.cues import FICTION, LAUGHING, TRAINING, Cue, CueDetector
from models.vocabulary import Category

_SELF = r"(?:myself|mysel|meself|herself|himself|hisself|themselves|themself|itself|mself)"
_JOKE = LAUGHING + (
    r"|\b(?:queue|traffic|boring|embarrass\w+|cringe|laugh\w*|funny|hungover|so good|cute|"
    r"cake|cardio|burpees|warm[- ]?up|conditioning|splits|heat|hot in here|tickets|monday|"
    r"homework|maths|auction|meeting|puns?)\b"
)


class SelfHarmDetector(CueDetector):
    """See the module."""

    name = "self_harm_cues"
    version = "1"
    categories = frozenset({Category.SELF_HARM})
    category = Category.SELF_HARM
    rules = 9
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("i want to kill myself", Category.SELF_HARM, "i want to kill myself"),
        Example(
            "she keeps cutting herself and I dont know what to do",
            Category.SELF_HARM,
            "she keeps cutting herself and I dont know what to do",
        ),
        Example(
            "everyone would be better off without me",
            Category.SELF_HARM,
            "everyone would be better off without me",
        ),
        Example(
            "I dont want to be here anymore", Category.SELF_HARM, "I dont want to be here anymore"
        ),
        Example("I'm dead, that was hilarious", Category.SELF_HARM),
        Example("killing myself laughing at that", Category.SELF_HARM),
        Example("Self-harm awareness training on Tuesday", Category.SELF_HARM),
        Example("I want to die of embarrassment 😂", Category.SELF_HARM),
        Example("cut yourself a slice of cake", Category.SELF_HARM),
    )
    GATE = (
        r"\b(?:kill|end|suicid|die|dead|dying|alive|born|exist|wake up|better off|point|"
        r"reason|can'?t|cant|cannot|self|cut|hurt|burn|overdos|od\b|pills|tablets|starv|sick|"
        r"eat|ate|food|punish|purg|goodbye|bye|last|gone|kms|unalive|anymore|any more|be here|"
        r"disappear|worth|give up|scars|scratch|razor|hate (?:my|being)|sleep (?:and|forever)|"
        r"no one would|nobody would|miss me|live|living|life|wrists?|taken|take (?:my|her|"
        r"his) own)"
    )
    VETO = (
        FICTION
        + "|"
        + TRAINING
        + r"|\b(?:squad|sprinklers?|doors sudden|mission|tackle|pass|drinks|note in)\b"
    )
    CUES = (
        Cue(
            (
                r"\b(?:kill(?:ing|ed|s)?|hang(?:ing)?|drown(?:ing)?|top(?:ping)?|off(?:ing)?|"
                r"harm(?:ing|s|ed)?|unalive|hurt(?:ing)?|punish(?:ing|es)?|"
                r"starv(?:e|ing|"
                rf"es)|burn(?:ing|s|ed|t)?|cut(?:ting|s)?|scratch(?:ing|es)?) {_SELF}\b"
            ),
            0.9,
            "Somebody speaks of hurting or ending themselves or another doing so.",
            _JOKE
            + (
                r"|\b(?:laughing|off|short|some slack|on (?:the|a)|by accident|accidentally|"
                r"at (?:gym|"
                r"training)|shaving|cooking|paper cut|out of|trying to (?:reach|lift)|a (?:slice|"
                r"piece)|jump\w+|landing|ankle|knee|hamstring|back)\b"
            ),
        ),
        Cue(
            r"\bsuicid(?:e|al|ed)\b",
            0.75,
            "Somebody speaks of suicide.",
            (
                r"\b(?:lost (?:my|our|a|her|his) \w+ to|in memory|squad|prevention (?:week|"
                r"day|charity)|awareness|bereave\w*)\b"
            ),
        ),
        Cue(
            (
                r"\b(?:end|ending|ended) (?:it all|my life|her life|his life|their life|it "
                r"for good|"
                r"everything|things tonight)\b|\b(?:tak(?:e|ing)|took) (?:my|her|his|their) own "
                r"life\b|\bkms\b|\bunalive\b|\bi(?:'m| am|m) (?:going to|gonna|gunna) (?:do it|end "
                r"it)\b"
            ),
            0.85,
            "Somebody speaks of ending their life.",
            LAUGHING,
        ),
        Cue(
            (
                r"\b(?:want(?:ed|s)?|wanna|wish|ready|rather|hope|going|about|need|deserve|like) "
                r"(?:to |i could |i would |i could just )(?:just )?(?:die|be dead|disappear "
                r"(?:forever|for good)|not (?:be here|exist|wake up)|sleep (?:and not|"
                r"forever)|stop "
                r"existing)\b|\b(?:wanna|wana) die\b|\bwish (?:i|she|he) (?:was|were|wasn'?t|"
                r"weren'?t|"
                r"had never been|was never|would|could) ?(?:just )?(?:dead|never born|born|"
                r"not here|"
                r"here|alive|die|disappear|not wake up|gone)\b"
            ),
            0.8,
            "Somebody says that they wish to die.",
            _JOKE
            + (
                r"|\bwish (?:i|she|he) (?:was|were) (?:here|there)\b(?! no)|\b(?:with you|for the "
                r"show|holiday|sunny)\b|\bhere with\b"
            ),
        ),
        Cue(
            (
                r"\b(?:don'?t|dont|do not|doesn'?t|didn'?t|never|not) (?:really |even )?(?:want to|"
                r"wanna|wan(?:t|na)|wish to|see the point (?:in|of)) (?:be (?:here|alive|around|on "
                r"this earth)|live|living|wake up|exist|go on|being here|carry on|keep going)(?: "
                r"\w+)?\b|\b(?:no|not much|what'?s the|whats the|see no|any|the) (?:point|reason) "
                r"(?:in |of |to |for )?(?:living|being (?:here|alive)|going on|be here|me "
                r"being here|"
                r"carry(?:ing)? on|liv(?:e|ing)|trying anymore|existing|anymore)\b"
            ),
            0.75,
            "Somebody says that they do not want to live.",
            _JOKE
            + (
                r"|\b(?:this (?:town|country|queue|meeting|class)|here in|near|late|at this "
                r"(?:party|"
                r"job))\b"
            ),
        ),
        Cue(
            (
                r"\b(?:better off|happier|fine|easier) (?:without me|if i (?:was|were|wasn'?t|"
                r"weren'?t|am not|died|disappeared|(?:was )?gone|never|just)|dead)\b|\b(?:no ?one|"
                r"nobody) (?:would|will|wud|wld|'d) (?:even )?(?:notice|care|miss me|miss him|miss "
                r"her|cry)(?: if)?\b|\bwouldn'?t (?:miss me|be missed)\b|\bi(?:'m| am|m) (?:just "
                r")?(?:a burden|worthless|a waste of (?:space|air|oxygen))\b|\b(?:can'?t|cant|"
                r"cannot|"
                r"can not) (?:go on|carry on|do this (?:any ?more|no more)|take (?:it|this|"
                r"much more|"
                r"any more)(?: any ?more)?|cope (?:any ?more|with (?:life|living))|live like "
                r"this)\b|"
                r"\bi (?:give|gave) up on (?:life|everything|living)\b|\btired of (?:living|being "
                r"alive|life|existing)\b|\bhate (?:my life|being alive|myself)\b"
            ),
            0.6,
            "Somebody sounds without hope.",
            _JOKE
            + (
                r"|\b(?:parking|fees|noise|dishes|laundry|wi-?fi|this app|committee|heating|"
                r"weather|"
                r"these shoes)\b"
            ),
        ),
        Cue(
            (
                r"\bself[- ]?harm\w*\b|\bselfharm\w*\b|\bsh(?:'?ing)? again\b|\b(?:cut(?:ting|s)?|"
                r"burn(?:ing|s|t)?|slit(?:ting)?|scratch(?:ed|ing)?|carv(?:ed|ing)) (?:my|her|his|"
                r"their) (?:own )?(?:arms?|wrists?|legs?|thighs?|skin|stomach|hips)\b|"
                r"\b(?:cuts|scars|"
                r"marks|slashes) (?:all )?(?:on|up|down|over|along) (?:my|her|his|their) (?:arms?|"
                r"wrists?|legs?|thighs?|sleeves?)\b|\b(?:blade|razor)s? (?:hidden|under|in "
                r"(?:my|her|"
                r"his))\b|\bstarted cutting\b|\bcutting again\b|\bclean from (?:sh|cutting|self)\b|"
                r"\brelapsed?\b(?=[^.!?]{0,40}(?:cut|arms?|again|harm))"
            ),
            0.8,
            "Somebody speaks of self-harm.",
            (
                r"\b(?:cat|thorn\w*|brambles?|shaving|rose bush|fell|bike|sequins?|zip|awareness|"
                r"helpline)\b"
            ),
        ),
        Cue(
            (
                r"\boverdos\w*\b|\b(?:took|taken|taking|swallow(?:ed|ing)|saved up|stash\w*|"
                r"takes?) "
                r"(?:all |loads of |too many |a load of |a whole |the whole |a bunch of "
                r")?(?:my |her |"
                r"his |the |mum'?s |of )*(?:packet of |box of |bottle of )?(?:pills|tablets|"
                r"paracetamol|meds|medication|sleeping)\b(?=[^.!?]{0,60}(?:all|too many|die|"
                r"sleep|bye|"
                r"want|dont|hospital|tell|again|\d|load|rid|end))|\b(?:mak(?:e|ing|es)|made) "
                r"(?:myself|herself|himself) (?:sick|throw up|vomit|puke)\b|\b(?:don'?t|dont|"
                r"doesn'?t|"
                r"do not) deserve (?:to eat|food|to live|to be here|dinner)\b|\b(?:haven'?t|havent|"
                r"hasn'?t|not) (?:eaten|ate|et)(?: \w+){0,2} (?:in|for|"
                r"since)(?=[^.!?]{0,50}(?:days?|"
                r"fat|skinny|thin|deserve|punish|control|disgusting|proud|hospital|week))|"
                r"\bpurg(?:e|"
                r"ing|ed)\b|\b(?:skipping|skip|no|not) (?:meals|food|"
                r"eating)(?=[^.!?]{0,50}(?:punish|"
                r"deserve|fat|disgusting|hate|skinny|till i))"
            ),
            0.7,
            "Somebody speaks of harming themselves with tablets or food.",
            (
                r"\b(?:ramadan|fasting|lent|blood test|operation|dentist|chocolate|caffeine|"
                r"glitter|"
                r"cake|christmas|doctor said|prescri\w+|antibiotics?|headache|hay ?fever)\b"
            ),
        ),
        Cue(
            (
                r"\b(?:this is|my|final|saying|say|one last|last) (?:my )?(?:goodbye|final goodbye|"
                r"last (?:post|message|goodbye|night|words?|day))s?\b(?=[^.!?\n]{0,80}(?:love|"
                r"sorry|"
                r"everyone|care|all|look after|forgive|thank|pain|not your fault|mum|tell|peace|"
                r"ever))|\b(?:won'?t|wont|will not|not gonna|not going to) be (?:here|around|"
                r"alive|at "
                r"school|at practice|seeing) (?:tomorrow|much longer|any ?more|after (?:tonight|"
                r"today)|next (?:week|year)|for (?:my|christmas|much longer))\b|\b(?:look "
                r"after|take "
                r"care of|give|tell) (?:my|mum|him|her|them) [^.!?]{0,30}(?:when|after|once) "
                r"(?:i'?m|"
                r"im|i am|ive|i've) gone\b|\b(?:when|after|once) (?:i'?m|im|i am) (?:gone|dead)\b|"
                r"\bgoodbye (?:everyone|world|all|forever)\b|\bby the time you read this\b|\bsorry "
                r"for everything\b(?=[^.!?]{0,30}(?:bye|love|all|x))"
            ),
            0.7,
            "This reads like a goodbye.",
            (
                r"\b(?:holiday|moving|new job|uni|last (?:show|night of|performance|class|term)|"
                r"committee|retir\w+|step(?:ping)? down|season|tour|wrap|cast|leaving (?:do|party)|"
                r"goodbye party)\b"
            ),
        ),
    )
