"""100,000 messages back-filled from a Discord channel over HTTP, and the memory that it takes.

The stand-in runs in a process of its own, so what is measured is the collecting alone: as much as
there is to fetch, only a batch of it is held at a time.
"""

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
from sqlalchemy import func, select

from benchmarks.figures import Figure
from benchmarks.texts import posts
from collector.connectors import registry
from collector.polling import poll, register_source
from collector.sandbox.discord import DiscordServer
from collector.sandbox.loopback import LoopbackServer
from models.schema import upgrade
from models.tables import Post
from models.unit_of_work import Store
from models.vocabulary import Audience, now

COUNT = 100_000
GROWTH = 300
"""Megabytes that the collecting process may grow by at the most."""

_TOKEN = "benchmark-token"
_MB = 1024 * 1024


def measure() -> Iterator[Figure]:
    """Yields the growth of this process's memory at its highest, and the seconds it took."""
    with tempfile.TemporaryDirectory() as folder, _served() as url:
        store = Store(f"sqlite:///{Path(folder) / 'benchmark.sqlite'}")
        upgrade(store)
        options = {"server_id": "400", "base_url": url}
        connector = registry.get("discord").connect(options, lambda _: _TOKEN)
        with store.write() as session:
            source = register_source(
                session, name="d", connector="discord", label="d", audience=Audience.MIXED
            )
            session.commit()
            source_id = source.id
        with _highest() as highest:
            started = time.perf_counter()
            while not poll(store, source_id, connector).finished:
                pass
            took = time.perf_counter() - started
        with store.read() as session:
            stored = session.scalar(select(func.count()).select_from(Post))
        store.close()
    if stored != COUNT:
        raise RuntimeError(f"{stored} of {COUNT} messages were stored")
    yield Figure(f"memory grown by, {COUNT} messages back-filled", max(highest), GROWTH, "MB")
    yield Figure("... in", took, 600, "s")


@contextmanager
def _highest() -> Iterator[list[float]]:
    """By how many megabytes this process was bigger than now, ten times a second."""
    process, grown, done = psutil.Process(), [0.0], threading.Event()
    begun = process.memory_info().rss

    def look() -> None:
        while not done.wait(0.1):
            grown.append((process.memory_info().rss - begun) / _MB)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield grown
    finally:
        done.set()
        thread.join()


@contextmanager
def _served() -> Iterator[str]:
    """The stand-in with COUNT messages, in another process; its address."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, COUNT), daemon=True)
    process.start()
    try:
        yield str(ours.recv())
    finally:
        ours.send("stop")
        process.join(10)


def _serve(pipe: Connection, count: int) -> None:
    site, begun = DiscordServer(_TOKEN), now() - timedelta(days=30)
    for number, text in enumerate(posts(count)):
        site.write(text, at=begun + timedelta(seconds=number))
    with LoopbackServer(site.answer) as server:
        pipe.send(server.url)
        pipe.recv()
