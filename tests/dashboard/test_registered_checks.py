"""The check of a member of staff on their entry: the lead's alone, two days and no more."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from casework import people
from casework.ages import day_of
from casework.register_edit import Details, add_person
from casework.staff_checks import renewal
from chaperone.settings import load
from chaperone.wiring import House
from dashboard import addresses, door, theme
from models.register_words import RegisterRole, Standing
from models.tables import StaffCheck
from models.vocabulary import Role, Viewer, now

APP = str(Path(addresses.__file__).parent / "app.py")

Draw = Callable[..., AppTest]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house of its own: the shared one has a register that other tests count on."""
    settings = tmp_path / "config.toml"
    settings.write_text('[organisation]\nname = "Larkspur"\n', encoding="utf-8")
    made = House(load(settings))
    made.prepare()
    yield made
    made.close()


@pytest.fixture
def draw(house: House, monkeypatch: pytest.MonkeyPatch) -> Draw:
    """Run the script as this person, with that screen first."""
    theme.apply()
    door.open_house(house)

    def drawn(address: str, person: Viewer, /, **query: object) -> AppTest:
        monkeypatch.setattr(door, "viewer", lambda: person)
        monkeypatch.setattr(addresses, "first_screen", lambda _person: address)
        monkeypatch.setattr(door, "asked", query.get)
        return AppTest.from_file(APP, default_timeout=60).run()

    return drawn


def text_of(app: AppTest) -> str:
    """Everything on the page, as it was sent to the browser."""
    assert not app.exception
    return "\n".join(str(each.proto) for each in app.main)


def somebody(house: House, role: Role) -> Viewer:
    """An account of that role."""
    name = role.value
    number = people.create_person(house.store, None, username=name, name=name, roles=[role])
    return Viewer(number, name, frozenset({role}))


def test_the_lead_writes_a_check_down_and_takes_it_away(house: House, draw: Draw) -> None:
    store, title = house.store, "Enhanced DBS check"
    lead, monitor = somebody(house, Role.LEAD), somebody(house, Role.MONITOR)
    staff = Details("Isla", "Thorne", Standing.ADULT, frozenset({RegisterRole.STAFF}))
    isla = add_person(store, None, staff)
    pat = add_person(store, None, Details("Pat", "Moss", Standing.ADULT))
    for person, number in ((monitor, isla), (lead, pat)):
        assert title not in text_of(draw("registered", person, person=number))
    app = draw("registered", lead, person=isla)
    assert title in text_of(app)
    assert "None is written down" in text_of(app)
    seen = day_of(now()) - timedelta(days=400)
    app.date_input(key="check-seen").set_value(seen)
    next(button for button in app.button if button.form_id == "check-form").click().run()
    assert "The check is written down" in text_of(app)
    assert "None is written down" not in text_of(app)
    with store.read() as session:
        row = session.scalars(select(StaffCheck).where(StaffCheck.person_id == isla)).one()
        assert (row.checked_on, row.renew_on) == (seen, renewal(seen))
    app.button(key="check-drop").click().run()
    assert "None is written down" in text_of(app)
