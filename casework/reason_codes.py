"""The reasons that a decision can give, and the texts of each (reasons.toml; C11, C12)."""

import re
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from typing import Any

from models.errors import MendSettings, Refused
from models.vocabulary import DecisionKind

AUDIENCES = ("author", "public", "affected")
"""Whom a decision may have to be explained to."""

FIELDS = frozenset({"place", "name"})
"""What a text may leave open: the place is filled by the program, the name by the decider."""

_KEYS = frozenset({"kinds", "title", "clause", *AUDIENCES})


@dataclass(frozen=True, slots=True)
class ReasonCode:
    """One reason. texts: by audience ("author", "public", "affected"); absent: nobody is told."""

    code: str
    title: str
    clause: str
    kinds: frozenset[DecisionKind]
    texts: dict[str, str]


def reasons(kind: DecisionKind) -> tuple[ReasonCode, ...]:
    """The reasons that can stand behind this kind of decision, in the order of the file."""
    return tuple(reason for reason in _shipped().values() if kind in reason.kinds)


def reason_for(kind: DecisionKind, code: str) -> ReasonCode:
    """That reason. Raises Refused where there is none, or it cannot stand behind the decision."""
    found = _shipped().get(code)
    if found is None or kind not in found.kinds:
        raise Refused(
            "No reason was chosen." if not code else f'"{code}" is not a reason for that.',
            subject=f"the decision to {kind.value}",
            cure="Choose one of the reasons that are offered.",
        )
    return found


@lru_cache(maxsize=1)
def _shipped() -> dict[str, ReasonCode]:
    return read_reasons((files("casework") / "reasons.toml").read_text(encoding="utf-8"))


def read_reasons(written: str) -> dict[str, ReasonCode]:
    """Reasons by code, from TOML. Raises MendSettings ("did you mean") for what cannot be right."""
    return {code: _reason(code, table) for code, table in tomllib.loads(written).items()}


def _reason(code: str, table: dict[str, Any]) -> ReasonCode:
    for key in table:
        _known(key, _KEYS, f"reason {code}")
    for kind in table.get("kinds", []):
        _known(kind, {each.value for each in DecisionKind}, f"reason {code}, kinds")
    texts = {audience: str(table[audience]) for audience in AUDIENCES if audience in table}
    for audience, text in texts.items():
        for gap in re.findall(r"\{([^}]*)\}", text):
            _known(gap, FIELDS, f"reason {code}, {audience}")
    if not (table.get("title") and table.get("clause") and table.get("kinds")):
        raise MendSettings(
            "It lacks a title, a clause or its kinds.",
            subject=f"reason {code}",
            cure="Give it all three.",
        )
    kinds = frozenset(DecisionKind(kind) for kind in table["kinds"])
    return ReasonCode(code, str(table["title"]), str(table["clause"]), kinds, texts)


def _known(word: str, words: set[str] | frozenset[str], subject: str) -> None:
    if word in words:
        return
    close = get_close_matches(word, sorted(words), n=1)
    cure = f'Did you mean "{close[0]}"?' if close else f"Use one of {', '.join(sorted(words))}."
    raise MendSettings(f'"{word}" is not known.', subject=subject, cure=cure)
