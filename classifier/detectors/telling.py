"""Words that several detectors need: what is said to a child, and what explains a rule."""

import re

EXPLAINS_A_RULE = (
    r"\b(?:never|don'?t (?:ever )?(?:give|share|accept|reply|dm|add|message|meet|follow|"
    r"send|keep)|do not|can'?t (?:accept|reply|add|follow)|cannot (?:accept|reply|add|"
    r"follow|message)|won'?t be able to|not allowed to|against (?:the )?(?:rules|policy)|"
    r"rules?|policy|please report|report (?:anyone|it|any)|block (?:and|them)|if "
    r"(?:anyone|someone|a stranger|an adult|any adult)|stay safe|safety|beware|warning|"
    r"advice|reminder|signs?|tell a (?:grown|trusted|parent)|trusted adult|staff (?:must|"
    r"should|will not|never|do not|don'?t|are)|teachers (?:must|should|never|will not|do "
    r"not|don'?t))\b"
)
TO_A_CHILD = re.compile(
    r"\b(?:sweetie|sweetheart|hun(?:ny)?|princess|kiddo|young (?:lady|man)|little (?:one|star|man)"
    r"|(?:hi|hey|hello|ok|right),? (?:girls|boys|kids|guys)|girls|boys|kids|children|year \d+"
    r"|your (?:mum|mam|mom|dad|parents?|age|school|teacher)|ur (?:mum|mam|dad|age|school)"
    r"|after school|you'?re (?:only )?(?:\d|1[0-7])|juniors?|my student|how old)\b"
)
"""Words that are said to a child."""
