"""More cues for a child's whereabouts (C22): what the child says, and what is said of a child."""

from classifier.detectors.cues import Cue

_ALONE = (
    r"(?:alone|on (?:my|me|her|his|their) (?:own|tod|jack(?: jones)?|lonesome)|by (?:my|her|him"
    r"|them)sel(?:f|ves)|no(?:body|one| one| adults?| parents| grown[- ]?ups?)|without me"
    r"|unsupervised|just (?:us|me|the two|him|her))"
)
_ROUTE = (
    r"(?:home|past|through|thru|along|down|behind|across|bus|train|tram|alley|park|cemetery"
    r"|canal|lane|woods?|short ?cut|back way|towpath|platform)"
)
_OFTEN = (
    r"(?:every|each|mon(?:day)?s?|tue(?:s|sday)?s?|wed(?:nesday)?s?|thu(?:rs|rsday)?s?"
    r"|fri(?:day)?s?|saturdays?|sundays|weekdays?|after (?:school|tap|class|training|practice"
    r"|football|scouts|choir|ballet|rehearsal)|always|daily|most (?:days|nights))"
)
_SPOT = (
    r"(?:outside|(?:on|at|by|in|near|under|behind) (?:the|a|our) (?!cast|show|stage|choir|panto"
    r"|final|car|shower|bath|class|register)\w+)"
)

MORE_OWN = (
    Cue(
        rf"\b(?:sat|sitting|stood|standing|waiting|stuck|hiding)\b[^.!?]{{0,12}}\b{_SPOT}"
        rf"\b[^.!?]{{0,50}}\b(?:{_ALONE}|dark|come (?:and )?(?:find|get)|no one|mum'?s late)\b"
        rf"|\b(?:i'?m|im|we'?re|we are|me (?:an|n|and) \w+ (?:r|are)|just us)\b[^.!?]{{0,40}}\b(?:"
        rf"{_SPOT})\b[^.!?]{{0,40}}\b(?:{_ALONE}|rn|come (?:and )?(?:find|get|join))\b"
        r"|\b(?:just (?:got off|left)|dropped me|im walking|i'm walking)\b[^.!?]{0,50}\b(?:walking"
        r"|past|through|thru|home)\b[^.!?]{0,30}\bnow\b",
        0.7,
        "A child says where they are at the moment.",
    ),
    Cue(
        rf"\b(?:i|we|always)\b[^.!?]{{0,14}}\b(?:walk|cut|go|get|catch|cycle|take)\b[^.!?]{{0,40}}"
        rf"\b{_ROUTE}\b[^.!?]{{0,60}}\b{_OFTEN}\b"
        rf"|\b(?:always|every \w+)\b[^.!?]{{0,10}}\b(?:walk|cut|get the|catch the)\b[^.!?]{{0,40}}"
        rf"\b{_ROUTE}\b[^.!?]{{0,40}}\b(?:wanna|with me|w me|alone|own)\b"
        r"|\b(?:parents|mum|mam|dad|mum and dad)\b[^.!?]{0,12}\b(?:away|out|works?(?: nights)?|at "
        rf"work|nights)\b[^.!?]{{0,40}}\b(?:i'?m|im|we'?re|just)\b[^.!?]{{0,20}}\b(?:{_ALONE}|in "
        r"the house)\b",
        0.65,
        "A child says where they are at the same time, or that they are alone.",
    ),
)
"""What somebody says of themselves: counts only where the author may be a child."""


def of_a_child(child: str) -> tuple[Cue, ...]:
    """Cues about a child whom `child`, an expression, names."""
    return (
        Cue(
            rf"\b{child}(?:'s| is|'re| are|s)?\b[^.!?]{{0,12}}\b(?:at|in|outside|by|near"
            r"|on|down|sat"
            rf"|standing|waiting|home|up)\b[^.!?]{{0,60}}\b(?:{_ALONE}|waiting (?:on|for) me|say "
            r"hello|\w+ (?:coat|hoodie|top|jacket|hat)|(?:watch|look) out for (?:him|her|them)|here"
            r" (?:till|until|til)|check in|an hour away)\b",
            0.7,
            "Where a child is at the moment.",
        ),
        Cue(
            rf"\b{child}\b[^.!?]{{0,20}}\b(?:walks?|cuts?|gets? (?:off|the)|takes?|goes"
            r"|lets? (?:him"
            r"|her|them)sel(?:f|ves) in|waits?"
            rf"|has swimming)\b[^.!?]{{0,70}}\b(?:{_OFTEN}|{_ALONE})\b"
            rf"(?=[^.!?]*\b(?:{_ALONE}|{_ROUTE}|drop and go|lets)\b|[^.!?]*$)"
            rf"|\b{child}\b[^.!?]{{0,20}}\b(?:every"
            rf"|each) \w+\b[^.!?]{{0,40}}\blets? (?:him|her)self in\b",
            0.65,
            "Where a child is at the same time every week.",
        ),
    )
