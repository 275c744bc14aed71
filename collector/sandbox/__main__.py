"""`python -m collector.sandbox --port 8790`: the dance school's Page, until Ctrl-C."""

import argparse
import sys
from pathlib import Path
from threading import Event

from collector.sandbox.dance_school import PAGE_ID, SCHOOL, TOKEN, dance_school
from collector.sandbox.server import GraphServer
from models.errors import NeedsOperator


def main() -> int:
    """Serve until interrupted. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m collector.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8790)
    parser.add_argument("--keep", type=Path, help="a JSON file that outlives a restart")
    parser.add_argument("--control", action="store_true", help="open /_control/ for storms")
    given = parser.parse_args()
    try:
        server = GraphServer(dance_school(kept=given.keep), given.port, control=given.control)
    except NeedsOperator as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{SCHOOL}, Page {PAGE_ID}, token {TOKEN}, at {server.url}\n")
    sys.stdout.flush()
    with server:
        try:
            Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
