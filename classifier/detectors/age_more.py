"""More ways in which an author shows that they are under 18: read beside age.py, in its form.

Each is a pattern over Normalised.words and what it says of the author. They were written from
the label rules and practice 6, in British voices; none is slang alone.
"""

import re

UNDER = (
    r"(?:1[0-7]|[6-9]|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen)"
)
IM = r"(?:i'?m|i am|iam|ime|ah'?m|ah am|a'm)"
_NTH = (
    r"(?:1[0-7]th|[6-9]th|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth"
    r"|fourteenth|fifteenth|sixteenth|seventeenth)"
)
_YEAR = (
    r"(?:(?:year|yr|y) ?(?:[3-9]|1[0-3]|seven|eight|nine|ten|eleven|twelve|thirteen)|p[1-7]"
    r"|s[1-6]|primary [1-7]|sixth form|6th form|(?:upper|lower) sixth|high school|secondary)"
)
_PARENT = r"(?:mum|mam|mom|mammy|mummy|dad|da|daddy|ma|parents|nan|gran|granny|carer|guardian)"
_FORM = r"(?:[7-9]|1[0-3])(?!th|st|nd|rd|am|pm|ft|lb|kg|cm|mm|km|ml|hr|yr|x)[a-z]{1,2}"
"""A class within a school year, "8b", and no hour, place or weight."""
_LESSON = (
    r"(?:maths|english|science|french|german|spanish|geography|history|chemistry|physics"
    r"|biology|pe|rs|re|food tech|dt|ict)"
)

_NAMED = (
    r"(?:(?!(?:the|an?|any|at|in|on|into|to|by|back|past|home|from|for|about|our|my|their|his|her|this"
    r"|that|and|or|with|after|before|straight|mad|red|every|most|local|private|junior|all|too|so|very"
    r"|really|do|law|medical|med|sunday|beauty|night|driving|business|art|drama|which|what)\b)"
    r"[a-z'-]+ |st\. ){1,3}"
)
"""The name of a school, without what only describes one."""
_NOT_FOR_WORK = (
    r"(?![^.!?\n]{0,40}\b(?:to|for) (?:collect|pick|drop|fetch|teach|help|work|run|coach|clean)\b)"
    r"(?! runs?\b)"
)
_SCHOOL = (
    r"(?:primary|juniors?|infants?|academy|high(?= school|[.,!?]|$| (?:and|in|n|with|too)\b)"
    r"|secondary|comp|comprehensive|grammar|school)"
)

MORE_STRONG = (
    (
        rf"\b(?:i|we) (?:both )?go (?:to )?{_NAMED}{_SCHOOL}\b{_NOT_FOR_WORK}"
        rf"|\bmy school(?: is|'s)(?: called)? {_NAMED}{_SCHOOL}\b"
        r"|\bour (?:year|yr|y) ?(?:[3-9]|1[0-3]) class\b(?=[^.!?\n]{0,60}\b(?:i|me|miss|sir)\b)"
        r"|\b(?:any(?:one|body|1)|who) else (?:here |is |who's )?(?:in |a )?(?:year|yr|y) ?"
        r"(?:[3-9]|1[0-3])\b(?! (?:parent|mum|dad|teacher|ta)\b)",
        "speaks of their own school",
    ),
    (
        rf"\bis {UNDER} (?:too young|old enough|allowed|ok|okay|alright)\b(?=[^.]*\b(?:me"
        r"|i|i'm)\b)",
        "asks whether their own age is too young",
    ),
    (
        rf"(?:^|[.!?\n,] ?)(?:(?:only|just|still|nearly|literally|age|aged) )+{UNDER}"
        r"(?= (?:but|and|so|tho|though|lol|here|yet|x+)\b| ?[,.!?)]| ?$)",
        "gives an age under 18",
    ),
    (
        r"\b(?:i|i'll|i will|ill|will|gonna|going to|imma|i'm gonna)(?: only| just)? (?:be|turn) "
        r"(?:1[1-8]|eighteen|seventeen|sixteen|fifteen|fourteen|thirteen"
        r"|twelve) (?=(?:in|on|next|this"
        r"|soon|when|by|after|tomorrow)\b)(?! (?:minutes|weeks))",
        "says that they will turn 18 or less",
    ),
    (
        rf"\bmy form(?: is|'s|:) {_FORM}\b|\bin {_FORM} (?:with|wiv|w) me\b"
        r"|\bus (?:year|yr|y) ?(?:[3-9]|1[0-3])s\b(?! (?:parents|mums|dads|teachers|staff))"
        r"|\bour (?:year|yr|y) ?(?:[3-9]|1[0-3]) (?:prom|trip|exams?|mocks|form|disco)\b"
        r"(?=[^.!?\n]{0,60}\b(?:i|i'?m|me)\b)|\bwe had our (?:year|yr|y) ?1[0-3] prom\b"
        r"|\b(?<!marking )(?:sats|mocks|gcses?|11 ?(?:\+|plus)) (?:are |is |start )*"
        r"(?:tomorrow|tmrw?|2moro|next week|this week|on monday)\b[^.!?\n]{0,25}"
        r"\b(?:wish me|pray for me)\b",
        "speaks of their own form or school year",
    ),
    (
        rf"\bmy (?:own )?{_NTH} b(?:irth|')?day\b",
        "speaks of their own birthday under 18",
    ),
    (
        rf"\b{IM} (?:only |just |still |jist |juist |barely )*(?:in |at |a |up to "
        r"|going into |starting"
        rf" |about to start |in the )*(?:{_YEAR}|{_FORM}\b|top set"
        r"|bottom set|set [1-5]|ks[1-4])\b(?! (?:teacher|ta|parent|mum|dad|rep|hall|am|pm|of ))",
        "says that they are in a school year",
    ),
    (
        rf"(?:^|[.!?\n] ?)(?:hi |hey |hiya |lol |ngl )?{_YEAR}(?:er)? (?:here|gang|student here|too"
        r"|girl here|boy here)\b(?! (?:kit|for))",
        "says that they are in a school year",
    ),
    (
        r"(?:^|[.!?\n,] ?|\bi(?:'ve| have)? |\bi'?m )(?:only )?(?:just )?(?:start(?:ed"
        r"|ing)?|finish(?:ed|ing)?"
        r"|moved? (?:up )?(?:to|into)|moving (?:up )?(?:to|into)|going (?:up )?(?:to"
        r"|into)|went into)"
        rf" {_YEAR}\b",
        "says that they are in a school year",
    ),
    (
        r"\b(?:old enough to|able to|allowed to|can) (?:legally )?(?:drive|vote|drink|join|buy \w+)"
        r" (?:in|next|when i'?m|once i'?m)\b(?=[^.!?]*\b(?:years?|months?|1[678]"
        r"|eighteen|birthday)\b)"
        r"|\bi (?:can'?t|cannot|cant) (?:legally )?(?:drive|vote|drink|get served|buy alcohol)"
        r"(?: yet| till| until| legally| for another)",
        "says that they are too young for something",
    ),
    (
        r"\bunder[- ]?(?:18|16|eighteen|sixteen)s?\b[^.!?]{0,40}\b(?:i'?m one|i am one|like me"
        r"|that'?s me|thats me|which i am|same as me)\b|\b(?:lied|lying"
        r"|fibbed) about (?:my|our) age"
        r"|\b(?:i|they think i'?m|said i'?m) (?:look |pretend(?:ed)? to be )?(?:18|eighteen) but\b",
        "says that they are under age",
    ),
    (
        rf"(?:^|[.!?\n] ?)(?:name[^.!?\n]{{1,20}})?\bage ?[:=-] ?{UNDER}\b(?! ?(?:stone"
        r"|weeks|months|days|of|plus))"
        rf"|\bmy age(?: is|'s|:) 1 ?[0-7]\b|(?:^|[.!?\n(] ?|\b{IM} (?:a |an )?|"
        rf"\bfrom an? )(?:hi |hey )?{UNDER} ?(?:yo|y/o|y\.o\.?|yr old|year old)\b"
        r"(?: (?:here|f|m|btw|girl here|dancer|singer|who)\b|(?=[,.!)]|$))",
        "gives an age under 18",
    ),
    (
        rf"\b(?:i|we|me|my \w+|us)\b[^.!?\n]{{0,15}}\b(?:aged|age) {UNDER}(?: and| &) {UNDER}\b"
        rf"|\bme and (?:my )?\w+ (?:are|r) (?:both |only )*{UNDER}\b(?! (?:minutes|miles|quid))",
        "gives an age under 18",
    ),
    (
        r"\bwhen i (?:grow up|leave school|finish school|go up to (?:secondary|big school)|start "
        r"(?:secondary|big school|sixth form|college))\b|\bi'?m (?:still )?(?:at|in) school"
        r"(?: still|,| so| and| til| until|$)|\bstill (?:at|in) (?:school|skl|sixth form)\b"
        r"|\bmy (?:own )?prom\b|\b(?:choosing|picked|picking|chose) my (?:gcse )?options\b"
        r"|\bfirst year (?:of|at) (?:sixth form|college)\b(?= i|, i| and i|$)"
        r"|\bmy (?:bronze|silver) (?:dofe|d of e|award)\b|\bfor (?:my )?bronze dofe\b",
        "is at school",
    ),
)

MORE_MEDIUM = (
    (
        rf"\b(?:need|ask|get|got|asking|beg|begging) (?:my {_PARENT}|me {_PARENT}|ma {_PARENT})"
        r"(?: and dad)? (?:to (?:sign|say|let|come|drive|bring|pay)|first|if|the night|tonight|for"
        rf" permission)\b|\b(?:my |me |ma )?{_PARENT} (?:has )?(?:signed|lets me|let me|let's me"
        r"|allows me|doesn'?t know i|found out|will go (?:mad|mental|spare)|is (?:gonna|going to)"
        r" (?:kill|ground|murder) me|(?:is |are )?(?:picking|dropping) me|says (?:yes|no|bed|i can)"
        r"|said (?:yes|no|i could|i can)|drives me|checks my|won'?t (?:let|sign)|has my phone"
        r"|took my|thinks i'?m in bed)\b(?! (?:have the kids|borrow))"
        r"|\bmy chaperone (?:says|said|is)\b|\bparental (?:consent|permission) (?:for me|from my)",
        "speaks of a parent who decides for them",
    ),
    (
        r"\b(?:i do this|i do it|i come|i'm here|i go) (?:instead of|after|before|straight from) "
        r"(?:cubs|brownies|rainbows|beavers|guides|scouts|school|skl)\b"
        r"|\b(?:i've|ive|i have|we've|we have|got|havin|having) (?:got )?(?:school|skl|skool)"
        r" (?:tomorrow|tmr|tmrw|2moro|in the morning|on monday|the morn|all day)\b"
        rf"|\bmy {_LESSON} (?:teacher|homework|hw|lesson|exam|mock|test|gcse|coursework"
        r"|set)\b(?! to (?:mark|set|plan))"
        rf"|\b(?:double|got) {_LESSON} (?:first|last|tomorrow|homework|mock|test|exam"
        r"|hw)\b(?! to (?:mark|set|plan))"
        r"|\b(?:our|my) school (?:has|have|is having|does|did|got|won'?t|says|trip|disco|prom|play|"
        r"council|band|orchestra)\b|\bmy (?:pocket money|paper round|school (?:bus pass|locker|"
        r"planner|report|blazer))\b|\b(?:a|another|got) detention\b|\bin detention\b"
        r"|\b(?:chemistry|physics|biology|maths|english|history|geography|science|french) mock\b",
        "speaks of their own school day",
    ),
)

AT_WORK = re.compile(
    r"\b(?:i'?m|i am|i'?ve been|been|busy) (?:invigilating|marking)\b|\bi'?m on detention duty\b"
    r"|\b(?:got|for|to|on) detention duty\b|(?:^|[.!?\n] ?|\bi(?:'ve)? )(?:gave|give) out (?:\w+ )?"
    r"detentions?\b|(?:^|[.!?\n] ?)marking (?:\w+ )?(?:gcses?|sats|mocks|homework|papers)\b"
    r"|\b(?:gcses?|sats|mocks|homework|papers|scripts) to mark\b|\bgcses are (?:all )?marked\b"
    r"|\bi'?m (?:a|the) (?:form tutor|head of year|head ?teacher|governor|dinner lady)\b"
    r"|\bi'?m on the (?:\w+ ){0,2}staff\b|\bparents'? evening for my (?:year|class|form)\b"
    r"|\bas my pupils? (?:says?|said|puts?)\b"
)
"""Said by those who work at a school. It speaks against weak signs, never against a stated age."""
