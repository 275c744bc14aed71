"""Whether the name of an account or an address suits the organisation (C7): advice, never a ban.

    lint("larkspur_dance", ())                        # ()
    lint("sexydancer1994@gmail.com", ())              # free mail, a birth year, a pet name

Pure: the names of registered children are given by the caller and never come back in the advice.
"""

import re
from collections.abc import Iterable
from functools import cache

from casework.register_names import folded
from classifier.detector import Text
from classifier.detectors.profanity import ProfanityDetector
from classifier.normalise import normalise

FREE_MAIL = frozenset(
    (
        *("aol.com", "aol.co.uk", "btinternet.com", "gmail.com", "gmx.com", "gmx.co.uk"),
        *("googlemail.com", "hotmail.com", "hotmail.co.uk", "icloud.com", "live.com"),
        *("live.co.uk", "mac.com", "mail.com", "me.com", "msn.com", "ntlworld.com"),
        *("outlook.com", "outlook.co.uk", "proton.me", "protonmail.com", "sky.com"),
        *("talktalk.net", "tiscali.co.uk", "virginmedia.com", "yahoo.com", "yahoo.co.uk"),
        *("ymail.com", "yandex.com", "zoho.com"),
    )
)
"""Where anybody can have an address: it leaves with the person, and proves nothing."""

_PET_NAMES = frozenset(
    (
        *("angel", "babe", "babes", "baby", "babygirl", "bae", "bestie", "boo", "cutie"),
        *("cuddles", "daddy", "darling", "diva", "doll", "dolly", "flirt", "foxy", "gorgeous"),
        *("honey", "hottie", "hotstuff", "hun", "hunk", "hunny", "hunni", "kitten", "kisses"),
        *("lil", "lovely", "mama", "mummy", "naughty", "papa", "petal", "princess", "pumpkin"),
        *("sassy", "sexy", "sexi", "stud", "sugar", "sunshine", "sweetheart", "sweetie"),
        *("tinkerbell", "treacle", "xo", "xoxo", "xx", "xxx"),
    )
)
_WITHIN = ("babygirl", "hottie", "sexy", "sexi", "xoxo", "gorgeous", "sweetheart", "cutie")
"""Pet names that are found inside a longer word too: no place or surname holds them."""

_YEAR = re.compile(r"(?<!\d)(?:19[3-9]\d|20[01]\d)(?!\d)")
_SHORTEST = 2

FREE = "The address is at a free mail service. One of your own domain stays with you."
YEAR = "It holds what reads as a year of birth. Take it out."
PET = "It reads as a nickname or a pet name. Use the organisation's name and a role."
STRONG = "It reads as strong language. Change it now."
CHILD = "It holds the full name of a child on your register. Change it now."


def lint(name: str, children: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """What is not fit about a handle, a display name or an e-mail address, in plain sentences.

    children: (first name, surname) of every registered child.
    """
    local, at, domain = name.strip().partition("@")
    is_address = bool(local) and bool(at) and "." in domain
    own = local if is_address else name
    words = _words(own)
    found = (
        (FREE, is_address and domain.casefold().rstrip(".") in FREE_MAIL),
        (YEAR, bool(_YEAR.search(own))),
        (PET, _is_pet_name(words)),
        (STRONG, _is_strong(own, words)),
        (CHILD, _names_child(words, children)),
    )
    return tuple(advice for advice, true in found if true)


def _words(name: str) -> tuple[str, ...]:
    """The words that make up a handle: "MayaFields_99" is ("maya", "fields")."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return tuple(re.findall(r"[^\W\d_]+", folded(apart)))


def _is_pet_name(words: tuple[str, ...]) -> bool:
    whole = any(word in _PET_NAMES for word in words)
    return whole or any(part in word for part in _WITHIN for word in words)


def _is_strong(own: str, words: tuple[str, ...]) -> bool:
    texts = (own, " ".join(words))
    read = [Text(str(number), normalise(text)) for number, text in enumerate(texts)]
    return any(_profanity().detect(read))


@cache
def _profanity() -> ProfanityDetector:
    return ProfanityDetector()


def _names_child(words: tuple[str, ...], children: Iterable[tuple[str, str]]) -> bool:
    """Both names in full: a first name alone is half the town's."""
    joined = "".join(words)
    for first, surname in children:
        one, two = "".join(_words(first)), "".join(_words(surname))
        if min(len(one), len(two)) < _SHORTEST:
            continue
        apart = one in words and two in words
        if apart or one + two in joined or two + one in joined:
            return True
    return False
