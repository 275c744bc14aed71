"""Who is on the register already: how a row of a booking system's file finds its person again.

By the booking number, else by name and date of birth. Where that does not tell two people apart, or
somebody of the name stands there without a date of birth, a person has to look.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from casework import ages
from casework.register_names import name_key
from casework.register_rows import RowValues
from models.errors import Refused
from models.register_words import Standing
from models.tables import RegisterPerson


@dataclass(slots=True)
class Known:
    """Who is on the register, for finding rows again."""

    by_ref: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    born: dict[int, date | None] = field(default_factory=dict)
    ref: dict[int, str | None] = field(default_factory=dict)
    grown_up: set[int] = field(default_factory=set)

    def add(self, row: RegisterPerson) -> None:
        """Somebody is on the register now, or stands there as this."""
        if row.external_ref:
            self.by_ref[row.external_ref] = row.id
        names = self.by_name[name_key(f"{row.first_name} {row.surname}")]
        if row.id not in names:
            names.append(row.id)
        self.born[row.id], self.ref[row.id] = row.date_of_birth, row.external_ref
        if row.standing is Standing.ADULT:
            self.grown_up.add(row.id)

    def find(self, row: RowValues, today: date) -> int | None:
        """The id of the person of this row; None where it is nobody here.

        Raises Refused where it cannot be told who it is.
        """
        if row.external_ref and row.external_ref in self.by_ref:
            return self.by_ref[row.external_ref]
        named = self.by_name.get(name_key(f"{row.first_name} {row.surname}"), [])
        same = [each for each in named if self.born[each] == row.date_of_birth]
        if row.date_of_birth is None and not same:
            same = named
        if len(same) > 1:
            raise Refused(
                "Several people on the register have this name, and nothing tells them apart.",
                subject=f"row {row.row}",
                cure="Add the booking number or the date of birth.",
            )
        if same and row.external_ref and self.ref[same[0]] not in (None, row.external_ref):
            raise Refused(
                "Somebody of this name and date of birth has another booking number.",
                subject=f"row {row.row}",
                cure="Look whether it is the same person, and mend the number.",
            )
        if not same and any(self._may_be(each, row, today) for each in named):
            raise Refused(
                "Somebody of this name is on the register without a date of birth.",
                subject=f"row {row.row}",
                cure="Look whether it is the same person, and add the date of birth there.",
            )
        return same[0] if same else None

    def _may_be(self, person_id: int, row: RowValues, today: date) -> bool:
        """Whether a namesake without a date of birth could be the person of the row."""
        child = row.date_of_birth is not None and today < ages.adulthood_day(row.date_of_birth)
        undated = self.born[person_id] is None
        return undated and not (child and person_id in self.grown_up)
