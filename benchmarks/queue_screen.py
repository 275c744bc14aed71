"""The queue with 100,000 posts stored and 10,000 waiting: how soon its screen answers.

Measured twice: the reading alone, as the screen asks for it, and the whole screen in a real
Chromium, from the click on a page number until the other page's cards stand.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from socket import socket

import pyotp
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import insert

from benchmarks.figures import Figure
from benchmarks.texts import posts
from casework import invites, people, queue, sessions
from casework.queue import Filters, file_posts
from classifier.policy import load_policy
from collector.polling import register_source
from collector.storing import text_hash
from dashboard.gate import COOKIE
from models.schema import upgrade
from models.tables import FindingRow, Post, Revision
from models.unit_of_work import Store
from models.vocabulary import (
    Audience,
    AuthorRole,
    Category,
    Organisation,
    PostKind,
    Presence,
    Role,
    Viewer,
    now,
)

STORED = 100_000
WAITING = 10_000
PROMISE = 300.0
TIMES = 15
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PASSWORD = "seven quiet otters knit"


def measure() -> Iterator[Figure]:
    """Yields milliseconds: medians and the slowest of several."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'benchmark.sqlite'}")
        upgrade(store)
        _fill(store)
        monitor, token = _monitor(store)
        taken = [_timed(lambda: _read(store, monitor)) for _ in range(TIMES)]
        yield Figure("queue, reading alone (median)", statistics.median(taken), PROMISE, "ms")
        yield Figure("queue, reading alone (slowest)", max(taken), PROMISE, "ms")
        with _web(Path(folder)) as address:
            drawn = _in_a_browser(address, token)
        yield Figure("queue screen in Chromium (median)", statistics.median(drawn), PROMISE, "ms")
        yield Figure("queue screen in Chromium (slowest)", max(drawn), PROMISE, "ms")
        store.close()


def _timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def _read(store: Store, monitor: Viewer) -> None:
    with store.read() as session:
        queue.page(session, monitor, Filters())
        queue.counts(session, monitor)
        queue.places(session, monitor)


def _fill(store: Store) -> None:
    """Everything stored; every tenth post flagged and filed by the product's own policy."""
    moment = now()
    with store.write() as session:
        source = register_source(
            session, name="page", connector="paste", label="Page", audience=Audience.PUBLIC
        )
        session.flush()
        rows, revisions, findings = [], [], []
        for number, text in enumerate(posts(STORED, flagged_share=0), start=1):
            posted = moment - timedelta(minutes=STORED - number)
            rows.append(_post(number, source.id, posted))
            revisions.append({"id": number, "post_id": number, "number": 1, "text": text,
                              "text_hash": text_hash(text), "seen_at": posted,
                              "classified_at": moment, "unchecked": ""})  # fmt: skip
            if number % (STORED // WAITING) == 0:
                findings.append(_finding(number))
        session.execute(insert(Post), rows)
        session.execute(insert(Revision), revisions)
        session.execute(insert(FindingRow), findings)
        session.commit()
    flagged = [number for number in range(1, STORED + 1) if number % (STORED // WAITING) == 0]
    file_posts(store, load_policy(None), flagged, Organisation("Benchmark"))


def _finding(number: int) -> dict[str, object]:
    return {
        "revision_id": number,
        "category": Category.PII_PHONE,
        "score": 0.99,
        "start": 0,
        "end": 5,
        "because": "It reads like a phone number.",
        "detector": "benchmark",
        "version": "1",
    }


def _post(number: int, source_id: int, posted: object) -> dict[str, object]:
    return {"id": number, "source_id": source_id, "native_id": str(number),
            "kind": PostKind.COMMENT, "author_id": str(number % 500),
            "author_name": f"Person {number % 500}", "author_role": AuthorRole.UNKNOWN,
            "thread_id": str(number // 20), "posted_at": posted, "first_seen_at": posted,
            "last_seen_at": posted, "presence": Presence.PRESENT, "gone_by": "",
            "media_count": 0, "note": "", "revision_id": number}  # fmt: skip


def _monitor(store: Store) -> tuple[Viewer, str]:
    """A signed-in monitor and the session's cookie."""
    person_id = people.create_person(
        store, None, username="monitor", name="Mo Monitor", roles=frozenset({Role.MONITOR})
    )
    link = invites.invite(store, person_id)
    secret = invites.open_invite(store, link).secret
    invites.accept_invite(store, link, PASSWORD, pyotp.TOTP(secret).now())
    time.sleep(30 - time.time() % 30 + 1)  # a code is good once
    token = sessions.sign_in(store, "monitor", PASSWORD, pyotp.TOTP(secret).now())
    viewer = sessions.viewer_for(store, token)
    if viewer is None:
        raise RuntimeError("the monitor could not sign in")
    return viewer, token


@contextmanager
def _web(folder: Path) -> Iterator[str]:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = folder / "config.toml"
    config.write_text(
        f'[organisation]\nname = "Benchmark"\n[database]\nurl = "sqlite:///{folder}/benchmark.sqlite"\n'
        '[sources.page]\nconnector = "paste"\nlabel = "Page"\naudience = "public"\n'
    )
    command = [sys.executable, "-m", "dashboard.server", "--config", str(config)]
    process = subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _in_a_browser(address: str, token: str) -> list[float]:
    """Milliseconds from the click to the next page's first card, `TIMES` times."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        context = chromium.new_context(viewport={"width": 1400, "height": 900})
        context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        page = context.new_page()
        _arrive(page, address)
        taken = [_timed(lambda: _turn(page)) for _ in range(TIMES)]
        chromium.close()
    return taken


def _arrive(page: Page, address: str) -> None:
    for _ in range(120):
        try:
            page.goto(f"{address}/queue")
            break
        except PlaywrightError:  # the server is still starting
            time.sleep(0.5)
    page.get_by_role("button", name="Next page").wait_for(timeout=60_000)


def _turn(page: Page) -> None:
    """Click for the next page; done when its own number stands."""
    before = page.locator("[data-testid=stMain]").inner_text()
    page.get_by_role("button", name="Next page").click()
    page.wait_for_function(
        "before => document.querySelector('[data-testid=stMain]').innerText !== before", arg=before
    )
