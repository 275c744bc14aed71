"""The peers' half of benchmarks/peers.py: runs under the peers' own Python, never under ours.

Reads one JSON text a line, writes one JSON object: for each peer the seconds it took and an answer
for each text (Presidio: the entity types it found; alt-profanity-check: a probability).
"""

import json
import logging
import sys
import time

import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer import predefined_recognizers as known
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from profanity_check import predict_prob


class Blank(SpacyNlpEngine):
    """spaCy's English without a downloaded model: Presidio's patterns, not its names."""

    def load(self) -> None:
        """Presidio calls it once."""
        self.nlp = {"en": spacy.blank("en")}


def presidio() -> AnalyzerEngine:
    """Presidio set to Britain."""
    engine = Blank()
    engine.load()
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.add_recognizer(known.PhoneRecognizer(supported_regions=("GB",)))
    registry.add_recognizer(known.EmailRecognizer())
    registry.add_recognizer(known.DateRecognizer())
    for name in dir(known):
        if name.startswith("Uk"):
            registry.add_recognizer(getattr(known, name)())
    return AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en"])


def main() -> None:
    """Texts in, answers out."""
    logging.disable(logging.CRITICAL)
    texts = [json.loads(line) for line in sys.stdin]
    analyser = presidio()
    analyser.analyze(texts[0], language="en")
    started = time.perf_counter()
    found = [
        sorted({one.entity_type for one in analyser.analyze(text, language="en")}) for text in texts
    ]
    first = time.perf_counter()
    predict_prob(texts[:1])
    began = time.perf_counter()
    scores = [round(float(score), 4) for score in predict_prob(texts)]
    ended = time.perf_counter()
    json.dump(
        {
            "presidio": {"seconds": first - started, "answers": found},
            "alt-profanity-check": {"seconds": ended - began, "answers": scores},
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
