"""Who is in a group for grown-ups, and who holds the keys: in a real browser, end to end."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect
from sqlalchemy import select

from models.tables import (
    MemberRemoval,
    MembershipReview,
    Post,
    Revision,
    SocialAccount,
    Task,
)
from models.vocabulary import ActionState, Role

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

expect.set_options(timeout=20_000)
PATIENCE = 120
"""Seconds. The check comes round every half minute, and two cores also run the other tests."""


def _until(look: Callable[[], Any], what: str) -> Any:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.5)
    raise AssertionError(f"{what} did not come")


def _review(town: Any, who: str) -> int:
    def look() -> int | None:
        with town.house.store.read() as session:
            wanted = select(MembershipReview.id).where(MembershipReview.who == who)
            return session.scalar(wanted)

    return int(_until(look, f"the review of {who}"))


def _everything_is_read(town: Any) -> None:
    def look() -> bool:
        with town.house.store.read() as session:
            unread = select(Revision.id).where(Revision.filed_at.is_(None)).limit(1)
            count = len(session.scalars(select(Post.id)).all())
            return count >= 3 and session.scalar(unread) is None

    _until(look, "the reading")


def _choose(page: Page, box: Locator, name: str) -> None:
    """Type into a list until what is wanted stands there, and take it.

    The page may be drawn anew at any moment, and that closes a list: then it is opened again.
    """
    option = page.get_by_role("option", name=name, exact=True)
    for _ in range(20):
        box.fill(name)
        try:
            option.click(timeout=2_000)
            return
        except TimeoutError:
            page.keyboard.press("Escape")
    raise AssertionError(f"{name} could not be chosen")


def test_a_fifteen_year_old_by_the_register_is_asked_about_and_removed(
    town: Any, server: Any, register: dict[str, int], sign_in: Callable[..., Page]
) -> None:
    review = _review(town, "11")
    page = sign_in(town.resident("Robin Ash", Role.MONITOR))
    page.get_by_role("link", name="Members").click()
    card = page.locator(f".st-key-review-{review}")
    expect(card).to_contain_text("Wren Hallett-Quigley")
    expect(card).to_contain_text("Our register has this person as a child")
    expect(card).to_contain_text("On our register: Wren H.")

    card.get_by_text("What did you find out?").click()
    card.get_by_text("To be removed from the place").click()
    card.get_by_label("What did you find out, and from whom?").fill("Her mother asked us to.")
    card.get_by_role("button", name="Save the answer").click()
    expect(page.get_by_text("Your answer is kept")).to_be_visible()

    def gone() -> bool:
        with town.house.store.read() as session:
            return session.scalar(select(MemberRemoval.state)) is ActionState.CONFIRMED

    _until(gone, "the removal")
    assert all(one["user"]["id"] != "11" for one in server.members)
    assert "mother" not in " ".join(server.reasons)  # the words are for the record alone
    page.get_by_text("Answered", exact=True).click()
    expect(page.locator(f".st-key-review-{review}")).to_contain_text("Confirmed")


def test_another_is_found_by_what_she_writes_and_a_parent_is_not_accused(
    town: Any, register: dict[str, int], sign_in: Callable[..., Page]
) -> None:
    review = _review(town, "12")
    _everything_is_read(town)
    page = sign_in(town.resident("Sky Thorn", Role.MONITOR))
    page.goto("/members")
    card = page.locator(f".st-key-review-{review}")
    expect(card.locator("blockquote mark")).to_contain_text("I'm 15")
    expect(card).to_contain_text("A strong sign")
    expect(page.get_by_text("These are signs, not proof")).to_be_visible()

    card.get_by_text("What did you find out?").click()
    card.get_by_text("A parent was asked").click()
    card.get_by_role("button", name="Save the answer").click()
    expect(card.get_by_text("say how you know")).to_be_visible()  # not without words
    card.get_by_label("What did you find out, and from whom?").fill("I rang the family.")
    card.get_by_role("button", name="Save the answer").click()
    expect(page.get_by_text("Your answer is kept")).to_be_visible()
    expect(page.locator(f".st-key-review-{review}")).to_contain_text("Parent asked")

    # The mother's words were read as well, and nobody is asked about her.
    with town.house.store.read() as session:
        said = session.scalars(select(Revision.text)).all()
        asked = set(session.scalars(select(MembershipReview.who)))
    assert any("Maya is 12" in text for text in said)
    assert asked == {"11", "12"}
    assert "bea.f" not in page.content()
    assert "Maya" not in page.content()


def test_an_account_whose_holder_leaves_has_one_holder(
    town: Any,
    register: dict[str, int],
    leaves: Callable[[int], None],
    sign_in: Callable[..., Page],
) -> None:
    page = sign_in(town.resident("Morgan Vale", Role.LEAD))
    page.goto("/accounts")
    page.get_by_text("Add an account").click()
    form = page.locator(".st-key-new-social")
    _choose(page, form.get_by_label("Where it is"), "Instagram")
    form.get_by_label("Its name there").fill("larkspur_dance")
    form.get_by_role("button", name="Add the account").click()
    expect(page.get_by_text("The account is on the list")).to_be_visible()
    with town.house.store.read() as session:
        account = session.scalars(select(SocialAccount)).one().id
    card = page.locator(f".st-key-social-{account}")
    expect(card).to_contain_text("No holder")

    for name in ("Morgan Vale", "Ash Brightwell"):
        box = card.get_by_label("Who else can sign in?")
        if not box.is_visible():
            card.get_by_text("Change", exact=True).click()
        _choose(page, box, name)
        card.get_by_role("button", name="Add", exact=True).click()
        expect(card).to_contain_text(f"{name} since")
    expect(card).to_contain_text("2 holders")
    card.get_by_role("button", name="I looked today: all of this is true").click()
    expect(page.get_by_text("With your name and today's date")).to_be_visible()

    leaves(register["Ash Brightwell"])

    def raised() -> bool:
        with town.house.store.read() as session:
            open_ones = select(Task.matter).where(
                Task.kind == "account_holders", Task.done_at.is_(None)
            )
            return session.scalar(open_ones) == f"account:{account}"

    _until(raised, "the task")
    page.goto("/accounts")
    expect(page.locator(f".st-key-social-{account}")).to_contain_text("One holder")
    expect(page.locator(f".st-key-social-{account}")).to_contain_text("(no longer)")

    trustee = sign_in(town.resident("Ola Birch", Role.TRUSTEE))
    figure = trustee.locator(".ch-figure", has_text="accounts with fewer than two holders")
    expect(figure.locator("b")).to_have_text("1 or 2")
    trustee.goto("/accounts")
    expect(trustee.get_by_text("There is nothing here for you")).to_be_visible()
    assert "larkspur_dance" not in trustee.content()


def test_a_group_below_the_platforms_age_is_refused_with_its_reason(
    town: Any, sign_in: Callable[..., Page]
) -> None:
    page = sign_in(town.resident("Lee Marsh", Role.MONITOR))
    page.goto("/groups")
    expect(page.get_by_role("heading", name="Who can see it")).to_be_visible(timeout=60_000)
    page.get_by_text("Add a group that no program reads").click()
    form = page.locator(".st-key-new-group")
    form.get_by_label("What people call it").fill("Tiny Toes")
    _choose(page, form.get_by_label("Where it is"), "Facebook")
    form.get_by_text("a children's place").click()
    form.get_by_label("The youngest age that you admit").fill("8")
    form.get_by_role("button", name="Add the group").click()
    expect(page.get_by_text("Facebook is for people of 13 and over")).to_be_visible()
    expect(page.get_by_text("This cannot be done")).to_be_visible()
