"""Names as they are compared: handles, the words of a name, the short forms of first names. Pure.

handle_key("@Ella.H")            "ella.h"
name_words("✨ Éllà  O'Hara ✨")   ("ella", "ohara")
same_first_name("Katie", "Catherine")   True

Comparing is blind to case, accents, decorations and fancy letters. It never reads digits as
letters: "ella2" and "ella" stay two handles.
"""

import re
import unicodedata

from casework.nicknames import GROUPS

_LETTERS = str.maketrans(
    {
        **{"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"},
        **{"ħ": "h", "ŋ": "n", "ſ": "s", "ə": "e", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y"},
    }
)
_DROPPED = re.compile("['\u2018\u2019\u02bc\u02b9`\u00b4\u2032.]")
_BRACKETED = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_PHONE = re.compile(r"\+?[\d\s().-]{7,24}\Z")
_PREFIX = re.compile(r"(?:https?://)?(?:www\.|m\.)?[a-z0-9-]+\.(?:com|net|org)/(?:@|u/|user/)?")
_TITLES = frozenset(
    (
        "mr",
        "mrs",
        "miss",
        "ms",
        "mx",
        "dr",
        "prof",
        "sir",
        "dame",
        "rev",
        "coach",
        "auntie",
        "uncle",
    )
)
_SHORT: dict[str, frozenset[str]] = {}
for _group in GROUPS:
    _all = frozenset(_group.split())
    for _name in _all:
        _SHORT[_name] = _SHORT.get(_name, frozenset()) | _all


def handle_key(handle: str) -> str:
    """A handle as it is compared: without @, address, case and invisible characters.

    A telephone number becomes its digits, the British ones with 44 in front. "" where nothing
    is left to compare.
    """
    plain = unicodedata.normalize("NFKC", handle)
    plain = "".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Cc"))
    plain = " ".join(plain.casefold().split())
    if _PHONE.fullmatch(plain):
        digits = re.sub(r"\D", "", plain.replace("(0)", ""))
        digits = digits.removeprefix("00")
        return "44" + digits[1:] if digits.startswith("0") else digits
    plain = _PREFIX.sub("", plain, count=1) if "/" in plain else plain
    plain = re.sub(r"\A/?u/", "", plain).strip("/ ")
    return plain.removeprefix("@")


def folded(text: str) -> str:
    """Lower case, Latin letters without accents; other scripts and signs stay as they are."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(c for c in plain if unicodedata.category(c) != "Mn" or not _latin_mark(c))
    return unicodedata.normalize("NFC", bare.translate(_LETTERS))


def _latin_mark(char: str) -> bool:
    """Accents of Latin letters; vowel signs of Indian scripts are letters and stay."""
    return "\u0300" <= char <= "\u036f" or "\u1dc0" <= char <= "\u20ff" or char >= "\ufe00"


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name as they are compared, titles and decorations left out.

    "O'Hara" is one word, "Smith-Jones" two; what stands in brackets is left out unless nothing
    else is there.
    """
    outside = _BRACKETED.sub(" ", name)
    words = _split(outside) or _split(name)
    kept = [word for word in words if word not in _TITLES]
    return tuple(kept if kept else words)


def _split(name: str) -> list[str]:
    text = _DROPPED.sub("", folded(name))
    # A letter and the vowel signs on it are one word: regular expressions call those no letters.
    joined = "".join(c if unicodedata.category(c)[0] in "LM" else " " for c in text)
    return joined.split()


def name_key(name: str) -> str:
    """A whole name as it is compared: "Ella O'Hara" is "ella ohara"."""
    return " ".join(name_words(name))


def short_forms(first_name: str) -> frozenset[str]:
    """Every form of a first name that is common in Britain and Ireland, itself included."""
    word = " ".join(name_words(first_name))
    return _SHORT.get(word, frozenset()) | {word}


def same_first_name(one: str, other: str) -> bool:
    """Whether two first names are the same or forms of one name ("Katie", "Catherine")."""
    return " ".join(name_words(other)) in short_forms(one)


def masked(first_name: str, surname: str) -> str:
    """A name in a list: first name and initial, "Ella H." """
    initial = surname.strip()[:1].upper()
    return f"{first_name} {initial}." if initial else first_name
