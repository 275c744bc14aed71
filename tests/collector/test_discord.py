"""A Discord server, on the stand-in."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from collector.connector import MemberAction, PlatformAction
from collector.connectors import discord_read as read
from collector.connectors.discord import Discord, connect
from collector.connectors.discord_client import DiscordClient
from collector.sandbox.discord import GENERAL, DiscordServer
from collector.sandbox.loopback import Call, LoopbackServer, Reply, as_json
from models.errors import MendSettings, NeedsOperator
from models.vocabulary import Verb


@pytest.fixture
def server() -> DiscordServer:
    return DiscordServer("tok")


@pytest.fixture
def connector(server: DiscordServer) -> Iterator[Discord]:
    with LoopbackServer(server.answer) as loopback:
        yield connect({"server_id": server.server_id, "base_url": loopback.url}, lambda _: "tok")


def test_the_reason_stands_in_the_audit_log(server: DiscordServer, connector: Discord) -> None:
    message = server.write("unkind")
    title = "Unkind: größe"
    connector.act(PlatformAction("k", Verb.REMOVE, f"{GENERAL}_{message}", title))
    assert server.reasons == [title]


def test_messages_without_words_are_not_taken_for_silence(
    server: DiscordServer, connector: Discord
) -> None:
    server.reads = False
    server.write("something")
    with pytest.raises(NeedsOperator) as told:
        list(connector.fetch(None))
    assert "Message Content Intent" in told.value.cure


def test_a_deletion_far_back_is_noticed_in_turn(server: DiscordServer, connector: Discord) -> None:
    first = server.write("first")
    for number in range(110):
        server.write(f"message {number}")
    *_, last = connector.fetch(None)
    del server.messages[GENERAL][first]
    gone = [one.native_id for batch in connector.fetch(last.cursor) for one in batch.gone]
    assert gone == [f"{GENERAL}_{first}"]


def test_closed_channels_are_counted_and_the_rest_is_read(
    server: DiscordServer, connector: Discord
) -> None:
    thread = server.open_thread(server.write("a post"))
    server.write("below", thread)

    def closed(call: Call) -> Reply | None:
        shut = f"/channels/{thread}/messages" in call.path
        return as_json({"code": 50001}, 403) if shut else None

    server.weather.interject(closed)
    batches = list(connector.fetch(None))
    assert {post.text for batch in batches for post in batch.posts} == {"a post"}
    assert batches[-1].notes == ("Channels that the bot may not read: 1.",)


def test_members_with_the_names_of_their_roles(server: DiscordServer, connector: Discord) -> None:
    for number in range(1001):
        user = {"id": str(9000 + number), "username": f"u{number}"}
        server.members.append({"user": user, "roles": ["31"], "joined_at": "2026-01-02T03:04:05Z"})
    found = list(connector.members())
    assert len({one.handle for one in found}) == 1001
    assert (found[0].display_name, found[0].role) == ("u0", "Coach")


def test_a_spent_allowance_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    here = threading.get_ident()  # the clock is everybody's: another test's thread may sleep too

    def sleep(seconds: float) -> None:
        if threading.get_ident() == here:
            waited.append(seconds)

    monkeypatch.setattr("collector.connectors.discord_client.time.sleep", sleep)
    spent = as_json([], X_RateLimit_Remaining="0", X_RateLimit_Reset_After="1.25")
    with LoopbackServer(lambda _: spent) as loopback:
        client = DiscordClient(f"{loopback.url}/", "tok", "the server")
        assert client.rows("guilds/1/channels") == []
        client.close()
    assert waited == [1.25]


def test_everything_that_is_shown_is_read() -> None:
    row: dict[str, Any] = {
        "content": "hello",
        "embeds": [{"title": "T", "description": None}, 7],
        "attachments": [{"filename": "x.jpg"}],
        "poll": {"question": {"text": "Q"}, "answers": [{"poll_media": {"text": "A"}}]},
        "message_snapshots": [{"message": {"content": "passed on"}}],
    }
    assert read.words(row) == "hello\nT\nx.jpg\nQ\nA\npassed on"


@pytest.mark.parametrize("wrong", [{"server_id": "me"}, {"base_url": "http://x.example.org"}])
def test_settings_that_cannot_work(wrong: dict[str, str]) -> None:
    with pytest.raises(MendSettings):
        connect({"server_id": "1", **wrong}, lambda _: "t")


def test_a_kick_and_a_ban_stand_in_the_audit_log(server: DiscordServer, connector: Discord) -> None:
    server.join("901", "wren")
    kick = MemberAction("member-1", "901", reason="Our membership rules")
    assert not connector.remove_member(kick).already
    assert server.banned == set()
    ban = MemberAction("member-2", "901", keep_out=True, reason="Our code of conduct")
    assert not connector.remove_member(ban).already, "a ban holds for who left already"
    assert server.banned == {"901"}
    assert server.reasons == ["Our membership rules", "Our code of conduct"]
