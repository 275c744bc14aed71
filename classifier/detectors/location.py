"""A child's whereabouts in real time, or a routine (C22). Left: timetables, venues, past trips,
adults' whereabouts, characters."""

from collections.abc import Iterable
from typing import ClassVar

from classifier.detector import Example, Text
from classifier.detectors.cues import FICTION, Cue, CueDetector
from classifier.detectors.location_more import MORE_OWN, of_a_child
from classifier.detectors.names import EVERYDAY, FIRST_NAMES
from models.vocabulary import Audience, AuthorRole, Category


def _names(words: Iterable[str]) -> str:
    """An expression for these words, by their first two letters: one of 3,000 in few steps."""
    by_letter: dict[str, dict[str, list[str]]] = {}
    for word in sorted(words):
        by_letter.setdefault(word[0], {}).setdefault(word[1], []).append(word[2:])
    return "(?:{})".format(
        "|".join(
            f"{one}(?:{'|'.join(f'{two}(?:{chr(124).join(ends)})' for two, ends in more.items())})"
            for one, more in by_letter.items()
        )
    )


_CHILD = (
    r"(?:she|he|my (?:\w+ )?(?:daughter|son|girl|boy|kid|kids|child|children|twins|eldest|"
    r"youngest|little (?:one|girl|boy)|lad|lass|niece|nephew|grand(?:son|daughter)|sister|"
    r"brother|bairn|wean|dd|ds)|our (?:\w+ )?(?:daughter|son|girl|boy|lad|lass|eldest|"
    r"youngest)|the (?:kids|girls|boys|twins|children|little ones)|wee [a-z]+|"
    rf"{_names(FIRST_NAMES - EVERYDAY)})"
)
_PLACE = (
    r"(?:bus stop|park|library|station|shops?|skate ?park|playground|corner|car park|"
    r"mcdonald'?s|maccies|maccy d'?s|costa|greggs|chippy|tesco|asda|town(?: centre)?|"
    r"bench|gate|high street|shopping centre|cinema|swimming pool|leisure centre|beach|"
    r"platform|train|tram|bus|arcade|field|pitch|woods|pier|precinct|rec|subway|underpass|"
    r"steps|back door|alley|studio|hall|foyer|school gates?|river|canal|pond|garage|house|"
    r"home|bowling|ice rink|fountain|clock tower|museum|market)"
)


class LocationDetector(CueDetector):
    """See the module."""

    name = "location_cues"
    version = "2"
    categories = frozenset({Category.LOCATION_SHARING})
    category = Category.LOCATION_SHARING
    rules = 8
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "Mia is at the bus stop on her own right now",
            Category.LOCATION_SHARING,
            "Mia is at the bus stop on her own right now",
        ),
        Example(
            "he walks home alone past the park every Tuesday at 6",
            Category.LOCATION_SHARING,
            "he walks home alone past the park every Tuesday at 6",
        ),
        Example(
            "im home alone till 7",
            Category.LOCATION_SHARING,
            "im home alone till 7",
            Audience.CHILDREN,
            AuthorRole.MEMBER,
        ),
        Example("Class is at the hall every Tuesday at 6", Category.LOCATION_SHARING),
        Example("We went to the park last week with the kids", Category.LOCATION_SHARING),
        Example(
            "I'm at the station now, who wants a lift",
            Category.LOCATION_SHARING,
            "",
            Audience.ADULT_ONLY,
        ),
    )
    GATE = (
        r"\b(?:at|in|outside|by|near|home|walks?|walking|bus|alone|own|waiting|sat|sitting|"
        r"standing|now|every|always|gets? (?:off|the|picked)|finishes|leaves|live location|"
        r"pin|on (?:her|his|my) way)"
    )
    VETO = FICTION + (
        r"|\b(?:last (?:week|month|year|night|summer|weekend|term)|yesterday|we went|was "
        r"(?:at|in) the|were (?:at|in) the|years? ago|class(?:es)? (?:is|are|run)|rehearsals? "
        r"(?:is|are)|lessons? (?:is|are)|doors open|please (?:do not|don'?t) (?:leave|let)|"
        r"register|our (?:show|class|stall|choir|company|group|band)|parking|timetable|(?:the|"
        r"our) (?:cast|company|teachers?|committee|dog|cat|puppy) (?:is|are)|my (?:husband|"
        r"wife|mum|dad|car|bag|phone|dog|cat|keys|coat)|never (?:walk|go))\b"
    )
    CUES = (
        *of_a_child(_CHILD),
        *MORE_OWN,
        Cue(
            (
                rf"\b{_CHILD}(?:'s| is|'re| are|s)? (?:\w+ )?(?:at|in|outside|by|near|on|sat|"
                r"sitting|"
                r"standing|waiting|stuck|playing|walking|hanging (?:about|around|out)|stood|"
                r"wandering|"
                rf"heading|off)\b[^.!?]{{0,60}}\b{_PLACE}\b[^.!?]{{0,70}}\b(?:(?:right )?now|"
                r"atm|at "
                r"the moment|alone|on (?:her|his|their|my) own|by (?:herself|himself|themselves|"
                r"myself)|unsupervised|no (?:adult|grown[- ]?up|one with)|nobody with|without "
                r"(?:an "
                r"adult|a grown|me|anyone)|till|until|for (?:the next|another)|waiting|come (?:and "
                r")?(?:get|find|say)|wave|say hi|as we speak|this minute|this second)\b"
            ),
            0.75,
            "Where a child is at the moment.",
        ),
        Cue(
            (
                r"\b(?:right now|rn|atm|at the moment|currently|"
                rf"just)\b[^.!?]{{0,20}}\b{_CHILD}(?:'s| "
                r"is|'re| are|s)? [^.!?]{0,40}\b(?:alone|on (?:her|his|their) own|by (?:herself|"
                rf"himself|themselves)|outside|at the|in the|by the)\b[^.!?]{{0,40}}\b{_PLACE}\b"
            ),
            0.65,
            "Where a child is at the moment.",
        ),
        Cue(
            (
                rf"\b{_CHILD} (?:always |usually |normally |now |still )?(?:walks?|gets?|takes?|"
                r"catch(?:es)?|cycles?|goes|waits?|comes?|leaves?|finish(?:es)?|stays?|sits?|"
                r"plays?|"
                r"has|gets (?:off|picked up|dropped)|is (?:always|usually|alone|on (?:her|his) own|"
                r"home alone|by (?:herself|himself)))\b[^.!?]{0,90}\b(?:every|each|on (?:mondays|"
                r"tuesdays|wednesdays|thursdays|fridays|saturdays|sundays)|mondays|tuesdays|"
                r"wednesdays|thursdays|fridays|weekdays|always|after (?:school|class|practice|"
                r"training)|most (?:days|nights))\b(?=[^.!?]*\b(?:alone|own|herself|himself|"
                r"home|bus|"
                r"walks?|park|stop|past|route|\d|till|until|station|library|street|road|same)\b)"
            ),
            0.65,
            "Where a child is at the same time every week.",
            (
                r"\b(?:tap|ballet|jazz|street|modern|singing|choir|class|classes|lessons?) "
                r"(?:class "
                r")?(?:on|every) \b"
            ),
        ),
        Cue(
            (
                r"\b(?:i'?m|im|i am|we'?re|me and [a-z]+ are|just me|i) (?:\w+ )?(?:home "
                r"alone|alone "
                r"(?:at home|in the house)|by myself (?:at|in|till|until)|on my own (?:at|in|till|"
                r"until|here|all)|walking home (?:alone|by myself|on my own|now|past|through|"
                r"via))\b|"
                r"\b(?:i|we) (?:always |usually )?(?:walk|get|catch|cycle|wait|"
                r"go)\b[^.!?]{0,60}\b(?:alone|on my own|by myself)\b[^.!?]{0,40}|\b(?:come (?:and "
                r")?(?:find|meet|get|join) (?:me|us)|i'?m|im|we'?re) (?:at|in|outside|by|near|"
                r"round) "
                r"[^.!?]{0,30}\b(?:park|bus stop|station|mcdonald'?s|maccies|shops?|town|"
                r"skate ?park|"
                r"chippy|arcade|bench|library|subway)\b[^.!?]{0,40}\b(?:now|rn|alone|till|"
                r"until|come|"
                r"here|if|who|anyone|own)\b|\blive location\b|\bmy location is on\b|\bshared my "
                r"location\b"
            ),
            0.7,
            "A child says where they are at the moment, or their routine.",
        ),
    )

    def weigh(self, post: Text, cue: Cue, around: str) -> float:
        """What somebody says of themselves counts only where the author may be a child."""
        own = cue is self.CUES[-1] or cue in MORE_OWN
        adult = post.author_role in (AuthorRole.PARENT, AuthorRole.STAFF)
        if own and (adult or post.audience == Audience.ADULT_ONLY):
            return 0.1
        return cue.score
