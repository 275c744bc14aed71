"""chaperone evaluate: what it prints, what it takes, and what it says of a bad line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from chaperone import cli

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
