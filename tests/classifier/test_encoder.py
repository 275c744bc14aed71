"""The sentence encoder: files it refuses, exact spans, numbers that stand by themselves."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.encoder import CHARACTERS, LONGEST, WEIGHTS, WIDTH, Encoder, load_encoder, spelled
from classifier.normalise import normalise
from models.errors import MendSettings

FILES = ("encoder.onnx", "encoder.txt", "encoder.json")
TEXTS = [
    "meet me on your own",
    "🎉 well done Mia 🎉",
    "",
    "the hall is so cold",  # as many tokens as the first: they run together
    "a",
    "nobody likes you now",
    "the hall is cold " * 200,
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(WEIGHTS / name, tmp_path)
    return tmp_path


def test_a_copy_is_read(copied: Path, encoder: Encoder) -> None:
    assert load_encoder(copied).version == encoder.version


def _cut(folder: Path) -> None:
    path = folder / "encoder.onnx"
    path.write_bytes(path.read_bytes()[:-1])


def _word(folder: Path) -> None:
    path = folder / "encoder.txt"
    path.write_text(path.read_text("utf-8").replace("secret", "sekret"), "utf-8")


def _form(folder: Path) -> None:
    path = folder / "encoder.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "format": 99}), "utf-8")


def _list(folder: Path) -> None:
    (folder / "encoder.json").write_text("[]", "utf-8")


def _gone(folder: Path) -> None:
    (folder / "encoder.onnx").unlink()


def _no_card(folder: Path) -> None:
    (folder / "encoder.json").unlink()


@pytest.mark.parametrize("harm", [_cut, _word, _form, _list, _gone, _no_card])
def test_a_file_that_is_not_the_one_described_is_refused(
    copied: Path, harm: Callable[[Path], None]
) -> None:
    harm(copied)
    with pytest.raises(MendSettings) as refused:
        load_encoder(copied)
    assert "classifier/weights/encoder" in str(refused.value)


def test_a_text_gets_the_same_numbers_alone_and_among_others(encoder: Encoder) -> None:
    together = encoder.read(TEXTS)
    for text, one in zip(TEXTS, together, strict=True):
        alone = encoder.read([text])[0]
        assert np.array_equal(one.vector, alone.vector)
        assert np.array_equal(one.tokens, alone.tokens)


def test_shapes_and_the_mean(encoder: Encoder) -> None:
    for one in encoder.read(TEXTS):
        assert one.vector.shape == (WIDTH,)
        assert one.tokens.shape == (len(one.spans), WIDTH)
        assert len(one.spans) <= LONGEST
        assert np.allclose(one.vector, one.tokens.mean(axis=0), atol=1e-5)


def test_like_texts_lie_closer_than_unlike_ones(encoder: Encoder) -> None:
    said, like, other = (
        one.vector / np.linalg.norm(one.vector)
        for one in encoder.read(
            ["nobody likes you, go away", "everyone hates you, get lost", "tickets are on sale"]
        )
    )
    assert said @ like > said @ other


def test_spans_are_of_the_text_as_it_was_given(encoder: Encoder) -> None:
    text = "so 😢 secret"
    spans = encoder.read([text])[0].spans
    assert text[spans[1][0] : spans[1][1]] == "so"
    assert text[spans[-2][0] : spans[-2][1]] == "secret"
    assert {text[start:end] for start, end in spans[2:-2]} == {"😢"}
    assert spans[0] == spans[-1] == (0, 0)


@given(st.text(max_size=200))
def test_every_place_of_a_spelled_text_is_known(text: str) -> None:
    words = normalise(text).words
    shown, places = spelled(words)
    if places is None:
        assert shown == words
        return
    assert len(places) == len(shown)
    assert places == sorted(places)
    assert all(0 <= place < len(words) for place in places)


def test_emoji_are_read_by_name() -> None:
    assert spelled("fine 🐍")[0].split() == ["fine", "snake"]
    assert spelled("plain")[1] is None


def test_only_the_beginning_of_an_endless_text_is_looked_at(encoder: Encoder) -> None:
    start = "word " * (CHARACTERS // 5)
    one, other = encoder.read([start, start + "secret " * 1000])
    assert np.array_equal(one.vector, other.vector)


def test_the_product_needs_no_torch_and_no_network() -> None:
    code = (
        "import socket, sys\n"
        "def refuse(*_): raise SystemExit('it opened a connection')\n"
        "socket.socket.connect = refuse\n"
        "from classifier.detectors.meaning import MeaningDetector\n"
        "MeaningDetector()\n"
        "assert not {'torch', 'transformers', 'onnx'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
