"""Three views of a text, and offsets that always lead back to what was written."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.normalise import normalise

TRICKY = st.text(
    alphabet=st.one_of(
        st.sampled_from([*list("fuckshitabcl 0134579$@!|*._-'\n\t"), "\u200b", "́", "\xad"]),
        st.sampled_from(
            ["\ufe0f", "\u20e3", "\u200d", "é", "ﬁ", "Ａ", "𝓯", "🎉", "а", "İ", "½", "ß"]
        ),
        st.characters(),
    ),
    max_size=80,
)


@given(TRICKY)
def test_every_character_leads_back_to_where_it_came_from(text: str) -> None:
    normal = normalise(text)
    for view, back in (
        (normal.text, normal.to_original),
        (normal.words, normal.words_to_original),
    ):
        last = 0
        for at in range(len(view)):
            start, end = back(at, at + 1)
            assert 0 <= start < end <= len(text)
            assert start >= last
            last = start
        assert back(0, 0)[0] == back(0, 0)[1]


@given(TRICKY)
def test_a_span_is_the_hull_of_its_characters(text: str) -> None:
    normal = normalise(text)
    if normal.words:
        start, end = normal.words_to_original(0, len(normal.words))
        assert start == normal.words_to_original(0, 1)[0]
        assert end == normal.words_to_original(len(normal.words) - 1, len(normal.words))[1]


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_plain_text_is_not_touched_for_identifiers(text: str) -> None:
    normal = normalise(text)
    assert normal.text == text
    assert normal.to_original(1, 3) == (1, 3)


@given(TRICKY)
def test_digits_stay_digits_for_identifiers(text: str) -> None:
    seen = [char for char in normalise(text).text if char in "0123456789"]
    assert [char for char in text if char in "0123456789"] == seen or not text.isascii()


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("F U C K off", "fuck off"),
        ("f.u.c.k you", "fuck you"),
        ("sh1t b!tch a$$ @ss", "shit bitch ass ass"),
        ("fuuuuuck", "fuck"),
        ("killlll", "kill"),
        ("n\u0456ce сafé", "nice cafe"),
        ("𝓯𝓾𝓬𝓴", "fuck"),
        ("ze\u200bro", "zero"),
        ("🅱itch", "bitch"),
        # not letters in disguise
        ("@ella on the 1st at 10am", "@ella on the 1st at 10am"),
        ("year7 m8 4eva P01 3AX", "year7 m8 4eva p01 3ax"),
        ("07700 900123", "07700 900123"),
        ("a b", "a b"),
    ],
)
def test_words_read_as_meant(written: str, words: str) -> None:
    assert normalise(written).words == words


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("0️⃣7️⃣7️⃣0️⃣0️⃣", "07700"),
        ("０７７００", "07700"),
        ("he said \u201chi\u201d \u2013 it\u2019s ok", 'he said "hi" - it\'s ok'),
        ("07\u200b700\u00a0900", "07700 900"),
        ("cafe\u0301", "café"),
    ],
)
def test_identifiers_read_as_meant(written: str, text: str) -> None:
    assert normalise(written).text == text


def test_a_span_in_an_obfuscated_word_covers_the_whole_of_it() -> None:
    normal = normalise("oh f u\u200b c k that")
    at = normal.words.index("fuck")
    start, end = normal.words_to_original(at, at + 4)
    assert normal.original[start:end] == "f u\u200b c k"


HOSTILE = [
    "a\u0301" * 50_000,
    "a" + "\u0301" * 100_000,
    "a b " * 25_000,
    "a.-" * 33_000,
    "@1" * 50_000,
    "1a$" * 33_000,
    "\u200b" * 100_000,
    "aaa" * 33_000,
    "$" * 100_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_read_in_linear_time(text: str) -> None:
    normalise(text)
    started = time.process_time()
    normalise(text)
    assert time.process_time() - started < 0.4
