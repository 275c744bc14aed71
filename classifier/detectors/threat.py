"""Intent or wish to hurt a person or property, hints and blackmail, by phrase (C15).

Left: stage idioms, plots, hyperbole, legal steps, games.
"""

from typing import ClassVar

from classifier.detector import Example
from classifier.detectors.cues import FICTION, LAUGHING, Cue, CueDetector
from models.vocabulary import Category

_THEM = r"(?:you|u|ya|her|him|them|ur|your)"


class ThreatDetector(CueDetector):
    """See the module."""

    name = "threat_cues"
    version = "1"
    categories = frozenset({Category.THREAT})
    category = Category.THREAT
    rules = 6
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "I'm going to smash your face in", Category.THREAT, "I'm going to smash your face in"
        ),
        Example(
            "watch your back, we know where you live",
            Category.THREAT,
            "watch your back, we know where you live",
        ),
        Example("pay me or I post the photos", Category.THREAT, "pay me or I post the photos"),
        Example("break a leg tonight!", Category.THREAT),
        Example("you're going to smash it, kill it out there", Category.THREAT),
        Example("we will take legal action if the fees are not paid", Category.THREAT),
        Example("the villain says I will kill you", Category.THREAT),
    )
    GATE = (
        r"\b(?:kill|stab|smash|batter|break|hurt|punch|knock|burn|slap|shank|beat|hit|deck|"
        r"bang|destroy|ruin|find|dead|die|watch|know where|regret|sorry|pay|or else|wait|hope|"
        r"knife|blade|gun|acid|petrol|torch|brick|windows?|tyres|snitch|outside|jump|get you|"
        r"come for|coming for|fight|bury|finish|send|leak|post|nudes?|screenshots?|happen|"
        r"accident|careful|shame if|lucky)"
    )
    VETO = (
        FICTION
        + (
            r"|\bbreak a leg\b|\b(?:smash|kill|slay|nail|knock)(?:ing|ed)? it\b|\bknock (?:them|"
            r"'em|em) dead\b|\bdead (?:funny|good|talented|proud|lucky|right|on|nice)\b|"
            r"\b(?:scrabble|fifa|mario kart|monopoly|chess|quiz|tug of war|dodgeball|laser ?tag|"
            r"paintball|water fight|pillow)\b|\b(?:solicitor|legal action|small claims|court|"
            r"complaint|trading standards|review|refund|ofsted)\b|\b(?:workout|warm[- ]?up|"
            r"conditioning|burpees|stretch|plank)\b|"
        )
        + LAUGHING
    )
    CUES = (
        Cue(
            (
                r"\b(?:i(?:'ll|ll| will|'m going to|m going to|m gonna|'m gonna| am going to|'d|'m "
                r"gunna|mma|ma| swear i(?:'ll| will))|we(?:'ll| will|'re going to|'re gonna| "
                r"gonna)|"
                r"gonna|going to|ima|imma|finna|someone (?:should|needs to|is going to|will)|"
                r"somebody "
                r"(?:should|needs to)|(?:my|her|his) (?:dad|brother|brothers|cousin|mates?|boys|"
                r"uncle)(?:'s|'ll| is| will)? ?(?:going to|gonna|will)?) (?:\w+ )?(?:kill|"
                r"stab|smash|"
                r"batter|break|hurt|punch|knock|burn|slap|shank|beat|deck|bang|end|"
                r"bury|cut|shoot|strangle|kick|jump|hit|lamp|spark|leather|drown|set fire to|"
                r"fuck|"
                rf"mess) (?:{_THEM}|your|ur|the lot of (?:you|them))(?: "
                r"(?:up|in|out|over|down|face|head|legs|teeth|jaw|in hospital|back))?\b(?=[^.!?]*)"
            ),
            0.55,
            "Somebody says that they will hurt a person or damage something.",
            (
                r"\b(?:get (?:you|them|him|her|the|some|it|a|my|your (?:tickets?|costume|"
                r"refund))(?! "
                r"back)|put (?:the|it|them|you|your (?:name|costume)|up|on|together)|do "
                r"(?:the|it|my|"
                r"a|your|this|that|our|some|better|costumes?)|cut (?:the|it|my|some|out|your "
                r"(?:hair|"
                r"costume|music))|hit (?:the|send|a|my|our)|break (?:the (?:news|record|bank|"
                r"ice|set)|"
                r"it to|even|for|into|up)|beat (?:the|our|my|last|traffic|you (?:to|at|there|"
                r"next))|"
                r"end (?:the|it|with|at|up|on|our|this)|finish (?:the|it|my|at|by|early|on|our|off|"
                r"this)|burn (?:the|a|some|calories|off|cds?)|kick (?:off|things)|jump (?:in|on|at|"
                r"for|up|to)|shoot (?:the|a|some|off|over)|destroy (?:the|my)|mess (?:this|it|"
                r"up my)|"
                r"kill (?:it|time|the lights|my feet|the dance|that)|knock (?:on|it|off|up)|hurt "
                r"(?:tomorrow|in the morning))\b"
            ),
        ),
        Cue(
            (
                r"\b(?:kill|stab|smash|batter|hurt|punch|burn|slap|shank|beat|shoot|strangle|cut|"
                r"kick)(?:ing)? (?:you|u|ya|your|ur|her|him|them) (?:face|head|legs?|teeth|"
                r"jaw|up|in|"
                r"throat|house|kneecaps?|nose|to death|car|windows?|eyes)\b|\bbreak (?:your|ur|her|"
                r"his|their) (?:legs?|neck|arms?|jaw|nose|face|fingers|ankles?|bones|kneecaps?)\b|"
                r"\b(?:smash|put|brick|burn|torch|blow up|set fire to|slash|key|trash|petrol bomb|"
                r"firebomb)(?:ing)? (?:down |up |in |out |through )*(?:your|ur|the|his|her|"
                r"their|that|"
                r"this) (?:windows?|house|car|studio|hall|tyres|place|van|school|club|"
                r"building|door|"
                r"mosque|church|synagogue|office)\b"
            ),
            0.8,
            "Somebody threatens to hurt a person or damage something.",
            r"\b(?:scene dock|set strike|fundrais\w+|rebuild)\b",
        ),
        Cue(
            (
                r"\b(?:you'?re|ur|u r|you are|youre|he'?s|she'?s|they'?re) (?:so |fucking |"
                r"literally |"
                r"properly )?(?:dead|gonna die|going to die|gonna get (?:it|hurt|stabbed|battered|"
                r"jumped|banged|what'?s coming)|going to get (?:it|hurt|stabbed|what'?s coming|"
                r"battered)|finished|getting (?:jumped|banged|battered|stabbed|shanked|done in))\b|"
                r"\b(?:watch|mind) (?:your|ur|his|her) back\b|\bsleep with one eye\b|\b(?:i|we) "
                r"(?:all )?know (?:exactly )?where (?:you|u|she|he|your|ur|they) (?:live|"
                r"lives|park|"
                r"parks|work|works|train|trains|go|goes|sleep|kids|family|mum|walk|walks)\b|"
                r"\bi know "
                r"what (?:time|bus|car|school)[^.!?]{0,20}\b(?:you|u|your|ur)\b|\b(?:you|u)(?:'ll|"
                r"ll| will| are going to|'re going to|'re gonna| gonna| wont| won'?t)? (?:regret "
                r"(?:it|this|that)|be sorry|pay for (?:this|that|it)|wish you (?:hadn'?t|"
                r"never)|see "
                r"it coming|make it home|walk again|get what'?s coming)\b|\b(?:snitches get|catch "
                r"(?:you|u|hands)|meet me outside|see you outside|waiting for (?:you|u) (?:outside|"
                r"after)|i'?m coming for|we'?re coming for|come and find you|will find (?:you|"
                r"u)|find "
                r"out what happens|count your days|days are numbered)\b"
            ),
            0.75,
            "Somebody threatens or intimidates a person.",
            (
                r"\b(?:tickets?|biscuits|cake|parents? (?:are )?waiting|sunscreen|with (?:snacks|"
                r"flowers|the keys)|dead (?:on|good|funny))\b"
            ),
        ),
        Cue(
            (
                r"\b(?:or|unless|otherwise|if (?:you|u) (?:don'?t|do|tell|ever|come|go|touch|show|"
                r"take|say)|until)\b[^.!?]{0,60}\b(?:i(?:'ll|ll| will|'m| am)?|we(?:'ll| will)?|"
                r"everyone (?:sees|will see)|they(?:'ll)?) (?:\w+ )?(?:post|leak|share|send|"
                r"show|tell|"
                r"upload|put|publish|ruin|out|expose|release) (?:(?:it|them|this|those|these|"
                r"your|ur|"
                r"the|that|all|everyone|everybody|what|you)\b)[^.!?]{0,40}\b|\b(?:send|pay|"
                r"give|get|"
                r"transfer|bring)(?: me| us)? [^.!?]{0,40}\bor (?:i|we|else|your|everyone|"
                r"ill)\b[^.!?]{0,40}\b(?:post|leak|share|show|tell|send|else|see|expose|photos?|"
                r"pics?|screenshots?|nudes?|secret)|\bor else(?=[.!]|$)"
            ),
            0.65,
            "Somebody blackmails or puts a person under pressure.",
            (
                r"\b(?:register|refund|pay (?:your|the) (?:fees|deposit|balance)|costume|"
                r"waiting list|"
                r"place|forms?|newsletter|reminder)\b"
            ),
        ),
        Cue(
            (
                r"\b(?:hope|wish|pray) (?:you|u|she|he|they|your \w+|someone|somebody) (?:all "
                r")?(?:get|gets|got|die|dies|fall|falls|crash|crashes|burn|burns|break|breaks|rot|"
                r"rots|hurts?|stabs?|batters?|breaks?|runs? (?:you|u|him|her) "
                r"over)\b(?=[^.!?]{0,50})|\b(?:it )?(?:would|wud|'d) be (?:a|such a) (?:real "
                r")?(?:shame|pity) if\b|\b(?:accidents?|things|bad things) (?:can |do |might |"
                r"could "
                r")?happen\b(?=[^.!?]{0,40}\b(?:you|to people|who|careful|family|kids|car)\b)|"
                r"\b(?:got|bring|bringing|carry(?:ing)?|have) (?:a |my |the )?(?:knife|blade|shank|"
                r"gun|acid|machete|bat|zombie knife)\b(?=[^.!?]{0,50}\b(?:you|him|her|them|school|"
                r"class|tonight|tomorrow|for|outside)\b)|\byou(?:'d| had)? better (?:watch|"
                r"run|hide|"
                r"not (?:show|come|turn)|sleep|be careful)\b|\b(?:be careful|careful) "
                r"(?:walking|who|"
                r"what|on your way|going) [^.!?]{0,20}\b(?:home|tonight|you|alone|out)\b"
            ),
            0.6,
            "Somebody wishes or hints at harm.",
            (
                r"\b(?:gets? (?:well|better|the (?:part|role|job|place|grade)|in|home safe|"
                r"some rest)|"
                r"break a leg|icy|ice|dark|roadworks|fog|snow|well soon|good|great|lovely|"
                r"cricket bat|"
                r"rounders|prop|baseball)\b"
            ),
        ),
    )
