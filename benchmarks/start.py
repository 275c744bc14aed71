"""How soon the program answers, and how much memory its processes take together."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from socket import socket

import psutil

from benchmarks.figures import Figure

CHAPERONE = str(Path(sys.executable).with_name("chaperone"))
SETTLED_AFTER = 45.0
"""Seconds of the demonstration running before its memory is read: every detector has worked."""


def measure() -> Iterator[Figure]:
    """Yields the time of --help, the time to the first page, and the memory in use."""
    yield Figure("chaperone --help (best of 5)", min(_help() for _ in range(5)), 0.5, "s")
    with tempfile.TemporaryDirectory() as folder, _up(Path(folder)) as (process, port, started):
        _first_page(port)
        yield Figure("first page after chaperone up", time.perf_counter() - started, 10, "s")
        time.sleep(SETTLED_AFTER)
        yield Figure("web and worker together (and the demonstration)", _memory(process), 800, "MB")


def _help() -> float:
    started = time.perf_counter()
    subprocess.run([CHAPERONE, "--help"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


@contextmanager
def _up(folder: Path) -> Iterator[tuple[psutil.Process, int, float]]:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = time.perf_counter()
    process = subprocess.Popen(
        [CHAPERONE, "up", "--port", str(port)],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        yield psutil.Process(process.pid), port, started
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def _first_page(port: int) -> None:
    """Waits until the sign-in page is served. Raises TimeoutError after a minute."""
    until = time.perf_counter() + 60
    while time.perf_counter() < until:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/sign-in")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise TimeoutError("the first page was not served within a minute")


def _memory(process: psutil.Process) -> float:
    """Megabytes of all processes, shared pages counted once (PSS)."""
    everyone = [process, *process.children(recursive=True)]
    return sum(one.memory_full_info().pss for one in everyone) / 1e6
