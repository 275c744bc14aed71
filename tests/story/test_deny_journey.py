"""A concern about a member of staff, who holds every role there is: in a real browser there is no
sign of it on any screen, by any address, in search, counts, the digest, the record or an export."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from casework.register_names import handle_key
from collector.connector import IncomingPost
from collector.polling import register_source, store_posts
from dashboard.addresses import SCREENS
from models.register_words import Standing, TaskKind
from models.tables import (
    Alert,
    Item,
    Post,
    RegisterHandle,
    RegisterPerson,
    Revision,
    SafeguardingCase,
    Source,
    Task,
)
from models.vocabulary import Audience, PostKind, Role, now

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
"""The page, once its script has run to the end."""

NOT_HERE = "There is nothing here for you"
OWN = "Hi Ellie, you are so mature for 13. Text me tonight on my own phone, and keep it our secret."
ABOUT = "My teacher Odette Larkspring keeps texting me at night and says not to tell my mum."


def _registered(town: Any, account: int) -> None:
    with town.house.store.write() as session:
        person = RegisterPerson(
            first_name="Odette",
            surname="Larkspring",
            standing=Standing.ADULT,
            roles=["staff"],
            account_id=account,
            created_at=now(),
            updated_at=now(),
        )
        session.add(person)
        session.flush()
        key = handle_key("miss.odette")
        session.add(
            RegisterHandle(
                person_id=person.id,
                connector="",
                handle="miss.odette",
                handle_key=key,
                added_at=now(),
            )
        )
        session.commit()


def _place(town: Any) -> None:
    """A place that takes posts by hand, watched from the beginning."""
    with town.house.store.write() as session:
        register_source(
            session,
            name="elsewhere",
            connector="paste",
            label="Seen elsewhere",
            audience=Audience.MIXED,
        )
        session.commit()


def _arrives(town: Any, author: str, words: str) -> int:
    """A post comes in; its number once the real worker has read and filed it."""
    native = f"seen-{author}-{len(words)}"
    with town.house.store.write() as session:
        source = session.scalars(select(Source).where(Source.name == "elsewhere")).one()
        post = IncomingPost(
            native_id=native,
            kind=PostKind.COMMENT,
            text=words,
            posted_at=now() - timedelta(minutes=5),
            author_id=author,
            author_name=author,
            thread_id=native,
        )
        store_posts(session, source, [post], [], now)
        session.commit()
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with town.house.store.read() as session:
            query = select(Item.id).join(Post, Post.id == Item.post_id)
            found = session.scalar(query.where(Post.native_id == native))
        if found is not None:
            return int(found)
        time.sleep(0.3)
    raise AssertionError("the post was not flagged within a minute")


def _groups_are_checked(town: Any) -> None:
    """Wait for the worker's look at groups: what it finds is counted too, and is not the matter.
    Where it looks before the page is read for the first time, the group is blind until it looks
    again."""
    blind = select(Task.id).where(Task.kind == TaskKind.GROUP_BLIND, Task.done_at.is_(None))
    end = time.monotonic() + 90
    while time.monotonic() < end:
        with town.house.store.read() as session:
            looked = session.scalar(select(Task.id).where(Task.kind == TaskKind.GROUP_PRIVACY))
            if looked and not session.scalar(blind):
                return
        time.sleep(0.5)
    raise AssertionError("the groups were not checked")


def _the_page_is_filed(town: Any) -> None:
    """Wait until the page's own four posts are in the queue, or need not be: they are counted."""
    end = time.monotonic() + 90
    while time.monotonic() < end:
        with town.house.store.read() as session:
            filed = select(func.count(Revision.id)).where(Revision.filed_at.is_not(None))
            if session.scalar(filed) == 4:
                return
        time.sleep(0.5)
    raise AssertionError("the page was not read")


def _read(page: Page, address: str) -> str:
    """What stands on a screen, once it is drawn."""
    page.goto(f"/{address}")
    page.wait_for_selector("[data-testid=stMain] :is(h1, .ch-note)", timeout=60_000)
    page.wait_for_selector(SETTLED)
    page.wait_for_timeout(200)
    return page.locator("[data-testid=stMain]").inner_text()


def _figures(text: str) -> list[str]:
    """The numbers on a screen that are no times of day or lengths of waiting."""
    kept = [line for line in text.splitlines() if not re.search(r"\d+:\d\d|minute|hour|ago", line)]
    return re.findall(r"\b\d+\b", " ".join(kept))


def test_a_concern_is_invisible_to_whom_it_is_about(
    town: Any, sign_in: Callable[..., Page]
) -> None:
    odette = town.resident("Odette Larkspring", *Role)
    other = town.resident("Morgan Vale", Role.LEAD)
    _registered(town, odette.id)
    _place(town)
    page = sign_in(odette)
    _groups_are_checked(town)
    _the_page_is_filed(town)
    counted = ("queue", "cases", "numbers", "digest", "removals")
    before = {address: _figures(_read(page, address)) for address in counted}

    items = [_arrives(town, "miss.odette", OWN), _arrives(town, "wren.k", ABOUT)]
    with town.house.store.read() as session:
        rows = session.scalars(
            select(SafeguardingCase).where(SafeguardingCase.item_id.in_(items))
        ).all()
        numbers, references = [row.id for row in rows], [row.reference for row in rows]
        told = set(session.scalars(select(Alert.person_id).where(Alert.case_id.in_(numbers))).all())
    assert len(numbers) == 2
    assert told == {other.id}

    for address in SCREENS:
        said = _read(page, address)
        assert "keeps texting me" not in said, address
        assert "our secret" not in said or address == "posts", address
        assert not any(reference in said for reference in references), address
        for item_id in items:
            assert f"item {item_id}\n" not in said, address
    for address in counted:
        assert _figures(_read(page, address)) == before[address], address

    said = _read(page, "posts")  # her own post stands there as any other; the one about her not
    line = page.locator("[class*=st-key-line-]", has_text="our secret")
    expect(line).to_contain_text("Nothing found")
    expect(line.get_by_role("button", name="Put in the queue")).to_be_visible()

    for address in [f"/item?item={one}" for one in items] + [
        f"/case?case={one}" for one in numbers
    ]:
        page.goto(address)
        expect(page.get_by_text(NOT_HERE)).to_be_visible()
    page.goto("/item?item=987654")
    expect(page.get_by_text(NOT_HERE)).to_be_visible()

    theirs = sign_in(other)
    expect(theirs).to_have_url(re.compile("/cases$"))
    expect(theirs.get_by_text(references[0])).to_be_visible()
    theirs.goto(f"/case?case={numbers[1]}")
    expect(theirs.get_by_text("About staff or a volunteer").first).to_be_visible()
    theirs.get_by_text("Who is it about? Keep it from them").click()
    expect(theirs.get_by_text("Odette Larkspring").first).to_be_visible()
    theirs.goto("/record")
    expect(theirs.get_by_text("Kept from somebody whom it concerns").first).to_be_visible()
