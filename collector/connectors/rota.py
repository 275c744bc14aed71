"""A cursor for platforms that tell nothing of edits and deletions: known ids, looked up in turn.

The newest `keep` ids are remembered; each poll looks a share of them up again, so that each
comes round. Ids that are older than that are stored and no longer looked at.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

AT_ONCE = 300
"""Ids looked up again in one poll."""

_LONGEST = 400
"""Characters of a mark, as it is read back from a cursor."""


@dataclass(slots=True)
class Rota:
    """What the cursor says. known: ids, newest last. marks: where each listing was left.

    turn: how far the rechecking is; the place among the known ids to go on from.
    """

    keep: int
    known: dict[str, None] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    turn: int = 0

    def holds(self, native_id: str) -> bool:
        """Whether the post was stored by an earlier batch and is still remembered."""
        return native_id in self.known

    def learn(self, ids: Iterable[str]) -> None:
        """These are stored with this batch, oldest first; the oldest known make room."""
        for native_id in ids:
            self.known.setdefault(native_id)
        for extra in list(self.known)[: max(len(self.known) - self.keep, 0)]:
            del self.known[extra]

    def forget(self, ids: Iterable[str]) -> None:
        """These are gone and need no further look."""
        for native_id in ids:
            self.known.pop(native_id, None)

    def next_turn(self, seen: Collection[str] = (), count: int = AT_ONCE) -> list[str]:
        """The ids to look up again now, newest first. seen: looked at already in this poll."""
        waiting = [one for one in reversed(self.known) if one not in seen]
        if not waiting:
            return []
        start = self.turn % len(waiting)
        chosen = (waiting[start:] + waiting[:start])[:count]
        self.turn = (start + len(chosen)) % len(waiting)
        return chosen

    def cursor(self) -> str:
        """As text."""
        said = {"v": 1, "known": list(self.known), "marks": self.marks, "turn": self.turn}
        return json.dumps(said, separators=(",", ":"))


def read_rota(cursor: str | None, keep: int) -> Rota:
    """The rota in a cursor; an empty one for None or for what is no cursor of ours."""
    try:
        said = json.loads(cursor or "{}")
        known = {str(one): None for one in said["known"]}
        marks = {str(name): str(mark)[:_LONGEST] for name, mark in said["marks"].items()}
        return Rota(keep, known, marks, int(said["turn"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Rota(keep)
