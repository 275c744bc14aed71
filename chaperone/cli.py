"""The command `chaperone`: reads the command line and calls the one command that was asked for.

Each command's file declares its arguments and imports what it needs only when it runs, so that
`chaperone --help` answers at once.

Exit status: 0 done; 1 the answer is no (the record is broken, a message was not sent); 2 the
command line, the settings or an input is wrong; 3 a person has to mend something; 4 try again
later; 5 refused; 70 a mistake in this program; 130 stopped by Ctrl-C.
"""

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from chaperone.commands import (
    audit,
    demo_code,
    describe,
    digest,
    dpia,
    evaluate,
    imports,
    init,
    learn,
    people,
    read,
    register,
    run,
    subject_access,
    thresholds,
)
from models import errors

GROUPS = (
    run,
    init,
    learn,
    people,
    imports,
    register,
    read,
    describe,
    evaluate,
    thresholds,
    digest,
    audit,
    subject_access,
    dpia,
    demo_code,
)

STATUS = {
    errors.MendSettings: 2,
    errors.MendInput: 2,
    errors.NeedsOperator: 3,
    errors.RetryLater: 4,
    errors.Refused: 5,
    errors.NotYours: 5,
    errors.LookAgain: 4,
}
MISTAKE = 70
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Returns the exit status; errors are printed without a traceback."""
    given = parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except errors.ChaperoneError as error:
        print(f"chaperone: {error}", file=sys.stderr, flush=True)
        return STATUS.get(type(error), MISTAKE)
    except BrokenPipeError:
        # Whoever read the output has seen enough; keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  the outermost loop: its words may hold a post's
        return _mistake(error)


def _mistake(error: Exception) -> int:
    """Say that the program is wrong, and where, but not what the exception says."""
    if os.environ.get("CHAPERONE_TRACEBACK") == "1":
        traceback.print_exception(error)
        return MISTAKE
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    print(
        f"chaperone: This is a mistake in the program ({type(error).__name__} at {place}). "
        "Please report it. CHAPERONE_TRACEBACK=1 shows more, perhaps with words of posts.",
        file=sys.stderr,
        flush=True,
    )
    return MISTAKE


def parser() -> argparse.ArgumentParser:
    """Every command and argument. Imports no room but this one."""
    top = argparse.ArgumentParser(
        prog="chaperone",
        description="Watches an organisation's own pages and groups and helps its people keep "
        "children safe there.",
        epilog="Exit status: 0 done, 1 the answer is no, 2 wrong command line, settings or "
        "input, 3 a person has to mend something, 4 try again later, 5 refused, 70 a mistake in "
        "this program. Start with: chaperone up",
    )
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for group in GROUPS:
        group.add(commands)
    return top


if __name__ == "__main__":
    raise SystemExit(main())
