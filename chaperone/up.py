"""chaperone up: the web pages and the worker as child processes, and the terminal's few lines.

A child that dies is started again, later and later; Ctrl-C or SIGTERM stops them all.
"""

import ctypes
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from chaperone.settings import Settings
from models.errors import NeedsOperator

LOOK_EVERY = 0.2
_PR_SET_PDEATHSIG = 1
"""From Linux's prctl.h."""
STOP_SECONDS = 25.0
"""Longer than the engine waits for the steps in hand; after it, children are killed."""

PAGE_SECONDS = 60.0
"""How long the first page may take before it is said that something is wrong."""

STEADY_SECONDS = 30.0
"""A child that lived so long is started again at once when it dies."""

LONGEST_PAUSE = 30.0


class Stopped(Exception):
    """Ctrl-C, or the system asks us to end."""


@dataclass(slots=True)
class Child:
    """One process that is kept running."""

    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    start_at: float = 0.0
    failures: int = 0
    silent: bool = False

    def keep(self) -> None:
        """Start it, or start it again once its pause is over."""
        at = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            steady = at - self.started > STEADY_SECONDS
            self.failures = 1 if steady else self.failures + 1
            pause = min(2.0 ** (self.failures - 1) / 2, LONGEST_PAUSE)
            self.start_at = at + pause
            print(
                f"chaperone: {self.name} stopped (status {self.process.returncode}) and is "
                f"started again in {pause:.1f} s.",
                file=sys.stderr,
                flush=True,
            )
            self.process = None
        if self.process is None and at >= self.start_at:
            self.started = at
            # A session of its own: Ctrl-C reaches only us, and we stop the children in order.
            before = _end_with_parent if sys.platform == "linux" else None
            self.process = subprocess.Popen(
                self.command,
                start_new_session=True,
                stdout=subprocess.DEVNULL if self.silent else None,
                preexec_fn=before,  # noqa: PLW1509  unsafe beside threads, and we have none
            )


def _end_with_parent() -> None:
    """In the child, before it begins: if we are killed outright, it is asked to end too."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def web_command(settings: Settings, host: str | None, port: int | None) -> list[str]:
    """The web process. It is the room above, so it is started and not imported."""
    return [
        sys.executable,
        "-m",
        "dashboard.server",
        "--config",
        str(settings.file),
        "--host",
        host or settings.web.host,
        "--port",
        str(port or settings.web.port),
    ]


def worker_command(settings: Settings, name: str = "main") -> list[str]:
    """The worker process."""
    config = str(settings.file)
    return [sys.executable, "-m", "chaperone.cli", "worker", "--config", config, "--name", name]


def address(host: str, port: int) -> str:
    """What a browser is told."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run_everything(
    settings: Settings, host: str | None = None, port: int | None = None, said: str = ""
) -> int:
    """Run web and worker until stopped. Returns the exit status.

    said: printed below the address once the first page is there.
    """
    from chaperone.wiring import House

    house = House(settings)
    house.prepare()
    house.close()
    where = address(host or settings.web.host, port or settings.web.port)
    children = [
        Child("the web process", web_command(settings, host, port)),
        Child("the worker", worker_command(settings)),
    ]
    return supervise(children, where, said)


def supervise(children: Sequence[Child], where: str, said: str) -> int:
    """Keep the children running until Ctrl-C or SIGTERM; say the address once it answers."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    _refuse_taken(where)
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    began, told = time.monotonic(), False
    try:
        while True:
            for child in children:
                child.keep()
            if not told and _answers(where):
                print(f"\nChaperone is at  {where}\n{said}\nCtrl-C stops it.\n", flush=True)
                told = True
            if not told and time.monotonic() - began > PAGE_SECONDS:
                raise NeedsOperator(
                    f"The web pages did not come up within {PAGE_SECONDS:.0f} s.",
                    subject=where,
                    cure="Read the messages above. Is another program using the port? --port "
                    "chooses another one.",
                )
            time.sleep(LOOK_EVERY)
    except Stopped:
        return 0
    finally:
        for number in before:
            signal.signal(number, signal.SIG_IGN)  # stopping is not interrupted
        stop_all(children)
        for number, handler in before.items():
            signal.signal(number, handler)


def _refuse_taken(where: str) -> None:
    """Raises NeedsOperator where another program listens there already."""
    parts = urlsplit(where)
    family = socket.AF_INET6 if ":" in (parts.hostname or "") else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((parts.hostname, parts.port))
        except OSError as error:
            raise NeedsOperator(
                f"It cannot be listened on ({error.strerror}).",
                subject=where,
                cure="Stop the other program that uses it, or choose another port with --port.",
            ) from error


def stop_all(children: Sequence[Child]) -> None:
    """Ask every child to end, and kill what does not."""
    running = [child.process for child in children if child.process is not None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(where: str) -> bool:
    """Whether the web process serves pages. Never asks a proxy for our own loopback."""
    opener = build_opener(ProxyHandler({}))
    try:
        with opener.open(f"{where}/healthz", timeout=1) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def run_demonstration(port: int | None) -> int:
    """Run the demonstration until stopped. Returns the exit status."""
    from chaperone.demo import Demonstration

    demonstration = Demonstration(port=port)
    settings = demonstration.settings
    children = [
        Child("the stand-in for Facebook", demonstration.platform_command(), silent=True),
        Child("the web process", web_command(settings, None, None)),
        Child("the worker", worker_command(settings)),
    ]
    where = address(settings.web.host, settings.web.port)
    return supervise(children, where, demonstration.said())
