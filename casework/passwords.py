"""Passwords: how they are kept (argon2id) and which are refused.

Parameters: RFC 9106's second choice (64 MiB, three passes), about a twentieth of a second on a
small machine. At most two are worked on at once, so that a burst of sign-ins cannot take all the
memory. Passwords are compared after NFKC, so that one typed on another keyboard still fits.
"""

import re
import threading
import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from models.errors import Refused

SHORTEST = 12
LONGEST = 200

_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_TWO_AT_ONCE = threading.BoundedSemaphore(2)

_COMMON = frozenset(
    (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split()
)
"""Words that everybody tries first, in small letters without digits; one a line."""

_LOOKALIKES = str.maketrans("0134578@$!", "oieastbasi")
_RUNS = "abcdefghijklmnopqrstuvwxyz qwertyuiopasdfghjklzxcvbnm 01234567890123456789"


def hash_password(password: str) -> str:
    """The argon2id hash, in its own text form (algorithm, parameters, salt, hash)."""
    with _TWO_AT_ONCE:
        return _HASHER.hash(_normal(password))


def fits(stored: str, password: str) -> bool:
    """Whether the password is the stored one. Takes the same time when `stored` is empty.

    An empty or unreadable hash (an account not yet set up, no such account) is compared with a
    decoy, so that the time taken does not tell who has an account.
    """
    decoy = _decoy()
    with _TWO_AT_ONCE:
        try:
            return _HASHER.verify(stored or decoy, _normal(password)) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False


def require_good(password: str, *own: str) -> None:
    """Raises Refused, with the reason, for a password that is easily guessed.

    own: the person's name, user name and e-mail address.
    """
    why = _weakness(_normal(password), own)
    if why:
        raise Refused(
            why,
            subject="the new password",
            cure=f"Choose at least {SHORTEST} characters; three or four unrelated words do well.",
        )


@cache
def _decoy() -> str:
    return _HASHER.hash("nobody has this password")


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _weakness(password: str, own: tuple[str, ...]) -> str:
    if len(password) < SHORTEST:
        return f"It has fewer than {SHORTEST} characters."
    if len(password) > LONGEST:
        return f"It has more than {LONGEST} characters."
    plain = password.casefold()
    if len(set(plain)) < 5:
        return "It repeats the same few characters."
    letters = re.sub(r"[\W\d_]+", "", plain)
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    disguised = re.sub(r"[\W\d_]+", "", core.translate(_LOOKALIKES))
    if letters in _COMMON or disguised in _COMMON or _repeats_common(letters):
        return "It is among the first that anybody would try."
    if _is_a_run(plain):
        return "It follows the order of the keyboard, the alphabet or the numbers."
    for name in own:
        if _is_mostly(name, letters):
            return "It is made of your own name or address."
    return ""


def _repeats_common(letters: str) -> bool:
    """ "passwordpassword", "dancedancedance": one common word over and over."""
    return any(letters and letters == word * (len(letters) // len(word)) for word in _COMMON)


def _is_a_run(plain: str) -> bool:
    """Whether what is left after taking out long runs is next to nothing."""
    left = plain
    for size in range(min(len(plain), 19), 3, -1):
        for start in range(len(plain) - size + 1):
            piece = plain[start : start + size]
            if piece in _RUNS or piece[::-1] in _RUNS:
                left = left.replace(piece, "")
    return len(left) < 4


def _is_mostly(name: str, letters: str) -> bool:
    """Whether the password without the person's names leaves fewer than four letters."""
    parts = [part for part in re.split(r"[\W\d_]+", name.casefold()) if len(part) > 2]
    left = letters
    for part in sorted(parts, key=len, reverse=True):
        left = left.replace(part, "")
    return left != letters and len(left) < 4
