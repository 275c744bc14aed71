"""Which column of a booking system's file holds what: guessed from its heading, then a person's.

A mapping is heading -> field, a word of Field; "" leaves a column out. It can be kept in a file:

    "Child forename" = "first_name"
    "DOB" = "date_of_birth"
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path

from models.errors import MendInput


class Field(StrEnum):
    """What a column may hold. Anything else in the file is not taken in."""

    EXTERNAL_REF = "external_ref"
    FIRST_NAME = "first_name"
    SURNAME = "surname"
    FULL_NAME = "full_name"
    DATE_OF_BIRTH = "date_of_birth"
    STANDING = "standing"
    ROLES = "roles"
    ALIASES = "aliases"
    HANDLE = "handle"
    HANDLE_FACEBOOK = "handle_facebook"
    HANDLE_INSTAGRAM = "handle_instagram"
    PARENT_1 = "parent_1"
    PARENT_1_FIRST = "parent_1_first_name"
    PARENT_1_SURNAME = "parent_1_surname"
    PARENT_1_EMAIL = "parent_1_email"
    PARENT_2 = "parent_2"
    PARENT_2_FIRST = "parent_2_first_name"
    PARENT_2_SURNAME = "parent_2_surname"
    PARENT_2_EMAIL = "parent_2_email"
    CONSENT_FIRST_NAME = "consent_first_name"
    CONSENT_FULL_NAME = "consent_full_name"
    CONSENT_PHOTO = "consent_photo"
    CONSENT_VIDEO = "consent_video"
    CONSENT_CONTACT = "consent_direct_contact"
    CONSENT_GROUP = "consent_group_membership"
    CONSENT_BY = "consent_given_by"
    CONSENT_DATE = "consent_date"
    EVIDENCE = "consent_evidence"
    LEFT_ON = "left_on"
    DBS_CHECKED_ON = "dbs_checked_on"
    DBS_RENEW_ON = "dbs_renew_on"


LABELS: Mapping[Field, str] = {
    Field.EXTERNAL_REF: "Booking number of the person",
    Field.FIRST_NAME: "First name",
    Field.SURNAME: "Last name",
    Field.FULL_NAME: "Whole name in one column",
    Field.DATE_OF_BIRTH: "Date of birth",
    Field.STANDING: "Child or adult",
    Field.ROLES: "Role (member, parent, staff, volunteer)",
    Field.ALIASES: "Other names",
    Field.HANDLE: "Handle, any platform",
    Field.HANDLE_FACEBOOK: "Handle on Facebook",
    Field.HANDLE_INSTAGRAM: "Handle on Instagram",
    Field.PARENT_1: "First parent: whole name",
    Field.PARENT_1_FIRST: "First parent: first name",
    Field.PARENT_1_SURNAME: "First parent: last name",
    Field.PARENT_1_EMAIL: "First parent: e-mail (to tell parents apart, not kept)",
    Field.PARENT_2: "Second parent: whole name",
    Field.PARENT_2_FIRST: "Second parent: first name",
    Field.PARENT_2_SURNAME: "Second parent: last name",
    Field.PARENT_2_EMAIL: "Second parent: e-mail (to tell parents apart, not kept)",
    Field.CONSENT_FIRST_NAME: "Consent: first name",
    Field.CONSENT_FULL_NAME: "Consent: full name",
    Field.CONSENT_PHOTO: "Consent: photographs",
    Field.CONSENT_VIDEO: "Consent: video",
    Field.CONSENT_CONTACT: "Consent: contact the child directly",
    Field.CONSENT_GROUP: "Consent: belong to groups",
    Field.CONSENT_BY: "Consent: who gave it",
    Field.CONSENT_DATE: "Consent: since when",
    Field.EVIDENCE: "Consent: where the evidence is",
    Field.LEFT_ON: "Left on",
    Field.DBS_CHECKED_ON: "Staff: enhanced DBS check seen on",
    Field.DBS_RENEW_ON: "Staff: DBS check to be renewed by",
}

_CHILD = r"(?:child'?s? |student'?s? |pupil'?s? |participant'?s? |dancer'?s? |member'?s? )?"
_ADULT = r"(?:parent|guardian|carer|parent carer|parent guardian|mother|contact)'?s? ?"
_ONE, _TWO = (
    rf"(?:primary |first )?{_ADULT}1? ?",
    rf"(?:second(?:ary)? {_ADULT}|{_ADULT}2 ?|father'?s? ?)",
)
_CHECK = r"(?:enhanced )?(?:dbs|pvg|access ?ni)(?: check)?"
_AGREES = r"(?:consent|permission|agree\w*|allowed|ok)"


def _about(what: str) -> str:
    """Headings that name both the thing and a consent, in either order."""
    return rf".*\b{what}\b.*\b{_AGREES}\b.*|.*\b{_AGREES}\b.*\b{what}\b.*"


_GUESSES: tuple[tuple[Field, str], ...] = (
    (Field.CONSENT_DATE, rf"(?:date of {_AGREES}|{_AGREES} (?:date|given on|signed on))"),
    (Field.CONSENT_BY, rf"{_AGREES} (?:given )?by"),
    (Field.EVIDENCE, rf"(?:{_AGREES} )?(?:evidence|form ref\w*|consent form)"),
    (Field.CONSENT_PHOTO, r".*\b(?:photo\w*|image\w*|picture\w*)\b.*"),
    (Field.CONSENT_VIDEO, r".*\b(?:video\w*|film\w*)\b.*"),
    (Field.CONSENT_CONTACT, r".*\b(?:contact (?:child )?directly|direct contact)\b.*"),
    (Field.CONSENT_GROUP, rf"{_about(r'groups?')}|group membership"),
    (Field.CONSENT_FULL_NAME, rf"{_about('full name')}|{_AGREES} to name|name {_AGREES}"),
    (Field.CONSENT_FIRST_NAME, _about("first name")),
    (Field.PARENT_2_EMAIL, rf"{_TWO}e ?mail(?: address)?"),
    (Field.PARENT_2_FIRST, rf"{_TWO}(?:first ?name|forename)"),
    (Field.PARENT_2_SURNAME, rf"{_TWO}(?:surname|last ?name)"),
    (Field.PARENT_2, rf"{_TWO}(?:full )?(?:name)?"),
    (Field.PARENT_1_EMAIL, rf"{_ONE}e ?mail(?: address)?"),
    (Field.PARENT_1_FIRST, rf"{_ONE}(?:first ?name|forename)"),
    (Field.PARENT_1_SURNAME, rf"{_ONE}(?:surname|last ?name)"),
    (Field.PARENT_1, rf"{_ONE}(?:full )?(?:name)?"),
    (Field.DATE_OF_BIRTH, rf"{_CHILD}(?:dob|d o b|date of birth|birth ?date|birthday|born)"),
    (Field.FIRST_NAME, rf"{_CHILD}(?:first ?name|forename|given name)s?"),
    (Field.SURNAME, rf"{_CHILD}(?:surname|last ?name|family name)"),
    (Field.ALIASES, rf"{_CHILD}(?:known as|preferred name|nick ?name|alias\w*|other names?)"),
    (Field.FULL_NAME, rf"{_CHILD}(?:full )?name|participant|student|dancer|pupil"),
    (Field.EXTERNAL_REF, rf"(?:{_CHILD}|customer |booking |person |membership |registration )"
     r"(?:id|ref\w*|number|no|urn)|external ref"),
    (Field.STANDING, r"type|person type|child or adult|adult or child|standing"),
    (Field.ROLES, r"roles?"),
    (Field.HANDLE_INSTAGRAM, r"insta(?:gram)?(?: handle| name| username)?|handle instagram"),
    (Field.HANDLE_FACEBOOK, r"(?:facebook|fb)(?: handle| name| username)?|handle facebook"),
    (Field.HANDLE, r"(?:social media )?(?:handle|user ?name)s?"),
    (Field.DBS_RENEW_ON, rf"{_CHECK} (?:renew\w*|expir\w*|due)(?: date| on| by)*"),
    (Field.DBS_CHECKED_ON, rf"{_CHECK} (?:date|on|seen(?: on)?|issued(?: on)?|checked(?: on)?)"
     rf"|date of {_CHECK}"),
    (Field.LEFT_ON, r"left(?: on)?|leaving date|date left|end date"),
)  # fmt: skip


def guess(headings: Iterable[str]) -> dict[str, str]:
    """A mapping for these headings; each field is given to the first column that fits."""
    taken: set[Field] = set()
    mapping: dict[str, str] = {}
    for heading in headings:
        field = _field(heading)
        if field is not None and field not in taken:
            taken.add(field)
            mapping[heading] = field.value
        else:
            mapping[heading] = ""
    return mapping


def _field(heading: str) -> Field | None:
    plain = " ".join(re.sub(r"[^\w' ]|_", " ", heading.casefold()).split())
    if plain in set(Field) or plain.replace(" ", "_") in set(Field):
        return Field(plain.replace(" ", "_"))
    return next(
        (field for field, pattern in _GUESSES if re.fullmatch(pattern, plain)),
        None,
    )


def read_mapping(path: Path, headings: Iterable[str]) -> dict[str, str]:
    """A mapping kept in a file. Raises MendInput where it does not fit the headings."""
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MendInput(
            "It cannot be read as a mapping.",
            subject=str(path),
            cure='Write lines such as "Child forename" = "first_name".',
        ) from error
    return check_mapping({str(key): str(value) for key, value in written.items()}, headings)


def check_mapping(mapping: Mapping[str, str], headings: Iterable[str]) -> dict[str, str]:
    """The mapping for every heading, those that it leaves out as "".

    Raises MendInput for a heading that is not there, a field that is none or is named twice, and
    where no column says who the people are.
    """
    known = list(headings)
    for heading, field in mapping.items():
        if heading not in known:
            raise _wrong(f'There is no column "{heading}".', "Look at the headings of the file.")
        if field and field not in set(Field):
            raise _wrong(f'"{field}" is no field.', f"Fields are: {', '.join(Field)}.")
    used = [field for field in mapping.values() if field]
    twice = {field for field in used if used.count(field) > 1}
    if twice:
        raise _wrong(
            f"Two columns are both given as {', '.join(sorted(twice))}.", "Keep one of them."
        )
    if not {Field.FIRST_NAME, Field.FULL_NAME} & set(used):
        raise _wrong("No column is given as a name.", "Say which column holds the first name.")
    return {heading: mapping.get(heading, "") for heading in known}


def _wrong(what: str, cure: str) -> MendInput:
    return MendInput(what, subject="the mapping", cure=cure)
