"""The command line: what it prints, where it writes, and how it ends."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.invites import open_invite
from chaperone import cli
from chaperone.example import example
from chaperone.settings import load
from chaperone.wiring import House
from collector.connectors import registry
from models.tables import Audit, Person, Post, Source
from models.vocabulary import Category

CHAT = """03/11/2026, 18:05 - Una Example: Class is on Wednesday
03/11/2026, 18:09 - Bo Example: I will be there
"""
SOURCES = """
[organisation]
name = "Brackwater School of Dance"
[sources.tap]
connector = "whatsapp"
label = "Adult tap"
audience = "adult_only"
path = "exports"
[sources.table]
connector = "csv"
audience = "adult_only"
path = "imports"
[sources.page]
connector = "facebook"
audience = "public"
page_id = "900100200300400"
token_env = "NOT_SET_ANYWHERE"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text(SOURCES)
    return tmp_path


def run(*arguments: str) -> int:
    return cli.main(arguments)


def test_help_answers_at_once_and_names_every_command(capsys) -> None:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "chaperone.cli", "--help"],
        check=False,
        capture_output=True,
        text=True,
    )
    took = time.monotonic() - began
    assert done.returncode == 0
    for name in ("up", "web", "worker", "init", "classify", "detectors", "connectors", "import"):
        assert re.search(rf"^ +{name}\b", done.stdout, re.MULTILINE)
    for name in ("digest", "audit", "people", "Exit status"):
        assert name in done.stdout
    assert took < 0.5 * 3, "half a second when idle; the machine that runs the tests is not"


def test_help_loads_no_room_but_its_own() -> None:
    probe = (
        "import sys, chaperone.cli; chaperone.cli.parser(); "
        "print(*(m for m in sys.modules if m.split('.')[0] in "
        "('sqlalchemy', 'dbos', 'sklearn', 'streamlit', 'numpy', 'requests')))"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_example_is_what_init_writes(root: Path) -> None:
    """After a change write it anew: chaperone.example.example() is its text."""
    assert (root / "config.example.toml").read_text(encoding="utf-8") == example()


def test_the_example_explains_every_line(root: Path) -> None:
    for line in (root / "config.example.toml").read_text(encoding="utf-8").splitlines():
        assert len(line) < 120, line


def test_init_writes_the_settings_and_a_link_that_works(
    tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    status = run(
        "init",
        '--organisation=St "Anne\'s" \\ Choir',
        "--lead-phone=01632 960199",
        "--username=ada",
        "--name=Ada Example",
        "--email=ada@example.org",
    )
    assert status == 0
    said = capsys.readouterr().out
    link = next(line for line in said.splitlines() if line.startswith("http"))
    assert link.startswith("http://127.0.0.1:8765/invite/")
    settings = load(tmp_path / "config.toml")
    assert settings.organisation.name == 'St "Anne\'s" \\ Choir'
    assert settings.organisation.lead_phone == "01632 960199"
    house = House(settings)
    assert open_invite(house.store, link.rpartition("/")[2]).username == "ada"
    with house.store.read() as session:
        assert session.scalars(select(Person)).one().roles == ["admin", "lead"]
    house.close()
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0, "nobody else may look into it"


def test_init_never_overwrites(folder: Path, capsys) -> None:
    assert run("init") == 5
    assert "is left as it is" in capsys.readouterr().err
    assert (folder / "config.toml").read_text() == SOURCES


def test_classify_answers_line_by_line(folder: Path) -> None:
    lines = [
        {"id": "a", "text": "Ring me on 07700 900123", "audience": "children"},
        {"id": "b", "text": "Lovely show", "audience": "public", "author_role": "parent"},
    ]
    done = subprocess.run(
        [sys.executable, "-m", "chaperone.cli", "classify"],
        input="\n".join(json.dumps(line) for line in lines),
        capture_output=True,
        text=True,
        check=True,
    )
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first["id"] == "a"
    assert "pii_phone" in first["categories"]
    found = next(f for f in first["findings"] if f["category"] == "pii_phone")
    assert lines[0]["text"][found["start"] : found["end"]] == "07700 900123"
    assert {"category", "score", "start", "end", "because", "detector"} <= found.keys()
    assert first["level"] and first["route"]
    assert (second["id"], second["categories"], second["level"]) == ("b", [], None)


def test_classify_says_which_line_is_wrong(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "chaperone.cli", "classify"],
        input='{"id": 1, "text": "fine"}\nnot json\n',
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 1, "what came before is answered"
    assert "line 2" in done.stderr
    assert "Traceback" not in done.stderr


def test_detectors_names_all_twenty(capsys) -> None:
    assert run("detectors", "--examples") == 0
    said = capsys.readouterr().out
    for category in Category:
        assert f"\n{category.value} " in f"\n{said}"


def test_connectors_tell_their_keys(capsys) -> None:
    assert run("connectors") == 0
    said = capsys.readouterr().out
    assert "token_env or token_file (needed)" in said
    assert "page_id (needed)" in said
    head, *rows = said.partition("\n\n")[0].splitlines()
    columns = head.split()
    table = {row.split()[0]: dict(zip(columns, row.split()[1:], strict=True)) for row in rows}
    assert set(table) == set(registry.connector_names())
    assert (table["facebook"]["remove_member"], table["facebook"]["members"]) == ("yes", "-")
    assert (table["reddit"]["members"], table["reddit"]["hide"]) == ("yes", "-")


def test_import_stores_once(folder: Path, capsys) -> None:
    chat = folder / "WhatsApp Chat with Tap.txt"
    chat.write_text(CHAT)
    assert run("import", "tap", str(chat)) == 0
    assert capsys.readouterr().out.startswith("2 new, 0 changed, 0 gone.")
    assert run("import", "tap", str(chat)) == 0
    assert capsys.readouterr().out.startswith("0 new")
    house = House(load(folder / "config.toml"))
    with house.store.read() as session:
        assert len(session.scalars(select(Post.id)).all()) == 2
        assert session.scalar(select(Source.blind_since).where(Source.name == "tap")) is None
    house.close()


@pytest.mark.parametrize(
    ("source", "name", "content", "said"),
    [
        ("tap", "chat.txt", b"this is no chat at all", "chat.txt"),
        ("tap", "chat.zip", b"PK\x03\x04 broken", "chat.zip"),
        ("table", "posts.csv", b"colour,shape\nred,round\n", "posts.csv"),
        ("tapp", "chat.txt", CHAT.encode(), 'Did you mean "tap"?'),
        ("page", "chat.txt", CHAT.encode(), "takes no files"),
        ("tap", "", b"", "There is no such file."),
    ],
)
def test_a_bad_import_stores_nothing_and_says_why(
    folder: Path, capsys, source: str, name: str, content: bytes, said: str
) -> None:
    file = folder / (name or "absent.txt")
    if name:
        file.write_bytes(content)
    assert run("import", source, str(file)) in (2, 5)
    error = capsys.readouterr().err
    assert said in error
    assert error.startswith("chaperone: ")
    house = House(load(folder / "config.toml"))
    with house.store.read() as session:
        assert not session.scalars(select(Post.id)).all()
    house.close()


def test_people_are_added_listed_and_invited(folder: Path, capsys) -> None:
    added = run("people", "add", "mo", "--name", "Mo Example", "--role", "monitor")
    assert added == 0
    first = capsys.readouterr().out.splitlines()[-1]
    assert run("people", "invite", "mo") == 0
    second = capsys.readouterr().out.splitlines()[-1]
    assert first != second
    assert run("people", "list") == 0
    assert "Mo Example" in capsys.readouterr().out
    assert run("people", "invite", "nobody") == 5
    assert "people list" in capsys.readouterr().err
    assert run("people", "add", "mo", "--name", "Mo Again", "--role", "lead") == 5


def test_audit_verify_finds_a_changed_line(folder: Path, capsys) -> None:
    run("people", "add", "mo", "--name", "Mo Example", "--role", "monitor")
    assert run("audit", "verify") == 0
    assert "The record is whole" in capsys.readouterr().out
    house = House(load(folder / "config.toml"))
    with house.store.engine.begin() as connection:  # somebody with the file, and no respect
        rows = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
        ).all()
        for (name,) in rows:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        connection.execute(Audit.__table__.update().values(what="nothing.happened"))
    house.close()
    assert run("audit", "verify") == 1
    assert "broken at line 1" in capsys.readouterr().out


def test_digest_preview_prints_each_role(folder: Path, capsys) -> None:
    assert run("digest", "--preview") == 0
    said = capsys.readouterr().out
    assert [role in said for role in ("monitor", "lead", "trustee")] == [True] * 3
    assert run("digest", "--preview", "--role", "trustee", "--week", "2026-W46") == 0
    assert run("digest", "--preview", "--week", "soon") == 2
    assert run("digest", "--send") == 2
    assert "[mail]" in capsys.readouterr().err


def test_a_mistake_in_the_settings_is_one_line(folder: Path, capsys) -> None:
    (folder / "config.toml").write_text(SOURCES.replace("audience", "audiense", 1))
    assert run("worker") == 2
    assert 'Did you mean "audience"?' in capsys.readouterr().err


def test_a_mistake_in_the_program_keeps_its_words(folder: Path, capsys, monkeypatch) -> None:
    def wrong(_path=None):
        raise KeyError("words of a post")

    monkeypatch.setattr("chaperone.settings.load", wrong)
    assert run("audit", "verify") == 70
    said = capsys.readouterr().err
    assert "KeyError" in said
    assert "words of a post" not in said
