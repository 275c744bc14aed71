"""The replayer of recorded traffic: its keys, its order, its refusals."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from collector.sandbox.replay import Replay, key, load
from models.errors import MendInput


def pair(uri: str, body: str, *, method: str = "GET", sent: Any = None, **headers: str) -> Any:
    return {
        "request": {"method": method, "uri": uri, "body": sent},
        "response": {
            "status": {"code": 200, "message": "OK"},
            "headers": {name.replace("_", "-"): [value] for name, value in headers.items()},
            "body": {"string": body},
        },
    }


def test_equal_requests_are_answered_in_order_and_the_last_is_repeated() -> None:
    first = pair("https://x.example/a?b=2&a=1", "one")
    with Replay([first, pair("https://x.example/a/?a=1&b=2", "two")]) as replay:
        said = [requests.get(f"{replay.url}/a?a=1&b=2", timeout=5).text for _ in range(3)]
    assert said == ["one", "two", "two"]


def test_what_was_never_recorded_is_599_and_named() -> None:
    with Replay([pair("https://x.example/a", "one")]) as replay:
        answer = requests.post(f"{replay.url}/a", data={"z": "1"}, timeout=5)
        assert answer.status_code == 599 and "POST /a" in answer.text
        assert replay.unmatched == ["POST /a  z=1"]


def test_addresses_become_local_and_lying_headers_are_dropped() -> None:
    one = pair(
        "https://x.example/a",
        '{"next":"https://x.example/b"}',
        Link="<https://x.example/b>; rel=next",
        Content_Encoding="gzip",
        Content_Length="5",
        Transfer_Encoding="chunked",
        Set_Cookie="a=b",
        x_kept="yes",
    )
    with Replay([one]) as replay:
        answer = requests.get(f"{replay.url}/a", timeout=5)
        assert answer.json()["next"] == f"{replay.url}/b"
        assert answer.headers["Link"].startswith(f"<{replay.url}/b>")
        assert answer.headers["x-kept"] == "yes" and "Set-Cookie" not in answer.headers
        assert "Content-Encoding" not in answer.headers


def test_placeholders_and_forms_are_normalised() -> None:
    sent = "api_type=json&json=%7B%22b%22%3A+1%2C+%22a%22%3A+2%7D"
    one = pair("https://x.example/r/%3CSUB%3E/x", "ok <SUB>", method="POST", sent=sent)
    with Replay([one], {"<SUB>": "tap"}) as replay:
        said = requests.post(
            f"{replay.url}/r/tap/x", data={"json": json.dumps({"a": 2, "b": 1})}, timeout=5
        )
    assert said.text == "ok tap"
    assert key("post", "/a/", "", '{"a": 1}') == key("POST", "/a", "", "json=%7B%22a%22%3A1%7D")


def test_a_file_that_is_no_recording_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(MendInput):
        load(tmp_path / "x.json")
