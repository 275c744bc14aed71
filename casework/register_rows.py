"""One row of a booking system's file as values, or why it is not taken in. Pure.

Dates are read as the British write them, the day first. Nothing of a cell stands in a reason.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from casework.register_columns import Field
from casework.register_file import LONGEST_CELL, SheetRow
from models.register_words import ConsentItem, RegisterRole, Standing


@dataclass(frozen=True, slots=True)
class Reject:
    """Why a row is not taken in. column: its heading, "" for the whole row."""

    row: int
    column: str
    why: str
    cure: str


class BadCell(Exception):
    """A cell that cannot be read: where, why, what to do. Caught by `read_row` alone."""

    def __init__(self, field_: Field | None, why: str, cure: str) -> None:
        super().__init__(why)
        self.field, self.why, self.cure = field_, why, cure


@dataclass(frozen=True, slots=True)
class ParentCell:
    """A parent as a row names one. email: only to tell parents apart, kept nowhere."""

    first_name: str
    surname: str
    email: str = ""

    @property
    def name(self) -> str:
        """The whole name."""
        return f"{self.first_name} {self.surname}".strip()


@dataclass(frozen=True, slots=True)
class RowValues:
    """One row. None: the column is not there or the cell is empty, and says nothing.

    consents: what was answered; handles: (connector, handle).
    """

    row: int
    first_name: str
    surname: str
    external_ref: str | None = None
    date_of_birth: date | None = None
    standing: Standing | None = None
    roles: frozenset[RegisterRole] | None = None
    left_on: date | None = None
    aliases: tuple[str, ...] | None = None
    handles: tuple[tuple[str, str], ...] = ()
    parents: tuple[ParentCell, ...] = ()
    consents: Mapping[ConsentItem, bool] = field(default_factory=dict)
    consent_by: str = ""
    consent_date: date | None = None
    evidence: str = ""
    dbs_checked_on: date | None = None
    dbs_renew_on: date | None = None


CONSENTS: Mapping[Field, ConsentItem] = {
    Field.CONSENT_FIRST_NAME: ConsentItem.FIRST_NAME,
    Field.CONSENT_FULL_NAME: ConsentItem.FULL_NAME,
    Field.CONSENT_PHOTO: ConsentItem.PHOTO,
    Field.CONSENT_VIDEO: ConsentItem.VIDEO,
    Field.CONSENT_CONTACT: ConsentItem.DIRECT_CONTACT,
    Field.CONSENT_GROUP: ConsentItem.GROUP_MEMBERSHIP,
}
_HANDLES = {
    Field.HANDLE: "",
    Field.HANDLE_FACEBOOK: "facebook",
    Field.HANDLE_INSTAGRAM: "instagram",
}
_YES = frozenset(
    ("yes", "y", "true", "1", "x", "\u2713", "\u2714", "agreed", "consented", "given", "ok")
)
_NO = frozenset(("no", "n", "false", "0", "refused", "declined", "not given", "none"))
_STANDINGS = {
    "child": Standing.CHILD, "under 18": Standing.CHILD, "minor": Standing.CHILD,
    "junior": Standing.CHILD, "adult": Standing.ADULT, "over 18": Standing.ADULT,
    "18+": Standing.ADULT, "adult at risk": Standing.ADULT_AT_RISK,
    "adult_at_risk": Standing.ADULT_AT_RISK, "vulnerable adult": Standing.ADULT_AT_RISK,
    "unknown": Standing.UNKNOWN, "not known": Standing.UNKNOWN,
}  # fmt: skip
_ROLES = {
    "staff": RegisterRole.STAFF, "teacher": RegisterRole.STAFF, "volunteer": RegisterRole.VOLUNTEER,
    "helper": RegisterRole.VOLUNTEER, "chaperone": RegisterRole.VOLUNTEER,
    "member": RegisterRole.MEMBER, "student": RegisterRole.MEMBER, "pupil": RegisterRole.MEMBER,
    "participant": RegisterRole.MEMBER, "parent": RegisterRole.PARENT, "carer": RegisterRole.PARENT,
    "guardian": RegisterRole.PARENT,
}  # fmt: skip
_MONTH_NAMES = (
    *("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july"),
    *("aug august", "sep sept september", "oct october", "nov november", "dec december"),
)
_MONTHS = {
    name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()
}
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})")
_WRITTEN = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ \-]([a-z]+),?[ \-](\d{4}|\d{2})")
_CLOCK = re.compile(r"[t ]00:00(?::00(?:\.0+)?)?z?\Z")
_NO_CURE = "Write it as day/month/year, for example 02/05/2014."


def read_row(
    row: SheetRow, headings: tuple[str, ...], mapping: Mapping[str, str], today: date
) -> RowValues | Reject:
    """The values of a row, or the first thing that is wrong with it."""
    columns = {Field(to): heading for heading, to in mapping.items() if to}
    extra = [cell for cell in row.cells[len(headings) :] if cell]
    if extra:
        why = "It has more cells than there are headings."
        return Reject(row.number, "", why, "Put quotes round a cell that holds a comma.")
    padded = (*row.cells, *("" for _ in headings))
    cells = {to: padded[headings.index(heading)] for to, heading in columns.items()}
    try:
        _check_cells(cells)
        return _values(row.number, cells, today)
    except BadCell as bad:
        column = columns.get(bad.field, "") if bad.field is not None else ""
        return Reject(row.number, column, bad.why, bad.cure)


def _check_cells(cells: Mapping[Field, str]) -> None:
    for to, cell in cells.items():
        if len(cell) > LONGEST_CELL:
            raise BadCell(to, "The cell is too long.", "Look whether a quote is missing.")
        formula = cell[:1] in ("=", "+") or (cell[:1] == "@" and to not in _HANDLES)
        if formula and not re.fullmatch(r"\+?[\d ()-]+", cell):
            raise BadCell(to, "The cell holds a formula.", "Replace the formula by its value.")


def _values(number: int, cells: Mapping[Field, str], today: date) -> RowValues:
    first, last = _name(cells)
    return RowValues(
        row=number,
        first_name=first,
        surname=last,
        external_ref=_short(cells, Field.EXTERNAL_REF, 120) or None,
        date_of_birth=_birth(cells, today),
        standing=_standing(cells),
        roles=_roles(cells),
        left_on=_day(cells, Field.LEFT_ON, today),
        aliases=_aliases(cells),
        handles=_handles(cells),
        parents=_parents(cells),
        consents=_consents(cells),
        consent_by=_short(cells, Field.CONSENT_BY, 240),
        consent_date=_past(cells, Field.CONSENT_DATE, today),
        evidence=_short(cells, Field.EVIDENCE, 200),
        dbs_checked_on=_past(cells, Field.DBS_CHECKED_ON, today),
        dbs_renew_on=_renewal(cells, today),
    )


def _name(cells: Mapping[Field, str]) -> tuple[str, str]:
    first, last = _short(cells, Field.FIRST_NAME, 120), _short(cells, Field.SURNAME, 120)
    if not first and cells.get(Field.FULL_NAME):
        first, last = parted(_short(cells, Field.FULL_NAME, 240))
    where = Field.FIRST_NAME if Field.FIRST_NAME in cells else Field.FULL_NAME
    if not first:
        raise BadCell(where, "The first name is missing.", "Write the first name.")
    if not any(letter.isalpha() for letter in first):
        raise BadCell(where, "The first name holds no letter.", "Look at the row again.")
    return first, last


def parted(name: str) -> tuple[str, str]:
    """First name and last name of a whole name; "Hartnell, Ella" is turned round."""
    last, comma, first = name.partition(",")
    if comma and first.strip():
        return " ".join(first.split()), " ".join(last.split())
    words = name.split()
    return (words[0], " ".join(words[1:])) if words else ("", "")


def _short(cells: Mapping[Field, str], to: Field, most: int) -> str:
    text = " ".join(cells.get(to, "").split())
    if len(text) > most:
        raise BadCell(to, f"It is longer than {most} characters.", "Shorten it.")
    return "" if text in ("-", "n/a", "N/A") else text


def _birth(cells: Mapping[Field, str], today: date) -> date | None:
    born = _day(cells, Field.DATE_OF_BIRTH, today)
    if born is not None and not date(1900, 1, 1) <= born <= today:
        why = "The date of birth lies in the future or before 1900."
        raise BadCell(Field.DATE_OF_BIRTH, why, "Look at the year again.")
    return born


def _past(cells: Mapping[Field, str], to: Field, today: date) -> date | None:
    day = _day(cells, to, today)
    if day is not None and day > today:
        raise BadCell(to, "The day lies in the future.", "Look at the year again.")
    return day


def _renewal(cells: Mapping[Field, str], today: date) -> date | None:
    """By when a check is to be renewed: only beside the day on which it was seen, and after it."""
    renew = _day(cells, Field.DBS_RENEW_ON, today)
    if renew is None:
        return None
    seen = _past(cells, Field.DBS_CHECKED_ON, today)
    if seen is None:
        why = "It says when a check is to be renewed, and not when it was seen."
        raise BadCell(Field.DBS_RENEW_ON, why, "Add the day on which it was seen.")
    if renew <= seen:
        why = "The check would have to be renewed before it was seen."
        raise BadCell(Field.DBS_RENEW_ON, why, "Write the year with four figures.")
    return renew


def _day(cells: Mapping[Field, str], to: Field, today: date) -> date | None:
    text = _short(cells, to, 60)
    if not text:
        return None
    try:
        found = british_date(text, today)
    except ValueError as error:
        raise BadCell(to, str(error), _NO_CURE) from error
    if found is None:
        raise BadCell(to, "It is not a date that can be read.", _NO_CURE)
    return found


def british_date(text: str, today: date) -> date | None:
    """The date, day first; None where it is none. Two figures of a year mean a year past.

    Raises ValueError, with words for people, where the month cannot be one.
    """
    plain = _CLOCK.sub("", " ".join(text.casefold().split()))
    if found := _YEAR_FIRST.fullmatch(plain):
        year, month, day = (int(each) for each in found.groups())
    elif found := _DAY_FIRST.fullmatch(plain):
        day, month, year = int(found[1]), int(found[2]), _year(found[3], today)
        if month > 12 >= day:
            raise ValueError("There is no such month; the day comes first.")
    elif (found := _WRITTEN.fullmatch(plain)) and found[2] in _MONTHS:
        day, month, year = int(found[1]), _MONTHS[found[2]], _year(found[3], today)
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError("There is no such day in the calendar.") from error


def _year(figures: str, today: date) -> int:
    if len(figures) == 4:
        return int(figures)
    year = today.year // 100 * 100 + int(figures)
    return year if year <= today.year else year - 100


def _standing(cells: Mapping[Field, str]) -> Standing | None:
    text = _short(cells, Field.STANDING, 60).casefold()
    if not text:
        return None
    if text not in _STANDINGS:
        cure = "Write child, adult, adult at risk or unknown."
        raise BadCell(Field.STANDING, "It says neither child nor adult.", cure)
    return _STANDINGS[text]


def _roles(cells: Mapping[Field, str]) -> frozenset[RegisterRole] | None:
    words = re.split(r"[,;/&|]| and ", _short(cells, Field.ROLES, 200).casefold())
    found = [word.strip() for word in words if word.strip()]
    if not found:
        return None
    if any(word not in _ROLES for word in found):
        cure = "Write member, parent, staff or volunteer."
        raise BadCell(Field.ROLES, "One of the roles is not known.", cure)
    return frozenset(_ROLES[word] for word in found)


def _aliases(cells: Mapping[Field, str]) -> tuple[str, ...] | None:
    text = _short(cells, Field.ALIASES, 500)
    names = tuple(name.strip() for name in re.split(r"[;|,]", text) if name.strip())
    if any(len(name) > 240 for name in names):
        raise BadCell(Field.ALIASES, "One of the names is too long.", "Shorten it.")
    return names or None


def _handles(cells: Mapping[Field, str]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (connector, handle.strip())
        for to, connector in _HANDLES.items()
        for handle in re.split(r"[;|,]+|\s+(?=@)", _short(cells, to, 500))
        if handle.strip()
    )


def _parents(cells: Mapping[Field, str]) -> tuple[ParentCell, ...]:
    found = []
    for whole, first, last, email in (
        (Field.PARENT_1, Field.PARENT_1_FIRST, Field.PARENT_1_SURNAME, Field.PARENT_1_EMAIL),
        (Field.PARENT_2, Field.PARENT_2_FIRST, Field.PARENT_2_SURNAME, Field.PARENT_2_EMAIL),
    ):
        names = _short(cells, first, 120), _short(cells, last, 120)
        if not names[0]:
            names = parted(_short(cells, whole, 240))
        if names[0]:
            found.append(ParentCell(*names, _short(cells, email, 254).casefold()))
    return tuple(found)


def _consents(cells: Mapping[Field, str]) -> Mapping[ConsentItem, bool]:
    found = {}
    for to, item in CONSENTS.items():
        text = _short(cells, to, 60).casefold()
        if not text:
            continue
        if text not in _YES | _NO:
            why = "The answer is neither yes nor no."
            raise BadCell(to, why, "Write yes or no, or leave it empty where nobody answered.")
        found[item] = text in _YES
    return found
