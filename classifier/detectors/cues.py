"""Rules on meaning: phrases with a score each, and what in the same sentence takes it back.

A first, careful layer: each detector below is a table of cues. A cue that a veto takes back keeps
a tenth of its score, so that it stays as evidence and does not reach a person by itself.
"""

import re
from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from classifier.detector import Text
from classifier.detectors.base import NOBODY, PerText, sentences, trimmed
from models.vocabulary import Category, Finding, Organisation

FICTION = (
    r"\b(?:the (?:play|film|movie|novel|book|musical|panto|story|plot|script|scene|character|song)"
    r"|(?:my|our|his|her) (?:character|monologue|script|scene|part|role|line|lines|villain)"
    r"|(?:a|this|our|new) (?:play|film|novel|musical|panto|drama|thriller|murder mystery) "
    r"|scene|act (?:one|two|three|1|2|3)|lyrics?|storyline|episode|plot|monologue|eastenders"
    r"|corrie|coronation street|hollyoaks|netflix|macbeth|hamlet|oliver twist|les mis\w*|matilda"
    r"|heathers|west side story|romeo|juliet|othello|villain|in character|improv|props?)\b"
)
TRAINING = (
    r"\b(?:training|course|webinar|policy|policies|leaflets?|posters?|awareness|campaign|assembly"
    r"|inset|e-?learning|workshop on|talk on|guidance|signs of|charity (?:that|which|supports?)"
    r"|fundrais\w+|in aid of|helpline for|survivors? of|dbs|refresher|certificate|module)\b"
)
LAUGHING = r"[😂🤣😆😜😹]|\b(?:lol|lmao|lmfao|haha\w*|jk|joking|rofl|hehe)\b"


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase in Normalised.words. veto: takes it back when found in the same sentence.
    category: where it differs from the detector's own."""

    pattern: str
    score: float
    because: str
    veto: str = ""
    category: Category | None = None


class CueDetector(PerText):
    """A detector made of cues. GATE: a cheap expression without which no cue can match."""

    GATE = r""
    VETO = r"(?!)"
    CUES: Sequence[Cue] = ()

    def __init__(self, organisation: Organisation = NOBODY) -> None:
        super().__init__(organisation)
        self._gate = re.compile(self.GATE)
        self._veto = re.compile(self.VETO)
        self._cues = [
            (re.compile(cue.pattern), re.compile(cue.veto or r"(?!)"), cue) for cue in self.CUES
        ]

    @property
    @abstractmethod
    def category(self) -> Category:
        """What its findings say."""

    def weigh(self, post: Text, cue: Cue, around: str) -> float:
        """The score in this place, from this author; `around` is the sentence."""
        return cue.score

    def find(self, post: Text) -> Iterable[Finding]:
        """The best cue of each sentence."""
        words = post.normal.words
        if not self._gate.search(words):
            return
        spans = sentences(words)
        starts = [start for start, _ in spans]
        vetoed: dict[tuple[int, int], bool] = {}
        best: dict[tuple[int, Category], tuple[float, str]] = {}
        for number, (pattern, veto, cue) in enumerate(self._cues):
            for match in pattern.finditer(words):
                place = bisect_right(starts, match.start()) - 1
                around = words[spans[place][0] : max(spans[place][1], match.end())]
                if (number, place) not in vetoed:
                    vetoed[number, place] = bool(veto.search(around) or self._veto.search(around))
                score = self.weigh(post, cue, around)
                if vetoed[number, place] or quoted(words, match.start()):
                    score *= 0.1
                key = (place, cue.category or self.category)
                if score > best.get(key, (0.0, ""))[0]:
                    best[key] = (score, cue.because)
        for (place, category), (score, because) in sorted(best.items()):
            original = post.normal.words_to_original(*trimmed(words, spans[place]))
            yield self.seen(category, round(score, 3), original, because)


def quoted(words: str, start: int) -> bool:
    """Whether `start` stands inside double quotes on its line."""
    line = words.rfind("\n", max(0, start - 300), start) + 1
    return words.count('"', max(line, start - 300), start) % 2 == 1
