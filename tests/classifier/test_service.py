"""Every text is read; what a detector cannot read goes to a person; findings are stored once."""

import threading
import time
from collections.abc import Sequence
from typing import ClassVar

import pytest
from sqlalchemy import select

from classifier import service
from classifier.detector import Example, Text
from classifier.detectors.phone import PhoneDetector
from classifier.normalise import normalise
from classifier.service import classify, classify_new
from models.tables import FindingRow, Post, Revision, Source
from models.unit_of_work import Store
from models.vocabulary import Audience, AuthorRole, Category, Finding, PostKind, now


class Fragile:
    """Fails on a text that says so, in the way that it says."""

    name: ClassVar[str] = "fragile"
    version: ClassVar[str] = "1"
    categories: ClassVar[frozenset[Category]] = frozenset({Category.BULLYING})
    EXAMPLES: ClassVar[tuple[Example, ...]] = ()

    def detect(self, posts: Sequence[Text]) -> Sequence[Sequence[Finding]]:
        found: list[list[Finding]] = []
        for post in posts:
            words = post.normal.words
            if "raise" in words:
                raise RuntimeError("it broke")
            if "sleep" in words:
                time.sleep(0.6)
            if "short" in words:
                return []
            end = 10_000 if "outside" in words else 3
            score = 2.0 if "too sure" in words else 0.9
            category = Category.HATE if "other" in words else Category.BULLYING
            found.append([Finding(category, score, 0, end, "Seen.", self.name, self.version)])
        return found


def texts(*written: str) -> list[Text]:
    return [Text(str(n), normalise(text)) for n, text in enumerate(written)]


def test_findings_of_all_detectors_stand_together() -> None:
    readings = classify(texts("ring 07700 900123", "hello"), [PhoneDetector(), Fragile()])
    assert [f.category for f in readings[0].findings] == [Category.BULLYING, Category.PII_PHONE]
    assert [f.category for f in readings[1].findings] == [Category.BULLYING]
    assert readings[0].unchecked == ()


@pytest.mark.parametrize("fault", ["raise", "short", "outside", "too sure", "other"])
def test_one_bad_text_does_not_spoil_the_others(fault: str) -> None:
    readings = classify(texts("good one", f"please {fault}", "good two"), [Fragile()])
    assert [reading.unchecked for reading in readings] == [(), ("fragile",), ()]
    assert [len(reading.findings) for reading in readings] == [1, 0, 1]


def test_a_failure_of_one_detector_leaves_the_findings_of_the_others() -> None:
    reading = classify(texts("raise 07700 900123"), [Fragile(), PhoneDetector()])[0]
    assert reading.unchecked == ("fragile",)
    assert [f.category for f in reading.findings] == [Category.PII_PHONE]


def test_a_detector_that_takes_too_long_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "SECONDS_FOR_A_BATCH", 0.1)
    monkeypatch.setattr(service, "SECONDS_FOR_A_TEXT", 0.2)
    started = time.monotonic()
    readings = classify(texts("fine", *["sleep"] * 6), [Fragile()])
    assert time.monotonic() - started < 3
    assert [reading.unchecked for reading in readings] == [(), *[("fragile",)] * 6]


def test_those_after_a_slow_detector_still_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The slow one is left behind, and when it wakes it does not go on to the others."""
    monkeypatch.setattr(service, "SECONDS_FOR_A_BATCH", 0.1)
    monkeypatch.setattr(service, "SECONDS_FOR_A_TEXT", 0.2)
    phone = PhoneDetector()
    asked: list[int] = []
    monkeypatch.setattr(phone, "find", lambda post, find=phone.find: asked.append(1) or find(post))
    (reading,) = classify(texts("sleep 07700 900123"), [Fragile(), phone])
    assert reading.unchecked == ("fragile",)
    assert [f.category for f in reading.findings] == [Category.PII_PHONE]
    time.sleep(0.8)
    assert asked == [1]


def test_a_rule_reads_a_tuple_of_texts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    phone = PhoneDetector()
    asked: list[str] = []
    find = phone.find
    monkeypatch.setattr(phone, "find", lambda post: asked.append(post.id) or find(post))
    some = tuple(texts("ring 07700 900123", "hello"))
    assert phone.detect(some) is phone.detect(some)
    assert asked == ["0", "1"]
    written = list(some)  # a list may have changed in the meantime
    assert [len(found) for found in phone.detect(written)] == [1, 0]
    written[1] = texts("ring 07700 900456")[0]
    assert [len(found) for found in phone.detect(written)] == [1, 1]


def add_post(store: Store, native_id: str, *revisions: str) -> int:
    with store.write() as session:
        source = session.scalar(select(Source))
        if source is None:
            source = Source(
                name="page", connector="paste", label="Page", audience=Audience.PUBLIC, notes=[]
            )
            session.add(source)
            session.flush()
        post = Post(
            source_id=source.id,
            native_id=native_id,
            kind=PostKind.POST,
            author_role=AuthorRole.MEMBER,
            posted_at=now(),
            first_seen_at=now(),
            last_seen_at=now(),
        )
        session.add(post)
        session.flush()
        for number, text in enumerate(revisions, 1):
            revision = Revision(
                post_id=post.id, number=number, text=text, text_hash="0" * 64, seen_at=now()
            )
            session.add(revision)
            session.flush()
            post.revision_id = revision.id
        session.commit()
        return post.id


def stored(store: Store) -> list[tuple[Category, int, int]]:
    with store.read() as session:
        rows = session.scalars(select(FindingRow).order_by(FindingRow.id)).all()
        return [(row.category, row.start, row.end) for row in rows]


def test_unread_revisions_are_read_once(store: Store) -> None:
    first = add_post(store, "a", "ring 07700 900123")
    second = add_post(store, "b", "hello", "hello again")
    assert classify_new(store, [PhoneDetector()]) == (first, second)
    assert stored(store) == [(Category.PII_PHONE, 5, 17)]
    assert classify_new(store, [PhoneDetector()]) == ()
    with store.read() as session:
        assert all(at is not None for at in session.scalars(select(Revision.classified_at)))


def test_no_more_than_the_limit_at_a_time_oldest_first(store: Store) -> None:
    posts = [add_post(store, str(n), "hello") for n in range(5)]
    assert classify_new(store, [PhoneDetector()], limit=2) == tuple(posts[:2])
    assert classify_new(store, [PhoneDetector()], limit=2) == tuple(posts[2:4])
    assert classify_new(store, [PhoneDetector()], limit=2) == tuple(posts[4:])


def test_what_could_not_be_checked_is_named_in_the_store(store: Store) -> None:
    add_post(store, "a", "please raise")
    classify_new(store, [Fragile(), PhoneDetector()])
    with store.read() as session:
        assert session.scalars(select(Revision.unchecked)).all() == ["fragile"]


def test_two_that_run_at_once_store_once(store: Store) -> None:
    add_post(store, "a", "ring 07700 900123")
    meet = threading.Barrier(2, timeout=10)

    class Meets(PhoneDetector):
        def detect(self, posts: Sequence[Text]) -> Sequence[Sequence[Finding]]:
            meet.wait()
            return super().detect(posts)

    read: list[tuple[int, ...]] = []
    both = [
        threading.Thread(target=lambda: read.append(classify_new(store, [Meets()])))
        for _ in range(2)
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(len(posts) for posts in read) == [0, 1]
    assert len(stored(store)) == 1
