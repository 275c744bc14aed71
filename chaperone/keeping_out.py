"""After the register or the accounts changed: whom open matters are kept from (practice 4.14).

A handle that is added to somebody today hides what stands in the queue since yesterday. Filing
does the same for what is new; this is for what was there before.
"""

from casework import subjects
from models.unit_of_work import Store


class KeepingOut:
    """One worker's watch over it. The first look is always taken."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen: tuple[object, ...] | None = None

    def __call__(self) -> int:
        """How many rows are new; nothing is looked at while nothing changed."""
        with self._store.read() as session:
            present = subjects.fingerprint(session)
        if present == self._seen:
            return 0
        found = subjects.match_again(self._store)
        self._seen = present
        return found
