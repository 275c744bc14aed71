"""A booking system's file: what is guessed, what is taken in, what is rejected and why (C30)."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from casework import consents, register_import
from casework.register import everybody
from casework.register_columns import Field, check_mapping, guess, read_mapping
from casework.register_file import MOST_BYTES, read_sheet
from casework.register_import import import_sheet, rejects_file
from casework.register_rows import british_date
from models.errors import MendInput, NotYours
from models.register_words import ConsentItem, RegisterRole, Standing
from models.tables import Audit, Consent, RegisterPerson
from models.vocabulary import Role

TODAY = date(2026, 11, 28)
HEAD = "Booking ID,First name,Surname,DOB,Parent name,Parent email,Photo consent,Full name consent"
ELLA = "B1,Ella,Hartnell,02/05/2014,Gwen Hartnell,gwen@example.org,Yes,No"


@pytest.fixture
def monitor(desk):
    return desk.person("Mo", Role.MONITOR)


def run(desk, who, *lines, dry_run=False, mapping=None):
    sheet = read_sheet("\n".join(lines).encode())
    return import_sheet(desk.store, who, sheet, mapping or guess(sheet.headings), dry_run=dry_run)


def counts(told):
    return told.added, told.changed, told.unchanged, len(told.rejects)


def people(desk):
    with desk.store.read() as session:
        return {person.name: person for person in everybody(session)}


def test_a_dry_run_says_what_the_import_then_does(desk, monitor):
    before = run(desk, monitor, HEAD, ELLA, "B2,Mia,Lark,31/02/2015,,,,", dry_run=True)
    assert people(desk) == {}
    done = run(desk, monitor, HEAD, ELLA, "B2,Mia,Lark,31/02/2015,,,,")
    assert counts(before) == counts(done) == (1, 0, 0, 1)
    assert (done.parents, done.consents) == (1, 2)
    ella, gwen = people(desk)["Ella Hartnell"], people(desk)["Gwen Hartnell"]
    assert (ella.standing, ella.date_of_birth) == (Standing.CHILD, date(2014, 5, 2))
    assert ella.parents == (gwen.id,) and gwen.roles == {RegisterRole.PARENT}
    with desk.store.read() as session:
        answers = session.scalars(select(Consent).order_by(Consent.id)).all()
        assert {(row.item, row.given, row.given_by_id) for row in answers} == {
            (ConsentItem.PHOTO, True, gwen.id),
            (ConsentItem.FULL_NAME, False, gwen.id),
        }
        line = session.scalars(select(Audit).where(Audit.what == "register.imported")).one()
        assert line.details["added"] == 1 and line.details["rejected"] == 1
        assert line.details["consents"] == 2
        assert not any("gwen@" in str(row.details) for row in session.scalars(select(Audit)))


def test_the_same_file_again_changes_nothing(desk, monitor):
    lines = [HEAD, ELLA, "B2,Tom,Hartnell,03/06/2016,Gwen Hartnell,gwen@example.org,No,No"]
    first = run(desk, monitor, *lines)
    assert (first.added, first.parents) == (2, 1)  # one e-mail, one mother
    again = run(desk, monitor, *lines)
    assert counts(again) == (0, 0, 2, 0)
    assert (again.parents, again.consents) == (0, 0)
    assert len(people(desk)) == 3


def test_a_change_in_the_file_is_taken_over_and_an_empty_cell_takes_nothing_away(desk, monitor):
    run(desk, monitor, HEAD, ELLA)
    told = run(desk, monitor, HEAD, "B1,Ella,Hartnell-Lark,,,,,")
    assert counts(told) == (0, 1, 0, 0)
    assert people(desk)["Ella Hartnell-Lark"].date_of_birth == date(2014, 5, 2)


def test_without_a_booking_number_name_and_date_of_birth_find_the_row_again(desk, monitor):
    head = "Name,Date of birth"
    run(desk, monitor, head, "Ella Hartnell,2 May 2014")
    assert counts(run(desk, monitor, head, "\u00c9lla  HARTNELL,2014-05-02")) == (0, 1, 0, 0)
    assert counts(run(desk, monitor, head, "Ella Hartnell,03/05/2014")) == (1, 0, 0, 0)
    clash = run(desk, monitor, "Name", "Ella Hartnell")
    assert "nothing tells them apart" in clash.rejects[0].why


def test_a_booking_number_is_taken_up_by_whoever_had_none(desk, monitor):
    run(desk, monitor, "Name,DOB", "Ella Hartnell,02/05/2014")
    assert counts(run(desk, monitor, HEAD, ELLA)) == (0, 1, 0, 0)
    other = run(desk, monitor, HEAD, ELLA.replace("B1", "B9"))
    assert "another booking number" in other.rejects[0].why


def test_a_namesake_without_a_date_of_birth_is_a_matter_for_a_person(desk, monitor):
    run(desk, monitor, "Name", "Ella Hartnell")
    told = run(desk, monitor, HEAD, ELLA)
    assert "without a date of birth" in told.rejects[0].why
    assert len(people(desk)) == 1


def test_a_mother_of_the_same_name_is_not_her_daughter(desk, monitor):
    run(desk, monitor, HEAD, "B1,Gwen,Hartnell,02/05/2014,Gwen Hartnell,g@example.org,,")
    again = run(desk, monitor, HEAD, "B1,Gwen,Hartnell,02/05/2014,Gwen Hartnell,g@example.org,,")
    assert counts(again) == (0, 0, 1, 0)
    with desk.store.read() as session:
        assert session.scalar(select(func.count()).select_from(RegisterPerson)) == 2


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        ("B1,,Hartnell,02/05/2014,,,,", "First name", "first name is missing"),
        ("B1,99,Hartnell,02/05/2014,,,,", "First name", "no letter"),
        ("B1,Ella,Hartnell,05/13/2014,,,,", "DOB", "the day comes first"),
        ("B1,Ella,Hartnell,31/02/2014,,,,", "DOB", "no such day"),
        ("B1,Ella,Hartnell,41761,,,,", "DOB", "not a date"),
        ("B1,Ella,Hartnell,02/05/2126,,,,", "DOB", "future"),
        ("B1,Ella,Hartnell,02/05/1014,,,,", "DOB", "1900"),
        ("B1,Ella,Hartnell,02/05/2014,,,maybe,", "Photo consent", "neither yes nor no"),
        ("B1,=1+1,Hartnell,02/05/2014,,,,", "First name", "formula"),
        ("B1,@SUM(A1),Hartnell,02/05/2014,,,,", "First name", "formula"),
        ("B1,Ella,Hartnell,02/05/2014,,,,,extra", "", "more cells"),
        (f"B1,{'E' * 121},Hartnell,02/05/2014,,,,", "First name", "longer than"),
    ],
)
def test_a_row_that_cannot_be_right_says_where_and_why(desk, monitor, row, column, why):
    told = run(desk, monitor, HEAD, row, "B2,Mia,Lark,03/05/2014,,,,")
    (reject,) = told.rejects
    assert (reject.row, reject.column) == (2, column)
    assert why in reject.why and reject.cure
    assert told.added == 1  # the other row stands
    said = list(csv.reader(io.StringIO(rejects_file(told.rejects))))
    assert said[1][:2] == ["2", column] and "Hartnell" not in rejects_file(told.rejects)


def test_a_row_that_falls_leaves_nothing_behind(desk, monitor):
    head = "Name,DOB,Instagram,Parent name,Parent email"
    run(desk, monitor, head, "Ella Hartnell,02/05/2014,@taken,,")
    rows = (
        "Mia Lark,03/05/2014,@TAKEN,Jo Lark,jo@example.org",
        "Max Lark,03/05/2016,@max,Jo Lark,jo@example.org",
    )
    told = run(desk, monitor, head, *rows)
    assert counts(told) == (1, 0, 0, 1)
    assert "on the register already" in told.rejects[0].why
    assert set(people(desk)) == {"Ella Hartnell", "Max Lark", "Jo Lark"}


def test_the_same_person_twice_in_one_file(desk, monitor):
    told = run(desk, monitor, HEAD, ELLA, ELLA)
    assert counts(told) == (1, 0, 0, 1)
    assert told.rejects[0].row == 3 and "row 2" in told.rejects[0].why


def test_an_old_file_does_not_undo_a_withdrawal(desk, monitor):
    run(desk, monitor, HEAD, ELLA)
    with desk.store.read() as session:
        photo = session.scalars(select(Consent.id).where(Consent.item == ConsentItem.PHOTO)).one()
    consents.withdraw(desk.store, monitor, photo)
    told = run(desk, monitor, HEAD, ELLA)
    assert (told.withdrawn, told.consents) == (1, 0)
    with desk.store.read() as session:
        ella = next(each for each in everybody(session) if each.first_name == "Ella")
        assert not consents.has_consent(session, ella, ConsentItem.PHOTO, TODAY)


def test_an_adult_answers_for_themselves(desk, monitor):
    told = run(desk, monitor, HEAD, "B1,Sam,Lark,02/05/1984,,,Yes,")
    assert counts(told) == (1, 0, 0, 0)
    with desk.store.read() as session:
        assert session.scalars(select(Consent.authority)).one() == "self"


def test_roles_without_content_import_nothing(desk):
    with pytest.raises(NotYours):
        run(desk, desk.person("Ada", Role.ADMIN), HEAD, ELLA)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (HEAD.encode(), "no rows"),
        (b"PK\x03\x04rest of a workbook", "spreadsheet"),
        (b"%PDF-1.7", "PDF"),
        (b"Name\n\x00\x01", "no text"),
        (b"Name\n\x81\x8d", "neither UTF-8"),
        (b"Name,,DOB\nElla,x,y", "no heading"),
        (b"Name,Name\nElla,Mia", "same heading"),
        (b'Name\n"Ella', "no CSV"),
        (b"x" * (MOST_BYTES + 1), "larger"),
        (("a," * 300 + "b\nc").encode(), "columns"),
    ],
)
def test_what_is_no_csv_file_is_refused_with_a_cure(content, said):
    with pytest.raises(MendInput, match=said) as refused:
        read_sheet(content)
    assert refused.value.cure and "Ella" not in str(refused.value)


def test_a_file_with_too_many_rows(monkeypatch):
    monkeypatch.setattr("casework.register_file.MOST_ROWS", 3)
    with pytest.raises(MendInput, match="more than 3 rows"):
        read_sheet(b"Name\n" + b"Ella\n" * 5)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_people_save_in(encoding):
    sheet = read_sheet("Name;DOB\nSi\u00e2n Ll\u0177r;02/05/2014\n\n\nZo\u00eb;x".encode(encoding))
    assert sheet.headings == ("Name", "DOB")
    assert [(row.number, row.cells[0]) for row in sheet.rows] == [
        (2, "Si\u00e2n Ll\u0177r"),
        (5, "Zo\u00eb"),
    ]
    assert sheet.notes == ()


def test_windows_letters_are_read_and_said():
    sheet = read_sheet("Name\nZo\u00eb".encode("cp1252"))
    assert sheet.rows[0].cells == ("Zo\u00eb",) and "Windows-1252" in sheet.notes[0]


@given(st.dates(date(1900, 1, 1), date(2026, 11, 28)))
def test_british_dates_are_read_as_they_are_written(day):
    for text in (
        f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}", f"{day:%d-%m-%Y}",
        f"{day:%d.%m.%Y}", f"{day:%Y-%m-%d}", f"{day:%Y-%m-%d} 00:00:00", f"{day:%d %b %Y}",
        f"{day:%d %B %Y}",
    ):  # fmt: skip
        assert british_date(text, TODAY) == day


@given(st.text(max_size=30))
def test_any_cell_is_a_date_or_none_or_said(text):
    try:
        assert british_date(text, TODAY) is None or isinstance(british_date(text, TODAY), date)
    except ValueError as error:
        assert str(error).endswith(".")


def test_two_figures_of_a_year_mean_a_year_past():
    assert british_date("02/05/14", TODAY) == date(2014, 5, 2)
    assert british_date("02/05/65", TODAY) == date(1965, 5, 2)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Child First Name", Field.FIRST_NAME),
        ("FORENAME", Field.FIRST_NAME),
        ("Student surname", Field.SURNAME),
        ("Participant name", Field.FULL_NAME),
        ("D.O.B", Field.DATE_OF_BIRTH),
        ("Child's date of birth", Field.DATE_OF_BIRTH),
        ("Parent/Carer Name", Field.PARENT_1),
        ("Parent Email", Field.PARENT_1_EMAIL),
        ("Guardian 2 first name", Field.PARENT_2_FIRST),
        ("Consent to photographs", Field.CONSENT_PHOTO),
        ("Full name consent", Field.CONSENT_FULL_NAME),
        ("WhatsApp group consent", Field.CONSENT_GROUP),
        ("Customer ID", Field.EXTERNAL_REF),
        ("date_of_birth", Field.DATE_OF_BIRTH),
        ("Medical notes", ""),
        ("Postcode", ""),
        ("Mobile", ""),
    ],
)
def test_columns_are_guessed_by_their_headings(heading, field):
    assert guess([heading])[heading] == field


def test_a_field_is_given_to_one_column_only():
    assert list(guess(["DOB", "Birthday"]).values()) == ["date_of_birth", ""]


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"Nome": "first_name"}, "no column"),
        ({"Name": "nombre"}, "no field"),
        ({"Name": "first_name", "DOB": "first_name"}, "Two columns"),
        ({"DOB": "date_of_birth"}, "No column is given as a name"),
    ],
)
def test_a_mapping_that_does_not_fit(mapping, said):
    with pytest.raises(MendInput, match=said):
        check_mapping(mapping, ["Name", "DOB"])


def test_a_mapping_is_kept_in_a_file(tmp_path):
    path = tmp_path / "mapping.toml"
    path.write_text('"Name" = "full_name"\n')
    assert read_mapping(path, ["Name", "X"]) == {"Name": "full_name", "X": ""}
    path.write_text("not toml")
    with pytest.raises(MendInput):
        read_mapping(path, ["Name"])


def test_the_rejects_file_is_harmless_for_spreadsheets():
    told = rejects_file((register_import.Reject(2, "=cmd()", "Bad.", "Mend."),))
    assert "'=cmd()" in told


def test_a_handle_may_be_a_name_with_spaces(desk, monitor) -> None:
    head = "Booking ID,First name,Surname,DOB,Handle"
    run(desk, monitor, head, "B7,Perran,Lusk,11/02/2011,Perran Lusk; @perran07 @lusky")
    found = people(desk)["Perran Lusk"].handles
    assert {one.handle for one in found} == {"Perran Lusk", "@perran07", "@lusky"}
