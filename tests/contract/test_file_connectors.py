"""What every connector keeps, for those that read files or people instead of a platform."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from collector.connector import Connector, PlatformAction
from collector.connectors.registry import connector_names, get
from collector.polling import poll, register_source
from models.errors import ChaperoneError, Refused
from models.tables import Post, Source
from models.unit_of_work import Store
from models.vocabulary import Audience, Capability, Presence, Verb

OTHERWISE = {
    "paste": "people type what it holds: see below, and test_paste.py",
    "zoom": "it audits settings and reads no thread: test_zoom.py keeps the same promises",
}

PRIVATE = "quillfeathers and marzipan"


def _chat(count: int) -> str:
    return "".join(f"31/12/2022, 11:{n % 60:02} - Amy: {n} {PRIVATE}\n" for n in range(count))


def _csv(count: int) -> str:
    return "id,text\n" + "".join(f"{n},{n} {PRIVATE}\n" for n in range(count))


def _jsonl(count: int) -> str:
    return "".join(f'{{"id":{n},"text":"{n} {PRIVATE}"}}\n' for n in range(count))


def _mbox(count: int) -> str:
    return "".join(
        f"From x\nFrom: amy@example.org\nMessage-ID: <{n}@x>\n\n{n} {PRIVATE}\n\n"
        for n in range(count)
    )


def _posts(count: int) -> str:
    rows = [
        f'{{"timestamp":{1600000000 + n},"data":[{{"post":"{n} {PRIVATE}"}}]}}'
        for n in range(count)
    ]
    return f"[{','.join(rows)}]"


def _plus(count: int) -> str:
    time = '"creationTime":"2013-10-07 21:28:17+0000"'
    rows = [f'{{"resourceName":"{n}",{time},"content":"{n} {PRIVATE}"}}' for n in range(count)]
    return f"[{','.join(rows)}]"


def _zoom(count: int) -> str:
    return "".join(
        f"2026-01-15 15:{n % 60:02}:12 From Amy to Everyone:\n\t{n} {PRIVATE}\n"
        for n in range(count)
    )


def _notices(count: int) -> str:
    place = "https://www.facebook.com/n/?groups%2F77%2Fpermalink%2F{}%2F"
    return "".join(
        f"From x\nFrom: <n@facebookmail.com>\nMessage-ID: <{n}@x>\n"
        f"Subject: Amy posted in Tap\n\n{n} {PRIVATE}\n\nView post\n{place.format(n + 1)}\n\n"
        for n in range(count)
    )


KINDS: dict[str, tuple[str, Callable[[int], str]]] = {
    "whatsapp": (".txt", _chat),
    "csv": (".csv", _csv),
    "jsonl": (".jsonl", _jsonl),
    "mail_files": (".mbox", _mbox),
    "facebook_archive": (".json", _posts),
    "instagram_archive": (".json", _posts),
    "google_plus_archive": (".json", _plus),
    "zoom_chat": (".txt", _zoom),
    "facebook_groups": (".mbox", _notices),
}
HOSTILE = {
    "binary": b"\xff\xfe\x00\x01" * 50,
    "no zip": b"PK\x03\x04" + b"\x00" * 50,
    "words": f"{PRIVATE}\n".encode() * 30,
    "empty": b"",
}


@pytest.fixture(params=KINDS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def connector(name: str, tmp_path: Path) -> Connector:
    (tmp_path / "watched").mkdir()
    return get(name).connect({"path": str(tmp_path / "watched")}, lambda _: "")


@pytest.fixture
def source(sqlite_store: Store, name: str) -> int:
    with sqlite_store.write() as session:
        made = register_source(
            session, name="s", connector=name, label="s", audience=Audience.ADULT_ONLY
        )
        session.commit()
        return made.id


def _count(store: Store) -> int:
    with store.read() as session:
        return session.query(Post).count()


def test_it_is_a_connector(connector: Connector, name: str) -> None:
    assert isinstance(connector, Connector) and connector.name == name
    assert Capability.POSTS in connector.capabilities == get(name).capabilities
    for verb in Verb:
        assert connector.by_hand(verb)
        with pytest.raises(Refused):
            connector.act(PlatformAction("k", verb, "x"))


@pytest.mark.parametrize("batches", [1, 2, 3])
def test_a_crash_at_any_batch_loses_nothing_and_stores_once(
    connector: Connector, name: str, source: int, sqlite_store: Store, tmp_path: Path, batches: int
) -> None:
    suffix, write = KINDS[name]
    (tmp_path / "watched" / f"a{suffix}").write_text(write(1300))

    class Crashing:
        def fetch(self, after: str | None):
            for number, batch in enumerate(connector.fetch(after)):
                if number == batches:
                    raise KeyboardInterrupt
                yield batch

    with pytest.raises(KeyboardInterrupt):
        poll(sqlite_store, source, Crashing())
    poll(sqlite_store, source, connector)
    assert _count(sqlite_store) == 1300
    again = poll(sqlite_store, source, connector)
    assert (again.new, again.edited, again.gone) == (0, 0, 0) and again.notes


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_a_clear_error_and_nothing_is_lost(
    connector: Connector, name: str, source: int, sqlite_store: Store, tmp_path: Path, what: str
) -> None:
    suffix, write = KINDS[name]
    folder = tmp_path / "watched"
    (folder / f"a{suffix}").write_text(write(5))
    poll(sqlite_store, source, connector)
    (folder / f"b{suffix}").write_bytes(HOSTILE[what])
    (folder / f"c{suffix}").write_text(write(7))
    if (what == "words" and name == "jsonl") or (what == "empty" and name == "jsonl"):
        poll(sqlite_store, source, connector)  # rows that are no JSON are named in the notes
    else:
        with pytest.raises(ChaperoneError) as caught:
            poll(sqlite_store, source, connector)
        assert caught.value.cure and caught.value.subject == f"b{suffix}"
        assert PRIVATE not in str(caught.value)
    assert _count(sqlite_store) == 7
    with sqlite_store.read() as session:
        assert PRIVATE not in " ".join(session.query(Source).one().notes)


def test_every_connector_is_in_the_suite(with_harness: frozenset[str]) -> None:
    """A new one without a harness, a file's kind or a reason is found here."""
    covered = {*with_harness, *KINDS, *OTHERWISE}
    assert set(connector_names()) - covered == set()
    assert covered - set(connector_names()) == {"noticeboard"}, "the toy of adding.md"


def test_every_connector_has_its_page(root: Path) -> None:
    """How to set it up, with its name as settings want it."""
    pages = "".join(page.read_text() for page in (root / "docs" / "connectors").glob("*.md"))
    said = set(re.findall(r'"\w+"|`\w+`', pages))
    missing = {name for name in connector_names() if not {f'"{name}"', f"`{name}`"} & said}
    assert missing == set()


@pytest.mark.parametrize("name", ["paste", "zoom"])
def test_what_has_no_thread_is_a_connector_too(name: str, tmp_path: Path) -> None:
    options = {"account_id": "a", "client_id": "c"} if name == "zoom" else {}
    connector = get(name).connect(options, lambda _: "s")
    assert isinstance(connector, Connector) and connector.name == name
    assert connector.capabilities == get(name).capabilities
    for verb in Verb:
        assert all(step.endswith(".") for step in connector.by_hand(verb))
        with pytest.raises(Refused) as told:
            connector.act(PlatformAction("k", verb, "x"))
        assert told.value.cure
    seen = connector.look_up(["x", "../y"])
    assert {one.presence for one in seen.values()} == {Presence.UNKNOWN}


def test_what_is_pasted_is_not_polled(sqlite_store: Store) -> None:
    with sqlite_store.write() as session:
        made = register_source(
            session, name="s", connector="paste", label="s", audience=Audience.MIXED
        )
        session.commit()
    polled = poll(sqlite_store, made.id, get("paste").connect({}, lambda _: ""))
    assert (polled.new, polled.gone, _count(sqlite_store)) == (0, 0, 0)
    assert not get("paste").polled
