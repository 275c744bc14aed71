"""python -m live [wordpress] [mediawiki] [...]: real servers, and a table of what was seen.

Each server's file has `run() -> LiveResult`; it is listed in SERVERS. The exit status is the
number of servers that did not hold, those that could not be started included.
"""

import logging
import sys
import time
from importlib import import_module

from live.result import STEPS, CannotStart, LiveResult
from models.errors import ChaperoneError

SERVERS = ("wordpress", "mediawiki", "matrix", "bluesky", "imap")
"""Modules of this folder, in the order of the table. One that is not written yet says so."""


def main(names: list[str]) -> int:
    """Try the named servers, or all; returns how many did not hold."""
    logging.disable(logging.INFO)
    results = [tried(name) for name in names or SERVERS]
    _say(_table(results))
    for one in results:
        if one.cannot or one.failed:
            _say(f"{one.server}: {one.cannot or one.failed}")
    return sum(not one.holds for one in results)


def tried(name: str) -> LiveResult:
    """One server's result; what cannot be started, or leaves by an error of ours, is a result."""
    started = time.monotonic()
    sys.stderr.write(f"{name}: starting\n")
    try:
        result: LiveResult = import_module(f"live.{name}").run()
    except ModuleNotFoundError as error:
        result = LiveResult(name, cannot=f"A part is not here: {error.name}")
    except CannotStart as error:
        result = LiveResult(name, cannot=str(error))
    except ChaperoneError as error:
        result = LiveResult(name, failed=str(error))
    result.seconds = time.monotonic() - started
    return result


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _table(results: list[LiveResult]) -> str:
    rows = [["server", *STEPS, "seconds", "holds"]]
    for one in results:
        steps = [one.done.get(step, "-") for step in STEPS]
        rows.append([one.server, *steps, f"{one.seconds:.0f}", "yes" if one.holds else "NO"])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
