"""Fifty sources polled at once by a worker; one hangs, one is rate-limited, one answers garbage.

All fifty are Telegram groups on one stand-in, each with a bot of its own. The promise is that the
other 47 are looked at as often as was asked, whatever becomes of the three.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

from sqlalchemy import select

from benchmarks.figures import Figure
from chaperone.settings import load
from chaperone.wiring import House
from chaperone.worker import Worker
from collector.sandbox.loopback import Call, LoopbackServer, Reply
from collector.sandbox.telegram import TelegramBot
from models.tables import Source

COUNT = 50
POLL_EVERY = 30
"""Seconds between two looks at a source, as the settings ask for."""

WATCHED = 40.0
"""Seconds that the worker is watched for, after a first look at every source."""

LATE = 10.0
"""Seconds by which a look may come later than asked."""

HANGING, LIMITED, GARBAGE = 0, 1, 2


def measure() -> Iterator[Figure]:
    """Yields how long any of the others ever waited between two looks, and that all had a first."""
    bots = {_token(number): TelegramBot(_token(number)) for number in range(COUNT)}
    bots[_token(LIMITED)].weather.storm("limit")
    stop = Event()

    def answer(call: Call) -> Reply:
        token = call.path.split("/")[1].removeprefix("bot")
        if token == _token(HANGING):
            stop.wait(300)
        if token == _token(GARBAGE):
            return Reply(200, b"\x00\xff<<<" * 1000)
        return bots[token].answer(call)

    with tempfile.TemporaryDirectory() as name, LoopbackServer(answer) as server:
        house = House(load(_settings(Path(name), server.url)))
        house.prepare()
        worker = Worker(house, "benchmark")
        thread = Thread(target=worker.run, args=(stop,))
        began = time.monotonic()
        thread.start()
        try:
            first, longest = _watch(house, began)
        finally:
            stop.set()
            thread.join()
            house.close()
    yield Figure(f"the first look at {COUNT - 3} of {COUNT} sources", first, POLL_EVERY, "s")
    promise = POLL_EVERY + LATE
    yield Figure("... and the longest that one waited for the next", longest, promise, "s")


def _watch(house: House, began: float) -> tuple[float, float]:
    """(seconds until all had a first look, the longest between two looks at any of them)."""
    seen: dict[str, list[float]] = {}
    last: dict[str, object] = {}
    first, until = 0.0, time.monotonic() + 120
    while time.monotonic() < until:
        with house.store.read() as session:
            rows = session.execute(select(Source.name, Source.last_success_at)).all()
        for name, at in rows:
            if at is not None and last.get(name) != at and int(name[1:]) > GARBAGE:
                last[name] = at
                seen.setdefault(name, []).append(time.monotonic())
        if not first and len(seen) == COUNT - 3:
            first = time.monotonic() - began
            until = time.monotonic() + WATCHED
        time.sleep(0.1)
    if not first:
        raise RuntimeError(f"only {len(seen)} of {COUNT - 3} sources were looked at in two minutes")
    ended = time.monotonic()
    waits = [
        later - earlier
        for looks in seen.values()
        for earlier, later in zip(looks, [*looks[1:], ended], strict=True)
    ]
    return first, max(waits)


def _token(number: int) -> str:
    return f"{100000 + number}:AbenchmarkTokenOfABot"


def _settings(folder: Path, url: str) -> Path:
    lines = ['[organisation]\nname = "Benchmark"']
    for number in range(COUNT):
        os.environ[f"BENCHMARK_BOT_{number}"] = _token(number)
        lines.append(
            f'[sources.s{number}]\nconnector = "telegram"\naudience = "adult_only"\n'
            f'poll_every = "{POLL_EVERY} seconds"\nchat_ids = ["-1001234567890"]\n'
            f'base_url = "{url}"\ntoken_env = "BENCHMARK_BOT_{number}"'
        )
    path = folder / "config.toml"
    path.write_text("\n\n".join(lines), encoding="utf-8")
    return path
