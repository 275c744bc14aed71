"""Where a case is held and deleted: the lead's case, and the tasks of the second person."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from casework import cases
from casework.keeping import years
from dashboard import addresses, door, theme
from models.tables import CaseEntry, SafeguardingCase
from models.vocabulary import Category, Viewer, now

APP = str(Path(addresses.__file__).parent / "app.py")
SECRET = "my uncle shouts at me"

Draw = Callable[..., AppTest]


@pytest.fixture
def draw(desk: Any, monkeypatch: pytest.MonkeyPatch) -> Draw:
    """Run the script as this person, with that screen first."""
    theme.apply()
    door.open_house(desk.house)

    def drawn(address: str, person: Viewer, /, **query: object) -> AppTest:
        monkeypatch.setattr(door, "viewer", lambda: person)
        monkeypatch.setattr(addresses, "first_screen", lambda _person: address)
        monkeypatch.setattr(door, "asked", query.get)
        return AppTest.from_file(APP, default_timeout=60).run()

    return drawn


@pytest.fixture
def closed(desk: Any, lead: Any) -> int:
    """A case that was closed thirty years ago."""
    store = desk.house.store
    # The house is shared, and other tests open its first item as a monitor.
    desk.post("nobody wants her", (Category.BULLYING, "nobody wants her", "Excludes somebody."))
    item = desk.post(f"please help, {SECRET}", (Category.DISCLOSURE, SECRET, "Somebody tells."))
    with store.read() as session:
        number = session.scalars(
            select(SafeguardingCase.id).where(SafeguardingCase.item_id == item)
        ).one()
    view = cases.open_case(store, lead.viewer, number)
    cases.acknowledge(store, lead.viewer, number, view.version)
    view = cases.open_case(store, lead.viewer, number)
    cases.decide_threshold(store, lead.viewer, number, view.version, cases.NOT_REFER, "A play.")
    view = cases.open_case(store, lead.viewer, number)
    cases.close(store, lead.viewer, number, view.version, "It was a play.")
    with store.write() as session:
        session.get_one(SafeguardingCase, number).closed_at = now() - years(30)
        session.commit()
    return int(number)


def text_of(app: AppTest) -> str:
    """Everything on the page, as it was sent to the browser."""
    assert not app.exception
    return "\n".join(str(each.proto) for each in app.main)


def press(app: AppTest, form: str) -> AppTest:
    """Send a form."""
    return next(button for button in app.button if button.form_id == form).click().run()


def test_a_case_is_held_released_and_deleted_by_two(
    desk: Any, draw: Draw, closed: int, lead: Any, trustee: Any
) -> None:
    app = draw("case", lead.viewer, case=closed)
    assert "It stays until two people have it deleted" in text_of(app)
    app.text_input(key="case-hold-why").set_value("The court asks for it.")
    app = press(app, "case-hold-form")
    assert "On hold: nothing of it is deleted" in text_of(app)
    assert "Delete the words of this case" not in text_of(app)
    app.text_input(key="case-hold-why").set_value("It is heard.")
    app = press(app, "case-hold-form")
    assert "On hold: nothing" not in text_of(app)
    app.selectbox(key="case-delete-second").set_value(trustee.id)
    app.text_input(key="case-delete-why").set_value("Nobody needs it.")
    app = press(app, "case-delete-form")
    assert "Ola Birch, since" in text_of(app)

    app = draw("tasks", trustee.viewer)
    said = text_of(app)
    assert "Nobody needs it." in said
    assert SECRET not in said
    (agree,) = [box for box in app.checkbox if str(box.key).startswith("agree-")]
    app = agree.check().run()
    (delete,) = [button for button in app.button if str(button.key).startswith("delete-")]
    app = delete.click().run()
    assert "The case is deleted" in text_of(app)
    with desk.house.store.read() as session:
        lines = session.scalars(select(CaseEntry.text).where(CaseEntry.case_id == closed)).all()
        assert lines and set(lines) == {""}

    said = text_of(draw("case", lead.viewer, case=closed))
    assert "Morgan Vale asked, Ola Birch agreed" in said
    assert "No longer kept" in said
    assert SECRET not in said
