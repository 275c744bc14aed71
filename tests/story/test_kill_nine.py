"""The worker is killed with SIGKILL at random moments between a decision and its receipt.

Fifty times, on a real worker process and a real platform stand-in over HTTP. Afterwards every
removal is confirmed, none is lost, and none was carried out twice in effect.
"""

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import func, select

from casework import audit, decisions
from casework.filing import report_post
from chaperone.settings import load
from chaperone.wiring import House
from chaperone.worker import work
from collector.polling import poll
from collector.sandbox.graph import ALL, Graph
from collector.sandbox.page import Author, Line, Page
from collector.sandbox.server import GraphServer
from models.tables import Action, Audit, Evidence, Item, Person, Post, Revision, Source
from models.vocabulary import ActionState, DecisionKind, Role, Viewer, now

KILLS = 50
COMMENTS = 160
PAGE = "900100200300400"
SEED = 20261121
PATIENCE = 30.0
"""Seconds that the last removals may take once nobody kills any more."""


class CountingPage(Page):
    """Counts how often each thing was taken away in effect, and answers as slowly as a platform."""

    def __init__(self) -> None:
        super().__init__(PAGE, "Riverside Dance School")
        self.taken: Counter[str] = Counter()
        self.random = random.Random(SEED)
        self.reached = Event()

    def change(self, entry_id: str, **marks: str | bool) -> None:
        self.reached.set()
        time.sleep(self.random.uniform(0.0, 0.08))  # the request is on its way
        super().change(entry_id, **marks)
        if marks.get("deleted"):
            self.taken[entry_id] += 1
        time.sleep(self.random.uniform(0.0, 0.08))  # the answer is on its way back


@pytest.fixture
def page() -> CountingPage:
    pat = Author("10203040", "Pat Example")
    page = CountingPage()
    comments = [
        Line(f"c{number}", timedelta(minutes=-60), f"Spam number {number}", pat, under="post")
        for number in range(COMMENTS)
    ]
    page.play([Line("post", timedelta(hours=-2), "Our show is in May."), *comments])
    return page


@pytest.fixture
def house(page: CountingPage, tmp_path: Path) -> Iterator[House]:
    with GraphServer(Graph(page, tokens={"a-token": ALL})) as server:
        token = tmp_path / "token"
        token.write_text("a-token")
        token.chmod(0o600)
        (tmp_path / "config.toml").write_text(f"""
            [organisation]
            name = "Riverside Dance School"
            [sources.page]
            connector = "facebook"
            audience = "public"
            poll_every = "1 hour"
            page_id = "{PAGE}"
            base_url = "{server.url}"
            token_file = "token"
        """)
        house = House(load(tmp_path / "config.toml"))
        house.prepare()
        yield house
        house.close()


class Desk:
    """A lead who decides, one removal after another."""

    def __init__(self, house: House) -> None:
        self.store = house.store
        with self.store.write() as session:
            person = Person(username="lead", name="Lee Example", roles=["lead"], created_at=now())
            session.add(person)
            source = session.scalars(select(Source)).one()
            session.commit()
        self.lead = Viewer(person.id, person.name, frozenset({Role.LEAD}))
        poll(self.store, source.id, house.connector("page"))
        with self.store.write() as session:  # nobody needs to read these posts in this test
            for revision in session.scalars(select(Revision)):
                revision.classified_at = now()
            session.commit()
        with self.store.read() as session:
            wanted = select(Post.id).where(Post.parent_id.is_not(None)).order_by(Post.id)
            self.posts = iter(session.scalars(wanted).all())

    def remove_one(self) -> int:
        """Report the next comment and decide that it goes. Returns the action's id."""
        item_id = report_post(self.store, self.lead, next(self.posts), "Advertising again.")
        with self.store.read() as session:
            item = session.get_one(Item, item_id)
            revision = session.get_one(Revision, item.revision_id)
        choice = decisions.Choice(
            item_id,
            revision.id,
            revision.text_hash,
            item.version,
            DecisionKind.REMOVE,
            "off_topic",
            "It is an advertisement.",
        )
        action = decisions.decide(self.store, self.lead, choice).action_id
        assert action is not None
        return action

    def unfinished(self) -> int:
        with self.store.read() as session:
            open_ = select(func.count()).where(Action.state != ActionState.CONFIRMED)
            return session.scalar(open_) or 0


@pytest.mark.slow
@pytest.mark.usefixtures("plain_main")
def test_no_removal_is_lost_or_done_twice(house: House, page: CountingPage) -> None:
    desk, chance = Desk(house), random.Random(SEED)
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["chaperone.worker", "collector.connectors.facebook"])

    def start() -> ForkServerProcess:
        worker = processes.Process(target=work, args=(house.settings.file,), daemon=True)
        worker.start()
        return worker

    worker, kills, decided = start(), 0, 0
    while kills < KILLS:
        page.reached.clear()
        desk.remove_one()
        decided += 1
        if kills % 2:  # any moment from the decision on
            time.sleep(chance.uniform(0.0, 1.2))
        else:  # while the platform is at it, and just after
            page.reached.wait(10)
            time.sleep(chance.uniform(0.0, 0.3))
        if desk.unfinished():
            worker.kill()
            worker.join()
            kills += 1
            worker = start()

    deadline = time.monotonic() + PATIENCE
    while desk.unfinished() and time.monotonic() < deadline:
        time.sleep(0.1)
    worker.terminate()
    worker.join()

    assert worker.exitcode == 0, "a worker that is asked to stop ends in good order"
    assert desk.unfinished() == 0, "every removal ends confirmed"
    assert len(page.taken) == decided, "none is lost"
    assert set(page.taken.values()) == {1}, "none is done twice in effect"
    with house.store.read() as session:
        assert session.scalar(select(func.count(Evidence.id))) == decided
        confirmed = select(func.count(Audit.id)).where(Audit.what == "action.confirmed")
        assert session.scalar(confirmed) == decided, "the record tells each once"
        assert audit.verify(session).broken_at is None
