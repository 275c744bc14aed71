"""What waits, in which order, and how it got there."""

import threading
from datetime import timedelta

import pytest

from casework import filing, items, posts, priority, queue
from casework.decisions import decide
from casework.posts import PostFilters, PostState
from casework.priority import DANGER_POINTS, hours
from casework.queue import Filters
from classifier.policy import load_policy
from models.errors import NotYours, Refused
from models.tables import Audit, Item, SafeguardingCase
from models.vocabulary import (
    Audience,
    Category,
    DecisionKind,
    ItemState,
    Level,
    Organisation,
    Route,
    now,
)


def _page(desk, name: str = "Mona", **filters) -> list[int]:
    with desk.store.read() as session:
        page = queue.page(session, desk.people[name], Filters(**filters))
    return [card.item_id for card in page.cards]


def test_one_item_for_one_post_however_often_it_is_filed(desk) -> None:
    post_id = desk.post("Fool you are", Category.BULLYING, Category.PROFANITY)
    assert desk.file(post_id) == 1
    assert desk.file(post_id, post_id) == 0
    row = desk.row(desk.item_of(post_id))
    assert row.categories == ["bullying", "profanity"]
    assert (row.version, row.level) == (1, Level.L2)
    with desk.store.read() as session:
        assert session.query(Audit).filter_by(what="item.filed").count() == 1


def test_a_harmless_post_asks_nobody(desk) -> None:
    assert desk.file(desk.post("Lovely class today")) == 0
    assert _page(desk) == []


def test_filing_at_once_from_many_places_makes_one_item(desk) -> None:
    ids = [desk.post("Fool you are", Category.BULLYING) for _ in range(5)]
    threads = [threading.Thread(target=desk.file, args=ids) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(_page(desk)) == 5


def test_what_could_not_be_checked_reaches_a_person(desk) -> None:
    item_id = desk.item("Lovely class today", unchecked="meaning,names")
    view = desk.open(desk.people["Mona"], item_id)
    assert view.unchecked == ("meaning", "names")
    assert [reason.title for reason in view.reasons] == ["Could not be checked"]
    assert ("It could not be checked fully", 20) in view.priority_parts


def test_the_sum_can_be_printed_and_waiting_is_part_of_it(desk, hour: timedelta) -> None:
    item_id = desk.item("Fool you are", Category.BULLYING)
    view = desk.open(desk.people["Mona"], item_id)
    assert view.priority == sum(points for _, points in view.priority_parts)
    with desk.store.write() as session:
        row = session.get_one(Item, item_id)
        row.opened_at -= 5 * hour
        row.priority = priority.stored(tuple(map(tuple, row.priority_parts)), row.opened_at)
        session.commit()
    waited = desk.open(desk.people["Mona"], item_id)
    assert ("Waiting for 5 hours", 5) in waited.priority_parts
    assert waited.priority == view.priority + 5
    with desk.store.read() as session:
        [card] = queue.page(session, desk.people["Mona"], Filters()).cards
    assert card.priority == waited.priority


def test_the_stored_order_is_the_printed_order_at_any_time(hour: timedelta) -> None:
    begin = now()
    items = [
        ((("a", points),), begin - waited * hour) for points in (0, 3, 90) for waited in (0, 4, 95)
    ]
    by_stored = sorted(items, key=lambda item: priority.stored(*item))
    for later in (begin, begin + 1000 * hour):
        sums = [priority.printed(parts, opened, later)[0] for parts, opened in by_stored]
        assert sums == sorted(sums)
    assert priority.stored(*items[0]) + hours(begin) == 0


def test_immediate_danger_comes_before_a_year_of_waiting(hour: timedelta) -> None:
    at = now()
    danger = priority.parts((), Level.L4, 0, False)
    assert danger == (("Somebody may be in danger now", DANGER_POINTS),)
    old = priority.parts((("Level", 500),), Level.L3, 9, True)
    assert priority.stored(danger, at) > priority.stored(old, at - 365 * 24 * hour)


def test_serious_first_then_the_longest_waiting(desk) -> None:
    mild = desk.item("Darn you are", Category.PROFANITY)
    worse = desk.item("Fool you are", Category.BULLYING)
    later = desk.item("Fool you are too", Category.BULLYING)
    assert _page(desk) == [worse, later, mild]
    with desk.store.read() as session:
        mona = desk.people["Mona"]
        assert queue.next_item(session, mona) == worse
        assert queue.next_item(session, mona, after=worse) == later
        assert queue.next_item(session, mona, after=later) == mild
        assert queue.next_item(session, mona, Filters(level=Level.L1)) == mild


def test_filters(desk) -> None:
    both = desk.item("Fool you are", Category.BULLYING, Category.PROFANITY)
    plain = desk.item("Darn you are", Category.PROFANITY)
    elsewhere = desk.source("Other group")
    assert _page(desk, category=Category.PROFANITY) == [both, plain]
    assert _page(desk, category=Category.BULLYING) == [both]
    assert _page(desk, level=Level.L1) == [plain]
    assert _page(desk, source_id=elsewhere) == []
    assert _page(desk, overdue=True) == _page(desk, mine=True) == []
    with desk.store.write() as session:
        session.get_one(Item, plain).due_at = now() - timedelta(minutes=1)
        session.commit()
    assert _page(desk, overdue=True) == [plain]
    queue_claims(desk, plain)
    assert _page(desk, mine=True) == [plain]
    with desk.store.read() as session:
        counts = queue.counts(session, desk.people["Mona"])
        assert (counts.waiting, counts.overdue, counts.mine) == (2, 1, 1)
        assert counts.oldest_at is not None
        assert dict(queue.places(session, desk.people["Mona"]))[elsewhere] == "Other group"


def queue_claims(desk, item_id: int) -> None:
    items.claim(desk.store, desk.people["Mona"], item_id)


def test_pages(small_desk) -> None:
    ids = [small_desk.post("Fool you are", Category.BULLYING) for _ in range(27)]
    small_desk.file(*ids)
    with small_desk.store.read() as session:
        mona = small_desk.people["Mona"]
        first, second = (queue.page(session, mona, Filters(), number) for number in (1, 99))
    assert (len(first.cards), first.total, first.pages) == (queue.CARDS_A_PAGE, 27, 2)
    assert (len(second.cards), second.number) == (27 - queue.CARDS_A_PAGE, 2)


def test_identifiers_are_masked_in_lists(small_desk) -> None:
    small_desk.item("jo@example.org is hers", Category.PII_EMAIL)
    with small_desk.store.read() as session:
        [card] = queue.page(session, small_desk.people["Mona"], Filters()).cards
    assert card.excerpt == "•" * 14 + " is hers"


def test_a_decided_post_comes_back_only_for_new_words(desk) -> None:
    mona, post_id = desk.people["Mona"], desk.post("Fool you are", Category.BULLYING)
    desk.file(post_id)
    item_id = desk.item_of(post_id)
    keep = DecisionKind.KEEP
    decide(desk.store, mona, desk.choice(mona, item_id, keep, "nothing_wrong"))
    assert desk.file(post_id) == 0
    desk.edit(post_id, "Kind you are")
    assert desk.file(post_id) == 0
    assert desk.row(item_id).state is ItemState.DECIDED
    desk.edit(post_id, "Darn you are", Category.PROFANITY)
    assert desk.file(post_id) == 1
    row = desk.row(item_id)
    assert (row.state, row.categories) == (ItemState.WAITING, ["profanity"])
    view = desk.open(mona, item_id)
    assert view.decision.kind is keep
    assert DecisionKind.REMOVE in view.verbs


def test_an_edit_never_takes_a_reason_away(desk) -> None:
    post_id = desk.post("Fool you are", Category.BULLYING)
    desk.file(post_id)
    desk.edit(post_id, "Darn you are", Category.PROFANITY)
    assert desk.file(post_id) == 1
    row = desk.row(desk.item_of(post_id))
    assert set(row.categories) == {"bullying", "profanity"}
    assert (row.level, row.version) == (Level.L2, 2)


def test_an_edit_that_turns_serious_goes_to_the_lead(desk) -> None:
    post_id = desk.post("Darn you are", Category.PROFANITY)
    desk.file(post_id)
    item_id = desk.item_of(post_id)
    queue_claims(desk, item_id)
    desk.edit(post_id, "Help me please", Category.DISCLOSURE)
    desk.file(post_id)
    row = desk.row(item_id)
    assert (row.route, row.state, row.claimed_by) == (Route.LEAD, ItemState.ESCALATED, None)
    with pytest.raises(NotYours):
        desk.open(desk.people["Mona"], item_id)
    with desk.store.read() as session:
        assert session.query(SafeguardingCase).one().item_id == item_id
    desk.edit(post_id, "All is well", read=True)
    desk.file(post_id)
    assert desk.row(item_id).route is Route.LEAD


def test_a_person_can_put_any_post_in_the_queue(desk) -> None:
    mona, post_id = desk.people["Mona"], desk.post("Lovely class today")
    with pytest.raises(Refused):
        queue.report_post(desk.store, mona, post_id, " ")
    item_id = queue.report_post(desk.store, mona, post_id, "I know who this is about.")
    assert queue.report_post(desk.store, desk.people["Max"], post_id, "Me too.") == item_id
    view = desk.open(mona, item_id)
    assert ("2 people reported it", 60) in view.priority_parts
    assert view.reasons[0].title == "Reported by 2 people"
    assert [note.by_name for note in view.notes] == ["Mona", "Max"]
    desk.file(post_id)
    assert ("2 people reported it", 60) in desk.open(mona, item_id).priority_parts
    decide(desk.store, mona, desk.choice(mona, item_id, DecisionKind.KEEP, "nothing_wrong"))
    assert desk.file(post_id) == 0
    assert queue.report_post(desk.store, mona, post_id, "I still worry.") == item_id
    view = desk.open(mona, item_id)
    assert view.state is ItemState.WAITING
    assert ("A person reported it", 30) in view.priority_parts
    for name in ("Tara", "Adam"):
        with pytest.raises(NotYours):
            queue.report_post(desk.store, desk.people[name], post_id, "Hello.")


def test_a_report_adds_to_a_flagged_post(desk) -> None:
    mona, item_id = desk.people["Mona"], desk.item("Fool you are", Category.BULLYING)
    before = desk.open(mona, item_id).priority
    queue.report_post(desk.store, mona, desk.row(item_id).post_id, "It is about Kit.")
    view = desk.open(mona, item_id)
    assert view.priority == before + 30
    assert [reason.title for reason in view.reasons][-1] == "Reported by a person"


def test_a_new_policy_decides_stored_findings_anew(desk, tmp_path) -> None:
    low = desk.item("Darn you are", Category.PROFANITY)
    unfiled = desk.post("Fool you are", Category.BULLYING)
    lead = desk.item("Help me please", Category.DISCLOSURE)
    assert filing.redecide(desk.store, desk.policy) == 1
    assert desk.row(desk.item_of(unfiled)).state is ItemState.WAITING
    assert filing.redecide(desk.store, desk.policy) == 0
    path = tmp_path / "policy.toml"
    path.write_text("[categories.profanity]\nthreshold = 1.0\n", encoding="utf-8")
    stricter = load_policy(path)
    assert stricter.version != desk.policy.version
    assert filing.redecide(desk.store, stricter) == 1
    row = desk.row(low)
    assert (row.state, row.level) == (ItemState.WAITING, Level.L0)
    assert row.policy_version == stricter.version
    assert desk.row(lead).route is Route.LEAD
    with desk.store.read() as session:
        assert session.query(Audit).filter_by(what="policy.applied").count() == 2
    assert filing.redecide(desk.store, stricter, Organisation("Ballet")) == 0


def test_children_in_the_place_raise_it(desk) -> None:
    adults = desk.item("Darn you are", Category.PROFANITY)
    desk.source_id = desk.source("Juniors", Audience.CHILDREN)
    children = desk.item("Darn you are", Category.PROFANITY)
    assert desk.row(children).level > desk.row(adults).level


def test_every_post_has_a_state(desk) -> None:
    mona = desk.people["Mona"]
    clear = desk.post("Lovely class today")
    desk.file(clear)
    flagged = desk.row(desk.item("Fool you are", Category.BULLYING)).post_id
    unread = desk.post("New words")
    desk.edit(unread, "Newer words", read=False)
    kept_item = desk.item("Darn you are", Category.PROFANITY)
    decide(desk.store, mona, desk.choice(mona, kept_item, DecisionKind.KEEP, "nothing_wrong"))
    removed_item = desk.item("Fool you are", Category.BULLYING, author="Al Other")
    decide(desk.store, mona, desk.choice(mona, removed_item, DecisionKind.REMOVE, "bullying"))
    with desk.store.read() as session:
        page = posts.browse(session, mona)
        states = {row.post_id: row.state for row in page.posts}
        by_author = posts.browse(session, mona, PostFilters(author="al other"))
        waiting = posts.browse(session, mona, PostFilters(state=PostState.UNREAD))
        count, oldest = posts.unread(session, mona)
    assert states == {
        clear: PostState.CLEAR,
        flagged: PostState.FLAGGED,
        unread: PostState.UNREAD,
        desk.row(kept_item).post_id: PostState.KEPT,
        desk.row(removed_item).post_id: PostState.REMOVED,
    }
    assert not page.more
    assert [row.state for row in by_author.posts] == [PostState.REMOVED]
    assert [row.post_id for row in waiting.posts] == [unread]
    assert (count, oldest is None) == (1, False)
