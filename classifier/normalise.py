"""One text, three ways of looking at it, and exact offsets back to what was written.

    original   as it was posted
    text       for identifiers: NFKC, no invisible characters, plain quotes and spaces, emoji
               keycaps as digits. Case, digits and line ends stay.
    words      for words: `text` in lower case, accents and look-alike letters folded, digits and
               signs that stand for letters inside a word read as letters, "f u c k" closed up,
               "noooo" shortened.

Every step is linear in the length of the text. A span found in `text` is mapped back by
`to_original`, one found in `words` by `words_to_original`.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

Offsets = tuple[list[int], list[int]] | None
"""Start and end in the original of each character; None where nothing moved."""

Keep = Callable[[re.Match[str]], list[int]]
"""Which places of a match stay."""

_MARKS_IN_A_ROW = 8
"""More combining marks than this on one letter are noise; ordering them is quadratic."""

_PLAIN = str.maketrans(
    "\u2018\u2019\u201a\u201b\u02bc\u02b9\u2032\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
    "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2044\u2028\u2029",
    "''''''" + "'" + '""""' + '"' + '""' + "-------" + "/" + "\n\n",
)
_UNSEEN = {"\u20e3", "\u00ad", "\u034f", "\u115f", "\u1160", "\u3164", "\uffa0", "\u2800"}
_UNSEEN |= {chr(selector) for selector in range(0xFE00, 0xFE10)}
_LOOKALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u043a"
    "\u043c\u0442\u0432\u043d\u03b1\u03b5\u03bf\u03c1\u03c4\u03c5\u03bd\u03ba\u03b9\u03c7\u0261"
    "\u0131\u00f8\u0142\u0111\u00f0\u01c3\u1d00\u0299\u1d04\u1d05\u1d07\ua730\u0262\u029c\u026a"
    "\u1d0a\u1d0b\u029f\u1d0d\u0274\u1d0f\u1d18\u0280\ua731\u1d1b\u1d1c\u1d20\u1d21\u028f\u1d22",
    "aeopcyxijshdqwkmtbhaeoptuvkixgioldd!abcdefghijklmnoprstuvwyz",
)
_BLOCK_LETTERS = {
    chr(first + step): chr(ord("a") + step)
    for first in (0x1F130, 0x1F150, 0x1F170)
    for step in range(26)
}
_LEET = str.maketrans("013457$@!|\u20ac+", "oieastsaiiet")
_LEET_TOKEN = re.compile(r"(?<![^\s(\"'])@?[^\W\d_]*[0-9$@!|\u20ac+][0-9$@!|\u20ac+\w]*")
_SPACED = re.compile(r"(?<!\w)(?:[^\W\d_][ ._*~\-]{1,2}){2,}[^\W\d_](?!\w)")
_LONG = re.compile(r"([^\W\d_])\1{2,}")
_DOUBLES = frozenset("ls")
"""Letters that English often doubles at the end: "killlll" is kill, "sooo" is so."""


@dataclass(frozen=True, slots=True)
class Normalised:
    """See the module. Build it with `normalise`."""

    original: str
    text: str
    words: str
    offsets: Offsets = None
    word_offsets: Offsets = None

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that `text[start:end]` came from, end exclusive."""
        return _back(self.offsets, start, end, len(self.original))

    def words_to_original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that `words[start:end]` came from, end exclusive."""
        return _back(self.word_offsets, start, end, len(self.original))


def normalise(text: str) -> Normalised:
    """Read any string; never fails, and an empty one stays empty."""
    light, offsets = (text, None) if text.isascii() else _light(text)
    words, moves = _fold(light)
    return Normalised(text, light, words, offsets, _chain(offsets, moves))


def _back(offsets: Offsets, start: int, end: int, length: int) -> tuple[int, int]:
    if offsets is None:
        return start, end
    starts, ends = offsets
    first = starts[start] if start < len(starts) else length
    return (first, ends[end - 1]) if end > start else (first, first)


def _chain(first: Offsets, second: Offsets) -> Offsets:
    """Offsets of the second step, expressed in what the first one started from."""
    if first is None or second is None:
        return first if second is None else second
    starts, ends = first
    return [starts[i] for i in second[0]], [ends[i - 1] for i in second[1]]


@lru_cache(maxsize=8192)
def _plain(cluster: str) -> str:
    """A character with its marks in compatibility form; "" for what cannot be seen."""
    kept = [c for c in cluster if c not in _UNSEEN and unicodedata.category(c) != "Cf"]
    shown = unicodedata.normalize("NFKC", "".join(kept)).translate(_PLAIN)
    return "".join(" " if c.isspace() and c not in "\n\r\t" else c for c in shown)


def _is_mark(char: str) -> bool:
    return char >= "\u0300" and unicodedata.category(char) in ("Mn", "Me", "Mc")


def _light(text: str) -> tuple[str, Offsets]:
    """Cluster by cluster: a letter and the marks on it change together."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at, length = 0, len(text)
    while at < length:
        after = at + 1
        while after < length and _is_mark(text[after]):
            after += 1
        shown = _plain(text[at : min(after, at + 1 + _MARKS_IN_A_ROW)])
        out.append(shown)
        starts.extend([at] * len(shown))
        ends.extend([after] * len(shown))
        at = after
    return "".join(out), (starts, ends)


@lru_cache(maxsize=8192)
def _folded_char(char: str) -> str:
    """One character in lower case, without accents, look-alikes read as Latin letters."""
    if char in _BLOCK_LETTERS:
        return _BLOCK_LETTERS[char]
    parts = unicodedata.normalize("NFKD", char.lower()).translate(_LOOKALIKES)
    return "".join(c for c in parts if unicodedata.category(c) != "Mn") or char


def _lower(text: str) -> tuple[str, Offsets]:
    if text.isascii():
        return text.lower(), None
    folded = [_folded_char(char) for char in text]
    joined = "".join(folded)
    if len(joined) == len(text):
        return joined, None
    starts = [at for at, piece in enumerate(folded) for _ in piece]
    return joined, (starts, [start + 1 for start in starts])


def _fold(light: str) -> tuple[str, Offsets]:
    words, moves = _lower(light)
    words = _LEET_TOKEN.sub(_unleet, words)  # keeps the length
    for pattern, keep in ((_SPACED, _keep_letters), (_LONG, _keep_short)):
        match = pattern.search(words)
        if match is not None:
            words, step = _drop(words, pattern, keep)
            moves = _chain(moves, step)
    return words, moves


def _unleet(match: re.Match[str]) -> str:
    """Signs read as letters where they stand inside a word; "1st", "year7" and "@ella" stay."""
    token = match.group()
    letters = sum(c.isalpha() for c in token)
    if not letters or letters == len(token):
        return token
    first = next(i for i, c in enumerate(token) if c.isalpha())
    last = max(i for i, c in enumerate(token) if c.isalpha())
    inside = token[first : last + 1]
    digits = sum(c.isdigit() for c in inside)
    if digits > letters or re.search(r"\d{2}", inside):
        return token
    read = inside.translate(_LEET)
    head, tail = token[:first], token[last + 1 :]
    if head in ("$", "5", "@") and (read != inside or tail.startswith("$") or head == "$"):
        head = head.translate(_LEET)
    elif head == "@" and token.startswith(("@ss", "@rse")):
        head = "a"
    money = tail.count("$")
    return head + read + ("s" * money + tail[money:] if tail.startswith("$") else tail)


def _keep_letters(match: re.Match[str]) -> list[int]:
    run, start = match.group(), match.start()
    return [start + at for at, char in enumerate(run) if char.isalpha()]


def _keep_short(match: re.Match[str]) -> list[int]:
    return [match.start() + at for at in range(2 if match.group(1) in _DOUBLES else 1)]


def _drop(text: str, pattern: re.Pattern[str], keep: Keep) -> tuple[str, Offsets]:
    """Every match cut down to the positions that `keep` names; the last one takes the rest."""
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in pattern.finditer(text):
        starts.extend(range(at, match.start()))
        ends.extend(range(at + 1, match.start() + 1))
        kept = keep(match)
        starts.extend(kept)
        ends.extend([place + 1 for place in kept[:-1]] + [match.end()])
        at = match.end()
    starts.extend(range(at, len(text)))
    ends.extend(range(at + 1, len(text) + 1))
    return "".join(text[place] for place in starts), (starts, ends)
