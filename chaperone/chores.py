"""The plain work behind the workflows: each chore calls the rooms below with what they need.

Every chore is idempotent, takes ids, returns a count or ids, and raises only what the rooms
raise (models.errors).
"""

from datetime import datetime, time, timedelta

from sqlalchemy import select

from casework import alerts, digest, removals
from casework.filing import file_posts, redecide
from casework.weeks import due_week
from chaperone.guarded import Guard, guarded
from chaperone.wiring import House
from classifier.service import classify_new
from collector.connector import Connector
from collector.polling import poll
from models.errors import NeedsOperator, RetryLater
from models.tables import Action, Revision, Source
from models.vocabulary import ActionState

AT_ONCE = 500
"""Revisions classified in one step: some seconds of work, which a killed worker does again."""


def week_due(house: House, moment: datetime) -> str:
    """The newest week whose digest should have left by then, like "2026-W47"."""
    when = house.settings.digest
    return due_week(
        moment,
        weekday=when.weekday,
        leaves=time(when.hour, when.minute),
        timezone=house.organisation.timezone,
    )


class Chores:
    """The chores of one house. guard: keeps a connector's mistakes to its own source."""

    def __init__(self, house: House, guard: Guard) -> None:
        self.house = house
        self._guard = guard

    def _connector(self, source_id: int) -> Connector:
        with self.house.store.read() as session:
            source = session.get_one(Source, source_id)
        return guarded(self.house.connector(source.name), source.name, self._guard)

    def fetch(self, source_id: int) -> int:
        """Poll a source once, if it is still due. Returns 1 where there is more, else 0."""
        connector = self._connector(source_id)
        polled = poll(self.house.store, source_id, connector)
        return int(not polled.finished and polled.new + polled.edited + polled.gone > 0)

    def confirm_seen(self, source_id: int) -> int:
        """Removals of this source that the poll has now seen gone. Returns how many."""
        return len(removals.confirm_from_poll(self.house.store, source_id))

    def choose_unread(self) -> tuple[int, ...]:
        """The posts of the oldest unread revisions, one entry per revision."""
        with self.house.store.read() as session:
            found = session.scalars(
                select(Revision.post_id)
                .where(Revision.classified_at.is_(None))
                .order_by(Revision.id)
                .limit(AT_ONCE)
            )
            return tuple(found)

    def classify(self, revisions: int) -> tuple[int, ...]:
        """Read the oldest unread revisions, so many. Returns the posts that were read."""
        house = self.house
        return classify_new(house.store, house.detectors, limit=revisions)

    def file(self, post_ids: tuple[int, ...]) -> int:
        """Put what was found in these posts before people. Returns how many items it touched."""
        house = self.house
        return file_posts(house.store, house.policy, post_ids, house.organisation)

    def file_read_since(self, since: datetime) -> int:
        """File again what was read since then: a worker may have died before it could."""
        with self.house.store.read() as session:
            recent = select(Revision.post_id).where(Revision.classified_at >= since)
            found = tuple(session.scalars(recent))
        return self.file(found)

    def redecide(self) -> int:
        """Weigh what is stored under the policy of today."""
        house = self.house
        return redecide(house.store, house.policy, house.organisation)

    def freeze(self, action_id: int) -> int:
        """Keep what is to be removed. Returns the number of the evidence."""
        return removals.freeze(self.house.store, action_id)

    def act(self, action_id: int) -> int:
        """Ask the platform. Returns 1 where it says that it is done, else 0."""
        state = removals.act(self.house.store, action_id, self._connector_of(action_id))
        return int(state in (ActionState.SENT, ActionState.CONFIRMED))

    def confirm(self, action_id: int) -> int:
        """Look at the platform again. Returns 1 where it is done, else 0."""
        state = removals.confirm(self.house.store, action_id, self._connector_of(action_id))
        return int(state is ActionState.CONFIRMED)

    def tell(self, action_id: int) -> int:
        """Hand over what a person has still to say. Returns how many texts."""
        return removals.tell(self.house.store, action_id)

    def give_up(self, action_id: int) -> int:
        """Show in red that it could not be carried out."""
        error = NeedsOperator(
            "It could not be carried out.",
            subject=f"removal {action_id}",
            cure="Read the worker's messages. Then try again, or do it on the platform by hand.",
        )
        removals.failed(self.house.store, action_id, error)
        return 1

    def _connector_of(self, action_id: int) -> Connector:
        with self.house.store.read() as session:
            return self._connector(session.get_one(Action, action_id).source_id)

    def send_alerts(self) -> int:
        """Remind of what nobody acknowledged, and send what is wanted. Returns how many left."""
        house = self.house
        alerts.remind(house.store)
        sign_in = f"{house.settings.web.public_address}/sign-in"
        return alerts.send_alerts(house.store, house.mailer, house.organisation, sign_in).sent

    def send_digest(self, scheduled_at: datetime) -> int:
        """The summaries of the week that was due then, to all who have not had theirs."""
        house = self.house
        sign_in = f"{house.settings.web.public_address}/sign-in"
        week = week_due(house, scheduled_at)
        sent = digest.send_week(house.store, week, house.mailer, house.organisation, sign_in)
        if sent.waiting and house.mailer is not None:
            raise RetryLater(
                f"{sent.waiting} are still to be sent.",
                subject=f"the digest of {week}",
                after=timedelta(minutes=15),
            )
        return sent.sent
