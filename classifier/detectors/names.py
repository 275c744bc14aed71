"""Which words are names: lists written from general knowledge, and the shapes of surnames.

    first_names.txt, surnames.txt   one name a line; "*": it is an everyday word as well
    known_people.txt                people of public life, characters and things, "first last"
    ordinary_words.txt              words that English posts write with small letters, chosen from
                                    the encoder's vocabulary: what stands there is no rare surname

No register of people and no list of schools stands behind them. Names of school rolls that are
on no list are known by their shape ("-thwaite", "Mac-") or by the words around them.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

_HERE = Path(__file__).parent


def _read(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """All the words of a list, and those with a star."""
    lines = (_HERE / name).read_text(encoding="utf-8").split("\n")
    words = [line for line in lines if line]
    starred = frozenset(word[:-1] for word in words if word.endswith("*"))
    return frozenset(word.removesuffix("*") for word in words), starred


FIRST_NAMES, EVERYDAY = _read("first_names.txt")
"""EVERYDAY: names that are words as well (Grace, Will); they count only with a capital letter."""

SURNAMES, EVERYDAY_SURNAMES = _read("surnames.txt")
KNOWN_PEOPLE, _ = _read("known_people.txt")
ORDINARY_WORDS, _ = _read("ordinary_words.txt")

_SHAPE = re.compile(
    r"(?:mc|mac(?=[bcdfgklmnpqrtvw])|o'|fitz)[a-z]{3,}|[a-z]{3,}(?:thwaite|bottom|worth|field"
    r"|ford|ham|shaw|ley|leigh|ston|ington|ton|hurst|wood|stock|stead|brook|more|man|mann|son|by|wick|combe|burn|burgh|cliffe?|croft|wright|smith|dale"
    r"|sen|ski|ska|sky|cki|cka|wicz|czyk|czak|ova|ov|ev|escu|idis|opoulos|ian|enko|uk|ez|oglu"
    r"|kumar|preet|inder|wala|swamy|rajan|eddy|ola|olu|ade|ike|chukwu|nwa|mensah|tunde)"
)


def is_first_name(word: str) -> bool:
    """Whether it is on the list, in any case of letters; of a double name either half will do."""
    low = word.lower()
    return low in FIRST_NAMES or ("-" in low and low.split("-")[0] in FIRST_NAMES)


@lru_cache(maxsize=8192)
def is_surname(word: str) -> bool:
    """Whether a word (small letters) is on the list; of a double name either half will do."""
    return any(half.removeprefix("o'") in SURNAMES for half in word.split("-"))


@lru_cache(maxsize=8192)
def looks_like_a_surname(word: str) -> bool:
    """A listed surname, or a word (small letters) that nobody writes otherwise, in that shape."""
    if is_surname(word):
        return True
    word = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", word)
        if not unicodedata.combining(letter)
    )
    return word not in ORDINARY_WORDS and any(_SHAPE.fullmatch(half) for half in word.split("-"))


@lru_cache(maxsize=8192)
def is_rare(word: str) -> bool:
    """Whether it (small letters) is none of the ordinary words, nor a form or slip of one."""
    if len(word) < 3 or word in ORDINARY_WORDS or re.search(r"(.)\1\1|'(?!s)", word):
        return False
    stems = (word[:-1], word[:-2], word[:-3], word + "e", word + "g", word[:-2] + "e")
    ends = word.endswith(("s", "d", "z", "ed", "in", "ing", "er", "ers", "ly", "y", "t"))
    return not (ends and any(len(stem) > 2 and stem in ORDINARY_WORDS for stem in stems))
