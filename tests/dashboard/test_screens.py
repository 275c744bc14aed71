"""Every screen for every role: drawn without a fault, or "not here"; nobody else's words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from casework import decisions
from chaperone.hook_settings import MetaHooks
from chaperone.secret_places import SecretPlace
from collector.waking import Heard, write_down
from dashboard import addresses, door, plain_pages, theme
from dashboard.addresses import SCREENS
from models.tables import Source, Worker
from models.vocabulary import Category, DecisionKind, Role, Viewer, now

APP = str(Path(addresses.__file__).parent / "app.py")
SECRET_WORDS = "my stepdad hurts me"
TELLS = f"please do not send me home, {SECRET_WORDS}"
HOSTILE = "<script>alert(1)</script> [x](https://evil.example.org) \u202eback"

Draw = Callable[..., AppTest]


@pytest.fixture(scope="module")
def items(desk: Any) -> dict[str, int]:
    """Something for every screen to draw."""
    door.open_house(desk.house)
    return {
        "phone": desk.post(
            f"ring me on 07700 900123 {HOSTILE}",
            (Category.PII_PHONE, "07700 900123", "A private mobile number."),
            author=HOSTILE,
        ),
        "bullying": desk.post(
            "nobody wants her in the group",
            (Category.BULLYING, "nobody wants her", "Excludes somebody."),
        ),
        "disclosure": desk.post(
            TELLS, (Category.DISCLOSURE, SECRET_WORDS, "Somebody tells that they are hurt.")
        ),
        "harmless": desk.post("see you all on Monday"),
    }


@pytest.fixture
def draw(desk: Any, items: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> Draw:
    """Run the script as this person, with that screen first."""
    theme.apply()

    def drawn(address: str, person: Viewer, /, **query: object) -> AppTest:
        monkeypatch.setattr(door, "viewer", lambda: person)
        monkeypatch.setattr(addresses, "first_screen", lambda _person: address)
        monkeypatch.setattr(door, "asked", query.get)
        return AppTest.from_file(APP, default_timeout=30).run()

    return drawn


BOXES = frozenset({"text_input", "text_area", "selectbox", "multiselect"})
"""Boxes of a form hold words as they are, and draw them as text."""


def text_of(app: AppTest, but: frozenset[str] = frozenset()) -> str:
    """Everything on the page, as it was sent to the browser. but: kinds that are left aside."""
    parts = [*app.main, *app.sidebar]
    return "\n".join(str(each.proto) for each in parts if each.type not in but)


def _viewer(role: Role, request: pytest.FixtureRequest) -> Viewer:
    viewer: Viewer = request.getfixturevalue(role.value).viewer
    return viewer


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("address", list(SCREENS))
def test_a_screen_is_drawn_or_is_not_here(
    address: str, role: Role, draw: Draw, request: pytest.FixtureRequest
) -> None:
    app = draw(address, _viewer(role, request), item=1, case=1)
    assert not app.exception
    text = text_of(app)
    allowed = role in SCREENS[address][1]
    assert (plain_pages.NOT_HERE_TITLE in text) is not allowed
    assert "<script>" not in text_of(app, but=BOXES)
    if role is not Role.LEAD:
        assert SECRET_WORDS not in text


def test_a_monitor_cannot_reach_the_leads_item_by_its_address(
    draw: Draw, items: dict[str, int], request: pytest.FixtureRequest
) -> None:
    monitor = _viewer(Role.MONITOR, request)
    hidden = text_of(draw("item", monitor, item=items["disclosure"]))
    missing = text_of(draw("item", monitor, item=999_999))
    assert plain_pages.NOT_HERE in hidden
    assert hidden == missing


def test_words_of_a_disclosure_are_folded_until_opened(
    draw: Draw, items: dict[str, int], request: pytest.FixtureRequest
) -> None:
    lead = _viewer(Role.LEAD, request)
    app = draw("item", lead, item=items["disclosure"])
    assert SECRET_WORDS not in text_of(app)
    app.button(key="fold").click().run()
    assert SECRET_WORDS in text_of(app)
    assert SECRET_WORDS not in text_of(draw("queue", lead))


def test_hostile_words_reach_the_page_as_text_alone(
    draw: Draw, items: dict[str, int], request: pytest.FixtureRequest
) -> None:
    app = draw("item", _viewer(Role.MONITOR, request), item=items["phone"])
    text = text_of(app)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "[right-to-left override]" in text
    for element in app.main:
        if type(element).__name__ in {"Markdown", "Title", "Header", "Subheader", "Caption"}:
            assert "evil.example.org" not in str(element.proto)


def test_nothing_is_decided_before_the_last_yes(
    desk: Any, draw: Draw, request: pytest.FixtureRequest
) -> None:
    from sqlalchemy import func, select

    from models.tables import Decision

    item = desk.post("call 07700 900555", (Category.PII_PHONE, "07700 900555", "A number."))

    def decided() -> int:
        with desk.house.store.read() as session:
            return session.scalar(select(func.count(Decision.id)).where(Decision.item_id == item))

    app = draw("item", _viewer(Role.MONITOR, request), item=item)
    app.button(key="decide-remove").click().run()
    go_on = next(button for button in app.button if button.label == "Go on")
    go_on.click().run()
    assert "Choose a reason and say why" in text_of(app)
    app.radio(key="code-remove").set_value("personal_details")
    app.text_area(key="words-remove").set_value("A private number.")
    next(button for button in app.button if button.label == "Go on").click().run()
    assert "what will happen" in text_of(app)
    assert decided() == 0
    app.button(key="confirm-yes").click().run()
    assert not app.exception
    assert decided() == 1


def test_a_decision_about_words_that_changed_is_refused(
    desk: Any, draw: Draw, request: pytest.FixtureRequest
) -> None:
    """The post is edited between the drawing of the preview and the last yes."""
    from sqlalchemy import func, select

    from collector.connector import IncomingPost
    from collector.polling import store_posts
    from models.tables import Decision, Item, Post
    from models.vocabulary import PostKind

    item = desk.post("call 07700 900556", (Category.PII_PHONE, "07700 900556", "A number."))
    app = draw("item", _viewer(Role.MONITOR, request), item=item)
    app.button(key="decide-keep").click().run()
    with desk.house.store.write() as session:
        post = session.get_one(Post, session.get_one(Item, item).post_id)
        source = session.get_one(Source, post.source_id)
        edited = IncomingPost(post.native_id, PostKind.COMMENT, "something else", post.posted_at)
        store_posts(session, source, [edited], [], now)
        session.commit()
    app.radio(key="code-keep").set_value(decisions.reasons(DecisionKind.KEEP)[0].code)
    app.text_area(key="words-keep").set_value("It is fine.")
    next(button for button in app.button if button.label == "Keep it").click().run()
    assert "Look again before you decide" in text_of(app)
    with desk.house.store.read() as session:
        count = select(func.count(Decision.id)).where(Decision.item_id == item)
        assert session.scalar(count) == 0


def test_a_blind_source_says_since_when_and_what_to_do(
    desk: Any, draw: Draw, request: pytest.FixtureRequest
) -> None:
    with desk.house.store.write() as session:
        source = session.get_one(Source, desk.source_id)
        source.blind_since = now() - timedelta(minutes=5)
        source.problem, source.cure = "The token has expired.", "Get a new one, see the page."
        session.commit()
    text = text_of(draw("sources", _viewer(Role.ADMIN, request)))
    assert "Blind since " in text and "The token has expired." in text
    assert "ch-danger" in text and "Get a new one" in text
    with desk.house.store.write() as session:
        session.get_one(Source, desk.source_id).blind_since = None
        session.commit()


def test_webhooks_show_how_often_they_told_and_were_refused(
    desk: Any, draw: Draw, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = _viewer(Role.ADMIN, request)
    assert "Told at once" not in text_of(draw("sources", admin)), "no [hooks.meta], no card"
    place = SecretPlace("config.toml, hooks.meta.app_secret", variable="NONE")
    hooked = replace(desk.house.settings, hooks=MetaHooks(place, (place,)))
    monkeypatch.setattr(desk.house, "settings", hooked)
    write_down(desk.house.store, "meta", Heard(accepted=12, refused=1))
    text = text_of(draw("sources", admin))
    assert "Told at once by Facebook and Instagram" in text
    assert "12 times" in text and "1 call<" in text


def test_without_a_worker_no_source_claims_to_be_watched(
    desk: Any, draw: Draw, request: pytest.FixtureRequest
) -> None:
    store, admin = desk.house.store, _viewer(Role.ADMIN, request)
    text = text_of(draw("sources", admin))
    assert "The worker gives no sign" in text
    assert "Watching" not in text and "Not read now" in text
    with store.write() as session:
        session.add(Worker(name="main", started_at=now(), beat_at=now()))
        session.commit()
    text = text_of(draw("sources", admin))
    assert "The worker gives no sign" not in text and "Watching" in text
    with store.write() as session:
        session.delete(session.query(Worker).one())
        session.commit()


def test_a_fault_in_a_screen_shows_and_logs_no_words(caplog: pytest.LogCaptureFixture) -> None:
    def fault() -> None:
        raise ValueError(TELLS)

    try:
        fault()
    except ValueError as error:
        with caplog.at_level("ERROR"):
            shown = AppTest.from_function(_draw_fault, kwargs={"error": error}).run()
    assert "Something went wrong on this screen" in text_of(shown)
    assert "stepdad" not in text_of(shown) + caplog.text
    assert "ValueError at test_screens.py" in caplog.text


def _draw_fault(error: Exception) -> None:
    from dashboard import door

    door.went_wrong(error)


def test_streamlits_own_log_of_faults_holds_no_words(caplog: pytest.LogCaptureFixture) -> None:
    import logging

    theme.apply()
    record = logging.LogRecord("streamlit.error_util", 40, __file__, 1, "x", (), None)
    try:
        raise ValueError(TELLS)
    except ValueError as error:
        record.exc_info = (ValueError, error, error.__traceback__)
    assert logging.getLogger("streamlit.error_util").filter(record)
    assert "stepdad" not in record.getMessage()
    assert record.exc_info is None


def test_a_verdict_about_a_finding_is_kept_with_the_decision(
    desk: Any, draw: Draw, request: pytest.FixtureRequest
) -> None:
    from sqlalchemy import select

    from models.tables import Decision, Verdict

    item = desk.post("call 07700 900557", (Category.PII_PHONE, "07700 900557", "A number."))
    app = draw("item", _viewer(Role.MONITOR, request), item=item)
    app.button(key="decide-keep").click().run()
    app.radio(key="code-keep").set_value(decisions.reasons(DecisionKind.KEEP)[0].code)
    app.text_area(key="words-keep").set_value("It is the studio's own number.")
    app.button_group[0].set_value("wrong")
    next(button for button in app.button if button.label == "Keep it").click().run()
    assert not app.exception
    with desk.house.store.read() as session:
        kept = select(Verdict.right).join(Decision, Decision.id == Verdict.decision_id)
        assert session.scalars(kept.where(Decision.item_id == item)).all() == [False]


def test_a_question_waits_for_the_leads_answer(
    desk: Any, draw: Draw, request: pytest.FixtureRequest
) -> None:
    monitor, lead = _viewer(Role.MONITOR, request), _viewer(Role.LEAD, request)
    item = desk.post("call 07700 900558", (Category.PII_PHONE, "07700 900558", "A number."))
    app = draw("item", monitor, item=item)
    app.button(key="ask").click().run()
    app.text_area(key="ask-words").set_value("Is this one of ours?")
    next(button for button in app.button if button.label == "Ask").click().run()
    assert "Your question is with the team" in text_of(app)
    assert not [button for button in app.button if button.label == "Answer"]
    app = draw("item", lead, item=item)
    assert "Is this one of ours?" in text_of(app)
    app.text_area(key="answer-words").set_value("Yes, it is the box office.")
    next(button for button in app.button if button.label == "Answer").click().run()
    assert "Yes, it is the box office." in text_of(draw("item", monitor, item=item))


def test_everybody_is_told_while_nobody_is_the_lead(
    draw: Draw, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    from casework import alerts

    trustee, said = _viewer(Role.TRUSTEE, request), "An administrator must give somebody the role."
    request.getfixturevalue("lead")
    assert "Nobody is the safeguarding lead" not in text_of(draw("numbers", trustee))
    monkeypatch.setattr(alerts, "no_lead_notice", lambda *_: said)
    assert said in text_of(draw("numbers", trustee))


def _registered(desk: Any, first: str, standing: str, roles: list[str]) -> None:
    from models.register_words import Standing
    from models.tables import RegisterPerson
    from models.vocabulary import now

    with desk.house.store.write() as session:
        session.add(
            RegisterPerson(
                first_name=first,
                surname="Harbour",
                standing=Standing(standing),
                roles=roles,
                created_at=now(),
                updated_at=now(),
            )
        )
        session.commit()


def test_a_contact_with_a_child_is_written_down_and_put_before_the_lead(
    draw: Draw, desk: Any, request: pytest.FixtureRequest
) -> None:
    monitor, lead = _viewer(Role.MONITOR, request), _viewer(Role.LEAD, request)
    assert "nobody to choose from yet" in text_of(draw("contacts", monitor))
    _registered(desk, "Tess", "adult", ["staff"])
    _registered(desk, "Pip", "child", ["member"])
    app = draw("contacts", monitor)
    app.selectbox[0].select_index(0)
    app.selectbox[1].select_index(0)
    next(button for button in app.button if button.label == "Write it down").click().run()
    assert not app.exception
    assert "Tess Harbour" in text_of(app)
    assert "No consent" not in text_of(app)
    said = text_of(draw("contacts", lead))
    assert "No consent for direct contact is on record (C37)" in said
    assert "Pip H." in said
    assert "Pip Harbour" not in said


def test_the_lead_exports_what_is_held_and_asks_another_to_agree_that_it_is_erased(
    draw: Draw, desk: Any, request: pytest.FixtureRequest
) -> None:
    from sqlalchemy import select

    from models.tables import RegisterPerson

    monitor, lead, admin = (
        _viewer(role, request) for role in (Role.MONITOR, Role.LEAD, Role.ADMIN)
    )
    _registered(desk, "Orla", "adult", ["member"])
    with desk.house.store.read() as session:
        orla = session.scalars(
            select(RegisterPerson.id).where(RegisterPerson.first_name == "Orla")
        ).one()
    assert "What they may ask for" not in text_of(draw("registered", monitor, person=orla))
    app = draw("registered", lead, person=orla)
    app.button(key="rights-export").click().run()
    assert not app.exception
    assert [one.label for one in app.get("download_button")] == ["Export what is held"]
    box = app.selectbox(key="rights-second")
    box.select_index(list(box.options).index(admin.name)).run()
    app.button(key="rights-ask").click().run()
    assert not app.exception
    assert "Nothing is erased until they agree" in text_of(app)
    assert "It waits for whoever was asked" not in text_of(draw("tasks", lead))
    app = draw("tasks", admin)
    assert "Agree to erase an entry" in text_of(app)
    assert "Orla" not in text_of(app)
    next(box for box in app.checkbox if box.label.startswith("I have asked why")).check().run()
    next(button for button in app.button if button.label == "Erase the entry").click().run()
    assert not app.exception
    assert "The entry is erased" in text_of(app)
    with desk.house.store.read() as session:
        assert session.get_one(RegisterPerson, orla).first_name == ""


def test_the_lead_says_whose_account_an_entry_is(
    draw: Draw, desk: Any, request: pytest.FixtureRequest
) -> None:
    from sqlalchemy import select

    from models.tables import RegisterPerson

    lead, monitor = _viewer(Role.LEAD, request), _viewer(Role.MONITOR, request)
    _registered(desk, "Uma", "adult", ["staff"])
    named = select(RegisterPerson).where(RegisterPerson.first_name == "Uma")
    with desk.house.store.read() as session:
        uma = session.scalars(named).one().id
    assert "Their account here" not in text_of(draw("registered", monitor, person=uma))
    app = draw("registered", lead, person=uma)
    box = app.selectbox(key="p-account")
    assert lead.name not in box.options
    box.select_index(list(box.options).index(monitor.name))
    next(button for button in app.button if button.label == "Save the account").click().run()
    assert not app.exception
    with desk.house.store.read() as session:
        assert session.scalars(named).one().account_id == monitor.user_id


def test_the_lead_keeps_a_case_from_whom_it_is_about(
    draw: Draw, desk: Any, request: pytest.FixtureRequest
) -> None:
    lead = _viewer(Role.LEAD, request)
    other = desk.member("Ivo Lark", Role.LEAD).viewer
    item = desk.post(
        "He hurts me at home",
        (Category.DISCLOSURE, "He hurts me", "A child tells of harm."),
        author="Nobody Known",
    )
    case = _case_of(desk, item)
    assert "Who is it about" in text_of(draw("case", lead, case=case))
    app = draw("case", lead, case=case)
    box = app.selectbox(key="subject-who")
    names = list(box.options)
    box.select_index(names.index("Ivo Lark"))
    app.text_input(key="subject-because").set_value("A parent said so.")
    next(button for button in app.button if button.label == "Keep it from them").click().run()
    assert not app.exception
    assert "It is kept from them" in text_of(app)
    assert "There is nothing here for you" in text_of(draw("case", other, case=case))
    assert "There is nothing here for you" not in text_of(draw("case", lead, case=case))


def _case_of(desk: Any, item: int) -> int:
    from models.tables import SafeguardingCase

    with desk.house.store.read() as session:
        return session.query(SafeguardingCase).filter_by(item_id=item).one().id
