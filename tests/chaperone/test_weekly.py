"""The weekly digest: by SMTP to a real server on the loopback, missed ones included, each once."""

import multiprocessing
import socket
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import Message as Mail

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from chaperone.worker import work
from models.tables import Digest, Person
from models.tables import Worker as WorkerRow
from models.vocabulary import now


class Postbox:
    """Keeps what arrives, envelope and all."""

    def __init__(self) -> None:
        self.mails: list[tuple[tuple[str, ...], Mail]] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802  aiosmtpd's name
        self.mails.append((tuple(envelope.rcpt_tos), message_from_bytes(envelope.content)))
        return "250 OK"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    box = Postbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


@pytest.mark.slow
@pytest.mark.usefixtures("plain_main")
def test_a_missed_digest_leaves_once_however_many_workers_run(
    school, database_url, postbox, until
) -> None:
    box, port = postbox
    school.database_url = database_url
    school.more = f"""
        [mail]
        host = "127.0.0.1"
        port = {port}
        security = "none"
        sender = "chaperone@example.org"
    """
    house = school.house()
    with house.store.write() as session:
        for name, roles in (
            ("mo", ["monitor"]),
            ("lena", ["lead", "monitor"]),
            ("to", ["trustee"]),
        ):
            session.add(
                Person(
                    username=name,
                    name=f"{name} Example",
                    email=f"{name}@example.org",
                    roles=roles,
                    created_at=now() - timedelta(days=30),
                )
            )
        # The machine was off for ten days. The worker looks back seven: one Monday at 07:30.
        gone = now() - timedelta(days=10)
        session.add(WorkerRow(name="one", started_at=gone, beat_at=gone))
        session.commit()
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["chaperone.worker", "collector.connectors.facebook"])
    for _ in range(2):  # the second time nothing is left to be sent
        workers = [
            processes.Process(target=work, args=(house.settings.file, name), daemon=True)
            for name in ("one", "two")
        ]
        for worker in workers:
            worker.start()
        until(lambda: len(box.mails) >= 4, 40)
        time.sleep(2)
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.join()
        assert [worker.exitcode for worker in workers] == [0, 0]
    assert all(len(recipients) == 1 for recipients, _ in box.mails)
    got = Counter(recipients[0] for recipients, _ in box.mails)
    assert got == {"mo@example.org": 1, "lena@example.org": 2, "to@example.org": 1}
    with house.store.read() as session:
        rows = session.scalars(select(Digest)).all()
        assert {row.state for row in rows} == {"sent"}
        assert len({row.week for row in rows}) == 1
    kinds = {part.get_content_type() for part in box.mails[0][1].walk()}
    assert {"text/plain", "text/html"} <= kinds
