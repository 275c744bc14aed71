"""A Matrix room, on the stand-in and on recorded answers."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collector.connector import MemberAction, PlatformAction
from collector.connectors import matrix_read as read
from collector.connectors.matrix import Matrix, connect
from collector.sandbox.loopback import Call, LoopbackServer, Reply, as_json
from collector.sandbox.matrix import MatrixRoom
from models.errors import MendSettings, NeedsOperator, RetryLater
from models.vocabulary import PostKind, Verb

SEEN = datetime(2026, 11, 21, 12, tzinfo=UTC)
PERRY = "@perry:example.org"


@pytest.fixture
def room() -> MatrixRoom:
    return MatrixRoom("!room:example.org", {"t": "@watch:example.org"}, {"@watch:example.org": 50})


@pytest.fixture
def connector(room: MatrixRoom) -> Iterator[Matrix]:
    with LoopbackServer(room.answer) as server:
        yield connect({"base_url": server.url, "room_id": room.room_id}, lambda _: "t")


def _text(body: str, **more: Any) -> dict[str, Any]:
    return {"msgtype": "m.text", "body": body, **more}


def test_a_gap_is_read_to_its_end(room: MatrixRoom, connector: Matrix) -> None:
    room.limit = 10
    room.send(_text("first"), PERRY)
    *_, last = connector.fetch(None)
    sent = {room.send(_text(f"message {number}"), PERRY) for number in range(57)}
    posts = [post.native_id for batch in connector.fetch(last.cursor) for post in batch.posts]
    assert set(posts) == sent and len(posts) == 57


def test_who_took_it_away_is_told(room: MatrixRoom, connector: Matrix) -> None:
    own, other = room.send(_text("one"), PERRY), room.send(_text("two"), PERRY)
    *_, last = connector.fetch(None)
    room.redact(own, PERRY)
    room.redact(other, "@watch:example.org", "Unkind")
    gone = {one.native_id: one.by for batch in connector.fetch(last.cursor) for one in batch.gone}
    assert gone == {own: "author", other: "moderator"}


def test_edits_go_with_the_message_and_the_reason_is_given(
    room: MatrixRoom, connector: Matrix
) -> None:
    message = room.send(_text("one"), PERRY)
    edit = room.edit(message, "unkind")
    connector.act(PlatformAction("decision-1", Verb.REMOVE, message, "Unkind", "for its author"))
    assert room.find(message)["content"] == room.find(edit)["content"] == {}
    reasons = [one["content"]["reason"] for one in room.events if "redacts" in one]
    assert reasons == ["Unkind", "Unkind"]


def test_the_same_key_after_a_restore_takes_the_right_message(
    room: MatrixRoom, connector: Matrix
) -> None:
    first, second = room.send(_text("one"), PERRY), room.send(_text("two"), PERRY)
    for message in (first, second):
        connector.act(PlatformAction("decision-1", Verb.REMOVE, message))
        assert room.find(message)["content"] == {}


def test_members_with_their_roles(room: MatrixRoom, connector: Matrix) -> None:
    for name, membership in [("watch", "join"), ("perry", "join"), ("al", "knock"), ("x", "leave")]:
        user = f"@{name}:example.org"
        content = {"membership": membership, "displayname": name.title()}
        room.send(content, user, "m.room.member", state_key=user)
    assert [(one.handle, one.display_name, one.role) for one in connector.members()] == [
        ("@watch:example.org", "Watch", "moderator"),
        (PERRY, "Perry", "member"),
        ("@al:example.org", "Al", "asks to join"),
    ]


def test_what_cannot_be_read_is_said(room: MatrixRoom, connector: Matrix) -> None:
    room.send({"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x"}, PERRY, "m.room.encrypted")
    batch = next(connector.fetch(None))
    assert batch.posts[0].note == read.ENCRYPTED
    assert batch.notes == ("Messages that are encrypted and cannot be read: 1.",)


def test_a_room_that_moved_or_was_left_asks_for_a_person(
    room: MatrixRoom, connector: Matrix
) -> None:
    room.send(_text("one"), PERRY)
    room.send({"replacement_room": "!new:example.org"}, PERRY, "m.room.tombstone", state_key="")
    seen = []
    with pytest.raises(NeedsOperator, match="replaced"):
        for batch in connector.fetch(None):
            seen.append(batch)
    assert seen[0].posts[0].text == "one"
    with pytest.raises(NeedsOperator, match="replaced"):
        list(connector.fetch(seen[-1].cursor))
    room.joined = False
    with pytest.raises(NeedsOperator, match="not in this room"):
        list(connector.fetch(None))


def test_both_ways_of_writing_are_read() -> None:
    html = {"format": "org.matrix.custom.html"}
    quoted = "<mx-reply><blockquote>hers</blockquote></mx-reply>mine"
    cases = [
        (_text("hello", **html, formatted_body="<b>hello</b>"), "hello"),
        (_text("hello", **html, formatted_body="<b>unkind</b>"), "unkind\nhello"),
        (_text("> <@a:b> hers\n\nmine", **html, formatted_body=quoted), "mine"),
        (_text("x.jpg") | {"msgtype": "m.image"}, "x.jpg"),
    ]
    for content, words in cases:
        event = {"type": "m.room.message", "event_id": "$a", "content": content}
        assert read.words(event) == words
    poll = {"question": {"m.text": [{"body": "Q"}]}, "answers": [{"m.text": [{"body": "A"}]}]}
    assert read.words({"type": "m.poll.start", "content": {"m.poll": poll}}) == "Q\nA"


@pytest.mark.parametrize(
    "wrong", [{"room_id": "#alias:example.org"}, {"base_url": "http://matrix.example.org"}]
)
def test_settings_that_cannot_work(wrong: dict[str, str]) -> None:
    good = {"base_url": "https://matrix.example.org", "room_id": "!a:example.org"}
    with pytest.raises(MendSettings):
        connect({**good, **wrong}, lambda _: "t")


def _recorded(shared: Path, name: str) -> Any:
    path = shared / "recordings" / "matrix" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_recorded_events(shared: Path) -> None:
    chunk = _recorded(shared, "room_messages")["chunk"]
    posts = [read.post(one, "!r:example.com", SEEN) for one in chunk if read.is_post(one)]
    assert [one.text for one in posts] == ["hello world", "the world is big", "New room name"]
    assert [one.kind for one in posts] == [PostKind.MESSAGE, PostKind.MESSAGE, PostKind.POST]
    assert posts[0].posted_at == datetime(2015, 10, 14, 8, 43, 33, 737000, tzinfo=UTC)
    assert posts[0].author_id == "@alice:example.com"
    assert read.words(_recorded(shared, "message_text")) == "is dancing"
    for name in ("redacted", "redacted_invalid"):
        assert read.is_redacted(_recorded(shared, name))
    assert read.redacted_id(_recorded(shared, "redaction")) == "$151957878228ssqrj:localhost"


def test_a_recorded_sync_answer_is_read(shared: Path) -> None:
    recorded = _recorded(shared, "sync")
    joined = recorded["rooms"]["join"]
    assert joined
    for room_id, one in joined.items():
        for event in one["timeline"]["events"]:
            if read.is_post(event):
                assert read.post(event, room_id, SEEN).author_id == event["sender"]


def test_recorded_answers_about_people_limits_and_rights(
    shared: Path, room: MatrixRoom, connector: Matrix
) -> None:
    event, levels = _recorded(shared, "member"), _recorded(shared, "power_levels")["content"]
    emote, redacted = _recorded(shared, "message_emote"), _recorded(shared, "redacted_state")
    assert read.is_post(emote) and read.words(emote) == emote["content"]["body"]
    assert not read.is_post(redacted)
    answers = {
        "/members": as_json({"chunk": [event]}),
        "/state/m.room.power_levels/": as_json(levels),
    }

    def answer(call: Call) -> Reply | None:
        return next((given for end, given in answers.items() if call.path.endswith(end)), None)

    room.weather.interject(answer)
    [member] = connector.members()
    assert (member.handle, member.display_name) == ("@example:localhost", "example")
    assert member.role == "administrator" and member.since is not None
    answers = {"": as_json(_recorded(shared, "limit_exceeded_error"), 429)}
    with pytest.raises(RetryLater) as told:
        list(connector.members())
    assert told.value.after == timedelta(milliseconds=500)
    answers = {"": as_json(_recorded(shared, "login_response_error"), 403)}
    with pytest.raises(NeedsOperator):
        list(connector.members())


def test_the_room_sees_the_reason_and_nobody_above_is_taken_out(
    room: MatrixRoom, connector: Matrix
) -> None:
    room.join(PERRY)
    connector.remove_member(MemberAction("member-1", PERRY, reason="Our membership rules"))
    last = room.events[-1]["content"]
    assert (last["membership"], last["reason"]) == ("leave", "Our membership rules")
    room.join(PERRY)
    room.levels[PERRY] = 100
    with pytest.raises(NeedsOperator):
        connector.remove_member(MemberAction("member-2", PERRY))
