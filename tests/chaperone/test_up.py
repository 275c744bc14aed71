"""chaperone up: everything on one machine, and the demonstration where there is no config.toml."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import httpx
import psutil
import pytest

from chaperone.demo import sign_ins

FIRST_PAGE_SECONDS = 10
MEMORY_MB = 800


def answer(port: int, path: str = "/healthz") -> int:
    """The status of a page, 0 while nobody answers."""
    try:
        with build_opener(ProxyHandler({})).open(
            f"http://127.0.0.1:{port}{path}", timeout=2
        ) as got:
            return int(got.status)
    except OSError:
        return 0


def enter(port: int, username: str) -> int:
    """The answer to the demonstration's own button of the sign-in page."""
    here = f"http://127.0.0.1:{port}"
    form = {"demonstration": username}
    return httpx.post(f"{here}/sign-in", data=form, headers={"Origin": here}).status_code


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def up(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "chaperone.cli", "up", "--port", str(port)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


@pytest.mark.slow
def test_the_demonstration(up, tmp_path: Path, port: int, until) -> None:
    began = time.monotonic()
    until(lambda: answer(port) == 200, 40)
    first_page = time.monotonic() - began
    until(lambda: _items(tmp_path) > 0, 40)
    assert [enter(port, "monitor"), enter(port, "monitor"), enter(port, "nobody")] == [
        303,
        303,
        401,
    ]
    family = [psutil.Process(up.pid), *psutil.Process(up.pid).children(recursive=True)]
    named = {_kind(process): process for process in family}
    memory = sum(named[kind].memory_info().rss for kind in ("web", "worker")) / 1e6
    up.send_signal(signal.SIGINT)
    said, complained = up.communicate(timeout=40)

    assert first_page < FIRST_PAGE_SECONDS
    assert memory < MEMORY_MB
    assert up.returncode == 0
    assert complained == "", "the terminal stays quiet"
    assert f"Chaperone is at  http://127.0.0.1:{port}" in said
    for account in sign_ins(tmp_path / "demo-data"):
        assert re.search(
            rf"{account.username} +password {account.password} +setup key {account.setup_key}", said
        )
        assert re.fullmatch(r"\d{6}", account.code())
    until(lambda: not any(process.is_running() for process in family))
    assert answer(port) == 0


@pytest.mark.slow
def test_killed_outright_it_leaves_nobody_behind(up, tmp_path: Path, port: int, until) -> None:
    until(lambda: answer(port) == 200, 40)
    family = psutil.Process(up.pid).children(recursive=True)
    worker = next(process for process in family if _kind(process) == "worker")
    worker.kill()  # a child that dies is started again
    until(lambda: any(_kind(c) == "worker" and c.pid != worker.pid for c in _children(up)), 20)
    up.kill()
    up.wait()
    until(lambda: not any(process.is_running() for process in family), 30)


def test_a_port_that_is_taken_is_explained(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = subprocess.run(
            [sys.executable, "-m", "chaperone.cli", "up", "--port", str(taken.getsockname()[1])],
            cwd=tmp_path,
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 3
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def _children(up) -> list[psutil.Process]:
    return psutil.Process(up.pid).children(recursive=True)


def _kind(process: psutil.Process) -> str:
    try:
        line = " ".join(process.cmdline())
    except psutil.Error:
        return "gone"
    known = {"dashboard.server": "web", " worker ": "worker", "collector.sandbox": "platform"}
    return next((kind for mark, kind in known.items() if mark in line), "up")


def _items(folder: Path) -> int:
    path = folder / "demo-data" / "chaperone.sqlite"
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute("SELECT count(*) FROM item").fetchone()[0])
