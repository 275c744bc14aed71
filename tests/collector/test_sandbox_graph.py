"""The Graph API stand-in itself: it must be as awkward as the real one, and tell a decent story."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import requests

from collector.sandbox.dance_school import (
    PAGE_ID,
    TOKEN,
    adult_tap_chat,
    adult_tap_chat_file,
    dance_school,
    script,
)
from collector.sandbox.graph import MANAGE, READ
from collector.sandbox.server import GraphServer
from models.errors import NeedsOperator

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DRAMA = re.compile(r"07700900\d{3}|01632960\d{3}|02079460\d{3}|01134960\d{3}|08081570\d{3}")


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.moment = NOON

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[GraphServer]:
    with GraphServer(dance_school(clock=clock), control=True) as server:
        yield server


def ask(server: GraphServer, path: str, method: str = "GET", token: str = TOKEN, **query: str):
    """(status, body, headers) of one call at the current version."""
    query["access_token"] = token
    answer = requests.request(method, f"{server.url}/v25.0/{path}", params=query, timeout=10)
    with answer:
        return answer.status_code, answer.json(), answer.headers


def test_things_arrive_while_you_watch(server: GraphServer, clock: Clock) -> None:
    def standing() -> int:
        page = server.graph.page
        return sum(1 + len(page.comments(post.id)) for post in page.feed())

    early = standing()
    counts = []
    for _ in range(11):
        clock.moment += timedelta(minutes=1)
        counts.append(standing())
    assert early > 35 and counts == sorted(counts)
    assert counts[0] > early and counts[-1] == len(script())


def test_paging_reaches_the_end_and_next_holds_the_token(server: GraphServer) -> None:
    seen, onward = [], {"limit": "3", "fields": "id,message,created_time"}
    while True:
        _, body, _ = ask(server, f"{PAGE_ID}/feed", **onward)
        seen += [entry["id"] for entry in body["data"]]
        if "next" not in body["paging"]:
            break
        assert f"access_token={TOKEN}" in body["paging"]["next"]
        onward["after"] = body["paging"]["cursors"]["after"]
    assert seen == [post.id for post in server.graph.page.feed()]


def test_replies_need_the_stream_filter(server: GraphServer) -> None:
    post = next(p for p in server.graph.page.feed() if "Half-term" in p.message)
    _, top, _ = ask(server, f"{post.id}/comments", fields="id,parent{id}", limit="100")
    _, stream, _ = ask(server, f"{post.id}/comments", fields="id,parent{id}", filter="stream")
    assert len(top["data"]) < len(stream["data"])
    assert not any("parent" in entry for entry in top["data"])


def test_from_is_absent_without_the_permission(server: GraphServer) -> None:
    server.graph.grant("less", frozenset({READ}))
    for token, shown in ((TOKEN, True), ("less", False)):
        _, body, _ = ask(server, f"{PAGE_ID}/feed", token=token, fields="id,from,message")
        assert all(("from" in entry) is shown for entry in body["data"])


def test_one_missing_id_fails_all(server: GraphServer) -> None:
    posts = [post.id for post in server.graph.page.feed()][:2]
    status, body, _ = ask(server, "", ids=",".join(posts), fields="id,message")
    assert status == 200 and set(body) == set(posts)
    status, body, _ = ask(server, "", ids=",".join([*posts, "1_1"]), fields="id")
    assert (status, body["error"]["code"], body["error"]["error_subcode"]) == (400, 100, 33)


def test_deleting_twice_and_deleting_without_permission_look_alike(server: GraphServer) -> None:
    first, second = [post.id for post in server.graph.page.feed()][:2]
    server.graph.grant("reader", frozenset({READ}))
    assert ask(server, first, "DELETE")[:2] == (200, {"success": True})
    twice = ask(server, first, "DELETE")[1]["error"]
    forbidden = ask(server, second, "DELETE", token="reader")[1]["error"]
    alike = ("type", "code", "error_subcode")
    assert [twice[name] for name in alike] == [forbidden[name] for name in alike]
    assert twice["message"].replace(first, "") == forbidden["message"].replace(second, "")


def test_a_field_that_the_node_has_not(server: GraphServer) -> None:
    post = server.graph.page.feed()[0].id
    status, body, _ = ask(server, post, fields="id,can_hide")
    assert status == 400 and "nonexisting field (can_hide)" in body["error"]["message"]


@pytest.mark.parametrize(
    ("path", "token", "code"),
    [("me", "", 104), ("me", "unknown", 190), ("1_1", TOKEN, 100), ("me/likes", TOKEN, 2500)],
)
def test_refusals(server: GraphServer, path: str, token: str, code: int) -> None:
    status, body, _ = ask(server, path, token=token)
    assert status == 400 and body["error"]["code"] == code


def test_an_old_version_is_refused(server: GraphServer) -> None:
    answer = requests.get(f"{server.url}/v2.8/me", params={"access_token": TOKEN}, timeout=10)
    assert answer.status_code == 400
    answer.close()


def test_me_and_debug_token(server: GraphServer) -> None:
    assert ask(server, "me", fields="id,name")[1]["id"] == PAGE_ID
    server.graph.grant("less", frozenset({MANAGE}))
    _, body, _ = ask(server, "debug_token", input_token="less")
    assert body["data"]["is_valid"] and body["data"]["scopes"] == [MANAGE]
    assert not ask(server, "debug_token", input_token="x")[1]["data"]["is_valid"]


def test_usage_headers(server: GraphServer) -> None:
    server.graph.usage = (80, 25)
    _, _, headers = ask(server, "me")
    assert json.loads(headers["X-App-Usage"])["call_count"] == 80
    (account,) = json.loads(headers["X-Business-Use-Case-Usage"])[PAGE_ID]
    assert account["estimated_time_to_regain_access"] == 25


def test_storms_by_control_and_by_address(server: GraphServer) -> None:
    def control(command: str, **fields: str) -> int:
        with requests.post(f"{server.url}/_control/{command}", data=fields, timeout=10) as answer:
            return answer.status_code

    assert control("storm", name="limit", times="2") == 200
    assert [ask(server, "me")[0] for _ in range(3)] == [400, 400, 200]
    assert control("storm", name="expired") == 200
    assert ask(server, "me")[1]["error"]["code"] == 190
    assert control("calm") == 200
    assert ask(server, "me")[0] == 200
    post = server.graph.page.feed()[0].id
    assert control("change", id=post, message="reworded") == 200
    assert ask(server, post)[1]["message"] == "reworded"
    assert control("storm", name="hail") == control("change", id="1") == 404
    with pytest.raises(KeyError):
        server.graph.storm("hail")


def test_without_control_there_is_no_such_address() -> None:
    with GraphServer(dance_school()) as server:
        address = f"{server.url}/_control/storm?name=expired"
        with requests.post(address, timeout=10) as answer:
            assert answer.status_code == 400
        assert ask(server, "me")[0] == 200


def test_what_was_removed_stays_removed_after_a_restart(tmp_path: Path, clock: Clock) -> None:
    kept = tmp_path / "demo" / "page.json"
    graph = dance_school(clock=clock, kept=kept)
    posts = [post.id for post in graph.page.feed()]
    graph.page.change(posts[0], deleted=True)
    graph.page.change(posts[1], hidden=True)
    graph.page.change(posts[2], message="reworded")
    clock.moment += timedelta(days=1)
    again = dance_school(clock=clock, kept=kept).page
    assert again.started == NOON
    assert again.find(posts[0]) is None
    found = [again.find(post) for post in posts[1:3]]
    assert found[0] is not None and found[0].hidden
    assert found[1] is not None and found[1].message == "reworded"


def test_a_port_that_is_taken() -> None:
    with GraphServer(dance_school()) as server:
        port = int(server.url.rpartition(":")[2])
        with pytest.raises(NeedsOperator, match="give another port"):
            GraphServer(dance_school(), port)


def test_the_story_keeps_the_house_rules() -> None:
    lines = script()
    keys = {line.key for line in lines}
    assert 55 <= len(lines) == len(keys)
    everything = "\n".join([*(line.text for line in lines), adult_tap_chat()])
    for line in lines:
        assert not line.under or line.under in keys
        assert not line.reply_to or line.reply_to in keys
    phones = re.findall(r"(?<!\d)0\d{3,4} ?\d{3} ?\d{3}(?!\d)", everything)
    assert len(phones) >= 4
    assert all(DRAMA.fullmatch(phone.replace(" ", "")) for phone in phones)
    addresses = re.findall(r"[\w.]+@[\w.]+\w", everything)
    assert addresses and all(address.endswith("example.org") for address in addresses)
    arriving = sorted(line.at for line in lines if line.at > timedelta(0))
    assert len(arriving) >= 18 and arriving[-1] <= timedelta(minutes=10)
    gaps = [later - sooner for sooner, later in pairwise(arriving)]
    assert max(gaps) <= timedelta(seconds=40)


def test_the_chat_is_an_android_export(tmp_path: Path) -> None:
    path = adult_tap_chat_file(tmp_path)
    assert path.name == "WhatsApp Chat with Brackwater adult tap.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    dated = [line for line in lines if re.match(r"\d\d/\d\d/\d{4}, \d\d:\d\d - ", line)]
    assert len(lines) - len(dated) == 2, "one message of three lines"
    assert any("I'm 15" in line for line in dated)


def test_it_starts_by_itself() -> None:
    command = [sys.executable, "-m", "collector.sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            url = said.rsplit(" ", 1)[1].strip()
            with requests.get(
                f"{url}/v25.0/me", params={"access_token": TOKEN}, timeout=10
            ) as answer:
                assert answer.json()["id"] == PAGE_ID
        finally:
            process.terminate()
