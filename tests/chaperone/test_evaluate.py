"""chaperone evaluate and thresholds: what they print and take, and what a bad line is told."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from chaperone import cli
from chaperone.settings import load
from chaperone.wiring import House
from classifier.detectors.phone import PhoneDetector
from classifier.service import classify_new

CASES = [
    {"id": "a", "text": "Ring my lad on 07700 900123", "audience": "mixed",
     "author_role": "parent", "expect": ["pii_phone"], "forbid": [], "functionality": "numbers"},
    {"id": "b", "text": "Lovely show, well done all", "audience": "public",
     "author_role": "parent", "expect": [], "forbid": ["*"], "functionality": "fair_leeds"},
    {"id": "c", "text": "See you on Tuesday", "audience": "public",
     "author_role": "member", "expect": ["hate"], "forbid": []},
]  # fmt: skip


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(json.dumps(case) for case in CASES))
    return path


def test_it_prints_recall_false_alarms_clean_posts_and_the_worst(file: Path, capsys) -> None:
    assert cli.main(["evaluate", str(file)]) == 0
    said = capsys.readouterr().out
    lines = {line[:28].strip(): line[28:] for line in said.splitlines()}
    assert lines["pii_phone"].split() == [
        "1.000",
        "[0.21-1.00]",
        "1/1",
        "0.000",
        "[0.00-0.79]",
        "0/1",
    ]
    assert "not tried" in lines["threat"]
    assert "0/1" in lines["clean posts flagged"]
    assert "not named" in said, "the third case has no functionality, and it is missed"
    assert "fair_leeds" in said


def test_json_holds_the_same_numbers(file: Path, capsys) -> None:
    assert cli.main(["evaluate", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["recall"]["hate"] == {"hits": 0, "of": 1, "rate": 0.0, "low": 0.0, "high": 0.7935}
    assert told["wrong"] == {"c": ["-hate"]}
    assert told["macro_recall"] == 0.5
    assert told["fairness"]["fair_leeds"]["hits"] == 0


def test_a_dash_reads_the_input(file: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "chaperone.cli", "evaluate", "-"],
        input=file.read_bytes(),
        capture_output=True,
        check=True,
        cwd=file.parent,
    )
    assert done.stdout.startswith(b"3 cases")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("not json", "It is not JSON."),
        ('{"id": 1, "text": "x", "expect": "hate"}', "expect is not a list"),
        ('{"id": 1, "text": "x", "forbid": ["bulying"]}', 'Did you mean "bullying"?'),
        ('{"id": 1, "text": "x", "expects": []}', 'Did you mean "expect"?'),
        ('{"id": 1, "text": "x", "audience": "kids"}', "Known are: children"),
        ('{"id": 1, "text": "x", "functionality": 3}', "functionality is not words"),
    ],
)
def test_a_bad_line_is_named_with_its_cure(file: Path, capsys, line: str, said: str) -> None:
    file.write_text(f"{json.dumps(CASES[0])}\n\n{line}\n")
    assert cli.main(["evaluate", str(file)]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("chaperone: line 3: ")
    assert said in captured.err
    assert captured.out == ""


def test_a_file_that_cannot_be_read_is_named(file: Path, capsys) -> None:
    assert cli.main(["evaluate", "nowhere.jsonl"]) == 2
    assert "nowhere.jsonl" in capsys.readouterr().err
    file.write_bytes(b"\xff\xfe\x00")
    assert cli.main(["evaluate", str(file)]) == 2
    assert "not UTF-8" in capsys.readouterr().err
    file.write_bytes(b"\n")
    assert cli.main(["evaluate", str(file)]) == 2
    assert "holds no line" in capsys.readouterr().err


def test_thresholds_prints_what_to_write_and_changes_nothing(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text('[organisation]\nname = "Brackwater"\n')
    done = subprocess.run(
        [sys.executable, "-m", "chaperone.cli", "thresholds", "--category", "pii_phone"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "precision of at least 0.90" in done.stdout
    assert done.stdout.count("  in force  ") == 4, "one for each place"
    assert "Nothing was changed." in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.toml"]


def test_thresholds_of_the_organisations_own_posts(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text(
        '[organisation]\nname = "Brackwater"\n'
        '[sources.tap]\nconnector = "whatsapp"\naudience = "adult_only"\npath = "exports"\n'
    )
    chat = tmp_path / "chat.txt"
    chat.write_text("03/11/2026, 18:05 - Una Example: my gran is on 07700 900123\n")
    assert cli.main(["import", "tap", str(chat)]) == 0
    house = House(load(tmp_path / "config.toml"))
    assert classify_new(house.store, [PhoneDetector()])
    house.close()
    capsys.readouterr()
    assert cli.main(["thresholds", "--category", "pii_phone", "--audience", "adult_only"]) == 0
    said = capsys.readouterr().out
    assert "Own posts that were read: 1 adult_only." in said
    assert "100.0% of your own" in said


def test_thresholds_refuses_a_share_that_is_none(capsys) -> None:
    with pytest.raises(SystemExit):
        cli.main(["thresholds", "--precision", "90"])
    assert "such as 0.9" in capsys.readouterr().err
