"""The heads: which files they refuse, their arithmetic, and how they are taught."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from classifier.encoder import WEIGHTS, WIDTH, load_encoder
from classifier.heads import CONTEXT, Heads, context, load_heads, write_heads
from classifier.training.heads import calibration_error, held_out
from models.errors import MendSettings
from models.vocabulary import Audience, AuthorRole, Category

VERSION = "abcdef012345"
RNG = np.random.default_rng(3)


def made() -> Heads:
    return Heads(
        (Category.GROOMING, Category.THREAT),
        RNG.normal(size=(2, WIDTH)).astype(np.float32),
        np.array([1.5, 0.0], dtype=np.float32),
        RNG.normal(size=(2, CONTEXT)).astype(np.float32),
        np.array([-2.0, -3.0], dtype=np.float32),
        "",
    )


def test_what_is_written_is_read(tmp_path: Path) -> None:
    heads = made()
    write_heads(heads, VERSION, tmp_path, seed=1)
    again = load_heads(VERSION, tmp_path)
    assert again.categories == heads.categories
    assert np.array_equal(again.text, heads.text)
    assert np.array_equal(again.place, heads.place)
    assert len(again.version) == 12


def test_heads_of_another_encoder_are_refused(tmp_path: Path) -> None:
    write_heads(made(), VERSION, tmp_path)
    with pytest.raises(MendSettings, match="another encoder"):
        load_heads("000000000000", tmp_path)


def test_changed_numbers_are_refused(tmp_path: Path) -> None:
    write_heads(made(), VERSION, tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    write_heads(made(), VERSION, other)
    shutil.copy(other / "heads.npz", tmp_path / "heads.npz")
    with pytest.raises(MendSettings, match="checksum"):
        load_heads(VERSION, tmp_path)


def test_an_unknown_category_is_refused(tmp_path: Path) -> None:
    write_heads(made(), VERSION, tmp_path)
    told = json.loads((tmp_path / "heads.json").read_text("utf-8"))
    told["categories"][0] = "rudeness"
    (tmp_path / "heads.json").write_text(json.dumps(told), "utf-8")
    with pytest.raises(MendSettings, match="does not exist"):
        load_heads(VERSION, tmp_path)


def test_another_shape_is_refused(tmp_path: Path) -> None:
    heads = made()
    short = Heads(heads.categories[:1], heads.text, heads.rule, heads.place, heads.bias, "")
    write_heads(short, VERSION, tmp_path)
    with pytest.raises(MendSettings, match="shape"):
        load_heads(VERSION, tmp_path)


def test_rule_and_place_are_weighed() -> None:
    heads = made()
    vector = np.zeros((1, WIDTH), dtype=np.float32)
    here = context(Audience.CHILDREN, AuthorRole.UNKNOWN)[None, :]
    without = heads.probabilities(vector, np.zeros((1, 2), dtype=np.float32), here)
    with_rule = heads.probabilities(vector, np.ones((1, 2), dtype=np.float32), here)
    assert with_rule[0, 0] > without[0, 0]
    assert with_rule[0, 1] == without[0, 1]
    raw = heads.place[0] @ here[0] + heads.bias[0]
    assert np.isclose(without[0, 0], 1 / (1 + np.exp(-raw)), atol=1e-5)


def test_a_context_says_one_place_and_one_role() -> None:
    seen = {context(place, role).tobytes() for place in Audience for role in AuthorRole}
    assert len(seen) == len(Audience) * len(AuthorRole)
    assert context(Audience.PUBLIC, AuthorRole.STAFF).sum() == 2


def test_the_error_of_a_calibration() -> None:
    truth = np.array([0.0, 0.0, 1.0, 1.0])
    assert calibration_error(truth, np.array([0.0, 0.0, 1.0, 1.0])) == 0.0
    assert np.isclose(calibration_error(truth, np.array([1.0, 1.0, 0.0, 0.0])), 1.0)
    assert np.isclose(calibration_error(truth, np.full(4, 0.7)), 0.2)


def test_heads_are_taught_on_what_the_encoder_has_not_seen() -> None:
    texts, labels, templates = held_out()
    assert len(texts) == len(labels) == len(templates) > 500
    assert all(text.id for text in texts)


def test_the_shipped_heads_belong_to_the_shipped_encoder() -> None:
    heads = load_heads(load_encoder().version)
    assert set(heads.categories) < set(Category)
    assert np.isfinite(heads.text).all()
    assert (heads.rule >= 0).all()
    told = json.loads((WEIGHTS / "heads.json").read_text("utf-8"))
    assert all(one["calibration_error"] < 0.05 for one in told["left_out_in_turn"].values())
