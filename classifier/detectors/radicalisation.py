"""Praise of or recruiting to violent extremism, and worry about a person, by phrase (C15).

Left: politics, religion, history, drama, Prevent training.
"""

from typing import ClassVar

from classifier.detector import Example
from classifier.detectors.cues import FICTION, TRAINING, Cue, CueDetector
from models.vocabulary import Category


class RadicalisationDetector(CueDetector):
    """See the module."""

    name = "radicalisation_cues"
    version = "1"
    categories = frozenset({Category.RADICALISATION})
    category = Category.RADICALISATION
    rules = 4
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "I'm worried my brother is watching terrorist videos",
            Category.RADICALISATION,
            "I'm worried my brother is watching terrorist videos",
        ),
        Example(
            "the attackers are heroes and martyrs, join us",
            Category.RADICALISATION,
            "the attackers are heroes and martyrs, join us",
        ),
        Example(
            "join us, rise up before the race war comes",
            Category.RADICALISATION,
            "join us, rise up before the race war comes",
        ),
        Example("Prevent training is on Monday, all staff", Category.RADICALISATION),
        Example("vote for us on Thursday and join the party", Category.RADICALISATION),
        Example("Our play is about a terrorist attack in 1974", Category.RADICALISATION),
    )
    GATE = (
        r"\b(?:terror|extrem|nazi|hitler|isis|jihad|martyr|race war|white power|fascis|far[- "
        r"]right|radicali|crusade|infidel|kuffar|kafir|caliphate|incel|supremac|ethnostate|"
        r"replacement|combat 18|national action|al[- ]qaeda|daesh|heroes?|brothers|fighters?|"
        r"patriots?|manifesto|cell|struggle|soldiers|take (?:back|our)|blood|purge|day of the "
        r"rope|1488|14 words|accelerat|militia|army of|uprising|rise up|cause|traitors)"
    )
    VETO = (
        FICTION
        + "|"
        + TRAINING
        + (
            r"|\b(?:prevent (?:training|duty|lead|team)|history|remembrance|memorial|museum|gcse|"
            r"a[- ]level|documentary|vote|election|candidate|council|petition|ww2|wwii|world war|"
            r"d-day|blitz|anne frank|cabaret|the sound of music|debate|sermon on love|condemn\w*|"
            r"victims? of|anti-?(?:fascis\w+|terror\w*|nazi)|against (?:fascis\w+|terror\w*|"
            r"extremis\w+|hate))\b"
        )
    )
    CUES = (
        Cue(
            (
                r"\b(?:worried|concerned|scared|anyone else|noticed|think|suddenly|keeps?|started|"
                r"always|spends?|won'?t stop|obsessed|into|drawn|sucked|watching|sharing|posting|"
                r"reading|talking about|going on about|quoting)\b[^.!?]{0,100}\b(?:terroris\w+|"
                r"extremis\w+|nazis?|hitler|isis|jihad\w*|radicali\w+|far[- ]right|white (?:power|"
                r"supremac\w+|nationalis\w+)|incels?|national action|race war|martyr\w*|"
                r"manifestos?|"
                r"al[- ]qaeda|daesh|infidels?|supremacist)\b"
            ),
            0.65,
            "Somebody may be drawn towards extremism.",
        ),
        Cue(
            (
                r"\b(?:heil hitler|sieg heil|hitler (?:was right|did nothing wrong|had the "
                r"right|had "
                r"a point)|88\b.{0,5}\bheil|1488|14 words|white power|gas the|race war|day of the "
                r"rope|death to (?:the )?(?:infidels?|kuffar|kafirs?|west|traitors|jews|america|"
                r"apostates)|kill the (?:infidels?|kuffar|traitors|invaders)|(?:join|support|long "
                r"live|glory to|praise|hail) (?:the )?(?:isis|jihad|mujahid\w+|martyrs?|caliphate|"
                r"national action|al[- ]qaeda|daesh|resistance fighters|lone wol\w+|the reich|"
                r"fighters|cause|struggle|holy war|crusade against)|(?:attackers?|bombers?|"
                r"shooters?|"
                r"gunm[ae]n|terrorists?|killer) (?:is|are|was|were) (?:\w+ )?(?:heroes?|martyrs?|"
                r"legends?|saints?|right|brave|a hero|a martyr|a legend|a saint))\b"
            ),
            0.85,
            "Violent or hateful extremism is praised.",
        ),
        Cue(
            (
                r"\b(?:join|brothers|sisters|lads|recruit\w*|looking for|need|needed|wanted|ready|"
                r"come|rise up|stand up|wake up|soldiers|fighters?|warriors?|patriots?|take "
                r"(?:back|"
                r"up))\b[^.!?]{0,80}\b(?:by force|take up arms|race war|holy war|jihad|armed|"
                r"weapons?|"
                r"blood (?:will|must|in)|our race|white race|the race|martyr\w*|caliphate|"
                r"infidels?|"
                r"kuffar|purge|traitors|invaders|fighters are waiting|bleed for|die for "
                r"(?:the cause|"
                r"our|the faith)|fight for the cause|no cowards|militia|underground (?:army|"
                r"cell)|the "
                r"cause)\b"
            ),
            0.65,
            "Recruiting for violent or hateful extremism.",
        ),
    )
