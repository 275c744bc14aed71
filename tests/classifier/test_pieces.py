"""A long text is cut into pieces of whole sentences."""

from itertools import pairwise

import pytest

from classifier.pieces import LONGEST, MOST_PIECES, pieces


@pytest.mark.parametrize("text", ["", "one. two! three?", "word " * 500, "a" * 2000, "🎉 " * 50])
def test_pieces_cover_the_words_in_order(text: str) -> None:
    spans = pieces(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert all(end - start <= LONGEST for start, end in spans)
    kept = "".join(text[start:end] for start, end in spans)
    if any(letter.isalpha() for letter in text):
        assert "".join(kept.split()) == "".join(text.split()), "nothing is left out"
    else:
        assert not spans


def test_a_very_long_text_is_cut_into_so_many_pieces_and_no_more() -> None:
    assert len(pieces("word. " * 100_000)) == MOST_PIECES
