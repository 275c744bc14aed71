"""Brackwater School of Dance: an invented school's Page for the demonstration and for tests.

Most of it is what families write every day; some of it is what Chaperone is there for. Nobody in
it exists. The posts are in dance_school.toml; the adult group's exported chat is a file beside.
"""

import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from collector.sandbox.graph import Graph
from collector.sandbox.page import Author, Line, Page
from models.vocabulary import now

SCHOOL = "Brackwater School of Dance"
PAGE_ID = "900100200300400"
TOKEN = "sandbox-page-token"  # noqa: S105  it opens nothing but the sandbox
CHAT_LABEL = "Brackwater adult tap"


def dance_school(*, clock: Callable[[], datetime] = now, kept: Path | None = None) -> Graph:
    """The Graph API of the school's Page, with TOKEN let in.

    kept: a JSON file, so that what was removed stays removed when the demonstration starts again.
    """
    page = Page(PAGE_ID, SCHOOL, clock=clock, kept=kept)
    page.play(script())
    graph = Graph(page)
    graph.grant(TOKEN)
    return graph


def script() -> tuple[Line, ...]:
    """Every line, in the order in which it appears."""
    told = tomllib.loads(_file("dance_school.toml"))
    people = {
        key: Author(str(880_000_000_000_001 + number), name)
        for number, (key, name) in enumerate(told["people"].items())
    }
    lines = [_line(raw, people) for raw in told["line"]]
    return tuple(sorted(lines, key=lambda line: line.at))


def adult_tap_chat() -> str:
    """An exported WhatsApp chat (Android, United Kingdom) of an adults' group, as text."""
    return _file("adult_tap_group.txt")


def adult_tap_chat_file(into: Path) -> Path:
    """A copy of the chat as WhatsApp names it, in that folder. Returns its path."""
    path = into / f"WhatsApp Chat with {CHAT_LABEL}.txt"
    with as_file(files("collector.sandbox") / "adult_tap_group.txt") as source:
        path.write_bytes(source.read_bytes())
    return path


def _line(raw: Mapping[str, Any], people: Mapping[str, Author]) -> Line:
    if "seconds" in raw:
        at = timedelta(seconds=raw["seconds"])
    else:
        at = -timedelta(minutes=raw["minutes"])
    return Line(
        key=raw["key"],
        at=at,
        text=raw["text"],
        author=people[raw["by"]] if "by" in raw else None,
        under=raw.get("under", ""),
        reply_to=raw.get("to", ""),
        photos=raw.get("photos", 0),
    )


def _file(name: str) -> str:
    return (files("collector.sandbox") / name).read_text(encoding="utf-8")
