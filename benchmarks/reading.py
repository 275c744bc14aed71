"""All detectors together on one core: how long they load, how soon one post is read, how many
ordinary posts are read in batches, and the memory it takes. In a process of its own."""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from benchmarks.figures import Figure

ORDINARY = 3_000
"""Posts as they come to a school's page, three in a hundred flagged."""

SINGLE = 1_500
"""Cases of the project's own suite, half of them harmful: slower to read than ordinary posts,
because the words that weighed most are looked for."""

BATCH = 64


def measure() -> Iterator[Figure]:
    """Yields seconds, milliseconds and MB; speed as the time of a thousand posts."""
    child = subprocess.run(
        [sys.executable, "-m", "benchmarks.reading"],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        check=True,
    )
    told = json.loads(child.stdout)
    yield Figure("every detector loaded", told["load"], 2, "s")
    yield Figure("one post read (median)", told["median"], 10, "ms")
    yield Figure("one post read (95th of 100)", told["late"], 10, "ms")
    yield Figure("1,000 ordinary posts read in batches", told["thousand"], 2, "s")
    yield Figure("memory of it all", told["memory"], 400, "MB")


def _in_the_child() -> dict[str, float]:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    began = time.perf_counter()
    from classifier.registry import detectors
    from classifier.service import classify
    from models.vocabulary import Organisation

    every = detectors(Organisation(name=""))
    load = time.perf_counter() - began
    from benchmarks.texts import posts
    from classifier.detector import Text
    from classifier.evaluation.measure import case_lines, read_cases
    from classifier.normalise import normalise

    cases = [case.text for case in read_cases(case_lines())][:SINGLE]
    classify(cases[:BATCH], every)
    taken = []
    for text in cases:
        began = time.perf_counter()
        classify([text], every)
        taken.append((time.perf_counter() - began) * 1000)
    texts = [
        Text(str(number), normalise(words))
        for number, words in enumerate(posts(ORDINARY, flagged_share=0.03))
    ]
    began = time.perf_counter()
    for start in range(0, ORDINARY, BATCH):
        classify(texts[start : start + BATCH], every)
    spent = time.perf_counter() - began
    return {
        "load": load,
        "median": statistics.median(taken),
        "late": statistics.quantiles(taken, n=100)[94],
        "thousand": spent / ORDINARY * 1000,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    print(json.dumps(_in_the_child()))
