"""The journeys of the register, in a real browser: a file of 500 people, a consent withdrawn."""

import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from casework import consents, register_edit
from casework.consents import NewAnswer
from casework.register_edit import Details
from models.register_words import Authority, ConsentItem, RegisterRole, Standing, TaskKind
from models.tables import Audit, Consent, FindingRow, Post, RegisterPerson, Revision, Source, Task
from models.vocabulary import PostKind, Role, now

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

SLOW = 240_000
"""Milliseconds for 500 rows where other tests have both cores; alone it takes two seconds."""

FIRST = ("Ella", "Mia", "Tomos", "Siân", "Kofi", "Zofia", "Gurpreet", "Ayo", "Niamh", "Callum")
LAST = (
    "Hartnell",
    "Lark",
    "Llŷr",
    "Mensah",
    "Wójcik",
    "Gill",
    "Adébáyọ̀",
    "Quill",
    "Ember",
    "Penrose",
)
BAD = (
    ("", "Lark", "02/05/2014", "Yes"),
    ("Mia", "Lark", "05/13/2014", "Yes"),
    ("Mia", "Lark", "31/02/2014", "Yes"),
    ("=1+1", "Lark", "02/05/2014", "Yes"),
    ("Mia", "Lark", "02/05/2014", "perhaps"),
)
"""First name, last name, date of birth, photo consent: each wrong in its own way."""


def _file(folder: Path) -> Path:
    """500 rows, 20 of them bad, in the windows of a booking system."""
    rows = ["Booking ID,Child first name,Child surname,DOB,Parent name,Parent email,Photo consent"]
    for number in range(500):
        first, last = FIRST[number % 10], f"{LAST[number // 10 % 10]}"
        born = f"{number % 28 + 1:02}/{number % 12 + 1:02}/{2010 + number % 9}"
        photo = "Yes" if number % 3 else "No"
        if number % 25 == 7:
            first, last, born, photo = BAD[number // 25 % 5]
        parent = f"Parent{number // 2} {LAST[number // 10 % 10]}"
        rows.append(f"B{number},{first},{last},{born},{parent},p{number // 2}@example.org,{photo}")
    path = folder / "booking-export.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def _count(town: Any, table: Any) -> int:
    with town.house.store.read() as session:
        return int(session.scalar(select(func.count()).select_from(table)) or 0)


def test_500_people_with_20_bad_rows_are_imported_through_the_screen(
    town: Any, sign_in: Callable[..., Page], tmp_path: Path
) -> None:
    page = sign_in(town.resident("Robin Quill", Role.MONITOR))
    page.get_by_role("link", name="Register", exact=True).click()
    page.get_by_role("link", name="Import a file").click()
    expect(page.get_by_role("heading", name="Import people")).to_be_visible()
    page.locator("input[type=file]").set_input_files(_file(tmp_path))
    expect(page.get_by_text("Child first name").first).to_be_visible()

    page.get_by_role("button", name="Try it without storing anything").click()
    figures = page.locator(".ch-figures").first
    expect(figures).to_contain_text("480", timeout=SLOW)
    expect(figures).to_contain_text("20")
    table = page.locator("table.ch-table")
    expect(table).to_contain_text("the day comes first")
    expect(table).to_contain_text("The cell holds a formula")
    expect(table).to_contain_text("neither yes nor no")
    assert _count(town, RegisterPerson) == 0  # a dry run stores nothing
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the rejected rows and why").click()
    rejects = saved.value.path().read_text(encoding="utf-8")
    assert len(rejects.strip().splitlines()) == 21 and "Lark" not in rejects

    page.get_by_role("button", name="Take in 480 people").click()
    done = page.get_by_text("480 added, 0 changed, 0 unchanged, 20 rejected")
    expect(done).to_be_visible(timeout=SLOW)
    assert _count(town, RegisterPerson) > 480  # and their parents
    with town.house.store.read() as session:
        line = session.scalars(select(Audit).where(Audit.what == "register.imported")).one()
        assert line.details["added"] == 480 and line.details["rejected"] == 20

    page.get_by_role("button", name="Try it without storing anything").click()
    nothing = page.get_by_text("There is nothing new in it")
    expect(nothing).to_be_visible(timeout=SLOW)  # idempotent

    page.get_by_role("button", name="Register").first.click()
    page.get_by_label("Search").fill("Zofia Wójcik")
    page.get_by_label("Search").press("Enter")
    expect(page.get_by_text("Zofia W.").first).to_be_visible()
    expect(page.get_by_text("Wójcik")).to_have_count(0)  # masked in the list
    page.get_by_role("link", name="Open").first.click()
    expect(page.get_by_role("heading", name="Zofia Wójcik")).to_be_visible()
    with town.house.store.read() as session:
        assert session.scalars(select(Audit).where(Audit.what == "register.viewed")).all()
    checked = town.chaperone("audit", "verify")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def _written(town: Any, text: str, number: int) -> int:
    """A post of the page, as if it had been fetched; the worker reads it by itself."""
    from hashlib import sha256

    with town.house.store.write() as session:
        source = session.scalars(select(Source)).first()
        assert source is not None
        post = Post(
            source_id=source.id,
            native_id=f"written-{number}",
            kind=PostKind.COMMENT,
            author_id=f"author-{number}",
            author_name="Wilf Amber",
            author_role="unknown",
            posted_at=now() - timedelta(minutes=5),
            first_seen_at=now(),
            last_seen_at=now(),
        )
        session.add(post)
        session.flush()
        revision = Revision(
            post_id=post.id,
            number=1,
            text=text,
            text_hash=sha256(text.encode()).hexdigest(),
            seen_at=now(),
        )
        session.add(revision)
        session.flush()
        post.revision_id = revision.id
        session.commit()
        return int(post.id)


def _read_by_the_worker(town: Any, post_id: int) -> list[str]:
    """The detectors that found something, once the post was read and filed."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        with town.house.store.read() as session:
            revision = session.scalars(select(Revision).where(Revision.post_id == post_id)).one()
            if revision.filed_at is not None:
                rows = session.scalars(
                    select(FindingRow.detector).where(FindingRow.revision_id == revision.id)
                )
                return sorted(rows)
        time.sleep(0.3)
    raise AssertionError("the post was not read")


def test_a_withdrawn_consent_lists_the_posts(town: Any, sign_in: Callable[..., Page]) -> None:
    monitor = town.resident("Sky Fern", Role.MONITOR)
    store = town.house.store
    child = register_edit.add_person(
        store,
        None,
        Details(
            "Juniper",
            "Oakshott",
            Standing.CHILD,
            frozenset({RegisterRole.MEMBER}),
            date(2014, 5, 2),
        ),
    )
    answer = NewAnswer(
        ConsentItem.FULL_NAME, True, "Rowan Oakshott", Authority.PARENT, date(2026, 1, 1)
    )
    consents.record_answer(store, None, child, answer)
    named = _written(town, "So proud of Juniper Oakshott in the gala!", 1)
    other = _written(town, "Juniper berries are in season", 2)
    assert "registered_name" not in _read_by_the_worker(town, named)  # there is consent
    _read_by_the_worker(town, other)

    page = sign_in(monitor)
    page.goto(f"/registered?person={child}")
    expect(page.get_by_role("heading", name="Juniper Oakshott")).to_be_visible()
    page.get_by_role("button", name="Withdraw", exact=True).click()
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_role("heading", name="Tasks")).to_be_visible()
    expect(page.get_by_text("A consent was withdrawn").first).to_be_visible()
    expect(page.get_by_text("So proud of Juniper Oakshott in the gala!")).to_be_visible()
    expect(page.get_by_text("Juniper berries")).to_have_count(0)
    with store.read() as session:
        withdrawn = Task.kind == TaskKind.CONSENT_WITHDRAWN
        task = session.scalars(select(Task).where(withdrawn)).one()
        assert task.details["posts"] == [named]
        assert session.scalars(select(Consent.ended_why)).all()[-1] == "withdrawn"
        before = session.scalars(
            select(FindingRow).join(Revision).where(Revision.post_id == named)
        ).all()
        assert not [each for each in before if each.detector == "registered_name"]

    later = _written(town, "Juniper Oakshott again, what a star", 3)
    assert "registered_name" in _read_by_the_worker(town, later)  # from now on it is found

    card = page.locator("[class*=st-key-task-]", has_text="A consent was withdrawn").first
    card.get_by_role("button", name="Close the task").click()
    page.get_by_text("The earlier posts are dealt with").click()
    page.get_by_role("button", name="Close it").click()
    expect(page.get_by_text("The task is closed")).to_be_visible()
    with store.read() as session:
        withdrawn = Task.kind == TaskKind.CONSENT_WITHDRAWN
        assert session.scalars(select(Task).where(withdrawn)).one().outcome == "posts_dealt_with"

    admin = sign_in(town.resident("Kit Bramble", Role.ADMIN))
    for address in ("/register", f"/registered?person={child}", "/import"):
        admin.goto(address)
        expect(admin.get_by_text(re.compile("There is nothing here for you"))).to_be_visible()
        assert "Oakshott" not in admin.content()
