"""What ties a named school to a child, and what makes it a venue, an employer or a title."""

import re

_PERSON = (
    r"(?:(?:my|our|me|her|his|their|the|a|another|anyone else's|one of my|wee|little|lil|ur|your)"
    r" (?:\w+ ){0,2}?)?(?:son|daughter|child|kid|girl|boy|lad|lass|bairn"
    r"|wean|wain|wee one|wee man|wee girl|little one|little (?:girl|boy)|dd|ds|eldest"
    r"|youngest|middle one|twins?|niece|nephew|grand(?:son|daughter|child|kids)|sister|brother"
    r"|bro|sis|friend|bestie|mate|cousin|toddler|pupil|god(?:daughter|son)|stepson"
    r"|stepdaughter|teenager|tween|both of mine|(?:all|both|two|three) (?:of )?mine|mine"
    r"|the other|one's|other's|year \d+|(?:my|our|both|three|two) (?:\w+ )?(?:sons"
    r"|daughters|kids|children|girls|boys|lads|bairns)|(?:any|who)(?:one|body)? else)"
)
CHILD = re.compile(rf"\b{_PERSON}(?:'s)?\b|\b(?:she|he|her|him|his)(?:'s|'ll|'d)?\b", re.I)
"""Somebody young, or somebody spoken of as she or he."""

SELF = re.compile(r"\b(?:i|i'm|im|i'll|i've|we|me|we're|us|my|our|ma)\b", re.I)

TIE_BEFORE = re.compile(
    r"\b(?:go(?:es)? (?:to|ti)|go(?=\s$)|going to|went to|attend(?:s|ing)?|pupils? (?:at"
    r"|of|in|from)"
    r"|student (?:at|of)|(?:start(?:s|ing|ed)?|join(?:s|ing|ed)?|enroll?(?:ed|ing)?)(?: at| in)?"
    r"|place (?:at|in|for)|got (?:\w+ )?(?:in|into|a place at)|moved? (?:to|from)"
    r"|moving to|swapped(?: to| from)?|settl(?:ed|ing)(?: in)?(?: at)?|leav(?:es?|ing)|left"
    r"|suspended from|excluded from|expelled from|kicked out of|bunk\w* off"
    r"|finish(?:es|ing)? at|(?:year|yr|y|p|s|form|bl\.?|blwyddyn|primary|reception|nursery"
    r"|class|foundation) ?\w{0,5},? (?:at|in|,)?|sixth form at|class at|teacher at|head"
    r"(?:teacher)? (?:at|of)|form (?:at|tutor at)|tutor at|gates? (?:of|at)|run (?:to|from)"
    r"|(?:pick|picking|collect\w*|drop\w*)[^.!?]{1,20}(?:up |off )?(?:from|at|to)"
    r"|finding|loving|hating|loves|hates|likes|enjoying|struggling at|doing well at|thriving at"
    r"|bullied at|trip with|homework from|letter from|(?:plays?|captain|runs?|swims) (?:for|of)"
    r"|uniform (?:for|from)|blazer (?:for|from)|prefect at|head (?:girl|boy) (?:at|of)|team"
    r"|school(?: is|'s|:| called)|at school (?:at|in)|be(?:en)? at|phone call from|week at"
    r"|day at|sits? (?:next to \w+ )?(?:at|in)|now at|still at|home ?time at|sent home from"
    r"|mynd i|ddechrau yng?|dechrau yng?|wait(?:s|ing)? for (?!us|the|you|them)\w+ outside"
    r"|boarder at"
    r"|got into|offer(?:ed)?(?: a place)? (?:at|from)|leavers? (?:at|of|from)|year group at)"
    r" (?:the )?$",
    re.I,
)
"""Right before the name: somebody goes there."""

TIE_AFTER = re.compile(
    r"(?:'s)?[,.;:)]? ?(?:in |and (?:is |she's |he's )?(?:in )?|so |who's in |\()?(?:year|yr|y|p"
    r"|s|form|class|reception|nursery|bl\.?) ?\d{0,2}\w?\b|,? (?:lets? out|finish(?:es)?|breaks? up"
    r"|uniform|blazer|jumper|leavers|prom|pupils?|student|sixth former|reception|has (?:him|her)"
    r"|says? (?:he|she)|said|(?:have|has) (?:given|let|sent|told|asked) (?:him|her|them|my)"
    r"|called (?:me|about)|rang|is (?:her|his|my|their) school|every day|each day|if you'?re"
    r" looking|in september|from september|next (?:year|september)|this (?:year|september))\b",
    re.I,
)
"""Right behind the name: somebody goes there."""

STRONG = re.compile(
    r"\b(?:go(?:es)? to|attends?|pupil (?:at|of)|starts? at|place at|in (?:year|yr|y|p|s) ?\w+ at"
    r"|reception at|suspended from|head(?:teacher)? (?:at|of)|captain of|school is|is at"
    r"|are at|i'm at|im at) (?:the )?$",
    re.I,
)
THERE = re.compile(
    r"[?.!,]{1,3} (?:my|our) [\w ]{1,20}?(?:'s| is| are) (?:been |both )?there\b", re.I
)
"""The next sentence says whose child is there."""

AT = re.compile(r"\b(?:at|from|of|to|in|into|@) (?:the )?$|[=,:–-] ?$|\bgo $", re.I)
NAMED = re.compile(
    r"(?<![\w])(?-i:[A-Z][a-z]{2,}(?:-[A-Z][a-z]+)?)(?:'s)?(?: (?-i:[A-Z])[\w'-]+)?,? "
    r"(?:is|was|has|goes|attends|start\w*|got|left|leaves|leaving|sits|moved|walks|plays|swapped|won|joins"
    r"|came|of|from|at|cannot|can't|can|will|finishes|settled|said|needs|loves|hates|in)\b"
    r"|\b(?-i:Mae [A-Z][a-z]+)\b"
    r"|\b(?-i:[A-Z][a-z]{2,})'s (?:school|head\w*|class|teacher|form|uniform|nursery|been|at|in"
    r"|leaving|starting|year)\b|\bfor (?-i:[A-Z][a-z]{2,})\b|\b(?-i:[A-Z][a-z]{2,}) = "
    r"|(?-i:[A-Z][a-z]{2,}), (?:captain|year|yr|y\d|p\d|bl|aged?|\d)",
)
"""A child by name, doing what children do."""

VENUE = re.compile(
    r"\b(?:hall|car park"
    r"|(?:choir|band|orchestra|group) (?:sings?|plays?|performs?) at|bag drop"
    r"|rehears\w*|perform\w*|shows?|venue|held|fete|fair|fayre|audition\w*"
    r"|workshops?|sports hall|studio|doors|tickets|stage|concert|class(?:es)? (?:is|are|on|now"
    r"|run|move\w*)|we'?re at|lessons? (?:is|are)|partner\w*|host\w*|hiring|hired?|thank(?:s| you)"
    r"|training|insets?|governors?|vacanc\w+|jobs?|parking|opposite|behind|meet at|polling"
    r"|jumble|exhibition|tour|outreach|visit\w*|sessions? at|term at|meeting|raised|donat\w+"
    r"|assembly|pitch|car boot|sale|eisteddfod|feis|gala|festival|ceilidh|coach parks|caretaker"
    r"|lent|loaned|kindly|entrance|reception desk|blazers come|i (?:work|teach|taught)|teach at"
    r"|work(?:s|ed|ing)? (?:at|in)|taught at|ta at|cook|cleaner|reunion|old (?:boys|girls)"
    r"|used to|in 19\d\d|years ago|we use|based at|drive past|next to|round the corner|near"
    r"|trial|moves? to|open day|open evening|match|fixtures?|against|versus|vs|beat|book\w*"
    r"|advert|is hiring|walk up|in (?:the|a) play)\b",
    re.I,
)
"""A school as a venue, a partner, an employer or a landmark."""

VENUE_AFTER = re.compile(
    r"(?:'s)? (?:sports |main |school |assembly |upper |lower )?(?:hall|theatre|pitch|field|car"
    r"|gym|studio|pool|canteen|association|pta|friends of|ptfa|trust|choir|band|orchestra"
    r"|academy trust|fete|fair|advert|staff|governors|ptsa|community|centre|who lent|lent|let us"
    r"|gave us|hosted|invited us|kindly)\b",
    re.I,
)

_OF_STORIES = (
    r"hogwarts|rydell|grange hill|st\.? trinian'?s?|waterloo road|malory towers|crunchem"
    r"|east high|beauxbatons|horace green|sweet valley|bash street|coal hill|degrassi|westerburg"
    r"|north shore high|padua|west beverly|bayside high|high school musical"
)
NO_REAL_SCHOOL = re.compile(rf"\b(?:{_OF_STORIES})\b", re.I)
"""Schools of stories, whatever kind stands in their name."""
NOT_A_SCHOOL = re.compile(
    r"\b(?:danc\w*|drama|stage|theatre|ballet|performing|arts|music|summer|sunday|driving"
    r"|riding|swim\w*|circus|film|language|art|tap|musical|cookery|football|tennis|yoga"
    r"|school of|academy of|xavier'?s|medical|business school|law school|rock|wizard\w*"
    r"|dewey finn|old school|every school|local school|any school|which school"
    r"|primary school age|ski|italia conti|sylvia young|rada|lamda|old|the royal|singing|choir"
    r"|cheer|gymnastics|martial|karate|forest school|after school|boarding|virtual|whole school"
    rf"|worth it|nativity|playhouse|youth|church school|home school|{_OF_STORIES})\b",
    re.I,
)
NOT_IN_A_NAME = re.compile(
    r"\b(?:play|show|panto|for|to|from|my|our|her|his|it|very|is|was|she|he|i|we|they|with|when|that|so|any"
    r"|every|different|full time|part time|a|an|this|these|next|year|and|no|not|off|all|get|in"
    r"|at|on|by|if|or|as|u|ur|im|your|their|some|too|just|still|its|which|what|both|are"
    r"|always|more|than|about|do|did|how|into|out|up|down|back|final|of the|every\w*)\b"
)
ONLY_KINDS = re.compile(
    r"(?:(?:the|a|c|of|e|cofe|ce|church|england|rc|catholic|community|foundation|free|primary"
    r"|infants?|juniors?|first|middle|upper|lower|prep|preparatory|pre|pre-prep|nursery|academy"
    r"|high|grammar|comprehensive|comp|secondary|girls|boys|special|college|sixth|form|utc"
    r"|integrated|gaelic|technical|school|pre-?school|playgroup|kindergarten|day|big|new|and"
    r"|elementary|private|state|public|independent|mainstream|senior|sen|endowed|controlled"
    r"|maintained|welsh|english|my|our|good|little|nice|same|whole|boarding|ysgol|gynradd|uwchradd"
    r"|gyfun|gymraeg|feithrin|for|local|village|other|different)['.]?s?\W*)+",
    re.I,
)
"""Words that are a kind of school and no name of one."""

ARTS_AFTER = re.compile(
    r"\s?(?:of|for) (?:the )?(?:dance|drama|performing|music|rock|arts|ballet|theatre|speech|tap"
    r"|singing|magic|witchcraft)|\s?musical",
    re.I,
)
