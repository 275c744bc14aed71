"""Words go when their time is over, and only then: what is frozen or in an open case stays."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from casework import audit, cases, items, posts, queue, removals
from casework.decisions import decide
from casework.dropping import NOTE, Dropped, drop_due
from casework.keeping import Periods, shipped
from casework.posts import PostState
from casework.queue import Filters
from casework.visibility import NO_LONGER_KEPT
from collector.connector import IncomingPost
from collector.storing import store_posts
from models.tables import (
    Action,
    Audit,
    CaseEntry,
    CaseKeeping,
    Decision,
    Evidence,
    FindingRow,
    Item,
    ItemNote,
    Post,
    Revision,
    SafeguardingCase,
    Source,
    Tombstone,
)
from models.vocabulary import (
    ActionState,
    Category,
    DecisionKind,
    EntryKind,
    PostKind,
    Presence,
    now,
)

LATER = timedelta(hours=49)


def gone(desk, post_id: int, by: str = "author") -> None:
    """The platform says that it is gone, just now."""
    with desk.store.write() as session:
        post = session.get_one(Post, post_id)
        post.presence, post.gone_by, post.gone_seen_at = Presence.GONE, by, now()
        session.commit()


def drop(desk, after: timedelta = LATER, periods: Periods | None = None) -> Dropped:
    moment = now() + after
    return drop_due(desk.store, periods or shipped(), lambda: moment)


def texts(desk, post_id: int) -> list[str]:
    with desk.store.read() as session:
        query = select(Revision.text).where(Revision.post_id == post_id).order_by(Revision.id)
        return list(session.scalars(query))


def post_of(desk, item_id: int) -> int:
    with desk.store.read() as session:
        return session.get_one(Item, item_id).post_id


def test_what_its_author_deleted_goes_after_the_platforms_period(desk) -> None:
    item_id = desk.item("Fool you are, all of you there", Category.BULLYING, author="Jo Bloggs")
    post_id = post_of(desk, item_id)
    desk.edit(post_id, "Fool you were, all of you there", Category.BULLYING)
    desk.file(post_id)
    mona, lena = desk.people["Mona"], desk.people["Lena"]
    items.ask_help(desk.store, mona, item_id, 'He wrote "all of you there" again.')
    items.answer_help(desk.store, lena, item_id, "Thank you.")
    with desk.store.read() as session:
        hashes = session.scalars(select(Revision.text_hash).order_by(Revision.id)).all()
    gone(desk, post_id)
    assert drop(desk, timedelta(hours=47)).posts == 0
    assert len(texts(desk, post_id)) == 2
    assert "" not in texts(desk, post_id)
    assert drop(desk).posts == 1
    assert drop(desk).posts == 0
    assert texts(desk, post_id) == ["", ""]
    with desk.store.read() as session:
        post = session.get_one(Post, post_id)
        assert (post.author_id, post.author_name, post.permalink) == (None, None, None)
        assert session.scalars(select(Revision.text_hash).order_by(Revision.id)).all() == hashes
        assert "first word" not in " ".join(session.scalars(select(FindingRow.because)))
        assert session.scalars(select(FindingRow.score)).all() == [0.99, 0.99]
        assert session.scalars(select(ItemNote.text).order_by(ItemNote.id)).all() == [
            NOTE,
            "Thank you.",
        ]
        stone = session.scalars(select(Tombstone)).one()
        assert (stone.kind, stone.thing_id, stone.keeping) == (
            "post",
            post_id,
            "deleted_on_platform",
        )
        line = session.scalars(select(Audit).where(Audit.what == "post.dropped")).one()
        assert set(line.details) == {"keeping", "reason", "began", "revisions"}
        assert audit.verify(session).broken_at is None


def test_every_screen_says_that_the_words_are_no_longer_kept(small_desk) -> None:
    desk = small_desk
    item_id = desk.item("Fool you are, all of you", Category.BULLYING, thread="t")
    other = desk.item("Darn you all", Category.PROFANITY, thread="t")
    gone(desk, post_of(desk, item_id))
    drop(desk)
    mona = desk.people["Mona"]
    view = desk.open(mona, item_id)
    assert view.text == NO_LONGER_KEPT
    assert all((reason.start, reason.end) == (0, 0) for reason in view.reasons)
    assert desk.open(mona, other).thread[0].text == NO_LONGER_KEPT
    with desk.store.read() as session:
        cards = {card.item_id: card.excerpt for card in queue.page(session, mona, Filters()).cards}
        rows = {row.item_id: row.text for row in posts.browse(session, mona).posts}
    assert cards[item_id] == NO_LONGER_KEPT
    assert rows[item_id] == NO_LONGER_KEPT
    decide(desk.store, mona, desk.choice(mona, item_id, DecisionKind.KEEP, "nothing_wrong"))


def test_frozen_evidence_and_an_open_case_keep_the_words(desk) -> None:
    lena = desk.people["Lena"]
    removed = desk.item("Fool you are", Category.BULLYING)
    choice = desk.choice(lena, removed, DecisionKind.REMOVE, "personal_details")
    action = decide(desk.store, lena, choice).action_id
    told = desk.item("Help me please", Category.DISCLOSURE)
    for item_id in (removed, told):
        gone(desk, post_of(desk, item_id))
    assert drop(desk).posts == 0  # one is still to be frozen, of the other a case is open
    removals.freeze(desk.store, action)
    with desk.store.write() as session:
        session.get_one(Action, action).state = ActionState.CONFIRMED
        session.commit()
    assert drop(desk).posts == 0
    assert texts(desk, post_of(desk, removed)) == ["Fool you are"]
    assert texts(desk, post_of(desk, told)) == ["Help me please"]


def test_a_closed_case_keeps_its_own_lines_and_not_the_post(desk) -> None:
    lena = desk.people["Lena"]
    item_id = desk.item("Help me please", Category.DISCLOSURE)
    gone(desk, post_of(desk, item_id))
    number = cases.cases(desk.store, lena)[0].id
    cases.acknowledge(desk.store, lena, number, cases.open_case(desk.store, lena, number).version)
    version = cases.open_case(desk.store, lena, number).version
    cases.decide_threshold(desk.store, lena, number, version, cases.NOT_REFER, "No harm.")
    version = cases.open_case(desk.store, lena, number).version
    cases.close(desk.store, lena, number, version, "A song.")
    assert drop(desk).posts == 1
    with desk.store.read() as session:
        kept = select(CaseEntry.text).where(CaseEntry.kind == EntryKind.VERBATIM)
        assert session.scalars(kept).all() == ["Help me please"]
    version = cases.open_case(desk.store, lena, number).version
    cases.reopen(desk.store, lena, number, version, "A second look.")
    assert desk.open(lena, item_id).text == NO_LONGER_KEPT


@pytest.mark.parametrize(("by", "dropped"), [("author", 1), ("unknown", 0), ("moderator", 0)])
def test_who_deleted_it_matters_while_nobody_decided(desk, by: str, dropped: int) -> None:
    item_id = desk.item("Fool you are", Category.BULLYING)
    gone(desk, post_of(desk, item_id), by)
    assert drop(desk).posts == dropped


def test_once_decided_what_is_gone_from_the_platform_goes_here_too(desk) -> None:
    lena = desk.people["Lena"]
    item_id = desk.item("Fool you are", Category.BULLYING)
    decide(desk.store, lena, desk.choice(lena, item_id, DecisionKind.KEEP, "nothing_wrong"))
    gone(desk, post_of(desk, item_id), "unknown")
    assert drop(desk).posts == 1


def test_cleared_and_dismissed_posts_after_the_organisations_own_periods(desk) -> None:
    lena = desk.people["Lena"]
    clear = desk.post("See you on Monday")
    desk.file(clear)
    kept = desk.item("Fool you are", Category.BULLYING)
    quote = desk.choice(
        lena, kept, DecisionKind.KEEP, "nothing_wrong", words='She said "fool you are" in fun.'
    )
    decide(desk.store, lena, quote)
    waiting = desk.item("Darn you all", Category.PROFANITY)
    assert drop(desk, timedelta(days=29)).posts == 0
    assert drop(desk, timedelta(days=31)).posts == 1
    assert texts(desk, clear) == [""]
    with desk.store.read() as session:
        assert [row.state for row in posts.browse(session, lena).posts if row.post_id == clear] == [
            PostState.CLEAR
        ]
    assert drop(desk, timedelta(days=366)).posts == 1
    assert texts(desk, post_of(desk, kept)) == [""]
    assert texts(desk, post_of(desk, waiting)) == ["Darn you all"]
    with desk.store.read() as session:
        decision = session.scalars(select(Decision)).one()
        assert (decision.words, decision.reason_code) == ("", "nothing_wrong")


def test_removed_posts_and_their_evidence_after_three_years(desk) -> None:
    lena = desk.people["Lena"]
    item_id = desk.item("Fool you are", Category.BULLYING)
    choice = desk.choice(lena, item_id, DecisionKind.REMOVE, "personal_details")
    action = decide(desk.store, lena, choice).action_id
    removals.freeze(desk.store, action)
    assert drop(desk, timedelta(days=1100)).posts == 0  # it is still under way
    with desk.store.write() as session:
        session.execute(text("UPDATE action SET state = 'confirmed'"))
        session.commit()
    assert drop(desk, timedelta(days=1090)).posts == 0
    assert drop(desk, timedelta(days=1100)).posts == 1
    with desk.store.read() as session:
        row = session.scalars(select(Evidence)).one()
        assert (row.text, row.author_name, row.permalink) == ("", None, None)
        assert row.text_hash == session.scalars(select(Revision.text_hash)).one()


def test_a_legal_hold_stops_everything(desk) -> None:
    desk.file(desk.post("See you on Monday"))
    held = Periods(legal_hold=True)
    assert drop(desk, timedelta(days=4000), held).posts == 0
    assert drop(desk, timedelta(days=4000)).posts == 1


def _refused(desk, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        desk.store.engine.begin() as connection,
    ):
        connection.execute(text(statement))


def test_the_triggers_let_exactly_this_change_through(desk) -> None:
    item_id = desk.item("Help me please", Category.DISCLOSURE)
    post_id = post_of(desk, item_id)
    dropped = "dropped_at = '2026-11-28 10:00:00+00'"
    _refused(desk, f"UPDATE revision SET text = '', {dropped}")  # no tombstone
    with desk.store.write() as session:
        session.add(
            Tombstone(
                kind="post",
                thing_id=post_id,
                keeping="cleared",
                reason="kept_long_enough",
                began_at=now(),
                dropped_at=now(),
            )
        )
        session.commit()
    _refused(desk, f"UPDATE revision SET text = '', {dropped}")  # its case is open
    _refused(desk, "UPDATE tombstone SET reason = 'x'")
    _refused(desk, "DELETE FROM tombstone")
    _refused(desk, "UPDATE case_entry SET text = ''")
    with desk.store.write() as session:
        session.execute(text("UPDATE safeguarding_case SET state = 'closed'"))
        session.commit()
    _refused(desk, f"UPDATE revision SET text = 'other', {dropped}")
    _refused(desk, "UPDATE revision SET text = ''")  # and nothing says when
    _refused(desk, f"UPDATE revision SET {dropped}")  # and the words stay
    _refused(desk, f"UPDATE revision SET text = '', text_hash = 'x', {dropped}")
    _refused(desk, f"UPDATE revision SET text = '', number = 9, {dropped}")
    _refused(desk, "DELETE FROM revision")
    with desk.store.write() as session:
        session.add(
            CaseKeeping(case_id=session.scalars(select(SafeguardingCase.id)).one(), held_at=now())
        )
        session.commit()
    _refused(desk, f"UPDATE revision SET text = '', {dropped}")  # a legal hold
    with desk.store.write() as session:
        session.execute(text("UPDATE case_keeping SET held_at = NULL"))
        session.execute(text(f"UPDATE revision SET text = '', {dropped}"))
        session.commit()
    assert texts(desk, post_id) == [""]
    _refused(desk, "UPDATE revision SET text = 'back'")
    _refused(desk, "UPDATE revision SET dropped_at = NULL")


def test_what_comes_back_is_stored_anew_and_an_old_file_brings_nothing_back(desk) -> None:
    item_id = desk.item("Fool you are", Category.BULLYING)
    post_id = post_of(desk, item_id)
    clear = desk.post("See you on Monday")
    desk.file(clear)
    gone(desk, post_id)
    drop(desk, timedelta(days=31))
    with desk.store.read() as session:
        natives = {one: session.get_one(Post, one).native_id for one in (post_id, clear)}
    with desk.store.write() as session:
        source = session.get_one(Source, desk.source_id)
        again = [
            _incoming(natives[post_id], "Fool you are"),
            _incoming(natives[clear], "See you on Monday"),
        ]
        polled = store_posts(session, source, again, [], now)
        session.commit()
    assert polled.edited == 1
    assert texts(desk, post_id) == ["", "Fool you are"]
    assert texts(desk, clear) == [""]
    with desk.store.read() as session:
        assert session.get_one(Post, post_id).author_name == "Jo Bloggs"
        assert session.get_one(Post, clear).author_name is None


def _incoming(native_id: str, words: str) -> IncomingPost:
    return IncomingPost(
        native_id=native_id,
        kind=PostKind.COMMENT,
        text=words,
        posted_at=now(),
        author_id="jo bloggs",
        author_name="Jo Bloggs",
    )
