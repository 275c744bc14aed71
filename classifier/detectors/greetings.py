"""Good wishes for a feast, and nothing else: what the encoder has seen too few of to be trusted
with. "Eid Mubarak everyone" drew the head for bullying (docs/model-card.md, fairness).
"""

import re

_FEAST = (
    r"(?:eid|ramadan|ramzan|diwali|deepavali|holi|vaisakhi|baisakhi|gurpurab|navratri|dussehra"
    r"|hanukk?ah?|chanukk?ah?|passover|pesach|rosh hashanah?|purim|nowruz|norouz|newroz|vesak"
    r"|wesak|losar|onam|pongal|christmas|xmas|easter|pentecost|advent|yule|solstice|beltane"
    r"|samhain|(?:lunar |chinese |jewish |islamic |orthodox )?new year|st \w+'?s day"
    r"|pride(?: month)?)"
)
_WISH = re.compile(
    rf"\b(?:(?:happy|blessed|merry|joyous|peaceful) {_FEAST}"
    rf"|{_FEAST} (?:mubarak|kareem|greetings|blessings|sameach)"
    r"|jumm?ah? mubarak|chag sameach|mazel tov|shabbat shalom|shana tova|shalom|nadolig llawen"
    r"|(?:as)?-?salaam?u? (?:alaikum|aleikum)|blwyddyn newydd dda|dydd g[wŵ]yl dewi hapus"
    r"|nollaig shona(?: dhaoibh)?|wesołych świąt|sat sri akal|namaste|kung hei fat choi"
    r"|gong xi fa cai)\b",
    re.IGNORECASE,
)
_BESIDE = frozenset(
    word
    for line in (
        "to from for all everyone everybody every one you and a our your the its those who have",
        "celebrating celebrate celebrates observing marking it families family friends members",
        "parents dancers players girls boys team committee club group today tomorrow tonight",
        "folks wishing hope great wonderful love with",
    )
    for word in line.split()
)
_WORD = re.compile(r"[^\W_]+")

LONGEST = 120
"""Characters: nobody needs more for a wish."""


def only_wishes(words: str) -> bool:
    """Whether a text (Normalised.words) wishes well for a feast and says nothing else."""
    if len(words) > LONGEST:
        return False
    rest, wishes = _WISH.subn(" ", words)
    return wishes > 0 and _BESIDE.issuperset(_WORD.findall(rest.lower()))
