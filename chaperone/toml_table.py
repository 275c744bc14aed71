"""Reading one table of a TOML file strictly: every key known, every value of the right kind.

A mistake becomes MendSettings that says which file and key, what was expected, and what was
perhaps meant. Values are repeated only where they are words to choose from, so that a token
written in the wrong place is not printed.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from models.errors import MendSettings

E = TypeVar("E", bound=StrEnum)

_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_DURATION = re.compile(r"(\d{1,6}) *(second|minute|hour|day)s?")
_SHOWN = re.compile(r"[\w .:+-]{1,32}")
"""What may be repeated in a message: short and plain."""


def read_toml(path: Path) -> dict[str, Any]:
    """The whole file. Raises MendSettings where it is missing, unreadable or not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise MendSettings(
            "There is no such file.",
            subject=str(path),
            cure="Write one with `chaperone init`, or name another with --config.",
        ) from error
    except OSError as error:
        raise MendSettings(
            f"It cannot be read ({error.strerror}).",
            subject=str(path),
            cure="Check that it is a file and that you may read it.",
        ) from error
    except UnicodeDecodeError as error:
        raise MendSettings(
            "It is not UTF-8 text.",
            subject=str(path),
            cure="Save it as UTF-8 in a plain text editor.",
        ) from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at (line \d+), column \d+\)", str(error))
        raise MendSettings(
            f"It is not TOML: there is a mistake {'in ' + found[1] if found else 'at the end'}.",
            subject=str(path),
            cure="Text stands in double quotes, lists in square brackets, one key on each line.",
        ) from error


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`Did you mean "port"?`, or the list of what there is."""
    names = sorted(known)
    close = get_close_matches(word, names, n=1)
    return f'Did you mean "{close[0]}"?' if close else f"It can be: {', '.join(names)}."


class TomlTable:
    """One table. Take each key once; `finish` refuses what was not taken.

    file: what the messages call the file. where: the table's place in it, "" at the top.
    """

    def __init__(self, file: str, where: str, values: Mapping[str, Any]) -> None:
        self.file = file
        self.where = where
        self._values = values
        self._known: set[str] = set()

    def wrong(self, key: str, what: str, cure: str) -> MendSettings:
        """The error for a key, to be raised by the caller."""
        place = f"{self.where}.{key}" if self.where else key
        return MendSettings(what, subject=f"{self.file}, {place}", cure=cure)

    def missing(self, key: str, cure: str) -> MendSettings:
        """The error for a key that is needed and not there, perhaps because it is misspelt."""
        unknown = [given for given in self._values if given not in self._known]
        close = get_close_matches(key, unknown, n=1, cutoff=0.8)
        if close:
            return self.wrong(close[0], "There is no such key.", f'Did you mean "{key}"?')
        return self.wrong(key, "It is missing.", cure)

    def has(self, key: str) -> bool:
        """Whether the key is there. It counts as known from now on."""
        self._known.add(key)
        return key in self._values

    def _take(self, key: str, kind: type, default: Any, expected: str) -> Any:
        if not self.has(key):
            if default is None:
                raise self.missing(key, f"Write {expected}.")
            return default
        value = self._values[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.wrong(key, "It has the wrong kind of value.", f"Write {expected}.")
        return value

    def text(self, key: str, default: str | None = None, example: str = "some words") -> str:
        """A text; without a default it must be there and not be empty."""
        value: str = self._take(key, str, default, f'text in double quotes, like "{example}"')
        if default is None and not value.strip():
            raise self.wrong(key, "It is empty.", f'Write for example "{example}".')
        return value

    def number(self, key: str, default: int | None, low: int, high: int) -> int:
        """A whole number between low and high, both included."""
        expected = f"a whole number from {low} to {high}"
        value: int = self._take(key, int, default, expected)
        if not low <= value <= high:
            raise self.wrong(key, f"{value} is out of range.", f"Write {expected}.")
        return value

    def yes_no(self, key: str, default: bool | None = None) -> bool:
        """true or false."""
        return bool(self._take(key, bool, default, "true or false, without quotes"))

    def texts(self, key: str, default: tuple[str, ...] | None = ()) -> tuple[str, ...]:
        """A list of texts."""
        expected = 'a list of texts, like ["one", "two"]'
        value = self._take(key, list, None if default is None else list(default), expected)
        if not all(isinstance(entry, str) for entry in value):
            raise self.wrong(key, "Something in the list is not text.", f"Write {expected}.")
        return tuple(value)

    def choice(self, key: str, words: Iterable[str], default: str | None = None) -> str:
        """One of the words."""
        known = tuple(words)
        value = self.text(key, default, known[0])
        if value not in known:
            said = f'"{value}"' if _SHOWN.fullmatch(value) else "That"
            raise self.wrong(key, f"{said} is not known here.", did_you_mean(value, known))
        return value

    def word(self, key: str, words: type[E], default: E | None = None) -> E:
        """One of the words of an enum of the vocabulary."""
        return words(self.choice(key, [str(word) for word in words], default))

    def duration(self, key: str, default: str) -> timedelta:
        """A length of time such as "30 seconds" or "5 minutes", at least one second."""
        said = self.text(key, default, "5 minutes").strip()
        found = _DURATION.fullmatch(said)
        length = int(found[1]) * _UNITS[found[2]] if found else 0
        if not 1 <= length <= 366 * 86400:
            cure = 'Write for example "30 seconds", "5 minutes" or "2 hours".'
            raise self.wrong(key, "It is not a length of time.", cure)
        return timedelta(seconds=length)

    def table(self, key: str) -> "TomlTable":
        """A table inside this one; an empty one where it is absent."""
        place = f"{self.where}.{key}" if self.where else key
        expected = f"a table, with a line [{place}] above its keys"
        return TomlTable(self.file, place, self._take(key, dict, {}, expected))

    def tables(self) -> tuple[tuple[str, "TomlTable"], ...]:
        """Every table inside this one, by its own name, in the file's order."""
        return tuple((key, self.table(key)) for key in self._values)

    def finish(self) -> None:
        """Raises MendSettings for the first key that nobody asked for."""
        for key in self._values:
            if key not in self._known:
                raise self.wrong(key, "There is no such key.", did_you_mean(key, self._known))
