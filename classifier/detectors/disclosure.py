"""Somebody tells of abuse or neglect, of themselves or of another person (C57). Favours recall:
a missed disclosure is the worst error there is. Left: training, plots, accidents, grumbles."""

from typing import ClassVar

from classifier.detector import Example
from classifier.detectors.cues import FICTION, Cue, CueDetector
from models.vocabulary import Category

_KIN = (
    r"(?:dad|daddy|da|father|step-?dad|step-?father|mum|mummy|mam|mom|ma|mother|step-?mum|"
    r"uncle|auntie|aunt|brother|step-?brother|sister|cousin|grandad|grandpa|granda|taid|"
    r"nan|gran|nain"
    r"|foster (?:mum|dad|carer|mother|father)|parents|mum'?s (?:boyfriend|bf|partner|"
    r"fella|new \w+)|mam'?s (?:boyfriend|bf|partner)|dad'?s (?:girlfriend|gf|partner)|"
    r"carers?|teacher|coach|boyfriend|bf|girlfriend|husband|wife|partner|neighbour"
    r"|babysitter|family friend|tutor|instructor|priest|vicar|ex|old man|fella|son|"
    r"landlord|boss|manager|support worker)"
)
_HIT = (
    r"(?:hits?|hitting|beats?|beating|slap(?:s|ped|ping)?|punch(?:es|ed|ing)?|kick(?:s|ed|"
    r"ing)?|hurts?|hurting|chok(?:es|ed|ing)|strangl(?:es|ed|ing)|burn(?:s|t|ed|ing)?|"
    r"threw|throws?|belts|belted|batter(?:s|ed|ing)?|smack(?:s|ed|ing)?"
    r"|thump(?:s|ed|ing)?|shov(?:es|ed|ing)|drag(?:s|ged|ging)?|starv(?:es|ed|ing)|"
    r"leather(?:s|ed)|skelp(?:s|ed|ing)?|whack(?:s|ed)|whip(?:s|ped)|grab(?:s|bed) (?=me "
    r"by)|spits? (?=on me)|pinn(?:ed|ing) (?=me)|attack(?:s|ed)|abus(?:es|ed|ing)|"
    r"molest(?:s|ed|ing)|rap(?:ed|es|ing)|assault(?:s|ed|ing))"
)
_ME = (
    r"(?:me|us|my (?:\w+ )?(?:mum|mam|mom|sister|brother|sis|bro|siblings|kids|face|arm|"
    r"son|daughter|friend|nan)|her|him|them|the (?:kids|children|girls?|boys?|baby|child|"
    r"wee one|little one)|his (?:wife|kids|son|daughter|gf|girlfriend|mum)|her (?:son|"
    r"daughter|kids|mum|little boy|little girl|husband))"
)
_ADVERB = (
    r"(?: (?:always|still|just|has|had|have|keeps?|kept|used to|would|sometimes|often|is|"
    r"was|been|regularly|again|gets (?:drunk|angry|mad) and|got (?:drunk|angry|mad) and|"
    r"comes (?:home|in) (?:drunk )?and|came (?:home|in) (?:drunk )?and|drinks and|who|"
    r"that|like|proper|actually|did|does))*"
)


class DisclosureDetector(CueDetector):
    """See the module."""

    name = "disclosure_cues"
    version = "1"
    categories = frozenset({Category.DISCLOSURE})
    category = Category.DISCLOSURE
    rules = 14
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "my uncle hits me when nobody is in",
            Category.DISCLOSURE,
            "my uncle hits me when nobody is in",
        ),
        Example(
            "im scared to go home tonight", Category.DISCLOSURE, "im scared to go home tonight"
        ),
        Example(
            "I think a girl in my class is being abused at home",
            Category.DISCLOSURE,
            "I think a girl in my class is being abused at home",
        ),
        Example(
            "He touched me and I didnt want it.",
            Category.DISCLOSURE,
            "He touched me and I didnt want it.",
        ),
        Example(
            "there is never any food in our house, my sister cries",
            Category.DISCLOSURE,
            "there is never any food in our house, my sister cries",
        ),
        Example("DBS disclosure forms are due", Category.DISCLOSURE),
        Example("In the play her father hits her", Category.DISCLOSURE),
        Example("my brother hit me with the ball by accident", Category.DISCLOSURE),
        Example("hit me up for tickets, my dad beat me at chess", Category.DISCLOSURE),
        Example("Safeguarding training covers signs of abuse and neglect", Category.DISCLOSURE),
    )
    GATE = (
        r"\b(?:hit|beat|slap|punch|kick|hurt|chok|strangl|burn|threw|throw|belt|batter|smack|"
        r"thump|shov|drag|starv|leather|skelp|whack|whip|grab|spit|pin|attack|abus|molest|"
        r"rap(?:e|i)|assault|touch|grop|forc|made me|makes? me|making|neglect|scared|afraid|"
        r"frighten|terrif|safe|bruis|marks|black eye|lock|alone|food|eat|hungry|secret|bed|"
        r"things|drunk|flinch|concern|worried|exploit|control|money|pension|tell any|told any|"
        r"never told|go home|unwashed|filthy|same clothes|shak|scream|inappropriate|"
        r"trafficked|county lines|carry|deliver|forced|let (?:me|her|him))"
    )
    VETO = FICTION + (
        r"|\bdbs\b|\b(?:safeguarding|prevent|abuse|awareness|child protection) (?:training|"
        r"policy|course|awareness|refresher|team|webinar|week)|\btraining\b|\bby accident\b|"
        r"\baccident(?:al|ally)?\b|\b(?:the|a|cricket|foot|net|tennis|hockey) ?ball\b|"
        r"\btripped\b|\bhits? me up\b|\bhits? (?:me )?(?:hard|different|right|in the feels|"
        r"the spot)"
        r"|\bbeats? me (?:at|to|in|by|why|how)\b|\bbeat (?:me|him|her|us|them) (?:at|to|in|by|"
        r"on)\b|\btouched (?:me|us) (?:deeply|so much|to)\b|\bso touched\b|\bpillow\b|\bon "
        r"the mat\b|\bkarate\b|\bboxing\b|\bsparring\b|\bjudo\b|\bmario kart\b|\bfifa\b|"
        r"\bquiz\b|\bboard game"
    )
    CUES = (
        Cue(
            rf"\b{_KIN}{_ADVERB} {_HIT} (?:on )?{_ME}\b",
            0.9,
            "Somebody says that a person close to them hurts them or another person.",
            r"\b(?:hurts? me to|feelings)\b",
        ),
        Cue(
            rf"\b(?:he|she|they|he's|she's|hes|shes|someone|somebody){_ADVERB} {_HIT} {_ME}\b",
            0.7,
            "Somebody says that a person is being hurt.",
            (
                r"\bhurts? (?:me|him|her) (?:to|that)|\bfeelings\b|\b(?:hits?|beat|beats|kicked) "
                r"(?:them|it) (?:all|out|off)\b|\bsmashed it\b|\bthrows? (?:me|him|her|them) "
                r"(?:a|the|"
                r"off|out|so)\b"
            ),
        ),
        Cue(
            (
                r"\b(?:touch(?:ed|es|ing)|grop(?:ed|es|ing)|felt up|feels? up|kiss(?:ed|es|ing)|"
                r"undress(?:ed|es)) (?:me|her|him|my \w+|us|them)\b(?=[^.!?]{0,60}(?:want|wrong|"
                r"private|down there|like|shouldn|bed|night|no\b|stop|under|leg|thigh|secret|tell|"
                r"uncomfortable|weird|horrible|inappropriate|and i\b|did|alone))|\btouch(?:ed|"
                r"es|ing) "
                r"(?:me|her|him) (?:inappropriately|up|where|in)\b"
            ),
            0.85,
            "Somebody tells of being touched against their will.",
        ),
        Cue(
            (
                r"\b(?:(?:i|she|he|they|we|who|child|girl|boy|friend|sister|brother|cousin)(?:'ve|"
                r"'s)? (?:was|were|got|been|have been|has been)|(?:is|are|am|was|were|been|"
                r"im) being) "
                r"(?:\w+ )?(?:abused|molested|raped|sexually assaulted|sexually abused|assaulted|"
                r"neglected|beaten|beat up by|exploited|trafficked|groomed|hit|hurt|starved|"
                r"mistreated|controlled|threatened|interfered with)\b"
            ),
            0.8,
            "Somebody tells of abuse.",
            (
                r"\b(?:hit|hurt) by (?:a )?(?:flu|cold|covid|costs?|weather|storm|delays?|cuts)|"
                r"\bhurt (?:at|during|in) (?:practice|rehearsal|training|class|the match|football|"
                r"gymnastics)|\bhit (?:by|for) (?:six|traffic)\b|\bbeaten (?:in|by|to|at|on|into "
                r"second)\b(?![^.]{0,20}(?:dad|mum|him|her|home))"
            ),
        ),
        Cue(
            (
                r"\b(?:scared|afraid|frightened|terrified|dread\w*|petrified)(?: \w+){0,2} "
                r"(?:to go|"
                r"of going|to be|of being|going|of goin|to come|to walk|of) (?:back )?(?:home|"
                r"in the "
                r"house|at home|back there|(?:of )?(?:my|her|his|their|our|him|what he|what "
                r"she|what "
                r"(?:my|his|her)))\b|\b(?:isn'?t|not|don'?t feel|doesn'?t feel|never feel|wasn'?t|"
                r"never) safe (?:at (?:home|mine|hers|his|dad|mum)|there|with|in (?:my|that|"
                r"her|his)|"
                r"round)|\b(?:don'?t|doesn'?t|dont|doesnt|do not|never) (?:wan(?:t|na)|wanna|want) "
                r"(?:to )?go home\b|\bdon'?t make me go home\b|\b(?:cries?|cry|crying|shakes?|"
                r"shaking|"
                r"begs?|flinch\w*) (?:when|every time|if|whenever) (?:it'?s time to go home|"
                r"she has "
                r"to go|he has to go|her|his|he|she|they|i)\b"
            ),
            0.75,
            "Somebody is afraid of home or of a person.",
            (
                r"\b(?:holiday|so much fun|best (?:week|night|day)|spiders?|exam|show was|"
                r"disneyland|"
                r"traffic|solo)\b"
            ),
        ),
        Cue(
            (
                r"\b(?:locks?|locked|locking|shuts?|shut) (?:me|us|him|her|them|my \w+) (?:in|"
                r"out|up|"
                r"outside|inside)\b|\bleft (?:me|us|them|him|her|the kids|my \w+) (?:home "
                r")?(?:alone|"
                r"on (?:my|our|their|his|her) own|by (?:myself|"
                r"ourselves))(?=[^.!?]{0,40}(?:night|day|"
                r"week|again|hours|often|always|since|always|no|while))|\b(?:home|been) alone "
                r"(?:for|"
                r"since) (?:\w+ )?(?:days?|nights?|weekend|weeks?)\b|\bleft alone (?:all|"
                r"every|most|"
                r"over)\b"
            ),
            0.75,
            "Somebody tells of being shut in or left alone.",
            (
                r"\b(?:accidentally|by mistake|car|studio|toilet|ourselves out|forgot (?:my|"
                r"the|our) "
                r"keys?)\b"
            ),
        ),
        Cue(
            (
                r"\b(?:no|never any|not any|isn'?t any|hardly any|nothing|never enough) (?:food|to "
                r"eat|dinner|tea)(?: left)? (?:in|at|for) (?:the|our|my|her|his|their|us|me|"
                r"home)\b|"
                r"\bnothing to eat (?:at home|in the house|since|for days)\b|\b(?:hasn'?t|haven'?t|"
                r"havent|hasnt|not) (?:been fed|fed (?:me|us|them|him|her)|had (?:any )?(?:food|"
                r"dinner|a meal|anything to eat))(?=[^.!?]{0,30}(?:days?|since|week|again|"
                r"yesterday))|"
                r"\b(?:won'?t|doesn'?t|don'?t|never|not) (?:feed|let (?:me|us|him|her|them) eat)\b|"
                r"\b(?:same|dirty|filthy|soiled|unwashed)(?: \w+)? (?:clothes|uniform|"
                r"nappy)(?=[^.!?]{0,40}(?:days?|week|always|every|smell|again))|\balways (?:hungry|"
                r"starving|filthy|dirty)\b|\bsteal\w* food\b"
            ),
            0.65,
            "Somebody tells of neglect.",
            (
                r"\b(?:dog|cat|fridge is broken|shop|interval|cafe|tuck shop|packed lunch|class|"
                r"rehearsal)\b"
            ),
        ),
        Cue(
            (
                r"\b(?:bruis\w+|black eye|belt marks?|burn marks?|cigarette burns?|hand ?prints?|"
                r"finger ?marks?|welts?|cuts and bruises)\b(?=[^.!?]{0,80}\b(?:her|his|their|"
                r"my|arms?|"
                r"back|neck|legs?|face|again|every|hid|hide|cover|explain|said|says|how|him|home|"
                r"child|girl|boy|keeps?|says she fell|won't)\b)"
            ),
            0.6,
            "Somebody speaks of marks on a person's body.",
            (
                r"\b(?:tap|pointe|ballet|tights|dance|gymnastics|football|rugby|hockey|netball|"
                r"skat\w+|bike|fell|trampolin\w+|costume|make-?up|makeup|stage blood|sfx|knees?|"
                r"shins?|fruit|apples?|bananas?|proud|ego)\b"
            ),
        ),
        Cue(
            (
                r"\b(?:worried|concerned|concern|scared|uneasy|bad feeling|not right|alarm "
                r"bells)\b(?=[^.!?]{0,60}\b(?:at home|child|girl|boy|kid|lad|pupil|little one|"
                r"neighbour|her (?:dad|mum|partner|boyfriend|stepdad|husband)|his (?:dad|mum|"
                r"partner|"
                r"stepdad)|my friend|the family|safety|carer|"
                r"welfare)\b)(?=[^.!?]{0,120}\b(?:hurt|hit|"
                r"bruis\w*|abus\w*|neglect\w*|safe|scream\w*|shout\w*|drink\w*|alone|thin|dirty|"
                r"filthy|hungry|afraid|scared|flinch\w*|home|marks|control\w*|withdrawn|money)\b)"
            ),
            0.6,
            "Somebody raises a worry about a child or an adult at risk.",
        ),
        Cue(
            (
                r"\b(?:told|tells|telling|warned|said|says) (?:me |her |him |us )?(?:not to|"
                r"never to|"
                r"to not|i (?:can'?t|cant|mustn'?t)|nobody would|no one would|no one will|nobody "
                r"will) (?:tell|say|believe)\b(?! (?:the (?:cast|others)|miss about|mum about the "
                r"(?:party|present|cake)))|\b(?:never|not|haven'?t|havent|can'?t|cant) "
                r"(?:told|tell|"
                r"telling) (?:any ?one|any ?body|a soul|mum|my mum|dad)\b(?=[^.!?]{0,60}(?:he|she|"
                r"what|this|but|happen|did|about|before))|\b(?:nobody|no one|noone|they don'?t|she "
                r"doesn'?t|mum doesn'?t|wouldn'?t) believes? (?:me|us)\b|\bi (?:have|need|"
                r"want|got) "
                r"to tell (?:some ?one|some ?body)\b(?=[^.!?]{0,50}(?:what|about|home|happen|"
                r"him|he\b|"
                r"dad|mum))"
            ),
            0.5,
            "Somebody speaks of something that they could not tell anyone.",
            (
                r"\b(?:surprise|party|present|secret santa|spoilers?|cast list|results?|gift|cake|"
                r"announcement|lotto|raffle|the ending)\b"
            ),
        ),
        Cue(
            (
                r"\b(?:does|did|doing|do|done) (?:\w+ )?(?:things|stuff|bad things|something|"
                r"horrible "
                r"things) to (?:me|her|him|us|them|my \w+)\b|\b(?:comes?|came|gets?|got|climbs?|"
                r"creeps?|sneaks?) in(?:to)? (?:my|her|his|our) (?:room|bed|bedroom)\b|\b(?:made|"
                r"makes|making|forces?|forced|forcing) (?:me|her|him|us) (?:to )?(?:do (?:stuff|"
                r"things|it)|touch|watch|send|undress|take (?:my|off)|sleep|have sex|kiss|"
                r"strip|sit "
                r"on)\b|\b(?:forces?|forced|forcing) (?:himself|itself|me|her|him|them)\b"
            ),
            0.8,
            "Somebody tells of being made to do things or of being harmed.",
            (
                r"\b(?:homework|piano|practise|dishes|bins|warm[- ]?up|plies|eat (?:my "
                r")?(?:sprouts|"
                r"veg\w*))\b"
            ),
        ),
        Cue(
            (
                r"\b(?:tak(?:es?|ing|en)|took|steals?|stole|keeps?|controls?|controlling|spends?) "
                r"(?:all )?(?:my|her|his|nan'?s|gran'?s|grandad'?s|mum'?s|their|the old) (?:money|"
                r"wages|pension|benefits|bank card|card|pip|phone and|savings|medication|"
                r"passport)\b|"
                r"\b(?:won'?t|doesn'?t|never|not allowed|isn'?t allowed|not) (?:let|lets?|"
                r"allow\w*)? "
                r"?(?:me|her|him|mum)? ?(?:to )?(?:leave the house|see (?:my|her|his) (?:friends|"
                r"family)|go out|out of (?:his|her|their) sight|have (?:a|my|her|his) (?:own "
                r")?(?:phone|money))\b(?=[^.!?]{0,60}(?:he|husband|partner|boyfriend|ever|"
                r"control|hit|"
                r"scared|afraid|money|alone|year))|\b(?:mak(?:es?|ing)|made|got|getting|forc\w+) "
                r"(?:me|him|her|my (?:brother|son|cousin|sister|friend)|kids|lads) (?:to "
                r")?(?:carry|"
                r"deliver|drop|hold|sell|run|shift)(?:ing)? (?:stuff|packages?|parcels?|bags?|"
                r"drugs?|"
                r"weed|gear|things|food|it)\b|\bcounty lines\b(?! (?:training|talk|awareness|"
                r"workshop))"
            ),
            0.7,
            "Somebody tells of control or exploitation.",
        ),
        Cue(
            (
                r"\bwhen i was (?:\w+ )?(?:\d{1,2}|a (?:kid|child|teenager|little girl|little boy|"
                r"boy|girl)|little|young|small|younger|at (?:school|primary)|in (?:year|"
                r"primary|care|"
                r"the choir))\b[^.!?]{0,80}\b(?:abus\w+|touch(?:ed|ing) me|hurt me|raped|molested|"
                rf"{_HIT} (?:me|us)|did things|interfered|assaulted|groomed me|came into my)\b|"
                r"\b(?:abused|molested|raped|interfered with|assaulted)\b[^.!?]{0,50}\b(?:as a "
                r"child|as a kid|when i was|for years|at (?:school|that school|the club))\b|"
                r"\bsurvivor of (?:child|sexual|domestic)\b[^.!?]{0,20}\bi\b|\bi(?:'m| am) a "
                r"(?:csa "
                r"|sexual abuse |child abuse |domestic abuse |domestic violence )?survivor\b"
            ),
            0.8,
            "Somebody tells of abuse in the past.",
        ),
        Cue(
            (
                r"\b(?:hurts?|hurting|beats?|beating|abusing|hitting) (?:me|us)\b(?! (?:up|to|"
                r"at|in|"
                r"that))|\b(?:drunk|drinking|off (?:his|her) (?:head|face)|high) (?:every "
                r"night|again|"
                r"all (?:the time|day)|most nights)\b(?=[^.!?]{0,60}(?:scream|shout|scared|"
                r"hit|smash|"
                r"kids|me|us|hide))|\b(?:hear|heard|hearing) (?:\w+ )?(?:scream\w*|shouting|crying|"
                r"thuds?|banging)(?=[^.!?]{0,50}(?:next door|neighbour|upstairs|kid|child|baby|her|"
                r"night))"
            ),
            0.6,
            "Somebody tells of being hurt, or of harm in a home.",
            (
                r"\b(?:my (?:feet|back|knees?|head|legs?|toes|eyes|brain|ears)|shoes?|pointe|"
                r"splits|"
                r"stretch\w*|economy|inflation)\b"
            ),
        ),
    )
