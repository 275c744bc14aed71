"""Staff or volunteers in personal contact with a child, or a report of it (C38). Favours recall.

Left: public praise, boundaries explained, contact with parents, supervised travel.
"""

from typing import ClassVar

from classifier.detector import Example, Text
from classifier.detectors.cues import FICTION, Cue, CueDetector
from classifier.detectors.telling import EXPLAINS_A_RULE, TO_A_CHILD
from models.vocabulary import Audience, AuthorRole, Category


class StaffContactDetector(CueDetector):
    """See the module. Favours recall; reports by others count as well."""

    name = "staff_contact_cues"
    version = "1"
    categories = frozenset({Category.INAPPROPRIATE_STAFF_CONTACT})
    category = Category.INAPPROPRIATE_STAFF_CONTACT
    rules = 5
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "Mr Hale keeps messaging my daughter late at night",
            Category.INAPPROPRIATE_STAFF_CONTACT,
            "Mr Hale keeps messaging my daughter late at night",
        ),
        Example(
            "add me on my personal insta girls",
            Category.INAPPROPRIATE_STAFF_CONTACT,
            "add me on my personal insta girls",
            Audience.CHILDREN,
            AuthorRole.STAFF,
        ),
        Example(
            "the coach gave my son a lift home on his own",
            Category.INAPPROPRIATE_STAFF_CONTACT,
            "the coach gave my son a lift home on his own",
        ),
        Example("Staff never message children privately", Category.INAPPROPRIATE_STAFF_CONTACT),
        Example("Miss Hale is a wonderful teacher", Category.INAPPROPRIATE_STAFF_CONTACT),
        Example(
            "I will message parents about the fees",
            Category.INAPPROPRIATE_STAFF_CONTACT,
            "",
            Audience.CHILDREN,
            AuthorRole.STAFF,
        ),
    )
    GATE = (
        r"\b(?:mr|mrs|miss|ms|sir|coach|teacher|tutor|instructor|leader|staff|volunteer|"
        r"chaperone|helper|choreographer|director|assistant|add|follow|text|txt|message|msg|"
        r"dm|pm|snap|insta|number|lift|drive|favourite|fave|special|secret|gorgeous|beautiful|"
        r"sexy|babe|angel|sweet|love|mine|night|alone|my (?:house|place|flat))"
    )
    VETO = (
        FICTION
        + "|"
        + EXPLAINS_A_RULE
        + (
            r"|\b(?:two|2|another|both) (?:staff|adults|chaperones|teachers|volunteers|leaders)\b|"
            r"\b(?:minibus|coach (?:leaves|trip|travel|departs|to))\b|\bwith (?:your |their "
            r")?parents'? (?:consent|permission|there|present)"
        )
    )
    REPORTED = (
        Cue(
            (
                r"\b(?:mr|mrs|miss|ms|sir|coach|(?:my |the |her |his |our |a |one of the |dance |"
                r"drama |piano |singing |assistant |football )*(?:teacher|tutor|instructor|coach|"
                r"leader|volunteer|helper|choreographer|director|staff|assistant|chaperone|pianist|"
                r"accompanist))(?: [a-z]+)?\b[^.!?]{0,60}\b(?:texts?|texting|texted|"
                r"messag(?:es|ing|"
                r"ed)|dms?|dming|dmed|snap(?:s|ping|ped|chats?|chatting)|whatsapp(?:s|ed|ing)?|"
                r"follow(?:s|ing|ed)? (?:me|my|her|him|the girls)|add(?:s|ed|ing) (?:me|my|"
                r"her|him)|"
                r"calls|phones|ringing|rings|facetim\w+|lik(?:es|ed|ing) (?:all )?(?:my|her|his)|"
                r"comment(?:s|ed|ing) on (?:my|her)) ?(?:to )?(?:me|her|him|us|my \w+|the (?:girls|"
                r"boys|kids|children|students)|some of the (?:girls|boys|kids)|one of the (?:girls|"
                r"boys|kids)|pupils|students|girls|kids|children|a (?:girl|boy|pupil|student|"
                r"child)|"
                r"late|at night|at \d|after|privately)?"
            ),
            0.6,
            "Somebody reports private contact between staff and a child.",
            (
                r"\b(?:parents|us all|the group|everyone|team|back (?:about|to)|reminders?|"
                r"newsletter|"
                r"class (?:list|times))\b"
            ),
        ),
        Cue(
            (
                r"\b(?:mr|mrs|miss|ms|sir|coach|teacher|tutor|instructor|leader|volunteer|helper|"
                r"choreographer|director|staff|assistant)(?: [a-z]+)?\b[^.!?]{0,60}\b(?:(?:gave|"
                r"gives?|giving|offer(?:s|ed)) (?:me|her|him|my \w+|us|one of the \w+|a "
                r"(?:girl|boy|"
                r"child|pupil|student)) (?:a )?(?:lifts?|rides?|gifts?|presents?|money|extra|"
                r"jewel\w+|"
                r"a phone|private|his number|her number|alcohol|drink|vape)|drives? (?:me|her|"
                r"him|my "
                r"\w+)|drove (?:me|her|him|my \w+)|took (?:me|her|him|my \w+) (?:home|out|to "
                r"(?:his|"
                r"her|their))|alone with|on (?:his|her|their) own with|favourites?|special (?:one|"
                r"girl|boy)|hugs?|hugging|cuddl\w+|tickl\w+|massag\w+|touch\w*|(?:to|at|"
                r"round) (?:his|"
                r"her) (?:house|flat|place|home)|sleep(?:s|ing)? ?over|strokes?|kiss\w*|lap\b|too "
                r"(?:close|friendly|familiar|touchy)|creepy|flirt\w*|dating|going out with|in (?:a "
                r")?relationship|calls? (?:me|her|him) (?:babe|gorgeous|beautiful|sexy|darling|"
                r"princess|his))"
            ),
            0.6,
            "Somebody reports over-familiar conduct of staff with a child.",
            (
                r"\b(?:parents|us all|group hug|everyone'?s|my favourite (?:teacher|coach)|is "
                r"my|best "
                r"teacher|favourite (?:teacher|coach|class|song|warm))\b"
            ),
        ),
    )
    OWN = (
        Cue(
            (
                r"\b(?:add|follow|message|msg|text|txt|dm|pm|snap|whatsapp|call|ring|facetime|"
                r"find) "
                r"me\b|\bmy (?:personal|private|own|other) (?:\w+ )?(?:insta\w*|account|snap\w*|"
                r"number|mobile|facebook|fb|whats ?app|phone|e-?mail)\b|\b(?:your|ur) (?:snap|"
                r"insta|"
                r"number|mobile)\b|\bi(?:'ll|ll| will)? (?:dm|pm|text|snap|add|message|whatsapp) "
                r"(?:you|u)\b|\b(?:dm|pm)(?:ed|'d) (?:you|u)\b"
            ),
            0.7,
            "Staff offer a child personal contact.",
            (
                r"\b(?:parents?|mums? and dads?|carers?|families|grown[- ]ups|committee|the office|"
                r"colleagues|volunteers|chaperones|club (?:page|account|phone|insta\w*)|studio "
                r"(?:page|phone)|work (?:phone|number|mobile))\b"
            ),
        ),
        Cue(
            (
                r"\b(?:just|only) (?:you and me|me and you|us two|the two of us|between (?:us|"
                r"you and "
                r"me))\b|\bour (?:little )?secret\b|\bdon'?t tell (?:your|anyone|anybody|the other|"
                r"mum|ur|any)\b|\b(?:my|you'?re my|ur my) (?:favourite|fave|special (?:one|"
                r"girl|boy)|"
                r"best girl|little star)\b(?! (?:song|class|show|time|bit))|\b(?:come|pop) "
                r"(?:round|"
                r"over|back) (?:to )?(?:mine|my (?:house|place|flat))\b|\b(?:at|round) mine\b|"
                r"\bi(?:'ll| will|can| can|'d|'m happy to)? ?(?:drive|take|run|drop|pick) "
                r"(?:you|u) "
                r"(?:home|back|up|there|myself)\b|\b(?:give|giving|offer) (?:you|u) a lift\b|"
                r"\b(?:miss(?:ed|ing)? (?:you|u)|thinking (?:of|about) (?:you|u)|can'?t stop "
                r"thinking|"
                r"u up|you up|you awake|are you awake|still awake|good ?night (?:gorgeous|"
                r"beautiful|"
                r"princess|babe|angel|sweetheart)|(?:hey|hi|hello|night|morning) (?:gorgeous|"
                r"beautiful|babe|sexy|princess|sweetheart|angel)|you look(?:ed)? (?:so "
                r")?(?:stunning|"
                r"gorgeous|hot|sexy|beautiful|amazing in)|love you)\b"
            ),
            0.7,
            "Staff write to a child in an over-familiar way.",
            (
                r"\b(?:everyone|all of you|you all|whole (?:cast|class|team)|girls and boys|"
                r"parents|"
                r"the cast|team|proud of)\b"
            ),
        ),
    )
    CUES = REPORTED + OWN

    def weigh(self, post: Text, cue: Cue, around: str) -> float:
        """What staff themselves offer counts where children read it."""
        if cue not in self.OWN:
            return cue.score
        if post.author_role != AuthorRole.STAFF or post.audience == Audience.ADULT_ONLY:
            return 0.0
        return cue.score if post.audience == Audience.CHILDREN or TO_A_CHILD.search(around) else 0.2
