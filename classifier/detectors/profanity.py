"""Strong language (C14): words that Ofcom's research on offensive language grades medium or
stronger, plain, masked ("f**k") or disguised ("f u c k", "sh1t"; normalise.py undoes those).

Left alone: mild words, minced oaths, innocent strings (Scunthorpe), and words that mean a bird,
a name, a needle or a door handle where the words around them say so.
"""

import re
from collections.abc import Iterable
from typing import ClassVar

from classifier.detector import Example, Text
from classifier.detectors.base import PerText, window
from models.vocabulary import Category, Finding

_PLAIN = re.compile(
    r"\b(?:"
    r"\w*fuck\w*|\w*motherf\w*|fuc?k(?:in|ing|er|ers|ed|s|off|wit)?|f+u+c+k+\w*|fcuk\w*|"
    r"fck\w*|phuck\w*|fuq|fkn|fk(?:in|ing)|f'?kin"
    r"|cunt(?:s|y|ish|ing|ed)?|kunt|c+u+n+t+s?|mofos?"
    r"|bastards?|bellends?|bell-ends?|dickheads?|dick-?heads?|dickwads?|knob-?heads?|"
    r"knobends?|knobbers?|cockheads?|cocksuck\w+|pricks?(?= off\b)"
    r"|twats?|twatt(?:ed|ing|y)|wank(?:er|ers|ing|ed|y|s|stain|stains|shaft)?|"
    r"w+a+n+k+e+r+s?|tosspots?|tossers?|arseholes?|ar+seholes?|assholes?|asshats?|"
    r"arsewipes?"
    r"|shit(?:e|es|ty|ter|test|ting|ted|s|head|heads|hole|holes|show|shows|bag|bags|less|"
    r"house|faced|storm|load|loads|stain|er|stirrer|stirring|z)?|bullshit\w*|horseshit|"
    r"batshit|dipshits?|shite(?:s|hawk)?|shat|apeshit|dogshit|sh+i+t+"
    r"|bitch(?:es|y|ing|in|ed|ass|fest)?|bi+a?tch|biyatch|b+i+t+c+h+|bollocks?|"
    r"bollox|bollocked|bollocking|bolloks"
    r"|piss(?:ed|es)? off|piss(?:ed|es|ing)? (?:me|him|her|us|them|you|everyone|people) "
    r"off|pissing|pissed|pisshead|piss-?take\w*|takes? the piss|taking the piss|took the "
    r"piss|taken the piss"
    r"|slags?(?! heaps?| off| it off)|sluts?|slutty|whores?|whorish|slappers?|skanks?|"
    r"skanky|minge|punani|clunge|jizz|spunk(?:ed|ing)|cum(?:shot|slut|ming)|blow ?jobs?|"
    r"hand ?jobs?"
    r"|nigg(?:er|ers|a|as|az)|pakis?|faggots?|faggy|retard(?:s|ed)?|spastics?|spazz?(?:es|"
    r"zy|tic)?|spakk?(?:er|a)s?|mongs?(?=\b)|mongoloids?|trann(?:y|ies)|pikeys?|gypp?os?|"
    r"gippos?|wogs?|kikes?|ragheads?|towelheads?"
    r"|batty ?boys?|bumboys?|poofters?|poofs?|chinks?(?! in )|ching chong|coons?(?!hound| "
    r"cat)|gooks?|dykes?(?! road| lane| walk| march)|shirtlifters?|tits? ?up|tit ?wank|"
    r"titties|arse ?bandit|ballsacks?|ball ?bags?|nonces?|nobheads?|nob-?ends?|gob "
    r"?shites?|knobjockey|thundercunt|cockwomble|fucktard|douchebags?|dick ?pics?|"
    r"bloodclaa?t\w*|bumbaclaa?t\w*|bomboclaa?t\w*|rasclaa?t\w*|pussyclaa?t\w*|pussyhole|"
    r"pussio"
    r")\b"
)
_MASKED = re.compile(
    r"(?<![\w*])(?:"
    r"f[*#@_\-.%$!?^]{1,3}c?k(?:ing|in|er|ers|ed|s|off|wit)?|f[*#%^@$!]{2,}(?:k|ing|er|ed|"
    r"in|s)?|f-{2,3}(?:k|ing)|fu[*#\-_@.]{1,2}k?(?:ing|er|ed|in|s)?|f\*+"
    r"|bulls?[h*#@!]{1,3}t|s[*#@!$%]{2}t(?:e|ty|s)?|bo[!*#|]{2,3}o?cks|bo[!|]{2}ox"
    r"|c[*#@%^]{1,2}nts?|cu[*#@%^]{1,2}s?t?|c[*#]{2,3}(?:t|ts)?|s[*#%@^\-]{1,2}t(?:e|ty|s|"
    r"show|head)?|sh[*#%@!^\-_]{1,2}t?(?:e|ty|s|show|head|ing|ter)?|s\*{2,3}|s[h]?#[i]?t"
    r"|b[*#@!^%\-_]{1,2}tch(?:es|y|ing)?|bi[*#@^]{1,3}h?(?:es)?|b[*#]{4,5}(?:es|s)?|"
    r"b\*{2,6}(?:ks?|cks|x|rd|rds|ds?|h|ch)|b[*#]ll[*#]cks|bo[*#]{2,6}(?:s|ks)|"
    r"b[*#@]st[*#@]rds?|ba[*#]{2,5}d?s?"
    r"|w[*#@^]nk(?:er|ers|ing|y)?|wa[*#]{1,2}k?(?:er|ers)|w[*#]{3,5}(?:r|rs)?|tw[*#@^]ts?|"
    r"t[*#]{2,3}ts?|pr[*#!^]cks?|d[*#!^]ck(?:head|heads)|d[*#]{2,3}k?heads?|"
    r"a[*#$]{2}holes?|a[*#]seholes?|ars[*#]h[*#]les?|a[*#]{3,4}holes?|arse[*#]{2,4}s?"
    r"|p[*#!^]ss(?:ed|ing)?|n[*#!^]gg[*#@]r?s?|n[*#]{4,5}|f[*#@]gg?[o*#@]?ts?|p[*#@]k[i*#!]s?"
    r"|g[y*#][p*#]{1,2}[*#]?os?|"
    r"r[e*#@]t[*#@]rd(?:s|ed)?|r[*#@]tard(?:s|ed)?|sl[*#^]ts?|sl[*#@]gs?|wh[*#@]res?|k[*#]obhead"
    r")(?![\w*])"
)
_MASK_GATE = re.compile(r"[a-z][*#@_\-.%$!?^]")
_BY_CONTEXT = (
    # a word, what makes it strong language, what makes it innocent
    (
        r"dicks?",
        (
            r"\b(?:a|such a|you|total|complete|absolute|bit of a|being|what a|utter|my|your|his|"
            r"suck|sucks|massive|right|these|those|of|big|little|real|like) $"
        ),
        (
            r"^s? ?(?:whittington|van dyke|turpin|dastardly|tracy|emery|cheney|clement|francis|"
            r"wolf|grayson|and dom|bruna)|^ [a-z]+son\b"
        ),
        r"\b(?:moby|uncle|spotted|tom,? ) ?$|\b(?:private|by|mr|our|called|named) $",
    ),
    (
        r"cocks?",
        r"\b(?:you|a|such a|total|absolute|suck|sucks|my|your|his|massive|right|big) $",
        r"^s?[- ](?:a|up|and bull|robin|of the|crow)",
        r"\b(?:weather|pea|hay|ball|stop|turn|robin|black|wood|shuttle)[- ]?$",
    ),
    (
        r"pricks?",
        (
            r"\b(?:you|a|such a|total|complete|absolute|what a|utter|massive|right|these|those|"
            r"little|of|bunch of|arrogant|smug) $"
        ),
        r"^s? (?:your|the|a finger|of|it with|holes|test)",
        r"\b(?:pin|needle|finger) ?$",
    ),
    (
        r"knobs?",
        (
            r"\b(?:you|such a|total|complete|absolute|what a|utter|massive|being a|right|is a|bit "
            r"of a|of|like a) $"
        ),
        r"^s? ?(?:of butter|of ginger|on the|cabinet|drawer|jockey)",
        r"\b(?:door|control|volume|tuning|drawer|hob|brass|wooden|turn the)[- ]?$",
    ),
    (
        r"puss(?:y|ies)",
        (
            r"\b(?:you|a|such a|total|big|little|my|your|her|his|eat|wet|grab|being a|absolute|"
            r"of) $"
        ),
        r"^[- ]?(?:cats?|willow|riot|galore|in boots|foot)",
        r"\b(?:ding dong bell|ladybird) ?$",
    ),
    (
        r"tits?",
        (
            r"\b(?:nice|your|her|my|big|great big|fake|flash|get your|on my|massive|those|no|arse "
            r"over|a|you|total|absolute|complete|right) $"
        ),
        r"^s?(?: mouse| bird| for tat| nest|mouse)| in the (?:garden|nest)",
        r"\b(?:blue|great|coal|marsh|willow|long[- ]tailed|bearded|crested) ?$",
    ),
    (
        r"fags?|poofs?|benders?|lezz?(?:er|ers|zas?)?",
        (
            r"\b(?:you|such a|total|little|fucking|bloody|dirty|stupid|massive|a right|queer|"
            r"these|those|bunch of) $"
        ),
        r"^s? (?:break|packet|ends?|butt|ash|lighter|and a (?:pint|coffee|cuppa))",
        (
            r"\b(?:pack of|packet of|roll a|smoke a|smoking a|having a|on the|fender|gender|"
            r"kitchen aid|leather) ?$"
        ),
    ),
    (
        r"snatch|gash|flaps|beaver|muff|minge|fanny|fannies",
        r"\b(?:your|my|her|wet|hairy|lick|you|such a|total|absolute) $",
        r"^ (?:price|brice|cradock|and alexander|adams|hill|the|a|it|his|her|bag|pack)",
        r"\b(?:aunt|auntie|miss|mrs|hand|cat|ear) ?$",
    ),
    (
        r"balls",
        r"\b(?:suck my|lick my|kick (?:you|him|them) in the|grow some|my sweaty|deep) $",
        r"^(?:room| of wool)",
        r"\b(?:tennis|foot|basket|juggling|snow) ?$",
    ),
    (
        r"asse?s?",
        (
            r"\b(?:kiss my|kick your|your|my|fat|dumb|smart|lick my|stupid|lazy|sorry|bad|big|"
            r"whoop your|get your|you|such an|an?|total|up your|this|ugly|lame|punk|his|her|weird|"
            r"broke|dumb-|smart-) $"
        ),
        (
            r"^ (?:and|or) (?:a )?(?:ox|donkey|cart)|^ (?:in the manger|to bethlehem|of the "
            r"nativity)"
        ),
        r"\b(?:the|wild|nativity|bottom's|jack) $",
    ),
)
_CONTEXT_GATE = re.compile(
    r"\b(?:dick|cock|prick|knob|puss|tit|fag|poof|bender|lez|snatch|gash|flaps|beaver|"
    r"muff|minge|fann|balls|ass)"
)
_DOG = re.compile(
    r"\b(?:pupp\w+|kennel|litter|spaniel|labrador|collie|whelp\w*|in season|breeder|"
    r"greyhound|terrier|vet)\b"
)
_NOT_THOSE = re.compile(
    r"\b(?:shittim|nonce word|cryptographic|nonces? (?:value|in crypto)|spunky|pissarro|"
    r"mongoose|fcuk (?:shop|store|perfume))"
)


class ProfanityDetector(PerText):
    """See the module."""

    name = "profanity"
    version = "2"
    categories = frozenset({Category.PROFANITY})
    rules = 12
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("that was fucking brilliant", Category.PROFANITY, "fucking"),
        Example("what a load of b*ll*cks", Category.PROFANITY, "b*ll*cks"),
        Example("oh sh1t I forgot", Category.PROFANITY, "sh1t"),
        Example("f u c k this", Category.PROFANITY, "f u c k"),
        Example("you absolute wanker mate love you", Category.PROFANITY, "wanker"),
        Example("f*** that", Category.PROFANITY, "f***"),
        Example("he is being a dick", Category.PROFANITY, "dick"),
        Example("that r*tard and his p*ki mates", Category.PROFANITY, "r*tard"),
        Example("the batch of cakes, batch no. 7731", Category.PROFANITY),
        Example("fuuuuuck me that was good", Category.PROFANITY, "fuuuuuck"),
        Example("The Scunthorpe choir sang in Penistone", Category.PROFANITY),
        Example("Dick Whittington auditions next week", Category.PROFANITY),
        Example("damn, bloody hell, that was crap", Category.PROFANITY),
        Example("oh fudge, flipping heck", Category.PROFANITY),
        Example("great tits and blue tits at the feeder", Category.PROFANITY),
        Example("the door knob came off, prick the potatoes", Category.PROFANITY),
        Example("class assessment, shiitake cocktail, Sussex", Category.PROFANITY),
    )

    _patterns = tuple(
        (
            re.compile(rf"\b(?:{word})\b"),
            re.compile(strong),
            re.compile(calm_after),
            re.compile(calm_before),
        )
        for word, strong, calm_after, calm_before in _BY_CONTEXT
    )

    def find(self, post: Text) -> Iterable[Finding]:
        """Plain and masked words, then those that only their neighbours make strong."""
        words = post.normal.words
        because = "A word that Ofcom's research on offensive language grades medium or stronger."
        for match in _PLAIN.finditer(words):
            if not self._innocent(words, match):
                yield self._word(post, 0.97, match.span(), because)
        if _MASK_GATE.search(words):
            for match in _MASKED.finditer(words):
                yield self._word(
                    post, 0.9, match.span(), because.replace("A word", "A masked word")
                )
        if _CONTEXT_GATE.search(words):
            yield from self._by_context(post, words, because)

    def _by_context(self, post: Text, words: str, because: str) -> Iterable[Finding]:
        for word, strong, calm_after, calm_before in self._patterns:
            for match in word.finditer(words):
                before, after = window(words, *match.span(), 30)
                if calm_after.search(after) or calm_before.search(before):
                    continue
                if strong.search(before):
                    yield self._word(post, 0.85, match.span(), because)

    def _innocent(self, words: str, match: re.Match[str]) -> bool:
        before, after = window(words, *match.span(), 60)
        if match.group().startswith("bitch") and _DOG.search(before + after):
            return True
        return bool(_NOT_THOSE.search(before[-20:] + match.group() + after[:20]))

    def _word(self, post: Text, score: float, span: tuple[int, int], because: str) -> Finding:
        original = post.normal.words_to_original(*span)
        return self.seen(Category.PROFANITY, score, original, because)
