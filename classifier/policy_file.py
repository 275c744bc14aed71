"""Reading the policy: the shipped file, the organisation's file over it, every word checked.

An unknown key, label, route, level or clause and a threshold outside 0 to 1 are MendSettings
with "did you mean", at start: a policy that is half understood must not decide anything.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from classifier.due import parse_due
from models.errors import MendSettings
from models.vocabulary import Audience, AuthorRole, Category, Level, Route

FORMAT = 1
SHIPPED = Path(__file__).with_name("policy.toml")
CLAUSES = 80
"""How many numbered clauses there are (docs/clauses.md)."""

Table = dict[str, Any]
Check = Callable[[Any], str]
"""Says what is wrong with a value; "" where nothing is."""


def read_policy(path: Path | None) -> Table:
    """The shipped policy with the organisation's file (None: no file) layered over it.

    Raises MendSettings naming the file, the key and the cure.
    """
    shipped = _parse(SHIPPED)
    _check_table(shipped, _policy_keys(), SHIPPED.name, "")
    if path is None:
        return shipped
    own = _parse(path)
    _check_table(own, _policy_keys(), path.name, "")
    merged = _layer(_everywhere(shipped, own), own)
    _check_children(merged, path.name)
    return merged


def _parse(path: Path) -> Table:
    try:
        table: Table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise MendSettings(
            "The policy file is not there.",
            subject=path.name,
            cure="Check policy.path, or leave it out to use the shipped policy.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MendSettings(
            f"It is not readable TOML: {error}.", subject=path.name, cure="Mend that line."
        ) from error
    return table


def _everywhere(shipped: Table, own: Table) -> Table:
    """Shipped, less what would let through more in some place than the threshold that the
    organisation sets for all places. A lower one stands: nobody loses a sign by asking for more."""
    categories = dict(shipped["categories"])
    for name, written in own.get("categories", {}).items():
        if "threshold" in written:
            places = categories[name].get("audience", {})
            less = {
                place: {
                    key: value
                    for key, value in here.items()
                    if key != "threshold" or value <= written["threshold"]
                }
                for place, here in places.items()
            }
            categories[name] = {**categories[name], **({"audience": less} if less else {})}
    return {**shipped, "categories": categories}


def _layer(under: Table, over: Mapping[str, Any]) -> Table:
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        both = isinstance(value, dict) and isinstance(below, dict)
        merged[key] = _layer(below, value) if both and below is not None else value
    return merged


def _words(value: Any) -> str:
    return "" if isinstance(value, str) and value.strip() else "It must be words in quotes."


def _yes_no(value: Any) -> str:
    return "" if isinstance(value, bool) else "It must be true or false."


def _share(value: Any) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return "" if number and 0 <= value <= 1 else "It must be a number from 0 to 1."


def _points(value: Any) -> str:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return "" if whole and 0 <= value <= 1000 else "It must be a whole number from 0 to 1000."


def _due(value: Any) -> str:
    if isinstance(value, str) and parse_due(value) is not None:
        return ""
    return 'Write "now", "24 hours", "same day", "4 working hours" or "5 working days".'


def _clock(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        return ""
    return 'It must be a time such as "20:00".'


def _clause(value: Any) -> str:
    match = re.fullmatch(r"C(\d{1,2})", value) if isinstance(value, str) else None
    known = match is not None and 1 <= int(match.group(1)) <= CLAUSES
    return "" if known else f"It must be a clause, C1 to C{CLAUSES}."


def _format(value: Any) -> str:
    return "" if value == FORMAT else f"This program reads format {FORMAT}."


def _one_of(words: Iterable[str]) -> Check:
    known = [str(word) for word in words]

    def check(value: Any) -> str:
        return "" if value in known else f"{value!r} is not known.{_did_you_mean(value, known)}"

    return check


def _list_of(item: Check) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, list):
            return "It must be a list in square brackets."
        return next((wrong for wrong in map(item, value) if wrong), "")

    return check


def _did_you_mean(given: object, known: Iterable[str]) -> str:
    options = list(known)
    close = get_close_matches(str(given), options, n=1, cutoff=0.5)
    if close:
        return f' Did you mean "{close[0]}"?'
    return f" Known are: {', '.join(options)}."


def _policy_keys() -> Table:
    """Every key the policy may hold: a table of keys, or the check of a value."""
    level, route = _one_of(Level), _one_of(Route)
    some = {"level": level, "route": route, "due": _due, "threshold": _share, "enabled": _yes_no}
    category = {
        **some,
        "title": _words,
        "explanation": _words,
        "clause": _clause,
        "clause_words": _words,
        "folded": _yes_no,
        "points": _points,
        "advice": _list_of(_words),
        "detector": _share,
        "audience": {str(place): some for place in Audience},
        "author": {str(role): some for role in AuthorRole},
    }
    points = ("each_further_category", "most_for_further_categories", "most_for_score")
    return {
        "format": _format,
        "levels": {
            str(name): {"label": _words, "route": route, "due": _due, "points": _points}
            for name in Level
        },
        "children": {
            "audiences": _list_of(_one_of(Audience)),
            "raise": {str(name): level for name in Level},
            "points": _points,
        },
        "immediate": {"detectors": _list_of(_words)},
        "first": {
            "detectors": _list_of(_words),
            **{"level": level, "route": route, "due": _due, "points": _points},
        },
        "priority": {
            **dict.fromkeys(points, _points),
            "late_staff_contact": _points,
            "late_from": _clock,
            "late_until": _clock,
        },
        "categories": {str(name): category for name in Category},
    }


def _check_table(table: Mapping[str, Any], keys: Table, file: str, place: str) -> None:
    for key, value in table.items():
        name = f"{place}.{key}" if place else key
        if key not in keys:
            raise MendSettings(
                f"There is no such key.{_did_you_mean(key, keys)}",
                subject=f"{file}, {name}",
                cure="Mend the name or take the line out.",
            )
        rule = keys[key]
        if key == "detector" and isinstance(value, dict):
            _check_table(value, dict.fromkeys(value, rule), file, name)
        elif isinstance(rule, dict):
            if not isinstance(value, dict):
                raise MendSettings(
                    "It must be a table.", subject=f"{file}, {name}", cure=f"Write [{name}]."
                )
            _check_table(value, rule, file, name)
        elif wrong := rule(value):
            raise MendSettings(wrong, subject=f"{file}, {name}", cure="Mend the value.")


def _check_children(policy: Table, file: str) -> None:
    """A place with children raises a level, never lowers one."""
    for level, raised in policy["children"]["raise"].items():
        if raised < level:
            raise _lowered(f"{file}, children.raise.{level}")
    for name, category in policy["categories"].items():
        for place in policy["children"]["audiences"]:
            own = category.get("audience", {}).get(place, {}).get("level")
            if own is not None and own < category["level"]:
                raise _lowered(f"{file}, categories.{name}.audience.{place}.level")


def _lowered(subject: str) -> MendSettings:
    return MendSettings(
        "It lowers the level where children are present.",
        subject=subject,
        cure="Give the same level or a higher one.",
    )
