"""Whole journeys: a stand-in for Facebook, the real worker and web processes, a real Chromium."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from casework import invites, people
from chaperone.settings import load
from chaperone.wiring import House
from collector.sandbox.graph import ALL, Graph
from collector.sandbox.page import Author, Line
from collector.sandbox.page import Page as SocialPage
from collector.sandbox.server import GraphServer
from models.tables import Person
from models.vocabulary import Role

PAGE_ID = "900100200300400"
TOKEN = "a-token"
PASSWORD = "seven quiet otters knit"
PHONE = (
    "Could someone ring me about lifts on Thursday? My mobile is 07700 900471, after six is best."
)
TELLS = "I do not feel safe with my uncle, please can somebody talk to me after class."
HARMLESS = "Five six seven eight, see you all on Monday at the studio."

CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Resident:
    """Somebody with an account."""

    id: int
    username: str
    secret: str


@dataclass
class Town:
    """Everything that runs: the house, its address, the platform's address."""

    house: House
    web: str
    platform: str
    config: Path

    def resident(self, name: str, *roles: Role) -> Resident:
        """A new account, set up through its invitation."""
        username = name.lower().replace(" ", ".")
        store = self.house.store
        person_id = people.create_person(
            store, None, username=username, name=name, email=f"{username}@example.org", roles=roles
        )
        token = invites.invite(store, person_id)
        secret = invites.open_invite(store, token).secret
        before = int(time.time()) // 30 - 1
        invites.accept_invite(store, token, PASSWORD, str(pyotp.TOTP(secret).generate_otp(before)))
        return Resident(person_id, username, secret)

    def code(self, who: Resident) -> str:
        """A code that was not used yet."""
        with self.house.store.read() as session:
            last = session.get_one(Person, who.id).totp_last_step
        while True:
            present = int(time.time()) // 30
            for step in (present, present + 1):
                if step > last:
                    return str(pyotp.TOTP(who.secret).generate_otp(step))
            time.sleep(0.2)

    def served(self, native_id: str) -> bool:
        """Whether the platform still serves the comment to anybody who asks."""
        answer = httpx.get(
            f"{self.platform}/v25.0/{native_id}",
            params={"access_token": TOKEN, "fields": "id,message"},
        )
        return answer.status_code == 200 and answer.json().get("id") == native_id

    def chaperone(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """The command line over the same house."""
        return subprocess.run(
            [sys.executable, "-m", "chaperone.cli", *arguments, "--config", str(self.config)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _lines() -> list[Line]:
    gwenda, wren, bram = Author("10", "Gwenda Lark"), Author("20", "wren.k"), Author("30", "Bram T")
    return [
        Line("post", timedelta(hours=-3), "New term, new timetable. Doors open at six."),
        Line("lift", timedelta(hours=-2), PHONE, gwenda, under="post"),
        Line("tells", timedelta(hours=-1), TELLS, wren, under="post"),
        Line("fine", timedelta(minutes=-50), HARMLESS, bram, under="post"),
    ]


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The stand-in, `chaperone worker` and `chaperone web`, each as it runs for an organisation."""
    folder = tmp_path_factory.mktemp("town")
    page = SocialPage(PAGE_ID, "Larkspur Dance School")
    page.play(_lines())
    port = _free_port()
    config = folder / "config.toml"
    with GraphServer(Graph(page, tokens={TOKEN: ALL})) as platform:
        (folder / "token").write_text(TOKEN)
        (folder / "token").chmod(0o600)
        config.write_text(
            f"""
            [organisation]
            name = "Larkspur Dance School"
            lead_name = "Morgan Vale"
            [web]
            port = {port}
            [sources.page]
            connector = "facebook"
            label = "Larkspur page"
            audience = "mixed"
            page_id = "{PAGE_ID}"
            base_url = "{platform.url}"
            token_file = "token"
            """,
            encoding="utf-8",
        )
        with _running(config, port, platform.url) as here:
            yield here


@pytest.fixture(scope="session")
def settle() -> Callable[[Path, int, str], AbstractContextManager[Town]]:
    """For journeys with places of their own: `with settle(config, port, platform_url) as town`."""
    return _running


@contextmanager
def _running(config: Path, port: int, platform: str) -> Iterator[Town]:
    """`chaperone worker` and `chaperone web` with these settings, until the block ends."""
    house = House(load(config))
    house.prepare()
    command = [sys.executable, "-m", "chaperone.cli"]
    environment = {**os.environ, "PYTHONWARNINGS": "default"}
    running = [
        subprocess.Popen([*command, name, "--config", str(config)], env=environment)
        for name in ("worker", "web")
    ]
    web = f"http://127.0.0.1:{port}"
    _wait_for(lambda: _answers(web), 120, "the web pages")  # two towns start at once here
    yield Town(house, web, platform, config)
    for process in running:
        _stop(process)
    house.close()


def _answers(web: str) -> bool:
    try:
        return httpx.get(f"{web}/healthz").text == "ok"
    except httpx.TransportError:
        return False


def _wait_for(done: Callable[[], bool], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, f"{what} did not come in {seconds} s"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real Chromium; without one the journeys are skipped, under CI they fail."""
    program = shutil.which("chromium")
    if program is None:
        reason = "Chromium is not installed (apt install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    expect.set_options(timeout=20_000)  # two cores also run the other tests
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM))
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Browser, town: Town) -> Iterator[Callable[[], Page]]:
    """A fresh browser window without any cookie. Nothing it loads may come from elsewhere."""
    opened: list[BrowserContext] = []
    elsewhere: list[str] = []

    def fresh() -> Page:
        opened.append(chromium.new_context(base_url=town.web))
        page = opened[-1].new_page()
        page.set_default_timeout(20_000)
        ours = (town.web, "data:", "blob:")
        page.on(
            "request",
            lambda asked: None if asked.url.startswith(ours) else elsewhere.append(asked.url),
        )
        return page

    yield fresh
    for each in opened:
        each.close()
    assert not elsewhere, "a page asked somebody else"


@pytest.fixture
def sign_in(town: Town, window: Callable[[], Page]) -> Callable[[Resident], Page]:
    """A window in which this person has signed in by the form."""

    def signed_in(who: Resident) -> Page:
        page = window()
        page.goto("/")
        page.get_by_label("User name").fill(who.username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_label("Code from your authenticator app").fill(town.code(who))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_selector("h1")
        return page

    return signed_in
