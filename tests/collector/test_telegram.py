"""A Telegram group, on the stand-in: what the contract suite cannot know."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from collector.connector import MemberAction, PlatformAction
from collector.connectors import telegram_read as read
from collector.connectors.telegram import Telegram, connect
from collector.polling import poll, register_source
from collector.sandbox.loopback import LoopbackServer
from collector.sandbox.telegram import TelegramBot
from models.errors import MendSettings, NeedsOperator, Refused
from models.tables import MemberRow, Post
from models.unit_of_work import Store
from models.vocabulary import Audience, Verb, now

TOKEN = "123456:ABCDEFGHIJKL"
SEEN = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def bot() -> TelegramBot:
    return TelegramBot(TOKEN)


@pytest.fixture
def telegram(bot: TelegramBot) -> Iterator[Telegram]:
    with LoopbackServer(bot.answer) as server:
        options = {"chat_ids": [str(bot.chat_id)], "base_url": server.url}
        yield connect(options, lambda _: TOKEN)


@pytest.fixture
def source(sqlite_store: Store) -> int:
    with sqlite_store.write() as session:
        made = register_source(
            session, name="t", connector="telegram", label="t", audience=Audience.CHILDREN
        )
        session.commit()
        return made.id


def _native(bot: TelegramBot, message: dict) -> str:
    return f"{bot.chat_id}_{message['message_id']}"


def test_telegram_forgets_only_what_is_stored(bot: TelegramBot, telegram: Telegram) -> None:
    for number in range(150):
        bot.send(f"message {number}")
    batches = telegram.fetch(None)
    first = next(batches)
    assert len(first.posts) == 100 and len(bot.updates) == 150, "nothing is stored yet"
    batches.close()  # a crash before it was stored: everything comes again
    again = list(telegram.fetch(None))
    assert sum(len(one.posts) for one in again) == 150
    assert len(bot.updates) == 50, "the last page is forgotten at the next poll"
    list(telegram.fetch(again[-1].cursor))
    assert bot.updates == []


def test_members_come_and_go(
    bot: TelegramBot, telegram: Telegram, source: int, sqlite_store: Store
) -> None:
    bot.join(42, "Al")
    bot.send("hello")
    poll(sqlite_store, source, telegram)
    assert _here(sqlite_store) == {"42": "Al", "5551234567": "Jo B"}
    later = now() + timedelta(seconds=5)
    user = {"id": 42, "first_name": "Al"}
    bot.send("", at=later, left_chat_member=user, **{"from": user})
    request = {"from": {"id": 43, "first_name": "Bo"}, "date": int(later.timestamp())}
    bot.happen(chat_join_request={"chat": bot.chat, **request})
    poll(sqlite_store, source, telegram)
    assert _here(sqlite_store) == {"43": "Bo", "5551234567": "Jo B"}
    with sqlite_store.read() as session:
        assert session.query(MemberRow).filter_by(handle="43").one().role == "asks to join"
        assert session.query(Post).count() == 1, "joining and leaving are no posts"


def _here(store: Store) -> dict[str, str]:
    with store.read() as session:
        rows = session.query(MemberRow).filter(MemberRow.left_at.is_(None))
        return {row.handle: row.display_name for row in rows}


def test_a_change_of_membership_by_an_administrator() -> None:
    def seen(status: str, **more: object) -> list[tuple[str, bool, str]]:
        new = {"user": {"id": 42, "first_name": "Al"}, "status": status, **more}
        update = {"chat_member": {"chat": {"id": -5}, "date": 1767323047, "new_chat_member": new}}
        return [(one.handle, one.there, one.role) for one in read.people(update, SEEN)]

    assert seen("member") == [("42", True, "")]
    assert seen("administrator") == [("42", True, "administrator")]
    assert seen("kicked") == seen("left") == [("42", False, "")]
    assert seen("restricted", is_member=False) == [("42", False, "")]


def test_too_old_is_done_by_hand_and_a_missing_right_is_told(
    bot: TelegramBot, telegram: Telegram
) -> None:
    message = bot.send("old words")
    bot.old.add(message["message_id"])
    action = PlatformAction("k", Verb.REMOVE, _native(bot, message))
    with pytest.raises(Refused, match="two days") as told:
        telegram.act(action)
    assert "Delete for everyone" in told.value.cure
    bot.old.clear()
    bot.rights.discard("can_delete_messages")
    with pytest.raises(NeedsOperator, match="may not delete"):
        telegram.act(action)


def test_a_kick_leaves_no_ban_and_a_ban_stays(bot: TelegramBot, telegram: Telegram) -> None:
    bot.join(42, "Al")
    telegram.remove_member(MemberAction("m-1", "42"))
    assert bot.people[42] == "left"
    receipt = telegram.remove_member(MemberAction("m-2", "42", keep_out=True))
    assert bot.people[42] == "kicked" and not receipt.already


def test_a_bot_that_would_see_nothing_says_so(bot: TelegramBot, telegram: Telegram) -> None:
    for status, what in (("member", "would not see"), ("kicked", "not in the group")):
        bot.status = status
        with pytest.raises(NeedsOperator, match=what):
            list(telegram.fetch(None))


def test_another_program_reads_the_bot(bot: TelegramBot, telegram: Telegram) -> None:
    bot.weather.storm("conflict")
    with pytest.raises(NeedsOperator, match="Another program"):
        list(telegram.fetch(None))


def test_a_group_that_became_a_supergroup_is_followed(bot: TelegramBot, telegram: Telegram) -> None:
    bot.send("before")
    bot.send("", migrate_to_chat_id=-1009999999999)
    bot.happen(message={**bot.send("x"), "text": "after", "chat": {"id": -1009999999999}})
    batches = list(telegram.fetch(None))
    assert [one.text for batch in batches for one in batch.posts] == ["before", "x", "after"]
    assert "-1009999999999" in " ".join(batches[-1].notes)


def test_other_chats_are_counted_and_not_kept(bot: TelegramBot, telegram: Telegram) -> None:
    bot.happen(message={"message_id": 5, "chat": {"id": 99}, "text": "private words", "date": 1})
    batches = list(telegram.fetch(None))
    assert not any(batch.posts for batch in batches)
    assert "other chats" in batches[-1].notes[0] and "private" not in batches[-1].notes[0]


def test_a_hole_of_more_than_a_day_is_told(bot: TelegramBot, telegram: Telegram) -> None:
    cursor = list(telegram.fetch(None))[-1].cursor
    state = json.loads(cursor)
    state["marks"]["read"] = (now() - timedelta(hours=30)).isoformat()
    notes = list(telegram.fetch(json.dumps(state)))[-1].notes
    assert "more than a day" in notes[0]


def test_everything_that_is_shown_is_read() -> None:
    message = {
        "message_id": 55,
        "chat": {"id": -1001234567890, "title": "Parents", "type": "supergroup"},
        "from": {"id": 5551234567, "first_name": "Jo", "last_name": "B"},
        "date": 1767323045,
        "edit_date": 1767323100,
        "reply_to_message": {"message_id": 54},
        "message_thread_id": 3,
        "caption": "look",
        "caption_entities": [{"type": "text_link", "url": "https://example.org/a"}],
        "poll": {"question": "Who?", "options": [{"text": "me"}, {"text": "you"}]},
        "contact": {"first_name": "Al", "phone_number": "07700 900123"},
        "venue": {"title": "Hall", "address": "1 Road", "location": {"latitude": 1.5}},
        "location": {"latitude": 51.5, "longitude": -0.1},
        "document": {"file_name": "plan.pdf"},
        "photo": [{"file_id": "x"}],
        "forward_origin": {"type": "user"},
    }
    post = read.post(message, SEEN)
    assert post is not None
    for said in ("look", "https://example.org/a", "Who?", "you", "07700 900123", "1 Road"):
        assert said in post.text
    assert "Location: 51.5, -0.1" in post.text and "plan.pdf" in post.text
    assert (post.media_count, post.author_name) == (2, "Jo B")
    assert (post.parent_id, post.thread_id) == ("-1001234567890_54", "-1001234567890_3")
    assert post.permalink == "https://t.me/c/1234567890/55"
    assert post.posted_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) < post.edited_at
    assert "passed on" in post.note


@pytest.mark.parametrize("wrong", [[], ["parents"], "-100123", ["../x"]])
def test_settings_that_cannot_work(wrong: object) -> None:
    with pytest.raises(MendSettings):
        connect({"chat_ids": wrong}, lambda _: TOKEN)


def test_what_is_no_token_never_becomes_an_address() -> None:
    made = connect({"chat_ids": ["-5"], "base_url": "http://127.0.0.1:9"}, lambda _: "../x")
    with pytest.raises(NeedsOperator, match="token"):
        list(made.fetch(None))
