"""How a shown name is taken apart before it is compared: decorations, brackets, relations. Pure."""

import re
from dataclasses import dataclass

from casework.register_names import name_words

Parts = tuple[tuple[str, ...], tuple[str, ...]]
"""The words of the first names and those of the last name."""

COMMON_SURNAMES = frozenset(
    """
    smith jones taylor brown williams wilson johnson davies davis robinson wright thompson
    evans walker white roberts green hall wood jackson clarke clark harris lewis martin
    hughes edwards turner cooper hill ward moore morris morgan king lee baker harrison patel
    singh kaur khan begum ahmed ali hussain thomas james phillips scott mitchell campbell
    anderson allen cook bailey parker miller price young murphy kelly bell shaw adams
    richardson simpson marshall collins bennett carter griffiths cox watson stewart murray
    mcdonald reid ross owen rees
    """.split()  # noqa: SIM905  a list of words is read as one
)
"""Names that so many people bear that a whole name with them proves nothing."""

_RELATIONS = frozenset(
    """
    mum mam mom mummy dad daddy nan nana gran granny grandad grandma sister brother wife
    husband auntie uncle of for and fan fans page team studio dance school academy
    """.split()  # noqa: SIM905  a list of words is read as one
)
"""Whoever writes one of these beside a name may be somebody else than the one who is named."""

_DECORATION = frozenset(("x", "xx", "xxx", "xo", "xoxo", "official", "real", "the"))
_BORN = re.compile(r"\b(?:n[ée]e|formerly|was)\b\.?:?\s+(\S+)", re.IGNORECASE)
_BRACKETED = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")
_HANDLE_WORDS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Shown:
    """A display name taken apart. also: other readings of it, with the name before marriage.

    doubtful: it may be about somebody else ("Ella's mum"), so no machine decides.
    """

    words: tuple[str, ...]
    also: tuple[tuple[str, ...], ...] = ()
    doubtful: bool = False


def split(first_name: str, surname: str) -> Parts:
    """The words of a name that the register keeps in two parts."""
    first = name_words(first_name) if first_name.strip() else ()
    return first, name_words(surname) if surname.strip() else ()


def parted(name: str) -> Parts:
    """The words of a name that is kept in one: the first word, then the rest."""
    words = name_words(name)
    return words[:1], words[1:]


def read(display_name: str) -> Shown:
    """Take a display name apart. "Hartnell, Ella" is turned round."""
    name = display_name
    if name.count(",") == 1:
        last, _, first = name.partition(",")
        if last.strip() and first.strip() and len(first.split()) <= 2:
            name = f"{first} {last}"
    plain = _plain(_BORN.sub(" ", name))
    also = []
    born = _BORN.search(name)
    if born and plain:
        also.append((plain[0], *_plain(born.group(1))))
    inside = _BRACKETED.search(name)
    if inside and not born and plain:
        also.append((plain[0], *_plain(inside.group(1))))
    every = set(name_words(name)) | {word for each in also for word in each}
    owns = re.search(r"['\u2019]s\b", name, re.IGNORECASE) is not None
    doubtful = owns or bool(every & _RELATIONS) or born is not None
    return Shown(plain, tuple(also), doubtful)


def _plain(name: str) -> tuple[str, ...]:
    words = name_words(name)
    kept = tuple(word for word in words if word not in _DECORATION)
    return kept or words


def words_of_handle(key: str) -> tuple[str, ...]:
    """The words in a handle, without its numbers: "ella.hartnell_13"."""
    return tuple(_HANDLE_WORDS.findall(key.partition("@")[0]))


def is_common(words: tuple[str, ...]) -> bool:
    """Whether several people in one town may well have this name: any with such a last name."""
    return words[-1] in COMMON_SURNAMES
