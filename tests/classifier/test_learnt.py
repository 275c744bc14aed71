"""Learnt heads on the disk: versions, the way back, and what is refused."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from classifier.encoder import WIDTH
from classifier.heads import CONTEXT, Heads
from classifier.learnt import LearntHeads
from models.errors import MendSettings, NeedsOperator, Refused
from models.vocabulary import Category

ENCODER = "abcdef012345"


def heads(bias: float) -> Heads:
    return Heads(
        (Category.GROOMING,),
        np.zeros((1, WIDTH), np.float32),
        np.zeros(1, np.float32),
        np.zeros((1, CONTEXT), np.float32),
        np.array([bias], np.float32),
        "",
    )


@pytest.fixture
def learnt(tmp_path: Path) -> LearntHeads:
    return LearntHeads(tmp_path / "models")


def bias_in_force(learnt: LearntHeads) -> float | None:
    found = learnt.load(ENCODER)
    return None if found is None else float(found.bias[0])


def test_nothing_learnt_is_what_was_shipped(learnt: LearntHeads, tmp_path: Path) -> None:
    assert learnt.active == 0
    assert learnt.load(ENCODER) is None
    assert list(learnt.versions(ENCODER)) == []
    assert not (tmp_path / "models").exists(), "reading makes nothing"


def test_versions_are_kept_and_the_way_back_is_open(learnt: LearntHeads) -> None:
    assert learnt.keep(heads(1.0), ENCODER, seed=4) == 1
    assert learnt.keep(heads(2.0), ENCODER, seed=4) == 2
    assert bias_in_force(learnt) == 2.0
    assert learnt.back() == 1
    assert bias_in_force(learnt) == 1.0
    assert learnt.keep(heads(3.0), ENCODER, seed=4) == 3, "a number is never used twice"
    assert [version.number for version in learnt.versions(ENCODER)] == [1, 2, 3]
    assert [version.active for version in learnt.versions(ENCODER)] == [False, False, True]
    assert [learnt.back(), learnt.back()] == [1, 0]
    assert bias_in_force(learnt) is None
    with pytest.raises(Refused, match="in force already"):
        learnt.back()


def test_what_is_kept_says_what_it_is(learnt: LearntHeads, tmp_path: Path) -> None:
    learnt.keep(heads(1.0), ENCODER, seed=4, counts={"grooming": {"right": 3}})
    folder = tmp_path / "models" / "heads-1"
    assert sorted(path.name for path in folder.iterdir()) == ["heads.json", "heads.npz"]
    told = json.loads((folder / "heads.json").read_text("utf-8"))
    assert (told["format"], told["seed"], told["encoder"]) == (1, 4, ENCODER)
    assert told["counts"] == {"grooming": {"right": 3}}
    assert told["learnt_at"].endswith("+00:00")
    assert np.load(folder / "heads.npz", allow_pickle=False)["bias"][0] == 1.0
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("broken", ["checksum", "format", "encoder", "missing", "state"])
def test_what_cannot_be_used_is_refused_with_its_cure(
    learnt: LearntHeads, tmp_path: Path, broken: str
) -> None:
    learnt.keep(heads(1.0), ENCODER)
    folder = tmp_path / "models" / "heads-1"
    if broken == "checksum":
        (folder / "heads.npz").write_bytes(b"something else")
    elif broken == "format":
        told = json.loads((folder / "heads.json").read_text("utf-8"))
        (folder / "heads.json").write_text(json.dumps({**told, "format": 99}))
    elif broken == "missing":
        (folder / "heads.json").unlink()
    elif broken == "state":
        (tmp_path / "models" / "active.json").write_text("[]")
    with pytest.raises(MendSettings) as error:
        learnt.load("another00000" if broken == "encoder" else ENCODER)
    assert "chaperone learn --back" in error.value.cure
    assert learnt.back() == 0
    assert learnt.load(ENCODER) is None


def test_a_broken_version_is_listed_as_such(learnt: LearntHeads, tmp_path: Path) -> None:
    learnt.keep(heads(1.0), ENCODER)
    learnt.keep(heads(2.0), ENCODER)
    (tmp_path / "models" / "heads-1" / "heads.npz").write_bytes(b"x")
    first, second = learnt.versions(ENCODER)
    assert "checksum" in first.problem
    assert second.problem == "" and second.active


def test_a_folder_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file stands in the way")
    with pytest.raises(NeedsOperator):
        LearntHeads(tmp_path / "models").keep(heads(1.0), ENCODER)


def test_a_version_that_was_left_half_written_is_not_there(
    learnt: LearntHeads, tmp_path: Path
) -> None:
    learnt.keep(heads(1.0), ENCODER)
    (tmp_path / "models" / ".heads-2.part").mkdir()
    os.utime(tmp_path / "models")
    assert [version.number for version in learnt.versions(ENCODER)] == [1]
    assert learnt.keep(heads(2.0), ENCODER) == 2
    assert bias_in_force(learnt) == 2.0
