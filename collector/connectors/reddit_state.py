"""Reddit's cursor: the newest known fullnames, and which of them are looked up again next.

Polling has no `before=`: with an id that was deleted it answers nothing for ever, and old posts
reappear in the middle of a listing when a moderator approves them.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

KINDS = ("t3", "t1")
RECHECKED_AT_ONCE = 300
"""Ids looked up again in one poll: three requests of the hundred that Reddit allows a minute."""


@dataclass(slots=True)
class State:
    """What the cursor says. known: fullnames per kind, newest first; turn: where rechecking is."""

    keep: int
    known: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    turn: int = 0

    def holds(self, name: str) -> bool:
        """Whether the thing was stored by an earlier batch."""
        return name in self.known.get(name[:2], ())

    def learn(self, names: Iterable[str]) -> None:
        """These are stored: newest first, up to `keep` of each kind."""
        fresh = list(names)
        for kind in KINDS:
            mine = [name for name in fresh if name.startswith(kind)]
            self.known[kind] = list(dict.fromkeys(mine + self.known[kind]))[: self.keep]

    def forget(self, names: Iterable[str]) -> None:
        """These are gone for good and need no further look."""
        lost = set(names)
        for kind in KINDS:
            self.known[kind] = [name for name in self.known[kind] if name not in lost]

    def next_turn(self, seen: set[str]) -> list[str]:
        """The ids to look up again now: each comes round in turn. seen: looked at already."""
        waiting = [name for kind in KINDS for name in self.known[kind] if name not in seen]
        if not waiting:
            return []
        start = self.turn % len(waiting)
        chosen = (waiting[start:] + waiting[:start])[:RECHECKED_AT_ONCE]
        self.turn = (start + len(chosen)) % len(waiting)
        return chosen

    def cursor(self) -> str:
        """As text."""
        return json.dumps({"v": 1, "known": self.known, "turn": self.turn}, separators=(",", ":"))


def read_state(cursor: str | None, keep: int) -> State:
    """The state in a cursor; an empty one for None or for what is no cursor of ours."""
    state = State(keep)
    try:
        said = json.loads(cursor or "{}")
        known = {kind: [str(name) for name in said["known"][kind]] for kind in KINDS}
        state.known, state.turn = known, int(said["turn"])
    except (ValueError, KeyError, TypeError):
        return State(keep)
    return state
