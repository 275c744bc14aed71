"""What was read is put before people, whatever became of the worker that read it."""

import pytest
from sqlalchemy import select

from casework import filing
from chaperone import chores as chores_module
from classifier.service import classify_new
from models.errors import RetryLater
from models.tables import Item, Post, Revision


def test_what_a_dead_worker_had_read_is_filed_by_the_next(school, at_work, until, desk) -> None:
    """Killed between the commit of the reading and the filing, long before the next start."""
    house = school.house()
    lead = desk(house)
    with at_work(house):
        until(lead.items)
    school.page.add("Ring me on 07700 900456 then")
    _fetch(house)
    assert classify_new(house.store, house.detectors)
    assert len(lead.items()) == 1
    with at_work(house):
        until(lambda: len(lead.items()) == 2)


def test_a_post_that_cannot_be_filed_holds_up_no_other(
    school, at_work, until, desk, monkeypatch, capfd
) -> None:
    house = school.house()
    lead = desk(house)
    usual = filing.file_posts
    sick = [True]

    def fails(store, policy, post_ids, organisation) -> int:
        with store.read() as session:
            texts = session.scalars(
                select(Revision.text).where(Revision.post_id.in_(tuple(post_ids)))
            ).all()
        if sick and any("Lovely" in text for text in texts):
            raise ValueError("Lovely words that must not be printed")
        return usual(store, policy, post_ids, organisation)

    monkeypatch.setattr(chores_module, "file_posts", fails)
    with at_work(house):
        until(lead.items)
        with house.store.read() as session:
            assert len(filing.unfiled(session, 10)) == 1
        sick.clear()
        until(lambda: not _unfiled(house))
    said = capfd.readouterr().err
    assert "ValueError" in said
    assert "Lovely" not in said


def test_nothing_is_left_to_file_when_all_is_well(school, at_work, until, desk) -> None:
    house = school.house()
    lead = desk(house)
    with at_work(house):
        until(lead.items)
        until(lambda: not _unfiled(house))
    with house.store.read() as session:
        assert session.scalar(select(Revision.id).where(Revision.filed_at.is_(None))) is None
        assert session.query(Post).count() > session.query(Item).count()


def test_a_locked_database_does_not_make_it_try_each_post(school, monkeypatch) -> None:
    house = school.house()
    tried: list[tuple[int, ...]] = []

    def locked(_store, _policy, post_ids, _organisation) -> int:
        tried.append(tuple(post_ids))
        raise RetryLater(
            "Locked.", subject="the database", after=chores_module.timedelta(seconds=1)
        )

    monkeypatch.setattr(chores_module, "file_posts", locked)
    _fetch(house)
    classify_new(house.store, house.detectors)
    with pytest.raises(RetryLater):
        chores_module.Chores(house, lambda _about, call, *given: call(*given)).file()
    assert len(tried) == 1
    assert len(tried[0]) == 3


def _unfiled(house) -> tuple[int, ...]:
    with house.store.read() as session:
        return filing.unfiled(session, 10)


def _fetch(house) -> None:
    from collector.polling import poll

    [source_id] = house.source_names()
    poll(house.store, source_id, house.connector("page"))
