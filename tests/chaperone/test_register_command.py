"""chaperone register import, and what the detectors hear of the register."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from casework import register_edit
from casework.register_edit import Details
from chaperone import cli
from chaperone.own_detectors import OwnDetectors
from chaperone.settings import load
from chaperone.wiring import House
from classifier.detector import Text
from classifier.normalise import normalise
from models.register_words import Standing
from models.tables import RegisterPerson

FILE = """Booking ID,Child first name,Child surname,DOB,Photo consent
B1,Ella,Hartnell,02/05/2014,Yes
B2,Mia,Lark,05/13/2014,No
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text('[organisation]\nname = "Larkspur"\n')
    (tmp_path / "people.csv").write_text(FILE)
    return tmp_path


def people(folder: Path) -> int:
    house = House(load(folder / "config.toml"))
    try:
        with house.store.read() as session:
            return int(session.scalar(select(func.count()).select_from(RegisterPerson)) or 0)
    finally:
        house.close()


def test_a_dry_run_an_import_and_its_rejects(folder: Path, capsys) -> None:
    assert cli.main(("register", "import", "people.csv", "--dry-run")) == 1
    said = capsys.readouterr().out
    assert "Child first name -> first_name" in said
    assert "1 people would be added" in said and "row 3, DOB" in said
    assert "Lark" not in said.replace("Larkspur", "")
    assert people(folder) == 0
    assert cli.main(("register", "import", "people.csv", "--rejects", "bad.csv")) == 1
    assert people(folder) == 1
    assert (folder / "bad.csv").read_text().splitlines()[1].startswith("3,DOB,")


def test_what_cannot_be_read_is_said(folder: Path, capsys) -> None:
    assert cli.main(("register", "import", "nothing.csv")) == 2
    (folder / "people.csv").write_bytes(b"PK\x03\x04")
    assert cli.main(("register", "import", "people.csv")) == 2
    assert "CSV UTF-8" in capsys.readouterr().err


def test_the_detectors_hear_of_a_change_and_keep_their_weights(folder: Path) -> None:
    settings = load(folder / "config.toml")
    house = House(settings)
    try:
        house.prepare()
        own = OwnDetectors(settings, house.store)
        text = [Text("1", normalise("so proud of Juniper Oakshott"))]

        def found() -> list[str]:
            return [
                one.name
                for one in own.detectors()
                if one.name == "registered_name" and one.detect(text)[0]
            ]

        assert found() == []
        before = {one.name: one for one in own.detectors()}
        details = Details("Juniper", "Oakshott", Standing.CHILD)
        register_edit.add_person(house.store, None, details)
        assert found() == ["registered_name"]
        after = {one.name: one for one in own.detectors()}
        rebuilt = {name for name, one in after.items() if one is not before[name]}
        assert rebuilt == {"full_name", "registered_name", "do_not_publish", "meaning"}
        weights = [vars(some["meaning"])["_encoder"] for some in (before, after)]
        assert weights[0] is weights[1]
        assert own.detectors() is own.detectors()
    finally:
        house.close()
