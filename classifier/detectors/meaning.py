"""What a post means: the sentence encoder and one head for each category.

The rules' findings, the place and the author are weighed with the words. A long text is read in
pieces of a few sentences. A finding names the sentence that weighed most in its piece, and words;
a finding of an identifier points at the identifier.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from typing import ClassVar

import numpy as np

from classifier.detector import LEARNT, Example, Text
from classifier.detectors.age import AgeDetector, another_age
from classifier.detectors.base import NOBODY, PerText
from classifier.detectors.bullying import BullyingDetector
from classifier.detectors.contact_move import ContactMoveDetector
from classifier.detectors.dates import local_day
from classifier.detectors.disclosure import DisclosureDetector
from classifier.detectors.greetings import only_wishes
from classifier.detectors.grooming import GroomingDetector
from classifier.detectors.hate import HateDetector
from classifier.detectors.location import LocationDetector
from classifier.detectors.meaning_examples import EXAMPLES
from classifier.detectors.meaning_none import is_none
from classifier.detectors.meaning_own import Own
from classifier.detectors.meaning_words import Piece, Span, told_by, whole_words
from classifier.detectors.radicalisation import RadicalisationDetector
from classifier.detectors.registered_name import Register
from classifier.detectors.self_harm import SelfHarmDetector
from classifier.detectors.sexual_harassment import SexualHarassmentDetector
from classifier.detectors.staff_contact import StaffContactDetector
from classifier.detectors.threat import ThreatDetector
from classifier.encoder import Floats, load_encoder
from classifier.heads import Heads, context, load_heads
from classifier.marks import load_marks
from classifier.pieces import pieces
from models.vocabulary import Category, Finding, Organisation, now

LEAST = 0.01
"""Below this there is nothing to keep as evidence."""

TELLING = 0.25
"""From here on the words that weighed most are named."""

MOST_PIECES = 24
"""Of a very long text these many pieces are read, spread evenly over it."""

AT_ONCE = 128
"""So many pieces are read together: 16 MB of numbers at most."""

IDENTIFIERS = {
    Category.PII_DOB: "Reads as the day on which somebody was born",
    Category.PII_ADDRESS: "Reads as the address of a private home",
    Category.PII_SCHOOL: "Reads as the school of a child",
    Category.PII_FULL_NAME: "Reads as the full name of a private person",
}
"""Their forms are more than the rules know. Telephones, mailboxes and official numbers are left to
the rules: a check digit and a role's mailbox tell more than the words around them (measured)."""

_LEADS_TO_A_DATE = re.compile(
    r"(?:born|dob|date of birth|birthday)\b\W*(?:(?:on|is|was|the)\b\s*)*(?=\d)"
)
"""What says that a day is a birth and is no part of the day: "born on "."""

BECAUSE = {
    Category.BULLYING: "Reads as insulting, mocking or shutting out a person",
    Category.HATE: "Reads as hostile to people for who they are",
    Category.THREAT: "Reads as a wish or a threat to hurt a person or damage property",
    Category.SEXUAL_HARASSMENT: "Reads as an unwanted sexual remark or pressure",
    Category.SELF_HARM: "Reads as about self-harm or suicide, one's own or feared of another",
    Category.DISCLOSURE: "Reads as telling of abuse or neglect, or as a worry about somebody",
    Category.GROOMING: "Reads as winning a child's trust in a way that harms",
    Category.CONTACT_MOVE: "Reads as asking for private contact",
    Category.INAPPROPRIATE_STAFF_CONTACT: "Reads as personal contact of staff with a child",
    Category.RADICALISATION: "Reads as praising or recruiting for violent or hateful extremism",
    Category.LOCATION_SHARING: "Reads as saying where a child is, or is every week",
    Category.UNDERAGE: "Reads as written by somebody under 18",
    Category.PROFANITY: "Reads as strong language",
    **IDENTIFIERS,
}

RULES: tuple[type[PerText], ...] = (
    BullyingDetector,
    HateDetector,
    ThreatDetector,
    SexualHarassmentDetector,
    SelfHarmDetector,
    DisclosureDetector,
    GroomingDetector,
    ContactMoveDetector,
    StaffContactDetector,
    RadicalisationDetector,
    LocationDetector,
    AgeDetector,
)
"""The rules whose findings the heads weigh."""


def rule_scores(
    posts: Sequence[Text], categories: Sequence[Category], rules: Sequence[PerText]
) -> Floats:
    """(posts, categories): the best score that any rule gives the post, 0 where none does."""
    scores = np.zeros((len(posts), len(categories)), dtype=np.float32)
    place = {category: at for at, category in enumerate(categories)}
    for rule in rules:
        for row, findings in zip(scores, rule.detect(posts), strict=True):
            for finding in findings:
                at = place.get(finding.category)
                if at is not None:
                    row[at] = max(row[at], finding.score)
    return scores


def _spans(words: str) -> list[Span]:
    """Where the pieces stand that are read of a text: none of mere good wishes."""
    if only_wishes(words):
        return []
    spans = pieces(words)
    step = max(len(spans) / MOST_PIECES, 1.0)
    return [spans[int(at * step)] for at in range(min(len(spans), MOST_PIECES))]


def _runs(counts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Stretches of posts, (first, after the last), with at most AT_ONCE pieces together."""
    first = total = 0
    for at, count in enumerate(counts):
        if total + count > AT_ONCE:
            yield first, at
            first, total = at, 0
        total += count
    yield first, len(counts)


class MeaningDetector:
    """See the module. Raises MendSettings where its weights are missing or changed."""

    name: ClassVar[str] = LEARNT
    version: ClassVar[str] = "5"
    categories: ClassVar[frozenset[Category]] = frozenset(BECAUSE)
    rules: ClassVar[int] = 40
    """A network, not an expression: 100 kB are 24 pieces of at most 80 tokens."""
    EXAMPLES: ClassVar[tuple[Example, ...]] = EXAMPLES

    def __init__(self, organisation: Organisation = NOBODY) -> None:
        self._encoder = load_encoder()
        self._heads: Heads = load_heads(self._encoder.version)
        self._marks = load_marks()
        self._rules = tuple(rule(organisation) for rule in RULES)
        self._organisation = organisation
        self._own = Own(organisation)

    def with_rules(self, built: Sequence[object]) -> "MeaningDetector":
        """The same detector, asking those of RULES that stand among `built`: they have read the
        texts already."""
        other = copy(self)
        theirs = {type(one): one for one in built if isinstance(one, PerText)}
        other._rules = tuple(theirs.get(type(rule), rule) for rule in self._rules)
        return other

    def with_heads(self, heads: Heads) -> "MeaningDetector":
        """The same detector with other heads, such as those that `chaperone learn` has learnt."""
        other = copy(self)
        other._heads = heads
        return other

    def with_register(self, register: Register) -> "MeaningDetector":
        """The same detector, leaving to the register whoever stands on it."""
        other = copy(self)
        other._own = Own(self._organisation, register)
        return other

    def detect(self, posts: Sequence[Text]) -> Sequence[Sequence[Finding]]:
        """Of each category at most one finding per text, of its worst piece; of an identifier one
        for each place where that piece has it."""
        spans = [_spans(post.normal.words) for post in posts]
        if not any(spans):
            return [()] * len(posts)
        rules = rule_scores(posts, self._heads.categories, self._rules)
        return [
            self._findings(post, some, row) if some else ()
            for post, some, row in zip(posts, self._pieces(posts, spans), rules, strict=True)
        ]

    def _pieces(
        self, posts: Sequence[Text], spans: Sequence[Sequence[Span]]
    ) -> Iterator[list[Piece]]:
        """The pieces of each post as they were read, those of many posts together."""
        for first, last in _runs([len(some) for some in spans]):
            texts = [
                [post.normal.words[start:end] for start, end in some]
                for post, some in zip(posts[first:last], spans[first:last], strict=True)
            ]
            read = iter(self._encoder.read([text for some in texts for text in some]))
            for some, here in zip(spans[first:last], texts, strict=True):
                yield [
                    Piece(start, text, next(read))
                    for (start, _), text in zip(some, here, strict=True)
                ]

    def _findings(self, post: Text, some: list[Piece], rules: Floats) -> Sequence[Finding]:
        vectors = np.stack([piece.encoded.vector for piece in some])
        place = context(post.audience, post.author_role)
        scores = self._heads.probabilities(vectors, rules[None, :], place[None, :])
        worst, best = scores.argmax(axis=0).tolist(), scores.max(axis=0).tolist()
        seen = [which for which, score in enumerate(best) if score >= LEAST]
        named = [which for which in seen if self._heads.categories[which] in IDENTIFIERS]
        meant = [which for which in seen if which not in named]
        because = self._because(some, {which: worst[which] for which in meant}, best)
        return [
            self._finding(post, which, best[which], *because[which])
            for which in meant
            if rules[which] or not self._of_another_age(which, some[worst[which]])
        ] + [
            finding
            for which in named
            for finding in self._identifiers(post, which, best[which], some[worst[which]])
        ]

    def _identifiers(self, post: Text, which: int, score: float, piece: Piece) -> Iterable[Finding]:
        category = self._heads.categories[which]
        today = local_day(post.posted_at, now())
        for marked in self._marks.spans(category, piece.encoded):
            start, end = whole_words(piece.words, marked)
            if category == Category.PII_DOB:
                leads = _LEADS_TO_A_DATE.match(piece.words, start, end)
                start = leads.end() if leads else start
            span = post.normal.words_to_original(piece.start + start, piece.start + end)
            said = post.normal.original[slice(*span)]
            if is_none(category, said, piece.words[end:], piece.words, today):
                continue
            if not self._own.covers(post, span, category):
                because = f"{BECAUSE[category]}."
                yield Finding(category, round(score, 4), *span, because, self.name, self.version)

    def _of_another_age(self, which: int, piece: Piece) -> bool:
        """ "I was 15 when I joined" is read as a child's by its words: the rule knows better."""
        if self._heads.categories[which] != Category.UNDERAGE:
            return False
        start, end = piece.sentence(self._heads.text[which])
        return another_age(piece.words[start:end])

    def _because(
        self, some: list[Piece], worst: dict[int, int], best: list[float]
    ) -> dict[int, tuple[Span, tuple[str, ...]]]:
        """For each head the sentence in Normalised.words, and where the score is high its words.
        worst: the place of the head's worst piece."""
        weights = self._heads.text
        found = {}
        for at, piece in enumerate(some):
            here = [which for which, place in worst.items() if place == at]
            high = [which for which in here if best[which] >= TELLING]
            read = told_by(self._encoder, piece, [weights[which] for which in high])
            told = dict(zip(high, read, strict=True))
            for which in here:
                one = told.get(which)
                start, end = one.span if one else piece.sentence(weights[which])
                words = one.heaviest(weights[which]) if one else ()
                found[which] = (piece.start + start, piece.start + end), words
        return found

    def _finding(
        self, post: Text, which: int, score: float, span: Span, words: Sequence[str]
    ) -> Finding:
        category = self._heads.categories[which]
        start, end = post.normal.words_to_original(*span)
        because = BECAUSE[category]
        if words:
            named = ", ".join(f'"{word}"' for word in words)
            because = f"{because}. What weighed most: {named}"
        return Finding(
            category, round(score, 4), start, end, f"{because}.", self.name, self.version
        )
