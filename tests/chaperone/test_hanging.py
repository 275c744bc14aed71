"""Many sources that hang at once, on real sockets, hold up none of the others."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import select

from chaperone import engine
from chaperone.settings import load
from chaperone.wiring import House
from collector.connectors import web
from collector.sandbox.loopback import Call, LoopbackServer, Reply
from collector.sandbox.telegram import TelegramBot
from models.tables import Source

HANG = range(8)
WELL = range(8, 11)
AT_ONCE = 3
"""More hang than one worker reads at a time, in either lane."""

HANGS_FOR, LATE = 2.0, 3.0
"""Seconds until we give up on one; and how late a look that is due each second may come. In one
queue together the eight would keep all three places for five seconds, again and again."""


@pytest.fixture
def platform() -> Iterator[str]:
    """A stand-in for Telegram at which some bots are never answered."""
    bots = {_token(number): TelegramBot(_token(number)) for number in WELL}
    over = Event()

    def answer(call: Call) -> Reply:
        token = call.path.split("/")[1].removeprefix("bot")
        if token not in bots:
            over.wait(60)
            return Reply(503, b"")
        return bots[token].answer(call)

    with LoopbackServer(answer) as server:
        yield server.url
        over.set()


def _token(number: int) -> str:
    return f"{100000 + number}:AtestTokenOfABot"


def _house(folder: Path, url: str) -> House:
    lines = ['[organisation]\nname = "Brackwater School of Dance"']
    for number in (*HANG, *WELL):
        token = folder / f"token{number}"
        token.write_text(_token(number))
        token.chmod(0o600)
        lines.append(
            f'[sources.s{number}]\nconnector = "telegram"\naudience = "adult_only"\n'
            f'poll_every = "1 second"\nchat_ids = ["-1001234567890"]\n'
            f'base_url = "{url}"\ntoken_file = "token{number}"'
        )
    path = folder / "config.toml"
    path.write_text("\n\n".join(lines), encoding="utf-8")
    house = House(load(path))
    house.prepare()
    return house


def _looks(house: House) -> tuple[dict[str, object], int]:
    """When each of the well was looked at last, and how many of the hanging were given up on."""
    with house.store.read() as session:
        rows = session.execute(
            select(Source.name, Source.last_success_at, Source.blind_since)
        ).all()
    well = {f"s{number}" for number in WELL}
    last = {name: at for name, at, _ in rows if name in well}
    return last, sum(blind is not None for name, _, blind in rows if name not in well)


def test_those_that_hang_wait_for_one_another_alone(
    tmp_path: Path, platform: str, at_work, until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "TIMEOUT", (HANGS_FOR, HANGS_FOR))
    later = web.WebClient.later
    soon = timedelta(seconds=1)  # so that they hang again and again
    monkeypatch.setattr(web.WebClient, "later", lambda one, what, *_: later(one, what, soon))
    monkeypatch.setattr(engine, "POLLS_AT_ONCE", AT_ONCE)
    monkeypatch.setattr(engine, "SLOW_POLLS_AT_ONCE", AT_ONCE)
    house = _house(tmp_path, platform)
    try:
        with at_work(house):
            until(lambda: _looks(house)[1] == len(HANG))  # each has hung once
            longest = _longest(house, 6.0)
    finally:
        house.close()
    assert longest < LATE, longest


def _longest(house: House, seconds: float) -> float:
    """The longest that one of the well waited for a look, in that many seconds."""
    began = time.monotonic()
    seen = dict.fromkeys(_looks(house)[0], began)
    last, longest = _looks(house)[0], 0.0
    while (at := time.monotonic()) - began < seconds:
        now_last, _ = _looks(house)
        for name, moment in now_last.items():
            longest = max(longest, at - seen[name])
            if moment != last[name]:
                seen[name] = at
        last = now_last
        time.sleep(0.1)
    return longest
