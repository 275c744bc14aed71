"""Whether a text names somebody: whole names anywhere, single ones only where staff are meant.

Pure: no input, no output. Compared without case, accents and decorations (register_names.folded).

    names    two words or more, in a row ("Lena Daggerwing", "Katie Rivers" for Catherine Rivers)
    single   one word, and only in a concern about staff (practice 4.14): a title before it
             ("Miss Lena", "Mr Vale"), a surname with its capital, or a first name that nobody else
             on the register has
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from casework.register_names import folded, name_words, short_forms

TITLES = frozenset(
    "mr mrs miss ms mx dr sir madam madame coach auntie aunty uncle teacher tutor".split()  # noqa: SIM905
)
_EVERYDAY = frozenset(
    (
        *("ash", "art", "bill", "dawn", "drew", "faith", "field", "grace", "hazel", "holly"),
        *("hope", "ivy", "jack", "joy", "june", "lily", "mark", "may", "olive", "pat", "rich"),
        *("robin", "rose", "ruby", "sky", "star", "sue", "summer", "will", "wren", "young"),
    )
)
"""Names that are words as well: alone they count only with a capital, and not first in a line."""

_POSSESSIVE = re.compile(r"['\u2019]s\b", re.IGNORECASE)
_APOSTROPHE = re.compile("['\u2019`\u2032]")


@dataclass(frozen=True, slots=True)
class Names:
    """What somebody may be called. whole: runs of two words or more. first, last: single words.

    only_one: nobody else on the register has this first name.
    """

    whole: frozenset[tuple[str, ...]]
    first: frozenset[str]
    last: frozenset[str]
    only_one: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A text as it is searched. capital: by place, whether the word stands with a capital that its
    place in the sentence does not explain."""

    words: tuple[str, ...]
    capital: tuple[bool, ...]


def names_of(
    first_name: str, surname: str, aliases: Iterable[str] = (), *, only_one: bool = False
) -> Names:
    """What a person with these names may be called, short forms of the first name included."""
    first, last = name_words(first_name), name_words(surname)
    whole = {(*first, *last)}
    singles = set(first[:1])
    if first and last:
        for form in short_forms(first[0]):
            whole |= {(*form.split(), *last), (*form.split(), last[-1])}
    for alias in aliases:
        words = name_words(alias)
        if len(words) == 1:
            singles.add(words[0])
        whole.add(words)
    return Names(
        whole=frozenset(name for name in whole if len(name) > 1),
        first=frozenset(word for word in singles if len(word) > 1),
        last=frozenset(last[-1:]),
        only_one=only_one,
    )


@lru_cache(maxsize=256)
def words_in(text: str) -> Words:
    """The words of a text, in order."""
    plain = _APOSTROPHE.sub("", _POSSESSIVE.sub("", unicodedata.normalize("NFKC", text)))
    found: list[str] = []
    capital: list[bool] = []
    begins, run = True, ""
    for char in plain + " ":
        if unicodedata.category(char)[0] in "LM":
            run += char
            continue
        if run:
            found.append(folded(run))
            capital.append(run[0].isupper() and not (begins and found[-1] in _EVERYDAY))
            begins, run = False, ""
        begins = begins or char in ".!?\n"
    return Words(tuple(found), tuple(capital))


def names_whole(text: str, names: Names) -> bool:
    """Whether a whole name stands in the text."""
    words = words_in(text).words
    return any(_at(words, name) for name in names.whole)


def names_single(text: str, names: Names) -> bool:
    """Whether one name alone points at the person. For concerns about staff only."""
    said = words_in(text)
    for place, word in enumerate(said.words):
        titled = place > 0 and said.words[place - 1] in TITLES
        if titled and word in names.first | names.last:
            return True
        if word in names.last and said.capital[place]:
            return True
        plain = word not in _EVERYDAY or said.capital[place]
        if word in names.first and names.only_one and plain:
            return True
    return False


def _at(words: Sequence[str], name: tuple[str, ...]) -> bool:
    """Whether this run of words stands in it."""
    first, length = name[0], len(name)
    return any(
        word == first and tuple(words[place : place + length]) == name
        for place, word in enumerate(words)
    )
