"""The learnt abuse model: small, checked before use, calm with charities' own words."""

import hashlib
import json
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from classifier.detectors.abuse import LONGEST, MOST_PIECES, pieces
from classifier.lexical import WEIGHTS, load_lexical
from models.errors import MendSettings


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for name in ("abuse.json", "abuse.npz"):
        shutil.copy(WEIGHTS / name, tmp_path / name)
    return tmp_path


def test_it_tells_insults_from_thanks() -> None:
    scores = load_lexical().scores(
        ["you are a stupid pathetic moron", "thank you all for a lovely evening", ""]
    )
    insult, thanks, nothing = scores["abuse"]
    assert insult > 0.9 > 0.1 > thanks
    assert 0 <= nothing <= 1


def test_one_text_scores_the_same_alone_and_in_company() -> None:
    model = load_lexical()
    some = ["you idiot", "", "see you on Tuesday", "shut up you moron"]
    together = model.scores(some)["hate"]
    assert np.allclose(together, [model.scores([text])["hate"][0] for text in some])


def test_the_weights_are_small_and_named() -> None:
    assert (WEIGHTS / "abuse.npz").stat().st_size <= 3_000_000
    card = json.loads((WEIGHTS / "abuse.json").read_text())
    notice = (Path(__file__).parents[2] / "NOTICE").read_text()
    for name in card["sets"]:
        assert name.split("/")[1] in notice


def test_changed_weights_are_refused(copied: Path) -> None:
    numbers = copied / "abuse.npz"
    numbers.write_bytes(numbers.read_bytes()[:-1] + b"x")
    with pytest.raises(MendSettings, match="checksum"):
        load_lexical(copied)


def test_another_format_is_refused(copied: Path) -> None:
    card = json.loads((copied / "abuse.json").read_text())
    (copied / "abuse.json").write_text(json.dumps({**card, "format": 99}))
    with pytest.raises(MendSettings, match="format"):
        load_lexical(copied)


def test_pickled_weights_are_refused(copied: Path) -> None:
    np.savez(copied / "abuse.npz", abuse=np.array([{}], dtype=object), allow_pickle=True)
    card = json.loads((copied / "abuse.json").read_text())
    card["sha256"] = hashlib.sha256((copied / "abuse.npz").read_bytes()).hexdigest()
    (copied / "abuse.json").write_text(json.dumps(card))
    with pytest.raises(MendSettings):
        load_lexical(copied)


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MendSettings, match="cannot be read"):
        load_lexical(tmp_path)


@pytest.mark.parametrize("text", ["", "one. two! three?", "word " * 500, "a" * 2000, "🎉 " * 50])
def test_pieces_cover_the_words_in_order(text: str) -> None:
    spans = pieces(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert all(end - start <= LONGEST for start, end in spans)
    assert len(pieces("word. " * 100_000)) == MOST_PIECES
