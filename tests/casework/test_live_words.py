"""The words that `make live` writes on real servers are filed, so that it shows the connectors."""

import importlib
from pathlib import Path

import pytest

from casework.filing import file_posts
from classifier.policy import load_policy
from classifier.registry import detectors
from classifier.service import classify_new
from collector.connector import IncomingPost
from collector.polling import register_source, store_posts
from models.tables import Item
from models.unit_of_work import Store
from models.vocabulary import Audience, Organisation, PostKind, now


@pytest.mark.parametrize(("name", "filed"), [("UNKIND", 1), ("KIND", 0)])
def test_the_words_are_filed_or_not(
    sqlite_store: Store, root: Path, monkeypatch: pytest.MonkeyPatch, name: str, filed: int
) -> None:
    monkeypatch.syspath_prepend(str(root))  # it lies beside the program, and is no part of it
    words = getattr(importlib.import_module("live.journey"), name)
    house = Organisation(name="Brackwater School of Dance")
    with sqlite_store.write() as session:
        source = register_source(
            session, name="live", connector="matrix", label="live", audience=Audience.PUBLIC
        )
        post = IncomingPost("1", PostKind.MESSAGE, words, now())
        store_posts(session, source, [post], [], now)
        session.commit()
    read = classify_new(sqlite_store, detectors(house))
    file_posts(sqlite_store, load_policy(None), read, house)
    with sqlite_store.read() as session:
        assert session.query(Item).count() == filed
