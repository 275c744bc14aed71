"""The worker, end to end: a real stand-in platform over HTTP, on both databases."""

import multiprocessing
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import audit
from chaperone import signs_of_life
from chaperone.worker import Worker, work
from models.errors import NeedsOperator, RetryLater
from models.tables import Action, Post, Source
from models.tables import Worker as WorkerRow
from models.vocabulary import ActionState, Presence, now


def test_from_the_platform_to_the_receipt(school, database_url, at_work, until, desk) -> None:
    school.database_url = database_url
    house = school.house()
    lead = desk(house)
    with at_work(house):
        until(lead.items)
        action = lead.remove(lead.items()[0])
        taken = until(lambda: lead.state(action) is ActionState.CONFIRMED)
    assert taken < 5, "a decision is carried out in a few seconds (two on an idle machine)"
    assert len(lead.items()) == 1, "the kind comment is not flagged"
    assert sum("DELETE" in call for call in school.graph.served) == 1
    with house.store.read() as session:
        gone = session.scalars(select(Post).where(Post.presence == Presence.GONE)).one()
        assert gone.gone_by == "moderator"
        assert audit.verify(session).broken_at is None


def test_what_is_decided_while_no_worker_runs_is_carried_out_later(
    school, at_work, until, desk
) -> None:
    house = school.house()
    lead = desk(house)
    with at_work(house):
        until(lead.items)
    action = lead.remove(lead.items()[0])
    assert lead.state(action) is ActionState.WANTED
    with at_work(house):
        until(lambda: lead.state(action) is ActionState.CONFIRMED)


def test_a_storm_delays_a_removal_and_loses_none(school, at_work, until, desk) -> None:
    house = school.house()
    lead = desk(house)
    with at_work(house):
        until(lead.items)
        school.graph.storm("unavailable", times=1, only="DELETE")
        action = lead.remove(lead.items()[0])
        until(lambda: _row(house, action).problem)
        assert lead.state(action) is ActionState.WANTED
        wait = _row(house, action).next_attempt_at - now()
        assert timedelta(seconds=60) < wait <= timedelta(seconds=90), "the platform's own delay"
        with house.store.write() as session:  # a minute and a half later
            session.get_one(Action, action).next_attempt_at = now()
            session.commit()
        until(lambda: lead.state(action) is ActionState.CONFIRMED)


def test_one_blind_source_does_not_disturb_another(school, at_work, until, desk) -> None:
    school.more = f"""
        [sources.other]
        connector = "facebook"
        audience = "public"
        poll_every = "1 second"
        page_id = "900100200300999"
        base_url = "{school.url}"
        token_env = "NO_SUCH_VARIABLE_IS_SET"
    """
    house = school.house()
    lead = desk(house)
    with at_work(house):
        until(lead.items)
        until(lambda: _problem(house, "other"))
    assert "NO_SUCH_VARIABLE_IS_SET" in _problem(house, "other")
    assert _problem(house, "page") == ""


def test_a_mistake_in_a_connector_blinds_its_own_source(
    school, at_work, until, monkeypatch, capfd
) -> None:
    house = school.house()

    class Wrong:
        name, capabilities = "facebook", frozenset()

        def fetch(self, after):
            raise KeyError("words of a post that nobody may see")

    house._connectors["page"] = Wrong()
    with at_work(house):
        until(lambda: _problem(house, "page"))
    assert "mistake in the program (KeyError at test_worker.py" in _problem(house, "page")
    said = capfd.readouterr().err
    assert "KeyError" in said
    assert "words of a post" not in said + _problem(house, "page")


def test_two_workers_of_one_name_are_refused(school) -> None:
    house = school.house()
    held = signs_of_life.OnlyOne(house.settings.data, "main")
    with pytest.raises(NeedsOperator, match="running already"):
        signs_of_life.OnlyOne(house.settings.data, "main")
    held.release()
    signs_of_life.OnlyOne(house.settings.data, "main").release()


@pytest.mark.usefixtures("plain_main")
def test_the_living_take_over_from_a_silent_worker(
    school, database_url, at_work, until, desk, monkeypatch
) -> None:
    school.database_url = database_url
    house = school.house()
    lead = desk(house)
    with at_work(house, "two"):
        until(lead.items)
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["chaperone.worker", "collector.connectors.facebook"])
    action = lead.remove(lead.items()[0])
    reached = _hang_on_delete(school)
    dying = processes.Process(target=work, args=(house.settings.file, "one"), daemon=True)
    dying.start()
    until(lambda: reached, 30)
    dying.kill()
    dying.join()
    assert lead.state(action) is ActionState.WANTED
    monkeypatch.setattr(signs_of_life, "SILENT_AFTER", timedelta(seconds=1))
    monkeypatch.setattr("chaperone.worker.TAKE_OVER_EVERY", 0.5)
    with at_work(house, "two"):
        until(lambda: lead.state(action) is ActionState.CONFIRMED)
    with house.store.read() as session:
        assert set(session.scalars(select(WorkerRow.name))) == {"one", "two"}


def test_a_full_disk_is_said_and_work_goes_on_afterwards(school, capfd) -> None:
    house = school.house()
    worker = Worker(house)
    full = NeedsOperator("No room.", subject="the database", cure="Free some space.")

    def chore() -> None:
        raise full

    worker._try(chore)
    signs_of_life.beat(house.store, "main", None, starting=True)
    worker._beat()
    with house.store.read() as session:
        row = session.scalars(select(WorkerRow)).one()
        assert (row.problem, row.cure) == ("No room.", "Free some space.")
    worker._try(lambda: None)
    worker._beat()
    with house.store.read() as session:
        assert session.scalars(select(WorkerRow)).one().problem == ""
    assert "Free some space." in capfd.readouterr().err


def test_the_same_complaint_is_said_once_a_minute(school, capfd) -> None:
    worker = Worker(school.house())
    later = RetryLater("Busy.", subject="page", after=timedelta(seconds=1))

    def busy() -> None:
        raise later

    for _ in range(3):
        worker._try(busy)
    assert capfd.readouterr().err.count("Busy.") == 1


def _problem(house, name: str) -> str:
    with house.store.read() as session:
        return session.scalars(select(Source.problem).where(Source.name == name)).one()


def _row(house, action: int) -> Action:
    with house.store.read() as session:
        return session.get_one(Action, action)


def _hang_on_delete(school) -> list[str]:
    """The platform takes a while over the first removal; says when it was reached."""
    reached: list[str] = []

    def slowly(request):
        if request.method == "DELETE" and not reached:
            reached.append(request.path)
            time.sleep(1.5)

    school.graph.interject(slowly)
    return reached
