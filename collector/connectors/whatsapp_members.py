"""Who is in an exported chat: by WhatsApp's own lines, and by who wrote.

Only lines that no member can write are read (whatsapp_lines tells them apart). A person goes by
the name that the exporter's phone shows; the same person has other names in another's export.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from collector.connector import MemberSeen
from collector.connectors.whatsapp_lines import Row, RowKind, shown_name

_WHO = r"(?P<who>.{1,200}?)"
_WHOM = r"(?P<whom>.{1,2000}?)\.?"
_CHANGED = re.compile(
    rf"{_WHO} (?:changed (?:their phone )?number to|changed to) "
    r"(?P<whom>\+[\d\s\u00a0()-]{6,30}\d)\b.*"
)
_ADDED = re.compile(rf"{_WHO} added {_WHOM}")
_REMOVED = re.compile(rf"{_WHO} removed {_WHOM}")
_CAME = re.compile(
    rf"{_WHO} (?:joined(?: (?:using|from|via|with) .{{1,120}})?|was added|were added|"
    r"created (?:this )?(?:group|community)\b.*)\.?"
)
_WENT = re.compile(rf"{_WHO} (?:left|was removed|were removed)\.?")
_ADMIN = re.compile(rf"{_WHO} (?:is|was made|'s) (?:now )?an? (?:group )?admin\.?")
_SELF = frozenset({"you", "you're", "your", "yourself"})


def people_of(rows: Sequence[Row], utc: Callable[[datetime], datetime]) -> tuple[MemberSeen, ...]:
    """Everyone seen to come, go or write, in the file's order. utc: of the phone's local time.

    Of a person's messages the first and the last of each stay are told.
    """
    return tuple(replace(seen, at=utc(seen.at)) for seen in _seen_in(rows))


def _seen_in(rows: Sequence[Row]) -> Iterator[MemberSeen]:
    """As `people_of`, in local time."""
    names = {row.sender for row in rows if row.sender}
    last: dict[str, datetime] = {}
    told: dict[str, datetime] = {}
    for row in rows:
        if row.jumped:
            continue
        for seen in _said(row, names):
            handle = seen.handle
            if seen.there and row.kind is not RowKind.SYSTEM and handle in told:
                last[handle] = row.stamp
                continue
            if seen.there:
                told[handle] = last[handle] = row.stamp
            elif handle in told:
                yield _seen(handle, last.pop(handle))
                del told[handle]
            yield seen
    for handle, stamp in last.items():
        if told[handle] != stamp:
            yield _seen(handle, stamp)


def _said(row: Row, names: set[str]) -> Iterator[MemberSeen]:
    """What one row tells of members."""
    if row.kind is not RowKind.SYSTEM:
        if row.sender and row.kind is not RowKind.DELETED:
            yield _seen(row.sender, row.stamp)
        return
    text = row.text
    if found := _CHANGED.fullmatch(text):
        new, old = shown_name(found["whom"]), shown_name(found["who"])
        yield _seen(new, row.stamp, was=old)
    elif found := _ADDED.fullmatch(text):
        yield from _each(found["whom"], names, row, there=True)
    elif found := _REMOVED.fullmatch(text):
        yield from _each(found["whom"], names, row, there=False)
    elif found := _CAME.fullmatch(text):
        yield from _each(found["who"], names, row, there=True)
    elif found := _WENT.fullmatch(text):
        yield from _each(found["who"], names, row, there=False)
    elif found := _ADMIN.fullmatch(text):
        yield from _each(found["who"], names, row, there=True, role="admin")


def _each(
    said: str, names: set[str], row: Row, *, there: bool, role: str = ""
) -> Iterator[MemberSeen]:
    """Each of "Amy, Bea and Cat"; one whose own name has an "and" in it wrote under it."""
    whole = shown_name(said)
    parts = [whole] if whole in names else re.split(r", | and ", said)
    for part in parts:
        name = shown_name(part)
        if name and name.lower() not in _SELF:
            yield _seen(name, row.stamp, there=there, role=role)


def _seen(
    name: str, stamp: datetime, *, there: bool = True, role: str = "", was: str = ""
) -> MemberSeen:
    return MemberSeen(name, name, stamp, there, role, was)
