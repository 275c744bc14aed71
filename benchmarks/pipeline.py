"""10,000 posts from a Page over HTTP: collected, classified, stored and filed, on SQLite."""

import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.figures import Figure
from benchmarks.texts import posts
from casework.queue import file_posts
from classifier.policy import load_policy
from classifier.registry import detectors
from classifier.service import classify_new
from collector.connectors import registry
from collector.polling import poll, register_source
from collector.sandbox.dance_school import TOKEN
from collector.sandbox.graph import Graph
from collector.sandbox.page import Author, Page
from collector.sandbox.server import GraphServer
from models.schema import upgrade
from models.tables import Item, Post, Revision
from models.unit_of_work import Store
from models.vocabulary import Audience, Organisation, now

COUNT = 10_000
A_POST = 50
"""Comments under one post of the Page."""

PAGE_ID = "900100200300401"


def measure() -> Iterator[Figure]:
    """Yields the seconds from an empty database to all posts filed, detectors loaded included."""
    with tempfile.TemporaryDirectory() as folder, GraphServer(_page()) as server:
        store = Store(f"sqlite:///{Path(folder) / 'benchmark.sqlite'}")
        upgrade(store)
        started = time.perf_counter()
        _collect(store, server.url)
        collected = time.perf_counter()
        _read(store)
        ended = time.perf_counter()
        with store.read() as session:
            stored = session.scalar(select(func.count()).select_from(Post))
            read = session.scalar(
                select(func.count())
                .select_from(Revision)
                .where(Revision.classified_at.is_not(None))
            )
            items = session.scalar(select(func.count()).select_from(Item))
        store.close()
    if stored != COUNT or read != COUNT:
        raise RuntimeError(f"{stored} of {COUNT} posts were stored and {read} were read")
    yield Figure(f"{COUNT} posts collected and stored", collected - started, 60, "s")
    yield Figure(f"... classified and filed ({items} items)", ended - collected, 60, "s")
    yield Figure("... all together", ended - started, 60, "s")


def _page() -> Graph:
    page = Page(PAGE_ID, "Benchmark Page")
    author = Author("880000000000099", "Invented Person")
    begun, under = now() - timedelta(days=3), ""
    for number, text in enumerate(posts(COUNT)):
        created = begun + timedelta(seconds=number)
        if number % (A_POST + 1) == 0:
            under = page.add(text, created=created)
        else:
            page.add(text, author, under=under, created=created)
    graph = Graph(page)
    graph.grant(TOKEN)
    return graph


def _collect(store: Store, url: str) -> None:
    connector = registry.get("facebook").connect(
        {"page_id": PAGE_ID, "base_url": url}, lambda name: TOKEN if name == "token" else ""
    )
    with store.write() as session:
        source = register_source(
            session, name="page", connector="facebook", label="Page", audience=Audience.PUBLIC
        )
        session.commit()
        source_id = source.id
    while not poll(store, source_id, connector).finished:
        pass


def _read(store: Store) -> None:
    organisation = Organisation(name="Benchmark")
    every, policy = detectors(organisation), load_policy(None)
    while read := classify_new(store, every):
        file_posts(store, policy, read, organisation)
