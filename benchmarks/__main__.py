"""python -m benchmarks [NAME ...]: measure and print. The names are those of MEASURES.

Each line says the figure, the promise, and whether it holds. The exit status is the number of
promises that do not.
"""

import platform
import sys
from os import cpu_count

from benchmarks import backfill, names, pipeline, queue_screen, reading, sources, start
from benchmarks.figures import Figure

MEASURES = {
    "reading": reading.measure,
    "pipeline": pipeline.measure,
    "queue": queue_screen.measure,
    "start": start.measure,
    "sources": sources.measure,
    "backfill": backfill.measure,
    "names": names.measure,
}


def main(wanted: list[str]) -> int:
    """Run the named measures, or all; returns how many promises do not hold."""
    python = platform.python_version()
    print(f"{platform.system()} {platform.machine()}, {cpu_count()} cores, Python {python}")
    broken = 0
    for name in wanted or list(MEASURES):
        for figure in MEASURES[name]():
            print(figure.line(), flush=True)
            broken += not figure.holds
    return broken


def figures_of(name: str) -> list[Figure]:
    """The figures of one measure, for whoever wants them as values."""
    return list(MEASURES[name]())


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
