"""What the sentence encoder is taught: texts with the answers that are known, one set beside
another.

A set answers some questions and is silent on the others; silence teaches nothing. Three questions
are general (`toxic`, `hateful`, `extremist`), twenty are the product's categories.
"""

import gzip
import hashlib
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier.agreement import SURE
from classifier.detector import Text
from classifier.detectors.address import AddressDetector
from classifier.detectors.base import PerText
from classifier.detectors.dob import DateOfBirthDetector
from classifier.detectors.email import EmailDetector
from classifier.detectors.full_name import FullNameDetector
from classifier.detectors.official import OfficialNumberDetector
from classifier.detectors.phone import PhoneDetector
from classifier.detectors.school import SchoolDetector
from classifier.encoder import spelled
from classifier.normalise import Normalised, normalise
from classifier.pieces import pieces
from classifier.training.corpora.read import WHOLE, corpora
from models.vocabulary import Audience, AuthorRole, Category

TOXIC, HATEFUL, EXTREMIST = "toxic", "hateful", "extremist"
TASKS: tuple[str, ...] = (TOXIC, HATEFUL, EXTREMIST, *(str(name) for name in Category))
MARKS: tuple[str, ...] = tuple(name for name in TASKS if name.startswith("pii_"))
"""What each word is asked too: whether it is a part of such an identifier."""

IDENTIFIERS = (
    AddressDetector,
    DateOfBirthDetector,
    EmailDetector,
    FullNameDetector,
    OfficialNumberDetector,
    PhoneDetector,
    SchoolDetector,
)
CORPORA = Path(__file__).with_name("corpora")
LONGEST = 600
"""Characters of a text that are learnt from."""

BENIGN = "benign/"
MOST_PIECES = 8
"""Of one benign text no more pieces than this are learnt from."""

Answers = Mapping[str, float]
Spans = tuple[tuple[str, int, int], ...]

_IDENTIFIERS = {"pii_full_name", "pii_address", "pii_phone", "pii_email", "pii_school"}
_CONDUCT = {
    "bullying", "hate", "threat", "sexual_harassment", "self_harm", "disclosure", "grooming",
    "contact_move", "inappropriate_staff_contact", "radicalisation", "underage",
    "location_sharing",
}  # fmt: skip
_HAPPY = {"admiration", "gratitude", "joy", "love", "excitement", "pride", "relief", "optimism"}
_CALM = _HAPPY | {
    "amusement", "approval", "caring", "neutral", "curiosity", "realization", "surprise",
    "confusion",
}  # fmt: skip
_CHARITY = dict.fromkeys(
    (HATEFUL, TOXIC, EXTREMIST, *(task for task in TASKS[3:] if task not in _IDENTIFIERS)), 0.0
)
_PARENT = dict.fromkeys((TOXIC, HATEFUL, EXTREMIST, *sorted(_CONDUCT - {"self_harm"})), 0.0)
_EVERYDAY = dict.fromkeys(
    ("grooming", "contact_move", "inappropriate_staff_contact", "location_sharing",
     "radicalisation", "disclosure"), 0.0
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One text as the encoder reads it. held: measured on, never learnt from. context: audience and
    author_role of a written row, else empty. template: the sentence a written row was made from.
    marks: each of MARKS that stands in the text, with start and end; None where that is not known.
    """

    source: str
    text: str
    answers: Answers
    held: bool
    context: tuple[str, str] = ("", "")
    template: str = ""
    marks: Spans | None = None


def seen(text: str) -> str:
    """A text as the encoder reads it, in training as in the product."""
    return spelled(normalise(text[:LONGEST]).words)[0]


def _davidson(label: Any) -> Answers:
    return {
        "hate": {TOXIC: 1.0, HATEFUL: 1.0},
        "offensive": {TOXIC: 0.9, HATEFUL: 0.1},
        "neither": {TOXIC: 0.0, HATEFUL: 0.0},
    }[label]


def _edos(label: Any) -> Answers:
    return {TOXIC: 1.0, HATEFUL: 0.8} if label["sexist"] == "sexist" else {HATEFUL: 0.0}


def _hatexplain(label: Any) -> Answers:
    said = str(label["label"])
    return {TOXIC: float(said != "0"), HATEFUL: {"0": 0.0, "1": 0.3, "2": 1.0}[said]}


def _convabuse(label: Any) -> Answers:
    return {} if label["majority"] == "mixed" else {TOXIC: float(label["majority"] == "abusive")}


def _toxic_spans(label: Any) -> Answers:
    return {TOXIC: 1 - label["not_toxic_votes"] / label["annotators"]}


def _wiki(label: Any) -> Answers:
    return {TOXIC: 1.0} if str(label) == "1" else {TOXIC: 0.0, HATEFUL: 0.0}


def _implicit(label: Any) -> Answers:
    return {
        "not_hate": {HATEFUL: 0.0},
        "explicit_hate": {TOXIC: 1.0, HATEFUL: 1.0},
        "implicit_hate": {TOXIC: 0.8, HATEFUL: 1.0},
    }[label]


def _emoji(label: Any) -> Answers:
    return {TOXIC: 1.0, HATEFUL: 1.0} if label == "hateful" else {HATEFUL: 0.0}


def _emotions(label: Any) -> Answers:
    if not set(label) <= _CALM:
        return {}
    happy = dict.fromkeys(_CONDUCT, 0.0) if set(label) <= _HAPPY else _EVERYDAY
    return {TOXIC: 0.0, HATEFUL: 0.0, **happy}


def _extremism(label: Any) -> Answers:
    return {EXTREMIST: float(label == "EXTREMIST")}


SETS: dict[str, Callable[[Any], Answers]] = {
    "train/davidson": _davidson,
    "train/edos": _edos,
    "train/hatexplain": _hatexplain,
    "train/convabuse": _convabuse,
    "train/toxic_spans": _toxic_spans,
    "train/wiki_context_toxicity": _wiki,
    "train/implicit_hate": _implicit,
    "train/hatemojibuild": _emoji,
    "train/goemotions": _emotions,
    "train/digital_extremism": _extremism,
    "benign/ukcat_charities": lambda _label: _CHARITY,
    "benign/parenting_reddit": lambda _label: _PARENT,
}
AT_PEOPLE = (
    "train/davidson",
    "train/hatexplain",
    "train/convabuse",
    "train/toxic_spans",
    "train/wiki_context_toxicity",
)
"""Sets whose abuse is mostly aimed at somebody: what is plainly toxic there is mostly an insult,
and what is plainly not is none."""

CALM, PLAIN_ABUSE = 0.1, 0.8
"""Up to and from which part of the votes a text is plainly not toxic, and plainly toxic."""

INSULT = 0.8
"""How surely plainly toxic text of AT_PEOPLE is bullying."""

_KEYS = {
    "train/wiki_context_toxicity": "wiki",
    "train/implicit_hate": "implicit",
    "train/hatemojibuild": "hatemoji",
    "train/goemotions": "goemo",
    "train/digital_extremism": "ext",
    "benign/ukcat_charities": "charity",
    "benign/parenting_reddit": "parent",
}
"""Names under which texts were drawn for the held part: a new name would draw others."""

_MOST: dict[tuple[str, str], int] = {
    ("train/davidson", "offensive"): 6000,  # mostly one slur, with a strong dialect bias
    ("train/wiki_context_toxicity", "0"): 9000,
    ("train/goemotions", ""): 11000,
}
"""No more of a kind than this: a big set must not drown the others."""


def public(data: Path, seed: int = 1) -> Iterator[Row]:
    """The public sets below `data`; one text in 25, by a hash of its name, is held out."""
    for name, answer in SETS.items():
        taken: dict[tuple[str, str], int] = {}
        with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            given = [json.loads(line) for line in lines]
        random.Random(seed).shuffle(given)
        for row in given:
            answers = _asked(name, answer(row["label"]))
            kind = (name, "" if isinstance(row["label"], list | dict) else str(row["label"]))
            if not answers or taken.get(kind, 0) >= _MOST.get(kind, len(given)):
                continue
            taken[kind] = taken.get(kind, 0) + 1
            key = f"{_KEYS.get(name, name.removeprefix('train/'))}{row['id']}"
            digest = hashlib.md5(key.encode(), usedforsecurity=False)
            held = int(digest.hexdigest(), 16) % 25 == 0
            for text in _parts(name, row["text"]):
                yield Row(name, text, answers, held)


def _asked(name: str, answers: Answers) -> Answers:
    """With the answer on bullying where it follows from "toxic"."""
    toxic = answers.get(TOXIC, 0.5)
    if name not in AT_PEOPLE or CALM < toxic < PLAIN_ABUSE:
        return answers
    return {**answers, str(Category.BULLYING): INSULT if toxic >= PLAIN_ABUSE else 0.0}


def _parts(name: str, text: str) -> list[str]:
    """What the encoder reads of a text: of the long benign ones every piece, as in the product."""
    if not name.startswith(BENIGN):
        return [seen(text)]
    words = normalise(text).words
    return [spelled(words[start:end])[0] for start, end in pieces(words)[:MOST_PIECES]]


def written(folder: Path = CORPORA) -> Iterator[Row]:
    """The rows that were written for this project; their split "dev" is held out."""
    rules = tuple(rule() for rule in IDENTIFIERS)
    for row in corpora(folder):
        text = read_as(row)
        answers, marks = known_of(row, text, rules)
        yield Row(
            row["voice"] if row["voice"].startswith(WHOLE) else "made",
            seen(row["text"]),
            answers,
            row["split"] == "dev",
            (row["audience"], row["author_role"]),
            row["template"],
            None if marks is None else _as_seen(text.normal, marks),
        )


def read_as(row: Mapping[str, Any]) -> Text:
    """A row of the corpora as detectors read it."""
    place, role = Audience(row["audience"]), AuthorRole(row["author_role"])
    return Text(row["id"], normalise(row["text"]), place, role)


def known_of(
    row: Mapping[str, Any], text: Text, rules: Sequence[PerText]
) -> tuple[Answers, Spans | None]:
    """What is known of a row of the corpora: its answers, and its marks in the original.

    Identifiers were marked by the later writers only. In the other rows the rules look for them:
    where they find one that the writer does not name, or none where the writer names one, what
    stands there is not known, and nothing is learnt of it. rules: those of IDENTIFIERS.
    """
    labels = set(row["labels"])
    answers = {str(name): float(name in labels) for name in Category}
    answers[HATEFUL] = float("hate" in labels)
    answers[EXTREMIST] = float("radicalisation" in labels)
    if "marks" in row:
        return answers, tuple((name, at, end) for name, at, end in row["marks"])
    marks = tuple(
        (str(one.category), one.start, one.end)
        for rule in rules
        for one in rule.detect([text])[0]
        if one.score >= SURE
    )
    unsure = {name for name, _, _ in marks} ^ (labels & set(MARKS))
    sure = {name: answer for name, answer in answers.items() if name not in unsure}
    return sure, None if unsure else marks


def _as_seen(normal: Normalised, marks: Spans) -> Spans:
    """Spans of the original as spans of the text that the encoder reads."""
    if not marks:
        return ()
    cut = normalise(normal.original[:LONGEST])
    shown, places = spelled(cut.words)
    came = [cut.words_to_original(at, at + 1)[0] for at in (places or range(len(shown)))]
    found = []
    for name, start, end in marks:
        here = [at for at, place in enumerate(came) if start <= place < end]
        if here:
            found.append((name, here[0], here[-1] + 1))
    return tuple(found)
