"""What stands beside the name of a private person, and what beside that of somebody else."""

import re

THING = re.compile(
    r"and|or|the|for|is|was|in|on|at|of|to|please|thanks?|thank|you|your|we|our|my|mum|dad|mam"
    r"|miss|mrs|mr|ms|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|tues|weds|thurs|sat|street|road"
    r"|lane|avenue|close|drive|hall|house|school|academy|college|primary|theatre|studios?|centre"
    r"|church|park|court|grove|gardens?|way|crescent|terrace|place|hill|cup|trophy|awards?|prize"
    r"|shield|medal|foundation|trust|society|club|company|choir|band|orchestra|ballet|dance"
    r"|grade|level|class|group|team|room|hospital|hospice|library|museum|station|bridge|fund"
    r"|memorial|festival|musical|show|grand|royal|united|city|town|rovers|week|term|night"
    r"|christmas|easter|solo|duet|trio|juniors?|seniors?|intermediate|advanced|tap|jazz|modern"
    r"|lyrical|hotel|pub|arms|inn|cafe|shop|store|ltd|limited|plc|insurance|cream|bear|rabbit"
    r"|pan|poppins|wonderland|claus|cake|buns?|spencer's|bakes?|anne|louise|mae|x+|wood's|appeal"
    r"|parish|catholics?|leisure|university|nursery|infants?|high|grammar|bay|beach|island"
    r"|county|council|bank|trail|walk|race|evening|concert|tour|day|birthday|exam|party|mine"
    r"|collection|brand|england|scotland|wales|ireland|hunt|cross(?:ing)?|lodge|farm"
    r"|cottage|square|mills?|fields?|tower|castle|wynd|brae|row|mews|rise|view|outfitters|abbeys?|vale|hamlets|wharf|quay|pier|theatre|opera|players",
    re.I,
)
"""A second word (any case) that makes the pair a thing, a place or a day."""

_NAMED_AFTER = (
    r"street|road|lane|avenue|close|drive|way|hall|house|school|academy|college|primary|theatre"
    r"|studios?|centre|church|park|court|grove|gardens?|crescent|terrace|cup|trophy|awards?"
    r"|prize|shield|medal|foundation|trust|society|club|company|choir|band|orchestra|ballet"
    r"|room|hospital|hospice|library|museum|station|bridge|fund|memorial|festival|musical|stand"
    r"|building|wing|suite|lecture|scholarship|bursary|fellowship|exhibition|evening|concert"
    r"|tour|tribute|songs?|medley|number|numbers|album|film|films|book|books|novel|novels|play"
    r"|plays|poems?|poem|costume|costumes|scenery|wig|impression|look|dress|method|methods|set"
    r"|show|walk|race|trail|night|theme|themed|quote|quotes|doll|fan|fans|piece|routine|style"
    r"|syllabus|technique|method|repertoire|cover|covers|era|exam|classic|classics|ltd|limited"
    r"|solicitors|estate|dance|school of|stage school|performing"
)
THING_AFTER = re.compile(rf"(?:'s?)? (?:(?-i:[A-Z])[a-z]+ )?(?:{_NAMED_AFTER})\b", re.I)
"""Follows a name that a thing bears, or the work of somebody known."""

ROLE_AFTER = re.compile(
    r"[,\s(–-]{1,3}(?:(?:who is |who's |i'?m |and |am |is |as )?(?:your|our|the|a|an|deputy|head"
    r"|lead|senior|artistic|new|qualified|registered|club|school|designated|musical|local|former)"
    r"\s){0,4}(?:principal|head ?teacher|headmistress|headmaster|head of|teacher|coach"
    r"|instructor|director|choreographer|chair(?:man|woman|person)?|secretary|treasurer|trustee"
    r"|welfare|safeguarding|dsl|lead|officer|manager|administrator|founder|owner|accompanist"
    r"|pianist|conductor|producer|stage manager|wardrobe|chaperone|president|patron|mp|msp"
    r"|ms\b|councillor|mayor|author|actor|actress|composer|playwright|poet|singer|dancer with"
    r"|guest|adjudicator|examiner|vicar|reverend|physio\w*|doctor|nurse|photographer|reporter"
    r"|journalist|minister|committee|front of house|box office|technician|tutor)\b",
    re.I,
)
"""Somebody who acts in a role; what they do privately stands in other words."""

TITLE_BEFORE = re.compile(
    r"\b(?:starring|as|playing|plays|play|role of|part of|character|composer|author|playwright"
    r"|actor|actress|singer|director|choreographer|principal|head ?teacher|teacher|coach"
    r"|trustee|chair|mp|cllr|councillor|mayor|prime minister|president|king|queen|prince"
    r"|princess|ysgol|sir|dame|lord|lady|st|saint|novel|film|song|musical|book|poem|patron"
    r"|adjudicator|examiner|dr|doctor|prof|professor|rev|reverend|the|a|an|photographer"
    r"|minister|manager|conductor|fan of|legend|artist|poet|comedian|presenter|footballer"
    r"|officer|detective|inspector|sergeant|pc|nurse|journalist|reporter|founder|secretary"
    r"|treasurer|officer) ?$",
    re.I,
)
"""Precedes somebody in public life or in a role, a character, or a thing with a person's name."""

WORK_BEFORE = re.compile(
    r"\b(?:music|words|lyrics|book|script|written|directed|choreographed|composed|produced"
    r"|conducted|painted|designed|adapted|arranged|story|poem|play|novel|song|film|musical"
    r"|piece|works?|writings|poetry|plays|songs|music|paintings|tickets (?:for|to see)"
    r"|listen(?:ing)? to|concert by|tribute to|biography|life|inspired) (?:by|of|for|to)?(?: the)?"
    r"(?: late| great)? ?$|\btickets (?:for|to) $|\b(?:life and (?:work|times)|works?) of $",
    re.I,
)
"""Precedes the maker of a work."""

SAYS_OWN_NAME = re.compile(r"\b(?:i'?m|i am|my name is|this is|it'?s|name's) $", re.I)
SIGNS = re.compile(
    r"(?:\b(?:regards|thanks|thank you|wishes|love|from|cheers|yours|sincerely)[,.!]?|\n|[-–] ?)"
    r"\s*$",
    re.I,
)

PERSON_BEFORE = re.compile(
    r"(?:\b(?P<plain>tag(?:ging)?|called|named|congrat\w*|well done(?: to)?|shout ?out(?: to| 2)?"
    r"|my (?:\w+ )?(?:son|daughter|sister|brother|cousin|niece|nephew|friend|mate|pal|bestie|mum"
    r"|dad|nan|gran|boy|girl|lad|lass|husband|wife|partner|uncle|aunt\w*|neighbour)(?: is)?"
    r"|our (?:\w+ )?(?:son|daughter|boy|girl|lad|lass|neighbour)|mrs?|ms|happy "
    r"(?:birthday|bday)(?: to)?|mum is|dad is|seen|name is|welcome(?: to)?)"
    r"|\b(?:to|with|from|thanks|thank you|is|was|it was|marked|labelled|lad|girl|boy|kid|bloke"
    r"|lady|gent|man|woman|about|and|n|ask|ring|text|contact|tell|saw|see|c|u|poor|winner|me"
    r"|congrats|sadly|absolute|little|wee|young|big|by|of|for|that|proud|hi|hey|miss|but|when"
    r"|where|because|cos|if|did|has|like|love|hate|even|then|old|captain|reply to"
    r"|wrote))[,:]? [\"']?$",
    re.I,
)
"""group plain: nothing else than a person's name can follow."""

PERSON_AFTER = re.compile(
    r"(?:'s)?[,:]? (?:who|is|was|has|had|left|got|won|sang|sings|will|can|did|does|owes|said"
    r"|says|r|are|were|fell|came|played|plays|lost|broke|made|and|n|from|for|on|if|please|you"
    r"|u|age|aged|in|at|going|needs|wants|thinks|knits|fainted|rang|woz|year|yr|would|should"
    r"|looks|goes|lives|next)\b|[!?.,]|$|'s (?:mum|dad|mam|nan|bag|coat|phone|solo|name)\b"
    r"|[ (]{1,2}\d",
    re.I,
)
