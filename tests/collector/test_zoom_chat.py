"""Saved Zoom chats: both layouts, private lines, and the day they stand for."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from collector.connectors.registry import get

LOCAL = (
    "15:03:12 From  Amy Pond  to  Everyone:\n\tHello all\r\n\tsecond line\n"
    "15:03:13 From Jo to Amy Pond(Direct Message): just for you\n"
    "15:03:13 From Jo to Everyone : same\n15:03:13 From Jo to Everyone : same\n"
)
CLOUD = "00:15:23\tAmy Pond:\tHello\n00:15:24\t Jo : \tno tab\n00:15:25\tJo:\tBye\n"


def read(folder: Path) -> list[Any]:
    source = get("zoom_chat").connect({"path": str(folder)}, lambda _: "")
    return [one for batch in source.fetch(None) for one in batch.posts]


def test_a_chat_that_a_host_saved(tmp_path: Path) -> None:
    (tmp_path / "2026-07-15 tap.txt").write_text(LOCAL)
    posts = read(tmp_path)
    assert [one.text for one in posts] == ["Hello all\nsecond line", "just for you", "same", "same"]
    assert posts[0].posted_at == datetime(2026, 7, 15, 14, 3, 12, tzinfo=UTC)
    assert (posts[0].author_name, posts[0].note) == ("Amy Pond", "")
    assert posts[1].note == "Written to Amy Pond(Direct Message) alone."
    assert len({one.native_id for one in posts}) == 4
    (tmp_path / "2026-07-15 again.txt").write_text(LOCAL)
    assert len({one.native_id for one in read(tmp_path)}) == 4


def test_a_chat_beside_a_recording_without_a_day(tmp_path: Path) -> None:
    (tmp_path / "chat.txt").write_text(CLOUD)
    posts = read(tmp_path)
    assert [one.text for one in posts][-1] == "Bye"
    assert "saved" in posts[0].note


def test_a_line_that_gives_its_own_day(tmp_path: Path) -> None:
    (tmp_path / "chat.txt").write_text("2026-01-15 15:03:12 From Amy to Everyone:\n\tHi\n")
    (post,) = read(tmp_path)
    assert post.posted_at == datetime(2026, 1, 15, 15, 3, 12, tzinfo=UTC) and post.note == ""
