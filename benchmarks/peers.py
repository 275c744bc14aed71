"""python -m benchmarks.peers PYTHON: the evaluation cases through Chaperone and through its peers.

PYTHON is that of an environment of the peers' own, made once and no part of this product:

    python3 -m venv PLACE && PLACE/bin/pip install presidio-analyzer alt-profanity-check

The same texts go through all of them in one run: for each question the share found (recall) and the
share of the posts to be left alone that was flagged, with Wilson intervals, and texts a second.
Presidio runs with its British recognisers and without a language model (names are not asked of it).
"""

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from classifier.evaluation.measure import Case, Share, case_lines, read_cases
from classifier.policy import load_policy
from classifier.registry import detectors
from classifier.service import classify
from models.vocabulary import Category, Organisation

QUESTIONS: Mapping[str, tuple[Category, frozenset[str]]] = {
    "date of birth": (Category.PII_DOB, frozenset({"DATE_TIME"})),
    "home address": (Category.PII_ADDRESS, frozenset({"UK_POSTCODE"})),
    "phone": (Category.PII_PHONE, frozenset({"PHONE_NUMBER"})),
    "e-mail": (Category.PII_EMAIL, frozenset({"EMAIL_ADDRESS"})),
    "official number": (
        Category.PII_OTHER,
        frozenset({"UK_NHS", "UK_NINO", "UK_PASSPORT"}),
    ),
}
"""What Presidio is asked: our category, and its entity types that answer it."""

ABUSE = frozenset({Category.BULLYING, Category.HATE, Category.THREAT, Category.SEXUAL_HARASSMENT})


def main(peers: str) -> None:
    """Run everything once and print the table. Raises CalledProcessError where a peer fails."""
    cases = list(read_cases(case_lines()))
    ours, seconds = _ours(cases)
    answers = _theirs(peers, [case.text.normal.original for case in cases])
    print(f"{len(cases)} cases")
    print(f"{'question':20} {'who':22} {'found':>30} {'left alone but flagged':>30}")
    for name, (category, types) in QUESTIONS.items():
        wanted = [category in case.expect for case in cases]
        left = [category in case.forbid or not case.expect for case in cases]
        _line(name, "Chaperone", wanted, left, [category in some for some in ours])
        found = [bool(types & set(some)) for some in answers["presidio"]["answers"]]
        _line("", "presidio", wanted, left, found)
    wanted = [bool(ABUSE & case.expect) for case in cases]
    left = [not case.expect for case in cases]
    _line("abuse of a person", "Chaperone", wanted, left, [bool(ABUSE & some) for some in ours])
    scores = answers["alt-profanity-check"]["answers"]
    _line("", "alt-profanity-check", wanted, left, [score >= 0.5 for score in scores])
    print(f"texts a second: Chaperone {len(cases) / seconds:.0f} (twenty categories)", end="")
    for peer, told in answers.items():
        print(f", {peer} {len(cases) / told['seconds']:.0f}", end="")
    print()


def _ours(cases: Sequence[Case]) -> tuple[list[frozenset[Category]], float]:
    every, policy = detectors(Organisation(name="Benchmark")), load_policy()
    texts = [case.text for case in cases]
    classify(texts[:50], every)
    started = time.perf_counter()
    readings = [
        reading
        for first in range(0, len(texts), 256)
        for reading in classify(texts[first : first + 256], every)
    ]
    seconds = time.perf_counter() - started
    verdicts = [
        policy.assess(reading.findings, text.audience, text.author_role, text.posted_at)
        for text, reading in zip(texts, readings, strict=True)
    ]
    return [frozenset(verdict.categories) for verdict in verdicts], seconds


def _theirs(peers: str, texts: Sequence[str]) -> dict[str, Any]:
    side = Path(__file__).with_name("peers_side.py")
    done = subprocess.run(
        [peers, str(side)],
        input="".join(json.dumps(text) + "\n" for text in texts),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    answers: dict[str, Any] = json.loads(done.stdout)
    return answers


def _line(
    name: str, who: str, wanted: Sequence[bool], left: Sequence[bool], found: Sequence[bool]
) -> None:
    shares = [
        Share(sum(one and hit for one, hit in zip(asked, found, strict=True)), sum(asked))
        for asked in (wanted, left)
    ]
    print(f"{name:20} {who:22} {shares[0]!s:>30} {shares[1]!s:>30}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(sys.argv[1])
