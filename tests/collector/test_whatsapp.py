"""The WhatsApp connector: overlapping exports, edits, deletions, a watched folder."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.connector import Batch, PlatformAction
from collector.connectors.whatsapp import WhatsAppConnector, connect, utc
from collector.connectors.whatsapp_ids import Memory, unpack
from collector.connectors.whatsapp_lines import parse
from collector.polling import poll, register_source
from models.errors import MendSettings, NeedsOperator, Refused, RetryLater
from models.tables import Post, Revision
from models.unit_of_work import Store
from models.vocabulary import Audience, Presence, Verb

LONDON = ZoneInfo("Europe/London")
DELETED = "This message was deleted"


def local(*numbers: int) -> datetime:
    """A phone's local time: WhatsApp writes no zone."""
    return datetime(*numbers)  # noqa: DTZ001


class Folder:
    """A watched folder, and what the connector makes of it, poll after poll."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connector = WhatsAppConnector(path, LONDON)
        self.cursor: str | None = None
        self.posts: dict[str, str] = {}
        self.gone: dict[str, str] = {}

    def put(self, name: str, *messages: str, when: float = 0) -> None:
        path = self.path / name
        path.write_text("".join(f"{message}\n" for message in messages), encoding="utf-8")
        if when:
            os.utime(path, (when, when))

    def poll(self) -> list[Batch]:
        batches = []
        for batch in self.connector.fetch(self.cursor):
            self.posts |= {post.native_id: post.text for post in batch.posts}
            self.gone |= {one.native_id: one.by for one in batch.gone}
            self.cursor = batch.cursor
            batches.append(batch)
        return batches


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def line(minute: int, text: str, sender: str = "Amy") -> str:
    return f"31/12/2022, {11 + minute // 60}:{minute % 60:02} - {sender}: {text}"


def test_new_exports_are_picked_up_and_read_once(folder: Folder) -> None:
    folder.put("1.txt", line(1, "one"), line(2, "two"))
    assert sum(len(batch.posts) for batch in folder.poll()) == 2
    assert sum(len(batch.posts) for batch in folder.poll()) == 0
    folder.put("2.txt", line(2, "two"), line(3, "three"))
    folder.poll()
    assert sorted(folder.posts.values()) == ["one", "three", "two"]


def test_an_export_that_is_cut_in_mid_minute_stores_once(folder: Folder) -> None:
    same = [line(1, "a"), line(1, "b"), line(1, "a"), line(1, "c"), line(2, "d")]
    folder.put("1.txt", *same)
    folder.poll()
    folder.put("2.txt", *same[2:], line(3, "e"))
    folder.poll()
    assert sorted(folder.posts.values()) == ["a", "a", "b", "c", "d", "e"] and not folder.gone


def test_an_edit_keeps_the_id(folder: Folder) -> None:
    folder.put("1.txt", line(1, "meet at 5"), line(1, "ok"))
    folder.poll()
    first = {text: name for name, text in folder.posts.items()}["meet at 5"]
    edited = line(1, "meet at 6 <This message was edited>")
    folder.put("2.txt", edited, line(1, "ok"), line(2, "more"))
    folder.poll()
    assert folder.posts[first] == "meet at 6" and len(folder.posts) == 3
    folder.put("3.txt", edited, line(1, "ok"), line(2, "more"), line(3, "last"))
    folder.poll()
    assert folder.posts[first] == "meet at 6" and len(folder.posts) == 4


def test_a_deletion_in_a_newer_export_is_seen_at_its_place(folder: Folder) -> None:
    folder.put("1.txt", line(1, "keep"), line(1, "bad"), line(1, "also"), line(1, "x", "Bea"))
    folder.poll()
    bad = {text: name for name, text in folder.posts.items()}["bad"]
    newer = [line(1, "keep"), line(1, DELETED), line(1, "also"), line(1, "x", "Bea"), line(2, "n")]
    folder.put("2.txt", *newer)
    folder.poll()
    assert folder.gone == {bad: "author"}
    assert folder.connector.look_up([bad])[bad].presence is Presence.GONE
    folder.put("3.txt", *newer, line(3, "later"))
    folder.poll()
    assert folder.gone == {bad: "author"}


def test_a_removal_by_hand_is_confirmed_by_the_next_poll(folder: Folder, store: Store) -> None:
    with store.write() as session:
        source = register_source(
            session, name="w", connector="whatsapp", label="w", audience=Audience.ADULT_ONLY
        )
        session.commit()
        source_id = source.id
    folder.put("1.txt", line(1, "keep"), line(2, "bad", "Bea"))
    assert poll(store, source_id, folder.connector).new == 2
    by_admin = line(2, f"{DELETED} by admin Amy", "Bea")
    folder.put("2.txt", line(1, "keep"), by_admin, line(3, "thanks"))
    polled = poll(store, source_id, folder.connector)
    assert (polled.new, polled.gone) == (1, 1)
    with store.write() as session:
        gone = session.query(Post).filter(Post.presence == Presence.GONE).one()
        assert gone.gone_by == "moderator"
        assert session.get(Revision, gone.revision_id).text == "bad"


def test_an_older_export_that_comes_later_brings_nothing_back(folder: Folder) -> None:
    folder.put("new.txt", line(1, "keep"), line(2, DELETED), line(3, "now"))
    folder.poll()
    assert sorted(folder.posts.values()) == ["keep", "now"]
    folder.put("old.txt", line(0, "early"), line(1, "keep"), line(2, "bad"))
    folder.poll()
    bad = {text: name for name, text in folder.posts.items()}["bad"]
    assert folder.gone == {bad: "unknown"} and "early" in folder.posts.values()


def test_a_pasted_date_ahead_does_not_blind_the_next_export(folder: Folder) -> None:
    chat = [line(1, "bad"), "01/06/2023, 10:00 - Bea: pasted", line(2, "a"), line(3, "b")]
    folder.put("1.txt", *chat)
    folder.poll()
    folder.put("2.txt", line(1, DELETED), *chat[1:], line(4, "c"))
    folder.poll()
    assert len(folder.gone) == 1


def test_two_deletions_that_could_be_either_claim_nothing(folder: Folder) -> None:
    folder.put("1.txt", line(1, "a"), line(1, "b"), line(2, "c"))
    folder.poll()
    folder.put("2.txt", line(1, DELETED), line(2, "c"), line(3, "d"))
    notes = folder.poll()[-1].notes
    assert not folder.gone and any("more than one message" in note for note in notes)


def test_what_the_exporter_deleted_for_themselves_is_not_gone(folder: Folder) -> None:
    folder.put("1.txt", line(1, "a"), line(1, "b"), line(2, "c"))
    folder.poll()
    folder.put("2.txt", line(1, "b"), line(2, "c"), line(3, "d"))
    folder.poll()
    assert not folder.gone and sorted(folder.posts.values()) == ["a", "b", "c", "d"]


def test_several_new_exports_are_read_oldest_first(folder: Folder) -> None:
    for number, newest in enumerate([5, 3, 4, 2]):
        chat = [line(1, DELETED if newest > 2 else "bad"), line(newest, f"m{newest}")]
        folder.put(f"{number}.txt", *chat)
    folder.poll()
    assert len(folder.gone) == 1


def test_a_bad_file_does_not_keep_the_others_from_being_read(folder: Folder) -> None:
    folder.put("bad.txt", "not a chat", when=1_700_000_000)
    folder.put("good.txt", line(1, "one"))
    with pytest.raises(NeedsOperator) as caught:
        folder.poll()
    assert caught.value.subject == "bad.txt" and list(folder.posts.values()) == ["one"]
    (folder.path / "bad.txt").unlink()
    folder.poll()


def test_a_file_that_is_still_being_copied_is_tried_again(folder: Folder) -> None:
    folder.put("new.zip", "half a zip")
    with pytest.raises(RetryLater):
        folder.poll()


def test_a_folder_that_is_missing_or_empty(folder: Folder, tmp_path: Path) -> None:
    assert folder.poll()[-1].notes == ("No export is in the folder yet.",)
    with pytest.raises(NeedsOperator):
        list(WhatsAppConnector(tmp_path / "absent", LONDON).fetch(None))


def test_the_notes_account_for_every_line(folder: Folder) -> None:
    folder.put("WhatsApp Chat with A.txt", line(1, "one\ntwo"), line(2, DELETED), line(3, "x"))
    folder.put("WhatsApp Chat with B.txt", line(4, "<Media omitted>"))
    notes = " ".join(folder.poll()[-1].notes)
    assert "Of 1 lines: 1 messages, 0 further" in notes
    assert "more than one chat" in notes and "not checked: 1" in notes
    assert folder.poll()[-1].notes, "they stay until the next export"


def test_times_are_london_and_the_repeated_hour_is_marked(folder: Folder) -> None:
    assert utc(local(2022, 7, 1, 12, 0), LONDON) == (datetime(2022, 7, 1, 11, 0, tzinfo=UTC), "")
    moment, doubt = utc(local(2022, 10, 30, 1, 30), LONDON)
    assert moment == datetime(2022, 10, 30, 0, 30, tzinfo=UTC) and "hour" in doubt
    assert utc(local(2022, 10, 30, 2, 0), LONDON)[1] == ""
    folder.put("1.txt", "30/10/2022, 01:30 - Amy: hi")
    assert folder.poll()[0].posts[0].note


def test_a_long_export_resumes_where_it_stopped(folder: Folder) -> None:
    folder.put("1.txt", *(line(n // 4, f"message {n}") for n in range(1800)))
    first = next(iter(folder.connector.fetch(None)))
    rest = list(folder.connector.fetch(first.cursor))
    names = [post.native_id for batch in [first, *rest] for post in batch.posts]
    assert len(names) == len(set(names)) == 1800


def test_look_up_says_what_the_newest_export_says(folder: Folder) -> None:
    folder.put("1.txt", line(1, "one"), line(2, "two"))
    folder.poll()
    names = {text: name for name, text in folder.posts.items()}
    seen = folder.connector.look_up([names["one"], "wa.x", names["two"]])
    assert seen[names["one"]].presence is Presence.PRESENT
    assert seen["wa.x"].presence is Presence.UNKNOWN


def test_acting_is_refused_and_the_steps_are_told(folder: Folder) -> None:
    with pytest.raises(Refused):
        folder.connector.act(PlatformAction("k", Verb.REMOVE, "wa.1"))
    assert all(folder.connector.by_hand(verb) for verb in Verb)


def test_settings_that_cannot_work_are_refused() -> None:
    assert connect({"path": "x"}, lambda name: "").name == "whatsapp"
    for bad in ({"path": ""}, {"path": "x", "timezone": "Europe/Londn"}):
        with pytest.raises(MendSettings):
            connect(bad, lambda name: "")


CHATS = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from(["Amy", "Bea"]), st.sampled_from("abcdef")),
    min_size=1,
    max_size=24,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CHATS, st.lists(st.tuples(st.integers(0, 23), st.integers(1, 24)), max_size=5), st.data())
def test_overlapping_exports_store_once(chat, cuts, data) -> None:
    """Whatever is exported in whatever order, the ids are those of the whole chat, once each."""
    lines = [line(minute, text, who) for minute, who, text in sorted(chat, key=lambda c: c[0])]
    whole = Memory().take(parse("\n".join(lines), "x").rows)
    ids = {seen.id: seen.row.text for seen in whole.posts}
    assert len(ids) == len(whole.posts) == len(lines)
    memory = Memory()
    found: dict[str, str] = {}
    parts = [lines[at : at + length] for at, length in cuts if lines[at : at + length]]
    for part in data.draw(st.permutations([*parts, lines])):
        outcome = memory.take(parse("\n".join(part), "x").rows)
        assert not outcome.gone
        found |= {seen.id: seen.row.text for seen in outcome.posts}
        memory = unpack(memory.pack())
    assert found == ids


@settings(max_examples=200, deadline=None)
@given(CHATS, st.data())
def test_deletions_are_only_claimed_for_what_was_deleted(chat, data) -> None:
    rows = sorted(chat, key=lambda c: c[0])
    deleted = data.draw(st.sets(st.integers(0, len(rows) - 1)))
    before = [line(minute, text, who) for minute, who, text in rows]
    after = [
        line(minute, DELETED if n in deleted else text, who)
        for n, (minute, who, text) in enumerate(rows)
    ]
    memory = Memory()
    first = memory.take(parse("\n".join(before), "x").rows)
    second = memory.take(parse("\n".join(after), "x").rows)
    assert len(second.gone) == len(deleted), "a whole chat leaves no doubt"
    texts = {seen.id: seen.row.text for seen in first.posts}
    wanted = sorted((rows[n][0], rows[n][1], rows[n][2]) for n in deleted)
    places = {seen.id: (seen.row.stamp.minute, seen.row.sender) for seen in first.posts}
    assert sorted((*places[one.id], texts[one.id]) for one in second.gone) == wanted


def test_forty_thousand_lines_take_no_time_that_grows_with_their_square(folder: Folder) -> None:
    start = local(2022, 1, 1, 8, 0)
    chat = [
        f"{start + timedelta(minutes=n // 3):%d/%m/%Y, %H:%M} - Person {n % 40}: message {n} about"
        for n in range(40_000)
    ]
    folder.put("1.txt", *chat)
    began = process_time()
    folder.poll()
    assert len(folder.posts) == 40_000 and process_time() - began < 30
    folder.put("2.txt", *[f"{start:%d/%m/%Y, %H:%M} - Amy: same"] * 40_000)
    began = process_time()
    folder.poll()
    assert len(folder.posts) == 80_000 and process_time() - began < 30
    assert len(folder.cursor or "") < 2_000_000
