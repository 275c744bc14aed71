"""A school with a Page on the stand-in platform, its settings in a file, and a lead who decides."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from casework import decisions
from chaperone import sweep as sweep_module
from chaperone.settings import load
from chaperone.sweep import Sweep
from chaperone.wiring import House
from chaperone.worker import Worker
from collector.sandbox.graph import ALL, Graph
from collector.sandbox.page import Author, Line, Page
from collector.sandbox.server import GraphServer
from models.tables import Action, Item, Person, Revision
from models.vocabulary import ActionState, DecisionKind, Role, Viewer, now

PAGE = "900100200300400"


def wait_for(condition: Callable[[], object], seconds: float = 20.0) -> float:
    """Until it holds; how long that took. Fails with what was waited for."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"never came: {condition.__name__}"
        time.sleep(0.05)
    return time.monotonic() - began


@dataclass
class School:
    """The Page, the graph in front of it, and a folder with the settings."""

    folder: Path
    page: Page
    graph: Graph
    url: str
    database_url: str = "sqlite:///data/chaperone.sqlite"
    more: str = ""
    houses: list[House] = field(default_factory=list)

    def settings_file(self) -> Path:
        path = self.folder / "config.toml"
        path.write_text(f"""
            [organisation]
            name = "Brackwater School of Dance"
            [database]
            url = "{self.database_url}"
            [sources.page]
            connector = "facebook"
            audience = "public"
            poll_every = "1 second"
            page_id = "{PAGE}"
            base_url = "{self.url}"
            token_file = "token"
            {self.more}
        """)
        return path

    def house(self) -> House:
        house = House(load(self.settings_file()))
        house.prepare()
        self.houses.append(house)
        return house


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    """A Page with a post, and a comment under it that gives a telephone number away."""
    pat = Author("10203040", "Pat Example")
    page = Page(PAGE, "Brackwater School of Dance")
    page.play(
        [
            Line("post", timedelta(hours=-2), "Our show is in May."),
            Line("number", timedelta(hours=-1), "Ring me on 07700 900123", pat, under="post"),
            Line("kind", timedelta(hours=-1), "Lovely, well done all", pat, under="post"),
        ]
    )
    token = tmp_path / "token"
    token.write_text("a-token")
    token.chmod(0o600)
    graph = Graph(page, tokens={"a-token": ALL})
    with GraphServer(graph) as server:
        school = School(tmp_path, page, graph, server.url)
        yield school
        for house in school.houses:
            house.close()


@contextmanager
def working(house: House, name: str = "main") -> Iterator[Worker]:
    """A worker at work in a thread of the test, stopped in good order afterwards."""
    worker, stop, failed = Worker(house, name), threading.Event(), []

    def run() -> None:
        try:
            worker.run(stop)
        except BaseException as error:
            failed.append(error)
            raise

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield worker
    finally:
        stop.set()
        thread.join(40)
    assert not failed
    assert not thread.is_alive(), "the worker stops when it is asked to"


@pytest.fixture
def at_work() -> Callable[..., object]:
    """`with at_work(house): ...` runs a worker meanwhile."""
    return working


@pytest.fixture
def until() -> Callable[..., float]:
    """`until(condition, seconds)` waits, and fails where it never comes."""
    return wait_for


class Desk:
    """A lead at the desk of a house."""

    def __init__(self, house: House) -> None:
        self.store = house.store
        with self.store.write() as session:
            person = session.scalar(select(Person).where(Person.username == "lena"))
            if person is None:
                person = Person(
                    username="lena",
                    name="Lena Example",
                    email="lena@example.org",
                    roles=["lead"],
                    created_at=now(),
                )
                session.add(person)
                session.commit()
        self.viewer = Viewer(person.id, person.name, frozenset({Role.LEAD}))

    def items(self) -> list[int]:
        with self.store.read() as session:
            return list(session.scalars(select(Item.id)))

    def remove(self, item_id: int) -> int:
        """Decide that it goes. Returns the action's id."""
        with self.store.read() as session:
            item = session.get_one(Item, item_id)
            revision = session.get_one(Revision, item.revision_id)
        choice = decisions.Choice(
            item_id,
            revision.id,
            revision.text_hash,
            item.version,
            DecisionKind.REMOVE,
            "personal_details",
            "It gives a number away.",
        )
        action = decisions.decide(self.store, self.viewer, choice).action_id
        assert action is not None
        return action

    def state(self, action_id: int) -> ActionState:
        with self.store.read() as session:
            return session.get_one(Action, action_id).state


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[[House], list[tuple[str, str, str]]]:
    """`asked(house)`: queue, workflow and id of all that one look of the sweep asks for."""

    def look(house: House) -> list[tuple[str, str, str]]:
        wanted: list[tuple[str, str, str]] = []
        monkeypatch.setattr(
            sweep_module.engine,
            "enqueue",
            lambda queue, workflow, id_, *_args, **_more: wanted.append((queue, workflow, id_)),
        )
        Sweep(house)()
        return wanted

    return look


@pytest.fixture
def desk() -> type[Desk]:
    """`desk(house)`: a lead who decides."""
    return Desk
