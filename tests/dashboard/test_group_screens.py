"""Members, groups and accounts: what people call themselves is drawn as text, and an answer is
bound to what was seen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from casework import accounts
from casework.accounts import NewAccount
from casework.groups import NewGroup, create
from casework.membership_opening import Person, Sign, open_review
from dashboard import addresses, door, theme
from models.group_words import EvidenceStrength, ReviewOutcome, ReviewWhy
from models.tables import MembershipReview, Post
from models.vocabulary import Audience, Category, Viewer, now

APP = str(Path(addresses.__file__).parent / "app.py")
HOSTILE = "<script>alert(1)</script> **[x](https://evil.example.org)**"

Draw = Callable[[str, Viewer], AppTest]


@pytest.fixture
def draw(desk: Any, monkeypatch: pytest.MonkeyPatch) -> Draw:
    """Run the script as this person, with that screen first."""
    theme.apply()
    door.open_house(desk.house)

    def drawn(address: str, person: Viewer) -> AppTest:
        monkeypatch.setattr(door, "viewer", lambda: person)
        monkeypatch.setattr(addresses, "first_screen", lambda _person: address)
        return AppTest.from_file(APP, default_timeout=120).run()

    return drawn


@pytest.fixture
def review(desk: Any) -> int:
    """Somebody with a hostile name, whose words suggest an age."""
    text = f"I'm 15 {HOSTILE}"
    number = next(desk.numbers)
    item = desk.post(text, (Category.UNDERAGE, "I'm 15", "Says an age."), author=HOSTILE)
    with desk.house.store.write() as session:
        post = session.scalars(select(Post).order_by(Post.id.desc())).first()
        assert post is not None
        sign = Sign(post.id, post.revision_id or 0, 0, 6, EvidenceStrength.STRONG)
        who = Person(f"who-{number}-{item}", HOSTILE)
        open_review(session, desk.source_id, who, ReviewWhy.WRITES_SO, now(), [sign])
        session.commit()
        made: int = session.scalars(select(MembershipReview.id)).all()[-1]
    return made


def _text(app: AppTest) -> str:
    return "\n".join(str(each.proto) for each in app.main)


def _row(desk: Any, review: int) -> MembershipReview:
    with desk.house.store.read() as session:
        row: MembershipReview = session.get_one(MembershipReview, review)
        return row


def test_names_and_words_are_text_alone(
    desk: Any, draw: Draw, review: int, monitor: Any, lead: Any
) -> None:
    accounts.create(desk.house.store, lead.viewer, NewAccount("x", f"{HOSTILE} {review}"))
    new = NewGroup(HOSTILE, "signal", Audience.MIXED, 13)
    create(desk.house.store, lead.viewer, desk.house.platform_ages, new)
    for address in ("members", "groups", "accounts"):
        app = draw(address, monitor.viewer)
        assert not app.exception
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in _text(app)
        for element in app.main:
            if element.type == "html":  # the boxes of a form hold it as it is, and draw it as text
                assert "<script>" not in str(element.proto)
            if type(element).__name__ in {"Markdown", "Title", "Header", "Subheader", "Caption"}:
                assert "evil.example.org" not in str(element.proto)


def test_an_answer_wants_words_and_what_was_seen(
    desk: Any, draw: Draw, review: int, monitor: Any
) -> None:
    app = draw("members", monitor.viewer)
    app.radio(key=f"outcome-{review}").set_value(ReviewOutcome.PARENT_ASKED)
    _save(app, review)
    assert "say how you know" in _text(app)
    assert _row(desk, review).outcome is None

    with desk.house.store.write() as session:
        session.get_one(MembershipReview, review).version += 1  # somebody else was here
        session.commit()
    app.text_area(key=f"said-{review}").set_value("I rang.")
    app.radio(key=f"outcome-{review}").set_value(ReviewOutcome.PARENT_ASKED)
    _save(app, review)
    assert "Look again before you decide" in _text(app)
    assert _row(desk, review).outcome is None

    app.text_area(key=f"said-{review}").set_value("I rang.")
    app.radio(key=f"outcome-{review}").set_value(ReviewOutcome.PARENT_ASKED)
    _save(app, review)
    assert _row(desk, review).outcome is ReviewOutcome.PARENT_ASKED


def _save(app: AppTest, review: int) -> None:
    mine = f"answer-form-{review}"
    next(button for button in app.button if button.form_id == mine).click().run()
