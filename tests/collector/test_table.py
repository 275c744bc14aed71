"""Importing CSV and JSON lines: columns, encodings, rejects, a count that adds up."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.connector import PlatformAction
from collector.connectors.registry import get
from collector.connectors.table import Table, read_table
from models.errors import MendInput, MendSettings, NeedsOperator, Refused
from models.vocabulary import AuthorRole, PostKind, Presence, Verb

FULL = (
    "id,text,posted_at,author,author_role,thread,parent,link,kind\n"
    '7,"hi, all",2026-03-01T18:30,Amy,member,5,6,https://example.org/p/7,comment\n'
)


def read(folder: Path, content: str | bytes, name: str = "posts.csv") -> Table:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    table = read_table(path)
    assert table.rows == len(table.posts) + len(table.rejects) + table.repeats
    return table


def refused(folder: Path, content: str | bytes, name: str = "posts.csv") -> str:
    with pytest.raises(MendInput) as caught:
        read(folder, content, name)
    assert caught.value.subject == name and caught.value.cure
    return f"{caught.value.what} {caught.value.cure}"


def test_every_column_is_read(tmp_path: Path) -> None:
    (post,) = read(tmp_path, FULL).posts
    assert (post.native_id, post.text, post.kind) == ("7", "hi, all", PostKind.COMMENT)
    assert post.posted_at == datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
    assert (post.author_name, post.author_role) == ("Amy", AuthorRole.MEMBER)
    assert (post.thread_id, post.parent_id) == ("5", "6")
    assert post.permalink == "https://example.org/p/7"


def test_json_lines_say_the_same(tmp_path: Path) -> None:
    said = next(csv.DictReader(FULL.splitlines()))
    line = json.dumps({**said, "id": 7})
    assert read(tmp_path, line, "posts.jsonl").posts == read(tmp_path, FULL).posts


def test_text_alone_is_enough_and_ids_are_stable(tmp_path: Path) -> None:
    first = read(tmp_path, "text\nhello\nhello\nbye\n")
    again = read(tmp_path, "author,text\n,bye\n,hello\n")
    assert {p.native_id for p in first.posts} == {p.native_id for p in again.posts}
    assert first.repeats == 1 and "no time" in first.posts[0].note


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("txet\nhi\n", 'Did you mean "text"?'),
        ("text,autor\nhi,x\n", 'Did you mean "author"?'),
        ("id,author\n1,x\n", "no column named text"),
        ("text,text\na,b\n", "there twice"),
        ("", "empty"),
        ('text\n"never closed\nmore\nlast\n', "Row 1 has a quotation mark"),
        ("text\n" + "x" * 2_000_001 + "\n", "Row 1 has a cell longer"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, content: str, word: str) -> None:
    assert word in refused(tmp_path, content)


def test_an_unknown_key_in_json_lines_is_an_error(tmp_path: Path) -> None:
    assert 'Did you mean "link"?' in refused(tmp_path, '{"text":"a","lnik":"b"}', "a.jsonl")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("1,,2026-03-01,,,,", "no text"),
        ("1,hi,yesterday,,,,", "posted_at is not a time"),
        ("1,hi,0001-01-01,,,,", "posted_at"),
        ("1,hi,2999-01-01,,,,", "in the future"),
        ("1,hi,,teacher,,,", "author_role is none of"),
        ("1,hi,,,javascript:alert(1),,", "link is not"),
        ("1,hi,,,http://a:b@example.org/,,", "link is not"),
        ("1,hi,,,https://[bad,,", "link is not"),
        ("1,hi,,,,tweet,", "kind is none of"),
        ("1,hi", "2 cells; the heading has 7"),
        ("1,hi,,,,,,,", "9 cells; the heading has 7"),
        (",,,,,,", "no text"),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_taken(tmp_path: Path, row: str, why: str) -> None:
    table = read(
        tmp_path,
        f"id,text,posted_at,author_role,link,kind,author\n2,fine,,,,,\n\n{row}\n3,good,,,,,\n",
    )
    (reject,) = table.rejects
    assert reject.row == 2 and why in reject.why
    assert [post.text for post in table.posts] == ["fine", "good"]


def test_the_same_id_with_other_words_is_rejected(tmp_path: Path) -> None:
    table = read(tmp_path, "id,text,posted_at\n1,a,2026-01-01\n1,b,2026-01-01\n1,a,2026-01-01\n")
    assert [reject.row for reject in table.rejects] == [2] and table.repeats == 1


def test_bad_json_rows_are_named(tmp_path: Path) -> None:
    lines = ['{"text":"ok"}', "{", "[1]", '{"text":["x"]}', '{"text":"b","author":null}']
    table = read(tmp_path, "\n".join([*lines, "[" * 100_000]), "a.ndjson")
    assert [reject.row for reject in table.rejects] == [2, 3, 4, 6] and len(table.posts) == 2


def test_a_megabyte_cell_a_line_break_and_a_nul_are_read(tmp_path: Path) -> None:
    table = read(tmp_path, 'text\n"two\nlines"\n' + "x" * 1_000_000 + "\na\x00b\n")
    assert [len(post.text) for post in table.posts] == [9, 1_000_000, 3]
    assert table.posts[2].text == "a\ufffdb" and "NUL" in table.notes[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    table = read(tmp_path, "text;author\r\ncafé;Zoë\r\n".encode(encoding))
    assert (table.posts[0].text, table.posts[0].author_name) == ("café", "Zoë")
    assert bool(table.notes) is (encoding == "cp1252")


def test_other_kinds_of_file_are_refused(tmp_path: Path) -> None:
    assert "UTF-16" in refused(tmp_path, "text\nhi\n".encode("utf-16"))
    assert "spreadsheet" in refused(tmp_path, b"PK\x03\x04....")
    assert "neither" in refused(tmp_path, b"text\n\x81\x8d\xff\n")
    with pytest.raises(MendInput):
        read_table(tmp_path / "absent.csv")


CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=12))
def test_any_rows_add_up(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    path = tmp_path_factory.mktemp("t") / "posts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["text", "author"], *rows])
    table = read_table(path)
    assert table.rows == len(table.posts) + len(table.rejects) + table.repeats == len(rows)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.jsonl"]))
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes, name: str
) -> None:
    path = tmp_path_factory.mktemp("t") / name
    path.write_bytes((b"text\n" if name.endswith("csv") else b"") + raw)
    try:
        table = read_table(path)
    except MendInput:
        return
    assert table.rows == len(table.posts) + len(table.rejects) + table.repeats


def test_a_watched_folder(tmp_path: Path) -> None:
    connector = get("csv").connect({"path": str(tmp_path)}, lambda name: "")
    assert [batch.posts for batch in connector.fetch(None)] == [()]
    rows = "".join(f"{n},post {n}\n" for n in range(1200))
    (tmp_path / "a.csv").write_text(f"id,text\n{rows}x,\n")
    (tmp_path / "b.csv").write_text("nonsense\n1\n")
    first = next(iter(connector.fetch(None)))
    assert len(first.posts) == 500
    found: list[str] = [post.native_id for post in first.posts]
    cursor = first.cursor
    with pytest.raises(NeedsOperator) as caught:
        for batch in connector.fetch(cursor):
            found += [post.native_id for post in batch.posts]
            cursor, notes = batch.cursor, batch.notes
    assert caught.value.subject == "b.csv"
    assert len(found) == len(set(found)) == 1200
    assert notes[0] == "a.csv: 1,200 posts were read."
    assert "Of 1,201 rows 1,200 were taken" in notes[1] and "Row 1,201" in notes[2]
    (tmp_path / "b.csv").unlink()
    assert sum(len(batch.posts) for batch in connector.fetch(cursor)) == 0


def test_what_a_file_source_cannot_do(tmp_path: Path) -> None:
    connector = get("jsonl").connect({"path": str(tmp_path / "absent")}, lambda name: "")
    with pytest.raises(NeedsOperator):
        list(connector.fetch(None))
    with pytest.raises(Refused):
        connector.act(PlatformAction("k", Verb.REMOVE, "1"))
    assert connector.look_up(["1"])["1"].presence is Presence.UNKNOWN
    for bad in ({}, {"path": "x", "timezone": "Nowhere/At"}):
        with pytest.raises(MendSettings):
            get("csv").connect(bad, lambda name: "")
