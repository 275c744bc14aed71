"""Starting servers: ports, programs of packages, waiting until one answers, stopping it.

Servers are started as children of this process, in a folder that is deleted afterwards, and
listen on the loopback only.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from live.result import CannotStart

INSTALLING = 900.0
"""Seconds that installing packages may take."""


def free_port() -> int:
    """A TCP port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def debian(packages: Sequence[str], needed: Sequence[str]) -> None:
    """Have the packages installed. needed: paths or programs that show whether they are.

    Installs only as root on a machine with apt-get. Raises CannotStart where it cannot.
    """
    if all(_there(one) for one in needed):
        return
    line = f"apt-get install --no-install-recommends {' '.join(packages)}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise CannotStart(f"Not installed. On Debian, as root: {line}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    wait = ["apt-get", "-o", "DPkg::Lock::Timeout=300"]
    run([*wait, "update"], env=quiet, timeout=INSTALLING)
    run([*wait, "install", "-y", *line.split()[2:]], env=quiet, timeout=INSTALLING)
    missing = [one for one in needed if not _there(one)]
    if missing:
        raise CannotStart(f"The packages do not hold {', '.join(missing)}.")


def _there(needed: str) -> bool:
    return Path(needed).exists() if "/" in needed else shutil.which(needed) is not None


def run(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    given: str = "",
    timeout: float = 120.0,
) -> str:
    """Its standard output. Raises CannotStart, with the last line it said, where it fails."""
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=None if env is None else dict(env),
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotStart(f"{Path(command[0]).name}: {type(error).__name__}") from error
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no word"]
        raise CannotStart(f"{Path(command[0]).name} ended with {done.returncode}: {said[-1][:200]}")
    return done.stdout


@contextmanager
def serving(
    command: Sequence[str],
    answers: Callable[[], bool],
    *,
    log: Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    within: float = 60.0,
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a server until the block ends. answers: whether it is up. log: where its output goes.

    Raises CannotStart where it ends, or does not answer within so many seconds.
    """
    with log.open("wb") as out:
        try:
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=None if env is None else dict(env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        except OSError as error:
            raise CannotStart(f"{Path(command[0]).name}: {type(error).__name__}") from error
        try:
            _wait(process, answers, log, within)
            yield process
        finally:
            stop(process)


def _wait(
    process: "subprocess.Popen[bytes]", answers: Callable[[], bool], log: Path, within: float
) -> None:
    until = time.monotonic() + within
    while not answers():
        if process.poll() is not None or time.monotonic() > until:
            said = log.read_text(errors="replace").strip().splitlines() or ["no word"]
            raise CannotStart(f"It did not come up. Its last line: {said[-1][:200]}")
        time.sleep(0.1)


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Ask it to end, and end it where it does not within ten seconds."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def listens(port: int) -> bool:
    """Whether something accepts connections on that port of the loopback."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
